"""Lines 0-10 and 1-19 of domain.md §8: what a force may not have carried, and how the rest is answered."""

import datetime as dt

import pytest
from django.utils import timezone

from requests_app.models import ReverseRequest
from requests_app.services import move_reverse
from tests.browser.looking import axe_findings, overflows
from tests.requests_app.reverse_steps import DAY, reverse_at

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "en": ("Uniformed personnel", "Military personnel in civilian clothes", "Send to OCHA", "Refused automatically"),
    "fr": ("Personnel en uniforme", "Personnel militaire en tenue civile", "Envoyer à OCHA", "Refusée automatiquement"),
}


def ask(page, owner: int, tick: str, send: str) -> None:
    """A force asks for seats, and declares what would sit in them."""
    page.goto("/reverse/asked/new/")
    page.locator("#id_component").fill("U4")
    page.locator("#id_asset_wanted").select_option("seat")
    page.locator("#id_owner").select_option(str(owner))
    page.locator("#id_station").select_option(index=1)
    page.locator("input[name=purpose_kind]").first.check()
    page.locator("#id_purpose_text").fill("Six places.")
    page.get_by_label(tick, exact=True).check()
    now = timezone.now()
    for name, at in (("starts_at", now + DAY), ("ends_at", now + 2 * DAY)):
        page.locator(f"#id_{name}").fill(f"{at:%Y-%m-%dT%H:%M}")
    page.locator("#id_place").fill("Bangui")
    page.get_by_role("button", name=send).click()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_line_0_10_personnel_in_civilian_clothes_are_refused_in_mali(people, open_page, language):
    _uniform, clothes, send, refused = WORDS[language]
    people.force_ml.language = language
    people.force_ml.save()
    page = open_page(people.force_ml, width=320, locale=language)
    wfp = people.requester_un.organisation
    wfp.countries.add("MLI")
    ask(page, wfp.pk, clothes, send)
    page.get_by_role("heading", name=refused).wait_for()
    assert (overflows(page), axe_findings(page)) == ([], [])
    page.get_by_role("link", name="ML-POS ¶5").first.click()
    assert page.url.endswith("/guidance/#ml-pos-5")
    reverse = ReverseRequest.objects.get()
    look = open_page(people.ocha_bko, width=1280, locale=language)
    look.goto(reverse.get_absolute_url())
    look.get_by_role("link", name="ML-POS ¶5").first.wait_for()
    assert look.locator("main .acts").count() == 0  # no button leads out of it
    assert look.goto(f"{reverse.get_absolute_url()}receive/").status == 409
    assert open_page(people.hc_ml).goto(f"{reverse.get_absolute_url()}validate/").status == 404


@pytest.mark.parametrize("language", ["en", "fr"])
def test_line_1_19_uniformed_personnel_are_refused_citing_the_clause(people, open_page, language):
    uniform, _clothes, send, refused = WORDS[language]
    people.force_u3.language = language
    people.force_u3.save()
    page = open_page(people.force_u3, width=320, locale=language)
    ask(page, people.requester_bria.organisation_id, uniform, send)
    page.get_by_role("heading", name=refused).wait_for()
    page.get_by_role("link", name="CAR-CMC §9.3").first.wait_for()
    assert ReverseRequest.objects.get().status == "refused"


def test_line_1_19_with_none_the_owner_consents_and_the_coordinator_validates(people, open_page):
    reverse = reverse_at("consenting", people)
    owner = open_page(people.requester_bria, width=320)
    owner.goto(reverse.get_absolute_url())
    owner.get_by_role("link", name="Consent", exact=True).click()
    owner.get_by_role("button", name="Consent").click()
    owner.get_by_text("It is recorded").first.wait_for()
    move_reverse(reverse, "forward", by=people.ocha_bria, aim="humanitarian")
    hc = open_page(people.hc, width=1280)
    hc.goto("/reverse/")
    hc.get_by_role("link", name="Cargo space").first.click()
    hc.get_by_role("link", name="Agree, with conditions").click()
    hc.get_by_label("These dates only").check()
    hc.get_by_role("button", name="Agree, with conditions").click()
    hc.get_by_text("It is recorded").first.wait_for()
    reverse.refresh_from_db()
    assert (reverse.status, reverse.owner_consent, reverse.hc_validation) == ("agreed", "consents", "granted")
    assert reverse.answers.get().sent_at > timezone.now() - dt.timedelta(minutes=5)
