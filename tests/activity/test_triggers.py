"""The database refuses what the code must never do, on SQLite and on PostgreSQL."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from cmcoord.activity import triggers
from cmcoord.activity.erasing import erase_value
from cmcoord.activity.models import Event
from cmcoord.activity.services import record
from requests_app.models import Case, Move
from tests.factories import complete_draft, draft_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(subject, officer):
    event = record(subject, "case.approve", by=officer)
    if (
        connection.vendor == "postgresql"
    ):  # foreign keys checked now, as after a commit: PostgreSQL alters no table before
        run("SET CONSTRAINTS ALL IMMEDIATE")
    return event


VALUE = "goes only with its erasure"


def refused(act, words="append-only: rows of activity_event are never"):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()


def run(statement, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_an_event_cannot_be_saved_again(event):
    event.kind = "case.deny"
    refused(event.save)


def test_events_cannot_be_updated_by_queryset(event):
    refused(lambda: Event.objects.filter(pk=event.pk).update(kind="case.deny"))


def test_an_event_cannot_be_deleted(event):
    refused(event.delete)
    refused(lambda: Event.objects.all().delete())


def test_raw_sql_cannot_change_or_delete_an_event(event):
    refused(lambda: run("UPDATE activity_event SET kind = 'case.deny'"))
    refused(lambda: run("DELETE FROM activity_event"))


def test_an_update_that_changes_nothing_is_refused_too(event):
    refused(lambda: run("UPDATE activity_event SET kind = kind"))


def test_a_row_cannot_be_replaced(event):
    columns = "id, stream, kind, at, subject_kind, subject_id, data"
    values = "%s, 'CAF', 'case.deny', '2026-01-01', 'case', 7, '{}'"
    how = {
        "sqlite": f"REPLACE INTO activity_event ({columns}) VALUES ({values})",
        "postgresql": f"INSERT INTO activity_event ({columns}) VALUES ({values}) "
        "ON CONFLICT (id) DO UPDATE SET kind = EXCLUDED.kind",
    }
    refused(lambda: run(how[connection.vendor], [event.pk]))


def test_a_confidential_value_stays_until_its_erasure_and_never_changes(subject, officer):
    event = record(subject, "case.deny", by=officer, secret={"reason": "x", "note": "y"})
    value = event.erasable_values.get(field="reason")
    refused(lambda: event.erasable_values.all().delete(), VALUE)
    refused(lambda: event.erasable_values.update(value="z"), VALUE)
    refused(lambda: run("DELETE FROM activity_erasablevalue WHERE id = %s", [value.pk]), VALUE)
    erase_value(event, "note", by=officer, reason="The source asked for it.")
    refused(value.delete, VALUE)
    assert list(event.erasable_values.values_list("field", "value")) == [("reason", "x")]


@pytest.mark.embedded
def test_a_confidential_value_is_not_replaced(subject, officer):
    event = record(subject, "case.deny", by=officer, secret={"reason": "x"})
    kept = event.erasable_values.get()
    columns = (
        "INSERT OR REPLACE INTO activity_erasablevalue (event_id, field, salt, value) VALUES (%s, 'reason', '', '')"
    )
    refused(lambda: run(columns, [event.pk]), VALUE)
    assert event.erasable_values.get() == kept


@pytest.mark.postgresql
def test_the_confidential_values_cannot_be_truncated(subject, officer):
    record(subject, "case.deny", by=officer, secret={"reason": "x"})
    run("SET CONSTRAINTS ALL IMMEDIATE")
    refused(lambda: run("TRUNCATE activity_erasablevalue"), VALUE)


@pytest.mark.postgresql
def test_the_trail_cannot_be_truncated(event):
    refused(lambda: run("TRUNCATE activity_event CASCADE"))


@pytest.mark.postgresql
def test_a_session_that_plays_replica_is_refused_too(event):
    run("SET LOCAL session_replication_role = replica")
    refused(lambda: run("DELETE FROM activity_event"))


def test_every_wanted_trigger_is_there_after_migrating():
    assert triggers.missing(connection) == []
    assert {trigger.table for trigger in triggers.wanted(connection)} >= {"activity_event"}


def test_a_dropped_trigger_is_noticed_and_put_back(event):
    triggers.drop(connection)
    assert {name.removeprefix("activity_event_") for name in triggers.missing(connection)} >= {
        "sqlite": {"no_update", "no_delete", "no_replace"},
        "postgresql": {"no_change", "no_truncate"},
    }[connection.vendor]
    triggers.install(connection)
    assert triggers.missing(connection) == []
    refused(event.delete)


def test_a_trigger_that_says_something_else_is_noticed():
    name = triggers.wanted(connection)[0].name
    run(f"DROP TRIGGER {name}" + (" ON activity_event" if connection.vendor == "postgresql" else ""))
    if connection.vendor == "postgresql":
        run(
            "CREATE FUNCTION allow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            f"CREATE TRIGGER {name} BEFORE UPDATE ON activity_event FOR EACH ROW EXECUTE FUNCTION allow()"
        )
    else:
        run(f"CREATE TRIGGER {name} BEFORE UPDATE ON activity_event BEGIN SELECT 1; END")
    assert triggers.missing(connection) == [name]
    triggers.install(connection)
    assert triggers.missing(connection) == []


@pytest.mark.postgresql
def test_a_trigger_that_is_switched_off_is_noticed():
    run("ALTER TABLE activity_event DISABLE TRIGGER activity_event_no_change")
    assert triggers.missing(connection) == ["activity_event_no_change"]


def test_the_system_check_names_what_is_missing():
    triggers.drop(connection)
    with pytest.raises(SystemCheckError, match="could be changed; these triggers are missing: activity_event_no_"):
        call_command("check", databases=["default"])
    triggers.install(connection)
    call_command("check", databases=["default"])


def test_lifted_triggers_are_back_even_after_a_failure(event):
    with pytest.raises(ZeroDivisionError), triggers.lifted(connection):
        raise ZeroDivisionError
    assert triggers.missing(connection) == []


# A case's status follows its newest move


@pytest.fixture
def case(ngo, requester_bria):
    return complete_draft(requester_bria)


def status_refused(act):
    with (
        pytest.raises(IntegrityError, match="the status of a request changes only with the move"),
        transaction.atomic(),
    ):
        act()


def moved(case, before, after):
    return Move.objects.create(
        case=case, code="test", from_status=before, to_status=after, capacity="portal", at=timezone.now()
    )


def test_a_status_without_a_move_is_refused_on_every_path(case):
    case.status = "approved"
    status_refused(case.save)
    status_refused(lambda: Case.objects.filter(pk=case.pk).update(status="approved"))
    status_refused(lambda: Case.objects.bulk_update([case], ["status"]))
    status_refused(lambda: run("UPDATE requests_app_case SET status = 'approved' WHERE id = %s", [case.pk]))


def test_a_status_follows_its_move(case):
    moved(case, "draft", "withdrawn")
    assert Case.objects.filter(pk=case.pk).update(status="withdrawn") == 1


def test_a_move_from_or_to_elsewhere_does_not_carry_a_status(case):
    moved(case, "draft", "submitted")
    status_refused(lambda: Case.objects.filter(pk=case.pk).update(status="approved"))
    moved(case, "reviewing", "approved")
    status_refused(lambda: Case.objects.filter(pk=case.pk).update(status="approved"))


def test_only_the_newest_move_counts(case):
    moved(case, "draft", "submitted")
    moved(case, "draft", "withdrawn")
    status_refused(lambda: Case.objects.filter(pk=case.pk).update(status="submitted"))


def test_another_cases_move_does_not_count(case, requester_bria):
    moved(draft_case(requester_bria), "draft", "submitted")
    status_refused(lambda: Case.objects.filter(pk=case.pk).update(status="submitted"))


def test_everything_else_of_a_case_may_be_written(case):
    case.need = "Something else"
    case.save()
    assert Case.objects.filter(pk=case.pk, status="draft").update(status="draft") == 1


@pytest.mark.parametrize("statement", ["UPDATE requests_app_move SET reason = 'x'", "DELETE FROM requests_app_move"])
def test_moves_cannot_be_changed_or_deleted(case, statement):
    moved(case, "draft", "submitted")
    with pytest.raises(IntegrityError, match="append-only: rows of requests_app_move"), transaction.atomic():
        run(statement)


# Migrations


def test_triggers_are_out_of_the_way_while_sqlite_rebuilds_tables():
    triggers.drop_before_migrate(sender=None, plan=[("a migration", False)])
    assert bool(triggers.missing(connection)) is (connection.vendor == "sqlite")
    triggers.install_after_migrate(sender=None)
    assert triggers.missing(connection) == []


def test_a_migrate_with_nothing_to_do_leaves_them_alone():
    triggers.drop_before_migrate(sender=None, plan=[])
    assert triggers.missing(connection) == []


def test_migrate_is_not_stopped_by_what_it_repairs(monkeypatch):
    triggers.drop(connection)
    monkeypatch.setattr("sys.argv", ["manage.py", "migrate"])
    assert triggers.check_triggers(databases=["default"]) == []
    monkeypatch.setattr("sys.argv", ["manage.py", "check"])
    assert [error.id for error in triggers.check_triggers(databases=["default"])] == ["activity.E001"]
    triggers.install(connection)


def test_a_database_that_cannot_be_reached_is_told_apart(monkeypatch):
    def unreachable(_connection):
        raise OperationalError("no route")

    monkeypatch.setattr(triggers, "missing", unreachable)
    assert [error.id for error in triggers.check_triggers(databases=["default"])] == ["activity.E002"]


def test_no_database_asked_no_answer():
    assert triggers.check_triggers() == []


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_table_that_sqlite_rebuilds_loses_its_triggers_and_gets_them_back():
    column = Move._meta.get_field("reason")
    triggers.drop_before_migrate(sender=None, plan=[("a migration", False)])
    with connection.schema_editor() as editor:
        editor._remake_table(Move, alter_fields=[(column, column)])
    assert any(name.startswith("requests_app_move") for name in triggers.missing(connection))
    triggers.install_after_migrate(sender=None)
    assert triggers.missing(connection) == []


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_with_the_status_trigger_in_place_sqlite_could_not_rebuild_the_moves():
    column = Move._meta.get_field("reason")
    with (
        pytest.raises(OperationalError, match="requests_app_case_status_by_move"),
        connection.schema_editor() as editor,
    ):
        editor._remake_table(Move, alter_fields=[(column, column)])
    assert triggers.missing(connection) == []
