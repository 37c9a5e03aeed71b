"""People who stand in the directory twice: the proposals, the merge field by field, and taking it back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.ui.layout import Act, Acts, Section, Way, form_helper
from cmcoord.ui.pages import conflict, form_page
from contacts import keepers
from contacts.duplicates import pairs
from contacts.models import Language, Merge, Person
from contacts.services.merging import Chosen, merge, undo_merge
from contacts.services.people import MOST_ADDRESSES, MOST_TELEPHONES

SHOWN = 20


class MergeForm(forms.Form):
    """Field by field: what the one person has who comes of the two."""

    marks_optional = False

    def __init__(self, *args, person: Person, other: Person, **kwargs):
        super().__init__(*args, **kwargs)
        both = (person, other)
        self.fields["name"] = forms.ChoiceField(
            label=_("Name"), choices=[(name, name) for name in dict.fromkeys(one.name for one in both)],
            widget=forms.RadioSelect, initial=person.name,
        )  # fmt: skip
        self._boxes("languages", _("Languages"), {code: Language(code).label for one in both for code in one.languages})
        self._boxes("telephones", _("Telephones"), {
            str(row.number): f"{row.number} ({row.get_kind_display()})" for one in both for row in one.telephones.all()
        })  # fmt: skip
        self._boxes(
            "addresses", _("E-mail addresses"), {row.email: row.email for one in both for row in one.addresses.all()}
        )

    def _boxes(self, name: str, label: str, choices: dict) -> None:
        if choices:
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=list(choices.items()), initial=list(choices), required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def clean(self):
        values = super().clean()
        for name, most, sentence in (
            ("telephones", MOST_TELEPHONES, _("At most %(count)d telephones.")),
            ("addresses", MOST_ADDRESSES, _("At most %(count)d e-mail addresses.")),
        ):
            if len(values.get(name, [])) > most:
                self.add_error(name, sentence % {"count": most})
        return values

    def chosen(self) -> Chosen:
        values = self.cleaned_data
        return Chosen(
            values["name"], tuple(values.get("languages", [])), frozenset(values.get("telephones", [])),
            frozenset(values.get("addresses", [])),
        )  # fmt: skip

    @property
    def helper(self):
        return form_helper(
            Section(_("The one person"), *self.fields),
            Acts(Act(_("Make them one")), Way(_("Back"), reverse("contacts:duplicates"))),
        )


@login_required
@never_cache
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Who looks like whom, and what was merged within the last 30 days."""
    if not keepers.keeps_something(request.user):
        raise PermissionDenied(_("Posts are kept by requesting organisations and by OCHA."))
    standing = Merge.objects.filter(undone_at=None, forgotten_at=None).select_related("person", "by")
    mine = standing.filter(keepers.people_where(request.user, "person")).order_by("-pk")
    context = {
        "pairs": pairs(request.user),
        "merges": [(one, one.originals[1]["person"]["fields"]["name"]) for one in mine[:SHOWN]],
    }
    return render(request, "contacts/duplicates.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def make_one(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Both beside each other, and what becomes of each field."""
    person, twin = _kept(request, pk), _kept(request, other)
    if person.pk == twin.pk:
        raise Http404
    form = MergeForm(request.POST or None, person=person, other=twin)
    if form.is_valid():
        try:
            merge(person, twin, by=request.user, chosen=form.chosen())
        except ValidationError as problem:
            return conflict(request, " ".join(problem.messages), back=reverse("contacts:duplicates"))
        messages.success(request, _("They are one person now. This can be undone for 30 days."))
        return redirect("contacts:duplicates")
    return form_page(request, "contacts/merge.html", {"form": form, "both": (person, twin)}, form)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Two people again."""
    done = get_object_or_404(Merge.objects.filter(keepers.people_where(request.user, "person")), pk=pk)
    try:
        undo_merge(done, by=request.user)
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=reverse("contacts:duplicates"))
    messages.success(request, _("They are two people again, as they were."))
    return redirect("contacts:duplicates")


def _kept(request: HttpRequest, pk: int) -> Person:
    """A person whose post this user keeps; of all others nobody learns whether they exist."""
    kept = keepers.people_kept(request.user).prefetch_related("telephones", "addresses", "holdings__post__station")
    return get_object_or_404(kept, pk=pk)
