"""A form that prints answers of a strictly confidential request is a reading of them, and is recorded as one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from requests_app import classes, services
from requests_app.models import Case
from requests_app.services import Refused

# Steps whose form is filled from confidential answers, decisions or replies.
FILLED = (
    "draft_decision", "approve", "establish_consensus", "transmit", "retransmit", "schedule", "change", "send_sheet",
    "agree", "refuse_counter", "redecide", "correct_log", "answer",
)  # fmt: skip


def note_form(case: Case, user, what: str) -> None:
    """Before the form is shown; nobody but the named roles gets it."""
    if classes.is_closed(case, case):
        try:
            services.open_secret(case, by=user, what=f"form.{what}")
        except Refused as refused:
            raise PermissionDenied(refused.sentence) from None
