"""Who hears of a move, and what is expected of each? The audiences that the table of moves names, as people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from cmcoord.accounts import duty, scope
from cmcoord.accounts.models import DecisionDelegation, User
from cmcoord.accounts.roles import Perm, Role
from cmcoord.activity.services import Tell
from cmcoord.activity.sms import SOON
from cmcoord.places.models import DutyStation
from requests_app import consensus, transmission
from requests_app.models import Case, Extract

ROSTER = (
    Perm.REVIEW_CASE, Perm.CLEAR_CASE, Perm.DECIDE_CASE, Perm.ADVISE_CLUSTER, Perm.ADVISE_UN_SECURITY,
    Perm.ADVISE_NGO_SECURITY,
)  # fmt: skip
NATIONAL_UNIT = {"en": "OCHA, national unit", "fr": "OCHA, unité nationale"}
STOPS = ("suspend", "suspend_provider", "cancel", "withdraw", "withdraw_force", "deny", "abort", "expire")
ADVISERS = {"undss": Perm.ADVISE_UN_SECURITY, "ngo_adviser": Perm.ADVISE_NGO_SECURITY}


def roster(case: Case) -> duty.Roster:
    """Who holds which right in the country of the case: read once for each reading of the case."""
    if "_roster" not in case.__dict__:
        case.__dict__["_roster"] = duty.roster(case.country, ROSTER)
    return case.__dict__["_roster"]


def requester(case: Case) -> list[User]:
    """Who wrote the request; if that person left or is of OCHA, everybody who files for the organisation."""
    author = case.created_by
    if author.is_active and author.organisation_id == case.organisation_id:
        return [author]
    return filers(case)


def filers(case: Case) -> list[User]:
    """Everybody who may file for the organisation of this request and read it."""
    return scope.holders(
        Perm.FILE_CASE, organisation=case.organisation_id, country=case.country_id, near=case.scope_facts()
    )


def station(case: Case) -> list[User]:
    """OCHA on duty at the station where it was filed: its officer, the covering station's, else the national unit."""
    return roster(case).on_duty_at(case.station, Perm.REVIEW_CASE)


def national(case: Case) -> list[User]:
    return roster(case).holders(Perm.CLEAR_CASE)


def ocha(case: Case) -> list[User]:
    return [*station(case), *national(case)]


def coordinator(case: Case) -> list[User]:
    """The Humanitarian Coordinator, then who decides on such a request by delegation; one query. Of a patrol nobody."""
    if case.is_patrol:
        return []
    rows = DecisionDelegation.objects.covering(
        country=case.country_id, request_type=case.request_type, urgent=case.is_urgent
    )
    return [*roster(case).holders(Perm.DECIDE_CASE), *(row.delegate for row in rows.order_by("pk"))]


def decider(case: Case) -> list[User]:
    """The Humanitarian Coordinator, once the case was forwarded."""
    return coordinator(case) if case.forwarded_at else []


def head_of_office(case: Case) -> list[User]:
    return scope.role_holders(Role.HEAD_OF_OFFICE, country=case.country_id)


def team(case: Case) -> list[User]:
    """The country team, once the request was put to it."""
    return consensus.people(case)


def team_awaited(case: Case) -> list[User]:
    """Those of the country team whose position is still missing."""
    return consensus.awaited(case)


def consulted(case: Case) -> list[User]:
    """People of every body that was asked."""
    return [person for body in sorted(case.consulted_bodies()) for person in body_people(case, body)]


def body_people(case: Case, body: str) -> list[User]:
    """Who answers for one consulted body; nobody, unless the organisation consents that partners read the request."""
    if body != "own_security" and not case.consent_partners:
        return []
    if body.startswith("cluster:"):
        return roster(case).holders(Perm.ADVISE_CLUSTER, cluster=body.partition(":")[2])
    return roster(case).holders(ADVISERS[body]) if body in ADVISERS else requester(case)


def force(case: Case) -> list[User]:
    """The force that holds the request; services.sending tells it of moves, by its papers."""
    request = transmission.held(case)
    return force_people(request, case) if request else []


def force_headquarters(case: Case) -> list[User]:
    request = transmission.held(case)
    return headquarters_of(request, case) if request else []


def force_people(paper: Extract, case: Case) -> list[User]:
    """Who answers for the force to which this paper went, in the country of the case."""
    return scope.holders(Perm.ANSWER_AS_FORCE, organisation=paper.organisation_id, country=case.country_id)


def headquarters_of(paper: Extract, case: Case) -> list[User]:
    return scope.role_holders(Role.FORCE_OPS, organisation=paper.organisation_id, country=case.country_id)


AUDIENCES: dict[str, Callable[[Case], list[User]]] = {
    "requester": requester,
    "station": station,
    "national": national,
    "ocha": ocha,
    "coordinator": coordinator,
    "decider": decider,
    "head_of_office": head_of_office,
    "consulted": consulted,
    "team": team,
    "team_awaited": team_awaited,
    "force": force,
    "force_headquarters": force_headquarters,
}


def presses(case: Case, code: str, now: datetime) -> bool:
    """Does this move concern an urgent request, or stop one that is on the road or about to leave?"""
    if case.is_urgent:
        return True
    leaves = case.departure_at is not None and case.departure_at <= now + SOON
    return code in STOPS and case.submitted_at is not None and leaves


def duty_lines(case: Case) -> list[dict[str, Any]]:
    """Whom to telephone about this case, as a mail prints it: the station or who covers it, then the national unit.

    Duty telephones, never a person's own.
    """
    station = case.station
    if not roster(case).officers_at(station):
        covering = DutyStation.objects.filter(pk=scope.cover_map().get(station.pk, 0)).first()
        station = covering or station
    found: list[dict[str, Any]] = []
    if station.telephone:
        found.append({"function": f"OCHA {station.name}", "telephone": station.telephone})
    national = case.country.national_unit_telephone
    if national and national != station.telephone:
        found.append({"function": NATIONAL_UNIT, "telephone": national})
    return found or [{"function": f"OCHA {station.name}", "telephone": ""}]


def audience(case: Case, tells: Iterable[tuple[str, str]]) -> list[Tell]:
    """The people of these audiences with what is expected of each; record() keeps each person once."""
    return [Tell(person, expects) for name, expects in tells for person in AUDIENCES[name](case)]
