"""Full text and pieces of references, on PostgreSQL only: SQLite searches the folded text itself.

The column is made by the database from search_text, so that no code can forget it. The reference is taken out of it,
since every request has one, and signs become blanks, so that a word is a word beside any of them.
"""

from django.db import migrations

FORWARDS = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    ALTER TABLE requests_app_case ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', translate(replace(search_text, lower(reference), ' '),
                                        '-_/\\.,:;@&+*<>()''"', '                  '))
    ) STORED
    """,
    "CREATE INDEX case_search_words ON requests_app_case USING gin (search_vector)",
    "CREATE INDEX case_search_reference ON requests_app_case USING gin (reference gin_trgm_ops)",
]
BACKWARDS = [
    "DROP INDEX case_search_reference",
    "DROP INDEX case_search_words",
    "ALTER TABLE requests_app_case DROP COLUMN search_vector",
]


def on_postgresql(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    replaces = [("requests_app", "0004_case_search")]

    dependencies = [("requests_app", "0001_tables")]

    operations = [migrations.RunPython(on_postgresql(FORWARDS), on_postgresql(BACKWARDS))]
