"""Which list of contacts is taken over, and what of it?"""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.models import Organisation, User
from cmcoord.places.models import Country, DutyStation
from cmcoord.ui.layout import Act, Acts, Note, Pair, Section, Way, form_helper
from cmcoord.ui.sheets import LONG
from cmcoord.ui.uploads import SheetForm
from contacts import keepers
from contacts.models import CmcoordRole, ContactLine


class ContactListForm(SheetForm):
    """The list, and what holds for rows that do not say it."""

    limits = LONG

    def __init__(self, *args, user: User, country: Country, **kwargs):
        super().__init__(*args, **kwargs)
        own = Q(pk__in=keepers.organisations_of(user))
        others = keepers.others_of(user, country.pk) if keepers.keeps_for_others(user) else Organisation.objects.none()
        organisations = Organisation.objects.filter(own | Q(pk__in=others)).order_by("acronym")
        stations = DutyStation.objects.filter(country=country, active=True).order_by("name")
        says = _("The list says it")
        self.fields["organisation"] = forms.ModelChoiceField(
            organisations, label=_("Organisation"), empty_label=says, required=False
        )
        self.fields["station"] = forms.ModelChoiceField(
            stations, label=_("Duty station"), empty_label=says, required=False
        )
        self.fields["role"] = forms.ChoiceField(
            label=_("Role in the coordination"), choices=[("", says), *CmcoordRole.choices], required=False
        )

    @property
    def helper(self):
        note = Note(_("For rows in which these cells are empty, or for a list without such columns:"))
        return form_helper(
            Section(_("The list"), "file", note, Pair("organisation", "station"), "role"),
            Acts(Act(_("Look at what it brings")), Way(_("Back"), reverse("contacts:posts"))),
        )


class AgreeForm(forms.Form):
    """Taking over what was looked at."""

    marks_optional = False

    without_wrong = forms.BooleanField(
        label=gettext_lazy("Leave out the rows that cannot be taken over"), required=False
    )

    def __init__(self, *args, wrong: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not wrong:
            del self.fields["without_wrong"]

    @property
    def helper(self):
        return form_helper(*self.fields, Acts(Act(_("Take them over"))))


class ChoicesForm(forms.Form):
    """What to do with each row of a page; `lines` are those that may be chosen about."""

    marks_optional = False

    def __init__(self, *args, lines: list[ContactLine], **kwargs):
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"row-{line.number}"] = forms.ChoiceField(
                label=_("What becomes of row %(number)d") % {"number": line.number},
                choices=choices_for(line),
                required=False,
                initial=line.choice,
            )

    def choices(self) -> dict[int, str]:
        """By number of the row."""
        return {int(name.removeprefix("row-")): value for name, value in self.cleaned_data.items()}


def choices_for(line: ContactLine) -> list[tuple[str, str]]:
    """What can become of a row; the first is what becomes of it without a word."""
    labels = {code: str(label) for code, label in ContactLine.Choice.choices}
    if line.state == ContactLine.State.ALIKE:
        return [("", labels["skip"]), ("same", labels["same"]), ("other", labels["other"])]
    return [("", _("Take it over")), ("skip", labels["skip"])]
