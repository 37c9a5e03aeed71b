"""What is done with posts, fleets, bodies and the register of forces? Every verb is importable from here."""

from contacts.services.bodies import (
    add_seat,
    change_body,
    close_seat,
    leave_seat,
    note_liaison,
    open_body,
    settle_liaison,
    step_body,
    take_seat,
)
from contacts.services.fleet import Kept, correct, keep, open_driver, open_drivers, remove
from contacts.services.people import Holder, Mail, Number
from contacts.services.posts import (
    Details,
    change_holder,
    close_post,
    describe_post,
    hand_over,
    leave,
    open_post,
)
from contacts.services.statuses import confirm_status, open_statuses, propose_status, reject_status, why_not_answer

__all__ = [
    "Details",
    "Holder",
    "Kept",
    "Mail",
    "Number",
    "add_seat",
    "change_body",
    "change_holder",
    "close_post",
    "close_seat",
    "confirm_status",
    "correct",
    "describe_post",
    "hand_over",
    "keep",
    "leave",
    "leave_seat",
    "note_liaison",
    "open_body",
    "open_driver",
    "open_drivers",
    "open_post",
    "open_statuses",
    "propose_status",
    "reject_status",
    "remove",
    "settle_liaison",
    "step_body",
    "take_seat",
    "why_not_answer",
]
