"""What is asked about a post and its holder, how is a post chosen on other pages, what is asked of a fleet?"""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import Country, DutyStation
from cmcoord.ui.layout import Act, Acts, Group, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import DayInput, TelephoneInput
from contacts import keepers
from contacts.models import FleetDriver, FleetRow, FleetVehicle, Post, Telephone, VehicleKind
from contacts.numbers import region_of
from contacts.services import Holder

ROWS = 3  # telephones on the form
CHOOSE = gettext_lazy("Choose one from the list.")


class PostField(forms.ModelChoiceField):
    """One of an organisation's posts in a country: "Logistician, Bria (name)". Only what stands and is held now."""

    def __init__(self, *, organisation, country, **kwargs):
        held = Post.objects.standing().of(organisation, country).filter(holdings__ends=None)
        super().__init__(
            held.with_holders().distinct(),
            **{"empty_label": _("Choose"), "error_messages": {"invalid_choice": CHOOSE}, **kwargs},
        )

    def label_from_instance(self, post: Post) -> str:
        return f"{post.function}, {post.station} ({post.holder.person})"


class HolderForm(forms.Form):
    """Who holds a post, how they are reached, and with whom that is shared."""

    marks_optional = False

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    share_humanitarians = forms.BooleanField(
        label=gettext_lazy("Name and telephones for the humanitarian side of the country"), required=False, initial=True
    )
    share_force = forms.BooleanField(
        label=gettext_lazy("Telephones for a force that escorts, with the function and never the name"), required=False
    )
    share_public = forms.BooleanField(label=gettext_lazy("Name and telephones for everybody"), required=False)

    def __init__(self, data=None, *, country: str, back: str, label: str, **kwargs):
        super().__init__(data, **kwargs)
        self.country, self.back, self.label = country, back, label
        for number in range(1, ROWS + 1):
            self.fields[f"telephone_{number}"] = PhoneNumberField(
                label=_("Telephone %(number)d") % {"number": number},
                region=region_of(country),
                required=number == 1,
                widget=TelephoneInput(),
                error_messages={
                    "invalid": _("Write a telephone number with the country code, for example +236 00 00 00 00.")
                },
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("Kind"), choices=Telephone.Kind.choices, required=False
            )
        self.fields["day_and_night"] = forms.BooleanField(
            label=_("The first one answers day and night"), required=False
        )

    @staticmethod
    def initial_of(post: Post) -> dict:
        """The present holder as the form shows them."""
        person = post.holder.person
        names = ("name", "email", "share_humanitarians", "share_force", "share_public")
        found = {name: getattr(person, name) for name in names}
        for number, row in enumerate(list(person.telephones.all())[:ROWS], start=1):
            found |= {f"telephone_{number}": str(row.number), f"kind_{number}": row.kind}
            found |= {"day_and_night": row.day_and_night} if number == 1 else {}
        return found

    def holder(self) -> Holder:
        values = self.cleaned_data
        rows: dict[str, tuple[str, str, bool]] = {}
        for number in range(1, ROWS + 1):
            if told := values.get(f"telephone_{number}"):
                always = number == 1 and values["day_and_night"]
                rows.setdefault(told.as_e164, (told.as_e164, values[f"kind_{number}"] or Telephone.Kind.MOBILE, always))
        names = ("name", "email", "share_humanitarians", "share_force", "share_public")
        return Holder(telephones=tuple(rows.values()), **{name: values[name] for name in names})

    @property
    def reached(self) -> list:
        pairs = [Pair(f"telephone_{number}", f"kind_{number}") for number in range(1, ROWS + 1)]
        consent = _(
            "“Consent of individuals and organisations required”: ask the person. It can be taken back at once."
        )
        return [
            Section(_("Who holds it"), Pair("name", "email"), *pairs, "day_and_night"),
            Section(
                _("With whom may it be shared?"),
                Note(consent),
                "share_humanitarians",
                "share_force",
                "share_public",
            ),
        ]

    @property
    def helper(self):
        return form_helper(*self.reached, Acts(Act(self.label), Way(_("Back"), self.back)))


class HandOverForm(HolderForm):
    """The next holder, from a day on."""

    starts = forms.DateField(label=pgettext_lazy("first day", "From"), widget=DayInput())

    @property
    def helper(self):
        return form_helper(Group(_("When"), "starts"), *self.reached, Acts(Act(self.label), Way(_("Back"), self.back)))


