"""What stands on the page of an execution sheet? Read from the sheet and its rows, prepared for the template."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmcoord.activity.barrier import may_see
from cmcoord.ui.templatetags.ui import FORMATS, date_in_words, moment_in_words
from requests_app import classes, execution_sheet, workflow
from requests_app.models import Case, EscortRule, ExecutionSheet
from requests_app.questions import BY_FIELD, SHEET, SHEET_PARTS, Question, questions

PART_OF_NAMES = BY_FIELD["drivers"].step


def url_of(case: Case, question: Question) -> str:
    """Where one question of the sheet is answered."""
    anchor = question.field if question.field in execution_sheet.ROWS else f"div_id_{question.field}"
    return f"{part_url(case, question.step)}#{anchor}"


def part_url(case: Case, part: int) -> str:
    return reverse("requests:sheet_part", args=[case.reference, part])


def parts(case: Case, lacking: list[Question], *, here: int = 0) -> list[dict[str, Any]]:
    """The parts of the sheet, each with how it stands."""
    open_parts = {question.step for question in lacking}
    return [
        {
            "label": label,
            "url": part_url(case, part),
            "state": "now" if part == here else "next" if part in open_parts else "done",
        }
        for part, label in execution_sheet.parts_of(case).items()
    ]


def context(case: Case, user) -> dict[str, Any]:
    """The whole sheet for this reader: what is missing, every answer, and whether it may be written on."""
    sheet, lacking = execution_sheet.sheet_of(case), execution_sheet.missing(case)
    refused = workflow.refusal(case, "sheet", user)
    return {
        "case": case,
        "sheet": sheet,
        "zone": case.country.timezone,
        "writes": refused is None,
        "why_not": refused.sentence if refused and refused.kind == "state" else "",
        "lacking": [{"label": row.label, "url": url_of(case, row)} for row in lacking],
        "cards": [_card(case, sheet, part, lacking, user) for part in execution_sheet.parts_of(case)],
        "names": any(execution_sheet.rows_of(sheet, name) for name in execution_sheet.NAMES)
        and classes.is_named(user, case),
        "due_first": case.status in execution_sheet.AWAITED_IN,
        "two_vehicles": _few_vehicles(sheet),
    }


def _card(case: Case, sheet: ExecutionSheet, part: int, lacking: list[Question], user) -> dict[str, Any]:
    return {
        "label": SHEET_PARTS[part],
        "part": part,
        "url": part_url(case, part),
        "missing": sum(question.step == part for question in lacking),
        "facts": [
            {"label": question.label, "lines": lines}
            for question in questions(case, SHEET, part)
            if (lines := _lines(case, sheet, question, user))
        ],
    }


def _lines(case: Case, sheet: ExecutionSheet, question: Question, user) -> list[str]:
    """One answer in lines; of names only how many there are."""
    name = question.field
    if name in execution_sheet.NAMES:
        return _names(sheet, name)
    if name in execution_sheet.ROWS:
        return [in_words(row) for row in execution_sheet.rows_of(sheet, name)]
    if sheet.pk is None or not may_see(user, sheet, name):
        return []
    return value_of(sheet, name).splitlines()


def _names(sheet: ExecutionSheet, name: str) -> list[str]:
    count = len(execution_sheet.rows_of(sheet, name))
    if not count:
        return []
    return [ngettext("%(count)d name", "%(count)d names", count) % {"count": count}]


def value_of(sheet: ExecutionSheet, name: str) -> str:
    """A single answer in words, "" where there is none."""
    value = getattr(sheet, name)
    if name == "escort_rules":
        return "\n".join(str(EscortRule(code).label) for code in value)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    column = ExecutionSheet._meta.get_field(name)
    if column.choices:
        return str(getattr(sheet, f"get_{name}_display")())
    if isinstance(column, models.DateTimeField):
        return moment_in_words(value, "long")
    if isinstance(column, models.DateField):
        return date_in_words(value, FORMATS["date"])
    return number_format(value, force_grouping=True) if isinstance(value, int) else str(value)


def in_words(row: Any) -> str:
    """One row of a sheet as a line of text, in the language and the time of the reader."""
    return " · ".join(part for part in _PARTS[type(row).__name__](row) if part)


def _vehicle(row) -> list[str]:
    moss = _("MOSS") if row.moss else ""
    tracker = _("tracker") if row.tracker else ""
    return [str(row.get_kind_display()), row.plate, row.owner, row.marking, row.radio, moss, tracker]


def _stop(row) -> list[str]:
    hours = [moment_in_words(moment, "short") for moment in (row.arrives_at, row.leaves_at) if moment]
    return [str(row), " – ".join(hours), _("overnight stop") if row.overnight else ""]


def _staff(row) -> list[str]:
    people = ngettext("%(count)d person", "%(count)d people", row.count) % {"count": row.count}
    return [row.organisation, people, row.function]


def _goods(row) -> list[str]:
    def measured(value, unit: str) -> str:
        return f"{number_format(value, force_grouping=True)} {unit}" if value else ""

    return [
        row.description,
        row.packaging,
        measured(row.pieces, _("pieces")),
        measured(row.weight_kg, "kg"),
        measured(row.volume_m3, "m³"),
        f"UN {row.un_number}" if row.un_number else "",
        str(row.get_temperature_display()) if row.temperature else "",
        measured(row.value_usd, "USD"),
    ]


def person_in_words(row) -> str:
    """A name with what stands beside it, for those who may read it."""
    return " · ".join(part for part in (row.name, row.organisation, row.id_number, row.telephone) if part)


def names_in_words(sheet: ExecutionSheet) -> str:
    """Every name on the sheet, under its heading; "" where there is none."""
    found = {name: execution_sheet.rows_of(sheet, name) for name in execution_sheet.NAMES}
    lines = [
        "\n".join([str(BY_FIELD[name].label), *map(person_in_words, rows)]) for name, rows in found.items() if rows
    ]
    return "\n\n".join(lines)


_PARTS = {"SheetVehicle": _vehicle, "SheetStop": _stop, "SheetStaff": _staff, "CargoLine": _goods}


def _few_vehicles(sheet: ExecutionSheet) -> bool:
    """Practice in the Central African Republic: two vehicles that meet the MOSS, two people each (domain.md §3.2)."""
    rows = execution_sheet.rows_of(sheet, "convoy_vehicles")
    return bool(rows) and sum(row.moss for row in rows) < 2


def line_of_case(case: Case) -> dict[str, Any] | None:
    """How the sheet stands, for the page of the request; None as long as nobody needs it."""
    sheet = execution_sheet.sheet_of(case)
    if sheet.pk is None and case.status not in execution_sheet.AWAITED_IN:
        return None
    return {
        "sheet": sheet,
        "url": reverse("requests:sheet", args=[case.reference]),
        "changed": sheet.changed_since_sent,
    }
