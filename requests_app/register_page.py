"""What do the pages of the register of forces show: who is there, and what is a force rated, where and since when?"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cmcoord.places.models import Country
from contacts import keepers, register
from contacts.models import Force, ForceStatus
from contacts.services import why_not_answer

WIDTH = 1000
COLOURS = {"not_party": "green", "disputed": "amber", "party": "red", "in_combat": "red"}


@dataclass(frozen=True)
class Line:
    """One force of the list: its status in the country today and, where it differs, in single areas."""

    force: Force
    here: bool
    status: ForceStatus | None
    areas: tuple[ForceStatus, ...]
    waiting: int

    @property
    def colour(self) -> str:
        return COLOURS[self.status.status] if self.status else "grey"


def forces(user) -> list[tuple[Country, list[Line]]]:
    """The forces of each country whose register this person reads: those present first. Three queries."""
    codes = keepers.registers_of(user)
    rows = defaultdict(list)
    for row in ForceStatus.objects.standing().filter(force__country__in=codes):
        rows[row.force_id].append(row)
    found: dict[Country, list[Line]] = {country: [] for country in Country.objects.filter(pk__in=codes)}
    for force in Force.objects.filter(country__in=codes).select_related("country", "organisation"):
        found[force.country].append(_line(force, rows[force.pk]))
    return [
        (country, sorted(lines, key=lambda line: (not line.here, line.force.acronym)))
        for country, lines in found.items()
    ]


def _line(force: Force, rows: list[ForceStatus]) -> Line:
    today = force.country.today
    lanes = {row.lane for row in rows if row.lane}
    areas = filter(None, (register.present(rows, lane, today) for lane in lanes))
    return Line(
        force=force,
        here=force.present_on(today),
        status=register.present(rows, None, today),
        areas=tuple(sorted(areas, key=lambda row: str(row.area))),
        waiting=sum(row.is_pending for row in rows),
    )


@dataclass(frozen=True)
class Presence:
    """From when to when a force was there, and where that lies on a line of WIDTH from the first one to today."""

    force: Force
    here: bool
    x: int
    width: int


def presences(country: Country, lines: list[Line]) -> tuple[int, list[Presence]]:
    """The forces of a country in the order in which they came, and the year in which the line begins. No query."""
    today = country.today
    known = [line.force.active_from for line in lines if line.force.active_from]
    first = min([*known, today]).replace(month=1, day=1)
    length = max((today - first).days, 1)

    def place(day: dt.date) -> int:
        return round(WIDTH * (min(day, today) - first).days / length)

    found = []
    for line in sorted(lines, key=lambda each: (each.force.active_from or dt.date.min, each.force.acronym)):
        begun, gone = place(line.force.active_from or first), place(line.force.active_to or today)
        found.append(Presence(line.force, line.here, begun, max(gone - begun, 1)))
    return first.year, found


def timeline(force: Force, user) -> list[dict[str, Any]]:
    """Every row that was ever written about a force, the latest period first, with what became of it."""
    rows = list(
        force.statuses.select_related("area", "proposed_by", "answer__by", "corrects").order_by("-valid_from", "-id")
    )
    counting = [row for row in rows if row.is_pending or row.is_confirmed]
    corrected = {row.corrects_id for row in rows if row.is_confirmed}
    for row in rows:
        row.force = force
    return [
        {
            "row": row,
            "colour": COLOURS[row.status] if row in counting and row.pk not in corrected else "grey",
            "word": _word(row, corrected),
            "acts": row.pk not in corrected and (row == register.present(counting, row.lane, force.country.today)),
            "answers": row.is_pending and not why_not_answer(row, user),
            "may_correct": row in counting and row.pk not in {each.corrects_id for each in counting},
        }
        for row in rows
    ]


def _word(row: ForceStatus, corrected: set[int | None]) -> str:
    if row.pk in corrected:
        return _("corrected since")
    if row.answered:
        return str(row.answered.get_outcome_display())
    return _("acts, waits for confirmation") if row.stops else _("waits for confirmation")
