"""How is written down who was there? A grid of the organisations that sit in the body, and guests beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.barrier import Side
from cmcoord.activity.models import ErasableValue
from cmcoord.meetings.models import Attendance, Meeting
from cmcoord.meetings.services.trail import locked, must_prepare, note
from cmcoord.meetings.services.writing import too_long, touched
from cmcoord.ui.words import in_one_line
from contacts import keepers, seating
from contacts.models import Body, Category, Seat, Sitting
from contacts.models.bodies import TYPES

Presence, Mode = Attendance.Presence, Attendance.Mode
MOST = 200
LONGEST_REASON = 300
GUEST = "meeting.guest"
# The category of a guest whose organisation sits in no seat of the body.
CATEGORIES: dict[str, str] = {
    Organisation.Type.INGO: Category.INGO,
    Organisation.Type.NNGO: Category.NNGO,
    Organisation.Type.RED_CROSS: Category.RED_CROSS,
    Organisation.Type.UN_AGENCY: Category.UN_AGENCY,
    Organisation.Type.AIR_SERVICE: Category.UNHAS,
    Organisation.Type.SECURITY_NGO: Category.INSO,
    Organisation.Type.NGO_COORDINATION: Category.CCO,
    Organisation.Type.UN_MILITARY: Category.MISSION_MILITARY,
    Organisation.Type.UN_POLICE: Category.MISSION_POLICE,
    Organisation.Type.UN_CIVILIAN: Category.MISSION_CIVILIAN,
    Organisation.Type.BILATERAL_FORCE: Category.BILATERAL,
    Organisation.Type.HOST_ARMY: Category.SECURITY_FORCES,
    Organisation.Type.GENDARMERIE: Category.SECURITY_FORCES,
    Organisation.Type.NATIONAL_POLICE: Category.SECURITY_FORCES,
    Organisation.Type.DONOR: Category.DONOR,
    Organisation.Type.UNDSS: Category.UNDSS,
    Organisation.Type.LOCAL_AUTHORITY: Category.AUTHORITIES,
}

FORCES = [kind for kind in Organisation.Type.values if Organisation(org_type=kind).side == Side.FORCE]


@dataclass
class Line:
    """One line of the grid: an organisation, as it sits today, with what was written down of it."""

    organisation: Organisation
    category: str
    as_observer: bool
    row: Attendance | None = None

    @property
    def value(self) -> str:
        """What the choice of the line shows: "present/in_person", "excused", ""."""
        if self.row is None:
            return ""
        return f"{self.row.presence}/{self.row.mode}" if self.row.mode else self.row.presence


def grid(meeting: Meeting) -> tuple[list[Line], list[Attendance]]:
    """The organisations that sit in the body, then guests: with what is written down. Three queries."""
    rows = list(meeting.attendance.select_related("organisation"))
    seated = (
        Sitting.objects.filter(ends=None, seat__body=meeting.body_id, seat__closed_at=None)
        .select_related("seat", "organisation")
        .order_by("seat__order", "seat__id", "id")
    )
    written = {row.organisation_id: row for row in rows if row.organisation_id and not row.name}
    lines: dict[int, Line] = {}
    for sitting in seated:
        sitting.seat.body = meeting.body
        if not sitting.seat.is_foreseen or sitting.organisation_id in lines:
            continue
        lines[sitting.organisation_id] = Line(
            sitting.organisation,
            sitting.seat.category,
            sitting.seat.kind == Seat.Kind.OBSERVER,
            written.get(sitting.organisation_id),
        )
    return list(lines.values()), [row for row in rows if row.organisation_id not in lines or row.name]


@transaction.atomic
def attend(meeting: Meeting, *, by: User, present: dict[int, str]) -> None:
    """Write down the grid: for each organisation that sits there "present/in_person", "excused", "absent" or ""."""
    meeting = _open(meeting, by)
    lines, _guests = grid(meeting)
    for line in lines:
        value = present.get(line.organisation.pk)
        if value is None or value == line.value:
            continue
        presence, _stroke, mode = value.partition("/")
        if not value:
            line.row.delete() if line.row else None
            continue
        row = line.row or Attendance(meeting=meeting, organisation=line.organisation)
        row.category, row.as_observer = line.category, line.as_observer
        row.presence, row.mode, row.recorded_by = presence, mode, by
        row.full_clean(exclude=["recorded_by"])
        row.save()
    _written(meeting, by)


@transaction.atomic
def add_guest(
    meeting: Meeting, *, by: User, organisation: Organisation | None = None, organisation_text: str = "",
    category: str = "", name: str = "", presence: str = Presence.PRESENT, mode: str = Mode.IN_PERSON,
    not_military: str = "", email: str = "",
) -> Attendance:  # fmt: skip
    """Somebody who sits in no seat, or a person by name; no account comes of it (lines 1-26, 3-5).

    With an e-mail they hear of this meeting as its members do; whoever the release ledger has to name is of the list.
    Where no force comes, an organisation in no list needs OCHA's word why it is `not_military`, which the event keeps.
    Raises PermissionDenied, and ValidationError by field with the rule that keeps them away (contacts.seating).
    """
    meeting = _open(meeting, by)
    body = meeting.body
    text = "" if organisation else in_one_line(organisation_text)
    if text:  # written down though it stands in the list: the same rule holds for it
        organisation = Organisation.objects.filter(Q(acronym__iexact=text) | Q(name__iexact=text)).first()
        text = "" if organisation else text
    if organisation is None and not text:
        raise ValidationError({"organisation": _("Choose an organisation, or write its name.")})
    reason = ""
    if organisation is not None:
        category = CATEGORIES.get(organisation.org_type, Category.OTHER)
        if refused := why_not_come(body, organisation):
            raise ValidationError({"organisation": refused})
    else:
        reason = _must_be_known(body, by, text, category, in_one_line(not_military))
    if email and organisation is None and _is_of_a_force(body, text, category):
        raise ValidationError(
            {"email": _("What goes to a force stands in the release ledger: choose it from the list.")}
        )
    if meeting.attendance.count() >= MOST:
        raise ValidationError(_("A list of attendance holds %(number)d lines at most.") % {"number": MOST})
    row = Attendance(
        meeting=meeting, organisation=organisation, organisation_text=text, category=category, name=in_one_line(name),
        email=email.strip(), presence=presence, mode=mode if presence == Presence.PRESENT else "", as_observer=True,
        recorded_by=by,
    )  # fmt: skip
    row.full_clean(exclude=["recorded_by"])
    row.save()
    if reason:
        note(meeting, GUEST, by=by, data={"organisation": text, "category": category}, secret={"reason": reason})
        touched(meeting, by=by)
    else:
        _written(meeting, by)
    return row


@transaction.atomic
def remove_guest(row: Attendance, *, by: User) -> None:
    """Written down by mistake."""
    meeting = _open(row.meeting, by)
    row.delete()
    _written(meeting, by)


@transaction.atomic
def same_as_last_time(meeting: Meeting, *, by: User) -> int:
    """What the last meeting held says of the organisations that still sit here; returns how many lines were filled."""
    meeting = _open(meeting, by)
    last = meeting.body.meetings.held().filter(starts__lt=meeting.starts).exclude(pk=meeting.pk)
    before = last.filter(attendance__isnull=False).order_by("-starts").first()
    if before is None:
        raise ValidationError(_("No attendance was written down of an earlier meeting."))
    lines, _guests = grid(meeting)
    old = {row.organisation_id: row for row in before.attendance.filter(name="").exclude(organisation=None)}
    new = [
        Attendance(
            meeting=meeting, organisation=line.organisation, category=line.category, presence=was.presence,
            mode=was.mode, as_observer=line.as_observer, recorded_by=by,
        )
        for line in lines
        if line.row is None and (was := old.get(line.organisation.pk)) is not None
    ]  # fmt: skip
    Attendance.objects.bulk_create(new)
    _written(meeting, by)
    return len(new)


def why_not_come(body: Body, organisation: Organisation) -> str:
    """ "" or why an organisation is not invited to this body as a guest: the rule of its seats (contacts.seating)."""
    return seating.why_not_invited(body, organisation, body.country.profile_on(), kept_for=True)


def _is_of_a_force(body: Body, text: str, category: str) -> bool:
    """By its category, or by the name of a force in what was typed; the mission's civilians bear its name too."""
    if category == Category.MISSION_CIVILIAN:
        return False
    return any(kind in FORCES for kind in TYPES.get(category, ())) or named_force(body, text) is not None


