"""Do the small scripts help, and does everything work without them? Shown on the gallery of pieces."""

import pytest

from tests.browser.looking import axe_findings

GALLERY = "/ui/gallery/"


@pytest.fixture(autouse=True)
def in_demonstration(settings):
    settings.DEMO = True


@pytest.fixture
def gallery(open_page):
    page = open_page()
    page.goto(GALLERY)
    return page


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pieces_are_open_to_everybody_and_fit_the_screen(open_page, width):
    page = open_page(width=width)
    page.goto(GALLERY)
    assert not axe_findings(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_wrong_answers_are_open_to_everybody_too(gallery):
    gallery.click("button[name=go]")
    gallery.wait_for_selector(".summary:focus")
    assert not axe_findings(gallery)


def test_an_error_leads_to_its_input(gallery):
    gallery.click("button[name=go]")
    gallery.click(".summary a >> nth=1")
    assert gallery.evaluate("document.activeElement.id") == "id_people"


def test_a_question_appears_when_it_matters(gallery):
    assert gallery.locator("#id_urgent_why").is_hidden()
    gallery.check("#id_urgency_1")
    assert gallery.locator("#id_urgent_why").is_visible()


def test_without_script_every_question_is_there(open_page):
    page = open_page(javascript=False)
    page.goto(GALLERY)
    assert page.locator("#id_urgent_why").is_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_row_can_be_added(open_page, javascript):
    page = open_page(javascript=javascript)
    page.goto(GALLERY)
    page.fill("[name=tried-0-what]", "Called the elders")
    page.click("[name=add_row]")
    page.wait_for_selector("[name=tried-1-what]")
    assert page.input_value("[name=tried-0-what]") == "Called the elders"
    assert page.input_value("[name=tried-TOTAL_FORMS]") == "2"


def test_a_draft_is_saved_while_somebody_types(open_page):
    page = open_page()
    page.clock.install()
    page.goto(GALLERY)
    page.fill("#id_need", "Food for Bria")
    with page.expect_response(lambda answer: answer.request.headers.get("x-autosave") == "1"):
        page.clock.fast_forward(20_000)
    page.wait_for_selector("form[data-autosave][data-clean='1']", state="attached")
    assert page.locator(".saved").inner_text().strip().startswith("Saved at")


def test_a_draft_that_could_not_be_saved_says_so(open_page):
    page = open_page()
    page.clock.install()
    page.goto(GALLERY)
    page.route("**" + GALLERY, lambda route: route.abort())
    page.fill("#id_need", "Food for Bria")
    page.clock.fast_forward(20_000)
    page.wait_for_selector(".saved.bad")
    assert page.locator(".saved").inner_text().strip().startswith("Not saved")


def test_leaving_with_unsaved_words_asks_first(gallery):
    asked = []
    gallery.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    gallery.fill("#id_need", "Food")
    gallery.click(".brand")
    gallery.wait_for_url("**/")
    assert asked == ["beforeunload"]


def test_a_second_click_sends_nothing_twice(gallery):
    sent = []
    gallery.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    gallery.dblclick("button[name=go]")
    gallery.wait_for_selector(".summary")
    assert len(sent) == 1


def test_an_open_menu_closes_on_escape(open_page, ocha_bria):
    page = open_page(ocha_bria)
    page.goto(GALLERY)
    page.click(".menu summary")
    assert page.locator(".menu .panel").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".menu .panel").is_hidden()
