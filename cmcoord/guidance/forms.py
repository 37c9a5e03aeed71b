"""How is a common position entered?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cmcoord.guidance.models import CommonPosition
from cmcoord.guidance.positions import why_wrong
from cmcoord.places.models import AdminArea, Axis, Country
from cmcoord.ui.layout import Act, Acts, Pair, Section, form_helper
from cmcoord.ui.widgets import DayInput, LongText


class PositionForm(forms.ModelForm):
    """A position of one country: its text in both languages, where and from when it holds, what it rules out."""

    against = forms.MultipleChoiceField(
        label=_("What does it rule out?"),
        choices=CommonPosition.Against.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("A request for what is ticked is not filed. Without a tick the position is shown beside it."),
    )

    class Meta:
        model = CommonPosition
        fields = ("text_en", "text_fr", "against", "axis", "area", "agreed_by", "valid_from", "valid_to")
        widgets = {
            "text_en": LongText(rows=3),
            "text_fr": LongText(rows=3),
            "valid_from": DayInput(),
            "valid_to": DayInput(),
        }
        labels = {"agreed_by": _("Who agreed on it, and when?")}

    def __init__(self, data=None, *, country: Country):
        super().__init__(data)
        self.country = country
        self.fields["axis"].queryset = Axis.objects.filter(country=country)
        self.fields["area"].queryset = AdminArea.objects.filter(country=country).valid_on(country.today)

    def clean(self):
        values = super().clean()
        places = {name: values.get(name) for name in ("axis", "area", "valid_from", "valid_to")}
        if places["valid_from"] and (wrong := why_wrong(country=self.country, **places)):
            raise forms.ValidationError(wrong)
        return values

    @property
    def helper(self):
        return form_helper(
            Section(
                _("Enter a position"), "text_en", "text_fr", "against", Pair("axis", "area"), "agreed_by",
                Pair("valid_from", "valid_to"),
            ),
            Acts(Act(_("Enter it"), "go")),
        )  # fmt: skip
