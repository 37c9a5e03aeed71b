"""Which list of past requests is taken over, and what of it?"""

from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.places.models import Country, DutyStation
from cmcoord.ui.layout import Act, Acts, Section, Way, form_helper
from cmcoord.ui.uploads import SheetForm
from requests_app.forms.fields import CHOOSE


class UploadForm(SheetForm):
    """The list, and the station for what begins at no station."""

    def __init__(self, *args, country: Country, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"] = forms.ModelChoiceField(
            DutyStation.objects.filter(country=country).select_related("country").order_by("name"),
            label=_("Duty station"),
            empty_label=_("Choose"),
            help_text=_("For requests that start from a place without a station."),
            error_messages={"invalid_choice": CHOOSE, "required": CHOOSE},
        )

    @property
    def helper(self):
        return form_helper(
            Section(_("The list"), "file", "station"),
            Acts(Act(_("Look at what it brings")), Way(_("Back"), reverse("requests:list"))),
        )


class AgreeForm(forms.Form):
    """Taking over what was looked at."""

    marks_optional = False

    alike_too = forms.BooleanField(
        label=gettext_lazy("Also the rows that look like a request that is there already"), required=False
    )

    def __init__(self, *args, alike: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not alike:
            del self.fields["alike_too"]

    @property
    def helper(self):
        return form_helper(
            *self.fields, Acts(Act(_("Take them over")), Way(_("Send another list"), reverse("requests:import")))
        )
