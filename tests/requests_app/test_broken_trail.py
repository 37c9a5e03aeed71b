"""What stops when the trail of a country was changed by hand, and what goes on?"""

import pytest
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity import checks, seals
from cmcoord.activity.models import Chain, Event
from cmcoord.activity.services import record
from requests_app import workflow
from requests_app.models import Decision, Move
from requests_app.services import Refused, make_move
from tests.activity.test_seals import by_hand
from tests.factories import RELEASED, case_at, fresh, limits_of

pytestmark = pytest.mark.django_db


def tamper(case, table="requests_app_move", change="capacity = 'hct_member'"):
    """Change one byte of a row of this case by hand; returns the row's id."""
    seals.seal_waiting()
    row = case.moves.latest("id").pk if table == "requests_app_move" else Event.objects.about(case).last().pk
    by_hand(f"UPDATE {table} SET {change} WHERE id = %s", [row])
    return row


def said_by(who):
    return {"person": who, "source": "telephone", "received_at": timezone.now(), "witness": "Duty officer"}


def stopped(case, people):
    with pytest.raises(Refused) as caught:
        make_move(case, "approve", by=people.hc, **limits_of(case))
    return caught.value


def test_a_decision_reads_its_own_case_again(people):
    case = case_at("deciding", people)
    row = tamper(case)
    refused = stopped(case, people)
    assert refused.kind == "state"
    assert "The trail of CAF was changed by hand." in refused.sentence
    assert "requests_app_move" not in refused.sentence and f"Row {row}" not in refused.sentence
    with pytest.raises(Refused, match=f"Row {row} of requests_app_move was changed after it was sealed."):
        make_move(case, "approve", by=people.ocha_bgi, on_behalf=said_by(people.hc), **limits_of(case))
    assert not case.decisions.exists()


def test_a_broken_trail_stops_every_decision_of_its_stream_and_of_no_other(people):
    case, other = case_at("deciding", people), case_at("deciding", people)
    tamper(other, "activity_event", "kind = 'case.ask'")
    checks.check_round()
    assert "The trail of CAF" in stopped(case, people).sentence
    approve = next(choice for choice in workflow.choices(case, people.hc) if choice.line.code == "approve")
    assert "Until two administrators" in approve.why_not


def test_the_table_and_the_row_are_for_those_who_mend_it(people):
    case = case_at("deciding", people)
    row = tamper(case, "activity_event", "kind = 'case.ask'")
    checks.check_round()
    for name in ("ocha_bgi", "admin"):
        assert f"Row {row} of activity_event" in workflow.why_trail_stops(fresh(case), getattr(people, name)), name
    for name in ("hc", "ocha_bria", "requester_bria"):
        told = workflow.why_trail_stops(fresh(case), getattr(people, name))
        assert "activity_event" not in told and "Call " in told, name


def test_those_who_mend_it_find_it_on_their_first_page(client, people):
    tamper(case_at("deciding", people), "activity_event", "kind = 'case.ask'")
    client.force_login(people.admin)
    assert "The trail of" not in client.get("/").content.decode()
    checks.check_round()
    for name in ("ocha_bgi", "admin"):
        client.force_login(getattr(people, name))
        page = client.get("/").content.decode()
        assert "The trail of Central African Republic has been broken since" in page, name
        assert "manage.py recover_trail CAF" in page and "docs/trail.md" in page
        assert "Nothing waits for you" not in page
    for name in ("hc", "ocha_bria", "requester_bria"):
        client.force_login(getattr(people, name))
        assert "The trail of" not in client.get("/").content.decode(), name


def test_the_national_unit_of_another_country_has_no_card(client, people):
    tamper(case_at("deciding", people), "activity_event", "kind = 'case.ask'")
    checks.check_round()
    client.force_login(people.outsider)
    assert "The trail of" not in client.get("/").content.decode()


def test_another_stream_goes_on(people):
    case = case_at("deciding", people)
    event = record(type("Subject", (), {"pk": 1, "activity_kind": "case", "stream": "MLI"})(), "case.comment", by=None)
    seals.seal_waiting()
    by_hand("UPDATE activity_event SET kind = 'case.ask' WHERE id = %s", [event.pk])
    checks.check_everything()
    assert [chain.stream for chain in Chain.objects.exclude(broken_at=None)] == ["MLI"]
    assert make_move(case, "approve", by=people.hc, **limits_of(case)).to_status == "approved"


