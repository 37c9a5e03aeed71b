"""How is somebody asked for a spreadsheet, and what is the file called?"""

from __future__ import annotations

from django import forms
from django.utils.formats import number_format
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.ui.sheets import SHORT, Limits


class SheetForm(forms.Form):
    """A list as a file; how long it may be, its heirs say by `limits`."""

    marks_optional = False
    limits: Limits = SHORT

    file = forms.FileField(
        label=gettext_lazy("Your file"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={
            "empty": gettext_lazy("This file is empty."), "invalid": gettext_lazy("Choose the file again, please."),
            "required": gettext_lazy("Choose the file again, please."),
        },
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "XLSX or CSV, at most %(size)d MB and %(rows)s rows. Nothing is saved before you agree."
        ) % {"size": self.limits.megabytes, "rows": number_format(self.limits.rows, force_grouping=True)}

    def clean_file(self):
        file = self.cleaned_data["file"]
        self.limits.check(file.size)
        return file

    @property
    def name(self) -> str:
        """The name that people read, without folders and signs that mislead."""
        return get_valid_filename(self.cleaned_data["file"].name.replace("\\", "/").rsplit("/", 1)[-1] or "-")[-120:]
