"""Which contact was made with a force today, and what was the week of a cell? For the humanitarian side alone."""

from __future__ import annotations

import datetime as dt

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.accounts.models import Organisation, User
from contacts.models import Body


class LiaisonQuerySet(models.QuerySet["LiaisonContact"]):
    def overdue(self, today: dt.date):
        """What was to follow by a day that is over, and was not ticked off."""
        return self.filter(follow_up_due__lt=today, settled_at=None)


class LiaisonContact(models.Model):
    """One contact with a force or another organisation: with which function, on what, what follows, what came of it."""

    class Means(models.TextChoices):
        VISIT = "visit", pgettext_lazy("means of contact", "in person")
        TELEPHONE = "telephone", pgettext_lazy("means of contact", "by telephone")
        RADIO = "radio", pgettext_lazy("means of contact", "by radio")
        MAIL = "mail", pgettext_lazy("means of contact", "in writing")

    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"), db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("with"), db_index=False
    )
    with_whom = models.CharField(_("with which function"), max_length=120, blank=True)
    means = models.CharField(_("how"), max_length=10, choices=Means.choices, default=Means.TELEPHONE)
    subject = models.CharField(_("on what"), max_length=300)
    follow_up = models.CharField(_("what follows"), max_length=300, blank=True)
    follow_up_due = models.DateField(_("by when"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_words = models.CharField(_("what was done"), max_length=300, blank=True)

    objects = LiaisonQuerySet.as_manager()

    activity_kind = "exchange"

    class Meta:
        verbose_name = _("contact of liaison")
        verbose_name_plural = _("liaison log")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(subject=""), name="liaisoncontact_has_subject"),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, settled_by=None, settled_words="")
                | (models.Q(settled_at__isnull=False, settled_by__isnull=False) & ~models.Q(settled_words="")),
                name="liaisoncontact_settled_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["body", "-at"], name="liaisoncontact_of_body"),
            models.Index(
                fields=["by", "follow_up_due"],
                condition=models.Q(settled_at=None, follow_up_due__isnull=False),
                name="liaisoncontact_to_follow",
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.subject[:40]}"

    def get_absolute_url(self):
        return reverse("meetings:body", args=[self.body_id])

    @property
    def stream(self) -> str:
        return self.body.country_id

    @property
    def reference(self) -> str:
        return self.body.name_en


class WeeklySummary(models.Model):
    """The week of a body as it was sent to the national unit: its content is frozen. Append-only."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="summaries")
    week = models.DateField()  # its Monday
    content = models.JSONField(encoder=DjangoJSONEncoder)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField(default=timezone.now)

    activity_kind = "summary"

    class Meta:
        verbose_name = _("weekly summary")
        verbose_name_plural = _("weekly summaries")
        ordering = ["-week", "-id"]
        constraints = [models.UniqueConstraint(fields=["body", "week"], name="weeklysummary_one_per_week")]

    def __str__(self):
        return f"{self.body}: {self.week}"

    def get_absolute_url(self):
        return reverse("meetings:summary", args=[self.body_id, self.week])

    @property
    def stream(self) -> str:
        return self.body.country_id

    @property
    def reference(self) -> str:
        return self.body.name_en

    @property
    def ends(self) -> dt.date:
        """Its Sunday."""
        return self.week + dt.timedelta(days=6)
