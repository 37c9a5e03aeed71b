"""Is anything that was typed lost on a line that breaks, and does what did not arrive go out from the same page?"""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from requests_app.models import Case
from tests.browser.conftest import session_of
from tests.browser.walking import fill
from tests.factories import complete_draft, draft_case, fresh

NEED = "Food for 4,200 people displaced around Bria."


@pytest.fixture
def draft(requester_bria) -> Case:
    return draft_case(requester_bria)


def wait_until(page, question) -> None:
    """Give the browser up to five seconds. Its own waiting evaluates text, which the policy of the page refuses."""
    for _turn in range(50):
        if question():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come to it in five seconds")


def step_url(case, step=1):
    return f"/requests/{case.reference}/edit/{step}/"


class TestWithScript:
    @pytest.fixture
    def page(self, open_page, requester_bria, draft):
        page = open_page(requester_bria, width=320)
        page.goto(step_url(draft))
        return page

    def test_the_button_waits_for_the_link_and_then_goes_on_by_itself(self, page, draft):
        fill(page, need=NEED)
        page.context.set_offline(True)
        page.click(".acts button[name=stop]")
        expect(page.locator(".unsent p")).to_contain_text("No answer has come")
        fill(page, people="4200")
        page.context.set_offline(False)
        page.wait_for_url(f"**/requests/{draft.reference}/")
        assert (fresh(draft).need, fresh(draft).people) == (NEED, 4200), "also what was typed while it waited"

    def test_it_can_be_sent_again_by_hand(self, page, draft):
        fill(page, need=NEED)
        page.route("**/edit/1/", lambda route: route.abort())
        page.click(".acts button[name=stop]")
        again = page.locator(".unsent button")
        expect(again).to_be_visible()
        page.unroute("**/edit/1/")
        again.click()
        page.wait_for_url(f"**/requests/{draft.reference}/")
        assert fresh(draft).need == NEED

    def test_an_answer_that_got_lost_is_asked_for_again_and_saves_once(self, page, draft):
        lost = []

        def swallow(route):
            if lost:
                return route.continue_()
            lost.append(route.fetch())
            return route.abort()

        page.route("**/edit/1/", swallow)
        fill(page, need=NEED)
        page.click(".acts button[name=stop]")
        page.wait_for_url(f"**/requests/{draft.reference}/")
        assert len(lost) == 1
        assert (fresh(draft).need, fresh(draft).version) == (NEED, draft.version + 1)

    def test_a_reload_without_link_loses_nothing(self, page, draft):
        page.route("**/edit/1/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        fill(page, need=NEED, people="4200")
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        assert page.input_value("[name=need]") == NEED
        expect(page.locator(".unsent p")).to_contain_text("is back on this page")
        page.goto(f"/requests/{draft.reference}/")
        expect(page.locator("#unsent a")).to_have_text("A page that you typed has not arrived yet. Open it.")
        page.unroute("**/edit/1/")
        page.click("#unsent a")
        expect(page.locator(".saved")).to_contain_text("Saved at")
        wait_until(page, lambda: not page.evaluate("Object.keys(sessionStorage).length"))
        assert (fresh(draft).need, fresh(draft).people) == (NEED, 4200)

    def test_rows_that_were_added_come_back_too(self, page, draft):
        page.goto(step_url(draft, 3))
        page.route("**/edit/3/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        page.click("[data-add]")
        fill(page, **{"alternatives-2-option": "air", "alternatives-2-note": "Too heavy"})
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        assert page.input_value("[name=alternatives-2-option]") == "air"
        assert page.input_value("[name=alternatives-2-note]") == "Too heavy"

    def test_leaving_saves(self, page, draft):
        fill(page, need=NEED)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/requests/")
        wait_until(page, lambda: fresh(draft).need)  # the browser sends it while the next page is there already
        assert fresh(draft).need == NEED

    def test_signing_out_leaves_nothing_behind(self, page, draft):
        page.route("**/edit/1/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        fill(page, need=NEED)
        assert page.evaluate("Object.keys(sessionStorage).length") == 1
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/requests/")
        page.click("details.menu summary")
        page.click('form[action$="/logout/"] button')
        page.wait_for_url("**/account/**")
        assert page.evaluate("Object.keys(sessionStorage).length") == 0

    def test_another_person_in_this_tab_never_gets_the_words(self, page, draft, colleague_bria, live_url):
        page.route("**/edit/1/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        fill(page, need=NEED)
        sign_in_as(page, colleague_bria, live_url)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(step_url(draft))
        assert page.input_value("[name=need]") == ""
        assert page.evaluate("Object.keys(sessionStorage).length") == 0

    def test_a_mistake_is_shown_on_the_page_that_the_answer_brings(self, page, draft):
        fill(page, need=NEED, people="many")
        page.click(".acts button[name=go]")
        expect(page.locator("#id_people_error")).to_be_visible()
        fill(page, people="4200", critical_by="2099-01-01T08:00")
        page.click(".acts button[name=go]")
        page.wait_for_url("**/edit/2/")
        assert (fresh(draft).need, fresh(draft).people) == (NEED, 4200)

    def test_sending_waits_for_the_link_and_sends_once(self, open_page, requester_bria):
        case = complete_draft(requester_bria)
        page = open_page(requester_bria)
        page.goto(f"/requests/{case.reference}/submit/")
        page.context.set_offline(True)
        page.locator("main form[method=post] .btn:not(.line)").last.click()
        expect(page.locator(".unsent p")).to_contain_text("No answer has come")
        page.context.set_offline(False)
        page.wait_for_url(f"**/requests/{case.reference}/")
        assert [move.code for move in case.moves.all()] == ["submit"]

    def test_starting_twice_over_a_lost_answer_opens_one_draft(self, open_page, requester_bria):
        page = open_page(requester_bria)
        page.goto("/requests/new/")
        lost = []

        def swallow(route):
            if lost or route.request.method != "POST":
                return route.continue_()
            lost.append(route.fetch())
            return route.abort()

        page.route("**/requests/new/", swallow)
        page.check("[name=request_type][value=AE]", force=True)
        page.locator("main form[method=post] .btn:not(.line)").last.click()
        page.wait_for_url(re.compile("/edit/1/$"))
        assert Case.objects.count() == 1
        assert len(lost) == 1


def sign_in_as(page, person, live_url):
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": live_url}])


class TestWithoutScript:
    def test_what_was_sent_without_link_is_sent_again_by_reloading(self, open_page, requester_bria, draft):
        """The browser's own page says that there is no link; its reload sends the same answers."""
        page = open_page(requester_bria, javascript=False, width=320)
        page.goto(step_url(draft))
        fill(page, need=NEED)
        page.context.set_offline(True)
        page.click(".acts button[name=go]", no_wait_after=True)
        page.wait_for_timeout(1000)
        page.context.set_offline(False)
        page.reload()
        assert page.input_value("[name=need]") == NEED
        assert fresh(draft).need == NEED
