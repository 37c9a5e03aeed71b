"""What does the page of one request tell of answers, findings, logs of both sides, review, and what was recorded?

Each as this reader may have it; put together by requests_app.case_page. Saves nothing.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.activity.barrier import line_of, may_see, reach, seen
from cmcoord.guidance.clauses import CLAUSES, url_of
from cmcoord.places.models import Place
from requests_app import classes, guidelines, moves, provider, rotations
from requests_app.answered import answer_to
from requests_app.forms.pieces import as_find, as_kept
from requests_app.models import Case, DecisionOutcome, OnBehalf, RotationLog
from requests_app.questions import FORM, FORM_STEP, ROWS, Question, questions, steps_of
from requests_app.signed import conditions_of

# ── the request ──────────────────────────────────────────────────────────────────────────────────────────────────────


def answers(case: Case, user) -> list[tuple[str | Promise, list[tuple[str | Promise, Any]]]]:
    """All open answers by step, as (heading, [(question, answer)]); rows and files are printed apart."""
    steps = dict(steps_of(case))
    shown: dict[int, list] = {step: [] for step in steps}
    apart = (*ROWS, *classes.closed_fields(case))
    asked = questions(case)
    if case.is_rescue and case.submitted_at and case.form_due_at is None:
        steps, asked = steps | FORM_STEP, (*asked, *questions(case, FORM))
        shown |= {step: [] for step in FORM_STEP}
    for question in asked:
        if question.field not in apart and _may_read(user, case, question):
            shown[question.step].append((question.label, _as_told(case, answer_to(case, question), user)))
    return [(steps[step], rows) for step, rows in shown.items()]


def _may_read(user, case: Case, question: Question) -> bool:
    return all(may_see(user, case, name) for name in question.stored)


def _as_told(case: Case, answer: Any, user) -> Any:
    """A place with where it lies, as exactly as the reader may know it; who reads only what is restricted: its name."""
    position = answer.position_for(user.side) if isinstance(answer, Place) else None
    if position is None or line_of(answer, "latitude").sensitivity.rank > reach(user, case).rank:
        return answer
    doubt = "" if answer.position_verified else _("position not verified")
    return "\n".join(filter(None, (str(answer), f"{position.decimal} · {position.dms}", position.mgrs, doubt)))


def silent(case: Case, said: list[guidelines.Finding]) -> list[dict[str, str]]:
    """What the rules without a concern ask, by the clause they rest on."""
    loud = {row.clause for row in said}
    keys = dict.fromkeys(rule.clause_for(case) for rule in guidelines.silent_rules(case, said))
    return [
        {"clause": key, "clause_url": url_of(key), "point": CLAUSES[key].gist}
        for key in keys
        if key in CLAUSES and key not in loud
    ]


def as_found(case: Case, said: list[guidelines.Finding], user) -> list[dict[str, Any]]:
    """What was found when it was last sent and last decided, and what differs now."""
    now = {row.rule for row in said}
    newest = {row.occasion: row for row in seen(user, case.readings.all(), "findings")}
    return [
        {
            "row": row,
            "kept": [as_kept(each) | {"gone": each["rule"] not in now} for each in row.found],
            "new": [as_find(each) for each in said if each.rule not in {kept["rule"] for kept in row.found}],
        }
        for row in newest.values()
    ]


# ── what was decided and done ────────────────────────────────────────────────────────────────────────────────────────


def rotations_logged(case: Case, user) -> list[dict[str, Any]]:
    """Each rotation as both sides logged it, side by side, with what was corrected and where they disagree."""
    numbers: dict[int, dict[str, list]] = {}
    rows = seen(user, case.rotation_logs.all(), "note")
    standing = rotations.standing_logs(rows)
    for log in rows:
        line = {"log": log, "struck": log not in standing and log.what != RotationLog.What.NOTHING}
        numbers.setdefault(log.number, {"humanitarian": [], "force": []})[log.side].append(line)
    disagree = rotations.contradictions(standing)
    return [{"number": number, "disagree": number in disagree, **sides} for number, sides in sorted(numbers.items())]


TICKS: dict[str, tuple[str | Promise, str]] = {
    "yes": (gettext_lazy("respected"), "green"),
    "no": (gettext_lazy("not respected"), "red"),
    "na": (gettext_lazy("did not apply"), "grey"),
}


def after_action(case: Case, user) -> dict[str, Any] | None:
    """The after-action with a line for each condition; None while there is none."""
    found = case._state.fields_cache.get("after_action")
    if found is None or not may_see(user, found, "perception"):
        return None
    labels = dict(conditions_of(case.decision)) if case.decision_id else {}
    ticks = [
        (labels.get(tick["condition"], tick["condition"]), *TICKS.get(tick["answer"], (tick["answer"], "")))
        for tick in found.conditions_respected
    ]
    filed = next((move for move in case.moves.all() if move.code == "close"), None)
    return {"row": found, "ticks": ticks, "move": filed}


def end_of(case: Case, status: str) -> str:
    """The reason that was given for the end or the pause."""
    last = next((move for move in list(case.moves.all())[::-1] if move.code in ENDED_BY.get(status, ())), None)
    if last and last.code == "suspend_provider":
        return provider.cannot_be_named(case)
    return last.reason if last else ""


ENDED_BY = {
    "unreceivable": ("reject",), "civilian": ("civilian",), "withdrawn": ("withdraw",), "cancelled": ("cancel",),
    "suspended": ("suspend", "suspend_provider"),
}  # fmt: skip


def recorded(case: Case, record: OnBehalf | None) -> dict[str, Any] | None:
    """What OCHA wrote down for this reader, with the words and limits that it wrote."""
    if record is None:
        return None
    rows: tuple[Any, ...] = (
        *case.decisions.all(),
        *case.opinions.all(),
        *case.replies.all(),
        *case.agreements.all(),
        *case.rotation_logs.all(),
        *case.patrols.all(),
        *case.patrol_feedback.all(),
    )
    found = next((row for row in rows if row.on_behalf_id == record.pk), None)
    shut = classes.is_closed(case, case)
    value = next((getattr(found, name)() for name in DISPLAYS if hasattr(found, name)), "")
    words = [getattr(found, name, "") for name in ("text", "note")] if found else []
    moved = next((move.reason for move in case.moves.all() if move.on_behalf_id == record.pk), "")
    return {
        "record": record,
        "due": record.due_at,
        "act": moves.lines(record.act)[0].label,
        "value": value,
        "limits": found if getattr(found, "outcome", "") == DecisionOutcome.APPROVED and not shut else None,
        "text": "" if shut else " ".join(filter(None, [*words, moved])),
    }


DISPLAYS = (
    "get_direction_display",
    "get_helped_display",
    "get_outcome_display",
    "get_value_display",
    "get_reply_display",
    "get_what_display",
)
