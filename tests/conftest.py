"""On which database do the tests run, and how is it emptied? People by role stand in tests/people.py."""

import gc
import shutil
import string
import threading
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.middleware import csrf
from django.test import TransactionTestCase
from django.utils import timezone, translation

from cmcoord.accounts.reference_data import load_organisations
from cmcoord.activity import triggers
from cmcoord.places.local_dates import zones_in_use
from cmcoord.places.reference_data import load_reference
from contacts.reference_bodies import load_bodies
from contacts.reference_data import load_forces

pytest_plugins = ["tests.people", "tests.factories"]

# Ten seconds and more each: started early, they do not keep one processor busy while the other has nothing left.
LONG = tuple(
    f"tests/{name}.py"
    for name in (
        "test_canary", "test_permission_matrix", "test_hidden", "test_door", "test_web_rules",
        "browser/test_journey", "browser/test_journey_by_telephone", "browser/test_looks", "browser/test_slow_line",
        "browser/test_people_pages",
    )
)  # fmt: skip
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(config, items):
    """Tests without a database have run on SQLite's round, all but those that run once, on PostgreSQL.

    Long ones first; those in a browser after all others, whose reference data they would write again under other keys.
    """
    nowhere = [item.nodeid for item in items if {"pages", "once"} <= {mark.name for mark in item.iter_markers()}]
    if nowhere:
        raise pytest.UsageError(f"Marked to run on neither database: {nowhere}")
    items.sort(key=lambda item: ("/browser/" in item.nodeid, not item.nodeid.startswith(LONG)))
    if connection.vendor == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if not belongs_to_postgresql(item)])
        items[:] = [item for item in items if belongs_to_postgresql(item)]
    else:
        reason = "needs PostgreSQL: python -m tests.postgres -- pytest …, or make test"
        for item in items:
            if item.get_closest_marker("postgresql"):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish():
    keep_for_good()


def pytest_unconfigure(config):
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


def belongs_to_postgresql(item) -> bool:
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("pages")
    return bool(marked or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, monkeypatch_session):
    """Every test finds the reference data, written once and outside its own transaction.

    Transactional and live-server tests empty every table that `migrate` left empty, and the data are written again.
    """

    def empty_and_load_again(test_case):
        for thread in threading.enumerate():
            if "process_request_thread" in thread.name:  # what the live server still answers holds locks
                thread.join(20)
        gc.collect(1)  # the connections of threads that are over
        empty(tables)
        load_reference_data()

    with django_db_blocker.unblock():
        tables = [table for table in connection.introspection.table_names() if is_empty(table)]
        load_reference_data()
        zones_in_use()  # asked once for each process: not by whichever test comes first
    keep_for_good()  # the migrations leave a model of each of their states
    monkeypatch_session.setattr(TransactionTestCase, "_fixture_teardown", empty_and_load_again)
    yield
    gc.collect()  # a connection that is still there would keep the database


@pytest.fixture(scope="session", autouse=True)
def tokens_without_digits(monkeypatch_session):
    """A page in which a number must not stand may not hold it by accident in a token of its form."""
    monkeypatch_session.setattr(csrf, "CSRF_ALLOWED_CHARS", string.ascii_letters)


@pytest.fixture(scope="session")
def monkeypatch_session():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def keep_for_good() -> None:
    """What is loaded by now stays until the end: it is not searched for garbage any more."""
    gc.collect()
    gc.freeze()


def load_reference_data() -> None:
    load_reference()
    load_organisations()
    load_forces()
    load_bodies()


def is_empty(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")
        return cursor.fetchone() is None


def empty(tables: list[str]) -> None:
    """Delete all rows, past foreign keys and the triggers that refuse it."""
    with triggers.lifted(connection), connection.cursor() as cursor, ExitStack() as stack:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            stack.callback(cursor.execute, "SET session_replication_role = origin")
        else:
            stack.enter_context(connection.constraint_checks_disabled())
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


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
