"""Is a force a party to the conflict, where, and from when to when? Rows that are only ever added (domain.md §3.16).

OCHA proposes a status, the Humanitarian Coordinator or a member of the country team confirms or rejects it. What the
rows mean for an area on a day is asked of contacts.register.
"""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import User
from cmcoord.places.models import AdminArea
from contacts.models.force import Force


class ForceStatusQuerySet(models.QuerySet["ForceStatus"]):
    def standing(self):
        """Those that count or may come to count: not rejected. With area and answer: one query."""
        return self.exclude(answer__outcome=StatusAnswer.Outcome.REJECTED).select_related("area", "answer")

    def stopping(self):
        """Those by which a force cannot be named."""
        return self.filter(status__in=ForceStatus.STOPPING)


class ForceStatus(models.Model):
    """What somebody of OCHA proposed about one force, for one area or the whole country, from one day to another."""

    class Status(models.TextChoices):
        NOT_PARTY = "not_party", _("not a party to the conflict")
        DISPUTED = "disputed", _("disputed")
        PARTY = "party", _("party to the conflict")
        IN_COMBAT = "in_combat", _("engaged in combat")

    STOPPING = (Status.DISPUTED, Status.PARTY, Status.IN_COMBAT)

    force = models.ForeignKey(Force, models.PROTECT, related_name="statuses", verbose_name=_("force"))
    area = models.ForeignKey(
        AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )  # none: the whole country
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    basis = models.TextField(_("on what it rests"), max_length=600)
    clause = models.CharField(_("clause"), max_length=40)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)

    objects = ForceStatusQuerySet.as_manager()

    activity_kind = "forcestatus"

    class Meta:
        verbose_name = _("status of a force")
        verbose_name_plural = _("statuses of forces")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="forcestatus_dates_in_order"
            ),
            models.CheckConstraint(condition=~Q(basis="") & ~Q(clause=""), name="forcestatus_has_basis"),
        ]

    def __str__(self):
        return f"{self.force}: {self.get_status_display()}"

    def get_absolute_url(self):
        return reverse("register:force", args=[self.force_id])

    @property
    def stream(self) -> str:
        return self.force.country_id

    @property
    def reference(self) -> str:
        """Nothing: a mail names no force beside the word "register"."""
        return ""

    @property
    def stops(self) -> bool:
        return self.status in self.STOPPING

    @property
    def answered(self) -> "StatusAnswer | None":
        return getattr(self, "answer", None)

    @property
    def is_pending(self) -> bool:
        return self.answered is None

    @property
    def is_confirmed(self) -> bool:
        return self.answered is not None and self.answered.outcome == StatusAnswer.Outcome.CONFIRMED

    @property
    def confirmed_by(self) -> User | None:
        return self.answered.by if self.answered and self.is_confirmed else None

    @property
    def confirmed_at(self) -> dt.datetime | None:
        return self.answered.at if self.answered and self.is_confirmed else None

    @property
    def lane(self) -> int | None:
        """The area for which it counts; what was said of an area that was redrawn since counts for the country."""
        return self.area_id if self.area_id and self.area.valid_to is None else None


class StatusAnswer(models.Model):
    """The Humanitarian Coordinator or a member of the country team confirms or rejects what OCHA proposed."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("rejected")

    status = models.OneToOneField(ForceStatus, models.PROTECT, related_name="answer")
    outcome = models.CharField(_("answer"), max_length=10, choices=Outcome.choices)
    reason = models.TextField(_("why"), max_length=600, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=24)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer to a status")
        verbose_name_plural = _("answers to statuses")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="confirmed") | ~Q(reason=""), name="statusanswer_rejected_with_reason"
            )
        ]

    def __str__(self):
        return f"{self.status_id}: {self.get_outcome_display()}"
