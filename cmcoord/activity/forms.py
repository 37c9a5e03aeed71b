"""Which mails a person wants: one box for each group of kinds that may be switched off; and to which number SMS go."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmcoord.activity import kinds, sms_numbers
from cmcoord.activity.models import Preference
from cmcoord.ui.layout import Act, Acts, Section, Way, form_helper
from cmcoord.ui.widgets import TelephoneInput


class PreferencesForm(forms.Form):
    marks_optional = False

    def __init__(self, *args, user, **kwargs):
        off = set(Preference.objects.filter(user=user, mail=False).values_list("kind", flat=True))
        kwargs["initial"] = {key: key not in off for key in kinds.GROUPS}
        super().__init__(*args, **kwargs)
        for key, group in self.choosable().items():
            self.fields[key] = forms.BooleanField(label=group.label, help_text=group.explanation, required=False)

    @staticmethod
    def choosable() -> dict[str, kinds.Group]:
        return {key: group for key, group in kinds.GROUPS.items() if not group.mandatory}

    @property
    def helper(self):
        return form_helper(
            Section(_("Send me a mail about"), *self.fields),
            Acts(Act(_("Save")), Way(_("Back"), reverse("activity:notifications"))),
        )


class NumberForm(forms.Form):
    """To which number? A code goes there."""

    number = forms.CharField(
        label=_("Mobile number"), max_length=40, help_text=_("With the country code."), widget=TelephoneInput()
    )

    def clean_number(self) -> str:
        return sms_numbers.e164(self.cleaned_data["number"])

    @property
    def helper(self):
        return form_helper(
            Section(_("Where should SMS go?"), "number"), Acts(Act(_("Send me a code"))), action=reverse("activity:sms")
        )


class CodeForm(forms.Form):
    """The code that came by SMS."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    @property
    def helper(self):
        return form_helper(
            Section(_("Type in the code that came by SMS"), "code"),
            Acts(Act(_("Confirm the number"))),
            action=reverse("activity:sms_code"),
        )
