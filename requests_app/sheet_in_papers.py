"""What of the execution sheet goes to the force with the schedule, and in which words? Frozen in its language.

Names are no part of a paper: it says how many there are, and holds a salted digest of them. The names themselves stand
beside it until they are destroyed (domain.md §4.5).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from requests_app import execution_sheet, sheet_page
from requests_app.models import Case, ExecutionSheet, ReleasedNames
from requests_app.papers import zulu

TEXTS = ("comms_plan", "casevac_plan", "handling")  # OCHA releases these, in the language of the force
AS_TYPED = ("convoy_name", "vehicle_list", "staff", "stops", "cargo_lines", "focal_point", "alternate", "consignee")
AS_THEY_ARE = ("convoy_name", "return_leg", "cost_arrangement", "escort_rules")
ROWS = {"vehicle_list": "convoy_vehicles", "staff": "staff", "stops": "stops", "cargo_lines": "cargo_lines"}
CALLED = {
    "focal_point": ("focal_point", "focal_telephone"),
    "alternate": ("alternate", "alternate_telephone"),
    "consignee": ("consignee", "consignee_telephone"),
}


def content(case: Case, *, language: str, texts: dict[str, str]) -> tuple[dict[str, Any], list[ReleasedNames]]:
    """The facts of the sheet for a paper, and the names that stand beside it, unsaved."""
    sheet = execution_sheet.sheet_of(case)
    with translation.override(language), timezone.override(case.country.zone):
        found: dict[str, Any] = {name: getattr(sheet, name) for name in AS_THEY_ARE}
        found |= {name: [_line(row, case) for row in execution_sheet.rows_of(sheet, of)] for name, of in ROWS.items()}
    found |= {name: ", ".join(filter(None, (getattr(sheet, one) for one in pair))) for name, pair in CALLED.items()}
    found |= {
        "arrival_at": sheet.arrives_at.isoformat() if sheet.arrives_at else "",
        "alternative_axis": str(sheet.alternative_axis or ""),
        "escort_distance": sheet.escort_distance,
        **texts,
    }
    names = [_names(sheet, name) for name in execution_sheet.NAMES if execution_sheet.rows_of(sheet, name)]
    found |= {row.field: {"count": len(row.text.splitlines()), "digest": digest(row)} for row in names}
    return {name: value for name, value in found.items() if value not in (None, "", [])}, names


def typed(case: Case, language: str) -> dict[str, list[str]]:
    """The words of the requester that go as they stand, in lines, once OCHA has read and released them."""
    found, _names_beside = content(case, language=language, texts={})
    rows = ((name, found[name]) for name in AS_TYPED if name in found)
    return {name: value if isinstance(value, list) else [value] for name, value in rows}


def originals(case: Case) -> dict[str, str]:
    """The texts as the requester wrote them."""
    sheet = execution_sheet.sheet_of(case)
    return {name: getattr(sheet, name) for name in TEXTS if getattr(sheet, name)}


def _line(row: Any, case: Case) -> str:
    hours = [getattr(row, name, None) for name in ("arrives_at", "leaves_at")]
    groups = [zulu(moment) for moment in hours if isinstance(moment, datetime)]
    return " · ".join([sheet_page.in_words(row), *([" – ".join(groups)] if groups else [])])


def _names(sheet: ExecutionSheet, name: str) -> ReleasedNames:
    lines = [sheet_page.person_in_words(row) for row in execution_sheet.rows_of(sheet, name)]
    return ReleasedNames(field=name, text="\n".join(lines), salt=secrets.token_hex(16))


def digest(row: ReleasedNames) -> str:
    """What a paper holds in place of names: nobody finds them again without the salt."""
    return hashlib.sha256(f"{row.salt}{row.text}".encode()).hexdigest()
