"""What makes a request doubtful? The yes/no questions of the last-resort tests, as one list of statements to tick.

Only the risky answer asks for words: a tick opens its box. What a field of the request answers already (need, dates,
alternatives, exit plan, provider) has no line here (domain.md §2.5, §2.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app import bases

ESCORT, ASSETS = ("AE",), ("MCDA-LOG", "MCDA-INF")
EVERY = (*ESCORT, *ASSETS)
PATROL = ("AREA",)  # in place of an escort: the force plans it, nobody decides (domain.md §3.6)
STOP, JUSTIFY, INFORM = "H", "J", "I"  # the gates of domain.md §2.5
NONE = "none"  # the answer that nothing of this is true


@dataclass(frozen=True)
class Risk:
    """One statement: its code, its gate and clause, the questions that it answers, and the text that its tick opens.

    `says` is what OCHA and the Humanitarian Coordinator read when it was ticked.
    """

    code: str
    types: tuple[str, ...]
    gate: str
    codes: tuple[str, ...]
    clause: str
    label: str | Promise
    says: str | Promise
    text: str = ""
    ask: str | Promise = ""
    gates: Mapping[str, str] = field(default_factory=dict)  # of a country where it weighs otherwise


RISKS: tuple[Risk, ...] = (
    Risk("imposed", EVERY, JUSTIFY, ("M2", "A10"), bases.OWN_DECISION,
         _("Somebody presses us to ask for this, or makes it a condition"),
         _("The organisation is pressed to ask for this, or it is made a condition."),
         "risk_imposed", _("Who, and how? It stops nothing: OCHA calls you.")),
    Risk("harm", EVERY, JUSTIFY, ("M13", "A6"), bases.NO_HARM,
         _("It could draw an attack or reprisals, or cost us access"),
         _("It could draw an attack or reprisals, or cost access."),
         "risk_harm", _("On whom, or where? Why is it still right?")),
    Risk("perception", EVERY, JUSTIFY, ("M12",), bases.NO_HARM,
         _("People or armed actors could take us for a side, or other organisations are affected"),
         _("It affects how neutrality is perceived, or other organisations."),
         "neutrality", _("How will they see it? What does it change for others?")),
    Risk("objection", EVERY, JUSTIFY, ("M15",), bases.CONSULTED,
         _("An organisation that works there objects"),
         _("An organisation that works there objects."),
         "risk_objection", _("Which one, and why?")),
    Risk("unasked", EVERY, JUSTIFY, ("M15",), bases.CONSULTED,
         _("Organisations that work there were not asked"),
         _("Organisations that work there were not asked."),
         "risk_unasked", _("Which ones, and why not?"), gates={"MLI": STOP}),
    Risk("authorities", ESCORT, JUSTIFY, ("A4",), "IASC-AE §V.2",
         _("The authority responsible there was not asked, or who controls the road has not agreed"),
         _("The authority responsible was not asked, or who controls the road has not agreed."),
         "risk_authorities", _("Who is responsible for security there? Are they unable, or unwilling?")),
    Risk("boarding", ESCORT, JUSTIFY, ("A12",), bases.DISTINCTION,
         _("Our staff will ride in vehicles of the force"),
         _("Humanitarian staff will ride in vehicles of the force."),
         "risk_boarding", _("Who, and why can it not be avoided?")),
    Risk("dependency", ESCORT, JUSTIFY, ("A8",), "IASC-AE §V.4",
         _("The next movement will not be possible without an escort either"),
         _("The next movement will not be possible without an escort either."),
         "risk_dependency", _("What would have to change, and by when?")),
    Risk("comparable", ASSETS, JUSTIFY, ("M4",), bases.LAST_RESORT,
         _("A civilian means could do it too, but later, dearer or less well"),
         _("The asset may have no unique advantage over civilian means."),
         "risk_comparable", _("What does the military asset do that it cannot?")),
    Risk("replacing", ASSETS, JUSTIFY, ("M5",), bases.LAST_RESORT,
         _("It takes the place of civilian means that are there"),
         _("It replaces civilian means instead of complementing them."),
         "risk_replacing", _("Which ones, and until when?")),
    Risk("joint", ASSETS, JUSTIFY, ("M16",), bases.INDEPENDENT,
         _("The mission is joint with parts of the peace operation, or serves their assessment too"),
         _("The mission is not purely humanitarian, but joint."),
         "risk_joint", _("With whom, and why together?")),
    Risk("armed", ASSETS, INFORM, ("M14",), bases.CIVILIAN,
         _("The asset comes with weapons or armed protection"),
         _("The asset cannot be provided without weapons or armed protection.")),
    Risk("not_civilian", EVERY, STOP, ("M7",), bases.CIVILIAN,
         _("It will not look civilian: no civilian lead, no marking, or uniforms at the distribution"),
         _("The operation would not stay visibly civilian.")),
    Risk("mixed", EVERY, STOP, ("M8",), bases.HUMANITARIAN_ONLY,
         _("Goods or people that are not humanitarian come along"),
         _("It would not be used for humanitarian purposes only.")),
    Risk("not_lowered", ESCORT, STOP, ("A5",), "IASC-AE §V.3",
         _("We cannot say that the escort lowers the risk"),
         _("The escort does not lower the risk.")),
    Risk("contradicts", ESCORT, STOP, ("A7",), bases.COMMON_POSITION,
         _("It goes against a common position of the country team on this axis"),
         _("It contradicts a position of the humanitarian country team.")),
)  # fmt: skip

TEXTS = tuple(risk.text for risk in RISKS if risk.text)
MITIGATED = ("harm", "perception")  # what is done about these is asked as well


def risks_of(kind: str) -> tuple[Risk, ...]:
    """The statements of one type of request, in their order."""
    return tuple(risk for risk in RISKS if str(kind) in risk.types)


def choices(kind: str) -> list[tuple[str, str | Promise]]:
    return [*((risk.code, risk.label) for risk in risks_of(kind)), (NONE, _("Nothing of this"))]


def in_words(codes: Iterable[str]) -> str:
    """What was ticked, one statement a line; "" when the question has no answer."""
    chosen = set(codes or ())
    lines = [str(risk.label) for risk in RISKS if risk.code in chosen]
    return "\n".join(lines) or (str(_("Nothing of this")) if NONE in chosen else "")
