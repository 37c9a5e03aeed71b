"""What is missing is found by an index: a time in a post knows its country, a post its first holder."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FILL = (
    "UPDATE contacts_holding SET country_id = (SELECT p.country_id FROM contacts_post p WHERE p.id = post_id)",
    """
UPDATE contacts_post SET
held_from = (SELECT h.starts FROM contacts_holding h WHERE h.post_id = contacts_post.id AND h.capacity = 'holder'
             AND h.left_at IS NULL ORDER BY h.starts, h.id LIMIT 1),
held_until = (SELECT h.ends FROM contacts_holding h WHERE h.post_id = contacts_post.id AND h.capacity = 'holder'
              AND h.left_at IS NULL ORDER BY h.starts, h.id LIMIT 1)
""",
)


def fill(apps, schema_editor):
    """PostgreSQL alters no table while a check of its rows is still to come."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in FILL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_delegations"),
        ("contacts", "0011_first_of_equal_moments"),
        ("places", "0004_cells_are_bodies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DirectoryFigure",
            fields=[
                (
                    "country",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="places.country",
                    ),
                ),
                ("in_post", models.PositiveIntegerField(verbose_name="in post")),
                ("fresh", models.PositiveIntegerField(verbose_name="confirmed within 90 days")),
                ("counted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="counted")),
            ],
            options={
                "verbose_name": "figure of the directory",
                "verbose_name_plural": "figures of the directory",
            },
        ),
        migrations.AddField(
            model_name="holding",
            name="country",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.country",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="held_from",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="post",
            name="held_until",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="holding",
            name="country",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.country"
            ),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                condition=models.Q(("left_at", None)),
                fields=["country", "confirmed_at", "id"],
                name="holding_confirmed_in",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["country", "held_from"], name="post_held_from"
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("closed_at", None), ("held_until__isnull", False)),
                fields=["country", "held_until"],
                name="post_held_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("fresh__lte", models.F("in_post"))), name="figure_share"
            ),
        ),
    ]