def why_not_unlisted(body: Body, by: User) -> str:
    """ "" or why this person writes down nobody here who is in no list: where no force comes, OCHA alone does."""
    if not seating.keeps_forces_away(body) or keepers.keeps_body(by, body):
        return ""
    return _("No force comes to this body (ML-POS ¶4): choose the organisation from the list, or ask OCHA to add it.")


def confirmed(meeting: Meeting, guests: Iterable[Attendance]) -> dict[str, str]:
    """Why OCHA holds organisations in no list for not military, by their names; for those who keep the body."""
    if not seating.keeps_forces_away(meeting.body) or not any(row.organisation_text for row in guests):
        return {}
    said = ErasableValue.objects.filter(
        event__subject_kind=Meeting.activity_kind, event__subject_id=meeting.pk, event__kind=GUEST, field="reason"
    )
    return {row.event.data["organisation"]: row.value for row in said.select_related("event").order_by("id")}


def why_no_category(body: Body, category: str) -> str:
    """The same of a guest whose organisation has no line in the portal, by the category that was chosen."""
    if category not in Category.values:
        return _("Choose a category.")
    kinds = TYPES.get(category, ())
    return next((why for kind in kinds if (why := why_not_come(body, Organisation(org_type=kind)))), "")


def why_no_such_name(body: Body, text: str) -> str:
    """The same of what was typed: a force stays one with its place or its section behind its name ("FAMa, Bamako")."""
    force = named_force(body, text)
    return why_not_come(body, force) if force else ""


