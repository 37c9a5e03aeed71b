"""Where is it? A point as people write it (decimal degrees, degrees with minutes and seconds, MGRS), read and printed.

All in WGS 84. A position knows how exactly it was given, so that no page prints more digits than somebody knew.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cmcoord.places.grid import NoSuchSquare, Square, point_in, square_at

METRE, TEN, HUNDRED, KILOMETRE = 1, 10, 100, 1000
# How many decimals of a degree, and digits of each half of a grid reference, say as much.
DECIMALS = {METRE: 5, TEN: 4, HUNDRED: 3, KILOMETRE: 2}
DIGITS = {METRE: 5, TEN: 4, HUNDRED: 3, KILOMETRE: 2}
OF_DECIMALS = {decimals: metres for metres, decimals in DECIMALS.items()}
OF_DIGITS = {digits: metres for metres, digits in DIGITS.items()}
STORED = Decimal("0.000001")
LONGEST = 80
LIMITS = {"latitude": 90, "longitude": 180}


class Unreadable(ValueError):
    """What was typed is no position; the text is a sentence for the person who typed it."""


@dataclass(frozen=True)
class Position:
    """A point in degrees; `metres` says how exactly it was given (1, 10, 100 or 1000)."""

    latitude: Decimal
    longitude: Decimal
    metres: int = METRE

    @classmethod
    def stored(cls, latitude: Decimal | None, longitude: Decimal | None) -> Position | None:
        """A pair of columns; both with two decimals at most mean a kilometre, however many the column pads."""
        if latitude is None or longitude is None:
            return None
        fewest = max(_decimals(latitude), _decimals(longitude))
        return cls(latitude, longitude, OF_DECIMALS.get(max(fewest, DECIMALS[KILOMETRE]), METRE))

    @classmethod
    def frozen(cls, value: dict[str, Any]) -> Position:
        """The way back from as_value()."""
        return cls(Decimal(value["latitude"]), Decimal(value["longitude"]), value["metres"])

    def as_value(self) -> dict[str, Any]:
        """For a paper or an event."""
        return {"latitude": str(self.latitude), "longitude": str(self.longitude), "metres": self.metres}

    @property
    def decimal(self) -> str:
        """Latitude, longitude: 5.76543, 20.67891. With a point in every language, as devices read it."""
        places = DECIMALS[self.metres]
        return f"{self.latitude:.{places}f}, {self.longitude:.{places}f}"

    @property
    def whole(self) -> str:
        """The decimal notation with every digit that is stored."""
        places = DECIMALS[self.metres] if self.metres > METRE else _decimals(STORED)
        return f"{self.latitude:.{places}f}, {self.longitude:.{places}f}"

    @property
    def swapped(self) -> Position | None:
        """With latitude and longitude exchanged, where that is a point on earth."""
        if abs(self.longitude) > LIMITS["latitude"]:
            return None
        return Position(self.longitude, self.latitude, self.metres)

    @property
    def dms(self) -> str:
        """5°45′55.55″ N 20°40′44.08″ E; in French West is O."""
        north = pgettext("compass", "N") if self.latitude >= 0 else pgettext("compass", "S")
        east = pgettext("compass", "E") if self.longitude >= 0 else pgettext("compass", "W")
        return f"{self._angle(self.latitude)} {north} {self._angle(self.longitude)} {east}"

    def _angle(self, value: Decimal) -> str:
        if self.metres == KILOMETRE:
            degrees, left = divmod(round(abs(value) * 60), 60)
            return f"{degrees}°{left:02d}′"
        places = {METRE: 2, TEN: 1, HUNDRED: 0}[self.metres]
        minutes, seconds = divmod(round(abs(value) * 3600, places), 60)
        width = places + 3 if places else 2
        return f"{int(minutes) // 60}°{int(minutes) % 60:02d}′{seconds:0{width}.{places}f}″"

    @property
    def mgrs(self) -> str:
        """34N BL 12345 67890; empty near the poles, where the grid is another one."""
        try:
            square = square_at(float(self.latitude), float(self.longitude))
        except NoSuchSquare:
            return ""
        easting, northing = (int(metres // self.metres) for metres in (square.easting, square.northing))
        digits = DIGITS[self.metres]
        return f"{square.zone:02d}{square.band} {square.letters} {easting:0{digits}d} {northing:0{digits}d}"

    @property
    def about(self) -> str:
        """How exact it is, in words; nothing for a point known to ten metres."""
        if self.metres == KILOMETRE:
            return _("to about 1 km")
        return _("to about 100 m") if self.metres == HUNDRED else ""

    def __str__(self) -> str:
        return f"{self.mgrs} ({self.decimal})" if self.mgrs else self.decimal


def _decimals(value: Decimal) -> int:
    """How many decimals stand before the zeros at the end."""
    return max(0, -int(value.normalize().as_tuple().exponent))


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────

MARKS = str.maketrans(
    {
        **dict.fromkeys("º˚∘ᵒ", "°"),
        **dict.fromkeys("′’‘ʹ´`‵", "'"),
        **dict.fromkeys("″”“„ʺ˝", '"'),
        **dict.fromkeys("−–—‐‑", "-"),
        **dict.fromkeys("،٫‚", ","),
        "؛": ";",
    }
)
WORDS = {
    "N": ("NORTH", "NORD"), "S": ("SOUTH", "SUD"), "E": ("EAST", "EST"), "W": ("WEST", "OUEST", "O"),
}  # fmt: skip
LABELS = re.compile(r"\b(?:LAT(?:ITUDE)?|LONG?(?:ITUDE)?|MGRS|UTM|WGS ?84|DMS|POSITION)\b\s*[:=.]*")
GRID = re.compile(r"(\d{1,2})([A-Z])([A-Z]{2})(\d*)")
POLAR = re.compile(r"[ABYZ][A-Z]{2}\d+")
NUMBER = r"\d+(?:[.,]\d+)?"
ANGLE = re.compile(rf"([+-]?)\s*({NUMBER})\s*°?(?:\s*({NUMBER})\s*'?(?!'))?(?:\s*({NUMBER})\s*(?:\"|'')?)?")
COMPACT = re.compile(r"(\d{2,3})(\d{2})(\d{2}(?:[.,]\d+)?)?")
HEMISPHERE = {"N": ("latitude", 1), "S": ("latitude", -1), "E": ("longitude", 1), "W": ("longitude", -1)}


def read(text: str) -> Position:
    """A position in any of the notations; raises Unreadable with a sentence. Latitude first where no letter says it."""
    plain = _plain(text)
    joined = re.sub(r"[\s\-]", "", plain)
    if found := GRID.fullmatch(joined):
        return _of_square(*found.groups())
    if POLAR.fullmatch(joined):
        raise Unreadable(_("This grid reference lies near a pole; the portal reads those of zones 1 to 60."))
    pair = _halves(_with_letters(plain))
    if pair is None:
        raise _not_understood()
    return _of_angles(*pair)


def _plain(text: str) -> str:
    """Capitals, one kind of each mark, plain digits, blanks of one kind; signs that nobody sees are gone."""
    text = unicodedata.normalize("NFKC", text.translate(MARKS)).translate(MARKS).upper()
    seen = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or _is_seen(sign))
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in seen)
    plain = " ".join(LABELS.sub(" ", digits).split())
    if len(plain) > LONGEST:
        raise _not_understood()
    return plain


def _with_letters(plain: str) -> str:
    """One letter for each direction; not before the grid was tried, where SUD is a square too."""
    for letter, words in WORDS.items():
        plain = re.sub(rf"(?<![A-Z])(?:{'|'.join(words)})(?![A-Z])", letter, plain)
    return plain


def _is_seen(sign: str) -> bool:
    return not unicodedata.category(sign).startswith("C")


def _not_understood() -> Unreadable:
    return Unreadable(
        _("This is not read as a position. Write it for example as %(decimal)s, as %(dms)s or as %(mgrs)s.")
        % examples()
    )


def examples() -> dict[str, str]:
    """The same point in the three notations, in the reader's language."""
    point = Position(Decimal("5.765432"), Decimal("20.678912"))
    return {"decimal": point.decimal, "dms": point.dms, "mgrs": point.mgrs}


