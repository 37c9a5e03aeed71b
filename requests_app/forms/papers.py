"""What is asked before a paper is marked as withdrawn?"""

from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from cmcoord.ui.layout import Act, Acts, Way, form_helper
from requests_app.forms.fields import Words
from requests_app.forms.pieces import Included
from requests_app.models import CaseFile
from requests_app.questions import BY_FIELD
from requests_app.words import cleaned


class WithdrawForm(forms.Form):
    """The reason, which stands beside the struck name."""

    def __init__(self, data=None, *, row: CaseFile):
        super().__init__(data)
        self.row = row
        self.fields["reason"] = Words(
            label=_("Why is it withdrawn?"), max_length=300, widget=forms.TextInput(),
            help_text=_("For example: replaced by a newer list. Everybody who sees the request reads it."),
            error_messages={"required": _("Say why in a sentence.")},
        )  # fmt: skip

    def words(self) -> list[tuple[str, str]]:
        """What was typed, to be copied when it came too late."""
        typed = cleaned(str(self.data.get("reason", "")))
        return [(str(self.fields["reason"].label), typed)] if typed else []

    @property
    def helper(self):
        back = reverse("requests:edit", args=[self.row.case.reference, BY_FIELD["files"].step])
        return form_helper(
            Included("requests_app/_keeper.html"),
            "reason",
            Acts(Act(_("Mark as withdrawn")), Way(_("Back"), f"{back}#papers")),
        )
