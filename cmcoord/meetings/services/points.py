"""How does an action point come, move on and end, who hears of it, and what goes up? Each act leaves one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.duty import duty_at
from cmcoord.accounts.models import Appointment, Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Side
from cmcoord.activity.models import Reminder
from cmcoord.activity.services import Tell, record
from cmcoord.meetings import following
from cmcoord.meetings.following import BY_NAME
from cmcoord.meetings.models.points import (
    ENDED,
    OWNER,
    ActionPoint,
    Escalation,
    InternalPoint,
    InternalUpdate,
    Point,
    PointUpdate,
    Status,
)
from cmcoord.meetings.services import writing
from cmcoord.ui.words import in_one_line
from contacts import keepers
from contacts.models import Body, Holding, Post, Seat, Sitting
from requests_app import incidents
from requests_app.models import AccessIncident

UPDATES: dict[type[Point], Any] = {ActionPoint: PointUpdate, InternalPoint: InternalUpdate}
SUBJECTS: dict[str, type[Point]] = {model.activity_kind: model for model in UPDATES}
LONGEST = dt.timedelta(days=730)  # a deadline later than that is a slip of the pen
BEFORE, MORNING = dt.timedelta(days=3), dt.time(8)
BATCH = 200
WHAT = {"close": "close", "confirm": "close"}  # how a step is told; others by their own name


# ── raising ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def owners_for(body: Body, *, by: User, internal: bool, meeting: Any = None):
    """The organisations that can be asked to do something: who sits in the body, or was at the meeting."""
    seated = Sitting.objects.filter(seat__body=body, seat__closed_at=None, ends=None)
    where = Q(pk__in=seated.order_by().values("organisation"))
    if keepers.keeps_body(by, body):
        where |= Q(pk=by.organisation_id)
    if meeting is not None and not internal:
        where |= Q(pk__in=meeting.attendance.exclude(organisation=None).order_by().values("organisation"))
    found = Organisation.objects.filter(where)
    if internal:
        found = found.filter(org_type__in=[kind for kind in Organisation.Type if _is_ours(kind)])
    return found.order_by("acronym", "name")


def _is_ours(kind: str) -> bool:
    return Organisation(org_type=kind).side == Side.HUMANITARIAN


@transaction.atomic
def raise_point(
    body: Body,
    *,
    by: User,
    words: str,
    owner_organisation: Organisation,
    due: dt.date,
    owner_post: Post | None = None,
    internal: bool = False,
    meeting: Any = None,
    item: Any = None,
    **facts: Any,
) -> Point:
    """One more thing to do. Raises PermissionDenied, and ValidationError by field (domain.md §3.7).

    With a point of the minutes (`item`), it is part of the text that the chairs sign: an edit of them.
    """
    Body.objects.select_for_update(no_key=True).only("pk").get(pk=body.pk)
    body = Body.objects.select_related("country", "station").get(pk=body.pk)
    if refused := following.why_not_raise(by, body, internal=internal):
        raise PermissionDenied(refused)
    model = InternalPoint if internal else ActionPoint
    if item is not None:
        minutes = writing.locked(item.minutes, by=by)
        facts["item"], meeting = item, minutes.meeting
    number = _next_number(model, body)
    point = model(
        body=body, number=number, reference=f"{_code(body)}-{model.mark}{number}", meeting=meeting,
        words=in_one_line(words), owner_organisation=owner_organisation, owner_post=owner_post, due=due,
        due_raised=due, raised_by=by, **facts,
    )  # fmt: skip
    _check(point, by)
    point.full_clean(exclude=["reported_by", "checked_by", "closed_by", "closed_at"])
    point.save()
    if item is not None:
        writing.changed(minutes, by=by, data={"item": item.order, "what": "point"})
    set_reminders(point)
    record_of(point, "point.raise", by=by, tell=[Tell(user, "do_point") for user in people_of(point)])
    return point


@transaction.atomic
def correct_point(point: Point, *, by: User, **facts: Any) -> Point:
    """Other words, another owner or deadline, while nobody has begun it and no final minutes hold it."""
    model = type(point)
    model._default_manager.select_for_update(no_key=True).only("pk").get(pk=point.pk)
    point = model._default_manager.for_lists().get(pk=point.pk)
    if refused := why_not_correct(by, point):
        raise PermissionDenied(refused) if not following.leads(by, point.body) else ValidationError(refused)
    item = getattr(point, "item", None)
    minutes = writing.locked(item.minutes, by=by) if item else None
    for name, value in facts.items():
        setattr(point, name, in_one_line(value) if name == "words" else value)
    point.due_raised = point.due
    _check(point, by)
    point.full_clean(exclude=["reported_by", "checked_by", "closed_by", "closed_at"])
    point.save()
    set_reminders(point)
    if minutes:
        writing.changed(minutes, by=by, data={"item": item.order, "what": "point"})
    record_of(point, "point.correct", by=by, tell=[Tell(user, "do_point") for user in people_of(point)])
    return point


def why_not_correct(user: User, point: Point) -> str:
    """ "" or why this point stays as it was written."""
    if not (following.reads(user, point) and following.leads(user, point.body)):
        return _("Action points of the table are written by the chairs of the meeting, and by OCHA.")
    if point.status != Status.OPEN or point.updates.exclude(step=OWNER).exists():
        return _("Somebody has begun this point: write where it stands, or drop it with a reason.")
    item = getattr(point, "item", None)
    if item and item.minutes.is_final:
        return _("The minutes that hold this point are final: corrections are addenda.")
    return ""


def _check(point: Point, by: User) -> None:
    today = point.body.country.today
    if not point.words:
        raise ValidationError({"words": _("Say what is to be done.")})
    if not today <= point.due <= today + LONGEST:
        raise ValidationError({"due": _("The deadline lies between today and two years from now.")})
    check_owner(point, by)
    if point.meeting and point.meeting.body_id != point.body_id:
        raise ValidationError({"meeting": _("This meeting is another body’s.")})
    if point.priority != "high" and (point.needs_evidence or point.needs_check):
        raise ValidationError({"priority": _("Evidence and a check are asked for where the priority is high.")})


def check_owner(point: Point, by: User) -> None:
    """Who does it sits at the table, and the post is theirs and stands. Raises ValidationError by field."""
    internal = isinstance(point, InternalPoint)
    if not owners_for(point.body, by=by, internal=internal, meeting=point.meeting).filter(
        pk=point.owner_organisation_id
    ):
        raise ValidationError({"owner_organisation": _("Choose an organisation that sits in this body.")})
    post = point.owner_post
    if post and (
        post.organisation_id != point.owner_organisation_id
        or post.country_id != point.body.country_id
        or post.closed_at
    ):
        raise ValidationError({"owner_post": _("This post is closed, or of another organisation or country.")})


def _code(body: Body) -> str:
    """How the references of a body begin: BRIA for a cell, HCT-2 for another one."""
    if body.kind == Body.Kind.CELL and body.station:
        return body.station.code.upper()
    return f"{body.kind.replace('_', '-').upper()}-{body.pk}"


def _next_number(model: type[Point], body: Body) -> int:
    """One more than the last: of a place, also where its cell was closed once and opened anew."""
    same = Q(body=body)
    if body.kind == Body.Kind.CELL:
        same |= Q(body__kind=Body.Kind.CELL, body__station=body.station_id)
    return (model._default_manager.filter(same).aggregate(last=Max("number"))["last"] or 0) + 1


# ── moving on ────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def move_point(
    point: Point,
    step: str,
    *,
    by: User,
    comment: str = "",
    evidence: str = "",
    due: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Point:
    """One step with a point (following.STEPS). Raises PermissionDenied, and ValidationError by field or state."""
    model, at = type(point), at or timezone.now()
    model._default_manager.select_for_update(no_key=True).only("pk").get(pk=point.pk)
    point = model._default_manager.for_lists().get(pk=point.pk)
    chosen, comment, evidence = BY_NAME[step], in_one_line(comment), in_one_line(evidence)
    if not following.reads(by, point):
        raise PermissionDenied(_("This point is another organisation’s."))
    if refused := following.why_not(by, point, chosen):
        raise ValidationError(refused) if point.status not in chosen.sources else PermissionDenied(refused)
    due = due if step == "postpone" else None
    if lacking := following.missing(point, chosen, comment=comment, evidence=evidence, due=due):
        raise ValidationError(lacking)
    today = point.body.country.today
    if due and not today <= due <= today + LONGEST:
        raise ValidationError({"due": _("The deadline lies between today and two years from now.")})
    target = following.target_of(point, chosen)
    UPDATES[model].objects.create(
        point=point, step=step, from_status=point.status, to_status=target, comment=comment, evidence=evidence,
        due=due, by=by, at=at,
    )  # fmt: skip
    _set(point, chosen.name, target, by=by, at=at, comment=comment, due=due)
    what = "report" if target == Status.REPORTED and step == "close" else WHAT.get(step, step)
    record_of(point, "point.update", by=by, what=what, tell=_told(point, what))
    return point


def _set(point: Point, step: str, target: str, *, by, at, comment: str, due) -> None:
    """The columns that follow from a step, in one write."""
    point.status = target
    if step == "close":
        point.reported_by = by
    if step == "confirm":
        point.checked_by = by
    ended = target in ENDED
    point.closed_by, point.closed_at = (by, at) if ended else (None, None)
    point.closing_comment = comment if ended else ""
    if step in ("send_back", "reopen"):
        point.reported_by = point.checked_by = None
    if due:
        point.due = due
    point.save()
    if due or ended or step == "reopen":
        set_reminders(point)


def _told(point: Point, what: str) -> list[Tell]:
    if what == "report":
        return [Tell(user, "check_point") for user in leaders_of(point.body) if user != point.reported_by]
    if what in ("send_back", "reopen"):
        return [Tell(user, "do_point") for user in people_of(point)]
    if what in ("drop", "postpone"):
        return [Tell(user) for user in people_of(point)]
    return [Tell(point.raised_by)] if what == "close" else []


# ── who is meant ─────────────────────────────────────────────────────────────────────────────────────────────────────


def people_of(point: Point) -> list[User]:
    """Whom the portal tells of a point: who holds the post; else who files or answers for the organisation there."""
    body, organisation = point.body, point.owner_organisation
    if point.owner_post_id:
        held = Holding.objects.in_post().filter(post=point.owner_post_id, person__user__is_active=True)
        if found := [row.person.user for row in held.select_related("person__user__organisation")]:
            return found
    found = _speakers(organisation, body) or _appointed(organisation, body)
    return [user for user in found if following.reads(user, point)]


def _speakers(organisation: Organisation, body: Body) -> list[User]:
    if organisation.side == Side.FORCE:
        return scope.holders(Perm.ANSWER_AS_FORCE, country=body.country_id, organisation=organisation)
    near = {"touches": {body.station_id}, "author": None}
    filing = scope.holders(Perm.FILE_CASE, country=body.country_id, organisation=organisation, near=near)
    return filing or [
        user for user in duty_at(body.station or body.country, Perm.RECORD_FOR_OTHERS).people
        if user.organisation_id == organisation.pk
    ]  # fmt: skip


def _appointed(organisation: Organisation, body: Body) -> list[User]:
    """Of an organisation that neither files nor answers (a donor, UNDSS, the police): its people in the country."""
    held = Appointment.objects.in_force().filter(country=body.country_id).values("user")
    return list(User.objects.filter(pk__in=held, organisation=organisation, is_active=True).order_by("folded_name"))


def leaders_of(body: Body) -> list[User]:
    """The chairs of a body, the co-chair's people too, and OCHA on duty for it: each once."""
    found: dict[int, User] = {}
    rows = Sitting.objects.filter(
        ends=None, seat__body=body, seat__closed_at=None, seat__kind__in=Seat.CHAIRS
    ).select_related("organisation", "seat")
    for row in rows:
        post = row.designate_id or row.post_id
        if post:
            held = Holding.objects.in_post().filter(post=post, person__user__is_active=True)
            people = [one.person.user for one in held.select_related("person__user__organisation")]
        else:
            people = _speakers(row.organisation, body)
        found |= {user.pk: user for user in people}
    found |= {user.pk: user for user in duty_at(body.station or body.country, Perm.RECORD_FOR_OTHERS).people}
    return list(found.values())


