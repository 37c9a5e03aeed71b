"""Who raised or lowered the class of a request, or of one of its records?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.activity.barrier import Sensitivity
from requests_app.models.case import Case


class Classification(models.Model):
    """One record has another class from now on; the newest row counts. Append-only, like the records it is about.

    A record without a row has the class of its form. The column of Case repeats the newest row, for the lists.
    """

    class Record(models.TextChoices):
        CASE = "case", _("request")
        PAPER = "paper", _("file")
        COMMENT = "comment", _("comment")
        OPINION = "opinion", _("opinion")
        LOG = "log", _("log of the road")
        REPORT = "report", _("after-action review")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="classifications")
    record = models.CharField(max_length=8, choices=Record.choices)
    row = models.BigIntegerField()
    sensitivity = models.CharField(_("sensitivity"), max_length=1, choices=Sensitivity.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.record} {self.row}: {self.get_sensitivity_display()}"
