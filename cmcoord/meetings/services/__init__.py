"""What is done with meetings? Every verb is importable from here."""

from cmcoord.meetings.services.attending import add_guest, attend, remove_guest, same_as_last_time
from cmcoord.meetings.services.feeding import open_feed, reader_of, revoke_feed
from cmcoord.meetings.services.handing_out import fetch_minutes, release_minutes
from cmcoord.meetings.services.inviting import invite, invite_series, members
from cmcoord.meetings.services.noting import StaleNote, add_note, translate_minutes, write_note
from cmcoord.meetings.services.planning import Where, cancel, hold, move, not_held, plan_meeting, write_down
from cmcoord.meetings.services.preparing import (
    add_item,
    change_item,
    decline,
    move_item,
    propose,
    remove_item,
    take,
)
from cmcoord.meetings.services.series import change_series, end_series, plan_series
from cmcoord.meetings.services.signing import (
    adopt_minutes,
    amend_minutes,
    object_to_minutes,
    sign_addendum,
    sign_minutes,
)
from cmcoord.meetings.services.writing import (
    Stale,
    add_decision,
    add_minutes_item,
    refresh_minutes,
    remove_decision,
    remove_minutes_item,
    start_minutes,
    touched,
    write_item,
)

__all__ = [
    "Stale",
    "StaleNote",
    "Where",
    "add_decision",
    "add_guest",
    "add_item",
    "add_minutes_item",
    "add_note",
    "adopt_minutes",
    "amend_minutes",
    "attend",
    "cancel",
    "change_item",
    "change_series",
    "decline",
    "end_series",
    "fetch_minutes",
    "hold",
    "invite",
    "invite_series",
    "members",
    "move",
    "move_item",
    "not_held",
    "object_to_minutes",
    "open_feed",
    "plan_meeting",
    "plan_series",
    "propose",
    "reader_of",
    "refresh_minutes",
    "release_minutes",
    "remove_decision",
    "remove_guest",
    "remove_item",
    "remove_minutes_item",
    "revoke_feed",
    "same_as_last_time",
    "sign_addendum",
    "sign_minutes",
    "start_minutes",
    "take",
    "touched",
    "translate_minutes",
    "write_down",
    "write_item",
    "write_note",
]
