"""Lines 0-17 and 0-19 of the field's list: no asset of belligerents; the register of forces is dated."""

import pytest
from playwright.sync_api import expect

from contacts.models import Force
from tests.factories import case_at, complete_draft, fresh

WORDS = {
    "en": ("This provider cannot be named here.", "engaged in combat", "Suspended"),
    "fr": ("Ce fournisseur ne peut pas être désigné ici.", "engagée dans des combats", "Suspendue"),
}
ENDED = {
    "en": ("31 July 2014", "15 August 2022", "31 December 2023"),
    "fr": ("31 juillet 2014", "15 août 2022", "31 décembre 2023"),
}


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_line_0_17_a_force_in_combat_stops_new_requests_and_suspends_agreed_ones(open_page, people, locale):
    draft, agreed = complete_draft(people.requester_bria), case_at("approved", people)
    stopped, rating, suspended = WORDS[locale]
    for person in (people.ocha_bgi, people.requester_bria):
        person.language = locale
        person.save(update_fields=["language"])
    force = Force.objects.get(acronym="MINUSCA")
    page = open_page(people.ocha_bgi, locale=locale, width=320)
    page.goto(f"/register/{force.pk}/propose/")
    page.check("input[name='status'][value='in_combat']")
    page.fill("textarea[name='basis']", "Fighting alongside one side since this morning.")
    page.click("button[name='propose']")
    expect(page.locator("main")).to_contain_text(rating)
    assert fresh(agreed).status == "suspended"
    page = open_page(people.requester_bria, locale=locale, width=320)
    page.goto(agreed.get_absolute_url())
    expect(page.locator("main")).to_contain_text(suspended)
    expect(page.locator("main")).to_contain_text(stopped.rstrip("."))
    expect(page.locator("main")).not_to_contain_text(rating)
    page.goto(f"{draft.get_absolute_url()}")
    expect(page.locator("main")).to_contain_text(stopped.rstrip("."))
    assert fresh(draft).status == "draft"
    assert page.goto("/register/").status == 404


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_line_0_19_who_has_left_mali_stands_with_its_dates(open_page, people, locale):
    people.ocha_bko.language = locale
    people.ocha_bko.save(update_fields=["language"])
    page = open_page(people.ocha_bko, locale=locale, width=320)
    page.goto("/register/")
    for acronym, until in zip(("Serval", "Barkhane", "MINUSMA"), ENDED[locale], strict=True):
        page.get_by_role("link", name=acronym, exact=True).click()
        expect(page.locator(".lede")).to_contain_text(until)
        page.go_back()
