"""Does a point lie in a country, or at least next door? Boxes around each land, generous by a tenth of a degree.

A box never says that a point is in the country; it says that it cannot be, which finds swapped and mistyped numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from cmcoord.places.positions import Position


@dataclass(frozen=True)
class Box:
    """South, west, north, east, in degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, position: Position) -> bool:
        return self.south <= position.latitude <= self.north and self.west <= position.longitude <= self.east


@dataclass(frozen=True)
class Extent:
    """A country and the lands that it borders on."""

    own: Box
    neighbours: tuple[Box, ...]


EXTENTS: dict[str, Extent] = {
    "CAF": Extent(
        Box(2.1, 14.3, 11.1, 27.6),
        (
            Box(7.3, 13.3, 23.6, 24.1),  # Chad
            Box(8.6, 21.7, 22.3, 38.7),  # Sudan
            Box(3.4, 23.3, 12.4, 36.0),  # South Sudan
            Box(-13.6, 12.1, 5.5, 31.4),  # Democratic Republic of the Congo
            Box(-5.1, 11.0, 3.8, 18.8),  # Congo
            Box(1.5, 8.3, 13.2, 16.3),  # Cameroon
        ),
    ),
    "MLI": Extent(
        Box(10.0, -12.4, 25.1, 4.4),
        (
            Box(18.8, -8.8, 37.2, 12.1),  # Algeria
            Box(11.6, 0.0, 23.7, 16.1),  # Niger
            Box(9.3, -5.6, 15.2, 2.5),  # Burkina Faso
            Box(4.2, -8.7, 10.9, -2.4),  # Côte d'Ivoire
            Box(7.1, -15.2, 12.8, -7.5),  # Guinea
            Box(12.2, -17.7, 16.8, -11.2),  # Senegal
            Box(14.6, -17.2, 27.4, -4.7),  # Mauritania
        ),
    ),
}


def is_inside(position: Position, country: str) -> bool:
    """May the point lie in the country? Of a country without an extent nobody can say no."""
    extent = EXTENTS.get(country)
    return extent is None or extent.own.holds(position)


def is_near(position: Position, country: str) -> bool:
    """May it lie in the country or in a neighbouring one?"""
    return is_inside(position, country) or any(box.holds(position) for box in EXTENTS[country].neighbours)
