"""Does every right that counts stand on its events? Compares it with who gave it, who confirmed it, and what they said.

A row that somebody wrote into the database by hand has no events, or others than it says; the events carry the portal's
mark (cmcoord/activity/marks.py) and stand in the sealed trail. Asked of the one right that is used at a decision, a
release and a change of rights, and of all of them at night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import Appointment, DecisionDelegation, StandIn, User
from cmcoord.accounts.roles import Perm, Role
from cmcoord.activity import checks
from cmcoord.activity.checks import Defect
from cmcoord.activity.marks import is_marked
from cmcoord.activity.models import Event, SealedRow
from cmcoord.activity.seals import hash_of
from cmcoord.activity.services import PORTAL_STREAM, Tell, record

AT_A_TIME = 200  # rows compared at once
Right = Appointment | StandIn | DecisionDelegation
ENDS: dict[type[Right], tuple[str, ...]] = {
    Appointment: ("appointment.end", "appointment.refuse"),
    StandIn: ("standin.end",),
    DecisionDelegation: ("delegation.end",),
}
# In the event of a closed account.
NAMED_BY_CLOSING = {Appointment: "appointments", StandIn: "stand_ins", DecisionDelegation: "delegations"}


def facts_of(appointment: Appointment) -> dict:
    """What the trail keeps of an appointment: all of it restricted, none of it confidential."""
    return {
        "user": appointment.user_id,
        "role": appointment.role,
        "country": appointment.country_id,
        "station": appointment.station_id,
        "cluster": appointment.cluster,
        "organisation": appointment.organisation_id,
        "starts": appointment.starts.isoformat(),
        "ends": appointment.ends.isoformat() if appointment.ends else None,
    }


def facts_of_stand_in(stand_in: StandIn) -> dict:
    """What the trail keeps of a stand-in, beside the facts of the appointment."""
    return {
        "appointment": stand_in.appointment_id,
        "person": stand_in.user_id,
        "from": stand_in.starts.isoformat(),
        "until": stand_in.ends.isoformat(),
    }


def facts_of_delegation(row: DecisionDelegation) -> dict:
    """What the trail keeps of a delegation, beside the facts of the appointment; its document is kept as a digest."""
    return {
        "appointment": row.appointment_id,
        "person": row.delegate_id,
        "types": list(row.request_types),
        "urgent_only": row.urgent_only,
        "from": row.valid_from.isoformat(),
        "until": row.valid_to.isoformat(),
    }


# ── one right and its events ─────────────────────────────────────────────────────────────────────────────────────────


def defects_of(rows: Iterable[Right]) -> Iterator[Defect]:
    """Which of these rows, all of one model, do not stand on their events? One query for the events of all."""
    rows = list(rows)
    if not rows:
        return
    events = _events_of(rows)
    for row in rows:
        what = _of_appointment(row, events) if isinstance(row, Appointment) else _of_lent(row, events)
        if what:
            yield Defect(row._meta.db_table, row.pk, what, hash_of(_as_found(row)))


def why_not_given(appointment: Appointment) -> str:
    """ "" or what is wrong with an appointment that waits to be confirmed: nobody gave it, or gave another one."""
    what = _of_given(appointment, _events_of([appointment])[appointment.activity_kind, appointment.pk])
    if not what:
        return ""
    defect = Defect(appointment._meta.db_table, appointment.pk, what)
    sentence = _("This does not agree with the trail: %(defect)s Refuse it; who needs it asks again.")
    return sentence % {"defect": defect}


def why_not_asked(row: Model, kind: str, facts: dict, *, by: int, acting_for: int | None) -> str:
    """ "" or why a second administrator cannot confirm this row: nobody asked for it in the portal, or for another."""
    asked = Event.objects.filter(subject_kind=row.activity_kind, subject_id=row.pk, kind=kind, by=by)  # type: ignore[attr-defined]
    if any(is_marked(one) and one.acting_for_id == acting_for and _says(one, facts) for one in asked):
        return ""
    return _("This does not agree with the trail: %(defect)s Refuse it; who needs it asks again.") % {
        "defect": Defect(row._meta.db_table, row.pk, "unasked")
    }


def why_not_held(appointment: Appointment) -> str:
    """ "" or why nobody can be named for this appointment: it does not stand on its events."""
    found = next(defects_of([appointment]), None) or _bad_event([appointment])
    return unfounded_sentence(found) if found else ""


Events = dict[tuple[str, int], list[Event]]


def _events_of(rows: list) -> Events:
    owners = {pk for row in rows for pk in _owners(row)}
    of_rows = Q(subject_kind=rows[0].activity_kind, subject_id__in=[row.pk for row in rows])
    closings = Q(subject_kind=User.activity_kind, subject_id__in=owners, kind="user.deactivate")
    found: Events = defaultdict(list)
    for event in Event.objects.filter(of_rows | closings).order_by("id"):
        if not isinstance(event.data, dict):  # put in by hand: it says nothing
            continue
        found[event.subject_kind, event.subject_id].append(event)
    return found


def _owners(row: Right) -> tuple[int, ...]:
    """Whose account ends this right when it is closed: who holds it, and who lent it."""
    return (row.user_id,) if isinstance(row, Appointment) else (_taker(row).pk, row.appointment.user_id)


def _taker(row: StandIn | DecisionDelegation) -> User:
    return row.user if isinstance(row, StandIn) else row.delegate


def _of_appointment(row: Appointment, events: Events) -> str:
    own = events[row.activity_kind, row.pk]
    if what := _of_given(row, own):
        return what
    if row.confirmed_at is None:  # it waits for the second administrator
        return ""
    confirmed = next((each for each in own if each.kind == "appointment.confirm" and is_marked(each)), None)
    if confirmed is None:
        return "unfounded"
    if not _says(confirmed, facts_of(row)) or confirmed.by_id != row.confirmed_by_id:
        return "differs"
    given = _given(own)
    if confirmed.by_id in {row.user_id, row.given_by_id, given.acting_for_id if given else None}:
        return "alone"
    if row.user.side not in row.rule.sides:
        return "side"
    return "ended" if _is_ended(row, own, events[User.activity_kind, row.user_id]) else ""


def _of_given(row: Appointment, own: list[Event]) -> str:
    given = _given(own)
    if given is None:
        founding = any(each.data.get("founding") and is_marked(each) for each in own)
        return "" if founding and row.given_by_id is None and row.role == Role.ADMIN else "unfounded"
    giver = given.by_id if given.kind == "appointment.give" else given.data.get("given_by")
    if not _says(given, facts_of(row)) or giver != row.given_by_id:
        return "differs"
    return "alone" if giver == row.user_id else ""


def _given(own: list[Event]) -> Event | None:
    return next((one for one in own if one.kind in ("appointment.give", "invitation.accept") and is_marked(one)), None)


def _of_lent(row: StandIn | DecisionDelegation, events: Events) -> str:
    """Of a stand-in or a delegation: the holder of the appointment gave it, to this person, and it has not ended."""
    own = events[row.activity_kind, row.pk]
    given = next((each for each in own if each.kind == f"{row.activity_kind}.give" and is_marked(each)), None)
    if given is None:
        return "unfounded"
    facts = facts_of_stand_in(row) if isinstance(row, StandIn) else facts_of_delegation(row)
    if not _says(given, facts) or not given.by_id == row.given_by_id == row.appointment.user_id:
        return "differs"
    if _taker(row).side not in row.appointment.rule.sides:
        return "side"
    closings = [event for pk in _owners(row) for event in events[User.activity_kind, pk]]
    return "ended" if _is_ended(row, own, closings) else ""


def _says(event: Event, facts: dict) -> bool:
    return all(name in event.data and event.data[name] == value for name, value in facts.items())


def _is_ended(row: Right, own: Iterable[Event], closings: Iterable[Event]) -> bool:
    """However the row reads: what ended once is given anew, never opened again."""
    named = NAMED_BY_CLOSING[type(row)]
    return any(one.kind in ENDS[type(row)] for one in own) or any(row.pk in _listed(one, named) for one in closings)


def _listed(event: Event, name: str) -> list:
    listed = event.data.get(name)
    return listed if isinstance(listed, list) else []


def _as_found(row: Model) -> list:
    return [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]


# ── the right that is used ───────────────────────────────────────────────────────────────────────────────────────────


def why_not_founded(grant: scope.Grant | None, *, in_detail: bool = False) -> str:
    """ "" or why nothing is decided, released or given under this right: asked in the act itself, a few queries.

    Its events are compared with their seals too, so that the event which ended it cannot have been taken away.
    `in_detail` names table and row.
    """
    if grant is None:
        return ""
    held = list(_appointments().filter(pk=grant.appointment_id))
    lent: list[Right] = []
    if grant.delegation_id:
        lent = list(_delegations().filter(pk=grant.delegation_id))
    elif grant.principal_id:
        lent = list(_stand_ins().in_force().filter(appointment=grant.appointment_id, user=grant.user_id))
    found = next(defects_of(held), None) or next(defects_of(lent), None) or _bad_event([*held, *lent])
    return unfounded_sentence(found, in_detail=in_detail) if found else ""


def _bad_event(rows: list[Right]) -> Defect | None:
    subjects = [f"{row.activity_kind}/{row.pk}" for row in rows]
    sealed = SealedRow.objects.filter(subject__in=subjects).select_related("seal").order_by("id")
    return next(checks.row_defects(sealed), None)


def unfounded_sentence(defect: Defect, *, in_detail: bool = False) -> str:
    if in_detail:
        sentence = _(
            "The right under which you do this does not agree with the trail: %(defect)s Nothing is decided, "
            "transmitted or given under it. An administrator ends it, and it is given anew."
        ) % {"defect": defect}
    else:
        sentence = _(
            "The right under which you do this does not agree with the trail: it was put in or changed by hand. "
            "Nothing is decided, transmitted or given under it until an administrator has given it anew."
        )
    return with_administrators(sentence)


def with_administrators(sentence: str) -> str:
    """The sentence, and whom to call about a right."""
    contact = settings.PORTAL_CONTACT or _("a portal administrator")
    return sentence + " " + _("Call %(contact)s.") % {"contact": contact}


def permit(by: User, perm: Perm) -> None:
    """Raise PermissionDenied when the right by which `by` does this does not stand on its events."""
    if sentence := why_not_founded(scope.grant_for(by, perm), in_detail=True):
        raise PermissionDenied(sentence)


# ── all rights ───────────────────────────────────────────────────────────────────────────────────────────────────────


def all_defects() -> Iterator[Defect]:
    """Every appointment, stand-in and delegation that is confirmed and has not ended, in constant memory."""
    lent = (_stand_ins().filter(ended_at=None), _delegations().filter(ended_at=None))
    for rows in (_appointments().filter(confirmed_at__isnull=False, ended_at=None), *lent):
        last = 0
        while found := list(rows.filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
            yield from defects_of(found)
            last = found[-1].pk


def check_rights() -> int:
    """At night: tell administrators and the addresses outside of each right that nobody gave; once for each state."""
    found = list(all_defects())
    for defect in found:
        tell_of(defect)
    return len(found)


@transaction.atomic
def tell_of(defect: Defect) -> None:
    row = _row_of(defect)
    told = Event.objects.about(row).filter(kind=f"{row.activity_kind}.doubt")
    if any(is_marked(event) and event.data.get("found") == defect.found for event in told):
        return
    data = {"table": defect.table, "row": defect.row, "found": defect.found, "defect": defect.what}
    record(
        row,
        f"{row.activity_kind}.doubt",
        by=None,
        stream=PORTAL_STREAM,
        data=data,
        tell=[
            *[Tell(person) for person in scope.role_owners(Role.ADMIN)],
            *[Tell(address=address) for address in settings.ANCHOR_TO],
        ],
    )


def doubted() -> list[tuple[Right, Defect]]:
    """What was found at night and still stands: asked of these rows again, since an end may have settled it."""
    told: dict[str, set[int]] = defaultdict(set)
    nouns = [model.activity_kind for model in (Appointment, StandIn, DecisionDelegation)]
    doubts = Event.objects.filter(subject_kind__in=nouns, kind__in=[f"{noun}.doubt" for noun in nouns])
    for noun, pk in doubts.values_list("subject_kind", "subject_id"):
        told[noun].add(pk)
    found = []
    for rows in (_appointments(), _stand_ins(), _delegations()):
        marked = told[rows.model.activity_kind]
        if not marked:
            continue
        open_rows = {row.pk: row for row in rows.filter(pk__in=marked, ended_at=None)}
        found += [(open_rows[defect.row], defect) for defect in defects_of(open_rows.values())]
    return found


def _row_of(defect: Defect) -> Right:
    tables = {rows.model._meta.db_table: rows for rows in (_appointments(), _stand_ins(), _delegations())}
    return tables[defect.table].get(pk=defect.row)


def _appointments():
    return Appointment.objects.select_related("user__organisation", "country")


def _stand_ins():
    return StandIn.objects.select_related("user__organisation", "appointment__user", "appointment__country")


def _delegations():
    return DecisionDelegation.objects.select_related(
        "delegate__organisation", "appointment__user", "appointment__country"
    )
