"""Which square of the military grid (MGRS) is a point in, and where is a square? WGS 84, UTM zones only.

The transverse Mercator projection is Krüger's series to the fourth order in the third flattening (C. F. F. Karney,
"Transverse Mercator with an accuracy of a few nanometers", 2011, equations 11, 12 and 35 to 36), far below a
millimetre inside a zone. Letters and zones: NGA.STND.0037, the standard of grids.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

RADIUS = 6378137.0  # metres, at the equator
FLATTENING = 1 / 298.257223563
ECCENTRICITY = math.sqrt(FLATTENING * (2 - FLATTENING))
THIRD = FLATTENING / (2 - FLATTENING)
SCALE = 0.9996  # on the middle of a zone
RECTIFYING = SCALE * RADIUS / (1 + THIRD) * (1 + THIRD**2 / 4 + THIRD**4 / 64)
FALSE_EASTING, FALSE_NORTHING = 500_000, 10_000_000

FORWARD = (
    THIRD / 2 - 2 * THIRD**2 / 3 + 5 * THIRD**3 / 16 + 41 * THIRD**4 / 180,
    13 * THIRD**2 / 48 - 3 * THIRD**3 / 5 + 557 * THIRD**4 / 1440,
    61 * THIRD**3 / 240 - 103 * THIRD**4 / 140,
    49561 * THIRD**4 / 161280,
)
INVERSE = (
    THIRD / 2 - 2 * THIRD**2 / 3 + 37 * THIRD**3 / 96 - THIRD**4 / 360,
    THIRD**2 / 48 + THIRD**3 / 15 - 437 * THIRD**4 / 1440,
    17 * THIRD**3 / 480 - 37 * THIRD**4 / 840,
    4397 * THIRD**4 / 161280,
)

BANDS = "CDEFGHJKLMNPQRSTUVWX"  # of 8° from 80° S, the last one of 12°
COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
ROWS = "ABCDEFGHJKLMNPQRSTUV"
SQUARE = 100_000
CYCLE = SQUARE * len(ROWS)
SOUTHERNMOST, NORTHERNMOST = -80, 84
STEPS = 8  # each one gains more than two digits of latitude
# A square that a border of bands crosses is written with the letter of its own side; some maps take the other one.
MARGIN = 0.5
# Wider than any zone; a square further out than this belongs to another zone.
WIDEST = 6.0


class NoSuchSquare(ValueError):
    """The letters are well formed, but name no place on earth."""


@dataclass(frozen=True)
class Square:
    """A grid reference; easting and northing in metres from the corner of the square of 100 km."""

    zone: int
    band: str
    letters: str
    easting: float
    northing: float


def square_at(latitude: float, longitude: float) -> Square:
    """The square in which a point lies, in the zone that is its own. Degrees; raises NoSuchSquare near the poles."""
    if not SOUTHERNMOST <= latitude <= NORTHERNMOST:
        raise NoSuchSquare
    zone, band = zone_of(latitude, longitude), band_of(latitude)
    easting, northing = _projected(latitude, longitude - middle_of(zone))
    northing += FALSE_NORTHING if latitude < 0 else 0
    column, row = int(easting // SQUARE) - 1, int(northing // SQUARE)
    letters = COLUMNS[(zone - 1) % 3][column] + ROWS[(row + _first_row(zone)) % len(ROWS)]
    return Square(zone, band, letters, easting % SQUARE, northing % SQUARE)


def point_in(square: Square) -> tuple[float, float]:
    """Latitude and longitude in degrees of a grid reference; raises NoSuchSquare when its letters do not fit."""
    column = COLUMNS[(square.zone - 1) % 3].find(square.letters[0])
    row, band = ROWS.find(square.letters[1]), BANDS.find(square.band)
    if min(column, row, band) < 0:
        raise NoSuchSquare
    easting = (column + 1) * SQUARE + square.easting
    lowest = SOUTHERNMOST + 8 * band
    highest = NORTHERNMOST if square.band == BANDS[-1] else lowest + 8
    northing = (row - _first_row(square.zone)) % len(ROWS) * SQUARE + square.northing
    shift = FALSE_NORTHING if lowest < 0 else 0
    floor = _projected(lowest - MARGIN, 0)[1] + shift
    northing += math.ceil((floor - northing) / CYCLE) * CYCLE
    latitude, from_middle = _unprojected(easting, northing - shift)
    if not lowest - MARGIN <= latitude <= highest + MARGIN or abs(from_middle) > WIDEST:
        raise NoSuchSquare
    return latitude, (middle_of(square.zone) + from_middle + 180) % 360 - 180


def zone_of(latitude: float, longitude: float) -> int:
    """The UTM zone, with the two exceptions of the standard (Norway and Svalbard)."""
    longitude = (longitude + 180) % 360 - 180
    if 56 <= latitude < 64 and 3 <= longitude < 12:
        return 32
    if latitude >= 72 and 0 <= longitude < 42:
        return 31 + 2 * sum(longitude >= border for border in (9, 21, 33))
    return int((longitude + 180) // 6) + 1


def band_of(latitude: float) -> str:
    return BANDS[min(int((latitude - SOUTHERNMOST) // 8), len(BANDS) - 1)]


def middle_of(zone: int) -> int:
    """The longitude of the middle of a zone, in degrees."""
    return 6 * zone - 183


def _first_row(zone: int) -> int:
    """Rows of even zones begin five letters later."""
    return 0 if zone % 2 else 5


def _projected(latitude: float, from_middle: float) -> tuple[float, float]:
    """Easting in metres, and northing from the equator."""
    sine, turned = math.sin(math.radians(latitude)), math.radians(from_middle)
    conformal = math.sinh(math.atanh(sine) - ECCENTRICITY * math.atanh(ECCENTRICITY * sine))
    north = math.atan2(conformal, math.cos(turned))
    east = math.asinh(math.sin(turned) / math.hypot(conformal, math.cos(turned)))
    pairs = list(enumerate(FORWARD, start=1))
    northing = north + sum(term * math.sin(2 * n * north) * math.cosh(2 * n * east) for n, term in pairs)
    easting = east + sum(term * math.cos(2 * n * north) * math.sinh(2 * n * east) for n, term in pairs)
    return FALSE_EASTING + RECTIFYING * easting, RECTIFYING * northing


def _unprojected(easting: float, northing: float) -> tuple[float, float]:
    """Latitude, and longitude from the middle of the zone, both in degrees; northing counts from the equator."""
    xi = northing / RECTIFYING
    eta = (easting - FALSE_EASTING) / RECTIFYING
    pairs = list(enumerate(INVERSE, start=1))
    north = xi - sum(term * math.sin(2 * n * xi) * math.cosh(2 * n * eta) for n, term in pairs)
    east = eta - sum(term * math.cos(2 * n * xi) * math.sinh(2 * n * eta) for n, term in pairs)
    isometric = math.asinh(math.sin(north) / math.hypot(math.sinh(east), math.cos(north)))
    latitude = 0.0
    for _step in range(STEPS):
        latitude = math.atan(math.sinh(isometric + ECCENTRICITY * math.atanh(ECCENTRICITY * math.sin(latitude))))
    return math.degrees(latitude), math.degrees(math.atan2(math.sinh(east), math.cos(north)))
