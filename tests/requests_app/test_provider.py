"""What happens to requests when the register says that their force can be named no more?"""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.models import Event, Notification
from cmcoord.places.models import AdminArea, Place
from contacts.models import Force
from contacts.services import confirm_status, propose_status, reject_status
from requests_app import guidelines, provider, services, workflow
from requests_app.models import AlarmAnswer, Extract
from requests_app.services import Refused, hard_stops, make_move
from tests import factories
from tests.factories import (
    RELEASED,
    answers,
    case_at,
    complete_draft,
    draft_case,
    fresh,
    limits_of,
)
from tests.people import delegated

pytestmark = pytest.mark.django_db
SAID = {"basis": "Fighting alongside one side.", "clause": "ML-POS ¶7"}
SENTENCE = "This provider cannot be named here. (IASC-2004)"
WEEK = dt.timedelta(days=7)
ANSWER = {"decided": "turn_back", "said_by": "Convoy leader", "source": "telephone", "reason": "No way through."}
RATINGS = ("combat", "party to the conflict", "disputed", SAID["basis"])


def worsens(people, status="in_combat", *, force="MINUSCA", starts=None, area=None, now=None, **facts):
    force = Force.objects.get(acronym=force)
    return propose_status(
        force, by=people.ocha_bgi, status=status, valid_from=starts or timezone.localdate(), area=area, now=now, **SAID,
        **facts,
    )  # fmt: skip


def switched_on(case):
    """The country lets the Humanitarian Coordinator make exceptions."""
    profile = case.profile
    type(profile).objects.filter(pk=profile.pk).update(life_saving_exception=True)


# ── new steps stop at once ───────────────────────────────────────────────────────────────────────────────────────────

STEPS = {
    "draft": ("submit", "requester_bria", {}),
    "returned": ("resubmit", "requester_bria", {}),
    "reviewing": ("validate", "ocha_bria", {}),
    "clearing": ("forward", "ocha_bgi", {}),
    "deciding": ("approve", "hc", {}),
    "approved": ("transmit", "ocha_bria", RELEASED),
    "declined": ("retransmit", "ocha_bria", RELEASED | {"reason": "New facts."}),
    "accepted": ("schedule", "ocha_bria", {}),
    "scheduled": ("start", "requester_bria", {"happened_at": timezone.now()}),
    "acknowledged": ("change", "requester_bria", {"departure_at": timezone.now() + WEEK}),
}


@pytest.mark.parametrize("status", STEPS)
def test_every_step_towards_the_road_stops_at_once(status, people, monkeypatch):
    case = complete_draft(people.requester_bria) if status == "draft" else case_at(status, people)
    code, who, facts = STEPS[status]
    if status == "clearing":
        make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", **limits_of(case))
    if status == "approved":
        make_move(case, "decide_security", by=people.requester_bria, value="favourable", analysis="SRM-0001")
    monkeypatch.setattr(hard_stops, "AT_ONCE", 0)  # more requests than one transaction takes: this one is left
    worsens(people)
    case = fresh(case)
    facts = facts | (limits_of(case) if code == "approve" else {})
    with pytest.raises(Refused, match="This provider cannot be named here") as refused:
        make_move(case, code, by=getattr(people, who), **facts)
    assert not [word for word in RATINGS if word in refused.value.sentence]
    assert workflow.why_not(fresh(case), code, getattr(people, who))


def test_the_same_steps_go_on_where_the_status_is_about_another_place_force_or_day(people):
    vakaga = AdminArea.objects.current().get(country="CAF", name="Vakaga")
    worsens(people, area=vakaga)
    worsens(people, force="FACA")
    worsens(people, starts=timezone.localdate() + 20 * WEEK)
    case = complete_draft(people.requester_bria)
    assert make_move(case, "submit", by=people.requester_bria)
    assert case_at("approved", people).status == "approved"


