"""What is asked of a telephone call that somebody writes down?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app import calling
from requests_app.forms.asking import MoveForm, moment, text


class CallForm(MoveForm):
    """Who was called, when, and a note if there is one; the card of the page sends the first alone."""

    intro = gettext_lazy("A call moves nothing: the clock runs on. To a force only the reference is said.")
    whom = forms.ChoiceField(label=gettext_lazy("Who was called?"))
    called_at = moment(gettext_lazy("When?"), required=False, help_text=gettext_lazy("Empty: now."))
    note = text(
        gettext_lazy("Note"),
        most=300,
        rows=2,
        required=False,
        help_text=gettext_lazy("Read by those who see this request."),
    )

    def arrange(self) -> None:
        self.fields["whom"].choices = list(calling.targets(self.case, self.user).items())  # type: ignore[attr-defined]

    def clean_called_at(self) -> datetime | None:
        at = self.cleaned_data["called_at"]
        if at and at > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError(_("What you record cannot have been said in the future."))
        return min(at, timezone.now()) if at else None

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in super().facts().items() if value not in (None, "")}
