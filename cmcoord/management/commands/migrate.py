"""How is the database brought up to date? As Django does it, but by the account that owns the tables."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections

from cmcoord.activity.triggers import APPEND_ONLY, ERASABLE


class Command(migrate.Command):
    def handle(self, *args, **options):
        connection = connections[options["database"]]
        portal = connection.settings_dict["USER"]
        if settings.OWNER_DATABASE:
            connection.close()
            connection.settings_dict.update(settings.OWNER_DATABASE)
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        call_command("createcachetable", database=connection.alias, verbosity=0)
        if settings.OWNER_DATABASE:
            grant(connection, portal)


def grant(connection, portal: str) -> None:
    """The portal's account may read and write rows, only add them where nothing is ever changed, and alter no table."""
    role = connection.ops.quote_name(portal)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        tables = set(connection.introspection.table_names(cursor))
        for table in tables.intersection(APPEND_ONLY):
            cursor.execute(f"REVOKE UPDATE, DELETE ON {connection.ops.quote_name(table)} FROM {role}")
            if texts := ERASABLE.get(table):  # the trigger lets them be blotted out, and nothing else
                cursor.execute(f"GRANT UPDATE ({', '.join(texts)}) ON {connection.ops.quote_name(table)} TO {role}")
