"""What of the register is taken away, and why?"""

from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmcoord.ui.layout import Act, Acts, Section, Way, form_helper
from cmcoord.ui.widgets import LongText
from requests_app.forms.fields import Words


class ExportForm(forms.Form):
    """Confidential columns and strictly confidential requests: each with its own tick, and with a reason."""

    marks_optional = False

    confidential = forms.BooleanField(
        label=_("With the confidential columns"),
        required=False,
        help_text=_("Axis, times, vehicles, leader, risk and neutrality. Without the tick they are left out."),
    )
    strict = forms.BooleanField(
        label=_("With the strictly confidential requests that you may open"),
        required=False,
        help_text=_("One line each; what is closed on their pages stays closed in the file."),
    )
    reason = Words(
        label=_("What is it for?"),
        required=False,
        max_length=400,
        widget=LongText(rows=2),
        help_text=_("Needed with either tick. It is kept with the record of this download."),
    )

    @property
    def helper(self):
        return form_helper(
            Section(_("What it holds"), "confidential", "strict", "reason"),
            Acts(
                Act(_("Take it as a workbook (XLSX)"), "format", value="xlsx"),
                Act(_("Take it as CSV"), "format", value="csv", kind="line"),
                Way(_("Back"), reverse("requests:list")),
            ),
            data_download="1",
        )

    def clean(self):
        clean = super().clean()
        wants = clean.get("confidential") or clean.get("strict")
        if wants and not clean.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Say in a sentence what it is for."))
        return clean
