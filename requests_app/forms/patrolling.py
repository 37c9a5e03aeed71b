"""What do the plan of a patrol, its log and the feedback on it ask, on whichever side they are written?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.ui.templatetags.ui import date_in_words
from cmcoord.ui.widgets import ChoiceBoxes
from requests_app import patrols
from requests_app.forms.asking import MoveForm
from requests_app.forms.asking import text as words
from requests_app.models import DIRECTIONS, ForceReply, PatrolFeedback, PatrolLog
from requests_app.services.patrolling import LONGEST


def patrol_days() -> forms.TypedMultipleChoiceField:
    """The days of the patrols, out of those of the period."""
    return forms.TypedMultipleChoiceField(
        label=gettext_lazy("On which days?"),
        coerce=date.fromisoformat,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day.")},
    )


def days_between(first: datetime | None, last: datetime | None, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Every day of a period, on the clocks of its country, as choices."""
    if first is None or last is None:
        return []
    start, count = first.astimezone(zone).date(), (last.astimezone(zone).date() - first.astimezone(zone).date()).days
    days = [start + timedelta(days=number) for number in range(count + 1)]
    return [(day.isoformat(), date_in_words(day, "j M")) for day in days]


def may_stay_empty(form: forms.Form) -> None:
    """To correct a log: what is left empty stays as it was logged; it can be said that the patrol was none."""
    day, km, direction = (form.fields[name] for name in ("day", "km", "direction"))
    day.required = km.required = direction.required = False
    day.empty_value = None
    day.choices = [("", _("As it was logged")), *day.choices]
    km.help_text = _("Empty: they stay as they were logged.")
    direction.choices = [("", _("As it was logged")), *PatrolLog.Direction.choices]


class PlanReplyForm(MoveForm):
    """What the force said of the patrols, as OCHA took it down."""

    days = patrol_days()
    decline_reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=ForceReply.DeclineReason.choices, widget=ChoiceBoxes
    )
    text = words(gettext_lazy("Limits or explanation"), most=1000)
    asked = {"accept": ("days",), "limit": ("days", "text"), "decline": ("decline_reason", "text")}

    def arrange(self) -> None:
        kept = {"client_key", "base_version", *self.asked[self.code]}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        if self.code == "decline":
            self.fields["text"].required = False
        if "days" in self.fields:
            case = self.case
            self.fields["days"].choices = days_between(case.departure_at, case.window_to, case.country.zone)


class PatrolLogForm(MoveForm):
    """One patrol, as the force told it."""

    day = forms.TypedChoiceField(label=gettext_lazy("On which day?"), coerce=date.fromisoformat)
    km = forms.IntegerField(label=gettext_lazy("Kilometres"), min_value=1, max_value=LONGEST)
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=DIRECTIONS, widget=ChoiceBoxes)

    def arrange(self) -> None:
        case = self.case
        self.fields["day"].choices = days_between(case.departure_at, case.window_to, case.country.zone)


class PatrolCorrectForm(PatrolLogForm):
    """Which patrol was logged wrongly, what holds instead, and why, as the force told it."""

    log = forms.TypedChoiceField(label=gettext_lazy("Which log is wrong?"), coerce=int, widget=ChoiceBoxes)
    reason = words(gettext_lazy("Why is it corrected?"), most=400, rows=2)
    intro = gettext_lazy("The wrong log stays, struck through; both sides and OCHA see it beside the new one.")

    def arrange(self) -> None:
        super().arrange()
        logged = patrols.done(self.case.patrols.all())
        self.fields["log"].choices = [(log.pk, patrols.in_words(log)) for log in logged]
        may_stay_empty(self)

    def layout(self) -> list:
        return ["log", "day", "km", "direction", "reason"]


class FeedbackForm(MoveForm):
    """Did the patrols help, and what happened? It closes the request."""

    helped = forms.ChoiceField(
        label=gettext_lazy("Did the patrols help?"), choices=PatrolFeedback.Helped.choices, widget=ChoiceBoxes
    )
    text = words(gettext_lazy("Why, in a sentence"), most=1000, required=False)
    incidents = words(
        gettext_lazy("Incidents during the patrols"),
        most=1000,
        required=False,
        help_text=gettext_lazy("What happened on the axis; no names. The force does not read it."),
    )
    intro = gettext_lazy("It closes the request.")

    def clean(self) -> None:
        found = self.cleaned_data
        if found.get("helped") not in (None, PatrolFeedback.Helped.YES) and not found.get("text"):
            self.add_error("text", _("Say why in a sentence."))
