"""May this person do that, here, today? And the set questions: which stations, which countries, who holds a right now.

The only file that asks django-guardian. Rights come from appointments in force, from stand-ins in force for them, and
from delegations of the Humanitarian Coordinator; they are read once for each request (at most two queries, one more for
a delegate, kept on the user object that the request made) and never kept longer, so that a right begins and ends with
its date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.contrib.auth.backends import BaseBackend
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, get_users_with_perms
from guardian.utils import get_user_obj_perms_model

from cmcoord.accounts.models import Appointment, DecisionDelegation, Organisation, StandIn, User
from cmcoord.accounts.roles import NOT_BY_STAND_IN, ROLE_PERMS, ROLES, STATION_ROLES, Perm, Role, roles_with
from cmcoord.places.local_dates import PORTAL_ZONE
from cmcoord.places.models import DutyStation


@dataclass(frozen=True)
class Grant:
    """One right of one person: which, in which role, where, and for whom if they stand in for somebody.

    `station_id` is matched for roles whose scope names a station, or a base: who is based at a station has the right
    for what touches it and for what they began, who is based nowhere has it everywhere. For others it says where they
    work.
    `covering` marks a station without an officer of its own that this person's station covers.
    `delegation_id` tells that the decision was delegated by `principal_id`: only for these types of request, perhaps
    only for urgent ones, and never for what the Humanitarian Coordinator does in person.
    """

    perm: Perm
    user_id: int
    role: Role
    country: str | None
    station_id: int | None
    cluster: str
    organisation_id: int | None
    appointment_id: int
    principal_id: int | None = None
    covering: bool = False
    zone: str = ""
    delegation_id: int | None = None
    request_types: frozenset[str] = frozenset()
    urgent_only: bool = False

    @property
    def in_person(self) -> bool:
        """Under the person's own appointment: neither as a stand-in nor by delegation."""
        return self.principal_id is None

    def matches(self, facts: dict) -> bool:
        """Is every field that this role's scope names satisfied by what the object says of itself?"""
        return self._covers(facts) and all(_SATISFIES[field](self, facts) for field in ROLES[self.role].scope)

    def _covers(self, facts: dict) -> bool:
        """Was the decision on such a request delegated? Any other right is not narrowed by the kind of request."""
        if self.delegation_id is None:
            return True
        return facts.get("request_type") in self.request_types and (not self.urgent_only or facts.get("urgent", False))


class Station(NamedTuple):
    """An active duty station as every page needs it: who covers it, and has it an officer of its own?"""

    pk: int
    covered_by: int | None
    staffed: bool
    country: str
    code: str
    name: str
    telephone: str


_SATISFIES = {
    "country": lambda grant, facts: grant.country is not None and grant.country == facts.get("country"),
    "station": lambda grant, facts: grant.station_id in facts.get("stations", ()),
    "cluster": lambda grant, facts: bool(grant.cluster) and grant.cluster in facts.get("clusters", ()),
    "organisation": lambda grant, facts: (
        grant.organisation_id is not None and grant.organisation_id == facts.get("organisation")
    ),
    "force": lambda grant, facts: grant.organisation_id in facts.get("forces", ()),
    "base": lambda grant, facts: (
        grant.station_id is None or grant.station_id in facts.get("touches", ()) or grant.user_id == facts.get("author")
    ),
}


def grants(user) -> tuple[Grant, ...]:
    """Every right this person has now, own ones first. One query, and one more for those who work at a duty station."""
    if not getattr(user, "is_active", False) or not getattr(user, "pk", None):
        return ()
    if getattr(user, "_grants", None) is None:
        user._grants = _read_grants(user)
    return user._grants


def appointments(user) -> tuple[Appointment, ...]:
    """What this person holds or stands in for now, roles without any right included; read together with the grants."""
    grants(user)
    return getattr(user, "_appointments", ())


def delegations(user) -> tuple[DecisionDelegation, ...]:
    """By which delegations this person decides now; read together with the grants."""
    grants(user)
    return getattr(user, "_delegations", ())


def forget_grants(user) -> None:
    """After a change of rights within one request: read them again when next asked."""
    user._grants = user._stations = None


def active_stations(user) -> tuple[Station, ...]:
    """Every active duty station, by name. One query, and none where the grants have read them already."""
    if getattr(user, "_stations", None) is None:
        user._stations = _read_stations()
    return user._stations


