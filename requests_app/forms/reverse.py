"""What does a force fill to ask for a humanitarian asset, and what does each step of the answer ask?"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.models import Organisation
from cmcoord.places.models import Country, DutyStation
from cmcoord.ui.layout import Act, Acts, Hidden, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine
from requests_app.forms.asking import moment, text
from requests_app.forms.fields import CHOOSE, Words, YesOrNo
from requests_app.models import AssetWanted, Content, OnBehalf, PurposeKind, ReverseCondition, ReverseRequest
from requests_app.services import reversing

DECLARED = [choice for choice in Content.choices if choice[0] != Content.GOODS]


class AskForm(forms.Form):
    """All fields of domain.md §3.3 that the force fills; the same form sent twice is one request."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    component = Words(
        label=gettext_lazy("Requesting component"),
        max_length=120,
        help_text=gettext_lazy("For example: U4 logistics, Sector East. No name."),
        widget=forms.TextInput,
    )
    station = forms.ModelChoiceField(
        label=gettext_lazy("Which office of OCHA is nearest?"),
        queryset=DutyStation.objects.none(),
        empty_label=gettext_lazy("Choose"),
    )
    asset_wanted = forms.ChoiceField(
        label=gettext_lazy("Humanitarian asset wanted"),
        choices=[("", gettext_lazy("Choose")), *AssetWanted.choices],
        error_messages={"invalid_choice": CHOOSE},
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner of the asset"),
        queryset=Organisation.objects.none(),
        empty_label=gettext_lazy("Choose"),
        help_text=gettext_lazy("It must consent. OCHA asks it; do not ask it yourself."),
    )
    purpose_kind = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=PurposeKind.choices,
        widget=ChoiceBoxes,
        error_messages={"invalid_choice": CHOOSE},
    )
    purpose_text = text(
        gettext_lazy("Explanation"),
        most=1500,
        help_text=gettext_lazy("What for, for whom, how much. Nothing about your own operations."),
    )
    content = forms.MultipleChoiceField(
        label=gettext_lazy("Content declared"),
        choices=DECLARED,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What would be carried, stored or supplied? What is prohibited is refused at once."),
        error_messages={
            "invalid_choice": CHOOSE,
            "required": gettext_lazy("Declare the content: tick what is true, or “None of these”."),
        },
    )
    starts_at = moment(gettext_lazy("When, from"))
    ends_at = moment(gettext_lazy("When, until"))
    place = Words(
        label=gettext_lazy("Where"),
        max_length=120,
        help_text=gettext_lazy("From where to where, or at which place."),
        widget=forms.TextInput,
    )

    def __init__(self, data=None, *, countries: list[Country], keeper: str = "", back: str = "/"):
        super().__init__(data, initial={"client_key": uuid.uuid4()})
        self.keeper, self.back = keeper, back
        stations: Any = self.fields["station"]
        stations.queryset = DutyStation.objects.filter(country__in=countries, active=True).order_by("name")
        owners = Organisation.objects.none()
        for country in countries:
            owners = owners | reversing.owners_in(country)
        owner: Any = self.fields["owner"]
        owner.queryset = owners.distinct()
        owner.label_from_instance = lambda row: f"{row.acronym} · {row.name}"

    @property
    def helper(self):
        return form_helper(
            Section(_("The asset"), "component", Pair("asset_wanted", "owner"), "station"),
            Section(_("What for"), "purpose_kind", "purpose_text"),
            Section(_("What would be carried"), "content"),
            Section(_("When and where"), Pair("starts_at", "ends_at"), "place"),
            "client_key",
            Hidden("keeper", self.keeper),
            Acts(Act(_("Send to OCHA")), Way(_("Back"), self.back)),
        )

    def clean_content(self) -> list[str]:
        content = self.cleaned_data["content"]
        if sentence := reversing.content_error(content):
            raise forms.ValidationError(sentence)
        return content

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("starts_at") and found.get("ends_at"):
            errors = reversing.period_errors(found["starts_at"], found["ends_at"], timezone.now())
            for name, sentence in errors.items():
                self.add_error(name, sentence)
        return found


