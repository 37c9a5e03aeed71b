"""From which field does each fact of a paper for a force come? The field's line in the audience table decides."""

from __future__ import annotations

from collections.abc import Iterable

from cmcoord.activity.barrier import Side, Stage, required
from cmcoord.places.models import Place
from requests_app.models import Case, Decision, Extract

OF_CASE = {
    "task": "need",  # ∑: OCHA writes it in place of the need
    "requesting_organisation": "organisation",
    **{
        name: name
        for name in (
            "departure_at", "window_to", "origin", "destination", "vehicles", "leader", "cargo", "no_weapons",
            "critical_by", "urgency", "request_type", "exit_plan",
        )
    },
}  # fmt: skip
OF_DECISION = {
    "decided_as": "capacity",
    **{name: name for name in ("axis", "rotations", "conditions", "condition_text", "valid_from", "valid_to")},
}
OF_PLACE = ("origin_position", "destination_position")
# OCHA writes these for the force when it sends the paper; they stand nowhere else.
OF_PAPER = (
    "acknowledge_by", "reply_by", "rendezvous", "rendezvous_position", "rendezvous_at", "road_contact", "call_signs",
    "contact", "rank",
)  # fmt: skip
LATER = (Extract.Kind.SCHEDULE,)


def source_of(name: str) -> tuple[type, str]:
    """The model and field whose line a fact obeys; a fact without a source is a mistake in the code."""
    if name in OF_CASE:
        return Case, OF_CASE[name]
    if name in OF_DECISION:
        return Decision, OF_DECISION[name]
    if name in OF_PLACE:
        return Place, "latitude"
    if name in OF_PAPER:
        return Extract, "content"
    raise ValueError(f"no source: {name}")


def stage_of(kind: str) -> Stage:
    """The step at which papers of this kind are sent."""
    return Stage.SCHEDULED if kind in LATER else Stage.TRANSMITTED


def check_released(kind: str, names: Iterable[str]) -> None:
    """Raise unless every one of these facts may reach a force with a paper of this kind."""
    for name in names:
        required(*source_of(name), to=Side.FORCE, stage=stage_of(kind))
