"""What the database itself refuses: changing or deleting the trail, and a case's status without the move behind it.

It also queues each new row of the trail for its seal, in the row's own transaction, and lets a confidential text be
blotted out where an erasure stands behind it.

Migrations cannot carry these triggers: SQLite rebuilds a table to alter it and drops its triggers without a word. They
are installed after each migrate; `manage.py check --database default` and /readyz ask `missing()`.
"""

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction

# Tables whose rows are only ever added. A name is enough: a table that does not exist yet is left alone.
APPEND_ONLY = (
    "activity_event",
    "activity_release",
    "requests_app_move",
    "requests_app_assessment",
    "requests_app_decisiondraft",
    "requests_app_decision",
    "requests_app_writtenconfirmation",
    "requests_app_opinion",
    "requests_app_comment",
    "requests_app_extract",
    "requests_app_releasedtext",
    "requests_app_acknowledgement",
    "requests_app_forcereply",
    "requests_app_agreement",
    "requests_app_patrollog",
    "requests_app_patrolfeedback",
    "requests_app_confirmation",
    "requests_app_rotationlog",
    "requests_app_afteraction",
    "requests_app_issuedpaper",
    "requests_app_classification",
    "requests_app_addressed",
    "requests_app_receipt",
    "requests_app_call",
    "requests_app_alarmanswer",
    "contacts_forcestatus",
    "contacts_statusanswer",
    "contacts_checkin",
    "requests_app_position",
    "requests_app_consensusnote",
    "requests_app_reversemove",
    "requests_app_reverseanswer",
    "requests_app_rulereading",
    "requests_app_caselink",
    "meetings_pointupdate",
    "meetings_internalupdate",
    "meetings_weeklysummary",
    "meetings_addendum",
    "meetings_signature",
    "meetings_objection",
    "meetings_adoption",
    "activity_erasure",
    "activity_seal",
    "activity_sealedrow",
)
# Of these the seal hashes a salted digest in place of the value. An erasable one may be blotted out, once an erasure
# names it; the others (routes and times) are merely kept out of what leaves the portal.
ERASABLE: dict[str, tuple[str, ...]] = {
    "requests_app_move": ("reason",),
    "requests_app_assessment": ("criteria_text", "support_text"),
    "requests_app_decisiondraft": ("condition_text", "note"),
    "requests_app_decision": ("condition_text", "reason", "witness", "exception_text"),
    "requests_app_writtenconfirmation": ("text",),
    "requests_app_alarmanswer": ("reason",),
    "requests_app_opinion": ("text", "reference"),
    "requests_app_comment": ("text",),
    "requests_app_call": ("note",),
    "requests_app_position": ("condition", "words"),
    "requests_app_consensusnote": ("text",),
    "requests_app_reversemove": ("reason",),
    "requests_app_extract": ("content",),
    "requests_app_releasedtext": ("original", "text"),
    "requests_app_forcereply": ("text",),
    "requests_app_agreement": ("text",),
    "requests_app_patrollog": ("reason",),
    "requests_app_patrolfeedback": ("text", "incidents"),
    "requests_app_confirmation": ("text",),
    "requests_app_rotationlog": ("note", "reason"),
    "requests_app_afteraction": ("deviation", "incidents", "perception", "lesson", "waived_reason"),
}
LIMITS = ("axis_id", "force_id", "valid_from", "valid_to")
HIDDEN: dict[str, tuple[str, ...]] = {
    "requests_app_decisiondraft": LIMITS,
    "requests_app_decision": LIMITS,
    "requests_app_forcereply": ("other_axis_id", "departure_at", "window_to", "days"),
    "requests_app_patrollog": ("day",),
    "requests_app_rotationlog": ("happened_at",),
    "contacts_forcestatus": ("status", "area_id", "basis"),
    "contacts_statusanswer": ("outcome", "reason"),
    "requests_app_rulereading": ("findings",),
    "meetings_internalupdate": ("comment", "evidence"),
    "meetings_weeklysummary": ("content",),
}
# Values beside an event go by an erasure too; a link to an account, and a code for a number, go by themselves once
# they were sent.
VALUE_TABLE, EVENT_TABLE = "activity_erasablevalue", "activity_event"
PASSING = ("link", "code")
# What stands in place of an erased text: read as it is by readers of both languages, on every page and paper.
ERASED = "[erased / effacé]"
ERASED_CONTENT = '{"erased": true}'  # where the column holds JSON
# Stream and subject of a new row, for the queue of rows that wait for a seal.
QUEUE_TABLE, ERASURE_TABLE = "activity_unsealed", "activity_erasure"
OF_CASE = (
    "(SELECT c.country_id FROM requests_app_case c WHERE c.id = {row}.case_id)",
    "'case/' || CAST({row}.case_id AS text)",
)
OF_REVERSE = (
    "(SELECT q.country_id FROM requests_app_reverserequest q WHERE q.id = {row}.reverse_id)",
    "'reverse/' || CAST({row}.reverse_id AS text)",
)
OF_MINUTES = (
    "(SELECT b.country_id FROM meetings_minutes n JOIN meetings_meeting m ON m.id = n.meeting_id "
    "JOIN contacts_body b ON b.id = m.body_id WHERE n.id = {row}.minutes_id)",
    "'minutes/' || CAST({row}.minutes_id AS text)",
)


