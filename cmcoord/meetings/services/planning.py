"""How does a meeting come, move, take place or not? Each act leaves one event; those invited hear of each change."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.meetings import agenda
from cmcoord.meetings.models import Meeting
from cmcoord.meetings.models.meetings import Language, Modality, Venue
from cmcoord.meetings.services.inviting import news
from cmcoord.meetings.services.trail import in_the_past, locked, locked_body, must_plan, must_prepare, note
from cmcoord.ui.words import in_one_line
from contacts.models import Body

LONGEST = dt.timedelta(hours=24)
WRITTEN_LATER = dt.timedelta(days=30)


@dataclass(frozen=True)
class Where:
    """Where and how people meet; a military camp needs a reason (CAR-CMC §7: no co-location)."""

    modality: str = Modality.IN_PERSON
    place: str = ""
    venue: str = Venue.NEUTRAL
    venue_reason: str = ""
    call_link: str = ""
    languages: list[str] = field(default_factory=lambda: [Language.FRENCH.value])

    def checked(self) -> dict[str, Any]:
        """The fields of a meeting. Raises ValidationError by field."""
        words = {name: in_one_line(getattr(self, name)) for name in ("place", "venue_reason")}
        faults = {}
        if self.venue == Venue.MILITARY_CAMP and not words["venue_reason"]:
            faults["venue_reason"] = _(
                "A military camp is no neutral place: say why the meeting has to be there (no co-location, CAR-CMC §7)."
            )
        if self.venue != Venue.MILITARY_CAMP:
            words["venue_reason"] = ""
        if self.modality != Modality.REMOTE and not words["place"]:
            faults["place"] = _("Say where people meet.")
        if not self.languages:
            faults["languages"] = _("Name at least one working language.")
        if faults:
            raise ValidationError(faults)
        return asdict(self) | words


@transaction.atomic
def plan_meeting(
    body: Body, *, by: User, starts: dt.datetime, ends: dt.datetime, where: Where, kind: str = Meeting.Kind.AD_HOC
) -> Meeting:
    """One meeting to come, with the standard agenda. Times are aware. Raises PermissionDenied, ValidationError."""
    body = locked_body(body)
    must_plan(by, body)
    check_times(starts, ends)
    check_free(body, [(starts, ends)])
    meeting = _made(body, by, starts, ends, where, kind=kind)
    note(meeting, "meeting.plan", by=by)
    return meeting


@transaction.atomic
def write_down(body: Body, *, by: User, starts: dt.datetime, ends: dt.datetime, where: Where) -> Meeting:
    """A meeting that took place without having been planned here, within the last 30 days: held."""
    body = locked_body(body)
    must_plan(by, body)
    check_times(starts, ends, later=False)
    if ends > timezone.now():
        raise ValidationError({"ends": _("This meeting is not over: plan it instead.")})
    if starts < timezone.now() - WRITTEN_LATER:
        raise ValidationError({"starts": _("A meeting is written down within 30 days.")})
    check_free(body, [(starts, ends)])
    meeting = _made(body, by, starts, ends, where, kind=Meeting.Kind.AD_HOC, stage=Meeting.Stage.HELD, by_hand=True)
    note(meeting, "meeting.write_down", by=by)
    return meeting


@transaction.atomic
def move(meeting: Meeting, *, by: User, starts: dt.datetime, ends: dt.datetime, where: Where | None = None) -> Meeting:
    """Another time or place. The entry in every calendar stays the same one: SEQUENCE rises."""
    locked_body(meeting.body)
    meeting = locked(meeting)
    must_plan(by, meeting.body)
    _must_be_planned(meeting)
    check_times(starts, ends)
    check_free(meeting.body, [(starts, ends)], but=meeting)
    for name, value in ({"starts": starts, "ends": ends} | (where.checked() if where else {})).items():
        setattr(meeting, name, value)
    meeting.sequence += 1
    meeting.by_hand = True
    meeting.full_clean(exclude=["created_by"])
    meeting.save()
    note(meeting, "meeting.move", by=by, **news(meeting))
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, by: User) -> Meeting:
    """It is not needed: planned by mistake, or replaced. One that should have been held is `not_held`."""
    meeting = locked(meeting)
    must_plan(by, meeting.body)
    _must_be_planned(meeting)
    meeting.stage, meeting.sequence, meeting.by_hand = Meeting.Stage.CANCELLED, meeting.sequence + 1, True
    meeting.save(update_fields=["stage", "sequence", "by_hand"])
    note(meeting, "meeting.cancel", by=by, **news(meeting))
    return meeting


@transaction.atomic
def not_held(meeting: Meeting, *, by: User, reason: str, remark: str = "") -> Meeting:
    """It should have been held and was not, or will not be: why stands in the matrix of regularity."""
    meeting = locked(meeting)
    must_plan(by, meeting.body)
    _must_be_planned(meeting)
    remark = in_one_line(remark)
    if reason not in Meeting.NotHeld.values:
        raise ValidationError({"reason": _("Say why it is not held.")})
    if reason == Meeting.NotHeld.OTHER and not remark:
        raise ValidationError({"remark": _("Say in a few words why it is not held.")})
    meeting.stage, meeting.not_held_reason, meeting.not_held_note = Meeting.Stage.NOT_HELD, reason, remark
    meeting.sequence, meeting.by_hand = meeting.sequence + 1, True
    meeting.full_clean(exclude=["created_by"])
    meeting.save()
    said = news(meeting)
    tell = [] if in_the_past(meeting.ends) else said["tell"]
    note(meeting, "meeting.not_held", by=by, tell=tell, data=said["data"] | {"reason": reason})
    return meeting


@transaction.atomic
def hold(meeting: Meeting, *, by: User) -> Meeting:
    """It takes place, or took place: from an hour before it begins; also where “not held” was said by mistake."""
    Body.objects.select_for_update(no_key=True).only("pk").get(pk=meeting.body_id)
    meeting = locked(meeting)
    must_prepare(by, meeting.body)
    if meeting.stage not in (Meeting.Stage.PLANNED, Meeting.Stage.NOT_HELD):
        raise ValidationError(_already(meeting))
    if not meeting.can_be_held:
        raise ValidationError(_("This meeting has not begun yet."))
    check_free(meeting.body, [(meeting.starts, meeting.ends)], but=meeting)
    meeting.stage, meeting.not_held_reason, meeting.not_held_note = Meeting.Stage.HELD, "", ""
    meeting.by_hand = True
    meeting.save(update_fields=["stage", "not_held_reason", "not_held_note", "by_hand"])
    note(meeting, "meeting.hold", by=by)
    return meeting


def check_times(starts: dt.datetime, ends: dt.datetime, *, later: bool = True) -> None:
    """Raises ValidationError by field: an end before the start, a planned meeting in the past."""
    if ends <= starts:
        raise ValidationError({"ends": _("The meeting ends before it begins.")})
    if ends - starts > LONGEST:
        raise ValidationError({"ends": _("A meeting lasts a day at most.")})
    if later and in_the_past(starts):
        raise ValidationError({
            "starts": _("This time has passed. A meeting that took place already is written down as held.")
        })  # fmt: skip


def check_free(body: Body, times: list[tuple[dt.datetime, dt.datetime]], *, but: Meeting | None = None) -> None:
    """No two meetings of a body at one hour. Raises ValidationError that names the first that is in the way."""
    first, last = min(start for start, _end in times), max(end for _start, end in times)
    there = body.meetings.filter(starts__lt=last, ends__gt=first).exclude(
        stage__in=(Meeting.Stage.CANCELLED, Meeting.Stage.NOT_HELD)
    )
    if but is not None:
        there = there.exclude(pk=but.pk)
    taken = list(there.values_list("starts", "ends"))
    for start, end in times:
        if any(begun < end and over > start for begun, over in taken):
            local = start.astimezone(body.country.zone)
            sentence = _("This body meets at that time already: %(day)s, %(time)s.")
            raise ValidationError({"starts": sentence % {"day": local.date().isoformat(), "time": f"{local:%H:%M}"}})


def _made(body: Body, by: User, starts: dt.datetime, ends: dt.datetime, where: Where, **facts: Any) -> Meeting:
    meeting = Meeting(
        body=body, starts=starts, ends=ends, zone=body.country.timezone, created_by=by, **where.checked(), **facts
    )
    meeting.full_clean(exclude=["created_by"])
    meeting.save()
    agenda.fill([meeting])
    return meeting


def _must_be_planned(meeting: Meeting) -> None:
    if not meeting.is_planned:
        raise ValidationError(_already(meeting))


def _already(meeting: Meeting) -> str:
    return _("This meeting is not planned any more: %(stage)s.") % {"stage": meeting.get_stage_display()}
