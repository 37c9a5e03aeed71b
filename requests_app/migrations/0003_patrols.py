import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.tables


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_delegations"),
        ("accounts", "__first__"),
        ("contacts", "0001_tables"),
        ("places", "0003_country_set_up_in_the_browser"),
        ("requests_app", "0002_case_search"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_approved_with_decision",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_complete_once_submitted",
        ),
        migrations.AddField(
            model_name="case",
            name="instead_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="patrols_wanted",
                to="requests_app.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="mixed_patrol",
            field=models.BooleanField(null=True, verbose_name="host-state forces may take part"),
        ),
        migrations.AddField(
            model_name="case",
            name="movements_count",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="movements planned"),
        ),
        migrations.AddField(
            model_name="case",
            name="patrol_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("convoys", "Several convoys are planned"),
                    ("incidents", "Recent incidents"),
                    ("market", "Market day"),
                    ("other", "Something else"),
                ],
                max_length=12,
                verbose_name="why a patrol",
            ),
        ),
        migrations.AddField(
            model_name="forcereply",
            name="days",
            field=models.JSONField(blank=True, default=list, verbose_name="days of the patrols"),
        ),
        migrations.AlterField(
            model_name="case",
            name="request_type",
            field=models.CharField(
                choices=[
                    ("AE", "Armed escort"),
                    ("MCDA-LOG", "Military asset: transport, storage, supply"),
                    ("MCDA-INF", "Military asset: roads, bridges, airstrips"),
                    ("EVAC", "Rescue or evacuation of staff"),
                    ("MED", "Medical evacuation"),
                    ("AREA", "Patrol on an axis"),
                ],
                max_length=8,
                verbose_name="type of request",
            ),
        ),
        migrations.AlterField(
            model_name="forcefile",
            name="request_type",
            field=models.CharField(
                choices=[
                    ("AE", "Armed escort"),
                    ("MCDA-LOG", "Military asset: transport, storage, supply"),
                    ("MCDA-INF", "Military asset: roads, bridges, airstrips"),
                    ("EVAC", "Rescue or evacuation of staff"),
                    ("MED", "Medical evacuation"),
                    ("AREA", "Patrol on an axis"),
                ],
                default="AE",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ("draft", "withdrawn", "civilian")),
                    ("imported", True),
                    ("request_type__in", ("EVAC", "MED", "AREA")),
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
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ("draft", "withdrawn", "civilian")),
                    ("imported", True),
                    models.Q(("request_type", "AREA"), _negated=True),
                    models.Q(
                        models.Q(("patrol_reason", ""), _negated=True),
                        ("axis__isnull", False),
                        ("departure_at__isnull", False),
                        ("mixed_patrol__isnull", False),
                        ("movements_count__gte", 1),
                        ("submitted_at__isnull", False),
                        ("window_to__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="case_area_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
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
                    models.Q(("ends_at__isnull", False), ("request_type", "AREA")),
                    _connector="OR",
                ),
                name="case_approved_with_decision",
            ),
        ),
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="PatrolFeedback",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "helped",
                            models.CharField(
                                choices=[
                                    ("yes", "Yes: the movements went without an escort"),
                                    ("partly", "In part"),
                                    ("no", "No"),
                                ],
                                max_length=8,
                                verbose_name="did the patrols help",
                            ),
                        ),
                        ("text", models.TextField(blank=True, max_length=1000, verbose_name="feedback")),
                        (
                            "incidents",
                            models.TextField(blank=True, max_length=1000, verbose_name="incidents during the patrols"),
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
                                related_name="patrol_feedback",
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
                        "constraints": [models.UniqueConstraint(fields=("case",), name="patrolfeedback_once")],
                    },
                ),
                migrations.CreateModel(
                    name="PatrolLog",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day of the patrol")),
                        ("km", models.PositiveSmallIntegerField(verbose_name="kilometres")),
                        (
                            "direction",
                            models.CharField(
                                choices=[
                                    ("out", "There"),
                                    ("back", "Back"),
                                    ("both", "There and back"),
                                    ("nothing", "Did not take place"),
                                ],
                                max_length=8,
                                verbose_name="direction",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=400, verbose_name="why it was corrected")),
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
                                related_name="patrols",
                                to="requests_app.case",
                            ),
                        ),
                        (
                            "corrects",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="requests_app.patrollog",
                            ),
                        ),
                        (
                            "extract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="patrols",
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
                    options={
                        "ordering": ["day", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("corrects", None), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="patrollog_corrected_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("direction", "nothing"), _negated=True),
                                    ("corrects__isnull", False),
                                    _connector="OR",
                                ),
                                name="patrollog_done_or_corrects",
                            ),
                            models.CheckConstraint(condition=models.Q(("km__gte", 1)), name="patrollog_went_somewhere"),
                        ],
                    },
                ),
            ],
        ),
    ]