def _of_point(table: str, kind: str) -> tuple[str, str]:
    """Of an update of a point: the country of its body, and the point."""
    return (
        f"(SELECT b.country_id FROM {table} p JOIN contacts_body b ON b.id = p.body_id WHERE p.id = {{row}}.point_id)",
        f"'{kind}/' || CAST({{row}}.point_id AS text)",
    )


OWN_STREAM = {
    "meetings_pointupdate": _of_point("meetings_actionpoint", "point"),
    "meetings_internalupdate": _of_point("meetings_internalpoint", "internalpoint"),
    "meetings_weeklysummary": (
        "(SELECT b.country_id FROM contacts_body b WHERE b.id = {row}.body_id)",
        "'summary/' || CAST({row}.id AS text)",
    ),
    **dict.fromkeys(("meetings_addendum", "meetings_signature", "meetings_objection", "meetings_adoption"), OF_MINUTES),
    "requests_app_reversemove": OF_REVERSE,
    "requests_app_reverseanswer": OF_REVERSE,
    "activity_event": ("{row}.stream", "{row}.subject_kind || '/' || CAST({row}.subject_id AS text)"),
    "activity_release": ("{row}.stream", "{row}.subject_kind || '/' || CAST({row}.subject_id AS text)"),
    "activity_erasure": ("{row}.stream", "{row}.subject"),
    "contacts_forcestatus": (
        "(SELECT f.country_id FROM contacts_force f WHERE f.id = {row}.force_id)",
        "'forcestatus/' || CAST({row}.id AS text)",
    ),
    "contacts_statusanswer": (
        "(SELECT f.country_id FROM contacts_forcestatus s JOIN contacts_force f ON f.id = s.force_id "
        "WHERE s.id = {row}.status_id)",
        "'forcestatus/' || CAST({row}.status_id AS text)",
    ),
    "contacts_checkin": (
        "(SELECT p.country_id FROM contacts_holding h JOIN contacts_post p ON p.id = h.post_id "
        "WHERE h.id = {row}.holding_id)",
        "'holding/' || CAST({row}.holding_id AS text)",
    ),
    "requests_app_acknowledgement": (
        "(SELECT c.country_id FROM requests_app_extract e JOIN requests_app_case c ON c.id = e.case_id "
        "WHERE e.id = {row}.extract_id)",
        "(SELECT 'case/' || CAST(e.case_id AS text) FROM requests_app_extract e WHERE e.id = {row}.extract_id)",
    ),
}
SEALED = tuple(table for table in APPEND_ONLY if table not in ("activity_seal", "activity_sealedrow"))


def stream_and_subject(table: str, row: str) -> tuple[str, str]:
    """The two as SQL expressions; `row` is the name under which the statement knows the row."""
    stream, subject = OWN_STREAM.get(table, OF_CASE)
    return stream.format(row=row), subject.format(row=row)


