"""What reaches a force: numbered papers with only the facts of the table, to the right force, and every end told."""

import datetime as dt

import pytest
from django.db.models import Max
from django.utils import timezone

from cmcoord.activity.models import Event, Notification, Reminder
from contacts.models import Force
from requests_app import papers, services, transmission
from requests_app.force_page import known_of
from requests_app.models import Acknowledgement, Case, Extract, ForceFile
from requests_app.services import Refused, make_move
from requests_app.services.force_files import write_files
from tests.factories import PERCEIVED, RELEASED, case_at, fresh, limits_of, sheet_as_read
from tests.people import made_up_organisation, person

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
HIDDEN = ("need", "why_safer", "neutrality", "mitigation")


@pytest.fixture
def other_force(reference):
    """A second force in the country, with somebody who answers for it."""
    organisation = made_up_organisation("EU-X", "Made-up European force", "bilateral_force")
    return Force.objects.create(
        organisation=organisation,
        country_id="CAF",
        name_en="Made-up force",
        name_fr="Force inventée",
        acronym="EU-X",
        category="bilateral",
    )


@pytest.fixture
def force_eu(other_force):
    return person("force.eu", "force_ops", organisation=other_force.organisation, name="J3 operations")


def kinds_sent(case, organisation=None):
    rows = case.extracts.order_by("id")
    if organisation:
        rows = rows.filter(organisation=organisation)
    return list(rows.values_list("kind", flat=True))


def gone_elsewhere(case, people, other_force):
    """The same request, decided anew for another force and transmitted to it."""
    make_move(case, "redecide", by=people.ocha_bgi, reason="Another provider.")
    make_move(case, "approve", by=people.hc, **limits_of(fresh(case), force=other_force))
    make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    return fresh(case)


# ── what a paper holds ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_holds_the_facts_of_the_table_and_nothing_else(people):
    case = case_at("transmitted", people, **PERCEIVED)
    paper = case.extracts.get()
    assert set(paper.content) == {
        "acknowledge_by", "reply_by", "task", "departure_at", "window_to", "origin", "origin_position", "destination",
        "destination_position", "axis", "rotations", "vehicles", "cargo", "no_weapons", "conditions", "condition_text",
        "valid_from", "valid_to", "decided_as",
        "critical_by", "urgency", "request_type", "requesting_organisation", "exit_plan", "contact",
        "support_level", "provider_kind", "escort_mode",
    }  # fmt: skip
    for name in HIDDEN:
        assert getattr(case, name) not in paper.content.values()
    assert paper.content["task"] == "Escort six civilian trucks from Bambari to Bria."


def test_a_paper_is_frozen_with_its_hash(people):
    case = case_at("transmitted", people)
    paper = case.extracts.get()
    Case.objects.filter(pk=case.pk).update(cargo="Something else.")
    paper.refresh_from_db()
    assert paper.content["cargo"] == "Food rations, 60 tonnes."
    assert paper.sha256 == transmission.digest(paper.content)


def test_a_fact_outside_the_table_cannot_be_sent(people):
    case = case_at("transmitted", people)
    with pytest.raises(ValueError, match="not for a force"):
        transmission.freeze(
            case, "request", {"need": "x"}, to=case.force.organisation, reference="F-1", by=None, at=timezone.now()
        )


def test_every_kind_of_paper_has_its_line_and_every_key_its_label():
    assert set(transmission.PAPERS) == set(Extract.Kind.values)
    assert {name for names in transmission.PAPERS.values() for name in names} == set(transmission.KEYS)
    assert all(str(key.label) for key in transmission.KEYS.values())


def test_papers_are_numbered_one_by_one(people):
    case = case_at("scheduled", people)
    make_move(case, "change", by=people.requester_bria, vehicles=8)
    make_move(case, "suspend", by=people.hc, reason="Fighting.")
    make_move(case, "resume", by=people.hc)
    make_move(case, "cancel", by=people.ocha_bgi, reason="No need.")
    rows = list(case.extracts.order_by("id").values_list("number", "kind"))
    assert rows == [
        (1, "request"), (2, "schedule"), (3, "supplement"), (4, "suspension"), (5, "resumption"), (6, "stand_down")
    ]  # fmt: skip


@pytest.mark.parametrize(("move", "kind"), [("suspend", "suspension"), ("cancel", "stand_down")])
def test_a_pause_and_an_end_carry_no_reason(people, move, kind):
    case = case_at("scheduled", people)
    make_move(case, move, by=people.ocha_bgi, reason="A reason that stays here.")
    paper = case.extracts.last()
    assert (paper.kind, set(paper.content)) == (kind, {"acknowledge_by"})