def named_force(body: Body, text: str) -> Organisation | None:
    """The force of the country whose name stands in what was typed."""
    typed = re.findall(r"\w+", text.casefold())
    words = f" {' '.join(typed)} "
    for force in Organisation.objects.filter(countries=body.country_id, org_type__in=FORCES):
        names = (" ".join(re.findall(r"\w+", name.casefold())) for name in (force.acronym, force.name))
        if any(name and (f" {name} " in words or name == "".join(typed)) for name in names):
            return force
    return None


def _must_be_known(body: Body, by: User, text: str, category: str, not_military: str) -> str:
    """An organisation in no list may come: returns why OCHA holds it for not military, "" where nobody asks."""
    if refused := why_no_category(body, category):
        raise ValidationError({"category": refused})
    refused = "" if category == Category.MISSION_CIVILIAN else why_no_such_name(body, text)
    if refused := refused or why_not_unlisted(body, by):
        raise ValidationError({"organisation_text": refused})
    if not seating.keeps_forces_away(body):
        return ""
    if not not_military:
        raise ValidationError({"not_military": _("Say how OCHA knows that it is not military (ML-POS ¶4).")})
    if len(not_military) > LONGEST_REASON:
        raise ValidationError({"not_military": too_long(len(not_military), LONGEST_REASON)})
    return not_military


def _written(meeting: Meeting, by: User) -> None:
    """Who was there stands in the minutes too: what was signed of them before is signed no more."""
    note(meeting, "meeting.attend", by=by)
    touched(meeting, by=by)


def _open(meeting: Meeting, by: User) -> Meeting:
    meeting = locked(meeting)
    must_prepare(by, meeting.body)
    if meeting.stage in (Meeting.Stage.CANCELLED, Meeting.Stage.NOT_HELD):
        raise ValidationError(_("This meeting does not take place."))
    if meeting.number is not None:
        raise ValidationError(_("The minutes of this meeting are final."))
    return meeting
