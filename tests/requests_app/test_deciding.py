"""Who decides, on what conditions, and what can nobody do? Approvals, denials, appeals, extensions, recorded words."""

import datetime as dt
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.models import Event, Notification
from requests_app import disputes, moves, services, workflow
from requests_app.guards import Asked
from requests_app.models import Case, Decision, Opinion
from requests_app.services import Refused, make_move
from tests.factories import case_at, limits_of, write_review
from tests.people import appointed, delegated, person, standing_in

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def again(case):
    return Case.objects.get(pk=case.pk)


def refused(case, code, by, **facts):
    with pytest.raises(Refused) as caught:
        make_move(case, code, by=by, **facts)
    return caught.value


@pytest.mark.parametrize(
    "gap",
    [
        {"axis": None},
        {"valid_from": None},
        {"valid_to": None},
        {"rotations": None},
        {"rotations": 0},
        {"rotations": 21},
        {"conditions": [], "condition_text": "  "},
        {"conditions": ["anything_goes"]},
        {"force": None},
    ],
)
def test_an_approval_without_area_period_rotations_or_conditions_is_impossible(people, gap):
    case = case_at("deciding", people)
    assert refused(case, "approve", people.hc, **limits_of(case, **gap)).kind == "need"
    assert again(case).status == "deciding"
    assert not case.decisions.exists()


def test_an_approval_ends_within_thirty_days_and_after_it_begins(people):
    case = case_at("deciding", people)
    limits = limits_of(case)
    for valid_to in (limits["valid_from"] + DAY * 31, limits["valid_from"], timezone.now() - HOUR):
        assert refused(case, "approve", people.hc, **(limits | {"valid_to": valid_to})).kind == "need"


def test_the_database_itself_refuses_an_approval_without_conditions(people):
    case = case_at("deciding", people)
    limits = limits_of(case, conditions=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            case=case, country=case.country, outcome="approved", decided_by=people.hc, capacity="hc", **limits
        )


def test_a_decision_says_whether_the_draft_was_signed_or_changed(people):
    for change, as_drafted in (({}, True), ({"rotations": 2}, False)):
        case = case_at("deciding", people)
        make_move(case, "approve", by=people.hc, **limits_of(case, **change))
        assert again(case).decision.as_drafted is as_drafted


@pytest.mark.parametrize("facts", [{"reason_code": "", "reason": "No."}, {"reason_code": "area", "reason": " "}])
def test_a_denial_needs_a_reason_code_and_a_sentence(people, facts):
    case = case_at("deciding", people)
    assert refused(case, "deny", people.hc, **facts).kind == "need"


def test_nobody_reviews_for_their_own_organisation(people, ngo):
    people.ocha_bria.organisation = ngo
    people.ocha_bria.save()
    case = case_at("submitted", people)
    refusal = refused(case, "review", people.ocha_bria)
    assert refusal.sentence == "You cannot decide a request of your own organisation."


def test_the_coordinator_in_person_may_decide_for_their_own_organisation_and_it_is_recorded(people, ngo):
    case = case_at("deciding", people)
    people.hc.organisation = ngo
    people.hc.save()
    make_move(case, "approve", by=people.hc, **limits_of(case))
    assert again(case).decision.own_organisation is True
    assert Event.objects.get(kind="case.approve").data["own_organisation"] is True


def test_a_delegate_cannot_decide_for_their_own_organisation(people):
    case = case_at("deciding", people)
    delegated(people.colleague_bria, people.hc.appointments.get())
    assert refused(case, "approve", people.colleague_bria, **limits_of(case)).kind == "need"


def test_a_stand_in_of_the_coordinator_signs_nothing(people):
    case = case_at("deciding", people)
    standing_in(people.hoo, people.hc.appointments.get())
    assert refused(case, "approve", people.hoo, **limits_of(case)).kind == "right"


