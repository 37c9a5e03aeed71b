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

SHEET_PARTS = {
    1: _("The way and the hours"),
    2: _("The vehicles"),
    3: _("The people"),
    4: _("The cargo"),
    5: _("Safety"),
}

WHO = _("Who asks, and how urgent it is")
NEED = _("The humanitarian need")
WAY = _("The way")
DAYS = _("The days")
CONVOY = _("The convoy")
TRIED = _("What was tried instead")
REASONS = _("Why an escort, and how it ends")
PAPERS = _("Papers")

HOURS = _("Hours and way")
STOPS = _("Stops on the way")
FLEET = _("Each vehicle")
CONTACTS = _("Who is reached by telephone")
ABOARD = _("Who is on board")
NAMES = _("Names, where they are asked for")
GOODS = _("What is loaded")
HANDOVER = _("Loading and handing over")
PLANS = _("If something happens")
RULES = _("Rules for the escort")
OTHERS = _("Others on the way")
CLEARANCE = _("Clearance")


def _un_on_board(case: Case) -> bool:
    return bool(case.un_on_board)


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
    # The execution sheet: due before the escort is scheduled
    Question("convoy_name", 1, HOURS, _("Name of the convoy"), _("A name for the radio; none of a person."),
             half=SHEET),
    Question("leaves_at", 1, HOURS, _("Exact departure"), _("Local time, inside the approved period."), half=SHEET,
             clause="CAR-CMC §8.6"),
    Question("arrives_at", 1, HOURS, _("Arrival at the destination"), _("Local time."), half=SHEET, beside=True),
    Question("return_leg", 1, HOURS, _("The way back"), half=SHEET),
    Question("alternative_axis", 1, HOURS, _("Alternative axis"), _("Only if the approval is changed to it."),
             required=False, half=SHEET),
    Question("stops", 1, STOPS, _("Where does the convoy stop, and where does it stay overnight?"),
             _("Every stop for the night is named; other stops where the escort must know them."), required=False,
             half=SHEET),
    Question("convoy_vehicles", 2, FLEET, _("Vehicles of the convoy"),
             _("Humanitarian vehicles only. On insecure roads at least two that meet the MOSS, with two people each."),
             half=SHEET, clause="CAR-CMC §6"),
    Question("convoy_leader", 3, CONTACTS, _("Convoy leader (function)"),
             _("A civilian of the humanitarian side; a function, not a name."), half=SHEET, clause="CAR-CMC §6"),
    Question("leader_telephone", 3, CONTACTS, _("Telephone on the road"), _("With country code, such as +236."),
             half=SHEET, beside=True),
    Question("focal_point", 3, CONTACTS, _("Focal point, day and night (function)"), half=SHEET),
    Question("focal_telephone", 3, CONTACTS, _("Telephone of the focal point"), half=SHEET, beside=True),
    Question("alternate", 3, CONTACTS, _("Alternate focal point (function)"), required=False, half=SHEET),
    Question("alternate_telephone", 3, CONTACTS, _("Telephone of the alternate"), required=False, half=SHEET,
             beside=True),
    Question("staff", 3, ABOARD, _("People on board, by organisation"), _("Numbers only; drivers are counted too."),
             half=SHEET),
    Question("names_needed", 3, NAMES, _("Are names of drivers or passengers asked for on the way?"),
             _("By checkpoints or by the force. If not, write none: names are the most sensitive thing here."),
             half=SHEET, clause="CAR-CMC §7"),
    Question("drivers", 3, NAMES, _("Drivers"), _("Destroyed 72 hours after the movement."), required=False,
             half=SHEET),
    Question("passengers", 3, NAMES, _("Passengers"), _("Destroyed 72 hours after the movement."), required=False,
             half=SHEET),
    Question("cargo_lines", 4, GOODS, _("Cargo, line by line"), _("Humanitarian goods only; never cash."), half=SHEET,
             clause="CAR-CMC §8.2"),
    Question("handling", 4, HANDOVER, _("Means of loading and unloading"), _("At the start and at the destination."),
             required=False, half=SHEET),
    Question("consignee", 4, HANDOVER, _("Who receives the cargo (function)"), half=SHEET),
    Question("consignee_telephone", 4, HANDOVER, _("Telephone of the consignee"), required=False, half=SHEET,
             beside=True),
    Question("cost_arrangement", 4, HANDOVER, _("Cost arrangement with the force"), required=False, half=SHEET),
    Question("comms_plan", 5, PLANS, _("How does the convoy keep in touch?"),
             _("Channels apart from those of the force, hours of check-in, emergency number."), half=SHEET,
             clause="CAR-CMC §7"),
    Question("casevac_plan", 5, PLANS, _("What happens if somebody is hurt?"),
             _("Where to, by whom, whom to call first."), half=SHEET, clause="IASC-AE §VII"),
    Question("escort_rules", 5, RULES, _("What was agreed with the escort?"), half=SHEET, clause="IASC-AE §VII"),
    Question("escort_distance", 5, RULES, _("Distance to be kept, in metres"), required=False, half=SHEET),
    Question("community_message", 5, OTHERS, _("What are communities told?"), _("The force does not read this."),
             required=False, half=SHEET, codes=("A14",), gate="I", clause="CAR-CMC §7"),
    Question("authority_notified", 5, OTHERS, _("Authorities informed"), _("Which office, when; no names."),
             required=False, half=SHEET),
    Question("join_allowed", 5, OTHERS, _("May other organisations join the convoy?"), required=False, half=SHEET),
    Question("security_ref", 5, CLEARANCE, _("Reference of the security clearance"),
             _("United Nations: number of the TRIP. The force does not read this."), half=SHEET, when=_un_on_board),
    Question("programme_criticality", 5, CLEARANCE, _("Programme criticality"), half=SHEET, when=_un_on_board,
             codes=("A3",), gate="J", risky=("pc3", "pc4"), clause="IASC-AE §V.1"),
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