def test_a_status_of_an_area_on_the_axis_stops_the_request(people, axis):
    case = complete_draft(people.requester_bria)
    worsens(people, area=axis.stops.last().place.area)
    with pytest.raises(Refused, match="cannot be named here"):
        make_move(case, "submit", by=people.requester_bria)


def test_a_status_that_begins_within_the_window_stops_it_too(people):
    case = complete_draft(people.requester_bria)
    worsens(people, starts=case.window_to.date())
    assert provider.stop(fresh(case))


def test_the_finding_cites_the_clause_of_the_country_and_says_no_rating(people):
    worsens(people)
    found = guidelines.hard_stops(complete_draft(people.requester_bria))
    assert [(each.rule, each.level, each.clause) for each in found] == [("provider_status", "stop", "IASC-2004")]
    assert found[0].sentence == "This provider cannot be named here."


def test_what_ocha_drafts_and_the_coordinator_decides_names_no_stopped_force(people):
    case = case_at("clearing", people)
    worsens(people, force="FACA")
    other = limits_of(case, force=Force.objects.get(acronym="FACA"))
    with pytest.raises(Refused, match="cannot be named here"):
        make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", **other)
    case = case_at("deciding", people)
    with pytest.raises(Refused, match="cannot be named here"):
        make_move(case, "approve", by=people.hc, **other)
    with pytest.raises(Refused, match="cannot be named here"):
        make_move(case, "approve", by=people.hc, exception_text="Lives.", **other)


def test_an_area_that_is_named_beside_the_axis_is_asked_for_too(people):
    case = case_at("deciding", people, request_type="MCDA-LOG")
    vakaga = AdminArea.objects.current().get(country="CAF", name="Vakaga")
    worsens(people, area=vakaga)
    with pytest.raises(Refused, match="cannot be named here"):
        make_move(fresh(case), "approve", by=people.hc, **limits_of(case, area=vakaga))
    make_move(fresh(case), "approve", by=people.hc, **limits_of(case))


@pytest.mark.parametrize(("name", "stopped"), [("Mbomou", True), ("Vakaga", False)])
def test_a_rescue_without_an_axis_asks_for_where_it_takes_place(people, name, stopped):
    case = complete_draft(people.requester_bria, request_type="EVAC")
    assert case.axis_id is None and case.origin.area.name == "Mbomou"
    worsens(people, area=AdminArea.objects.current().get(country="CAF", name=name))
    assert bool(provider.stop(fresh(case))) is stopped
    drafted = {"force": case.force, "axis": None, "area": AdminArea.objects.current().get(country="CAF", name="Ouaka")}
    assert bool(provider.stop_of(case, valid_from=None, valid_to=None, **drafted)) is stopped


def test_with_another_force_drafted_the_request_goes_on(people):
    case = case_at("clearing", people)
    worsens(people)
    other = Force.objects.get(acronym="UNPOL")
    make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", **limits_of(case, force=other))
    assert make_move(fresh(case), "forward", by=people.ocha_bgi)
    assert make_move(fresh(case), "approve", by=people.hc, **limits_of(case, force=other))


@pytest.mark.parametrize("where", ["rendezvous", "halt", "elsewhere"])
def test_nobody_meets_the_force_or_halts_where_it_cannot_be_named(where, people):
    case = case_at("accepted", people)
    birao = Place.objects.get(name="Birao")
    worsens(people, area=birao.area)
    assert fresh(case).status == "accepted"
    if where == "halt":
        case.sheet.stops.create(place=birao, overnight=False)
    facts = factories.STEPS["schedule"][2](case, timezone.now())
    facts["rendezvous_place"] = birao if where == "rendezvous" else case.origin
    if where == "elsewhere":
        assert make_move(fresh(case), "schedule", by=people.ocha_bria, **facts)
        return
    with pytest.raises(Refused, match="cannot be named here"):
        make_move(fresh(case), "schedule", by=people.ocha_bria, **facts)


