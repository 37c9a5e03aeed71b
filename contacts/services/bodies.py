"""How do bodies come, change and go, who takes which seat, and where is liaison missing? Each act leaves one event."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.barrier import Side
from cmcoord.activity.services import record
from cmcoord.places.models import AdminArea
from cmcoord.ui.words import in_one_line
from contacts import keepers, seating, workflow
from contacts.models import Body, Force, MissingLiaison, Post, Seat, Sitting

WORDS = ("name_en", "name_fr", "function_en", "function_fr")


@transaction.atomic
def open_body(*, by: User, **facts: Any) -> Body:
    """A new body, proposed. Raises PermissionDenied, and ValidationError by field (source: domain.md §7, row 8)."""
    body = Body(stage=Body.Stage.PROPOSED, created_by=by, **_seen(facts))
    if not keepers.keeps_body(by, body):
        raise PermissionDenied(keepers.not_your_body())
    body.full_clean()
    body.save()
    _record(body, "body.open", by=by)
    return body


@transaction.atomic
def change_body(body: Body, *, by: User, **facts: Any) -> Body:
    """Correct names, place, parent, cadence and switches; what a switch excludes leaves its seat."""
    body = _kept(body, by)
    for name, value in _seen(facts).items():
        setattr(body, name, value)
    if not keepers.keeps_body(by, body):
        raise PermissionDenied(keepers.not_your_body())
    body.full_clean()
    body.save()
    off = [switch for switch in Body.SWITCHES if not body.allows(switch)]
    left = [row for row in _sittings(body) if seating.switch_of(row.organisation) in off]
    for row in left:
        _end(row, body.country.today)
    _record(body, "body.change", by=by, data={"left": [row.organisation_id for row in left]})
    return body


@transaction.atomic
def step_body(body: Body, name: str, *, by: User) -> Body:
    """One step of its life (contacts.workflow). Closed, nobody sits in it any more."""
    Body.objects.select_for_update(no_key=True).only("pk").get(pk=body.pk)
    body = Body.objects.select_related("country").get(pk=body.pk)
    if not keepers.leads_bodies(by, body.country_id):
        raise PermissionDenied(workflow.why_not(body, name, by))
    if refused := workflow.why_not(body, name, by):
        raise ValidationError(refused)
    before, body.stage = body.stage, workflow.BY_NAME[name].target
    body.save(update_fields=["stage"])
    if body.stage == Body.Stage.CLOSED:
        for row in _sittings(body):
            _end(row, body.country.today)
    _record(body, "body.step", by=by, data={"from": before, "to": body.stage})
    return body


@transaction.atomic
def add_seat(body: Body, *, by: User, **facts: Any) -> Seat:
    """One more seat in a body; at most one chair and one co-chair."""
    body = _kept(body, by)
    seat = Seat(body=body, **_seen(facts))
    chairs = body.seats.open().filter(kind=seat.kind)
    if seat.kind in Seat.CHAIRS and chairs.exists():
        raise ValidationError({"kind": _("This body has this chair already.")})
    if body.seats.open().filter(kind=seat.kind, function_en=seat.function_en).exists():
        raise ValidationError({"function_en": _("The body has this seat already.")})
    if seat.kind in Seat.CHAIRS:
        seat.several = False
    seat.full_clean(exclude=["closed_at"])
    seat.save()
    _record(body, "seat.open", by=by, data={"seat": seat.function_en})
    return seat


@transaction.atomic
def close_seat(seat: Seat, *, by: User) -> None:
    """The seat is no more; whoever sat in it leaves it."""
    body = _kept(seat.body, by)
    if seat.closed_at:
        raise ValidationError(_("This seat was closed already."))
    for row in seat.sittings.filter(ends=None):
        _end(row, body.country.today)
    seat.closed_at = timezone.now()
    seat.save(update_fields=["closed_at"])
    _record(body, "seat.close", by=by, data={"seat": seat.function_en})


@transaction.atomic
def take_seat(
    seat: Seat,
    *,
    by: User,
    organisation: Organisation,
    post: Post | None = None,
    designate: Post | None = None,
    designate_reason: str = "",
    starts: dt.date | None = None,
) -> Sitting:
    """An organisation takes a seat from a day on (default: today). Of a seat for one, whoever had it leaves it.

    Raises PermissionDenied, and ValidationError by field; who may sit where: contacts.seating.
    """
    body = _kept(seat.body, by)
    today = body.country.today
    seat = body.seats.open().filter(pk=seat.pk).first() or _gone()
    starts = starts or today
    new = Sitting(
        seat=seat, organisation=organisation, post=post, designate=designate,
        designate_reason=in_one_line(designate_reason), starts=starts, recorded_by=by,
    )  # fmt: skip
    _check(new, body, today)
    for row in Sitting.objects.filter(seat=seat, ends=None):
        if not seat.several or row.organisation_id == organisation.pk:
            if starts < row.starts:
                raise ValidationError({"starts": _("The one before began on %(day)s; choose a later day.") % {
                    "day": row.starts.isoformat()}})  # fmt: skip
            _end(row, max(row.starts, starts - dt.timedelta(days=1)))
    new.full_clean()
    new.save()
    data = {
        "seat": seat.function_en,
        "organisation": organisation.pk,
        "designate": designate.function if designate else "",
    }
    _record(body, "seat.take", by=by, data=data | ({"post": post.function} if post else {}))
    return new


@transaction.atomic
def leave_seat(sitting: Sitting, *, by: User) -> None:
    """Nobody of this organisation has the seat any more: where it is mandatory, a gap that every page shows."""
    body = _kept(sitting.seat.body, by)
    sitting = Sitting.objects.select_related("seat").get(pk=sitting.pk)
    if sitting.ends is not None:
        raise ValidationError(_("This seat was left already."))
    _end(sitting, body.country.today)
    _record(body, "seat.leave", by=by, data={"seat": sitting.seat.function_en, "organisation": sitting.organisation_id})


@transaction.atomic
def note_liaison(*, by: User, area: AdminArea, wanted: str, note: str, force: Force | None = None) -> MissingLiaison:
    """Write down where liaison is missing. Raises PermissionDenied, and ValidationError by field."""
    if not keepers.notes_liaison(by, area.country_id):
        raise PermissionDenied(_("Missing liaison is written down by OCHA of the country."))
    row = MissingLiaison(
        country_id=area.country_id, area=area, wanted=wanted, force=force, note=in_one_line(note), noted_by=by
    )
    if force and (force.country_id != area.country_id or wanted != MissingLiaison.Wanted.OFFICER):
        raise ValidationError({"force": _("A force is named where an officer of it is missing, in its country.")})
    if MissingLiaison.objects.open().filter(area=area, wanted=wanted, force=force).exists():
        raise ValidationError({"area": _("This is written down already.")})
    row.full_clean(exclude=["settled_at", "settled_by", "outcome"])
    row.save()
    record(row, "liaison.note", by=by, data={"area": area.name, "wanted": wanted})
    return row


@transaction.atomic
def settle_liaison(row: MissingLiaison, *, by: User, outcome: str) -> MissingLiaison:
    """It is missing no more, or no longer wanted: what became of it stays beside it."""
    MissingLiaison.objects.select_for_update(no_key=True).only("pk").get(pk=row.pk)
    row = MissingLiaison.objects.select_related("area").get(pk=row.pk)
    if not keepers.notes_liaison(by, row.country_id):
        raise PermissionDenied(_("Missing liaison is written down by OCHA of the country."))
    if row.settled_at:
        raise ValidationError(_("This was settled already."))
    row.outcome, row.settled_by, row.settled_at = in_one_line(outcome), by, timezone.now()
    if not row.outcome:
        raise ValidationError({"outcome": _("Say what became of it.")})
    row.full_clean()
    row.save(update_fields=["outcome", "settled_by", "settled_at"])
    record(row, "liaison.settle", by=by, data={"area": row.area.name, "wanted": row.wanted})
    return row


def _check(new: Sitting, body: Body, today: dt.date) -> None:
    if new.starts > today:
        raise ValidationError({"starts": _("This day lies in the future: let them take the seat when it comes.")})
    if refused := seating.why_not_take(new.seat, new.organisation, body.country.profile_on(today)):
        raise ValidationError({"organisation": refused})
    for name, post in (("post", new.post), ("designate", new.designate)):
        if post and (post.closed_at or post.country_id != body.country_id):
            raise ValidationError({name: _("This post is closed, or of another country.")})
    if new.post and new.post.organisation_id != new.organisation_id:
        raise ValidationError({"post": _("This post is of another organisation.")})
    if bool(new.designate) != bool(new.designate_reason):
        raise ValidationError({"designate_reason": _("Name the designate and say why, or neither.")})
    if new.designate and new.designate.organisation_id != new.organisation_id:
        if new.organisation.side == Side.FORCE:  # what a force signs, nobody signs for it
            raise ValidationError({"designate": _("The designate of a force is of the same force.")})
        if new.designate.organisation.org_type in seating.INVITED:
            raise ValidationError({"designate": _("A designate is of the same organisation, or a humanitarian.")})


def _kept(body: Body, by: User) -> Body:
    """The body, locked, if this person keeps it and it still stands."""
    Body.objects.select_for_update(no_key=True).only("pk").get(pk=body.pk)
    body = Body.objects.select_related("country", "station").get(pk=body.pk)
    if not keepers.keeps_body(by, body):
        raise PermissionDenied(keepers.not_your_body())
    if body.stage == Body.Stage.CLOSED:
        raise ValidationError(_("This body is closed."))
    return body


def _gone() -> Seat:
    raise ValidationError(_("This seat was closed already."))


def _sittings(body: Body) -> list[Sitting]:
    return list(Sitting.objects.filter(seat__body=body, ends=None).select_related("organisation"))


def _end(row: Sitting, day: dt.date) -> None:
    row.ends = max(row.starts, day)
    row.save(update_fields=["ends"])


def _seen(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with names on one line, without signs that nobody sees."""
    return {name: in_one_line(value) if name in WORDS else value for name, value in facts.items()}


def _record(body: Body, kind: str, *, by: User, data: dict[str, Any] | None = None) -> None:
    record(body, kind, by=by, data={"body": body.name_en, "kind": body.kind} | (data or {}))
