"""The pages about people and rights in a browser: no axe finding, no scrolling sideways, and no need of script."""

import pytest

from cmcoord.accounts import services
from cmcoord.accounts.models import Organisation
from cmcoord.accounts.roles import Role
from cmcoord.activity.models import ErasableValue
from cmcoord.activity.numbers import hidden
from cmcoord.places.models import Country, DutyStation
from tests.browser.looking import axe_findings, overflows
from tests.people import standing_in

SIZES = [(320, 700), (1280, 900)]
LANGUAGES = ["en", "fr"]


@pytest.fixture
def scene(transactional_db, reference, request):
    """A portal with something on each of the pages."""
    people = {name: request.getfixturevalue(name) for name in ("admin", "admin2", "ocha_bria", "hc", "hoo", "nobody")}
    car, bria = Country.objects.get(pk="CAF"), DutyStation.objects.get(code="bria")
    services.appoint(user=people["nobody"], role=Role.REQUESTER, by=people["admin"], country=car)
    standing_in(people["hoo"], people["hc"].appointments.get())
    services.invite(
        email="a.rather.long.address.of.somebody@subdomain.example.org",
        name="CMCoord officer with a rather long function",
        organisation=Organisation.objects.get(acronym="OCHA"),
        role=Role.OCHA_OFFICER,
        by=people["admin"],
        country=car,
        station=bria,
    )
    link = ErasableValue.objects.get(event__kind="invitation.send", field="link").value
    return people | {"invitation": "/invitation/" + link.partition("/invitation/")[2]}


def pages_of(scene):
    """(who, address) of each page that has something of its own."""
    officer, candidate = scene["ocha_bria"].pk, scene["nobody"].pk
    return [
        ("ocha_bria", "/me/"),
        ("hc", "/me/"),
        ("hc", f"/me/appointments/{hidden(scene['hc'].appointments.get().pk)}/stand-in/"),
        ("admin2", "/accounts/"),
        ("admin2", f"/accounts/people/{officer}/"),
        ("admin2", f"/accounts/people/{candidate}/"),
        ("admin2", f"/accounts/people/{candidate}/appoint/"),
        ("admin2", f"/accounts/people/{officer}/deactivate/"),
        ("admin2", "/accounts/confirmations/"),
        ("admin", "/accounts/confirmations/"),
        ("admin2", "/accounts/invitations/"),
        ("admin2", "/accounts/invitations/new/"),
        (None, scene["invitation"]),
        (None, "/invitation/invented/"),
        ("hoo", "/guidance/"),
    ]


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_page_about_people_has_a_finding_or_scrolls_sideways(open_page, scene, locale, width, height):
    found, open_pages = {}, {}
    for who, address in pages_of(scene):
        if who not in open_pages:
            open_pages[who] = open_page(scene[who] if who else None, locale=locale, width=width, height=height)
        page = open_pages[who]
        page.goto(address)
        wrong = axe_findings(page) + overflows(page)
        if wrong:
            found[f"{who} {address}"] = wrong
    assert found == {}


def test_giving_and_confirming_an_appointment_works_without_script(open_page, scene):
    page = open_page(scene["admin2"], javascript=False)
    page.goto("/accounts/confirmations/")
    page.get_by_role("button", name="Confirm").click()
    assert page.get_by_text("Confirmed. The person has been told.").is_visible()
    assert scene["nobody"].appointments.get().confirmed_by == scene["admin2"]


def test_an_invitation_is_accepted_on_a_telephone_without_script(open_page, scene):
    page = open_page(None, javascript=False, width=320, height=700)
    page.goto(scene["invitation"])
    page.get_by_label("User name").fill("officer.new")
    page.get_by_label("Password", exact=True).fill("a long enough sentence")
    page.get_by_label("Password, once more").fill("another sentence")
    page.get_by_role("button", name="Accept and open the account").click()
    assert page.get_by_label("User name").input_value() == "officer.new"
    page.get_by_label("Password", exact=True).fill("a long enough sentence")
    page.get_by_label("Password, once more").fill("a long enough sentence")
    page.get_by_role("button", name="Accept and open the account").click()
    page.get_by_label("User name or e-mail address").fill("officer.new")
    page.get_by_label("Password").fill("a long enough sentence")
