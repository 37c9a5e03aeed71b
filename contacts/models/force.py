"""Which forces are, or were, in a country? Dated records, because forces come and go; how they are rated stands in
models/statuses.py.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import LANGUAGES, Organisation
from cmcoord.places.models import Country


class ForceQuerySet(models.QuerySet):
    def present(self, country, on: dt.date | None = None):
        """The forces of a country on a day (default: today there)."""
        on = on or country.today
        return self.filter(
            Q(active_from=None) | Q(active_from__lte=on), Q(active_to=None) | Q(active_to__gte=on), country=country
        ).select_related("organisation")

    def language_of(self, organisation: int, country: str) -> str:
        """In which language an organisation's force in a country reads its papers."""
        rows = self.filter(organisation=organisation, country=country).order_by(
            F("active_from").desc(nulls_last=True), "-id"
        )
        return rows.values_list("language", flat=True).first() or "fr"


class Force(models.Model):
    """One force in one country, from one date to another, and the organisation whose people answer for it."""

    class Category(models.TextChoices):
        MISSION_MILITARY = "mission_military", _("peacekeeping force")
        MISSION_POLICE = "mission_police", _("police of a peacekeeping mission")
        REGIONAL = "regional", _("regional or joint force")
        BILATERAL = "bilateral", _("EU or bilateral force")
        HOST_ARMY = "host_army", _("army of the host State")
        GENDARMERIE = "gendarmerie", _("gendarmerie")
        POLICE = "police", _("national police")

    class Bound(models.TextChoices):
        """How the guidelines of the country reach it (CAR-CMC §4)."""

        BOUND = "bound", _("bound by the guidelines")
        ENCOURAGED = "encouraged", _("encouraged to apply them")
        OUTSIDE = "outside", _("outside the guidelines")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="forces", verbose_name=_("organisation")
    )
    country = models.ForeignKey(Country, models.PROTECT, related_name="forces", verbose_name=_("country"))
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)
    acronym = models.CharField(_("acronym"), max_length=30)
    category = models.CharField(
        _("category"),
        max_length=20,
        choices=Category.choices,
        help_text=_(
            "Forces of States and of international organisations. Armed groups outside the State are never in this "
            "register: the guidelines do not cover them, and contact with them follows rules of its own (CAR-CMC §4)."
        ),
    )
    bound_by_guidelines = models.CharField(
        _("reach of the guidelines"), max_length=12, choices=Bound.choices, default=Bound.ENCOURAGED
    )
    language = models.CharField(_("language of its papers"), max_length=5, choices=LANGUAGES, default="fr")
    active_from = models.DateField(_("present from"), null=True, blank=True)
    active_to = models.DateField(_("present until"), null=True, blank=True)

    objects = ForceQuerySet.as_manager()

    activity_kind = "force"
    second_administrator = ("organisation", "name_en", "name_fr", "acronym")

    class Meta:
        verbose_name = _("force")
        verbose_name_plural = _("forces")
        ordering = ["country", "acronym"]
        constraints = [
            models.UniqueConstraint(fields=["country", "acronym", "active_from"], name="force_one_per_period"),
            models.CheckConstraint(
                condition=Q(active_from=None) | Q(active_to=None) | Q(active_from__lte=F("active_to")),
                name="force_dates_in_order",
            ),
        ]

    def __str__(self):
        return self.acronym

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_fr if (get_language() or "").startswith("fr") else self.name_en

    @property
    def stream(self) -> str:
        return self.country_id

    def clean(self):
        """One force is not twice in a country at the same time."""
        super().clean()
        others = Force.objects.filter(country=self.country_id, acronym=self.acronym).exclude(pk=self.pk)
        if self.active_to:
            others = others.filter(Q(active_from=None) | Q(active_from__lte=self.active_to))
        if self.active_from:
            others = others.filter(Q(active_to=None) | Q(active_to__gte=self.active_from))
        if others.exists():
            raise ValidationError(gettext("This force is in the register for a part of this time already."))

    def present_on(self, day: dt.date) -> bool:
        """Is this force in the country on that day?"""
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or self.active_to >= day
        )