# The status of a row in the first table follows the newest row of the second, which knows it by this column.
STATUS_OF = (
    ("requests_app_case", "requests_app_move", "case_id"),
    ("requests_app_reverserequest", "requests_app_reversemove", "reverse_id"),
    ("meetings_actionpoint", "meetings_pointupdate", "point_id"),
    ("meetings_internalpoint", "meetings_internalupdate", "point_id"),
)

# Rows that are closed for good once this holds, but for the columns named beside it: final minutes and what they say.
CLOSED: dict[str, tuple[str, tuple[str, ...]]] = {
    "meetings_minutes": ("{row}.stage = 'final'", ("released_at", "released_by_id")),
    "meetings_minutesitem": (
        "(SELECT n.stage FROM meetings_minutes n WHERE n.id = {row}.minutes_id) = 'final'",
        (),
    ),
    "meetings_minutesdecision": (
        "(SELECT n.stage FROM meetings_minutes n JOIN meetings_minutesitem i ON i.minutes_id = n.id "
        "WHERE i.id = {row}.item_id) = 'final'",
        (),
    ),
}

REFUSE_CHANGE = "append-only: rows of {table} are never changed or deleted"
REFUSE_VALUE = "a confidential value of the trail is never changed, and goes only with its erasure"
REFUSE_REPLACE = "append-only: rows of {table} are never replaced"
REFUSE_CLOSED = "closed: what was signed or adopted is corrected by an addendum"
REFUSE_STATUS = "the status of a request changes only with the move that explains it"


@dataclass(frozen=True)
class Trigger:
    name: str
    table: str
    sql: str


VALUE_MAY_GO = (
    f"(OLD.field IN {PASSING} OR EXISTS (SELECT 1 FROM {ERASURE_TABLE} e "
    f"WHERE e.of_table = '{EVENT_TABLE}' AND e.row_id = OLD.event_id AND e.field = OLD.field))"
)

# --- SQLite -----------------------------------------------------------------------------------------------------------


def _sqlite_append_only(connection, table: str) -> list[Trigger]:
    # REPLACE deletes the old row without firing delete triggers, hence the third one.
    kinds = {
        f"{table}_no_update": (f"BEFORE UPDATE ON {table}{_sqlite_unless_erasing(connection, table)}", REFUSE_CHANGE),
        f"{table}_no_delete": (f"BEFORE DELETE ON {table}", REFUSE_CHANGE),
        f"{table}_no_replace": (
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)",
            REFUSE_REPLACE,
        ),
    }
    return [
        Trigger(
            name, table, f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{text.format(table=table)}'); END"
        )
        for name, (when, text) in kinds.items()
    ]


def _sqlite_unless_erasing(connection, table: str) -> str:
    """The condition of the trigger: every update that is not the blotting out of a text with its erasure."""
    texts = ERASABLE.get(table, ())
    if not texts:
        return ""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    same = [f"NEW.{name} IS OLD.{name}" for name in columns if name not in texts]
    blotted = [
        f"(NEW.{name} IS OLD.{name} OR (NEW.{name} IN ('{ERASED}', '{ERASED_CONTENT}') AND EXISTS (SELECT 1 FROM "
        f"{ERASURE_TABLE} WHERE of_table = '{table}' AND row_id = OLD.id AND field = '{name}')))"
        for name in texts
    ]
    unchanged = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in texts)
    return f" WHEN NOT ({' AND '.join(same + blotted)}) OR ({unchanged})"


def _sqlite_queue(table: str) -> list[Trigger]:
    name = f"{table}_queue"
    stream, subject = stream_and_subject(table, "NEW")
    sql = (
        f"CREATE TRIGGER {name} AFTER INSERT ON {table} BEGIN INSERT INTO {QUEUE_TABLE} "
        f"(stream, of_table, row_id, subject) VALUES ({stream}, '{table}', NEW.id, {subject}); END"
    )
    return [Trigger(name, table, sql)]


