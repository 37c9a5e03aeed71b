"""What does one administrator ask for that takes effect once another one has confirmed it?"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models.people import User
from cmcoord.places.models import Country
from cmcoord.places.pairs import both_or_neither


class FactorResetQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(confirmed_at=None, refused_at=None)


class FactorReset(models.Model):
    """Somebody lost their second factor: one administrator asks to take it off the account, another one confirms."""

    user = models.ForeignKey(User, models.PROTECT, related_name="factor_resets")
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)

    objects = FactorResetQuerySet.as_manager()

    activity_kind = "factorreset"
    stream = "portal"

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of a second factor")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed_at=None, refused_at=None), name="factorreset_one_waiting"
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("user")), name="factorreset_not_for_oneself"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | (~Q(confirmed_by=F("asked_by")) & ~Q(confirmed_by=F("user"))),
                name="factorreset_confirmed_by_a_second",
            ),
            models.CheckConstraint(
                condition=both_or_neither("confirmed_by", "confirmed_at"),
                name="factorreset_pair_confirmed",
            ),
            models.CheckConstraint(
                condition=both_or_neither("refused_by", "refused_at"),
                name="factorreset_pair_refused",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(refused_at=None), name="factorreset_confirmed_or_refused"
            ),
        ]

    def __str__(self):
        return str(self.user)

    def get_absolute_url(self):
        return reverse("accounts:confirmations")

    @property
    def reference(self) -> str:
        return self.user.username


class ProposedChangeQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(confirmed_at=None, refused_at=None, void_at=None)

    def to_confirm_by(self, user):
        """What waits for this administrator: proposed neither by them nor in their name."""
        return self.waiting().exclude(by=user).exclude(acting_for__isnull=False, acting_for=user)


class ProposedChange(models.Model):
    """One field of one row of reference data, to be changed once a second administrator has confirmed it.

    Only for what a model names in `second_administrator`; accounts/guarded.py says how it is written. Void when it was
    found to hold another value than the one that the proposal started from.
    """

    model = models.CharField(max_length=40)  # as "places.dutystation"
    key = models.CharField(max_length=20)
    field = models.CharField(max_length=40)
    about = models.CharField(max_length=160)  # how the row was called then
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    old = models.CharField(max_length=400, blank=True)
    new = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    objects = ProposedChangeQuerySet.as_manager()

    activity_kind = "proposedchange"

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "key", "field"],
                condition=Q(confirmed_at=None, refused_at=None, void_at=None),
                name="proposedchange_one_waiting",
            ),
            models.CheckConstraint(
                condition=both_or_neither("confirmed_by", "confirmed_at"),
                name="proposedchange_pair_confirmed",
            ),
            models.CheckConstraint(
                condition=both_or_neither("refused_by", "refused_at"),
                name="proposedchange_pair_refused",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("by")) & (Q(acting_for=None) | ~Q(confirmed_by=F("acting_for")))),
                name="proposedchange_confirmed_by_a_second",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, refused_at=None)
                | Q(confirmed_at=None, void_at=None)
                | Q(refused_at=None, void_at=None),
                name="proposedchange_one_end",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | ~Q(reason=""), name="proposedchange_refused_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.about}: {self.field}"

    def get_absolute_url(self):
        return reverse("accounts:changes")

    @property
    def stream(self) -> str:
        return self.country_id or "portal"

    @property
    def reference(self) -> str:
        return self.about
