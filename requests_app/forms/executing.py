"""What do the logs of the road and the after-action ask?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.ui.layout import Group, Pair
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine
from requests_app import rotations, signed
from requests_app.forms.asking import MoveForm, moment, text
from requests_app.forms.fields import Words
from requests_app.models import HAPPENED, AfterAction, RotationLog

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class StartForm(MoveForm):
    happened_at = moment(gettext_lazy("When did the convoy leave?"))
    note = Words(label=gettext_lazy("Remark"), max_length=400, required=False)

    def prefilled(self) -> dict[str, Any]:
        return {"happened_at": timezone.now()}

    def arrange(self) -> None:
        if self.recorded:
            self.fields["side"] = forms.ChoiceField(
                label=_("For which side?"), choices=RotationLog.Side.choices, widget=ChoiceLine, initial="humanitarian"
            )

    def clean_happened_at(self) -> datetime:
        happened = self.cleaned_data["happened_at"]
        if happened > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError(_("What is logged cannot lie in the future."))
        return min(happened, timezone.now())


class LogForm(StartForm):
    what = forms.ChoiceField(label=gettext_lazy("What happened?"), choices=HAPPENED, widget=ChoiceLine)
    number = forms.IntegerField(label=gettext_lazy("Rotation"), min_value=1, max_value=20)
    is_last = forms.BooleanField(label=gettext_lazy("No further rotation will take place"), required=False)

    def prefilled(self) -> dict[str, Any]:
        """What happened is chosen, never preselected: a log stays."""
        return {"happened_at": timezone.now(), "number": rotations.current_number(self.case)}

    def arrange(self) -> None:
        super().arrange()
        self.fields["happened_at"].label = _("When?")
        self.fields["note"].help_text = _("Needed when it was aborted.")
        if rotations.allowed(self.case) == 1:
            del self.fields["is_last"]
            self.fields["number"].widget = forms.HiddenInput()

    def layout(self) -> list:
        side = ["side"] if "side" in self.fields else []
        last = ["is_last"] if "is_last" in self.fields else []
        return [*side, "what", Pair("happened_at", "number"), "note", *last]

    def clean(self) -> None:
        if self.cleaned_data.get("what") == RotationLog.What.ABORT and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("Say why in a sentence."))

    def warning(self) -> str:
        logs = rotations.standing_logs(self.case.rotation_logs.all())
        said = rotations.Said(*(self.cleaned_data.get(name) for name in ("number", "what", "is_last")))
        return rotations.what_follows(logs, said, rotations.allowed(self.case))


class CorrectForm(MoveForm):
    """Which log is wrong, what holds instead, and why; what is left empty stays as it was logged."""

    log = forms.TypedChoiceField(label=gettext_lazy("Which log is wrong?"), coerce=int, widget=ChoiceBoxes())
    what = forms.ChoiceField(
        label=gettext_lazy("What holds instead?"), choices=RotationLog.What.choices, widget=ChoiceLine
    )
    happened_at = moment(
        gettext_lazy("When?"), required=False, help_text=gettext_lazy("Empty: the time stays as it was logged.")
    )
    number = forms.IntegerField(
        label=gettext_lazy("Rotation"),
        min_value=1,
        max_value=20,
        required=False,
        help_text=gettext_lazy("Empty: the same rotation."),
    )
    note = Words(
        label=gettext_lazy("Remark"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Needed when it was aborted."),
    )
    is_last = forms.BooleanField(label=gettext_lazy("No further rotation will take place"), required=False)
    reason = text(gettext_lazy("Why is it corrected?"), most=400, rows=2)
    intro = gettext_lazy("The wrong log stays, struck through; both sides and OCHA see it beside the new one.")

    def introduce(self) -> str | Promise:
        if self.case.status == "underway":
            return self.intro
        return _("The movement has ended: its hours and remarks can be corrected; tell the rest in the after-action.")

    def arrange(self) -> None:
        """Of a movement that has ended only hours and remarks are asked; what else was sent meets its refusal."""
        self.logs = rotations.standing_logs(self.case.rotation_logs.all())
        own = [log for log in self.logs if self.recorded or log.side == RotationLog.Side.HUMANITARIAN]
        self.fields["log"].choices = [(log.pk, rotations.log_in_words(log, self.recorded)) for log in own]
        if rotations.allowed(self.case) == 1:
            del self.fields["is_last"], self.fields["number"]
        if self.case.status != "underway":
            self.fields["what"].required = False
            self.fields.pop("is_last", None)
            for name in {"what", "number"} & set(self.fields):
                self.fields[name].widget = forms.HiddenInput()

    def layout(self) -> list:
        shown = [name for name in ("log", "what", "happened_at", "number", "note", "is_last", "reason")
                 if name in self.fields and not self.fields[name].widget.is_hidden]  # fmt: skip
        if "number" in shown:
            shown.remove("number")
            shown[shown.index("happened_at")] = Pair("happened_at", "number")
        return shown

    def clean_happened_at(self) -> datetime | None:
        happened = self.cleaned_data["happened_at"]
        if happened and happened > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError(_("What is logged cannot lie in the future."))
        return min(happened, timezone.now()) if happened else None

    def clean(self) -> None:
        self.wrong = next((log for log in self.logs if log.pk == self.cleaned_data.get("log")), None)
        if self.wrong and self.case.status != "underway":
            self.cleaned_data["what"] = self.cleaned_data.get("what") or self.wrong.what
        if self.cleaned_data.get("what") == RotationLog.What.ABORT and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("Say why in a sentence."))

    def warning(self) -> str:
        if self.case.status != "underway" or self.wrong is None:
            return ""
        number = self.cleaned_data.get("number") or self.wrong.number
        said = rotations.Said(number, self.cleaned_data["what"], self.cleaned_data.get("is_last", False))
        beside = [log for log in self.logs if log != self.wrong]
        return rotations.what_follows(beside, said, rotations.allowed(self.case))


class CloseForm(MoveForm):
    """The after-action with a tick for each condition of the approval."""

    as_approved = forms.ChoiceField(
        label=gettext_lazy("Executed as approved?"), choices=AfterAction.AsApproved.choices, widget=ChoiceLine
    )
    deviation = text(gettext_lazy("Which deviation?"), most=1000, required=False, rows=3)
    incidents = text(gettext_lazy("Incidents"), most=1000, required=False, rows=3)
    perception = text(
        gettext_lazy("What did people say?"), most=600, required=False, rows=3, help_text=gettext_lazy("Never names.")
    )
    civilian_option_now = forms.ChoiceField(
        label=gettext_lazy("Is there a civilian option now?"), choices=YES_NO, required=False, widget=ChoiceLine
    )
    lesson = text(gettext_lazy("Lesson"), most=600, required=False, rows=3)

    def arrange(self) -> None:
        self.conditions = signed.conditions_of(self.case.decision)
        for number, (_code, label) in enumerate(self.conditions):
            self.fields[f"condition_{number}"] = forms.ChoiceField(
                label=label,
                choices=[("yes", _("respected")), ("no", _("not respected")), ("na", _("did not apply"))],
                widget=ChoiceLine,
            )

    def layout(self) -> list:
        ticks = [f"condition_{number}" for number in range(len(self.conditions))]
        return [
            "as_approved",
            Group(_("Conditions"), *ticks),
            "deviation",
            "incidents",
            "perception",
            "civilian_option_now",
            "lesson",
        ]

    def clean(self) -> None:
        broken = [n for n in range(len(self.conditions)) if self.cleaned_data.get(f"condition_{n}") == "no"]
        deviated = self.cleaned_data.get("as_approved") in ("deviation", "no") or broken
        if deviated and not self.cleaned_data.get("deviation", "").strip():
            self.add_error("deviation", _("Describe the deviation."))

    def facts(self) -> dict[str, Any]:
        kept = ("as_approved", "deviation", "incidents", "perception", "lesson")
        option = self.cleaned_data.get("civilian_option_now")
        return {
            **{name: self.cleaned_data[name] for name in kept},
            "civilian_option_now": {"yes": True, "no": False}.get(option),
            "conditions_respected": [
                {"condition": code, "answer": self.cleaned_data[f"condition_{number}"]}
                for number, (code, _label) in enumerate(self.conditions)
            ],
        }


class NothingToReportForm(MoveForm):
    """The after-action in one tap."""

    def facts(self) -> dict[str, Any]:
        return {"nothing_to_report": True}
