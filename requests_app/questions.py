"""Which questions does a request ask, in which step, and which of them must be answered?

Guards, forms, the list of missing answers and the case page read this one table. `clause` is the key of the rule
for which the question is asked (domain.md §0.2, §2.5, §2.6).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Question:
    """One question of the short form. `field` is the field of Case, or "alternatives" or "files" for rows."""

    field: str
    step: int
    label: str
    hint: str = ""
    required: bool = True
    clause: str = ""


STEPS = {
    1: _("The need"),
    2: _("The movement"),
    3: _("Why an escort"),
}

AE_CAR: tuple[Question, ...] = (
    Question("urgency", 1, _("How urgent is it?"), _("Urgent and immediate: telephone first, then file.")),
    Question("organisation", 1, _("Requesting organisation")),
    Question("need", 1, _("What is needed, and for whom?"), _("One or two sentences."), clause="CAR-CMC §8.4"),
    Question("people", 1, _("People concerned"), _("A total; never names."), clause="CAR-CMC §8.4"),
    Question("critical_by", 1, _("When does it become critical?"), clause="CAR-CMC §8.4"),
    Question("origin", 2, _("From")),
    Question("destination", 2, _("To")),
    Question("axis", 2, _("Axis"), clause="CAR-CMC §8.6"),
    Question("departure_at", 2, _("Earliest departure"), clause="CAR-CMC §8.6"),
    Question("window_to", 2, _("Latest end"), _("At most 30 days after the departure."), clause="CAR-CMC §8.6"),
    Question("rotations", 2, _("Rotations"), clause="CAR-CMC §8.6"),
    Question("vehicles", 2, _("Humanitarian vehicles")),
    Question("cargo", 2, _("Cargo"), _("One sentence."), clause="CAR-CMC §8.2"),
    Question(
        "no_weapons",
        2,
        _("No weapon, military item or armed person will be in our vehicles"),
        clause="CAR-CMC §9.3",
    ),
    Question("un_on_board", 2, _("UN staff or assets on board?")),
    Question("force", 2, _("Force asked"), clause="CAR-CMC §4"),
    Question(
        "alternatives",
        3,
        _("Which alternatives were tried?"),
        _("What, when, with which result."),
        clause="CAR-CMC §8.1",
    ),
    Question("why_safer", 3, _("Why does an escort lower the risk?"), clause="IASC-AE §V.3"),
    Question("neutrality", 3, _("Effect on neutrality and on others"), clause="CAR-CMC §6"),
    Question("exit_plan", 3, _("How and when will the escort end?"), clause="IASC-AE §VIII"),
    Question("files", 3, _("Attachment"), _("PDF or picture, at most 5 MB."), required=False),
)


def questions(step: int | None = None) -> tuple[Question, ...]:
    """The questions of one step, or all of them, in the order in which they are asked."""
    return tuple(question for question in AE_CAR if step in (None, question.step))
