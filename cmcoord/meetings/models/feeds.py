"""By which secret address does a calendar read somebody's meetings?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import User


class FeedToken(models.Model):
    """The address of one person's calendar, of which the portal keeps a digest alone. A new one revokes the old."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    activity_kind = "feed"

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at=None), name="feed_one_for_each_person")
        ]

    def __str__(self):
        return f"{self.user_id}"
