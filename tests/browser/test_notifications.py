"""What a person was told, seen in a browser: narrow and wide, in both languages, with and without script."""

import pytest
from django.test import override_settings

from cmcoord.activity import delivery
from cmcoord.activity.services import Tell, record
from tests.activity.conftest import Subject, everybody_may_read_it  # noqa: F401  the requests here are made up
from tests.browser.looking import axe_findings, overflows

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["/notifications/", "/notifications/preferences/"]


@pytest.fixture
def told(requester_bria, ocha_bria):
    for kind, expects in [("case.review", ""), ("case.return", "answer"), ("case.approve", "")]:
        record(Subject(), kind, by=ocha_bria, tell=[Tell(requester_bria, expects)])
    return requester_bria


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("address", PAGES)
def test_the_pages_are_accessible_and_fit(open_page, told, address, width, locale):
    page = open_page(told, width=width, locale=locale)
    page.goto(address)
    assert axe_findings(page) == []
    assert overflows(page) == []


@pytest.mark.parametrize("width", [320, 1280])
@override_settings(DEMO=True, EMAIL_BACKEND="cmcoord.activity.demo_mail.EmailBackend")
def test_the_mailboxes_are_accessible_and_fit(open_page, told, width):
    delivery.deliver_due()
    page = open_page(told, width=width)
    page.goto(f"/mailbox/?to={told.email}")
    assert page.get_by_role("article").count() == 3
    assert axe_findings(page) == []
    assert overflows(page) == []


def test_without_script_a_notification_is_read_and_a_mail_switched_off(open_page, told):
    page = open_page(told, javascript=False, width=320)
    page.goto("/notifications/")
    assert page.get_by_text("new", exact=True).count() == 3
    page.get_by_role("button", name="Mark all as read").click()
    assert page.get_by_text("new", exact=True).count() == 0
    page.get_by_role("link", name="Choose my mails").click()
    page.get_by_label("Progress of requests").uncheck()
    page.get_by_role("button", name="Save").click()
    assert not page.get_by_label("Progress of requests").is_checked()
