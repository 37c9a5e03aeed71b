"""Does a force read and answer on a telephone, in its language, without script? LOOKS=<folder> keeps the pictures."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from requests_app.models import ForceReply
from requests_app.services import make_move
from tests.browser.looking import axe_findings, overflows
from tests.factories import case_at, fresh

pytestmark = pytest.mark.django_db(transaction=True)

# name of the picture, address
PAGES = (
    ("list", "/force/"),
    ("received", "/force/{transmitted}/"),
    ("changed", "/force/{scheduled}/"),
    ("underway", "/force/{underway}/"),
    ("stood-down", "/force/{accepted}/"),
    ("accept", "/force/{transmitted}/accept/"),
    ("limit", "/force/{transmitted}/limit/"),
    ("counter", "/force/{transmitted}/counter/"),
    ("decline", "/force/{transmitted}/decline/"),
    ("log", "/force/{underway}/log/"),
    ("too-early", "/force/{scheduled}/log/"),
)


@pytest.fixture
def world(people) -> SimpleNamespace:
    """Requests in the states that a force meets, one changed after it was scheduled, one stood down."""
    cases = {status: case_at(status, people) for status in ("transmitted", "scheduled", "accepted")}
    cases["underway"] = case_at("underway", people, rotations=3)
    make_move(cases["scheduled"], "change", by=people.requester_bria, vehicles=8)
    make_move(cases["accepted"], "cancel", by=people.ocha_bgi, reason="The need has gone.")
    references = {status: fresh(case).force_reference for status, case in cases.items()}
    return SimpleNamespace(people=people, references=references)


@pytest.mark.parametrize(("width", "language", "who"), [(320, "fr", "force_sector"), (1280, "en", "force_u3")])
def test_every_page_of_a_force_fits_and_is_open_to_everybody(world, open_page, width, language, who):
    page = open_page(getattr(world.people, who), width=width, locale=language)
    for name, address in PAGES:
        answer = page.goto(address.format(**world.references))
        assert (name, answer.status) == (name, 409 if name == "too-early" else 200)
        if folder := os.environ.get("LOOKS"):
            page.screenshot(path=Path(folder) / f"force-{name}-{language}-{width}.png", full_page=True)
        assert (name, overflows(page)) == (name, [])
        assert (name, axe_findings(page)) == (name, [])


def test_a_force_answers_without_script(world, open_page):
    page = open_page(world.people.force_sector, width=320, javascript=False)
    page.goto("/force/")
    page.get_by_role("link", name="Armed escort, Bambari to Bria").first.wait_for()
    page.goto("/force/{transmitted}/".format(**world.references))
    page.get_by_role("link", name="Accept with limits").click()
    page.get_by_role("button", name="Accept with these limits").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Which limits?").fill("By daylight.")
    page.get_by_role("button", name="Accept with these limits").click()
    page.get_by_text("OCHA has your answer.").first.wait_for()
    assert ForceReply.objects.filter(reply="limited", text="By daylight.").count() == 1
