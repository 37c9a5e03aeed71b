"""Of what is the form of a move made? Its hidden fields, moments, texts, and the reason that most moves ask."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.ui.layout import form_helper
from cmcoord.ui.widgets import LongText, MomentInput
from requests_app.forms.fields import Words
from requests_app.models import (
    Case,
    Move,
)


class Moment(forms.DateTimeField):
    """A date and time that every clock and database can hold."""

    def to_python(self, value):
        found = super().to_python(value)
        if found and not 2000 <= found.year <= 2100:
            raise forms.ValidationError(_("Write a date and a time, for example 2026-11-28 05:30."), code="invalid")
        return found


def moment(label: str | Promise, *, required: bool = True, help_text: str | Promise = "") -> forms.DateTimeField:
    """A date and time in the local time of the station (the view has made it the current one)."""
    return Moment(label=label, required=required, help_text=help_text, widget=MomentInput())


def text(label: str | Promise, *, most: int, required: bool = True, rows: int = 4, help_text: str | Promise = ""):
    return Words(label=label, max_length=most, required=required, help_text=help_text, widget=LongText(rows=rows))


class MoveForm(forms.Form):
    """A move without questions; the others add theirs. `facts` is what services.make_move wants.

    `client_key` makes the same form sent twice one move; `base_version` says which state the person had on the screen.
    """

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    base_version = forms.IntegerField(widget=forms.HiddenInput)
    intro: str | Promise = ""

    def __init__(self, data=None, *, case: Case, code: str, user, recorded: bool = False, initial=None):
        self.case, self.code, self.user, self.recorded = case, code, user, recorded
        mine = {"client_key": uuid.uuid4(), "base_version": case.version}
        super().__init__(data, initial={**mine, **self.prefilled(), **(initial or {})})
        self.arrange()

    def prefilled(self) -> dict[str, Any]:
        return {}

    def introduce(self) -> str | Promise:
        """What the person should know before answering."""
        return self.intro

    def arrange(self) -> None:
        """Fit the questions to this case and this person."""

    def layout(self) -> list:
        return [field.name for field in self.visible_fields()]

    @property
    def helper(self):
        return form_helper("client_key", "base_version", *self.layout(), tag=False)

    def typed(self) -> list[tuple[str, str]]:
        """The words of the form, to be copied when they came too late; what is chosen or counted is chosen again."""
        return [
            (str(field.label), field.value())
            for field in self.visible_fields()
            if isinstance(field.field.widget, forms.TextInput | forms.Textarea) and field.value()
        ]

    def warning(self) -> str:
        """What follows and cannot be taken back: asked once more before it is written. "" when nothing does."""
        return ""

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("client_key", "base_version")}


class ReasonForm(MoveForm):
    """A step back, a pause or an end is explained to the people whom it stops."""

    reason = text(gettext_lazy("Why?"), most=1500)
    labels: dict[str, tuple[str | Promise, str | Promise]] = {
        "return": (gettext_lazy("What is missing?"), gettext_lazy("The requester reads this and answers it.")),
        "reject": (gettext_lazy("Why is it not receivable?"), gettext_lazy("The requester reads this.")),
        "civilian": (
            gettext_lazy("How is the need met by civilian means?"),
            gettext_lazy("Counted as a success of the coordination."),
        ),
        "take_back": (gettext_lazy("Why do you take it back?"), gettext_lazy("Read by the Humanitarian Coordinator.")),
        "send_back": (gettext_lazy("What should be drafted anew?"), gettext_lazy("Read by OCHA.")),
        "redecide": (
            gettext_lazy("What has to be decided again?"),
            gettext_lazy("Another provider, another area or period; the present approval ends."),
        ),
        "refuse_counter": (gettext_lazy("Why is the counter-proposal refused?"), ""),
        "appeal": (
            gettext_lazy("Which facts are new?"),
            gettext_lazy("One appeal is possible; the request is then reviewed again."),
        ),
        "suspend": (
            gettext_lazy("What happened?"),
            gettext_lazy("The force is told to stop at once; it does not read the reason."),
        ),
        "cancel": (
            gettext_lazy("Why is it cancelled?"),
            gettext_lazy("The force receives a stand-down; it does not read the reason."),
        ),
        "waive": (gettext_lazy("Why is no after-action needed?"), ""),
        "refuse_extension": (gettext_lazy("Why?"), gettext_lazy("The old end holds.")),
        "dispute_record": (gettext_lazy("What did you say instead?"), gettext_lazy("OCHA is called to correct it.")),
        "withdraw_force": (
            gettext_lazy("Why?"),
            gettext_lazy("The force reads that the escort does not take place, and no reason; its papers are closed."),
        ),
        "confirm_in_writing": (gettext_lazy("Remark"), gettext_lazy("Read by the requester and OCHA.")),
        "extend": (gettext_lazy("Remark"), gettext_lazy("Read by the requester and OCHA.")),
    }

    def arrange(self) -> None:
        label, hint = self.labels.get(self.code, ("", ""))
        self.fields["reason"].label, self.fields["reason"].help_text = str(label or _("Why?")), str(hint)
        self.fields["reason"].required = self.code not in ("withdraw_force", "extend", "confirm_in_writing")
        if self.code == "waive":
            self.fields["reason"].max_length = 400

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"].strip()
        if self.fields["reason"].required and not reason:
            raise forms.ValidationError(_("Say why in a sentence."))
        return reason


class WithdrawForm(MoveForm):
    """Why it is not needed any more: what was solved without the military is counted as a success."""

    reason_code = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=[*Move.ReasonCode.choices, ("", gettext_lazy("Something else"))],
        required=False,
        widget=forms.RadioSelect,
    )
    reason = text(
        gettext_lazy("In a sentence"),
        most=1500,
        required=False,
        help_text=gettext_lazy("A withdrawn request cannot be reopened; it can be copied."),
    )


def newest(rows):
    """The last row of a relation, or None; rows that the page has read are not read again."""
    return next(iter(list(rows.all())[::-1]), None)
