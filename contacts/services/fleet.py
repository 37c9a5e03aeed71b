"""How do vehicles and drivers come into the fleet of an organisation, and out of it? Each act leaves one event.

The trail knows how many there were and their salted digests; the salt stands in the row and goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.services import record
from cmcoord.ui.words import in_one_line
from contacts import keepers
from contacts.models import FleetDriver, FleetRow, FleetVehicle

MOST = 300  # rows of one sort in a fleet


@dataclass(frozen=True)
class Kept:
    """How many rows came new, and how many that stood already were brought up to date."""

    added: int = 0
    changed: int = 0


@transaction.atomic
def keep(
    model: type[FleetRow], *, by: User, organisation: Organisation, country: str, rows: Iterable[Mapping[str, Any]]
) -> Kept:
    """Keep these vehicles (or drivers) for the next convoy; the same plate, or identity paper, is the same row.

    What is left blank wipes nothing that stands. Raises PermissionDenied, and ValidationError by field.
    """
    if (organisation.pk, country) not in keepers.fleets_of(by):
        raise PermissionDenied(keepers.not_your_fleet())
    Organisation.objects.select_for_update().only("pk").get(pk=organisation.pk)
    standing = {row.key: row for row in model.objects.of([(organisation.pk, country)])}
    added: list[FleetRow] = []
    changed: list[FleetRow] = []
    for typed in rows:
        values = _seen(typed)
        key = model.key_of(dict(values))
        row = standing.get(key)
        new = row is None
        if row is None:
            row = model(organisation=organisation, country_id=country, key=key, created_by=by)
            standing[key] = row
        if (_written(row, values) or new) and row not in added and row not in changed:
            (added if new else changed).append(row)
    if len(standing) > MOST:
        raise ValidationError(_("At most %(count)d rows.") % {"count": MOST})
    for row in (*added, *changed):
        row.full_clean()
        row.save()
    if added or changed:
        data = {"added": len(added), "changed": len(changed), "rows": [row.digest for row in (*added, *changed)]}
        _record("fleet.keep", model, organisation, country, by=by, data=data)
    return Kept(len(added), len(changed))


@transaction.atomic
def correct(row: FleetRow, *, by: User, values: Mapping[str, Any]) -> None:
    """Write one row anew, blanks and plate too. Raises PermissionDenied, and ValidationError by field."""
    if not keepers.keeps_fleet_of(by, row):
        raise PermissionDenied(keepers.not_your_fleet())
    organisation = Organisation.objects.select_for_update().get(pk=row.organisation_id)
    row, values = type(row).objects.get(pk=row.pk), _seen(values)
    for name in row.kept:
        setattr(row, name, values[name])
    row.key = row.key_of(dict(values))
    others = type(row).objects.of([(row.organisation_id, row.country_id)]).exclude(pk=row.pk)
    if others.filter(key=row.key).exists():
        raise ValidationError(_("The list has this one already: correct or remove the other row."))
    row.full_clean()
    row.save()
    _record(
        "fleet.keep",
        type(row),
        organisation,
        row.country_id,
        by=by,
        data={"added": 0, "changed": 1, "rows": [row.digest]},
    )


@transaction.atomic
def remove(row: FleetRow, *, by: User) -> None:
    """Destroy the row and its salt: the digest in the trail says nothing any more."""
    if not keepers.keeps_fleet_of(by, row):
        raise PermissionDenied(keepers.not_your_fleet())
    data = {"rows": [row.digest]}
    row.delete()
    _record("fleet.remove", type(row), row.organisation, row.country_id, by=by, data=data)


@transaction.atomic
def open_drivers(*, by: User, organisation: Organisation, country: str) -> list[FleetDriver]:
    """The drivers of a fleet, to be read; the reading is recorded where there is somebody to read."""
    if (organisation.pk, country) not in keepers.fleets_of(by):
        raise PermissionDenied(keepers.not_your_fleet())
    found = list(FleetDriver.objects.of([(organisation.pk, country)]).select_related("organisation", "country"))
    if found:
        _record("fleet.open", FleetDriver, organisation, country, by=by, data={"count": len(found)})
    return found


@transaction.atomic
def open_driver(row: FleetDriver, *, by: User) -> None:
    """One driver is read, on the page that corrects the row; the reading is recorded."""
    if not keepers.keeps_fleet_of(by, row):
        raise PermissionDenied(keepers.not_your_fleet())
    _record("fleet.open", FleetDriver, row.organisation, row.country_id, by=by, data={"count": 1})


def _seen(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without signs that nobody sees."""
    return {name: in_one_line(value) if isinstance(value, str) else value for name, value in values.items()}


def _written(row: FleetRow, values: Mapping[str, Any]) -> bool:
    """Put the values into the row, blanks apart; did that change anything?"""
    told = {name: values[name] for name in row.kept if values.get(name) not in (None, "")}
    changed = any(getattr(row, name) != value for name, value in told.items())
    for name, value in told.items():
        setattr(row, name, value)
    return changed


def _record(
    kind: str, model: type[FleetRow], organisation: Organisation, country: str, *, by: User, data: dict[str, Any]
) -> None:
    what = "vehicles" if model is FleetVehicle else "drivers"
    record(organisation, kind, by=by, stream=country, data={"of": what, **data})
