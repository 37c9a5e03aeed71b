"""The directory as a table to take away: which columns, and how is each read? It can be taken over again as it is.

Names, telephones and addresses come only where the reader reads them and asked for them; source and remark only inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.entries import Entry, Number
from contacts.models import Capacity, Language, Telephone

Column = tuple[str | Promise, Callable[[Entry], object]]


def _number(one: Number) -> str:
    """+8821612345678 (satellite, day and night, WhatsApp)."""
    marks = [str(Telephone.Kind(one.kind).label)] if one.kind != Telephone.Kind.MOBILE else []
    marks += [str(_("day and night"))] * one.day_and_night + ["WhatsApp"] * one.whatsapp
    return f"{one.number} ({', '.join(marks)})" if marks else one.number


def _capacity(one: Entry) -> str:
    return str(Capacity(one.capacity).label) if one.held else ""


OPEN: tuple[Column, ...] = (
    (_("Function"), lambda one: one.function),
    (_("Organisation"), lambda one: one.organisation),
    (_("Duty station"), lambda one: one.station),
    (_("Covers"), lambda one: "; ".join(one.covers)),
    (_("Roles"), lambda one: "; ".join(one.role_words)),
    (_("Mailbox"), lambda one: one.mailbox),
    (_("Duty telephone"), lambda one: one.duty_telephone),
    (_("From"), lambda one: one.starts),
    (_("Until"), lambda one: one.ends),
)
CONFIDENTIAL: tuple[Column, ...] = (
    (_("Name"), lambda one: one.name),
    (_("Telephones"), lambda one: "; ".join(_number(number) for number in one.telephones)),
    (_("E-mail"), lambda one: "; ".join(one.addresses)),
    (_("Languages"), lambda one: "; ".join(str(Language(code).label) for code in one.languages)),
    (_("Capacity"), _capacity),
)
INSIDE: tuple[Column, ...] = (
    (_("Confirmed"), lambda one: one.confirmed_at and one.confirmed_at.date()),
    (_("Source"), lambda one: one.source),
    (_("Remark"), lambda one: one.remark),
)


def columns(*, confidential: bool, inside: bool) -> list[tuple[str, Callable[[Entry], object]]]:
    """The columns of one file, with their headings in the reader's language."""
    chosen = (*(CONFIDENTIAL[:1] if confidential else ()), *OPEN, *(CONFIDENTIAL[1:] if confidential else ()))
    return [(str(heading), read) for heading, read in (*chosen, *(INSIDE if inside else ()))]


def without_people(entry: Entry) -> Entry:
    """The same line as a function alone."""
    return replace(entry, person=None, name="", languages=(), telephones=(), addresses=())
