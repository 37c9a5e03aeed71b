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
from contacts.services.consent import answer_consent, ask_consent, link_account, withdraw
from contacts.services.fleet import Kept, correct, keep, open_driver, open_drivers, remove
from contacts.services.people import Holder, Mail, Number, write_person
from contacts.services.posts import (
    Details,
    change_holder,
    close_handover,
    close_post,
    describe_post,
    hand_over,
    leave,
    open_post,
)
from contacts.services.reminding import plan_reminders
from contacts.services.statuses import confirm_status, open_statuses, propose_status, reject_status, why_not_answer
from contacts.services.sweeping import count_contacts, depart_due, forget_contacts, remind_holdings
from contacts.services.terms import check_in, may_confirm, plan_departure, stay, verify

__all__ = [
    "Details",
    "Holder",
    "Kept",
    "Mail",
    "Number",
    "add_seat",
    "answer_consent",
    "ask_consent",
    "change_body",
    "change_holder",
    "check_in",
    "close_handover",
    "close_post",
    "close_seat",
    "confirm_status",
    "correct",
    "count_contacts",
    "depart_due",
    "describe_post",
    "forget_contacts",
    "hand_over",
    "keep",
    "leave",
    "link_account",
    "may_confirm",
    "leave_seat",
    "note_liaison",
    "open_body",
    "open_driver",
    "open_drivers",
    "open_post",
    "open_statuses",
    "plan_departure",
    "plan_reminders",
    "propose_status",
    "reject_status",
    "remind_holdings",
    "remove",
    "settle_liaison",
    "stay",
    "step_body",
    "take_seat",
    "verify",
    "why_not_answer",
    "withdraw",
    "write_person",
]
