"""Who keeps the posts of an organisation, who its fleet, and who the register of forces?"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import SIDE_OF_TYPE, Organisation, User
from cmcoord.accounts.roles import STATION_ROLES, Perm
from cmcoord.activity.barrier import Side
from contacts.models import FleetRow, Post

KEEPING = (Perm.FILE_CASE, Perm.RECORD_FOR_OTHERS)


def is_inside(user) -> bool:
    return bool(getattr(user, "is_active", False)) and user.side == Side.HUMANITARIAN


def may_keep(user: User, post: Post) -> bool:
    """The organisation itself, and OCHA where it writes down for others."""
    return is_inside(user) and (
        scope.has_perm(user, Perm.FILE_CASE, post)
        or (post.organisation.org_type not in SIDE_OF_TYPE and scope.has_perm(user, Perm.RECORD_FOR_OTHERS, post))
    )


def keeps_something(user: User) -> bool:
    return is_inside(user) and any(grant.perm in KEEPING for grant in scope.grants(user))


def kept_by(user: User):
    """The standing posts that may_keep() answers yes for, as a queryset."""
    where = Q(pk__in=[])
    for grant in scope.grants(user) if is_inside(user) else ():
        if grant.perm == Perm.FILE_CASE:
            near = Q() if grant.station_id is None else Q(station=grant.station_id) | Q(created_by=user)
            where |= Q(organisation=grant.organisation_id, country=grant.country) & near
        elif grant.perm == Perm.RECORD_FOR_OTHERS:
            there = Q(station=grant.station_id) if grant.role in STATION_ROLES else Q(country=grant.country)
            where |= there & ~Q(organisation__org_type__in=SIDE_OF_TYPE)
    return Post.objects.standing().filter(where)


def not_yours() -> str:
    return _("You cannot keep posts of this organisation at this duty station.")


def organisations_of(user: User) -> set[int]:
    """The organisations of one's own for which one files."""
    return scope.organisations_for(user, Perm.FILE_CASE)


def others_of(user: User, country: str):
    """Organisations of the humanitarian side in a country, for OCHA to keep."""
    return Organisation.objects.filter(countries=country, active=True).exclude(org_type__in=SIDE_OF_TYPE)


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