def _sqlite_values() -> list[Trigger]:
    kinds = {
        f"{VALUE_TABLE}_no_update": f"BEFORE UPDATE ON {VALUE_TABLE}",
        f"{VALUE_TABLE}_no_delete": f"BEFORE DELETE ON {VALUE_TABLE} WHEN NOT {VALUE_MAY_GO}",
        f"{VALUE_TABLE}_no_replace": (
            f"BEFORE INSERT ON {VALUE_TABLE} WHEN EXISTS (SELECT 1 FROM {VALUE_TABLE} "
            "WHERE id = NEW.id OR (event_id = NEW.event_id AND field = NEW.field))"
        ),
    }
    return [
        Trigger(name, VALUE_TABLE, f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{REFUSE_VALUE}'); END")
        for name, when in kinds.items()
    ]


def _sqlite_closed(connection, table: str) -> list[Trigger]:
    closed, free = CLOSED[table]
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    other = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in columns if name not in free)
    was, comes = closed.format(row="OLD"), closed.format(row="NEW")
    kinds = {"closed_update": f"BEFORE UPDATE ON {table} WHEN {was} AND ({other})",
             "closed_delete": f"BEFORE DELETE ON {table} WHEN {was}"}  # fmt: skip
    if not free:  # rows that belong to others: none comes to them any more
        kinds["closed_insert"] = f"BEFORE INSERT ON {table} WHEN {comes}"
    return [
        Trigger(
            f"{table}_{name}",
            table,
            f"CREATE TRIGGER {table}_{name} {when} BEGIN SELECT RAISE(ABORT, '{REFUSE_CLOSED}'); END",
        )
        for name, when in kinds.items()
    ]


def _sqlite_status(table: str, moves: str, of: str) -> list[Trigger]:
    name = f"{table}_status_by_move"
    sql = (
        f"CREATE TRIGGER {name} BEFORE UPDATE OF status ON {table} "
        f"WHEN NEW.status IS NOT OLD.status AND NOT EXISTS (SELECT 1 FROM {moves} AS m "
        f"WHERE m.{of} = NEW.id AND m.from_status = OLD.status AND m.to_status = NEW.status "
        f"AND m.id = (SELECT max(id) FROM {moves} WHERE {of} = NEW.id)) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSE_STATUS}'); END"
    )
    return [Trigger(name, table, sql)]


# --- PostgreSQL -------------------------------------------------------------------------------------------------------

TEXTS_OF_TABLE = " ".join(
    f"WHEN '{table}' THEN string_to_array('{' '.join(names)}', ' ')" for table, names in ERASABLE.items()
)
REFUSE_FUNCTION = f"""
DECLARE
    texts text[] := CASE TG_TABLE_NAME {TEXTS_OF_TABLE} ELSE ARRAY[]::text[] END;
    before jsonb;
    after jsonb;
BEGIN
    IF TG_OP = 'UPDATE' AND cardinality(texts) > 0 THEN
        before := to_jsonb(OLD);
        after := to_jsonb(NEW);
        IF before <> after AND before - texts = after - texts AND NOT EXISTS (
            SELECT 1 FROM unnest(texts) AS t(name)
            WHERE before -> t.name IS DISTINCT FROM after -> t.name
              AND (after ->> t.name NOT IN ('{ERASED}', '{ERASED_CONTENT}') OR NOT EXISTS (
                  SELECT 1 FROM {ERASURE_TABLE} e
                  WHERE e.of_table = TG_TABLE_NAME AND e.row_id = OLD.id AND e.field = t.name))
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '{REFUSE_CHANGE.format(table="%")}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
"""
VALUE_FUNCTION = f"""
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF {VALUE_MAY_GO} THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '{REFUSE_VALUE}' USING ERRCODE = 'restrict_violation';
END
"""


def _status_function(moves: str, of: str) -> str:
    return f"""
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT EXISTS (
        SELECT 1 FROM {moves} m
        WHERE m.{of} = NEW.id AND m.from_status = OLD.status AND m.to_status = NEW.status
          AND m.id = (SELECT max(id) FROM {moves} WHERE {of} = NEW.id)
    ) THEN
        RAISE EXCEPTION '{REFUSE_STATUS}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
"""


