"""Which questions does a request ask: for which type, in which half, of whom, when, and under which rule?

Guards, forms, the list of missing answers, the case page and docs/fields.md read this one table. `clause` says
for which rule the question is asked (bases.py: the text of each country), `codes` are the questions of the last-resort
tests that it answers (domain.md §0.2, §2.5, §2.6): nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app import bases
from requests_app.last_resort import ASSETS, ESCORT, EVERY, MITIGATED, PATROL, RISKS, TEXTS
from requests_app.models.terms import RESCUES

if TYPE_CHECKING:
    from requests_app.models import Case

RISK_TEXTS = TEXTS
ASK, SHEET, REVIEW = "ask", "sheet", "review"  # the request itself, its execution sheet, what OCHA adds
FORM = "form"  # what the urgent procedure asks within 24 hours of the call
START = "start"  # asked before there is a request


@dataclass(frozen=True)
class Question:
    """One question. `field` is a column, or "alternatives" or "files" for rows.

    `card` is the heading under which it stands, `beside` puts a short question beside the one before it.
    `types` are the types of request that ask it, `half` when it is asked, `by` who answers: requester, ocha, security,
    cluster, force or portal. `gate` is H (stops), J (needs a justification) or I (informs); `risky` are the answers
    that open the text of a J. `opened_by` names the question and its answers that open this one; `when` is any other
    condition. `columns` are the columns that hold the answer, when they are not the one that gives it its name.
    """

    field: str
    step: int
    card: str | Promise
    label: str | Promise
    hint: str | Promise = ""
    required: bool = True
    clause: str = ""
    beside: bool = False
    types: tuple[str, ...] = ESCORT
    half: str = ASK
    by: str = "requester"
    codes: tuple[str, ...] = ()
    gate: str = ""
    risky: tuple[str, ...] = ()
    opened_by: tuple[str, tuple[str, ...]] | None = None
    when: Callable[[Case], bool] | None = None
    columns: tuple[str, ...] = ()

    @property
    def stored(self) -> tuple[str, ...]:
        """The columns of Case that hold the answer; of rows none."""
        return self.columns or (() if self.field in ROWS else (self.field,))

    def is_asked_of(self, case: Case) -> bool:
        """Is it asked of this request, by the answers that it has?"""
        if self.opened_by is not None:
            answer = getattr(case, self.opened_by[0])
            given = set(answer) if isinstance(answer, list) else {answer}
            if not given & set(self.opened_by[1]):
                return False
        return self.when is None or self.when(case)


ROWS = ("alternatives", "files")
GOODS = ("truck", "heavy_truck", "helicopter_cargo", "fixed_wing", "boat")
PEOPLE = ("4x4", "helicopter_pax", "fixed_wing", "boat", "medevac")
TRANSPORT = tuple(dict.fromkeys((*GOODS, *PEOPLE)))
WORKS = ("plant", "bridge", "airstrip", "expertise")
LOGISTICS = ("MCDA-LOG",)

STEPS = {
    1: _("The need"),
    2: _("The movement"),
    3: _("Why an escort"),
}
ASSET_STEPS = STEPS | {2: _("The task"), 3: _("Why a military asset")}

RESCUE_STEPS = {1: _("Six questions")}
PATROL_STEPS = {1: _("The patrol")}
FORM_STEP = {2: _("The full form")}

SHEET_PARTS = {
    1: _("The way and the hours"),
    2: _("The vehicles"),
    3: _("The people"),
    4: _("The cargo"),
    5: _("Safety"),
}

FORCE_HINT = _("If you know it; else OCHA names it in its review.")
NOT_KNOWN_YET = _("not known yet: OCHA names it in the review")
WHO = _("How urgent it is")
NEED = _("The humanitarian need")
ASSET = _("What is asked for")
WAY = _("The way")
WHERE = _("Where it is needed")
DAYS = _("The days")
CONVOY = _("The convoy")
LOAD = _("What and who is carried")
PROVIDER = _("Who provides it")
TRIED = _("What was tried instead")
TEST = _("The last-resort test")
REASON = _("Why a patrol")
REASONS = _("Why an escort, and how it ends")
END = _("How it ends")
PAPERS = _("Papers")

NUMBER_ONE = _("1. Who?")
NUMBER_TWO = _("2. Where?")
NUMBER_THREE = _("3. How many?")
NUMBER_FOUR = _("4. Which threat?")
NUMBER_FIVE = _("5. A civilian way?")
NUMBER_SIX = _("6. By whom?")
CALL_BACK = _("To call you back")
WITHIN_A_DAY = _("Within 24 hours")

HOURS = _("Hours and way")
STOPS = _("Stops on the way")
FLEET = _("Each vehicle")
CONTACTS = _("Who is reached by telephone")
ABOARD = _("Who is on board")
NAMES = _("Names, where they are asked for")
LOADED = _("What is loaded")
HANDOVER = _("Loading and handing over")
PLANS = _("If something happens")
RULES = _("Rules for the escort")
OTHERS = _("Others on the way")
CLEARANCE = _("Clearance")
KIND = _("What kind of support it is")
CRITERIA = _("The four criteria")
RISK = _("The risk")


def _un_on_board(case: Case) -> bool:
    return bool(case.un_on_board)


def _carries_goods(case: Case) -> bool:
    return case.request_type in ESCORT or case.asset_category in GOODS


def _carries_people(case: Case) -> bool:
    return case.request_type in ESCORT or case.asset_category in PEOPLE


_ALTERNATIVES = ("M3", "A1")
_OPENING: tuple[Question, ...] = (
    Question("urgency", 1, WHO, _("How urgent is it?"), _("Urgent and immediate: telephone first, then file."),
             types=EVERY),
    Question("organisation", 0, WHO, _("Requesting organisation"), types=EVERY, half=START),
    Question("need", 1, NEED, _("What is needed, and for whom?"), _("One or two sentences; never names of people."),
             clause=bases.NEED, types=EVERY, codes=("M1", "A2"), gate="J"),
    Question("people", 1, NEED, _("People concerned"), _("A total, as a number."), clause=bases.NEED, types=EVERY,
             codes=("M1", "A2")),
    Question("critical_by", 1, NEED, _("When does it become critical?"), _("Local time."), clause=bases.NEED,
             beside=True, types=EVERY, codes=("M1", "A2"), gate="J"),
)  # fmt: skip
_ESCORT: tuple[Question, ...] = (
    Question("origin", 2, WAY, _("From")),
    Question("destination", 2, WAY, _("To"), beside=True),
    Question("axis", 2, WAY, _("Axis"), _("An approval is given for one axis."), clause=bases.LIMITED),
    Question("departure_at", 2, DAYS, _("Earliest departure"), _("Local time."), clause=bases.LIMITED),
    Question("window_to", 2, DAYS, _("Latest end"), _("At most 30 days after the departure."), clause=bases.LIMITED,
             beside=True, gate="H"),
    Question("rotations", 2, DAYS, _("Rotations"), _("There and back is one; 1 to 20."), clause=bases.LIMITED,
             gate="J"),
    Question("vehicles", 2, DAYS, _("Humanitarian vehicles"), _("A number, 1 to 100."), beside=True),
    Question("cargo", 2, CONVOY, _("Cargo"), _("One sentence: what, how much. Humanitarian goods only."),
             clause=bases.HUMANITARIAN_ONLY),
    Question("no_weapons", 2, CONVOY, _("No weapon, military item or armed person will be in our vehicles"),
             clause=bases.NO_ARMS, codes=("A11",), gate="H"),
    Question("un_on_board", 2, CONVOY, _("UN staff or assets on board?"), _("If so, UNDSS is asked for its opinion.")),
    Question("force", 2, CONVOY, _("Force asked"), FORCE_HINT, required=False, clause=bases.PROVIDER, codes=("A9",),
             gate="H"),
)  # fmt: skip
_TASK: tuple[Question, ...] = (
    Question("asset_category", 2, ASSET, _("What is asked for?"), types=ASSETS),
    Question("asset_quantity", 2, ASSET, _("How many?"), _("Of what is chosen above; 1 to 100."), beside=True,
             types=ASSETS),
    Question("capability_needed", 2, ASSET, _("What must it achieve?"),
             _("The effect, not the unit: “60 tonnes of food across the river”, “a bridge that bears 20 tonnes”."),
             types=ASSETS, clause=bases.LAST_RESORT),
    Question("origin", 2, WHERE, _("Pick-up"), types=LOGISTICS, opened_by=("asset_category", TRANSPORT)),
    Question("destination", 2, WHERE, _("Destination"), types=LOGISTICS, opened_by=("asset_category", TRANSPORT)),
    Question("where", 2, WHERE, _("Area"), _("The axis, or the prefecture: an approval is given for one area."),
             clause=bases.LIMITED, types=ASSETS, codes=("M10",), gate="H", columns=("axis", "area")),
    Question("departure_at", 2, DAYS, _("From when?"), _("Local time."), clause=bases.LIMITED, types=ASSETS,
             codes=("M10",)),
    Question("window_to", 2, DAYS, _("Until when?"), _("At most 30 days later."), clause=bases.LIMITED, beside=True,
             types=ASSETS, codes=("M10",), gate="H"),
    Question("rotations", 2, DAYS, _("Rotations"), _("There and back is one, works are one; 1 to 20."),
             clause=bases.LIMITED, types=ASSETS, codes=("M10",), gate="J"),
    Question("cargo", 2, LOAD, _("Cargo"), _("In one line: what, how much. Humanitarian goods only."),
             clause=bases.HUMANITARIAN_ONLY, types=LOGISTICS, opened_by=("asset_category", GOODS)),
    Question("passenger_count", 2, LOAD, _("Passengers"), _("How many people travel; 0 if none. Never their names."),
             types=LOGISTICS, opened_by=("asset_category", PEOPLE)),
    Question("no_weapons", 2, PROVIDER, _("No weapon, military item or armed person travels with our goods and staff"),
             clause=bases.NO_ARMS, types=ASSETS, gate="H"),
    Question("un_on_board", 2, PROVIDER, _("UN staff or assets involved?"),
             _("If so, UNDSS is asked for its opinion."), types=ASSETS),
    Question("force", 2, PROVIDER, _("Force asked"), FORCE_HINT, required=False, clause=bases.PROVIDER, types=ASSETS,
             codes=("M6",), gate="H"),
)  # fmt: skip
_WHY: tuple[Question, ...] = (
    Question("alternatives", 3, TRIED, _("Which alternatives were tried?"),
             _("An escort is the last resort. At least two alternatives must have been tried, and one of them found "
               "not enough."),
             clause=bases.ALTERNATIVES, codes=_ALTERNATIVES, gate="H"),
    Question("alternatives", 3, TRIED, _("Which civilian means were tried?"),
             _("A military asset is the last resort. At least two civilian means must have been tried, and one of "
               "them found not enough."),
             clause=bases.LAST_RESORT, types=ASSETS, codes=_ALTERNATIVES, gate="H"),
    Question("why_safer", 3, REASONS, _("Which threat is there, and why does an escort lower the risk?"),
             _("For your staff, for the people you assist and for others on the axis. No names."),
             clause="IASC-AE §V.3", codes=("A5",)),
    Question("exit_plan", 3, REASONS, _("How and when will the escort end?"),
             _("What must change so that the next convoy goes without one?"), clause="IASC-AE §VIII",
             codes=("A8", "A15"), gate="J"),
    Question("exit_plan", 3, END, _("How and when will it end?"),
             _("Who takes over, when, with which civilian means?"), clause=bases.ENDS, types=ASSETS,
             codes=("M11",), gate="J"),
    Question("risks", 3, TEST, _("Which of this is true?"),
             _("Tick what is; an honest answer rarely stops a request. If nothing is, tick the last line."),
             clause=bases.NO_HARM, types=EVERY, gate="J", risky=tuple(risk.code for risk in RISKS)),
    *(
        Question(risk.text, 3, TEST, risk.ask, clause=risk.clause, types=risk.types, codes=risk.codes, gate=risk.gate,
                 opened_by=("risks", (risk.code,)))
        for risk in RISKS if risk.text
    ),
    Question("mitigation", 3, TEST, _("What do you do about it?"), _("So that nobody is harmed or taken for a side."),
             types=EVERY, clause=bases.NO_HARM, opened_by=("risks", MITIGATED)),
    Question("files", 3, PAPERS, _("Attachment"), _("PDF, JPEG or PNG; at most 5 MB each and 5 in all."),
             required=False, types=EVERY),
)  # fmt: skip

EVACUATION, MEDICAL = ("EVAC",), ("MED",)
# The urgent procedure asks six questions and a number, and the rest when people are safe (domain.md §2.8).
_RESCUE: tuple[Question, ...] = (
    Question("need", 1, NUMBER_ONE, _("Who must be brought out?"),
             _("Organisation and functions, never names of people."), types=EVACUATION, clause=bases.NEED),
    Question("patients", 1, NUMBER_ONE, _("Who must be evacuated?"),
             _("Nothing else about a patient is written here: no name, no wound, no illness. Tell the doctor by "
               "telephone."), types=MEDICAL, clause=bases.CONSENT),
    Question("no_weapons", 1, NUMBER_ONE, _("No weapon, military item or armed person travels with them"),
             types=RESCUES, clause=bases.NO_ARMS, gate="H"),
    Question("origin", 1, NUMBER_TWO, _("Where are they now?"), _("The nearest place in the list."), types=RESCUES,
             clause=bases.LIMITED),
    Question("passenger_count", 1, NUMBER_THREE, _("How many people?"), _("A number; never a list."),
             types=EVACUATION),
    Question("passenger_count", 1, NUMBER_THREE, _("How many patients?"), _("A number; never a list."),
             types=MEDICAL),
    Question("triage", 1, NUMBER_THREE, _("Triage category"), _("Of the one who can wait least."), types=MEDICAL,
             beside=True),
    Question("why_safer", 1, NUMBER_FOUR, _("Which threat is there, to them and on the way?"),
             _("What makes it urgent now. No names, nothing medical."), types=RESCUES, clause=bases.NEED),
    Question("civilian_within_hour", 1, NUMBER_FIVE, _("Is a civilian means available within the hour?"),
             _("UNHAS, an ambulance, another organisation on the spot. If so, use it: it is quicker, and safer."),
             types=RESCUES, clause=bases.LAST_RESORT, gate="H"),
    Question("force", 1, NUMBER_SIX, _("Which force could do it?"), FORCE_HINT, required=False, types=RESCUES,
             clause=bases.PROVIDER, codes=("M6", "A9"), gate="H"),
    Question("call_back", 1, CALL_BACK, _("Telephone that is answered now"), _("With country code, such as +236."),
             types=RESCUES),
    Question("destination", 2, WITHIN_A_DAY, _("Where were they brought, or where should they go?"), half=FORM,
             types=RESCUES),
    Question("un_on_board", 2, WITHIN_A_DAY, _("UN staff or assets involved?"),
             _("If so, UNDSS is asked for its opinion."), half=FORM, types=RESCUES),
    Question("risk_comparable", 2, WITHIN_A_DAY, _("Which civilian means were asked, and what did they answer?"),
             half=FORM, types=RESCUES, clause=bases.LAST_RESORT, codes=("M3",)),
    Question("exit_plan", 2, WITHIN_A_DAY, _("What happens afterwards, by civilian means?"),
             _("Who looks after them; how the next movement goes without the force. Nothing medical."), half=FORM,
             types=RESCUES, clause=bases.LIMITED),
)  # fmt: skip

# A patrol in place of an escort: what the force must know to plan it, and nothing of whose movements they are.
_PATROL: tuple[Question, ...] = (
    Question("axis", 1, WAY, _("Axis"), _("Where the patrol is wanted."), types=PATROL, clause=bases.PATROL),
    Question("origin", 1, WAY, _("From"), _("If only a part of the axis is meant."), required=False, types=PATROL),
    Question("destination", 1, WAY, _("To"), required=False, beside=True, types=PATROL),
    Question("departure_at", 1, DAYS, _("From when?"), _("Local time."), types=PATROL, clause=bases.PATROL),
    Question("window_to", 1, DAYS, _("Until when?"), _("At most 30 days later."), beside=True, types=PATROL, gate="H"),
    Question("patrol_reason", 1, REASON, _("Why is a patrol wanted?"), types=PATROL, clause=bases.PATROL),
    Question("need", 1, REASON, _("What else?"), _("One sentence. The force does not read it."), types=PATROL,
             opened_by=("patrol_reason", ("other",))),
    Question("movements_count", 1, REASON, _("How many humanitarian movements are planned in these days?"),
             _("A number, as far as you know. The force reads it, and not whose they are."), types=PATROL),
    Question("mixed_patrol", 1, PROVIDER, _("May soldiers of the host state take part?"),
             _("If not, the force reads: UN only."), types=PATROL, clause=bases.DISTINCTION),
    Question("force", 1, PROVIDER, _("Force asked"), _("If you know it; else OCHA chooses it."), required=False,
             clause=bases.PROVIDER, types=PATROL, codes=("M6", "A9"), gate="H"),
)  # fmt: skip

MOVED = (*ESCORT, *LOGISTICS)
# Due before the support is scheduled.
_SHEET: tuple[Question, ...] = (
    Question("convoy_name", 1, HOURS, _("Name of the convoy"), _("A name for the radio; none of a person."),
             half=SHEET),
    Question("leaves_at", 1, HOURS, _("Exact departure"), _("Local time, inside the approved period."),
             half=SHEET, types=MOVED,
             clause=bases.LIMITED),
    Question("arrives_at", 1, HOURS, _("Arrival at the destination"), _("Local time."),
             half=SHEET, types=MOVED, beside=True),
    Question("return_leg", 1, HOURS, _("The way back"), half=SHEET),
    Question("alternative_axis", 1, HOURS, _("Alternative axis"), _("Only if the approval is changed to it."),
             required=False, half=SHEET),
    Question("stops", 1, STOPS, _("Where does the convoy stop, and where does it stay overnight?"),
             _("Every stop for the night is named; other stops where the escort must know them."), required=False,
             half=SHEET),
    Question("convoy_vehicles", 2, FLEET, _("Vehicles of the convoy"),
             _("Humanitarian vehicles only. On insecure roads at least two that meet the MOSS, with two people each."),
             half=SHEET, clause=bases.DISTINCTION),
    Question("convoy_leader", 3, CONTACTS, _("Convoy leader (function)"),
             _("A civilian of the humanitarian side; a function, not a name."), half=SHEET, clause=bases.DISTINCTION),
    Question("leader_telephone", 3, CONTACTS, _("Telephone on the road"), _("With country code, such as +236."),
             half=SHEET, beside=True),
    Question("focal_point", 3, CONTACTS, _("Focal point, day and night (function)"), half=SHEET, types=EVERY),
    Question("focal_telephone", 3, CONTACTS, _("Telephone of the focal point"), half=SHEET, types=EVERY, beside=True),
    Question("alternate", 3, CONTACTS, _("Alternate focal point (function)"), required=False, half=SHEET, types=EVERY),
    Question("alternate_telephone", 3, CONTACTS, _("Telephone of the alternate"), required=False,
             half=SHEET, types=EVERY,
             beside=True),
    Question("staff", 3, ABOARD, _("People on board, by organisation"), _("Numbers only; drivers are counted too."),
             half=SHEET, types=MOVED, when=_carries_people),
    Question("names_needed", 3, NAMES, _("Are names of drivers or passengers asked for on the way?"),
             _("By checkpoints or by the force. If not, write none: names are the most sensitive thing here."),
             half=SHEET, types=MOVED, when=_carries_people, clause=bases.CONSENT),
    Question("drivers", 3, NAMES, _("Drivers"), _("Destroyed 72 hours after the movement."), required=False,
             half=SHEET),
    Question("passengers", 3, NAMES, _("Passengers"), _("Destroyed 72 hours after the movement."), required=False,
             half=SHEET, types=MOVED, when=_carries_people),
    Question("cargo_lines", 4, LOADED, _("Cargo, line by line"), _("Humanitarian goods only; never cash."),
             half=SHEET, types=MOVED, when=_carries_goods,
             clause=bases.HUMANITARIAN_ONLY),
    Question("handling", 4, HANDOVER, _("Means of loading and unloading"), _("At the start and at the destination."),
             required=False, half=SHEET, types=MOVED, when=_carries_goods),
    Question("consignee", 4, HANDOVER, _("Who receives the cargo (function)"),
             half=SHEET, types=MOVED, when=_carries_goods),
    Question("consignee_telephone", 4, HANDOVER, _("Telephone of the consignee"), required=False,
             half=SHEET, types=MOVED, when=_carries_goods,
             beside=True),
    Question("cost_arrangement", 4, HANDOVER, _("Cost arrangement with the force"), required=False,
             half=SHEET, types=EVERY),
    Question("comms_plan", 5, PLANS, _("How does the convoy keep in touch?"),
             _("Channels apart from those of the force, hours of check-in, emergency number."), half=SHEET,
             clause=bases.APART),
    Question("casevac_plan", 5, PLANS, _("What happens if somebody is hurt?"),
             _("Where to, by whom, whom to call first."), half=SHEET, clause="IASC-AE §VII"),
    Question("escort_rules", 5, RULES, _("What was agreed with the escort?"), half=SHEET, clause="IASC-AE §VII"),
    Question("escort_distance", 5, RULES, _("Distance to be kept, in metres"), required=False, half=SHEET),
    Question("community_message", 5, OTHERS, _("What are communities told?"), _("The force does not read this."),
             required=False, half=SHEET, codes=("A14",), gate="I", clause=bases.APART),
    Question("authority_notified", 5, OTHERS, _("Authorities informed"), _("Which office, when; no names."),
             required=False, half=SHEET, types=EVERY),
    Question("exit_review_on", 5, OTHERS, _("On which day is the exit plan looked at again?"),
             _("Whether the next one still needs it."), required=False, half=SHEET, types=EVERY,
             clause="IASC-AE §VIII"),
    Question("join_allowed", 5, OTHERS, _("May other organisations join the convoy?"), required=False, half=SHEET),
    Question("security_ref", 5, CLEARANCE, _("Reference of the security clearance"),
             _("United Nations: number of the TRIP. The force does not read this."),
             half=SHEET, types=EVERY, when=_un_on_board),
    Question("programme_criticality", 5, CLEARANCE, _("Programme criticality"),
             half=SHEET, types=EVERY, when=_un_on_board,
             codes=("A3",), gate="J", risky=("pc3", "pc4"), clause="IASC-AE §V.1"),
)  # fmt: skip

# What OCHA adds in its review.
_REVIEW: tuple[Question, ...] = (
    Question("support_level", 1, KIND, _("How close does the support come to the people assisted?"),
             _("The closer, the harder the test."), half=REVIEW, types=EVERY, by="ocha", codes=("M9",),
             gate="J", risky=("direct",), clause=bases.SUPPORT),
    Question("support_text", 1, KIND, _("If it is direct: why can nobody else do it, and nothing less?"),
             required=False, half=REVIEW, types=EVERY, by="ocha", codes=("M9",), gate="J", clause=bases.SUPPORT),
    Question("clusters", 1, KIND, _("Which clusters does it concern?"), half=REVIEW, types=EVERY, by="ocha"),
    Question("provider_kind", 1, KIND, _("What kind of provider is it?"), half=REVIEW, by="ocha",
             clause="IASC-AE §VII"),
    Question("escort_mode", 1, KIND, _("In which manner does it escort?"), half=REVIEW, by="ocha", codes=("A13",),
             gate="I", clause="IASC-AE §VII"),
    Question("need_met", 1, CRITERIA, _("Humanitarian need and programme criticality"), half=REVIEW, by="ocha",
             gate="J", risky=("no", "partly"), clause="IASC-AE §V.1"),
    Question("authorities_met", 1, CRITERIA, _("Responsible authorities"), half=REVIEW, by="ocha", gate="J",
             risky=("no", "partly"), clause="IASC-AE §V.2"),
    Question("safety_met", 1, CRITERIA, _("Safety and security"), half=REVIEW, by="ocha", gate="J",
             risky=("no", "partly"), clause="IASC-AE §V.3"),
    Question("sustainability_met", 1, CRITERIA, _("Sustainability"), half=REVIEW, by="ocha", gate="J",
             risky=("no", "partly"), clause="IASC-AE §V.4"),
    Question("criteria_text", 1, CRITERIA, _("If not all four are met: why is it still exceptional and unavoidable?"),
             required=False, half=REVIEW, by="ocha", codes=("A16",), gate="J", clause="IASC-AE §V"),
    Question("risk_without", 1, RISK, _("Residual risk without escort"),
             _("United Nations: as UNDSS rates it. NGOs need not give figures."), required=False, half=REVIEW,
             by="ocha", codes=("A5",), gate="H", clause="IASC-AE §V.3"),
    Question("risk_with", 1, RISK, _("Residual risk with escort"), _("The escort must lower it."), required=False,
             half=REVIEW, by="ocha", codes=("A5",), gate="H", clause="IASC-AE §V.3"),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*_OPENING, *_ESCORT, *_TASK, *_WHY, *_RESCUE, *_PATROL, *_SHEET, *_REVIEW)

BY_FIELD = {question.field: question for question in reversed(QUESTIONS)}  # whatever the type; an escort's words first


def questions(of: Case | str, half: str = ASK, step: int | None = None) -> tuple[Question, ...]:
    """The questions of one case (or of one type of request), in the order in which they are asked.

    Of a case only those that its answers open; of a type all of them.
    """
    found = _of_type(of if isinstance(of, str) else of.request_type, half, step)
    return found if isinstance(of, str) else tuple(row for row in found if row.is_asked_of(of))


@cache
def _of_type(kind: str, half: str, step: int | None) -> tuple[Question, ...]:
    return tuple(row for row in QUESTIONS if row.half == half and str(kind) in row.types and step in (None, row.step))


def question_of(of: Case | str, field: str) -> Question:
    """The question of this type of request that a field answers."""
    kind = of if isinstance(of, str) else of.request_type
    return next(
        (row for row in QUESTIONS if row.field == field and row.half == ASK and str(kind) in row.types), BY_FIELD[field]
    )


def asks(case: Case, field: str) -> bool:
    """Is this asked of the request, by its type and its answers?"""
    return any(field in (row.field, *row.columns) for row in questions(case))


def steps_of(of: Case | str) -> Mapping[int, str | Promise]:
    """The steps of the ask, with their names."""
    kind = of if isinstance(of, str) else of.request_type
    if kind in RESCUES:
        return RESCUE_STEPS
    if kind in PATROL:
        return PATROL_STEPS
    return STEPS if kind in ESCORT else ASSET_STEPS


def cards(of: Case | str, step: int, half: str = ASK) -> list[tuple[str | Promise, list[Question]]]:
    """The questions of one step under their headings."""
    return [(heading, list(found)) for heading, found in groupby(questions(of, half, step), key=lambda row: row.card)]
