"""What do a transmission, a schedule and a change ask, and a reply of the force that OCHA takes down?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cmcoord.places.models import Axis
from cmcoord.ui.layout import Pair, form_helper
from cmcoord.ui.templatetags.ui import moment_in_words
from cmcoord.ui.widgets import ChoiceBoxes
from contacts.models import Force
from requests_app.forms.asking import MoveForm, moment, newest, text
from requests_app.models import (
    Case,
    ForceReply,
)
from requests_app.transmission import standing_reply


class TransmitForm(MoveForm):
    """What OCHA tells the force in place of the need."""

    task = text(
        gettext_lazy("What the force is asked to do"),
        most=1000,
        rows=5,
        help_text=gettext_lazy(
            "The force reads this text instead of the need. Write nothing that was said in confidence."
        ),
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact for the force"), max_length=120, help_text=gettext_lazy("Function and telephone.")
    )
    reason = text(gettext_lazy("Which facts are new?"), most=600, rows=2)
    intro = gettext_lazy(
        "The force receives a numbered, frozen extract: organisation, task, places, dates, vehicles, cargo and the "
        "conditions. It receives neither the need, nor the opinions, nor this page."
    )

    def prefilled(self) -> dict[str, Any]:
        earlier = next((row for row in list(self.case.extracts.all())[::-1] if row.kind == "request"), None)
        number = self.case.station.telephone or self.case.country.national_unit_telephone
        return {
            "task": earlier.content["task"] if earlier else suggested_task(self.case),
            "contact": f"OCHA {self.case.station}, {number}" if number else f"OCHA {self.case.station}",
        }

    def arrange(self) -> None:
        if self.code == "transmit":
            del self.fields["reason"]

    def layout(self) -> list:
        return [*(["reason"] if "reason" in self.fields else []), "task", "contact"]


def suggested_task(case: Case) -> str:
    """A first text for the force, from places, dates and numbers only: never from the need."""
    decision = case.decision
    vehicles = ngettext("%(count)d humanitarian vehicle", "%(count)d humanitarian vehicles", case.vehicles) % {
        "count": case.vehicles
    }
    journeys = ngettext("%(count)d rotation", "%(count)d rotations", decision.rotations) % {"count": decision.rotations}
    return _(
        "Escort %(vehicles)s from %(origin)s to %(destination)s (%(axis)s), %(rotations)s, between %(start)s and "
        "%(end)s. The civilian convoy leader may stop or turn back at any time."
    ) % {
        "vehicles": vehicles,
        "origin": case.origin,
        "destination": case.destination,
        "axis": decision.axis,
        "rotations": journeys,
        "start": moment_in_words(max(filter(None, (case.departure_at, decision.valid_from))), "long"),
        "end": moment_in_words(min(filter(None, (case.window_to, decision.valid_to))), "long"),
    }


class ReplyForm(MoveForm):
    """One of the replies of the force, as OCHA took it down; the force itself answers on its own pages."""

    decline_reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=ForceReply.DeclineReason.choices, widget=ChoiceBoxes
    )
    text = text(gettext_lazy("Limits or explanation"), most=1000)
    departure_at = moment(gettext_lazy("Proposed departure"), required=False)
    window_to = moment(gettext_lazy("Proposed end"), required=False)
    other_force = forms.ModelChoiceField(
        label=gettext_lazy("Another provider"), queryset=Force.objects.none(), required=False
    )
    other_axis = forms.ModelChoiceField(
        label=gettext_lazy("Another axis"), queryset=Axis.objects.none(), required=False
    )
    asked = {
        "accept": (),
        "limit": ("text",),
        "decline": ("decline_reason", "text"),
        "counter": ("text", "departure_at", "window_to", "other_force", "other_axis"),
    }

    def arrange(self) -> None:
        kept = {"client_key", "base_version", *self.asked[self.code]}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        if self.code == "decline":
            self.fields["text"].required = False
        if self.code == "counter":
            self.fields["other_force"].queryset = Force.objects.filter(country=self.case.country_id).select_related(
                "organisation"
            )
            self.fields["other_axis"].queryset = Axis.objects.filter(country=self.case.country_id)


class AgreeForm(MoveForm):
    """The requester's yes; `reply` is the one on the screen, so that nobody agrees to another."""

    reply = forms.IntegerField(widget=forms.HiddenInput)
    text = text(gettext_lazy("Remark"), most=600, required=False, rows=3)
    intro = gettext_lazy("You agree to exactly this reply. OCHA then schedules the escort with the force.")

    def prefilled(self) -> dict[str, Any]:
        standing = standing_reply(self.case)
        return {"reply": standing.pk if standing else None}

    @property
    def helper(self):
        return form_helper("client_key", "base_version", "reply", "text", tag=False)


class ScheduleForm(MoveForm):
    departure_at = moment(gettext_lazy("Departure"))
    rendezvous = forms.CharField(label=gettext_lazy("Meeting point"), max_length=200)
    rendezvous_at = moment(gettext_lazy("Time at the meeting point"))
    leader = forms.CharField(label=gettext_lazy("Convoy leader (function)"), max_length=120)
    contact = forms.CharField(label=gettext_lazy("Contact on the road"), max_length=120)
    call_signs = forms.CharField(label=gettext_lazy("Call signs"), max_length=120, required=False)
    intro = gettext_lazy("The force receives this as a numbered extract and acknowledges it.")

    def prefilled(self) -> dict[str, Any]:
        reply = newest(self.case.replies)
        leaves = (reply.departure_at if reply else None) or self.case.departure_at
        return {
            "departure_at": leaves,
            "rendezvous_at": leaves - timedelta(hours=1),
            "leader": self.case.leader,
            "contact": self.case.station.telephone,
        }

    def layout(self) -> list:
        return [Pair("departure_at", "rendezvous_at"), "rendezvous", Pair("leader", "contact"), "call_signs"]

    def clean(self) -> None:
        decision, leaves = self.case.decision, self.cleaned_data.get("departure_at")
        if leaves and not decision.valid_from <= leaves < decision.valid_to:
            self.add_error("departure_at", _("The departure lies outside the approved period."))
        meets = self.cleaned_data.get("rendezvous_at")
        if leaves and meets and meets > leaves:
            self.add_error("rendezvous_at", _("The rendezvous is later than the departure."))


class ChangeForm(MoveForm):
    departure_at = moment(gettext_lazy("Departure"))
    window_to = moment(gettext_lazy("Latest end"))
    vehicles = forms.IntegerField(label=gettext_lazy("Humanitarian vehicles"), min_value=1, max_value=200)
    leader = forms.CharField(label=gettext_lazy("Convoy leader (function)"), max_length=120, required=False)

    def introduce(self) -> str:
        return _("Within the approval: until %(end)s. The force receives a numbered change.") % {
            "end": moment_in_words(self.case.decision.valid_to, "long")
        }

    def prefilled(self) -> dict[str, Any]:
        case = self.case
        dates = {name: getattr(case, name).replace(second=0) for name in ("departure_at", "window_to")}
        return {**dates, "vehicles": case.vehicles, "leader": case.leader}

    def layout(self) -> list:
        return [Pair("departure_at", "window_to"), Pair("vehicles", "leader")]

    def facts(self) -> dict[str, Any]:
        """A field that was left as it stood is no change, though the page showed it to the minute only."""
        return {name: value for name, value in super().facts().items() if name in self.changed_data}
