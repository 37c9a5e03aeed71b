"""Which countries does the portal serve, with which working hours and holidays?"""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cmcoord.activity.statements import Statement
from cmcoord.places.local_dates import keep_zone, known_zone, today_in
from cmcoord.places.working_time import WorkCalendar

if TYPE_CHECKING:
    from cmcoord.places.models.policy import CountryProfile

telephone_format = RegexValidator(
    r"^\+?[0-9][0-9 ()./-]{4,}$", _("Write a telephone number with the country code, for example +236 00 00 00 00.")
)


def folded(text: str) -> str:
    """Lower case without accents, for searching and sorting names on every database."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


class Bilingual(models.Model):
    """A row of reference data that carries its name in both languages."""

    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en


# Models of reference data name in `second_administrator` what decides on rights, whom people call and where
# a convoy drives: it changes once a second administrator has confirmed it (cmcoord.accounts.reference_changes).
HOURS = ("working_from", "working_to", "working_days")

_holidays = Statement(
    lambda country: Holiday.objects.filter(country=country).order_by().values_list("date", flat=True), str
)


class WorkingHours(models.Model):
    """Working hours of a duty station or of a national unit, in local time."""

    working_from = models.TimeField(_("opens"), default=dt.time(8))
    working_to = models.TimeField(_("closes"), default=dt.time(16))
    working_days = models.CharField(
        _("working days"),
        max_length=7,
        default="12345",
        validators=[RegexValidator(r"^1?2?3?4?5?6?7?$", _("Digits from 1 (Monday) to 7 (Sunday), in order."))],
        help_text=_("Digits from 1 (Monday) to 7 (Sunday), in order."),
    )

    class Meta:
        abstract = True

    @property
    def working_country(self) -> Country:
        """Whose zone and holidays these hours follow."""
        raise NotImplementedError

    def work_calendar(self, holidays=None) -> WorkCalendar:
        """This place's working hours. Pass the country's holidays when many calendars are needed; else one query."""
        country = self.working_country
        if holidays is None:
            holidays = frozenset(_holidays(country.pk))
        return WorkCalendar(
            zone=country.zone,
            opens=self.working_from,
            closes=self.working_to,
            weekdays=frozenset(int(digit) for digit in self.working_days),
            holidays=frozenset(holidays),
        )


class Country(Bilingual, WorkingHours):
    """A country of the portal: also the name of a stream of events, and the seat of a national unit."""

    code = models.CharField(
        _("code"),
        max_length=3,
        primary_key=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, as in ISO 3166: CAF."))],
        help_text=_("Three capital letters, as in ISO 3166: CAF. References of requests begin with it."),
    )
    timezone = models.CharField(_("time zone"), max_length=40, validators=[known_zone])
    languages = models.CharField(_("languages"), max_length=20, default="en,fr")
    national_unit_telephone = models.CharField(
        _("duty telephone of the national unit"), max_length=40, blank=True, validators=[telephone_format]
    )

    activity_kind = "country"
    second_administrator = ("national_unit_telephone", *HOURS)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(working_from__lt=F("working_to")), name="country_hours_in_order"),
        ]

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        keep_zone(self.timezone)

    @classmethod
    def from_db(cls, *read, **how):
        row = super().from_db(*read, **how)
        if "timezone" in row.__dict__:
            keep_zone(row.timezone)
        return row

    @property
    def stream(self) -> str:
        return self.code

    @property
    def working_country(self) -> Country:
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def today(self) -> dt.date:
        return today_in(self.timezone)

    def profile_on(self, day: dt.date | None = None) -> CountryProfile | None:
        """The rules in force that day: the latest version that had begun. A case stores the one it was filed under."""
        return self.profiles.filter(in_force_from__lte=day or self.today).order_by("-version").first()


class Holiday(Bilingual):
    """A day on which no working hours run, in a whole country."""

    country = models.ForeignKey(Country, models.PROTECT, related_name="holidays", verbose_name=_("country"))
    date = models.DateField(_("date"))

    activity_kind = "holiday"

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["country", "date"], name="holiday_one_per_day")]

    def __str__(self):
        return f"{self.date}: {self.name}"