class PostForm(HandOverForm):
    """A new post with who holds it."""

    function = forms.CharField(
        label=gettext_lazy("Function"),
        max_length=120,
        help_text=gettext_lazy("As others call it: “Logistician, Bria”."),
    )

    def __init__(self, data=None, *, user: User, today: dt.date, **kwargs):
        super().__init__(data, **kwargs)
        own = keepers.organisations_of(user)
        found = Organisation.objects.filter(pk__in=own)
        if any(grant.perm == Perm.RECORD_FOR_OTHERS for grant in scope.grants(user)):
            found = found | keepers.others_of(user, self.country)
        stations = DutyStation.objects.filter(country=self.country, active=True).order_by("name")
        self.fields["organisation"] = forms.ModelChoiceField(
            found.distinct().order_by("acronym"), label=_("Organisation"), empty_label=None,
            error_messages={"invalid_choice": CHOOSE},
        )  # fmt: skip
        self.fields["station"] = forms.ModelChoiceField(
            stations, label=_("Duty station"), empty_label=_("Choose"), error_messages={"invalid_choice": CHOOSE}
        )
        self.initial |= {"station": scope.base_station(user), "organisation": user.organisation_id, "starts": today}

    @property
    def helper(self):
        post = Section(_("The post"), "function", Pair("organisation", "station"), "starts")
        return form_helper(post, *self.reached, Acts(Act(self.label), Way(_("Back"), self.back)))


# ── the fleet ────────────────────────────────────────────────────────────────────────────────────────────────────────


class FleetForm(forms.ModelForm):
    """One row of the fleet; who files in several countries says for which one it is."""

    model: type[FleetRow]
    heading: object

    def __init__(self, data=None, *, fleets: set[tuple[int, str]], row: FleetRow | None = None, back: str = ""):
        """To add a row to one of these `fleets`, or to correct the given `row`."""
        super().__init__(data, instance=row)
        self.back = back
        if "kind" in self.fields:
            self.fields["kind"].choices = [("", _("Choose")), *VehicleKind.choices]
        owners = Organisation.objects.in_bulk({organisation for organisation, _country in fleets})
        places = Country.objects.in_bulk({country for _organisation, country in fleets})
        self.fleets = {
            f"{organisation}-{country}": {"organisation": owners[organisation], "country": country}
            for organisation, country in sorted(fleets)
        }
        if len(self.fleets) > 1:
            labels = [(key, f"{one['organisation']}, {places[one['country']]}") for key, one in self.fleets.items()]
            self.fields["whose"] = forms.ChoiceField(
                label=_("Organisation and country"), choices=labels, error_messages={"invalid_choice": CHOOSE}
            )

    def fleet(self) -> dict:
        """Organisation and country, as services.keep takes them."""
        return self.fleets[self.cleaned_data.get("whose") or next(iter(self.fleets))]

    def row(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.model.kept}

    @property
    def layout(self) -> list:
        return []

    @property
    def helper(self):
        whose = ["whose"] if "whose" in self.fields else []
        way = [Way(_("Back"), self.back)] if self.back else []
        return form_helper(Section(self.heading, *whose, *self.layout), Acts(Act(_("Keep it")), *way))


class FleetVehicleForm(FleetForm):
    model, heading = FleetVehicle, gettext_lazy("Add a vehicle")

    class Meta:
        model = FleetVehicle
        fields = FleetVehicle.kept
        help_texts = {"plate": gettext_lazy("A plate that stands in the list already is brought up to date.")}

    @property
    def layout(self) -> list:
        return [Pair("kind", "plate"), Pair("marking", "radio"), "moss", "tracker"]


class FleetDriverForm(FleetForm):
    model, heading = FleetDriver, gettext_lazy("Add a driver")

    class Meta:
        model = FleetDriver
        fields = FleetDriver.kept
        widgets = {"telephone": TelephoneInput()}
        help_texts = {
            "id_number": gettext_lazy("A number that stands in the list already is brought up to date."),
        }

    @property
    def layout(self) -> list:
        return ["name", Pair("id_number", "telephone")]


class CorrectVehicleForm(FleetVehicleForm):
    heading = gettext_lazy("Correct this vehicle")

    class Meta(FleetVehicleForm.Meta):
        help_texts = {}


class CorrectDriverForm(FleetDriverForm):
    heading = gettext_lazy("Correct this driver")

    class Meta(FleetDriverForm.Meta):
        help_texts = {}
