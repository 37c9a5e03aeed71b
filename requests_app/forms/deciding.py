"""What do a draft, a decision and an extension ask? No approval without its limits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cmcoord.places.models import AdminArea, Axis, Place
from cmcoord.ui.layout import Group, Only, Pair
from cmcoord.ui.templatetags.ui import moment_in_words
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine
from contacts.models import Force
from requests_app import consensus, provider
from requests_app.forms.asking import MoveForm, ReasonForm, moment, text
from requests_app.forms.consulting import add_answers
from requests_app.forms.fields import Words, YesOrNo, from_list
from requests_app.guards import oral_decision
from requests_app.models import (
    Condition,
    DecisionOutcome,
    DenialReason,
)
from requests_app.questions import FORM, questions
from requests_app.services.consulting import joined
from requests_app.services.deciding import LIMIT_FIELDS, limits_errors


class LimitsForm(MoveForm):
    """The limits of an approval: provider, area, period, number, conditions; none of them may be missing."""

    force = forms.ModelChoiceField(
        label=gettext_lazy("Provider"),
        queryset=Force.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose the provider"),
    )
    axis = forms.ModelChoiceField(
        label=gettext_lazy("Area (axis)"),
        queryset=Axis.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose the axis"),
    )
    area = forms.ModelChoiceField(
        label=gettext_lazy("Or a whole area"),
        queryset=AdminArea.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose the area"),
    )
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
        if self.case.is_escort:
            del self.fields["area"]
        else:
            self.fields["area"].queryset = AdminArea.objects.filter(country=self.case.country_id).current()

    def limits_layout(self) -> list:
        return [
            *([Pair("force", "axis")] if self.case.is_escort else ["force", Pair("axis", "area")]),
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
        if not self.errors and self.is_stopped() and not provider.may_be_excepted(self.case):
            self.add_error("force", provider.cannot_be_named(self.case))

    def is_stopped(self) -> bool:
        """By the register this force cannot be named in these limits."""
        names = ("force", "axis", "area", "valid_from", "valid_to")
        return provider.stop_of(self.case, **{name: self.cleaned_data.get(name) for name in names}) is not None


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
        last = provider.newest_draft(self.case)
        if last and last.recommendation == DecisionOutcome.APPROVED:
            return {"recommendation": last.recommendation, "note": last.note, **limits_of(last)}
        case = self.case
        return {
            "recommendation": last.recommendation if last else DecisionOutcome.APPROVED,
            "note": last.note if last else "",
            "force": case.force_id,
            "axis": case.axis_id,
            "area": case.area_id,
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
    exception_text = text(
        gettext_lazy("Exception to save lives"), most=1500, required=False, rows=3,
        help_text=gettext_lazy(
            "By the force register this provider cannot be named. Say whose lives are in immediate danger, and why no "
            "other provider can save them. Printed on the decision."
        ),
    )  # fmt: skip
    intro = gettext_lazy("An approval ends by itself. Provider, area, period and conditions cannot be left open.")

    def prefilled(self) -> dict[str, Any]:
        last = provider.newest_draft(self.case)
        if last and last.recommendation == DecisionOutcome.APPROVED:
            limits = limits_of(last)
            wanted = consensus.conditions(self.case) if consensus.is_asked(self.case) else []
            return limits | {"condition_text": joined(last.condition_text, *wanted)}
        case = self.case
        return {
            "force": case.force_id,
            "axis": case.axis_id,
            "area": case.area_id,
            "valid_from": case.departure_at,
            "valid_to": case.window_to,
            "rotations": case.rotations,
        }

    def arrange(self) -> None:
        super().arrange()
        self.to_the_team = add_answers(self)
        if not provider.stop(self.case) or not provider.may_be_excepted(self.case):
            del self.fields["exception_text"]

    def layout(self) -> list:
        excepts = ["exception_text"] if "exception_text" in self.fields else []
        return [*self.limits_layout(), *excepts, *self.to_the_team, "reason"]

    def clean(self) -> None:
        self.check_limits()
        if "exception_text" not in self.fields or self.errors or self.cleaned_data["exception_text"].strip():
            return
        if self.is_stopped():
            self.add_error(
                "exception_text", _("Say whose lives are in immediate danger, and why no other provider can save them.")
            )


class DenyForm(MoveForm):
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"), choices=DenialReason.choices, widget=ChoiceBoxes)
    reason = text(gettext_lazy("In a sentence"), most=1500, help_text=gettext_lazy("The requester reads this."))


class OralForm(MoveForm):
    """A decision by word of mouth: when OCHA writes it down, who else heard it (domain.md §2.8)."""

    witness = Words(
        label=gettext_lazy("Witness (name)"),
        max_length=80,
        help_text=gettext_lazy("A second person who heard it: not you, and not the one who decides."),
    )

    def arrange(self) -> None:
        super().arrange()
        if not self.recorded:
            del self.fields["witness"]

    def introduce(self) -> str:
        return _("It counts at once. Within 24 hours it has to be confirmed in writing, by whoever decided.")

    def with_witness(self) -> list[str]:
        return ["witness"] if "witness" in self.fields else []


class OralApproveForm(OralForm, ApproveForm):
    """The same limits, filled in beforehand: two taps where the provider is known."""

    def prefilled(self) -> dict[str, Any]:
        known = super().prefilled()
        kept = [] if self.case.drafts.all() else ["area_only", "window_only", "no_arms_on_board", "leader_stops"]
        return known | ({"conditions": kept} if kept else {})

    def layout(self) -> list:
        return [*self.with_witness(), *super().layout()]


class OralDenyForm(OralForm, DenyForm):
    def layout(self) -> list:
        return [*self.with_witness(), "reason_code", "reason"]


class WritingForm(ReasonForm):
    """What was said by word of mouth, before it is signed."""

    def introduce(self) -> str:
        decision = oral_decision(self.case)
        if decision is None:
            return ""
        said = _("Decided by word of mouth on %(when)s: %(outcome)s.") % {
            "when": moment_in_words(decision.decided_at, "long"),
            "outcome": decision.get_outcome_display(),
        }
        if decision.outcome != DecisionOutcome.APPROVED:
            return said
        return (
            said
            + " "
            + _("%(force)s, %(where)s, until %(end)s. Conditions: %(conditions)s.")
            % {
                "force": decision.force,
                "where": decision.where,
                "end": moment_in_words(decision.valid_to, "long"),
                "conditions": "; ".join(decision.condition_labels()),
            }
        )


class FullForm(MoveForm):
    """What a rescue leaves for later: within 24 hours of the call."""

    destination = from_list(Place.objects.none())
    un_on_board = YesOrNo()
    risk_comparable = text("", most=400, rows=3)
    exit_plan = text("", most=600, rows=3)

    def arrange(self) -> None:
        self.fields["destination"] = from_list(
            Place.objects.filter(country=self.case.country_id).order_by("folded_name")
        )
        for question in questions(self.case, FORM):
            field = self.fields[question.field]
            field.label, field.help_text, field.required = question.label, question.hint, True

    def prefilled(self) -> dict[str, Any]:
        return {"un_on_board": {True: "yes", False: "no"}.get(self.case.un_on_board, "")}


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
        return ngettext(
            "Asked: until %(end)s, %(count)d rotation in all. “%(reason)s”",
            "Asked: until %(end)s, %(count)d rotations in all. “%(reason)s”",
            asked.rotations,
        ) % {
            "end": moment_in_words(asked.until, "long"),
            "count": asked.rotations,
            "reason": asked.reason,
        }