def test_an_extension_is_a_paper_of_its_own(people):
    case = case_at("scheduled", people)
    until = case.ends_at + 3 * DAY
    make_move(case, "request_extension", by=people.requester_bria, until=until, rotations=2, reason="Rain.")
    make_move(case, "extend", by=people.hc)
    paper = case.extracts.last()
    assert paper.kind == "extension"
    assert (papers.moment(paper.content["valid_to"]), paper.content["rotations"]) == (until, 2)


def test_nothing_is_sent_while_nothing_was_transmitted(people):
    case = case_at("approved", people)
    make_move(case, "change", by=people.requester_bria, vehicles=8)
    make_move(case, "suspend", by=people.hc, reason="Fighting.")
    make_move(case, "cancel", by=people.ocha_bgi, reason="No need.")
    assert not Extract.objects.exists()
    assert not Notification.objects.filter(recipient__in=[people.force_u3, people.force_sector]).exists()


# ── by when ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_names_the_times_of_the_clocks_that_run_for_the_force(people):
    case = case_at("transmitted", people)
    clocks = {clock.step: clock.due for clock in services.current_clocks(case)}
    content = case.extracts.get().content
    assert papers.moment(content["acknowledge_by"]) == clocks["acknowledgement"]
    assert papers.moment(content["reply_by"]) == clocks["reply"]


def test_an_urgent_paper_is_to_be_acknowledged_within_half_an_hour(people):
    case = case_at("scheduled", people, urgency="urgent")
    paper = case.extracts.last()
    assert papers.moment(paper.content["acknowledge_by"]) == paper.sent_at + HOUR / 2


def test_a_paper_that_nobody_acknowledges_is_reminded_once_and_then_goes_up(people):
    case = case_at("scheduled", people, urgency="urgent")
    paper = case.extracts.last()
    services.remind_due(paper.sent_at + dt.timedelta(minutes=20))
    services.remind_due(paper.sent_at + dt.timedelta(minutes=21))
    reminded = Event.objects.filter(kind="case.remind", data__extract=paper.number)
    assert reminded.count() == 1
    assert readers(reminded[0]) == {"force.u3", "force.sector"}
    services.remind_due(paper.sent_at + HOUR)
    services.remind_due(paper.sent_at + 2 * HOUR)
    raised = Event.objects.get(kind="case.escalate", data__extract=paper.number)
    assert readers(raised) == {"force.u3", "force.sector", "ocha.bria", "ocha.bgi"}
    assert raised.data["force_reference"] == case.force_reference


def test_an_acknowledged_paper_is_not_reminded(people):
    case = case_at("scheduled", people, urgency="urgent")
    make_move(case, "receive", by=people.force_sector)
    assert not Reminder.objects.filter(key__startswith="receive.", sent_at=None, void_at=None).exists()
    services.remind_due(timezone.now() + DAY)
    assert not Event.objects.filter(kind="case.remind", data__has_key="extract").exists()


@pytest.mark.parametrize("status", ["completed", "aborted", "closed"])
def test_nobody_is_reminded_of_a_paper_once_the_movement_is_over(people, status):
    """The force's own page says that nothing more is expected of it."""
    case = case_at(status, people)
    paper = case.extracts.last()
    assert Reminder.objects.filter(key__startswith=f"receive.{paper.pk}.", sent_at=None, void_at=None).exists()
    services.remind_due(timezone.now() + 30 * DAY)
    assert not Event.objects.filter(kind__in=("case.remind", "case.escalate"), data__has_key="extract").exists()
    assert not Reminder.objects.filter(key__startswith="receive.", void_at=None).exists()


def readers(event):
    return set(event.notifications.filter(channel="portal").values_list("recipient__username", flat=True))


# ── receipt ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_papers_are_acknowledged_one_by_one_or_all_at_once(people):
    case = case_at("scheduled", people)
    make_move(case, "change", by=people.requester_bria, vehicles=8)
    make_move(case, "change", by=people.requester_bria, vehicles=9)
    make_move(case, "receive", by=people.force_u3, numbers=[3])
    assert set(Acknowledgement.objects.values_list("extract__number", flat=True)) == {1, 3}
    make_move(case, "receive", by=people.force_sector)
    assert set(Acknowledgement.objects.values_list("extract__number", flat=True)) == {1, 2, 3, 4}
    assert {ack.by.username for ack in Acknowledgement.objects.filter(extract__number__gt=1)} == {
        "force.u3", "force.sector"
    }  # fmt: skip
    with pytest.raises(Refused, match="Everything"):
        make_move(case, "receive", by=people.force_u3)