# ── what is agreed is suspended ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", ["approved", "transmitted", "accepted", "declined", "scheduled"])
def test_what_is_agreed_is_suspended_with_the_row_and_everybody_is_told(status, people):
    case = case_at(status, people)
    worsens(people)
    case = fresh(case)
    assert case.status == "suspended"
    event = Event.objects.get(kind="case.suspend_provider")
    told = set(Notification.objects.filter(event=event).values_list("recipient__username", flat=True))
    assert {"req.bria", "ocha.bria", "ocha.bgi", "hc.car"} <= told
    assert ("force.u3" in told) == (status != "approved")
    papers = Extract.objects.filter(case=case, kind=Extract.Kind.SUSPENSION)
    assert papers.count() == (status != "approved")
    assert not [word for word in RATINGS if word in str([event.data, [paper.content for paper in papers]])]
    with pytest.raises(Refused, match="cannot be named here"):
        make_move(case, "resume", by=people.ocha_bria)


def test_a_row_that_cannot_act_on_the_requests_is_not_written(people, monkeypatch):
    case_at("scheduled", people)

    def broken(*args, **facts):
        raise RuntimeError

    monkeypatch.setattr(hard_stops, "make_move", broken)
    with pytest.raises(RuntimeError):
        worsens(people)
    assert not Force.objects.get(acronym="MINUSCA").statuses.exists()
    assert not Event.objects.filter(kind="status.propose").exists()


def test_once_it_is_confirmed_that_the_stop_has_ended_the_request_is_resumed(people):
    case = case_at("approved", people)
    row = worsens(people)
    better = propose_status(
        row.force, by=people.ocha_bgi, status="not_party", valid_from=row.valid_from, corrects=row, **SAID
    )
    with pytest.raises(Refused, match="cannot be named here"):
        make_move(fresh(case), "resume", by=people.ocha_bria)
    assert not Event.objects.filter(kind="case.can_resume").exists()
    confirm_status(better, by=people.hc)
    event = Event.objects.get(kind="case.can_resume")
    told = Notification.objects.filter(event=event, channel="mail").values_list("recipient__username", flat=True)
    assert set(told) == {"ocha.bria", "ocha.bgi"} and not [word for word in RATINGS if word in str(event.data)]
    services.act_on_register(timezone.now())
    assert Event.objects.filter(kind="case.can_resume").count() == 1
    make_move(fresh(case), "resume", by=people.ocha_bria)
    assert fresh(case).status == "approved"


def test_a_rejected_proposal_stops_nothing_any_more(people):
    case = case_at("approved", people)
    reject_status(worsens(people), by=people.hc, reason="Not so.")
    assert Event.objects.filter(kind="case.can_resume", subject_id=case.pk).count() == 1
    make_move(fresh(case), "resume", by=people.ocha_bria)
    assert fresh(case).status == "approved"


def test_more_requests_than_one_transaction_takes_follow_with_the_sweep(people, monkeypatch):
    cases = [case_at("approved", people) for _number in range(3)]
    monkeypatch.setattr(hard_stops, "AT_ONCE", 2)
    worsens(people)
    assert sorted(fresh(case).status for case in cases) == ["approved", "suspended", "suspended"]
    assert services.act_on_register(timezone.now()) == 1
    assert {fresh(case).status for case in cases} == {"suspended"}
    assert services.act_on_register(timezone.now()) == 0


def test_what_a_person_suspended_is_not_reported_as_lifted(people):
    case = case_at("approved", people)
    make_move(case, "suspend", by=people.hc, reason="Fighting on the axis.")
    reject_status(worsens(people), by=people.hc, reason="Not so.")
    assert not Event.objects.filter(kind="case.can_resume").exists()


