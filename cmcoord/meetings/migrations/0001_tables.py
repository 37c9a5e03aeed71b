import uuid

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
        ("contacts", "0008_merges"),
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
                        "indexes": [models.Index(fields=["meeting", "category"], name="attendance_by_category")],
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
                    },
                ),
            ],
        ),
    ]