def test_a_paper_that_was_not_read_is_not_acknowledged_with_the_others(people):
    case = case_at("transmitted", people)
    make_move(case, "change", by=people.requester_bria, vehicles=8)
    with pytest.raises(Refused) as refused:
        make_move(case, "accept", by=people.force_u3, seen=1)
    assert (refused.value.kind, "no. 2" in refused.value.sentence) == ("state", True)
    assert not Acknowledgement.objects.exists()
    make_move(case, "accept", by=people.force_u3, seen=2)
    assert Acknowledgement.objects.count() == 2


def test_the_receipt_of_the_request_is_a_step_of_the_case(people):
    case = case_at("transmitted", people)
    with pytest.raises(Refused):
        make_move(case, "receive", by=people.force_u3)
    make_move(case, "acknowledge", by=people.force_u3)
    assert fresh(case).status == "acknowledged"


def test_a_reply_acknowledges_what_it_answers(people):
    case = case_at("transmitted", people)
    make_move(case, "accept", by=people.force_u3)
    assert case.extracts.get().acknowledgement.by == people.force_u3


def test_what_was_received_while_suspended_stays_received(people):
    case = case_at("transmitted", people)
    make_move(case, "suspend", by=people.hc, reason="Fighting.")
    make_move(case, "receive", by=people.force_u3)
    make_move(case, "resume", by=people.hc)
    case = fresh(case)
    assert case.status == "transmitted"
    assert known_of(case.force_files.get()).stage(timezone.now()) == "acknowledged"
    late = timezone.now() + 5 * DAY
    services.remind_due(late)
    told = Event.objects.filter(kind="case.escalate", data__clock="acknowledgement", data__extract=None)
    assert not told.exists()
    make_move(case, "accept", by=people.force_u3)


# ── within the approval ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("code", ["counter", "limit"])
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, ""),
        ({"departure_at": 1}, ""),
        ({"window_to": 30}, "period"),
        ({"departure_at": -3}, "period"),
        ({"other_axis": True}, "area"),
        ({"other_force": True}, "provider"),
    ],
)
def test_a_reply_outside_the_approval_goes_back_for_decision(people, other_force, code, change, word):
    case = case_at("transmitted", people)
    facts = {
        name: case.departure_at + days * DAY for name, days in change.items() if name in ("departure_at", "window_to")
    }
    if "other_axis" in change:
        facts["other_axis"] = type(case.axis).objects.filter(country="CAF").exclude(pk=case.axis_id).first()
    if "other_force" in change:
        facts["other_force"] = other_force
    make_move(case, code, by=people.force_u3, text="Like this.", **facts)
    schedule = {
        "departure_at": case.departure_at, "rendezvous": "Gate", "rendezvous_at": case.departure_at - HOUR,
        "leader": "Leader", "contact": "+236 00 00 00 00", **sheet_as_read(case),
    }  # fmt: skip
    if word:
        with pytest.raises(Refused, match=word):
            make_move(case, "schedule", by=people.ocha_bria, **schedule)
        make_move(case, "redecide", by=people.ocha_bgi, reason="Outside the approval.")
        assert fresh(case).status == "deciding"
    else:
        if code == "counter":
            make_move(case, "agree", by=people.requester_bria, reply=case.replies.get().pk)
        make_move(case, "schedule", by=people.ocha_bria, **schedule)
        assert fresh(case).status == "scheduled"


def test_limits_in_words_may_go_back_by_the_judgement_of_ocha(people):
    case = case_at("limited", people)
    make_move(case, "redecide", by=people.ocha_bria, reason="The limits change the purpose.")
    assert fresh(case).status == "deciding"


def test_a_counter_proposal_that_is_not_taken_up_is_told_by_a_paper_without_reason(people):
    case = case_at("countered", people)
    make_move(case, "refuse_counter", by=people.requester_bria, reason="Too late for us.")
    paper = case.extracts.last()
    assert (paper.kind, set(paper.content), fresh(case).status) == ("not_taken_up", {"acknowledge_by"}, "declined")
    assert case.force_files.get().stage == "not_taken_up"


