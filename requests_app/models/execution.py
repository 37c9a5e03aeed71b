"""What happened on the road, as each side logged it, and what was learned?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.models.case import Case
from requests_app.models.process import OnBehalf


class RotationLog(models.Model):
    """One side logs the start, the end or the abort of one rotation. Append-only.

    A wrong row stays, and a later one of the same side corrects it: it says which, why, and what holds instead.
    """

    class Side(models.TextChoices):
        HUMANITARIAN = "humanitarian", _("Convoy")
        FORCE = "force", _("Force")

    class What(models.TextChoices):
        START = "start", pgettext_lazy("on the road", "Started")
        END = "end", pgettext_lazy("on the road", "Ended")
        ABORT = "abort", pgettext_lazy("on the road", "Aborted")
        NOTHING = "nothing", pgettext_lazy("on the road", "Did not happen")  # only ever says so of an earlier row

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rotation_logs")
    number = models.PositiveSmallIntegerField(_("rotation"))
    side = models.CharField(max_length=12, choices=Side.choices)
    what = models.CharField(_("what happened"), max_length=8, choices=What.choices)
    happened_at = models.DateTimeField(_("actual time"))
    note = models.CharField(_("remark"), max_length=400, blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="correction")
    reason = models.CharField(_("why it was corrected"), max_length=400, blank=True)
    is_last = models.BooleanField(_("no further rotation will take place"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number", "id"]
        constraints = [
            models.CheckConstraint(name="rotation_log_corrected_why", condition=Q(corrects=None) | ~Q(reason="")),
            models.CheckConstraint(
                name="rotation_log_happened_or_corrects", condition=~Q(what="nothing") | Q(corrects__isnull=False)
            ),
            models.CheckConstraint(name="rotation_number_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number} {self.side} {self.what}"


# What a side can log; that something did not happen can only be said of an earlier row.
HAPPENED = tuple(choice for choice in RotationLog.What.choices if choice[0] != RotationLog.What.NOTHING)


class AfterAction(models.Model):
    """The after-action of a case (domain.md §2.12), or the reason why it was waived."""

    class AsApproved(models.TextChoices):
        YES = "yes", _("Yes, as approved")
        DEVIATION = "deviation", _("With a deviation")
        NO = "no", _("No")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="after_action")
    as_approved = models.CharField(_("executed as approved?"), max_length=12, choices=AsApproved.choices, blank=True)
    nothing_to_report = models.BooleanField(default=False)
    conditions_respected = models.JSONField(default=list, blank=True)
    deviation = models.TextField(_("deviation"), max_length=1000, blank=True)
    incidents = models.TextField(_("incidents"), max_length=1000, blank=True)
    perception = models.TextField(_("what people said"), max_length=600, blank=True)
    civilian_option_now = models.BooleanField(_("a civilian option exists now"), null=True)
    lesson = models.TextField(_("lesson"), max_length=600, blank=True)
    waived_reason = models.TextField(_("why it was waived"), max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="after_action_filed_or_waived", condition=~Q(as_approved="") | ~Q(waived_reason="")
            )
        ]

    def __str__(self) -> str:
        return str(self.case)
