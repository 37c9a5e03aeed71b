"""What do the guidelines say about this case? Rules over a case → findings with their clause; pure, no saving."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from requests_app.last_resort import ASSETS, ESCORT, EVERY, RISKS, Risk
from requests_app.models import Alternative, Case
from requests_app.questions import Question, asks, questions

STOP, JUSTIFY, INFORM = "stop", "justify", "inform"
LEVELS = {"H": STOP, "J": JUSTIFY, "I": INFORM}  # the gates of domain.md §2.5
LONGEST_WINDOW = timedelta(days=30)
NOT_URGENT_AFTER = timedelta(days=30)
FEWEST_TRIED = 2
RELATIONS = {field.name for field in Case._meta.concrete_fields if field.is_relation}


@dataclass(frozen=True)
class Finding:
    """What one rule says about one case: level, sentence, clause key, and the question it is about."""

    rule: str
    level: str
    sentence: str
    clause: str
    field: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule: its clause (key of guidance/clauses.py), its level, what it says, beside which question, for whom."""

    code: str
    level: str
    clause: str
    says: Callable[[Case, list[Alternative]], str]
    field: str = ""
    types: tuple[str, ...] = EVERY


def _none_failed(case: Case, rows: list[Alternative]) -> str:
    if any(row.outcome != Alternative.Outcome.AVAILABLE for row in rows):
        return ""
    return _("No civilian alternative was tried and found wanting.")


def _weapons(case: Case, rows: list[Alternative]) -> str:
    return "" if case.no_weapons else _("The statement that no weapon or armed person travels with us is missing.")


def _open_ended(case: Case, rows: list[Alternative]) -> str:
    if case.departure_at and case.window_to and case.window_to - case.departure_at > LONGEST_WINDOW:
        return _("The window is longer than 30 days.")
    return ""


def _provider_gone(case: Case, rows: list[Alternative]) -> str:
    provider = case.provider()
    if provider is None or case.departure_at is None or provider.present_on(case.departure_at.date()):
        return ""
    return _("This force is not present at that date.")


def _available(case: Case, rows: list[Alternative]) -> str:
    if civilian_means(case, rows):
        return _("One civilian alternative is available.")
    return ""


def _few_alternatives(case: Case, rows: list[Alternative]) -> str:
    if len(rows) >= FEWEST_TRIED:
        return ""
    return _("Fewer than two alternatives were tried.")


def _not_urgent(case: Case, rows: list[Alternative]) -> str:
    if case.critical_by and case.critical_by - case.created_at > NOT_URGENT_AFTER:
        return _("The need becomes critical only in more than 30 days: is it immediate and urgent?")
    return ""


def _of_test(risk: Risk) -> Callable[[Case, list[Alternative]], str]:
    """The rule of one statement of the last-resort test: it speaks when the statement was ticked."""

    def says(case: Case, rows: list[Alternative]) -> str:
        return str(risk.says) if risk.code in case.risks else ""

    return says


def _no_patrol(case: Case, rows: list[Alternative]) -> str:
    if not rows or any(row.option == Alternative.Option.PATROL for row in rows):
        return ""
    return _("A patrol on the axis was not tried.")


def _many_rotations(case: Case, rows: list[Alternative]) -> str:
    return _("More than three rotations: is this an emergency or a habit?") if (case.rotations or 0) > 3 else ""


def _other_axis(case: Case, rows: list[Alternative]) -> str:
    if not (case.axis_id and case.origin_id and case.destination_id and asks(case, "origin")):
        return ""
    stops = {stop.place_id for stop in case.axis.stops.all()}
    ends = [place for place in (case.origin, case.destination) if place.pk not in stops]
    if not stops or not ends:
        return ""
    return _("The axis %(axis)s does not touch %(places)s.") % {
        "axis": case.axis,
        "places": _(" or ").join(str(place) for place in ends),
    }


def _not_for_the_force(case: Case, rows: list[Alternative]) -> str:
    if case.consent_force or case.submitted_at is None:
        return ""
    return _("The organisation has not consented that the force reads it: it could not be transmitted.")


