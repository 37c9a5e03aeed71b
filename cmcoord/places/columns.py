"""Which columns has a spreadsheet, how may their headings be written, and what is each cell read as?

What every list that is taken over shares: past requests, the directory.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cmcoord.places.models import folded
from cmcoord.ui.sheets import Line, cell_name

DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+\d{1,2}:\d\d(?::\d\d)?)?")
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+\d{1,2}:\d\d(?::\d\d)?)?")
EARLIEST = dt.date(1990, 1, 1)
SHORTENED = 60  # of a cell that is quoted


def plain(text: object) -> str:
    """Without accents, capitals and what separates words."""
    return " ".join(re.findall(r"\w+", folded(str(text or ""))))


class Unreadable(Exception):
    """A cell that is not what its column holds; the text is a sentence."""


@dataclass(frozen=True)
class Wrong:
    """One cell that cannot be taken over."""

    cell: str
    heading: str
    text: str
    sentence: str


def as_text(cell: object, known: Any) -> str:
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def as_day(cell: object, known: Any) -> dt.date:
    """A day as people write it."""
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if not isinstance(cell, dt.date):
        text = str(cell).strip()
        try:
            if found := YEAR_FIRST.fullmatch(text):
                cell = dt.date(*(int(part) for part in found.groups()))
            elif found := DAY_FIRST.fullmatch(text):
                day, month, year = (int(part) for part in found.groups())
                cell = dt.date(year, month, day)
            else:
                raise ValueError
        except ValueError:
            raise Unreadable(_("Write a date, for example 2026-11-14 or 14/11/2026.")) from None
    return cell


def as_past_day(cell: object, known: Any) -> dt.date:
    """A day that has come, in the country of the list."""
    day = as_day(cell, known)
    if not EARLIEST <= day <= known.country.today:
        raise Unreadable(_("This day is too long ago, or lies in the future."))
    return day


def as_number(cell: object, known: Any) -> int:
    digits = re.sub(r"[\s'’\u202f\u00a0]", "", str(cell))
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12 or not 0 < int(digits) <= 10_000_000:
        raise Unreadable(_("Write a whole number, for example 4200."))
    return int(digits)


def one_of(rows: str, sentence: Promise) -> Callable[[object, Any], Any]:
    """What the attribute `rows` of the known names so."""

    def read(cell: object, known: Any) -> Any:
        found = getattr(known, rows).get(plain(cell))
        if found is None:
            raise Unreadable(str(sentence) % {"text": str(cell)[:SHORTENED]})
        return found

    return read


def coded(choices: type, allowed: tuple[str, ...], synonyms: Mapping[str, str]) -> Callable[[object, Any], str]:
    """A code of these choices by its label in either language, or by one of its synonyms, parted by commas."""

    @cache
    def codes() -> dict[str, str]:
        found: dict[str, str] = {}
        for code in reversed(allowed):
            names = {plain(code), *(plain(word) for word in synonyms.get(code, "").split(","))}
            for language in ("en", "fr"):
                with translation.override(language):
                    names.add(plain(choices(code).label))
            found |= dict.fromkeys(names - {""}, code)
        return found

    def read(cell: object, known: Any) -> str:
        code = codes().get(plain(cell))
        if code is None:
            labels = ", ".join(str(choices(code).label) for code in allowed)
            raise Unreadable(_("Write one of: %(words)s.") % {"words": labels})
        return code

    return read


@dataclass(frozen=True)
class Column:
    """One column: its heading in the reader's language, what else it may be called, and how its cells are read."""

    field: str
    heading: str | Promise
    read: Callable[[object, Any], Any] = as_text
    also: tuple[str, ...] = ()
    required: bool = False
    longest: int = 0

    def names(self) -> set[str]:
        found = {plain(self.field), *(plain(name) for name in self.also)}
        for language in ("en", "fr"):
            with translation.override(language):
                found.add(plain(self.heading))
        return found

    def value(self, cell: object, known: Any) -> Any:
        """What the cell says; raises Unreadable."""
        found = self.read(cell, known)
        if self.longest and len(found) > self.longest:
            raise Unreadable(_("Please shorten this: at most %(count)d characters.") % {"count": self.longest})
        return found


@dataclass(frozen=True)
class Heads:
    """In which place of a row stands which column, and the headings that no column bears."""

    places: dict[int, Column]
    ignored: list[str]

    def place_of(self, field: str) -> int | None:
        return next((place for place, column in self.places.items() if column.field == field), None)

    def wrong_at(self, number: int, field: str, cell: object, sentence: str) -> Wrong:
        """At the cell of this column in row `number`; of a column that the list has not, at the first one."""
        place = self.place_of(field)
        place = next(iter(self.places)) if place is None else place
        heading = str(self.places[place].heading)
        return Wrong(cell_name(number, place), heading, str(cell or "")[:SHORTENED], sentence)

    def read(self, line: Line, known: Any) -> tuple[dict[str, Any], list[Wrong]]:
        """The values of a row by column, and the cells that cannot be read."""
        values: dict[str, Any] = {}
        wrong: list[Wrong] = []
        for place, column in self.places.items():
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
                wrong.append(self.wrong_at(line.number, column.field, cell, sentence))
        return values, wrong


def heads_of(head: Line, columns: Sequence[Column]) -> Heads:
    """Recognise the headings. A heading twice, or a missing one that is required, raises ValidationError."""
    by_name = {name: column for column in reversed(columns) for name in column.names()}
    places: dict[int, Column] = {}
    ignored = []
    for place, cell in enumerate(head.cells):
        column = by_name.get(plain(cell))
        if column is None:
            if plain(cell):
                ignored.append(str(cell)[:SHORTENED])
            continue
        if column in places.values():
            raise ValidationError(_("The column “%(heading)s” stands twice.") % {"heading": column.heading})
        places[place] = column
    there = {column.field for column in places.values()}
    missing = [str(column.heading) for column in columns if column.required and column.field not in there]
    if missing:
        raise ValidationError(
            _("These columns are missing: %(headings)s. Take the template.") % {"headings": ", ".join(missing)}
        )
    return Heads(places, ignored)