# ── two forces over time ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "told"),
    [("limited", ["request", "stand_down"]), ("countered", ["request", "stand_down"]), ("declined", ["request"])],
)
def test_the_first_force_stands_down_when_another_gets_the_request(people, other_force, force_eu, status, told):
    case = case_at(status, people)
    first = case.force_reference
    case = gone_elsewhere(case, people, other_force)
    minusca = people.force_u3.organisation
    assert kinds_sent(case, minusca) == told
    assert kinds_sent(case, other_force.organisation) == ["request"]
    assert {row.force_reference for row in case.extracts.filter(organisation=minusca)} == {first}
    stood_down = Event.objects.filter(kind="case.stand_down")
    assert [event.data["force_reference"] for event in stood_down] == [first] * (len(told) - 1)
    news = Event.objects.filter(kind="case.transmit").latest("id")
    assert "force.eu" in readers(news)
    assert not readers(news) & {"force.u3", "force.sector"}
    assert news.data["force_url"] == f"/force/{case.force_reference}/"


def test_the_first_force_acknowledges_its_stand_down_and_can_do_no_more(people, other_force, force_eu):
    case = gone_elsewhere(case_at("limited", people), people, other_force)
    make_move(case, "receive", by=people.force_u3)
    assert not Extract.objects.filter(organisation=people.force_u3.organisation, acknowledgement=None).exists()
    assert not hasattr(Extract.objects.get(organisation=other_force.organisation), "acknowledgement")
    for code in ("acknowledge", "accept", "decline"):
        with pytest.raises(Refused) as refused:
            make_move(case, code, by=people.force_u3, decline_reason="late")
        assert refused.value.sentence == "This request is no longer with your force."
    make_move(case, "acknowledge", by=force_eu)
    make_move(case, "accept", by=force_eu)
    assert fresh(case).status == "accepted"


def test_each_force_counts_its_own_references(people, other_force, force_eu):
    for _each in range(2):
        case_at("transmitted", people)
    second = gone_elsewhere(case_at("declined", people), people, other_force)
    assert second.force_reference == f"F-CAF-{timezone.now().year}-001"
    assert ForceFile.objects.filter(force_reference=second.force_reference).count() == 2


def test_nothing_is_told_while_it_is_decided_anew_for_another_force(people, other_force, force_eu):
    case = case_at("limited", people)
    before = Notification.objects.filter(recipient=people.force_u3).aggregate(last=Max("id"))["last"]
    make_move(case, "redecide", by=people.ocha_bgi, reason="Another provider.")
    make_move(case, "approve", by=people.hc, **limits_of(fresh(case), force=other_force))
    make_move(case, "change", by=people.requester_bria, vehicles=7)
    assert not Notification.objects.filter(recipient=people.force_u3, id__gt=before).exists()
    make_move(case, "suspend", by=people.hc, reason="Fighting.")
    assert kinds_sent(case) == ["request", "suspension"]
    assert case.extracts.last().organisation == people.force_u3.organisation


def test_a_force_that_declined_hears_nothing_of_what_follows(people, other_force):
    case = case_at("declined", people)
    make_move(case, "redecide", by=people.ocha_bgi, reason="Another provider.")
    make_move(case, "withdraw", by=people.requester_bria)
    assert kinds_sent(case) == ["request"]


# ── every end is told ────────────────────────────────────────────────────────────────────────────────────────────────

ENDS = {
    "withdraw": ("requester_bria", {}),
    "cancel": ("ocha_bgi", {"reason": "The need has gone."}),
}


@pytest.mark.parametrize("end", sorted(ENDS))
@pytest.mark.parametrize(
    "status", ["transmitted", "acknowledged", "accepted", "limited", "declined", "countered", "scheduled"]
)
def test_withdrawn_and_cancelled_both_stand_the_force_down(people, status, end):
    case = case_at(status, people)
    by, facts = ENDS[end]
    make_move(case, end, by=getattr(people, by), **facts)
    assert kinds_sent(case)[-1] == "stand_down"
    event = Event.objects.get(kind=f"case.{end}")
    assert {"force.u3", "force.sector"} <= readers(event)
    assert case.force_files.get().stage == "stood_down"


@pytest.mark.parametrize(
    ("end", "by", "facts"),
    [
        ("withdraw", "requester_bria", {}),
        ("deny", "hc", {"reason_code": "perception", "reason": "Too visible."}),
        ("civilian", "ocha_bgi", {"reason": "By air."}),
    ],
)
def test_a_force_whose_limits_are_decided_on_hears_of_the_end(people, end, by, facts):
    case = case_at("limited", people)
    make_move(case, "redecide", by=people.ocha_bgi, reason="The limits change it.")
    make_move(case, end, by=getattr(people, by), **facts)
    assert kinds_sent(case) == ["request", "stand_down"]
    told = Notification.objects.filter(event__kind=f"case.{end}", recipient=people.force_u3)
    assert {row.expects for row in told} == {"acknowledge"}


