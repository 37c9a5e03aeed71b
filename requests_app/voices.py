"""Who was asked for an opinion on a request, and what did each body say?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst

from cmcoord.activity.barrier import seen
from requests_app import turns
from requests_app.models import Case, Opinion
from requests_app.models.case import body_name


@dataclass(frozen=True)
class Voice:
    """One body that was asked, or that spoke unasked: its newest opinion, or its silence."""

    body: str
    opinion: Opinion | None
    colour: str
    silent: bool
    due_at: datetime | None
    earlier: tuple[Opinion, ...] = ()


OBJECTIONS = ("red", "amber", "blue", "green", "")  # what speaks against it is read first


def opinions(case: Case, user) -> list[Voice]:
    """Everybody who was asked, in the order of asking, then the organisation's own security decision."""
    given: dict[str, list[Opinion]] = {}
    for row in seen(user, case.opinions.all(), "text"):
        given.setdefault(row.body, []).append(row)
    asked = {row.body: row for row in seen(user, case.consultations.all(), "body")}
    found = []
    for body in dict.fromkeys([*asked, *given]):
        rows, question = given.get(body, []), asked.get(body)
        last = rows[-1] if rows else None
        found.append(
            Voice(
                body=capfirst(body_name(body)),
                opinion=last,
                colour=turns.OPINION_COLOURS[last.value] if last else "",
                silent=bool(question and not rows and not question.is_waiting),
                due_at=question.due_at if question and not rows else None,
                earlier=tuple(reversed(rows[:-1])),
            )
        )
    return found


def voice_of(row: Opinion) -> Voice:
    """One opinion by itself."""
    return Voice(capfirst(body_name(row.body)), row, turns.OPINION_COLOURS[row.value], silent=False, due_at=None)
