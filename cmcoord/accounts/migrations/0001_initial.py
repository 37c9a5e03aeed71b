import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cmcoord.accounts.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("folded_name", models.CharField(default="", editable=False, max_length=160)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                ("function_title", models.CharField(blank=True, max_length=120, verbose_name="function")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "Français")],
                        default="en",
                        max_length=5,
                        verbose_name="language",
                    ),
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
                        verbose_name="duty telephone",
                    ),
                ),
                (
                    "deactivated_note",
                    models.CharField(blank=True, max_length=200, verbose_name="reason of the deactivation"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
            managers=[
                ("objects", cmcoord.accounts.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("acronym", models.CharField(max_length=20, verbose_name="acronym")),
                (
                    "org_type",
                    models.CharField(
                        choices=[
                            ("un_agency", "UN agency, fund or programme"),
                            ("ingo", "International NGO"),
                            ("nngo", "National NGO"),
                            ("red_cross", "Red Cross and Red Crescent Movement"),
                            ("un_military", "UN mission, military"),
                            ("un_police", "UN mission, police"),
                            ("un_civilian", "UN mission, civilian"),
                            ("bilateral_force", "EU or bilateral force"),
                            ("host_army", "Army of the host State"),
                            ("gendarmerie", "Gendarmerie"),
                            ("national_police", "National police"),
                            ("local_authority", "Local authority"),
                            ("donor", "Donor"),
                            ("ngo_coordination", "NGO coordination body"),
                            ("security_ngo", "Security NGO"),
                            ("undss", "UNDSS"),
                            ("air_service", "Air service"),
                            ("observer", "Observer"),
                        ],
                        max_length=20,
                        verbose_name="type",
                    ),
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
                        verbose_name="duty telephone",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "countries",
                    models.ManyToManyField(
                        blank=True, related_name="organisations", to="places.country", verbose_name="countries"
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ["acronym"],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("requester", "Requester"),
                            ("cluster", "Cluster coordinator"),
                            ("ocha_officer", "OCHA CMCoord officer (duty station)"),
                            ("ocha_national", "OCHA CMCoord and access unit (national)"),
                            ("head_of_office", "OCHA Head of Office"),
                            ("hc", "Humanitarian Coordinator"),
                            ("hct_member", "Member of the Humanitarian Country Team"),
                            ("iccg", "Member of the inter-cluster coordination group"),
                            ("undss", "UNDSS security adviser"),
                            ("ngo_security", "NGO security adviser"),
                            ("force_ops", "Force operations, headquarters (U3)"),
                            ("force_sector", "Force operations, sector (G3)"),
                            ("cimic", "Force CIMIC officer"),
                            ("police_liaison", "Police liaison (UNPOL, FPU)"),
                            ("mission_civilian", "Civilian section of the mission"),
                            ("bilateral", "Bilateral force liaison"),
                            ("donor", "Donor"),
                            ("observer", "Observer"),
                            ("hawg_cochair", "Co-chair of the access working group"),
                            ("protection", "Protection cluster, flash-report team"),
                            ("admin", "Portal administrator"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "cluster",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LOG", "Logistics"),
                            ("PRO", "Protection"),
                            ("HEA", "Health"),
                            ("FSC", "Food security"),
                            ("NUT", "Nutrition"),
                            ("WSH", "Water, sanitation and hygiene"),
                            ("SHE", "Shelter and non-food items"),
                            ("EDU", "Education"),
                            ("CCC", "Camp coordination and camp management"),
                            ("ETC", "Emergency telecommunications"),
                        ],
                        max_length=8,
                        verbose_name="cluster",
                    ),
                ),
                ("starts", models.DateField(verbose_name="from")),
                ("ends", models.DateField(blank=True, null=True, verbose_name="until")),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.dutystation",
                        verbose_name="duty station",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
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
            ],
            options={
                "verbose_name": "appointment",
                "verbose_name_plural": "appointments",
                "ordering": ["-starts", "-id"],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="accounts.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.CreateModel(
            name="StandIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts", models.DateField(verbose_name="from")),
                ("ends", models.DateField(verbose_name="until")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stand_ins",
                        to="accounts.appointment",
                        verbose_name="appointment",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="stand-in",
                    ),
                ),
            ],
            options={
                "verbose_name": "stand-in",
                "verbose_name_plural": "stand-ins",
                "ordering": ["-starts", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("requester", "Requester"),
                            ("cluster", "Cluster coordinator"),
                            ("ocha_officer", "OCHA CMCoord officer (duty station)"),
                            ("ocha_national", "OCHA CMCoord and access unit (national)"),
                            ("head_of_office", "OCHA Head of Office"),
                            ("hc", "Humanitarian Coordinator"),
                            ("hct_member", "Member of the Humanitarian Country Team"),
                            ("iccg", "Member of the inter-cluster coordination group"),
                            ("undss", "UNDSS security adviser"),
                            ("ngo_security", "NGO security adviser"),
                            ("force_ops", "Force operations, headquarters (U3)"),
                            ("force_sector", "Force operations, sector (G3)"),
                            ("cimic", "Force CIMIC officer"),
                            ("police_liaison", "Police liaison (UNPOL, FPU)"),
                            ("mission_civilian", "Civilian section of the mission"),
                            ("bilateral", "Bilateral force liaison"),
                            ("donor", "Donor"),
                            ("observer", "Observer"),
                            ("hawg_cochair", "Co-chair of the access working group"),
                            ("protection", "Protection cluster, flash-report team"),
                            ("admin", "Portal administrator"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "cluster",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LOG", "Logistics"),
                            ("PRO", "Protection"),
                            ("HEA", "Health"),
                            ("FSC", "Food security"),
                            ("NUT", "Nutrition"),
                            ("WSH", "Water, sanitation and hygiene"),
                            ("SHE", "Shelter and non-food items"),
                            ("EDU", "Education"),
                            ("CCC", "Camp coordination and camp management"),
                            ("ETC", "Emergency telecommunications"),
                        ],
                        max_length=8,
                        verbose_name="cluster",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("function_title", models.CharField(blank=True, max_length=120, verbose_name="function")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "Français")],
                        default="en",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("ends", models.DateField(blank=True, null=True, verbose_name="role until")),
                ("token_digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.dutystation",
                        verbose_name="duty station",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation",
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
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("user", None)),
                            models.Q(("accepted_at__isnull", False), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_pair_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"),
                        name="invitation_accepted_or_revoked",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        fields=("email",),
                        name="invitation_one_open_per_address",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["role", "country"], name="appointment_role_country"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="appointment_pair_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="appointment_pair_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(
                        models.Q(("confirmed_by", models.F("given_by")), _negated=True),
                        models.Q(("confirmed_by", models.F("user")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="appointment_confirmed_by_a_second",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_by", None), models.Q(("given_by", models.F("user")), _negated=True), _connector="OR"
                ),
                name="appointment_not_given_to_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends", None), ("ends__gte", models.F("starts")), _connector="OR"),
                name="appointment_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "admin"), ("country", None)),
                    models.Q(models.Q(("role", "admin"), _negated=True), ("country__isnull", False)),
                    _connector="OR",
                ),
                name="appointment_country_unless_admin",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["folded_name", "id"], name="user_folded_name"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(condition=models.Q(("is_superuser", False)), name="user_never_superuser"),
        ),
        migrations.AddConstraint(
            model_name="standin",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gte", models.F("starts"))), name="standin_dates_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="standin",
            constraint=models.CheckConstraint(
                condition=models.Q(("user", models.F("given_by")), _negated=True), name="standin_is_another_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="standin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="standin_pair_ended",
            ),
        ),
    ]
