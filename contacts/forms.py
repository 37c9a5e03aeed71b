"""What is asked about a post and its holder, how is a post chosen on other pages, what is asked of a fleet?"""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import Country, DutyStation
from cmcoord.ui.layout import Act, Acts, Fold, Hidden, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import DayInput, TelephoneInput
from contacts import keepers
from contacts.models import (
    Capacity,
    Circle,
    CmcoordRole,
    FleetDriver,
    FleetRow,
    FleetVehicle,
    Holding,
    Language,
    Person,
    Post,
    Shares,
    Telephone,
    VehicleKind,
)
from contacts.numbers import region_of
from contacts.services import Details, Holder, Mail, Number
from contacts.services.people import MOST_ADDRESSES, MOST_TELEPHONES

ROWS, MAILS = MOST_TELEPHONES, MOST_ADDRESSES  # as many as are kept
SHOWN_ROWS, SHOWN_MAILS = 2, 1  # of these, without unfolding more
ROLE_CHOICES = [(code, capfirst(word)) for code, word in CmcoordRole.choices]
CHOOSE = gettext_lazy("Choose one from the list.")
UNREADABLE = gettext_lazy("Write a telephone number with the country code, for example +236 00 00 00 00.")


class PostField(forms.ModelChoiceField):
    """One of an organisation's posts in a country: "Logistician, Bria (name)". Only what stands and is held now."""

    def __init__(self, *, organisation, country, **kwargs):
        held = Post.objects.standing().of(organisation, country).held()
        super().__init__(
            held.with_holders(),
            **{"empty_label": _("Choose"), "error_messages": {"invalid_choice": CHOOSE}, **kwargs},
        )

    def label_from_instance(self, post: Post) -> str:
        return f"{post.function}, {post.station} ({post.holder.person})"


class Ticks(forms.CheckboxSelectMultiple):
    """Several short choices beside each other."""

    def __init__(self, attrs=None, choices=()):
        super().__init__({"class": "inline"} | (attrs or {}), choices)


class SharesField(forms.MultipleChoiceField):
    """With whom something is shared: the three switches as boxes."""

    def __init__(self, **kwargs):
        start = {"label": gettext_lazy("Shared with"), "required": False, "initial": Shares().circles}
        super().__init__(choices=Circle.choices, widget=Ticks(), **(start | kwargs))

    def clean(self, value) -> Shares:
        return Shares.of(super().clean(value))


def telephone_field(label: str, country: str, **kwargs) -> PhoneNumberField:
    """A number that is read as one of the country where it has no country code."""
    return PhoneNumberField(
        label=label,
        region=region_of(country),
        widget=TelephoneInput(),
        error_messages={"invalid": UNREADABLE},
        **kwargs,
    )


class HeardForm(forms.Form):
    """About somebody who may say meanwhile what is shared of them: their own word is not written over unseen."""

    heard = None

    def hear(self, person: Person | None) -> list:
        """What the form carries along about the last word of this person."""
        if person is not None and self.heard is None:
            self.now = person.answered_at.isoformat() if person.answered_at else ""
            self.heard = self.data.get("heard", self.now)
        return [] if self.heard is None else [Hidden("heard", self.heard)]

    def clean(self):
        if self.heard is not None and self.heard != self.now:
            raise forms.ValidationError(
                _("Meanwhile it was said anew what may be shared of this person. Open the page again.")
            )
        return super().clean()


