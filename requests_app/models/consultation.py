"""Whom of the country team was a drafted decision put to, and what did each member say? (domain.md §2.7, §3.17)"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.case import Case
from requests_app.models.process import OnBehalf


class TeamConsultation(models.Model):
    """The Humanitarian Country Team is asked about one drafted decision, for a window of time.

    `ready_at`: since when the Humanitarian Coordinator can conclude it, because the window is over or because every
    member was reached. `ended_as` is the code of the move that ended it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="team_consultations")
    draft = models.ForeignKey("DecisionDraft", on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField(_("window ends"))
    members_needed = models.PositiveSmallIntegerField(_("members to be reached"))
    ready_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="teamconsultation_one_open", fields=["case"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="teamconsultation_window_in_order", condition=Q(closes_at__gt=models.F("opened_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.opened_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class TeamSeat(models.Model):
    """One organisation at the table when the consultation was opened: all its people in the team share the seat."""

    class Voice(models.TextChoices):
        MEMBER = "member", _("member")
        OBSERVER = "observer", _("observer: states a position, is not bound and not counted")
        REQUESTER = "requester", _("asks for this request: takes no position")

    consultation = models.ForeignKey(TeamConsultation, on_delete=models.CASCADE, related_name="seats")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    voice = models.CharField(max_length=12, choices=Voice.choices)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="teamseat_one_each", fields=["consultation", "organisation"])]

    def __str__(self) -> str:
        return str(self.organisation)


class Position(models.Model):
    """What the holder of a seat said. Append-only; the newest counts. Silence leaves no row: it is no support."""

    class Value(models.TextChoices):
        SUPPORT = "support", _("Support")
        ACCEPT = "accept", _("Can accept")
        OBJECT = "object", _("Object")
        ABSTAIN = "abstain", _("Abstain")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="positions")
    seat = models.ForeignKey(TeamSeat, on_delete=models.PROTECT, related_name="positions")
    value = models.CharField(_("position"), max_length=12, choices=Value.choices)
    condition = models.CharField(_("can accept if"), max_length=200, blank=True)
    words = models.TextField(_("reasons"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=24, blank=True)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="position_objects_with_reason", condition=~Q(value="object") | ~Q(words="")),
            models.CheckConstraint(name="position_condition_accepts", condition=Q(condition="") | Q(value="accept")),
        ]

    def __str__(self) -> str:
        return self.value


class ConsensusNote(models.Model):
    """How the Humanitarian Coordinator established the consensus, or answered the objections. Append-only, signed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consensus_notes")
    consultation = models.OneToOneField(TeamConsultation, on_delete=models.PROTECT, related_name="note")
    decision = models.ForeignKey("Decision", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("how the consensus was established"), max_length=1500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=24)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.text[:60]
