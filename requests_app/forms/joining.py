"""Which organisation is asked to join, and what is its part of the convoy?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.ui.layout import Act, Acts, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import LongText
from contacts.forms import PostField
from requests_app import convoy
from requests_app.forms.fields import CHOOSE, WholeNumber, Words
from requests_app.models import Case, Participation


class AskToJoinForm(forms.Form):
    """One organisation of the country."""

    marks_optional = False

    def __init__(self, data=None, *, case: Case):
        super().__init__(data)
        self.case = case
        self.fields["organisation"] = forms.ModelChoiceField(
            convoy.may_be_asked(case), label=_("Organisation"), empty_label=_("Choose"),
            help_text=_("It reads the way, the days and where the request stands; not your need or what is advised."),
            error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
        )  # fmt: skip

    @property
    def helper(self):
        return form_helper(
            Section(_("Ask an organisation to join"), "organisation"),
            Acts(Act(_("Ask it")), Way(_("Back"), self.case.get_absolute_url())),
        )


class PartForm(forms.Form):
    """What one's own organisation brings."""

    consent_force = forms.BooleanField(
        label=gettext_lazy("The named force may read the name of our organisation and the sums of vehicles and staff"),
        error_messages={
            "required": gettext_lazy("Without this consent the convoy cannot be transmitted to the force.")
        },
    )

    def __init__(self, data=None, *, part: Participation):
        known = part.state == Participation.State.JOINED
        names = ("vehicles", "staff", "cargo", "consent_force")
        initial = {name: getattr(part, name) for name in names} | {"focal_post": part.focal_post_id} if known else {}
        super().__init__(data, initial=initial)
        self.part = part
        self.fields["vehicles"] = WholeNumber(lowest=1, highest=100, label=_("Vehicles of yours"))
        self.fields["staff"] = WholeNumber(lowest=1, highest=500, label=_("Staff of yours on board"))
        self.fields["cargo"] = Words(
            label=_("What you carry"), max_length=300, required=False, widget=LongText(rows=2),
            help_text=_("One line. Never weapons, military items or armed persons."),
        )  # fmt: skip
        self.fields["focal_post"] = PostField(
            organisation=part.organisation_id, country=part.case.country_id, required=False,
            label=_("Your focal point"), help_text=_("One of the posts of your organisation."),
        )  # fmt: skip

    @property
    def helper(self):
        joined = self.part.state == Participation.State.JOINED
        label = _("Save our part") if joined else _("Join with this part")
        return form_helper(
            Section(_("Our part"), Pair("vehicles", "staff"), "cargo", "focal_post",
                    Note(_("The other organisations do not see it; OCHA and the Humanitarian Coordinator do.")),
                    "consent_force"),
            Acts(Act(label)),
        )  # fmt: skip
