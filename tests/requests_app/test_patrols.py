"""A patrol in place of an escort: nobody decides it, OCHA passes it on, the force plans and logs, the others say."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from cmcoord.activity.models import Event, Notification
from cmcoord.activity.sentences import sentence
from contacts.models import ForceStatus
from contacts.services import propose_status
from requests_app import figures, guidelines, patrols, workflow
from requests_app.force_page import known_of
from requests_app.models import Case, Extract, ForceFile, Move, PatrolLog, Status
from requests_app.services import Refused, ask_for_patrol, end_patrols_due, expire_due, make_move
from tests.factories import DAY, HOUR, complete_draft, draft_case, fresh

pytestmark = pytest.mark.django_db

TASK = {"task": "Please patrol the axis in these days.", "confirmed": ["task"]}
NAME = "AID-A"


def _asked(people, **overrides) -> Case:
    """A complete patrol, reviewed."""
    now = timezone.now()
    case = complete_draft(people.requester_bria, request_type="AREA", now=now, **overrides)
    make_move(case, "submit", by=people.requester_bria, now=now)
    make_move(case, "review", by=people.ocha_bria, now=now)
    return fresh(case)


def _passed_on(people, **overrides) -> Case:
    case = _asked(people, **overrides)
    make_move(case, "transmit", by=people.ocha_bria, **TASK)
    return fresh(case)


def _days(case: Case, *numbers: int) -> list[dt.date]:
    first = case.departure_at.astimezone(case.country.zone).date()
    return [first + DAY * number for number in numbers]


def _planned(people, **overrides) -> Case:
    case = _passed_on(people, **overrides)
    make_move(case, "accept", by=people.force_u3, days=_days(case, 0, 2))
    return fresh(case)


def _logged(people, **overrides) -> Case:
    case = _planned(people, **overrides)
    at = case.departure_at + HOUR
    make_move(case, "log_patrol", by=people.force_u3, now=at, day=_days(case, 0)[0], km=96, direction="out")
    return fresh(case)


def _over(people) -> Case:
    """Done, and its period is over."""
    case = _logged(people)
    make_move(case, "end_patrols", by=None, now=case.ends_at + HOUR)
    return fresh(case)


def _paper(case: Case) -> dict:
    return case.extracts.get(kind=Extract.Kind.REQUEST).content


# ── who decides: nobody ──────────────────────────────────────────────────────────────────────────────────────────────


NOBODY_DECIDES = (
    "validate", "draft_decision", "forward", "open_consultation", "approve", "establish_consensus", "deny",
    "approve_orally", "deny_orally", "schedule", "start", "log", "extend", "request_extension", "redecide", "counter",
    "agree", "sheet", "change",
)  # fmt: skip


@pytest.mark.parametrize("code", NOBODY_DECIDES)
def test_what_belongs_to_a_decision_or_a_convoy_does_not_exist_for_a_patrol(code, people):
    case = _asked(people)
    for status in Status.values:
        case.status = status
        for user in (people.hc, people.ocha_bgi, people.ocha_bria, people.requester_bria, people.force_u3):
            refused = workflow.refusal(case, code, user)
            assert refused and refused.kind == "undeclared"


def test_what_belongs_to_a_patrol_does_not_exist_for_an_escort(people):
    case = complete_draft(people.requester_bria)
    for code in ("log_patrol", "correct_patrol", "end_patrols", "give_feedback"):
        for status in Status.values:
            case.status = status
            assert workflow.refusal(case, code, people.force_u3).kind == "undeclared"
    case.status = "reviewing"
    assert workflow.refusal(case, "transmit", people.ocha_bria).kind == "state"  # not before it is approved


def test_nobody_else_is_asked_and_the_coordinator_not_at_all(people):
    case = _asked(people)
    assert not case.consultations.exists()
    assert workflow.refusal(case, "transmit", people.hc).kind == "right"
    assert workflow.refusal(case, "transmit", people.requester_bria).kind == "right"
    assert workflow.refusal(case, "transmit", people.force_u3).kind == "right"


# ── the whole way ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_way_without_a_decision(people):
    case = _logged(people)
    assert case.status == "underway"
    assert case.decision is None
    plan = case.replies.get()
    assert plan.planned == _days(case, 0, 2)
    assert str(plan) == "Planned"
    later = case.departure_at + DAY * 2 + HOUR
    day = _days(case, 2)[0]
    make_move(case, "log_patrol", by=people.force_u3, now=later, day=day, km=96, direction="back")
    assert [(log.km, log.direction) for log in case.patrols.all()] == [(96, "out"), (96, "back")]
    over = case.window_to + DAY * 2 + HOUR
    assert end_patrols_due(over) == 1
    assert fresh(case).status == "reporting"
    make_move(case, "give_feedback", by=people.requester_bria, now=over, helped="yes", incidents="None.")
    case = fresh(case)
    assert case.status == "closed"
    assert case.patrol_feedback.get().helped == "yes"


def test_a_part_is_planned_with_the_reason_and_none_with_its_code(people):
    case = _passed_on(people)
    with pytest.raises(Refused, match="Say which limits"):
        make_move(case, "limit", by=people.force_u3, days=_days(case, 1))
    make_move(case, "limit", by=people.force_u3, days=_days(case, 1), text="As far as Ippy.")
    assert str(fresh(case).replies.get()) == "Planned in part"
    other = _passed_on(people)
    with pytest.raises(Refused, match="Choose the reason"):
        make_move(other, "decline", by=people.force_u3)
    make_move(other, "decline", by=people.force_u3, decline_reason="capability")
    assert fresh(other).status == "declined"


@pytest.mark.parametrize("numbers", [(), (-1,), (0, 4)])
def test_a_plan_outside_the_period_asked_for_is_refused(numbers, people):
    case = _passed_on(people)
    with pytest.raises(Refused):
        make_move(case, "accept", by=people.force_u3, days=_days(case, *numbers))
    assert fresh(case).status == "transmitted"


@pytest.mark.parametrize(
    ("number", "hours", "km", "direction"),
    [
        (0, 1, 0, "out"),
        (0, 1, 2001, "out"),
        (0, 1, 96, "sideways"),
        (2, 1, 96, "out"),  # a day to come
        (-1, 1, 96, "out"),  # before the period
        (0, -1, 96, "out"),  # before it has begun
        (0, 24 * 6, 96, "out"),  # long after it
    ],
)
def test_what_cannot_have_been_done_is_not_logged(number, hours, km, direction, people):
    case = _planned(people)
    now = case.departure_at + HOUR * hours
    with pytest.raises(Refused):
        make_move(
            case, "log_patrol", by=people.force_u3, now=now, day=_days(case, number)[0], km=km, direction=direction
        )
    assert not PatrolLog.objects.exists()


def test_a_patrol_is_logged_once_by_the_force_that_has_it(people):
    case = _logged(people)
    again = {"day": _days(case, 0)[0], "km": 50, "direction": "out"}
    at = case.departure_at + HOUR * 2
    with pytest.raises(Refused, match="logged already"):
        make_move(case, "log_patrol", by=people.force_u3, now=at, **again)
    for stranger in (people.force_ml, people.requester_bria, people.ocha_bria):
        with pytest.raises(Refused) as refused:
            make_move(case, "log_patrol", by=stranger, now=at, **again | {"direction": "back"})
        assert refused.value.kind == "right"


def test_no_feedback_while_patrols_go_on_and_none_without_a_word_when_they_did_not_help(people):
    case = _logged(people)
    assert workflow.refusal(case, "give_feedback", people.requester_bria).kind == "state"
    case = _over(people)
    with pytest.raises(Refused, match="Say why"):
        make_move(case, "give_feedback", by=people.requester_bria, helped="no")
    with pytest.raises(Refused) as refused:
        make_move(case, "give_feedback", by=people.force_u3, helped="yes")
    assert refused.value.kind == "right"


def test_planned_and_never_done_it_expires_shortly_after_its_period(people):
    case = _planned(people)
    assert expire_due(case.window_to + DAY) == 0  # logs still come in
    assert expire_due(case.window_to + DAY * 2 + HOUR) == 1
    assert fresh(case).status == "expired"


def test_ocha_writes_down_what_the_force_told_by_telephone(people):
    case = _passed_on(people)
    now = timezone.now()
    said = {
        "person": None,
        "person_function": "Duty officer",
        "source": "radio",
        "received_at": now,
        "witness": "Driver",
    }
    make_move(case, "accept", by=people.ocha_bria, on_behalf=said, now=now, days=_days(case, 0))
    at = case.departure_at + HOUR
    said |= {"received_at": at}
    facts = {"day": _days(case, 0)[0], "km": 40, "direction": "both"}
    make_move(case, "log_patrol", by=people.ocha_bria, on_behalf=said, now=at, **facts)
    log = fresh(case).patrols.get()
    assert (log.by, log.on_behalf.person_function) == (None, "Duty officer")


# ── what the force reads ─────────────────────────────────────────────────────────────────────────────────────────────


def test_line_1_11_without_consent_the_force_never_reads_who_asks(people):
    content = _paper(_passed_on(people))
    assert set(content) == {
        "acknowledge_by", "reply_by", "request_type", "urgency", "departure_at", "window_to", "movements_count",
        "mixed", "axis", "task", "contact",
    }  # fmt: skip
    assert content["movements_count"] == 4
    assert NAME not in str(content)


def test_with_consent_it_reads_the_name_and_still_not_why(people):
    content = _paper(_passed_on(people, consent_force=True, patrol_reason="other", need="A fair in Ippy."))
    assert content["requesting_organisation"] == NAME
    assert "fair" not in str(content)


@pytest.mark.parametrize(("mixed", "told"), [(False, "un_only"), (True, "accepted")])
def test_line_1_12_without_the_consent_to_mixed_patrols_it_reads_un_only(mixed, told, people):
    assert _paper(_passed_on(people, mixed_patrol=mixed))["mixed"] == told


def test_a_name_taken_back_goes_with_the_papers_that_hold_it(people):
    case = _passed_on(people, consent_force=True)
    make_move(case, "withdraw_force", by=people.requester_bria)
    case = fresh(case)
    assert (case.status, case.ends_at) == ("reviewing", None)
    assert ForceFile.objects.get(case=case).closed
    make_move(case, "transmit", by=people.ocha_bria, **TASK)
    old, new = ForceFile.objects.filter(case=case).order_by("id")
    assert old.closed
    assert not new.closed
    assert NAME not in str(Extract.objects.filter(force_reference=new.force_reference).get().content)


def test_the_force_knows_how_it_stands_from_its_papers_alone(people):
    case = _logged(people)
    file = ForceFile.objects.select_related("country").get(case=case)
    known = known_of(file, people.force_u3)
    during, after = case.departure_at + HOUR * 2, case.window_to + DAY * 3
    assert (known.stage(during), known.offers(during)) == ("underway", ["patrol", "correct"])
    assert (known.stage(after), known.offers(after)) == ("ended", [])
    assert [log.km for log in known.own_patrols] == [96]


# ── the force that is named ──────────────────────────────────────────────────────────────────────────────────────────


def test_ocha_chooses_the_force_where_the_request_names_none(people):
    case = _asked(people, force=None)
    with pytest.raises(Refused, match="Choose the force"):
        make_move(case, "transmit", by=people.ocha_bria, **TASK)
    minusca = _asked(people).force
    make_move(case, "transmit", by=people.ocha_bria, force=minusca, **TASK)
    assert fresh(case).force == minusca


def _stop(people, force) -> None:
    """OCHA proposes that it takes part in fighting; that acts at once."""
    propose_status(
        force, by=people.ocha_bgi, status=ForceStatus.Status.PARTY, basis="Fighting.",
        clause="ML-POS ¶7", valid_from=timezone.localdate(),
    )  # fmt: skip


def test_a_force_that_cannot_be_named_gets_no_patrol_and_no_exception_is_made(people):
    case = _asked(people, urgency="immediate")
    type(case.profile).objects.filter(pk=case.profile_id).update(life_saving_exception=True)
    _stop(people, case.force)
    case = fresh(case)
    assert "provider_status" in {finding.rule for finding in guidelines.hard_stops(case)}
    with pytest.raises(Refused, match="cannot be named"):
        make_move(case, "transmit", by=people.ocha_bria, **TASK)
    assert not case.extracts.exists()


@pytest.mark.parametrize("reach", [_planned, _logged])
def test_a_status_that_worsens_suspends_the_patrols_and_tells_no_reason(reach, people):
    case = reach(people)
    _stop(people, case.force)
    case = fresh(case)
    assert case.status == "suspended"
    assert set(case.extracts.get(kind=Extract.Kind.SUSPENSION).content) == {"acknowledge_by"}
    assert workflow.refusal(case, "resume", people.ocha_bria).kind == "need"


# ── one tap from an escort ───────────────────────────────────────────────────────────────────────────────────────────


def test_one_tap_from_an_escort_raises_it_once_with_its_axis_and_days(people):
    escort = complete_draft(people.requester_bria)
    patrol = ask_for_patrol(escort, by=people.requester_bria)
    assert (patrol.request_type, patrol.instead_of, patrol.status) == ("AREA", escort, "draft")
    assert (patrol.axis, patrol.departure_at, patrol.window_to) == (escort.axis, escort.departure_at, escort.window_to)
    assert not (patrol.cargo or patrol.why_safer or patrol.consent_force)
    assert {question.field for question in guidelines.missing_answers(patrol)} == {"patrol_reason", "mixed_patrol"}
    assert ask_for_patrol(escort, by=people.requester_bria) == patrol


def test_only_who_files_raises_it_and_only_where_there_is_an_axis(people):
    escort = complete_draft(people.requester_bria)
    for stranger in (people.requester_un, people.force_u3, people.hc):
        with pytest.raises(Refused) as refused:
            ask_for_patrol(escort, by=stranger)
        assert refused.value.kind == "right"
    with pytest.raises(Refused, match="Name the axis"):
        ask_for_patrol(draft_case(people.requester_bria), by=people.requester_bria)
    assert not Case.objects.filter(request_type="AREA").exists()


# ── the tile of the coordinator ──────────────────────────────────────────────────────────────────────────────────────


def test_a_patrol_that_was_done_counts_once_as_solved_by_patrol(people):
    escort = complete_draft(people.requester_bria)
    make_move(escort, "submit", by=people.requester_bria)
    case = _logged(people)
    day = _days(case, 0)[0]

    def counted() -> int:
        return sum(figures._patrolled(case.country, day - DAY * 30, day + DAY).values())

    assert counted() == 1
    Case.objects.filter(pk=case.pk).update(instead_of=escort)
    assert counted() == 1
    make_move(escort, "withdraw", by=people.requester_bria, reason_code=Move.ReasonCode.PATROL)
    assert counted() == 1  # the escort that it spared, and not the patrol again


def test_the_coordinator_is_told_of_no_patrol(people):
    case = _over(people)
    make_move(case, "give_feedback", by=people.requester_bria, helped="yes")
    told = Notification.objects.filter(event__subject_kind="case", event__subject_id=case.pk)
    assert not told.filter(recipient=people.hc).exists()
    assert told.filter(recipient=people.ocha_bria, event__kind="case.give_feedback").exists()


def test_the_force_reads_of_a_patrol_and_of_no_escort(people):
    case = _passed_on(people)
    make_move(case, "cancel", by=people.ocha_bria, reason="Not needed.")
    for language in ("en", "fr"):
        with translation.override(language):
            for event in Event.objects.about(case).filter(kind__in=("case.transmit", "case.cancel")):
                assert "escort" not in sentence(event, "force").lower()


# ── a wrong log ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _correct(case, people, *, by=None, log=None, at=None, **what):
    wrong = log or case.patrols.order_by("id").first()
    at = at or case.departure_at + HOUR * 3
    return make_move(case, "correct_patrol", by=by or people.force_u3, now=at, log=wrong.pk, **what)


def test_a_wrong_log_stays_and_its_correction_counts(people):
    case = _logged(people)
    _correct(case, people, km=69, reason="Two digits changed places.")
    wrong, right = case.patrols.order_by("id")
    assert (right.corrects, right.day, right.km, right.direction) == (wrong, wrong.day, 69, wrong.direction)
    assert patrols.done(fresh(case).patrols.all()) == [right]
    with pytest.raises(Refused, match="corrected meanwhile"):
        _correct(case, people, log=wrong, km=70, reason="Again.")
    with pytest.raises(Refused, match="Say why"):
        _correct(case, people, log=right, km=70)
    with pytest.raises(Refused, match="what holds instead"):
        _correct(case, people, log=right, reason="Nothing.")
    for stranger in (people.force_ml, people.requester_bria, people.ocha_bria):
        with pytest.raises(Refused) as refused:
            _correct(case, people, by=stranger, log=right, km=70, reason="Not mine.")
        assert refused.value.kind == "right"


def test_a_correction_says_nothing_twice_and_nothing_outside_the_period(people):
    case = _logged(people)
    at = case.departure_at + HOUR * 2
    day = _days(case, 0)[0]
    make_move(case, "log_patrol", by=people.force_u3, now=at, day=day, km=96, direction="back")
    with pytest.raises(Refused, match="logged already"):
        _correct(case, people, direction="back", reason="The other way.")
    with pytest.raises(Refused, match="outside the period"):
        _correct(case, people, day=_days(case, -1)[0], reason="The day before.")
    with pytest.raises(Refused, match="in the future"):
        _correct(case, people, day=_days(case, 2)[0], reason="A day to come.")


def test_a_patrol_that_was_none_counts_nowhere_and_may_be_logged_again(people):
    case = _logged(people)
    day = _days(case, 0)[0]
    assert sum(figures._patrolled(case.country, day - DAY, day + DAY).values()) == 1
    _correct(case, people, direction="nothing", reason="Another axis.")
    case = fresh(case)
    assert patrols.done(case.patrols.all()) == []
    assert sum(figures._patrolled(case.country, day - DAY, day + DAY).values()) == 0
    with pytest.raises(Refused, match="Choose the direction"):
        _log(case, people, direction="nothing")
    _log(case, people, direction="out")
    assert len(patrols.done(fresh(case).patrols.all())) == 1


def _log(case, people, **more):
    facts = {"day": _days(case, 0)[0], "km": 40} | more
    return make_move(case, "log_patrol", by=people.force_u3, now=case.departure_at + HOUR * 3, **facts)


def test_a_log_that_ocha_wrote_down_and_the_force_disputes_does_not_count(people):
    case = _planned(people)
    at = case.departure_at + HOUR
    said = {"person": people.force_u3, "source": "radio", "received_at": at, "witness": "Driver"}
    facts = {"day": _days(case, 0)[0], "km": 40, "direction": "out"}
    make_move(case, "log_patrol", by=people.ocha_bria, on_behalf=said, now=at, **facts)
    make_move(case, "dispute_record", by=people.force_u3, reason="We were elsewhere.")
    case, day = fresh(case), _days(case, 0)[0]
    assert patrols.done(case.patrols.all()) == []
    assert sum(figures._patrolled(case.country, day - DAY, day + DAY).values()) == 0
    assert workflow.refusal(case, "correct_patrol", people.force_u3, now=at).kind == "need"
    known = known_of(ForceFile.objects.select_related("country").get(case=case), people.force_u3)
    assert known.offers(at) == ["patrol"]
    make_move(case, "log_patrol", by=people.force_u3, now=at, **facts)  # their own word
    assert [log.by for log in patrols.done(fresh(case).patrols.all())] == [people.force_u3]
