"""What does OCHA make of the draft of an access incident?"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.ui.layout import Act, Acts, Note, Way, form_helper
from cmcoord.ui.widgets import LongText
from requests_app.forms.fields import Words
from requests_app.models import AccessIncident


class IncidentForm(forms.Form):
    """Kept in OCHA's own words, or discarded with the reason."""

    status = forms.ChoiceField(
        label=gettext_lazy("This draft"),
        choices=[
            (AccessIncident.Status.KEPT, gettext_lazy("Keep it as an access incident")),
            (AccessIncident.Status.DISCARDED, gettext_lazy("Discard it")),
        ],
        widget=forms.RadioSelect,
    )
    text = Words(label=gettext_lazy("What happened, or why it is discarded"), max_length=1000, widget=LongText(rows=4))

    def __init__(self, *args, back: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper(
            "status",
            "text",
            Note(_("In your own words: no names of persons. Only OCHA reads it.")),
            Acts(Act(_("Save")), Way(_("Back"), self.back)),
        )
