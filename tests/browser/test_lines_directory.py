"""Lines on the directory of the field's list: 1-31, the flyer from live data; 3-5, authorities are seated, no more."""

import pytest
from playwright.sync_api import expect

from contacts import services
from contacts.models import Body
from tests.browser.test_lines_bodies import LOCALES, at
from tests.contacts.directory import INSIDE, OPEN, post_of
from tests.pdf_text import pages
from tests.people import made_up_organisation, make_person


@pytest.mark.parametrize("language", ["en", "fr"])
def test_line_1_31_the_flyer_names_cells_consented_contacts_and_its_day(open_page, people, language, tmp_path):
    roles = ("ocha_focal_point",)
    post_of(people.ocha_bgi, "Head of unit", "Barnabé Ŋɔkɛ", station="bangui", shares=OPEN, roles=roles)
    post_of(people.ocha_bgi, "Focal point", "Hidden Name", numbers=("+23672000005",), shares=INSIDE, roles=roles)
    page = at(open_page, people.requester_bria, language, "/directory/exports/")
    with page.expect_download() as taken:
        page.locator(f"form[action$='/CAF/{language}/'] button").click()
    taken.value.save_as(tmp_path / "flyer.pdf")
    text = " ".join(pages((tmp_path / "flyer.pdf").read_bytes()))
    day = {"en": "Issued on", "fr": "Édition du"}[language]
    assert all(word in text for word in ("Bossangoa", "Obo", "Barnabé Ŋɔkɛ", "+236 72 00 00 01", day))
    assert "Hidden Name" not in text and "72 00 00 05" not in text


@LOCALES
def test_line_3_5_an_authority_has_a_seat_and_reads_nothing(open_page, people, locale):
    mayor = made_up_organisation("Mairie", "Mairie de Bria (inventée)", "local_authority")
    cell = Body.objects.get(station__code="bria", kind="cell")
    facts = {name: getattr(cell, name) for name in ("name_en", "name_fr", "station", "parent")}
    services.change_body(cell, by=people.ocha_bria, country=cell.country, rules={"authorities": True}, **facts)
    seat = cell.seats.get(category="authorities")
    services.take_seat(seat, by=people.ocha_bria, organisation=mayor)
    page = at(open_page, people.requester_bria, locale, cell.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Mairie")
    page = at(open_page, make_person("mayor", organisation=mayor), locale, "/guidance/")
    for path in ("/directory/", "/directory/duty/", "/directory/stations/bria/", cell.get_absolute_url()):
        assert page.goto(path).status == 404
    assert page.locator("a[href='/directory/']").count() == 0
