"""What do the guidelines say about this case? Rules over a case → findings with their clause; pure, no saving."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from cmcoord.guidance.clauses import cited_in, compared_with
from cmcoord.guidance.models import CommonPosition
from requests_app import bases
from requests_app.facts import LAST, Facts, alternatives_of, facts_of
from requests_app.last_resort import ASSETS, ESCORT, EVERY, PATROL, RISKS, Risk
from requests_app.models import Alternative, Case, Criticality, SupportLevel
from requests_app.models.terms import RESCUES
from requests_app.questions import Question, asks, questions

STOP, JUSTIFY, INFORM = WEIGHT = ("stop", "justify", "inform")
LEVELS = {"H": STOP, "J": JUSTIFY, "I": INFORM}  # the gates of domain.md §2.5
LONGEST_WINDOW = timedelta(days=30)
NOT_URGENT_AFTER = timedelta(days=30)
FEWEST_TRIED = 2
RELATIONS = {each.name for each in Case._meta.concrete_fields if each.is_relation}


@dataclasses.dataclass(frozen=True)
class Finding:
    """What one rule says about one case: level, sentence, the clause of its country, and the question it is about.

    `compare` are the clauses of other countries on the same matter.
    """

    rule: str
    level: str
    sentence: str
    clause: str
    field: str = ""
    compare: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Rule:
    """One rule: its level, on which clauses it rests (bases.py), what it says, beside which question, for whom.

    `levels` are those of a country where it weighs otherwise.
    """

    code: str
    level: str
    clause: str
    says: Callable[[Case, Facts], str]
    field: str = ""
    types: tuple[str, ...] = EVERY
    levels: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def level_for(self, case: Case) -> str:
        return self.levels.get(case.country_id, self.level)

    def clause_for(self, case: Case) -> str:
        """The clause of the case's country, else one that holds everywhere."""
        return cited_in(self.clause, case.country_id)

    def compare_for(self, case: Case) -> tuple[str, ...]:
        return tuple(compared_with(self.clause, case.country_id))


def _none_failed(case: Case, facts: Facts) -> str:
    if any(row.outcome != Alternative.Outcome.AVAILABLE for row in facts.alternatives):
        return ""
    return _("No civilian alternative was tried and found wanting.")


def _weapons(case: Case, facts: Facts) -> str:
    return "" if case.no_weapons else _("The statement that no weapon or armed person travels with us is missing.")


def _open_ended(case: Case, facts: Facts) -> str:
    if case.departure_at and case.window_to and case.window_to - case.departure_at > LONGEST_WINDOW:
        return _("The window is longer than 30 days.")
    return ""


def _provider_gone(case: Case, facts: Facts) -> str:
    provider = case.provider()
    if provider is None or case.departure_at is None or provider.present_on(case.departure_at.date()):
        return ""
    return _("This force is not present at that date.")


def _provider_stopped(case: Case, facts: Facts) -> str:
    """Everybody reads this sentence, and nobody the rating behind it."""
    if not facts.provider_stopped or facts.may_be_excepted:
        return ""
    return _("This provider cannot be named here.")


def _provider_excepted(case: Case, facts: Facts) -> str:
    if not (facts.provider_stopped and facts.may_be_excepted):
        return ""
    return _(
        "This provider cannot be named here, unless the Humanitarian Coordinator in person decides so to save lives."
    )


def _available(case: Case, facts: Facts) -> str:
    if civilian_means(case, facts.alternatives):
        return _("One civilian alternative is available.")
    return ""


def _few_alternatives(case: Case, facts: Facts) -> str:
    if len(facts.alternatives) >= FEWEST_TRIED:
        return ""
    return _("Fewer than two alternatives were tried.")


def _not_urgent(case: Case, facts: Facts) -> str:
    if case.critical_by and case.critical_by - case.created_at > NOT_URGENT_AFTER:
        return _("The need becomes critical only in more than 30 days: is it immediate and urgent?")
    return ""


