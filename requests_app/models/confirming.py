"""Did an organisation without an account confirm what OCHA filed for it, by which link or call, in which words?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.case import Case
from requests_app.models.process import OnBehalf

VALID = timedelta(days=7)


class ConfirmationLinkQuerySet(models.QuerySet["ConfirmationLink"]):
    def usable(self, now: datetime) -> ConfirmationLinkQuerySet:
        return self.filter(used_at=None, void_at=None, expires_at__gt=now)


class ConfirmationLink(models.Model):
    """One way for the organisation to answer without an account: a link by mail, or a code to be read out.

    Only a digest of what opens it is kept. It works once, and a newer one makes it void.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="confirmation_links")
    record = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, related_name="links")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    address = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=[("en", "English"), ("fr", "Français")])
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    objects = ConfirmationLinkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="confirmation_link_used_or_void", condition=Q(used_at=None) | Q(void_at=None)),
            models.UniqueConstraint(
                name="confirmation_link_one_open", fields=["case"], condition=Q(used_at=None, void_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.made_at:%Y-%m-%d}"

    def is_usable(self, now: datetime) -> bool:
        return self.used_at is None and self.void_at is None and self.expires_at > now


class Confirmation(models.Model):
    """What the organisation said of the request that OCHA filed for it: yes, or what is wrong. Append-only."""

    class How(models.TextChoices):
        LINK = "link", _("by its link")
        CALL = "call", _("by telephone")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="confirmations")
    record = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, related_name="confirmations")
    how = models.CharField(_("how it came"), max_length=4, choices=How.choices)
    link = models.OneToOneField(ConfirmationLink, on_delete=models.PROTECT, null=True, related_name="answer")
    agrees = models.BooleanField(_("it is as they said"))
    text = models.TextField(_("what is wrong"), max_length=1000, blank=True)
    person_function = models.CharField(_("who said it (function)"), max_length=120)
    received_at = models.DateTimeField(_("when it was said"))
    witness = models.CharField(_("witness (function)"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="confirmation_yes_or_words", condition=Q(agrees=True) | ~Q(text="")),
            models.CheckConstraint(
                name="confirmation_by_link_or_call",
                condition=Q(how="link", link__isnull=False, recorded_by=None)
                | (Q(how="call", link=None, recorded_by__isnull=False) & ~Q(witness="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.get_how_display()}"
