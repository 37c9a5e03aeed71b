"""What goes to a force: numbered frozen extracts. The only thing that force pages read."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.urls import reverse

from requests_app.models import Case, Extract
from requests_app.numbering import next_number

# Every key that an extract may hold; what is not here cannot reach a force (domain.md §3.1, §3.2 column "Force").
REQUEST_KEYS = (
    "request_type", "urgency", "requesting_organisation", "task", "origin", "destination", "axis", "departure_at",
    "window_to", "rotations", "vehicles", "cargo", "no_weapons", "critical_by", "exit_plan", "conditions",
    "condition_text", "valid_from", "valid_to", "decided_as", "contact",
)  # fmt: skip
KEYS: dict[str, tuple[str, ...]] = {
    "request": REQUEST_KEYS,
    "schedule": (
        "departure_at",
        "rendezvous",
        "rendezvous_at",
        "leader",
        "contact",
        "call_signs",
        "vehicles",
        "rotations",
    ),
    "supplement": ("departure_at", "window_to", "vehicles", "leader"),
    "extension": ("valid_to", "rotations"),
    "suspension": (),
    "resumption": (),
    "stand_down": (),
}


def force_url(case: Case) -> str:
    """The page of the force for this case, under the force's own reference."""
    return reverse("requests:force_case", args=[case.force_reference])


def request_content(case: Case, *, task: str, contact: str) -> dict[str, Any]:
    """The frozen facts of an approved request: places, times, number, conditions; never the deliberation."""
    decision = case.decision
    return {
        "request_type": case.request_type,
        "urgency": case.urgency,
        "requesting_organisation": str(case.organisation),
        "task": task,
        "origin": str(case.origin),
        "destination": str(case.destination),
        "axis": str(decision.axis),
        "departure_at": _text(case.departure_at),
        "window_to": _text(min(case.window_to, decision.valid_to)),
        "rotations": decision.rotations,
        "vehicles": case.vehicles,
        "cargo": case.cargo,
        "no_weapons": case.no_weapons,
        "critical_by": _text(case.critical_by),
        "exit_plan": case.exit_plan,
        "conditions": decision.conditions,
        "condition_text": decision.condition_text,
        "valid_from": _text(decision.valid_from),
        "valid_to": _text(decision.valid_to),
        "decided_as": decision.capacity,
        "contact": contact,
    }


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def digest(content: dict[str, Any]) -> str:
    """The hash over the canonical form of what was sent."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def freeze(case: Case, kind: str, content: dict[str, Any], *, by, at: datetime) -> Extract:
    """Number and freeze one paper for the provider's organisation. Keys outside the table are a mistake in the code."""
    stray = set(content) - set(KEYS[kind])
    if stray:
        raise ValueError(f"not for a force: {sorted(stray)}")
    organisation = case.provider().organisation
    last = Extract.objects.filter(organisation=organisation, force_reference=case.force_reference).count()
    return Extract.objects.create(
        case=case,
        organisation=organisation,
        force_reference=case.force_reference,
        number=last + 1,
        kind=kind,
        content=content,
        sha256=digest(content),
        sent_by=by,
        sent_at=at,
    )


def new_force_reference(case: Case, at: datetime) -> str:
    """The force's own running number, which says nothing about requests that it never saw."""
    year = at.astimezone(case.country.zone).year
    series = f"F-{case.country_id}-{year}"
    number = next_number(f"{series}-{case.provider().organisation_id}")
    return f"{series}-{number:03d}"
