"""What does a force answer, and what does it log? Every form carries the number of the last paper that was read."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.activity import numbers
from cmcoord.places.models import Axis
from cmcoord.ui.layout import Act, Acts, Hidden, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine, LongText, MomentInput
from contacts.models import Force
from requests_app import patrols, rotations
from requests_app.forms.fields import Words
from requests_app.forms.patrolling import days_between, may_stay_empty, patrol_days
from requests_app.models import DIRECTIONS, HAPPENED, ForceFile, ForceReply, RotationLog
from requests_app.papers import Known, zulu
from requests_app.services.patrolling import LONGEST

FORCE = RotationLog.Side.FORCE
FARTHEST = timedelta(days=365)


class ReadForm(forms.Form):
    """`seen` is the last paper on the person's screen; `client_key` makes the same form sent twice one act.

    `keeper` is the token by which words find their author again when the session ends (kept_words.py).
    """

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    heading: str | Promise = ""
    button: str | Promise = ""
    kind = "main"

    def __init__(self, data=None, *, file: ForceFile, known: Known, keeper: str = "", **kwargs: Any) -> None:
        self.file, self.known, self.keeper = file, known, keeper
        initial = {"client_key": uuid.uuid4(), "seen": known.last_number} | kwargs.pop("initial", {})
        super().__init__(data, initial=initial, **kwargs)

    def layout(self) -> tuple:
        return tuple(name for name in self.fields if not self.fields[name].widget.is_hidden)

    @property
    def helper(self):
        return form_helper(
            Section(self.heading, *self.layout()),
            "client_key",
            "seen",
            Hidden("keeper", self.keeper),
            Acts(Act(self.button, kind=self.kind), Way(_("Back"), self.file.get_absolute_url())),
        )

    def typed(self) -> list[tuple]:
        """The words of the form, to be shown again when the act came too late."""
        return [(field.label, field.value()) for field in self.visible_fields() if field.value() not in (None, "")]

    def warning(self) -> str:
        """What follows and cannot be taken back: asked once more before it is written. "" when nothing does."""
        return ""

    def facts(self) -> dict[str, Any]:
        """What services.make_move wants, without what was left empty."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


def words(label: str | Promise, *, required: bool, help_text: str | Promise = "") -> forms.CharField:
    return Words(
        label=label,
        required=required,
        max_length=1000,
        help_text=help_text,
        widget=LongText(rows=4, attrs={"maxlength": 1000}),
    )


class AcceptForm(ReadForm):
    heading = gettext_lazy("Accept the escort")
    button = gettext_lazy("Accept")
    text = words(
        gettext_lazy("Remark"),
        required=False,
        help_text=gettext_lazy("OCHA and the requesting organisation read it. Nothing about your own operations."),
    )


class LimitForm(ReadForm):
    heading = gettext_lazy("Accept with limits")
    button = gettext_lazy("Accept with these limits")
    text = words(
        gettext_lazy("Which limits?"),
        required=True,
        help_text=gettext_lazy("For example: by daylight only, as far as Ippy, at most eight vehicles."),
    )


class DeclineForm(ReadForm):
    heading = gettext_lazy("Decline the escort")
    button = gettext_lazy("Decline")
    kind = "danger"
    decline_reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=ForceReply.DeclineReason.choices, widget=ChoiceBoxes()
    )
    text = words(gettext_lazy("Explanation"), required=False)


