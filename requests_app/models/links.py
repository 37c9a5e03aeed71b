"""Which request was put together with which, since both ask for the same?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from requests_app.models.case import Case


class CaseLink(models.Model):
    """OCHA found that `other` asks for the same as `case`, and proposes that it travels with it. Append-only.

    Both keep their history. The other one ends when its own organisation has joined the convoy.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="follows")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="caselink_of_two_requests", condition=~Q(case=F("other")))]

    def __str__(self) -> str:
        return f"{self.other} → {self.case}"
