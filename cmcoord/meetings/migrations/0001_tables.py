import uuid

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_delegations"),
        ("accounts", "__first__"),
        ("contacts", "0009_force_name_in_french"),
        ("requests_app", "0003_patrols"),
    ]

    operations = [
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="Series",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "modality",
                            models.CharField(
                                choices=[
                                    ("in_person", "in person"),
                                    ("remote", "remote"),
                                    ("hybrid", "in person and remote"),
                                ],
                                default="in_person",
                                max_length=10,
                                verbose_name="how",
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=160, verbose_name="place")),
                        (
                            "venue",
                            models.CharField(
                                choices=[
                                    ("neutral", "neutral place"),
                                    ("humanitarian", "premises of a humanitarian organisation"),
                                    ("mission", "civilian premises of the mission"),
                                    ("government", "premises of the Government"),
                                    ("military_camp", "military camp"),
                                ],
                                default="neutral",
                                max_length=14,
                                verbose_name="kind of place",
                            ),
                        ),
                        ("venue_reason", models.CharField(blank=True, max_length=300, verbose_name="why there")),
                        ("call_link", models.URLField(blank=True, max_length=300, verbose_name="link of the call")),
                        ("languages", models.JSONField(default=list, verbose_name="working languages")),
                        (
                            "every",
                            models.CharField(
                                choices=[
                                    ("week", "every week"),
                                    ("two_weeks", "twice a month"),
                                    ("month", "every month"),
                                ],
                                max_length=10,
                                verbose_name="how often",
                            ),
                        ),
                        ("rule", models.CharField(max_length=120)),
                        ("first_day", models.DateField(verbose_name="first meeting")),
                        ("at", models.TimeField(verbose_name="at")),
                        ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                        ("until", models.DateField(verbose_name="until")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="series",
                                to="contacts.body",
                                verbose_name="body",
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
                    ],
                    options={
                        "verbose_name": "series of meetings",
                        "verbose_name_plural": "series of meetings",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("minutes__gt", 0)), name="series_lasts"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("venue", "military_camp"), models.Q(("venue_reason", ""), _negated=True)),
                                    models.Q(models.Q(("venue", "military_camp"), _negated=True), ("venue_reason", "")),
                                    _connector="OR",
                                ),
                                name="series_camp_with_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Meeting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "modality",
                            models.CharField(
                                choices=[
                                    ("in_person", "in person"),
                                    ("remote", "remote"),
                                    ("hybrid", "in person and remote"),
                                ],
                                default="in_person",
                                max_length=10,
                                verbose_name="how",
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=160, verbose_name="place")),
                        (
                            "venue",
                            models.CharField(
                                choices=[
                                    ("neutral", "neutral place"),
                                    ("humanitarian", "premises of a humanitarian organisation"),
                                    ("mission", "civilian premises of the mission"),
                                    ("government", "premises of the Government"),
                                    ("military_camp", "military camp"),
                                ],
                                default="neutral",
                                max_length=14,
                                verbose_name="kind of place",
                            ),
                        ),
                        ("venue_reason", models.CharField(blank=True, max_length=300, verbose_name="why there")),
                        ("call_link", models.URLField(blank=True, max_length=300, verbose_name="link of the call")),
                        ("languages", models.JSONField(default=list, verbose_name="working languages")),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("occurrence", models.DateField(blank=True, null=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("regular", "regular"), ("ad_hoc", "ad hoc")],
                                default="regular",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("starts", models.DateTimeField(verbose_name="begins")),
                        ("ends", models.DateTimeField(verbose_name="ends")),
                        ("zone", models.CharField(max_length=40)),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("planned", "planned"),
                                    ("held", "held"),
                                    ("not_held", "not held"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="planned",
                                max_length=10,
                                verbose_name="stage",
                            ),
                        ),
                        (
                            "not_held_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("security", "security"),
                                    ("quorum", "no quorum"),
                                    ("holiday", "holiday"),
                                    ("no_chair", "no chair"),
                                    ("other", "another reason"),
                                ],
                                max_length=10,
                                verbose_name="not held because",
                            ),
                        ),
                        ("not_held_note", models.CharField(blank=True, max_length=300, verbose_name="remark")),
                        ("number", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                        ("sequence", models.PositiveIntegerField(default=0)),
                        ("invited_at", models.DateTimeField(blank=True, null=True)),
                        ("by_hand", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings",
                                to="contacts.body",
                                verbose_name="body",
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
                            "series",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings",
                                to="meetings.series",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "meeting",
                        "verbose_name_plural": "meetings",
                        "ordering": ["-starts", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends__gt", models.F("starts"))), name="meeting_ends_after_start"
                            ),
                            models.UniqueConstraint(
                                fields=("series", "occurrence"), name="meeting_once_per_occurrence"
                            ),
                            models.UniqueConstraint(fields=("body", "number"), name="meeting_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage", "not_held"), models.Q(("not_held_reason", ""), _negated=True)),
                                    models.Q(
                                        models.Q(("stage", "not_held"), _negated=True),
                                        ("not_held_note", ""),
                                        ("not_held_reason", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="meeting_not_held_with_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number", None), ("stage", "held"), _connector="OR"),
                                name="meeting_numbered_was_held",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("venue", "military_camp"), models.Q(("venue_reason", ""), _negated=True)),
                                    models.Q(models.Q(("venue", "military_camp"), _negated=True), ("venue_reason", "")),
                                    _connector="OR",
                                ),
                                name="meeting_camp_with_reason",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["body", "starts"], name="meeting_of_body"),
                            models.Index(fields=["starts", "id"], name="meeting_by_time"),
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
                        ("number", models.PositiveIntegerField()),
                        ("reference", models.CharField(max_length=40, unique=True)),
                        ("words", models.CharField(max_length=400, verbose_name="what is to be done")),
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
                        ("closing_comment", models.CharField(blank=True, max_length=600)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                            "checked_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                        (
                            "raised_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "verbose_name": "internal action point",
                        "verbose_name_plural": "internal action points",
                        "ordering": ["due", "id"],
                        "abstract": False,
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
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                                ),
                                name="note_has_words",
                            )
                        ],
                        "indexes": [models.Index(fields=["meeting"], name="note_of_meeting")],
                    },
                ),
                migrations.CreateModel(
                    name="Attendance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation_text",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="organisation without a line here"
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("ingo", "INGO head of mission"),
                                    ("nngo", "National NGO"),
                                    ("red_cross", "Red Cross and Red Crescent Movement"),
                                    ("un_agency", "UN agency, fund or programme"),
                                    ("unhas", "UNHAS"),
                                    ("inso", "INSO"),
                                    ("cco", "INGO coordination committee"),
                                    ("logistics", "Logistics cluster"),
                                    ("protection", "Protection cluster"),
                                    ("mission_military", "Military of the mission"),
                                    ("mission_police", "Police of the mission (UNPOL, FPU)"),
                                    ("mission_civilian", "Civilian sections of the mission (JMAC, PoC)"),
                                    ("eutm", "EU training mission"),
                                    ("bilateral", "Bilateral detachment"),
                                    ("armed_forces", "Armed forces in the country"),
                                    ("donor", "Humanitarian donor"),
                                    ("undss", "UNDSS"),
                                    ("ocha", "OCHA"),
                                    ("security_forces", "Internal security forces"),
                                    ("authorities", "Local authorities"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                                verbose_name="category",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                        (
                            "presence",
                            models.CharField(
                                choices=[
                                    ("expected", "expected"),
                                    ("present", "present"),
                                    ("excused", "excused"),
                                    ("absent", "absent"),
                                ],
                                max_length=8,
                                verbose_name="presence",
                            ),
                        ),
                        (
                            "mode",
                            models.CharField(
                                blank=True,
                                choices=[("in_person", "in person"), ("remote", "remote")],
                                max_length=10,
                                verbose_name="how",
                            ),
                        ),
                        ("as_observer", models.BooleanField(default=False, verbose_name="as observer")),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="organisation",
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
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendance",
                                to="meetings.meeting",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "attendance",
                        "verbose_name_plural": "attendances",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("meeting", "organisation", "name"), name="attendance_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("organisation", None)),
                                fields=("meeting", "organisation_text", "name"),
                                name="attendance_guest_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("organisation", None), models.Q(("organisation_text", ""), _negated=True)
                                    ),
                                    models.Q(("organisation__isnull", False), ("organisation_text", "")),
                                    _connector="OR",
                                ),
                                name="attendance_of_an_organisation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("presence", "present"), models.Q(("mode", ""), _negated=True)),
                                    models.Q(models.Q(("presence", "present"), _negated=True), ("mode", "")),
                                    _connector="OR",
                                ),
                                name="attendance_mode_of_those_present",
                            ),
                        ],
                        "indexes": [models.Index(fields=["meeting", "category"], name="attendance_by_category")],
                    },
                ),
                migrations.CreateModel(
                    name="AgendaItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField()),
                        (
                            "code",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("adoption", "Adoption of the previous minutes"),
                                    ("follow_up", "Follow-up of action points"),
                                    ("security", "Security overview (UNDSS, force)"),
                                    ("movements", "Humanitarian movements and planned axes"),
                                    ("access", "Access constraints"),
                                    ("requests", "Escort and MCDA requests (approved ones only)"),
                                    ("cimic", "CIMIC and quick-impact projects"),
                                    ("protection", "Protection of civilians"),
                                    ("guidelines", "Compliance with the guidelines"),
                                    ("any_other", "Any other business, date of the next meeting"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="item")),
                        ("lead", models.CharField(blank=True, max_length=120, verbose_name="who leads it")),
                        (
                            "minutes_planned",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes"),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.case",
                                verbose_name="request",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agenda",
                                to="meetings.meeting",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "item of an agenda",
                        "verbose_name_plural": "items of agendas",
                        "ordering": ["order", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True), name="agenda_item_has_title"
                            )
                        ],
                    },
                ),
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
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by_meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adopted",
                                to="meetings.meeting",
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
                    name="ActionPoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("reference", models.CharField(max_length=40, unique=True)),
                        ("words", models.CharField(max_length=400, verbose_name="what is to be done")),
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
                        ("closing_comment", models.CharField(blank=True, max_length=600)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                            "checked_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                        (
                            "raised_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="points",
                                to="meetings.minutesitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "action point",
                        "verbose_name_plural": "action points",
                        "ordering": ["due", "id"],
                        "abstract": False,
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
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                    },
                ),
                migrations.CreateModel(
                    name="Proposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="what to talk about")),
                        ("why", models.CharField(blank=True, max_length=500, verbose_name="why")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "open"), ("taken", "on the agenda"), ("declined", "not taken up")],
                                default="open",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="why not")),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="contacts.body",
                                verbose_name="body",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.case",
                                verbose_name="request",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.accessincident",
                                verbose_name="incident",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "taken_as",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="meetings.agendaitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "proposal for an agenda",
                        "verbose_name_plural": "proposals for agendas",
                        "ordering": ["at", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("answered_by", None)),
                                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="proposal_pair_answered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("state", "open")),
                                    models.Q(
                                        models.Q(("state", "open"), _negated=True), ("answered_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="proposal_answered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "declined"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposal_declined_with_reason",
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")), fields=["body"], name="proposal_open_of_body"
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
                    name="WeeklySummary",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("week", models.DateField()),
                        ("content", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="summaries",
                                to="contacts.body",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "weekly summary",
                        "verbose_name_plural": "weekly summaries",
                        "ordering": ["-week", "-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("body", "week"), name="weeklysummary_one_per_week")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FeedToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("revoked_at", models.DateTimeField(null=True)),
                        ("last_used_at", models.DateTimeField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "address of a calendar",
                        "verbose_name_plural": "addresses of calendars",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at", None)),
                                fields=("user",),
                                name="feed_one_for_each_person",
                            )
                        ],
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
                        ("why", models.CharField(max_length=600, verbose_name="why the cell cannot settle it")),
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
                        ("answered_at", models.DateTimeField(null=True)),
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
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="contacts.body",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
            ],
        ),
    ]
