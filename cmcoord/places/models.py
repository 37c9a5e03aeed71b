"""Where things happen, by which rules of the country, and in which working hours."""

import datetime as dt
import unicodedata
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cmcoord.activity.barrier import Projection
from cmcoord.activity.statements import Statement
from cmcoord.places.local_dates import ZONES, today_in
from cmcoord.places.pairs import both_or_neither
from cmcoord.places.positions import Position
from cmcoord.places.working_time import WorkCalendar

LONGEST_CLOCK = 90 * 24 * 60  # minutes

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


# Models of reference data name in `second_administrator` what decides on rights and clocks, whom people call and where
# a convoy drives: it changes once a second administrator has confirmed it (cmcoord.accounts.reference_changes).
HOURS = ("working_from", "working_to", "working_days")


_holidays = Statement(
    lambda country: Holiday.objects.filter(country=country).order_by().values_list("date", flat=True), str
)
_minutes = Statement(
    lambda profile, request_type, pace: (
        Clock.objects.filter(profile=profile, request_type=request_type, pace=pace)
        .order_by()
        .values_list("step", "minutes")
    ),
    int,
    str,
    str,
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
    def working_country(self) -> "Country":
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

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    timezone = models.CharField(_("time zone"), max_length=40, choices=[(zone, zone) for zone in ZONES])
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
            models.CheckConstraint(condition=Q(timezone__in=ZONES), name="country_zone_known"),
            models.CheckConstraint(condition=Q(working_from__lt=F("working_to")), name="country_hours_in_order"),
        ]

    @property
    def stream(self) -> str:
        return self.code

    @property
    def working_country(self) -> "Country":
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def today(self) -> dt.date:
        return today_in(self.timezone)

    def profile_on(self, day: dt.date | None = None) -> "CountryProfile | None":
        """The rules in force that day: the latest version that had begun. A case stores the one it was filed under."""
        return self.profiles.filter(in_force_from__lte=day or self.today).order_by("-version").first()


class CountryProfile(models.Model):
    """A version of the country's policy. Never edited once a case refers to it: a change is a new version."""

    class DecisionModel(models.TextChoices):
        HC_VIA_OCHA = "hc_via_ocha", _("the Humanitarian Coordinator decides, through OCHA")
        HCT_CONSENSUS = "hct_consensus", _("consensus of the Humanitarian Country Team")

    class Escorts(models.TextChoices):
        ALLOWED = "allowed", _("allowed as a last resort, with criteria")
        NOT_FORESEEN = "not_foreseen", _("not foreseen")

    class Strategy(models.TextChoices):
        COEXISTENCE = "coexistence", _("coexistence")
        COORDINATION = "coordination", _("coordination")
        COOPERATION = "cooperation", _("cooperation")

    country = models.ForeignKey(Country, models.PROTECT, related_name="profiles", verbose_name=_("country"))
    version = models.PositiveSmallIntegerField(_("version"))
    in_force_from = models.DateField(_("in force from"))
    decision_model = models.CharField(_("decision model"), max_length=20, choices=DecisionModel.choices)
    escorts = models.CharField(_("armed escorts"), max_length=20, choices=Escorts.choices)
    strategy = models.CharField(_("strategy"), max_length=20, choices=Strategy.choices)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("country profile")
        verbose_name_plural = _("country profiles")
        ordering = ["country", "-version"]
        constraints = [models.UniqueConstraint(fields=["country", "version"], name="countryprofile_one_per_version")]

    def __str__(self):
        return f"{self.country_id} {self.version}"


class Clock(models.Model):
    """How long one step may take in one country: working minutes, or minutes round the clock."""

    class Pace(models.TextChoices):
        ROUTINE = "routine", _("routine")
        URGENT = "urgent", _("urgent")

    class Step(models.TextChoices):
        CLUSTER = "cluster", _("cluster opinion")
        STATION = "station", _("review at the duty station")
        SECURITY = "security", _("security opinion")
        NATIONAL = "national", _("national unit")
        HC = "hc", _("decision")
        TRANSMISSION = "transmission", _("transmission")
        ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement by the force")
        REPLY = "reply", _("reply of the force")
        SCHEDULING = "scheduling", _("scheduling")
        LEAD_TIME = "lead_time", _("whole lead time")
        AFTER_ACTION = "after_action", _("after-action review")

    profile = models.ForeignKey(CountryProfile, models.PROTECT, related_name="clocks", verbose_name=_("profile"))
    request_type = models.CharField(_("type of request"), max_length=8)
    pace = models.CharField(_("pace"), max_length=10, choices=Pace.choices)
    step = models.CharField(_("step"), max_length=20, choices=Step.choices)
    minutes = models.PositiveIntegerField(_("minutes"))
    round_the_clock = models.BooleanField(_("counted round the clock"), default=False)

    activity_kind = "clock"
    second_administrator = ("minutes",)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(fields=["profile", "request_type", "pace", "step"], name="clock_one_per_step"),
            models.CheckConstraint(
                condition=~Q(pace="urgent") | Q(round_the_clock=True), name="clock_urgent_never_sleeps"
            ),
        ]

    def __str__(self):
        return f"{self.request_type} {self.profile}, {self.get_pace_display()}, {self.get_step_display()}"

    @classmethod
    def minutes_of(cls, profile: int, request_type: str, pace: str) -> dict[str, int]:
        """How long each step of one kind of request may take at one pace, by the key of a profile: one query."""
        return dict(_minutes(profile, request_type, pace))

    def clean(self) -> None:
        """A step that lasts for months is a slip of the pen; one of thousands of years has no date to end at."""
        super().clean()
        if self.minutes is not None and self.minutes > LONGEST_CLOCK:
            raise ValidationError(_("A step takes at most %(minutes)d minutes (90 days).") % {"minutes": LONGEST_CLOCK})

    @property
    def country_id(self) -> str:
        return self.profile.country_id


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


