"""How is a common position entered?"""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cmcoord.guidance.models import CommonPosition
from cmcoord.guidance.positions import why_wrong
from cmcoord.places.models import AdminArea, Axis, Country
from cmcoord.ui.layout import Act, Acts, Pair, Section, form_helper
from cmcoord.ui.widgets import DayInput, LongText


class PositionForm(forms.ModelForm):
    """A position of one country: its text in both languages, where and from when it holds, what it rules out.

    Which country is asked of who enters positions in several.
    """

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

    country = forms.ModelChoiceField(label=_("Country"), queryset=Country.objects.none(), empty_label=None)

    def __init__(self, data=None, *, countries: QuerySet[Country]):
        super().__init__(data)
        self.fields["country"].queryset = countries
        self.fields["axis"].queryset = Axis.objects.filter(country__in=countries)
        self.fields["area"].queryset = AdminArea.objects.filter(country__in=countries).valid_on(countries[0].today)
        self.only = countries[0] if len(countries) == 1 else None
        if self.only:
            del self.fields["country"]

    def clean(self):
        values = super().clean()
        if self.only:
            values["country"] = self.only
        places = {name: values.get(name) for name in ("country", "axis", "area", "valid_from", "valid_to")}
        if places["country"] and places["valid_from"] and (wrong := why_wrong(**places)):
            raise forms.ValidationError(wrong)
        return values

    @property
    def helper(self):
        return form_helper(
            Section(
                _("Enter a position"), *([] if self.only else ["country"]), "text_en", "text_fr", "against",
                Pair("axis", "area"), "agreed_by", Pair("valid_from", "valid_to"),
            ),
            Acts(Act(_("Enter it"), "go")),
        )  # fmt: skip
