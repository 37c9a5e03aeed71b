"""What is asked when OCHA proposes the status of a force, and when somebody answers it?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cmcoord.guidance.clauses import CLAUSES
from cmcoord.places.models import AdminArea
from cmcoord.ui.layout import Act, Acts, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, DayInput, LongText
from contacts.models import Force, ForceStatus
from requests_app.forms.fields import CHOOSE, Words

RESTS_ON = "ML-POS ¶7"  # the clause that speaks of belligerents


class StatusForm(forms.Form):
    """Which status, where, from when to when, and on what it rests."""

    marks_optional = True

    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=ForceStatus.Status.choices, widget=ChoiceBoxes(),
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip
    area = forms.ModelChoiceField(
        label=gettext_lazy("Area"), queryset=AdminArea.objects.none(), required=False,
        empty_label=gettext_lazy("The whole country"), error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip
    valid_from = forms.DateField(label=gettext_lazy("From"), widget=DayInput())
    valid_to = forms.DateField(
        label=gettext_lazy("Until"), widget=DayInput(), required=False,
        help_text=gettext_lazy("Empty: until the next status."),
    )  # fmt: skip
    basis = Words(
        label=gettext_lazy("On what does it rest?"), max_length=600, widget=LongText(rows=4),
        help_text=gettext_lazy("Source and date; no names of persons."),
    )  # fmt: skip
    clause = forms.ChoiceField(label=gettext_lazy("Clause"), error_messages={"invalid_choice": CHOOSE})

    def __init__(
        self, data=None, *, force: Force, back: str, corrects: ForceStatus | None = None, typed: dict[str, Any]
    ):
        self.back = back
        super().__init__(data, initial=_first(force, corrects) | typed)
        areas: Any = self.fields["area"]
        areas.queryset = AdminArea.objects.current().filter(country=force.country_id).order_by("name")
        clauses: Any = self.fields["clause"]
        clauses.choices = [(key, key) for key in CLAUSES]
        if corrects:
            areas.disabled = True

    @property
    def helper(self):
        note = gettext_lazy(
            "A status that stops acts as soon as you propose it: requests with this force stop there, and those that "
            "are agreed are suspended. One that lifts a stop acts once it is confirmed."
        )
        return form_helper(
            Section(gettext_lazy("Status of the force"), Note(note), "status", "area", Pair("valid_from", "valid_to"),
                    "basis", "clause"),
            Acts(Act(gettext_lazy("Propose"), "propose"), Way(gettext_lazy("Back"), self.back)),
        )  # fmt: skip


def _first(force: Force, corrects: ForceStatus | None) -> dict[str, Any]:
    if corrects is None:
        return {"valid_from": force.country.today, "clause": RESTS_ON}
    names = ("status", "area", "valid_from", "valid_to", "basis", "clause")
    return {name: getattr(corrects, name) for name in names}


class AnswerForm(forms.Form):
    """Confirm, or reject with a reason."""

    marks_optional = False

    reason = Words(
        label=gettext_lazy("If you reject it: why?"), max_length=600, required=False, widget=LongText(rows=3)
    )

    def __init__(self, data=None, *, back: str, **kwargs):
        self.back = back
        super().__init__(data, **kwargs)

    @property
    def rejects(self) -> bool:
        return "reject" in self.data

    def clean(self):
        found = super().clean() or {}
        if not (self.rejects or "confirm" in self.data):
            self.add_error(None, gettext_lazy("Confirm it, or reject it."))
        if self.rejects and not found.get("reason", "").strip():
            self.add_error("reason", gettext_lazy("Say why in a sentence."))
        return found

    @property
    def helper(self):
        return form_helper(
            Section(gettext_lazy("Your answer"), "reason"),
            Acts(
                Act(gettext_lazy("Confirm"), "confirm"),
                Act(gettext_lazy("Reject"), "reject", kind="danger"),
                Way(gettext_lazy("Back"), self.back),
            ),
        )
