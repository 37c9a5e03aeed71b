"""Who is invited to a meeting of a body, and who hears when it moves?"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Appointment, User
from cmcoord.activity.services import Tell
from cmcoord.meetings.models import Meeting
from cmcoord.meetings.services.trail import locked, must_plan, note
from contacts.models import Body, Holding, Sitting


@transaction.atomic
def invite(meeting: Meeting, *, by: User) -> list[Tell]:
    """Everybody who belongs to the body today hears of it, with the entry for their calendar. Again: the same entry."""
    meeting = locked(meeting)
    must_plan(by, meeting.body)
    if not meeting.is_planned or meeting.has_begun:
        raise ValidationError(_("Invitations go out before a meeting begins."))
    told = members(meeting.body)
    if not told:
        raise ValidationError(_("Nobody sits in this body yet: let the organisations take their seats first."))
    meeting.invited_at, meeting.by_hand = timezone.now(), True
    meeting.save(update_fields=["invited_at", "by_hand"])
    note(meeting, "meeting.invite", by=by, tell=told, data=when(meeting))
    return told


def members(body: Body) -> list[Tell]:
    """Who belongs to a body today: whoever holds the post of a seat or answers in the holder's place; of a seat without
    a post the organisation's people of the duty station, else those of the country; where nobody of them has an
    account, the mailbox of the post, of humanitarians alone: what goes to a force goes to somebody by name."""
    rows = list(
        Sitting.objects.filter(ends=None, seat__body=body, seat__closed_at=None)
        .select_related("seat", "organisation", "post", "designate")
        .order_by("seat__order", "seat__id", "id")
    )
    holders = _holders({row.who.pk for row in rows if row.who})
    people = _people_of(body, {row.organisation_id for row in rows if not row.who})
    told: list[Tell] = []
    for row in rows:
        if not row.seat.is_foreseen:
            continue
        users = holders.get(row.who.pk, []) if row.who else people.get(row.organisation_id, [])
        told += [Tell(user, also_actor=True) for user in users]
        if not users and row.who and row.who.mailbox and row.organisation.side == "humanitarian":
            told.append(Tell(address=row.who.mailbox, language=body.country.languages[:2]))
    return told


def _holders(posts: set[int]) -> dict[int, list[User]]:
    """Those with an account who are in these posts now."""
    rows = Holding.objects.in_post().filter(post__in=posts, person__user__is_active=True)
    found: dict[int, list[User]] = {}
    for row in rows.select_related("person__user__organisation") if posts else ():
        found.setdefault(row.post_id, []).append(row.person.user)
    return found


def _people_of(body: Body, organisations: set[int]) -> dict[int, list[User]]:
    """The people of each organisation who work at the body's duty station; where there are none, in its country."""
    if not organisations:
        return {}
    rows = Appointment.objects.in_force().filter(
        country=body.country_id, user__is_active=True, user__organisation__in=organisations
    )
    here: dict[int, list[User]] = {}
    elsewhere: dict[int, list[User]] = {}
    for row in rows.filter(Q(station=body.station_id) | Q(station=None)).select_related("user__organisation"):
        near = row.station_id == body.station_id
        (here if near else elsewhere).setdefault(row.user.organisation_id, []).append(row.user)
    return elsewhere | here


def tell_invited(meeting: Meeting) -> list[Tell]:
    """The same, once invitations went out; nobody hears of changes to what they were never invited to."""
    return members(meeting.body) if meeting.invited_at else []


def when(meeting: Meeting) -> dict[str, str]:
    """Time and place, for the mail."""
    return {"starts": meeting.starts.isoformat(), "place": meeting.place}
