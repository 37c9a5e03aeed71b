"""Countries with their rules and hours, and the areas, places, duty stations and roads in them."""

from cmcoord.places.models.areas import AdminArea, AdminAreaQuerySet, Axis, AxisPlace, DutyStation, Place
from cmcoord.places.models.countries import (
    HOURS,
    Bilingual,
    Country,
    Holiday,
    WorkingHours,
    folded,
    telephone_format,
)
from cmcoord.places.models.policy import LONGEST_CLOCK, Clock, CountryProfile

__all__ = [
    "HOURS",
    "LONGEST_CLOCK",
    "AdminArea",
    "AdminAreaQuerySet",
    "Axis",
    "AxisPlace",
    "Bilingual",
    "Clock",
    "Country",
    "CountryProfile",
    "DutyStation",
    "Holiday",
    "Place",
    "WorkingHours",
    "folded",
    "telephone_format",
]