# ── reminders ────────────────────────────────────────────────────────────────────────────────────────────────────────


def set_reminders(point: Point) -> None:
    """Three days before the deadline, and the morning after it: rows, so that a standstill loses none."""
    Reminder.objects.open_for(point).update(void_at=timezone.now())
    if not point.goes_on:
        return
    zone, now = point.body.country.zone, timezone.now()
    for word, day in (("before", point.due - BEFORE), ("after", point.due + dt.timedelta(days=1))):
        due_at = dt.datetime.combine(day, MORNING, zone)
        if due_at > now:
            row, made = Reminder.objects.get_or_create(
                subject_kind=point.activity_kind, subject_id=point.pk, key=f"{word}.{point.due.isoformat()}",
                defaults={"due_at": due_at},
            )  # fmt: skip
            if not made and row.sent_at is None:
                row.void_at = None
                row.save(update_fields=["void_at"])


def remind_points(now: dt.datetime, limit: int = BATCH) -> int:
    """Send each reminder that is due exactly once; what is done by now needs none."""
    rows = Reminder.objects.due(now).filter(subject_kind__in=list(SUBJECTS))[:limit]
    return sum(_remind(row.pk, now) for row in list(rows))


@transaction.atomic
def _remind(pk: int, now: dt.datetime) -> bool:
    reminder = Reminder.objects.select_for_update(no_key=True).get(pk=pk)
    if reminder.sent_at or reminder.void_at:
        return False
    point = SUBJECTS[reminder.subject_kind].objects.for_lists().filter(pk=reminder.subject_id).first()
    word, _dot, day = reminder.key.partition(".")
    wanted = point is not None and point.goes_on and point.due.isoformat() == day
    if wanted:
        tell = {user.pk: Tell(user, "do_point") for user in people_of(point)}
        if word == "after":
            tell |= {user.pk: Tell(user) for user in leaders_of(point.body) if user.pk not in tell}
        kind = "point.remind" if word == "before" else "point.overdue"
        record_of(point, kind, by=None, tell=tell.values(), at=now)
    setattr(reminder, "sent_at" if wanted else "void_at", now)
    reminder.save(update_fields=["sent_at", "void_at"])
    return wanted


