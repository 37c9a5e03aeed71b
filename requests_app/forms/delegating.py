"""To whom does the Humanitarian Coordinator delegate decisions: which types, until when, by which document?"""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts.models import User
from cmcoord.places.models import CountryProfile
from cmcoord.ui.layout import Act, Acts, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import DayInput
from requests_app.forms.fields import Words
from requests_app.models.terms import RequestType


class DelegateForm(forms.Form):
    """The scope of one delegation (domain.md §2.9). Whether the person may be one is asked by the service."""

    delegate = Words(
        label=gettext_lazy("Person"),
        max_length=254,
        widget=forms.TextInput({"list": "colleagues", "autocomplete": "off"}),
        help_text=gettext_lazy("User name or e-mail address. Your colleagues are proposed."),
    )
    request_types = forms.MultipleChoiceField(
        label=gettext_lazy("Types of request"),
        choices=[each for each in RequestType.choices if each[0] not in CountryProfile.LEFT_TO_THE_FORCE],
        widget=forms.CheckboxSelectMultiple,
    )
    urgent_only = forms.BooleanField(label=gettext_lazy("Urgent requests only"), required=False)
    valid_from = forms.DateField(label=pgettext_lazy("first day", "From"), widget=DayInput())
    valid_to = forms.DateField(
        label=gettext_lazy("Until"), widget=DayInput(), help_text=gettext_lazy("Last day included.")
    )
    document = Words(
        label=gettext_lazy("Document"),
        max_length=200,
        help_text=gettext_lazy("The letter or memorandum by which you delegate, with its date."),
    )

    def __init__(self, *args, back: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper(
            Section(
                _("Delegation"),
                "delegate",
                "request_types",
                "urgent_only",
                Pair("valid_from", "valid_to"),
                "document",
                Note(
                    _(
                        "Both of you are told. It ends at its last day, with your appointment, or when you end it. "
                        "Your delegate cannot pass it on, cannot decide for their own organisation, and cannot use the "
                        "life-saving exception."
                    )
                ),
            ),
            Acts(Act(_("Delegate")), Way(_("Back"), self.back)),
        )

    def clean_delegate(self) -> User:
        text = self.cleaned_data["delegate"].strip()
        found = User.objects.filter(Q(username__iexact=text) | Q(email__iexact=text), is_active=True)
        person = found.select_related("organisation").first()
        if person is None:
            raise ValidationError(_("Nobody with an account has this user name or e-mail address."))
        return person
