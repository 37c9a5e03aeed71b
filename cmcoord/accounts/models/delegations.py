"""Who decides on requests for the Humanitarian Coordinator: which types, between which dates, by which document?"""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models.appointments import STATE_BADGES, Appointment
from cmcoord.accounts.models.people import User
from cmcoord.places.local_dates import today_expression
from cmcoord.places.models import Country
from cmcoord.places.pairs import both_or_neither


class DecisionDelegationQuerySet(models.QuerySet):
    def in_force(self, on: dt.date | None = None):
        """Begun, not over and not ended; whether the appointment itself is in force is asked apart."""
        today = on or today_expression("appointment__country")
        return self.filter(valid_from__lte=today, valid_to__gte=today, ended_at=None)

    def covering(self, *, country: str, request_type: str, urgent: bool):
        """In force for a request of this country, type and urgency, under an appointment that counts."""
        held = Appointment.objects.in_force().filter(country=country, user__is_active=True)
        rows = self.in_force().filter(appointment__in=held, delegate__is_active=True)
        pks = [
            row.pk
            for row in rows.only("pk", "request_types", "urgent_only")
            if request_type in row.request_types and (urgent or not row.urgent_only)
        ]
        return self.filter(pk__in=pks)

    def for_pages(self):
        return self.select_related("delegate", "appointment__user", "appointment__country")


class DecisionDelegation(models.Model):
    """For these types of request, between these dates, another person signs for the Humanitarian Coordinator.

    Given by the Humanitarian Coordinator in person (domain.md §2.9); it counts as long as their appointment does. What
    is decided under it reads "for the Humanitarian Coordinator, by delegation of …".
    """

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="delegations", verbose_name=_("appointment")
    )
    delegate = models.ForeignKey(User, models.PROTECT, related_name="delegations", verbose_name=_("delegate"))
    request_types = models.JSONField(_("types of request"))
    urgent_only = models.BooleanField(_("urgent requests only"), default=False)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"))
    document = models.CharField(_("document"), max_length=200)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionDelegationQuerySet.as_manager()

    activity_kind = "delegation"

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="delegation_dates_in_order"),
            models.CheckConstraint(condition=~Q(delegate=F("given_by")), name="delegation_to_another_person"),
            models.CheckConstraint(condition=~Q(request_types=[]), name="delegation_names_its_types"),
            models.CheckConstraint(condition=both_or_neither("ended_by", "ended_at"), name="delegation_pair_ended"),
        ]

    def __str__(self):
        return f"{self.delegate} → {self.delegator}"

    def get_absolute_url(self):
        return reverse("accounts:me")

    @property
    def delegator(self) -> User:
        return self.appointment.user

    @property
    def country(self) -> Country:
        assert self.appointment.country is not None  # noqa: S101  only an administrator's appointment has none
        return self.appointment.country

    @property
    def stream(self) -> str:
        return self.appointment.stream

    @property
    def reference(self) -> str:
        return f"{self.delegate.username} → {self.delegator.username}"

    @property
    def starts(self) -> dt.date:
        return self.valid_from

    @property
    def ends(self) -> dt.date:
        return self.valid_to

    @property
    def state(self) -> str:
        """One word for a badge: ended, with the appointment too; future, expired or current."""
        if self.ended_at or self.appointment.state in ("ended", "expired"):
            return "ended"
        if self.valid_from > self.appointment.today:
            return "future"
        return "expired" if self.valid_to < self.appointment.today else "current"

    @property
    def badge(self) -> tuple:
        return STATE_BADGES[self.state]
