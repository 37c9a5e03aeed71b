"""Whose clock is running, since when, until when? Pure: everything comes in as arguments.

Clocks count backwards from the departure too: a step is due at its start plus its clock, or at the departure less the
clocks of the later steps, whichever is earlier, and at once if that is already past (domain.md §2.10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cmcoord.places.working_time import (
    WorkCalendar,
    add_working_minutes,
    subtract_working_minutes,
    working_minutes_between,
)

# step → whose it is, and the steps that come after it on the way to the departure
STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "cluster": ("consulted", ("national", "consultation", "hc", "transmission", "reply", "scheduling")),
    "security": ("consulted", ("national", "consultation", "hc", "transmission", "reply", "scheduling")),
    "station": ("station", ("national", "consultation", "hc", "transmission", "reply", "scheduling")),
    "national": ("national", ("consultation", "hc", "transmission", "reply", "scheduling")),
    "consultation": ("team_awaited", ("hc", "transmission", "reply", "scheduling")),
    "hc": ("coordinator", ("transmission", "reply", "scheduling")),
    "transmission": ("ocha", ("reply", "scheduling")),
    "acknowledgement": ("force", ("reply", "scheduling")),
    "reply": ("force", ("scheduling",)),
    "scheduling": ("ocha", ()),
    "answer": ("requester", ("station", "national", "consultation", "hc", "transmission", "reply", "scheduling")),
    "after_action": ("requester", ()),
    "sheet": ("requester", ("scheduling",)),
    # The urgent procedure: what is written afterwards, at a moment that the case itself holds.
    "form": ("requester", ()),
    "writing": ("coordinator", ()),
}
CHAIN = ("station", "national", "consultation", "hc", "transmission", "reply", "scheduling")
RUNNING_IN: dict[str, tuple[str, ...]] = {
    "submitted": ("station",),
    "reviewing": ("station",),
    "returned": ("answer",),
    "clearing": ("national",),
    "consulting": ("consultation",),  # then the Coordinator's, see `running`
    "deciding": ("hc",),
    "approved": ("transmission",),
    "transmitted": ("acknowledgement", "reply"),
    "acknowledged": ("reply",),
    "accepted": ("scheduling",),
    "limited": ("scheduling",),
    "countered": ("scheduling",),
    "declined": ("transmission",),
    "completed": ("after_action",),
    "aborted": ("after_action",),
    "reporting": ("after_action",),
}
# The execution sheet waits for the requester beside what the others do, once the escort is approved.
SHEET_IN = ("approved", "transmitted", "acknowledged", "accepted", "limited", "countered")
COUNTED_TOGETHER = {
    "station": ("submitted", "reviewing"),
    "reply": ("transmitted", "acknowledged"),
    "after_action": ("completed", "aborted", "reporting"),
    "sheet": SHEET_IN,
}
CONSULTED_IN = ("submitted", "reviewing", "clearing")
# Counted round the clock at any pace, and never cut short by the departure.
ROUND_THE_CLOCK = ("consultation", "after_action")
WORKING_HOURS = 8  # of a day


@dataclass(frozen=True)
class Step:
    """One change of status, as deadlines need it."""

    at: datetime
    status: str
    code: str = ""


@dataclass(frozen=True)
class Asked:
    """One consulted body that has not answered: which clock, since when."""

    body: str
    since: datetime

    @property
    def step(self) -> str:
        return "cluster" if self.body.startswith("cluster:") else "security"


@dataclass(frozen=True)
class Allowance:
    """What a country allows for each step, in minutes, and in which time they count."""

    minutes: Mapping[str, int]
    calendar: WorkCalendar | None = None  # None: round the clock

    def add(self, start: datetime, minutes: int) -> datetime:
        if self.calendar is None:
            return start + timedelta(minutes=minutes)
        return add_working_minutes(start, minutes, self.calendar)

    def subtract(self, end: datetime, minutes: int) -> datetime:
        if self.calendar is None:
            return end - timedelta(minutes=minutes)
        return subtract_working_minutes(end, minutes, self.calendar)

    def between(self, start: datetime, end: datetime) -> int:
        if self.calendar is None:
            return max(0, int((end - start).total_seconds() // 60))
        return working_minutes_between(start, end, self.calendar)

    def within(self, step: str) -> int:
        """What a step takes away from the time that others count in: a day of the consultation is a working day."""
        if step in ROUND_THE_CLOCK and self.calendar is not None:
            return self.of(step) * WORKING_HOURS // 24
        return self.of(step)

    def of(self, step: str) -> int:
        return self.minutes.get(step, 0)

    def later_than(self, step: str) -> int:
        """Minutes that the steps after this one still need before the departure."""
        rest = sum(self.within(name) for name in STEPS[step][1])
        return rest - self.of("acknowledgement") if step == "acknowledgement" else rest


@dataclass(frozen=True)
class Running:
    """One running clock: the step, whose it is, since when, until when."""

    step: str
    owner: str
    since: datetime
    due: datetime
    body: str = ""

    @property
    def key(self) -> str:
        return f"{self.step}.{self.body}" if self.body else self.step

    @property
    def half(self) -> datetime:
        return self.since + (self.due - self.since) / 2


def running(
    steps: Iterable[Step],
    *,
    departure: datetime | None,
    allowance: Allowance,
    asked: Iterable[Asked] = (),
    lacks_sheet: bool = False,
    heard_since: datetime | None = None,
) -> list[Running]:
    """The clocks that run now, the earliest due first. `steps` are the changes of status in their order.

    `heard_since`: since when the country team was heard, so that the decision is the Coordinator's to take.
    """
    history = list(steps)
    if not history:
        return []
    status = history[-1].status
    if status == "consulting" and heard_since:
        due = _due("hc", heard_since, 0, departure, allowance)
        return [Running("hc", STEPS["hc"][0], heard_since, due)]
    found = [_clock(step, history, departure, allowance) for step in RUNNING_IN.get(status, ())]
    if status in CONSULTED_IN:
        found += [_consulted(one, history, departure, allowance) for one in asked]
    if lacks_sheet and status in SHEET_IN:
        found.append(_clock("sheet", history, departure, allowance))
    return sorted(found, key=lambda clock: clock.due)


def planned(
    now: datetime, *, departure: datetime | None, allowance: Allowance, bodies: Iterable[str] = ()
) -> list[Running]:
    """The clocks to come if the request were sent now: each step begins when the one before it is due."""
    asked = [Asked(body, now) for body in bodies]
    found = [
        Running(one.step, STEPS[one.step][0], now, _due(one.step, now, 0, departure, allowance), one.body)
        for one in asked
    ]
    since = now
    for step in CHAIN:
        if not allowance.of(step):
            continue  # no step of this type: the country team is not asked, or nobody decides
        found.append(Running(step, STEPS[step][0], since, _due(step, since, 0, departure, allowance)))
        since = found[-1].due
    return found


def _clock(step: str, history: list[Step], departure, allowance: Allowance) -> Running:
    since, used = _since_and_used(step, history, allowance)
    return Running(step, STEPS[step][0], since, _due(step, since, used, departure, allowance))


def _consulted(one: Asked, history: list[Step], departure, allowance: Allowance) -> Running:
    since, used = _unpaused(one.since, history, allowance)
    return Running(one.step, STEPS[one.step][0], since, _due(one.step, since, used, departure, allowance), one.body)


def _due(step: str, since: datetime, used: int, departure: datetime | None, allowance: Allowance) -> datetime:
    """`since` is when the clock last began to run, `used` the minutes that had run before."""
    if step in ROUND_THE_CLOCK:
        return since + timedelta(minutes=allowance.of(step))
    bounds = []
    if step not in ("answer", "sheet"):
        bounds.append(allowance.add(since, max(0, allowance.of(step) - used)))
    if departure is not None:
        bounds.append(allowance.subtract(departure, allowance.later_than(step)))
    return max(since, min(bounds)) if bounds else since


def _since_and_used(step: str, history: list[Step], allowance: Allowance) -> tuple[datetime, int]:
    """When the clock last (re)started and the minutes used before a pause in *returned*."""
    together = COUNTED_TOGETHER.get(step, (history[-1].status,))
    start = len(history) - 1
    while start > 0 and history[start - 1].status in together:
        start -= 1
    if step == "station" and start > 0 and history[start - 1].status == "returned":
        first = start - 1
        while first > 0 and history[first - 1].status in (*together, "returned"):
            first -= 1
        return _unpaused(history[first].at, history, allowance)
    return history[start].at, 0


def _unpaused(since: datetime, history: list[Step], allowance: Allowance) -> tuple[datetime, int]:
    """Minutes counted since then, without the time in *returned*, and the moment from which it runs again."""
    used, begin = 0, since
    for step, following in zip(history, [*history[1:], None], strict=True):
        if step.status != "returned" or following is None or following.at <= since:
            continue
        if step.at > begin:
            used += allowance.between(begin, step.at)
        begin = max(begin, following.at)
    return begin, used
