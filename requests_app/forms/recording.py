"""What does OCHA add when it writes down the word of somebody else?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.ui.layout import Pair, form_helper
from contacts.models import Addressee
from requests_app import chain
from requests_app.forms.asking import moment
from requests_app.forms.fields import Words
from requests_app.forms.reviewing import with_organisation
from requests_app.models import (
    Case,
    OnBehalf,
)
from requests_app.telling import coordinator, filers, requester


class SourceForm(forms.Form):
    """Who said it, how, when, before whom: what OCHA adds when it writes down the word of somebody else."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who said it?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Somebody without an account"),
        help_text=gettext_lazy("People with an account are asked to confirm."),
    )
    person_function = Words(
        label=gettext_lazy("Function, if without an account"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Never a name."),
    )
    addressee = forms.ModelChoiceField(
        label=gettext_lazy("Which place of the chain?"),
        queryset=Addressee.objects.none(),
        required=False,
        empty_label=gettext_lazy("Another one"),
        help_text=gettext_lazy("Its receipt counts for this place."),
    )
    source = forms.ChoiceField(label=gettext_lazy("How did it come?"), choices=OnBehalf.Source.choices)
    received_at = moment(gettext_lazy("When was it said?"))
    witness = Words(label=gettext_lazy("Witness (function)"), max_length=120)
    marks_optional = False
    prefix = "said"

    def __init__(self, data=None, *, case: Case, line, user):
        super().__init__(data, prefix=self.prefix, initial={"received_at": timezone.now(), "source": "telephone"})
        self.case, self.line = case, line
        people = signers(case, line)
        self.fields["person"].queryset = User.objects.filter(pk__in=[each.pk for each in people if each != user])
        self.fields["person"].queryset = self.fields["person"].queryset.select_related("organisation")
        self.fields["person"].label_from_instance = with_organisation
        if len(self.fields["person"].queryset) == 1:
            self.fields["person"].initial = self.fields["person"].queryset[0].pk
        self._offer_the_chain()
        if Perm.DECIDE_CASE in line.who:
            self.fields["person"].required = True
            self.fields["person"].empty_label = None
            del self.fields["person_function"]

    @property
    def helper(self):
        who = ["person", *(["person_function"] if "person_function" in self.fields else [])]
        place = ["addressee"] if "addressee" in self.fields else []
        return form_helper(*place, Pair(*who), Pair("source", "received_at"), "witness", tag=False)

    def _offer_the_chain(self) -> None:
        """Of a force: who of its chain said it; the first that has not acknowledged is proposed."""
        rows = chain.links(self.case) if Perm.ANSWER_AS_FORCE in self.line.who else []
        if not rows:
            del self.fields["addressee"]
            return
        field = self.fields["addressee"]
        field.queryset = Addressee.objects.filter(pk__in=[link.row.addressee_id for link in rows])
        field.label_from_instance = lambda addressee: addressee.function
        field.initial = next((link.row.addressee_id for link in rows if link.comes_next), None)
        self.fields["person"].initial = None

    def clean_received_at(self) -> datetime:
        said = self.cleaned_data["received_at"]
        if said > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError(_("What you record cannot have been said in the future."))
        return min(said, timezone.now())

    def clean(self) -> None:
        self._as_in_the_chain()
        if not self.errors and not self.cleaned_data.get("person") and not self.cleaned_data.get("person_function"):
            self.add_error("person_function", _("Say by whom: choose the person, or write the function."))

    def _as_in_the_chain(self) -> None:
        """A place of the chain says who it is: its account where it has one that answers, else its function."""
        addressee = self.cleaned_data.get("addressee")
        if addressee is None or self.cleaned_data.get("person") or self.cleaned_data.get("person_function"):
            return
        self.cleaned_data["person"] = self.fields["person"].queryset.filter(pk=addressee.account_id).first()
        self.cleaned_data["person_function"] = addressee.function


def signers(case: Case, line) -> list[User]:
    """The people whose own move this is: each of them may have telephoned."""
    found: list[User] = []
    for perm in line.who:
        found += _holders(case, perm)
    return list({person.pk: person for person in found}.values())


def _holders(case: Case, perm: str) -> list[User]:
    if perm == Perm.FILE_CASE:
        return [*requester(case), *filers(case)]
    if perm == Perm.ADVISE_CLUSTER:
        asked = (body.partition(":")[2] for body in case.consulted_bodies() if body.startswith("cluster:"))
        return [each for code in asked for each in scope.holders(perm, country=case.country_id, cluster=code)]
    if perm == Perm.ANSWER_AS_FORCE:
        return scope.holders(perm, organisation=case.provider().organisation_id)
    if perm == Perm.DECIDE_CASE:
        return coordinator(case)
    if perm in (Perm.ADVISE_UN_SECURITY, Perm.ADVISE_NGO_SECURITY):
        return scope.holders(perm, country=case.country_id)
    return []