class AdminAreaQuerySet(models.QuerySet):
    def valid_on(self, day: dt.date):
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))

    def current(self):
        return self.filter(valid_to=None)


class AdminArea(models.Model):
    """A prefecture or region as drawn between two dates. Redrawn, it is a new row, and old records keep theirs."""

    class Kind(models.TextChoices):
        PREFECTURE = "prefecture", _("prefecture")
        COMMUNE = "commune", _("autonomous commune")
        REGION = "region", _("region")
        DISTRICT = "district", _("district")

    country = models.ForeignKey(Country, models.PROTECT, related_name="areas", verbose_name=_("country"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    code = models.CharField(_("P-code"), max_length=12, blank=True)
    scheme = models.CharField(_("code list"), max_length=20, default="COD-AB")
    code_verified = models.BooleanField(_("code verified"), default=False)
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = AdminAreaQuerySet.as_manager()

    activity_kind = "adminarea"

    class Meta:
        verbose_name = _("administrative area")
        verbose_name_plural = _("administrative areas")
        ordering = ["country", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "scheme", "code"],
                condition=Q(valid_to=None) & ~Q(code=""),
                name="adminarea_one_current_per_code",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="adminarea_dates_in_order",
            ),
        ]

    def __str__(self):
        return self.name


class Place(models.Model):
    """A town, village or crossing that a movement starts at, ends at or passes."""

    country = models.ForeignKey(Country, models.PROTECT, related_name="places", verbose_name=_("country"))
    name = models.CharField(_("name"), max_length=80)
    folded_name = models.CharField(max_length=80, editable=False)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, verbose_name=_("administrative area"))
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    position_verified = models.BooleanField(_("position verified"), default=False)

    activity_kind = "place"
    second_administrator = ("name", "position", "position_verified")

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["folded_name"]
        constraints = [
            models.UniqueConstraint(fields=["country", "name"], name="place_one_per_name"),
            models.CheckConstraint(
                condition=both_or_neither("latitude", "longitude"),
                name="place_position_whole",
            ),
        ]
        indexes = [models.Index(fields=["folded_name"], name="place_folded_name")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded_name = folded(self.name)
        super().save(*args, **kwargs)

    @property
    def position(self) -> Position | None:
        return Position.stored(self.latitude, self.longitude)

    def position_for(self, side: str) -> Position | None:
        """As exactly as this side may know it."""
        known = Projection(self, side)
        return Position.stored(known.latitude, known.longitude)


class DutyStation(WorkingHours):
    """A place with humanitarian staff of the coordination: with a cell, with a contact, or with both."""

    country = models.ForeignKey(Country, models.PROTECT, related_name="stations", verbose_name=_("country"))
    place = models.OneToOneField(Place, models.PROTECT, related_name="station", verbose_name=_("place"))
    name = models.CharField(_("name"), max_length=80)
    code = models.SlugField(_("short name"), max_length=40, unique=True)
    has_cell = models.BooleanField(_("has a coordination cell"), default=False)
    has_contact = models.BooleanField(_("has a contact"), default=False)
    telephone = models.CharField(_("duty telephone"), max_length=40, blank=True, validators=[telephone_format])
    covered_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="covers",
        verbose_name=_("covered by"),
        help_text=_("The station that answers while this one has no officer. Empty: the national unit."),
    )
    active = models.BooleanField(_("active"), default=True)

    activity_kind = "dutystation"
    second_administrator = ("covered_by", "telephone", *HOURS)

    class Meta:
        verbose_name = _("duty station")
        verbose_name_plural = _("duty stations")
        ordering = ["country", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(covered_by=None) | ~Q(covered_by=F("id")), name="dutystation_covers_another"
            ),
            models.CheckConstraint(condition=Q(working_from__lt=F("working_to")), name="dutystation_hours_in_order"),
        ]

    def __str__(self):
        return self.name

    def clean(self) -> None:
        """Somebody else answers for an empty station, and somebody who may see its requests."""
        super().clean()
        if self.covered_by and self.covered_by_id == self.pk:
            raise ValidationError(_("A station cannot cover for itself."))
        if self.covered_by and self.covered_by.country_id != self.country_id:
            raise ValidationError(_("Only a station of the same country can cover for this one."))

    @property
    def working_country(self) -> Country:
        return self.country

    @property
    def stream(self) -> str:
        return self.country_id


class Axis(models.Model):
    """A named road, as people speak of it, and the places along it in order."""

    country = models.ForeignKey(Country, models.PROTECT, related_name="axes", verbose_name=_("country"))
    name = models.CharField(_("name"), max_length=120)
    code = models.SlugField(_("short name"), max_length=40)
    places = models.ManyToManyField(Place, through="AxisPlace", related_name="axes", verbose_name=_("places"))

    activity_kind = "axis"
    second_administrator = ("name", "places")

    class Meta:
        verbose_name = _("axis")
        verbose_name_plural = _("axes")
        ordering = ["country", "name"]
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="axis_one_per_code")]

    def __str__(self):
        return self.name


class AxisPlace(models.Model):
    axis = models.ForeignKey(Axis, models.CASCADE, related_name="stops")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("place on an axis")
        verbose_name_plural = _("places on an axis")
        ordering = ["axis", "order"]
        constraints = [models.UniqueConstraint(fields=["axis", "order"], name="axisplace_one_per_order")]

    def __str__(self):
        return f"{self.order} {self.place}"
