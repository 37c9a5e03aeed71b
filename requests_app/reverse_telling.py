"""Who hears of a move of a reverse request? The audiences that its table names, as people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cmcoord.accounts import duty, scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.services import Tell
from requests_app.models import ReverseRequest
from requests_app.telling import NATIONAL_UNIT


def ocha(reverse: ReverseRequest) -> list[User]:
    """OCHA on duty at the station, and the national unit."""
    here = duty.duty_at(reverse.station, Perm.REVIEW_CASE).people
    return [*here, *scope.holders(Perm.CLEAR_CASE, country=reverse.country_id)]


def owner(reverse: ReverseRequest) -> list[User]:
    """Everybody who files for the organisation that owns the asset, in this country."""
    return scope.holders(Perm.FILE_CASE, organisation=reverse.owner_id, country=reverse.country_id)


def asked_owner(reverse: ReverseRequest) -> list[User]:
    return owner(reverse) if reverse.received_at else []


def coordinator(reverse: ReverseRequest) -> list[User]:
    return scope.holders(Perm.DECIDE_CASE, country=reverse.country_id)


def told_coordinator(reverse: ReverseRequest) -> list[User]:
    return coordinator(reverse) if reverse.hc_from else []


def force(reverse: ReverseRequest) -> list[User]:
    """Those of the force that asked who may ask."""
    return scope.holders(Perm.ASK_REVERSE, organisation=reverse.organisation_id, country=reverse.country_id)


AUDIENCES: dict[str, Callable[[ReverseRequest], list[User]]] = {
    "ocha": ocha,
    "owner": owner,
    "asked_owner": asked_owner,
    "coordinator": coordinator,
    "told_coordinator": told_coordinator,
    "force": force,
}


def audience(reverse: ReverseRequest, tells: Iterable[tuple[str, str]]) -> list[Tell]:
    """The people of these audiences with what is expected of each; record() keeps each person once."""
    return [Tell(person, expects) for name, expects in tells for person in AUDIENCES[name](reverse)]


def duty_lines(reverse: ReverseRequest) -> list[dict]:
    """Whom to telephone: the station, then the national unit; duty telephones, never a person's own."""
    station, national = reverse.station, reverse.country.national_unit_telephone
    found: list[dict] = []
    if station.telephone:
        found.append({"function": f"OCHA {station.name}", "telephone": station.telephone})
    if national and national != station.telephone:
        found.append({"function": NATIONAL_UNIT, "telephone": national})
    return found or [{"function": f"OCHA {station.name}", "telephone": ""}]
