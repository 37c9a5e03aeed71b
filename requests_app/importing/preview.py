"""What would a spreadsheet of past requests bring? Every cell that cannot be read, every row that looks known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.places.columns import Heads, Wrong, heads_of
from cmcoord.places.models import Country
from cmcoord.ui.sheets import Line, lines_of
from requests_app.importing.columns import COLUMNS, Known
from requests_app.models import Case, ImportedCase

SHOWN = 100  # errors and duplicates on a page


@dataclass(frozen=True)
class Past:
    """One past request as the file tells it; `same_as` is a request that looks the same, `again` one taken over."""

    line: int
    values: dict[str, Any]
    same_as: str = ""
    again: bool = False


@dataclass(frozen=True)
class Preview:
    rows: list[Past] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)  # headings that no column bears

    @property
    def fresh(self) -> list[Past]:
        return [row for row in self.rows if not row.same_as and not row.again]

    @property
    def alike(self) -> list[Past]:
        return [row for row in self.rows if row.same_as and not row.again]

    @property
    def again(self) -> list[Past]:
        return [row for row in self.rows if row.again]


def preview(content: bytes, country: Country) -> Preview:
    """Read the whole file; saves nothing. Raises ValidationError when it is no such table."""
    head, *lines = lines_of(content)
    heads = heads_of(head, COLUMNS)
    known = Known(country)
    rows: list[Past] = []
    wrong: list[Wrong] = []
    for line in lines:
        values, problems = _read(line, heads, known)
        wrong += problems
        if not problems:
            rows.append(Past(line.number, values))
    return Preview(_compared(rows, country), wrong, heads.ignored)


def _read(line: Line, heads: Heads, known: Known) -> tuple[dict[str, Any], list[Wrong]]:
    values, wrong = heads.read(line, known)
    filed, ended = values.get("filed_on"), values.get("ended_on")
    if filed and ended and ended < filed:
        wrong.append(heads.wrong_at(line.number, "ended_on", ended, _("The end comes before the beginning.")))
    return values, wrong


def _compared(rows: list[Past], country: Country) -> list[Past]:
    """With what is there already: taken over before under the same reference, or alike in who, where and which day."""
    wanted = [row.values["original_reference"] for row in rows]
    taken = set(
        ImportedCase.objects.filter(case__country=country, original_reference__in=wanted).values_list(
            "original_reference", "case__organisation"
        )
    )
    there = _there(rows, country)
    found: list[Past] = []
    seen: dict[tuple, int] = {}
    for row in rows:
        named = (row.values["original_reference"], row.values["organisation"].pk)
        same = next((there[key] for key in _keys(row.values) if key in there), "")
        twice = seen.get(named)
        if twice is not None:
            same = _("row %(number)d of this file") % {"number": twice}
        seen.setdefault(named, row.line)
        found.append(Past(row.line, row.values, same, named in taken))
    return found


def _keys(values: dict[str, Any]) -> Iterable[tuple]:
    """Same organisation, same ends of the way, same day of filing or of departure."""
    where = (values["organisation"].pk, values["origin"].pk, values["destination"].pk)
    yield (*where, "filed", values["filed_on"])
    if "departure_on" in values:
        yield (*where, "left", values["departure_on"])


def _there(rows: list[Past], country: Country) -> dict[tuple, str]:
    if not rows:
        return {}
    days = [day for row in rows for day in (row.values["filed_on"], row.values.get("departure_on")) if day]
    start, end = min(days) - dt.timedelta(days=1), max(days) + dt.timedelta(days=2)
    within = Q(submitted_at__date__range=(start, end)) | Q(departure_at__date__range=(start, end))
    organisations = {row.values["organisation"].pk for row in rows}
    cases = Case.objects.filter(within, country=country, organisation__in=organisations, submitted_at__isnull=False)
    found: dict[tuple, str] = {}
    names = ("reference", "organisation", "origin", "destination", "submitted_at", "departure_at")
    for reference, organisation, origin, destination, filed, left in cases.order_by("pk").values_list(*names):
        where = (organisation, origin, destination)
        for what, moment in (("filed", filed), ("left", left)):
            if moment:
                found.setdefault((*where, what, moment.astimezone(country.zone).date()), reference)
    return found
