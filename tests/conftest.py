"""On which database do the tests run, and how is it emptied? People by role stand in tests/people.py."""

import shutil
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import timezone, translation

from cmcoord.activity import triggers

pytest_plugins = ["tests.people", "tests.factories"]

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(config, items):
    """Tests without a database have run on SQLite's round; what only PostgreSQL can show says so elsewhere."""
    if connection.vendor == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
        items[:] = [item for item in items if uses_database(item)]
    else:
        reason = "needs PostgreSQL: python -m tests.postgres -- pytest …, or make test"
        for item in items:
            if item.get_closest_marker("postgresql"):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_unconfigure(config):
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


def uses_database(item) -> bool:
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session", autouse=True)
def flush_despite_triggers():
    """Transactional and live-server tests clean up by emptying every table, which the append-only triggers refuse."""
    empty = TransactionTestCase._fixture_teardown

    def empty_with_triggers_lifted(self):
        with ExitStack() as stack:
            for each in connections.all(initialized_only=True):
                stack.enter_context(triggers.lifted(each))
            empty(self)

    TransactionTestCase._fixture_teardown = empty_with_triggers_lifted
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(autouse=True)
def english_and_default_zone():
    """A request leaves its language and zone in the thread; the next test begins without them."""
    yield
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture(autouse=True)
def count_attempts_anew():
    """Rate limits count in the cache, which outlives a test: five passwords asked for in a minute are too many."""
    cache.clear()
