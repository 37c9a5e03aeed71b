"""What is a value that two administrators change together: how it is read, written as text, put into a row, and shown?

A model names such values in `second_administrator`: a field, or something that is one value to people and more than one
column to the database (where a place lies, the places along an axis).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from cmcoord.places.models import Axis, AxisPlace, Place
from cmcoord.places.positions import Position

MICRODEGREE = Decimal("0.000001")


class OneField:
    """A field of the row; one that leads to another row is written as its key."""

    def __init__(self, model: type[models.Model], name: str):
        self.name = name
        self.field: Any = model._meta.get_field(name)

    @property
    def label(self) -> str:
        return str(self.field.verbose_name)

    def text(self, row) -> str:
        """The value as it is stored in events and proposals."""
        value = getattr(row, self.field.attname)
        if isinstance(value, date | time):
            return value.isoformat()
        return "" if value is None else str(value)

    def set(self, row, value: Any) -> None:
        """Put a new value into the row, unsaved."""
        setattr(row, self.field.name if isinstance(value, models.Model) else self.field.attname, value)

    def set_text(self, row, text: str) -> None:
        """The way back from text()."""
        empty = not text and self.field.null
        target = self.field.target_field if self.field.is_relation else self.field
        setattr(row, self.field.attname, None if empty else target.to_python(text))

    def take_out(self, row) -> Any:
        """Leave a new row without the value where it can do without; the value that it had."""
        value = getattr(row, self.field.attname)
        if self.field.has_default() or self.field.null or (self.field.blank and self.field.empty_strings_allowed):
            setattr(row, self.field.attname, self.field.get_default())
        return value

    def save(self, row) -> None:
        row.save(update_fields=[self.name])

    def leads_to(self, *texts: str) -> tuple[type[models.Model] | None, Iterable[str]]:
        """The rows by whose names the value is shown."""
        return (self.field.related_model, filter(None, texts)) if self.field.is_relation else (None, ())

    def shown(self, text: str, named: dict) -> str:
        if self.field.is_relation:
            return named.get((self.field.related_model, text), "–")
        return str(dict(self.field.flatchoices).get(text, text)) or "–"


class WhereItLies(OneField):
    """Latitude and longitude of a place: half of them would be another place."""

    def __init__(self) -> None:
        self.name = "position"

    @property
    def label(self) -> str:
        return _("Position")

    def text(self, row) -> str:
        pair = (row.latitude, row.longitude)
        return "" if None in pair else ",".join(str(each.quantize(MICRODEGREE)) for each in pair)

    def set(self, row, value: Position | None) -> None:
        row.latitude, row.longitude = (value.latitude, value.longitude) if value else (None, None)

    def set_text(self, row, text: str) -> None:
        self.set(row, self._position(text))

    def take_out(self, row) -> Any:
        value = row.position
        self.set(row, None)
        return value

    def save(self, row) -> None:
        row.save(update_fields=["latitude", "longitude"])

    def leads_to(self, *texts: str) -> tuple[None, Iterable[str]]:
        return None, ()

    def shown(self, text: str, named: dict) -> str:
        return str(self._position(text) or "–")

    def _position(self, text: str) -> Position | None:
        return Position.stored(*map(Decimal, text.split(","))) if text else None


class PlacesAlong(OneField):
    """The places along an axis, in their order."""

    def text(self, row) -> str:
        if not hasattr(row, "new_stops"):
            return ",".join(str(pk) for pk in row.stops.order_by("order").values_list("place", flat=True))
        return ",".join(str(pk) for pk in row.new_stops)

    def set(self, row, value: Iterable[Place]) -> None:
        row.new_stops = [place.pk for place in value]

    def set_text(self, row, text: str) -> None:
        row.new_stops = [int(key) for key in text.split(",") if key]

    def take_out(self, row) -> Any:
        return []  # a new axis has no places yet

    def save(self, row) -> None:
        row.stops.all().delete()
        AxisPlace.objects.bulk_create(
            AxisPlace(axis=row, place_id=pk, order=number) for number, pk in enumerate(row.new_stops, start=1)
        )

    def leads_to(self, *texts: str) -> tuple[type[models.Model], Iterable[str]]:
        return Place, (key for text in texts for key in text.split(",") if key)

    def shown(self, text: str, named: dict) -> str:
        return ", ".join(named.get((Place, key), "?") for key in text.split(",") if key) or "–"


def names(row) -> tuple[str, ...]:
    """What of this row a second administrator confirms."""
    return getattr(row, "second_administrator", ())


def value_of(model: type[models.Model], name: str) -> OneField:
    if (model, name) == (Place, "position"):
        return WhereItLies()
    return PlacesAlong(model, name) if (model, name) == (Axis, "places") else OneField(model, name)
