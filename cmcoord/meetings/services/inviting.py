"""Who is invited to a meeting of a body, and who hears when it moves?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Appointment, Organisation, User
from cmcoord.activity import releases
from cmcoord.activity.barrier import Side
from cmcoord.activity.services import Tell, record
from cmcoord.meetings.models import Meeting, Series
from cmcoord.meetings.services.trail import known_as, locked, locked_body, must_plan, note
from contacts.models import Body, Holding, Sitting


@transaction.atomic
def invite(meeting: Meeting, *, by: User) -> list[Tell]:
    """Everybody who belongs to the body today hears of it, with the entry for their calendar. Again: the same entry."""
    meeting = locked(meeting)
    must_plan(by, meeting.body)
    if not meeting.is_planned or meeting.has_begun:
        raise ValidationError(_("Invitations go out before a meeting begins."))
    asked = _must_sit(told(meeting.body))
    asked += guests_of(meeting, asked)
    meeting.invited_at, meeting.by_hand = timezone.now(), True
    meeting.save(update_fields=["invited_at", "by_hand"])
    note(meeting, "meeting.invite", by=by, tell=[one for one, _org in asked], data=_facts(meeting, asked))
    return [one for one, _organisation in asked]


@transaction.atomic
def invite_series(series: Series, *, by: User) -> int:
    """Everybody who belongs to the body hears once of all meetings of a series that are still to come, in one mail.

    Its entries are those of each meeting, so that a meeting that moves afterwards changes its own. Guests hear of the
    meeting to which they come. Returns how many meetings; they count as touched from now on (services.series).
    """
    body = locked_body(series.body)
    must_plan(by, body)
    if Series.objects.get(pk=series.pk).ended_at:
        raise ValidationError(_("This series has ended."))
    now = timezone.now()
    rows = series.meetings.planned().filter(starts__gt=now).order_by("starts")
    ahead = list(rows.select_for_update(no_key=True, of=("self",)).select_related("body__country", "body__station"))
    if not ahead:
        raise ValidationError(_("No meeting of this series is still to come."))
    asked = _must_sit(told(body))
    for meeting in ahead:
        meeting.invited_at, meeting.by_hand = now, True
    Meeting.objects.bulk_update(ahead, ["invited_at", "by_hand"])
    first = ahead[0]
    data = known_as(first) | _facts(first, asked) | {"count": len(ahead)}
    data |= {"reference": first.reference, "url": first.get_absolute_url()}
    record(series, "series.invite", by=by, tell=[one for one, _org in asked], data=data)
    for meeting in ahead:
        if guests := guests_of(meeting, asked):
            note(meeting, "meeting.invite", by=by, tell=[one for one, _org in guests], data=_facts(meeting, guests))
    return len(ahead)


def _must_sit(asked: list[tuple[Tell, Organisation | None]]) -> list[tuple[Tell, Organisation | None]]:
    if not asked:
        raise ValidationError(_("Nobody sits in this body yet: let the organisations take their seats first."))
    return asked


def guests_of(
    meeting: Meeting, asked: list[tuple[Tell, Organisation | None]]
) -> list[tuple[Tell, Organisation | None]]:
    """The guests of one meeting who gave an address and are not asked already: they get its mails, and no account."""
    known = {(one.user.email if one.user else one.address).lower() for one, _organisation in asked}
    rows = meeting.attendance.exclude(email="").select_related("organisation").order_by("id")
    return [
        (Tell(address=row.email, language=_first_language(meeting)), row.organisation)
        for row in rows
        if row.email.lower() not in known
    ]


def _first_language(meeting: Meeting) -> str:
    return (meeting.languages or [settings.LANGUAGE_CODE])[0]


def members(body: Body) -> list[Tell]:
    """Who belongs to a body today."""
    return [one for one, _organisation in told(body)]


def told(body: Body) -> list[tuple[Tell, Organisation | None]]:
    """The same with the organisation of each: whoever holds the post of a seat or answers in the holder's place; of a
    seat without a post the organisation's people of the duty station, else those of the country; where nobody of them
    has an account, the mailbox of the post."""
    rows = list(
        Sitting.objects.filter(ends=None, seat__body=body, seat__closed_at=None)
        .select_related("seat", "organisation", "post", "designate")
        .order_by("seat__order", "seat__id", "id")
    )
    holders = _holders({row.who.pk for row in rows if row.who})
    people = _people_of(body, {row.organisation_id for row in rows if not row.who})
    found: list[tuple[Tell, Organisation | None]] = []
    for row in rows:
        if not row.seat.is_foreseen:
            continue
        users = holders.get(row.who.pk, []) if row.who else people.get(row.organisation_id, [])
        found += [(Tell(user, also_actor=True), row.organisation) for user in users]
        if not users and row.who and row.who.mailbox:
            found.append((Tell(address=row.who.mailbox, language=body.country.languages[:2]), row.who.organisation))
    return found


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


def news(meeting: Meeting) -> dict[str, Any]:
    """For whom, and with which facts, a change is written down: for nobody before the invitations went out."""
    asked = told(meeting.body) if meeting.invited_at else []
    asked += guests_of(meeting, asked) if meeting.invited_at else []
    return {"tell": [one for one, _organisation in asked], "data": _facts(meeting, asked)}


def _facts(meeting: Meeting, asked: list[tuple[Tell, Organisation | None]]) -> dict[str, Any]:
    """Time and place, for the mail; and which mailboxes are of a force, for the release ledger."""
    forces = {
        releases.mailbox(one.address): organisation.pk
        for one, organisation in asked
        if one.address and organisation is not None and organisation.side == Side.FORCE
    }
    facts: dict[str, Any] = {"starts": meeting.starts.isoformat(), "place": meeting.place}
    return facts | ({releases.MAILBOXES: forces} if forces else {})
