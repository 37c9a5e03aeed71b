"""How does an address book read the directory? One vCard for each line, in version 4.0 (RFC 6350) or 3.0 (RFC 2426).

What a card cannot say in a field of its own stands in its note, so that nothing is lost on the way.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from cmcoord.ui.words import cleaned, in_one_line
from contacts.entries import Entry, Number

VERSIONS = ("4.0", "3.0")
CONTENT_TYPE = "text/vcard; charset=utf-8"
LONGEST = 75  # bytes of a line, without its end
ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})
KINDS = {
    "mobile": ("cell", "voice"),
    "satellite": ("voice", "x-satellite"),
    "office": ("work", "voice"),
    "radio": ("voice", "x-radio"),
    "vsat": ("voice", "x-vsat"),
}


def cards(entries: Iterable[Entry], *, version: str, at: datetime) -> bytes:
    """The cards of these lines, each folded as the standards want it. `at` is when they were taken."""
    if version not in VERSIONS:
        raise ValueError(version)
    lines = (line for entry in entries for line in _card(entry, version, at))
    return b"".join(b"\r\n".join(_folded(line)) + b"\r\n" for line in lines)


def uid(entry: Entry) -> str:
    """The same for the same holder of the same post each time, so that an address book updates and never doubles."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{settings.PORTAL_URL}/{entry.post}/{entry.person or 0}')}"


def _card(entry: Entry, version: str, at: datetime) -> Iterator[str]:
    four = version == "4.0"
    name = entry.name or entry.function
    yield from ("BEGIN:VCARD", f"VERSION:{version}", "PRODID:-//CMCoord//Directory//EN", f"UID:{uid(entry)}")
    if four:
        yield f"KIND:{'individual' if entry.name else 'org'}"
    yield f"FN:{_value(name)}"
    yield f"N:{_value(name)};;;;"
    yield f"ORG:{_value(entry.organisation)}"
    yield f"TITLE:{_value(entry.function)}"
    if entry.role_words:
        yield f"ROLE:{_value(', '.join(entry.role_words))}"
    yield f"ADR;TYPE=work:;;;{_value(entry.station)};;;{_value(entry.country)}"
    yield from _telephones(entry, four)
    for place, address in enumerate(dict.fromkeys(filter(None, (*entry.addresses, entry.mailbox))), start=1):
        kinds = "TYPE=work" if four else "TYPE=INTERNET,WORK"
        pref = ";PREF=1" if four and place == 1 else ",PREF" if place == 1 else ""
        yield f"EMAIL;{kinds}{pref}:{_value(address)}"
    for place, language in enumerate(entry.languages, start=1):
        yield f"LANG;PREF={place}:{_value(language)}" if four else f"X-LANG;PREF={place}:{_value(language)}"
    yield "CATEGORIES:CMCoord"
    if not four:
        yield f"CLASS:{'CONFIDENTIAL' if entry.is_confidential else 'PUBLIC'}"
    if note := "\n".join(_note(entry)):
        yield f"NOTE:{_value(note)}"
    yield f"REV:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def _telephones(entry: Entry, four: bool) -> Iterator[str]:
    numbers = list(entry.telephones)
    if entry.duty_telephone and entry.duty_telephone not in {one.number for one in numbers}:
        numbers.insert(0, Number(entry.duty_telephone, "office", day_and_night=True))
    for place, one in enumerate(numbers, start=1):
        kinds = [*KINDS.get(one.kind, ("voice",))]
        kinds += ["x-day-and-night"] * one.day_and_night + ["x-whatsapp"] * one.whatsapp
        if four:
            pref = ";PREF=1" if place == 1 else ""
            yield f'TEL;VALUE=uri;TYPE="{",".join(kinds)}"{pref}:tel:{one.number}'
        else:
            yield f"TEL;TYPE={','.join((*kinds, 'pref') if place == 1 else kinds).upper()}:{one.number}"


def _note(entry: Entry) -> Iterator[str]:
    if entry.capacity == "alternate":
        yield _("Alternate")
    if entry.covers:
        yield _("Covers: %(places)s") % {"places": ", ".join(entry.covers)}
    if entry.starts and entry.ends:
        yield _("In post from %(start)s to %(end)s") % {
            "start": f"{entry.starts:%Y-%m-%d}",
            "end": f"{entry.ends:%Y-%m-%d}",
        }
    elif entry.starts:
        yield _("In post from %(start)s") % {"start": f"{entry.starts:%Y-%m-%d}"}
    if entry.confirmed_at:
        yield _("Confirmed on %(day)s") % {"day": f"{entry.confirmed_at:%Y-%m-%d}"}
    yield from filter(None, (entry.remark,))
    if entry.is_confidential:
        yield _("Confidential: names and numbers are for coordination only.")


def _value(text: str) -> str:
    """A text as a value: escaped, without signs that steer; only a note has lines."""
    return (cleaned(text) if "\n" in text else in_one_line(text)).translate(ESCAPES)


def _folded(line: str) -> Iterator[bytes]:
    """A line in pieces of at most 75 bytes, none of which ends within a letter; each after the first is indented."""
    piece, room = b"", LONGEST
    for letter in line:
        byte = letter.encode()
        if len(piece) + len(byte) > room:
            yield piece
            piece, room = b" ", LONGEST
        piece += byte
    yield piece
