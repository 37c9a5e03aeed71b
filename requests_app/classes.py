"""Which class has a request, or a record of it, and who may open what is strictly confidential? (domain.md §4.1)

A record has the class of its form until somebody raises it, and never less than its request. Of what is strictly
confidential the pages show only that it is there; named roles open it, one thing at a time, and each time is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity import barrier
from cmcoord.activity.barrier import Sensitivity
from requests_app import consensus
from requests_app.models import AfterAction, Case, CaseFile, Classification, Comment, Opinion, RotationLog
from requests_app.questions import question_of, questions
from requests_app.visibility import handles

Record = Classification.Record
MODELS: dict[str, type[models.Model]] = {
    Record.PAPER: CaseFile,
    Record.COMMENT: Comment,
    Record.OPINION: Opinion,
    Record.LOG: RotationLog,
    Record.REPORT: AfterAction,
}
RELATIONS = {Record.PAPER: "files", Record.COMMENT: "comments", Record.OPINION: "opinions", Record.LOG: "rotation_logs"}
# Parts of the page that hold confidential facts of several rows; each opens as a whole.
PARTS: dict[str, str | Promise] = {
    "recommendation": _("What OCHA recommends"),
    "decision": _("The decision and its limits"),
    "papers": _("What the force was sent and what it proposes"),
    "reasons": _("The reasons that were given, step by step"),
}
SECURITY = {"undss": Perm.ADVISE_UN_SECURITY, "ngo_adviser": Perm.ADVISE_NGO_SECURITY}
SECURITY_BODIES = (*SECURITY, "own_security")


def name_of(row: models.Model) -> str:
    """How Classification calls this kind of record."""
    return next((name for name, model in MODELS.items() if isinstance(row, model)), Record.CASE)


def floor_of(record: str) -> Sensitivity:
    """The class below which nobody lowers a record: that of its form. A request itself, which begins at C, OCHA may
    list as restricted: whoever finds it there reads of it only what is restricted, field by field.
    """
    return barrier.floor_of(MODELS[record]) if record in MODELS else Sensitivity.RESTRICTED


def class_of(case: Case, row: models.Model) -> Sensitivity:
    """The class of the request, or of one of its records; rows that the page has read are not read again."""
    if isinstance(row, Case):
        return Sensitivity(row.sensitivity)
    name = name_of(row)
    rows = [each for each in case.classifications.all() if each.record == name and each.row == row.pk]
    own = max(rows, key=lambda each: each.pk).sensitivity if rows else floor_of(name)
    return barrier.highest([own, case.sensitivity])


def is_closed(case: Case, row: models.Model) -> bool:
    """Do pages show of it only that it is there?"""
    return class_of(case, row) == Sensitivity.STRICT


def rows_of(case: Case, record: str) -> list[Any]:
    """The rows of this kind beside a request; of the request itself that one row."""
    if record == Record.CASE:
        return [case]
    if record == Record.REPORT:
        models.prefetch_related_objects([case], "after_action")
        return [row] if (row := getattr(case, "after_action", None)) else []
    return list(getattr(case, RELATIONS[Record(record)]).all())


def find_row(case: Case, record: str, row: int) -> models.Model | None:
    """One record of this request; None when it is not there."""
    return next((each for each in rows_of(case, record) if each.pk == row), None) if record in Record.values else None


# ── what is closed ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Closed:
    """One thing of a strictly confidential request that stands behind a button of its own; `what` is its address."""

    what: str
    label: str | Promise


def closed_fields(case: Case) -> list[str]:
    """The answers that a reader has to open one by one: the strict ones, and every confidential one once it is S."""
    shut = {Sensitivity.STRICT, *((Sensitivity.CONFIDENTIAL,) if case.sensitivity == Sensitivity.STRICT else ())}
    return [
        question.field
        for question in questions(case)
        if any(barrier.line_of(case, name).sensitivity in shut for name in question.stored)
    ]


def closed(case: Case) -> Iterator[Closed]:
    """Everything of the request itself that is closed, in the order of its page; records say so where they stand."""
    yield from (Closed(name, question_of(case, name).label) for name in closed_fields(case))
    if case.sensitivity == Sensitivity.STRICT:
        reasons: list[Any] = [*case.moves.all(), *case.extension_requests.all()]
        there = {
            "recommendation": case.drafts.all(),
            "decision": case.decisions.all(),
            "papers": case.extracts.all(),
            "reasons": [row for row in reasons if row.reason],
        }
        yield from (Closed(name, label) for name, label in PARTS.items() if there[name])


def is_named(user, case: Case, row: models.Model | None = None) -> bool:
    """May this person open it? The requester, OCHA at its stations and the national unit, the Humanitarian Coordinator;
    what is about security also the adviser who was asked; the country team while it is asked to agree. Being consulted
    otherwise, or seeing the country, is not enough."""
    if scope.has_perm(user, Perm.FILE_CASE, case) or handles(user, case):
        return True
    if case.forwarded_at and scope.has_perm(user, Perm.DECIDE_CASE, case):
        return True
    if consensus.is_asked(case) and case.consent_partners and consensus.seat_of(user, case):
        return True
    if isinstance(row, Opinion) and row.body in SECURITY_BODIES:
        return any(
            body in case.consulted_bodies() and case.country_id in scope.countries_for(user, perm)
            for body, perm in SECURITY.items()
        )
    return False
