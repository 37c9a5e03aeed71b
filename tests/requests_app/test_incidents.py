"""An organisation says that its request was pressed or imposed: who is called, and what is drafted?"""

import pytest
from django.db import IntegrityError, transaction

from cmcoord.activity.models import Event, Notification
from requests_app import incidents, services
from requests_app.models import AccessIncident, Case
from requests_app.services import Refused, make_move
from requests_app.visibility import handles
from tests.factories import case_at, complete_draft

pytestmark = pytest.mark.django_db

PRESSED = {"risks": ["imposed"], "risk_imposed": "The checkpoint lets nobody pass without an escort."}


def submitted(people, **facts) -> Case:
    case = complete_draft(people.requester_bria, **PRESSED | facts)
    make_move(case, "submit", by=people.requester_bria)
    return Case.objects.get(pk=case.pk)


def test_an_honest_answer_stops_nothing_calls_ocha_and_drafts_one_incident(people):
    case = submitted(people)
    assert case.status == "submitted"
    row = AccessIncident.objects.get(case=case)
    assert (row.kind, row.status, row.text) == ("AMRF-3", "draft", "")
    called = Notification.objects.filter(kind="case.call_ocha", channel="mail")
    assert {people.ocha_bria.pk, people.ocha_bgi.pk} <= set(called.values_list("recipient", flat=True))
    assert set(called.values_list("expects", flat=True)) == {"call_back"}
    assert "checkpoint" not in str(Event.objects.get(kind="case.call_ocha").data)


def test_an_asset_that_is_imposed_is_an_interference(people):
    case = submitted(people, request_type="MCDA-LOG", asset_category="boat", passenger_count=9)
    assert AccessIncident.objects.get(case=case).kind == "AMRF-4"


def test_it_is_drafted_once_however_often_the_request_is_sent(people):
    case = submitted(people)
    make_move(case, "return", by=people.ocha_bria, reason="Which checkpoint?")
    make_move(case, "resubmit", by=people.requester_bria, reason="The northern one.")
    assert AccessIncident.objects.count() == Event.objects.filter(kind="case.call_ocha").count() == 1


def test_a_request_that_nobody_presses_for_drafts_none(people):
    case_at("submitted", people)
    assert not AccessIncident.objects.exists()


def test_ocha_of_the_station_and_the_national_unit_read_it_and_nobody_else(people):
    row = AccessIncident.objects.get(case=submitted(people))
    readers = {"ocha_bria", "ocha_bgi"}
    for name, person in vars(people).items():
        assert handles(person, row.case) is (name in readers), name
        assert incidents.visible_to(person).filter(pk=row.pk).exists() is (name in readers), name


@pytest.mark.parametrize("status", ["kept", "discarded"])
def test_ocha_keeps_it_in_its_own_words_or_discards_it_with_the_reason_once(people, status):
    row = AccessIncident.objects.get(case=submitted(people))
    services.answer_incident(row, by=people.ocha_bria, status=status, text="Called; confirmed by two others.")
    row.refresh_from_db()
    assert (row.status, row.answered_by) == (status, people.ocha_bria)
    with pytest.raises(Refused) as late:
        services.answer_incident(row, by=people.ocha_bgi, status="kept", text="Again.")
    assert late.value.kind == "state"


def test_without_words_or_right_nothing_is_answered(people):
    row = AccessIncident.objects.get(case=submitted(people))
    with pytest.raises(Refused, match="with the reason"):
        services.answer_incident(row, by=people.ocha_bria, status="kept", text="  ")
    for person in (people.requester_bria, people.ocha_birao, people.hc, people.outsider, people.force_u3):
        with pytest.raises(Refused) as refused:
            services.answer_incident(row, by=person, status="kept", text="Words")
        assert refused.value.kind == "right"
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessIncident.objects.filter(pk=row.pk).update(status="kept")


@pytest.mark.pages
def test_a_draft_is_found_behind_any_number_of_answered_ones(client, people, monkeypatch):
    drafted, answered = submitted(people), submitted(people)
    services.answer_incident(answered.incident, by=people.ocha_bria, status="kept", text="Two others say so.")
    monkeypatch.setattr("requests_app.views.incidents.SHOWN", 1)
    client.force_login(people.ocha_bria)
    html = client.get("/requests/incidents/").content.decode()
    assert drafted.reference in html and answered.reference not in html


@pytest.mark.pages
def test_the_requester_reads_that_ocha_was_called_and_only_ocha_finds_the_draft(client, people):
    case = submitted(people)
    url = f"/requests/incidents/{case.reference}/"
    for person, called, drafted in (
        (people.requester_bria, True, False), (people.ocha_bria, True, True), (people.log_cluster, False, False)
    ):  # fmt: skip
        client.force_login(person)
        page = client.get(case.get_absolute_url()).content.decode()
        assert ("<h2>OCHA was called</h2>" in page) is called
        assert (url in page) is drafted
        assert client.get(url).status_code == (200 if drafted else 404)
    client.force_login(people.ocha_bria)
    assert case.reference in client.get("/requests/incidents/").content.decode()
    assert client.post(url, {"status": "kept"}).status_code == 422
    assert client.post(url, {"status": "kept", "text": "Two others say so."}).status_code == 302
    assert client.post(url, {"status": "discarded", "text": "Again."}).status_code == 409


@pytest.mark.pages
def test_of_a_strictly_confidential_request_each_reading_is_recorded(client, people):
    case = submitted(people)
    url = f"/requests/incidents/{case.reference}/"
    client.force_login(people.ocha_bria)
    assert "checkpoint" in client.get(url).content.decode()
    read = Event.objects.filter(kind="case.open_secret", by=people.ocha_bria)
    assert not read.exists()
    make_move(case, "raise_class", by=people.ocha_bria, to="S")
    assert "checkpoint" in client.get(url).content.decode()
    assert [event.data["field"] for event in read] == ["form.incident"]
    client.force_login(people.log_cluster)
    assert client.get(url).status_code == 404
    assert read.count() == 1
