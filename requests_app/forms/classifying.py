"""What is asked before the class of a record is raised or lowered?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cmcoord.activity.barrier import Sensitivity
from cmcoord.ui.widgets import ChoiceBoxes
from requests_app import classes
from requests_app.forms.asking import MoveForm, text


class ClassForm(MoveForm):
    """Which record, and which class; from the page both come with the button."""

    record = forms.ChoiceField(choices=classes.Record.choices, widget=forms.HiddenInput, initial="case")
    row = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    to = forms.ChoiceField(label=gettext_lazy("Class"), choices=Sensitivity.choices, widget=ChoiceBoxes)
    intro = gettext_lazy("What is strictly confidential is not mailed and not searched; each reading is recorded.")

    def layout(self) -> list:
        return ["record", "row", *super().layout()]

    def prefilled(self) -> dict[str, Any]:
        return {"to": Sensitivity.STRICT}


class LowerForm(ClassForm):
    reason = text(gettext_lazy("Why?"), most=600, rows=3)
    intro = gettext_lazy(
        "Only OCHA lowers a class, with a reason, and never below that of the form. A restricted request is listed for "
        "the humanitarian colleagues of its stations, without its route, its times and what was said about it."
    )

    def prefilled(self) -> dict[str, Any]:
        strict = self.case.sensitivity == Sensitivity.STRICT
        return {"to": Sensitivity.CONFIDENTIAL if strict else classes.floor_of("case")}
