"""Who chairs a body today, who prepares its meetings, and who plans them?

A chair seat is a person's own through the post that the seat names, while they hold it or answer in its holder's place.
Where the seat names an organisation alone, its people sit there who keep the body (OCHA) or answer for the force.
A co-chair of a force works on agenda, attendance and joint text of its own cell (domain.md §1.2), and on nothing else.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Side
from cmcoord.meetings import visibility
from contacts import keepers
from contacts.models import Body, Holding, Seat, Sitting
from contacts.models.bodies import FORCES


def seat_of(user, body: Body) -> Seat | None:
    """The chair or co-chair seat in which this person sits today; the chair before the co-chair. One query."""
    row = seats_of(user, body).select_related("seat").first()
    if row is None:
        return None
    row.seat.body = body
    return row.seat


def seats_of(user, body: Body):
    """The same as a queryset of who has which seat, for a page that asks more of its body at once."""
    return chaired_by(user).filter(seat__body=body).order_by("seat__kind")


def posts_of(user):
    """The posts in which this person is today, as a queryset of their keys."""
    return Holding.objects.in_post().filter(person__user=user).order_by().values("post")


def chaired_by(user, *, posts=None, met=None):
    """The chair seats in which this person sits today, as a queryset of who has which seat; no query of its own.

    Who asks for their posts and the bodies they meet already, says where.
    """
    posts = posts_of(user) if posts is None else posts
    unnamed = Q(designate=None, post=None, organisation=user.organisation_id)
    sits = Q(designate__in=posts) | Q(designate=None, post__in=posts)
    sits |= unnamed & keepers.bodies_kept_where(user, "seat__body__") & ~Q(organisation__org_type__in=FORCES)
    for grant in scope.grants(user):
        if grant.perm == Perm.ANSWER_AS_FORCE and grant.organisation_id == user.organisation_id and grant.country:
            there = Q(seat__body__country=grant.country)
            sits |= unnamed & there & (Q(seat__body__station=grant.station_id) if grant.station_id else Q())
    if user.side == Side.FORCE:
        sits &= Q(organisation=user.organisation_id)
    else:
        sits &= ~Q(organisation__org_type__in=FORCES)  # whatever post they hold: nobody sits for a force but the force
    met = visibility.bodies_met_by(user).order_by() if met is None else met
    return Sitting.objects.filter(sits, ends=None, seat__closed_at=None, seat__kind__in=Seat.CHAIRS, seat__body__in=met)


def leading(user, chaired, path: str = "") -> Q:
    """The bodies that a person keeps or chairs, as a condition. `path` leads to them; `chaired` is chaired_by()."""
    return Q(**{f"{path}pk__in": chaired.order_by().values("seat__body")}) | keepers.bodies_kept_where(user, path)


def rights(user, body: Body) -> tuple[bool, bool]:
    """Does this person prepare the meetings of a body, and do they plan them? No query for who keeps it.

    To prepare: agenda, attendance and joint text, for who keeps the body and for both chairs. To plan, invite, move and
    cancel: who keeps it, and its chair; a co-chair of a force does not.
    """
    if keepers.keeps_body(user, body):
        return True, True
    seat = seat_of(user, body)
    return seat is not None, seat is not None and seat.kind == Seat.Kind.CHAIR and keepers.is_inside(user)


def prepares(user, body: Body) -> bool:
    return rights(user, body)[0]


def plans(user, body: Body) -> bool:
    return rights(user, body)[1]


def why_not_prepare(user, body: Body) -> str:
    return "" if prepares(user, body) else _("Agenda, attendance and minutes are kept by OCHA and by both chairs.")


def why_not_plan(user, body: Body) -> str:
    return "" if plans(user, body) else _("Meetings are planned by OCHA and by the chair of the body.")


def why_not_sign(user, minutes) -> str:
    """ "" or why this person cannot sign the minutes of a meeting of the body: nobody does who does not chair it."""
    if seat_of(user, minutes.meeting.body) is None:
        return _("Minutes are signed by the chair and the co-chair of the body. You sit in neither seat today.")
    return ""


def planned_by(user):
    """The active bodies for which somebody plans meetings, as a queryset: what plans() answers yes for."""
    if not keepers.is_inside(user):
        return Body.objects.none()
    chaired = chaired_by(user).filter(seat__kind=Seat.Kind.CHAIR).order_by().values("seat__body")
    return Body.objects.meeting().filter(keepers.bodies_kept_where(user) | Q(pk__in=chaired))
