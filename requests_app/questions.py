"""Which questions does a request ask, in which step, and which of them must be answered?

Guards, forms, the list of missing answers and the case page read this one table. `clause` is the key of the rule
for which the question is asked (domain.md §0.2, §2.5, §2.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Question:
    """One question of the short form.

    `field` is the field of Case, or "alternatives" or "files" for rows. `card` is the heading under which it stands,
    `beside` puts a short question beside the one before it.
    """

    field: str
    step: int
    card: str | Promise
    label: str | Promise
    hint: str | Promise = ""
    required: bool = True
    clause: str = ""
    beside: bool = False


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

AE_CAR: tuple[Question, ...] = (
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

BY_FIELD = {question.field: question for question in AE_CAR}


def questions(step: int | None = None) -> tuple[Question, ...]:
    """The questions of one step, or all of them, in the order in which they are asked."""
    return tuple(question for question in AE_CAR if step in (None, question.step))


def cards(step: int) -> list[tuple[str | Promise, list[Question]]]:
    """The questions of one step under their headings."""
    return [(heading, list(found)) for heading, found in groupby(questions(step), key=lambda question: question.card)]
