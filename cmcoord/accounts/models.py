"""Who is who: organisations, people, their dated appointments and stand-ins, and invitations that wait."""

import datetime as dt

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.roles import CLUSTERS, PERM_WORDS, ROLES, Perm, Role
from cmcoord.activity.barrier import Side
from cmcoord.places.local_dates import today_expression, today_in
from cmcoord.places.models import Country, DutyStation, folded, telephone_format

LANGUAGES = [("en", "English"), ("fr", "Français")]

# State of an appointment, stand-in or invitation → the word and the colour that a page shows.
STATE_BADGES = {
    "current": (_("in force"), "green"),
    "waiting": (_("waits for confirmation"), "amber"),
    "future": (_("begins later"), "blue"),
    "expired": (_("expired"), "grey"),
    "ended": (_("ended"), "grey"),
    "open": (_("open"), "blue"),
    "accepted": (_("accepted"), "green"),
    "revoked": (_("taken back"), "grey"),
}


class Organisation(models.Model):
    """An organisation that people work for, on one side of the dialogue."""

    class Type(models.TextChoices):
        UN_AGENCY = "un_agency", _("UN agency, fund or programme")
        INGO = "ingo", _("International NGO")
        NNGO = "nngo", _("National NGO")
        RED_CROSS = "red_cross", _("Red Cross and Red Crescent Movement")
        UN_MILITARY = "un_military", _("UN mission, military")
        UN_POLICE = "un_police", _("UN mission, police")
        UN_CIVILIAN = "un_civilian", _("UN mission, civilian")
        BILATERAL_FORCE = "bilateral_force", _("EU or bilateral force")
        HOST_ARMY = "host_army", _("Army of the host State")
        GENDARMERIE = "gendarmerie", _("Gendarmerie")
        NATIONAL_POLICE = "national_police", _("National police")
        LOCAL_AUTHORITY = "local_authority", _("Local authority")
        DONOR = "donor", _("Donor")
        NGO_COORDINATION = "ngo_coordination", _("NGO coordination body")
        SECURITY_NGO = "security_ngo", _("Security NGO")
        UNDSS = "undss", _("UNDSS")
        AIR_SERVICE = "air_service", _("Air service")
        OBSERVER = "observer", _("Observer")

    name = models.CharField(_("name"), max_length=120, unique=True)
    acronym = models.CharField(_("acronym"), max_length=20)
    org_type = models.CharField(_("type"), max_length=20, choices=Type.choices)
    countries = models.ManyToManyField(Country, blank=True, related_name="organisations", verbose_name=_("countries"))
    telephone = models.CharField(_("duty telephone"), max_length=40, blank=True, validators=[telephone_format])
    active = models.BooleanField(_("active"), default=True)
    verified = models.BooleanField(_("looked at by an administrator"), default=True)

    activity_kind = "organisation"
    second_administrator = ("org_type",)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["acronym"]

    def __str__(self):
        return self.acronym or self.name

    @property
    def side(self) -> Side:
        return SIDE_OF_TYPE.get(self.org_type, Side.HUMANITARIAN)

    @property
    def is_un(self) -> bool:
        return self.org_type in (self.Type.UN_AGENCY, self.Type.UNDSS, self.Type.AIR_SERVICE)

    @property
    def is_ngo(self) -> bool:
        return self.org_type in (self.Type.INGO, self.Type.NNGO)


# Every other type is humanitarian.
SIDE_OF_TYPE: dict[str, Side] = {
    Organisation.Type.UN_MILITARY: Side.FORCE,
    Organisation.Type.UN_POLICE: Side.FORCE,
    Organisation.Type.BILATERAL_FORCE: Side.FORCE,
    Organisation.Type.HOST_ARMY: Side.FORCE,
    Organisation.Type.GENDARMERIE: Side.FORCE,
    Organisation.Type.NATIONAL_POLICE: Side.FORCE,
    Organisation.Type.UN_CIVILIAN: Side.MISSION_CIVILIAN,
    Organisation.Type.DONOR: Side.DONOR,
    Organisation.Type.LOCAL_AUTHORITY: Side.AUTHORITY,
}


class UserManager(DjangoUserManager):
    def create_superuser(self, *args, **kwargs):
        raise NotImplementedError("This portal has no superuser. Use: manage.py found_portal")


