"""What is done with meetings? Every verb is importable from here."""

from cmcoord.meetings.services.attending import add_guest, attend, remove_guest, same_as_last_time
from cmcoord.meetings.services.feeding import open_feed, reader_of, revoke_feed
from cmcoord.meetings.services.inviting import invite, members
from cmcoord.meetings.services.planning import Where, cancel, hold, move, not_held, plan_meeting, write_down
from cmcoord.meetings.services.preparing import (
    add_item,
    change_item,
    decline,
    move_item,
    propose,
    remove_item,
    take,
    why_not_named,
)
from cmcoord.meetings.services.series import change_series, end_series, plan_series

__all__ = [
    "Where",
    "add_guest",
    "add_item",
    "attend",
    "cancel",
    "change_item",
    "change_series",
    "decline",
    "end_series",
    "hold",
    "invite",
    "members",
    "move",
    "move_item",
    "not_held",
    "open_feed",
    "plan_meeting",
    "plan_series",
    "propose",
    "reader_of",
    "remove_guest",
    "remove_item",
    "revoke_feed",
    "same_as_last_time",
    "take",
    "why_not_named",
    "write_down",
]
