"""Does a person on the road get a paper, another one after it, and an answer to its code, with and without script?"""

import re

import pytest

from tests import pdf_text
from tests.browser.looking import axe_findings, overflows
from tests.factories import case_at


@pytest.mark.parametrize("javascript", [True, False])
def test_a_paper_is_saved_in_both_languages_and_its_code_is_answered(open_page, people, javascript):
    case = case_at("scheduled", people)
    page = open_page(people.requester_bria, width=320, javascript=javascript)
    page.goto(case.get_absolute_url())
    saved = []
    for number in range(2):  # the page stays, and its buttons with it
        with page.expect_download() as download:
            page.locator("#papers form").nth(1).locator("button").nth(number).click()
        saved.append(download.value)
    assert [each.suggested_filename[-12:] for each in saved] == ["sheet-en.pdf", "sheet-fr.pdf"]
    code = re.search(r"Verification code (\d{4} \d{4} \d{4})", pdf_text.text(saved[0].path().read_bytes()))[1]
    page.goto("/verify/")
    page.fill("[name=code]", code)
    page.set_input_files("[name=file]", saved[0].path())
    page.click("form:has([name=code]) button")
    page.wait_for_selector("#answer")
    assert "This paper holds." in page.inner_text("#answer") and "byte for byte" in page.inner_text("#answer")
    if javascript:
        assert not axe_findings(page) and not overflows(page)
