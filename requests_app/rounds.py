"""What was asked about a request, and what was answered? Rounds of question and answer, in the order of asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from requests_app.models import Case, Comment, Move

Row = TypeVar("Row", Move, Comment)


@dataclass(frozen=True)
class Round(Generic[Row]):
    """One question with its answer, "" while there is none; `asked` and `given` are the rows that carry them."""

    question: str
    asked: Row
    answer: str = ""
    given: Row | None = None


def with_requester(case: Case) -> list[Round[Move]]:
    """Each return with a question, and what the requester answered when it was sent again."""
    found: list[Round[Move]] = []
    for move in case.moves.all():
        if move.code == "return":
            found.append(Round(move.reason, move))
        elif move.code == "resubmit" and found:
            found[-1] = Round(found[-1].question, found[-1].asked, move.reason, move)
    return found


def with_coordinator(case: Case) -> list[Round[Comment]]:
    """Each question of the Humanitarian Coordinator to OCHA, and its answer."""
    rows = [row for row in case.comments.all() if row.audience == Comment.Audience.DECISION]
    answers = {row.answers_id: row for row in rows if row.answers_id}
    return [_talked(row, answers.get(row.pk)) for row in rows if row.is_question]


def _talked(question: Comment, answer: Comment | None) -> Round[Comment]:
    return Round(question.text, question, answer.text if answer else "", answer)


def for_the_decider(case: Case) -> list[Round[Any]]:
    """The Humanitarian Coordinator's own questions, and what OCHA asked the requester for after the first of them."""
    own = with_coordinator(case)
    passed_on = [each for each in with_requester(case) if own and each.asked.at >= own[0].asked.at]
    return sorted([*own, *passed_on], key=lambda each: each.asked.at)


def open_question(case: Case) -> Move | None:
    """The question with which the request stands returned now."""
    last = next(iter(with_requester(case)[::-1]), None)
    return last.asked if last and last.given is None and case.status == "returned" else None


def coordinator_asks(case: Case) -> Comment | None:
    """The oldest question of the Humanitarian Coordinator without an answer."""
    return next((each.asked for each in with_coordinator(case) if each.given is None), None)
