"""The lines of domain.md §8 on guidelines and rules, each by its number, looked at as a person looks."""

import re

import pytest
from django.utils import timezone

from contacts.models import Force
from requests_app.models import Case
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = pytest.mark.parametrize("locale", ["en", "fr"])


def test_line_0_1_the_library_finds_the_clause_on_transport(open_page, requester_bria):
    page = open_page(requester_bria)
    page.goto("/guidance/")
    page.fill("#q", "transport")
    page.press("#q", "Enter")
    assert page.locator("#ml-pos-5").is_visible()


@BOTH
def test_line_0_2_a_missing_file_is_said_and_is_no_dead_link(open_page, requester_bria, locale):
    page = open_page(requester_bria, locale=locale)
    page.goto("/guidance/")
    card = page.locator("#ml-code").inner_text()
    for words in {"en": ("French only", "File missing"), "fr": ("Français seulement", "Fichier manquant")}[locale]:
        assert words in card
    page.click("#ml-code h2 a")
    page.wait_for_url("**/guidance/ML-CODE/")


def test_line_0_3_each_line_of_the_questionnaire_opens_its_source(open_page, requester_bria):
    case = factories.draft_case(requester_bria)
    page = open_page(requester_bria)
    page.goto(f"/requests/{case.reference}/edit/3/")
    lines = page.locator("#div_id_risks .opens")
    sources = page.locator("#div_id_risks .opens > .cite a")
    assert sources.count() == lines.count() - 1, "all but “nothing of this”"
    assert "ML-POS" not in page.locator("#div_id_risks").inner_text()
    key = sources.first.inner_text()
    sources.first.click()
    page.wait_for_url(re.compile(r"/guidance/#car-cmc-8-5$"))
    assert page.locator("#car-cmc-8-5").inner_text() == key


@BOTH
def test_line_1_1_three_functions_signed_and_it_asks_for_review(open_page, requester_bria, locale):
    page = open_page(requester_bria, locale=locale)
    page.goto("/guidance/CAR-CMC/")
    words = page.locator("main").inner_text()
    for signed in {
        "en": ("Special Representative", "Force Commander", "Humanitarian Coordinator", "Older than three years"),
        "fr": ("Représentant spécial", "Commandant de la Force", "Coordonnateur humanitaire", "Plus de trois ans"),
    }[locale]:
        assert signed in words


def test_line_1_4_a_missing_answer_blocks_the_sending_and_is_led_to(open_page, requester_bria):
    case = factories.complete_draft(requester_bria, exit_plan="")
    page = open_page(requester_bria)
    page.goto(f"/requests/{case.reference}/submit/")
    link = page.locator("main a[href*='exit_plan']").first
    link.click()
    page.wait_for_url(re.compile(r"/edit/3/.*exit_plan"))
    assert page.locator("[name=exit_plan]").is_visible()
    assert factories.fresh(case).status == "draft"


def test_line_1_6_direct_assistance_demands_a_justification(open_page, people):
    case = factories.case_at("reviewing", people)
    page = open_page(people.ocha_bria)
    page.goto(f"/requests/{case.reference}/assess/")
    page.check("[name=support_level][value=direct]")
    page.locator("main form button.btn").last.click()
    page.get_by_text("Direct assistance needs a justification").first.wait_for()
    assert not case.assessments.filter(support_level="direct").exists()


def test_line_1_13_past_its_end_a_request_has_expired_and_is_not_scheduled(open_page, people):
    case = factories.case_at("accepted", people)
    Case.objects.filter(pk=case.pk).update(ends_at=timezone.now() - factories.HOUR)
    page = open_page(people.ocha_bria)
    page.goto(f"/requests/{case.reference}/")
    assert "Expired" in page.locator("main").inner_text()
    assert page.locator("a[href$='/schedule/']").count() == 0
    assert page.goto(f"/requests/{case.reference}/schedule/").status in (404, 409)


def test_line_1_14_the_police_of_the_mission_can_be_the_provider(open_page, requester_bria):
    case = factories.draft_case(requester_bria)
    unpol = Force.objects.get(acronym="UNPOL")
    page = open_page(requester_bria)
    page.goto(f"/requests/{case.reference}/edit/2/")
    page.select_option("[name=force]", str(unpol.pk))
    page.click(".acts button[name=stop]")
    page.wait_for_url(f"**/requests/{case.reference}/")
    assert factories.fresh(case).force == unpol


def test_line_1_18_the_coordinator_sees_it_after_ocha_and_approves_within_limits_only(open_page, people):
    early, ready = factories.case_at("reviewing", people), factories.case_at("deciding", people)
    page = open_page(people.hc)
    assert page.goto(f"/requests/{early.reference}/").status == 404
    page.goto(f"/requests/{ready.reference}/approve/")
    page.fill("[name=valid_to]", "")
    page.locator("main form button.btn").last.click()
    page.locator(".summary").wait_for()
    assert factories.fresh(ready).status == "deciding"
