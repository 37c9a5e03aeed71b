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
    replaces = [
        ("requests_app", "0004_case_search"),
        ("requests_app", "0003_fewer_indexes"),
        ("requests_app", "0004_exit_review_and_open_provider"),
        ("requests_app", "0005_notes_of_files"),
        ("requests_app", "0006_lists_counted_in_their_indexes"),
        ("requests_app", "0007_organisations_not_asked"),
        ("requests_app", "0008_country_team_consulted"),
        ("requests_app", "0009_proposed_policies"),
        ("requests_app", "0010_decision_by_delegation"),
        ("requests_app", "0011_rescues"),
        ("requests_app", "0012_reverse_requests"),
        ("requests_app", "0013_findings_as_found"),
        ("requests_app", "0014_access_incidents"),
        ("requests_app", "0015_ways_solved"),
        ("requests_app", "0016_alarms_and_exceptions"),
        ("requests_app", "0017_case_links"),
        ("requests_app", "0018_writing_due_in_an_index"),
    ]

    dependencies = [("requests_app", "0001_tables")]

    operations = [migrations.RunPython(on_postgresql(FORWARDS), on_postgresql(BACKWARDS))]
