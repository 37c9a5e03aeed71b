"""Which requests does the register show? The filters of the list, as they stand in its address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.places.search_words import LONGEST_QUERY
from requests_app import listing
from requests_app.models import Status
from requests_app.models.terms import ENDED, OPEN, RUNNING

GROUPS: dict[str, tuple[str | Promise, tuple[str, ...] | str | None]] = {
    "": (_("All requests"), None),
    "waiting": (_("Waiting for me"), listing.WAITING),
    "open": (_("Open"), OPEN),
    "running": (_("Approved and running"), (*RUNNING, "underway", "suspended")),
    "ended": (pgettext_lazy("requests", "Ended"), ENDED),
}
STATUSES = [
    (_("By stage"), [(code, label) for code, (label, _statuses) in GROUPS.items()]),
    (_("By status"), [(value, label) for value, label in Status.choices]),
]
SORTS = [("new", _("Newest first")), ("due", _("Next due first, running clocks only"))]


class RegisterForm(forms.Form):
    """A GET form: whatever is not understood is said beside its field, and the list is shown without it."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST_QUERY,
        error_messages={"max_length": _("Search for at most %(limit_value)d letters.")},
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=STATUSES)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[("", _("Any urgency")), ("urgent", _("Urgent or immediate")), ("routine", _("Routine"))],
    )
    station = forms.TypedChoiceField(label=_("Duty station"), required=False, coerce=int, empty_value=None)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS)

    def __init__(self, *args, stations: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].choices = [("", _("Every station")), *stations]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _("This choice does not exist; the list is shown without it.")

    @property
    def selects(self) -> list[dict[str, Any]]:
        """The choices as plain values: a template prints them in a third of the time that widgets take."""
        found = []
        for name in ("status", "urgency", "station", "sort"):
            bound, chosen = self[name], self[name].value() or ("new" if name == "sort" else "")
            groups = [entry if isinstance(entry[1], list) else ("", [entry]) for entry in bound.field.choices]
            if len(groups) > 1 or len(groups[0][1]) > 1:
                options = [(group, [(v, label, str(v) == chosen) for v, label in rows]) for group, rows in groups]
                found.append({"name": name, "label": bound.label, "errors": bound.errors, "groups": options})
        return found

    def asked(self) -> dict[str, Any]:
        """What listing.page_for takes; fields that were not understood are left out."""
        clean = self.cleaned_data
        status = clean.get("status") or ""
        urgency = clean.get("urgency") or ""
        return {
            "status": GROUPS[status][1] if status in GROUPS else (status,),
            "urgent": urgency == "urgent" if urgency else None,
            "station": clean.get("station"),
            "sort": clean.get("sort") or "new",
            "query": clean.get("q") or "",
        }
