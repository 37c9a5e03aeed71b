"""Lines 0-4 and 0-12 of the field's list: the strategy of Mali and who changes it; escorts that are not foreseen."""

import re

import pytest
from playwright.sync_api import expect

from cmcoord.activity.models import Event
from requests_app.models import ProposedPolicy
from tests.factories import complete_draft

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "en": ("Coexistence", "Country profile: Mali", "Armed escorts are not foreseen in Mali", "Coordination"),
    "fr": ("Coexistence", "Profil du pays : Mali", "Les escortes armées ne sont pas prévues dans ce pays : Mali", ""),
}


def spaced(words: str) -> re.Pattern:
    """French puts a narrow space before a colon."""
    return re.compile(re.escape(words).replace(r"\ ", r"\s"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_line_0_4_home_of_mali_shows_the_strategy(open_page, requester_mopti, language):
    requester_mopti.language = language
    requester_mopti.save()
    strategy, title, _banner, _other = WORDS[language]
    page = open_page(requester_mopti, locale=language, width=320)
    page.goto("/")
    expect(page.locator("#country-MLI")).to_contain_text(strategy)
    page.locator("#country-MLI a").click()
    expect(page.locator("h1")).to_have_text(spaced(title))
    expect(page.locator("a[href$='/propose/']")).to_have_count(0)


def test_line_0_4_changing_it_needs_the_coordinator_and_is_logged(open_page, requester_mopti, ocha_bko, hc_ml, mali):
    page = open_page(ocha_bko)
    page.goto("/countries/MLI/propose/")
    page.get_by_label("Coordination", exact=True).check()
    page.get_by_label("Why?").fill("The country team agreed on it.")
    page.get_by_role("button", name="Propose this policy").click()
    page.wait_for_url("**/countries/MLI/")
    assert mali.profile_on().strategy == "coexistence"
    page = open_page(hc_ml)
    page.goto("/countries/MLI/")
    expect(page.locator("#proposed")).to_contain_text("Coexistence → Coordination", ignore_case=True)
    page.get_by_role("button", name="Put into force").click()
    expect(page.get_by_text("Version 2, in force from")).to_be_visible()
    assert mali.profile_on().strategy == "coordination"
    event = Event.objects.about(ProposedPolicy.objects.get()).get(kind="policy.confirm")
    assert event.data["values"] == {"strategy": {"old": "coexistence", "new": "coordination"}}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_line_0_12_the_escort_form_of_mali_warns_and_wants_alternatives(open_page, requester_mopti, language):
    requester_mopti.language = language
    requester_mopti.save()
    case = complete_draft(requester_mopti, alternatives=[])
    page = open_page(requester_mopti, locale=language, width=320)
    page.goto(f"/requests/{case.reference}/edit/3/")
    banner = page.locator("#not-foreseen")
    expect(banner.locator("h2")).to_have_text(spaced(WORDS[language][2]))
    expect(banner.get_by_role("link", name="ML-POS ¶6")).to_have_attribute("href", "/guidance/#ml-pos-6")
    page.goto(f"/requests/{case.reference}/submit/")
    expect(banner).to_be_visible()
    assert page.locator("#missing, main").first.locator("a[href$='#alternatives']").count() > 0
    assert page.locator("form button[name='send'], form .acts button.btn:not(.line)").count() == 0, (
        "no button to send it"
    )
    case.refresh_from_db()
    assert case.status == "draft"
