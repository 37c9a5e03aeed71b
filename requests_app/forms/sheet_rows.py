"""How is each row of the execution sheet asked: a vehicle, a stop, people on board, a name, goods?"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.places.models import Place
from cmcoord.ui.widgets import TelephoneInput
from contacts.models import VehicleKind
from requests_app import execution_sheet
from requests_app.forms.fields import CHOOSE, LocalMoment, WholeNumber, Words, from_list
from requests_app.forms.rows import RowForm, Rows
from requests_app.models import CargoLine, Case

if TYPE_CHECKING:
    from requests_app.forms.sheet import SheetForm

TELEPHONE = re.compile(r"\+?[\d ().\-]{6,}")
UN_NUMBER = re.compile(r"(?:UN ?)?(\d{4})", re.IGNORECASE)
CHOOSE_FIRST = ("", gettext_lazy("Choose"))
SHOWN_BEYOND = 300  # rows that stay on the page though there are too many of them: a whole fleet may be ticked


def telephone(value: str) -> str:
    """A number that can be called, as it was written."""
    if value and not (TELEPHONE.fullmatch(value) and 6 <= sum(sign.isdigit() for sign in value) <= 15):
        raise forms.ValidationError(_("Write a telephone number, for example +236 70 00 00 00."))
    return value


class Number(Words):
    """A telephone number."""

    def __init__(self, **kwargs):
        super().__init__(max_length=40, widget=TelephoneInput(), **kwargs)

    def clean(self, value):
        return telephone(super().clean(value))


def line_of(most: int, label: Any = "", *, required: bool = False) -> Words:
    return Words(max_length=most, label=label, required=required, widget=forms.TextInput())


class SheetRowForm(RowForm):
    """One row of the sheet."""

    def __init__(self, *args, case: Case, **kwargs):
        self.case = case
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """What depends on the case."""


class VehicleRow(SheetRowForm):
    names = execution_sheet.ROWS["convoy_vehicles"].columns
    remove_label = gettext_lazy("Remove this vehicle")
    kind = forms.ChoiceField(
        label=gettext_lazy("Type"),
        choices=[CHOOSE_FIRST, *VehicleKind.choices],
        error_messages={"required": gettext_lazy("Choose the type."), "invalid_choice": CHOOSE},
    )
    plate = line_of(20, gettext_lazy("Plate"), required=True)
    owner = line_of(60, gettext_lazy("Organisation"))
    marking = line_of(80, gettext_lazy("Colour and marking"))
    radio = line_of(40, gettext_lazy("Radio (HF, VHF, satellite)"))
    moss = forms.BooleanField(label=gettext_lazy("Meets the security standards (MOSS)"), required=False)
    tracker = forms.BooleanField(label=gettext_lazy("Tracker on board"), required=False)

    def prepare(self) -> None:
        self.fields["plate"].error_messages["required"] = _("Write the plate.")

    @classmethod
    def in_words(cls, line: str) -> str:
        kind, plate, *rest = line.split("|")
        return " · ".join(filter(None, (str(dict(VehicleKind.choices).get(kind, kind)), plate, *rest[:3])))


class StopRow(SheetRowForm):
    names = execution_sheet.ROWS["stops"].columns
    remove_label = gettext_lazy("Remove this stop")
    place = forms.ModelChoiceField(label=gettext_lazy("Place"), queryset=Place.objects.none(), required=False)
    spot = line_of(120, gettext_lazy("If it is not in the list: which place"))
    arrives_at = forms.DateTimeField(label=gettext_lazy("Arrival"), required=False)
    leaves_at = forms.DateTimeField(label=gettext_lazy("Departure"), required=False)
    overnight = forms.BooleanField(label=gettext_lazy("Overnight stop"), required=False)

    def prepare(self) -> None:
        place = from_list(Place.objects.filter(country=self.case.country_id).order_by("folded_name"))
        place.label = self.fields["place"].label
        self.fields["place"] = place
        for name in ("arrives_at", "leaves_at"):
            label = self.fields[name].label
            self.fields[name] = LocalMoment(zone=self.case.country.zone, label=label, required=False)

    def clean(self):
        values = super().clean()
        if not values.get("place") and not values.get("spot") and not self.errors:
            self.add_error("spot", _("Say which place it is."))
        arrives, leaves = values.get("arrives_at"), values.get("leaves_at")
        if leaves and not arrives:
            self.add_error("arrives_at", _("Say when the convoy arrives there."))
        elif arrives and leaves and leaves < arrives:
            self.add_error("leaves_at", _("The departure is earlier than the arrival."))
        return values

    @classmethod
    def in_words(cls, line: str) -> str:
        place, spot, arrives, leaves, overnight = [*line.split("|", 4), "", "", "", ""][:5]
        known = Place.objects.filter(pk=place).first() if re.fullmatch("[0-9]{1,18}", place) else None
        night = _("overnight stop") if overnight else ""
        hours = [moment.replace("T", " ") for moment in (arrives, leaves)]
        return " · ".join(str(word) for word in (known, spot, *hours, night) if word)


class StaffRow(SheetRowForm):
    names = execution_sheet.ROWS["staff"].columns
    organisation = line_of(60, gettext_lazy("Organisation"), required=True)
    function = line_of(80, gettext_lazy("Functions"))
    count = forms.IntegerField(label=gettext_lazy("People"))

    def prepare(self) -> None:
        self.fields["organisation"].error_messages["required"] = _("Write the organisation.")
        self.fields["count"] = WholeNumber(lowest=1, highest=500, label=self.fields["count"].label)
        self.fields["count"].error_messages["required"] = _("Write how many people.")


class PersonRow(SheetRowForm):
    names = execution_sheet.NAMED
    remove_label = gettext_lazy("Remove this person")
    name = line_of(80, gettext_lazy("Name"), required=True)
    organisation = line_of(60, gettext_lazy("Organisation"))
    id_number = line_of(40, gettext_lazy("Number of the identity paper"))
    telephone = Number(label=gettext_lazy("Telephone"), required=False)

    def prepare(self) -> None:
        self.fields["name"].error_messages["required"] = _("Write the name.")


class CargoRow(SheetRowForm):
    names = execution_sheet.ROWS["cargo_lines"].columns
    description = line_of(120, gettext_lazy("Goods"), required=True)
    packaging = line_of(60, gettext_lazy("Packaging"))
    pieces = forms.IntegerField(label=gettext_lazy("Pieces"), required=False)
    weight_kg = forms.IntegerField(label=gettext_lazy("Weight (kg)"), required=False)
    volume_m3 = Words(max_length=12, label=gettext_lazy("Volume (m³)"), required=False, widget=forms.TextInput())
    un_number = line_of(12, gettext_lazy("Dangerous goods: UN number"))
    temperature = forms.ChoiceField(
        label=gettext_lazy("Temperature"),
        choices=[("", gettext_lazy("No control")), *CargoLine.Temperature.choices],
        required=False,
    )
    value_usd = forms.IntegerField(label=gettext_lazy("Value (USD)"), required=False)

    def prepare(self) -> None:
        self.fields["description"].error_messages["required"] = _("Write what it is.")
        for name, most in (("pieces", 1_000_000), ("weight_kg", 10_000_000), ("value_usd", 1_000_000_000)):
            label = self.fields[name].label
            self.fields[name] = WholeNumber(lowest=1, highest=most, label=label, required=False)

    def clean_volume_m3(self) -> Decimal | None:
        """As people write it: 12.5 or 12,5."""
        text = self.cleaned_data["volume_m3"].replace(" ", "").replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"\d{1,5}(\.\d{1,2})?", text) or Decimal(text) == 0:
            raise forms.ValidationError(_("Write a number of cubic metres, for example 12.5."))
        return Decimal(text)

    def clean_un_number(self) -> str:
        text = self.cleaned_data["un_number"]
        found = UN_NUMBER.fullmatch(text)
        if text and not found:
            raise forms.ValidationError(_("Write the four digits of the UN number, for example 1203."))
        return found[1] if found else ""


ROW_FORMS: dict[str, type[SheetRowForm]] = {
    "stops": StopRow,
    "convoy_vehicles": VehicleRow,
    "staff": StaffRow,
    "drivers": PersonRow,
    "passengers": PersonRow,
    "cargo_lines": CargoRow,
}
ROW_LABELS: dict[str, tuple[Any, Any]] = {
    "stops": (gettext_lazy("Stop"), gettext_lazy("Add a stop")),
    "convoy_vehicles": (gettext_lazy("Vehicle"), gettext_lazy("Add a vehicle")),
    "staff": (gettext_lazy("Group"), gettext_lazy("Add a group")),
    "drivers": (gettext_lazy("Driver"), gettext_lazy("Add a driver")),
    "passengers": (gettext_lazy("Passenger"), gettext_lazy("Add a passenger")),
    "cargo_lines": (gettext_lazy("Line"), gettext_lazy("Add a line")),
}
UNASKED_ROWS = ("stops", "drivers", "passengers")  # an empty row of these is offered only where it is wanted


def rows_named(name: str) -> Callable[[SheetForm], Rows]:
    """How the rows under one question are shown on its part of the sheet."""

    def rows_at(form: SheetForm) -> Rows:
        kind = execution_sheet.ROWS[name]
        stored = form.stored_rows[name]
        extra = 0 if stored or name in UNASKED_ROWS else 1
        rows_of = forms.formset_factory(
            ROW_FORMS[name], formset=Rows, extra=extra, max_num=kind.most, absolute_max=kind.most + SHOWN_BEYOND
        )
        data = form.data if form.is_bound else None
        return rows_of(data, prefix=name, stored=stored, zone=form.zone, case=form.case)

    return rows_at
