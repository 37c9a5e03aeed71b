"""Who of a force's chain was addressed, who acknowledged, and who was called by telephone?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.case import Case
from requests_app.models.process import OnBehalf
from requests_app.models.transmission import Extract

ADDRESSEE = "addressee"
TO_FORCE = (ADDRESSEE, "force")  # calls that the release ledger holds


class Addressed(models.Model):
    """One paper went to one place of its force's chain, as the chain stood then. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="addressed")
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="addressees")
    addressee = models.ForeignKey("contacts.Addressee", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    function = models.CharField(max_length=120)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(name="addressed_once", fields=["extract", "addressee"])]

    def __str__(self) -> str:
        return f"{self.extract}: {self.function}"


class Receipt(models.Model):
    """One addressee says: received; in the portal, or by telephone as OCHA wrote it down. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="receipts")
    addressed = models.OneToOneField(Addressed, on_delete=models.PROTECT, related_name="receipt")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.addressed)


class Call(models.Model):
    """Somebody told somebody by telephone that this request waits for them: a contact, and no step. Append-only.

    `whom` is the holder of the step, "addressee" for a place in the chain of a force.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="calls")
    whom = models.CharField(max_length=24)
    function = models.CharField(_("who was called (function)"), max_length=120)
    addressee = models.ForeignKey("contacts.Addressee", on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.function
