"""What is done with meetings? Every verb is importable from here."""

from cmcoord.meetings.services.planning import (
    Where,
    cancel,
    hold,
    move,
    not_held,
    plan_meeting,
    write_down,
)

__all__ = [
    "Where",
    "cancel",
    "hold",
    "move",
    "not_held",
    "plan_meeting",
    "write_down",
]
