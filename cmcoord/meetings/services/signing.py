"""How do minutes become final? Both chairs sign the same text, or a later meeting of the body adopts it.

Nobody signs for both. An objection is written down and told, and stops nobody. Once final, the meeting gets its number
in the body, without a gap, and the text is closed for good: what is wrong in it is corrected by an addendum, which the
chairs sign in the same way.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.services import Tell
from cmcoord.meetings import chairs, joint_text, known_cases, signing
from cmcoord.meetings.models import Addendum, Adoption, Meeting, Minutes, Objection, Signature
from cmcoord.meetings.models.minutes import LONGEST
from cmcoord.meetings.pasting import pasted
from cmcoord.meetings.services import inviting, writing
from contacts.models import Body, Seat

LONGEST_OBJECTION = 2_000


def sign_minutes(minutes: Minutes, *, by: User, digest: str, proved_at: dt.datetime | None = None) -> Signature:
    """One chair signs the text with this digest; with the second signature the minutes are final. `proved_at` is when
    the chair last proved that it is they.

    Raises PermissionDenied, and ValidationError where the text is another one by now, or was signed already
    (source: domain.md §8, line 1-24).
    """
    writing.refresh_minutes(minutes)
    return _sign(minutes, by, digest, proved_at)


@transaction.atomic
def _sign(minutes: Minutes, by: User, digest: str, proved_at: dt.datetime | None) -> Signature:
    minutes = _locked(minutes)
    seat = _seat_of(by, minutes)
    content = _as_seen(minutes, digest)
    if refused := signing.why_not_sign(by, minutes):
        raise ValidationError(refused)
    row = Signature.objects.create(
        minutes=minutes, kind=seat.kind, seat=seat, by=by, capacity=_capacity(by), digest=digest, content=content,
        proved_at=proved_at,
    )  # fmt: skip
    if signing.is_signed_by_both(minutes):
        _finish(minutes, by=by, how=Minutes.How.SIGNATURES)
    else:
        minutes.stage = Minutes.Stage.SIGNING
        minutes.save(update_fields=["stage"])
        others = [user for user in signing.people_in_chairs(minutes.meeting.body) if user != by]
        writing.record_of(minutes, "minutes.sign", by=by, data={"seat": seat.kind},
                          tell=[Tell(user, "sign_minutes") for user in others])  # fmt: skip
    return row


def object_to_minutes(minutes: Minutes, *, by: User, digest: str, text: str) -> Objection:
    """A chair objects to the text with this digest. It is told to both sides, and stops nobody from signing."""
    writing.refresh_minutes(minutes)
    return _object(minutes, by, digest, text)


@transaction.atomic
def _object(minutes: Minutes, by: User, digest: str, text: str) -> Objection:
    minutes = _locked(minutes)
    seat = _seat_of(by, minutes)
    _as_seen(minutes, digest)
    text = _words(text, LONGEST_OBJECTION)
    row = Objection.objects.create(minutes=minutes, seat=seat, by=by, capacity=_capacity(by), digest=digest, text=text)
    tell = {*signing.people_in_chairs(minutes.meeting.body), minutes.created_by} - {by}
    writing.record_of(minutes, "minutes.object", by=by, data={"seat": seat.kind}, tell=[Tell(user) for user in tell])
    return row


def adopt_minutes(
    minutes: Minutes, *, by: User, digest: str, by_meeting: Meeting, proved_at: dt.datetime | None = None
) -> Adoption:
    """A later meeting of the body, which was held, adopted this very text, as a chair records. The minutes are final
    once the other chair has confirmed it; at once where nobody sits in another chair.
    """
    writing.refresh_minutes(minutes)
    return _adopt(minutes, by, digest, by_meeting, proved_at)


@transaction.atomic
def _adopt(minutes: Minutes, by: User, digest: str, by_meeting: Meeting, proved_at: dt.datetime | None) -> Adoption:
    minutes = _locked(minutes)
    seat = _seat_of(by, minutes)
    content = _as_seen(minutes, digest)
    later = Meeting.objects.get(pk=by_meeting.pk)
    if refused := signing.why_not_adopt(minutes, later):
        raise ValidationError({"by_meeting": refused})
    if known_cases.hides_any(known_cases.as_read_by(by, minutes, content)):
        raise ValidationError(signing.hides_a_request())
    said = minutes.adoptions.filter(digest=digest, by_meeting=later)
    row = said.filter(Q(kind=seat.kind) | Q(recorded_by=by)).first()
    if row is not None and not signing.is_adopted(minutes, later):
        raise ValidationError(_("This was recorded already: the other chair confirms it."))
    row = row or Adoption.objects.create(
        minutes=minutes, by_meeting=later, digest=digest, content=content, kind=seat.kind, recorded_by=by,
        capacity=_capacity(by), proved_at=proved_at,
    )  # fmt: skip
    if signing.is_adopted(minutes, later):
        _finish(minutes, by=by, how=Minutes.How.ADOPTION)
    else:
        others = [user for user in signing.people_in_chairs(minutes.meeting.body) if user != by]
        writing.record_of(minutes, "minutes.adopt", by=by, data={"seat": seat.kind},
                          tell=[Tell(user, "adopt_minutes") for user in others])  # fmt: skip
    return row


@transaction.atomic
def amend_minutes(minutes: Minutes, *, by: User, text: str) -> Addendum:
    """A correction of final minutes, for the chairs to sign."""
    Minutes.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=minutes.pk)
    minutes = writing.fresh(minutes.pk)
    if not chairs.prepares(by, minutes.meeting.body):
        raise PermissionDenied(writing.not_yours())
    if not minutes.is_final:
        raise ValidationError(_("These minutes are not final: correct the text itself."))
    number = (minutes.addenda.aggregate(last=Max("number"))["last"] or 0) + 1
    row = Addendum(minutes=minutes, number=number, text=_words(text, LONGEST), by=by)
    row.digest = joint_text.digest_of(joint_text.content_of_addendum(row))
    row.save()
    tell = [Tell(user, "sign_minutes") for user in signing.people_in_chairs(minutes.meeting.body) if user != by]
    writing.record_of(minutes, "minutes.amend", by=by, data={"addendum": number}, tell=tell)
    return row


@transaction.atomic
def sign_addendum(addendum: Addendum, *, by: User, digest: str, proved_at: dt.datetime | None = None) -> Signature:
    """One chair signs a correction; signed by every chair of the body, it counts and the members are told."""
    Minutes.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=addendum.minutes_id)
    addendum = Addendum.objects.select_related("minutes__meeting__body__country").get(pk=addendum.pk)
    minutes = addendum.minutes
    seat = _seat_of(by, minutes)
    if digest != addendum.digest:
        raise ValidationError(_("This is not the text that you had before you. Read it again."))
    if refused := signing.why_not_sign_addendum(by, addendum):
        raise ValidationError(refused)
    row = Signature.objects.create(
        minutes=minutes, addendum=addendum, kind=seat.kind, seat=seat, by=by, capacity=_capacity(by), digest=digest,
        content=joint_text.content_of_addendum(addendum), proved_at=proved_at,
    )  # fmt: skip
    whole = signing.is_whole(addendum)
    writing.record_of(minutes, "minutes.sign_addendum", by=by, data={"addendum": addendum.number, "seat": seat.kind},
                      tell=_with_account(minutes.meeting.body) if whole else ())  # fmt: skip
    return row


def _finish(minutes: Minutes, *, by: User, how: str) -> None:
    """Final: the meeting gets the next number of its body, and the members are told where they read the minutes."""
    meeting = minutes.meeting
    body = meeting.body
    last = Meeting.objects.filter(body=body).aggregate(last=Max("number"))["last"] or 0
    meeting.number = last + 1
    meeting.save(update_fields=["number"])
    minutes.stage, minutes.how, minutes.final_at = Minutes.Stage.FINAL, how, timezone.now()
    minutes.save(update_fields=["stage", "how", "final_at"])
    writing.record_of(minutes, "minutes.final", by=by, data={"number": meeting.number, "what": how},
                      tell=_with_account(meeting.body))  # fmt: skip


def _with_account(body: Body) -> list[Tell]:
    """The members who can follow a link; whoever has no account gets the paper when OCHA releases it."""
    return [one for one in inviting.members(body) if one.user is not None]


def _locked(minutes: Minutes) -> Minutes:
    """The minutes as they are now, if they are not final: body, meeting and minutes locked, in this order everywhere.

    Who writes the attendance locks the meeting and then the minutes; with the last signature the meeting gets a number.
    """
    meeting = minutes.meeting
    Body.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=meeting.body_id)
    Meeting.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=meeting.pk)
    Minutes.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=minutes.pk)
    minutes = writing.fresh(minutes.pk)
    if minutes.is_final:
        raise ValidationError(writing.already_final())
    return minutes


def _as_seen(minutes: Minutes, digest: str) -> dict[str, Any]:
    """The text as it stands, if it is the one that was read; else a refusal, and nothing is signed."""
    content = joint_text.content_of(minutes)
    if digest != minutes.digest or joint_text.digest_of(content) != digest:
        raise ValidationError(_("The text was changed since you opened it. Read it again."))
    return content


def _seat_of(user: User, minutes: Minutes) -> Seat:
    seat = chairs.seat_of(user, minutes.meeting.body)
    if seat is None:
        raise PermissionDenied(signing.no_chair())
    return seat


def _capacity(user: User) -> str:
    """In which capacity somebody signed, as it is at this moment: function and organisation, never the name."""
    organisation = user.organisation.acronym or user.organisation.name if user.organisation_id else ""
    return " · ".join(filter(None, (user.function_title, organisation)))[:250]


def _words(text: str, most: int) -> str:
    words = pasted(text)
    if not words:
        raise ValidationError({"text": _("Write it down in words.")})
    if len(words) > most:
        raise ValidationError({"text": writing.too_long(len(words), most)})
    return words
