"""Who reads the register of forces, and what do its pages do?"""

import datetime as dt

import pytest
from django.urls import reverse

from cmcoord.accounts.roles import Role
from cmcoord.activity.models import Event
from contacts.models import Force, ForceStatus
from contacts.services import confirm_status, propose_status
from requests_app import register_page
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
SAID = {"basis": "Communiqué of the force.", "clause": "ML-POS ¶7"}
FORM = {"status": "in_combat", "area": "", "valid_from": "2026-11-02", "valid_to": "", **SAID}


@pytest.fixture
def row(minusca, ocha_bgi):
    return propose_status(minusca, by=ocha_bgi, status="party", valid_from=dt.date(2026, 11, 1), **SAID)


def page(client, user, name, *args, data=None):
    client.force_login(user)
    url = reverse(f"register:{name}", args=args)
    return client.post(url, data) if data is not None else client.get(url)


def test_the_list_shows_the_status_of_today_and_what_waits_and_each_reading_is_recorded(client, row, hoo, hc):
    html = page(client, hoo, "forces").content.decode()
    assert "party to the conflict" in html and "1 to confirm" in html and "not present" not in html
    assert "encouraged to apply them" in html  # EUTM RCA
    assert Event.objects.filter(kind="status.open", by=hoo).count() == 1


def test_the_forces_of_a_country_stand_on_a_line_of_time(client, ocha_bko, mali):
    """Line 0-19 of domain.md §8: Serval ended, Barkhane after it, MINUSMA ended in 2023."""
    html = page(client, ocha_bko, "forces").content.decode()
    line = html[html.index("Who was there when") :]
    order = [line.index(f">{name}<") for name in ("FAMa", "Serval", "AFISMA", "MINUSMA", "Barkhane")]
    assert order == sorted(order)
    assert line.count("ended") >= 6 and "31 December 2023" in line
    year, rows = register_page.presences(mali, dict(register_page.forces(ocha_bko))[mali])
    spans = {row.force.acronym: (row.x, row.x + row.width) for row in rows}
    assert (year, spans["FAMa"]) == (2013, (0, register_page.WIDTH))
    assert spans["Serval"][1] == spans["Barkhane"][0] < spans["MINUSMA"][1] < register_page.WIDTH


def test_the_page_of_a_force_shows_every_row_with_its_clause_and_the_button_of_the_reader(client, row, hc, ocha_bgi):
    html = page(client, hc, "force", row.force_id).content.decode()
    assert "Communiqué of the force." in html and "acts, waits for confirmation" in html and "counts today" in html
    assert "Confirm or reject" in html and "Propose a status" not in html
    html = page(client, ocha_bgi, "force", row.force_id).content.decode()
    assert "Confirm or reject" not in html and "Propose a status" in html


def test_ocha_proposes_and_the_coordinator_confirms_on_the_page(client, minusca, ocha_bgi, hc):
    answer = page(client, ocha_bgi, "propose", minusca.pk, data=FORM)
    row = ForceStatus.objects.get()
    assert answer.url == reverse("register:force", args=[minusca.pk])
    assert page(client, hc, "answer", row.pk).status_code == 200
    assert page(client, hc, "answer", row.pk, data={"confirm": "1"}).status_code == 302
    assert ForceStatus.objects.get().confirmed_by == hc
    assert page(client, hc, "answer", row.pk, data={"reject": "1", "reason": "No."}).status_code == 409


def test_a_rejection_without_a_reason_stays_on_the_page(client, row, hc):
    answer = page(client, hc, "answer", row.pk, data={"reject": "1", "reason": ""})
    assert answer.status_code == 422
    assert "Say why in a sentence." in answer.content.decode()
    assert ForceStatus.objects.get().is_pending


def test_overlapping_periods_are_refused_with_the_sentence_beside_the_day(client, row, ocha_bgi):
    answer = page(client, ocha_bgi, "propose", row.force_id, data=FORM | {"valid_from": "2026-11-01"})
    assert answer.status_code == 422
    assert "two periods cannot overlap" in answer.content.decode()
    assert ForceStatus.objects.count() == 1


def test_a_correction_is_a_new_row_for_the_same_area(client, row, ocha_bgi, hc):
    confirm_status(row, by=hc)
    url = reverse("register:propose", args=[row.force_id]) + f"?corrects={row.pk}"
    client.force_login(ocha_bgi)
    assert "the earlier row stays in the history" in client.get(url).content.decode()
    assert client.post(url, FORM | {"status": "not_party", "valid_from": "2026-11-01"}).status_code == 302
    assert ForceStatus.objects.get(corrects=row).status == "not_party"
    assert client.get(f"{url}x").status_code == 404


@pytest.mark.parametrize("name", ["requester_bria", "force_u3", "donor", "undss", "log_cluster", "ocha_bko", "admin"])
def test_nobody_else_learns_that_there_is_a_rating(name, request, client, row):
    user = request.getfixturevalue(name)
    assert page(client, user, "force", row.force_id).status_code == 404
    assert page(client, user, "propose", row.force_id, data=FORM).status_code == 404
    assert page(client, user, "answer", row.pk, data={"confirm": "1"}).status_code == 404
    listed = page(client, user, "forces")
    assert listed.status_code == (200 if name == "ocha_bko" else 404)
    assert b"party to the conflict" not in listed.content
    assert b'href="/register/"' not in client.get("/guidance/").content or name == "ocha_bko"


def test_a_member_of_the_country_team_who_is_a_donor_learns_nothing(client, row):
    member = person("hct.donor", Role.HCT_MEMBER, organisation="ECHO", name="Donor of the team")
    assert page(client, member, "forces").status_code == 404


def test_who_left_mali_stands_with_its_dates(client, ocha_bko):
    html = page(client, ocha_bko, "forces").content.decode()
    assert html.index("FAMa") < html.index("Serval") and "not present" in html
    serval = Force.objects.get(acronym="Serval")
    assert "31 July 2014" in page(client, ocha_bko, "force", serval.pk).content.decode()
