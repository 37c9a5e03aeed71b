"""What is asked of a member of the country team, of OCHA that writes down what members said, of who concludes?"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.ui.layout import Group, Only
from cmcoord.ui.widgets import ChoiceBoxes
from requests_app import classes, consensus
from requests_app.consensus import Seat
from requests_app.forms.asking import MoveForm, moment, text
from requests_app.forms.fields import Words
from requests_app.models import Case, Comment, Condition, OnBehalf, Position, TeamSeat

CONDITION_HINT = gettext_lazy("Becomes a condition of the approval, in these words.")
SEEN = "seen"


class PositionForm(MoveForm):
    """One's own position; a further one replaces it."""

    value = forms.ChoiceField(
        label=gettext_lazy("Position of your organisation"), choices=Position.Value.choices, widget=ChoiceBoxes
    )
    condition = Words(label=gettext_lazy("Can accept if …"), max_length=200, required=False, help_text=CONDITION_HINT)
    words = text(
        gettext_lazy("Reasons"),
        most=1000,
        required=False,
        rows=3,
        help_text=gettext_lazy(
            "Needed for an objection. Read by the country team, OCHA and the Humanitarian Coordinator; not by the "
            "organisation that asks, and by no force."
        ),
    )
    intro = gettext_lazy(
        "You can state another position until the Humanitarian Coordinator concludes; the newest counts."
    )

    def prefilled(self) -> dict[str, Any]:
        seat = consensus.seat_of(self.user, self.case)
        last = seat.position if seat else None
        return {"value": last.value, "condition": last.condition, "words": last.words} if last else {}

    def layout(self) -> list:
        return ["value", Only("value", Position.Value.ACCEPT, "condition"), "words"]

    def clean(self) -> None:
        values = self.cleaned_data
        if values.get("value") != Position.Value.ACCEPT:
            values["condition"] = ""
        if values.get("value") == Position.Value.OBJECT and not values.get("words", "").strip():
            self.add_error("words", _("An objection needs its reason."))


class TeamAnswerForm(MoveForm):
    """OCHA answers one question of the country team."""

    question = forms.ChoiceField(label=gettext_lazy("Which question?"), widget=ChoiceBoxes)
    text = text(
        gettext_lazy("Answer"),
        most=2000,
        help_text=gettext_lazy("For OCHA, or for the organisation that asks: say whose answer it is."),
    )

    def arrange(self) -> None:
        rows = [row for row in self.case.comments.all() if row.audience == Comment.Audience.TEAM]
        answered = {row.answers_id for row in rows}
        asked = [row for row in rows if row.is_question and row.pk not in answered]
        shut = _("strictly confidential")
        self.fields["question"].choices = [
            (row.pk, shut if classes.is_closed(self.case, row) else row.text) for row in asked
        ]
        if asked:
            self.fields["question"].initial = asked[0].pk

    def clean_question(self) -> int:
        return int(self.cleaned_data["question"])


def seen_field() -> forms.IntegerField:
    """The newest position that the page shows: a signature rests on no other."""
    return forms.IntegerField(widget=forms.HiddenInput)


