"""What did the convoy leader and OCHA decide when the provider of a convoy on the road could be named no more?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.case import Case
from requests_app.models.process import OnBehalf


class AlarmAnswer(models.Model):
    """The answer to one alarm, as OCHA wrote it down. Append-only."""

    class Decided(models.TextChoices):
        CONTINUE = "continue", _("Continue")
        TURN_BACK = "turn_back", _("Turn back")
        HALT = "halt", _("Halt")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="alarm_answers")
    decided = models.CharField(_("what was decided"), max_length=12, choices=Decided.choices)
    said_by = models.CharField(_("who said it (function)"), max_length=120)
    source = models.CharField(_("how it came"), max_length=12, choices=OnBehalf.Source.choices)
    reason = models.TextField(_("why"), max_length=600)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="alarmanswer_said_and_why", condition=~Q(said_by="") & ~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.decided}"
