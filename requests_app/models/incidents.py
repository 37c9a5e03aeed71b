"""Which request was imposed on its organisation, and what did OCHA make of the draft of an access incident?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.places.pairs import both_or_neither
from requests_app.models.case import Case


class AccessIncident(models.Model):
    """A plain record, drafted when a request says that somebody presses for it or imposes it (ML-POS ¶6).

    One for each request, however often it is sent. Who presses stands in the request; the text is OCHA's own.
    """

    class Kind(models.TextChoices):
        MOVEMENT = "AMRF-3", _("Restriction of movement: an escort imposed")
        INTERFERENCE = "AMRF-4", _("Interference in humanitarian activities")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        KEPT = "kept", _("kept")
        DISCARDED = "discarded", _("discarded")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="incident")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    drafted_at = models.DateTimeField(default=timezone.now)
    text = models.TextField(_("what happened"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    activity_kind = "incident"

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="incident_pair_answered", condition=both_or_neither("answered_by", "answered_at")
            ),
            models.CheckConstraint(
                name="incident_answered_with_words",
                condition=Q(status="draft", answered_by=None)
                | (~Q(status="draft") & ~Q(text="") & ~Q(answered_by=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.kind}"

    def get_absolute_url(self) -> str:
        return reverse("requests:incident", args=[self.case.reference])

    @property
    def stream(self) -> str:
        return self.case.stream

    @property
    def reference(self) -> str:
        return self.case.reference
