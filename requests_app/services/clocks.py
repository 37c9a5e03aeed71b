"""Which clocks run on this case now, and which reminders follow from them? Reads the rows, asks deadlines.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q

from cmcoord.activity.models import Reminder
from cmcoord.places.models import Clock
from requests_app import consensus, deadlines, execution_sheet
from requests_app.dossier import attach
from requests_app.models import Case, Consultation, Move

BESIDE = "sheet"  # the requester writes it while the case goes on: it is not what the case itself waits for


def allowance_of(case: Case) -> deadlines.Allowance:
    """The clocks of the case's own profile version; routine ones count in working hours of the station."""
    pace = Clock.Pace.URGENT if case.is_urgent else Clock.Pace.ROUTINE
    minutes = Clock.minutes_of(case.profile_id, case.request_type, pace)
    return deadlines.Allowance(minutes, None if case.is_urgent else case.station.work_calendar())


def current_clocks(
    case: Case,
    *,
    allowance: deadlines.Allowance | None = None,
    moves: Iterable | None = None,
    consultations: Iterable[Consultation] | None = None,
) -> list[deadlines.Running]:
    """The running clocks, the earliest due first; pass rows that the page has read already."""
    moves = case.moves.exclude(from_status=F("to_status")) if moves is None else moves
    consultations = case.consultations.all() if consultations is None else consultations
    steps = [deadlines.Step(move.at, move.to_status, move.code) for move in moves if move.from_status != move.to_status]
    asked = [deadlines.Asked(row.body, row.asked_at) for row in consultations if row.is_waiting]
    return deadlines.running(
        steps,
        departure=case.departure_at,
        allowance=allowance or allowance_of(case),
        asked=asked,
        heard_since=case.team_consultation.ready_at if consensus.is_asked(case) else None,
        lacks_sheet=bool(steps)
        and steps[-1].status in deadlines.SHEET_IN
        and not execution_sheet.sheet_of(case).is_complete,
    )


def planned_clocks(case: Case, now: datetime, bodies: Iterable[str]) -> tuple[list[deadlines.Running], bool]:
    """By when each step would be due if the request were sent now, and whether the usual times end after departure."""
    allowance = allowance_of(case)
    usual = deadlines.planned(now, departure=None, allowance=allowance)
    too_soon = bool(case.departure_at) and usual[-1].due > case.departure_at
    return deadlines.planned(now, departure=case.departure_at, allowance=allowance, bodies=bodies), too_soon


def refresh_clocks(
    case: Case, now: datetime, consultations: list[Consultation] | None = None, moves: list[Move] | None = None
) -> list[deadlines.Running]:
    """After a change: set the case's earliest due, void the reminders of clocks that stopped, write the new ones.

    `consultations` are all those of the case if the change asks somebody; new ones are saved here, with their due.
    `moves` are those that count, if the caller has them.
    """
    rows = list(case.consultations.all()) if consultations is None else consultations
    clocks = current_clocks(case, moves=moves, consultations=rows)
    had_clocks = case.due_at is not None
    case.due_at = next((clock.due for clock in clocks if clock.step != BESIDE), None)
    _write_dues(case, rows, clocks)
    attach(case, "consultations", rows)
    wanted = {key: at for clock in clocks for key, at in _reminders(clock)}
    known = _open_reminders(case) if had_clocks else {}  # a case without a due has no clock, so nothing to remind of
    stale = [row.pk for key, row in known.items() if key not in wanted]
    if stale:
        Reminder.objects.filter(pk__in=stale).update(void_at=now)
    Reminder.objects.bulk_create(
        [
            Reminder(subject_kind=case.activity_kind, subject_id=case.pk, key=key, due_at=at)
            for key, at in wanted.items()
            if key not in known
        ],
        ignore_conflicts=True,
    )
    return clocks


def _write_dues(case: Case, rows: list[Consultation], clocks: list[deadlines.Running]) -> None:
    due_of = {clock.body: clock.due for clock in clocks if clock.body}
    changed = [row for row in rows if row.body in due_of and row.due_at != due_of[row.body]]
    for row in changed:
        row.due_at = due_of[row.body]
    Consultation.objects.bulk_update([row for row in changed if row.pk], ["due_at"])
    if new := [row for row in rows if not row.pk]:
        Consultation.objects.bulk_create(new)


def _open_reminders(case: Case) -> dict[str, Reminder]:
    """The reminders of clocks that wait to be sent; those of confirmations and receipts stand apart."""
    rows = Reminder.objects.open_for(case).exclude(Q(key__startswith="confirm.") | Q(key__startswith="receive."))
    return {row.key: row for row in rows}


def _reminders(clock: deadlines.Running) -> list[tuple[str, datetime]]:
    """At half of the time and when it is due; the key holds the moment on which the clock depends."""
    name = f"{clock.key}.{int(clock.since.timestamp())}-{int(clock.due.timestamp())}"
    rows = [(f"{name}.due", clock.due)]
    return [(f"{name}.half", clock.half), *rows] if clock.half < clock.due else rows