def _read_grants(user) -> tuple[Grant, ...]:
    found: list[Any] = list(_held_by(user))  # with what the query said of each
    mine = [held for held in found if held.user_id == user.pk or held.lent]
    user._appointments = tuple(sorted(mine, key=lambda held: (held.user_id != user.pk, held.pk)))
    user._delegations = _delegated(user, [held for held in found if held.delegated])
    return (*_of_appointments(user), *map(_of_delegation, user._delegations))


def _of_appointments(user) -> list[Grant]:
    at_station = any(held.role in STATION_ROLES for held in user._appointments)
    covers = _cover_map(active_stations(user)) if at_station else {}
    found: list[Grant] = []
    for held in user._appointments:
        principal = None if held.user_id == user.pk else held.user_id
        perms = ROLE_PERMS[Role(held.role)] - (NOT_BY_STAND_IN if principal else frozenset())
        covered = [st for st, cover in covers.items() if cover == held.station_id] if held.role in STATION_ROLES else []
        for station_id in (held.station_id, *covered):
            found += [
                Grant(
                    perm=perm,
                    user_id=user.pk,
                    role=Role(held.role),
                    country=held.country_id,
                    station_id=station_id,
                    cluster=held.cluster,
                    organisation_id=held.organisation_id,
                    appointment_id=held.pk,
                    principal_id=principal,
                    covering=station_id != held.station_id,
                    zone=held.country.timezone if held.country_id else "",
                )
                for perm in sorted(perms)
            ]
    return found


def _of_delegation(row: DecisionDelegation) -> Grant:
    return Grant(
        perm=Perm.DECIDE_CASE,
        user_id=row.delegate_id,
        role=Role(row.appointment.role),
        country=row.appointment.country_id,
        station_id=None,
        cluster="",
        organisation_id=None,
        appointment_id=row.appointment_id,
        principal_id=row.appointment.user_id,
        zone=row.country.timezone,
        delegation_id=row.pk,
        request_types=frozenset(row.request_types),
        urgent_only=row.urgent_only,
    )


def _held_by(user) -> QuerySet[Appointment]:
    """Appointments in force that this person holds, stands in for today (`lent`), or decides under (`delegated`), each
    with the organisation of who holds it (`employer`).
    """
    standing_in = StandIn.objects.in_force().filter(user=user, appointment=OuterRef("pk"))
    delegated = DecisionDelegation.objects.in_force().filter(delegate=user, appointment=OuterRef("pk"))
    mine = Q(user=user) | Q(lent=True) | Q(delegated=True)
    held = Appointment.objects.in_force().annotate(lent=Exists(standing_in), delegated=Exists(delegated))
    held = held.annotate(employer=F("user__organisation"))
    return held.filter(mine, user__is_active=True).select_related("country", "station")


def _delegated(user, under: list[Appointment]) -> tuple[DecisionDelegation, ...]:
    """The delegations in force under these appointments; no query where there are none."""
    if not under:
        return ()
    rows = DecisionDelegation.objects.in_force().filter(delegate=user, appointment__in=under).order_by("pk")
    return tuple(rows.select_related("appointment__user", "appointment__country"))


def cover_map() -> dict[int, int]:
    """Which station answers for each station without an officer: {station: covering station}. One query.

    A station that is covered by nobody is not in it: the national unit answers there.
    """
    return _cover_map(_read_stations())


def _read_stations() -> tuple[Station, ...]:
    officers = _appointments_of_active().filter(role__in=STATION_ROLES, station=OuterRef("pk"))
    rows = DutyStation.objects.filter(active=True).order_by("name", "pk").values_list(
        "pk", "covered_by_id", Exists(officers), "country_id", "code", "name", "telephone"
    )  # fmt: skip
    return tuple(Station(*row) for row in rows)


def _cover_map(stations: Iterable[Station]) -> dict[int, int]:
    cover = {station.pk: station.covered_by for station in stations}
    staffed = {station.pk for station in stations if station.staffed}
    return {pk: by for pk in cover if pk not in staffed and (by := _first_staffed(pk, cover, staffed))}


def _first_staffed(station_id: int | None, cover: dict, staffed: set) -> int | None:
    seen = {station_id}
    while (station_id := cover.get(station_id)) and station_id not in seen:
        if station_id in staffed:
            return station_id
        seen.add(station_id)
    return None


def _appointments_of_active() -> QuerySet[Appointment]:
    return Appointment.objects.in_force().filter(user__is_active=True)