def test_a_request_that_lapses_undecided_stands_the_force_down(people):
    case = case_at("limited", people)
    make_move(case, "redecide", by=people.ocha_bgi, reason="The limits change it.")
    services.expire_due(case.window_to + HOUR)
    assert fresh(case).status == "expired"
    assert kinds_sent(case) == ["request", "stand_down"]


def test_an_approval_past_its_end_needs_no_paper_more(people):
    case = case_at("accepted", people)
    services.expire_due(case.ends_at + HOUR)
    assert kinds_sent(case) == ["request"]
    assert {"force.u3", "force.sector"} <= readers(Event.objects.get(kind="case.expire"))
    assert case.force_files.get().stage == "ended"


def test_denied_while_suspended_stands_the_force_down_once(people):
    case = case_at("scheduled", people)
    make_move(case, "suspend", by=people.hc, reason="Fighting.")
    make_move(case, "deny", by=people.hc, reason_code="perception", reason="Too visible.")
    assert kinds_sent(case) == ["request", "schedule", "suspension", "stand_down"]
    make_move(case, "appeal", by=people.requester_bria, reason="New facts.")
    make_move(case, "withdraw", by=people.requester_bria)
    assert kinds_sent(case)[-2:] == ["suspension", "stand_down"]
    make_move(case, "receive", by=people.force_u3)


# ── what a force knows ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "stage", "expects", "place"),
    [
        ("transmitted", "received", "reply", 0),
        ("acknowledged", "acknowledged", "reply", 0),
        ("accepted", "accepted", "", 2),
        ("limited", "limited", "", 2),
        ("declined", "declined", "", 2),
        ("countered", "countered", "", 2),
        ("scheduled", "scheduled", "acknowledge", 0),
        ("underway", "underway", "acknowledge", 0),
        ("aborted", "aborted", "", 2),
        ("completed", "completed", "", 2),
        ("closed", "completed", "", 2),
    ],
)
def test_the_file_of_a_force_says_where_it_stands(people, status, stage, expects, place):
    file = case_at(status, people).force_files.get()
    assert (file.stage, file.expects, file.place) == (stage, expects, place)


@pytest.mark.parametrize("status", ["draft", "submitted", "clearing", "deciding", "approved", "denied", "cancelled"])
def test_before_the_transmission_there_is_no_file(people, status):
    case_at(status, people)
    assert not ForceFile.objects.exists()


def test_what_is_acknowledged_moves_on_to_what_is_ahead(people):
    case = case_at("scheduled", people)
    make_move(case, "receive", by=people.force_u3)
    file = case.force_files.get()
    assert (file.expects, file.due_at, file.place) == ("", None, ForceFile.Place.AHEAD)


def test_the_facts_are_the_latest_with_what_stood_before(people):
    case = case_at("scheduled", people)
    make_move(case, "change", by=people.requester_bria, vehicles=8)
    known = known_of(case.force_files.get())
    fact = next(fact for fact in known.facts if fact.key is transmission.KEYS["vehicles"])
    assert (fact.value, fact.before, fact.number, fact.changed) == (8, 6, 3, True)
    assert [fact.number for fact in known.facts if fact.changed] == [3]


def test_a_request_sent_again_opens_the_answer_again(people):
    case = case_at("declined", people)
    make_move(
        case, "retransmit", by=people.ocha_bria, reason="Fewer trucks.", **RELEASED | {"task": "Escort four trucks."}
    )
    known = known_of(case.force_files.get())
    assert (known.stage(timezone.now()), known.value("task")) == ("received", "Escort four trucks.")
    make_move(case, "accept", by=people.force_u3)
    assert fresh(case).status == "accepted"


def test_files_can_be_written_anew_from_the_papers(people):
    cases = [case_at(status, people) for status in ("transmitted", "scheduled", "closed")]
    before = list(ForceFile.objects.order_by("case").values("case", "stage", "place", "sort_key", "due_at"))
    ForceFile.objects.all().delete()
    write_files([case.pk for case in cases], timezone.now())
    assert list(ForceFile.objects.order_by("case").values("case", "stage", "place", "sort_key", "due_at")) == before


@pytest.mark.parametrize(
    ("moment", "group"),
    [
        (dt.datetime(2026, 11, 28, 4, 30, tzinfo=dt.UTC), "280430Z NOV 26"),
        (dt.datetime(2026, 3, 1, 0, 5, tzinfo=dt.timezone(HOUR)), "282305Z FEB 26"),
        (None, ""),
    ],
)
def test_a_date_time_group_is_in_zulu(moment, group):
    assert papers.zulu(moment) == group
