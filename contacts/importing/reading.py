"""What does each row of a list of contacts say, cell by cell? Reads only; compares with nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.places.columns import Heads, Wrong, heads_of
from cmcoord.places.models import Country, folded
from cmcoord.ui.sheets import LONG, Limits, Line, lines_in, no_rows, too_many
from contacts import keepers
from contacts.importing.columns import COLUMNS, Known
from contacts.importing.numbers import MOST, NumberRead
from contacts.models import Capacity, CmcoordRole, ContactList, Post

MOST_ADDRESSES = 3
REACHED_BY = ("telephones", "telephone_2", "satellite", "office")
NAMES = ("name", "given_name", "duty_telephone", "mailbox", *REACHED_BY, "whatsapp")


@dataclass
class Row:
    """One row: what it says as it is kept between the preview and the yes, and the cells that are wrong.

    `values` holds plain texts, numbers and lists: organisation and station are keys, days as 2026-11-14.
    """

    number: int
    values: dict[str, Any]
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def who(self) -> str:
        """The same for rows about the same person; "" of a post alone."""
        values = self.values
        if not values.get("name"):
            return ""
        told = f"{folded(values['name'])}|{values.get('organisation')}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    @property
    def reach(self) -> set[str]:
        return {one["number"] for one in self.values.get("telephones", [])} | set(self.values.get("emails", []))

    @property
    def post(self) -> tuple[int, int, str]:
        return (self.values["organisation"], self.values["station"], self.values["function"])

    @property
    def days(self) -> tuple[str, str]:
        return (self.values["starts"], self.values["ends"] or "9999-12-31")


class Reader:
    """Reads the rows of one list, with what its sender said for cells that stand in no column."""

    def __init__(self, kept: ContactList, *, limits: Limits = LONG):
        self.kept, self.limits = kept, limits
        self.known = Known(kept.country)
        self.today = kept.country.today.isoformat()
        self._permitted: dict[tuple[int, int], bool] = {}

    def lines(self, content: bytes) -> tuple[Heads, Iterator[Line]]:
        """The headings, and the rows under them as they are read. Raises ValidationError."""
        found = lines_in(content, self.limits)
        head = next(found, None)
        if head is None:
            raise no_rows()
        given = {"station": self.kept.station_id, "organisation": self.kept.organisation_id}
        heads = heads_of(
            head, [replace(column, required=False) if given.get(column.field) else column for column in COLUMNS]
        )
        there = {column.field for column in heads.places.values()}
        if not there & set(NAMES) or not ({"function", "roles"} & there or self.kept.role):
            wanted = [
                column for column in COLUMNS if column.field in ("name", "function") and column.field not in there
            ]
            raise ValidationError(
                _("These columns are missing: %(headings)s. Take the template.")
                % {"headings": ", ".join(str(column.heading) for column in wanted)}
            )
        return heads, self._counted(found)

    def _counted(self, lines: Iterator[Line]) -> Iterator[Line]:
        count = 0
        for count, line in enumerate(lines, start=1):
            if count > self.limits.rows:
                raise too_many(self.limits)
            yield line
        if not count:
            raise no_rows()

    def row(self, line: Line, heads: Heads) -> Row:
        """What one row says. A row with a wrong cell brings nothing."""
        read, wrong = heads.read(line, self.known)
        values: dict[str, Any] = {}

        def say(name: str, sentence: str) -> None:
            place = heads.place_of(name)
            cell = line.cells[place] if place is not None and place < len(line.cells) else ""
            wrong.append(heads.wrong_at(line.number, name, cell, sentence))

        values["organisation"] = read["organisation"].pk if "organisation" in read else self.kept.organisation_id
        values["station"] = read["station"].pk if "station" in read else self.kept.station_id
        values["name"] = " ".join(part for part in (read.get("given_name", ""), read.get("name", "")) if part)[:120]
        values["roles"] = [str(role) for role in read.get("roles", [])] or ([self.kept.role] if self.kept.role else [])
        label = str(CmcoordRole(values["roles"][0]).label) if values["roles"] else ""
        values["function"] = read.get("function") or label[:1].upper() + label[1:]
        if not values["function"] and not wrong:
            say("function", _("This cell is empty."))
        values["capacity"] = str(read.get("capacity", Capacity.HOLDER))
        values["emails"] = read.get("emails", [])
        values["languages"] = [str(code) for code in read.get("languages", [])]
        values["covers"] = sorted({station.pk for station in read.get("covers", [])} - {values["station"]})
        values["mailbox"], values["remark"] = read.get("mailbox", ""), read.get("remark", "")
        values["duty_telephone"] = read.get("duty_telephone", "")
        values["telephones"] = _telephones(read)
        values["starts"] = read["starts"].isoformat() if "starts" in read else self.today
        values["ends"] = read["ends"].isoformat() if "ends" in read else ""
        for name, most, sentence in (
            ("telephones", MOST, _("At most %(count)d telephones.")),
            ("emails", MOST_ADDRESSES, _("At most %(count)d e-mail addresses.")),
        ):
            if len(values[name]) > most:
                say(name, sentence % {"count": most})
        if not values["name"]:
            _of_the_post(values)
        elif values["ends"] and values["ends"] < max(values["starts"], self.today):
            over = values["ends"] < self.today
            say("ends", _("This time in the post is over.") if over else _("The end comes before the beginning."))
        if not wrong and not self._may_keep(values):
            say("organisation", keepers.not_yours())
        return Row(line.number, values, wrong)

    def _may_keep(self, values: dict[str, Any]) -> bool:
        key = (values["organisation"], values["station"])
        if key not in self._permitted:
            organisations = {row.pk: row for row in self.known.organisations.values()}
            stations = {row.pk: row for row in self.known.stations.values()}
            self._permitted[key] = may_keep_there(
                self.kept.by, self.kept.country, organisations.get(key[0]), stations.get(key[1])
            )
        return self._permitted[key]


def may_keep_there(by: User, country: Country, organisation, station) -> bool:
    """May this person keep posts of this organisation at this station?"""
    if organisation is None or station is None:
        return False
    return keepers.may_keep(by, Post(organisation=organisation, country=country, station=station, created_by=by))


def _telephones(read: dict[str, Any]) -> list[dict[str, Any]]:
    """Every number of the row once; what a column of its own says about them stands beside each."""
    whatsapp = read.get("whatsapp", [])
    found: dict[str, NumberRead] = {}
    for name in REACHED_BY:
        found |= {one.number: one for one in read.get(name, []) if one.number not in found}
    if isinstance(whatsapp, list):
        found |= {one.number: one for one in whatsapp}
    rows = [
        {
            "number": one.number,
            "kind": str(one.kind),
            "day_and_night": one.day_and_night,
            "whatsapp": one.whatsapp or whatsapp is True,
        }
        for one in found.values()
    ]
    if read.get("day_and_night") and rows:
        rows[0]["day_and_night"] = True
    return rows


def _of_the_post(values: dict[str, Any]) -> None:
    """A row without a name is about the post alone: its first number is the duty telephone, its address the mailbox."""
    numbers, emails = values["telephones"], values["emails"]
    values["duty_telephone"] = values["duty_telephone"] or (numbers[0]["number"] if numbers else "")
    values["mailbox"] = values["mailbox"] or (emails[0] if emails else "")
    values["telephones"], values["emails"], values["ends"] = [], [], ""


def day_of(text: str) -> dt.date | None:
    """A kept day; "" is none."""
    return dt.date.fromisoformat(text) if text else None