# ── one object ───────────────────────────────────────────────────────────────────────────────────────────────────────


class ScopeBackend(BaseBackend):
    """Django's question user.has_perm(perm, obj), answered from appointments. Without an object: anywhere at all?"""

    def has_perm(self, user_obj, perm, obj=None):
        return has_perm(user_obj, perm, obj)


def has_perm(user, perm: Perm | str, obj=None) -> bool:
    """May this person do `perm` on `obj`, which tells its place by scope_facts()?"""
    return grant_for(user, perm, obj) is not None


def grant_for(user, perm: Perm | str, obj=None) -> Grant | None:
    """The right by which this person may do it, to record capacity and "for whom"; an own right before another's."""
    held = [grant for grant in grants(user) if grant.perm == perm]
    if held and obj is not None:
        facts = obj.scope_facts()
        held = [grant for grant in held if grant.matches(facts)]
    return min(held, key=lambda grant: (grant.principal_id is not None, grant.covering), default=None)


# ── sets ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def stations_for(user, perm: Perm | str) -> set[int]:
    """Duty stations at which this person has the right by a station's role, covered ones included."""
    return {g.station_id for g in grants(user) if g.perm == perm and g.role in STATION_ROLES and g.station_id}


def countries_for(user, perm: Perm | str) -> set[str]:
    """Countries in which this person has the right everywhere: by a role that nothing but the country narrows."""
    return {
        g.country
        for g in grants(user)
        if g.perm == perm and ROLES[g.role].scope == ("country",) and g.country and g.delegation_id is None
    }


def delegated_grants(user) -> tuple[Grant, ...]:
    """The rights by which this person decides for the Humanitarian Coordinator, each with its types of request."""
    return tuple(grant for grant in grants(user) if grant.delegation_id is not None)


def organisations_for(user, perm: Perm | str) -> set[int]:
    """Organisations (a requester's own, a force officer's force) for which this person has the right."""
    return {
        g.organisation_id
        for g in grants(user)
        if g.perm == perm and {"organisation", "force"} & set(ROLES[g.role].scope) and g.organisation_id
    }


def clusters_for(user, perm: Perm | str) -> set[tuple[str | None, str]]:
    """Clusters for which this person has the right, as (country, cluster code)."""
    return {(g.country, g.cluster) for g in grants(user) if g.perm == perm and "cluster" in ROLES[g.role].scope}


def spoken_for(user, perm: Perm | str) -> dict[str, set[int]]:
    """Whose word this person gives by a right of a whole country: their organisation, or that of whoever they stand in
    for, by country.
    """
    employer = {held.user_id: held.employer for held in cast(Any, appointments(user))}
    found: dict[str, set[int]] = {}
    for grant in grants(user):
        if grant.perm == perm and grant.country:
            organisation = employer.get(grant.principal_id) if grant.principal_id else user.organisation_id
            if organisation:
                found.setdefault(grant.country, set()).add(organisation)
    return found


def organisations_with(perm: Perm | str, *, country) -> list[Organisation]:
    """The organisations whose people hold a right in a country now, by appointments of their own."""
    held = _appointments_of_active().filter(role__in=roles_with(perm), country=_key(country))
    return list(Organisation.objects.filter(pk__in=held.values("user__organisation")).order_by("acronym"))


def base_station(user) -> int | None:
    """Where this person works, if an appointment says so: the duty station that a form can propose."""
    return next((g.station_id for g in grants(user) if g.station_id and not g.covering), None)


def places_of_work(user) -> dict[str, set[int]]:
    """The duty stations at which this person's appointments place them, by country, whatever the role allows."""
    found: dict[str, set[int]] = {}
    for held in appointments(user):
        if held.country_id and held.station_id:
            found.setdefault(held.country_id, set()).add(held.station_id)
    return found


def covered_stations(user) -> list[DutyStation]:
    """Stations without an officer that this person's station covers now."""
    keys = {grant.station_id for grant in grants(user) if grant.covering and grant.station_id}
    return list(DutyStation.objects.filter(pk__in=keys)) if keys else []


def zone_of(user) -> str:
    """The time zone of the country where this person works; the portal's for those who work for all of it."""
    return next((held.country.timezone for held in appointments(user) if held.country_id), PORTAL_ZONE)