class User(AbstractUser):
    """A person with an account. What they may do stands in their appointments, never in a flag of the account."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=120)
    folded_name = models.CharField(max_length=160, editable=False, default="")
    email = models.EmailField(_("e-mail address"), unique=True)
    function_title = models.CharField(_("function"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("organisation")
    )
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    telephone = models.CharField(_("duty telephone"), max_length=40, blank=True, validators=[telephone_format])
    deactivated_note = models.CharField(_("reason of the deactivation"), max_length=200, blank=True)
    # Raised to end every session at once: a session holds the number with which it began.
    session_round = models.PositiveIntegerField(default=0, editable=False)
    held_at = models.DateTimeField(null=True, blank=True, editable=False)  # no sign-in until somebody called back

    objects = UserManager()  # type: ignore[misc]

    activity_kind = "user"
    stream = "portal"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.CheckConstraint(condition=Q(is_superuser=False), name="user_never_superuser")]
        indexes = [models.Index(fields=["folded_name", "id"], name="user_folded_name")]

    def __str__(self):
        return self.name or self.username

    def save(self, *args, **kwargs):
        self.email = self.email.lower()
        self.folded_name = folded(f"{self.name} {self.username}")[:160]
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded_name"}
        super().save(*args, **kwargs)

    @property
    def side(self) -> str:
        """Which side this person reads as; "" without an organisation, which nothing is addressed to."""
        return self.organisation.side if self.organisation_id else ""

    @property
    def reference(self) -> str:
        return self.username

    def get_session_auth_hash(self):
        return self._with_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        return (self._with_round(each) for each in super().get_session_auth_fallback_hash())

    def _with_round(self, digest: str) -> str:
        return f"{digest}.{self.session_round}"

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)

    def get_absolute_url(self):
        return reverse("accounts:person", args=[self.pk])


class AppointmentQuerySet(models.QuerySet):
    def in_force(self, on: dt.date | None = None):
        """Confirmed, not ended, and within its dates that day. Without a day: today, in the appointment's country."""
        today = on or today_expression("country__timezone")
        return self.filter(
            Q(ends=None) | Q(ends__gte=today), starts__lte=today, confirmed_at__isnull=False, ended_at=None
        )

    def waiting(self):
        """Given, not ended, and not confirmed yet."""
        return self.filter(confirmed_at=None, ended_at=None)

    def to_confirm_by(self, user):
        """What waits for this administrator: neither given by them nor given to them."""
        return self.waiting().exclude(given_by=user).exclude(user=user)

    def for_pages(self):
        return self.select_related(
            "user__organisation", "country", "station", "organisation", "given_by", "confirmed_by", "ended_by"
        )


class Scoped(models.Model):
    """A role and where it holds: the part that an appointment and an invitation have in common."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    station = models.ForeignKey(
        DutyStation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("duty station")
    )
    cluster = models.CharField(_("cluster"), max_length=8, blank=True, choices=list(CLUSTERS.items()))

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        return self.country_id or "portal"

    @property
    def rule(self):
        return ROLES[Role(self.role)]

    @property
    def scope_organisation(self) -> Organisation | None:
        """The organisation that the role is held for, when its scope names one."""
        raise NotImplementedError

    @property
    def scope_words(self) -> list[str]:
        """Where this role holds, from narrow to wide, in the reader's language."""
        words = [
            str(CLUSTERS.get(self.cluster, self.cluster)) if self.cluster else "",
            str(self.scope_organisation) if self.scope_organisation else "",
            self.station.name if self.station_id else "",
            self.country.name if self.country_id else str(_("whole portal")),
        ]
        return [word for word in words if word]


class Appointment(Scoped):
    """A person holds a role, somewhere, between two dates, given by one administrator and confirmed by another."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # null: the founding
    given_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    activity_kind = "appointment"

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="appointment_pair_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="appointment_pair_ended",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | (~Q(confirmed_by=F("given_by")) & ~Q(confirmed_by=F("user"))),
                name="appointment_confirmed_by_a_second",
            ),
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=F("user")), name="appointment_not_given_to_oneself"
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="appointment_dates_in_order"
            ),
            models.CheckConstraint(
                condition=(Q(role=Role.ADMIN) & Q(country=None)) | (~Q(role=Role.ADMIN) & Q(country__isnull=False)),
                name="appointment_country_unless_admin",
            ),
        ]
        indexes = [
            models.Index(fields=["role", "country"], condition=Q(ended_at=None), name="appointment_role_country"),
        ]

    def __str__(self):
        return f"{self.get_role_display()}, {', '.join(self.scope_words)}"

    def get_absolute_url(self):
        return reverse("accounts:person", args=[self.user_id])

    @property
    def scope_organisation(self) -> Organisation | None:
        return self.organisation

    @property
    def reference(self) -> str:
        return self.user.username

    @property
    def today(self) -> dt.date:
        return today_in(self.country.timezone if self.country_id else None)

    @property
    def state(self) -> str:
        """One word for a badge: ended, waiting, future, expired or current."""
        if self.ended_at:
            return "ended"
        if not self.confirmed_at:
            return "waiting"
        if self.starts > self.today:
            return "future"
        if self.ends and self.ends < self.today:
            return "expired"
        return "current"

    @property
    def badge(self) -> tuple:
        return STATE_BADGES[self.state]

    @property
    def may(self) -> list:
        """What the role allows, in words and in the order of the table."""
        return [PERM_WORDS[perm] for perm in Perm if perm in self.rule.perms]


class StandInQuerySet(models.QuerySet):
    def in_force(self, on: dt.date | None = None):
        """Begun, not over and not ended; whether the appointment itself is in force is asked apart."""
        today = on or today_expression("appointment__country__timezone")
        return self.filter(starts__lte=today, ends__gte=today, ended_at=None)

    def for_pages(self):
        return self.select_related("user", "appointment__user", "appointment__country", "appointment__station")


class StandIn(models.Model):
    """During somebody's leave another person acts for them in one appointment. What is done reads "A, for B"."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="stand_ins", verbose_name=_("appointment")
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="stands_in", verbose_name=_("stand-in"))
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StandInQuerySet.as_manager()

    activity_kind = "standin"

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="standin_dates_in_order"),
            models.CheckConstraint(condition=~Q(user=F("given_by")), name="standin_is_another_person"),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="standin_pair_ended",
            ),
        ]

    def __str__(self):
        return f"{self.user} → {self.appointment.user}"

    def get_absolute_url(self):
        return reverse("accounts:me")

    @property
    def stream(self) -> str:
        return self.appointment.stream

    @property
    def reference(self) -> str:
        return f"{self.user.username} → {self.appointment.user.username}"

    @property
    def state(self) -> str:
        if self.ended_at:
            return "ended"
        if self.starts > self.appointment.today:
            return "future"
        if self.ends < self.appointment.today:
            return "expired"
        return "current"

    @property
    def badge(self) -> tuple:
        return STATE_BADGES[self.state]


