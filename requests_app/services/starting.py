"""Who may file where, and how does the draft of a request come into being: empty, copied, or in place of an escort?"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.organisations import name_organisation
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity, line_of
from cmcoord.activity.services import record
from cmcoord.places.models import Country, CountryProfile, DutyStation, folded
from requests_app.models import Case, OnBehalf, RequestType, Urgency
from requests_app.numbering import next_number
from requests_app.questions import RISK_TEXTS
from requests_app.services.made import Refused
from requests_app.visibility import CLOSED_SIDES

ANSWERS = (
    "urgency", "organisation", "need", "people", "critical_by", "origin", "destination", "axis", "departure_at",
    "window_to", "rotations", "vehicles", "cargo", "no_weapons", "un_on_board", "force", "why_safer",
    "exit_plan", "asset_category", "asset_quantity", "capability_needed", "area", "passenger_count", "risks",
    "mitigation", *RISK_TEXTS, "leader", "call_back", "civilian_within_hour", "patients", "triage",
    "patrol_reason", "movements_count", "mixed_patrol", "instead_of", "consent_partners", "consent_force",
    "consent_public",
)  # fmt: skip
SEARCHED = (
    "reference", "organisation", "need", "origin", "destination", "axis", "area", "cargo", "capability_needed",
)  # fmt: skip  # never what is strict
COPIED = (
    "urgency", "need", "people", "origin", "destination", "axis", "rotations", "vehicles", "cargo", "un_on_board",
    "force", "why_safer", "exit_plan", "asset_category", "asset_quantity", "capability_needed", "area",
    "passenger_count", "mitigation", *RISK_TEXTS, "patrol_reason", "movements_count", "mixed_patrol",
)  # fmt: skip
# What a patrol takes over from the escort in whose place it is asked for.
OF_THE_ESCORT = ("origin", "destination", "axis", "departure_at", "window_to", "force")
DRAFTED = "draft"  # the act of the row that says who asked OCHA for a draft
WHO_ASKED = gettext_lazy("Say who asked, how and when: you are filing for somebody else.")
NOT_THERE = gettext_lazy("You cannot file a request for this organisation at this duty station.")


@dataclass(frozen=True)
class _Place:
    """Where a request would stand, before there is one: what scope needs to answer."""

    country: Country
    station: DutyStation
    organisation: Organisation
    author: User

    def scope_facts(self) -> dict:
        return {
            "country": self.country.pk,
            "stations": {self.station.pk},
            "organisation": self.organisation.pk,
            "author": self.author.pk,
        }


def right_to_file(
    user: User, *, country: Country, station: DutyStation, organisation: Organisation
) -> scope.Grant | None:
    """The right by which this person may file there: for their own organisation, else OCHA for somebody else's."""
    place = _Place(country, station, organisation, user)
    if station.country_id != country.pk or not station.active or organisation.side in CLOSED_SIDES:
        return None
    own = scope.grant_for(user, Perm.FILE_CASE, place)
    if own or user.organisation_id == organisation.pk:
        return own
    return scope.grant_for(user, Perm.RECORD_FOR_OTHERS, place)


def why_not_filed(country: Country, profile: CountryProfile | None, request_type: str) -> str:
    """ "" or why this type of request cannot be filed there: the policy in force does not offer it."""
    if profile is not None and profile.offers(request_type):
        return ""
    return _("“%(type)s” cannot be asked for in %(country)s.") % {
        "type": RequestType(request_type).label,
        "country": country,
    }


@transaction.atomic
def start_case(
    *,
    by: User,
    country: Country,
    station: DutyStation,
    organisation: Organisation | None,
    client_key: uuid.UUID | None = None,
    request_type: str = RequestType.ARMED_ESCORT,
    language: str = "fr",
    answers: dict[str, Any] | None = None,
    on_behalf: dict[str, Any] | None = None,
    unknown: dict[str, str] | None = None,
    now: datetime | None = None,
) -> Case:
    """Open a draft. The same client key twice gives the same draft.

    `on_behalf` (person_function, source, received_at, witness) says who asked OCHA for it, and how. `unknown` (name,
    acronym, org_type, telephone) names an organisation that the portal does not know yet, in place of `organisation`.
    """
    if known := opened_with(client_key, by):
        return known
    if unknown:
        organisation = name_organisation(by=by, country=country, **unknown)
    if organisation is None:
        raise Refused("need", _("Choose the organisation."))
    return _open(
        "case.draft", by=by, country=country, station=station, organisation=organisation, client_key=client_key,
        request_type=request_type, language=language, answers=answers or {}, on_behalf=on_behalf, data={}, now=now,
    )  # fmt: skip