class StepForm(forms.Form):
    """A move without questions; the others add theirs."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    intro: Any = ""

    def __init__(self, data=None, *, reverse: ReverseRequest, code: str, keeper: str = ""):
        super().__init__(data, initial={"client_key": uuid.uuid4()})
        self.reverse, self.code, self.keeper = reverse, code, keeper

    @property
    def helper(self):
        visible = [field.name for field in self.visible_fields()]
        return form_helper(*visible, "client_key", Hidden("keeper", self.keeper), tag=False)

    def typed(self) -> list[tuple[str, str]]:
        """The words of the form, to be copied when they came too late."""
        written = (forms.TextInput, forms.Textarea)
        fields = (field for field in self.visible_fields() if isinstance(field.field.widget, written))
        return [(str(field.label), field.value()) for field in fields if field.value()]


class WhyForm(StepForm):
    reason = text(gettext_lazy("Why?"), most=1500, required=False, help_text=gettext_lazy("Never read by the force."))


class ConsentForm(StepForm):
    intro = gettext_lazy("The Humanitarian Coordinator may still decline. The force does not learn who said what.")
    reason = text(
        gettext_lazy("Your conditions"),
        most=1500,
        required=False,
        help_text=gettext_lazy("Read by OCHA and the Humanitarian Coordinator."),
    )


class ForwardForm(StepForm):
    aim = forms.ChoiceField(
        label=gettext_lazy("Is the aim humanitarian?"),
        choices=[
            ("humanitarian", gettext_lazy("Yes: the Humanitarian Coordinator has to validate it")),
            ("other", gettext_lazy("No: an exception, for the Humanitarian Coordinator to decide")),
        ],
        widget=ChoiceBoxes,
    )
    reason = text(
        gettext_lazy("Note to the Humanitarian Coordinator"),
        most=1500,
        required=False,
        help_text=gettext_lazy("Needed for an exception. Never read by the force."),
    )


class AgreeForm(StepForm):
    intro = gettext_lazy("The force reads the conditions word for word, and nothing else.")
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("Conditions"),
        choices=ReverseCondition.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    condition_text = text(
        gettext_lazy("Further condition, in the language of the force"), most=600, required=False, rows=2
    )


class ReviewForm(StepForm):
    as_agreed = YesOrNo(label=gettext_lazy("Was it carried out as agreed?"))
    conditions_respected = YesOrNo(label=gettext_lazy("Were the conditions respected?"))
    reason = text(
        gettext_lazy("What was different, what do we learn?"),
        most=1500,
        required=False,
        help_text=gettext_lazy("Needed when something was different."),
    )


FORMS: dict[str, type[StepForm]] = {
    "reject": WhyForm,
    "decline": WhyForm,
    "deny": WhyForm,
    "take_back": WhyForm,
    "consent": ConsentForm,
    "forward": ForwardForm,
    "validate": AgreeForm,
    "review": ReviewForm,
}


def for_move(code: str) -> type[StepForm]:
    """The form of this move; most steps ask nothing."""
    return FORMS.get(code, StepForm)


class SaidForm(forms.Form):
    """Who of the owner said it, how and when: what OCHA adds when it writes the owner's word down."""

    said_by = Words(
        label=gettext_lazy("Who said it (function)?"),
        max_length=120,
        help_text=gettext_lazy("Never a name."),
        widget=forms.TextInput,
    )
    source = forms.ChoiceField(
        label=gettext_lazy("How did it come?"), choices=OnBehalf.Source.choices, widget=ChoiceLine
    )
    said_at = moment(gettext_lazy("When was it said?"))
    marks_optional = False

    def __init__(self, data=None):
        now = timezone.now().replace(second=0, microsecond=0)
        super().__init__(data, prefix="said", initial={"source": OnBehalf.Source.TELEPHONE, "said_at": now})

    @property
    def helper(self):
        return form_helper("said_by", "source", "said_at", tag=False)

    def clean_said_at(self):
        said = self.cleaned_data["said_at"]
        if said > timezone.now():
            raise forms.ValidationError(_("What you record cannot have been said in the future."))
        return said
