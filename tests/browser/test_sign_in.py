"""Does a person get in through a real browser, with and without script, in both languages, on a small telephone?"""

import pytest

from tests.browser.looking import axe_findings, overflows
from tests.people import PASSWORD


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("javascript", [True, False])
def test_the_password_signs_a_person_in(open_page, ocha_bria, locale, javascript):
    page = open_page(locale=locale, javascript=javascript, width=320)
    page.goto("/account/login/")
    assert page.get_attribute("html", "lang") == locale
    page.fill("input[name=login]", ocha_bria.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    assert "sessionid" in {cookie["name"] for cookie in page.context.cookies()}


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_the_sign_in_page_fits_and_is_accessible(open_page, db, width, locale):
    page = open_page(locale=locale, width=width)
    page.goto("/account/login/")
    assert not overflows(page)
    assert not axe_findings(page)


def test_the_browser_blocks_nothing_of_ours(open_page, db):
    """The strict policy lets the portal's own script and style through."""
    page = open_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/account/login/")
    assert not complaints
