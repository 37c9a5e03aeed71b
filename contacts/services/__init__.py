"""What is done with posts and with fleets? Every verb is importable from here."""

from contacts.services.fleet import Kept, correct, keep, open_driver, open_drivers, remove
from contacts.services.posts import Holder, change_holder, close_post, hand_over, leave, open_post

__all__ = [
    "Holder",
    "Kept",
    "change_holder",
    "close_post",
    "correct",
    "hand_over",
    "keep",
    "leave",
    "open_driver",
    "open_drivers",
    "open_post",
    "remove",
]
