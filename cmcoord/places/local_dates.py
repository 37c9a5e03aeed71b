"""Which day is it, where? A date on a right, a profile or a holiday is a day in the country's own zone."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Case, DateField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

PORTAL_ZONE = "UTC"  # for what belongs to no country: the administrators' own rights
_kept: set[str] = set()  # the zones of the countries that this process has met
_read: list[bool] = []  # has it read them all once?


@cache
def zones() -> tuple[str, ...]:
    """Every zone that a country can have, by the name of its town: "Africa/Bangui"."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def known_zone(name: str) -> None:
    """A zone that the clocks of this machine know; its rules come with the operating system."""
    if name not in zones():
        raise ValidationError(_("This time zone is not known."))


def keep_zone(name: str) -> None:
    """A country was read or written: from now on its day counts."""
    _kept.add(name)


def zones_in_use() -> frozenset[str]:
    """The zones of all countries: read once for each process, and then kept as countries are met."""
    if not _read:
        countries = apps.get_model("places", "Country")._default_manager
        _kept.update(countries.order_by().values_list("timezone", flat=True))
        _read.append(True)
    return frozenset(_kept)


def today_in(zone: str | None, now: dt.datetime | None = None) -> dt.date:
    """The date that a calendar on the wall shows in this zone; without a zone, the portal's."""
    return timezone.localdate(now or timezone.now(), ZoneInfo(zone or PORTAL_ZONE))


def days(now: dt.datetime | None = None) -> tuple[tuple[str, dt.date], ...]:
    """Which day it is in each zone in use, and for the portal: what is written with a day in it holds as long."""
    return tuple((zone, today_in(zone, now)) for zone in (*sorted(zones_in_use()), PORTAL_ZONE))


def today_expression(country_path: str, now: dt.datetime | None = None):
    """The same for a query, where `country_path` leads to a country or to none. While all zones agree, no subquery.

    No join either: it would leave out what belongs to no country.
    """
    now = now or timezone.now()
    dates = {zone: today_in(zone, now) for zone in sorted(zones_in_use())}
    portal = Value(today_in(None, now), output_field=DateField())
    if set(dates.values()) <= {portal.value}:
        return portal
    countries = apps.get_model("places", "Country")._default_manager.order_by().filter(pk=OuterRef(country_path))
    day = Case(*[When(timezone=zone, then=Value(date)) for zone, date in dates.items()], output_field=DateField())
    return Coalesce(Subquery(countries.values_list(day)[:1]), portal)
