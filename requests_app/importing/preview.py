"""What would a spreadsheet of past requests bring? Every cell that cannot be read, every row that looks known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.places.models import Country
from requests_app.importing.columns import COLUMNS, Column, Known, Unreadable, plain
from requests_app.importing.sheets import Line, cell_name, lines_of
from requests_app.models import Case, ImportedCase

SHOWN = 100  # errors and duplicates on a page


@dataclass(frozen=True)
class Wrong:
    """One cell that cannot be taken over."""

    cell: str
    heading: str
    text: str
    sentence: str


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
    places, ignored = _headings(head)
    known = Known(country)
    rows: list[Past] = []
    wrong: list[Wrong] = []
    for line in lines:
        values, problems = _read(line, places, known)
        wrong += problems
        if not problems:
            rows.append(Past(line.number, values))
    return Preview(_compared(rows, country), wrong, ignored)


def _headings(head: Line) -> tuple[dict[int, Column], list[str]]:
    """In which column stands what. A heading twice, or a missing one, ends it."""
    by_name = {name: column for column in reversed(COLUMNS) for name in column.names()}
    places: dict[int, Column] = {}
    ignored = []
    for place, cell in enumerate(head.cells):
        column = by_name.get(plain(cell))
        if column is None:
            if plain(cell):
                ignored.append(str(cell)[:60])
            continue
        if column in places.values():
            raise ValidationError(_("The column “%(heading)s” stands twice.") % {"heading": column.heading})
        places[place] = column
    missing = [str(column.heading) for column in COLUMNS if column.required and column not in places.values()]
    if missing:
        raise ValidationError(
            _("These columns are missing: %(headings)s. Take the template.") % {"headings": ", ".join(missing)}
        )
    return places, ignored


def _read(line: Line, places: dict[int, Column], known: Known) -> tuple[dict[str, Any], list[Wrong]]:
    values: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for place, column in places.items():
        cell = line.cells[place] if place < len(line.cells) else ""
        sentence = ""
        if cell == "" or cell is None:
            sentence = _("This cell is empty.") if column.required else ""
        else:
            try:
                values[column.field] = column.value(cell, known)
            except Unreadable as problem:
                sentence = str(problem)
        if sentence:
            wrong.append(Wrong(cell_name(line.number, place), str(column.heading), str(cell or "")[:60], sentence))
    filed, ended = values.get("filed_on"), values.get("ended_on")
    if filed and ended and ended < filed:
        place = next(place for place, column in places.items() if column.field == "ended_on")
        sentence = _("The end comes before the beginning.")
        wrong.append(Wrong(cell_name(line.number, place), str(places[place].heading), str(ended), sentence))
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
