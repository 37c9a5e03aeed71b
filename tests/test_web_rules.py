"""What holds for every address: a GET changes nothing, a POST needs its token, pages are kept by no shared computer."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.test_permission_matrix import LINES, addressed, users  # noqa: F401  fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

WHO = ("requester_bria", "ocha_bria", "ocha_bgi", "hc", "admin", "force_u3", "donor")
# When a session was last seen, a counter, and the trail and the ledger, in which reads and refusals stand.
MAY_BE_WRITTEN = {
    "django_session",
    "cache",
    "accounts_signin",
    "activity_event",
    "activity_erasablevalue",
    "activity_release",
}
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
INLINE = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\bsrc=)|javascript:")


@pytest.fixture
def clients(users):  # noqa: F811
    found = {}
    for name in WHO:
        found[name] = Client(raise_request_exception=False)
        found[name].force_login(users[name], backend=settings.AUTHENTICATION_BACKENDS[0])
    return found


def pages(clients, addressed):  # noqa: F811
    for name in LINES:
        url = reverse(name, kwargs=addressed.get(name, {}))
        for who, client in clients.items():
            yield name, who, client, url


def test_opening_a_page_changes_nothing_and_no_shared_computer_keeps_it(clients, addressed):  # noqa: F811
    """One walk for three rules: no write by GET, no-store for what a signed-in person reads, no script in a page."""
    wrong = []
    for name, who, client, url in pages(clients, addressed):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response = client.get(url)
        written = {match[1] for query in asked if (match := WRITES.match(query["sql"]))} - MAY_BE_WRITTEN
        if written:
            wrong.append(f"{name} as {who} writes {sorted(written)}")
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            continue
        if response.status_code == 200 and "no-store" not in response.get("Cache-Control", ""):
            wrong.append(f"{name} as {who} may be stored")
        if found := INLINE.search(response.content.decode()):
            wrong.append(f"{name} as {who} holds {found[0]!r}")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_sent_without_its_token(users, addressed):  # noqa: F811
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(users["admin"], backend=settings.AUTHENTICATION_BACKENDS[0])
    asked = set(LINES) - {"activity:demo_gateway"}  # answers programs, not browsers, and in the demonstration alone
    urls = {name: reverse(name, kwargs=addressed.get(name, {})) for name in asked}
    found = {name: client.post(url, {"sent": "1"}).status_code for name, url in urls.items()}
    assert {name: status for name, status in found.items() if status != 403} == {}