# ── upwards ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def escalate(point: Point, *, by: User, why: str) -> Escalation:
    """Put a point that is stuck to the strategic level (CAR-CMC §10). Raises PermissionDenied and ValidationError."""
    if refused := why_not_escalate(by, point):
        raise PermissionDenied(refused)
    type(point)._default_manager.select_for_update(no_key=True).only("pk").get(pk=point.pk)
    point = type(point)._default_manager.for_lists().get(pk=point.pk)
    if not point.goes_on:
        raise ValidationError(_("This point has ended: there is nothing to put upwards."))
    if point.escalations.open().exists():
        raise ValidationError(_("This point was put to the strategic level already."))
    of = {"internal_point" if isinstance(point, InternalPoint) else "point": point}
    return _put_up(Escalation(body=point.body, by=by, **of), why)


@transaction.atomic
def escalate_incident(incident: AccessIncident, *, body: Body, by: User, why: str) -> Escalation:
    """Put an access incident to the strategic level, from the cell of its place (CAR-CMC §10; domain.md §8, 1-29).

    Raises PermissionDenied and ValidationError.
    """
    AccessIncident.objects.select_for_update(no_key=True).only("pk").get(pk=incident.pk)
    incident = AccessIncident.objects.select_related("case").get(pk=incident.pk)
    if body.pk not in {row.pk for row in bodies_of(incident, user=by)}:
        raise PermissionDenied(no_body())
    if refused := why_not_put_up(incident):
        raise ValidationError(refused)
    return _put_up(Escalation(body=body, by=by, incident=incident), why)