def test_a_delegate_signs_for_the_coordinator(people):
    case = case_at("deciding", people)
    deputy = person("dhc.car", "hct_member", organisation="RC/HC", name="Deputy Humanitarian Coordinator")
    row = delegated(deputy, people.hc.appointments.get())
    move = make_move(case, "approve", by=deputy, **limits_of(case))
    assert (move.by, move.acting_for, move.capacity) == (deputy, people.hc, "hc")
    assert (again(case).decision.acting_for, again(case).decision.delegation) == (people.hc, row)
    event = Event.objects.get(kind="case.approve")
    assert (event.acting_for, event.data["delegation"]) == (people.hc, row.pk)


def test_who_reviewed_a_request_cannot_decide_it_as_a_delegate(people):
    case = case_at("deciding", people)
    delegated(people.ocha_bgi, people.hc.appointments.get())
    both = type(people.ocha_bgi).objects.get(pk=people.ocha_bgi.pk)
    assert "You reviewed this request" in refused(case, "approve", both, **limits_of(case)).sentence


def test_only_the_coordinator_in_person_finds_an_escort_exceptional(people):
    case = case_at("deciding", people)
    write_review(case, by=people.ocha_bria, authorities_met="no", criteria_text="Nobody of the State is there.")
    deputy = person("dhc.car", "hct_member", organisation="RC/HC", name="Deputy Humanitarian Coordinator")
    delegated(deputy, people.hc.appointments.get())
    sentence = "only the Humanitarian Coordinator in person can find it exceptional. (IASC-AE §V)"
    assert sentence in refused(case, "approve", deputy, **limits_of(case)).sentence
    said = {"source": "telephone", "received_at": timezone.now(), "witness": "Duty officer"}
    recorded = {"on_behalf": said | {"person": deputy}}
    assert sentence in refused(case, "approve", people.ocha_bria, **limits_of(case), **recorded).sentence
    make_move(case, "deny", by=deputy, reason_code="area", reason="Too wide.")
    case = case_at("deciding", people)
    write_review(case, by=people.ocha_bria, authorities_met="no", criteria_text="Nobody of the State is there.")
    make_move(case, "approve", by=people.hc, **limits_of(case))
    case = again(case)
    until = case.ends_at + DAY
    make_move(case, "request_extension", by=people.requester_bria, until=until, rotations=1, reason="Rain.")
    assert sentence in refused(case, "extend", deputy).sentence
    make_move(case, "extend", by=people.hc)


def test_the_end_of_an_appointment_is_the_end_of_the_right(people):
    case = case_at("deciding", people)
    held = people.hc.appointments.get()
    held.ends = timezone.localdate() - DAY
    held.save()
    assert refused(case, "approve", type(people.hc).objects.get(pk=people.hc.pk), **limits_of(case)).kind == "right"


def test_an_appointment_that_nobody_confirmed_gives_no_right(people):
    case = case_at("deciding", people)
    newcomer = person("new.hc", "hct_member", organisation="RC/HC", name="Newcomer")
    appointed(newcomer, "hc", confirmed=False)
    assert workflow.refusal(case, "approve", newcomer).kind == "right"


def test_one_appeal_with_new_facts_and_no_second(people):
    case = case_at("denied", people)
    assert refused(case, "appeal", people.requester_bria).kind == "need"
    make_move(case, "appeal", by=people.requester_bria, reason="The flight was cancelled.")
    assert again(case).status == "reviewing"
    make_move(case, "validate", by=people.ocha_bria)
    later = timezone.now() + DAY * 3
    make_move(case, "forward", by=people.ocha_bgi, now=later)
    make_move(case, "deny", by=people.hc, reason_code="area", reason="Still too wide.", now=later)
    assert case.decisions.count() == 2
    assert "appeal" in refused(case, "appeal", people.requester_bria, reason="Again.").sentence


def test_nothing_is_transmitted_without_the_signed_security_decision(people):
    assert "UNDSS" in workflow.why_not(case_without_opinion(people), "transmit", people.ocha_bria)
    ngo_case = case_at("approved", people)
    assert "own security decision" in workflow.why_not(ngo_case, "transmit", people.ocha_bria)
    make_move(ngo_case, "decide_security", by=people.requester_bria, value="unfavourable", text="Too dangerous.")
    assert "unfavourable" in workflow.why_not(ngo_case, "transmit", people.ocha_bria)
    make_move(ngo_case, "decide_security", by=people.requester_bria, value="favourable")
    assert workflow.why_not(ngo_case, "transmit", people.ocha_bria) == ""