def opened_with(client_key: uuid.UUID | None, by: User) -> Case | None:
    """The draft that this key opened before: a second click."""
    known = Case.objects.filter(client_key=client_key).first() if client_key else None
    if known and known.created_by_id != by.pk:
        raise Refused("need", _("Please open this page again and repeat your answers."))
    return known


def _open(
    kind: str,
    *,
    by: User,
    country: Country,
    station: DutyStation,
    organisation: Organisation,
    client_key: uuid.UUID | None,
    request_type: str,
    language: str,
    answers: dict[str, Any],
    on_behalf: dict[str, Any] | None,
    data: dict[str, Any],
    now: datetime | None,
) -> Case:
    if known := opened_with(client_key, by):
        return known
    now = now or timezone.now()
    grant = right_to_file(by, country=country, station=station, organisation=organisation)
    if grant is None:
        raise Refused("right", str(NOT_THERE))
    profile = country.profile_on()
    if why := why_not_filed(country, profile, request_type):
        raise Refused("need", why)
    for_others = grant.perm == Perm.RECORD_FOR_OTHERS
    if for_others and not on_behalf:
        raise Refused("need", str(WHO_ASKED))
    series = f"{country.pk}-{request_type}-{now.astimezone(country.zone).year}"
    number = next_number(series)
    if known := opened_with(client_key, by):  # two clicks at one moment: the second one waited for the number
        return known
    case = Case(
        reference=f"{series}-{number:04d}",
        client_key=client_key or uuid.uuid4(),
        country=country,
        profile=profile,
        request_type=request_type,
        station=station,
        organisation=organisation,
        created_by=by,
        created_at=now,
        language=language,
    )
    if case.is_rescue:
        case.urgency = Urgency.IMMEDIATE
    for name, value in answers.items():
        if name in ANSWERS:
            setattr(case, name, value)
    derive(case)
    case.save()
    data = {"organisation": organisation.pk, "station": station.code, **data}
    if for_others and on_behalf:
        row = OnBehalf.objects.create(case=case, act=DRAFTED, recorded_by=by, recorded_at=now, **on_behalf)
        data |= {"recorded_for": row.person_function, "source": row.source}
    principal = User.objects.get(pk=grant.principal_id) if grant.principal_id else None
    record(case, kind, by=by, acting_for=principal, data=data, at=now)
    return case


def derive(case: Case) -> None:
    """The columns that follow from the answers: stations touched and the folded text for the search."""
    case.origin_station = getattr(case.origin, "station", None) if case.origin_id else None
    case.destination_station = getattr(case.destination, "station", None) if case.destination_id else None
    if case.is_rescue:
        case.people = case.passenger_count
        case.area = case.origin.area if case.origin_id else None  # an approval is given for one area
    case.search_text = searched_text(case)


def searched_text(case: Case) -> str:
    """What the search knows of a request: no word of a higher class than its own, and nothing of a strict one."""
    own = Sensitivity(case.sensitivity)
    if own == Sensitivity.STRICT:
        return ""
    words = [getattr(case, name) for name in SEARCHED if line_of(case, name).sensitivity.rank <= own.rank]
    original = case.imported_row.original_reference if case.imported else ""
    return folded(" ".join(str(word) for word in (*words, case.force_reference, original) if word))


@transaction.atomic
def begin_copy(case: Case, *, by: User, client_key: uuid.UUID | None = None) -> Case:
    """The draft of copying.copy_case(), before it has the class of what it was copied from."""
    return _open(
        "case.copy",
        by=by,
        country=case.country,
        station=case.station,
        organisation=case.organisation,
        client_key=client_key,
        request_type=case.request_type,
        language=case.language,
        answers={name: getattr(case, name) for name in COPIED},
        on_behalf=None,
        data={"from_reference": case.reference},
        now=None,
    )


def begin_patrol(escort: Case, *, by: User, client_key: uuid.UUID | None = None) -> Case:
    """The draft of a patrol in place of this escort: its axis and its days, one movement, nothing of its cargo."""
    answers = {name: getattr(escort, name) for name in OF_THE_ESCORT}
    return _open(
        "case.copy",
        by=by,
        country=escort.country,
        station=escort.station,
        organisation=escort.organisation,
        client_key=client_key,
        request_type=RequestType.PATROL,
        language=escort.language,
        answers=answers | {"movements_count": escort.rotations or 1, "instead_of": escort},
        on_behalf=None,
        data={"from_reference": escort.reference},
        now=None,
    )