class EstablishForm(MoveForm):
    """How the consensus was established; what is approved is what the country team was asked about."""

    seen = seen_field()
    statement = text(
        gettext_lazy("How was the consensus established?"),
        most=1500,
        help_text=gettext_lazy("Signed by you. Read by the country team and OCHA; not by the requester, by no force."),
    )
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("Further conditions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    condition_text = Words(label=gettext_lazy("Further condition, in words"), max_length=200, required=False)
    marks_optional = False

    def prefilled(self) -> dict[str, Any]:
        return {SEEN: consensus.last_position(self.case)}

    def arrange(self) -> None:
        draft = self.case.team_consultation.draft if self.case.team_consultation_id else None
        known = draft.conditions if draft else []
        self.fields["conditions"].choices = [each for each in Condition.choices if each[0] not in known]

    def introduce(self) -> str:
        found = consensus.conditions(self.case)
        if not found:
            return _("You approve what the country team was asked about, within its limits and conditions.")
        return _(
            "You approve what the country team was asked about, within its limits and conditions. Members can accept "
            "it only with these, which become conditions of the approval: %(conditions)s"
        ) % {"conditions": " · ".join(found)}

    def layout(self) -> list:
        return [SEEN, "statement", Group(_("Conditions"), "conditions", "condition_text")]


def add_answers(form: MoveForm) -> list[str]:
    """Where the country team was consulted: the Coordinator's answer to what stands against it. Its fields."""
    if not consensus.is_asked(form.case):
        return []
    form.fields[SEEN] = seen_field()
    form.fields["statement"] = text(
        _("Your answer to the country team"),
        most=1500,
        required=False,
        help_text=_("Needed when a member objects, or when a condition of a member is not taken up above."),
    )
    form.initial.setdefault(SEEN, consensus.last_position(form.case))
    return [SEEN, "statement"]


# ── several members on one page ──────────────────────────────────────────────────────────────────────────────────────


class MeetingForm(forms.Form):
    """What OCHA writes down for several members at once: from a meeting, or one after another by telephone.

    A seat left at "nothing to write down" stays as it is: silence is no support.
    """

    source = forms.ChoiceField(label=gettext_lazy("How did it come?"), choices=OnBehalf.Source.choices)
    received_at = moment(gettext_lazy("When was it said?"))
    witness = Words(label=gettext_lazy("Witness (function)"), max_length=120)
    client_key = forms.UUIDField(widget=forms.HiddenInput)
    marks_optional = False

    def __init__(self, data=None, *, case: Case, user: User):
        at = timezone.now()
        super().__init__(data, initial={"received_at": at, "source": "in_person", "client_key": uuid.uuid4()})
        self.case = case
        self.seats = [seat for seat in consensus.seats(case) if seat.row.voice != TeamSeat.Voice.REQUESTER]
        holders: dict[int, list[User]] = {}
        for person in consensus.people(case):
            if person.pk != user.pk and person.organisation_id:
                holders.setdefault(person.organisation_id, []).append(person)
        for seat in self.seats:
            self._ask(seat, holders.get(seat.row.organisation_id, []))

    def _ask(self, seat: Seat, people: list[User]) -> None:
        named = _names(seat)
        self.fields[named["value"]] = forms.ChoiceField(
            label=_("Position"),
            choices=[("", _("Nothing to write down")), *Position.Value.choices],
            required=False,
        )
        self.fields[named["person"]] = forms.ModelChoiceField(
            label=_("Who said it?"),
            queryset=User.objects.filter(pk__in=[person.pk for person in people]),
            required=False,
            empty_label=_("Somebody without an account"),
        )
        if len(people) == 1:
            self.fields[named["person"]].initial = people[0].pk
        self.fields[named["function"]] = Words(
            label=_("Function, if without an account"), max_length=120, required=False
        )
        self.fields[named["condition"]] = Words(
            label=_("Can accept if …"), max_length=200, required=False, help_text=CONDITION_HINT
        )
        self.fields[named["words"]] = text(_("Reasons"), most=1000, required=False, rows=2)

    def rows(self) -> list[dict[str, Any]]:
        """Each seat with its inputs, as the page prints them."""
        return [{"seat": seat, **{name: self[field] for name, field in _names(seat).items()}} for seat in self.seats]

    def clean_received_at(self) -> datetime:
        said = self.cleaned_data["received_at"]
        if said > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError(_("What you record cannot have been said in the future."))
        return min(said, timezone.now())

    def clean(self) -> None:
        found = [seat for seat in self.seats if self.cleaned_data.get(_names(seat)["value"])]
        for seat in found:
            named = _names(seat)
            answers = {name: self.cleaned_data.get(field) for name, field in named.items()}
            if answers["value"] == Position.Value.OBJECT and not answers["words"]:
                self.add_error(named["words"], _("An objection needs its reason."))
            if answers["condition"] and answers["value"] != Position.Value.ACCEPT:
                self.add_error(named["condition"], _("Only who can accept the request names a condition."))
            if not answers["person"] and not answers["function"]:
                self.add_error(named["function"], _("Say by whom: choose the person, or write the function."))
        if not found and not self.errors:
            raise forms.ValidationError(_("Write down at least one position."))

    def said(self) -> list[dict[str, Any]]:
        """For each position: the facts of the move and who said it, how, when and before whom."""
        common = {name: self.cleaned_data[name] for name in ("source", "received_at", "witness")}
        found = []
        for seat in self.seats:
            answers = {name: self.cleaned_data.get(field) for name, field in _names(seat).items()}
            if not answers["value"]:
                continue
            who = {"person": answers["person"], "person_function": answers["function"] or ""}
            found.append(
                {
                    "client_key": uuid.uuid5(self.cleaned_data["client_key"], str(seat.row.pk)),
                    "on_behalf": common | who,
                    "seat": seat.row.pk,
                    **{name: answers[name] or "" for name in ("value", "condition", "words")},
                }
            )
        return found


def _names(seat: Seat) -> dict[str, str]:
    return {name: f"seat{seat.row.pk}_{name}" for name in ("value", "person", "function", "condition", "words")}


def may_record(case: Case, user) -> bool:
    """OCHA of this case writes down what members of the team said."""
    return consensus.is_asked(case) and scope.has_perm(user, Perm.RECORD_FOR_OTHERS, case)
