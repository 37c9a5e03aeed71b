"""Which day is it, where? A date on a right, a profile or a holiday is a day in the country's own zone."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import Case, DateField, Value, When
from django.utils import timezone

# Every zone a country of the portal may have. A new country adds its zone here, together with its reference data.
ZONES = ["Africa/Bangui", "Africa/Bamako"]
PORTAL_ZONE = "UTC"  # for what belongs to no country: the administrators' own rights


def today_in(zone: str | None, now: dt.datetime | None = None) -> dt.date:
    """The date that a calendar on the wall shows in this zone; without a zone, the portal's."""
    return timezone.localdate(now or timezone.now(), ZoneInfo(zone or PORTAL_ZONE))


def today_expression(zone_path: str, now: dt.datetime | None = None):
    """The same for a query, where `zone_path` leads to a country's zone. While all zones agree on the date, no join."""
    now = now or timezone.now()
    dates = {zone: today_in(zone, now) for zone in ZONES}
    portal = today_in(None, now)
    if set(dates.values()) == {portal}:
        return Value(portal, output_field=DateField())
    return Case(
        *[When(**{zone_path: zone}, then=Value(date)) for zone, date in dates.items()],
        default=Value(portal),
        output_field=DateField(),
    )