def _of_square(zone: str, band: str, letters: str, digits: str) -> Position:
    """The middle of the square that a grid reference names."""
    half = len(digits) // 2
    if len(digits) % 2 or len(digits) > 2 * DIGITS[METRE]:
        raise Unreadable(
            _("A grid reference has as many digits for the east as for the north: 4, 6, 8 or 10 in all, not %(count)d.")
            % {"count": len(digits)}
        )
    if half not in OF_DIGITS:
        raise _too_coarse()
    metres = OF_DIGITS[half]
    easting, northing = ((int(part) + 0.5) * metres for part in (digits[:half], digits[half:]))
    try:
        if not 1 <= int(zone) <= 60:
            raise NoSuchSquare
        latitude, longitude = point_in(Square(int(zone), band, letters, easting, northing))
    except NoSuchSquare:
        name = f"{zone}{band} {letters}"
        raise Unreadable(_("There is no square %(name)s on the military grid.") % {"name": name}) from None
    return _position(Decimal(latitude), Decimal(longitude), metres)


def _too_coarse() -> Unreadable:
    return Unreadable(
        _("This is too coarse to find a place: give at least two decimals, the minutes, or four digits of the grid.")
    )


def _halves(plain: str) -> tuple[str, str] | None:
    """The text of each of the two angles."""
    letters = [spot.start() for spot in re.finditer(r"(?<![A-Z])[NSEW](?![A-Z])", plain)]
    if len(letters) == 2:
        first, second = letters
        cut = second if first == 0 else first + 1
        return plain[:cut], plain[cut:]
    if letters:
        return None
    degrees = [spot.start() for spot in re.finditer(rf"[+-]?\s*{NUMBER}\s*°", plain)]
    if len(degrees) == 2:
        return plain[: degrees[1]], plain[degrees[1] :]
    if found := re.fullmatch(r"([+-]?\d+,\d+),\s*([+-]?\d+,\d+)", plain):
        return found[1], found[2]
    parts = re.split(r"\s*[;/|]\s*|,\s+|\s+", plain)
    if len(parts) != 2 and "." in plain:
        parts = plain.split(",")
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _of_angles(first: str, second: str) -> Position:
    """Two angles; their letters say which one is which."""
    read_first, read_second = _angle(first), _angle(second)
    values = {read_first.of or "latitude": read_first, read_second.of or "longitude": read_second}
    if len(values) != len(LIMITS):
        raise Unreadable(_("One number is the latitude (N or S), the other the longitude (E or W)."))
    for name, limit in LIMITS.items():
        if abs(values[name].value) > limit:
            raise Unreadable(_beyond(name, limit))
    metres = min(read_first.metres, read_second.metres)
    if metres > KILOMETRE:
        raise _too_coarse()
    return _position(values["latitude"].value, values["longitude"].value, metres)


