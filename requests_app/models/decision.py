"""What was recommended, what was decided, under which conditions, until when?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.case import Case
from requests_app.models.process import OnBehalf


class Condition(models.TextChoices):
    """Conditions an approval can carry (domain.md §2.11)."""

    AREA_ONLY = "area_only", _("This area only")
    WINDOW_ONLY = "window_only", _("These dates only")
    CARGO_MANIFEST = "cargo_manifest", _("Humanitarian cargo only, manifest attached")
    NO_ARMS_ON_BOARD = "no_arms_on_board", _("No armed person or weapon in humanitarian vehicles")
    MARKED_APART = "marked_apart", _("Vehicles marked and kept apart from the escort")
    SEPARATE_RADIO = "separate_radio", _("Separate communications")
    NO_PRESENCE = "no_presence", _("No military presence at distribution or assessment")
    NO_PUBLICITY = "no_publicity", _("No photographs or publicity linking the two")
    NO_INTELLIGENCE = "no_intelligence", _("No questions to people assisted by the escort")
    LEADER_STOPS = "leader_stops", _("The civilian convoy leader may stop or abort")
    LEAVES_AT = "leaves_at", _("The escort leaves at an agreed point")
    NOTIFY_COMMUNITIES = "notify_communities", _("Communities are told beforehand")
    REVIEW_AFTER_USE = "review_after_use", _("Review after each use")
    REPORT_IN_7_DAYS = "report_in_7_days", _("After-action within 7 days")
    COSTS_AGREED = "costs_agreed", _("Costs as agreed in writing")
    NO_JOINING = "no_joining", _("Other organisations may not join")


class DecisionOutcome(models.TextChoices):
    APPROVED = "approved", _("Approved with conditions")
    DENIED = "denied", _("Denied")


class DenialReason(models.TextChoices):
    """Reason codes of a denial (domain.md §3.1 decision_reasons)."""

    CIVILIAN = "civilian", _("A civilian alternative exists")
    NOT_URGENT = "not_urgent", _("Not urgent")
    PROVIDER = "provider", _("The provider cannot be used")
    PERCEPTION = "perception", _("Risk for perception and access")
    AREA = "area", _("Area too wide")
    POSITION = "position", _("Contradicts a position of the country team")
    INFORMATION = "information", _("Not enough information")
    OTHER = "other", _("Other")


class Limits(models.Model):
    """The limits of an approval: provider, area, period, number, conditions (CAR-CMC §8.6)."""

    force = models.ForeignKey("contacts.Force", on_delete=models.PROTECT, null=True, related_name="+")
    axis = models.ForeignKey("places.Axis", on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("places.AdminArea", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateTimeField(_("valid from"), null=True)
    valid_to = models.DateTimeField(_("valid to"), null=True)
    rotations = models.PositiveSmallIntegerField(_("rotations"), null=True)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    condition_text = models.TextField(_("further condition"), max_length=600, blank=True)

    class Meta:
        abstract = True

    @property
    def where(self):
        """The axis or the administrative area that was approved."""
        return (self.axis if self.axis_id else None) or (self.area if self.area_id else None)

    def condition_labels(self) -> list[str]:
        """Each condition in the reader's language, the free ones last, each line for itself."""
        labels = [str(Condition(code).label) for code in self.conditions if code in Condition.values]
        return [*labels, *self.condition_text.splitlines()]


class DecisionDraft(Limits):
    """What the national unit recommends to the Humanitarian Coordinator; the newest counts."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    recommendation = models.CharField(_("recommendation"), max_length=12, choices=DecisionOutcome.choices)
    note = models.TextField(_("note to the Humanitarian Coordinator"), max_length=1500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case}: {self.recommendation}"


class Decision(Limits):
    """One decision of the Humanitarian Coordinator. Append-only: a further decision is a further row."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Decision on the request")
        EXTENSION = "extension", _("Decision on an extension")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    country = models.ForeignKey("places.Country", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.REQUEST)
    outcome = models.CharField(_("decision"), max_length=12, choices=DecisionOutcome.choices)
    as_drafted = models.BooleanField(default=False)
    reason_code = models.CharField(_("reason"), max_length=16, choices=DenialReason.choices, blank=True)
    reason = models.TextField(_("reasons"), max_length=1500, blank=True)
    exception_text = models.TextField(_("exception to save lives"), max_length=1500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=24)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    delegation = models.ForeignKey(
        "accounts.DecisionDelegation", on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    own_organisation = models.BooleanField(default=False)
    oral = models.BooleanField(_("oral decision"), default=False)
    witness = models.CharField(_("witness (name)"), max_length=80, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="decision_approval_has_limits",
                condition=Q(outcome="denied")
                | (
                    Q(
                        force__isnull=False,
                        valid_from__isnull=False,
                        valid_to__gt=models.F("valid_from"),
                        rotations__gte=1,
                    )
                    & (Q(axis__isnull=False) | Q(area__isnull=False))
                    & ~(Q(conditions=[]) & Q(condition_text=""))
                ),
            ),
            models.CheckConstraint(
                name="decision_denial_has_reason",
                condition=Q(outcome="approved") | (~Q(reason_code="") & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="decision_for_another_by_delegation",
                condition=Q(acting_for=None, delegation=None) | Q(acting_for__isnull=False, delegation__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["axis", "-decided_at"], name="decision_axis_newest"),
            models.Index(fields=["country", "decided_at"], name="decision_country_day"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.outcome}"


class WrittenConfirmation(models.Model):
    """The Humanitarian Coordinator has confirmed an oral decision in writing (domain.md §2.8). Append-only."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="confirmed_in_writing")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="written_confirmations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=24)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("remark"), max_length=1500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case}: {self.at:%d/%m/%Y %H:%M}"


class ExtensionRequest(models.Model):
    """The requester asks, before the end, for a later end. Decided beside the status; undecided, the old end holds."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="extension_requests")
    until = models.DateTimeField(_("new end"))
    rotations = models.PositiveSmallIntegerField(_("rotations in all"))
    reason = models.TextField(_("why"), max_length=600)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="extension_request")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="extension_one_open_per_case", fields=["case"], condition=Q(decision__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.until:%d/%m/%Y}"
