"""Lines 1-11 and 1-12 of the field's list: a patrol in place of an escort, and with whom the force may do it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from requests_app.models import Case
from requests_app.services import make_move
from tests.factories import DAY, HOUR, complete_draft, fresh

TASK = {"task": "Please patrol the axis in these days.", "confirmed": ["task"]}
WORDS = {
    "en": ("UN only: no host-state forces", "1 patrol done, 96 km"),
    "fr": ("ONU seulement\u202f: aucune force de l’État hôte", "1 patrouille effectuée, 96 km"),
}


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_line_1_11_one_tap_from_an_escort_and_the_force_logs_what_the_requester_sees(open_page, people, locale):
    for person in (people.requester_bria, people.force_u3):
        person.language = locale
        person.save(update_fields=["language"])
    now = timezone.now()
    then = now - DAY * 10 - HOUR
    escort = complete_draft(people.requester_bria)
    page = open_page(people.requester_bria, locale=locale, width=320)
    page.goto(f"/requests/{escort.reference}/edit/3/")
    page.click("button[name='patrol']")
    page.wait_for_url("**/requests/CAF-AREA-*/edit/1/")
    assert Case.objects.get(request_type="AREA").instead_of == escort
    patrol = complete_draft(people.requester_bria, request_type="AREA", now=then)
    day = patrol.departure_at.astimezone(patrol.country.zone).date()
    make_move(patrol, "submit", by=people.requester_bria, now=then)
    make_move(patrol, "review", by=people.ocha_bria, now=then)
    make_move(patrol, "transmit", by=people.ocha_bria, now=then, **TASK)
    make_move(patrol, "accept", by=people.force_u3, now=then, days=[day])
    force = open_page(people.force_u3, locale=locale, width=320)
    force.goto(f"/force/{fresh(patrol).force_reference}/patrol/")
    expect(force.locator("main")).not_to_contain_text(patrol.organisation.acronym)
    force.select_option("select[name='day']", day.isoformat())
    force.fill("input[name='km']", "96")
    force.check("input[name='direction'][value='out']")
    force.locator("form button.btn").last.click()
    page.goto(patrol.get_absolute_url())
    expect(page.locator("#patrols")).to_contain_text(WORDS[locale][1])


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_line_1_12_without_the_consent_to_mixed_patrols_the_force_reads_un_only(open_page, people, locale):
    people.force_u3.language = locale
    people.force_u3.save(update_fields=["language"])
    patrol = complete_draft(people.requester_bria, request_type="AREA", mixed_patrol=False)
    make_move(patrol, "submit", by=people.requester_bria)
    make_move(patrol, "review", by=people.ocha_bria)
    make_move(patrol, "transmit", by=people.ocha_bria, **TASK)
    page = open_page(people.force_u3, locale=locale, width=320)
    page.goto(f"/force/{fresh(patrol).force_reference}/")
    expect(page.locator("main")).to_contain_text(WORDS[locale][0])
    expect(page.locator("main")).not_to_contain_text(patrol.organisation.acronym)
