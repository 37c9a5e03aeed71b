"""The rescue of the demonstration: decided by word of mouth this morning, on its way, not written yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from cmcoord.accounts.models import User
from cmcoord.places.models import Country, DutyStation, Place
from contacts.models import Force
from requests_app.models import Case
from requests_app.services import make_move, save_answers, start_case

MINUTE = dt.timedelta(minutes=1)


def tell(users: dict[str, User]) -> Case:
    """A mission without its vehicles at Nzacko, as its organisation wrote it after the call."""
    author, bria, now = users["req.bria"], users["ocha.bria"], timezone.now()
    station = DutyStation.objects.get(code="bria")
    at = now - 180 * MINUTE
    case = start_case(
        by=author, country=Country.objects.get(pk="CAF"), station=station, organisation=author.organisation,
        language=author.language, request_type="EVAC", now=at,
    )  # fmt: skip
    answers = {
        "need": "Cinq membres d'une mission d'évaluation, sans véhicule depuis une attaque.",
        "no_weapons": True,
        "origin": Place.objects.get(name="Nzacko", country="CAF"),
        "passenger_count": 5,
        "why_safer": "Des hommes armés sur la seule piste ; l'équipe est à l'abri, mais pas pour la nuit.",
        "civilian_within_hour": False,
        "force": Force.objects.get(acronym="MINUSCA"),
        "call_back": "+236 00 00 02 01",
        "consent_force": True,
    }
    case = save_answers(case, by=author, base_version=case.version, now=at, answers=answers)
    make_move(case, "submit", by=author, now=at)
    case.refresh_from_db()
    said = {
        "person": users["hc.car"],
        "source": "telephone",
        "received_at": at + 14 * MINUTE,
        "witness": "Chargée de l'accès, OCHA Bangui",
    }
    steps: list[tuple[str, User, int, dict[str, Any]]] = [
        ("review", bria, 8, {}),
        ("approve_orally", bria, 15, {"on_behalf": said, "witness": "Awa Ngbaro", **_limits(case)}),
        ("transmit", bria, 25, {"task": f"Bring five people from {case.origin} to Bria.", "confirmed": ["task"]}),
        ("accept", users["force.u3"], 60, {}),
    ]
    for code, person, after, facts in steps:
        make_move(case, code, by=person, now=at + after * MINUTE, **facts)
        case.refresh_from_db()
    return case


def _limits(case: Case) -> dict[str, Any]:
    return {
        "force": case.force,
        "area": case.area,
        "valid_from": case.departure_at,
        "valid_to": case.window_to,
        "rotations": 1,
        "conditions": ["area_only", "window_only", "no_arms_on_board", "leader_stops"],
    }