def test_a_stop_for_safety_never_waits_for_the_trail(people):
    case = case_at("transmitted", people)
    tamper(case)
    checks.check_round()
    assert make_move(case, "suspend", by=people.ocha_bria, reason="Fighting.").to_status == "suspended"


def test_what_was_stopped_for_safety_stays_stopped_until_the_trail_is_whole(people):
    case = case_at("suspended", people)
    tamper(case)
    checks.check_round()
    with pytest.raises(Refused, match="Until two administrators"):
        make_move(case, "resume", by=people.ocha_bria)


@pytest.mark.parametrize(("language", "words"), [("en", "Call +236"), ("fr", "Appelez +236")])
def test_the_page_says_whom_to_call_and_those_who_mend_it_which_row(people, client, settings, language, words):
    settings.PORTAL_CONTACT = "+236 00 00 00"
    case = case_at("deciding", people)
    row = tamper(case)
    checks.check_everything()
    people.hc.language = language
    people.hc.save(update_fields=["language"])
    client.force_login(people.hc)
    page = client.get(reverse("requests:move", args=[case.reference, "approve"])).content.decode()
    assert words in page and "CAF" in page and "requests_app_move" not in page
    sentence = workflow.why_trail_stops(fresh(case), people.ocha_bgi)
    assert f"{row} " in sentence and "requests_app_move" in sentence


def test_reading_the_own_case_again_costs_few_queries(people, django_assert_max_num_queries):
    case = case_at("deciding", people)
    seals.seal_waiting()
    with django_assert_max_num_queries(29):  # one more for each table of the trail in which the case has rows
        assert checks.why_stopped_here("CAF", f"case/{case.pk}") == ""


def test_nothing_is_transmitted_on_the_approval_of_another_request(people):
    """The row of a request is no part of the trail: somebody who writes to the database can point it elsewhere."""
    case, other = case_at("approved", people), case_at("approved", people)
    for each in (case, other):
        make_move(each, "decide_security", by=people.requester_bria, value="favourable", analysis="SRM-0001")
    type(case).objects.filter(pk=case.pk).update(decision=other.decision)
    with pytest.raises(Refused, match="not the last one given for it"):
        make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    assert make_move(other, "transmit", by=people.ocha_bria, **RELEASED).to_status == "transmitted"
    assert make_move(other, "suspend", by=people.ocha_bria, reason="Fighting.").to_status == "suspended"


def test_nothing_is_transmitted_on_an_approval_that_was_put_in_by_hand(people):
    """Decision, move and event, each row as the portal writes it, and sealed by the triggers like any other."""
    real, case = case_at("approved", people), case_at("deciding", people)
    last = case.moves.latest("id")
    row = dict(Decision.objects.filter(pk=real.decision_id).values().get()) | {"id": None, "case_id": case.pk}
    forged = Decision.objects.create(**row)
    Move.objects.create(
        case=case, code="approve", from_status="deciding", to_status="approved", by=people.hc, capacity="hc", at=last.at
    )
    told = Event.objects.about(real).get(kind="case.approve")
    Event.objects.create(
        stream="CAF", kind="case.approve", at=told.at, by=people.hc, subject_kind="case", subject_id=case.pk,
        data=told.data | {"decision": forged.pk, "reference": case.reference},
    )  # fmt: skip
    type(case).objects.filter(pk=case.pk).update(status="approved", decision=forged, ends_at=forged.valid_to)
    seals.seal_waiting()
    checks.check_everything()
    assert checks.why_stopped("CAF") == ""  # the chain is whole, only nobody gave this approval
    case = fresh(case)
    make_move(case, "decide_security", by=people.requester_bria, value="favourable", analysis="SRM-0001")
    with pytest.raises(Refused, match="was not given in the portal"):
        make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    assert not case.extracts.exists()


def test_no_released_text_reaches_a_force_by_a_move_that_forgot_to_ask(people, monkeypatch):
    """Papers and the texts in them leave by one door, which asks too; what tells a force to stop still goes."""
    monkeypatch.setattr(workflow, "NEEDS_WHOLE_TRAIL", frozenset())
    case, held = case_at("approved", people), case_at("transmitted", people)
    make_move(case, "decide_security", by=people.requester_bria, value="favourable", analysis="SRM-0001")
    checks.mark_broken("CAF", checks.Defect("activity_event", 1, "changed"))
    with pytest.raises(Refused, match="Until two administrators"):
        make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    assert not case.extracts.exists()
    assert make_move(held, "suspend", by=people.ocha_bria, reason="Fighting on the road.")
    assert held.extracts.filter(kind="suspension").exists()
