"""A patrol as its readers see it: the draft, the page of OCHA, the pages of the force, in both languages."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from requests_app import dossier
from requests_app.issuing import rights
from requests_app.issuing.making import issue_paper
from requests_app.models import Case, ForceFile
from requests_app.services import ask_for_patrol, make_move
from tests import pdf_text
from tests.factories import DAY, HOUR, complete_draft, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

TASK = {"task": "Please patrol the axis in these days.", "confirmed": ["task"]}


def _begun(people, **overrides) -> Case:
    """Planned for the day on which it began, an hour ago."""
    then = timezone.now() - DAY * 10 - HOUR
    case = complete_draft(people.requester_bria, request_type="AREA", now=then, **overrides)
    make_move(case, "submit", by=people.requester_bria, now=then)
    make_move(case, "review", by=people.ocha_bria, now=then)
    make_move(case, "transmit", by=people.ocha_bria, now=then, **TASK)
    day = case.departure_at.astimezone(case.country.zone).date()
    make_move(case, "accept", by=people.force_u3, now=then + HOUR, days=[day])
    return fresh(case)


def _page(client, user, url: str) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_draft_is_one_step_and_its_sending_names_no_decision(client, people):
    case = complete_draft(people.requester_bria, request_type="AREA")
    page = _page(client, people.requester_bria, reverse("requests:edit", args=[case.reference, 1]))
    assert 'name="mixed_patrol"' in page
    assert 'name="cargo"' not in page
    assert client.get(reverse("requests:edit", args=[case.reference, 2])).status_code == 404
    page = _page(client, people.requester_bria, reverse("requests:submit", args=[case.reference]))
    assert "Humanitarian Coordinator" not in page.split("<main", 1)[1].split("</main", 1)[0]


def test_the_alternatives_of_an_escort_offer_it_with_one_tap(client, people):
    escort = complete_draft(people.requester_bria)
    url = reverse("requests:edit", args=[escort.reference, 3])
    assert 'name="patrol"' in _page(client, people.requester_bria, url)
    patrol = ask_for_patrol(escort, by=people.requester_bria)
    assert escort.get_absolute_url() in _page(client, people.requester_bria, patrol.get_absolute_url())
    assert patrol.get_absolute_url() in _page(client, people.requester_bria, escort.get_absolute_url())
    assert patrol.get_absolute_url() not in _page(client, people.requester_bria, url)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("consent", [True, False])
def test_ocha_passes_it_on_and_reads_whether_the_name_goes(client, people, consent, language):
    case = complete_draft(people.requester_bria, request_type="AREA", consent_force=consent)
    make_move(case, "submit", by=people.requester_bria)
    make_move(case, "review", by=people.ocha_bria)
    client.cookies["django_language"] = language
    page = _page(client, people.ocha_bria, reverse("requests:move", args=[case.reference, "transmit"]))
    silent = {"en": "It does not read which organisation asks.", "fr": "Elle ne lit pas quelle organisation demande."}
    assert (silent[language] in page) is not consent


@pytest.mark.parametrize(
    ("language", "un_only", "log"),
    [
        ("en", "UN only: no host-state forces", "Log a patrol"),
        ("fr", "ONU seulement\u202f: aucune force de l’État hôte", "Consigner une patrouille"),
    ],
)
def test_the_force_reads_un_only_plans_and_logs(client, people, language, un_only, log):
    case = _begun(people)
    client.cookies["django_language"] = language
    page = _page(client, people.force_u3, reverse("requests:force_case", args=[case.force_reference]))
    assert un_only in page
    assert log in page
    assert "AID-A" not in page
    url = reverse("requests:force_act", args=[case.force_reference, "patrol"])
    day = case.departure_at.astimezone(case.country.zone).date().isoformat()
    assert day in _page(client, people.force_u3, url)
    words = {"client_key": str(uuid.uuid4()), "seen": 1, "day": day, "km": 96, "direction": "out"}
    assert client.post(url, words).status_code == 302
    assert fresh(case).status == "underway"
    page = _page(client, people.requester_bria, case.get_absolute_url())
    assert 'id="patrols"' in page
    assert "96" in page


def test_the_answers_of_an_escort_are_no_page_of_a_patrol_and_the_other_way_round(client, people):
    case = _begun(people)
    client.force_login(people.force_u3)
    for act in ("counter", "log", "correct"):
        url = reverse("requests:force_act", args=[case.force_reference, act])
        assert client.get(url).status_code in (404, 409), act
        assert client.post(url, {"client_key": str(uuid.uuid4()), "seen": 1}).status_code in (404, 409, 422), act
    assert fresh(case).status == "accepted"


def test_every_form_of_a_patrol_opens(client, people):
    case = _begun(people)
    day = case.departure_at.astimezone(case.country.zone).date()
    _page(client, people.ocha_bria, reverse("requests:record", args=[case.reference, "log_patrol"]))
    make_move(case, "log_patrol", by=people.force_u3, day=day, km=96, direction="out")
    _page(client, people.ocha_bria, reverse("requests:record", args=[case.reference, "correct_patrol"]))
    make_move(case, "end_patrols", by=None, now=case.ends_at + HOUR)
    _page(client, people.requester_bria, reverse("requests:move", args=[case.reference, "give_feedback"]))
    url = reverse("requests:move", args=[case.reference, "give_feedback"])
    words = {"client_key": str(uuid.uuid4()), "base_version": fresh(case).version, "helped": "partly", "text": ""}
    assert client.post(url, words).status_code == 422
    assert client.post(url, words | {"text": "One convoy waited."}).status_code == 302
    page = _page(client, people.ocha_bria, case.get_absolute_url())
    assert "One convoy waited." in page
    assert "One convoy waited." not in _page(
        client, people.force_u3, reverse("requests:force_case", args=[case.force_reference])
    )
    assert ForceFile.objects.get(case=case).request_type == "AREA"


def test_its_file_tells_the_patrols_and_there_is_neither_letter_nor_convoy_sheet(client, people):
    case = _begun(people)
    day = case.departure_at.astimezone(case.country.zone).date()
    make_move(case, "log_patrol", by=people.force_u3, day=day, km=96, direction="both")
    make_move(case, "end_patrols", by=None, now=case.ends_at + HOUR)
    make_move(case, "give_feedback", by=people.requester_bria, helped="yes")
    case = fresh(case)
    case.seen_by = people.ocha_bria.pk
    dossier.read(case)
    for kind in ("letter", "sheet"):
        assert rights.refusal(case, kind, people.ocha_bria, timezone.now()).kind == "right"
    for language, direction in (("en", "There and back"), ("fr", "Aller et retour")):
        issued = issue_paper(case, "file", by=people.ocha_bria, language=language)
        words = pdf_text.text(issued.content)
        assert f"96 km, {direction}" in words
