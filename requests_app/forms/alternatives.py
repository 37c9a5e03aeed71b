"""How are the alternatives that were tried written down? Rows beside the questions of a step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.ui.widgets import DayInput
from requests_app.forms.fields import CHOOSE, Words
from requests_app.forms.rows import RowForm, Rows
from requests_app.models import Alternative, Case

ROWS_PREFIX = "alternatives"
MOST_ROWS = 10
ROW_FIELDS = ("option", "asked_to", "tried_on", "outcome", "note")
OPTIONS = {
    "AE": ("patrol", "acceptance", "route", "timing", "low_profile", "air", "partner", "notification", "clearance",
           "tranquillity", "trucks", "other"),
    **dict.fromkeys(
        ("MCDA-LOG", "MCDA-INF"),
        ("own_fleet", "agencies", "logistics", "commercial", "air", "pooled", "timing", "route", "partner", "other"),
    ),
}  # fmt: skip


class AlternativeForm(RowForm):
    """One row: what was tried, when, with which result."""

    names = ROW_FIELDS
    remove_label = gettext_lazy("Remove this alternative")
    option = forms.ChoiceField(label=gettext_lazy("What was tried?"))
    asked_to = Words(
        label=gettext_lazy("Who was asked?"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    tried_on = forms.DateField(
        label=gettext_lazy("When?"),
        widget=DayInput(),
        error_messages={
            "required": gettext_lazy("Say when it was tried."),
            "invalid": gettext_lazy("Write a date, for example 2026-11-14."),
        },
    )
    outcome = forms.ChoiceField(label=gettext_lazy("With which result?"))
    note = Words(label=gettext_lazy("Why was it not enough?"), max_length=300, required=False, widget=forms.TextInput())

    def __init__(self, *args, today=None, kind="AE", **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        labels = dict(Alternative.Option.choices)
        offered = [(code, labels[code]) for code in OPTIONS[kind]]
        for name, choices, sentence in (
            ("option", offered, _("Choose what was tried.")),
            ("outcome", Alternative.Outcome.choices, _("Choose the result.")),
        ):
            self.fields[name].choices = [("", _("Choose")), *choices]
            self.fields[name].error_messages = {"required": sentence, "invalid_choice": CHOOSE}

    def clean_tried_on(self):
        day = self.cleaned_data["tried_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day lies in the future."))
        if day.year < 2000:
            raise forms.ValidationError(self.fields["tried_on"].error_messages["invalid"])
        return day

    def clean(self):
        values = super().clean()
        if values.get("option") == Alternative.Option.OTHER and "note" not in self.errors and not values.get("note"):
            self.add_error("note", _("Say in a sentence what was tried."))
        return values

    @classmethod
    def in_words(cls, line: str) -> str:
        option, asked_to, day, outcome, note = [*line.split("|", 4), "", "", "", ""][:5]
        words = [
            dict(Alternative.Option.choices).get(option, option),
            asked_to,
            day,
            dict(Alternative.Outcome.choices).get(outcome, outcome),
        ]
        return " · ".join(str(word) for word in [*words, note] if word)


class AlternativeRows(Rows):
    """The rows of one request."""


def stored_rows(case: Case) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in ROW_FIELDS} for row in case.alternatives.all()]


def alternative_rows(form) -> Rows:
    """The alternatives of the case of this step: at least two rows are offered."""
    stored = stored_rows(form.case)
    rows_of = forms.formset_factory(
        AlternativeForm, formset=AlternativeRows, extra=max(0, 2 - len(stored)), max_num=MOST_ROWS
    )
    return rows_of(
        form.data if form.is_bound else None,
        prefix=ROWS_PREFIX,
        stored=stored,
        today=form.today,
        kind=form.case.request_type,
    )
