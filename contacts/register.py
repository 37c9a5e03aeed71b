"""May this force be named in these areas on these days? Pure over rows that were read once (domain.md §2.5 M6, §3.16).

Of the confirmed rows of one area the one that begins last counts; one without an end lasts until the next begins. A
row that stops acts as soon as it is proposed, and its end only once it is confirmed; one that does not stop acts once
it is confirmed. What is said of an area stands before what was said earlier of a larger one, so that a force may be
acceptable in one area and not in another; a later stop of the whole country reaches every area.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cmcoord.activity.statements import Statement
from cmcoord.places.models import AdminArea
from contacts.models import Force, ForceStatus

DAY = dt.timedelta(days=1)
Chain = tuple[int, ...]  # an area and those that it lies in, the nearest first; the country is not named


@dataclass(frozen=True)
class Map:
    """The areas of a country: each with the one that it lies in."""

    parents: dict[int, int | None]

    def chain(self, area: int) -> Chain:
        found = [area]
        while (parent := self.parents.get(found[-1])) and parent not in found:
            found.append(parent)
        return tuple(found)

    def chains(self, areas: Collection[int | None]) -> tuple[Chain, ...]:
        """The areas and all that lie within them. Nothing, or a place that is in no known area: all of the country."""
        if not areas or not set(areas) <= set(self.parents):
            areas = set(self.parents)
        wanted = set(areas)
        return tuple({chain for pk in self.parents if wanted & set(chain := self.chain(pk))}) or ((),)


_standing = Statement(lambda force: ForceStatus.objects.standing().filter(force=force), int)


def read(force: Force | int) -> list[ForceStatus]:
    """Every row of a force that counts or may come to count. One query."""
    key = force.pk if isinstance(force, Force) else force
    return list(_standing(key))


def read_map(country: str) -> Map:
    """One query; needed only where a row names an area."""
    return Map(dict(AdminArea.objects.current().filter(country=country).order_by().values_list("pk", "parent_id")))


def stop_in(rows: Sequence[ForceStatus], chains: Iterable[Chain], first: dt.date, last: dt.date) -> ForceStatus | None:
    """The row by which the force cannot be named in one of these places on one of these days, or None."""
    if not any(row.stops for row in rows):
        return None
    edges = {row.valid_from for row in rows} | {row.valid_to + DAY for row in rows if row.valid_to}
    days = [first, *sorted(day for day in edges if first < day <= last)]
    found = (stop_on(rows, chain, day) for day in days for chain in chains)
    return next(filter(None, found), None)


def stop_on(rows: Sequence[ForceStatus], chain: Chain, day: dt.date) -> ForceStatus | None:
    """The same for one place and one day."""
    lifted_at: dt.datetime | None = None  # when the last word that does not stop here was proposed
    for lane in (*chain, None):
        here = [row for row in rows if row.lane == lane]
        word = word_of(here, day)
        if word and not word.stops:
            lifted_at = max(filter(None, (lifted_at, word.proposed_at)))
        stops = [row for row in here if row.stops and row.is_pending and row.valid_from <= day]
        stops += [word] if word and word.stops else []
        standing = (row for row in stops if lifted_at is None or row.proposed_at > lifted_at)
        if found := next(standing, None):
            return found
    return None


def word_of(rows: Iterable[ForceStatus], day: dt.date) -> ForceStatus | None:
    """Of the rows of one area the confirmed one that counts on this day: the last to begin of those not corrected."""
    confirmed = [row for row in rows if row.is_confirmed]
    corrected = {row.corrects_id for row in confirmed}
    found = [
        row
        for row in confirmed
        if row.pk not in corrected and row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
    ]
    return max(found, key=lambda row: (row.valid_from, row.proposed_at), default=None)


def present(rows: Sequence[ForceStatus], lane: int | None, day: dt.date) -> ForceStatus | None:
    """What a page shows as the status in one area (None: the country) on a day: a stop, else the confirmed word."""
    here = [row for row in rows if row.lane == lane]
    return stop_on(here, (lane,) if lane else (), day) or word_of(here, day)


def overlapping(rows: Iterable[ForceStatus], new: ForceStatus) -> ForceStatus | None:
    """The row of the same force and area whose period the new one would share. One that has no end gives way to a
    later one; the one that the new one corrects does so too."""
    corrected = {row.corrects_id for row in rows} | {new.corrects_id}
    for row in rows:
        if row.area_id != new.area_id or row.pk in corrected:
            continue
        earlier, later = (row, new) if row.valid_from < new.valid_from else (new, row)
        if row.valid_from == new.valid_from or (earlier.valid_to and earlier.valid_to >= later.valid_from):
            return row
        if earlier is new and new.valid_to is None:
            return row
    return None
