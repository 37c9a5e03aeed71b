"""Which change of a country's policy was proposed, and what became of it?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.places.pairs import both_or_neither


class ProposedPolicy(models.Model):
    """A new version of a country's policy, as the national unit asks for it; in force once the Humanitarian
    Coordinator has confirmed it.

    `values` are the fields of CountryProfile, `clocks` the minutes by "type/pace/step".
    """

    activity_kind = "policy"

    country = models.ForeignKey("places.Country", on_delete=models.PROTECT, related_name="proposed_policies")
    values = models.JSONField()
    clocks = models.JSONField()
    in_force_from = models.DateField(_("in force from"))
    reason = models.TextField(_("reason"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    profile = models.OneToOneField(
        "places.CountryProfile", on_delete=models.PROTECT, null=True, related_name="proposal"
    )
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(_("why it was refused"), max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["country"], condition=Q(confirmed_at=None, refused_at=None), name="proposedpolicy_one_open"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")), name="proposedpolicy_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=both_or_neither("confirmed_by", "confirmed_at"), name="proposedpolicy_pair_confirmed"
            ),
            models.CheckConstraint(
                condition=both_or_neither("confirmed_at", "profile"), name="proposedpolicy_pair_profile"
            ),
            models.CheckConstraint(
                condition=both_or_neither("refused_by", "refused_at"), name="proposedpolicy_pair_refused"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(refused_at=None), name="proposedpolicy_confirmed_or_refused"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proposedpolicy_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.country_id}, {self.in_force_from}"

    def get_absolute_url(self) -> str:
        return reverse("policy:country", args=[self.country_id])

    @property
    def stream(self) -> str:
        return self.country_id

    @property
    def reference(self) -> str:
        return self.country_id

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.refused_at is None