def case_without_opinion(people):
    """Approved although UNDSS stayed silent: its silence passed on, its signature is still missing."""
    case = case_at("reviewing", people, un_on_board=True)
    make_move(case, "validate", by=people.ocha_bria)
    assert not Opinion.objects.filter(case=case, body="undss").exists()
    make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", **limits_of(case))
    later = timezone.now() + DAY * 4
    make_move(case, "forward", by=people.ocha_bgi, now=later)
    make_move(case, "approve", by=people.hc, now=later, **limits_of(case))
    return again(case)


def test_a_civilian_end_needs_its_evidence_and_counts_the_cluster(people):
    case = case_at("reviewing", people)
    assert refused(case, "civilian", people.ocha_bria).kind == "need"
    make_move(case, "advise_cluster", by=people.log_cluster, value="civilian", text="Two trucks on Thursday.")
    make_move(case, "civilian", by=people.ocha_bria, reason="The cluster carries it.")
    assert Event.objects.get(kind="case.civilian").data["basis"] == "cluster"


def test_an_alternative_found_available_is_written_among_the_alternatives(people):
    case = case_at("reviewing", people)
    before = case.alternatives.count()
    make_move(case, "civilian", by=people.ocha_bria, reason="A transporter takes it.")
    assert case.alternatives.count() == before + 1
    assert case.alternatives.filter(outcome="available").exists()


# ── extensions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def ask_more(case, people, **facts):
    facts = {"until": again(case).ends_at + DAY, "rotations": 1, "reason": "The bridge is closed for a day."} | facts
    return make_move(case, "request_extension", by=people.requester_bria, **facts)


def test_an_extension_is_a_new_decision_and_the_status_stays(people):
    case = case_at("scheduled", people)
    old = again(case).ends_at
    ask_more(case, people)
    assert again(case).ends_at == old
    make_move(case, "extend", by=people.hc)
    now = again(case)
    assert (now.status, now.ends_at) == ("scheduled", old + DAY)
    assert case.decisions.filter(kind="extension", outcome="approved").count() == 1
    assert case.extracts.last().kind == "extension"


def test_an_undecided_extension_leaves_the_old_end(people):
    case = case_at("scheduled", people)
    ask_more(case, people)
    services.expire_due(again(case).ends_at + HOUR)
    assert again(case).status == "expired"


def test_a_refused_extension_leaves_the_old_end_and_its_reason(people):
    case = case_at("scheduled", people)
    old = again(case).ends_at
    ask_more(case, people)
    make_move(case, "refuse_extension", by=people.hc, reason="The risk has grown.")
    assert again(case).ends_at == old
    assert again(case).decision.kind == "request"


def test_an_extension_is_asked_once_before_the_end_and_within_thirty_days(people):
    case = case_at("scheduled", people)
    decision = again(case).decision
    with pytest.raises(Refused):
        ask_more(case, people, until=decision.valid_from + DAY * 31)
    with pytest.raises(Refused):
        ask_more(case, people, until=decision.valid_to)
    ask_more(case, people)
    assert "already" in workflow.why_not(again(case), "request_extension", people.requester_bria)
    late = workflow.refusal(again(case), "request_extension", people.requester_bria, now=decision.valid_to + HOUR)
    assert late.kind == "state"


# ── words taken down by OCHA ─────────────────────────────────────────────────────────────────────────────────────────


def by_telephone(person=None, **facts):
    return {
        "person": person,
        "person_function": "" if person else "Operations room of the force",
        "source": "telephone",
        "received_at": timezone.now() - dt.timedelta(minutes=5),
        "witness": "Radio operator",
    } | facts


