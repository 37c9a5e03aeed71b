"""Which requests were taken over from a spreadsheet, out of which file, and what did it call them?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.case import Case


class ImportFile(models.Model):
    """A spreadsheet of past requests: kept until its sender agrees to the preview, and then only what it was."""

    activity_kind = "importfile"

    country = models.ForeignKey("places.Country", on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey("places.DutyStation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="import_one_preview_each", fields=["by"], condition=Q(agreed_at=None)),
            models.UniqueConstraint(
                name="import_once_per_file", fields=["country", "sha256"], condition=Q(agreed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return self.country_id

    @property
    def reference(self) -> str:
        return self.name


class ImportedCase(models.Model):
    """What the file said of one past request beside its answers."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="imported_row")
    file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    original_reference = models.CharField(_("original reference"), max_length=60)
    ended_on = models.DateField(_("ended on"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="imported_once_per_line", fields=["file", "line"])]

    def __str__(self) -> str:
        return self.original_reference