# ── on the road ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_convoy_on_the_road_is_not_stopped_but_the_alarm_is_raised(people, django_assert_num_queries):
    case = case_at("underway", people)
    papers = Extract.objects.count()
    worsens(people)
    case = fresh(case)
    assert case.status == "underway"
    event = Event.objects.get(kind="case.alarm")
    told = {row.recipient.username: row.expects for row in Notification.objects.filter(event=event)}
    assert {name: told[name] for name in ("req.bria", "ocha.bria", "ocha.bgi")} == dict.fromkeys(
        ("req.bria", "ocha.bria", "ocha.bgi"), "answer_alarm"
    )
    assert not [name for name in told if name.startswith("force")]
    assert event.data["urgent"] and Extract.objects.count() == papers
    with django_assert_num_queries(2):  # it was acted upon, and nothing was lifted: no case is visited
        assert services.act_on_register(timezone.now()) == 0


def test_the_alarm_stands_on_top_until_ocha_writes_down_what_was_decided(people, client):
    case = case_at("underway", people)
    worsens(people)
    client.force_login(people.requester_bria)
    html = client.get(case.get_absolute_url()).content.decode()
    assert "Alarm: call now" in html and "answer_alarm" not in html
    assert not [word for word in RATINGS if word in html]
    client.force_login(people.ocha_bria)
    html = client.get(case.get_absolute_url()).content.decode()
    assert html.index("Alarm: call now") < html.index("Whose turn it is") and "/answer_alarm/" in html
    url = reverse("requests:move", args=[case.reference, "answer_alarm"])
    form = client.get(url).context["form"]
    sent = ANSWER | {name: form[name].value() for name in ("client_key", "base_version")}
    assert client.post(url, sent | {"reason": ""}).status_code == 422
    assert client.post(url, sent).status_code == 302
    answer = AlarmAnswer.objects.get()
    assert (answer.decided, answer.said_by, answer.by) == ("turn_back", "Convoy leader", people.ocha_bria)
    html = client.get(case.get_absolute_url()).content.decode()
    assert "Alarm: call now" not in html and "Turn back" in html and "No way through." in html


def test_nobody_but_ocha_answers_and_only_an_open_alarm(people):
    case = case_at("underway", people)
    with pytest.raises(Refused, match="no open alarm"):
        make_move(case, "answer_alarm", by=people.ocha_bria, **ANSWER)
    worsens(people)
    for who in (people.requester_bria, people.hc, people.force_u3, people.ocha_bko):
        with pytest.raises(Refused) as refused:
            make_move(fresh(case), "answer_alarm", by=who, **ANSWER)
        assert refused.value.kind == "right"
    for wrong in ({"decided": "wait"}, {"said_by": " "}, {"reason": ""}, {"source": "dream"}):
        with pytest.raises(Refused) as refused:
            make_move(fresh(case), "answer_alarm", by=people.ocha_bria, **ANSWER | wrong)
        assert refused.value.kind == "need"
    make_move(fresh(case), "answer_alarm", by=people.ocha_bria, **ANSWER)
    with pytest.raises(Refused, match="no open alarm"):
        make_move(fresh(case), "answer_alarm", by=people.ocha_bria, **ANSWER)
    assert AlarmAnswer.objects.count() == 1


def test_a_further_row_raises_the_alarm_again(people):
    case = case_at("underway", people)
    row = worsens(people, "disputed")
    make_move(fresh(case), "answer_alarm", by=people.ocha_bria, **ANSWER | {"decided": "continue"})
    assert let_go_on(case, people) == ["send_sheet", "change"]
    worsens(people, "in_combat", corrects=row)
    assert Event.objects.filter(kind="case.alarm").count() == 2
    assert let_go_on(case, people) == []


def let_go_on(case, people):
    """What can still be sent from the road to this force."""
    sentences = {code: workflow.why_not(fresh(case), code, people.ocha_bria) for code in ("send_sheet", "change")}
    return [code for code, sentence in sentences.items() if "cannot be named" not in sentence]


# ── the exception to save lives ──────────────────────────────────────────────────────────────────────────────────────


def life_saving(people, **facts):
    """A request to save lives that waits for the Humanitarian Coordinator, in a country that allows the exception."""
    case = case_at("deciding", people, urgency="immediate", **facts)
    switched_on(case)
    worsens(people)
    return fresh(case)


