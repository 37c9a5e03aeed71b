"""How does an agenda change, and what becomes of what humanitarians propose for it?"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.services import Tell, record
from cmcoord.meetings import known_cases, visibility
from cmcoord.meetings.models import AgendaItem, Meeting, MinutesItem, Proposal, Standard
from cmcoord.meetings.services.trail import locked, must_prepare, note
from cmcoord.ui.words import in_one_line
from contacts import keepers
from contacts.models import Body
from requests_app.models import AccessIncident, Case

MOST = 40
FINISHED = (Meeting.Stage.NOT_HELD, Meeting.Stage.CANCELLED)


@transaction.atomic
def add_item(
    meeting: Meeting, *, by: User, title: str, lead: str = "", minutes_planned: int | None = None,
    case: Case | None = None,
) -> AgendaItem:  # fmt: skip
    """One more item of the joint agenda, before any other business. Raises PermissionDenied, ValidationError."""
    meeting = _prepared(meeting, by)
    item = AgendaItem(meeting=meeting, order=0, created_by=by, case=case)
    _set_words(item, title, lead, minutes_planned)
    if case and (refused := known_cases.why_not_named(meeting.body, case)):
        raise ValidationError({"case": refused})
    if meeting.agenda.count() >= MOST:
        raise ValidationError(_("An agenda holds %(number)d items at most.") % {"number": MOST})
    item.full_clean(exclude=["created_by"])
    item.order = _free_place(meeting)
    item.save()
    _touched(meeting, by)
    return item


@transaction.atomic
def change_item(
    item: AgendaItem, *, by: User, title: str, lead: str = "", minutes_planned: int | None = None
) -> AgendaItem:
    """Other words for an item."""
    meeting = _prepared(item.meeting, by)
    item = meeting.agenda.get(pk=item.pk)
    _set_words(item, title, lead, minutes_planned)
    item.full_clean(exclude=["created_by"])
    item.save()
    _touched(meeting, by)
    return item


@transaction.atomic
def move_item(item: AgendaItem, *, by: User, up: bool) -> None:
    """One place up or down; at the end nothing happens."""
    meeting = _prepared(item.meeting, by)
    items = list(meeting.agenda.all())
    here = next((number for number, row in enumerate(items) if row.pk == item.pk), None)
    there = None if here is None else here + (-1 if up else 1)
    if here is None or there is None or not 0 <= there < len(items):
        return
    items[here], items[there] = items[there], items[here]
    for order, row in enumerate(items, start=1):
        row.order = order
    AgendaItem.objects.bulk_update(items, ["order"])
    _touched(meeting, by)


@transaction.atomic
def remove_item(item: AgendaItem, *, by: User) -> None:
    """It is not talked about; a proposal that it came from waits again."""
    meeting = _prepared(item.meeting, by)
    if MinutesItem.objects.filter(agenda_item=item).exists():
        raise ValidationError(_("The minutes hold this item already: it stays on the agenda."))
    Proposal.objects.filter(taken_as=item).update(
        state=Proposal.State.OPEN, taken_as=None, answered_by=None, answered_at=None
    )
    item.delete()
    _touched(meeting, by)


# ── proposals ────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def propose(
    body: Body, *, by: User, title: str, why: str = "", case: Case | None = None, incident: AccessIncident | None = None
) -> Proposal:
    """Something for an agenda of the body; OCHA answers. Every humanitarian who sees the body's meetings proposes.

    Source: domain.md §8, line 0-9. Raises PermissionDenied, ValidationError.
    """
    if not keepers.is_inside(by) or not visibility.reads_meetings(by, body):
        raise PermissionDenied(_("Proposals come from humanitarians who see the meetings of the body."))
    row = Proposal(body=body, title=in_one_line(title), why=in_one_line(why), case=case, incident=incident,
                   proposed_by=by)  # fmt: skip
    row.full_clean(exclude=["proposed_by"])
    row.save()
    tell = [Tell(user, expects="propose") for user in _keepers(body)]
    record(row, "proposal.make", by=by, tell=tell)
    return row


@transaction.atomic
def take(proposal: Proposal, *, by: User, meeting: Meeting, title: str) -> AgendaItem:
    """Onto the joint agenda of a meeting, in words that both sides may read."""
    proposal = _answered(proposal, by)
    if meeting.body_id != proposal.body_id:
        raise ValidationError({"meeting": _("This meeting is of another body.")})
    case = proposal.case if proposal.case and not known_cases.why_not_named(proposal.body, proposal.case) else None
    item = add_item(meeting, by=by, title=title, case=case)
    _answer(proposal, by, state=Proposal.State.TAKEN, taken_as=item)
    record(proposal, "proposal.take", by=by, tell=[Tell(proposal.proposed_by)])
    return item


@transaction.atomic
def decline(proposal: Proposal, *, by: User, reason: str) -> None:
    """Not for this body, or not now: why is told to who proposed it."""
    proposal = _answered(proposal, by)
    reason = in_one_line(reason)
    if not reason:
        raise ValidationError({"reason": _("Say why not.")})
    _answer(proposal, by, state=Proposal.State.DECLINED, reason=reason)
    record(proposal, "proposal.decline", by=by, tell=[Tell(proposal.proposed_by)])


def _answered(proposal: Proposal, by: User) -> Proposal:
    Proposal.objects.select_for_update(no_key=True).only("pk").get(pk=proposal.pk)
    row = Proposal.objects.select_related("body__country", "body__station", "case", "proposed_by").get(pk=proposal.pk)
    if not keepers.keeps_body(by, row.body):
        raise PermissionDenied(keepers.not_your_body())
    if row.state != Proposal.State.OPEN:
        raise ValidationError(_("This proposal was answered already."))
    return row


def _answer(row: Proposal, by: User, **facts) -> None:
    for name, value in (facts | {"answered_by": by, "answered_at": timezone.now()}).items():
        setattr(row, name, value)
    row.full_clean(exclude=["proposed_by", "answered_by"])
    row.save()


def _keepers(body: Body) -> list[User]:
    """OCHA of the duty station; of a national body, or where nobody is there, the national unit."""
    there = scope.holders(Perm.RECORD_FOR_OTHERS, station=body.station_id) if body.station_id else []
    return there or scope.holders(Perm.CLEAR_CASE, country=body.country_id)


def _prepared(meeting: Meeting, by: User) -> Meeting:
    meeting = locked(meeting)
    must_prepare(by, meeting.body)
    if meeting.stage in FINISHED:
        raise ValidationError(_("This meeting does not take place."))
    if meeting.number is not None:
        raise ValidationError(_("The minutes of this meeting are final."))
    return meeting


def _set_words(item: AgendaItem, title: str, lead: str, minutes_planned: int | None) -> None:
    item.title, item.lead, item.minutes_planned = in_one_line(title), in_one_line(lead), minutes_planned
    if not item.title:
        raise ValidationError({"title": _("Say what is talked about.")})


def _free_place(meeting: Meeting) -> int:
    """The place of a new item: the last one, but any other business stays the last of all."""
    last = meeting.agenda.order_by("order", "id").last()
    if last is None or last.code != Standard.ANY_OTHER:
        return (last.order if last else 0) + 1
    AgendaItem.objects.filter(pk=last.pk).update(order=last.order + 1)
    return last.order


def _touched(meeting: Meeting, by: User) -> None:
    if not meeting.by_hand:
        meeting.by_hand = True
        meeting.save(update_fields=["by_hand"])
    note(meeting, "meeting.agenda", by=by)
