"""Which mails a person wants: one box for each group of kinds that may be switched off."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmcoord.activity import kinds
from cmcoord.activity.models import Preference
from cmcoord.ui.layout import Act, Acts, Section, Way, form_helper


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
