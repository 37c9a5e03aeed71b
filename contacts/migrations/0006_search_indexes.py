"""Pieces of names and functions, and roles, are found by an index; on PostgreSQL only."""

from django.db import migrations

FORWARDS = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX post_search_pieces ON contacts_post USING gin (search_text gin_trgm_ops)",
    "CREATE INDEX post_roles ON contacts_post USING gin (roles jsonb_path_ops)",
    "CREATE INDEX contact_name_pieces ON contacts_person USING gin (folded_name gin_trgm_ops)",
]
BACKWARDS = ["DROP INDEX contact_name_pieces", "DROP INDEX post_roles", "DROP INDEX post_search_pieces"]


def on_postgresql(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_finding_and_taking")]

    operations = [migrations.RunPython(on_postgresql(FORWARDS), on_postgresql(BACKWARDS))]
