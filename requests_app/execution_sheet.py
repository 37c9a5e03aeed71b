"""What does the execution sheet of a request hold, and what does it still lack? Pure: reads rows, saves nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cmcoord.guidance.clauses import cited_in
from requests_app.deadlines import SHEET_IN
from requests_app.models import (
    CargoLine,
    Case,
    EscortRule,
    ExecutionSheet,
    SheetPerson,
    SheetStaff,
    SheetStop,
    SheetVehicle,
)
from requests_app.questions import SHEET, SHEET_PARTS, Question, questions

LISTED = 6  # missing answers that a sentence names; of further ones it says how many
POINTERS = ("alternative_axis",)
AWAITED_IN = SHEET_IN  # from the approval until it is scheduled


@dataclass(frozen=True)
class RowKind:
    """One question that is answered by rows: their model, its columns in order, and what is the same in all of them."""

    model: type[models.Model]
    relation: str
    columns: tuple[str, ...]
    fixed: dict[str, str] = field(default_factory=dict)
    most: int = 40


NAMED = ("name", "organisation", "id_number", "telephone")
ROWS: dict[str, RowKind] = {
    "stops": RowKind(SheetStop, "stops", ("place", "spot", "arrives_at", "leaves_at", "overnight")),
    "convoy_vehicles": RowKind(
        SheetVehicle, "convoy_vehicles", ("kind", "plate", "owner", "marking", "radio", "moss", "tracker"), most=100
    ),
    "staff": RowKind(SheetStaff, "staff", ("organisation", "function", "count")),
    "drivers": RowKind(SheetPerson, "named_people", NAMED, {"role": SheetPerson.Role.DRIVER}, most=100),
    "passengers": RowKind(SheetPerson, "named_people", NAMED, {"role": SheetPerson.Role.PASSENGER}, most=200),
    "cargo_lines": RowKind(
        CargoLine,
        "cargo_lines",
        ("description", "packaging", "pieces", "weight_kg", "volume_m3", "un_number", "temperature", "value_usd"),
    ),
}
NAMES = ("drivers", "passengers")  # strictly confidential, row by row


def sheet_of(case: Case) -> ExecutionSheet:
    """The sheet of this case; an empty one where nobody has begun it."""
    models.prefetch_related_objects([case], "sheet")
    return getattr(case, "sheet", None) or ExecutionSheet(case=case)


def parts_of(case: Case) -> dict[int, Any]:
    """The parts of the sheet that ask something of this request, with their names."""
    asked = {question.step for question in questions(case, SHEET)}
    return {part: label for part, label in SHEET_PARTS.items() if part in asked}


def rows_of(sheet: ExecutionSheet, name: str) -> list[Any]:
    """The rows that answer one question, read once for each reading of the sheet."""
    kind = ROWS[name]
    if sheet.pk is None:
        return []
    beside = ("stops__place",) if kind.relation == "stops" else (kind.relation,)
    models.prefetch_related_objects([sheet], *beside)
    rows = getattr(sheet, kind.relation).all()
    return [row for row in rows if all(getattr(row, key) == value for key, value in kind.fixed.items())]


def values_of(sheet: ExecutionSheet, name: str) -> list[dict[str, Any]]:
    """The same as values of a form."""
    return [{column: getattr(row, column) for column in ROWS[name].columns} for row in rows_of(sheet, name)]


def missing(case: Case, part: int | None = None) -> list[Question]:
    """The questions of the sheet (or of one part) that must be answered before the escort is scheduled, and are not."""
    sheet = sheet_of(case)
    return [question for question in questions(case, SHEET, part) if _lacks(case, sheet, question)]


def _lacks(case: Case, sheet: ExecutionSheet, question: Question) -> bool:
    name = question.field
    if name == "stops":
        return _stays_overnight(case, sheet) and not any(row.overnight for row in rows_of(sheet, name))
    if name == "drivers":
        return bool(sheet.names_needed) and not any(rows_of(sheet, each) for each in NAMES)
    if name == "escort_distance":
        return EscortRule.DISTANCE in sheet.escort_rules and sheet.escort_distance is None
    if not question.required:
        return False
    if name in ROWS:
        return not rows_of(sheet, name)
    return getattr(sheet, f"{name}_id" if name in POINTERS else name) in (None, "", [])


def _stays_overnight(case: Case, sheet: ExecutionSheet) -> bool:
    """Does the convoy arrive on a later day than it leaves?"""
    if not (sheet.leaves_at and sheet.arrives_at):
        return False
    zone = case.country.zone
    return timezone.localdate(sheet.arrives_at, zone) > timezone.localdate(sheet.leaves_at, zone)


def why_incomplete(case: Case) -> str:
    """ "" or the sentence that names what the sheet lacks, each with the clause for which it is asked."""
    lacking = missing(case)
    if not lacking:
        return ""
    named = []
    for row in lacking[:LISTED]:
        clause = cited_in(row.clause, case.country_id)
        named.append(f"{row.label} ({clause})" if clause else str(row.label))
    if len(lacking) > LISTED:
        named.append(_("%(count)d more") % {"count": len(lacking) - LISTED})
    listed = pgettext("between items", "; ").join(named)
    return _("The execution sheet is not complete: %(missing)s.") % {"missing": listed}


def is_awaited(case: Case) -> bool:
    """Does the sheet still wait for the requester, so that the escort can be scheduled?"""
    return case.status in AWAITED_IN and bool(parts_of(case)) and not sheet_of(case).is_complete


def departure_is_fixed(case: Case) -> bool:
    """From the schedule on the departure is that of the request: it is changed there, and the force is told."""
    return case.status in ("scheduled", "underway")
