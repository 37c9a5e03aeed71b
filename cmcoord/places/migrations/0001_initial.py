import datetime

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Country",
            fields=[
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("name_fr", models.CharField(max_length=120, verbose_name="name in French")),
                ("working_from", models.TimeField(default=datetime.time(8, 0), verbose_name="opens")),
                ("working_to", models.TimeField(default=datetime.time(16, 0), verbose_name="closes")),
                (
                    "working_days",
                    models.CharField(
                        default="12345",
                        help_text="Digits from 1 (Monday) to 7 (Sunday), in order.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^1?2?3?4?5?6?7?$", "Digits from 1 (Monday) to 7 (Sunday), in order."
                            )
                        ],
                        verbose_name="working days",
                    ),
                ),
                ("code", models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name="code")),
                (
                    "timezone",
                    models.CharField(
                        choices=[("Africa/Bangui", "Africa/Bangui"), ("Africa/Bamako", "Africa/Bamako")],
                        max_length=40,
                        verbose_name="time zone",
                    ),
                ),
                ("languages", models.CharField(default="en,fr", max_length=20, verbose_name="languages")),
                (
                    "national_unit_telephone",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ()./-]{4,}$",
                                "Write a telephone number with the country code, for example +236 00 00 00 00.",
                            )
                        ],
                        verbose_name="duty telephone of the national unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "country",
                "verbose_name_plural": "countries",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("timezone__in", ["Africa/Bangui", "Africa/Bamako"])),
                        name="country_zone_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("working_from__lt", models.F("working_to"))), name="country_hours_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Axis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("code", models.SlugField(max_length=40, verbose_name="short name")),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="axes",
                        to="places.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "axis",
                "verbose_name_plural": "axes",
                "ordering": ["country", "name"],
            },
        ),
        migrations.CreateModel(
            name="AdminArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("prefecture", "prefecture"),
                            ("commune", "autonomous commune"),
                            ("region", "region"),
                            ("district", "district"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("code", models.CharField(blank=True, max_length=12, verbose_name="P-code")),
                ("scheme", models.CharField(default="COD-AB", max_length=20, verbose_name="code list")),
                ("code_verified", models.BooleanField(default=False, verbose_name="code verified")),
                ("level", models.PositiveSmallIntegerField(default=1, verbose_name="level")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="places.adminarea",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas",
                        to="places.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "administrative area",
                "verbose_name_plural": "administrative areas",
                "ordering": ["country", "name"],
            },
        ),
        migrations.CreateModel(
            name="CountryProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("in_force_from", models.DateField(verbose_name="in force from")),
                (
                    "decision_model",
                    models.CharField(
                        choices=[
                            ("hc_via_ocha", "the Humanitarian Coordinator decides, through OCHA"),
                            ("hct_consensus", "consensus of the Humanitarian Country Team"),
                        ],
                        max_length=20,
                        verbose_name="decision model",
                    ),
                ),
                (
                    "escorts",
                    models.CharField(
                        choices=[
                            ("allowed", "allowed as a last resort, with criteria"),
                            ("not_foreseen", "not foreseen"),
                        ],
                        max_length=20,
                        verbose_name="armed escorts",
                    ),
                ),
                (
                    "strategy",
                    models.CharField(
                        choices=[
                            ("coexistence", "coexistence"),
                            ("coordination", "coordination"),
                            ("cooperation", "cooperation"),
                        ],
                        max_length=20,
                        verbose_name="strategy",
                    ),
                ),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profiles",
                        to="places.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "country profile",
                "verbose_name_plural": "country profiles",
                "ordering": ["country", "-version"],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_type", models.CharField(max_length=4, verbose_name="type of request")),
                (
                    "pace",
                    models.CharField(
                        choices=[("routine", "routine"), ("urgent", "urgent")], max_length=10, verbose_name="pace"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("cluster", "cluster opinion"),
                            ("station", "review at the duty station"),
                            ("security", "security opinion"),
                            ("national", "national unit"),
                            ("hc", "decision"),
                            ("transmission", "transmission"),
                            ("acknowledgement", "acknowledgement by the force"),
                            ("reply", "reply of the force"),
                            ("scheduling", "scheduling"),
                            ("lead_time", "whole lead time"),
                            ("after_action", "after-action review"),
                        ],
                        max_length=20,
                        verbose_name="step",
                    ),
                ),
                ("minutes", models.PositiveIntegerField(verbose_name="minutes")),
                ("round_the_clock", models.BooleanField(default=False, verbose_name="counted round the clock")),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="places.countryprofile",
                        verbose_name="profile",
                    ),
                ),
            ],
            options={
                "verbose_name": "clock",
                "verbose_name_plural": "clocks",
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("name_fr", models.CharField(max_length=120, verbose_name="name in French")),
                ("date", models.DateField(verbose_name="date")),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holidays",
                        to="places.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "holiday",
                "verbose_name_plural": "holidays",
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("folded_name", models.CharField(editable=False, max_length=80)),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
                    ),
                ),
                ("position_verified", models.BooleanField(default=False, verbose_name="position verified")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.adminarea",
                        verbose_name="administrative area",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="places.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["folded_name"],
            },
        ),
        migrations.CreateModel(
            name="DutyStation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("working_from", models.TimeField(default=datetime.time(8, 0), verbose_name="opens")),
                ("working_to", models.TimeField(default=datetime.time(16, 0), verbose_name="closes")),
                (
                    "working_days",
                    models.CharField(
                        default="12345",
                        help_text="Digits from 1 (Monday) to 7 (Sunday), in order.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^1?2?3?4?5?6?7?$", "Digits from 1 (Monday) to 7 (Sunday), in order."
                            )
                        ],
                        verbose_name="working days",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="short name")),
                ("has_cell", models.BooleanField(default=False, verbose_name="has a coordination cell")),
                ("has_contact", models.BooleanField(default=False, verbose_name="has a contact")),
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
                        verbose_name="duty telephone",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stations",
                        to="places.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "covered_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The station that answers while this one has no officer. Empty: the national unit.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covers",
                        to="places.dutystation",
                        verbose_name="covered by",
                    ),
                ),
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="station",
                        to="places.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty station",
                "verbose_name_plural": "duty stations",
                "ordering": ["country", "code"],
            },
        ),
        migrations.CreateModel(
            name="AxisPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="order")),
                (
                    "axis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stops", to="places.axis"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "verbose_name": "place on an axis",
                "verbose_name_plural": "places on an axis",
                "ordering": ["axis", "order"],
            },
        ),
        migrations.AddField(
            model_name="axis",
            name="places",
            field=models.ManyToManyField(
                related_name="axes", through="places.AxisPlace", to="places.place", verbose_name="places"
            ),
        ),
        migrations.AddConstraint(
            model_name="adminarea",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None), models.Q(("code", ""), _negated=True)),
                fields=("country", "scheme", "code"),
                name="adminarea_one_current_per_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="adminarea",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None), ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                ),
                name="adminarea_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="countryprofile",
            constraint=models.UniqueConstraint(fields=("country", "version"), name="countryprofile_one_per_version"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                fields=("profile", "request_type", "pace", "step"), name="clock_one_per_step"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pace", "urgent"), _negated=True), ("round_the_clock", True), _connector="OR"
                ),
                name="clock_urgent_never_sleeps",
            ),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.UniqueConstraint(fields=("country", "date"), name="holiday_one_per_day"),
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(fields=["folded_name"], name="place_folded_name"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(fields=("country", "name"), name="place_one_per_name"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="place_position_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutystation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("covered_by", None), models.Q(("covered_by", models.F("id")), _negated=True), _connector="OR"
                ),
                name="dutystation_covers_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutystation",
            constraint=models.CheckConstraint(
                condition=models.Q(("working_from__lt", models.F("working_to"))), name="dutystation_hours_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="axisplace",
            constraint=models.UniqueConstraint(fields=("axis", "order"), name="axisplace_one_per_order"),
        ),
        migrations.AddConstraint(
            model_name="axis",
            constraint=models.UniqueConstraint(fields=("country", "code"), name="axis_one_per_code"),
        ),
    ]