class HolderForm(HeardForm):
    """Who holds a post, how they are reached, and with whom each of it is shared; of somebody who stands: `person`."""

    marks_optional = False

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    share_name = SharesField(label=gettext_lazy("The name is shared with"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=[(code, capfirst(word)) for code, word in Language.choices],
        required=False,
        widget=Ticks(),
    )

    def __init__(self, data=None, *, country: str, back: str, label: str, person: Person | None = None, **kwargs):
        super().__init__(data, **kwargs)
        self.country, self.back, self.label = country, back, label
        self.carried = self.hear(person)
        for number in range(1, ROWS + 1):
            self.fields[f"telephone_{number}"] = telephone_field(_("Telephone"), country, required=number == 1)
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("Kind"), choices=Telephone.Kind.choices, required=False
            )
            self.fields[f"always_{number}"] = forms.BooleanField(label=_("Answers day and night"), required=False)
            self.fields[f"whatsapp_{number}"] = forms.BooleanField(label=_("WhatsApp"), required=False)
            self.fields[f"share_{number}"] = SharesField()
        for number in range(1, MAILS + 1):
            self.fields[f"email_{number}"] = forms.EmailField(label=_("E-mail address"), required=False)
            self.fields[f"share_email_{number}"] = SharesField()

    @staticmethod
    def initial_of(person: Person) -> dict:
        """Somebody as the form shows them."""
        found = {"name": person.name, "share_name": person.shares.circles, "languages": person.languages}
        for number, row in enumerate(list(person.telephones.all())[:ROWS], start=1):
            found |= {f"telephone_{number}": str(row.number), f"kind_{number}": row.kind}
            found |= {f"always_{number}": row.day_and_night, f"whatsapp_{number}": row.whatsapp}
            found[f"share_{number}"] = row.shares.circles
        for number, mail in enumerate(list(person.addresses.all())[:MAILS], start=1):
            found |= {f"email_{number}": mail.email, f"share_email_{number}": mail.shares.circles}
        return found

    def holder(self) -> Holder:
        values = self.cleaned_data
        rows: dict[str, Number] = {}
        for number in range(1, ROWS + 1):
            if told := values.get(f"telephone_{number}"):
                rows.setdefault(told.as_e164, Number(
                    told.as_e164, values[f"kind_{number}"] or Telephone.Kind.MOBILE, values[f"always_{number}"],
                    values[f"whatsapp_{number}"], values[f"share_{number}"],
                ))  # fmt: skip
        mails = [
            Mail(values[f"email_{number}"], values[f"share_email_{number}"])
            for number in range(1, MAILS + 1)
            if values[f"email_{number}"]
        ]
        return Holder(
            values["name"], tuple(rows.values()), tuple(mails), tuple(values["languages"]), values["share_name"]
        )

    @property
    def reached(self) -> list:
        consent = _(
            "“Consent of individuals and organisations required”: ask the person. It can be taken back at once."
        )
        who = Section(_("Who holds it"), Note(consent), "name", "share_name", "languages")
        telephones = [
            Section(
                _("Telephone %(number)d") % {"number": number},
                Pair(f"telephone_{number}", f"kind_{number}"),
                f"always_{number}",
                f"whatsapp_{number}",
                f"share_{number}",
            )  # fmt: skip
            for number in range(1, ROWS + 1)
        ]
        mails = [
            Section(_("E-mail address %(number)d") % {"number": number}, f"email_{number}", f"share_email_{number}")
            for number in range(1, MAILS + 1)
        ]
        return [
            who,
            *_folded(telephones, SHOWN_ROWS, _("More telephones"), "telephone_"),
            *_folded(mails, SHOWN_MAILS, _("More e-mail addresses"), "email_"),
        ]

    @property
    def helper(self):
        return form_helper(*self.carried, *self.reached, Acts(Act(self.label), Way(_("Back"), self.back)))


def _folded(sections: list[Section], shown: int, label: str, name: str) -> list:
    """The first sections, and the others folded until something stands in them."""
    later = [f"{name}{number}" for number in range(shown + 1, len(sections) + 1)]
    return [*sections[:shown], Fold(label, *sections[shown:], opened_by=later)]


class HandOverForm(HolderForm):
    """The next holder or alternate, from a day on: somebody new, or somebody whom the organisation has already."""

    starts = forms.DateField(label=pgettext_lazy("first day", "From"), widget=DayInput())
    capacity = forms.ChoiceField(label=gettext_lazy("As"), choices=Capacity.choices, required=False)

    def __init__(self, data=None, *, post: Post, user: User, **kwargs):
        super().__init__(data, **kwargs)
        there = Holding.objects.filter(post__organisation=post.organisation_id, post__country=post.country_id)
        known = keepers.people_kept(user).filter(pk__in=there.values("person"))
        self.fields["known"] = forms.ModelChoiceField(
            known, label=_("Somebody who is in the directory already"), required=False,
            empty_label=_("somebody new"), error_messages={"invalid_choice": CHOOSE},
        )  # fmt: skip
        if (data or {}).get("known"):
            self.fields["name"].required = self.fields["telephone_1"].required = False

    def holder(self) -> Holder:
        known = self.cleaned_data["known"]
        return Holder("", person=known) if known else super().holder()

    @property
    def helper(self):
        when = Section(_("When"), Pair("starts", "capacity"), "known")
        return form_helper(when, *self.reached, Acts(Act(self.label), Way(_("Back"), self.back)))


