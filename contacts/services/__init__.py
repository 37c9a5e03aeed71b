"""What is done with posts, with fleets and with the register of forces? Every verb is importable from here."""

from contacts.services.fleet import Kept, correct, keep, open_driver, open_drivers, remove
from contacts.services.posts import Holder, change_holder, close_post, hand_over, leave, open_post
from contacts.services.statuses import confirm_status, open_statuses, propose_status, reject_status, why_not_answer

__all__ = [
    "Holder",
    "Kept",
    "change_holder",
    "close_post",
    "confirm_status",
    "correct",
    "hand_over",
    "keep",
    "leave",
    "open_driver",
    "open_drivers",
    "open_post",
    "open_statuses",
    "propose_status",
    "reject_status",
    "remove",
    "why_not_answer",
]