def _of_test(risk: Risk) -> Callable[[Case, Facts], str]:
    """The rule of one statement of the last-resort test: it speaks when the statement was ticked."""

    def says(case: Case, facts: Facts) -> str:
        return str(risk.says) if risk.code in case.risks else ""

    return says


def _no_patrol(case: Case, facts: Facts) -> str:
    rows = facts.alternatives
    if not rows or any(row.option == Alternative.Option.PATROL for row in rows):
        return ""
    return _("A patrol on the axis was not tried.")


def _many_rotations(case: Case, facts: Facts) -> str:
    return _("More than three rotations: is this an emergency or a habit?") if (case.rotations or 0) > 3 else ""


def _other_axis(case: Case, facts: Facts) -> str:
    if not (case.axis_id and case.origin_id and case.destination_id and asks(case, "origin")):
        return ""
    stops = facts.beside.stops
    if not stops or {case.origin_id, case.destination_id} <= stops:
        return ""
    ends = [place for place in (case.origin, case.destination) if place.pk not in stops]
    return _("The axis %(axis)s does not touch %(places)s.") % {
        "axis": case.axis,
        "places": _(" or ").join(str(place) for place in ends),
    }


def _nameless(case: Case, facts: Facts) -> str:
    if case.consent_force or case.submitted_at is None:
        return ""
    return _("The organisation has not consented that the force reads its name: the patrol is asked for without it.")


def _not_for_the_force(case: Case, facts: Facts) -> str:
    if case.consent_force or case.submitted_at is None:
        return ""
    return _("The organisation has not consented that the force reads it: it could not be transmitted.")


def _civilian_way(case: Case, facts: Facts) -> str:
    if case.civilian_within_hour:
        return _("A civilian means is available within the hour: it comes first.")
    return ""


def _third_escort(case: Case, facts: Facts) -> str:
    if facts.escorts_in_a_row < LAST:
        return ""
    return _("It would be the third escort in a row of this organisation on this axis.")


def _direct(case: Case, facts: Facts) -> str:
    review = facts.beside.review
    if review is None or review.support_level != SupportLevel.DIRECT:
        return ""
    return _("The support is direct: the closer to the people assisted, the harder the test.")


def is_exceptional(case: Case, facts: Facts | None = None) -> bool:
    """A16: an escort for which OCHA found that not all four criteria are met."""
    review = (facts or facts_of(case)).beside.review
    return case.request_type in ESCORT and review is not None and not review.all_met


def _criteria(case: Case, facts: Facts) -> str:
    """A16: exceptional and unavoidable is for the Humanitarian Coordinator to say (guards.exceptional_in_person)."""
    if not is_exceptional(case, facts):
        return ""
    return _("Not all four criteria are met: only the Humanitarian Coordinator can find it exceptional.")


def _not_critical(case: Case, facts: Facts) -> str:
    if facts.beside.criticality not in (Criticality.PC3, Criticality.PC4):
        return ""
    return _("The programme criticality is %(level)s: is it worth an escort?") % {
        "level": facts.beside.criticality.upper()
    }


def positions_on(case: Case, facts: Facts) -> list[CommonPosition]:
    """The common positions in force on the days of this request, on its axis, in its areas or in the whole country."""
    day = case.departure_at.astimezone(case.country.zone).date() if case.departure_at else case.country.today
    return [row for row in facts.beside.positions if row.holds_on(day) and _concerns(row, case)]


def _concerns(position: CommonPosition, case: Case) -> bool:
    if position.axis_id:
        return position.axis_id == case.axis_id
    if position.area_id:
        places = (place for place in (case.origin, case.destination) if place)
        return position.area_id in {case.area_id, *(place.area_id for place in places)}
    return True


def _against(position: CommonPosition, case: Case) -> bool:
    kind = CommonPosition.Against.ESCORTS if case.request_type in ESCORT else CommonPosition.Against.ASSETS
    return kind in position.against


