"""Who keeps the posts of an organisation, its fleet, the register of forces, and the bodies with their seats?"""

from __future__ import annotations

import re

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import STATION_ROLES, Perm
from cmcoord.activity.barrier import Side
from cmcoord.places.models import Country, folded
from contacts.models import Address, Body, FleetRow, Holding, Person, Post, Telephone

KEEPING = (Perm.FILE_CASE, Perm.RECORD_FOR_OTHERS)


def is_inside(user) -> bool:
    return bool(getattr(user, "is_active", False)) and user.side == Side.HUMANITARIAN


def may_keep(user: User, post: Post) -> bool:
    """The organisation itself, and OCHA where it writes down for others; OCHA alone for those of the other sides."""
    return is_inside(user) and (
        scope.has_perm(user, Perm.FILE_CASE, post) or scope.has_perm(user, Perm.RECORD_FOR_OTHERS, post)
    )


def may_verify(user: User, post: Post) -> bool:
    """Newcomers are verified by OCHA: the focal point of the station, or the national unit."""
    return is_inside(user) and scope.has_perm(user, Perm.RECORD_FOR_OTHERS, post)


def keeps_something(user: User) -> bool:
    return is_inside(user) and any(grant.perm in KEEPING for grant in scope.grants(user))


def country_of(user: User) -> Country:
    """The first country in which this person keeps posts."""
    return Country.objects.get(
        pk=next(one.country for one in scope.grants(user) if one.perm in KEEPING and one.country)
    )


def keeps_for_others(user: User) -> bool:
    """Does this person write down posts of other organisations?"""
    return is_inside(user) and any(grant.perm == Perm.RECORD_FOR_OTHERS for grant in scope.grants(user))


def kept_by(user: User):
    """The standing posts that may_keep() answers yes for, as a queryset."""
    return Post.objects.filter(kept_where(user)).standing()


def kept_where(user: User, path: str = "") -> Q:
    """The same as a condition on the columns of posts; `path` leads to them from the rows that are asked."""
    where = Q(**{f"{path}pk__in": []})
    for grant in scope.grants(user) if is_inside(user) else ():
        if grant.perm == Perm.FILE_CASE:
            there = Q(**{f"{path}organisation": grant.organisation_id, f"{path}country": grant.country})
            if grant.station_id is not None:
                there &= Q(**{f"{path}station": grant.station_id}) | Q(**{f"{path}created_by": user})
            where |= there
        elif grant.perm == Perm.RECORD_FOR_OTHERS:
            narrow = grant.role in STATION_ROLES
            where |= Q(**{f"{path}station": grant.station_id} if narrow else {f"{path}country": grant.country})
    return where


def keeps_person(user: User, person: Person) -> bool:
    """Whoever keeps a post that the person is in; only of somebody who is in none any more, a post they were in."""
    return is_inside(user) and any(may_keep(user, one.post) for one in latest_of(person))


def people_where(user: User, path: str = "pk") -> Q:
    """The people that keeps_person() answers yes for, as a condition; `path` leads to their key."""
    held = Holding.objects.filter(person=OuterRef(path))
    kept, there = held.filter(kept_where(user, "post__")), held.filter(left_at=None)
    return Q(Exists(kept.filter(left_at=None))) | (Q(Exists(kept)) & ~Q(Exists(there)))


def people_kept(user: User):
    """The same as a queryset."""
    return Person.objects.filter(people_where(user))


def latest_of(person: Person) -> list[Holding]:
    """The posts that the person is in, or comes into; else those they were in."""
    held = held_by(person)
    return [one for one in held if one.left_at is None] or held


def is_own(user: User | None, person: Person) -> bool:
    """Is this the person's account, and still their own: of an organisation whose post they are in, or were in last?

    Whoever works elsewhere now is not read, and not spoken for, from the account of those they left.
    """
    return (
        user is not None
        and person.user_id == user.pk
        and user.organisation_id in {one.post.organisation_id for one in latest_of(person)}
    )


def is_oneself(user: User, person: Person) -> bool:
    """Does somebody speak of themself here? By their account; while none is linked, by name, telephone or address."""
    if person.user_id is not None:
        return person.user_id == user.pk
    reach = {str(row.number) for row in person.telephones.all()} | {row.email for row in person.addresses.all()}
    return names_oneself(user, person.name, reach)


def names_oneself(user: User, name: str, reach: set[str]) -> bool:
    """The same of a name with telephones (E.164) and addresses."""
    own = {user.email, "+" + re.sub(r"\D", "", user.telephone)}
    return folded(name) == folded(user.name) or bool(own & reach)


def oneself_where(user: User, path: str = "") -> Q:
    """is_oneself() as a condition on the columns of people; `path` leads to them from the rows that are asked."""
    called = Q(**{f"{path}folded_name": folded(user.name)})
    called |= Q(**{f"{path}pk__in": Address.objects.filter(email=user.email).values("person")})
    if number := re.sub(r"\D", "", user.telephone):
        called |= Q(**{f"{path}pk__in": Telephone.objects.filter(number=f"+{number}").values("person")})
    return Q(**{f"{path}user": user}) | (Q(**{f"{path}user": None}) & called)


