"""What does one part of the execution sheet ask, and what of it can be saved? (machinery: forms/answering.py)"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.db.models import Choices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.models import User
from cmcoord.places.models import Axis, Place
from cmcoord.ui.layout import Act, Acts, Group, Note, Section, Way, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, DayInput, LongText, TelephoneInput
from contacts.models import VehicleKind
from requests_app import execution_sheet
from requests_app.forms import fleet, posts
from requests_app.forms.answering import AnsweringForm
from requests_app.forms.fields import CHOOSE, STILL_MISSING, LocalMoment, WholeNumber, Words, YesOrNo, from_list
from requests_app.forms.pieces import Included, hint_of
from requests_app.forms.rows import RowForm, Rows
from requests_app.models import (
    CargoLine,
    Case,
    Costs,
    Criticality,
    EscortRule,
    ExecutionSheet,
    ReturnLeg,
)
from requests_app.questions import SHEET, Question, cards, questions
from requests_app.services.preparing import departure_is_fixed

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


def _line(most: int, label: Any = "", *, required: bool = False) -> Words:
    return Words(max_length=most, label=label, required=required, widget=forms.TextInput())


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    plate = _line(20, gettext_lazy("Plate"), required=True)
    owner = _line(60, gettext_lazy("Organisation"))
    marking = _line(80, gettext_lazy("Colour and marking"))
    radio = _line(40, gettext_lazy("Radio (HF, VHF, satellite)"))
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
    spot = _line(120, gettext_lazy("If it is not in the list: which place"))
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
    organisation = _line(60, gettext_lazy("Organisation"), required=True)
    function = _line(80, gettext_lazy("Functions"))
    count = forms.IntegerField(label=gettext_lazy("People"))

    def prepare(self) -> None:
        self.fields["organisation"].error_messages["required"] = _("Write the organisation.")
        self.fields["count"] = WholeNumber(lowest=1, highest=500, label=self.fields["count"].label)
        self.fields["count"].error_messages["required"] = _("Write how many people.")


class PersonRow(SheetRowForm):
    names = execution_sheet.NAMED
    remove_label = gettext_lazy("Remove this person")
    name = _line(80, gettext_lazy("Name"), required=True)
    organisation = _line(60, gettext_lazy("Organisation"))
    id_number = _line(40, gettext_lazy("Number of the identity paper"))
    telephone = Number(label=gettext_lazy("Telephone"), required=False)

    def prepare(self) -> None:
        self.fields["name"].error_messages["required"] = _("Write the name.")


class CargoRow(SheetRowForm):
    names = execution_sheet.ROWS["cargo_lines"].columns
    description = _line(120, gettext_lazy("Goods"), required=True)
    packaging = _line(60, gettext_lazy("Packaging"))
    pieces = forms.IntegerField(label=gettext_lazy("Pieces"), required=False)
    weight_kg = forms.IntegerField(label=gettext_lazy("Weight (kg)"), required=False)
    volume_m3 = Words(max_length=12, label=gettext_lazy("Volume (m³)"), required=False, widget=forms.TextInput())
    un_number = _line(12, gettext_lazy("Dangerous goods: UN number"))
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


def _rows(name: str) -> Callable[[SheetForm], Rows]:
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


# ── single answers ───────────────────────────────────────────────────────────────────────────────────────────────────


def _words(form: SheetForm, question: Question) -> forms.Field:
    column = ExecutionSheet._meta.get_field(question.field)
    if column.get_internal_type() == "TextField" or (column.max_length or 0) > 250:
        return Words(max_length=column.max_length, widget=LongText(rows=3))
    return _line(column.max_length)


def _number_to_call(form: SheetForm, question: Question) -> forms.Field:
    return Number()


def _moment(form: SheetForm, question: Question) -> forms.Field:
    return LocalMoment(zone=form.zone)


def _one_of(choices: type[Choices]) -> Callable:
    return lambda form, question: forms.ChoiceField(
        choices=choices.choices, widget=ChoiceBoxes, error_messages={"invalid_choice": CHOOSE}
    )


def _yes_or_no(form: SheetForm, question: Question) -> forms.Field:
    return YesOrNo()


def _day(form: SheetForm, question: Question) -> forms.Field:
    sentence = _("Write a date, for example 2026-11-14.")
    return forms.DateField(widget=DayInput(), error_messages={"invalid": sentence})


def _axis(form: SheetForm, question: Question) -> forms.Field:
    others = Axis.objects.filter(country=form.case.country_id).exclude(pk=form.case.axis_id)
    return from_list(others.order_by("name"))


def _rules(form: SheetForm, question: Question) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=EscortRule.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHOOSE, "invalid_list": CHOOSE},
    )


def _metres(form: SheetForm, question: Question) -> forms.Field:
    return WholeNumber(lowest=10, highest=50_000)


INPUTS: dict[str, Callable] = {
    **dict.fromkeys(
        (
            "convoy_name", "convoy_leader", "focal_point", "alternate", "handling", "consignee", "comms_plan",
            "casevac_plan", "community_message", "authority_notified", "security_ref",
        ),
        _words,
    ),
    **dict.fromkeys(
        ("leader_telephone", "focal_telephone", "alternate_telephone", "consignee_telephone"), _number_to_call
    ),
    "leaves_at": _moment,
    "arrives_at": _moment,
    "return_leg": _one_of(ReturnLeg),
    "alternative_axis": _axis,
    "names_needed": _yes_or_no,
    "cost_arrangement": _one_of(Costs),
    "escort_rules": _rules,
    "escort_distance": _metres,
    "exit_review_on": _day,
    "join_allowed": _yes_or_no,
    "programme_criticality": _one_of(Criticality),
}  # fmt: skip
YES_NO = {True: "yes", False: "no", None: ""}


class SheetForm(AnsweringForm):
    """One part of the execution sheet, as the table of questions has it."""

    inputs, rows_of = INPUTS, {name: _rows(name) for name in execution_sheet.ROWS}

    def __init__(self, data=None, *, case: Case, sheet: ExecutionSheet, part: int, user: User, now: datetime):
        self.case, self.sheet, self.part, self.user, self.now = case, sheet, part, user, now
        self.zone = case.country.zone
        self.asked = questions(case, SHEET, part)
        self.stored_rows = {
            q.field: execution_sheet.values_of(sheet, q.field) for q in self.asked if q.field in execution_sheet.ROWS
        }
        self.keeps_fleet, self.fleet, self.posts = False, dict[str, list](), list[str]()
        super().__init__(data, stored=_stored(sheet), version=sheet.version)
        if "leaves_at" in self.fields and execution_sheet.departure_is_fixed(case):
            self.fields["leaves_at"].help_text = departure_is_fixed()

    @property
    def may_stay_empty(self) -> set[str]:
        """The questions that are marked as optional: no answer to them, and none to another one, is waited for."""
        return {question.field for question in self.asked if not question.required} - {"escort_distance"}

    def offer_posts(self) -> None:
        """Put above the contacts the posts of the organisation, for those who file for it."""
        contacts = [question for question in self.asked if question.field in posts.TELEPHONES]
        if not contacts or not posts.are_offered(self.case, self.user):
            return
        for question in contacts:
            name = posts.name_of(question.field)
            self.fields[name] = posts.field(self.case, str(question.label))
            self.posts.append(name)

    def offer_fleet(self) -> None:
        """Put beside the rows what the organisation keeps for its convoys, for those who keep it."""
        self.keeps_fleet = fleet.keeps(self.case, self.user)
        self.fleet = {name: fleet.offered(self.case, self.sheet, name, user=self.user) for name in self.row_sets}

    # ── checking ──

    def clean(self):
        values = super().clean()
        leaves, arrives = values.get("leaves_at"), values.get("arrives_at")
        if execution_sheet.departure_is_fixed(self.case) and "leaves_at" in self.changed():
            self.add_error("leaves_at", departure_is_fixed())
            leaves = self.sheet.leaves_at
        decision = self.case.decision
        if leaves and decision and not decision.valid_from <= leaves < decision.valid_to:
            self.add_error("leaves_at", _("The departure lies outside the approved period."))
        if leaves and arrives and arrives <= leaves:
            self.add_error("arrives_at", _("The arrival is earlier than the departure."))
        return values

    def answers(self) -> dict[str, Any]:
        """The valid new answers, as services.save_sheet takes them; hours out of order stay as they were."""
        found = self.changed()
        leaves = found.get("leaves_at", self.sheet.leaves_at)
        arrives = found.get("arrives_at", self.sheet.arrives_at)
        if leaves and arrives and arrives <= leaves:
            for name in ("leaves_at", "arrives_at"):
                found.pop(name, None)
        return found

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """The rows to save, by question."""
        return {name: rows.values() for name, rows in self.row_sets.items()}

    def ask_for_missing(self) -> bool:
        """Say beside each question of this part that it has no answer yet; False when none is missing."""
        lacking = execution_sheet.missing(self.case, self.part)
        for question in lacking:
            if question.field in self.row_sets:
                rows = self.row_sets[question.field]
                if not rows.has_mistakes:
                    rows.say(str(STILL_MISSING))
            elif question.field not in self.errors:
                self.add_error(question.field, str(STILL_MISSING))
        return bool(lacking)

    def renew(self, case: Case, sheet: ExecutionSheet) -> None:
        """After saving: what was typed stays on the page, on the ground of the sheet as it is now."""
        self.case, self.sheet = case, sheet
        for name, rows in self.row_sets.items():
            rows.stored = execution_sheet.values_of(sheet, name)
        self.renewed(_stored(sheet), sheet.version)

    def with_data(self, data) -> SheetForm:
        return SheetForm(data, case=self.case, sheet=self.sheet, part=self.part, user=self.user, now=self.now)

    # ── how it looks ──

    @property
    def helper(self):
        return form_helper(
            "base_version",
            "marks",
            "page",
            Included("requests_app/_step_start.html"),
            *(
                Section(heading, *self._posts_above(asked), *self.pieces(asked))
                for heading, asked in cards(self.case, self.part, SHEET)
            ),
            Acts(
                Act(
                    _("Save and continue") if self.part < max(execution_sheet.parts_of(self.case)) else _("Save"), "go"
                ),
                Way(_("To the whole sheet"), reverse("requests:sheet", args=[self.case.reference])),
                Included("requests_app/_sheet_saved.html"),
            ),
            data_autosave=reverse("requests:sheet_part", args=[self.case.reference, self.part]),
        )

    def _posts_above(self, asked: list[Question]) -> list:
        if not self.posts or not any(posts.name_of(question.field) in self.posts for question in asked):
            return []
        note = _("A post fills in its function, and its telephone where the holder shares it with a force.")
        fill = Act(_("Fill in from the posts"), "from_posts", kind="line")
        return [Group(_("From the posts of your organisation"), Note(note), *self.posts, Acts(fill))]

    def _below(self, question: Question) -> list:
        return [Note(self._vehicles_asked())] if question.field == "convoy_vehicles" else []

    def _vehicles_asked(self) -> str:
        return _("The request names %(count)s vehicles.") % {"count": self.case.vehicles or "–"}

    def _piece(self, question: Question):
        if question.field not in self.row_sets:
            return Field(question.field)
        row_label, add_label = ROW_LABELS[question.field]
        return Included(
            "requests_app/_sheet_rows.html", question=question, hint=hint_of(question), row_label=row_label,
            add_label=add_label, rows=self.row_sets[question.field], fleet=self.fleet.get(question.field),
            keeps_fleet=self.keeps_fleet and question.field in fleet.FLEETS,
        )  # fmt: skip


def _stored(sheet: ExecutionSheet) -> dict[str, Any]:
    """The stored answers; a row of another table by its key, yes and no as the page says them."""
    found = {name: getattr(sheet, f"{name}_id" if name in execution_sheet.POINTERS else name) for name in INPUTS}
    return found | {name: YES_NO[getattr(sheet, name)] for name in ("names_needed", "join_allowed")}