def _beyond(name: str, limit: int) -> str:
    if name == "latitude":
        return _("The latitude goes from 0 to %(limit)d degrees.") % {"limit": limit}
    return _("The longitude goes from 0 to %(limit)d degrees.") % {"limit": limit}


@dataclass(frozen=True)
class Angle:
    """One angle as read: which one its letter says, its value in degrees, and how exactly it was given."""

    of: str
    value: Decimal
    metres: int


def _angle(text: str) -> Angle:
    body = text.strip(" ,;/|")
    letter = next((sign for sign in (body[:1], body[-1:]) if sign in HEMISPHERE), "")
    body = body.replace(letter, "", 1).strip(" ,") if letter else body
    of, sign = HEMISPHERE.get(letter, ("", 1))
    found = COMPACT.fullmatch(body) if letter else None
    found = found if found and len(found[1]) == (2 if of == "latitude" else 3) else None
    minus, parts = ("", found.groups()) if found else _marked(body)
    if minus and letter:
        raise Unreadable(_("Write either the sign or the letter of the direction, not both."))
    return _measured(of, -sign if minus == "-" else sign, parts)


def _marked(body: str) -> tuple[str, tuple[str | None, ...]]:
    found = ANGLE.fullmatch(body.strip())
    if not found:
        raise _not_understood()
    minus, *parts = found.groups()
    return minus, tuple(parts)


def _measured(of: str, sign: int, parts: tuple[str | None, ...]) -> Angle:
    """Degrees, minutes, seconds: only the last one has decimals, and sixty of one are one of the other."""
    given = [part.replace(",", ".") for part in parts if part]
    if any("." in part for part in given[:-1]):
        raise _not_understood()
    numbers = [Decimal(part) for part in given]
    if any(number >= 60 for number in numbers[1:]):
        raise Unreadable(_("Minutes and seconds go from 0 to 59."))
    value = sum((number / 60**power for power, number in enumerate(numbers)), Decimal(0))
    decimals = len(given[-1].partition(".")[2])
    # Of degrees two decimals are a kilometre; minutes are two kilometres, seconds thirty metres.
    known = decimals + (0, 2, 4)[len(given) - 1]
    metres = KILOMETRE * 10 if known < DECIMALS[KILOMETRE] else OF_DECIMALS.get(known, METRE)
    return Angle(of, sign * value, metres)


def _position(latitude: Decimal, longitude: Decimal, metres: int) -> Position:
    return Position(latitude.quantize(STORED), longitude.quantize(STORED), metres)
