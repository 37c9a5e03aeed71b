"""From which field does each fact of a paper for a force come? The field's line in the audience table decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cmcoord.activity.barrier import Side, Stage, released, required
from cmcoord.places.models import Place
from requests_app.models import (
    Assessment,
    CargoLine,
    Case,
    Decision,
    ExecutionSheet,
    Extract,
    Participation,
    ReleasedNames,
    SheetStaff,
    SheetStop,
    SheetVehicle,
)

OF_CASE = {
    "task": "need",  # ∑: OCHA writes it in place of the need
    "requesting_organisation": "organisation",
    "mixed": "mixed_patrol",
    **{
        name: name
        for name in (
            "departure_at", "window_to", "origin", "destination", "vehicles", "leader", "cargo", "no_weapons",
            "critical_by", "urgency", "request_type", "exit_plan", "asset_category", "asset_quantity",
            "capability_needed", "passenger_count", "patients", "triage", "movements_count",
        )
    },
}  # fmt: skip
OF_DECISION = {
    "decided_as": "capacity",
    **{name: name for name in ("axis", "area", "rotations", "conditions", "condition_text", "valid_from", "valid_to")},
}
OF_SHEET: dict[str, tuple[type, str]] = {
    **{
        name: (ExecutionSheet, name)
        for name in (
            "convoy_name", "return_leg", "alternative_axis", "handling", "consignee", "cost_arrangement",
            "focal_point", "alternate", "comms_plan", "casevac_plan", "escort_rules", "escort_distance",
        )
    },
    "arrival_at": (ExecutionSheet, "arrives_at"),
    "vehicle_list": (SheetVehicle, "plate"),
    "stops": (SheetStop, "place"),
    "staff": (SheetStaff, "count"),
    "cargo_lines": (CargoLine, "description"),
    "drivers": (ReleasedNames, "text"),
    "passengers": (ReleasedNames, "text"),
}  # fmt: skip
OF_PARTS = {"other_organisations": "organisation", "staff_of_others": "staff"}
OF_REVIEW = ("support_level", "provider_kind", "escort_mode")
OF_PLACE = ("origin_position", "destination_position")
# OCHA writes these for the force when it sends the paper; they stand nowhere else.
OF_PAPER = (
    "acknowledge_by", "reply_by", "rendezvous", "rendezvous_position", "rendezvous_at", "road_contact", "call_signs",
    "contact", "rank",
)  # fmt: skip
LATER = (Extract.Kind.SCHEDULE,)
# A patrol is asked for without a name: only these facts wait for the consent of the organisation (domain.md §3.6).
NAMING = ("requesting_organisation",)


def source_of(name: str) -> tuple[type, str]:
    """The model and field whose line a fact obeys; a fact without a source is a mistake in the code."""
    if name in OF_CASE:
        return Case, OF_CASE[name]
    if name in OF_DECISION:
        return Decision, OF_DECISION[name]
    if name in OF_REVIEW:
        return Assessment, name
    if name in OF_SHEET:
        return OF_SHEET[name]
    if name in OF_PARTS:
        return Participation, OF_PARTS[name]
    if name in OF_PLACE:
        return Place, "latitude"
    if name in OF_PAPER:
        return Extract, "content"
    raise ValueError(f"no source: {name}")


def stage_of(kind: str, *, scheduled: bool = False) -> Stage:
    """The step at which a paper of this kind is sent; `scheduled`: after the schedule."""
    return Stage.SCHEDULED if scheduled or kind in LATER else Stage.TRANSMITTED


def is_agreed(case: Case, name: str) -> bool:
    """Has the organisation agreed that a force reads this fact of its request?"""
    return case.consent_force or (case.is_patrol and name not in NAMING)


def check_released(kind: str, names: Iterable[str], *, consent: bool, scheduled: bool = False) -> None:
    """Raise unless the paper and every one of these facts may reach a force with a paper of this kind.

    `consent`: of the organisation, for the force. That the escort does not take place a force hears without it.
    """
    allowed = consent or kind == Extract.Kind.STAND_DOWN
    for model, field in [(Extract, "content"), *map(source_of, names)]:
        required(model, field, to=Side.FORCE, stage=stage_of(kind, scheduled=scheduled), consent=allowed)


def fact(record: Case | Decision | Assessment, name: str) -> Any:
    """One fact of a request as a force may have it: from the field that is its source, by that field's line."""
    model, field = source_of(name)
    case = record if isinstance(record, Case) else record.case
    if not isinstance(record, model):
        raise ValueError(f"{name} is no fact of {record._meta.label}")
    return released(record, field, to=Side.FORCE, stage=Stage.TRANSMITTED, consent=is_agreed(case, name))
