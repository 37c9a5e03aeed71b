"""Which two people turned out to be one, and how did both stand before? Kept for 30 days, so that it can be undone."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import User
from cmcoord.places.models import Country
from contacts.models.people import Person

KEPT_FOR = dt.timedelta(days=30)


class Merge(models.Model):
    """One person became part of another. `originals` holds both as they were, until it cannot be undone any more."""

    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="merges")
    gone = models.PositiveBigIntegerField()  # the key of the one who is no more, and who comes back with it
    originals = models.JSONField(default=list, blank=True)
    moved = models.JSONField(default=dict, blank=True)  # by table: keys of the rows that changed hands
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    activity_kind = "merge"

    class Meta:
        verbose_name = _("people taken as one")
        verbose_name_plural = _("people taken as one")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(undone_at=None, forgotten_at=None), name="merge_standing")
        ]

    def __str__(self):
        return f"{self.gone} → {self.person_id}"

    def get_absolute_url(self):
        return reverse("contacts:duplicates")

    @property
    def stream(self) -> str:
        return self.country_id

    @property
    def reference(self) -> str:
        """Nothing: a mail names nobody."""
        return ""

    @property
    def until(self) -> dt.datetime:
        return self.at + KEPT_FOR

    def can_be_undone(self, now: dt.datetime) -> bool:
        return self.undone_at is None and self.forgotten_at is None and now < self.until
