import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("contacts", "0001_tables"),
        ("places", "0003_country_set_up_in_the_browser"),
    ]

    operations = [
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="ReferenceCounter",
                    fields=[
                        ("series", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("last", models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="DailyFigure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("figure", models.CharField(max_length=32)),
                        ("count", models.PositiveIntegerField(default=0)),
                        ("minutes", models.JSONField(blank=True, default=list)),
                        (
                            "country",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.country"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("country", "figure", "day"), name="figure_once_a_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportFile",
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
                        ("agreed_at", models.DateTimeField(null=True)),
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
                            "station",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.dutystation"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("agreed_at", None)), fields=("by",), name="import_one_preview_each"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("agreed_at__isnull", False)),
                                fields=("country", "sha256"),
                                name="import_once_per_file",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OnBehalf",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("act", models.CharField(max_length=32)),
                        ("person_function", models.CharField(max_length=120, verbose_name="who said it (function)")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("telephone", "Telephone"),
                                    ("radio", "Radio"),
                                    ("paper", "Paper"),
                                    ("email", "E-mail"),
                                    ("in_person", "In person"),
                                ],
                                max_length=12,
                                verbose_name="how it came",
                            ),
                        ),
                        ("received_at", models.DateTimeField(verbose_name="when it was said")),
                        ("witness", models.CharField(max_length=120, verbose_name="witness (function)")),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("disputed_at", models.DateTimeField(null=True)),
                        ("dispute", models.CharField(blank=True, max_length=400)),
                        (
                            "addressee",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.addressee",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="records_on_behalf",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("confirmed_at", None), ("disputed_at", None), _connector="OR"),
                                name="on_behalf_confirmed_or_disputed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("person__isnull", True),
                                    models.Q(("person", models.F("recorded_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="on_behalf_of_somebody_else",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateTimeField(null=True, verbose_name="valid from")),
                        ("valid_to", models.DateTimeField(null=True, verbose_name="valid to")),
                        ("rotations", models.PositiveSmallIntegerField(null=True, verbose_name="rotations")),
                        ("conditions", models.JSONField(blank=True, default=list, verbose_name="conditions")),
                        (
                            "condition_text",
                            models.TextField(blank=True, max_length=600, verbose_name="further condition"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("request", "Decision on the request"),
                                    ("extension", "Decision on an extension"),
                                ],
                                default="request",
                                max_length=12,
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("approved", "Approved with conditions"), ("denied", "Denied")],
                                max_length=12,
                                verbose_name="decision",
                            ),
                        ),
                        ("as_drafted", models.BooleanField(default=False)),
                        (
                            "reason_code",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("civilian", "A civilian alternative exists"),
                                    ("not_urgent", "Not urgent"),
                                    ("provider", "The provider cannot be used"),
                                    ("perception", "Risk for perception and access"),
                                    ("area", "Area too wide"),
                                    ("position", "Contradicts a position of the country team"),
                                    ("information", "Not enough information"),
                                    ("other", "Other"),
                                ],
                                max_length=16,
                                verbose_name="reason",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, max_length=1500, verbose_name="reasons")),
                        ("capacity", models.CharField(max_length=24)),
                        ("own_organisation", models.BooleanField(default=False)),
                        ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.adminarea",
                            ),
                        ),
                        (
                            "axis",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.axis",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "country",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.country"
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "force",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.force",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.onbehalf",
                            ),
                        ),
                        (
                            "delegation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="accounts.decisiondelegation",
                            ),
                        ),
                        ("oral", models.BooleanField(default=False, verbose_name="oral decision")),
                        ("witness", models.CharField(blank=True, max_length=80, verbose_name="witness (name)")),
                        (
                            "exception_text",
                            models.TextField(blank=True, max_length=1500, verbose_name="exception to save lives"),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["axis", "-decided_at"], name="decision_axis_newest"),
                            models.Index(fields=["country", "decided_at"], name="decision_country_day"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome", "denied"),
                                    models.Q(
                                        ("force__isnull", False),
                                        ("rotations__gte", 1),
                                        ("valid_from__isnull", False),
                                        ("valid_to__gt", models.F("valid_from")),
                                        models.Q(("axis__isnull", False), ("area__isnull", False), _connector="OR"),
                                        models.Q(("conditions", []), ("condition_text", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="decision_approval_has_limits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome", "approved"),
                                    models.Q(
                                        models.Q(("reason_code", ""), _negated=True),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="decision_denial_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("acting_for", None), ("delegation", None)),
                                    models.Q(("acting_for__isnull", False), ("delegation__isnull", False)),
                                    _connector="OR",
                                ),
                                name="decision_for_another_by_delegation",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateTimeField(null=True, verbose_name="valid from")),
                        ("valid_to", models.DateTimeField(null=True, verbose_name="valid to")),
                        ("rotations", models.PositiveSmallIntegerField(null=True, verbose_name="rotations")),
                        ("conditions", models.JSONField(blank=True, default=list, verbose_name="conditions")),
                        (
                            "condition_text",
                            models.TextField(blank=True, max_length=600, verbose_name="further condition"),
                        ),
                        (
                            "recommendation",
                            models.CharField(
                                choices=[("approved", "Approved with conditions"), ("denied", "Denied")],
                                max_length=12,
                                verbose_name="recommendation",
                            ),
                        ),
                        (
                            "note",
                            models.TextField(
                                blank=True, max_length=1500, verbose_name="note to the Humanitarian Coordinator"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "area",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.adminarea",
                            ),
                        ),
                        (
                            "axis",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.axis",
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "force",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.force",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="TeamConsultation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("closes_at", models.DateTimeField(verbose_name="window ends")),
                        ("members_needed", models.PositiveSmallIntegerField(verbose_name="members to be reached")),
                        ("ready_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_as", models.CharField(blank=True, max_length=24)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="team_consultations",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "draft",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.decisiondraft",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("case",),
                                name="teamconsultation_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closes_at__gt", models.F("opened_at"))),
                                name="teamconsultation_window_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.CharField(max_length=24, unique=True, verbose_name="reference")),
                        (
                            "force_reference",
                            models.CharField(blank=True, max_length=24, verbose_name="reference of the force"),
                        ),
                        ("client_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "request_type",
                            models.CharField(
                                choices=[
                                    ("AE", "Armed escort"),
                                    ("MCDA-LOG", "Military asset: transport, storage, supply"),
                                    ("MCDA-INF", "Military asset: roads, bridges, airstrips"),
                                    ("EVAC", "Rescue or evacuation of staff"),
                                    ("MED", "Medical evacuation"),
                                ],
                                max_length=8,
                                verbose_name="type of request",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("reviewing", "Under review"),
                                    ("returned", "Returned for completion"),
                                    ("unreceivable", "Not receivable"),
                                    ("civilian", "Resolved by civilian means"),
                                    ("clearing", "With the national unit"),
                                    ("consulting", "Country team consulted"),
                                    ("deciding", "Pending decision"),
                                    ("approved", "Approved with conditions"),
                                    ("denied", "Denied"),
                                    ("transmitted", "Transmitted to the force"),
                                    ("acknowledged", "Acknowledged by the force"),
                                    ("accepted", "Accepted"),
                                    ("limited", "Accepted with limits"),
                                    ("declined", "Declined"),
                                    ("countered", "Counter-proposal"),
                                    ("scheduled", "Scheduled"),
                                    ("underway", "Under way"),
                                    ("aborted", "Aborted"),
                                    ("completed", "Completed"),
                                    ("reporting", "After-action due"),
                                    ("closed", "Closed"),
                                    ("expired", "Expired"),
                                    ("withdrawn", "Withdrawn"),
                                    ("suspended", "Suspended"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=16,
                                verbose_name="status",
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
                                default="C",
                                max_length=1,
                                verbose_name="sensitivity",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "imported",
                            models.BooleanField(default=False, editable=False, verbose_name="taken over from a list"),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("fr", "Français")], default="fr", max_length=2
                            ),
                        ),
                        (
                            "urgency",
                            models.CharField(
                                choices=[
                                    ("routine", "Routine"),
                                    ("urgent", "Urgent"),
                                    ("immediate", "Immediate (life-saving)"),
                                ],
                                default="routine",
                                max_length=10,
                                verbose_name="urgency",
                            ),
                        ),
                        ("need", models.TextField(blank=True, max_length=600, verbose_name="humanitarian need")),
                        ("people", models.PositiveIntegerField(blank=True, null=True, verbose_name="people concerned")),
                        (
                            "critical_by",
                            models.DateTimeField(blank=True, null=True, verbose_name="becomes critical on"),
                        ),
                        ("departure_at", models.DateTimeField(blank=True, null=True, verbose_name="window from")),
                        ("window_to", models.DateTimeField(blank=True, null=True, verbose_name="window to")),
                        (
                            "rotations",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rotations"),
                        ),
                        ("vehicles", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="vehicles")),
                        (
                            "leader",
                            models.CharField(blank=True, max_length=120, verbose_name="convoy leader (function)"),
                        ),
                        ("cargo", models.TextField(blank=True, max_length=400, verbose_name="cargo")),
                        (
                            "no_weapons",
                            models.BooleanField(default=False, verbose_name="no weapon, military item or armed person"),
                        ),
                        ("un_on_board", models.BooleanField(null=True, verbose_name="UN staff or assets on board")),
                        (
                            "asset_category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("truck", "Truck"),
                                    ("4x4", "4x4 vehicle"),
                                    ("heavy_truck", "Heavy truck, low-bed"),
                                    ("helicopter_pax", "Helicopter for passengers"),
                                    ("helicopter_cargo", "Helicopter for cargo"),
                                    ("fixed_wing", "Aeroplane"),
                                    ("boat", "Boat"),
                                    ("medevac", "Medical evacuation"),
                                    ("storage", "Storage, secure parking"),
                                    ("fuel", "Fuel"),
                                    ("generator", "Generator"),
                                    ("water", "Water treatment, water tanker"),
                                    ("medical", "Medical care, level 2"),
                                    ("manpower", "Hands for loading"),
                                    ("communications", "Communications"),
                                    ("plant", "Engineering plant"),
                                    ("bridge", "Bridge, ferry"),
                                    ("airstrip", "Airstrip repair"),
                                    ("expertise", "Expertise, mine clearance"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                                verbose_name="asset",
                            ),
                        ),
                        (
                            "asset_quantity",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="quantity"),
                        ),
                        (
                            "capability_needed",
                            models.TextField(blank=True, max_length=600, verbose_name="task, effect needed"),
                        ),
                        (
                            "passenger_count",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="passengers"),
                        ),
                        (
                            "why_safer",
                            models.TextField(blank=True, max_length=600, verbose_name="why an escort lowers the risk"),
                        ),
                        (
                            "neutrality",
                            models.TextField(blank=True, max_length=600, verbose_name="effect on neutrality"),
                        ),
                        ("exit_plan", models.TextField(blank=True, max_length=600, verbose_name="exit plan")),
                        ("risks", models.JSONField(blank=True, default=list, verbose_name="last-resort test")),
                        (
                            "risk_imposed",
                            models.TextField(blank=True, max_length=400, verbose_name="who presses or imposes"),
                        ),
                        ("risk_harm", models.TextField(blank=True, max_length=400, verbose_name="harm or retaliation")),
                        (
                            "risk_authorities",
                            models.TextField(blank=True, max_length=400, verbose_name="authority responsible"),
                        ),
                        (
                            "risk_boarding",
                            models.TextField(blank=True, max_length=400, verbose_name="staff in military vehicles"),
                        ),
                        ("risk_dependency", models.TextField(blank=True, max_length=400, verbose_name="dependency")),
                        (
                            "risk_comparable",
                            models.TextField(blank=True, max_length=400, verbose_name="comparable civilian means"),
                        ),
                        (
                            "risk_replacing",
                            models.TextField(blank=True, max_length=400, verbose_name="civilian means replaced"),
                        ),
                        (
                            "risk_objection",
                            models.TextField(blank=True, max_length=400, verbose_name="organisations consulted"),
                        ),
                        ("risk_joint", models.TextField(blank=True, max_length=400, verbose_name="joint mission")),
                        ("mitigation", models.TextField(blank=True, max_length=400, verbose_name="mitigation")),
                        (
                            "consent_partners",
                            models.BooleanField(default=True, verbose_name="shared with humanitarian partners"),
                        ),
                        (
                            "consent_force",
                            models.BooleanField(default=False, verbose_name="shared with the named force"),
                        ),
                        (
                            "consent_public",
                            models.BooleanField(default=False, verbose_name="counted in public figures"),
                        ),
                        ("submitted_at", models.DateTimeField(null=True)),
                        ("forwarded_at", models.DateTimeField(null=True)),
                        ("transmitted_at", models.DateTimeField(null=True)),
                        ("ends_at", models.DateTimeField(null=True, verbose_name="approval ends")),
                        ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                        ("deviated", models.BooleanField(default=False)),
                        ("search_text", models.TextField(blank=True, editable=False)),
                        (
                            "area",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.adminarea",
                            ),
                        ),
                        (
                            "axis",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.axis",
                            ),
                        ),
                        (
                            "country",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.country",
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
                            "destination",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.place",
                            ),
                        ),
                        (
                            "destination_station",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.dutystation",
                            ),
                        ),
                        (
                            "force",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.force",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "origin",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.place",
                            ),
                        ),
                        (
                            "origin_station",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.dutystation",
                            ),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.countryprofile",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.dutystation",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.decision",
                            ),
                        ),
                        (
                            "risk_unasked",
                            models.TextField(blank=True, max_length=400, verbose_name="organisations not asked"),
                        ),
                        (
                            "team_consultation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.teamconsultation",
                            ),
                        ),
                        (
                            "call_back",
                            models.CharField(
                                blank=True,
                                max_length=40,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^\\+?[0-9][0-9 ()./-]{4,}$",
                                        "Write a telephone number with the country code, for example +236 00 00 00 00.",
                                    )
                                ],
                                verbose_name="telephone to call back",
                            ),
                        ),
                        (
                            "civilian_within_hour",
                            models.BooleanField(null=True, verbose_name="civilian means within the hour"),
                        ),
                        ("form_due_at", models.DateTimeField(null=True, verbose_name="full form due")),
                        (
                            "patients",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("staff", "Humanitarian workers"),
                                    ("civilians", "Civilians, because nobody else can"),
                                ],
                                max_length=12,
                                verbose_name="patients",
                            ),
                        ),
                        (
                            "triage",
                            models.CharField(
                                blank=True,
                                choices=[("immediate", "Immediate"), ("urgent", "Urgent"), ("can_wait", "Can wait")],
                                max_length=12,
                                verbose_name="triage category",
                            ),
                        ),
                        ("writing_due_at", models.DateTimeField(null=True, verbose_name="confirmation in writing due")),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["organisation", "due_at", "id"],
                                name="case_organisation_due",
                            ),
                            models.Index(fields=["station", "-created_at", "-id"], name="case_station_new"),
                            models.Index(
                                fields=["station", "status", "-created_at", "-id"], name="case_station_status"
                            ),
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["station", "due_at", "id"],
                                name="case_station_due",
                            ),
                            models.Index(fields=["origin_station", "-created_at", "-id"], name="case_origin_stati_new"),
                            models.Index(
                                fields=["origin_station", "status", "-created_at", "-id"],
                                name="case_origin_stati_status",
                            ),
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["origin_station", "due_at", "id"],
                                name="case_origin_stati_due",
                            ),
                            models.Index(
                                fields=["destination_station", "-created_at", "-id"], name="case_destination__new"
                            ),
                            models.Index(
                                fields=["destination_station", "status", "-created_at", "-id"],
                                name="case_destination__status",
                            ),
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["destination_station", "due_at", "id"],
                                name="case_destination__due",
                            ),
                            models.Index(fields=["country", "-created_at", "-id"], name="case_country_new"),
                            models.Index(
                                fields=["country", "status", "-created_at", "-id"], name="case_country_status"
                            ),
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["country", "due_at", "id"],
                                name="case_country_due",
                            ),
                            models.Index(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        (
                                            "unreceivable",
                                            "civilian",
                                            "denied",
                                            "closed",
                                            "expired",
                                            "withdrawn",
                                            "cancelled",
                                        ),
                                    ),
                                    _negated=True,
                                ),
                                fields=["country", "-created_at", "-id"],
                                name="case_country_open",
                            ),
                            models.Index(
                                condition=models.Q(("forwarded_at__isnull", False)),
                                fields=["country", "-created_at", "-id"],
                                name="case_forwarded_new",
                            ),
                            models.Index(
                                condition=models.Q(("status", "draft")),
                                fields=["created_by", "-created_at"],
                                name="case_author_drafts",
                            ),
                            models.Index(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "draft",
                                            "unreceivable",
                                            "civilian",
                                            "denied",
                                            "closed",
                                            "expired",
                                            "withdrawn",
                                            "cancelled",
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                fields=["status", "due_at"],
                                name="case_open_due",
                            ),
                            models.Index(
                                fields=[
                                    "organisation",
                                    "-created_at",
                                    "-id",
                                    "country",
                                    "created_by",
                                    "station",
                                    "origin_station",
                                    "destination_station",
                                ],
                                name="case_organisation_new",
                            ),
                            models.Index(
                                fields=[
                                    "organisation",
                                    "status",
                                    "-created_at",
                                    "-id",
                                    "country",
                                    "created_by",
                                    "station",
                                    "origin_station",
                                    "destination_station",
                                ],
                                name="case_organisation_status",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("submitted_at__isnull", False), ("consent_partners", True), ("sensitivity", "R")
                                ),
                                fields=[
                                    "country",
                                    "-created_at",
                                    "-id",
                                    "status",
                                    "station",
                                    "origin_station",
                                    "destination_station",
                                ],
                                name="case_restricted_new",
                            ),
                            models.Index(
                                condition=models.Q(("writing_due_at__isnull", False)),
                                fields=["country", "writing_due_at"],
                                name="case_writing_due",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ("draft", "withdrawn", "civilian")),
                                    ("imported", True),
                                    models.Q(("request_type", "AE"), _negated=True),
                                    models.Q(
                                        models.Q(("cargo", ""), _negated=True),
                                        models.Q(("why_safer", ""), _negated=True),
                                        ("axis__isnull", False),
                                        ("destination__isnull", False),
                                        ("origin__isnull", False),
                                        ("vehicles__gte", 1),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_ae_complete",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ("draft", "withdrawn", "civilian")),
                                    ("imported", True),
                                    models.Q(("request_type", "MCDA-LOG"), _negated=True),
                                    models.Q(
                                        models.Q(("asset_category", ""), _negated=True),
                                        models.Q(("capability_needed", ""), _negated=True),
                                        ("asset_quantity__gte", 1),
                                        models.Q(("axis__isnull", False), ("area__isnull", False), _connector="OR"),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_mcda_log_complete",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ("draft", "withdrawn", "civilian")),
                                    ("imported", True),
                                    models.Q(("request_type", "MCDA-INF"), _negated=True),
                                    models.Q(
                                        models.Q(("asset_category", ""), _negated=True),
                                        models.Q(("capability_needed", ""), _negated=True),
                                        ("asset_quantity__gte", 1),
                                        models.Q(("axis__isnull", False), ("area__isnull", False), _connector="OR"),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_mcda_inf_complete",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("departure_at__isnull", True),
                                    ("window_to__isnull", True),
                                    ("window_to__gt", models.F("departure_at")),
                                    _connector="OR",
                                ),
                                name="case_window_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "status__in",
                                            [
                                                "approved",
                                                "transmitted",
                                                "acknowledged",
                                                "accepted",
                                                "limited",
                                                "countered",
                                                "scheduled",
                                                "underway",
                                                "completed",
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(("decision__isnull", False), ("ends_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="case_approved_with_decision",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ("draft", "withdrawn", "civilian")),
                                    ("imported", True),
                                    ("request_type__in", ("EVAC", "MED")),
                                    models.Q(
                                        models.Q(("need", ""), _negated=True),
                                        models.Q(("exit_plan", ""), _negated=True),
                                        models.Q(("risks", []), _negated=True),
                                        ("critical_by__isnull", False),
                                        ("departure_at__isnull", False),
                                        ("no_weapons", True),
                                        ("people__isnull", False),
                                        ("rotations__gte", 1),
                                        ("submitted_at__isnull", False),
                                        ("un_on_board__isnull", False),
                                        ("window_to__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_complete_once_submitted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ("draft", "withdrawn", "civilian")),
                                    ("imported", True),
                                    models.Q(("request_type", "EVAC"), _negated=True),
                                    models.Q(
                                        models.Q(("why_safer", ""), _negated=True),
                                        ("civilian_within_hour__isnull", False),
                                        ("departure_at__isnull", False),
                                        ("no_weapons", True),
                                        ("origin__isnull", False),
                                        ("passenger_count__gte", 1),
                                        ("submitted_at__isnull", False),
                                        ("un_on_board__isnull", False),
                                        ("window_to__isnull", False),
                                        models.Q(("call_back", ""), _negated=True),
                                        models.Q(("need", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_evac_complete",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ("draft", "withdrawn", "civilian")),
                                    ("imported", True),
                                    models.Q(("request_type", "MED"), _negated=True),
                                    models.Q(
                                        models.Q(("why_safer", ""), _negated=True),
                                        ("civilian_within_hour__isnull", False),
                                        ("departure_at__isnull", False),
                                        ("no_weapons", True),
                                        ("origin__isnull", False),
                                        ("passenger_count__gte", 1),
                                        ("submitted_at__isnull", False),
                                        ("un_on_board__isnull", False),
                                        ("window_to__isnull", False),
                                        models.Q(("call_back", ""), _negated=True),
                                        models.Q(("patients", ""), _negated=True),
                                        models.Q(("triage", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_med_complete",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Call",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("whom", models.CharField(max_length=24)),
                        ("function", models.CharField(max_length=120, verbose_name="who was called (function)")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                        (
                            "addressee",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.addressee",
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="requests_app.case",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Alternative",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "option",
                            models.CharField(
                                choices=[
                                    ("acceptance", "Negotiation with communities and armed actors"),
                                    ("route", "Another route"),
                                    ("timing", "Another time"),
                                    ("low_profile", "Low profile"),
                                    ("air", "By air (UNHAS)"),
                                    ("partner", "Delivery by a partner on site"),
                                    ("notification", "Movement notification"),
                                    ("patrol", "Patrol on the axis"),
                                    ("clearance", "Security of the whole area"),
                                    ("tranquillity", "Days of tranquillity"),
                                    ("trucks", "Trucks of another organisation or commercial"),
                                    ("own_fleet", "Our own means"),
                                    ("agencies", "Means of another organisation"),
                                    ("logistics", "Logistics cluster"),
                                    ("commercial", "Commercial provider"),
                                    ("pooled", "Pooled transport of the NGOs"),
                                    ("other", "Other"),
                                ],
                                max_length=16,
                                verbose_name="what was tried",
                            ),
                        ),
                        ("asked_to", models.CharField(blank=True, max_length=120, verbose_name="asked to")),
                        ("tried_on", models.DateField(verbose_name="when")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("refused", "Refused"),
                                    ("unavailable", "Not available"),
                                    ("late", "Too late"),
                                    ("unsafe", "Not safe enough"),
                                    ("cost", "Too costly"),
                                    ("inadequate", "Not adequate"),
                                    ("available", "Available"),
                                ],
                                max_length=16,
                                verbose_name="result",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="why it was not enough")),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="alternatives",
                                to="requests_app.case",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="CaseFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("file", models.FileField(upload_to="cases/%Y/%m/")),
                        ("name", models.CharField(max_length=120)),
                        ("content_type", models.CharField(max_length=80)),
                        ("size", models.PositiveIntegerField()),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "withdrawn_reason",
                            models.CharField(blank=True, max_length=300, verbose_name="why it was withdrawn"),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("notes_stay", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at", None), ("withdrawn_by", None), ("withdrawn_reason", "")),
                                    models.Q(
                                        ("withdrawn_at__isnull", False),
                                        ("withdrawn_by__isnull", False),
                                        models.Q(("withdrawn_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="casefile_withdrawn_by_at_and_why",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at", None), models.Q(("sha256", ""), _negated=True)),
                                fields=("case", "sha256"),
                                name="casefile_attached_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ArrivingFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("size", models.PositiveIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("received", models.PositiveIntegerField(default=0)),
                        ("last_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="requests_app.case"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="requests_app.casefile",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "by", "sha256"), name="arrivingfile_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("file", None), ("received__lt", models.F("size"))),
                                    models.Q(("file__isnull", False), ("received", models.F("size"))),
                                    _connector="OR",
                                ),
                                name="arrivingfile_attached_when_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseUserPermission",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "content_object",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="requests_app.case"),
                        ),
                        (
                            "permission",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
                        ),
                        (
                            "user",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "unique_together": {("user", "permission", "content_object")},
                    },
                ),
                migrations.CreateModel(
                    name="Classification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "record",
                            models.CharField(
                                choices=[
                                    ("case", "request"),
                                    ("paper", "file"),
                                    ("comment", "comment"),
                                    ("opinion", "opinion"),
                                    ("log", "log of the road"),
                                    ("report", "after-action review"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("row", models.BigIntegerField()),
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
                                verbose_name="sensitivity",
                            ),
                        ),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="classifications",
                                to="requests_app.case",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("ocha", "OCHA only"),
                                    ("requester", "The requesting organisation and OCHA"),
                                    ("decision", "OCHA and the Humanitarian Coordinator"),
                                    ("team", "The country team, OCHA and the Humanitarian Coordinator"),
                                    ("everybody", "Everybody on the humanitarian side who sees this case"),
                                ],
                                max_length=12,
                                verbose_name="who may read it",
                            ),
                        ),
                        ("text", models.TextField(max_length=2000, verbose_name="text")),
                        ("is_question", models.BooleanField(default=False)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "answers",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replies",
                                to="requests_app.comment",
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="requests_app.case",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Consultation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("body", models.CharField(max_length=24)),
                        ("case_created_at", models.DateTimeField()),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("due_at", models.DateTimeField(null=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("lapsed_at", models.DateTimeField(null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consultations",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "country",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.country"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["body", "country", "-case_created_at", "-case"], name="consultation_body_new"
                            ),
                            models.Index(
                                condition=models.Q(("answered_at", None), ("lapsed_at", None)),
                                fields=["body", "country", "due_at"],
                                name="consultation_waiting",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "body"), name="consultation_once_per_body")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExecutionSheet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=0)),
                        ("sent_version", models.PositiveIntegerField(default=0)),
                        ("is_complete", models.BooleanField(default=False)),
                        ("updated_at", models.DateTimeField(null=True)),
                        ("names_destroyed_at", models.DateTimeField(null=True)),
                        ("convoy_name", models.CharField(blank=True, max_length=60)),
                        ("leaves_at", models.DateTimeField(blank=True, null=True)),
                        ("arrives_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "return_leg",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("escorted", "Escorted as well"),
                                    ("not_escorted", "Without escort"),
                                    ("later", "Decided later"),
                                    ("none", "No return"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("convoy_leader", models.CharField(blank=True, max_length=120)),
                        ("leader_telephone", models.CharField(blank=True, max_length=40)),
                        ("focal_point", models.CharField(blank=True, max_length=120)),
                        ("focal_telephone", models.CharField(blank=True, max_length=40)),
                        ("alternate", models.CharField(blank=True, max_length=120)),
                        ("alternate_telephone", models.CharField(blank=True, max_length=40)),
                        ("names_needed", models.BooleanField(null=True)),
                        ("handling", models.CharField(blank=True, max_length=300)),
                        ("consignee", models.CharField(blank=True, max_length=120)),
                        ("consignee_telephone", models.CharField(blank=True, max_length=40)),
                        (
                            "cost_arrangement",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("free", "Free of charge"),
                                    ("reimbursed", "Reimbursed"),
                                    ("letter", "By letter of agreement"),
                                    ("unknown", "Not known yet"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("comms_plan", models.TextField(blank=True, max_length=600)),
                        ("casevac_plan", models.TextField(blank=True, max_length=600)),
                        ("escort_rules", models.JSONField(blank=True, default=list)),
                        ("escort_distance", models.PositiveIntegerField(blank=True, null=True)),
                        ("community_message", models.CharField(blank=True, max_length=400)),
                        ("authority_notified", models.CharField(blank=True, max_length=200)),
                        ("security_ref", models.CharField(blank=True, max_length=60)),
                        (
                            "programme_criticality",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("pc1", "PC1: life-saving, or ordered by the Secretary-General"),
                                    ("pc2", "PC2: high"),
                                    ("pc3", "PC3: medium"),
                                    ("pc4", "PC4: low"),
                                ],
                                max_length=4,
                            ),
                        ),
                        ("join_allowed", models.BooleanField(null=True)),
                        (
                            "alternative_axis",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.axis",
                            ),
                        ),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sheet",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "updated_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("exit_review_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("leaves_at", None),
                                    ("arrives_at", None),
                                    ("arrives_at__gt", models.F("leaves_at")),
                                    _connector="OR",
                                ),
                                name="sheet_arrives_after_it_leaves",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("sent_version__lte", models.F("version"))),
                                name="sheet_sent_is_no_later",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CargoLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("description", models.CharField(max_length=120)),
                        ("packaging", models.CharField(blank=True, max_length=60)),
                        ("pieces", models.PositiveIntegerField(null=True)),
                        ("weight_kg", models.PositiveIntegerField(null=True)),
                        ("volume_m3", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                        ("un_number", models.CharField(blank=True, max_length=4)),
                        (
                            "temperature",
                            models.CharField(
                                blank=True,
                                choices=[("cool", "2 to 8 °C"), ("frozen", "Frozen"), ("other", "As the packages say")],
                                max_length=8,
                            ),
                        ),
                        ("value_usd", models.PositiveIntegerField(null=True)),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cargo_lines",
                                to="requests_app.executionsheet",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Extract",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("force_reference", models.CharField(max_length=24)),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("request", "Request"),
                                    ("schedule", "Schedule"),
                                    ("supplement", "Change"),
                                    ("extension", "Extension"),
                                    ("suspension", "Suspended"),
                                    ("resumption", "Resumed"),
                                    ("stand_down", "Stand-down"),
                                    ("not_taken_up", "Counter-proposal not taken up"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("content", models.JSONField()),
                        ("language", models.CharField(blank=True, db_default="", default="", max_length=5)),
                        ("sha256", models.CharField(max_length=64)),
                        ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extracts",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["organisation", "-id"], name="extract_organisation_newest")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "force_reference", "number"), name="extract_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Addressed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField()),
                        ("function", models.CharField(max_length=120)),
                        (
                            "account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "addressee",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contacts.addressee"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addressed",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "extract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addressees",
                                to="requests_app.extract",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["place", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("extract", "addressee"), name="addressed_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FilePiece",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("offset", models.PositiveIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("data", models.BinaryField()),
                        (
                            "arriving",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pieces",
                                to="requests_app.arrivingfile",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["offset"],
                        "constraints": [models.UniqueConstraint(fields=("arriving", "offset"), name="filepiece_once")],
                    },
                ),
                migrations.CreateModel(
                    name="ForceFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("force_reference", models.CharField(max_length=24, verbose_name="reference")),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("received", "To acknowledge"),
                                    ("acknowledged", "To answer"),
                                    ("accepted", "Accepted"),
                                    ("limited", "Accepted with limits"),
                                    ("declined", "Declined"),
                                    ("countered", "Counter-proposal made"),
                                    ("not_taken_up", "Counter-proposal not taken up"),
                                    ("scheduled", "Scheduled"),
                                    ("underway", "Under way"),
                                    ("completed", "Completed"),
                                    ("aborted", "Aborted"),
                                    ("suspended", "Suspended"),
                                    ("stood_down", "Stood down"),
                                    ("ended", "Ended"),
                                ],
                                max_length=12,
                                verbose_name="stage",
                            ),
                        ),
                        ("expects", models.CharField(blank=True, max_length=12)),
                        ("due_at", models.DateTimeField(null=True)),
                        (
                            "urgency",
                            models.CharField(
                                choices=[
                                    ("routine", "Routine"),
                                    ("urgent", "Urgent"),
                                    ("immediate", "Immediate (life-saving)"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "request_type",
                            models.CharField(
                                choices=[
                                    ("AE", "Armed escort"),
                                    ("MCDA-LOG", "Military asset: transport, storage, supply"),
                                    ("MCDA-INF", "Military asset: roads, bridges, airstrips"),
                                    ("EVAC", "Rescue or evacuation of staff"),
                                    ("MED", "Medical evacuation"),
                                ],
                                default="AE",
                                max_length=8,
                            ),
                        ),
                        (
                            "asset_category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("truck", "Truck"),
                                    ("4x4", "4x4 vehicle"),
                                    ("heavy_truck", "Heavy truck, low-bed"),
                                    ("helicopter_pax", "Helicopter for passengers"),
                                    ("helicopter_cargo", "Helicopter for cargo"),
                                    ("fixed_wing", "Aeroplane"),
                                    ("boat", "Boat"),
                                    ("medevac", "Medical evacuation"),
                                    ("storage", "Storage, secure parking"),
                                    ("fuel", "Fuel"),
                                    ("generator", "Generator"),
                                    ("water", "Water treatment, water tanker"),
                                    ("medical", "Medical care, level 2"),
                                    ("manpower", "Hands for loading"),
                                    ("communications", "Communications"),
                                    ("plant", "Engineering plant"),
                                    ("bridge", "Bridge, ferry"),
                                    ("airstrip", "Airstrip repair"),
                                    ("expertise", "Expertise, mine clearance"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("origin", models.CharField(max_length=120)),
                        ("destination", models.CharField(blank=True, max_length=120)),
                        ("departure_at", models.DateTimeField(null=True)),
                        ("ends_at", models.DateTimeField(null=True)),
                        (
                            "place",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Waiting for your force"),
                                    (1, "Scheduled and under way"),
                                    (2, "All others"),
                                ]
                            ),
                        ),
                        ("sort_key", models.BigIntegerField()),
                        ("closed", models.BooleanField(default=False)),
                        ("strict", models.BooleanField(default=False)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="force_files",
                                to="requests_app.case",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["place", "sort_key", "id"],
                        "indexes": [
                            models.Index(fields=["organisation", "place", "sort_key", "id"], name="force_file_list")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("organisation", "force_reference"), name="force_file_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("line", models.PositiveIntegerField()),
                        ("original_reference", models.CharField(max_length=60, verbose_name="original reference")),
                        ("ended_on", models.DateField(null=True, verbose_name="ended on")),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="imported_row",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="requests_app.importfile",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("file", "line"), name="imported_once_per_line")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExtensionRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("until", models.DateTimeField(verbose_name="new end")),
                        ("rotations", models.PositiveSmallIntegerField(verbose_name="rotations in all")),
                        ("reason", models.TextField(max_length=600, verbose_name="why")),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="extension_requests",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extension_request",
                                to="requests_app.decision",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("decision__isnull", True)),
                                fields=("case",),
                                name="extension_one_open_per_case",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IssuedPaper",
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
                                    ("letter", "Decision letter"),
                                    ("sheet", "Convoy sheet"),
                                    ("file", "Case file"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("language", models.CharField(max_length=2)),
                        ("code", models.CharField(max_length=12, unique=True, verbose_name="verification code")),
                        ("sha256", models.CharField(max_length=64)),
                        ("facts", models.CharField(max_length=64)),
                        ("size", models.PositiveIntegerField()),
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
                                verbose_name="sensitivity",
                            ),
                        ),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="issued_papers",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.decision",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["case", "kind", "language", "-id"], name="issued_paper_newest")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind", "file"), ("decision__isnull", False), _connector="OR"),
                                name="issued_paper_on_its_decision",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Move",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=24)),
                        (
                            "from_status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("reviewing", "Under review"),
                                    ("returned", "Returned for completion"),
                                    ("unreceivable", "Not receivable"),
                                    ("civilian", "Resolved by civilian means"),
                                    ("clearing", "With the national unit"),
                                    ("consulting", "Country team consulted"),
                                    ("deciding", "Pending decision"),
                                    ("approved", "Approved with conditions"),
                                    ("denied", "Denied"),
                                    ("transmitted", "Transmitted to the force"),
                                    ("acknowledged", "Acknowledged by the force"),
                                    ("accepted", "Accepted"),
                                    ("limited", "Accepted with limits"),
                                    ("declined", "Declined"),
                                    ("countered", "Counter-proposal"),
                                    ("scheduled", "Scheduled"),
                                    ("underway", "Under way"),
                                    ("aborted", "Aborted"),
                                    ("completed", "Completed"),
                                    ("reporting", "After-action due"),
                                    ("closed", "Closed"),
                                    ("expired", "Expired"),
                                    ("withdrawn", "Withdrawn"),
                                    ("suspended", "Suspended"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "to_status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("reviewing", "Under review"),
                                    ("returned", "Returned for completion"),
                                    ("unreceivable", "Not receivable"),
                                    ("civilian", "Resolved by civilian means"),
                                    ("clearing", "With the national unit"),
                                    ("consulting", "Country team consulted"),
                                    ("deciding", "Pending decision"),
                                    ("approved", "Approved with conditions"),
                                    ("denied", "Denied"),
                                    ("transmitted", "Transmitted to the force"),
                                    ("acknowledged", "Acknowledged by the force"),
                                    ("accepted", "Accepted"),
                                    ("limited", "Accepted with limits"),
                                    ("declined", "Declined"),
                                    ("countered", "Counter-proposal"),
                                    ("scheduled", "Scheduled"),
                                    ("underway", "Under way"),
                                    ("aborted", "Aborted"),
                                    ("completed", "Completed"),
                                    ("reporting", "After-action due"),
                                    ("closed", "Closed"),
                                    ("expired", "Expired"),
                                    ("withdrawn", "Withdrawn"),
                                    ("suspended", "Suspended"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("capacity", models.CharField(blank=True, max_length=24)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("reason", models.TextField(blank=True)),
                        ("client_key", models.UUIDField(null=True, unique=True)),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moves",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.onbehalf",
                            ),
                        ),
                        (
                            "reason_code",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("negotiated", "Acceptance or negotiation worked: we go without the military"),
                                    ("patrol", "A patrol on the axis is enough"),
                                    ("joined", "We travel in the convoy of another organisation"),
                                ],
                                max_length=12,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("to_status", "civilian")), fields=["at"], name="move_civilian_day"
                            ),
                            models.Index(
                                condition=models.Q(("reason_code", ""), _negated=True),
                                fields=["at"],
                                name="move_solved_day",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("by__isnull", False), ("capacity", "portal"), _connector="OR"),
                                name="move_by_person_or_portal",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ForceReply",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reply",
                            models.CharField(
                                choices=[
                                    ("accepted", "Accepted"),
                                    ("limited", "Accepted with limits"),
                                    ("declined", "Declined"),
                                    ("countered", "Counter-proposal"),
                                ],
                                max_length=12,
                                verbose_name="reply",
                            ),
                        ),
                        ("text", models.TextField(blank=True, max_length=1000, verbose_name="limits or explanation")),
                        (
                            "decline_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("capability", "No capability"),
                                    ("committed", "Asset committed"),
                                    ("security", "Security"),
                                    ("mandate", "Mandate"),
                                    ("weather", "Weather"),
                                    ("level", "Authorisation level"),
                                    ("late", "Late notice"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                                verbose_name="reason",
                            ),
                        ),
                        ("departure_at", models.DateTimeField(null=True, verbose_name="proposed departure")),
                        ("window_to", models.DateTimeField(null=True, verbose_name="proposed end")),
                        ("capacity", models.CharField(blank=True, max_length=24)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replies",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "extract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replies",
                                to="requests_app.extract",
                            ),
                        ),
                        (
                            "other_axis",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.axis",
                            ),
                        ),
                        (
                            "other_force",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.force",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.onbehalf",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reply", "accepted"),
                                    models.Q(("reply", "declined"), models.Q(("decline_reason", ""), _negated=True)),
                                    models.Q(
                                        ("reply__in", ["limited", "countered"]), models.Q(("text", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="reply_says_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConfirmationLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("token_digest", models.CharField(editable=False, max_length=64, unique=True)),
                        ("address", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("fr", "Français")], max_length=2, verbose_name="language"
                            ),
                        ),
                        ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("expires_at", models.DateTimeField(verbose_name="valid until")),
                        ("used_at", models.DateTimeField(null=True)),
                        ("void_at", models.DateTimeField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmation_links",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="requests_app.onbehalf",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("used_at", None), ("void_at", None), _connector="OR"),
                                name="confirmation_link_used_or_void",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("used_at", None), ("void_at", None)),
                                fields=("case",),
                                name="confirmation_link_one_open",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Confirmation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[("link", "by its link"), ("call", "by telephone")],
                                max_length=4,
                                verbose_name="how it came",
                            ),
                        ),
                        ("agrees", models.BooleanField(verbose_name="it is as they said")),
                        ("text", models.TextField(blank=True, max_length=1000, verbose_name="what is wrong")),
                        ("person_function", models.CharField(max_length=120, verbose_name="who said it (function)")),
                        ("received_at", models.DateTimeField(verbose_name="when it was said")),
                        ("witness", models.CharField(blank=True, max_length=120, verbose_name="witness (function)")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmations",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "link",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="requests_app.confirmationlink",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmations",
                                to="requests_app.onbehalf",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("agrees", True), models.Q(("text", ""), _negated=True), _connector="OR"
                                ),
                                name="confirmation_yes_or_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("how", "link"), ("link__isnull", False), ("recorded_by", None)),
                                    models.Q(
                                        ("how", "call"),
                                        ("link", None),
                                        ("recorded_by__isnull", False),
                                        models.Q(("witness", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="confirmation_by_link_or_call",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=600, verbose_name="remark")),
                        ("capacity", models.CharField(blank=True, max_length=24)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreements",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "reply",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreement",
                                to="requests_app.forcereply",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.onbehalf",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Acknowledgement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "extract",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acknowledgement",
                                to="requests_app.extract",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.onbehalf",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Opinion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("body", models.CharField(max_length=24)),
                        (
                            "value",
                            models.CharField(
                                choices=[
                                    ("endorsed", "Endorsed as a priority"),
                                    ("not_priority", "Not a priority"),
                                    ("civilian", "Met by civilian means"),
                                    ("favourable", "Favourable"),
                                    ("measures", "Favourable with measures"),
                                    ("unfavourable", "Unfavourable"),
                                ],
                                max_length=16,
                                verbose_name="opinion",
                            ),
                        ),
                        ("text", models.TextField(blank=True, max_length=1000, verbose_name="reasons")),
                        (
                            "reference",
                            models.CharField(blank=True, max_length=80, verbose_name="reference of the analysis"),
                        ),
                        ("capacity", models.CharField(blank=True, max_length=24)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.onbehalf",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Participation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "asked to join"),
                                    ("joined", "joined"),
                                    ("declined", "does not join"),
                                    ("left", "has left"),
                                    ("taken_back", "no longer asked"),
                                ],
                                default="asked",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("vehicles", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="vehicles")),
                        (
                            "staff",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="staff on board"),
                        ),
                        ("cargo", models.CharField(blank=True, max_length=300, verbose_name="cargo")),
                        (
                            "consent_force",
                            models.BooleanField(default=False, verbose_name="shared with the named force"),
                        ),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="participations",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "focal_post",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.post",
                                verbose_name="focal point",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["organisation", "-id"], name="participation_of_one")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "organisation"), name="participation_once_per_case"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "joined"), _negated=True),
                                    models.Q(
                                        ("answered_by__isnull", False),
                                        ("consent_force", True),
                                        ("staff__gte", 1),
                                        ("vehicles__gte", 1),
                                    ),
                                    _connector="OR",
                                ),
                                name="participation_joined_with_its_part",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "addressed",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipt",
                                to="requests_app.addressed",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.onbehalf",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ReleasedNames",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("field", models.CharField(max_length=20)),
                        ("text", models.TextField()),
                        ("salt", models.CharField(max_length=32)),
                        (
                            "extract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="names",
                                to="requests_app.extract",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("extract", "field"), name="released_names_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReleasedText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("field", models.CharField(max_length=20)),
                        ("original", models.TextField(blank=True)),
                        ("original_language", models.CharField(blank=True, max_length=5)),
                        ("text", models.TextField()),
                        ("language", models.CharField(max_length=5)),
                        ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="released_texts",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "extract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="texts",
                                to="requests_app.extract",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("extract", "field"), name="released_text_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RotationLog",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="rotation")),
                        (
                            "side",
                            models.CharField(choices=[("humanitarian", "Convoy"), ("force", "Force")], max_length=12),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("start", "Started"),
                                    ("end", "Ended"),
                                    ("abort", "Aborted"),
                                    ("nothing", "Did not happen"),
                                ],
                                max_length=8,
                                verbose_name="what happened",
                            ),
                        ),
                        ("happened_at", models.DateTimeField(verbose_name="actual time")),
                        ("note", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                        ("reason", models.CharField(blank=True, max_length=400, verbose_name="why it was corrected")),
                        (
                            "is_last",
                            models.BooleanField(default=False, verbose_name="no further rotation will take place"),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rotation_logs",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "corrects",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="correction",
                                to="requests_app.rotationlog",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.onbehalf",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("corrects", None), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="rotation_log_corrected_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("what", "nothing"), _negated=True),
                                    ("corrects__isnull", False),
                                    _connector="OR",
                                ),
                                name="rotation_log_happened_or_corrects",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 1)), name="rotation_number_from_one"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetPerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(choices=[("driver", "Driver"), ("passenger", "Passenger")], max_length=12),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("organisation", models.CharField(blank=True, max_length=60)),
                        ("id_number", models.CharField(blank=True, max_length=40)),
                        ("telephone", models.CharField(blank=True, max_length=40)),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="named_people",
                                to="requests_app.executionsheet",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SheetStaff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("organisation", models.CharField(max_length=60)),
                        ("function", models.CharField(blank=True, max_length=80)),
                        ("count", models.PositiveSmallIntegerField()),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="staff",
                                to="requests_app.executionsheet",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SheetStop",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("spot", models.CharField(blank=True, max_length=120)),
                        ("arrives_at", models.DateTimeField(null=True)),
                        ("leaves_at", models.DateTimeField(null=True)),
                        ("overnight", models.BooleanField(default=False)),
                        (
                            "place",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.place",
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stops",
                                to="requests_app.executionsheet",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("place__isnull", False), models.Q(("spot", ""), _negated=True), _connector="OR"
                                ),
                                name="stop_is_somewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("leaves_at", None),
                                    ("arrives_at", None),
                                    ("leaves_at__gte", models.F("arrives_at")),
                                    _connector="OR",
                                ),
                                name="stop_leaves_after_it_arrives",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetVehicle",
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
                                    ("4x4", "4x4"),
                                    ("light_truck", "Light truck"),
                                    ("heavy_truck", "Heavy truck"),
                                    ("tanker", "Tanker"),
                                    ("ambulance", "Ambulance"),
                                    ("motorbike", "Motorbike"),
                                    ("boat", "Boat"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("owner", models.CharField(blank=True, max_length=60)),
                        ("plate", models.CharField(max_length=20)),
                        ("marking", models.CharField(blank=True, max_length=80)),
                        ("moss", models.BooleanField(default=False)),
                        ("radio", models.CharField(blank=True, max_length=40)),
                        ("tracker", models.BooleanField(default=False)),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="convoy_vehicles",
                                to="requests_app.executionsheet",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Assessment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "support_level",
                            models.CharField(
                                choices=[
                                    ("infrastructure", "Infrastructure support"),
                                    ("indirect", "Indirect assistance"),
                                    ("direct", "Direct assistance"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("clusters", models.JSONField(default=list)),
                        (
                            "provider_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("peacekeepers", "UN peacekeepers"),
                                    ("un_police", "UN police or formed police unit"),
                                    ("host_police", "Police of the host State"),
                                    ("host_army", "Army of the host State"),
                                    ("bilateral", "Bilateral force"),
                                    ("other", "Other"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "escort_mode",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("close", "Close escort"),
                                    ("distant", "Distant escort, apart in time or space"),
                                    ("points", "Fixed points on the way"),
                                    ("lead_rear", "At the head and the rear only"),
                                    ("air", "Air cover"),
                                    ("patrol", "Patrol of the area"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "need_met",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "Met"), ("partly", "Partly met"), ("no", "Not met")],
                                max_length=8,
                            ),
                        ),
                        (
                            "authorities_met",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "Met"), ("partly", "Partly met"), ("no", "Not met")],
                                max_length=8,
                            ),
                        ),
                        (
                            "safety_met",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "Met"), ("partly", "Partly met"), ("no", "Not met")],
                                max_length=8,
                            ),
                        ),
                        (
                            "sustainability_met",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "Met"), ("partly", "Partly met"), ("no", "Not met")],
                                max_length=8,
                            ),
                        ),
                        ("criteria_text", models.TextField(blank=True, max_length=1000)),
                        (
                            "risk_without",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("low", "Low"),
                                    ("medium", "Medium"),
                                    ("high", "High"),
                                    ("very_high", "Very high"),
                                    ("unacceptable", "Unacceptable"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "risk_with",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("low", "Low"),
                                    ("medium", "Medium"),
                                    ("high", "High"),
                                    ("very_high", "Very high"),
                                    ("unacceptable", "Unacceptable"),
                                ],
                                max_length=12,
                            ),
                        ),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assessments",
                                to="requests_app.case",
                            ),
                        ),
                        ("support_text", models.TextField(blank=True, max_length=1000)),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("authorities_met__in", ("", "yes")),
                                        ("need_met__in", ("", "yes")),
                                        ("safety_met__in", ("", "yes")),
                                        ("sustainability_met__in", ("", "yes")),
                                    ),
                                    models.Q(("criteria_text", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="assessment_says_why_not_met",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("support_level", "direct"), _negated=True),
                                    models.Q(("support_text", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="assessment_says_why_direct",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AfterAction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "as_approved",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "Yes, as approved"), ("deviation", "With a deviation"), ("no", "No")],
                                max_length=12,
                                verbose_name="executed as approved?",
                            ),
                        ),
                        ("nothing_to_report", models.BooleanField(default=False)),
                        ("conditions_respected", models.JSONField(blank=True, default=list)),
                        ("deviation", models.TextField(blank=True, max_length=1000, verbose_name="deviation")),
                        ("incidents", models.TextField(blank=True, max_length=1000, verbose_name="incidents")),
                        ("perception", models.TextField(blank=True, max_length=600, verbose_name="what people said")),
                        (
                            "civilian_option_now",
                            models.BooleanField(null=True, verbose_name="a civilian option exists now"),
                        ),
                        ("lesson", models.TextField(blank=True, max_length=600, verbose_name="lesson")),
                        (
                            "waived_reason",
                            models.TextField(blank=True, max_length=400, verbose_name="why it was waived"),
                        ),
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
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="after_action",
                                to="requests_app.case",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("as_approved", ""), _negated=True),
                                    models.Q(("waived_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="after_action_filed_or_waived",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsensusNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(max_length=1500, verbose_name="how the consensus was established")),
                        ("capacity", models.CharField(max_length=24)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consensus_notes",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.decision",
                            ),
                        ),
                        (
                            "consultation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="note",
                                to="requests_app.teamconsultation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="TeamSeat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "voice",
                            models.CharField(
                                choices=[
                                    ("member", "member"),
                                    ("observer", "observer: states a position, is not bound and not counted"),
                                    ("requester", "asks for this request: takes no position"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "consultation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="seats",
                                to="requests_app.teamconsultation",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("consultation", "organisation"), name="teamseat_one_each")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Position",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "value",
                            models.CharField(
                                choices=[
                                    ("support", "Support"),
                                    ("accept", "Can accept"),
                                    ("object", "Object"),
                                    ("abstain", "Abstain"),
                                ],
                                max_length=12,
                                verbose_name="position",
                            ),
                        ),
                        ("condition", models.CharField(blank=True, max_length=200, verbose_name="can accept if")),
                        ("words", models.TextField(blank=True, max_length=1000, verbose_name="reasons")),
                        ("capacity", models.CharField(blank=True, max_length=24)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="positions",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="requests_app.onbehalf",
                            ),
                        ),
                        (
                            "seat",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="positions",
                                to="requests_app.teamseat",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("value", "object"), _negated=True),
                                    models.Q(("words", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="position_objects_with_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("condition", ""), ("value", "accept"), _connector="OR"),
                                name="position_condition_accepts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProposedPolicy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("values", models.JSONField()),
                        ("clocks", models.JSONField()),
                        ("in_force_from", models.DateField(verbose_name="in force from")),
                        ("reason", models.TextField(max_length=1000, verbose_name="reason")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("refused_at", models.DateTimeField(null=True)),
                        ("refusal", models.CharField(blank=True, max_length=200, verbose_name="why it was refused")),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "country",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposed_policies",
                                to="places.country",
                            ),
                        ),
                        (
                            "profile",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposal",
                                to="places.countryprofile",
                            ),
                        ),
                        (
                            "refused_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("confirmed_at", None), ("refused_at", None)),
                                fields=("country",),
                                name="proposedpolicy_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("confirmed_by", None),
                                    models.Q(("confirmed_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposedpolicy_confirmed_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="proposedpolicy_pair_confirmed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_at", None), ("profile", None)),
                                    models.Q(("confirmed_at__isnull", False), ("profile__isnull", False)),
                                    _connector="OR",
                                ),
                                name="proposedpolicy_pair_profile",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("refused_at", None), ("refused_by", None)),
                                    models.Q(("refused_at__isnull", False), ("refused_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="proposedpolicy_pair_refused",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("confirmed_at", None), ("refused_at", None), _connector="OR"),
                                name="proposedpolicy_confirmed_or_refused",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="proposedpolicy_says_why"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WrittenConfirmation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("capacity", models.CharField(max_length=24)),
                        ("text", models.TextField(blank=True, max_length=1500, verbose_name="remark")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="written_confirmations",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmed_in_writing",
                                to="requests_app.decision",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ReverseRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.CharField(max_length=24, unique=True)),
                        ("force_reference", models.CharField(max_length=24)),
                        ("client_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("component", models.CharField(max_length=120)),
                        (
                            "asset_wanted",
                            models.CharField(
                                choices=[
                                    ("seat", "Seat on a flight"),
                                    ("cargo", "Cargo space"),
                                    ("warehouse", "Warehouse"),
                                    ("vehicle", "Vehicle"),
                                    ("forklift", "Forklift"),
                                    ("clinic", "Clinic"),
                                    ("water", "Water"),
                                    ("data", "Data, map"),
                                    ("other", "Something else"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "purpose_kind",
                            models.CharField(
                                choices=[
                                    ("humanitarian", "A humanitarian objective"),
                                    ("life_saving", "Saving the life of own personnel"),
                                    ("administrative", "Administration"),
                                    ("operational", "A military or police operation"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("purpose_text", models.TextField(max_length=1500)),
                        ("content", models.JSONField(default=list)),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("place", models.CharField(max_length=120)),
                        ("prohibited", models.JSONField(default=list, editable=False)),
                        ("clause", models.CharField(blank=True, editable=False, max_length=24)),
                        (
                            "owner_consent",
                            models.CharField(
                                choices=[
                                    ("pending", "not given yet"),
                                    ("consents", "consents"),
                                    ("refuses", "refuses"),
                                ],
                                default="pending",
                                editable=False,
                                max_length=8,
                            ),
                        ),
                        (
                            "hc_validation",
                            models.CharField(
                                choices=[
                                    ("open", "not known yet"),
                                    ("required", "required"),
                                    ("not_required", "not required"),
                                    ("granted", "granted"),
                                    ("refused", "refused"),
                                ],
                                default="open",
                                editable=False,
                                max_length=12,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("submitted", "With OCHA"),
                                    ("refused", "Refused automatically"),
                                    ("consenting", "With the owner"),
                                    ("testing", "Purpose tested by OCHA"),
                                    ("deciding", "With the Humanitarian Coordinator"),
                                    ("agreed", "Agreed with conditions"),
                                    ("declined", "Declined"),
                                    ("executed", "Carried out"),
                                    ("closed", "Closed"),
                                    ("withdrawn", "Withdrawn by the force"),
                                    ("expired", "Expired"),
                                ],
                                default="submitted",
                                editable=False,
                                max_length=12,
                            ),
                        ),
                        ("filed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("received_at", models.DateTimeField(null=True)),
                        ("hc_from", models.DateTimeField(null=True)),
                        ("due_at", models.DateTimeField(null=True)),
                        (
                            "country",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.country",
                            ),
                        ),
                        (
                            "filed_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "force",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.force",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.countryprofile",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.dutystation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["organisation", "country", "-id"], name="reverse_of_force"),
                            models.Index(fields=["country", "-id"], name="reverse_of_country"),
                            models.Index(fields=["station", "-id"], name="reverse_of_station"),
                            models.Index(fields=["owner", "country", "-id"], name="reverse_of_owner"),
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["ends_at"],
                                name="reverse_running",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "force_reference"), name="reverse_force_reference_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("starts_at__lt", models.F("ends_at"))),
                                name="reverse_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("prohibited", []),
                                    models.Q(("status", "refused"), models.Q(("clause", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="reverse_prohibited_is_refused",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["agreed", "executed", "closed"]), _negated=True),
                                    models.Q(("hc_validation", "granted"), ("owner_consent", "consents")),
                                    _connector="OR",
                                ),
                                name="reverse_agreed_by_both",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReverseMove",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=24)),
                        (
                            "from_status",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("submitted", "With OCHA"),
                                    ("refused", "Refused automatically"),
                                    ("consenting", "With the owner"),
                                    ("testing", "Purpose tested by OCHA"),
                                    ("deciding", "With the Humanitarian Coordinator"),
                                    ("agreed", "Agreed with conditions"),
                                    ("declined", "Declined"),
                                    ("executed", "Carried out"),
                                    ("closed", "Closed"),
                                    ("withdrawn", "Withdrawn by the force"),
                                    ("expired", "Expired"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "to_status",
                            models.CharField(
                                choices=[
                                    ("submitted", "With OCHA"),
                                    ("refused", "Refused automatically"),
                                    ("consenting", "With the owner"),
                                    ("testing", "Purpose tested by OCHA"),
                                    ("deciding", "With the Humanitarian Coordinator"),
                                    ("agreed", "Agreed with conditions"),
                                    ("declined", "Declined"),
                                    ("executed", "Carried out"),
                                    ("closed", "Closed"),
                                    ("withdrawn", "Withdrawn by the force"),
                                    ("expired", "Expired"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("capacity", models.CharField(blank=True, max_length=24)),
                        ("said_by", models.CharField(blank=True, max_length=120)),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("telephone", "Telephone"),
                                    ("radio", "Radio"),
                                    ("paper", "Paper"),
                                    ("email", "E-mail"),
                                    ("in_person", "In person"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("said_at", models.DateTimeField(null=True)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("reason", models.TextField(blank=True)),
                        ("facts", models.JSONField(default=dict)),
                        ("client_key", models.UUIDField(null=True, unique=True)),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reverse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moves",
                                to="requests_app.reverserequest",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("by__isnull", False), ("capacity", "portal"), _connector="OR"),
                                name="reverse_move_by_person_or_portal",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("said_at", None), ("said_by", ""), ("source", "")),
                                    models.Q(
                                        models.Q(("said_by", ""), _negated=True),
                                        models.Q(("source", ""), _negated=True),
                                        ("said_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="reverse_move_said_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReverseAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("force_reference", models.CharField(max_length=24)),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("refused", "Refused automatically"),
                                    ("agreed", "Agreed with conditions"),
                                    ("declined", "Declined"),
                                    ("taken_back", "Agreement taken back"),
                                    ("done", "Recorded as carried out"),
                                    ("lapsed", "Its time has passed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("content", models.JSONField()),
                        ("language", models.CharField(max_length=5)),
                        ("sha256", models.CharField(max_length=64)),
                        ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reverse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="requests_app.reverserequest",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "force_reference", "number"), name="reverse_answer_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleReading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "occasion",
                            models.CharField(
                                choices=[("submission", "when it was sent"), ("decision", "when it was decided")],
                                max_length=12,
                            ),
                        ),
                        ("rule_set", models.CharField(max_length=24, verbose_name="version of the rules")),
                        ("findings", models.JSONField(default=list, verbose_name="findings")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="requests_app.case",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="AccessIncident",
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
                                    ("AMRF-3", "Restriction of movement: an escort imposed"),
                                    ("AMRF-4", "Interference in humanitarian activities"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "draft"), ("kept", "kept"), ("discarded", "discarded")],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("text", models.TextField(blank=True, max_length=1000, verbose_name="what happened")),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incident",
                                to="requests_app.case",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("answered_by", None)),
                                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="incident_pair_answered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_by", None), ("status", "draft")),
                                    models.Q(
                                        models.Q(("status", "draft"), _negated=True),
                                        models.Q(("text", ""), _negated=True),
                                        models.Q(("answered_by", None), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="incident_answered_with_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AlarmAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "decided",
                            models.CharField(
                                choices=[("continue", "Continue"), ("turn_back", "Turn back"), ("halt", "Halt")],
                                max_length=12,
                                verbose_name="what was decided",
                            ),
                        ),
                        ("said_by", models.CharField(max_length=120, verbose_name="who said it (function)")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("telephone", "Telephone"),
                                    ("radio", "Radio"),
                                    ("paper", "Paper"),
                                    ("email", "E-mail"),
                                    ("in_person", "In person"),
                                ],
                                max_length=12,
                                verbose_name="how it came",
                            ),
                        ),
                        ("reason", models.TextField(max_length=600, verbose_name="why")),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alarm_answers",
                                to="requests_app.case",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("said_by", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                                ),
                                name="alarmanswer_said_and_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "other",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follows",
                                to="requests_app.case",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("case", models.F("other")), _negated=True),
                                name="caselink_of_two_requests",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