def bodies_of(incident: AccessIncident, *, user: User) -> list[Body]:
    """The cells of the place of an incident that this person keeps, if they read it: the duty station's own first."""
    if not incidents.visible_to(user).filter(pk=incident.pk).exists():
        return []
    case = incident.case
    cells = Body.objects.cells().filter(
        country=case.country_id, station__in=case.station_ids(), stage=Body.Stage.ACTIVE
    )
    kept = [row for row in cells.select_related("country", "station") if keepers.keeps_body(user, row)]
    return sorted(kept, key=lambda row: (row.station_id != case.station_id, row.pk))


def why_not_put_up(incident: AccessIncident) -> str:
    """ "" or why this incident does not go upwards now."""
    if incident.status == AccessIncident.Status.DISCARDED:
        return _("This incident was discarded: there is nothing to put upwards.")
    if Escalation.objects.open().filter(incident=incident).exists():
        return _("This incident was put to the strategic level already.")
    return ""


def no_body() -> str:
    return _("An incident is put to the strategic level by OCHA, from the cell of its place.")


def _put_up(row: Escalation, why: str) -> Escalation:
    row.why = in_one_line(why)
    if not row.why:
        raise ValidationError({"why": _("Say in one sentence why the cell cannot settle it.")})
    row.full_clean(exclude=["answered_by", "answered_at"])
    row.save()
    country = row.body.country_id
    tell = [Tell(user, "answer_escalation") for user in scope.holders(Perm.DECIDE_CASE, country=country)]
    tell += [Tell(user) for user in scope.holders(Perm.SEE_STATISTICS, country=country)]
    data = {"what": "incident"} if row.incident_id else {}
    url = {"url": reverse("meetings:escalation", args=[row.pk])}
    record(row, "escalation.raise", by=row.by, data=data | url if data else data, tell=tell)
    return row


