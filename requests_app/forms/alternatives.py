"""How are the alternatives that were tried written down? Rows beside the questions of a step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.ui.widgets import DayInput
from requests_app.forms.fields import CHOOSE, Words
from requests_app.models import Alternative, Case

ROWS_PREFIX = "alternatives"
MOST_ROWS = 10
ROW_FIELDS = ("option", "tried_on", "outcome", "note")


class AlternativeForm(forms.Form):
    """One row: what was tried, when, with which result."""

    marks_optional = False
    option = forms.ChoiceField(label=gettext_lazy("What was tried?"))
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

    def __init__(self, *args, today=None, removable=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        for name, choices, sentence in (
            ("option", Alternative.Option.choices, _("Choose what was tried.")),
            ("outcome", Alternative.Outcome.choices, _("Choose the result.")),
        ):
            self.fields[name].choices = [("", _("Choose")), *choices]
            self.fields[name].error_messages = {"required": sentence, "invalid_choice": CHOOSE}
        if removable:
            self.fields["gone"] = forms.BooleanField(label=_("Remove this alternative"), required=False)

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

    @property
    def is_blank(self) -> bool:
        return not any(str(self[name].data or "").strip() for name in ROW_FIELDS)

    @property
    def is_gone(self) -> bool:
        return "gone" in self.fields and bool(self["gone"].data)


class AlternativeRows(forms.BaseFormSet):
    """Rows as they are on the page; blank ones do not count, a ticked one goes."""

    def __init__(self, *args, stored: list[dict], today, **kwargs):
        self.stored = stored
        super().__init__(*args, prefix=ROWS_PREFIX, form_kwargs={"today": today}, **kwargs)
        if not self.is_bound:
            self.initial = stored

    def get_form_kwargs(self, index):
        removable = index is not None and index < self.initial_form_count()
        return super().get_form_kwargs(index) | {"removable": removable}

    def _construct_form(self, i, **kwargs):
        row = super()._construct_form(i, **kwargs)
        row.empty_permitted = row.is_bound and (row.is_blank or row.is_gone)
        return row

    def full_clean(self):
        """Blank and removed rows say nothing wrong."""
        super().full_clean()
        if self.is_bound:
            self._errors = [{} if row.is_blank or row.is_gone else row.errors for row in self.forms]

    @property
    def has_mistakes(self) -> bool:
        return bool(self.non_form_errors() or any(self.errors))

    def say(self, sentence: str) -> None:
        """An error about all rows together."""
        self.non_form_errors().append(sentence)

    def values(self) -> list[dict[str, Any]]:
        """The rows to save: valid ones as typed; one that is wrong stays as it was stored until it is put right.

        A page that arrived without its rows changes none of them.
        """
        if self.is_bound and not self.management_form.is_valid():
            return self.stored
        kept = []
        for index, row in enumerate(self.forms):
            if row.is_blank or row.is_gone:
                continue
            if row.is_valid():
                kept.append({name: row.cleaned_data.get(name) or "" for name in ROW_FIELDS})
            elif index < len(self.stored):
                kept.append(self.stored[index])
        return kept


def stored_rows(case: Case) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in ROW_FIELDS} for row in case.alternatives.all()]


def rows_as_text(rows: Iterable[dict]) -> str:
    return "\n".join("|".join(str(row.get(name) or "").strip() for name in ROW_FIELDS) for row in rows)


def row_in_words(line: str) -> str:
    option, day, outcome, note = [*line.split("|", 3), "", "", ""][:4]
    words = [
        dict(Alternative.Option.choices).get(option, option),
        day,
        dict(Alternative.Outcome.choices).get(outcome, outcome),
    ]
    return " · ".join(str(word) for word in [*words, note] if word)
