"""Lines on bodies, seats and gaps of the field's list: 0-6, 1-5, 1-9, 1-23 to 1-26, 1-30, 3-4, 4-11 to 4-13, 4-19."""

import pytest
from playwright.sync_api import expect

from cmcoord.accounts.models import Organisation
from cmcoord.places.models import DutyStation
from contacts import services
from contacts.models import Body, CmcoordRole, Seat
from contacts.services import Details, Holder
from tests.contacts.test_coverage import CONTACTS, focal_point

LOCALES = pytest.mark.parametrize("locale", ["en", "fr"])
SAID = {
    "vacant": {"en": "Security seat vacant", "fr": "Siège «\u202fSécurité\u202f» vacant"},
    "encouraged": {"en": "encouraged to apply them", "fr": "encouragée à les appliquer"},
    "no focal point": {"en": "Cells without a focal point of OCHA", "fr": "Cellules sans point focal d’OCHA"},
    "no cell": {"en": "Focal points where there is no cell", "fr": "Points focaux là où il n’y a pas de cellule"},
    "observers": {"en": "they endorse nothing", "fr": "ils n’approuvent rien"},
    "sits in": {"en": "Sits in", "fr": "Siège dans"},
}


def at(open_page, person, locale, path):
    """This person's small screen, at this address, in this language."""
    person.language = locale
    person.save(update_fields=["language"])
    page = open_page(person, locale=locale, width=320)
    assert page.goto(path).status == 200
    return page


def organisation(acronym) -> Organisation:
    return Organisation.objects.get(acronym=acronym)


@LOCALES
def test_line_0_6_without_undss_the_cell_of_bamako_shows_the_seat_of_security_vacant(open_page, people, locale):
    bamako = Body.objects.get(country="MLI", kind="cell")
    for category, acronym in (("ocha", "OCHA"), ("armed_forces", "FAMa"), ("undss", "UNDSS"), ("un_agency", "WFP")):
        services.take_seat(bamako.seats.get(category=category), by=people.ocha_bko, organisation=organisation(acronym))
    page = at(open_page, people.ocha_bko, locale, bamako.get_absolute_url())
    expect(page.locator("main")).not_to_contain_text(SAID["vacant"][locale])
    row = page.locator(".row", has=page.get_by_text("UNDSS", exact=False)).first
    row.locator("form[action*='sittings'] button").click()
    expect(page.locator(".alert.red")).to_contain_text(SAID["vacant"][locale])


@LOCALES
def test_lines_1_5_and_1_9_a_requester_finds_both_chains_and_how_the_guidelines_reach(open_page, people, locale):
    page = at(open_page, people.requester_bria, locale, "/directory/")
    page.locator("main a[href='/directory/forces/']").click()
    for word in ("U3, U35", "G3", "S3", "U9", "G9", "S9"):
        expect(page.locator("table").first).to_contain_text(word)
    eutm = page.locator(".row", has_text="EUTM RCA")
    expect(eutm).to_contain_text(SAID["encouraged"][locale])


@LOCALES
def test_lines_1_23_to_1_25_thirteen_cells_each_with_place_chairs_and_members(open_page, people, locale):
    page = at(open_page, people.requester_bria, locale, "/directory/bodies/")
    name = {"en": "CMCoord cell, ", "fr": "Cellule CMCoord d"}[locale]
    assert page.locator(".t a").filter(has_text=name).count() == 13
    page.locator(".t a").filter(has_text="Kaga-Bandoro").click()
    main = page.locator("main")
    for word in ("Nana-Grébizi", "7.00, 19.18", "U3/U35", "OCHA", "UNHAS", "INSO", "UNDSS"):
        expect(main).to_contain_text(word)


@LOCALES
def test_line_1_26_forces_of_the_state_sit_where_the_switch_is_on(open_page, people, locale):
    cell, faca = Body.objects.get(station__code="bria"), organisation("FACA")
    page = at(open_page, people.ocha_bria, locale, f"/directory/bodies/{cell.pk}/change/")
    seat = cell.seats.get(category="security_forces")
    assert page.locator("input[name='security_forces']").is_checked() is False
    page.goto(f"/directory/seats/{seat.pk}/take/")
    assert page.locator(f"select[name='organisation'] option[value='{faca.pk}']").count() == 0
    page.goto(f"/directory/bodies/{cell.pk}/change/")
    page.check("input[name='security_forces']")
    page.locator("main form button.btn").last.click()
    page.goto(f"/directory/seats/{seat.pk}/take/")
    page.select_option("select[name='organisation']", str(faca.pk))
    page.locator("main form[method='post'] button.btn").last.click()
    expect(page.locator("main")).to_contain_text("FACA")
    assert not faca.people.exists()


@LOCALES
def test_line_1_30_the_gaps_of_the_flyer(open_page, people, locale):
    for code in CONTACTS:
        focal_point(code, by=people.ocha_bgi, organisation=organisation("OCHA"))
    page = at(open_page, people.requester_bria, locale, "/directory/gaps/")
    missing, alone = (
        page.locator("section", has=page.get_by_role("heading", name=SAID[what][locale])).locator(".t")
        for what in ("no focal point", "no cell")
    )
    assert [any(name in text for text in missing.all_inner_texts()) for name in ("Bossangoa", "Obo")] == [True] * 2
    assert [any(name in text for text in alone.all_inner_texts()) for name in ("Zémio", "Berbérati")] == [True] * 2
    assert (missing.count(), alone.count()) == (2, 2)


@LOCALES
def test_lines_3_4_and_4_11_to_4_13_mopti_has_its_bodies_in_the_tree(open_page, requester_mopti, locale):
    page = at(open_page, requester_mopti, locale, "/directory/bodies/")
    tree = page.locator("main")
    inside = tree.locator(".rows .rows .rows")
    for english, french in (
        ("Protection cluster, Gao", "Cluster Protection, Gao"),
        ("Sub-cluster on child protection", "Sous-cluster Protection de l’enfance"),
        ("Working group on civil documentation", "Groupe de travail Documentation civile"),
    ):
        expect(inside.first).to_contain_text(english if locale == "en" else french)
    page.get_by_role(
        "link", name={"en": "Strategic advisory group", "fr": "Groupe consultatif stratégique"}[locale]
    ).click()
    expect(page.locator("main")).to_contain_text(SAID["observers"][locale])
    page.goto("/directory/stations/mopti/")
    cluster = {"en": "Protection cluster, Mopti", "fr": "Cluster Protection, Mopti"}[locale]
    page.get_by_role("link", name=cluster).click()
    expect(page.locator("h1")).to_have_text(cluster)


@LOCALES
def test_line_4_19_the_page_of_a_person_lists_their_bodies(open_page, people, locale):
    ocha, bria = organisation("OCHA"), DutyStation.objects.get(code="bria")
    post = services.open_post(
        by=people.ocha_bgi, organisation=ocha, station=bria, function="Coordinator", holder=Holder("Somebody"),
        starts=bria.country.today, details=Details(roles=(CmcoordRole.CELL_CHAIR,)),
    )  # fmt: skip
    for seat in Seat.objects.filter(body__country="CAF", kind="chair", category="ocha", body__kind__in=("iccg",)):
        services.take_seat(seat, by=people.ocha_bgi, organisation=ocha, post=post)
    chair = Seat.objects.get(body__station=bria, kind="chair")
    services.take_seat(chair, by=people.ocha_bgi, organisation=ocha, post=post)
    page = at(open_page, people.ocha_bria, locale, f"/directory/people/{post.holder.person_id}/")
    card = page.locator("section", has_text=SAID["sits in"][locale])
    assert card.locator("li a").count() == 2
