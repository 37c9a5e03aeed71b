"""The directory as a table to take away: which columns, and how is each read? It can be taken over again as it is.

Names, telephones and addresses come only where the reader reads them and asked for them; source and remark only inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.entries import Entry, Number
from contacts.importing.columns import COLUMNS
from contacts.models import Capacity, Language, Telephone


def _number(one: Number) -> str:
    """+8821612345678 (satellite 24h WhatsApp), as the list of contacts is read again."""
    marks = [str(Telephone.Kind(one.kind).label)] if one.kind != Telephone.Kind.MOBILE else []
    marks += ["24h"] * one.day_and_night + ["WhatsApp"] * one.whatsapp
    return f"{one.number} ({' '.join(marks)})" if marks else one.number


def _capacity(one: Entry) -> str:
    return str(Capacity(one.capacity).label) if one.held else ""


def _several(words: Iterable[object]) -> str:
    return "; ".join(map(str, words))


# By the field of the column of a list that is taken over: the same headings, so that each file can be read again.
OPEN: dict[str, Callable[[Entry], object]] = {
    "station": lambda one: one.station,
    "organisation": lambda one: one.organisation,
    "function": lambda one: one.function,
    "roles": lambda one: _several(one.role_words),
    "covers": lambda one: _several(one.covers),
    "duty_telephone": lambda one: one.duty_telephone,
    "mailbox": lambda one: one.mailbox,
}
CONFIDENTIAL: dict[str, Callable[[Entry], object]] = {
    "name": lambda one: one.name,
    "capacity": _capacity,
    "telephones": lambda one: _several(_number(number) for number in one.telephones),
    "emails": lambda one: _several(one.addresses),
    "languages": lambda one: _several(Language(code).label for code in one.languages),
}
SINCE: dict[str, Callable[[Entry], object]] = {"starts": lambda one: one.starts, "ends": lambda one: one.ends}
INSIDE: dict[str, Callable[[Entry], object]] = {"remark": lambda one: one.remark}
ASIDE: tuple[tuple[str | Promise, Callable[[Entry], object]], ...] = (
    (_("Confirmed"), lambda one: one.confirmed_at and one.confirmed_at.date()),
    (_("Source"), lambda one: one.source),
)


def columns(*, confidential: bool, inside: bool) -> list[tuple[str, Callable[[Entry], object]]]:
    """The columns of one file, with their headings in the reader's language."""
    chosen = OPEN | (CONFIDENTIAL if confidential else {}) | SINCE | (INSIDE if inside else {})
    found = [(str(column.heading), chosen[column.field]) for column in COLUMNS if column.field in chosen]
    return [*found, *((str(heading), read) for heading, read in (ASIDE if inside else ()))]


def without_people(entry: Entry) -> Entry:
    """The same line as a function alone."""
    return replace(entry, person=None, name="", languages=(), telephones=(), addresses=())
