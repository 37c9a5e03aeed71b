"""How is another version of a country's policy asked for? Every field of it, and each of its clocks in hours."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.places.models import Clock, CountryProfile
from cmcoord.places.models.policy import LIFE_SAVING
from cmcoord.ui.layout import Act, Acts, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import DayInput, LongText
from requests_app import policies
from requests_app.forms.fields import CHOOSE, Words
from requests_app.forms.pieces import Included
from requests_app.models import RequestType

HOURS = re.compile(r"^(\d{1,4})(?::([0-5]\d))?$")


def hours(minutes: int | None) -> str:
    """Minutes as a clock is written: 90 → "1:30"."""
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02}"


class HoursField(forms.Field):
    """How long a step takes, written as hours and minutes; empty where the type has no such step."""

    def __init__(self, **kwargs):
        plain = {"inputmode": "text", "autocomplete": "off", "maxlength": 7, "placeholder": "8:00"}
        super().__init__(required=False, widget=forms.TextInput(plain), **kwargs)

    def to_python(self, value) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = HOURS.match(text)
        if not found:
            raise ValidationError(_("Write hours and minutes, for example 8:00 or 0:30."))
        return int(found[1]) * 60 + int(found[2] or 0)


def steps_of(kind: str, pace: str) -> list[str]:
    """The steps that a type of request has at one pace."""
    without = {"lead_time"} if pace == Clock.Pace.URGENT or kind in LIFE_SAVING else set()
    return [step for step in Clock.Step.values if step not in without and Clock.has_step(kind, step)]


def _capital(choices) -> list[tuple[str, str]]:
    """Each choice stands in a line of its own."""
    return [(value, capfirst(label)) for value, label in choices]


def _boxes(label: str, choices, hint: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=_capital(choices), required=False, widget=forms.CheckboxSelectMultiple, help_text=hint,
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip


class PolicyForm(forms.Form):
    """A version of the policy, filled in with the one before it."""

    marks_optional = False

    def __init__(self, data=None, *, before: CountryProfile | None, back: str, initial: dict | None = None):
        super().__init__(data, initial=(_initial(before) if before else {}) | (initial or {}))
        self.back = back
        known = [*RequestType.values, *(before.request_types if before else ())]
        self.kinds = [(kind, policies.type_name(kind)) for kind in dict.fromkeys(known)]
        self._add_values()
        for kind, _label in self.kinds:
            self._add_clocks(kind)
        self.fields["in_force_from"] = forms.DateField(label=_("In force from"), widget=DayInput())
        self.fields["reason"] = Words(
            label=_("Why?"), max_length=1000, widget=LongText(rows=3),
            help_text=_("Everybody of the humanitarian side in the country reads it beside this version."),
        )  # fmt: skip

    def _add_values(self) -> None:
        label = {name: capfirst(CountryProfile._meta.get_field(name).verbose_name) for name in policies.FIELDS}  # type: ignore[union-attr]
        chosen = {
            "strategy": CountryProfile.Strategy,
            "decision_model": CountryProfile.DecisionModel,
            "escorts": CountryProfile.Escorts,
            "reverse_requests": CountryProfile.Reverse,
        }
        for name, choices in chosen.items():
            self.fields[name] = forms.ChoiceField(
                label=label[name], choices=_capital(choices.choices), widget=forms.RadioSelect,
                error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
            )  # fmt: skip
        for name in ("request_types", "consensus_types", "consulted_types"):
            self.fields[name] = _boxes(label[name], self.kinds)
        self.fields["members_needed"] = forms.IntegerField(
            label=label["members_needed"], min_value=0, max_value=99,
            help_text=_("Silence is not support: not reached."),
        )  # fmt: skip
        self.fields["life_saving_exception"] = forms.BooleanField(label=label["life_saving_exception"], required=False)
        self.fields["prohibited_transports"] = _boxes(label["prohibited_transports"], CountryProfile.Transport.choices)
        for meeting, name in CountryProfile.Meeting.choices:
            self.fields[f"meeting_{meeting}"] = _boxes(capfirst(name), CountryProfile.Invited.choices)
            self.fields[f"meeting_{meeting}"].widget.attrs["class"] = "inline"
        self.fields["languages"] = _boxes(label["languages"], settings.LANGUAGES)

    def _add_clocks(self, kind: str) -> None:
        paces, steps = dict(Clock.Pace.choices), dict(Clock.Step.choices)
        for pace in Clock.Pace.values:
            for step in steps_of(kind, pace):
                label = _("%(step)s, %(pace)s") % {"step": capfirst(steps[step]), "pace": paces[pace]}
                self.fields[policies.clock_field(kind, pace, step)] = HoursField(label=label)

    def proposal(self) -> dict[str, Any]:
        """What services.propose_policy needs; clocks of a type that is off go."""
        found = self.cleaned_data
        meetings = {kind: found[f"meeting_{kind}"] for kind in CountryProfile.Meeting.values}
        values = {name: found[name] for name in policies.FIELDS if name != "meetings"}
        values["meetings"] = {kind: invited for kind, invited in meetings.items() if invited}
        clocks = {
            f"{kind}/{pace}/{step}": minutes
            for kind in found["request_types"]
            for pace in Clock.Pace.values
            for step in steps_of(kind, pace)
            if (minutes := found[policies.clock_field(kind, pace, step)]) is not None
            and (step != "consultation" or kind in found["consensus_types"] or kind in found["consulted_types"])
        }
        return {
            "values": values,
            "clocks": clocks,
            "in_force_from": found["in_force_from"],
            "reason": found["reason"],
        }

    @property
    def clock_tables(self) -> list[dict[str, Any]]:
        """The clocks of each type, a step beside each other at both paces; one with a mistake stands open."""
        found = []
        for kind, label in self.kinds:
            rows = [
                [
                    self[policies.clock_field(kind, pace, step)]
                    for pace in Clock.Pace.values
                    if step in steps_of(kind, pace)
                ]
                for step in Clock.Step.values
                if step in steps_of(kind, "routine")
            ]
            found.append({"label": label, "rows": rows, "open": any(cell.errors for row in rows for cell in row)})
        return found

    @property
    def helper(self):
        meetings = [f"meeting_{kind}" for kind in CountryProfile.Meeting.values]
        hint = _("Hours and minutes: working hours where it is routine, round the clock where it is urgent.")
        return form_helper(
            Section(_("Strategy and decision"), Pair("strategy", "decision_model"), "escorts"),
            Section(
                _("What can be filed, and who decides on it"),
                "request_types", "consensus_types", "consulted_types", "members_needed", "life_saving_exception",
            ),
            Section(_("What a force may ask for"), "reverse_requests", "prohibited_transports"),
            Section(_("Who else may be invited to a meeting"), *meetings),
            Section(_("Languages of the country"), "languages"),
            Section(_("Clocks"), Note(hint), Included("requests_app/_policy_clocks.html")),
            Section(_("From when, and why"), "in_force_from", "reason"),
            Acts(Act(_("Propose this policy")), Way(_("Back"), self.back)),
        )  # fmt: skip


class RefusalForm(forms.Form):
    """Why the policy stays as it is."""

    reason = Words(label=gettext_lazy("Reason"), max_length=200, widget=LongText(rows=2))

    def __init__(self, *args, back: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper(Section("", "reason"), Acts(Act(_("Refuse"), kind="danger"), Way(_("Back"), self.back)))


def _initial(before: CountryProfile) -> dict[str, Any]:
    found = {name: value for name, value in policies.values_of(before).items() if name != "meetings"}
    found |= {f"meeting_{kind}": invited for kind, invited in before.meetings.items()}
    for key, minutes in policies.clocks_of(before).items():
        found[policies.clock_field(*key.split("/"))] = hours(minutes)
    return found
