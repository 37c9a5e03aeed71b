"""Which other organisations travel in a convoy, and what is the part of each?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.case import Case


class Participation(models.Model):
    """One organisation asked to join the convoy of another one: its answer, and its own part of the convoy."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked to join")
        JOINED = "joined", _("joined")
        DECLINED = "declined", _("does not join")
        LEFT = "left", _("has left")
        TAKEN_BACK = "taken_back", _("no longer asked")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    vehicles = models.PositiveSmallIntegerField(_("vehicles"), null=True, blank=True)
    staff = models.PositiveSmallIntegerField(_("staff on board"), null=True, blank=True)
    cargo = models.CharField(_("cargo"), max_length=300, blank=True)
    focal_post = models.ForeignKey(
        "contacts.Post", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("focal point")
    )
    consent_force = models.BooleanField(_("shared with the named force"), default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="participation_once_per_case", fields=["case", "organisation"]),
            models.CheckConstraint(
                name="participation_joined_with_its_part",
                condition=~Q(state="joined")
                | Q(vehicles__gte=1, staff__gte=1, consent_force=True, answered_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="participation_of_one")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("requests:joining_part", args=[self.pk])