def holders(
    perm: Perm | str,
    *,
    country=None,
    station=None,
    cluster=None,
    organisation=None,
    near: dict | None = None,
    employers: Iterable[int] | None = None,
) -> list[User]:
    """People who hold a right now, stand-ins included where they take it over; one query, by name.

    Each argument narrows to appointments that carry exactly that value: `station` finds a station's own officers, not
    the national unit above them. duty.duty_at() is the question with the fallbacks. Instances and keys both serve.
    `near` are the facts of an object: of those who are based at a station, only whom it touches, and who began it.
    `employers` are organisations: whoever is appointed and works for one of them.
    """
    named = {
        "country": _key(country), "station": _key(station), "cluster": cluster, "organisation": _key(organisation)
    }  # fmt: skip
    narrowed = {field: value for field, value in named.items() if value is not None}
    appointments = _appointments_of_active().filter(role__in=roles_with(perm), **narrowed)
    if near is not None:
        touched = Q(station=None) | Q(station__in=[key for key in near["touches"] if key])
        appointments = appointments.filter(touched | Q(user=near["author"]))
    if employers is not None:
        appointments = appointments.filter(user__organisation__in=list(employers))
    return _people(appointments, with_stand_ins=perm not in NOT_BY_STAND_IN)


def role_holders(role: Role | str, *, country=None, station=None, organisation=None) -> list[User]:
    """People who hold one role now, stand-ins included: for those who are told because of who they are."""
    named = {"country": _key(country), "station": _key(station), "organisation": _key(organisation)}
    narrowed = {field: value for field, value in named.items() if value is not None}
    return _people(_appointments_of_active().filter(role=role, **narrowed), with_stand_ins=True)


def role_owners(role: Role | str) -> QuerySet[User]:
    """People who hold one role now by their own appointment."""
    return User.objects.filter(pk__in=_appointments_of_active().filter(role=role).values("user"))


def still_administrators() -> QuerySet[User]:
    """Those whose proposals can still be confirmed, because nobody removed them as administrators.

    Who stood in may have gone back to their own work; who was deactivated, or whose stand-in was ended, may not.
    """
    held = _appointments_of_active().filter(role=Role.ADMIN)
    stood_in = StandIn.objects.filter(appointment__in=held, ended_at=None)
    still = Q(pk__in=held.values("user")) | Q(pk__in=stood_in.values("user"))
    return User.objects.filter(still, is_active=True)


def why_lapsed(proposer: User | None) -> str:
    """ "" or why nobody can confirm any more what this person proposed; None is the founding."""
    if proposer is None or still_administrators().filter(pk=proposer.pk).exists():
        return ""
    return _("This has lapsed: %(name)s, who proposed it, is no longer an administrator.") % {"name": proposer}


def mark_lapsed(rows: Iterable[Any], proposer: str) -> None:
    """Set `lapsed` on each of these rows, of which the field `proposer` names who proposed it: one query."""
    still = set(still_administrators().values_list("pk", flat=True))
    for row in rows:
        row.lapsed = getattr(row, f"{proposer}_id") not in {*still, None}


def _people(appointments: QuerySet[Appointment], *, with_stand_ins: bool) -> list[User]:
    found = Q(pk__in=appointments.values("user"))
    if with_stand_ins:
        found |= Q(pk__in=StandIn.objects.in_force().filter(appointment__in=appointments).values("user"))
    return list(User.objects.filter(found, is_active=True).select_related("organisation").order_by("folded_name", "pk"))


def _key(value):
    return value.pk if isinstance(value, Model) else value


# ── shared object by object ──────────────────────────────────────────────────────────────────────────────────────────


def shared_ids(user, model: type[Model], perm: str) -> QuerySet:
    """Keys of the objects of `model` that were shared with this person one by one, for use in pk__in.

    Read from the model's own direct-foreign-key table of guardian, which keeps the query one index deep however many
    objects there are (get_objects_for_user nests the whole table). Groups and global permissions do not count.
    """
    shares = cast(Any, get_user_obj_perms_model(cast(Any, model))).objects
    if not getattr(user, "is_active", False):
        return shares.none().values("content_object")
    return shares.filter(user=user, permission__codename=perm).values("content_object")


def share(obj: Model, perm: str, *, user: User) -> None:
    """Share one object with one person. The caller records the event."""
    assign_perm(perm, user, obj)


def shared_with(obj: Model, perm: str) -> Iterable[User]:
    """The people with whom one object was shared."""
    found = get_users_with_perms(obj, only_with_perms_in=[perm], with_group_users=False, with_superusers=False)
    return cast(Iterable[User], found)