class PostForm(HolderForm):
    """A new post with who holds it, or without anybody yet."""

    starts = forms.DateField(label=pgettext_lazy("first day", "From"), widget=DayInput())
    vacant = forms.BooleanField(label=gettext_lazy("Nobody holds it yet"), required=False)
    function = forms.CharField(
        label=gettext_lazy("Function"),
        max_length=120,
        help_text=gettext_lazy("As others call it: “Logistician, Bria”."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles in the coordination"), choices=ROLE_CHOICES, required=False,
        widget=Ticks(),
    )  # fmt: skip

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
        if (data or {}).get("vacant"):
            for name in ("name", "telephone_1", "starts"):
                self.fields[name].required = False

    def details(self) -> Details:
        return Details(roles=tuple(self.cleaned_data["roles"]))

    @property
    def helper(self):
        post = Section(_("The post"), "function", Pair("organisation", "station"), "roles", "starts", "vacant")
        return form_helper(post, *self.reached, Acts(Act(self.label), Way(_("Back"), self.back)))


class DescribeForm(forms.Form):
    """What a post is for, and how it is reached whoever holds it."""

    marks_optional = False

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles in the coordination"), choices=ROLE_CHOICES, required=False,
        widget=Ticks(),
    )  # fmt: skip
    mailbox = forms.EmailField(label=gettext_lazy("Mailbox of the post"), required=False)
    share = SharesField(label=gettext_lazy("Mailbox and duty telephone are shared with"))
    source = forms.CharField(label=gettext_lazy("Source"), max_length=120, required=False)
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=300, required=False)

    def __init__(self, data=None, *, post: Post, **kwargs):
        start = {
            "roles": post.roles, "mailbox": post.mailbox, "share": post.shares.circles, "source": post.source,
            "remark": post.remark, "duty_telephone": str(post.duty_telephone or ""), "covers": post.covers.all(),
        }  # fmt: skip
        super().__init__(data, initial=start, **kwargs)
        self.post = post
        self.fields["duty_telephone"] = telephone_field(_("Duty telephone"), post.country_id, required=False)
        others = DutyStation.objects.filter(country=post.country_id, active=True).exclude(pk=post.station_id)
        self.fields["covers"] = forms.ModelMultipleChoiceField(
            others.order_by("name"), label=_("Covers as well"), required=False, widget=Ticks(),
            error_messages={"invalid_choice": CHOOSE},
        )  # fmt: skip

    def details(self) -> Details:
        values = self.cleaned_data
        told = values["duty_telephone"]
        return Details(
            roles=tuple(values["roles"]), mailbox=values["mailbox"], duty_telephone=told.as_e164 if told else "",
            covers=tuple(values["covers"]), source=values["source"], remark=values["remark"], shares=values["share"],
        )  # fmt: skip

    @property
    def helper(self):
        return form_helper(
            Section(_("What it is for"), "roles", "covers"),
            Section(_("How it is reached, whoever holds it"), Pair("duty_telephone", "mailbox"), "share"),
            Section(_("Where this comes from"), "source", "remark"),
            Acts(Act(_("Save")), Way(_("Back"), self.post.get_absolute_url())),
        )


class DepartForm(forms.Form):
    """The last day of somebody in a post."""

    ends = forms.DateField(label=gettext_lazy("Last day in the post"), widget=DayInput())

    def __init__(self, data=None, *, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper(
            Section(_("Departure"), Note(_("After that day the person leaves the lists by itself.")), "ends"),
            Acts(Act(_("Save")), Way(_("Back"), self.back)),
        )  # fmt: skip


class ConsentForm(HeardForm):
    """With whom is the name shared, and with whom each telephone and each address? A line for each."""

    marks_optional = False

    def __init__(self, data=None, *, person: Person, back: str = "", **kwargs):
        super().__init__(data, **kwargs)
        self.person, self.back = person, back
        self.carried = self.hear(person) if back else []  # by their link somebody speaks for themself
        self.rows = {
            **{f"telephone_{row.pk}": row for row in person.telephones.all()},
            **{f"address_{row.pk}": row for row in person.addresses.all()},
        }
        for name, row in {"name": person, **self.rows}.items():
            self.fields[name] = SharesField(label=str(row), initial=row.shares.circles)

    def said(self) -> dict:
        """As services.answer_consent() takes it."""
        values = self.cleaned_data
        of = {
            kind: {row.pk: values[name] for name, row in self.rows.items() if name.startswith(kind)}
            for kind in ("telephone", "address")
        }
        return {"name": values["name"], "telephones": of["telephone"], "addresses": of["address"]}

    @property
    def helper(self):
        consent = Note(_("“Consent of individuals and organisations required”. It can be taken back at once."))
        ways = [Way(_("Back"), self.back)] if self.back else []
        return form_helper(
            *self.carried,
            Section(_("With whom may it be shared?"), consent, *self.fields),
            Acts(Act(_("Save")), Act(_("Share nothing"), "nothing", kind="danger"), *ways),
        )


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
