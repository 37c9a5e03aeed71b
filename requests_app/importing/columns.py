"""Which columns does the spreadsheet have, how may their headings be written, and what is each cell read as?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts.models import SIDE_OF_TYPE, Organisation
from cmcoord.places.models import Country, Place, folded
from contacts.models import Force
from requests_app.models import Case, Status, Urgency

# How a past request ended; the status labels of the portal are read too, in both languages.
OUTCOMES = ("closed", "denied", "unreceivable", "civilian", "withdrawn", "cancelled", "expired")
WORDS = {
    "closed": "done completed effectue effectuee realise realisee termine terminee execute executee faite",
    "denied": "refused rejected refuse refusee rejete rejetee",
    "civilian": "civil civile",
    "cancelled": "canceled annule annulee",
    "withdrawn": "retire retiree",
    "expired": "expire expiree perime perimee",
}
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+\d{1,2}:\d\d(?::\d\d)?)?")
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+\d{1,2}:\d\d(?::\d\d)?)?")
EARLIEST = dt.date(1990, 1, 1)


@dataclass
class Known:
    """What a cell may name in this country; read once for a file."""

    country: Country

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        found: dict[str, Organisation] = {}
        rows = Organisation.objects.filter(Q(countries=self.country) | Q(countries=None)).distinct()
        for row in rows.exclude(org_type__in=SIDE_OF_TYPE):
            found |= {plain(row.acronym): row, plain(row.name): row}
        return found

    @cached_property
    def places(self) -> dict[str, Place]:
        rows = Place.objects.filter(country=self.country).select_related("station").order_by("-pk")
        return {plain(row.name): row for row in rows}

    @cached_property
    def forces(self) -> dict[str, Force]:
        rows = Force.objects.filter(country=self.country).select_related("organisation").order_by("-pk")
        return {plain(name): row for row in rows for name in (row.name, row.acronym)}


def plain(text: object) -> str:
    """Without accents, capitals and what separates words."""
    return " ".join(re.findall(r"\w+", folded(str(text or ""))))


class Unreadable(Exception):
    """A cell that is not what its column holds; the text is a sentence."""


def _text(cell: object, known: Known) -> str:
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def _day(cell: object, known: Known) -> dt.date:
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
    if not EARLIEST <= cell <= known.country.today:
        raise Unreadable(_("This day is too long ago, or lies in the future."))
    return cell


def _number(cell: object, known: Known) -> int:
    digits = re.sub(r"[\s'’\u202f\u00a0]", "", str(cell))
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) <= 10_000_000:
        raise Unreadable(_("Write a whole number, for example 4200."))
    return int(digits)


def _few(cell: object, known: Known) -> int:
    number = _number(cell, known)
    if number > 100:
        raise Unreadable(_("Write a number from %(lowest)s to %(highest)s.") % {"lowest": 1, "highest": 100})
    return number


def _from(rows: str, sentence: Promise) -> Callable[[object, Known], Any]:
    def read(cell: object, known: Known) -> Any:
        found = getattr(known, rows).get(plain(cell))
        if found is None:
            raise Unreadable(str(sentence) % {"text": str(cell)[:60]})
        return found

    return read


def _coded(choices: type, allowed: tuple[str, ...], synonyms: dict[str, str]) -> Callable[[object, Known], str]:
    def read(cell: object, known: Known) -> str:
        wanted = plain(cell)
        for code in allowed:
            names = {plain(code), *(word for word in synonyms.get(code, "").split())}
            for language in ("en", "fr"):
                with translation.override(language):
                    names.add(plain(choices(code).label))
            if wanted in names:
                return code
        labels = ", ".join(str(choices(code).label) for code in allowed)
        raise Unreadable(_("Write one of: %(words)s.") % {"words": labels})

    return read


@dataclass(frozen=True)
class Column:
    """One column: its heading in the reader's language, what else it may be called, and how its cells are read."""

    field: str
    heading: str | Promise
    read: Callable[[object, Known], Any] = _text
    also: tuple[str, ...] = ()
    required: bool = False
    longest: int = 0

    def names(self) -> set[str]:
        found = {plain(self.field), *(plain(name) for name in self.also)}
        for language in ("en", "fr"):
            with translation.override(language):
                found.add(plain(self.heading))
        return found

    def value(self, cell: object, known: Known) -> Any:
        """What the cell says; raises Unreadable."""
        found = self.read(cell, known)
        if self.longest and len(found) > self.longest:
            raise Unreadable(_("Please shorten this: at most %(count)d characters.") % {"count": self.longest})
        return found


def _most(name: str) -> int:
    return Case._meta.get_field(name).max_length or 0


COLUMNS: tuple[Column, ...] = (
    Column("original_reference", gettext_lazy("Reference"), also=("ref", "no", "numero"), required=True, longest=60),
    Column("organisation", gettext_lazy("Requesting organisation"),
           _from("organisations", gettext_lazy("No such organisation in this country: %(text)s")),
           ("organisation", "organization", "agency", "ong", "org"), required=True),
    Column("filed_on", gettext_lazy("Filed on"), _day, ("date", "submitted", "depose le", "date de demande"),
           required=True),
    Column("origin", pgettext_lazy("place", "From"), _from("places", gettext_lazy("No such place: %(text)s")),
           ("origin", "origine"), required=True),
    Column("destination", pgettext_lazy("place", "To"), _from("places", gettext_lazy("No such place: %(text)s")),
           ("destination", "arrivee"), required=True),
    Column("departure_on", gettext_lazy("Departure"), _day, ("date of departure", "date de depart")),
    Column("urgency", gettext_lazy("Urgency"), _coded(Urgency, tuple(Urgency.values), {})),
    Column("people", gettext_lazy("People concerned"), _number, ("beneficiaries", "beneficiaires")),
    Column("vehicles", gettext_lazy("Vehicles"), _few, ("number of vehicles", "nombre de vehicules")),
    Column("need", gettext_lazy("Humanitarian need"), also=("need", "besoin", "purpose", "objet"),
           longest=_most("need")),
    Column("cargo", gettext_lazy("Cargo"), also=("chargement",), longest=_most("cargo")),
    Column("force", gettext_lazy("Force"), _from("forces", gettext_lazy("No such force in this country: %(text)s")),
           ("escort", "escorte", "provider")),
    Column("outcome", gettext_lazy("Result"), _coded(Status, OUTCOMES, WORDS), ("status", "statut", "decision",
           "outcome", "issue"), required=True),
    Column("ended_on", gettext_lazy("Ended on"), _day, ("closed on", "date of decision", "date de fin")),
)  # fmt: skip
