"""Which organisation says that it has read which version of a guideline, and what has the country team agreed on?"""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.guidance.documents import in_language
from cmcoord.places.models import AdminArea, Axis, Country


class ReadReceipt(models.Model):
    """One organisation has read one version of a document (code and version of guidance/documents.py)."""

    document = models.CharField(_("document"), max_length=20)
    version = models.CharField(_("version"), max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("confirmed by"))
    at = models.DateTimeField(_("confirmed at"), default=timezone.now)

    class Meta:
        verbose_name = _("read receipt")
        verbose_name_plural = _("read receipts")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "version", "organisation"], name="guidance_read_once"),
        ]

    def __str__(self):
        return f"{self.document} {self.version}"


class PositionQuerySet(models.QuerySet["CommonPosition"]):
    def standing(self, country) -> "PositionQuerySet":
        """Endorsed ones of a country that have not been ended; from when they hold, the rules ask."""
        return self.filter(country=country, endorsed_at__isnull=False)


class CommonPosition(models.Model):
    """What humanitarians of a country agreed on an axis, in an area or everywhere (IASC-AE §V.3, ML-POS ¶6).

    OCHA's national unit enters it, the Humanitarian Coordinator endorses it for the country team; then only its end
    changes. Without axis and area it holds in the whole country. `against` are the kinds of support that it rules out.
    """

    class Against(models.TextChoices):
        ESCORTS = "escorts", _("armed escorts")
        ASSETS = "assets", _("military or police assets")

    activity_kind = "position"

    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    axis = models.ForeignKey(Axis, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("axis"))
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    text_en = models.TextField(_("text in English"), max_length=600)
    text_fr = models.TextField(_("text in French"), max_length=600)
    against = models.JSONField(_("rules out"), default=list, blank=True)
    agreed_by = models.CharField(_("agreed by"), max_length=120)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)
    endorsed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("endorsed by")
    )
    endorsed_at = models.DateTimeField(_("endorsed at"), null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("common position")
        verbose_name_plural = _("common positions")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="position_dates_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="position_endorsed_whole",
                condition=Q(endorsed_by=None, endorsed_at=None)
                | Q(endorsed_by__isnull=False, endorsed_at__isnull=False),
            ),
            models.CheckConstraint(name="position_one_place", condition=Q(axis=None) | Q(area=None)),
        ]
        indexes = [models.Index(fields=["country", "-valid_from"], name="position_country")]

    def __str__(self):
        return self.text

    @property
    def text(self) -> str:
        return in_language(self.text_en, self.text_fr)

    @property
    def stream(self) -> str:
        return self.country_id

    @property
    def where(self):
        return self.axis or self.area or self.country

    def holds_on(self, day: dt.date) -> bool:
        """Endorsed, begun and not ended on that day?"""
        return (
            self.endorsed_at is not None and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        )
