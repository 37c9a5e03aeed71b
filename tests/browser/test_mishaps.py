"""Does a person lose anything when a session ends, a button is pressed twice, or two people write at once?"""

import pytest

from requests_app.models import Case
from tests.browser.walking import fill, step
from tests.factories import case_at, complete_draft, draft_case, fresh
from tests.people import PASSWORD

NEED = "Food for 4,200 people displaced around Bria."


@pytest.fixture
def draft(requester_bria) -> Case:
    return draft_case(requester_bria)


@pytest.mark.parametrize("javascript", [True, False])
def test_words_typed_after_the_session_ended_are_there_after_signing_in(open_page, requester_bria, draft, javascript):
    page = open_page(requester_bria, javascript=javascript)
    page.goto(f"/requests/{draft.reference}/edit/1/")
    fill(page, need=NEED, people="4200")
    page.context.clear_cookies(name="sessionid")
    page.click(".acts button[name=go]")
    page.wait_for_url("**/account/login/**")
    assert fresh(draft).need == ""
    fill(page, login=requester_bria.username, password=PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/requests/{draft.reference}/edit/1/")
    assert page.input_value("[name=need]") == NEED
    page.click(".acts button[name=stop]")
    page.wait_for_url(f"**/requests/{draft.reference}/")
    assert (fresh(draft).need, fresh(draft).people) == (NEED, 4200)


def test_nobody_else_gets_the_words_of_an_ended_session(open_page, requester_bria, colleague_bria, draft):
    page = open_page(requester_bria)
    page.goto(f"/requests/{draft.reference}/edit/1/")
    fill(page, need=NEED)
    page.context.clear_cookies(name="sessionid")
    page.click(".acts button[name=go]")
    page.wait_for_url("**/account/login/**")
    fill(page, login=colleague_bria.username, password=PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/requests/{draft.reference}/edit/1/")
    assert NEED not in page.content()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_second_click_sends_one_request(open_page, requester_bria, ocha_bria, javascript):
    """Also without script, where two browsers send the same page."""
    case = complete_draft(requester_bria)
    page = open_page(requester_bria, javascript=javascript)
    page.goto(f"/requests/{case.reference}/submit/")
    button = page.locator("main form[method=post] .btn:not(.line)").last
    if javascript:
        button.dblclick()
    else:
        again = page.context.new_page()
        again.goto(page.url)
        keys = {name: page.input_value(f"main [name={name}]") for name in ("client_key", "base_version")}
        for name, value in keys.items():
            again.eval_on_selector(f"main [name={name}]", "(e, value) => { e.value = value; }", value)
        button.click()
        again.locator("main form[method=post] .btn:not(.line)").last.click()
        again.wait_for_url(f"**/requests/{case.reference}/")
    page.wait_for_url(f"**/requests/{case.reference}/")
    assert [move.code for move in case.moves.all()] == ["submit"]


def test_two_who_write_at_once_see_both_versions(open_page, requester_bria, colleague_bria, draft):
    mine, theirs = open_page(requester_bria), open_page(colleague_bria)
    for page in (mine, theirs):
        page.goto(f"/requests/{draft.reference}/edit/1/")
    fill(theirs, need="Medicine for the hospital.", people="300")
    theirs.click(".acts button[name=stop]")
    theirs.wait_for_url(f"**/requests/{draft.reference}/")
    fill(mine, need=NEED)
    mine.click(".acts button[name=go]")
    mine.wait_for_selector("[name=keep-need]")
    said = mine.locator("main").inner_text()
    assert NEED in said
    assert "Medicine for the hospital." in said
    assert str(colleague_bria) in said
    mine.check("[name=keep-need][value=mine]")
    mine.locator("main form[method=post] .btn:not(.line)").click()
    mine.wait_for_selector("textarea[name=need]")
    assert (fresh(draft).need, fresh(draft).people) == (NEED, 300)


def test_who_comes_second_reads_who_came_first(open_page, people):
    case = case_at("deciding", people)
    first, second = open_page(people.hc), open_page(people.hc)
    for page in (first, second):
        page.goto(f"/requests/{case.reference}/")
    first.click("button[name=as_drafted]")
    first.wait_for_selector(".messages, [role=status]")
    second.click("button[name=as_drafted]")
    second.wait_for_load_state()
    assert str(people.hc) in second.locator("main").inner_text()
    assert case.decisions.count() == 1


def test_a_step_is_made_with_the_keyboard_alone(open_page, people):
    case = case_at("submitted", people)
    page = open_page(people.log_cluster)
    page.goto(f"/requests/{case.reference}/")
    tab_to(page, f'a[href="/requests/{case.reference}/advise_cluster/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/advise_cluster/")
    tab_to(page, "[name=value]")
    page.keyboard.press("Space")
    tab_to(page, "main form .acts .btn:not(.line)")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/requests/{case.reference}/")
    assert case.opinions.get().value == "endorsed"


def tab_to(page, selector):
    """Press Tab until this element has the focus, as somebody without a mouse does; the focus must be seen."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"The keyboard does not reach {selector}.")


def test_a_wrong_answer_stays_on_the_page_with_its_sentence(open_page, requester_bria, draft):
    page = open_page(requester_bria, javascript=False)
    page.goto(f"/requests/{draft.reference}/edit/2/")
    fill(page, departure_at="2020-01-01T08:00", vehicles="many", cargo="Food")
    page.click(".acts button[name=go]")
    assert page.input_value("[name=vehicles]") == "many"
    assert page.input_value("[name=departure_at]") == "2020-01-01T08:00"
    for field in ("vehicles", "departure_at"):
        described = page.get_attribute(f"[name={field}]", "aria-describedby").split()
        assert any(page.locator(f"[id='{name}']").inner_text() for name in described if "error" in name)
    assert fresh(draft).cargo == "Food"


def test_the_force_cannot_tell_a_hidden_request_from_none(open_page, people):
    case = case_at("transmitted", people)
    page = open_page(people.force_u3)
    answers = []
    for reference in (case.reference, "CAF-AE-2026-9999"):
        status = page.goto(f"/requests/{reference}/").status
        answers.append((status, page.content().replace(reference, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def test_a_step_that_asks_nothing_is_one_press(open_page, people):
    case = case_at("submitted", people)
    page = open_page(people.ocha_bria, javascript=False)
    page.goto(f"/requests/{case.reference}/")
    step(page, "review")
    assert fresh(case).status == "reviewing"