class SignIn(models.Model):
    """One session of a person, as they recognise it: which browser, since when. No network address is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    browser = models.CharField(max_length=60, blank=True)
    began = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-seen"]

    def __str__(self):
        return self.browser


class FactorResetQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(confirmed_at=None, refused_at=None)


class FactorReset(models.Model):
    """Somebody lost their second factor: one administrator asks to take it off the account, another one confirms."""

    user = models.ForeignKey(User, models.PROTECT, related_name="factor_resets")
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)

    objects = FactorResetQuerySet.as_manager()

    activity_kind = "factorreset"
    stream = "portal"

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of a second factor")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed_at=None, refused_at=None), name="factorreset_one_waiting"
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("user")), name="factorreset_not_for_oneself"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | (~Q(confirmed_by=F("asked_by")) & ~Q(confirmed_by=F("user"))),
                name="factorreset_confirmed_by_a_second",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="factorreset_pair_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(refused_by=None, refused_at=None) | Q(refused_by__isnull=False, refused_at__isnull=False),
                name="factorreset_pair_refused",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(refused_at=None), name="factorreset_confirmed_or_refused"
            ),
        ]

    def __str__(self):
        return str(self.user)

    def get_absolute_url(self):
        return reverse("accounts:confirmations")

    @property
    def reference(self) -> str:
        return self.user.username


class InvitationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(Scoped):
    """Somebody was asked by mail to take an account with a role. Only a digest of the link's token is kept."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    function_title = models.CharField(_("function"), max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    ends = models.DateField(_("role until"), null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    activity_kind = "invitation"

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, user=None) | Q(accepted_at__isnull=False, user__isnull=False),
                name="invitation_pair_accepted",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
            ),
            models.UniqueConstraint(
                fields=["email"], condition=Q(accepted_at=None, revoked_at=None), name="invitation_one_open_per_address"
            ),
        ]

    def __str__(self):
        return f"{self.name} <{self.email}>"

    @property
    def scope_organisation(self) -> Organisation | None:
        return self.organisation if {"organisation", "force"} & set(self.rule.scope) else None

    @property
    def reference(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > timezone.now() else "expired"

    @property
    def badge(self) -> tuple:
        return STATE_BADGES[self.state]


class ProposedChangeQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(confirmed_at=None, refused_at=None, void_at=None)

    def to_confirm_by(self, user):
        """What waits for this administrator: proposed neither by them nor in their name."""
        return self.waiting().exclude(by=user).exclude(acting_for__isnull=False, acting_for=user)


class ProposedChange(models.Model):
    """One field of one row of reference data, to be changed once a second administrator has confirmed it.

    Only for what a model names in `second_administrator`; accounts/guarded.py says how it is written. Void when it was
    found to hold another value than the one that the proposal started from.
    """

    model = models.CharField(max_length=40)  # as "places.dutystation"
    key = models.CharField(max_length=20)
    field = models.CharField(max_length=40)
    about = models.CharField(max_length=160)  # how the row was called then
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    old = models.CharField(max_length=400, blank=True)
    new = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    objects = ProposedChangeQuerySet.as_manager()

    activity_kind = "proposedchange"

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "key", "field"],
                condition=Q(confirmed_at=None, refused_at=None, void_at=None),
                name="proposedchange_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="proposedchange_pair_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(refused_by=None, refused_at=None) | Q(refused_by__isnull=False, refused_at__isnull=False),
                name="proposedchange_pair_refused",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("by")) & (Q(acting_for=None) | ~Q(confirmed_by=F("acting_for")))),
                name="proposedchange_confirmed_by_a_second",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, refused_at=None)
                | Q(confirmed_at=None, void_at=None)
                | Q(refused_at=None, void_at=None),
                name="proposedchange_one_end",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | ~Q(reason=""), name="proposedchange_refused_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.about}: {self.field}"

    def get_absolute_url(self):
        return reverse("accounts:changes")

    @property
    def stream(self) -> str:
        return self.country_id or "portal"

    @property
    def reference(self) -> str:
        return self.about
