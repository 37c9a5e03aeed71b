import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.models
import cmcoord.activity.tables


class Migration(migrations.Migration):
    replaces = [("contacts", "0002_force_register")]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("places", "0001_tables"),
    ]

    operations = [
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="Force",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("acronym", models.CharField(max_length=30, verbose_name="acronym")),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("mission_military", "peacekeeping force"),
                                    ("mission_police", "police of a peacekeeping mission"),
                                    ("regional", "regional or joint force"),
                                    ("bilateral", "EU or bilateral force"),
                                    ("host_army", "army of the host State"),
                                    ("gendarmerie", "gendarmerie"),
                                    ("police", "national police"),
                                ],
                                help_text="Forces of States and of international organisations. Armed groups outside the State are never in this register: the guidelines do not cover them, and contact with them follows rules of its own (CAR-CMC §4).",
                                max_length=20,
                                verbose_name="category",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("fr", "Français")],
                                default="fr",
                                max_length=5,
                                verbose_name="language of its papers",
                            ),
                        ),
                        ("active_from", models.DateField(blank=True, null=True, verbose_name="present from")),
                        ("active_to", models.DateField(blank=True, null=True, verbose_name="present until")),
                        (
                            "country",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forces",
                                to="places.country",
                                verbose_name="country",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forces",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "bound_by_guidelines",
                            models.CharField(
                                choices=[
                                    ("bound", "bound by the guidelines"),
                                    ("encouraged", "encouraged to apply them"),
                                    ("outside", "outside the guidelines"),
                                ],
                                default="encouraged",
                                max_length=12,
                                verbose_name="reach of the guidelines",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "force",
                        "verbose_name_plural": "forces",
                        "ordering": ["country", "acronym"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("country", "acronym", "active_from"), name="force_one_per_period"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("active_from", None),
                                    ("active_to", None),
                                    ("active_from__lte", models.F("active_to")),
                                    _connector="OR",
                                ),
                                name="force_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Addressee",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place",
                            models.PositiveSmallIntegerField(
                                help_text="1 comes first.", verbose_name="place in the chain"
                            ),
                        ),
                        (
                            "function",
                            models.CharField(help_text="Never a name.", max_length=120, verbose_name="function"),
                        ),
                        (
                            "telephone",
                            models.CharField(
                                blank=True,
                                default="",
                                max_length=40,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^\\+?[0-9][0-9 ()./-]{4,}$",
                                        "Write a telephone number with the country code, for example +236 00 00 00 00.",
                                    )
                                ],
                                verbose_name="duty telephone",
                            ),
                        ),
                        ("active_from", models.DateField(blank=True, null=True, verbose_name="from")),
                        ("active_to", models.DateField(blank=True, null=True, verbose_name="until")),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: told and answered by telephone.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="account",
                            ),
                        ),
                        (
                            "force",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addressees",
                                to="contacts.force",
                                verbose_name="force",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "addressee of a force",
                        "verbose_name_plural": "addressees of a force",
                        "ordering": ["force", "place", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("active_to", None)),
                                fields=("force", "place"),
                                name="addressee_one_per_place",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("function", ""), _negated=True), name="addressee_has_function"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("active_from", None),
                                    ("active_to", None),
                                    ("active_from__lte", models.F("active_to")),
                                    _connector="OR",
                                ),
                                name="addressee_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                        (
                            "share_humanitarians",
                            models.BooleanField(default=True, verbose_name="for the humanitarian side"),
                        ),
                        (
                            "share_force",
                            models.BooleanField(default=False, verbose_name="for a force that holds a request"),
                        ),
                        ("share_public", models.BooleanField(default=False, verbose_name="for everybody")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="account",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "person in a post",
                        "verbose_name_plural": "people in posts",
                        "ordering": ["name", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Post",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("function", models.CharField(max_length=120, verbose_name="function")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("closed_at", models.DateTimeField(null=True)),
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
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="posts",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.dutystation",
                                verbose_name="duty station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "post",
                        "verbose_name_plural": "posts",
                        "ordering": ["function", "id"],
                        "indexes": [
                            models.Index(fields=["country", "organisation", "function"], name="post_of_organisation")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("organisation", "station", "function"),
                                name="post_once_per_station",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("function", ""), _negated=True), name="post_has_function"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Holding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("starts", models.DateField(verbose_name="from")),
                        ("ends", models.DateField(blank=True, null=True, verbose_name="until")),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="holdings",
                                to="contacts.person",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="holdings", to="contacts.post"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "time in a post",
                        "verbose_name_plural": "times in posts",
                        "ordering": ["-starts", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends", None), ("ends__gte", models.F("starts")), _connector="OR"),
                                name="holding_dates_in_order",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends", None)), fields=("post",), name="holding_one_open_per_post"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Telephone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "number",
                            phonenumber_field.modelfields.PhoneNumberField(
                                max_length=128, region=None, verbose_name="telephone"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("mobile", "mobile"),
                                    ("satellite", "satellite"),
                                    ("office", "office"),
                                    ("radio", "radio room"),
                                ],
                                default="mobile",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("day_and_night", models.BooleanField(default=False, verbose_name="answers day and night")),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="telephones",
                                to="contacts.person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "telephone",
                        "verbose_name_plural": "telephones",
                        "ordering": ["-day_and_night", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("person", "number"), name="telephone_once_per_person")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FleetDriver",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=80)),
                        (
                            "salt",
                            models.CharField(default=cmcoord.activity.models.ErasableValue.new_salt, max_length=64),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "id_number",
                            models.CharField(blank=True, max_length=40, verbose_name="number of the identity paper"),
                        ),
                        (
                            "telephone",
                            models.CharField(
                                blank=True,
                                max_length=40,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^\\+?[0-9][0-9 ()./-]{4,}$",
                                        "Write a telephone number with the country code, for example +236 00 00 00 00.",
                                    )
                                ],
                                verbose_name="telephone",
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
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "verbose_name": "driver of an organisation",
                        "verbose_name_plural": "drivers of organisations",
                        "ordering": ["name", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "country", "key"), name="fleet_driver_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="fleet_driver_has_name"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FleetVehicle",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=80)),
                        (
                            "salt",
                            models.CharField(default=cmcoord.activity.models.ErasableValue.new_salt, max_length=64),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                                verbose_name="type",
                            ),
                        ),
                        ("plate", models.CharField(max_length=20, verbose_name="plate")),
                        ("marking", models.CharField(blank=True, max_length=80, verbose_name="colour and marking")),
                        (
                            "radio",
                            models.CharField(blank=True, max_length=40, verbose_name="radio (HF, VHF, satellite)"),
                        ),
                        (
                            "moss",
                            models.BooleanField(default=False, verbose_name="meets the security standards (MOSS)"),
                        ),
                        ("tracker", models.BooleanField(default=False, verbose_name="tracker on board")),
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
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "verbose_name": "vehicle of an organisation",
                        "verbose_name_plural": "vehicles of organisations",
                        "ordering": ["plate", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "country", "key"), name="fleet_vehicle_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("plate", ""), _negated=True), name="fleet_vehicle_has_plate"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ForceStatus",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("not_party", "not a party to the conflict"),
                                    ("disputed", "disputed"),
                                    ("party", "party to the conflict"),
                                    ("in_combat", "engaged in combat"),
                                ],
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        ("basis", models.TextField(max_length=600, verbose_name="on what it rests")),
                        ("clause", models.CharField(max_length=40, verbose_name="clause")),
                        ("valid_from", models.DateField(verbose_name="from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="until")),
                        ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.adminarea",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "corrects",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="contacts.forcestatus",
                            ),
                        ),
                        (
                            "force",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statuses",
                                to="contacts.force",
                                verbose_name="force",
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
                    ],
                    options={
                        "verbose_name": "status of a force",
                        "verbose_name_plural": "statuses of forces",
                        "ordering": ["-valid_from", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="forcestatus_dates_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("basis", ""), _negated=True), models.Q(("clause", ""), _negated=True)
                                ),
                                name="forcestatus_has_basis",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatusAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("confirmed", "confirmed"), ("rejected", "rejected")],
                                max_length=10,
                                verbose_name="answer",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, max_length=600, verbose_name="why")),
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
                            "status",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="contacts.forcestatus",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "answer to a status",
                        "verbose_name_plural": "answers to statuses",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome", "confirmed"), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="statusanswer_rejected_with_reason",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
