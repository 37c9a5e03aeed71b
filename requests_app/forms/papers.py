"""Which paper is attached to a request, and what is asked before one is marked as withdrawn?"""

from __future__ import annotations

import uuid

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from cmcoord.ui.layout import Act, Acts, Way, form_helper
from cmcoord.ui.words import cleaned
from requests_app.forms.fields import Upload, Words
from requests_app.forms.pieces import Included
from requests_app.models import Case, CaseFile

NO_KEY = uuid.UUID(int=0)  # stands in the address until the portal has given one


def standing_papers(case: Case) -> int:
    """How many papers count: those that were not withdrawn."""
    return sum(paper.withdrawn_at is None for paper in case.files.all())


class AttachForm(forms.Form):
    """One file, sent whole; with a script in pieces (static/sending.js)."""

    def __init__(self, data=None, files=None, *, case: Case):
        super().__init__(data, files)
        self.case = case
        self.fields["file"] = Upload(attached=standing_papers(case))
        self.fields["file"].label = _("Photograph or paper")
        self.fields["file"].error_messages["required"] = _("Choose a file first.")
        self.fields["file"].help_text = _("PDF, JPEG or PNG; at most 5 MB each and 5 in all.")

    @property
    def helper(self):
        return form_helper(
            "file",
            Included("requests_app/_what_files_keep.html"),
            Acts(Act(_("Attach this file"), "attach")),
            data_pieces=reverse("requests:begin_file", args=[self.case.reference]),
            data_piece=reverse("requests:piece", args=[self.case.reference, NO_KEY]),
            data_key=str(NO_KEY),
        )


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
        back = reverse("requests:papers", args=[self.row.case.reference])
        return form_helper(
            Included("requests_app/_keeper.html"),
            "reason",
            Acts(Act(_("Mark as withdrawn")), Way(_("Back"), back)),
        )