def why_not_escalate(user: User, point: Point) -> str:
    """ "" or why this person puts nothing upwards."""
    if not (following.reads(user, point) and keepers.keeps_body(user, point.body)):
        return _("Points are put to the strategic level by OCHA.")
    return ""


def why_not_answer(user: User, row: Escalation) -> str:
    """ "" or why this person does not answer it: the Coordinator does, in person."""
    if not any(
        grant.perm == Perm.DECIDE_CASE and grant.country == row.body.country_id and grant.delegation_id is None
        for grant in (scope.grants(user) if keepers.is_inside(user) else ())
    ):
        return _("The Humanitarian Coordinator answers what is put to the strategic level.")
    return ""


@transaction.atomic
def answer_escalation(row: Escalation, *, by: User, answer: str, consulted: str) -> Escalation:
    """What the strategic level decided, and whom it consulted. Raises PermissionDenied and ValidationError."""
    Escalation.objects.select_for_update(no_key=True).only("pk").get(pk=row.pk)
    matter = ("point", "internal_point", "incident__case")
    row = Escalation.objects.select_related("body__country", *matter, "by").get(pk=row.pk)
    if refused := why_not_answer(by, row):
        raise PermissionDenied(refused)
    if row.answered_at:
        raise ValidationError(_("This was answered already."))
    row.answer, row.consulted, row.answered_by, row.answered_at = in_one_line(answer), consulted, by, timezone.now()
    if not row.answer:
        raise ValidationError({"answer": _("Say what was decided.")})
    row.full_clean()
    row.save()
    record(row, "escalation.answer", by=by, tell=[Tell(row.by)])
    return row


def record_of(point: Point, kind: str, *, by, what: str = "", tell: Iterable[Tell] = (), at=None) -> None:
    """The event of a point, told to those alone who read it: nobody of another side is asked to do, or to check, what
    is internal. Other sides know points of the table by the reference that all know."""
    data: dict[str, Any] = {"organisation": str(point.owner_organisation)}
    if what:
        data["what"] = what
    if isinstance(point, ActionPoint):
        data |= {"force_reference": point.reference, "force_url": point.get_absolute_url()}
    readers = [one for one in tell if one.user is not None and following.reads(one.user, point)]
    record(point, kind, by=by, data=data, tell=readers, at=at)