def own_where(user: User, path: str = "pk") -> Q:
    """The same as a condition on people; `path` leads to their key."""
    held = Holding.objects.filter(person=OuterRef(path))
    here, there = held.filter(post__organisation=user.organisation_id), held.filter(left_at=None)
    return Q(user=user) & (Q(Exists(here.filter(left_at=None))) | (Q(Exists(here)) & ~Q(Exists(there))))


def held_by(person: Person) -> list[Holding]:
    """Every time in a post of this person, those that are over too."""
    if "holdings" in getattr(person, "_prefetched_objects_cache", {}):
        return list(person.holdings.all())
    return list(person.holdings.select_related("post__country", "post__station", "post__organisation"))


def not_yours() -> str:
    return _("You cannot keep posts of this organisation at this duty station.")


def organisations_of(user: User) -> set[int]:
    """The organisations of one's own for which one files."""
    return scope.organisations_for(user, Perm.FILE_CASE)


def others_of(user: User, country: str):
    """The organisations in a country, of whatever side, for OCHA to keep."""
    return Organisation.objects.filter(countries=country, active=True)


# ── the fleet ────────────────────────────────────────────────────────────────────────────────────────────────────────


def fleets_of(user: User) -> set[tuple[int, str]]:
    """The fleets that this person keeps, as (organisation, country): of the organisation for which they file, there."""
    if not is_inside(user):
        return set()
    return {
        (grant.organisation_id, grant.country)
        for grant in scope.grants(user)
        if grant.perm == Perm.FILE_CASE and grant.organisation_id and grant.country
    }


def keeps_fleet_of(user: User, row: FleetRow) -> bool:
    """Is this row of a fleet that this person keeps?"""
    return (row.organisation_id, row.country_id) in fleets_of(user)


def not_your_fleet() -> str:
    return _("Vehicles and drivers are kept by the organisation itself, in the country where it files.")


# ── the register of forces ───────────────────────────────────────────────────────────────────────────────────────────


def register_right(user: User, perm: Perm, country: str) -> scope.Grant | None:
    """The right about the register of this country; a force is rated for the country, whatever the duty station.

    Nobody of another side has it, member of the country team or not (domain.md §4.2).
    """
    held = [grant for grant in scope.grants(user) if grant.perm == perm and grant.country == country]
    return min(held, key=lambda grant: grant.principal_id is not None, default=None) if is_inside(user) else None


def registers_of(user: User) -> set[str]:
    """The countries whose register this person reads."""
    if not is_inside(user):
        return set()
    return {grant.country for grant in scope.grants(user) if grant.perm == Perm.SEE_REGISTER and grant.country}


def reads_register(user: User, country: str) -> bool:
    return country in registers_of(user)


# ── bodies, seats, missing liaison ───────────────────────────────────────────────────────────────────────────────────


def countries_of(user: User) -> set[str]:
    """The countries in which somebody is appointed, in whatever role: whose directory they open."""
    if not getattr(user, "is_active", False):
        return set()
    return {held.country_id for held in scope.appointments(user) if held.country_id}


def countries_read(user: User) -> list[Country]:
    """The same as rows, by code; read together with the rights."""
    there = {held.country.pk: held.country for held in scope.appointments(user) if held.country}
    return [there[code] for code in sorted(countries_of(user))]


def leads_bodies(user: User, country: str) -> bool:
    """The national unit: for every body of its country, and for its stages of life."""
    return is_inside(user) and any(
        grant.perm == Perm.CLEAR_CASE and grant.country == country for grant in scope.grants(user)
    )


def keeps_body(user: User, body: Body) -> bool:
    """OCHA alone: the national unit, and for bodies of a duty station its officer there."""
    return leads_bodies(user, body.country_id) or (
        is_inside(user) and scope.has_perm(user, Perm.RECORD_FOR_OTHERS, body)
    )


def bodies_kept_where(user: User, path: str = "") -> Q:
    """keeps_body() as a condition on the columns of bodies; `path` leads to them from the rows that are asked."""
    kept = Q(**{f"{path}pk__in": []})
    for grant in scope.grants(user) if is_inside(user) else ():
        if grant.perm == Perm.CLEAR_CASE and grant.country:
            kept |= Q(**{f"{path}country": grant.country})
        elif grant.perm == Perm.RECORD_FOR_OTHERS and grant.role in STATION_ROLES:
            kept |= Q(**{f"{path}country": grant.country, f"{path}station": grant.station_id})
    return kept


def bodies_of(user: User):
    """The bodies that this person reads: of their countries; other sides than humanitarians share the cells alone."""
    found = Body.objects.filter(country__in=countries_of(user))
    return found if is_inside(user) else found.cells().exclude(stage__in=(Body.Stage.PROPOSED, Body.Stage.CLOSED))


def reads_body(user: User, body: Body) -> bool:
    """The same of one body. A force, a donor or the mission's civilians share the cells with the humanitarians."""
    shared = body.kind == Body.Kind.CELL and body.stage in (Body.Stage.ACTIVE, Body.Stage.DORMANT)
    return body.country_id in countries_of(user) and (is_inside(user) or shared)


def notes_liaison(user: User, country: str) -> bool:
    """Who writes down where liaison is missing: OCHA of the country, wherever it works."""
    return is_inside(user) and any(
        grant.perm == Perm.RECORD_FOR_OTHERS and grant.country == country for grant in scope.grants(user)
    )


def not_your_body() -> str:
    return _("Bodies and their seats are kept by OCHA: the national unit, and the officer of the duty station.")