def test_the_coordinator_in_person_excepts_with_words(people, django_assert_num_queries):
    case = life_saving(people)
    with pytest.raises(Refused, match="whose lives"):
        make_move(case, "approve", by=people.hc, **limits_of(case))
    make_move(case, "approve", by=people.hc, exception_text="Thirty wounded, no other way.", **limits_of(case))
    case = fresh(case)
    assert case.decision.exception_text == "Thirty wounded, no other way."
    event = Event.objects.get(kind="case.approve")
    assert event.data["exception"] and "wounded" not in str(event.data)
    with django_assert_num_queries(2):
        assert services.act_on_register(timezone.now()) == 0
    assert not provider.stop(case)


def test_an_exception_lifts_what_stood_then_and_nothing_later(people):
    case = life_saving(people)
    make_move(case, "approve", by=people.hc, exception_text="Thirty wounded.", **limits_of(case))
    row = Force.objects.get(acronym="MINUSCA").statuses.get()
    worsens(people, "party", corrects=row)
    assert fresh(case).status == "suspended"


@pytest.mark.parametrize("why", ["switch", "routine", "delegate", "recorded"])
def test_no_exception_by_anybody_else_or_for_anything_else(why, people):
    case = case_at("deciding", people, urgency="urgent" if why == "routine" else "immediate")
    if why != "switch":
        switched_on(case)
    worsens(people)
    case, by, more = fresh(case), people.hc, {}
    if why == "delegate":
        delegated(people.hoo, people.hc.appointments.get())
        by = people.hoo
    if why == "recorded":
        by = people.ocha_bgi
        more = {"on_behalf": {
            "person": people.hc, "source": "telephone", "received_at": timezone.now(), "witness": "Duty officer"
        }}  # fmt: skip
    sentence = "cannot be named here" if why in ("switch", "routine") else "in person"
    with pytest.raises(Refused, match=sentence):
        make_move(case, "approve", by=by, exception_text="Thirty wounded.", **limits_of(case), **more)
    assert fresh(case).status == "deciding"


def test_an_exception_is_not_extended(people):
    case = life_saving(people)
    make_move(case, "approve", by=people.hc, exception_text="Thirty wounded.", **limits_of(case))
    case = fresh(case)
    until = case.ends_at + WEEK
    make_move(case, "request_extension", by=people.requester_bria, until=until, rotations=1, reason="Rain.")
    with pytest.raises(Refused, match="not extended"):
        make_move(fresh(case), "extend", by=people.hc)


def test_the_page_asks_for_the_words_and_prints_them_on_decision_and_letter(people, client):
    case = life_saving(people)
    client.force_login(people.hc)
    url = reverse("requests:move", args=[case.reference, "approve"])
    page = client.get(url)
    assert "Exception to save lives" in page.content.decode()
    form = page.context["form"]
    sent = {name: form[name].value() for name in ("client_key", "base_version")} | {"as_drafted": "1"}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"exception_text": "Thirty wounded."}).status_code == 302
    html = client.get(case.get_absolute_url()).content.decode()
    assert "Exception to save lives, by the Humanitarian Coordinator in person" in html and "Thirty wounded." in html


# ── while it is written ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_says_beside_the_force_that_it_cannot_be_named(people, client):
    worsens(people)
    values = answers()
    values.pop("force")
    case = draft_case(people.requester_bria, **values)
    client.force_login(people.requester_bria)
    url = reverse("requests:edit", args=[case.reference, 2])
    page = client.get(url)
    sent = {"base_version": case.version, "force": Force.objects.get(acronym="MINUSCA").pk, "save": "1"}
    assert page.status_code == 200
    answer = client.post(url, sent)
    html = answer.content.decode()
    assert answer.status_code == 422 and "This provider cannot be named here." in html
    assert not [word for word in RATINGS if word in html]
    assert fresh(case).force_id is None
