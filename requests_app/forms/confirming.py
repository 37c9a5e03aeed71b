"""How is the organisation asked to confirm what OCHA filed for it, and how does it answer?"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.models import LANGUAGES
from cmcoord.ui.layout import Act, Acts, Hidden, Pair, Section, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, LongText
from requests_app.forms.fields import STILL_MISSING, LocalMoment, Words
from requests_app.services.confirming import LONGEST


class AskForm(forms.Form):
    """A link by mail; without an address a code, to be read out."""

    marks_optional = False
    prefix = "ask"

    address = forms.EmailField(
        label=gettext_lazy("E-mail address of the organisation"),
        required=False,
        help_text=gettext_lazy("Leave it empty for a code that you read out. Either works once, for seven days."),
    )
    language = forms.ChoiceField(label=gettext_lazy("In which language?"), choices=LANGUAGES)

    @property
    def helper(self):
        return form_helper(
            Section(_("Ask the organisation"), Pair("address", "language"), Hidden("act", "ask")),
            Acts(Act(_("Make the link or the code"))),
        )


class CallForm(forms.Form):
    """What the organisation said by telephone."""

    marks_optional = False
    prefix = "call"

    agrees = forms.ChoiceField(
        label=gettext_lazy("What did it say?"),
        choices=[("yes", gettext_lazy("It is as we said")), ("no", gettext_lazy("Something is wrong"))],
        widget=ChoiceBoxes,
        error_messages={"required": STILL_MISSING},
    )

    def __init__(self, data=None, *, zone: ZoneInfo, now: datetime, function: str):
        super().__init__(data, initial={f"{name}": value for name, value in {"person_function": function}.items()})
        self.now = now
        self.fields["text"] = Words(
            label=_("What is wrong?"), max_length=LONGEST, required=False, widget=LongText(rows=3),
            help_text=_("In the caller’s words. You work it in; nothing changes by itself."),
        )  # fmt: skip
        self.fields["person_function"] = Words(label=_("Who said it? (function)"), max_length=120,
                                               widget=forms.TextInput())  # fmt: skip
        self.fields["received_at"] = LocalMoment(label=_("When was it said?"), zone=zone)
        self.fields["witness"] = Words(
            label=_("Witness (function)"), max_length=120, widget=forms.TextInput(), help_text=_("Who else heard it.")
        )

    def clean_received_at(self) -> datetime:
        said = self.cleaned_data["received_at"]
        if said > self.now:
            raise forms.ValidationError(_("What you record cannot have been said in the future."))
        return said

    def clean(self):
        values = super().clean()
        if values.get("agrees") == "no" and not values.get("text") and "text" not in self.errors:
            self.add_error("text", _("Say what is wrong."))
        return values

    def facts(self) -> dict:
        names = ("person_function", "received_at", "witness", "text")
        return {name: self.cleaned_data[name] for name in names} | {"agrees": self.cleaned_data["agrees"] == "yes"}

    @property
    def helper(self):
        return form_helper(
            Section(
                _("Or write down a call"),
                "agrees",
                "text",
                Pair("person_function", "received_at"),
                "witness",
                Hidden("act", "call"),
            ),
            Acts(Act(_("Write it down"), kind="line")),
        )


class CorrectForm(forms.Form):
    """What the organisation finds wrong on the page of its link."""

    def __init__(self, data=None, *, code: str = ""):
        super().__init__(data)
        self.code = code
        self.fields["text"] = Words(
            label=_("What is wrong?"), max_length=LONGEST, widget=LongText(rows=4),
            help_text=_("OCHA reads it, changes the request and asks you again."),
            error_messages={"required": _("Say what is wrong.")},
        )  # fmt: skip

    @property
    def helper(self):
        code = [Hidden("code", self.code)] if self.code else []
        return form_helper("text", Hidden("choice", "no"), *code, Acts(Act(_("Send this to OCHA"), kind="line")))


class SecretForm(forms.Form):
    """The code that OCHA read out."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=60,
        help_text=gettext_lazy("Twelve digits, as OCHA read them to you."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    @property
    def helper(self):
        return form_helper(Section(_("Your code"), "code"), Acts(Act(_("Go on"))))