def _queue_function(table: str) -> str:
    stream, subject = stream_and_subject(table, "NEW")
    return f"""
BEGIN
    INSERT INTO {QUEUE_TABLE} (stream, of_table, row_id, subject) VALUES ({stream}, '{table}', NEW.id, {subject});
    RETURN NULL;
END
"""


def _closed_function(table: str) -> str:
    closed, free = CLOSED[table]
    names = "ARRAY[" + ", ".join(f"'{name}'" for name in free) + "]::text[]"
    refuse = f"RAISE EXCEPTION '{REFUSE_CLOSED}' USING ERRCODE = 'restrict_violation';"
    return f"""
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF {closed.format(row="NEW")} THEN {refuse} END IF;
        RETURN NEW;
    END IF;
    IF {closed.format(row="OLD")} THEN
        IF TG_OP = 'DELETE' THEN {refuse} END IF;
        IF to_jsonb(OLD) - {names} <> to_jsonb(NEW) - {names} THEN {refuse} END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
"""


FUNCTIONS = {
    "activity_refuse_change": REFUSE_FUNCTION,
    "activity_keep_value": VALUE_FUNCTION,
}
FUNCTIONS |= {f"activity_status_{table}": _status_function(moves, of) for table, moves, of in STATUS_OF}
FUNCTIONS |= {f"activity_closed_{table}": _closed_function(table) for table in CLOSED}
FUNCTIONS |= {f"activity_queue_{table}": _queue_function(table) for table in SEALED}


def _postgresql_append_only(table: str) -> list[Trigger]:
    return [
        Trigger(
            f"{table}_no_change",
            table,
            f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION activity_refuse_change()",
        ),
        Trigger(
            f"{table}_no_truncate",
            table,
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION activity_refuse_change()",
        ),
    ]


def _postgresql_queue(table: str) -> list[Trigger]:
    name = f"{table}_queue"
    sql = (
        f"CREATE OR REPLACE TRIGGER {name} AFTER INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION activity_queue_{table}()"
    )
    return [Trigger(name, table, sql)]


def _postgresql_values() -> list[Trigger]:
    kinds = {"no_change": ("UPDATE OR DELETE", "ROW"), "no_truncate": ("TRUNCATE", "STATEMENT")}
    return [
        Trigger(
            f"{VALUE_TABLE}_{name}",
            VALUE_TABLE,
            f"CREATE OR REPLACE TRIGGER {VALUE_TABLE}_{name} BEFORE {acts} ON {VALUE_TABLE} "
            f"FOR EACH {each} EXECUTE FUNCTION activity_keep_value()",
        )
        for name, (acts, each) in kinds.items()
    ]


def _postgresql_closed(connection, table: str) -> list[Trigger]:
    name, acts = f"{table}_closed", "UPDATE OR DELETE" if CLOSED[table][1] else "INSERT OR UPDATE OR DELETE"
    sql = (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {acts} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION activity_closed_{table}()"
    )
    return [Trigger(name, table, sql)]


def _postgresql_status(table: str, moves: str, of: str) -> list[Trigger]:
    name = f"{table}_status_by_move"
    sql = (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE OF status ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION activity_status_{table}()"
    )
    return [Trigger(name, table, sql)]


# --- both -------------------------------------------------------------------------------------------------------------


def wanted(connection) -> list[Trigger]:
    """The triggers that this database must have, for those tables that exist in it."""
    tables = set(connection.introspection.table_names())
    on_postgresql = connection.vendor == "postgresql"
    append_only = _postgresql_append_only if on_postgresql else partial(_sqlite_append_only, connection)
    found = [trigger for table in APPEND_ONLY if table in tables for trigger in append_only(table)]
    if QUEUE_TABLE in tables:
        queue = _postgresql_queue if on_postgresql else _sqlite_queue
        found += [trigger for table in SEALED if table in tables for trigger in queue(table)]
    if {VALUE_TABLE, ERASURE_TABLE} <= tables:
        found += _postgresql_values() if on_postgresql else _sqlite_values()
    status = _postgresql_status if on_postgresql else _sqlite_status
    for table, moves, of in STATUS_OF:
        if {table, moves} <= tables:
            found += status(table, moves, of)
    closed = _postgresql_closed if on_postgresql else _sqlite_closed
    for table in CLOSED:
        if table in tables:
            found += closed(connection, table)
    return found


