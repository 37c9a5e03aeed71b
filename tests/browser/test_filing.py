"""Is a request written comfortably in a browser: saved while typing, rows added, and nothing sent by the Enter key?"""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(requester_bria, ocha_bria):
    return factories.draft_case(requester_bria)


def test_a_draft_is_saved_while_somebody_types_and_the_button_finds_its_own_words(open_page, requester_bria, draft):
    page = open_page(requester_bria, width=320)
    page.clock.install()
    page.goto(f"/requests/{draft.reference}/edit/1/")
    page.fill("[name=need]", "Food for Bria")
    with page.expect_response(lambda answer: answer.request.headers.get("x-autosave") == "1"):
        page.clock.run_for(21_000)
    page.locator("[data-saved].bad").wait_for(state="detached")
    assert factories.fresh(draft).need == "Food for Bria"
    page.fill("[name=need]", "Food for Bria and Ippy")
    page.click(".acts button[name=stop]")
    page.wait_for_url(f"**/requests/{draft.reference}/")
    assert factories.fresh(draft).need == "Food for Bria and Ippy"


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_third_alternative_is_added_and_kept(open_page, requester_bria, draft, javascript):
    page = open_page(requester_bria, width=320, javascript=javascript)
    page.goto(f"/requests/{draft.reference}/edit/3/")
    for row, option in enumerate(["patrol", "air", "route"]):
        if row == 2:
            page.click("button[name=add_row]")
        page.select_option(f"[name=alternatives-{row}-option]", option)
        page.fill(f"[name=alternatives-{row}-tried_on]", "2026-01-05")
        page.select_option(f"[name=alternatives-{row}-outcome]", "refused")
    page.click(".acts button[name=stop]")
    page.wait_for_url(f"**/requests/{draft.reference}/")
    assert [row.option for row in draft.alternatives.all()] == ["patrol", "air", "route"]


def test_the_enter_key_goes_on_and_neither_adds_nor_removes(open_page, requester_bria, draft):
    page = open_page(requester_bria)
    page.goto(f"/requests/{draft.reference}/edit/3/")
    page.select_option("[name=alternatives-0-option]", "air")
    page.fill("[name=alternatives-0-tried_on]", "2026-01-05")
    page.select_option("[name=alternatives-0-outcome]", "cost")
    page.fill("[name=alternatives-0-note]", "Too heavy")
    page.press("[name=alternatives-0-note]", "Enter")
    page.wait_for_selector(".summary")
    assert page.locator("fieldset.formrow").count() == 2, "no row was added"
    assert [row.note for row in draft.alternatives.all()] == ["Too heavy"]
