"""The patrol of the demonstration: asked for in place of an escort, planned by the force, one day of it done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from cmcoord.accounts.models import User
from cmcoord.places.models import Axis, Country, DutyStation
from contacts.models import Force
from requests_app.models import Case
from requests_app.services import make_move, save_answers, start_case

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def tell(users: dict[str, User]) -> Case:
    """Four convoys between Bambari and Bria this week; nobody agreed that the force reads whose they are."""
    author, bria, force = users["req.bria"], users["ocha.bria"], users["force.u3"]
    country = Country.objects.get(pk="CAF")
    starts = timezone.now().astimezone(country.zone).replace(hour=6, minute=0, second=0, microsecond=0) - DAY
    at = starts - 5 * DAY
    case = start_case(
        by=author, country=country, station=DutyStation.objects.get(code="bria"), organisation=author.organisation,
        language=author.language, request_type="AREA", now=at,
    )  # fmt: skip
    answers = {
        "axis": Axis.objects.get(code="bambari-bria"),
        "departure_at": starts,
        "window_to": starts + 4 * DAY,
        "patrol_reason": "convoys",
        "movements_count": 4,
        "mixed_patrol": False,
        "force": Force.objects.get(acronym="MINUSCA"),
    }
    case = save_answers(case, by=author, base_version=case.version, now=at, answers=answers)
    done = {"day": starts.date(), "km": 192, "direction": "both"}
    steps: list[tuple[str, User, dt.timedelta, dict[str, Any]]] = [
        ("submit", author, HOUR, {}),
        ("review", bria, 3 * HOUR, {}),
        ("transmit", bria, 5 * HOUR, {"task": "Patrol the axis while the convoys are on it.", "confirmed": ["task"]}),
        ("accept", force, 26 * HOUR, {"days": [(starts + number * DAY).date() for number in (0, 2, 3)]}),
        ("log_patrol", force, 5 * DAY + 11 * HOUR, done),
    ]
    for code, person, after, facts in steps:
        make_move(case, code, by=person, now=at + after, **facts)
        case.refresh_from_db()
    return case
