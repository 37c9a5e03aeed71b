import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.tables


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("contacts", "0008_merges"),
        ("meetings", "0002_points"),
        ("requests_app", "0003_patrols"),
    ]

    operations = [
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="Minutes",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("fr", "French")], max_length=2, verbose_name="language"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "stage",
                            models.CharField(
                                choices=[("draft", "draft"), ("signing", "signed by one side"), ("final", "final")],
                                default="draft",
                                max_length=8,
                                verbose_name="stage",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("signatures", "signed by both chairs"),
                                    ("adoption", "adopted by a later meeting"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("final_at", models.DateTimeField(null=True)),
                        ("released_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "meeting",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="minutes",
                                to="meetings.meeting",
                                verbose_name="meeting",
                            ),
                        ),
                        (
                            "released_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "minutes",
                        "verbose_name_plural": "minutes",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("final_at__isnull", False),
                                        ("how__in", ("signatures", "adoption")),
                                        ("stage", "final"),
                                    ),
                                    models.Q(
                                        models.Q(("stage", "final"), _negated=True), ("final_at", None), ("how", "")
                                    ),
                                    _connector="OR",
                                ),
                                name="minutes_final_with_how",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("released_at", None), ("released_by", None)),
                                    models.Q(
                                        ("released_at__isnull", False),
                                        ("released_by__isnull", False),
                                        ("stage", "final"),
                                    ),
                                    _connector="OR",
                                ),
                                name="minutes_released_when_final",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Adoption",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        ("content", models.JSONField()),
                        ("capacity", models.CharField(max_length=250)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by_meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adopted",
                                to="meetings.meeting",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "minutes",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoptions",
                                to="meetings.minutes",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "adoption",
                        "ordering": ["id"],
                        "constraints": [models.UniqueConstraint(fields=("minutes", "digest"), name="adoption_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Addendum",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("text", models.TextField(max_length=20000, verbose_name="correction")),
                        ("digest", models.CharField(max_length=64)),
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
                            "minutes",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addenda",
                                to="meetings.minutes",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "addendum",
                        "verbose_name_plural": "addenda",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("minutes", "number"), name="addendum_one_per_number"),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="addendum_has_text"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MinutesItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField()),
                        ("title", models.CharField(max_length=200, verbose_name="agenda point")),
                        ("summary", models.TextField(blank=True, max_length=20000, verbose_name="summary")),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "agenda_item",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="meetings.agendaitem",
                            ),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "minutes",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="meetings.minutes"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "point of the minutes",
                        "ordering": ["order"],
                        "constraints": [
                            models.UniqueConstraint(fields=("minutes", "order"), name="minutesitem_one_per_place"),
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True), name="minutesitem_has_title"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MinutesDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(max_length=1000, verbose_name="decision")),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.case",
                                verbose_name="about the request",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="meetings.minutesitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "decision of a meeting",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="minutesdecision_has_text"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("capacity", models.CharField(max_length=250)),
                        ("digest", models.CharField(max_length=64)),
                        ("text", models.TextField(max_length=2000, verbose_name="objection")),
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
                            "minutes",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="meetings.minutes",
                            ),
                        ),
                        (
                            "seat",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contacts.seat"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "objection",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="objection_has_text"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Signature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("chair", "chair"),
                                    ("co_chair", "co-chair"),
                                    ("member", "member"),
                                    ("observer", "observer"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("capacity", models.CharField(max_length=250)),
                        ("digest", models.CharField(max_length=64)),
                        ("content", models.JSONField()),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "addendum",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="meetings.addendum",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "minutes",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="meetings.minutes",
                            ),
                        ),
                        (
                            "seat",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contacts.seat"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "signature",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ("chair", "co_chair"))), name="signature_of_a_chair"
                            ),
                            models.UniqueConstraint(
                                fields=("minutes", "digest", "kind"), name="signature_one_per_chair"
                            ),
                            models.UniqueConstraint(
                                fields=("minutes", "digest", "by"), name="signature_one_per_person"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Translation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("language", models.CharField(choices=[("en", "English"), ("fr", "French")], max_length=2)),
                        ("content", models.JSONField()),
                        ("of_digest", models.CharField(max_length=64)),
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
                            "minutes",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="translations",
                                to="meetings.minutes",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "translation of minutes",
                        "verbose_name_plural": "translations of minutes",
                        "constraints": [
                            models.UniqueConstraint(fields=("minutes", "language"), name="translation_one_per_language")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HumanitarianNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="about")),
                        ("text", models.TextField(max_length=20000, verbose_name="note")),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="meetings.meeting"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "humanitarian note",
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["meeting"], name="note_of_meeting")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                                ),
                                name="note_has_words",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="actionpoint",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="points",
                to="meetings.minutesitem",
            ),
        ),
    ]