def _ruled_out(case: Case, facts: Facts) -> str:
    found = next((row for row in positions_on(case, facts) if _against(row, case)), None)
    return _("A common position in force rules it out: “%(text)s”") % {"text": found.text} if found else ""


def ruled_out_there(case: Case, *, axis: int | None, area: int | None, day: date) -> str:
    """ "" or the common position that rules out what is about to be approved for this axis or this area."""
    if case.request_type not in EVERY:
        return ""
    rows = (row for row in facts_of(case).beside.positions if row.holds_on(day) and _against(row, case))
    found = next((row for row in rows if (axis and row.axis_id == axis) or (area and row.area_id == area)), None)
    return _("A common position in force rules it out: “%(text)s”") % {"text": found.text} if found else ""


def _to_respect(case: Case, facts: Facts) -> str:
    found = [row.text for row in positions_on(case, facts) if not _against(row, case)]
    return _("A common position is in force here: “%(text)s”") % {"text": " ".join(found)} if found else ""


ALL = (*EVERY, *RESCUES)
NAMED = (*ALL, *PATROL)  # whatever names a force
_RULES: tuple[Rule, ...] = (
    Rule("alternatives_failed", STOP, bases.ALTERNATIVES, _none_failed, "alternatives", ESCORT),
    Rule("alternatives_failed", STOP, bases.LAST_RESORT, _none_failed, "alternatives", ASSETS),
    Rule("few_alternatives", STOP, bases.ALTERNATIVES, _few_alternatives, "alternatives", ESCORT),
    Rule("few_alternatives", STOP, bases.LAST_RESORT, _few_alternatives, "alternatives", ASSETS),
    Rule("no_weapons", STOP, bases.NO_ARMS, _weapons, "no_weapons", ALL),
    Rule("civilian_within_hour", STOP, bases.LAST_RESORT, _civilian_way, "civilian_within_hour", RESCUES),
    Rule("limited_period", STOP, bases.LIMITED, _open_ended, "window_to", (*EVERY, *PATROL)),
    Rule("provider_present", STOP, bases.PROVIDER, _provider_gone, "force", NAMED),
    Rule("position", STOP, bases.COMMON_POSITION, _ruled_out, "axis"),
    Rule("provider_status", STOP, bases.BELLIGERENT, _provider_stopped, "force", NAMED),
    Rule("provider_exception", JUSTIFY, bases.BELLIGERENT, _provider_excepted, "force", ALL),
    Rule("civilian_available", JUSTIFY, bases.ALTERNATIVES, _available, "alternatives", ESCORT),
    Rule("civilian_available", JUSTIFY, bases.LAST_RESORT, _available, "alternatives", ASSETS),
    Rule("not_urgent", JUSTIFY, bases.NEED, _not_urgent, "critical_by"),
    Rule("many_rotations", JUSTIFY, "IASC-AE §V.4", _many_rotations, "rotations", ESCORT),
    Rule("many_rotations", JUSTIFY, bases.LIMITED, _many_rotations, "rotations", ASSETS),
    Rule("third_escort", JUSTIFY, "IASC-AE §V.4", _third_escort, "axis", ESCORT),
    Rule("direct_support", JUSTIFY, bases.SUPPORT, _direct, "support_level"),
    Rule("criteria", JUSTIFY, "IASC-AE §V", _criteria, "criteria_text", ESCORT),
    Rule("criticality", JUSTIFY, "IASC-AE §V.1", _not_critical, "programme_criticality", ESCORT),
    Rule("position_here", INFORM, bases.COMMON_POSITION, _to_respect, "axis", NAMED),
    Rule("force_consent", INFORM, bases.CONSENT, _not_for_the_force, "force", ALL),
    Rule("patrol_without_name", INFORM, bases.CONSENT, _nameless, "force", PATROL),
    Rule("patrol_first", INFORM, bases.PATROL, _no_patrol, "alternatives", ESCORT),
    Rule("axis_touches", INFORM, bases.LIMITED, _other_axis, "axis", (*EVERY, *PATROL)),
    *(
        Rule(
            risk.code, LEVELS[risk.gate], risk.clause, _of_test(risk), "risks", risk.types,
            {country: LEVELS[gate] for country, gate in risk.gates.items()},
        )
        for risk in RISKS
    ),
)  # fmt: skip
RULES = tuple(sorted(_RULES, key=lambda rule: WEIGHT.index(rule.level)))
# Which rules found something: it changes with every rule, gate, clause and type.
_TABLE = [(rule.code, rule.level, sorted(rule.levels.items()), rule.clause, rule.field, rule.types) for rule in RULES]
RULE_SET = f"{len(RULES)}-{hashlib.sha256(repr(_TABLE).encode()).hexdigest()[:12]}"


