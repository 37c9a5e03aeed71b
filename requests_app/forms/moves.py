"""What does each move ask of the person who makes it? One small form for each, prefilled from the case."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cmcoord.accounts import scope
from cmcoord.accounts.models import SIDE_OF_TYPE, User
from cmcoord.accounts.roles import CLUSTERS, Perm, Side
from cmcoord.places.models import Axis
from cmcoord.ui.layout import Group, Only, Pair, form_helper
from cmcoord.ui.templatetags.ui import moment_in_words
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine, LongText, MomentInput
from contacts.models import Force
from requests_app import case_page, rotations
from requests_app.models import (
    AfterAction,
    Case,
    Comment,
    Condition,
    DecisionOutcome,
    DenialReason,
    ForceReply,
    OnBehalf,
    Opinion,
    RotationLog,
)
from requests_app.services.deciding import LIMIT_FIELDS, limits_errors
from requests_app.services.reviewing import OPINIONS, audiences_for
from requests_app.telling import requester

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


def moment(label: str | Promise, *, required: bool = True, help_text: str | Promise = "") -> forms.DateTimeField:
    """A date and time in the local time of the station (the view has made it the current one)."""
    return forms.DateTimeField(label=label, required=required, help_text=help_text, widget=MomentInput())


def text(label: str | Promise, *, most: int, required: bool = True, rows: int = 4, help_text: str | Promise = ""):
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, widget=LongText(rows=rows)
    )


class MoveForm(forms.Form):
    """A move without questions; the others add theirs. `facts` is what services.make_move wants.

    `client_key` makes the same form sent twice one move; `base_version` says which state the person had on the screen.
    """

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    base_version = forms.IntegerField(widget=forms.HiddenInput)
    intro: str | Promise = ""

    def __init__(self, data=None, *, case: Case, code: str, user, recorded: bool = False, initial=None):
        self.case, self.code, self.user, self.recorded = case, code, user, recorded
        mine = {"client_key": uuid.uuid4(), "base_version": case.version}
        super().__init__(data, initial={**mine, **self.prefilled(), **(initial or {})})
        self.arrange()

    def prefilled(self) -> dict[str, Any]:
        return {}

    def introduce(self) -> str | Promise:
        """What the person should know before answering."""
        return self.intro

    def arrange(self) -> None:
        """Fit the questions to this case and this person."""

    def layout(self) -> list:
        return [field.name for field in self.visible_fields()]

    @property
    def helper(self):
        return form_helper("client_key", "base_version", *self.layout(), tag=False)

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("client_key", "base_version")}


class ReasonForm(MoveForm):
    """A step back, a pause or an end is explained to the people whom it stops."""

    reason = text(gettext_lazy("Why?"), most=1500)
    labels: dict[str, tuple[str | Promise, str | Promise]] = {
        "return": (gettext_lazy("What is missing?"), gettext_lazy("The requester reads this and answers it.")),
        "reject": (gettext_lazy("Why is it not receivable?"), gettext_lazy("The requester reads this.")),
        "civilian": (
            gettext_lazy("How is the need met by civilian means?"),
            gettext_lazy("Counted as a success of the coordination."),
        ),
        "take_back": (gettext_lazy("Why do you take it back?"), gettext_lazy("Read by the Humanitarian Coordinator.")),
        "redecide": (
            gettext_lazy("What has to be decided again?"),
            gettext_lazy("Another provider, another area or period; the present approval ends."),
        ),
        "refuse_counter": (gettext_lazy("Why is the counter-proposal refused?"), ""),
        "appeal": (
            gettext_lazy("Which facts are new?"),
            gettext_lazy("One appeal is possible; the request is then reviewed again."),
        ),
        "suspend": (
            gettext_lazy("What happened?"),
            gettext_lazy("The force is told to stop at once; it does not read the reason."),
        ),
        "cancel": (
            gettext_lazy("Why is it cancelled?"),
            gettext_lazy("The force receives a stand-down; it does not read the reason."),
        ),
        "waive": (gettext_lazy("Why is no after-action needed?"), ""),
        "refuse_extension": (gettext_lazy("Why?"), gettext_lazy("The old end holds.")),
        "dispute_record": (gettext_lazy("What did you say instead?"), gettext_lazy("OCHA is called to correct it.")),
        "withdraw": (gettext_lazy("Why?"), gettext_lazy("A withdrawn request cannot be reopened; it can be copied.")),
        "extend": (gettext_lazy("Remark"), gettext_lazy("Read by the requester and OCHA.")),
    }

    def arrange(self) -> None:
        label, hint = self.labels.get(self.code, ("", ""))
        self.fields["reason"].label, self.fields["reason"].help_text = str(label or _("Why?")), str(hint)
        self.fields["reason"].required = self.code not in ("withdraw", "extend")
        if self.code == "waive":
            self.fields["reason"].max_length = 400

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"].strip()
        if self.fields["reason"].required and not reason:
            raise forms.ValidationError(_("Say why in a sentence."))
        return reason


class ConsultForm(MoveForm):
    cluster = forms.ChoiceField(label=gettext_lazy("Which cluster?"), widget=ChoiceBoxes)
    intro = gettext_lazy("It is told at once and has its time to answer; its silence passes on as “no answer”.")

    def arrange(self) -> None:
        asked = self.case.consulted_bodies()
        self.fields["cluster"].choices = [(c, name) for c, name in CLUSTERS.items() if f"cluster:{c}" not in asked]


class ShareForm(MoveForm):
    person = forms.ModelChoiceField(
        label=gettext_lazy("Whom do you consult?"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("This person will see this one request. Only people of the humanitarian side."),
    )

    def arrange(self) -> None:
        people = User.objects.filter(is_active=True, organisation__isnull=False).exclude(pk=self.user.pk)
        outside = [kind for kind, side in SIDE_OF_TYPE.items() if side != Side.HUMANITARIAN]
        people = people.exclude(organisation__org_type__in=outside).select_related("organisation")
        self.fields["person"].queryset = people.order_by("folded_name", "pk")
        self.fields["person"].label_from_instance = with_organisation


def with_organisation(person: User) -> str:
    return f"{person} · {person.organisation}" if person.organisation else str(person)


class OpinionForm(MoveForm):
    value = forms.ChoiceField(label=gettext_lazy("Opinion"), widget=ChoiceBoxes)
    text = text(
        gettext_lazy("Reasons"),
        most=1000,
        required=False,
        help_text=gettext_lazy("A sentence; needed unless the opinion is favourable."),
    )
    analysis = forms.CharField(
        label=gettext_lazy("Reference of the analysis"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("A number only; the analysis itself stays with you."),
    )

    def arrange(self) -> None:
        values = OPINIONS[self.code]
        self.fields["value"].choices = [(value, Opinion.Value(value).label) for value in values]
        if self.code == "advise_cluster":
            del self.fields["analysis"]
        if self.code == "decide_security":
            self.fields["value"].label = _("Our decision")

    def clean(self) -> None:
        value = self.cleaned_data.get("value")
        if value and value not in ("endorsed", "favourable") and not self.cleaned_data.get("text", "").strip():
            self.add_error("text", _("Say why in a sentence."))


class LimitsForm(MoveForm):
    """The limits of an approval: provider, area, period, number, conditions; none of them may be missing."""

    force = forms.ModelChoiceField(label=gettext_lazy("Provider"), queryset=Force.objects.none(), required=False)
    axis = forms.ModelChoiceField(label=gettext_lazy("Area (axis)"), queryset=Axis.objects.none(), required=False)
    valid_from = moment(gettext_lazy("Valid from"), required=False)
    valid_to = moment(gettext_lazy("Valid until"), required=False, help_text=gettext_lazy("Ends by itself."))
    rotations = forms.IntegerField(label=gettext_lazy("Rotations"), min_value=1, max_value=20, required=False)
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("Conditions"),
        choices=Condition.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    condition_text = text(gettext_lazy("Further condition"), most=600, required=False, rows=2)
    marks_optional = False

    def arrange(self) -> None:
        self.fields["force"].queryset = Force.objects.filter(country=self.case.country_id).select_related(
            "organisation"
        )
        self.fields["axis"].queryset = Axis.objects.filter(country=self.case.country_id)

    def limits_layout(self) -> list:
        return [
            Pair("force", "axis"),
            Pair("valid_from", "valid_to"),
            "rotations",
            "conditions",
            "condition_text",
        ]

    def check_limits(self) -> None:
        known = {name: self.cleaned_data.get(name) for name in LIMIT_FIELDS if name not in self.errors}
        for name, sentence in limits_errors(now=timezone.now(), **known).items():
            if not self.errors.get(name):
                self.add_error(name, sentence)


def limits_of(row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in LIMIT_FIELDS}


class DraftForm(LimitsForm):
    """What the national unit recommends: prefilled from the request, or from the last draft."""

    recommendation = forms.ChoiceField(
        label=gettext_lazy("We recommend to"),
        choices=[
            (DecisionOutcome.APPROVED, gettext_lazy("approve, within these limits")),
            (DecisionOutcome.DENIED, gettext_lazy("deny")),
        ],
        widget=ChoiceLine,
    )
    note = text(
        gettext_lazy("Note to the Humanitarian Coordinator"),
        most=1500,
        required=False,
        help_text=gettext_lazy("What speaks for it, what against. Read by OCHA and the Humanitarian Coordinator."),
    )
    field_order = ["recommendation"]

    def prefilled(self) -> dict[str, Any]:
        last = _last(self.case.drafts)
        if last and last.recommendation == DecisionOutcome.APPROVED:
            return {"recommendation": last.recommendation, "note": last.note, **limits_of(last)}
        case = self.case
        return {
            "recommendation": last.recommendation if last else DecisionOutcome.APPROVED,
            "note": last.note if last else "",
            "force": case.force_id,
            "axis": case.axis_id,
            "valid_from": case.departure_at,
            "valid_to": case.window_to,
            "rotations": case.rotations,
            "conditions": ["area_only", "window_only", "no_arms_on_board", "marked_apart", "no_presence",
                           "leader_stops"],
        }  # fmt: skip

    def layout(self) -> list:
        return [
            "recommendation",
            Only("recommendation", "approved", Group(_("Limits of the approval"), *self.limits_layout())),
            "note",
        ]

    def clean(self) -> None:
        if self.cleaned_data.get("recommendation") == DecisionOutcome.APPROVED:
            self.check_limits()
        elif not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("Say why in a sentence."))


class ApproveForm(LimitsForm):
    """The decision, prefilled from the draft."""

    reason = text(gettext_lazy("Remark"), most=1500, required=False, rows=2)
    intro = gettext_lazy("An approval ends by itself. Provider, area, period and conditions cannot be left open.")

    def prefilled(self) -> dict[str, Any]:
        last = _last(self.case.drafts)
        if last and last.recommendation == DecisionOutcome.APPROVED:
            return limits_of(last)
        case = self.case
        return {
            "force": case.force_id,
            "axis": case.axis_id,
            "valid_from": case.departure_at,
            "valid_to": case.window_to,
            "rotations": case.rotations,
        }

    def layout(self) -> list:
        return [*self.limits_layout(), "reason"]

    def clean(self) -> None:
        self.check_limits()


class DenyForm(MoveForm):
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"), choices=DenialReason.choices, widget=ChoiceBoxes)
    reason = text(gettext_lazy("In a sentence"), most=1500, help_text=gettext_lazy("The requester reads this."))


class TextForm(MoveForm):
    """A question or its answer."""

    text = text(gettext_lazy("Question"), most=2000)

    def arrange(self) -> None:
        if self.code == "ask":
            self.fields["text"].help_text = _("OCHA answers; the request stays with you and the clock runs on.")
        else:
            self.fields["text"].label = _("Answer")
            question = open_question(self.case)
            self.fields["text"].help_text = _("“%(text)s”") % {"text": question.text} if question else ""


def open_question(case: Case) -> Comment | None:
    """The oldest question of the Humanitarian Coordinator without an answer."""
    rows = list(case.comments.all())
    answered = {row.answers_id for row in rows}
    return next(
        (row for row in rows if row.is_question and row.audience == "decision" and row.pk not in answered), None
    )


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


class ScheduleForm(MoveForm):
    departure_at = moment(gettext_lazy("Departure"))
    rendezvous = forms.CharField(label=gettext_lazy("Meeting point"), max_length=200)
    rendezvous_at = moment(gettext_lazy("Time at the meeting point"))
    leader = forms.CharField(label=gettext_lazy("Convoy leader (function)"), max_length=120)
    contact = forms.CharField(label=gettext_lazy("Contact on the road"), max_length=120)
    call_signs = forms.CharField(label=gettext_lazy("Call signs"), max_length=120, required=False)
    agreed_by_requester = forms.BooleanField(
        label=gettext_lazy("The requesting organisation agrees to the counter-proposal"), required=False
    )
    intro = gettext_lazy("The force receives this as a numbered extract and acknowledges it.")

    def prefilled(self) -> dict[str, Any]:
        reply = _last(self.case.replies)
        leaves = (reply.departure_at if reply else None) or self.case.departure_at
        return {
            "departure_at": leaves,
            "rendezvous_at": leaves - timedelta(hours=1),
            "leader": self.case.leader,
            "contact": self.case.station.telephone,
        }

    def arrange(self) -> None:
        if self.case.status != "countered":
            del self.fields["agreed_by_requester"]

    def layout(self) -> list:
        agreed = ["agreed_by_requester"] if "agreed_by_requester" in self.fields else []
        return [*agreed, Pair("departure_at", "rendezvous_at"), "rendezvous", Pair("leader", "contact"), "call_signs"]

    def clean(self) -> None:
        decision, leaves = self.case.decision, self.cleaned_data.get("departure_at")
        if leaves and not decision.valid_from <= leaves <= decision.valid_to:
            self.add_error("departure_at", _("The departure lies outside the approved period."))
        meets = self.cleaned_data.get("rendezvous_at")
        if leaves and meets and meets > leaves:
            self.add_error("rendezvous_at", _("The rendezvous is later than the departure."))
        if "agreed_by_requester" in self.fields and not self.cleaned_data.get("agreed_by_requester"):
            self.add_error(
                "agreed_by_requester", _("The requesting organisation has not agreed to the counter-proposal.")
            )


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


class ExtensionForm(MoveForm):
    until = moment(gettext_lazy("New end"))
    rotations = forms.IntegerField(label=gettext_lazy("Rotations in all"), min_value=1, max_value=20)
    reason = text(gettext_lazy("Why?"), most=600)

    def introduce(self) -> str:
        return _("The approval ends on %(end)s. Until the Humanitarian Coordinator decides, this end holds.") % {
            "end": moment_in_words(self.case.ends_at, "long")
        }

    def prefilled(self) -> dict[str, Any]:
        return {"rotations": self.case.decision.rotations}


class ExtendForm(ReasonForm):
    def introduce(self) -> str:
        asked = next((row for row in self.case.extension_requests.all() if row.decision_id is None), None)
        if asked is None:
            return ""
        return _("Asked: until %(end)s, %(count)d rotations in all. “%(reason)s”") % {
            "end": moment_in_words(asked.until, "long"),
            "count": asked.rotations,
            "reason": asked.reason,
        }


class StartForm(MoveForm):
    happened_at = moment(gettext_lazy("When did the convoy leave?"))
    note = forms.CharField(label=gettext_lazy("Remark"), max_length=400, required=False)

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
    what = forms.ChoiceField(label=gettext_lazy("What happened?"), choices=RotationLog.What.choices, widget=ChoiceLine)
    number = forms.IntegerField(label=gettext_lazy("Rotation"), min_value=1, max_value=20)
    is_last = forms.BooleanField(label=gettext_lazy("No further rotation will take place"), required=False)

    def prefilled(self) -> dict[str, Any]:
        number = rotations.current_number(self.case)
        mine = [row.what for row in self.case.rotation_logs.all() if row.number == number and row.side != "force"]
        return {"happened_at": timezone.now(), "number": number, "what": "end" if "start" in mine else "start"}

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
        self.conditions = case_page.conditions_of(self.case.decision)
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


class CommentForm(MoveForm):
    """The audience stands before the text, the narrowest chosen."""

    audience = forms.ChoiceField(label=gettext_lazy("Who may read it?"), widget=ChoiceBoxes)
    text = text(gettext_lazy("Comment"), most=2000)
    is_question = forms.BooleanField(label=gettext_lazy("This is a question"), required=False)

    def arrange(self) -> None:
        allowed = audiences_for(self.case, self.user)
        self.fields["audience"].choices = [(each, Comment.Audience(each).label) for each in allowed]
        self.fields["audience"].initial = allowed[0]


class SourceForm(forms.Form):
    """Who said it, how, when, before whom: what OCHA adds when it writes down the word of somebody else."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who said it?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Somebody without an account"),
        help_text=gettext_lazy("People with an account are asked to confirm."),
    )
    person_function = forms.CharField(
        label=gettext_lazy("Function, if without an account"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Never a name."),
    )
    source = forms.ChoiceField(label=gettext_lazy("How did it come?"), choices=OnBehalf.Source.choices)
    received_at = moment(gettext_lazy("When was it said?"))
    witness = forms.CharField(label=gettext_lazy("Witness (function)"), max_length=120)
    marks_optional = False
    prefix = "said"

    def __init__(self, data=None, *, case: Case, line, user):
        super().__init__(data, prefix=self.prefix, initial={"received_at": timezone.now(), "source": "telephone"})
        self.case, self.line = case, line
        people = signers(case, line)
        self.fields["person"].queryset = User.objects.filter(pk__in=[each.pk for each in people if each != user])
        self.fields["person"].queryset = self.fields["person"].queryset.select_related("organisation")
        self.fields["person"].label_from_instance = with_organisation
        if len(self.fields["person"].queryset) == 1:
            self.fields["person"].initial = self.fields["person"].queryset[0].pk
        if Perm.DECIDE_CASE in line.who:
            self.fields["person"].required = True
            self.fields["person"].empty_label = None
            del self.fields["person_function"]

    @property
    def helper(self):
        who = ["person", *(["person_function"] if "person_function" in self.fields else [])]
        return form_helper(Pair(*who), Pair("source", "received_at"), "witness", tag=False)

    def clean_received_at(self) -> datetime:
        said = self.cleaned_data["received_at"]
        if said > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError(_("What you record cannot have been said in the future."))
        return min(said, timezone.now())

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data.get("person") and not self.cleaned_data.get("person_function"):
            self.add_error("person_function", _("Say by whom: choose the person, or write the function."))


def signers(case: Case, line) -> list[User]:
    """The people whose own move this is: each of them may have telephoned."""
    found: list[User] = []
    for perm in line.who:
        found += _holders(case, perm)
    return list({person.pk: person for person in found}.values())


def _holders(case: Case, perm: str) -> list[User]:
    if perm == Perm.FILE_CASE:
        files = scope.holders(Perm.FILE_CASE, organisation=case.organisation_id, country=case.country_id)
        return [*requester(case), *files]
    if perm == Perm.ADVISE_CLUSTER:
        asked = (body.partition(":")[2] for body in case.consulted_bodies() if body.startswith("cluster:"))
        return [each for code in asked for each in scope.holders(perm, country=case.country_id, cluster=code)]
    if perm == Perm.ANSWER_AS_FORCE:
        return scope.holders(perm, organisation=case.provider().organisation_id)
    if perm in (Perm.ADVISE_UN_SECURITY, Perm.ADVISE_NGO_SECURITY, Perm.DECIDE_CASE):
        return scope.holders(perm, country=case.country_id)
    return []


def _last(rows):
    return next(iter(list(rows.all())[::-1]), None)


FORMS: dict[str, type[MoveForm]] = {
    "consult": ConsultForm,
    "share": ShareForm,
    "advise_cluster": OpinionForm,
    "advise_security": OpinionForm,
    "advise_ngo": OpinionForm,
    "decide_security": OpinionForm,
    "draft_decision": DraftForm,
    "approve": ApproveForm,
    "deny": DenyForm,
    "ask": TextForm,
    "answer": TextForm,
    "transmit": TransmitForm,
    "retransmit": TransmitForm,
    "accept": ReplyForm,
    "limit": ReplyForm,
    "decline": ReplyForm,
    "counter": ReplyForm,
    "schedule": ScheduleForm,
    "change": ChangeForm,
    "request_extension": ExtensionForm,
    "extend": ExtendForm,
    "start": StartForm,
    "log": LogForm,
    "close": CloseForm,
    "comment": CommentForm,
    **{code: ReasonForm for code in ReasonForm.labels if code != "extend"},
}


def for_move(code: str) -> type[MoveForm]:
    """The form of this move; most steps forward ask nothing."""
    return FORMS.get(code, MoveForm)
