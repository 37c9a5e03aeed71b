"""A made-up request in Mali on which the country team is consulted: one supports, one sets a condition, one objects."""

import datetime as dt
from typing import Any

from django.utils import timezone

from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Role
from cmcoord.places.models import Axis, Country, Place
from contacts.models import Force
from requests_app.models import Case
from requests_app.services import make_move, save_answers, start_case

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def tell(users: dict[str, User]) -> Case:
    """Filed six days ago; the country team has been asked for a few hours."""
    now = timezone.now()
    author, begins, leaves = users["req.mopti"], now - DAY * 6, now + DAY * 8
    station = author.appointments.get(role=Role.REQUESTER).station
    assert station is not None  # noqa: S101  who files is based somewhere
    case = start_case(
        by=author, country=Country.objects.get(pk="MLI"), organisation=author.organisation, language="fr",
        station=station, request_type="AE", now=begins,
    )  # fmt: skip
    case = save_answers(
        case, by=author, base_version=case.version, now=begins, answers=_answers(leaves),
        alternatives=[
            {"option": "acceptance", "tried_on": begins.date() - DAY * 6, "outcome": "inadequate",
             "note": "Les comités locaux garantissent la route jusqu'à Boni seulement."},
            {"option": "air", "tried_on": begins.date() - DAY * 5, "outcome": "unavailable",
             "note": "La piste de Mondoro est fermée."},
        ],
    )  # fmt: skip
    unit, limits = users["ocha.bko"], _limits(case)
    found = {"support_level": "indirect", "clusters": ["FSC"], "provider_kind": "host_army", "escort_mode": "distant",
             "need_met": "yes", "authorities_met": "partly", "safety_met": "yes", "sustainability_met": "yes",
             "risk_without": "high", "risk_with": "medium",
             "criteria_text": "Une rotation, à distance ; les convois suivants partent sans escorte."}  # fmt: skip
    steps: tuple[tuple[str, User, int, dict[str, Any]], ...] = (
        ("submit", author, 1, {}),
        ("review", users["ocha.mopti"], 3, {}),
        ("assess", users["ocha.mopti"], 5, found),
        ("validate", users["ocha.mopti"], 6, {}),
        ("draft_decision", unit, 135,
         {"recommendation": "approved", "note": "Seulement par consensus ; une rotation.", **limits}),
        ("open_consultation", unit, 136, {}),
        ("take_position", users["hct.ml1"], 138, {"value": "support", "words": "4,200 people have no other supply."}),
        ("take_position", users["hct.ml2"], 139, {"value": "accept", "condition": "L'escorte quitte le convoi à Boni"}),
        ("put_question", users["hct.ml3"], 140, {"text": "Who speaks with the communities between Boni and Mondoro?"}),
        ("take_position", users["hct.ml3"], 141,
         {"value": "object", "words": "Two days ago fighters threatened whoever travels with this force."}),
    )  # fmt: skip
    for code, person, hours, facts in steps:
        make_move(case, code, by=person, now=begins + HOUR * hours, **facts)
        case.refresh_from_db()
    return case


def _answers(leaves: dt.datetime) -> dict[str, Any]:
    return {
        "urgency": "routine",
        "need": "Vivres pour 4 200 personnes déplacées autour de Mondoro ; les stocks s'épuisent dans dix jours.",
        "people": 4200,
        "critical_by": leaves + DAY * 6,
        "origin": Place.objects.get(name="Mopti", country="MLI"),
        "destination": Place.objects.get(name="Mondoro", country="MLI"),
        "axis": Axis.objects.get(code="mopti-mondoro"),
        "departure_at": leaves,
        "window_to": leaves + DAY * 2,
        "rotations": 1,
        "vehicles": 6,
        "cargo": "Secours humanitaires seulement, selon le manifeste.",
        "no_weapons": True,
        "un_on_board": False,
        "force": Force.objects.get(acronym="FAMa"),
        "why_safer": "Trois embuscades entre Boni et Mondoro ce mois-ci, toutes contre des camions sans escorte.",
        "risks": ["perception"],
        "neutrality": "L'escorte sera vue de tous ; les communautés de l'axe sont prévenues par nos équipes.",
        "mitigation": "À distance, jusqu'à Boni ; aucune présence militaire à la distribution.",
        "exit_plan": "Une seule rotation ; ensuite convois sans escorte avec l'accord des communautés.",
        "consent_partners": True,
        "consent_force": True,
    }


def _limits(case: Case) -> dict[str, Any]:
    assert case.departure_at is not None  # noqa: S101  written above
    assert case.window_to is not None  # noqa: S101
    return {
        "force": case.force,
        "axis": case.axis,
        "area": None,
        "valid_from": case.departure_at - HOUR * 12,
        "valid_to": case.window_to + DAY,
        "rotations": 1,
        "conditions": ["area_only", "no_arms_on_board", "marked_apart", "no_presence", "leader_stops"],
        "condition_text": "",
    }