def findings(case: Case, facts: Facts | None = None) -> list[Finding]:
    """All findings on this case, stops first. Rules that find nothing are silent."""
    return sorted(_said(RULES, case, facts), key=lambda finding: WEIGHT.index(finding.level))


def hard_stops(case: Case, facts: Facts | None = None) -> list[Finding]:
    """Only the findings that stop the request; asks nothing that the other rules would have to read."""
    return _said([rule for rule in RULES if rule.level_for(case) == STOP], case, facts)


def _said(rules: Iterable[Rule], case: Case, facts: Facts | None) -> list[Finding]:
    known = facts_of(case) if facts is None else facts
    said = ((rule, rule.says(case, known)) for rule in rules if case.request_type in rule.types)
    return [
        Finding(rule.code, rule.level_for(case), sentence, rule.clause_for(case), rule.field, rule.compare_for(case))
        for rule, sentence in said
        if sentence
    ]


def reading(case: Case) -> list[dict[str, Any]]:
    """All findings with their sentence in both languages, as they are kept (models.RuleReading)."""
    said = {}
    for language in ("en", "fr"):
        with translation.override(language):
            said[language] = findings(case)
    return [
        {
            "rule": english.rule, "level": english.level, "clause": english.clause, "compare": list(english.compare),
            "field": english.field, "en": english.sentence, "fr": french.sentence,
        }
        for english, french in zip(said["en"], said["fr"], strict=True)
    ]  # fmt: skip


def silent_rules(case: Case, said: Iterable[Finding]) -> list[Rule]:
    """The rules without a concern, to be shown with their clauses; `said` are the findings."""
    found = {finding.rule for finding in said}
    return [rule for rule in RULES if rule.code not in found and case.request_type in rule.types]


def missing_answers(case: Case) -> list[Question]:
    """The required questions that have no answer yet, in the order in which they are asked."""
    return [question for question in questions(case) if question.required and not is_answered(case, question)]


def is_answered(case: Case, question: Question) -> bool:
    """Has it an answer? "No" and "nothing of this" are answers; a statement that was not made is none."""
    if question.field == "alternatives":
        return bool(alternatives_of(case))
    if question.field == "no_weapons":
        return case.no_weapons
    columns = (f"{name}_id" if name in RELATIONS else name for name in question.stored)
    return any(getattr(case, column) not in (None, "", []) for column in columns)


def civilian_means(case: Case, rows: Iterable[Alternative] | None = None) -> Alternative | None:
    """The alternative that turned out available: then the request ends well, without the military."""
    known = alternatives_of(case) if rows is None else rows
    return next((row for row in known if row.outcome == Alternative.Outcome.AVAILABLE), None)


def dates_past(case: Case, now: datetime) -> str:
    """A request is filed for the future: the sentence, or ""."""
    if case.departure_at and case.departure_at <= now:
        return _("The departure is in the past.")
    if case.window_to and case.departure_at and case.window_to <= case.departure_at:
        return _("The window ends before it begins.")
    return ""
