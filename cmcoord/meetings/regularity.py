"""Does a cell meet as often as it should, who comes, and is done in time what was agreed? Pure arithmetic over rows.

Figures 13, 14 and 15 of the portal (domain.md §5.1), for the last twelve weeks, which are a quarter.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

WEEKS = 12
WEEK = dt.timedelta(days=7)
# After how many weeks without a meeting one is missed, by cadence; and how many days may pass since the last one.
ALLOWED = {"week": 1, "two_weeks": 2, "month": 5}
DAYS = {"week": 7, "two_weeks": 16, "month": 31}
HELD, NOT_HELD, CANCELLED, PLANNED = "held", "not_held", "cancelled", "planned"


class Said(StrEnum):
    """What one week of one cell shows."""

    HELD = "held"
    NOT_HELD = "not_held"  # with its reason
    UNSAID = "unsaid"  # a planned meeting has passed, and nobody wrote down whether it took place
    MISSED = "missed"  # none was planned, though the cadence asks for one
    PLANNED = "planned"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Meeting:
    """What is needed of a meeting: its day where it takes place, what became of it, and why not."""

    day: dt.date
    stage: str
    reason: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Week:
    monday: dt.date
    said: Said
    reason: str = ""
    note: str = ""
    url: str = ""

    @property
    def is_red(self) -> bool:
        return self.said in (Said.MISSED, Said.UNSAID)


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def mondays(today: dt.date, count: int = WEEKS) -> list[dt.date]:
    """The last weeks, this one last."""
    this = monday_of(today)
    return [this - WEEK * back for back in range(count - 1, -1, -1)]


def weeks(meetings: Iterable[Meeting], *, every: str, today: dt.date, since: dt.date, count: int = WEEKS) -> list[Week]:
    """One line of the matrix. `since` is the day from which the cadence is asked; a week that runs is never missed.

    `meetings` reach further back than the matrix, so that its first weeks know when the cell met before.
    """
    of_week = defaultdict(list)
    for one in meetings:
        of_week[monday_of(one.day)].append(one)
    held = sorted(week for week, rows in of_week.items() if any(row.stage == HELD for row in rows))
    found = []
    for monday in mondays(today, count):
        rows = of_week.get(monday, [])
        said, row = _said(rows, today)
        if said == Said.NOTHING and monday + WEEK <= today and _is_missed(monday, held, every, since):
            said = Said.MISSED
        found.append(
            Week(monday, said, row.reason, row.note, row.url) if row else Week(monday, said)
        )  # fmt: skip
    return found


def _said(rows: Sequence[Meeting], today: dt.date) -> tuple[Said, Meeting | None]:
    """The best that can be said of a week: held before anything else."""
    by_stage = {row.stage: row for row in rows}
    if HELD in by_stage:
        return Said.HELD, by_stage[HELD]
    coming = next((row for row in rows if row.stage == PLANNED and row.day >= today), None)
    if coming:
        return Said.PLANNED, coming
    if PLANNED in by_stage:
        return Said.UNSAID, by_stage[PLANNED]
    off = by_stage.get(NOT_HELD) or by_stage.get(CANCELLED)
    return (Said.NOT_HELD, off) if off else (Said.NOTHING, None)


def _is_missed(monday: dt.date, held: Sequence[dt.date], every: str, since: dt.date) -> bool:
    if every not in ALLOWED:
        return False
    before = [week for week in held if week < monday]
    last = before[-1] if before else monday_of(since) - WEEK
    if not before and monday < monday_of(since):
        return False
    return (monday - last) // WEEK >= ALLOWED[every]


@dataclass(frozen=True)
class Regularity:
    """Figure 13: held ÷ planned, and days since the last meeting. `share` is None where none was planned."""

    held: int
    planned: int
    missed: int
    days_since: int | None
    overdue: bool

    @property
    def share(self) -> int | None:
        return round(100 * self.held / self.planned) if self.planned else None


def figure(
    line: Sequence[Week], meetings: Iterable[Meeting], *, every: str, today: dt.date, since: dt.date | None = None
) -> Regularity:
    """Figure 13 of one cell over the weeks of its line. Overdue: more days have passed than its cadence allows."""
    first = line[0].monday
    past = [row for row in meetings if first <= row.day and (row.day < today or row.stage != PLANNED)]
    held = [row.day for row in meetings if row.stage == HELD]
    days = (today - max(held)).days if held else None
    waited = days if days is not None else ((today - since).days if since else 0)
    return Regularity(
        held=sum(row.stage == HELD for row in past),
        planned=len(past),
        missed=sum(week.is_red for week in line),
        days_since=days,
        overdue=every in DAYS and waited > DAYS[every],
    )


@dataclass
class Came:
    """Figure 14, one category: at how many of the meetings held somebody of it was there, and how many seats it has."""

    category: str
    seated: bool = False
    meetings: int = 0
    remote: int = 0
    organisations: Counter = field(default_factory=Counter)

    def share(self, held: int) -> int | None:
        return round(100 * self.meetings / held) if held else None


def attendance(
    rows: Iterable[tuple[int, str, str, bool]], *, seated: Iterable[str], order: Sequence[str]
) -> list[Came]:
    """Who came, by category: rows are (meeting, category, organisation, remote) of those present at meetings held."""
    of = {code: Came(code, seated=True) for code in seated}
    there: dict[str, set[int]] = defaultdict(set)
    from_afar: dict[str, set[int]] = defaultdict(set)
    for meeting, category, organisation, remote in rows:
        came = of.setdefault(category, Came(category))
        there[category].add(meeting)
        if remote:
            from_afar[category].add(meeting)
        came.organisations[organisation] += 1
    for category, came in of.items():
        came.meetings, came.remote = len(there[category]), len(from_afar[category])
    return sorted(of.values(), key=lambda came: order.index(came.category))


def members_present(came: Sequence[Came], held: int) -> int | None:
    """Figure 14 in one number: the share of member categories that came, over all meetings held. In percent."""
    seated = [one for one in came if one.seated]
    if not seated or not held:
        return None
    return round(100 * sum(one.meetings for one in seated) / (len(seated) * held))


@dataclass(frozen=True)
class InTime:
    """Figure 15: closed on time ÷ due, and what is overdue by owner."""

    due: int
    on_time: int
    overdue: tuple[tuple[str, int], ...] = ()

    @property
    def share(self) -> int | None:
        return round(100 * self.on_time / self.due) if self.due else None


def in_time(points: Iterable[tuple[dt.date, dt.date | None, str, bool]], *, today: dt.date) -> InTime:
    """Points as (deadline, day of closing or None, owner, dropped): those due by now; what was dropped counts not."""
    due = on_time = 0
    late: Counter = Counter()
    for deadline, closed, owner, dropped in points:
        if dropped or (deadline >= today and closed is None):
            continue
        due += 1
        on_time += closed is not None and closed <= deadline
        if closed is None:
            late[owner] += 1
    return InTime(due, on_time, tuple(late.most_common()))
