"""Which patrols were done in place of an escort, and what did they change?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.models.case import Case
from requests_app.models.process import OnBehalf
from requests_app.models.transmission import Extract


class PatrolLog(models.Model):
    """One patrol that a force did, under its own signature (domain.md §3.6 patrol_done). Append-only.

    A wrong row stays, and a later one corrects it: it says which, why, and what holds instead.
    """

    class Direction(models.TextChoices):
        OUT = "out", _("There")
        BACK = "back", _("Back")
        BOTH = "both", _("There and back")
        NOTHING = "nothing", pgettext_lazy("of a patrol", "Did not take place")  # only ever says so of an earlier row

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="patrols")
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="patrols")
    day = models.DateField(_("day of the patrol"))
    km = models.PositiveSmallIntegerField(_("kilometres"))
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    reason = models.CharField(_("why it was corrected"), max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=24, blank=True)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(name="patrollog_corrected_why", condition=Q(corrects=None) | ~Q(reason="")),
            models.CheckConstraint(
                name="patrollog_done_or_corrects", condition=~Q(direction="nothing") | Q(corrects__isnull=False)
            ),
            models.CheckConstraint(name="patrollog_went_somewhere", condition=Q(km__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.extract.force_reference} {self.day}"


# Where a patrol can have gone; that it did not take place can only be said of an earlier row.
DIRECTIONS = tuple(choice for choice in PatrolLog.Direction.choices if choice[0] != PatrolLog.Direction.NOTHING)


class PatrolFeedback(models.Model):
    """What the humanitarians say of the patrols, which closes the request (domain.md §3.6). Append-only."""

    class Helped(models.TextChoices):
        YES = "yes", _("Yes: the movements went without an escort")
        PARTLY = "partly", _("In part")
        NO = "no", _("No")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="patrol_feedback")
    helped = models.CharField(_("did the patrols help"), max_length=8, choices=Helped.choices)
    text = models.TextField(_("feedback"), max_length=1000, blank=True)
    incidents = models.TextField(_("incidents during the patrols"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=24, blank=True)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="patrolfeedback_once", fields=["case"])]

    def __str__(self) -> str:
        return f"{self.case}: {self.helped}"
