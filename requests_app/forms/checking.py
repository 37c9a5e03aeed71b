"""Which paper is asked about? Its code, as it was read or heard, and the file itself if there is one."""

from __future__ import annotations

import hashlib

from django import forms
from django.utils.translation import gettext_lazy as _

from cmcoord.ui.layout import Act, Acts, Section, form_helper
from requests_app.issuing import codes

LONGEST = 40
LARGEST = 5 * 1024 * 1024


class CheckForm(forms.Form):
    """The file is compared and forgotten; nothing of it is kept."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=LONGEST,
        help_text=_("Twelve digits; they stand at the foot of each page."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("The PDF file"),
        required=False,
        help_text=_("To find out whether anybody changed it. It is compared and not kept."),
    )

    @property
    def helper(self):
        return form_helper(Section(_("The paper"), "code", "file"), Acts(Act(_("Check"))))

    def clean_code(self) -> str:
        code = codes.read(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("A digit is missing or wrong: this cannot be a code. Read all twelve digits again.")
            )
        return code

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("No paper of the portal is larger than 5 MB."))
        return file

    def sha256(self) -> str:
        """Of the bytes that were sent, "" when none were."""
        file = self.cleaned_data.get("file")
        if not file:
            return ""
        found = hashlib.sha256()
        for chunk in file.chunks():
            found.update(chunk)
        return found.hexdigest()
