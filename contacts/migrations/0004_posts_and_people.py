import django.db.models.deletion
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import cmcoord.activity.models
import cmcoord.activity.tables


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_delegations"),
        ("accounts", "__first__"),
        ("contacts", "0003_bodies"),
        ("places", "0004_cells_are_bodies"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="person",
            options={
                "ordering": ["folded_name", "id"],
                "verbose_name": "person in a post",
                "verbose_name_plural": "people in posts",
            },
        ),
        migrations.RemoveConstraint(
            model_name="holding",
            name="holding_one_open_per_post",
        ),
        migrations.RemoveField(
            model_name="person",
            name="email",
        ),
        migrations.AddField(
            model_name="holding",
            name="capacity",
            field=models.CharField(
                choices=[("holder", "holder"), ("alternate", "alternate")],
                default="holder",
                max_length=10,
                verbose_name="capacity",
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="confirmed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="last confirmed"),
        ),
        migrations.AddField(
            model_name="holding",
            name="left_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="left"),
        ),
        migrations.AddField(
            model_name="holding",
            name="verified_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="holding",
            name="verified_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="answered"),
        ),
        migrations.AddField(
            model_name="person",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="asked"),
        ),
        migrations.AddField(
            model_name="person",
            name="folded_name",
            field=models.CharField(default="", editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name="person",
            name="languages",
            field=models.JSONField(blank=True, default=list, verbose_name="languages"),
        ),
        migrations.AddField(
            model_name="person",
            name="salt",
            field=models.CharField(
                default=cmcoord.activity.models.ErasableValue.new_salt, editable=False, max_length=32
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="source",
            field=models.CharField(blank=True, max_length=120, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="post",
            name="covers",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="places.dutystation", verbose_name="covers as well"
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="duty_telephone",
            field=phonenumber_field.modelfields.PhoneNumberField(
                blank=True, max_length=128, region=None, verbose_name="duty telephone"
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="mailbox",
            field=models.EmailField(blank=True, max_length=254, verbose_name="mailbox of the post"),
        ),
        migrations.AddField(
            model_name="post",
            name="remark",
            field=models.CharField(blank=True, max_length=300, verbose_name="remark"),
        ),
        migrations.AddField(
            model_name="post",
            name="roles",
            field=models.JSONField(blank=True, default=list, verbose_name="roles in the coordination"),
        ),
        migrations.AddField(
            model_name="post",
            name="share_force",
            field=models.BooleanField(default=False, verbose_name="for the forces"),
        ),
        migrations.AddField(
            model_name="post",
            name="share_humanitarians",
            field=models.BooleanField(default=True, verbose_name="for the humanitarian side"),
        ),
        migrations.AddField(
            model_name="post",
            name="share_public",
            field=models.BooleanField(default=False, verbose_name="for everybody"),
        ),
        migrations.AddField(
            model_name="post",
            name="source",
            field=models.CharField(blank=True, max_length=120, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="telephone",
            name="salt",
            field=models.CharField(
                default=cmcoord.activity.models.ErasableValue.new_salt, editable=False, max_length=32
            ),
        ),
        migrations.AddField(
            model_name="telephone",
            name="share_force",
            field=models.BooleanField(default=False, verbose_name="for the forces"),
        ),
        migrations.AddField(
            model_name="telephone",
            name="share_humanitarians",
            field=models.BooleanField(default=True, verbose_name="for the humanitarian side"),
        ),
        migrations.AddField(
            model_name="telephone",
            name="share_public",
            field=models.BooleanField(default=False, verbose_name="for everybody"),
        ),
        migrations.AddField(
            model_name="telephone",
            name="whatsapp",
            field=models.BooleanField(default=False, verbose_name="WhatsApp"),
        ),
        migrations.AlterField(
            model_name="person",
            name="share_force",
            field=models.BooleanField(default=False, verbose_name="for the forces"),
        ),
        migrations.AlterField(
            model_name="person",
            name="user",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contact",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account",
            ),
        ),
        migrations.AlterField(
            model_name="telephone",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mobile", "mobile"),
                    ("satellite", "satellite"),
                    ("office", "office"),
                    ("radio", "radio room"),
                    ("vsat", "VSAT"),
                ],
                default="mobile",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                condition=models.Q(("left_at", None)), fields=["ends"], name="holding_planned_departure"
            ),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                condition=models.Q(("left_at", None)), fields=["confirmed_at"], name="holding_confirmed"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["folded_name", "id"], name="contact_folded_name"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["station", "function", "id"], name="post_at_station"
            ),
        ),
        migrations.AddIndex(
            model_name="telephone",
            index=models.Index(fields=["number"], name="telephone_number"),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_at", None), ("ends__isnull", False), _connector="OR"),
                name="holding_left_with_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verified_at", None), ("verified_by", None)),
                    models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                    _connector="OR",
                ),
                name="holding_pair_verified",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends", None)), fields=("post", "capacity"), name="holding_one_open_per_post"
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="contact_has_name"),
        ),
        cmcoord.activity.tables.Tables(
            tables=[
                migrations.CreateModel(
                    name="Address",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "share_humanitarians",
                            models.BooleanField(default=True, verbose_name="for the humanitarian side"),
                        ),
                        ("share_force", models.BooleanField(default=False, verbose_name="for the forces")),
                        ("share_public", models.BooleanField(default=False, verbose_name="for everybody")),
                        (
                            "salt",
                            models.CharField(
                                default=cmcoord.activity.models.ErasableValue.new_salt, editable=False, max_length=32
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="contacts.person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "e-mail address of a person",
                        "verbose_name_plural": "e-mail addresses of a person",
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["email"], name="address_email")],
                        "constraints": [
                            models.UniqueConstraint(fields=("person", "email"), name="address_once_per_person")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CheckIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("link", "by the link in the mail"),
                                    ("page", "on the page"),
                                    ("ocha", "told to OCHA"),
                                ],
                                max_length=4,
                                verbose_name="how",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "holding",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="check_ins",
                                to="contacts.holding",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "check-in",
                        "verbose_name_plural": "check-ins",
                        "ordering": ["-at", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("how", "link"), ("by__isnull", False), _connector="OR"),
                                name="checkin_by_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Handover",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("offered", models.JSONField(blank=True, default=dict)),
                        ("taken", models.JSONField(blank=True, default=dict)),
                        ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "holding",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handover",
                                to="contacts.holding",
                            ),
                        ),
                        (
                            "successor",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taken_over_from",
                                to="contacts.holding",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "handover",
                        "verbose_name_plural": "handovers",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("closed_at", None), ("successor__isnull", False), _connector="OR"),
                                name="handover_closed_to_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("successor", models.F("holding")), _negated=True),
                                name="handover_to_another",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
