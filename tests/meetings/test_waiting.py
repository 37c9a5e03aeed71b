"""What of meetings stands on the first page of each side: minutes to sign, points, what went up, the next meeting?"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cmcoord.meetings import services as meeting_services
from cmcoord.meetings.models import Escalation, Signature
from cmcoord.meetings.services import points as services
from cmcoord.meetings.services.writing import start_minutes
from cmcoord.meetings.waiting import waiting_for
from requests_app.models import AccessIncident
from tests.factories import case_at
from tests.meetings.making import chaired, held, planned
from tests.meetings.test_minutes_pages import browser
from tests.meetings.test_points import overdue, raised

pytestmark = pytest.mark.django_db


def test_minutes_wait_for_the_chairs_until_each_has_signed_the_text_as_it_is(people):
    body = chaired(people)
    meeting = held(body, people.ocha_bria)
    minutes = start_minutes(meeting, by=people.ocha_bria, language="en")
    for user in (people.ocha_bria, people.ocha_bgi, people.force_sector, people.force_u3):
        assert [row.url for row in waiting_for(user).minutes] == [minutes.get_absolute_url()]
    for user in (people.requester_bria, people.hc, people.ocha_birao, people.donor, people.force_ml, people.nobody):
        assert waiting_for(user).minutes == []
    Signature.objects.create(
        minutes=minutes, kind="co_chair", seat=body.seats.get(kind="co_chair"), by=people.force_sector,
        capacity="G3", digest=minutes.digest, content={},
    )  # fmt: skip
    assert waiting_for(people.force_u3).minutes == [] and waiting_for(people.ocha_bria).minutes


def test_the_next_meeting_is_the_first_of_ones_own_bodies_and_is_no_matter_that_waits(people):
    body = chaired(people)
    later, sooner = planned(body, people.ocha_bgi), None
    assert waiting_for(people.force_sector).meeting.url == later.get_absolute_url()
    assert waiting_for(people.force_sector).count == 0 and waiting_for(people.force_sector)
    sooner = planned(body, people.ocha_bgi, starts=later.starts - (later.ends - later.starts) * 2)
    assert waiting_for(people.ocha_bria).meeting.url == sooner.get_absolute_url()
    meeting_services.cancel(sooner, by=people.ocha_bgi)
    assert waiting_for(people.ocha_bria).meeting.url == later.get_absolute_url()
    assert waiting_for(people.requester_bria).meeting is None and not waiting_for(people.nobody)


@pytest.mark.parametrize("internal", [False, True])
def test_line_1_29_what_is_escalated_stands_on_the_first_page_of_the_coordinator(client, people, internal):
    body = chaired(people)
    point = overdue(raised(body, people.ocha_bria, owner="OCHA", internal=internal))
    row = services.escalate(point, by=people.ocha_bria, why="The headquarters is silent.")
    client.force_login(people.hc)
    page = client.get("/").content.decode()
    assert "The headquarters is silent." in page and f"/meetings/escalations/{row.pk}/" in page
    services.answer_escalation(row, by=people.hc, answer="Raised.", consulted="both")
    assert "The headquarters is silent." not in client.get("/").content.decode()


@pytest.mark.parametrize(("language", "kind"), [("en", "an escort imposed"), ("fr", "escorte imposée")])
def test_line_1_29_an_incident_goes_up_from_the_cell_of_its_place_and_is_answered(people, language, kind):
    case, body = case_at("approved", people), chaired(people)
    incident = AccessIncident.objects.create(case=case, kind="AMRF-3")
    client, up = browser(people.ocha_bria), reverse("meetings:escalate_incident", args=[case.reference])
    assert up in client.get(incident.get_absolute_url()).content.decode()
    for user in (people.requester_bria, people.force_sector, people.ocha_birao, people.hc):
        assert browser(user).get(up).status_code == 404
        with pytest.raises(PermissionDenied):
            services.escalate_incident(incident, body=body, by=user, why="Why")
    assert client.post(up, {"why": ""}).status_code == 422
    assert client.post(up, {"why": "The sector imposes it each week."}).status_code == 302
    assert client.post(up, {"why": "Again."}).status_code == 409
    row = Escalation.objects.get()
    assert (row.incident, row.body, row.point) == (incident, body, None)
    hc, answer = browser(people.hc, language), reverse("meetings:escalation", args=[row.pk])
    first = hc.get("/").content.decode()
    assert kind in first and "imposes it each week" in first and answer in first
    assert kind in hc.get(answer).content.decode() and up not in hc.get(answer).content.decode()
    assert "imposes it" not in browser(people.force_sector).get("/", follow=True).content.decode()
    assert hc.post(answer, {"answer": "Raised with the force.", "consulted": "hct"}).status_code == 302
    assert "Raised with the force." in client.get(up).content.decode() and kind not in hc.get("/").content.decode()
    AccessIncident.objects.filter(pk=incident.pk).update(
        status="discarded", text="No", answered_by=people.ocha_bria, answered_at=timezone.now()
    )
    with pytest.raises(ValidationError, match="discarded|écarté"):
        services.escalate_incident(incident, body=body, by=people.ocha_bria, why="Why")


def test_a_force_finds_its_own_on_its_first_page_and_nothing_of_the_other_side(client, people):
    body = chaired(people)
    late = overdue(raised(body, people.ocha_bria))
    inner = overdue(raised(body, people.ocha_bria, owner="OCHA", internal=True))
    services.escalate(late, by=people.ocha_bria, why="The headquarters is silent.")
    client.force_login(people.force_sector)
    page = client.get("/", follow=True).content.decode()
    assert late.reference in page
    assert inner.reference not in page and "silent" not in page
