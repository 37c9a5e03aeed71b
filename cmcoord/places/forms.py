"""In which field is a position typed?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.places.extents import is_inside, is_near
from cmcoord.places.models import Country, Place
from cmcoord.places.positions import Position, Unreadable, examples, read
from cmcoord.ui.widgets import PositionInput


class PositionField(forms.CharField):
    """A point in decimal degrees, degrees with minutes and seconds, or MGRS; what it gives is a Position or None."""

    widget = PositionInput

    def __init__(self, **kwargs):
        super().__init__(**{"label": gettext_lazy("Position")} | kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Position):
            return value
        if not super().to_python(value):
            return None
        try:
            return read(value)
        except Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable), code="invalid") from unreadable

    def run_validators(self, value: Any) -> None:
        """Those of a text have nothing to say about a position."""

    def prepare_value(self, value: Any) -> Any:
        """As exactly as it is stored, so that a form that was only opened changes nothing."""
        return value.whole if isinstance(value, Position) else value


def position_hint() -> str:
    """The notations by example, in the reader's language."""
    return _("In one of three notations: %(decimal)s; %(dms)s; %(mgrs)s.") % examples()


def far_away(position: Position, country: Country) -> str:
    """ "" for a point in or next to the country, else the sentence, which notices two numbers in the wrong order."""
    if is_near(position, country.pk):
        return ""
    swapped = position.swapped
    words = {"position": position, "country": country.name}
    if swapped and is_inside(swapped, country.pk):
        sentence = _(
            "%(position)s lies far from here (%(country)s). Are latitude and longitude swapped? Then write %(swapped)s."
        )
        return sentence % (words | {"swapped": swapped.whole})
    return _("%(position)s lies neither in this country (%(country)s) nor in a neighbouring one.") % words


class PlaceForm(forms.ModelForm):
    """A place with its position typed in one field, as a portal administrator corrects it."""

    position = PositionField(required=False)

    class Meta:
        model = Place
        fields = ["country", "name", "area", "position_verified"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "position" in self.fields:  # not while a change of it waits for a second administrator
            self.initial.setdefault("position", self.instance.position)
            self.fields["position"].help_text = position_hint()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "position" not in self.fields:
            return given
        position, country = given.get("position"), given.get("country")
        if position and country and (why := far_away(position, country)):
            self.add_error("position", why)
        self.instance.latitude = position.latitude if position else None
        self.instance.longitude = position.longitude if position else None
        return given
