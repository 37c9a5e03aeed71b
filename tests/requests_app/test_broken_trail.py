"""What stops when the trail of a country was changed by hand, and what goes on?"""

import pytest
from django.urls import reverse

from cmcoord.activity import checks, seals
from cmcoord.activity.models import Chain, Event
from cmcoord.activity.services import record
from requests_app import workflow
from requests_app.services import Refused, make_move
from tests.activity.test_seals import by_hand
from tests.factories import RELEASED, case_at, limits_of

pytestmark = pytest.mark.django_db


def tamper(case, table="requests_app_move", change="capacity = 'hct_member'"):
    """Change one byte of a row of this case by hand; returns the row's id."""
    seals.seal_waiting()
    row = case.moves.latest("id").pk if table == "requests_app_move" else Event.objects.about(case).last().pk
    by_hand(f"UPDATE {table} SET {change} WHERE id = %s", [row])
    return row


def stopped(case, people):
    with pytest.raises(Refused) as caught:
        make_move(case, "approve", by=people.hc, **limits_of(case))
    return caught.value


def test_a_decision_reads_its_own_case_again(people):
    case = case_at("deciding", people)
    row = tamper(case)
    refused = stopped(case, people)
    assert refused.kind == "state"
    assert f"Row {row} of requests_app_move was changed after it was sealed." in refused.sentence
    assert not case.decisions.exists()


def test_a_broken_trail_stops_every_decision_of_its_stream_and_of_no_other(people):
    case, other = case_at("deciding", people), case_at("deciding", people)
    row = tamper(other, "activity_event", "kind = 'case.ask'")
    checks.check_round()
    assert f"Row {row} of activity_event" in stopped(case, people).sentence
    approve = next(choice for choice in workflow.choices(case, people.hc) if choice.line.code == "approve")
    assert "Until two administrators" in approve.why_not


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
def test_the_page_says_which_row_and_whom_to_call(people, client, settings, language, words):
    settings.PORTAL_CONTACT = "+236 00 00 00"
    case = case_at("deciding", people)
    row = tamper(case)
    checks.check_everything()
    people.hc.language = language
    people.hc.save(update_fields=["language"])
    client.force_login(people.hc)
    page = client.get(reverse("requests:move", args=[case.reference, "approve"])).content.decode()
    assert words in page and "CAF" in page and f"{row} " in page and "requests_app_move" in page


def test_reading_the_own_case_again_costs_few_queries(people, django_assert_max_num_queries):
    case = case_at("deciding", people)
    seals.seal_waiting()
    with django_assert_max_num_queries(25):
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
