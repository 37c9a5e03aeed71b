"""Whose word did OCHA record, and they say that they did not give it? Such a word carries nothing any further."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cmcoord.accounts.roles import Perm
from requests_app.models import Case

if TYPE_CHECKING:
    from requests_app.guards import Asked


def disputed(case: Case) -> set[int]:
    """The keys of the disputed records."""
    return {row.pk for row in case.records_on_behalf.all() if row.disputed_at}


def undisputed(case: Case, rows: Iterable[Any]) -> list[Any]:
    """Of these signed rows, the oldest first, those that stand; the newest first."""
    newest_first = list(rows)[::-1]
    left_out = disputed(case) if any(row.on_behalf_id for row in newest_first) else set()
    return [row for row in newest_first if row.on_behalf_id not in left_out]


def approval_stands(asked: Asked) -> str:
    """A guard: whoever is said to have approved it has not disputed that, or has confirmed it in writing since."""
    decision = asked.case.decision
    if decision is None or not decision.on_behalf_id or decision.on_behalf_id not in disputed(asked.case):
        return ""
    if decision.oral and asked.case.writing_due_at is None:
        return ""
    return without_reason(asked) or _(
        "Whoever is said to have approved this request disputes it: nothing goes on under this approval."
    )


def reply_stands(asked: Asked) -> str:
    """A guard: the force has not disputed the reply that OCHA recorded for it."""
    reply = max(asked.case.replies.all(), key=lambda row: row.pk, default=None)
    if reply is None or not reply.on_behalf_id or reply.on_behalf_id not in disputed(asked.case):
        return ""
    return _("The force disputes the reply that OCHA recorded for it: nothing is scheduled on it.")


def without_reason(asked: Asked) -> str:
    """What a force reads where a step stops for a reason that is not told to it; "" for everybody else."""
    if asked.grant is None or asked.grant.perm != Perm.ANSWER_AS_FORCE:
        return ""
    if asked.case.is_patrol:
        return _("This request is suspended until OCHA tells you otherwise.")
    return _("The escort is suspended until OCHA tells you otherwise.")
