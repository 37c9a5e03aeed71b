"""What is looked for in the directory, and what of it is taken away, and why?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.scope import Station
from cmcoord.places.search_words import LONGEST_QUERY
from cmcoord.ui.layout import Act, Acts, Section, Way, form_helper
from cmcoord.ui.widgets import LongText
from cmcoord.ui.words import cleaned
from contacts.finding import Asked
from contacts.models import CmcoordRole

WRONG = _("Choose one from the list.")


class FindForm(forms.Form):
    """The filters of the directory, as they stand in its address."""

    marks_optional = False

    q = forms.CharField(label=_("Name, function, organisation or place"), required=False, max_length=LONGEST_QUERY)

    def __init__(self, data, *, stations: Sequence[Station]):
        super().__init__(data)
        self.stations = {station.code: station for station in stations}
        self.choices: dict[str, list[tuple[str, Any]]] = {
            "station": [("", _("All duty stations")), *((each.code, each.name) for each in stations)],
            "role": [("", _("All roles")), *((code, capfirst(label)) for code, label in CmcoordRole.choices)],
        }
        for name, label in (("station", _("Duty station")), ("role", _("Role"))):
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=self.choices[name], error_messages={"invalid_choice": WRONG}
            )

    def asked(self) -> Asked:
        values = getattr(self, "cleaned_data", {})
        station = self.station
        return Asked.of(values.get("q", ""), station.pk if station else None, values.get("role", ""))

    @property
    def station(self) -> Station | None:
        """The one that is chosen."""
        return self.stations.get(getattr(self, "cleaned_data", {}).get("station", ""))

    @property
    def selects(self) -> list[dict[str, Any]]:
        """Both as the page prints them: a widget of Django renders a template for each option."""
        found = []
        for name in ("station", "role"):
            bound, chosen = self[name], str(self[name].value() or "")
            options = [(value, label, value == chosen) for value, label in self.choices[name]]
            found.append({"name": name, "label": bound.label, "errors": bound.errors, "options": options})
        return found


class TakeForm(forms.Form):
    """With names and numbers only by a tick, and then with a reason."""

    marks_optional = False

    confidential = forms.BooleanField(
        label=_("With names, telephones and e-mail addresses"),
        required=False,
        help_text=_(
            "Of those who let you read them. Without the tick the file holds functions, duty telephones and mailboxes."
        ),
    )
    reason = forms.CharField(
        label=_("What is it for?"),
        required=False,
        max_length=400,
        widget=LongText(rows=2),
        help_text=_(
            "Needed with the tick, and for duty telephones or mailboxes. It is kept with the record of this download."
        ),
    )

    @property
    def helper(self):
        return form_helper(
            Section(_("What it holds"), "confidential", "reason"),
            Acts(
                Act(_("Workbook (XLSX)"), "format", value="xlsx"),
                Act(_("CSV"), "format", value="csv", kind="line"),
                Act(_("Address cards (vCard 4)"), "format", value="vcard4", kind="line"),
                Act(_("Address cards for older programs (vCard 3)"), "format", value="vcard3", kind="line"),
                Act(_("Sheet to print (A4)"), "format", value="sheet", kind="line"),
                Way(_("Back"), reverse("contacts:directory")),
            ),
            data_download="1",
        )

    def clean_reason(self) -> str:
        return cleaned(self.cleaned_data["reason"])

    def clean(self):
        clean = super().clean()
        if clean.get("confidential") and not clean.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say in a sentence what it is for."))
        return clean
