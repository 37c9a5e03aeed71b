import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.tables


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_delegations"),
        ("accounts", "__first__"),
        ("contacts", "0006_search_indexes"),
        ("places", "0004_cells_are_bodies"),
    ]

    operations = [
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="ContactList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("sha256", models.CharField(max_length=64)),
                        ("content", models.BinaryField(default=bytes)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ocha_focal_point", "OCHA CMCoord focal point"),
                                    ("cell_chair", "cell chair"),
                                    ("cell_co_chair", "cell co-chair"),
                                    ("force_liaison", "force liaison (G3, U3, U35, S3)"),
                                    ("cimic", "CIMIC (G9, U9, S9)"),
                                    ("unpol", "police of the mission (UNPOL)"),
                                    ("undss", "UNDSS"),
                                    ("hawg_co_chair", "co-chair of the access working group"),
                                    ("logistics", "logistics"),
                                    ("protection", "protection"),
                                    ("unhas", "UNHAS"),
                                    ("focal_point", "focal point of an organisation"),
                                    ("convoy_leader", "convoy leader"),
                                    ("authority", "authority"),
                                    ("donor", "donor"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reading", "being read"),
                                    ("read", "waits for your yes"),
                                    ("taking", "being taken over"),
                                    ("done", "taken over"),
                                    ("undoing", "being taken back"),
                                    ("cancelled", "given up"),
                                    ("broken", "cannot be read"),
                                ],
                                default="reading",
                                max_length=10,
                            ),
                        ),
                        ("problem", models.CharField(blank=True, max_length=300)),
                        ("ignored", models.JSONField(blank=True, default=list)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("reached", models.PositiveIntegerField(default=0)),
                        ("busy_until", models.DateTimeField(null=True)),
                        ("agreed_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("count", models.PositiveIntegerField(default=0)),
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.country"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.dutystation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "list of contacts",
                        "verbose_name_plural": "lists of contacts",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["reading", "taking", "undoing"])),
                                fields=["id"],
                                name="contactlist_working",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["reading", "read", "taking", "undoing"])),
                                fields=("by",),
                                name="contactlist_one_open_each",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("fresh", "new"),
                                    ("more", "adds to somebody who is there"),
                                    ("alike", "looks like somebody who is there"),
                                    ("known", "says nothing new"),
                                    ("wrong", "cannot be taken over"),
                                    ("taken", "taken over"),
                                    ("left", "left out"),
                                ],
                                max_length=5,
                            ),
                        ),
                        ("values", models.JSONField(blank=True, default=dict)),
                        ("wrong", models.JSONField(blank=True, default=list)),
                        ("who", models.CharField(blank=True, max_length=32)),
                        ("same_as", models.PositiveIntegerField(null=True)),
                        (
                            "choice",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("same", "The same person: add what is new"),
                                    ("other", "Somebody else: a new person"),
                                    ("skip", "Leave this row out"),
                                ],
                                max_length=5,
                            ),
                        ),
                        ("made", models.JSONField(blank=True, default=dict)),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="contacts.person",
                            ),
                        ),
                        (
                            "contact_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="contacts.contactlist",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "row of a list of contacts",
                        "verbose_name_plural": "rows of a list of contacts",
                        "ordering": ["number"],
                        "indexes": [
                            models.Index(fields=["contact_list", "state", "number"], name="contactline_by_state"),
                            models.Index(
                                condition=models.Q(("who", ""), _negated=True),
                                fields=["contact_list", "who"],
                                name="contactline_by_person",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("contact_list", "number"), name="contactline_once")
                        ],
                    },
                ),
            ],
        ),
    ]
