"""How is a request read for a paper? Each fact passes the audience table for the person who asks for the paper.

What is strictly confidential stands on no paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation
from cmcoord.activity.barrier import Sensitivity, highest, line_of, may_see
from cmcoord.ui.papers import Section
from cmcoord.ui.templatetags.ui import date_in_words
from requests_app import classes, execution_sheet, papers, sheet_page, transmission
from requests_app.models import Case, Decision, DecisionOutcome, ExecutionSheet
from requests_app.transmission import KEYS

Pieces = dict[str, Any]  # rows, words and items of a Section


@dataclass
class Reading:
    """One request as it is read for one paper, by one person; `classes` collects how sensitive what it tells is.

    `user` None is the portal itself: it compares a paper with what it would say now.
    """

    case: Case
    user: Any
    on_road: bool = False  # both times are printed: the leader speaks with a force
    classes: set[str] = field(default_factory=set)

    @cached_property
    def decisions(self) -> list[Decision]:
        return list(self.case.decisions.all())

    @cached_property
    def decision(self) -> Decision | None:
        """The newest decision that changes what holds: a refused extension leaves the approval as it was."""
        changing = [row for row in self.decisions if not is_refused_extension(row)]
        return changing[-1] if changing else None

    @cached_property
    def sheet(self) -> ExecutionSheet | None:
        """The execution sheet, once somebody has begun it."""
        found = execution_sheet.sheet_of(self.case)
        return found if found.pk else None

    def rows(self, name: str, column: str) -> list[str]:
        """The rows of the execution sheet that answer one question, in words; none that this person may not read."""
        found = execution_sheet.rows_of(self.sheet, name) if self.sheet else []
        return [sheet_page.in_words(row) for row in found if self.told(row, column) is not None]

    @cached_property
    def schedule(self) -> papers.Known | None:
        """What the force that has the case was told, paper by paper."""
        request = transmission.addressed(self.case)
        if request is None or not self.told(request, "content"):
            return None
        same = (request.organisation_id, request.force_reference)
        found = [row for row in self.case.extracts.all() if (row.organisation_id, row.force_reference) == same]
        return papers.Known(found)

    def told(self, row: Any, name: str) -> Any:
        """A field as this person reads it; None when its line keeps it from them or it is strictly confidential."""
        line = line_of(row, name)
        if line.sensitivity == Sensitivity.STRICT or not (self.user is None or may_see(self.user, row, name)):
            return None
        self.classes.add(line.sensitivity)
        return getattr(row, name)

    def open(self, rows: Iterable[Any]) -> Iterator[Any]:
        """Those that are not closed."""
        return (row for row in rows if not classes.is_closed(self.case, row))

    def label(self) -> Sensitivity:
        """The class of everything that was told."""
        return highest([self.case.sensitivity, *self.classes])

    def moment(self, at: datetime | None) -> str:
        if at is None:
            return ""
        local = date_in_words(timezone.localtime(at, self.case.country.zone), "j F Y, H:i")
        return f"{local} ({papers.zulu(at)})" if self.on_road else local

    def value(self, row: Any, name: str) -> str:
        """A field in the words of the paper, "" where there is nothing to print."""
        found = self.told(row, name)
        display = getattr(row, f"get_{name}_display", None)
        return self.words(display() if display and found is not None else found)

    def words(self, found: Any) -> str:
        if found is None or found == "":
            return ""
        if isinstance(found, bool):
            return _("Yes") if found else _("No")
        if isinstance(found, datetime):
            return self.moment(found)
        if isinstance(found, date):
            return date_in_words(found, "j F Y")
        if isinstance(found, Organisation):
            return f"{found.name} ({found.acronym})"
        if isinstance(found, list):
            return "; ".join(map(str, found))
        return str(found)


def is_refused_extension(row: Decision) -> bool:
    return row.kind == Decision.Kind.EXTENSION and row.outcome == DecisionOutcome.DENIED


@dataclass(frozen=True)
class Fact:
    """One line of a paper: which row says it ("case", "decision", "sheet", "schedule") and in which field."""

    label: str | Promise
    row: str
    field: str

    def read(self, reading: Reading) -> str:
        if self.row == "schedule":
            sheet = reading.schedule
            return reading.words(papers.readable(KEYS[self.field], sheet.value(self.field))) if sheet else ""
        rows = {"case": reading.case, "decision": reading.decision, "sheet": reading.sheet}
        row = rows[self.row]
        return reading.value(row, self.field) if row else ""


@dataclass(frozen=True)
class Part:
    """One section: its facts, and what needs more than a line."""

    heading: str | Promise | Callable[[Reading], str]
    facts: tuple[Fact, ...] = ()
    more: Callable[[Reading], Pieces] = lambda _reading: {}

    def section(self, reading: Reading) -> Section | None:
        rows = [(str(fact.label), fact.read(reading)) for fact in self.facts]
        pieces = self.more(reading)
        rows = [(label, value) for label, value in [*rows, *pieces.get("rows", ())] if value]
        words = tuple(each for each in pieces.get("words", ()) if each)
        items = tuple(each for each in pieces.get("items", ()) if each)
        heading = self.heading(reading) if callable(self.heading) else str(self.heading)
        return Section(heading, tuple(rows), words, items) if rows or words or items else None


def of_key(name: str, row: str) -> Fact:
    """A fact that has its label in the table of what may go to a force."""
    return Fact(KEYS[name].label, row, name)