def test_a_decision_by_telephone_is_the_coordinators_and_waits_for_confirmation(people):
    case = case_at("deciding", people)
    make_move(case, "approve", by=people.ocha_bgi, on_behalf=by_telephone(people.hc), **limits_of(case))
    decision = again(case).decision
    assert (decision.decided_by, decision.on_behalf.recorded_by) == (people.hc, people.ocha_bgi)
    assert Notification.objects.filter(recipient=people.hc, expects="confirm").exists()
    make_move(case, "confirm_record", by=people.hc)
    services.remind_due(timezone.now() + DAY * 4)
    assert not Event.objects.filter(kind="case.escalate", data__clock="confirmation").exists()


def test_a_decision_by_telephone_that_is_not_confirmed_escalates_after_seventy_two_hours(people):
    case = case_at("deciding", people)
    make_move(case, "approve", by=people.ocha_bgi, on_behalf=by_telephone(people.hc), **limits_of(case))
    services.remind_due(timezone.now() + HOUR * 71)
    assert not Event.objects.filter(kind="case.escalate", data__clock="confirmation").exists()
    for _twice in range(2):
        services.remind_due(timezone.now() + HOUR * 73)
    assert Event.objects.filter(kind="case.escalate", data__clock="confirmation").count() == 1


def test_only_ocha_takes_words_down_and_only_of_somebody_with_the_right(people):
    case = case_at("deciding", people)
    limits = limits_of(case)
    assert refused(case, "approve", people.requester_bria, on_behalf=by_telephone(people.hc), **limits).kind == "right"
    assert refused(case, "approve", people.ocha_bgi, on_behalf=by_telephone(people.undss), **limits).kind == "need"
    assert refused(case, "approve", people.ocha_bgi, on_behalf=by_telephone(None), **limits).kind == "need"
    future = by_telephone(people.hc, received_at=timezone.now() + HOUR)
    assert refused(case, "approve", people.ocha_bgi, on_behalf=future, **limits).kind == "need"
    assert refused(case, "validate", people.ocha_bgi, on_behalf=by_telephone(people.ocha_bria)).kind in (
        "right",
        "state",
    )


def test_a_force_without_account_answers_by_telephone(people):
    case = case_at("transmitted", people)
    make_move(case, "accept", by=people.ocha_bria, on_behalf=by_telephone())
    reply = case.replies.get()
    assert (reply.by, reply.on_behalf.person_function) == (None, "Operations room of the force")
    assert again(case).status == "accepted"


def test_who_disputes_what_was_recorded_calls_the_recorder(people):
    case = case_at("deciding", people)
    make_move(case, "approve", by=people.ocha_bgi, on_behalf=by_telephone(people.hc), **limits_of(case))
    assert refused(case, "dispute_record", people.hc).kind == "need"
    make_move(case, "dispute_record", by=people.hc, reason="I asked for two conditions more.")
    assert case.records_on_behalf.get().disputed_at
    assert Notification.objects.filter(event__kind="case.dispute_record", recipient=people.ocha_bgi).exists()
    assert workflow.refusal(again(case), "confirm_record", people.hc).kind == "right"


def test_a_disputed_approval_carries_nothing_further(people):
    case = case_at("deciding", people)
    make_move(case, "approve", by=people.ocha_bgi, on_behalf=by_telephone(people.hc), **limits_of(case))
    make_move(case, "decide_security", by=people.requester_bria, value="favourable")
    assert workflow.why_not(again(case), "transmit", people.ocha_bria) == ""
    make_move(case, "dispute_record", by=people.hc, reason="I said no.")
    assert "disputes it" in workflow.why_not(again(case), "transmit", people.ocha_bria)
    for code in ("retransmit", "schedule", "send_sheet", "start"):
        decided = [line for line in moves.lines(code) if line.only != moves.LEFT_TO_THE_FORCE]
        assert decided and all(disputes.approval_stands in line.needs for line in decided), code
    as_force = next(grant for grant in scope.grants(people.force_u3) if grant.perm == Perm.ANSWER_AS_FORCE)
    asked = Asked(case=again(case), user=people.force_u3, grant=as_force, now=timezone.now())
    assert disputes.approval_stands(asked) == "The escort is suspended until OCHA tells you otherwise."


