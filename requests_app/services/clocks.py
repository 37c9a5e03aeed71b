"""Which clocks run on this case now, and which reminders follow from them? Reads the rows, asks deadlines.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Q

from cmcoord.activity.models import Reminder
from cmcoord.places.models import Clock
from requests_app import consensus, deadlines, execution_sheet
from requests_app.dossier import attach
from requests_app.models import Case, Consultation, Move
from requests_app.models.terms import ENDED

WRITTEN_LATER = ("form", "writing")  # of a rescue, the day after
BESIDE = ("sheet", *WRITTEN_LATER)  # written while the case goes on: not what the case itself waits for
BESIDE_THE_REVIEW = ("submitted", "reviewing", "clearing")
NOT_OF_PATROLS = ("scheduling",)
A_DAY = timedelta(hours=24)


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
    allowance = allowance or allowance_of(case)
    steps = [deadlines.Step(move.at, move.to_status, move.code) for move in moves if move.from_status != move.to_status]
    asked = [deadlines.Asked(row.body, row.asked_at) for row in consultations if row.is_waiting]
    found = deadlines.running(
        steps,
        departure=leaves_at(case),
        allowance=allowance,
        asked=asked,
        heard_since=case.team_consultation.ready_at if consensus.is_asked(case) else None,
        lacks_sheet=bool(steps)
        and not (case.is_rescue or case.is_patrol)
        and steps[-1].status in deadlines.SHEET_IN
        and not execution_sheet.sheet_of(case).is_complete,
    )
    if case.is_patrol:  # once it is planned nobody waits: the force goes on its days, and logs them
        found = [clock for clock in found if clock.step not in NOT_OF_PATROLS]
    rescued = _of_rescue(case, steps[-1].status, allowance) if case.is_rescue and steps else []
    return sorted([*found, *rescued], key=lambda clock: clock.due)


def _of_rescue(case: Case, status: str, allowance: deadlines.Allowance) -> list[deadlines.Running]:
    """The coordinator's hours, which run beside the review from the call on; and what has to be written in a day:
    the full form, and a decision by word of mouth (domain.md §2.8).
    """
    dues = {"form": None if case.status in ENDED else case.form_due_at, "writing": case.writing_due_at}
    found = [deadlines.Running(step, deadlines.STEPS[step][0], due - A_DAY, due) for step, due in dues.items() if due]
    since = case.submitted_at
    if since and status in BESIDE_THE_REVIEW:
        found.append(deadlines.Running("hc", "coordinator", since, allowance.add(since, allowance.of("hc"))))
    return found


def leaves_at(case: Case) -> datetime | None:
    """The departure from which the clocks count backwards; a rescue leaves as soon as it can."""
    return None if case.is_rescue else case.departure_at


def planned_clocks(case: Case, now: datetime, bodies: Iterable[str]) -> tuple[list[deadlines.Running], bool]:
    """By when each step would be due if the request were sent now, and whether the usual times end after departure."""
    allowance = allowance_of(case)
    usual = deadlines.planned(now, departure=None, allowance=allowance)
    leaves = leaves_at(case)
    too_soon = bool(leaves) and usual[-1].due > leaves
    return deadlines.planned(now, departure=leaves, allowance=allowance, bodies=bodies), too_soon


def refresh_clocks(
    case: Case, now: datetime, consultations: list[Consultation] | None = None, moves: list[Move] | None = None
) -> list[deadlines.Running]:
    """After a change: set the case's earliest due, void the reminders of clocks that stopped, write the new ones.

    `consultations` are all those of the case if the change asks somebody; new ones are saved here, with their due.
    `moves` are those that count, if the caller has them.
    """
    rows = list(case.consultations.all()) if consultations is None else consultations
    clocks = current_clocks(case, moves=moves, consultations=rows)
    had_clocks = case.due_at is not None or case.is_rescue
    case.due_at = next((clock.due for clock in clocks if clock.step not in BESIDE), None)
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
