"""Which telephone numbers stand in a cell, in whatever way somebody wrote them?

"70 00 00 02/ 75 00 00 03", "+236 7000 00 05 (WhatsApp)", "00236 70 00 00 04 ou Thuraya +8821 65 00 00 00", 70000006.
National numbers are read with the plan of the station's country.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from cmcoord.places.columns import SHORTENED, Unreadable, plain
from contacts.models import Telephone

MOST = 5  # numbers of one person
FEWEST_DIGITS = 6
BETWEEN = re.compile(r"[/;,|\n]|\s(?:ou|or|et|and|&|-|–)\s|(?<=\d)\s+(?=\+|00\s?[1-9])", re.IGNORECASE)
ALL_DAY = re.compile(r"\b24\s*(?:h(?:eures|ours|rs?)?)?\s*(?:/|sur)\s*(?:24|7)(?:\s*h)?\b|\b24\s*h\b", re.IGNORECASE)
BRACKETS = re.compile(r"\([^()]*\)")
ALWAYS = "allday"  # stands for what was said in brackets behind one number
INTERNATIONAL = re.compile(r"^00(?=[1-9])")
TRUNK_ZERO = re.compile(r"\(0\)")
GROUP = re.compile(r"\+?\d+")
KINDS = {
    Telephone.Kind.SATELLITE: {"sat", "satellite", "satellitaire", "thuraya", "iridium", "inmarsat"},
    Telephone.Kind.VSAT: {"vsat"},
    Telephone.Kind.OFFICE: {"office", "bureau", "fixe", "landline", "standard"},
    Telephone.Kind.RADIO: {"radio", "vhf", "hf"},
}
SATELLITE_CODES = (870, 881, 882, 883)


@dataclass(frozen=True)
class NumberRead:
    """One number in E.164 with what was said beside it."""

    number: str
    kind: str = Telephone.Kind.MOBILE
    day_and_night: bool = False
    whatsapp: bool = False


def numbers_in(cell: object, region: str | None, *, kind: str = "", whatsapp: bool = False) -> list[NumberRead]:
    """Each number once, in order. Raises Unreadable where digits are left that are no number of any country."""
    text = BRACKETS.sub(lambda found: ALL_DAY.sub(f" {ALWAYS} ", found[0]), str(cell))
    text, always = ALL_DAY.subn(" ", text)
    found: dict[str, NumberRead] = {}
    for part in _parts(text):
        words = set(plain(part).split())
        told = kind or next((code for code, names in KINDS.items() if names & words), "")
        for read in _read(part, region):
            number = phonenumbers.format_number(read, PhoneNumberFormat.E164)
            satellite = Telephone.Kind.SATELLITE if read.country_code in SATELLITE_CODES else Telephone.Kind.MOBILE
            found.setdefault(
                number,
                NumberRead(number, told or satellite, bool(always) or ALWAYS in words, whatsapp or "whatsapp" in words),
            )
    if len(found) > MOST:
        raise Unreadable(_("At most %(count)d telephones.") % {"count": MOST})
    if not found:
        raise Unreadable(_no_number(str(cell)))
    return list(found.values())


def _parts(text: str) -> list[str]:
    """The cell cut between its numbers; a cut that leaves crumbs of one number is none."""
    parts = [part for part in BETWEEN.split(text) if part and part.strip()]
    if any(0 < len(_digits(part)) < FEWEST_DIGITS for part in parts):
        return [re.sub(r"[/;,|\n]", " ", text)]
    return [part for part in parts if _digits(part)]


def _read(part: str, region: str | None) -> list[PhoneNumber]:
    """The numbers of a part: as many of its groups of digits as are a number of some country, then the next ones."""
    groups = GROUP.findall(TRUNK_ZERO.sub(" ", part))
    found: list[PhoneNumber] = []
    while groups:
        lengths = (length for length in range(len(groups), 0, -1) if _valid("".join(groups[:length]), region))
        taken = next(lengths, 0)
        if not taken:
            break
        found.append(phonenumbers.parse(_plus("".join(groups[:taken])), region))
        groups = groups[taken:]
    if groups or not found:
        raise Unreadable(_no_number(part.strip()))
    return found


def _valid(text: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(_plus(text), region))
    except NumberParseException:
        return False


def _plus(text: str) -> str:
    return INTERNATIONAL.sub("+", text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _no_number(text: str) -> str:
    return _("No telephone number of this or another country: %(text)s") % {"text": text[:SHORTENED]}