def missing(connection) -> list[str]:
    """Names of triggers that are not there, switched off or different; empty when the trail is protected."""
    present = _present_postgresql(connection) if connection.vendor == "postgresql" else _present_sqlite(connection)
    return [trigger.name for trigger in wanted(connection) if not present(trigger)]


def _present_sqlite(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        stored = dict(cursor.fetchall())
    return lambda trigger: stored.get(trigger.name) == trigger.sql


def _present_postgresql(connection):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, p.proname, p.prosrc FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND pg_table_is_visible(c.oid)"
        )
        stored = {
            (name, table) for name, table, function, source in cursor.fetchall() if FUNCTIONS.get(function) == source
        }
    return lambda trigger: (trigger.name, trigger.table) in stored


def install(connection) -> None:
    """Put every missing trigger in place. Needs the account that owns the tables."""
    absent = set(missing(connection))
    if not absent:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in FUNCTIONS.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
                )
        for trigger in wanted(connection):
            if trigger.name not in absent:
                continue
            if connection.vendor == "postgresql":
                cursor.execute(trigger.sql)
                # ALWAYS: also where replication would skip ordinary triggers.
                cursor.execute(f"ALTER TABLE {trigger.table} ENABLE ALWAYS TRIGGER {trigger.name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")
                cursor.execute(trigger.sql)
            if trigger.name.endswith("_queue"):
                _queue_what_is_there(cursor, trigger.table)


def _queue_what_is_there(cursor, table: str) -> None:
    """Rows that came while no trigger looked (an earlier version, a migration) wait for their seal like all others."""
    stream, subject = stream_and_subject(table, "r")
    same = f"of_table = '{table}' AND row_id = r.id"
    cursor.execute(
        f"INSERT INTO {QUEUE_TABLE} (stream, of_table, row_id, subject) "
        f"SELECT {stream}, '{table}', r.id, {subject} FROM {table} r "
        f"WHERE NOT EXISTS (SELECT 1 FROM activity_sealedrow WHERE {same}) "
        f"AND NOT EXISTS (SELECT 1 FROM {QUEUE_TABLE} WHERE {same}) ORDER BY r.id"
    )


def drop(connection) -> None:
    """Take every trigger away: before a migration that rebuilds tables on SQLite, and to empty a test database."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for trigger in wanted(connection):
            on_table = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}")


@contextmanager
def lifted(connection):
    """The time in which a test database is emptied; no code of the portal uses it."""
    if connection.vendor == "postgresql":  # which changes no table while a check of its rows is still to come
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    drop(connection)
    try:
        yield
    finally:
        install(connection)


def drop_before_migrate(sender, using=DEFAULT_DB_ALIAS, plan=(), **kwargs):
    """SQLite refuses to rename a rebuilt table while a trigger elsewhere still mentions it."""
    if plan and connections[using].vendor == "sqlite":
        drop(connections[using])


def install_after_migrate(sender, using=DEFAULT_DB_ALIAS, **kwargs):
    install(connections[using])


def check_triggers(app_configs=None, databases=None, **kwargs) -> list[checks.CheckMessage]:
    """The system check: an unprotected trail is an error. Not before `migrate`, which is what repairs it."""
    if sys.argv[1:2] == ["migrate"]:
        return []
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        try:
            absent = missing(connections[alias])
        except OperationalError as problem:
            found.append(checks.Error(f"The database “{alias}” cannot be read: {problem}", id="activity.E002"))
            continue
        if absent:
            found.append(
                checks.Error(
                    f"The trail in “{alias}” could be changed; these triggers are missing: {', '.join(absent)}.",
                    hint="Run manage.py migrate with the account that owns the tables.",
                    id="activity.E001",
                )
            )
    return found
