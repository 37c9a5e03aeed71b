"""What does a start of the embedded portal repair on data that is there already?"""

import pytest
from django.db import connection, connections

from cmcoord.activity import triggers
from cmcoord.management.commands import run_portal

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def command(monkeypatch):
    """The command on a database that is migrated, filled and served: nothing else is due."""
    monkeypatch.setattr(run_portal, "pending_migrations", lambda: False)
    monkeypatch.setattr(run_portal, "changed", lambda name, files: False)
    monkeypatch.setattr(run_portal, "someone_exists", lambda: True)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    command = run_portal.Command()
    said = []
    command.say = said.append
    command.said = said
    return command


def test_triggers_that_are_missing_come_back(command):
    triggers.drop(connection)
    assert triggers.missing(connection)
    command.prepare()
    assert triggers.missing(connection) == []
    assert command.said == ["Protecting the trail …"]


def test_nothing_is_done_twice(command):
    command.prepare()
    assert command.said == []
