"""Where do things happen? Administrative areas, places, duty stations and named roads."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.activity.barrier import Projection
from cmcoord.places.models.countries import HOURS, Country, WorkingHours, folded, telephone_format
from cmcoord.places.pairs import both_or_neither
from cmcoord.places.positions import Position


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
        PROVINCE = "province", _("province")
        STATE = "state", pgettext_lazy("administrative area", "state")
        DEPARTMENT = "department", _("department")
        GOVERNORATE = "governorate", _("governorate")

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
    """A place with humanitarian staff of the coordination; its cell is a body, its contacts are posts (contacts)."""

    country = models.ForeignKey(Country, models.PROTECT, related_name="stations", verbose_name=_("country"))
    place = models.OneToOneField(Place, models.PROTECT, related_name="station", verbose_name=_("place"))
    name = models.CharField(_("name"), max_length=80)
    code = models.SlugField(_("short name"), max_length=40, unique=True)
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
