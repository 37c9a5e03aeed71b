"""The pages about people, rights, meetings and the directory in a browser: no axe finding, no scrolling sideways."""

import pytest
from django.urls import reverse

from cmcoord.accounts import services
from cmcoord.accounts.models import Organisation
from cmcoord.accounts.roles import Role
from cmcoord.activity.models import ErasableValue
from cmcoord.activity.numbers import hidden
from cmcoord.places.models import Country, DutyStation
from tests.browser.looking import axe_findings, overflows, unfold
from tests.people import standing_in
from tests.test_permission_matrix import addressed, users  # noqa: F401 (one of everything, by address)

BOTH_WAYS = pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("fr", 320)])
# Of meetings and the directory, as OCHA at the station: those that hold most.
BUSY = (
    "meetings:list", "meetings:meeting", "meetings:agenda", "meetings:attendance", "meetings:minutes",
    "meetings:minutes_item", "meetings:proposals", "meetings:plan", "contacts:directory", "contacts:station",
    "contacts:gaps", "contacts:forces", "contacts:body", "contacts:post", "contacts:person", "contacts:duplicates",
)  # fmt: skip


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


@BOTH_WAYS
def test_no_page_about_people_has_a_finding_or_scrolls_sideways(open_page, scene, locale, width):
    assert findings(open_page, pages_of(scene), scene, locale, width) == {}


@BOTH_WAYS
def test_no_page_of_meetings_or_the_directory_has_one(open_page, request, transactional_db, people, locale, width):
    arguments = request.getfixturevalue("addressed")
    pages = [("ocha_bria", reverse(name, kwargs=arguments.get(name, {}))) for name in BUSY]
    assert findings(open_page, pages, vars(people), locale, width) == {}


def findings(open_page, pages, people, locale, width) -> dict[str, list[str]]:
    """What can be said against each of these pages (who, address), with everything unfolded."""
    found, open_pages = {}, {}
    for who, address in pages:
        if who not in open_pages:
            open_pages[who] = open_page(people[who] if who else None, locale=locale, width=width)
        page = open_pages[who]
        status = page.goto(address).status
        unfold(page)
        wrong = axe_findings(page) + overflows(page)
        if wrong or (status != 200 and "invented" not in address):
            found[f"{who} {address}: {status}"] = wrong
    return found


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
