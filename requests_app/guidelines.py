"""What do the guidelines say about this case? Rules over a case → findings with their clause; pure, no saving."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from requests_app.models import Alternative, Case
from requests_app.questions import Question, questions

STOP, JUSTIFY, INFORM = "stop", "justify", "inform"
LONGEST_WINDOW = timedelta(days=30)
ROWS = {field.name for field in Case._meta.concrete_fields if field.is_relation}


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
    """One rule: its clause (key of guidance/clauses.py), its level, what it says, and beside which question."""

    code: str
    level: str
    clause: str
    says: Callable[[Case, list[Alternative]], str]
    field: str = ""


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
    if any(row.outcome == Alternative.Outcome.AVAILABLE for row in rows):
        return _("One civilian alternative is available.")
    return ""


def _few_alternatives(case: Case, rows: list[Alternative]) -> str:
    return _("Only one alternative was tried.") if len(rows) == 1 else ""


def _no_patrol(case: Case, rows: list[Alternative]) -> str:
    if not rows or any(row.option == Alternative.Option.PATROL for row in rows):
        return ""
    return _("A patrol on the axis was not tried.")


def _many_rotations(case: Case, rows: list[Alternative]) -> str:
    return _("More than three rotations: is this an emergency or a habit?") if (case.rotations or 0) > 3 else ""


def _other_axis(case: Case, rows: list[Alternative]) -> str:
    if not (case.axis_id and case.origin_id and case.destination_id):
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


RULES: tuple[Rule, ...] = (
    Rule("alternatives_failed", STOP, "CAR-CMC §8.1", _none_failed, "alternatives"),
    Rule("no_weapons", STOP, "CAR-CMC §9.3", _weapons, "no_weapons"),
    Rule("limited_period", STOP, "CAR-CMC §8.6", _open_ended, "window_to"),
    Rule("provider_present", STOP, "CAR-CMC §4", _provider_gone, "force"),
    Rule("civilian_available", JUSTIFY, "CAR-CMC §8.1", _available, "alternatives"),
    Rule("few_alternatives", JUSTIFY, "CAR-CMC §5", _few_alternatives, "alternatives"),
    Rule("many_rotations", JUSTIFY, "IASC-AE §V.4", _many_rotations, "rotations"),
    Rule("force_consent", INFORM, "CAR-CMC §7", _not_for_the_force, "force"),
    Rule("patrol_first", INFORM, "CAR-CMC §5", _no_patrol, "alternatives"),
    Rule("axis_touches", INFORM, "CAR-CMC §8.6", _other_axis, "axis"),
)


def findings(case: Case, alternatives: Iterable[Alternative] | None = None) -> list[Finding]:
    """All findings on this case, stops first. Rules that find nothing are silent."""
    return _said(RULES, case, alternatives)


def hard_stops(case: Case, alternatives: Iterable[Alternative] | None = None) -> list[Finding]:
    """Only the findings that stop the request; asks nothing that the other rules would have to read."""
    return _said([rule for rule in RULES if rule.level == STOP], case, alternatives)


def _said(rules: Iterable[Rule], case: Case, alternatives: Iterable[Alternative] | None) -> list[Finding]:
    rows = _rows_of(case) if alternatives is None else list(alternatives)
    said = ((rule, rule.says(case, rows)) for rule in rules)
    return [Finding(rule.code, rule.level, sentence, rule.clause, rule.field) for rule, sentence in said if sentence]


def silent_rules(case: Case, alternatives: Iterable[Alternative] | None = None) -> list[Rule]:
    """The rules without a concern, to be shown with their clauses."""
    found = {finding.rule for finding in findings(case, alternatives)}
    return [rule for rule in RULES if rule.code not in found]


def missing_answers(case: Case) -> list[Question]:
    """The required questions that have no answer yet, in the order in which they are asked."""
    return [question for question in questions(case) if question.required and not _is_answered(case, question.field)]


def _rows_of(case: Case) -> list[Alternative]:
    """The alternatives, read once for each reading of the case."""
    if case.pk is None:
        return []
    prefetch_related_objects([case], "alternatives")
    return list(case.alternatives.all())


def _is_answered(case: Case, field: str) -> bool:
    if field == "alternatives":
        return bool(_rows_of(case))
    if field == "no_weapons":
        return case.no_weapons
    column = f"{field}_id" if field in ROWS else field
    return getattr(case, column) not in (None, "")


def dates_past(case: Case, now: datetime) -> str:
    """A request is filed for the future: the sentence, or ""."""
    if case.departure_at and case.departure_at <= now:
        return _("The departure is in the past.")
    if case.window_to and case.departure_at and case.window_to <= case.departure_at:
        return _("The window ends before it begins.")
    return ""
