"""How is a request begun, and how is it sent? The steps between are in steps.py."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import organisations, scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import CountryProfile, DutyStation, telephone_format
from cmcoord.ui.layout import Act, Acts, Group, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, LongText, TelephoneInput
from cmcoord.ui.words import cleaned
from requests_app import policies
from requests_app.forms import consenting
from requests_app.forms.fields import CHOOSE, STILL_MISSING, FromList, LocalMoment, Words, from_list
from requests_app.forms.inputs import organisations_to_file_for
from requests_app.forms.pieces import Included
from requests_app.models import Case, OnBehalf, RequestType, Status
from requests_app.questions import BY_FIELD
from requests_app.services.filing import LONGEST_ANSWER
from requests_app.services.starting import right_to_file, why_not_filed
from requests_app.telling import filers


class RecordFields(forms.Form):
    """Who asked OCHA, how, when, before whom (domain.md §2.8)."""

    marks_optional = False

    def add_record(self, zone: ZoneInfo, now: datetime) -> None:
        self.zone, self.now = zone, now
        self.fields["person_function"] = Words(
            label=_("Who asked? (function)"), max_length=120, required=False, widget=forms.TextInput(),
            help_text=_("The function, not the name: “Logistician of the organisation, Bria”."),
        )  # fmt: skip
        self.fields["source"] = forms.ChoiceField(
            label=_("How did it come?"), choices=[("", _("Choose")), *OnBehalf.Source.choices], required=False,
            error_messages={"invalid_choice": CHOOSE},
        )  # fmt: skip
        self.fields["received_at"] = LocalMoment(label=_("When was it said?"), zone=zone, required=False)
        self.fields["witness"] = Words(
            label=_("Witness (function)"), max_length=120, required=False, widget=forms.TextInput(),
            help_text=_("Who else heard or read it."),
        )  # fmt: skip

    def check_record(self, values: dict) -> None:
        for name in RECORD:
            if not values.get(name) and name not in self.errors:
                self.add_error(name, STILL_MISSING)
        if values.get("received_at") and values["received_at"] > self.now:
            self.add_error("received_at", _("What you record cannot have been said in the future."))


UNKNOWN = ("org_name", "org_acronym", "org_type")
NAMED_WITH = (*UNKNOWN, "org_telephone")
RECORD = ("person_function", "source", "received_at", "witness")


class StartForm(RecordFields):
    """Where a request is filed, and for which organisation."""

    client_key = forms.UUIDField(widget=forms.HiddenInput(), required=False)

    def __init__(self, data=None, *, user: User, now: datetime):
        super().__init__(data)
        self.user = user
        self.initial["client_key"] = uuid.uuid4()
        self.own = scope.organisations_for(user, Perm.FILE_CASE)
        self.records = any(grant.perm == Perm.RECORD_FOR_OTHERS for grant in scope.grants(user))
        in_force = policies.in_force()
        stations = stations_to_file_at(user, in_force)
        here = {station.country_id for station in stations}
        self.policies = [policy for policy in in_force if policy.country_id in here]
        offered = {code for policy in self.policies for code in policy.request_types}
        types = [choice for choice in RequestType.choices if choice[0] in offered]
        self.fields["request_type"] = forms.ChoiceField(
            label=_("What do you ask for?"), choices=types, widget=ChoiceBoxes,
            error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
        )  # fmt: skip
        self.fields["station"] = from_list(stations)
        self.fields["station"].label = _("Duty station of OCHA")
        self.fields["station"].help_text = _("Where the request is reviewed: usually the one nearest to the movement.")
        self.initial["station"] = scope.base_station(user)
        first = next(iter(stations), None)
        self.country = first.country if first else None
        allowed = organisations_to_file_for(user, self.country.pk) if first else Organisation.objects.none()
        self.fields["organisation"] = from_list(allowed)
        self.fields["organisation"].label = BY_FIELD["organisation"].label
        if not self.records:
            self.fields["organisation"].empty_label = None
            self.initial["organisation"] = user.organisation_id
        else:
            self.add_record(self.country.zone if first else timezone.get_default_timezone(), now)
            self.add_unknown()

    @property
    def exceptional(self) -> list[CountryProfile]:
        """The policies under which an escort can be asked for, and is the exception."""
        escort = RequestType.ARMED_ESCORT
        return [policy for policy in self.policies if policy.offers(escort) and not policy.foresees(escort)]

    def add_unknown(self) -> None:
        """An organisation that the portal does not know yet."""
        self.fields["org_name"] = Words(label=_("Its name"), max_length=120, required=False, widget=forms.TextInput())
        self.fields["org_acronym"] = Words(label=_("Acronym"), max_length=20, required=False, widget=forms.TextInput())
        self.fields["org_type"] = forms.ChoiceField(
            label=_("What kind?"),
            choices=[("", _("Choose")), *((kind.value, kind.label) for kind in organisations.NAMED)],
            required=False,
            error_messages={"invalid_choice": CHOOSE},
        )
        self.fields["org_telephone"] = Words(
            label=_("Its telephone"), max_length=40, required=False, widget=TelephoneInput(),
            validators=[telephone_format],
            help_text=_("So that everybody of OCHA reaches it about this request; the force does not read it."),
        )  # fmt: skip

    def clean(self):
        values = super().clean()
        station, organisation = values.get("station"), values.get("organisation")
        if self.unknown:
            self.check_unknown(values)
        for name in ("station", *(() if self.unknown else ("organisation",))):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, CHOOSE)
        if station and values.get("request_type"):
            policy = next((each for each in self.policies if each.country_id == station.country_id), None)
            if why := why_not_filed(station.country, policy, values["request_type"]):
                self.add_error("request_type", why)
        if station and organisation:
            grant = right_to_file(self.user, country=station.country, station=station, organisation=organisation)
            if grant is None:
                self.add_error("station", _("You cannot file a request for this organisation at this duty station."))
            elif grant.perm == Perm.RECORD_FOR_OTHERS:
                self.check_record(values)
        return values

    @property
    def unknown(self) -> bool:
        """Was an organisation named that stands in no list?"""
        return self.records and any(str(self[name].data or "").strip() for name in NAMED_WITH)

    def check_unknown(self, values: dict) -> None:
        for name in UNKNOWN:
            if not values.get(name) and name not in self.errors:
                self.add_error(name, STILL_MISSING)
        again = Case.objects.filter(client_key=values.get("client_key"), created_by=self.user)
        if values.get("client_key") and again.exists():
            return  # a second click: the first one named it
        if values.get("organisation"):
            self.add_error("org_name", _("Choose an organisation in the list, or name one: not both."))
        elif known := organisations.known_as(values.get("org_name", ""), values.get("org_acronym", "")):
            self.add_error("org_name", _("%(name)s is known already: choose it in the list.") % {"name": known})
        self.check_record(values)

    def opening(self) -> dict[str, Any]:
        """What services.start_case needs."""
        values = self.cleaned_data
        for_others = self.unknown or values["organisation"].pk not in self.own
        return {
            "request_type": values["request_type"],
            "country": values["station"].country,
            "station": values["station"],
            "organisation": None if self.unknown else values["organisation"],
            "unknown": {
                "name": values["org_name"],
                "acronym": values["org_acronym"],
                "org_type": values["org_type"],
                "telephone": values["org_telephone"],
            }
            if self.unknown
            else None,
            "client_key": values.get("client_key"),
            "on_behalf": {name: values[name] for name in RECORD} if for_others else None,
        }

    @property
    def helper(self):
        record = [
            Section(
                _("Who asked for it"),
                Included("requests_app/_on_behalf.html"),
                "person_function",
                Pair("source", "received_at"),
                "witness",
            )
        ]
        unknown = [
            Group(
                _("Not in the list?"),
                Note(_("Name it here, and an administrator looks at it later. The request does not wait for that.")),
                "org_name",
                Pair("org_acronym", "org_type"),
                "org_telephone",
            )
        ]
        return form_helper(
            "client_key",
            Section(
                _("What, where and for whom"),
                "request_type",
                "station",
                "organisation",
                *(unknown if self.records else []),
            ),
            *(record if self.records else []),
            Acts(Act(_("Start the request")), Way(_("Back"), "/")),
            data_resend="",
        )


def stations_to_file_at(user: User, in_force: list[CountryProfile]):
    """Active duty stations of the countries where this person may file and where the policy offers a type."""
    held = [grant for grant in scope.grants(user) if grant.perm in (Perm.FILE_CASE, Perm.RECORD_FOR_OTHERS)]
    countries = {g.country for g in held if g.perm == Perm.FILE_CASE}
    countries |= scope.countries_for(user, Perm.RECORD_FOR_OTHERS)
    where = Q(country__in=countries) | Q(pk__in=scope.stations_for(user, Perm.RECORD_FOR_OTHERS))
    offering = [policy.country_id for policy in in_force if policy.request_types]
    return (
        DutyStation.objects.filter(where, active=True, country__in=offering)
        .select_related("country")
        .order_by("country", "name")
    )


class SendForm(RecordFields):
    """The one button that sends a request; OCHA says once more who asked, and who will confirm it."""

    client_key = forms.UUIDField(widget=forms.HiddenInput(), required=False)
    base_version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def __init__(self, data=None, *, case: Case, user: User, now: datetime, label: str, for_others: bool):
        super().__init__(data)
        self.label, self.for_others, self.country = label, for_others, case.country_id
        self.initial |= {"client_key": uuid.uuid4(), "base_version": case.version}
        if case.status == Status.RETURNED:
            self.add_answer()
        self.fields["shared"] = consenting.field()
        self.initial["shared"] = consenting.given(case)
        if not for_others:
            return
        self.add_record(case.country.zone, now)
        asked = case.records_on_behalf.order_by("id").first()
        if asked:  # an answer came by another call than the request
            names = RECORD if case.status == Status.DRAFT else RECORD[:1]
            self.initial |= {name: getattr(asked, name) for name in names}
        self.fields["person"] = FromList(
            User.objects.filter(pk__in=[person.pk for person in filers(case)]).order_by("folded_name"),
            label=_("Who will confirm it in the portal?"),
            help_text=_("They get a message and say whether you wrote down what they said."),
            empty_label=_("Nobody of them has an account"),
        )

    def add_answer(self) -> None:
        """The box for the answer to the question with which the request was returned."""
        self.fields["reason"] = Words(
            label=_("Your answer to OCHA"), max_length=LONGEST_ANSWER, widget=LongText(rows=4),
            help_text=_("OCHA reads it beside its question, and so does everybody who sees this request."),
            error_messages={"required": _("Answer the question of OCHA in a sentence.")},
        )  # fmt: skip

    def answered(self) -> dict[str, Any]:
        answer = {"reason": self.cleaned_data["reason"]} if "reason" in self.fields else {}
        return {**answer, "shared": self.cleaned_data["shared"]}

    def typed_answer(self) -> str:
        """The answer as the browser sent it, also when the box is no longer asked."""
        return cleaned(str(self.data.get("reason", "")))

    def clean(self):
        values = super().clean()
        if self.for_others:
            self.check_record(values)
        return values

    def again(self, case: Case) -> SendForm:
        """The same words under a fresh key, on the ground of the case as it is now."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data["client_key"], self.data["base_version"] = str(uuid.uuid4()), str(case.version)
        return self

    def on_behalf(self) -> dict[str, Any] | None:
        if not self.for_others:
            return None
        return {name: self.cleaned_data[name] for name in (*RECORD, "person")}

    @property
    def helper(self):
        record = [Section(_("Who asked for it"), "person_function", Pair("source", "received_at"), "witness", "person")]
        return form_helper(
            "client_key",
            "base_version",
            Included("requests_app/_keeper.html"),
            *(["reason"] if "reason" in self.fields else []),
            *(record if self.for_others else []),
            Group(_("Consent to share"), Note(consenting.rule(self.country)), "shared"),
            Acts(Act(self.label)),
            data_resend="",
        )
