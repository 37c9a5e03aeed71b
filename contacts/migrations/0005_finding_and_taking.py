import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.tables


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_delegations"),
        ("accounts", "__first__"),
        ("contacts", "0004_posts_and_people"),
        ("places", "0004_cells_are_bodies"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="search_text",
            field=models.CharField(default="", editable=False, max_length=500),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["country", "function", "id"], name="post_in_country"
            ),
        ),
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="DirectoryExport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("xlsx", "workbook (XLSX)"),
                                    ("csv", "CSV"),
                                    ("vcard4", "address cards (vCard 4)"),
                                    ("vcard3", "address cards (vCard 3)"),
                                    ("sheet", "sheet to print (A4)"),
                                    ("flyer", "flyer"),
                                ],
                                max_length=6,
                                verbose_name="format",
                            ),
                        ),
                        (
                            "sensitivity",
                            models.CharField(
                                choices=[
                                    ("P", "Public"),
                                    ("R", "Restricted"),
                                    ("C", "Confidential"),
                                    ("S", "Strictly confidential"),
                                ],
                                max_length=1,
                            ),
                        ),
                        ("count", models.PositiveIntegerField(verbose_name="lines")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "country",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.country",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of the directory",
                        "verbose_name_plural": "files of the directory",
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["by", "-id"], name="directoryexport_of_person")],
                    },
                ),
                migrations.CreateModel(
                    name="ExportedPerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("recalled_at", models.DateTimeField(null=True)),
                        (
                            "export",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="people",
                                to="contacts.directoryexport",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.person"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "person in a file of the directory",
                        "verbose_name_plural": "people in files of the directory",
                        "constraints": [
                            models.UniqueConstraint(fields=("export", "person"), name="exportedperson_once")
                        ],
                    },
                ),
            ],
        ),
    ]
