"""Where do the rotations of a case stand, from what each side logged? Pure: reads the rows it is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from requests_app.models import Case, RotationLog


@dataclass
class Rotation:
    """One rotation as both sides see it."""

    number: int
    started: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    aborted: bool = False
    last: bool = False

    @property
    def is_over(self) -> bool:
        return self.aborted or len(self.ended) == len(RotationLog.Side.values)


def standing(logs) -> list[Rotation]:
    """The rotations that were logged, by number."""
    found: dict[int, Rotation] = {}
    for log in logs:
        rotation = found.setdefault(log.number, Rotation(log.number))
        if log.what == RotationLog.What.START:
            rotation.started.add(log.side)
        elif log.what == RotationLog.What.END:
            rotation.ended.add(log.side)
        else:
            rotation.aborted = True
        rotation.last = rotation.last or log.is_last
    return [found[number] for number in sorted(found)]


def allowed(case: Case) -> int:
    """How many rotations the approval allows."""
    return (case.decision.rotations if case.decision_id else case.rotations) or 1


def outcome(case: Case) -> str:
    """ "" while rotations are left, else "completed" or "aborted", as the last one ended."""
    rotations = standing(case.rotation_logs.all())
    if not rotations or not all(rotation.is_over for rotation in rotations):
        return ""
    if len(rotations) < allowed(case) and not any(rotation.last for rotation in rotations):
        return ""
    return "aborted" if rotations[-1].aborted else "completed"


def current_number(case: Case) -> int:
    """The rotation to log next: the first that is not over, else the following one."""
    rotations = standing(case.rotation_logs.all())
    for rotation in rotations:
        if not rotation.is_over:
            return rotation.number
    return rotations[-1].number + 1 if rotations else 1
