"""The lines 0-13 and 0-15 of the position of Mali's country team, through a browser: no escort over an objection."""

import pytest
from playwright.sync_api import expect

from tests.factories import consulted_case, fresh
from tests.requests_app.test_consulting import says

OBJECTION = "Fighters threatened whoever travels with this force."
WORDS = {
    "en": ("There is no consensus while an objection stands", "Establish the consensus and approve", "Object"),
    "fr": (
        "Il n’y a pas de consensus tant qu’une objection demeure",
        "Constater le consensus et approuver",
        "S’oppose",
    ),
}


@pytest.fixture
def case(mali_cast):
    """All were reached; one of them objects."""
    found = consulted_case(mali_cast)
    says(found, mali_cast.hct[0], "object", words=OBJECTION)
    for member in mali_cast.hct[1:]:
        says(found, member, "support")
    return fresh(found)


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_line_0_13_an_objection_disables_the_approval_until_it_is_withdrawn(open_page, mali_cast, case, locale):
    mali_cast.hc_ml.language = locale
    mali_cast.hc_ml.save(update_fields=["language"])
    stopped, approve, objects = WORDS[locale]
    page = open_page(mali_cast.hc_ml, locale=locale, width=320)
    page.goto(case.get_absolute_url())
    expect(page.locator(".decide")).to_contain_text(stopped)
    expect(page.get_by_role("link", name=approve)).to_have_count(0)
    page.goto(f"{case.get_absolute_url()}consultation/")
    expect(page.locator("#positions li").first).to_contain_text(objects)
    expect(page.locator("#positions li").first).to_contain_text(OBJECTION)
    says(case, mali_cast.hct[0], "abstain")
    page.goto(case.get_absolute_url())
    expect(page.locator(".decide").get_by_role("link", name=approve)).to_be_visible()


def test_line_0_15_no_path_of_the_coordinator_alone(open_page, mali_cast, case):
    page = open_page(mali_cast.hc_ml)
    for tampered in ("approve/", "record/approve/", "forward/", "extend/"):
        answer = page.goto(case.get_absolute_url() + tampered)
        assert answer is not None
        assert answer.status == 404, tampered
    assert fresh(case).status == "consulting"
