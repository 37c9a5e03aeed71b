"""A convoy is under way and its provider can be named no more: was the alarm raised, and what was decided?

Nothing stops by itself on the road: the convoy leader and OCHA decide, and OCHA writes it down.
"""

from __future__ import annotations

from requests_app import provider
from requests_app.models import AlarmAnswer, Case, Move


def last_raised(case: Case) -> Move | None:
    return max((move for move in case.moves.all() if move.code == "alarm"), key=lambda move: move.pk, default=None)


def last_answer(case: Case) -> AlarmAnswer | None:
    """What was decided on the last alarm; None while it is open, and before there was any."""
    raised = last_raised(case)
    answers = (row for row in case.alarm_answers.all() if raised and row.at >= raised.at)
    return max(answers, key=lambda row: row.pk, default=None)


def is_open(case: Case) -> bool:
    return last_raised(case) is not None and last_answer(case) is None


def covers(case: Case) -> bool:
    """Was the alarm raised for what stands in the register now, or is one still open?"""
    raised, stop = last_raised(case), provider.stop(case)
    return is_open(case) or bool(raised and stop and raised.at >= stop.proposed_at)


def goes_on(case: Case) -> bool:
    """Under way, it was decided to continue with this provider, and nothing worse was said of it since."""
    if case.status != "underway" or not covers(case):
        return False
    answer = last_answer(case)
    return answer is not None and answer.decided == AlarmAnswer.Decided.CONTINUE
