import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Force",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        max_length=20,
                        verbose_name="category",
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
            ],
            options={
                "verbose_name": "force",
                "verbose_name_plural": "forces",
                "ordering": ["country", "acronym"],
                "constraints": [
                    models.UniqueConstraint(fields=("country", "acronym", "active_from"), name="force_one_per_period"),
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
    ]
