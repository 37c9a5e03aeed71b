"""Who answers now for a duty station or a country, and on which telephone?

A station without an officer is covered by the station named for it, else by the national unit. Whoever has a stand-in
today is away: the stand-in is on duty in their place.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from django.db.models import FilteredRelation, Q

from cmcoord.accounts.models import Appointment, User
from cmcoord.accounts.roles import NOT_BY_STAND_IN, STATION_ROLES, Perm, Role, roles_with
from cmcoord.activity.statements import Statement
from cmcoord.places.models import Country, DutyStation

OWN, COVERED, NATIONAL = "own", "covered", "national"


@dataclass(frozen=True)
class Duty:
    """Who is on duty, where they sit, and the number to call. `how` is own, covered or national."""

    people: list[User] = field(default_factory=list)
    how: str = NATIONAL
    place: str = ""
    telephone: str = ""

    @property
    def name(self) -> str:
        return ", ".join(person.name for person in self.people)


@dataclass(frozen=True)
class Roster:
    """Everybody who holds one of some rights in a country now: each appointment with those who stand in for it."""

    seats: list[tuple[Appointment, list[User]]]

    def holders(self, perm: Perm | str, *, cluster: str | None = None) -> list[User]:
        """As scope.holders(): the holders and their stand-ins, each once, by name."""
        found: dict[int, User] = {}
        for held, stand_ins in self.seats:
            if held.role in roles_with(perm) and cluster in (None, held.cluster):
                others = [] if perm in NOT_BY_STAND_IN else stand_ins
                found |= {person.pk: person for person in (held.user, *others)}
        return sorted(found.values(), key=lambda person: (person.folded_name, person.pk))

    def on_duty_at(self, station: DutyStation, perm: Perm | str) -> list[User]:
        """As duty_at(), in no query where the station has an officer of its own."""
        return self.officers_at(station, perm) or duty_at(station, perm).people

    def officers_at(self, station: DutyStation, perm: Perm | str = Perm.REVIEW_CASE) -> list[User]:
        """The station's own officers, stand-ins in place of those away; empty where nobody sits."""
        here = [
            person
            for held, stand_ins in self.seats
            if held.role in STATION_ROLES and held.role in roles_with(perm) and held.station_id == station.pk
            for person in stand_ins or [held.user]
        ]
        return list(dict.fromkeys(here))


@cache
def _holders(roles: frozenset[Role], relation: str, person: str, first: str, last: str) -> Statement:
    """Each appointment with those who act in its place today (`lent`), once for each of them, or once with nobody."""

    def build(country, today):
        today_theirs = {f"{relation}__{first}__lte": today, f"{relation}__{last}__gte": today}
        return (
            Appointment.objects.in_force(today)
            .filter(role__in=sorted(roles), country=country, user__is_active=True)
            .annotate(lent=FilteredRelation(relation, condition=Q(**today_theirs, **{f"{relation}__ended_at": None})))
            .select_related("user__organisation", f"lent__{person}__organisation")
            .order_by("user__folded_name", "pk", "lent__pk")
        )

    return Statement(build, str, dt.date)


AWAY = ("stand_ins", "user", "starts", "ends")
DELEGATING = ("delegations", "delegate", "valid_from", "valid_to")

_stations = Statement(lambda country: DutyStation.objects.filter(country=country), str)
_stations_there = Statement(lambda country: DutyStation.objects.filter(country=country).select_related("country"), str)


def roster(country: Country, perms: Iterable[Perm]) -> Roster:
    """The roster of a country for these rights; one query."""
    roles = frozenset(role for perm in perms for role in roles_with(perm))
    return Roster(list(_acting(country, roles, AWAY).items()))


def _acting(country: Country, roles: frozenset[Role], relation: tuple[str, ...]) -> dict[Appointment, list[User]]:
    """The holders of these roles, each with those who act in their place today."""
    found: dict[Appointment, list[User]] = {}
    for held in _holders(roles, *relation)(country.pk, country.today):
        others = found.setdefault(held, [])
        lent = getattr(held, "lent", None)  # Django leaves the name away where there is nobody
        if lent and getattr(lent, relation[1]).is_active:
            others.append(getattr(lent, relation[1]))
    return found


def duty_at(where: DutyStation | Country, perm: Perm | str) -> Duty:
    """The same with place and telephone, for a page that shows one case."""
    board = duty_board(where if isinstance(where, Country) else where.country_id, perm)
    return board[where.pk if isinstance(where, DutyStation) else None]


def duty_board(country: Country | str, perm: Perm | str) -> dict[int | None, Duty]:
    """Who is on duty at every active station of a country, by station key; None is the national unit. Two queries."""
    code = country.pk if isinstance(country, Country) else country
    stations = {row.pk: row for row in (_stations if isinstance(country, Country) else _stations_there)(code)}
    holder = next(iter(stations.values()), None)
    seat = country if isinstance(country, Country) else holder.country if holder else Country.objects.get(pk=code)
    present = _people_by_station(seat, perm)
    board: dict[int | None, Duty] = {None: _national(seat, present)}
    for station in stations.values():
        by = _answering(station, stations, present)
        board[station.pk] = _sits_at(by, station, present) if by else board[None]
    return board


def duty_near(country: Country, station: DutyStation | None, perm: Perm | str) -> tuple[Duty | None, Duty]:
    """Who is on duty at a station, None where no officer answers for it; and who in the national unit.

    One query where the station has an officer of its own, else two.
    """
    present = _people_by_station(country, perm)
    national = _national(country, present)
    if station is None:
        return None, national
    stations = {} if present.get(station.pk) else {row.pk: row for row in _stations(country.pk)}
    by = _answering(station, stations, present)
    return (_sits_at(by, station, present) if by else None), national


def _national(country: Country, present: dict[int | None, list[User]]) -> Duty:
    people = present.get(None, [])
    return Duty(people, NATIONAL, country.name, country.national_unit_telephone or _first_number(people))


def _sits_at(by: DutyStation, station: DutyStation, present: dict[int | None, list[User]]) -> Duty:
    """Those of one station, who answer for it or for another."""
    people = present[by.pk]
    return Duty(people, OWN if by == station else COVERED, by.name, by.telephone or _first_number(people))


def _people_by_station(country: Country, perm: Perm | str) -> dict[int | None, list[User]]:
    """Holders of a right in a country by the station of their role; None for roles that no station narrows."""
    relation = DELEGATING if perm == Perm.DECIDE_CASE else AWAY
    found: dict[int | None, list[User]] = {}
    for held, acting in _acting(country, roles_with(perm), relation).items():
        seat = found.setdefault(held.station_id if held.role in STATION_ROLES else None, [])
        if perm == Perm.DECIDE_CASE:  # whoever decides by delegation answers too, nobody instead
            people = [held.user, *acting]
        else:
            people = [held.user] if perm in NOT_BY_STAND_IN else acting or [held.user]
        seat += [person for person in people if person not in seat]
    return found


def _answering(station: DutyStation, stations: dict[int, DutyStation], present: dict) -> DutyStation | None:
    """The station itself if it has somebody, else the first along the chain of covering stations that has."""
    seen: set[int] = set()
    here: DutyStation | None = station
    while here is not None and here.pk not in seen:
        if present.get(here.pk):
            return here
        seen.add(here.pk)
        here = stations.get(here.covered_by_id or 0)
    return None


def _first_number(people: list[User]) -> str:
    return next((person.telephone for person in people if person.telephone), "")
