"""How do the tests look at the portal through a real browser? Debian's Chromium, driven by Playwright.

    def test_x(open_page, live_url, officer):
        page = open_page(officer, locale="fr", width=320, javascript=False)
        page.goto(live_url + "/requests/")
        assert not axe_findings(page)

The live server is the whole portal in a thread of the test; background work is done by calling the task's function.
"""

import datetime as dt
import os
import shutil
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

# Playwright keeps an event loop in the test's thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="needs a browser: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session. A browser that is installed but does not start is a failure, not a skip."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-extensions"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def live_url(live_server):
    """The whole portal, on the database of this round."""
    return live_server.url


@pytest.fixture
def open_page(browser, live_url):
    """Factory: a page of a browser of its own, signed in as `person` without asking for the password."""
    contexts = []

    def open_one(person=None, *, javascript=True, width=1280, height=900, locale="en"):
        context = browser.new_context(
            java_script_enabled=javascript,
            locale=locale,
            viewport={"width": width, "height": height},
            base_url=live_url,
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": locale, "url": live_url}])
        if person:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": live_url}])
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def session_of(person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


class Clock:
    """The time of the portal in this process, for a story that takes days; it goes on from where it is set."""

    zone = ZoneInfo("Africa/Bangui")

    def __init__(self, start: str):
        self.set(start)

    def set(self, local: str) -> None:
        """The portal's time is now this local time of Bangui, written as 2026-03-02 08:00."""
        self.moment = dt.datetime.fromisoformat(local).replace(tzinfo=self.zone)
        self.since = time.monotonic()

    def now(self) -> dt.datetime:
        return self.moment + dt.timedelta(seconds=time.monotonic() - self.since)


@pytest.fixture
def clock(monkeypatch):
    """Move the portal's time. Only the one clock that Django reads is exchanged; no rule of the portal is."""
    clock = Clock("2026-03-02 08:00")

    class AnyMoment(type):
        def __instancecheck__(cls, value):
            return isinstance(value, dt.datetime)

    class Moment(dt.datetime, metaclass=AnyMoment):
        @classmethod
        def now(cls, tz=None):
            return clock.now().astimezone(tz)

    monkeypatch.setattr(timezone, "datetime", Moment)
    return clock
