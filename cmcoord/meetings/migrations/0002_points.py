import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.tables


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_merges"),
        ("meetings", "0001_tables"),
    ]

    operations = [
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="ActionPoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.body",
                                verbose_name="body",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("reference", models.CharField(max_length=40, unique=True)),
                        (
                            "meeting",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="meetings.meeting",
                                verbose_name="meeting",
                            ),
                        ),
                        ("words", models.CharField(max_length=400, verbose_name="what is to be done")),
                        (
                            "owner_organisation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="responsible organisation",
                            ),
                        ),
                        (
                            "owner_post",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="contacts.post",
                                verbose_name="through the post",
                            ),
                        ),
                        ("due", models.DateField(verbose_name="deadline")),
                        ("due_raised", models.DateField()),
                        (
                            "priority",
                            models.CharField(
                                choices=[("normal", "normal"), ("high", "high")],
                                default="normal",
                                max_length=6,
                                verbose_name="priority",
                            ),
                        ),
                        ("needs_evidence", models.BooleanField(default=False, verbose_name="closing needs evidence")),
                        ("needs_check", models.BooleanField(default=False, verbose_name="another person checks it")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("in_progress", "in progress"),
                                    ("reported", "reported done, to be checked"),
                                    ("done", "done"),
                                    ("dropped", "dropped"),
                                ],
                                default="open",
                                max_length=12,
                            ),
                        ),
                        (
                            "reported_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closing_comment", models.CharField(blank=True, max_length=600)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "raised_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "action point",
                        "verbose_name_plural": "action points",
                        "ordering": ["due", "id"],
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("open", "in_progress", "reported"))),
                                fields=["body", "due", "id"],
                                name="actionpoint_going_on",
                            ),
                            models.Index(
                                condition=models.Q(("status__in", ("open", "in_progress", "reported"))),
                                fields=["owner_organisation", "due", "id"],
                                name="actionpoint_of_owner",
                            ),
                            models.Index(
                                condition=models.Q(("status__in", ("open", "in_progress", "reported"))),
                                fields=["owner_post"],
                                name="actionpoint_of_post",
                            ),
                            models.Index(fields=["body", "closed_at"], name="actionpoint_closed"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("body", "number"), name="actionpoint_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True), name="actionpoint_has_words"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("closed_by", None)),
                                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="actionpoint_pair_closed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("status__in", ("done", "dropped")),
                                        models.Q(("closing_comment", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("closed_at", None),
                                        ("closing_comment", ""),
                                        ("status__in", ("open", "in_progress", "reported")),
                                    ),
                                    _connector="OR",
                                ),
                                name="actionpoint_closed_with_comment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("needs_check", False), ("needs_evidence", False)),
                                    ("priority", "high"),
                                    _connector="OR",
                                ),
                                name="actionpoint_asks_more_if_high",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None),
                                    models.Q(("checked_by", models.F("reported_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="actionpoint_checked_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InternalPoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.body",
                                verbose_name="body",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("reference", models.CharField(max_length=40, unique=True)),
                        (
                            "meeting",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="meetings.meeting",
                                verbose_name="meeting",
                            ),
                        ),
                        ("words", models.CharField(max_length=400, verbose_name="what is to be done")),
                        (
                            "owner_organisation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="responsible organisation",
                            ),
                        ),
                        (
                            "owner_post",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="contacts.post",
                                verbose_name="through the post",
                            ),
                        ),
                        ("due", models.DateField(verbose_name="deadline")),
                        ("due_raised", models.DateField()),
                        (
                            "priority",
                            models.CharField(
                                choices=[("normal", "normal"), ("high", "high")],
                                default="normal",
                                max_length=6,
                                verbose_name="priority",
                            ),
                        ),
                        ("needs_evidence", models.BooleanField(default=False, verbose_name="closing needs evidence")),
                        ("needs_check", models.BooleanField(default=False, verbose_name="another person checks it")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("in_progress", "in progress"),
                                    ("reported", "reported done, to be checked"),
                                    ("done", "done"),
                                    ("dropped", "dropped"),
                                ],
                                default="open",
                                max_length=12,
                            ),
                        ),
                        (
                            "reported_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closing_comment", models.CharField(blank=True, max_length=600)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "raised_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "internal action point",
                        "verbose_name_plural": "internal action points",
                        "ordering": ["due", "id"],
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("open", "in_progress", "reported"))),
                                fields=["body", "due", "id"],
                                name="internalpoint_going_on",
                            ),
                            models.Index(
                                condition=models.Q(("status__in", ("open", "in_progress", "reported"))),
                                fields=["owner_organisation", "due", "id"],
                                name="internalpoint_of_owner",
                            ),
                            models.Index(
                                condition=models.Q(("status__in", ("open", "in_progress", "reported"))),
                                fields=["owner_post"],
                                name="internalpoint_of_post",
                            ),
                            models.Index(fields=["body", "closed_at"], name="internalpoint_closed"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("body", "number"), name="internalpoint_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True), name="internalpoint_has_words"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("closed_by", None)),
                                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="internalpoint_pair_closed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("status__in", ("done", "dropped")),
                                        models.Q(("closing_comment", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("closed_at", None),
                                        ("closing_comment", ""),
                                        ("status__in", ("open", "in_progress", "reported")),
                                    ),
                                    _connector="OR",
                                ),
                                name="internalpoint_closed_with_comment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("needs_check", False), ("needs_evidence", False)),
                                    ("priority", "high"),
                                    _connector="OR",
                                ),
                                name="internalpoint_asks_more_if_high",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None),
                                    models.Q(("checked_by", models.F("reported_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="internalpoint_checked_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PointUpdate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("step", models.CharField(max_length=10)),
                        (
                            "from_status",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("in_progress", "in progress"),
                                    ("reported", "reported done, to be checked"),
                                    ("done", "done"),
                                    ("dropped", "dropped"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "to_status",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("in_progress", "in progress"),
                                    ("reported", "reported done, to be checked"),
                                    ("done", "done"),
                                    ("dropped", "dropped"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("comment", models.CharField(blank=True, max_length=600, verbose_name="comment")),
                        ("evidence", models.CharField(blank=True, max_length=600, verbose_name="evidence")),
                        ("due", models.DateField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="updates",
                                to="meetings.actionpoint",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "update of an action point",
                        "verbose_name_plural": "updates of action points",
                        "ordering": ["id"],
                        "abstract": False,
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="InternalUpdate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("step", models.CharField(max_length=10)),
                        (
                            "from_status",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("in_progress", "in progress"),
                                    ("reported", "reported done, to be checked"),
                                    ("done", "done"),
                                    ("dropped", "dropped"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "to_status",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("in_progress", "in progress"),
                                    ("reported", "reported done, to be checked"),
                                    ("done", "done"),
                                    ("dropped", "dropped"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("comment", models.CharField(blank=True, max_length=600, verbose_name="comment")),
                        ("evidence", models.CharField(blank=True, max_length=600, verbose_name="evidence")),
                        ("due", models.DateField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="updates",
                                to="meetings.internalpoint",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "update of an internal action point",
                        "verbose_name_plural": "updates of internal action points",
                        "ordering": ["id"],
                        "abstract": False,
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Escalation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="contacts.body",
                            ),
                        ),
                        (
                            "point",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="meetings.actionpoint",
                            ),
                        ),
                        (
                            "internal_point",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="meetings.internalpoint",
                            ),
                        ),
                        ("why", models.CharField(max_length=600, verbose_name="why the cell cannot settle it")),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("answer", models.CharField(blank=True, max_length=600, verbose_name="what was decided")),
                        (
                            "consulted",
                            models.CharField(
                                choices=[
                                    ("nobody", "nobody was consulted"),
                                    ("hct", "the country team was consulted"),
                                    ("iccg", "the inter-cluster coordination group was consulted"),
                                    ("both", "the country team and the inter-cluster group were consulted"),
                                ],
                                default="nobody",
                                max_length=6,
                                verbose_name="consulted",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "escalation to the strategic level",
                        "verbose_name_plural": "escalations to the strategic level",
                        "ordering": ["at", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("answered_at", None)), fields=["body"], name="escalation_open"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("internal_point__isnull", False), ("point", None)),
                                    models.Q(("internal_point", None), ("point__isnull", False)),
                                    _connector="OR",
                                ),
                                name="escalation_of_one_point",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="escalation_answered_with_words",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("answered_at", None)),
                                fields=("point",),
                                name="escalation_one_open_per_point",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("answered_at", None)),
                                fields=("internal_point",),
                                name="escalation_one_open_per_internal",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LiaisonContact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.body",
                                verbose_name="body",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="with",
                            ),
                        ),
                        ("with_whom", models.CharField(blank=True, max_length=120, verbose_name="with which function")),
                        (
                            "means",
                            models.CharField(
                                choices=[
                                    ("visit", "in person"),
                                    ("telephone", "by telephone"),
                                    ("radio", "by radio"),
                                    ("mail", "in writing"),
                                ],
                                default="telephone",
                                max_length=10,
                                verbose_name="how",
                            ),
                        ),
                        ("subject", models.CharField(max_length=300, verbose_name="on what")),
                        ("follow_up", models.CharField(blank=True, max_length=300, verbose_name="what follows")),
                        ("follow_up_due", models.DateField(blank=True, null=True, verbose_name="by when")),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "contact of liaison",
                        "verbose_name_plural": "liaison log",
                        "ordering": ["-at", "-id"],
                        "indexes": [models.Index(fields=["body", "-at"], name="liaisoncontact_of_body")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("subject", ""), _negated=True), name="liaisoncontact_has_subject"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WeeklySummary",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="summaries",
                                to="contacts.body",
                            ),
                        ),
                        ("week", models.DateField()),
                        ("content", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        (
                            "sent_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "weekly summary",
                        "verbose_name_plural": "weekly summaries",
                        "ordering": ["-week", "-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("body", "week"), name="weeklysummary_one_per_week")
                        ],
                        "indexes": [],
                    },
                ),
            ],
        ),
    ]
