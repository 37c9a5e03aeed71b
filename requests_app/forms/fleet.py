"""Which rows of a sheet come from the fleet of the organisation, and which go back into it? (contacts.models.fleet)

Filling adds rows under those that are typed and changes none of them; what stands on the page already is not added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from cmcoord.accounts.models import User
from cmcoord.places.models import folded
from contacts import keepers
from contacts import services as contacts
from contacts.models import FleetDriver, FleetRow, FleetVehicle
from requests_app import execution_sheet
from requests_app.forms.rows import as_sent, as_typed
from requests_app.models import Case, ExecutionSheet

# question of the sheet → what the fleet keeps of it, and the column that says whose it is
FLEETS: dict[str, tuple[type[FleetRow], str]] = {
    "convoy_vehicles": (FleetVehicle, "owner"),
    "drivers": (FleetDriver, "organisation"),
}


def keeps(case: Case, user: User) -> bool:
    """Does this person keep the fleet of the organisation whose request it is?"""
    return (case.organisation_id, case.country_id) in keepers.fleets_of(user)


def offered(case: Case, sheet: ExecutionSheet, name: str, *, user: User) -> list[FleetRow]:
    """What may be ticked: what the fleet has and the sheet has not. Drivers only where their names are wanted."""
    if name not in FLEETS or not keeps(case, user):
        return []
    model, _owner = FLEETS[name]
    if model is FleetDriver and sheet.names_needed is False:
        return []
    there = {model.key_of(row) for row in execution_sheet.values_of(sheet, name)}
    if model is FleetDriver:
        rows = contacts.open_drivers(by=user, organisation=case.organisation, country=case.country_id)
        return [row for row in rows if row.key not in there]
    return [row for row in model.objects.of([(case.organisation_id, case.country_id)]) if row.key not in there]


def with_ticked(data: QueryDict, case: Case, *, user: User) -> QueryDict:
    """What was typed, and the ticked rows of the fleet under it, of the question whose button was pressed.

    A row of another fleet is not there. The same page sent twice adds nothing twice.
    """
    name = data["from_fleet"]
    total = data.get(f"{name}-TOTAL_FORMS", "")
    if name not in FLEETS or not keeps(case, user) or not (total.isascii() and total.isdigit() and len(total) < 4):
        return data
    model, owner = FLEETS[name]
    columns = execution_sheet.ROWS[name].columns
    typed = [{column: as_typed(data.get(f"{name}-{at}-{column}")) for column in columns} for at in range(int(total))]
    free = [at for at, row in enumerate(typed) if not any(row.values())]
    there = {model.key_of(row) for at, row in enumerate(typed) if row[model.kept_by] and not _is_gone(data, name, at)}
    ticked = {pk for pk in data.getlist(f"fleet-{name}") if pk.isascii() and pk.isdigit() and len(pk) < 10}
    wanted = model.objects.of([(case.organisation_id, case.country_id)]).filter(pk__in=ticked)
    grown, count = data.copy(), int(total)
    for row in wanted:
        if row.key in there:
            continue
        if free:
            at = free.pop(0)
        else:
            at, count = count, count + 1
        grown[f"{name}-{at}-{owner}"] = str(case.organisation)
        for column in model.kept:
            grown[f"{name}-{at}-{column}"] = as_sent(getattr(row, column))
    grown[f"{name}-TOTAL_FORMS"] = str(count)
    return grown


def kept(case: Case, name: str, rows: list[dict[str, Any]], *, by: User) -> contacts.Kept:
    """Put the rows of the organisation itself back into its fleet; of a hired vehicle or a guest nothing is kept.

    Raises PermissionDenied, and ValidationError when a row is not as the fleet takes it.
    """
    if name not in FLEETS or not keeps(case, by):
        raise PermissionDenied(keepers.not_your_fleet())
    model, owner = FLEETS[name]
    own = [row for row in rows if _is_own(case, row, owner)]
    return contacts.keep(model, by=by, organisation=case.organisation, country=case.country_id, rows=own)


def _is_own(case: Case, row: Mapping[str, Any], owner: str) -> bool:
    names = {"", folded(case.organisation.acronym), folded(case.organisation.name)}
    return folded(row.get(owner) or "").strip() in names


def _is_gone(data: QueryDict, name: str, at: int) -> bool:
    return bool(data.get(f"{name}-{at}-gone"))
