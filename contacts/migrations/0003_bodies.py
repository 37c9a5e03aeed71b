import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.tables


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_delegations"),
        ("accounts", "__first__"),
        ("contacts", "0002_force_register"),
        ("places", "0004_cells_are_bodies"),
    ]

    operations = [
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="Body",
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
                                    ("cell", "CMCoord cell"),
                                    ("hct", "Humanitarian Country Team"),
                                    ("iccg", "inter-cluster coordination group"),
                                    ("coordination", "general coordination"),
                                    ("cluster", "cluster"),
                                    ("sub_cluster", "sub-cluster"),
                                    ("working_group", "working group"),
                                    ("access_group", "access working group"),
                                    ("advisory_group", "strategic advisory group"),
                                ],
                                max_length=16,
                                verbose_name="kind",
                            ),
                        ),
                        ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                        ("name_fr", models.CharField(max_length=120, verbose_name="name in French")),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("proposed", "proposed"),
                                    ("active", "active"),
                                    ("dormant", "dormant"),
                                    ("closed", "closed"),
                                ],
                                default="proposed",
                                max_length=10,
                                verbose_name="stage",
                            ),
                        ),
                        ("rules", models.JSONField(blank=True, default=dict, verbose_name="switches")),
                        ("cadence", models.JSONField(blank=True, null=True, verbose_name="how often it meets")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "country",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bodies",
                                to="places.country",
                                verbose_name="country",
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
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="contacts.body",
                                verbose_name="belongs to",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: national.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bodies",
                                to="places.dutystation",
                                verbose_name="duty station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "body",
                        "verbose_name_plural": "bodies",
                        "ordering": ["kind", "name_en", "id"],
                        "indexes": [models.Index(fields=["country", "kind"], name="body_of_country")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("stage", "closed"), _negated=True),
                                fields=("country", "name_en"),
                                name="body_one_per_name",
                                violation_error_message="A body of this name stands in the country already.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "cell"), models.Q(("stage", "closed"), _negated=True)),
                                fields=("station",),
                                name="body_one_cell_per_station",
                                violation_error_message="This duty station has a cell already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "cell"), _negated=True),
                                    models.Q(("station", None), _negated=True),
                                    _connector="OR",
                                ),
                                name="body_cell_has_station",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent", None),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="body_not_its_own_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("name_en", ""), _negated=True), models.Q(("name_fr", ""), _negated=True)
                                ),
                                name="body_has_names",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MissingLiaison",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "wanted",
                            models.CharField(
                                choices=[
                                    ("officer", "liaison officer of a force"),
                                    ("cell", "new cell"),
                                    ("stronger", "cell to consolidate"),
                                ],
                                max_length=10,
                                verbose_name="what is missing",
                            ),
                        ),
                        ("note", models.CharField(max_length=300, verbose_name="on what it rests")),
                        ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("outcome", models.CharField(blank=True, max_length=300, verbose_name="what became of it")),
                        (
                            "area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.adminarea",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "country",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.country",
                                verbose_name="country",
                            ),
                        ),
                        (
                            "force",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contacts.force",
                                verbose_name="of the force",
                            ),
                        ),
                        (
                            "noted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "missing liaison",
                        "verbose_name_plural": "missing liaisons",
                        "ordering": ["noted_at", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", ""), ("settled_at", None), ("settled_by", None)),
                                    models.Q(
                                        ("settled_at__isnull", False),
                                        ("settled_by__isnull", False),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="liaison_settled_with_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("wanted", "officer"), ("force", None), _connector="OR"),
                                name="liaison_force_of_an_officer",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Seat",
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
                                default="member",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("function_en", models.CharField(max_length=120, verbose_name="function in English")),
                        ("function_fr", models.CharField(max_length=120, verbose_name="function in French")),
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
                                default="other",
                                max_length=20,
                                verbose_name="category",
                            ),
                        ),
                        (
                            "mandatory",
                            models.BooleanField(
                                default=False, help_text="Its vacancy is shown as a gap.", verbose_name="mandatory"
                            ),
                        ),
                        ("several", models.BooleanField(default=False, verbose_name="several organisations share it")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="seats",
                                to="contacts.body",
                                verbose_name="body",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "seat",
                        "verbose_name_plural": "seats",
                        "ordering": ["order", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("body", "kind", "function_en"),
                                name="seat_one_per_function",
                                violation_error_message="The body has this seat already.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None), ("kind__in", ("chair", "co_chair"))),
                                fields=("body", "kind"),
                                name="seat_two_chairs_at_most",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind__in", ("chair", "co_chair")), _negated=True),
                                    ("several", False),
                                    _connector="OR",
                                ),
                                name="seat_one_chairs",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("function_en", ""), _negated=True),
                                    models.Q(("function_fr", ""), _negated=True),
                                ),
                                name="seat_has_function",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Sitting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "designate_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="why a designate"),
                        ),
                        ("starts", models.DateField(verbose_name="from")),
                        ("ends", models.DateField(blank=True, null=True, verbose_name="until")),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "designate",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="designations",
                                to="contacts.post",
                                verbose_name="designate",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sittings",
                                to="contacts.post",
                                verbose_name="through the post",
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
                            "seat",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sittings",
                                to="contacts.seat",
                                verbose_name="seat",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "sitting in a body",
                        "verbose_name_plural": "sittings in bodies",
                        "ordering": ["-starts", "-id"],
                        "indexes": [
                            models.Index(condition=models.Q(("ends", None)), fields=["post"], name="sitting_of_post")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends", None), ("ends__gte", models.F("starts")), _connector="OR"),
                                name="sitting_dates_in_order",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends", None)),
                                fields=("seat", "organisation"),
                                name="sitting_one_per_organisation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("designate", None), ("designate_reason", "")),
                                    models.Q(
                                        ("designate__isnull", False), models.Q(("designate_reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="sitting_designate_with_reason",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
