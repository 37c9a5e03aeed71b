"""Which rows of the release ledger are shown? Its filters, as they stand in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.activity.releases import Release
from cmcoord.ui.layout import Act, Acts, form_helper
from cmcoord.ui.widgets import DayInput

DAY = dt.timedelta(days=1)


class LedgerForm(forms.Form):
    """A GET form: what is not understood is said beside its field and left out."""

    marks_optional = False

    case = forms.CharField(label=_("Reference"), required=False, max_length=24)
    what = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Everything")), *Release.What.choices])
    force = forms.TypedChoiceField(label=_("Force"), required=False, coerce=int, empty_value=None)
    since = forms.DateField(label=pgettext_lazy("first day", "From"), required=False, widget=DayInput())
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput())

    def __init__(self, *args, forces: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["force"].choices = [("", _("Every force")), *forces]

    @property
    def helper(self):
        return form_helper(
            "case", "what", "force", "since", "until", Acts(Act(_("Show"), kind="line")),
            method="get", css_class="filters",
        )  # fmt: skip

    def asked(self) -> dict[str, Any]:
        """What ledger.page_for takes; a day is the day where the reader is."""
        clean = self.cleaned_data
        until = clean.get("until")
        return {
            "reference": clean.get("case") or "",
            "what": clean.get("what") or "",
            "force": clean.get("force"),
            "since": _begin(clean.get("since")),
            "until": _begin(until + DAY if until else None),
        }


def _begin(day: dt.date | None) -> dt.datetime | None:
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) if day else None
