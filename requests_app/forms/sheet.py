"""What does one part of the execution sheet ask, and what of it can be saved? (machinery: forms/answering.py)"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.db.models import Choices
from django.urls import reverse
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.places.models import Axis
from cmcoord.ui.layout import Act, Acts, Note, Section, Way, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, DayInput, LongText
from requests_app import execution_sheet
from requests_app.forms import fleet, posts
from requests_app.forms.answering import AnsweringForm
from requests_app.forms.fields import CHOOSE, STILL_MISSING, LocalMoment, WholeNumber, Words, YesOrNo, from_list
from requests_app.forms.pieces import Included, hint_of
from requests_app.forms.sheet_rows import ROW_LABELS, Number, line_of, rows_named
from requests_app.models import Case, Costs, Criticality, EscortRule, ExecutionSheet, ReturnLeg
from requests_app.questions import SHEET, Question, cards, questions
from requests_app.services.preparing import departure_is_fixed


def _words(form: SheetForm, question: Question) -> forms.Field:
    column = ExecutionSheet._meta.get_field(question.field)
    if column.get_internal_type() == "TextField" or (column.max_length or 0) > 250:
        return Words(max_length=column.max_length, widget=LongText(rows=3))
    return line_of(column.max_length)


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

    inputs, rows_of = INPUTS, {name: rows_named(name) for name in execution_sheet.ROWS}

    def __init__(self, data=None, *, case: Case, sheet: ExecutionSheet, part: int, user: User, now: datetime):
        self.case, self.sheet, self.part, self.user, self.now = case, sheet, part, user, now
        self.zone, self.country = case.country.zone, case.country_id
        self.asked = questions(case, SHEET, part)
        self.stored_rows = {
            q.field: execution_sheet.values_of(sheet, q.field) for q in self.asked if q.field in execution_sheet.ROWS
        }
        self.keeps_fleet, self.fleet, self.posts = False, dict[str, list](), list[str]()
        super().__init__(data, stored=_stored(sheet), version=sheet.version)
        if "leaves_at" in self.fields and execution_sheet.departure_is_fixed(case):
            self.fields["leaves_at"].help_text = departure_is_fixed()
            self.fields["leaves_at"].widget.attrs["readonly"] = True

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
        return [Included("requests_app/_sheet_posts.html", posts=self.posts)]

    def _below(self, question: Question) -> list:
        return [Note(self._vehicles_asked())] if question.field == "convoy_vehicles" else []

    def _vehicles_asked(self) -> str:
        return _("The request names %(count)s vehicles.") % {"count": self.case.vehicles or "–"}

    def _piece(self, question: Question):
        if question.field not in self.row_sets:
            return Field(question.field)
        row_label, add_label = ROW_LABELS[question.field]
        return Included(
            "requests_app/_sheet_rows.html", question=question, hint=hint_of(question, self.country),
            row_label=row_label, add_label=add_label, rows=self.row_sets[question.field],
            fleet=self.fleet.get(question.field),
            keeps_fleet=self.keeps_fleet and question.field in fleet.FLEETS,
        )  # fmt: skip


def _stored(sheet: ExecutionSheet) -> dict[str, Any]:
    """The stored answers; a row of another table by its key, yes and no as the page says them."""
    found = {name: getattr(sheet, f"{name}_id" if name in execution_sheet.POINTERS else name) for name in INPUTS}
    return found | {name: YES_NO[getattr(sheet, name)] for name in ("names_needed", "join_allowed")}
