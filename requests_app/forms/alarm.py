"""What is asked about the answer to an alarm on the road?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from cmcoord.ui.layout import Pair
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine
from requests_app.forms.asking import MoveForm, text
from requests_app.forms.fields import Words
from requests_app.models import AlarmAnswer, OnBehalf


class AlarmForm(MoveForm):
    """What the convoy leader and OCHA decided, who said it and how."""

    decided = forms.ChoiceField(
        label=gettext_lazy("What was decided?"), choices=AlarmAnswer.Decided.choices, widget=ChoiceBoxes()
    )
    said_by = Words(label=gettext_lazy("Who said it (function)?"), max_length=120)
    source = forms.ChoiceField(
        label=gettext_lazy("How?"), choices=OnBehalf.Source.choices, widget=ChoiceLine(), initial="telephone"
    )
    reason = text(gettext_lazy("Why?"), most=600, help_text=gettext_lazy("The force does not read it."))
    intro = gettext_lazy("Call the convoy leader first. Nobody is stopped on the road by a page.")

    def layout(self) -> list:
        return ["decided", Pair("said_by", "source"), "reason"]
