"""Which questions does a request ask: for which type, in which half, of whom, when, and under which rule?

Guards, forms, the list of missing answers, the case page and docs/fields.md read this one table. `clause` is the key of
the rule for which the question is asked, `codes` are the questions of the last-resort tests that it answers
(domain.md §0.2, §2.5, §2.6): nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from requests_app.models import Case

AE = "AE"
ASK, SHEET, REVIEW = "ask", "sheet", "review"  # the request itself, its execution sheet, what OCHA adds


@dataclass(frozen=True)
class Question:
    """One question. `field` is a column, or "alternatives" or "files" for rows.

    `card` is the heading under which it stands, `beside` puts a short question beside the one before it.
    `types` are the types of request that ask it, `half` when it is asked, `by` who answers: requester, ocha, security,
    cluster, force or portal. `gate` is H (stops), J (needs a justification) or I (informs); `risky` are the answers
    that open the text of a J. `when` says for which requests of its types it is asked; without it for all.
    """

    field: str
    step: int
    card: str | Promise
    label: str | Promise
    hint: str | Promise = ""
    required: bool = True
    clause: str = ""
    beside: bool = False
    types: tuple[str, ...] = (AE,)
    half: str = ASK
    by: str = "requester"
    codes: tuple[str, ...] = ()
    gate: str = ""
    risky: tuple[str, ...] = ()
    when: Callable[[Case], bool] | None = None


STEPS = {
    1: _("The need"),
    2: _("The movement"),
    3: _("Why an escort"),
}

WHO = _("Who asks, and how urgent it is")
NEED = _("The humanitarian need")
WAY = _("The way")
DAYS = _("The days")
CONVOY = _("The convoy")
TRIED = _("What was tried instead")
REASONS = _("Why an escort, and how it ends")
PAPERS = _("Papers")

QUESTIONS: tuple[Question, ...] = (
    Question("urgency", 1, WHO, _("How urgent is it?"), _("Urgent and immediate: telephone first, then file.")),
    Question("organisation", 1, WHO, _("Requesting organisation")),
    Question("need", 1, NEED, _("What is needed, and for whom?"), _("One or two sentences; never names of people."),
             clause="CAR-CMC §8.4"),
    Question("people", 1, NEED, _("People concerned"), _("A total, as a number."), clause="CAR-CMC §8.4"),
    Question("critical_by", 1, NEED, _("When does it become critical?"), _("Local time."), clause="CAR-CMC §8.4",
             beside=True),
    Question("origin", 2, WAY, _("From")),
    Question("destination", 2, WAY, _("To"), beside=True),
    Question("axis", 2, WAY, _("Axis"), _("An approval is given for one axis."), clause="CAR-CMC §8.6"),
    Question("departure_at", 2, DAYS, _("Earliest departure"), _("Local time."), clause="CAR-CMC §8.6"),
    Question("window_to", 2, DAYS, _("Latest end"), _("At most 30 days after the departure."), clause="CAR-CMC §8.6",
             beside=True),
    Question("rotations", 2, DAYS, _("Rotations"), _("There and back is one; 1 to 20."), clause="CAR-CMC §8.6"),
    Question("vehicles", 2, DAYS, _("Humanitarian vehicles"), _("A number, 1 to 100."), beside=True),
    Question("cargo", 2, CONVOY, _("Cargo"), _("One sentence: what, how much. Humanitarian goods only."),
             clause="CAR-CMC §8.2"),
    Question("no_weapons", 2, CONVOY, _("No weapon, military item or armed person will be in our vehicles"),
             clause="CAR-CMC §9.3"),
    Question("un_on_board", 2, CONVOY, _("UN staff or assets on board?"), _("If so, UNDSS is asked for its opinion.")),
    Question("force", 2, CONVOY, _("Force asked"), clause="CAR-CMC §4"),
    Question("alternatives", 3, TRIED, _("Which alternatives were tried?"),
             _("An escort is the last resort. At least one alternative must have been tried and found not enough."),
             clause="CAR-CMC §8.1"),
    Question("why_safer", 3, REASONS, _("Why does an escort lower the risk?"),
             _("For your staff, for the people you assist and for others on the axis."), clause="IASC-AE §V.3"),
    Question("neutrality", 3, REASONS, _("Effect on neutrality and on others"),
             _("How will people and armed actors see it? What does it change for other organisations?"),
             clause="CAR-CMC §6"),
    Question("exit_plan", 3, REASONS, _("How and when will the escort end?"),
             _("What must change so that the next convoy goes without one?"), clause="IASC-AE §VIII"),
    Question("files", 3, PAPERS, _("Attachment"), _("PDF, JPEG or PNG; at most 5 MB each and 5 in all."),
             required=False),
)  # fmt: skip

BY_FIELD = {question.field: question for question in QUESTIONS}


def questions(of: Case | str, half: str = ASK, step: int | None = None) -> tuple[Question, ...]:
    """The questions of one case (or of one type of request), in the order in which they are asked.

    Of a case only those whose condition holds for it; of a type all of them.
    """
    found = _of_type(of if isinstance(of, str) else of.request_type, half, step)
    return found if isinstance(of, str) else tuple(row for row in found if row.when is None or row.when(of))


@cache
def _of_type(kind: str, half: str, step: int | None) -> tuple[Question, ...]:
    return tuple(row for row in QUESTIONS if row.half == half and str(kind) in row.types and step in (None, row.step))


def cards(of: Case | str, step: int, half: str = ASK) -> list[tuple[str | Promise, list[Question]]]:
    """The questions of one step under their headings."""
    return [(heading, list(found)) for heading, found in groupby(questions(of, half, step), key=lambda row: row.card)]