def test_a_disputed_reply_is_not_scheduled(people):
    case = case_at("transmitted", people)
    make_move(case, "accept", by=people.ocha_bria, on_behalf=by_telephone(people.force_u3))
    assert workflow.why_not(again(case), "schedule", people.ocha_bria) == ""
    make_move(again(case), "dispute_record", by=people.force_u3, reason="We never said yes.")
    assert "The force disputes the reply" in workflow.why_not(again(case), "schedule", people.ocha_bria)


def test_a_disputed_security_decision_is_none(people):
    case = case_at("approved", people)
    make_move(
        case, "decide_security", by=people.ocha_bria, value="favourable", on_behalf=by_telephone(people.requester_bria)
    )
    assert workflow.why_not(again(case), "transmit", people.ocha_bria) == ""
    make_move(again(case), "dispute_record", by=people.requester_bria, reason="We did not decide yet.")
    assert "not recorded its own" in workflow.why_not(again(case), "transmit", people.ocha_bria)
    make_move(again(case), "decide_security", by=people.requester_bria, value="favourable")
    assert workflow.why_not(again(case), "transmit", people.ocha_bria) == ""


# ── pauses and ends ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", ["approved", "transmitted", "accepted", "scheduled", "underway"])
def test_a_suspended_case_resumes_where_it_was(people, status):
    case = case_at(status, people)
    make_move(case, "suspend", by=people.hc, reason="Fighting on the axis.")
    assert again(case).status == "suspended"
    make_move(case, "resume", by=people.ocha_bria)
    assert again(case).status == status


def test_an_approval_goes_on_ending_while_the_case_is_suspended(people):
    case = case_at("suspended", people)
    later = again(case).ends_at + HOUR
    assert workflow.refusal(again(case), "resume", people.hc, now=later).kind == "state"


def test_a_force_that_has_the_request_stands_down_when_it_is_cancelled_or_withdrawn(people):
    for code, by in (("cancel", people.ocha_bria), ("withdraw", people.requester_bria)):
        case = case_at("scheduled", people)
        make_move(case, code, by=by, reason="The need has gone.")
        last = case.extracts.last()
        assert (last.kind, set(last.content)) == ("stand_down", {"acknowledge_by"})


def test_a_force_that_never_had_the_request_hears_nothing_of_its_end(people):
    case = case_at("approved", people)
    make_move(case, "cancel", by=people.ocha_bria, reason="The need has gone.")
    assert not case.extracts.exists()
    assert not Notification.objects.filter(event__subject_id=case.pk, recipient=people.force_u3).exists()


@pytest.mark.parametrize("table", ["move", "decision", "opinion", "extract", "forcereply"])
def test_what_led_to_a_decision_cannot_be_changed_or_deleted(people, table):
    case_at("limited", people, un_on_board=True)
    for sql in (f"UPDATE requests_app_{table} SET case_id = case_id", f"DELETE FROM requests_app_{table}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_status_is_not_written_past_the_moves(people):
    case = case_at("submitted", people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status="approved")


def test_under_no_delegation_does_anybody_decide_for_their_own_organisation_or_outside_its_scope(people):
    """Over every type, urgency, day and organisation: only the Humanitarian Coordinator in person is the exception."""
    case = case_at("deciding", people)
    held, ours = people.hc.appointments.get(), case.organisation
    for types, urgent_only, days, own in product((["AE"], ["MCDA-LOG"]), (False, True), (-1, 2), (False, True)):
        sid = transaction.savepoint()
        people.hoo.organisation = ours if own else people.ocha_bgi.organisation
        people.hoo.save()
        starts = case.country.today + DAY * days
        delegated(people.hoo, held, types=types, urgent_only=urgent_only, starts=starts, ends=starts + DAY)
        delegate = type(people.hoo).objects.get(pk=people.hoo.pk)
        may = types == ["AE"] and not urgent_only and days < 0 and not own
        assert (workflow.why_not(again(case), "approve", delegate) == "") is may, (types, urgent_only, days, own)
        transaction.savepoint_rollback(sid)
    people.hc.organisation = ours
    people.hc.save()
    assert workflow.why_not(again(case), "approve", type(people.hc).objects.get(pk=people.hc.pk)) == ""
