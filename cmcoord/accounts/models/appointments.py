"""Which role does a person hold, where and between which dates, and who stands in for them?"""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models.organisations import Organisation
from cmcoord.accounts.models.people import User
from cmcoord.accounts.roles import CLUSTERS, PERM_WORDS, ROLES, Perm, Role
from cmcoord.places.local_dates import today_expression, today_in
from cmcoord.places.models import Country, DutyStation
from cmcoord.places.pairs import both_or_neither

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


class AppointmentQuerySet(models.QuerySet):
    def in_force(self, on: dt.date | None = None):
        """Confirmed, not ended, and within its dates that day. Without a day: today, in the appointment's country."""
        today = on or today_expression("country")
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
                condition=both_or_neither("confirmed_by", "confirmed_at"),
                name="appointment_pair_confirmed",
            ),
            models.CheckConstraint(
                condition=both_or_neither("ended_by", "ended_at"),
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
        today = on or today_expression("appointment__country")
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
                condition=both_or_neither("ended_by", "ended_at"),
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
