"""Lines 0-14 and 1-10 of domain.md §8: a request that is imposed, and two that ask for the same."""

import pytest

from requests_app.models import Case
from requests_app.services import make_move
from tests.browser.looking import axe_findings, overflows
from tests.factories import case_at, complete_draft
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "en": ("OCHA was called", "Draft of an access incident", "Asked for twice?", "Propose to join"),
    "fr": ("OCHA a été appelé", "Projet d’incident d’accès", "Demandé deux fois", "Proposer de réunir"),
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_line_0_14_an_imposed_escort_calls_ocha_and_drafts_an_incident(people, open_page, language):
    called, draft, _twice, _propose = WORDS[language]
    people.ocha_bria.language = language
    people.ocha_bria.save()
    case = complete_draft(people.requester_bria, risks=["imposed"], risk_imposed="The checkpoint demands an escort.")
    make_move(case, "submit", by=people.requester_bria)
    page = open_page(people.ocha_bria, width=320, locale=language)
    page.goto(case.get_absolute_url())
    page.get_by_role("heading", name=called, exact=True).wait_for()
    page.get_by_role("link", name=draft).click()
    page.get_by_text("AMRF-3").wait_for()
    assert (overflows(page), axe_findings(page)) == ([], [])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_line_1_10_two_requests_on_one_axis_and_day_are_flagged_and_joined(people, other_ngo, open_page, language):
    _called, _draft, twice, propose = WORDS[language]
    people.ocha_bria.language = language
    people.ocha_bria.save()
    neighbour = person("req.other", "requester", organisation=other_ngo, name="Logistician", station="bria")
    mine = case_at("reviewing", people, consent_partners=True)
    theirs = complete_draft(neighbour, cargo="Tarpaulins", consent_partners=True)
    make_move(theirs, "submit", by=neighbour)
    page = open_page(people.ocha_bria, width=320, locale=language)
    page.goto(f"/requests/{mine.reference}/assess/")
    page.get_by_role("heading", name=twice).wait_for()
    assert (overflows(page), axe_findings(page)) == ([], [])
    page.get_by_role("button", name=propose).click()
    page.wait_for_url(f"**{mine.get_absolute_url()}")
    assert Case.objects.get(pk=theirs.pk).follows.case == mine
