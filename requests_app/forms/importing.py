"""Which list of past requests is taken over, and what of it?"""

from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.places.models import Country, DutyStation
from cmcoord.ui.layout import Act, Acts, Section, Way, form_helper
from cmcoord.ui.sheets import SHORT
from requests_app.forms.fields import CHOOSE


class UploadForm(forms.Form):
    """The list, and the station for what begins at no station."""

    marks_optional = False

    file = forms.FileField(
        label=gettext_lazy("Your file"),
        help_text=gettext_lazy("XLSX or CSV, at most 1 MB and 1,000 rows. Nothing is saved before you agree."),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={
            "empty": gettext_lazy("This file is empty."), "invalid": gettext_lazy("Choose the file again, please."),
            "required": gettext_lazy("Choose the file again, please."),
        },
    )  # fmt: skip

    def __init__(self, *args, country: Country, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"] = forms.ModelChoiceField(
            DutyStation.objects.filter(country=country).select_related("country").order_by("name"),
            label=_("Duty station"),
            empty_label=_("Choose"),
            help_text=_("For requests that start from a place without a station."),
            error_messages={"invalid_choice": CHOOSE, "required": CHOOSE},
        )

    def clean_file(self):
        file = self.cleaned_data["file"]
        SHORT.check(file.size)
        return file

    @property
    def name(self) -> str:
        """The name that people read, without folders and signs that mislead."""
        return get_valid_filename(self.cleaned_data["file"].name.replace("\\", "/").rsplit("/", 1)[-1] or "-")[-120:]

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
