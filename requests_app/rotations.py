"""Where do the rotations of a case stand, from what each side logged? Pure: reads the rows it is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from cmcoord.ui.templatetags.ui import moment_in_words
from requests_app.models import Case, RotationLog

SIDES = len(RotationLog.Side.values)


class Logged(Protocol):
    """What counts of a log; a row has it, and so has the bare fact that the other side sees."""

    number: int
    side: str
    what: str
    is_last: bool


class Row(Logged, Protocol):
    """A log that a later one may correct."""

    pk: int
    corrects_id: int | None


L = TypeVar("L", bound=Row)


def standing_logs(rows: Iterable[L]) -> list[L]:
    """What counts of everything that was logged: no row that a later one corrects, and nothing that did not happen."""
    rows = list(rows)
    corrected = {row.corrects_id for row in rows}
    return [row for row in rows if row.pk not in corrected and row.what != RotationLog.What.NOTHING]


@dataclass
class Rotation:
    """One rotation as both sides see it."""

    number: int
    started: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    aborted: set[str] = field(default_factory=set)
    last: bool = False

    @property
    def is_over(self) -> bool:
        """Aborted by one side, or ended by both."""
        return bool(self.aborted) or len(self.ended) == SIDES

    @property
    def is_contradicted(self) -> bool:
        """One side says that it ended, the other that it was aborted."""
        return bool(self.ended and self.aborted)

    def is_done_by(self, side: str) -> bool:
        """Has this side nothing more to log?"""
        return bool(self.aborted) or side in self.ended


def standing(logs: Iterable[Logged]) -> list[Rotation]:
    """The rotations that were logged, by number."""
    found: dict[int, Rotation] = {}
    for log in logs:
        rotation = found.setdefault(log.number, Rotation(log.number))
        by_what = {"start": rotation.started, "end": rotation.ended, "abort": rotation.aborted}
        by_what[log.what].add(log.side)
        rotation.last = rotation.last or log.is_last
    return [found[number] for number in sorted(found)]


def contradictions(logs: Iterable[Logged]) -> list[int]:
    """The rotations of which one side logged the end and the other an abort."""
    return [rotation.number for rotation in standing(logs) if rotation.is_contradicted]


def verdict(logs: Iterable[Logged], allowed: int) -> str:
    """ "" while rotations are left or the sides contradict each other, else as the last one ended."""
    rotations = standing(logs)
    if not rotations or not all(rotation.is_over and not rotation.is_contradicted for rotation in rotations):
        return ""
    if len(rotations) < allowed and not any(rotation.last for rotation in rotations):
        return ""
    return "aborted" if rotations[-1].aborted else "completed"


@dataclass
class Said:
    """A log that somebody is about to write."""

    number: int
    what: str
    is_last: bool = False
    side: str = ""


def what_follows(logs: Iterable[Logged], said: Said, allowed: int) -> str:
    """What an abort means for the movement, in words for whoever is about to log it; "" for every other log."""
    if said.what != RotationLog.What.ABORT:
        return ""
    after: list[Logged] = [*logs, said]
    if said.number in contradictions(after):
        return _(
            "The other side logged that this rotation ended. OCHA is called to settle it; nothing ends until then."
        )
    if verdict(after, allowed):
        return _("This ends the movement for both sides. Afterwards only hours and remarks can be corrected.")
    return _("This ends rotation %(number)d for both sides; the movement goes on.") % {"number": said.number}


def next_number(logs: Iterable[Logged], allowed: int, side: str = "") -> int:
    """The rotation to log next: the first not over, for `side` the first where it has something left to log.

    One more than allowed when nothing is left.
    """
    known = {rotation.number: rotation for rotation in standing(logs)}
    for number in range(1, allowed + 1):
        rotation = known.get(number)
        if rotation is None or not (rotation.is_done_by(side) if side else rotation.is_over):
            return number
    return allowed + 1


def next_step(logs: Iterable[Logged], number: int, side: str) -> str:
    """What this side logs next of one rotation: its start, or its end."""
    started = {log.number for log in logs if log.side == side and log.what == RotationLog.What.START}
    return RotationLog.What.END if number in started else RotationLog.What.START


def log_in_words(log: RotationLog, with_side: bool = False) -> str:
    """ "Rotation 1: Ended, 12 November 14:30", with the side where both are offered."""
    told = _("Rotation %(number)d: %(what)s, %(when)s") % {
        "number": log.number,
        "what": log.get_what_display(),
        "when": moment_in_words(log.happened_at),
    }
    return f"{log.get_side_display()} · {told}" if with_side else told


def allowed(case: Case) -> int:
    """How many rotations the approval allows."""
    return (case.decision.rotations if case.decision_id else case.rotations) or 1


def outcome(case: Case) -> str:
    """How the case ends by its logs: "", "completed" or "aborted"."""
    return verdict(standing_logs(case.rotation_logs.all()), allowed(case))


def current_number(case: Case, side: str = "") -> int:
    """The rotation of the case to log next, for one side or for both."""
    return next_number(standing_logs(case.rotation_logs.all()), allowed(case), side)
