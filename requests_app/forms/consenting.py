"""With whom may a request be shared? Asked when it is sent, given later, and taken back."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.guidance.clauses import cited_in
from requests_app import consents
from requests_app.forms.asking import MoveForm, text
from requests_app.forms.fields import CHOOSE
from requests_app.forms.pieces import clause_link
from requests_app.models import Case

CHOOSE_ONE = dict.fromkeys(("required", "invalid_choice", "invalid_list"), CHOOSE)


def field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Beside OCHA, with whom may it be shared?"),
        choices=list(consents.LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=CHOOSE_ONE,
    )


def given(case: Case) -> list[str]:
    return [name for name, yes in consents.given(case).items() if yes]


def rule(country: str) -> SafeString:
    """The sentence of the guidelines beside every such choice, with its clause."""
    return format_html(
        "{} {} {}",
        _("“Consent of individuals and organisations required”; sharing must not compromise neutrality, independence "
          "or security."),
        clause_link(cited_in(consents.CLAUSE, country)),
        _("Without the named force an escort cannot be transmitted to it, and a patrol is asked for without your name. "
          "You can take each consent back at any time."),
    )  # fmt: skip


class ConsentForm(MoveForm):
    """Consents that were missing, or that are taken back."""

    what = forms.MultipleChoiceField(
        label=gettext_lazy("Which consent?"), widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE_ONE
    )

    def arrange(self) -> None:
        held = self.code == "withdraw_consent"
        offered = [name for name in consents.NAMES if getattr(self.case, name) == held]
        if held:
            offered = [name for name in offered if name != consents.FORCE]
        self.fields["what"].choices = [(name, consents.LABELS[name]) for name in offered]
        if held:
            self.fields["reason"] = text(_("Why?"), most=600, rows=3, required=False)

    def introduce(self) -> str:
        return rule(self.case.country_id)
