"""Which day is it, where? A date on a right, a profile or a holiday is a day in the country's own zone."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Case, DateField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

PORTAL_ZONE = "UTC"  # for what belongs to no country: the administrators' own rights
_kept: dict[str, str] = {}  # country → zone, of the countries that this process has met
_read: list[bool] = []  # has it read them all once?


@cache
def zones() -> tuple[str, ...]:
    """Every zone that a country can have, by the name of its town: "Africa/Bangui"."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def known_zone(name: str) -> None:
    """A zone that the clocks of this machine know; its rules come with the operating system."""
    if name not in zones():
        raise ValidationError(_("This time zone is not known."))


def keep_zone(country: str, name: str) -> None:
    """A country was read or written: from now on its day counts."""
    _kept[country] = name


def zones_in_use() -> dict[str, str]:
    """The zone of each country: read once for each process, and then kept as countries are met."""
    if not _read:
        countries = apps.get_model("places", "Country")._default_manager
        _kept.update(countries.order_by().values_list("pk", "timezone"))
        _read.append(True)
    return dict(_kept)


def today_in(zone: str | None, now: dt.datetime | None = None) -> dt.date:
    """The date that a calendar on the wall shows in this zone; without a zone, the portal's."""
    return timezone.localdate(now or timezone.now(), ZoneInfo(zone or PORTAL_ZONE))


def today_expression(zone_path: str, now: dt.datetime | None = None):
    """The same for a query, where `zone_path` leads to a country's zone. While all zones agree on the date, one value.

    Where they do not, the country's key is asked and no join is made: it would leave out rows without a country, and so
    the rights of the administrators, for the hours in which it is another day elsewhere.
    """
    now = now or timezone.now()
    country, portal = zone_path.removesuffix("__timezone"), today_in(None, now)
    ahead: dict[dt.date, list[str]] = {}
    for code, zone in sorted(zones_in_use().items()):
        if (date := today_in(zone, now)) != portal:
            ahead.setdefault(date, []).append(code)
    if not ahead:
        return Value(portal, output_field=DateField())
    return Case(
        *[When(**{f"{country}__in": codes}, then=Value(date)) for date, codes in ahead.items()],
        default=Value(portal),
        output_field=DateField(),
    )