_RULES: tuple[Rule, ...] = (
    Rule("alternatives_failed", STOP, "CAR-CMC §8.1", _none_failed, "alternatives"),
    Rule("few_alternatives", STOP, "CAR-CMC §8.1", _few_alternatives, "alternatives"),
    Rule("no_weapons", STOP, "CAR-CMC §9.3", _weapons, "no_weapons"),
    Rule("limited_period", STOP, "CAR-CMC §8.6", _open_ended, "window_to"),
    Rule("provider_present", STOP, "CAR-CMC §4", _provider_gone, "force"),
    Rule("civilian_available", JUSTIFY, "CAR-CMC §8.1", _available, "alternatives"),
    Rule("not_urgent", JUSTIFY, "CAR-CMC §8.4", _not_urgent, "critical_by"),
    Rule("many_rotations", JUSTIFY, "IASC-AE §V.4", _many_rotations, "rotations", ESCORT),
    Rule("many_rotations", JUSTIFY, "CAR-CMC §8.6", _many_rotations, "rotations", ASSETS),
    Rule("force_consent", INFORM, "CAR-CMC §7", _not_for_the_force, "force"),
    Rule("patrol_first", INFORM, "CAR-CMC §5", _no_patrol, "alternatives", ESCORT),
    Rule("axis_touches", INFORM, "CAR-CMC §8.6", _other_axis, "axis"),
    *(Rule(risk.code, LEVELS[risk.gate], risk.clause, _of_test(risk), "risks", risk.types) for risk in RISKS),
)
RULES = tuple(sorted(_RULES, key=lambda rule: (STOP, JUSTIFY, INFORM).index(rule.level)))


def findings(case: Case, alternatives: Iterable[Alternative] | None = None) -> list[Finding]:
    """All findings on this case, stops first. Rules that find nothing are silent."""
    return _said(RULES, case, alternatives)


def hard_stops(case: Case, alternatives: Iterable[Alternative] | None = None) -> list[Finding]:
    """Only the findings that stop the request; asks nothing that the other rules would have to read."""
    return _said([rule for rule in RULES if rule.level == STOP], case, alternatives)


def _said(rules: Iterable[Rule], case: Case, alternatives: Iterable[Alternative] | None) -> list[Finding]:
    rows = _rows_of(case) if alternatives is None else list(alternatives)
    said = ((rule, rule.says(case, rows)) for rule in rules if case.request_type in rule.types)
    return [Finding(rule.code, rule.level, sentence, rule.clause, rule.field) for rule, sentence in said if sentence]


def silent_rules(case: Case, alternatives: Iterable[Alternative] | None = None) -> list[Rule]:
    """The rules without a concern, to be shown with their clauses."""
    found = {finding.rule for finding in findings(case, alternatives)}
    return [rule for rule in RULES if rule.code not in found and case.request_type in rule.types]


def missing_answers(case: Case) -> list[Question]:
    """The required questions that have no answer yet, in the order in which they are asked."""
    return [question for question in questions(case) if question.required and not is_answered(case, question)]


def _rows_of(case: Case) -> list[Alternative]:
    """The alternatives, read once for each reading of the case."""
    if case.pk is None:
        return []
    prefetch_related_objects([case], "alternatives")
    return list(case.alternatives.all())


def is_answered(case: Case, question: Question) -> bool:
    """Has it an answer? "No" and "nothing of this" are answers; a statement that was not made is none."""
    if question.field == "alternatives":
        return bool(_rows_of(case))
    if question.field == "no_weapons":
        return case.no_weapons
    columns = (f"{name}_id" if name in RELATIONS else name for name in question.stored)
    return any(getattr(case, column) not in (None, "", []) for column in columns)


def civilian_means(case: Case, rows: Iterable[Alternative] | None = None) -> Alternative | None:
    """The alternative that turned out available: then the request ends well, without the military."""
    known = _rows_of(case) if rows is None else rows
    return next((row for row in known if row.outcome == Alternative.Outcome.AVAILABLE), None)


def dates_past(case: Case, now: datetime) -> str:
    """A request is filed for the future: the sentence, or ""."""
    if case.departure_at and case.departure_at <= now:
        return _("The departure is in the past.")
    if case.window_to and case.departure_at and case.window_to <= case.departure_at:
        return _("The window ends before it begins.")
    return ""
