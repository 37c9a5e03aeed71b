"""Which cases may a person see? The branches of one answer; every list, count, search and page goes through them.

Visibility is scope × stage: a draft is its author's and their organisation's, OCHA and the consulted bodies see what
was submitted, the Humanitarian Coordinator what was forwarded, the country team what was put to it. A force sees no
case at all: it reads extracts.
Who sees a case by one of `branches` needs to know it whole. Of a case of class R the humanitarians of its stations see
what is restricted, and no more: `by_class`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity, Side
from requests_app.models.terms import Urgency

if TYPE_CHECKING:
    from requests_app.models import Case

SUBMITTED = Q(submitted_at__isnull=False)
SHARED = SUBMITTED & Q(consent_partners=True)  # with those whom OCHA asks
OPENED = Q(sensitivity=Sensitivity.RESTRICTED)  # only OCHA lowers a request to it
TOUCHED = ("station", "origin_station", "destination_station")  # a case touches up to three stations
CLOSED_SIDES = (Side.FORCE, Side.MISSION_CIVILIAN, Side.DONOR, Side.AUTHORITY)


@dataclass(frozen=True)
class Branch:
    """One way of being allowed: a filter on Case, or (with `body`) on the consultations of a body in a country."""

    why: str
    where: Q
    body: str = ""
    country: str | None = ""

    def as_q(self) -> Q:
        if self.body:
            return SHARED & Q(consultations__body=self.body, consultations__country=self.country)
        return self.where


def is_humanitarian(user) -> bool:
    """Cases are for active people of the humanitarian side; all others, and whoever is of none, read what was released
    to them.
    """
    return bool(getattr(user, "is_active", False)) and user.side == Side.HUMANITARIAN


def handles(user, case: Case) -> bool:
    """OCHA at the stations of the request, and the national unit."""
    if not is_humanitarian(user):
        return False
    here = case.station_ids() & scope.stations_for(user, Perm.REVIEW_CASE)
    return bool(here) or scope.has_perm(user, Perm.CLEAR_CASE, case)


def branches(user) -> list[Branch]:
    """Every way in which this person may see cases, each with an index of its own."""
    if not is_humanitarian(user):
        return []
    found = [
        Branch("organisation", Q(organisation=grant.organisation_id, country=grant.country) & near(grant))
        for grant in filing_grants(user)
    ]
    for station in sorted(scope.stations_for(user, Perm.REVIEW_CASE)):
        found += [Branch("station", SUBMITTED & Q(**{column: station})) for column in TOUCHED]
    found += [Branch("country", SUBMITTED & Q(country=code)) for code in _countries(user, Perm.SEE_COUNTRY_CASES)]
    found += [
        Branch("decision", Q(country=code, forwarded_at__isnull=False))
        for code in _countries(user, Perm.READ_FORWARDED)
    ]
    found += [
        Branch("decision", Q(forwarded_at__isnull=False) & delegated(grant)) for grant in scope.delegated_grants(user)
    ]
    found += [
        Branch("consulted", Q(), f"cluster:{cluster}", country)
        for country, cluster in sorted(scope.clusters_for(user, Perm.ADVISE_CLUSTER))
    ]
    found += [Branch("consulted", Q(), "undss", code) for code in _countries(user, Perm.ADVISE_UN_SECURITY)]
    found += [Branch("consulted", Q(), "ngo_adviser", code) for code in _countries(user, Perm.ADVISE_NGO_SECURITY)]
    found += [
        Branch("team", SHARED & Q(country=country) & _at_the_table(organisation))
        for country, spoken in sorted(scope.spoken_for(user, Perm.TAKE_POSITION).items())
        for organisation in sorted(spoken)
    ]
    if any(grant.perm == Perm.RECORD_FOR_OTHERS for grant in scope.grants(user)):
        found.append(Branch("recorder", Q(created_by=user, status="draft")))
    return found


def _at_the_table(organisation: int) -> Q:
    """Put to the country team, with a seat for this organisation; also what became of it afterwards."""
    seats = apps.get_model("requests_app", "TeamSeat").objects.filter(organisation=organisation)
    return Q(team_consultation__in=seats.order_by().values("consultation"))


def by_class(user) -> list[Branch]:
    """Cases of class R at the stations where this person works, whatever their role, if partners may read them.

    Where they see what touches the station, or all of the country, this way would show nothing more.
    """
    if not is_humanitarian(user):
        return []
    found = []
    reviewed, overseen = scope.stations_for(user, Perm.REVIEW_CASE), _countries(user, Perm.SEE_COUNTRY_CASES)
    for country, stations in sorted(scope.places_of_work(user).items()):
        others = sorted(stations - reviewed)
        if others and country not in overseen:
            touched = Q()
            for column in TOUCHED:
                touched |= Q(**{f"{column}__in": others})
            found.append(Branch("class", SHARED & OPENED & Q(country=country) & touched))
    return found


def shared_q(user, case_model) -> Q:
    """Cases shared with this person one by one."""
    return SHARED & Q(pk__in=scope.shared_ids(user, case_model, "view_case"))


def held_files(user) -> Q:
    """The files of the forces for which this person answers, as a filter on ForceFile: organisation and country."""
    pairs = {
        (grant.organisation_id, grant.country) for grant in scope.grants(user) if grant.perm == Perm.ANSWER_AS_FORCE
    }
    held = Q(pk__in=[])
    for organisation, country in pairs:
        held |= Q(organisation=organisation, country=country)
    return held


def asked_by(user) -> Q:
    """The reverse requests of the forces for which this person asks, as a filter on ReverseRequest."""
    pairs = {(grant.organisation_id, grant.country) for grant in scope.grants(user) if grant.perm == Perm.ASK_REVERSE}
    asked = Q(pk__in=[])
    for organisation, country in pairs:
        asked |= Q(organisation=organisation, country=country)
    return asked


def reverse_q(user) -> Q:
    """The reverse requests that a humanitarian reads: scope × stage, as with cases."""
    seen = Q(pk__in=[])
    if not is_humanitarian(user):
        return seen
    if stations := sorted(scope.stations_for(user, Perm.REVIEW_CASE)):
        seen |= Q(station__in=stations)
    if countries := _countries(user, Perm.SEE_COUNTRY_CASES):
        seen |= Q(country__in=countries)
    if countries := _countries(user, Perm.DECIDE_CASE):
        seen |= Q(country__in=countries, hc_from__isnull=False)
    for organisation, country in sorted(owners(user)):
        seen |= Q(owner=organisation, country=country, received_at__isnull=False)
    return seen


def owners(user) -> set[tuple[int, str]]:
    """For which organisations, in which countries, this person speaks when an asset of theirs is asked for."""
    grants = filing_grants(user) if is_humanitarian(user) else []
    return {(grant.organisation_id, grant.country) for grant in grants if grant.organisation_id and grant.country}


def few_branches(user) -> list[Branch]:
    """The same ways, with all stations of an officer as one: for questions that need no order, or few rows."""
    ways = branches(user)
    stations = scope.stations_for(user, Perm.REVIEW_CASE)
    if not stations:
        return ways
    touched = Q()
    for column in TOUCHED:
        touched |= Q(**{f"{column}__in": sorted(stations)})
    return [*(way for way in ways if way.why != "station"), Branch("station", SUBMITTED & touched)]


def shared_branch(user) -> Branch:
    """The same as a branch of lists: entered by the person's own rows in the table of what was shared."""
    shared = Q(caseuserpermission__user=user.pk, caseuserpermission__permission__codename="view_case")
    return Branch("shared", SHARED & shared)


def near(grant: scope.Grant) -> Q:
    """What of their organisation's a person based at a station reads: what touches it, and what they began."""
    if grant.station_id is None:
        return Q()
    touched = Q(created_by=grant.user_id)
    for column in TOUCHED:
        touched |= Q(**{column: grant.station_id})
    return touched


def delegated(grant: scope.Grant) -> Q:
    """The requests on which a delegation lets this person decide: of its types, perhaps the urgent ones only."""
    scope_of_it = Q(country=grant.country, request_type__in=sorted(grant.request_types))
    return scope_of_it & ~Q(urgency=Urgency.ROUTINE) if grant.urgent_only else scope_of_it


def filing_grants(user) -> list[scope.Grant]:
    """The rights by which this person files, one for each organisation, country and base."""
    seen: dict[tuple, scope.Grant] = {}
    for grant in scope.grants(user):
        if grant.perm == Perm.FILE_CASE:
            seen.setdefault((grant.organisation_id, grant.country, grant.station_id), grant)
    return list(seen.values())


def _countries(user, perm: Perm) -> list[str]:
    return sorted(scope.countries_for(user, perm))
