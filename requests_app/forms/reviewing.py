"""What do a review, an opinion, a question and a comment ask?"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Choices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.models import SIDE_OF_TYPE, User
from cmcoord.accounts.roles import CLUSTERS, Perm
from cmcoord.activity.barrier import Side
from cmcoord.ui.layout import Group
from cmcoord.ui.templatetags.ui import moment_in_words
from cmcoord.ui.widgets import ChoiceBoxes
from requests_app import classes, convoy, rounds
from requests_app.forms.asking import MoveForm, newest, text
from requests_app.forms.fields import Words
from requests_app.forms.pieces import hint_of
from requests_app.models import (
    Assessment,
    Comment,
    EscortMode,
    Met,
    Opinion,
    ProviderKind,
    Risk,
    SupportLevel,
)
from requests_app.questions import REVIEW, Question, questions
from requests_app.services.filing import LONGEST_ANSWER
from requests_app.services.reviewing import OPINIONS, audiences_for


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
        empty_label=gettext_lazy("Choose a person"),
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
    analysis = Words(
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

    def introduce(self) -> str:
        """What happens if a cluster says nothing."""
        asked = self.case.consultations.all() if self.code == "advise_cluster" and not self.recorded else ()
        mine = scope.clusters_for(self.user, Perm.ADVISE_CLUSTER) if asked else set()
        row = next((row for row in asked if (row.country_id, row.body.partition(":")[2]) in mine), None)
        if row is None or row.answered_at:
            return ""
        if row.lapsed_at or row.due_at is None or row.due_at < timezone.now():
            return _(
                "The time of your cluster is over and the request goes on with “no answer”; you can still answer until "
                "it is decided."
            )
        return _(
            "If your cluster says nothing until %(due)s, the request goes on with “no answer”; you can still answer "
            "until it is decided."
        ) % {"due": moment_in_words(row.due_at, "long")}

    def clean(self) -> None:
        value = self.cleaned_data.get("value")
        if value and value not in ("endorsed", "favourable") and not self.cleaned_data.get("text", "").strip():
            self.add_error("text", _("Say why in a sentence."))


def _one_of(question: Question, choices: type[Choices], country: str, *, required: bool = True) -> forms.ChoiceField:
    offered = choices.choices if required else [("", gettext_lazy("Not given")), *choices.choices]
    return forms.ChoiceField(
        label=question.label,
        choices=offered,
        widget=ChoiceBoxes,
        required=required,
        help_text=hint_of(question, country),
    )


class AssessForm(MoveForm):
    """What OCHA finds itself: nothing of it is asked of the requester."""

    intro = gettext_lazy(
        "The Humanitarian Coordinator reads this beside the request; of it the force reads only the level of support "
        "and the kind and mode of the escort."
    )

    def prefilled(self) -> dict[str, Any]:
        row = newest(self.case.assessments)
        return {question.field: getattr(row, question.field) for question in self._asked} if row else {}

    @property
    def _asked(self) -> tuple[Question, ...]:
        return questions(self.case, REVIEW)

    def arrange(self) -> None:
        for question in self._asked:
            name = question.field
            if name == "clusters":
                self.fields[name] = forms.MultipleChoiceField(
                    label=question.label, choices=CLUSTERS.items(), widget=forms.CheckboxSelectMultiple
                )
            elif name in ("criteria_text", "support_text"):
                self.fields[name] = text(
                    question.label, most=1000, required=False, help_text=hint_of(question, self.case.country_id)
                )
            else:
                must = question.required or name.startswith("risk") and convoy.un_travels(self.case)
                self.fields[name] = _one_of(question, ASSESSED[name], self.case.country_id, required=must)

    def layout(self) -> list:
        """The questions under their headings."""
        cards = groupby(self._asked, key=lambda question: question.card)
        return [Group(heading, *(question.field for question in asked)) for heading, asked in cards]

    def clean(self) -> None:
        values = self.cleaned_data
        met = [values.get(name) for name in Assessment.CRITERIA]
        if any(each in ("no", "partly") for each in met) and not values.get("criteria_text", "").strip():
            self.add_error("criteria_text", _("Say why it is still exceptional and unavoidable."))
        if values.get("support_level") == SupportLevel.DIRECT and not values.get("support_text", "").strip():
            self.add_error("support_text", _("Direct assistance needs a justification: say why."))


ASSESSED: dict[str, type[Choices]] = {
    "support_level": SupportLevel,
    "provider_kind": ProviderKind,
    "escort_mode": EscortMode,
    **dict.fromkeys(Assessment.CRITERIA, Met),
    "risk_without": Risk,
    "risk_with": Risk,
}


class TextForm(MoveForm):
    """A question or its answer."""

    text = text(gettext_lazy("Question"), most=2000)

    def arrange(self) -> None:
        if self.code == "put_question":
            self.fields["text"].help_text = _("Read by the whole country team, OCHA and the Humanitarian Coordinator.")
        elif self.code == "ask":
            self.fields["text"].help_text = _("OCHA answers; the request stays with you and the clock runs on.")
        else:
            self.fields["text"].label = _("Answer")
            question = rounds.coordinator_asks(self.case)
            question = None if question and classes.is_closed(self.case, question) else question
            self.fields["text"].help_text = _("“%(text)s”") % {"text": question.text} if question else ""


class AnswerForm(MoveForm):
    """The requester's answer to OCHA's question, when OCHA writes it down."""

    reason = text(gettext_lazy("Answer"), most=LONGEST_ANSWER)

    def arrange(self) -> None:
        question = rounds.open_question(self.case)
        self.fields["reason"].help_text = _("“%(text)s”") % {"text": question.reason} if question else ""


class CommentForm(MoveForm):
    """The audience stands before the text, the narrowest chosen."""

    audience = forms.ChoiceField(label=gettext_lazy("Who may read it?"), widget=ChoiceBoxes)
    text = text(gettext_lazy("Comment"), most=2000)
    is_question = forms.BooleanField(label=gettext_lazy("This is a question"), required=False)

    def arrange(self) -> None:
        allowed = audiences_for(self.case, self.user)
        self.fields["audience"].choices = [(each, Comment.Audience(each).label) for each in allowed]
        self.fields["audience"].initial = allowed[0]
