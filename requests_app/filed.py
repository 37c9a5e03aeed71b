"""Did a request change after somebody signed for it? Read from the trail of edits."""

from __future__ import annotations

from datetime import datetime

from cmcoord.activity.models import Event
from requests_app.models import Case

# What an opinion or a security decision is about: who leaves when, from where to where, with what and with whom.
MATERIAL = frozenset({
    "urgency", "origin", "destination", "axis", "departure_at", "window_to", "rotations", "vehicles", "cargo",
    "un_on_board", "force", "asset_category", "asset_quantity", "capability_needed", "area", "passenger_count",
})  # fmt: skip


def changed_materially(case: Case, *, since: datetime) -> bool:
    """Was one of the material answers edited after that moment?"""
    edits = Event.objects.about(case).filter(kind="case.edit", at__gt=since)
    return any(MATERIAL & set(event.data.get("changed", ())) for event in edits)
