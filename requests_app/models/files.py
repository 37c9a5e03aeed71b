"""Which files are on their way, piece by piece, over a line that breaks?"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from requests_app.models.case import Case, CaseFile


class ArrivingFile(models.Model):
    """A file that one person sends for one request; gone a day after its last piece. `file` is what became of it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)
    file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "by", "sha256"], name="arrivingfile_once"),
            models.CheckConstraint(
                name="arrivingfile_attached_when_whole",
                condition=Q(received__lt=F("size"), file=None) | Q(received=F("size"), file__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        return 100 * self.received // self.size


class FilePiece(models.Model):
    """The bytes from `offset` on, as they arrived; they go when the file is whole."""

    arriving = models.ForeignKey(ArrivingFile, on_delete=models.CASCADE, related_name="pieces")
    offset = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["arriving", "offset"], name="filepiece_once")]

    def __str__(self) -> str:
        return f"{self.arriving} {self.offset}"
