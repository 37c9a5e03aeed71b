"""What did OCHA find in its review: how close the support is, which criteria are met, which escort in which manner?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.case import Case


class SupportLevel(models.TextChoices):
    """How close the support comes to the people assisted; the closer, the harder the test (domain.md §2.1)."""

    INFRASTRUCTURE = "infrastructure", _("Infrastructure support")
    INDIRECT = "indirect", _("Indirect assistance")
    DIRECT = "direct", _("Direct assistance")


class ProviderKind(models.TextChoices):
    PEACEKEEPERS = "peacekeepers", _("UN peacekeepers")
    UN_POLICE = "un_police", _("UN police or formed police unit")
    HOST_POLICE = "host_police", _("Police of the host State")
    HOST_ARMY = "host_army", _("Army of the host State")
    BILATERAL = "bilateral", _("Bilateral force")
    OTHER = "other", _("Other")


class EscortMode(models.TextChoices):
    CLOSE = "close", _("Close escort")
    DISTANT = "distant", _("Distant escort, apart in time or space")
    POINTS = "points", _("Fixed points on the way")
    LEAD_REAR = "lead_rear", _("At the head and the rear only")
    AIR = "air", _("Air cover")
    PATROL = "patrol", _("Patrol of the area")


class Met(models.TextChoices):
    YES = "yes", _("Met")
    PARTLY = "partly", _("Partly met")
    NO = "no", _("Not met")


class Risk(models.TextChoices):
    """Residual risk, from the lowest to the highest."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    VERY_HIGH = "very_high", _("Very high")
    UNACCEPTABLE = "unacceptable", _("Unacceptable")


FINE = ("", Met.YES)  # met, or not asked of this type of request


class Assessment(models.Model):
    """What one officer wrote in the review; what is asked of escorts alone is empty otherwise. Append-only; the newest
    counts."""

    CRITERIA = ("need_met", "authorities_met", "safety_met", "sustainability_met")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    support_level = models.CharField(max_length=16, choices=SupportLevel.choices)
    support_text = models.TextField(max_length=1000, blank=True)
    clusters = models.JSONField(default=list)
    provider_kind = models.CharField(max_length=16, choices=ProviderKind.choices, blank=True)
    escort_mode = models.CharField(max_length=12, choices=EscortMode.choices, blank=True)
    need_met = models.CharField(max_length=8, choices=Met.choices, blank=True)
    authorities_met = models.CharField(max_length=8, choices=Met.choices, blank=True)
    safety_met = models.CharField(max_length=8, choices=Met.choices, blank=True)
    sustainability_met = models.CharField(max_length=8, choices=Met.choices, blank=True)
    criteria_text = models.TextField(max_length=1000, blank=True)
    risk_without = models.CharField(max_length=12, choices=Risk.choices, blank=True)
    risk_with = models.CharField(max_length=12, choices=Risk.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="assessment_says_why_not_met",
                condition=Q(
                    need_met__in=FINE, authorities_met__in=FINE, safety_met__in=FINE, sustainability_met__in=FINE
                )
                | ~Q(criteria_text=""),
            ),
            models.CheckConstraint(
                name="assessment_says_why_direct",
                condition=~Q(support_level=SupportLevel.DIRECT) | ~Q(support_text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_escort_mode_display()}"

    @property
    def all_met(self) -> bool:
        return all(getattr(self, name) in FINE for name in self.CRITERIA)

    @property
    def lowers_risk(self) -> bool:
        """Does the escort lower the risk? Without figures nobody says the contrary (IASC-AE §V.3)."""
        ranks = Risk.values
        if not (self.risk_with and self.risk_without):
            return True
        return ranks.index(self.risk_with) < ranks.index(self.risk_without)
