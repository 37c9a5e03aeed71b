"""Who signs which minutes, and what is still missing? Asks, and writes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Side
from cmcoord.activity.models import Event
from cmcoord.meetings import chairs, joint_text, known_cases
from cmcoord.meetings.models import Addendum, Adoption, Attendance, Meeting, Minutes, Signature
from contacts.models import Body, Holding, Seat, Sitting

CHANGES = ("minutes.start", "minutes.write", "minutes.void")


@dataclass(frozen=True)
class Chair:
    """One chair of the body, and its signature under the text as it stands, if there is one."""

    seat: Seat
    signature: Signature | None


def chairs_of(minutes: Minutes, seats: list[Seat]) -> list[Chair]:
    """The chairs of the body with what they signed of the present text."""
    found = {row.kind: row for row in valid_signatures(minutes)}
    return [Chair(seat, found.get(seat.kind)) for seat in seats]


def people_in_chairs(body: Body) -> list[User]:
    """Who sits in a chair of the body today, by name: whom the portal asks to sign."""
    rows = Sitting.objects.filter(ends=None, seat__body=body, seat__closed_at=None, seat__kind__in=Seat.CHAIRS)
    found: dict[int, User] = {}
    for row in rows.select_related("organisation"):
        post = row.designate_id or row.post_id
        if post:
            held = Holding.objects.in_post().filter(post=post).exclude(person__user=None)
            users = [one.person.user for one in held.select_related("person__user__organisation")]
        else:
            perm = Perm.ANSWER_AS_FORCE if row.organisation.side == Side.FORCE else Perm.RECORD_FOR_OTHERS
            users = scope.holders(perm, country=body.country_id, employers=[row.organisation_id])
        found |= {user.pk: user for user in users if chairs.seat_of(user, body)}
    return sorted(found.values(), key=lambda user: (user.folded_name, user.pk))


def valid_signatures(minutes: Minutes) -> list[Signature]:
    """Those under the text as it stands; older ones are of another text."""
    return [row for row in minutes.signatures.all() if row.digest == minutes.digest and row.addendum_id is None]


def is_signed_by_both(minutes: Minutes) -> bool:
    """Did the chair and the co-chair, two people, sign the text as it stands?"""
    found = valid_signatures(minutes)
    return {row.kind for row in found} == set(Seat.CHAIRS) and len({row.by_id for row in found}) == len(Seat.CHAIRS)


def final_text(minutes: Minutes) -> dict[str, Any]:
    """The text of final minutes, as it was signed or adopted."""
    source = minutes.adoptions if minutes.how == Minutes.How.ADOPTION else minutes.signatures
    return next(row for row in source.all() if row.digest == minutes.digest).content


def is_whole(addendum: Addendum, content: dict[str, Any] | None = None) -> bool:
    """Did every chair of the final text sign this correction, whichever seats stand by now? A page hands over the text
    that it read."""
    content = final_text(addendum.minutes) if content is None else content
    wanted = {chair["kind"] for chair in content["chairs"]}
    return bool(wanted) and wanted <= {row.kind for row in addendum.signatures.all()}


def why_not_sign(user: User, minutes: Minutes) -> str:
    """ "" or why this person cannot sign the text as it stands (source: domain.md §8, line 1-24)."""
    content = known_cases.as_read_by(user, minutes, joint_text.content_of(minutes))
    return why_not_from(chairs.seat_of(user, minutes.meeting.body), user, minutes, content)


def why_not_from(seat: Seat | None, user: User, minutes: Minutes, content: dict[str, Any]) -> str:
    """The same for a person whose seat is known, with the text as that person reads it."""
    if minutes.is_final:
        return _("These minutes are final.")
    if seat is None:
        return no_chair()
    if refused := why_not_ready(minutes, content):
        return refused
    if known_cases.hides_any(content):
        return hides_a_request()
    return _why_not_again(user, seat, valid_signatures(minutes))


def why_not_ready(minutes: Minutes, content: dict[str, Any] | None = None) -> str:
    """ "" or what the text still lacks before anybody signs or adopts it."""
    meeting = minutes.meeting
    if meeting.stage != Meeting.Stage.HELD:
        return _("Say first that the meeting was held.")
    if not meeting.has_begun:
        return _("This meeting has not begun yet.")
    content = joint_text.content_of(minutes) if content is None else content
    if not any(row["presence"] == Attendance.Presence.PRESENT for row in content["attendance"]):
        return _("Minutes without attendance cannot be signed: write down who was there.")
    if not any(item["summary"] for item in content["items"]):
        return _("Nothing is written down yet.")
    return ""


def why_not_sign_addendum(user: User, addendum: Addendum) -> str:
    """ "" or why this person cannot sign this correction."""
    seat = chairs.seat_of(user, addendum.minutes.meeting.body)
    return no_chair() if seat is None else _why_not_again(user, seat, list(addendum.signatures.select_related("by")))


def why_not_adopt(minutes: Minutes, meeting: Meeting) -> str:
    """ "" or why this meeting cannot have adopted these minutes."""
    if minutes.is_final:
        return _("These minutes are final.")
    if meeting.body_id != minutes.meeting.body_id:
        return _("Another body cannot adopt these minutes.")
    if meeting.starts <= minutes.meeting.starts:
        return _("Only a later meeting can adopt these minutes.")
    if meeting.stage != Meeting.Stage.HELD or meeting.starts > timezone.now():
        return _("Only a meeting that was held can adopt minutes.")
    if refused := why_not_ready(minutes):
        return refused
    if _changed_at(minutes) > meeting.ends:
        return _("The text was changed after that meeting: only a meeting that had it before it can adopt it.")
    return ""


def adoptions_of(minutes: Minutes) -> list[Adoption]:
    """What chairs said of the text as it stands, in their order; of final minutes what made them final."""
    rows = [row for row in minutes.adoptions.all() if row.digest == minutes.digest]
    if not minutes.is_final:
        return rows
    if minutes.how != Minutes.How.ADOPTION:
        return []
    last = max(rows, key=lambda row: row.pk)
    return [row for row in rows if row.by_meeting_id == last.by_meeting_id]


def is_adopted(minutes: Minutes, meeting: Meeting) -> bool:
    """Did every chair in which somebody sits, or sat at that meeting, say that it adopted the text as it stands? One
    where the body had one chair by then, or nobody sat in the other."""
    said = minutes.adoptions.filter(digest=minutes.digest, by_meeting=meeting)
    rows = list(said.values_list("kind", "recorded_by"))
    wanted = {seat.kind for seat in joint_text.chair_seats(minutes.meeting.body) if not seat.is_vacant}
    wanted |= _kinds_at(meeting)
    return bool(rows) and wanted <= {kind for kind, _by in rows} and len({by for _kind, by in rows}) >= len(wanted)


def _changed_at(minutes: Minutes) -> dt.datetime:
    """When the text became what it is."""
    rows = Event.objects.filter(subject_kind=Minutes.activity_kind, subject_id=minutes.pk, kind__in=CHANGES)
    return rows.aggregate(last=Max("at"))["last"] or minutes.created_at


def adopters_of(minutes: Minutes) -> list[Meeting]:
    """The later meetings of the body that were held, the earliest first."""
    return list(later_held(minutes.meeting.body_id, minutes.meeting.starts).order_by("starts"))


def later_held(body: int, starts: dt.datetime):
    """The meetings of a body that were held after this moment, as a queryset."""
    return Meeting.objects.filter(body=body, stage=Meeting.Stage.HELD, starts__gt=starts)


def _kinds_at(meeting: Meeting) -> set[str]:
    """The chairs in which somebody sat when a meeting began: a seat that was left or closed since counts too."""
    day = meeting.local_start.date()
    rows = Sitting.objects.filter(seat__body=meeting.body_id, seat__kind__in=Seat.CHAIRS, starts__lte=day)
    rows = rows.filter(Q(ends=None) | Q(ends__gte=day))
    rows = rows.filter(Q(seat__closed_at=None) | Q(seat__closed_at__gt=meeting.starts))
    return set(rows.order_by().values_list("seat__kind", flat=True))


def hides_a_request() -> str:
    return _("The text names a request of which you may not know: that decision is written without it first.")


def no_chair() -> str:
    return _("You do not sit in a chair of this body today: only its chairs sign.")


def _why_not_again(user: User, seat: Seat, found: list[Signature]) -> str:
    own = next((row for row in found if row.by_id == user.pk), None)
    if own is not None and own.kind != seat.kind:
        return _("One person does not sign for both chairs.")
    if any(row.kind == seat.kind for row in found):
        return _("This chair has signed this text already.")
    return ""
