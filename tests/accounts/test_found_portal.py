"""One command founds an empty portal: two administrators, as events, with a link each that sets one password."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.models import Event

FIRST, SECOND = "First one <first@example.org>", "Second one <second@example.org>"


def found(*people, **options) -> str:
    out = StringIO()
    call_command("found_portal", *[f"--admin={person}" for person in people], stdout=out, **options)
    return out.getvalue()


def test_the_two_confirm_each_other_and_their_links_open_the_portal(reference, settings):
    printed = found(FIRST, SECOND)
    links = re.findall(r"http\S+", printed)
    assert len(links) == 2
    assert all(link.startswith(settings.PORTAL_URL) for link in links)
    assert Event.objects.filter(kind="appointment.confirm").count() == 2
    client = Client()
    form = client.get(links[0].removeprefix(settings.PORTAL_URL), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "a long enough sentence", "password2": "a long enough sentence"})
    signed_in = Client()
    signed_in.post(
        "/account/login/", {"login": "first@example.org", "password": "a long enough sentence", "next": "/me/"}
    )
    assert signed_in.get("/accounts/").status_code == 200
    assert scope.has_perm(User.objects.get(email="second@example.org"), Perm.CONFIRM_RIGHTS)


@pytest.mark.parametrize(
    "people",
    [
        [FIRST],
        [FIRST, SECOND, "Third <third@example.org>"],
        [FIRST, "First again <FIRST@example.org>"],
        [FIRST, "second@example.org"],
        [FIRST, "Second without address"],
        [FIRST, "Second <@>"],
    ],
)
def test_it_needs_two_different_people_with_addresses(reference, people):
    with pytest.raises(CommandError):
        found(*people)
    assert not User.objects.exists()


def test_a_portal_is_founded_once(reference):
    found(FIRST, SECOND)
    with pytest.raises(CommandError, match="people already"):
        found("Third <third@example.org>", "Fourth <fourth@example.org>")
    assert User.objects.count() == 2


def test_an_unknown_organisation_is_named(reference):
    with pytest.raises(CommandError, match="no organisation NOWHERE"):
        found(FIRST, SECOND, organisation="NOWHERE")


def test_there_is_no_superuser(reference):
    with pytest.raises(NotImplementedError):
        User.objects.create_superuser("root", "root@example.org", "x")