class CounterForm(ReadForm):
    heading = gettext_lazy("Make a counter-proposal")
    button = gettext_lazy("Send the counter-proposal")
    text = words(gettext_lazy("What do you propose?"), required=True)
    other_force = forms.ModelChoiceField(
        label=gettext_lazy("Other provider"),
        queryset=Force.objects.none(),
        required=False,
        empty_label=gettext_lazy("The same provider"),
    )
    other_axis = forms.ModelChoiceField(
        label=gettext_lazy("Other axis"),
        queryset=Axis.objects.none(),
        required=False,
        empty_label=gettext_lazy("The same axis"),
    )
    departure_at = forms.DateTimeField(label=gettext_lazy("Other departure"), required=False, widget=MomentInput())
    window_to = forms.DateTimeField(label=gettext_lazy("Window until"), required=False, widget=MomentInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = Force.objects.present(self.file.country).exclude(organisation=self.file.organisation_id)
        self.fields["other_force"].queryset = present  # type: ignore[attr-defined]
        self.fields["other_axis"].queryset = Axis.objects.filter(country=self.file.country)  # type: ignore[attr-defined]

    def layout(self) -> tuple:
        note = _("Fill what is different. Another provider or axis, or a date outside the approval, is decided anew.")
        return "text", Note(note), Pair("other_force", "other_axis"), Pair("departure_at", "window_to")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not any(found.get(name) for name in ("other_force", "other_axis", "departure_at", "window_to")):
            if not self.errors:
                self.add_error(None, _("Say what is different: the provider, the axis or the dates."))
            return found
        now, starts, ends = timezone.now(), found.get("departure_at"), found.get("window_to")
        for name, moment in (("departure_at", starts), ("window_to", ends)):
            if moment and not now < moment < now + FARTHEST:
                self.add_error(name, _("Choose a date in the coming months."))
        if starts and ends and ends <= starts:
            self.add_error("window_to", _("The window ends before it begins."))
        return found


class PlanForm(ReadForm):
    """On which days of the period the force patrols."""

    heading = gettext_lazy("Plan the patrols")
    button = gettext_lazy("They are planned")
    days = patrol_days()
    text = words(
        gettext_lazy("Remark"),
        required=False,
        help_text=gettext_lazy("OCHA and the requesting organisation read it. Nothing about your own operations."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, last = self.known.at("departure_at"), self.known.at("window_to")
        self.fields["days"].choices = days_between(first, last, self.file.country.zone)  # type: ignore[attr-defined]


class PlanInPartForm(PlanForm):
    heading = gettext_lazy("Plan a part of the patrols")
    button = gettext_lazy("This part is planned")
    text = words(
        gettext_lazy("What is left out?"),
        required=True,
        help_text=gettext_lazy("For example: as far as Ippy only, one day instead of three."),
    )


class NotPlannedForm(DeclineForm):
    heading = gettext_lazy("No patrol is planned")
    button = gettext_lazy("No patrol is planned")


class PatrolForm(ReadForm):
    """One patrol that was done."""

    heading = gettext_lazy("Log a patrol")
    button = gettext_lazy("Log it")
    day = forms.TypedChoiceField(label=gettext_lazy("On which day?"), coerce=date.fromisoformat)
    km = forms.IntegerField(label=gettext_lazy("Kilometres"), min_value=1, max_value=LONGEST)
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=DIRECTIONS, widget=ChoiceLine())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone, now = self.file.country.zone, timezone.now()
        first, last = self.known.at("departure_at"), self.known.at("window_to")
        days = days_between(first, min(last, now) if last else now, zone)
        self.fields["day"].choices = days[::-1]  # type: ignore[attr-defined]


class PatrolCorrectForm(PatrolForm):
    """Which patrol was logged wrongly, what holds instead, and why; what is left empty stays as it was logged."""

    heading = gettext_lazy("Correct a log")
    button = gettext_lazy("Correct it")
    log = forms.TypedChoiceField(label=gettext_lazy("Which log is wrong?"), coerce=numbers.shown, widget=ChoiceBoxes())
    reason = Words(
        label=gettext_lazy("Why is it corrected?"),
        max_length=400,
        help_text=gettext_lazy("OCHA and the requesting organisation read it. Nothing about your own operations."),
        widget=LongText(rows=2, attrs={"maxlength": 400}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(numbers.hidden(log.pk), patrols.in_words(log)) for log in self.known.own_patrols]
        self.fields["log"].choices = own  # type: ignore[attr-defined]
        may_stay_empty(self)

    def layout(self) -> tuple:
        note = _("The wrong log stays, struck through; OCHA and the requesting organisation see it beside the new one.")
        return Note(note), "log", "day", "km", "direction", "reason"


class LogForm(ReadForm):
    heading = gettext_lazy("Log the movement")
    button = gettext_lazy("Log it")
    what = forms.ChoiceField(label=gettext_lazy("What happened?"), widget=ChoiceLine())
    number = forms.TypedChoiceField(label=gettext_lazy("Rotation"), coerce=int)
    happened_at = forms.DateTimeField(label=gettext_lazy("Actual time"), widget=MomentInput())
    note = Words(
        label=gettext_lazy("Remark"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("When it was aborted: why, in a sentence."),
        widget=LongText(rows=2, attrs={"maxlength": 400}),
    )

    def __init__(self, data=None, *, known: Known, **kwargs: Any) -> None:
        number = min(known.next_rotation, known.rotations_allowed)
        what = rotations.next_step(known.logs, number, FORCE)
        now = timezone.now().replace(second=0, microsecond=0)
        super().__init__(data, known=known, initial={"number": number, "what": what, "happened_at": now}, **kwargs)
        count = known.rotations_allowed if known.logs else 1
        choices = HAPPENED if known.logs else HAPPENED[:1]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        self.fields["number"].choices = [  # type: ignore[attr-defined]
            (each, _("%(number)d of %(count)d") % {"number": each, "count": known.rotations_allowed})
            for each in range(1, count + 1)
        ]
        self.fields["happened_at"].help_text = local_and_zulu(now)

    def layout(self) -> tuple:
        return "what", Pair("number", "happened_at"), "note"

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        moment = found.get("happened_at")
        if moment and moment > timezone.now() + timedelta(minutes=1):
            self.add_error("happened_at", _("What is logged cannot lie in the future."))
        elif moment:
            found["happened_at"] = min(moment, timezone.now())
        if found.get("what") == RotationLog.What.ABORT and not found.get("note", "").strip():
            self.add_error("note", _("Say why in a sentence."))
        return found

    def warning(self) -> str:
        said = rotations.Said(self.cleaned_data["number"], self.cleaned_data["what"])
        return rotations.what_follows(self.known.logs, said, self.known.rotations_allowed)


class CorrectForm(ReadForm):
    """Which own log is wrong, what holds instead, and why; what is left empty stays as it was logged."""

    heading = gettext_lazy("Correct a log")
    button = gettext_lazy("Correct it")
    log = forms.TypedChoiceField(label=gettext_lazy("Which log is wrong?"), coerce=numbers.shown, widget=ChoiceBoxes())
    what = forms.ChoiceField(
        label=gettext_lazy("What holds instead?"), choices=RotationLog.What.choices, widget=ChoiceLine()
    )
    happened_at = forms.DateTimeField(
        label=gettext_lazy("Actual time"),
        required=False,
        help_text=gettext_lazy("Empty: the time stays as it was logged."),
        widget=MomentInput(),
    )
    number = forms.TypedChoiceField(
        label=gettext_lazy("Rotation"), coerce=int, required=False, help_text=gettext_lazy("Empty: the same rotation.")
    )
    note = Words(
        label=gettext_lazy("Remark"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("When it was aborted: why, in a sentence."),
        widget=LongText(rows=2, attrs={"maxlength": 400}),
    )
    reason = Words(
        label=gettext_lazy("Why is it corrected?"),
        max_length=400,
        help_text=gettext_lazy("OCHA and the requesting organisation read it. Nothing about your own operations."),
        widget=LongText(rows=2, attrs={"maxlength": 400}),
    )

    def __init__(self, data=None, *, known: Known, **kwargs: Any) -> None:
        super().__init__(data, known=known, **kwargs)
        own = [(numbers.hidden(log.pk), rotations.log_in_words(log)) for log in known.own_standing]
        rounds = [(each, str(each)) for each in range(1, known.rotations_allowed + 1)]
        self.fields["log"].choices = own  # type: ignore[attr-defined]
        self.fields["number"].choices = [("", "–"), *rounds]  # type: ignore[attr-defined]
        if known.rotations_allowed == 1:
            del self.fields["number"]
        self.is_over = bool(rotations.verdict(known.logs, known.rotations_allowed))
        if self.is_over:
            self.fields["what"].required = False
            for name in {"what", "number"} & set(self.fields):
                self.fields[name].widget = forms.HiddenInput()

    def layout(self) -> tuple:
        if self.is_over:
            return Note(self.only_hours()), "log", "happened_at", "note", "reason"
        note = _("The wrong log stays, struck through; both sides and OCHA see it beside the new one.")
        when = Pair("number", "happened_at") if "number" in self.fields else "happened_at"
        return Note(note), "log", "what", when, "note", "reason"

    @staticmethod
    def only_hours() -> str:
        return _("The movement has ended: its hours and remarks can be corrected. If more is wrong, call OCHA.")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        moment = found.get("happened_at")
        if moment and moment > timezone.now() + timedelta(minutes=1):
            self.add_error("happened_at", _("What is logged cannot lie in the future."))
        elif moment:
            found["happened_at"] = min(moment, timezone.now())
        self.wrong = next((log for log in self.known.own_standing if log.pk == found.get("log")), None)
        if self.wrong and self.is_over:
            found["what"] = found.get("what") or self.wrong.what
            if (found["what"], found.get("number") or self.wrong.number) != (self.wrong.what, self.wrong.number):
                self.add_error(None, self.only_hours())
        if found.get("what") == RotationLog.What.ABORT and not found.get("note", "").strip():
            self.add_error("note", _("Say why in a sentence."))
        return found

    def warning(self) -> str:
        if self.is_over or self.wrong is None:
            return ""
        said = rotations.Said(self.cleaned_data.get("number") or self.wrong.number, self.cleaned_data["what"])
        beside = [log for log in self.known.logs if log.pk != self.wrong.pk]
        return rotations.what_follows(beside, said, self.known.rotations_allowed)


def local_and_zulu(now: datetime) -> str:
    """Beside a time to be typed: which time is meant."""
    local = timezone.localtime(now)
    return _("Local time (%(zone)s). It is now %(zulu)s.") % {"zone": local.tzinfo, "zulu": zulu(now)}


class DisputeForm(ReadForm):
    heading = gettext_lazy("That is not what I said")
    button = gettext_lazy("Tell OCHA")
    kind = "danger"
    reason = Words(
        label=gettext_lazy("What is wrong?"), max_length=400, widget=LongText(rows=3, attrs={"maxlength": 400})
    )
