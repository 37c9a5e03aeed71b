"""A rescue of a stranded mission in the browser: telephone first, six questions, hours, the writing of the day after.

Named by the lines of domain.md §8. The whole story with its mails is tests/requests_app/test_nzacko.py.
"""

import pytest

from requests_app.models import Case
from requests_app.services import make_move
from tests.browser.walking import fill
from tests.factories import complete_draft, fresh, limits_of

SIX = {
    "en": ["1. Who?", "2. Where?", "3. How many?", "4. Which threat?", "5. A civilian way?", "6. By whom?"],
    "fr": ["1. Qui ?", "2. Où ?", "3. Combien ?", "4. Quelle menace ?", "5. Un moyen civil ?", "6. Par qui ?"],
}
FIRST = {"en": "Life in danger? Telephone first.", "fr": "Vie en danger ? Téléphonez d’abord."}
PATIENT = {
    "en": "Nothing else about a patient is written here: no name, no wound, no illness.",
    "fr": "Rien d’autre sur un patient ne s’écrit ici : ni nom, ni blessure, ni maladie.",
}
DUE = {"en": "Decided by word of mouth: to confirm in writing", "fr": "Décidé oralement : à confirmer par écrit"}


def words(page) -> str:
    text = page.locator("main").inner_text()
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def rescue(people) -> Case:
    """Filed, decided orally on the telephone of the coordinator, not yet written."""
    case = complete_draft(people.requester_bria, request_type="EVAC")
    make_move(case, "submit", by=people.requester_bria)
    case = fresh(case)
    make_move(case, "approve_orally", by=people.hc, **limits_of(case, valid_from=case.departure_at))
    return fresh(case)


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_line_1_22_only_six_questions_after_the_telephone(open_page, people, minusca, locale):
    page = open_page(people.requester_bria, locale=locale, width=320)
    page.goto("/requests/new/")
    fill(page, request_type="EVAC")
    page.locator("main form[method=post] .btn:not(.line)").click()
    page.wait_for_url("**/edit/1/")
    shown = words(page)
    assert shown.index(FIRST[locale]) < shown.index(SIX[locale][0]), "the telephone stands before the form"
    assert page.locator("#telephone-first a[href^='tel:']").count() == 2
    headings = [
        text.replace("\N{NARROW NO-BREAK SPACE}", " ")
        for text in page.locator("main form fieldset.card > legend").all_inner_texts()
    ]
    assert headings[:6] == SIX[locale]
    assert len(headings) == 7, "six questions and a number to call back"
    if locale == "fr":
        return
    place = page.locator("select[name=origin] option", has_text="Nzacko").get_attribute("value")
    fill(page, need="Nine people, stranded.", no_weapons=True, passenger_count="9", why_safer="Armed men around.",
         civilian_within_hour="no", call_back="+236 70 00 00 31", force=minusca)  # fmt: skip
    page.select_option("[name=origin]", place)
    page.click(".acts button[name=go]")
    page.wait_for_url("**/submit/")
    fill(page, shared=["consent_force", "consent_partners"])
    page.locator("main form[method=post] .btn:not(.line)").last.click()
    page.wait_for_url(lambda url: url.endswith("-0001/"))
    case = Case.objects.get()
    assert (case.status, case.urgency) == ("submitted", "immediate")
    assert "59 min" in words(page) or "1 h left" in words(page), "clocks in hours"


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_line_1_22_nothing_medical_is_asked_of_a_patient(open_page, people, locale):
    case = complete_draft(people.requester_bria, request_type="MED")
    page = open_page(people.requester_bria, locale=locale)
    page.goto(f"/requests/{case.reference}/edit/1/")
    assert PATIENT[locale] in words(page)
    assert page.locator("[name=triage]").count() == 3
    assert page.locator("[name=need]").count() == 0


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_line_1_22_the_coordinator_confirms_in_writing_later(open_page, people, rescue, locale):
    page = open_page(people.hc, locale=locale)
    page.goto("/")
    assert DUE[locale] in words(page)
    page.goto(f"/requests/{rescue.reference}/")
    assert page.locator("main a[href$='/confirm_in_writing/']").count()
    assert ("24 h" in words(page)) or ("23 h" in words(page))
