"""Who reads the portal during the bench? Ordinary people of every role, each with one session that is already open."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from cmcoord.accounts import rights
from cmcoord.accounts.models import Appointment, DecisionDelegation, Organisation, StandIn, User
from cmcoord.accounts.reference_data import load_organisations
from cmcoord.accounts.roles import ROLES, Role
from cmcoord.activity.models import Event
from cmcoord.activity.services import unwritten
from cmcoord.places.models import Country, DutyStation
from cmcoord.places.reference_data import load_reference
from contacts.reference_data import load_forces

ORGANISATIONS = 40
# name → organisation, and the roles with their scope
READERS: dict[str, tuple[str, tuple[tuple[Role, dict], ...]]] = {
    "requester, half of all": ("NGO-01", ((Role.REQUESTER, {"station": "bria"}),)),
    "requester, few": ("NGO-07", ((Role.REQUESTER, {"station": "bria"}),)),
    "requester, nothing yet": ("NGO-00", ((Role.REQUESTER, {}),)),
    "restricted ones of a station": ("NGO-00", ((Role.REQUESTER, {"station": "bria"}),)),
    "OCHA at one station": ("OCHA", ((Role.OCHA_OFFICER, {"station": "bria"}),)),
    "OCHA national unit": ("OCHA", ((Role.OCHA_NATIONAL, {}),)),
    "Head of Office": ("OCHA", ((Role.HEAD_OF_OFFICE, {}),)),
    "Humanitarian Coordinator": ("RC/HC", ((Role.HC, {}),)),
    "Logistics cluster": ("WFP", ((Role.CLUSTER, {"cluster": "LOG"}),)),
    "Nutrition cluster": ("UNICEF", ((Role.CLUSTER, {"cluster": "NUT"}),)),
    "UNDSS": ("UNDSS", ((Role.UNDSS, {}),)),
    "NGO security": ("INSO", ((Role.NGO_SECURITY, {}),)),
    "several paths at once": (
        "NGO-03",
        ((Role.REQUESTER, {"station": "bria"}), (Role.OCHA_OFFICER, {"station": "bambari"}), (Role.UNDSS, {}),
         (Role.CLUSTER, {"cluster": "LOG"}), (Role.CLUSTER, {"cluster": "NUT"})),
    ),
    "no role": ("NGO-05", ()),
    "force": ("MINUSCA", ((Role.FORCE_OPS, {}),)),
    "donor": ("ECHO", ((Role.DONOR, {}),)),
    "administrator": ("OCHA", ((Role.ADMIN, {}),)),
}  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """One person of the bench and the cookie of their session."""

    name: str
    user: User
    cookie: str


def make_people() -> tuple[dict[str, Reader], dict[int, int]]:
    """Everybody by name, and for each organisation the person who files for it (the biggest first)."""
    load_reference()
    load_organisations()
    load_forces()
    for number in range(ORGANISATIONS):
        Organisation.objects.create(acronym=f"NGO-{number:02d}", name=f"Organisation {number:02d}", org_type="ingo")
    password = make_password("demo-portal")
    first, second = (_user(f"given.by.{n}", "OCHA", password) for n in (1, 2))
    readers = {}
    for number, (name, (acronym, roles)) in enumerate(READERS.items()):
        user = _user(f"reader.{number:02d}", acronym, password, name)
        for role, scope in roles:
            _appoint(user, role, first, second, **scope)
        readers[name] = Reader(name, user, _session(user))
    filers: dict[int, int] = {}
    for number in range(1, ORGANISATIONS):
        acronym = f"NGO-{number:02d}"
        known = next((r.user for r in readers.values() if r.user.organisation.acronym == acronym), None)
        filer = known or _user(f"filer.{number:02d}", acronym, password)
        if known is None:
            _appoint(filer, Role.REQUESTER, first, second, station="bria")
        filers[filer.organisation_id] = filer.pk
    return readers, filers


def _user(username: str, acronym: str, password: str, name: str = "") -> User:
    return User.objects.create(
        username=username,
        email=f"{username}@example.org",
        password=password,
        name=name or username,
        function_title=name or username,
        organisation=Organisation.objects.get(acronym=acronym),
        telephone="+236 00 00 00 01",
    )


def _appoint(user: User, role: Role, giver: User, confirmer: User, station: str = "", cluster: str = "") -> None:
    scope = ROLES[role].scope
    appointment = Appointment.objects.create(
        user=user,
        role=role,
        country=Country.objects.get(pk="CAF") if "country" in scope else None,
        station=DutyStation.objects.get(code=station) if station else None,
        cluster=cluster,
        organisation=user.organisation if {"organisation", "force"} & set(scope) else None,
        starts=timezone.localdate() - dt.timedelta(days=30),
        given_by=giver,
        confirmed_by=confirmer,
        confirmed_at=timezone.now(),
    )
    write_events([appointment])


def write_events(rows: Iterable[rights.Right]) -> None:
    """The events that give and confirm these rights, marked by the portal, in one statement and told to nobody."""
    now, events = timezone.now(), []
    for row in rows:
        if isinstance(row, StandIn):
            data = rights.facts_of(row.appointment) | rights.facts_of_stand_in(row)
            events.append(unwritten(row, "standin.give", by=row.given_by, data=data, at=now))
            continue
        if isinstance(row, DecisionDelegation):
            data = rights.facts_of(row.appointment) | rights.facts_of_delegation(row)
            events.append(unwritten(row, "delegation.give", by=row.given_by, data=data, at=now))
            continue
        facts = rights.facts_of(row)
        if row.given_by:
            events.append(unwritten(row, "appointment.give", by=row.given_by, data=facts, at=now))
        if row.confirmed_by:
            data = facts if row.given_by else facts | {"founding": True}
            events.append(unwritten(row, "appointment.confirm", by=row.confirmed_by, data=data, at=now))
    Event.objects.bulk_create(events)


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # As if every factor had been shown just now, all day long: the bench measures pages, not people's telephones.
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time() + 86_400} for method in ("password", "mfa")
    ]
    session.create()
    return str(session.session_key)
