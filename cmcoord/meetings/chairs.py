"""Who chairs a body today, who prepares its meetings, and who plans them?

A chair seat is a person's own through the post that the seat names, while they hold it or answer in its holder's place.
Where the seat names an organisation alone, its people sit there who keep the body (OCHA) or answer for the force.
A co-chair of a force works on agenda, attendance and joint text of its own cell (domain.md §1.2), and on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Side
from cmcoord.meetings import visibility
from contacts import keepers
from contacts.models import Body, Holding, Seat, Sitting


def seat_of(user, body: Body) -> Seat | None:
    """The chair or co-chair seat in which this person sits today; the chair before the co-chair."""
    if not getattr(user, "is_active", False) or not visibility.reads_meetings(user, body):
        return None
    return seat_among(sitting_in(body), user, body)


def sitting_in(body: Body):
    """Who sits in the chairs of a body today."""
    rows = Sitting.objects.filter(ends=None, seat__body=body, seat__closed_at=None, seat__kind__in=Seat.CHAIRS)
    return rows.select_related("seat", "organisation")


def seat_among(rows: Iterable[Sitting], user, body: Body) -> Seat | None:
    """The same of those who sit in the chairs now, for a page that found a meeting of the body for this person."""
    for row in sorted(rows, key=lambda row: Seat.CHAIRS.index(row.seat.kind)):
        if _sits(user, body, row):
            row.seat.body = body
            return row.seat
    return None


def _sits(user, body: Body, row: Sitting) -> bool:
    post = row.designate_id or row.post_id
    if Side.FORCE in (row.organisation.side, user.side) and row.organisation_id != user.organisation_id:
        return False  # whatever post they hold: nobody signs for a force but the force
    if post:
        return Holding.objects.in_post().filter(post=post, person__user=user).exists()
    if row.organisation_id != user.organisation_id:
        return False
    if row.organisation.side == Side.FORCE:
        return any(
            grant.perm == Perm.ANSWER_AS_FORCE
            and grant.organisation_id == row.organisation_id
            and grant.country == body.country_id
            and grant.station_id in (None, body.station_id)
            for grant in scope.grants(user)
        )
    return keepers.keeps_body(user, body)


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
    held = Holding.objects.in_post().filter(person__user=user).order_by().values("post")
    chaired = Sitting.objects.filter(ends=None, seat__closed_at=None, seat__kind=Seat.Kind.CHAIR).filter(
        Q(designate__in=held) | Q(designate=None, post__in=held)
    )
    national = {grant.country for grant in scope.grants(user) if grant.perm == Perm.CLEAR_CASE} - {None}
    where = (
        Q(country__in=national)
        | Q(station__in=scope.stations_for(user, Perm.RECORD_FOR_OTHERS))
        | Q(pk__in=chaired.order_by().values("seat__body"), country__in=keepers.countries_of(user))
    )
    return Body.objects.meeting().filter(where)
