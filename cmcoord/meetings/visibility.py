"""Which meetings may a person see, and who reads what the humanitarian side notes beside them?

A meeting is seen through its body. Humanitarians see the cells of their countries, and of the other bodies those in
which their organisation sits, which they keep, or whose country they oversee. A force, the mission's civilians and
donors see only the bodies in which their organisation sits today. Proposals, notes, internal points and the log of
liaison are for the humanitarian side alone (domain.md §4.2): no other side learns that there are any.
"""

from __future__ import annotations

from django.db.models import Q

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Side
from contacts import keepers
from contacts.models import Body, Sitting

GUESTS = (Side.FORCE, Side.MISSION_CIVILIAN, Side.DONOR)
SHARED = (Body.Stage.ACTIVE, Body.Stage.DORMANT)


def bodies_met_by(user):
    """The bodies whose meetings this person sees, as a queryset; no query of its own."""
    found = Body.objects.filter(country__in=keepers.countries_of(user))
    if keepers.is_inside(user):
        return found.filter(Q(kind=Body.Kind.CELL) | _close_to(user))
    if getattr(user, "side", "") in GUESTS:
        return found.filter(stage__in=SHARED, pk__in=_seated(Q(organisation=user.organisation_id)))
    return found.none()


def reads_meetings(user, body: Body) -> bool:
    """The same of one body."""
    return bodies_met_by(user).filter(pk=body.pk).order_by().exists()


def bodies_noted_by(user):
    """The bodies whose humanitarian side this person reads, as a queryset: nobody's of another side."""
    if not keepers.is_inside(user):
        return Body.objects.none()
    return Body.objects.filter(_close_to(user), country__in=keepers.countries_of(user))


def reads_notes(user, body: Body) -> bool:
    """Proposals, humanitarian notes, internal points and the log of liaison of a body: who keeps it, sits in it, or
    oversees its country."""
    return keepers.keeps_body(user, body) or bodies_noted_by(user).filter(pk=body.pk).order_by().exists()


def _close_to(user) -> Q:
    """Who keeps a body (contacts.keepers.keeps_body), whose organisation sits in it, and who oversees its country."""
    overseen = {
        grant.country
        for grant in scope.grants(user)
        if grant.perm == Perm.SEE_COUNTRY_CASES or (grant.perm == Perm.DECIDE_CASE and grant.delegation_id is None)
    }
    own = Q(organisation=user.organisation_id) | Q(designate__organisation=user.organisation_id)
    return keepers.bodies_kept_where(user) | Q(country__in=overseen - {None}) | Q(pk__in=_seated(own))


def _seated(where: Q):
    """The bodies in which somebody of these sits today."""
    return Sitting.objects.filter(where, ends=None, seat__closed_at=None).order_by().values("seat__body")
