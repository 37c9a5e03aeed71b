"""What did OCHA file for an organisation without an account, and has the organisation confirmed it?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from requests_app import classes, consents
from requests_app.answered import answer_to
from requests_app.models import Case, Confirmation, OnBehalf
from requests_app.questions import questions


@dataclass(frozen=True)
class Words:
    """What the organisation itself said, question by question; `mark` changes with any of it."""

    answers: tuple[tuple[str, str], ...]
    alternatives: tuple[str, ...]
    mark: str


def filing_of(case: Case) -> OnBehalf | None:
    """The newest act by which OCHA handed it in for somebody without an account; None when nobody did."""
    rows = [row for row in case.records_on_behalf.all() if row.is_filing]
    return max(rows, key=lambda row: row.pk, default=None)


def open_correction(case: Case) -> Confirmation | None:
    """The last word of the organisation, while it says that something is wrong."""
    last = next(iter(list(case.confirmations.all())[::-1]), None)
    return last if last and not last.agrees else None


def words_of(case: Case, language: str) -> Words:
    """The ask in the organisation's language: its own answers, and nothing of what others wrote."""
    with translation.override(language):
        answers = [
            (str(question.label), str(answer_to(case, question)))
            for question in questions(case)
            if question.field not in ("alternatives", "files") and getattr(case, question.field) not in (None, "")
        ]
        answers.append((_("May be shared with"), ", ".join(map(str, consents.in_words(case)))))
        tried = tuple(
            " · ".join(filter(None, (row.get_option_display(), row.get_outcome_display(), row.note)))
            for row in case.alternatives.all()
        )
    mark = hashlib.sha256(repr((answers, tried)).encode()).hexdigest()
    return Words(tuple(answers), tried, mark)


def standing(case: Case) -> dict[str, Any] | None:
    """For the page of the request: for whom, said by whom, confirmed or not, and what was corrected."""
    filing = filing_of(case)
    if filing is None:
        return None
    rows = list(case.confirmations.all())
    return {
        "record": filing,
        "words": rows,
        "closed": classes.is_closed(case, case),
        "correction": open_correction(case) if filing.confirmed_at is None else None,
        "answer": next((row for row in rows[::-1] if row.agrees), None) if filing.confirmed_at else None,
    }
