"""How a test brings a reverse request to a status: the steps that people really take."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from cmcoord.accounts.models import Organisation
from cmcoord.places.models import DutyStation
from requests_app.models import ReverseRequest
from requests_app.services import expire_reverse, file_reverse, move_reverse

DAY = dt.timedelta(days=1)
CONDITIONS = {"conditions": ["window_only", "owner_stops"], "condition_text": "Sans uniforme."}
# status → the steps that lead there: who makes them, and what they say
WAYS: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {"submitted": ()}
WAYS["consenting"] = (("receive", "ocha_bria", {}),)
WAYS["testing"] = (*WAYS["consenting"], ("consent", "requester_bria", {"reason": "Only in the morning."}))
WAYS["deciding"] = (*WAYS["testing"], ("forward", "ocha_bria", {"aim": "humanitarian", "reason": "Vaccines."}))
WAYS["agreed"] = (*WAYS["deciding"], ("validate", "hc", CONDITIONS))
WAYS["executed"] = (*WAYS["agreed"], ("execute", "ocha_bria", {}))
WAYS["closed"] = (*WAYS["executed"], ("review", "ocha_bria", {"as_agreed": True, "conditions_respected": True}))
WAYS["declined"] = (*WAYS["consenting"], ("refuse", "requester_bria", {}))
WAYS["withdrawn"] = (*WAYS["consenting"], ("withdraw", "force_u3", {}))


def answers(owner: str = "AID-A", station: str = "bria", now: dt.datetime | None = None, **changed) -> dict[str, Any]:
    """What the form of a force says, without anything prohibited."""
    now = now or timezone.now()
    return {
        "station": DutyStation.objects.get(code=station),
        "owner": Organisation.objects.get(acronym=owner),
        "client_key": uuid.uuid4(),
        "component": "U4 logistics",
        "asset_wanted": "cargo",
        "purpose_kind": "humanitarian",
        "purpose_text": "Vaccines for the health post of Bria.",
        "content": ["none"],
        "starts_at": now + DAY,
        "ends_at": now + 2 * DAY,
        "place": "Bangui to Bria",
    } | changed


def reverse_at(status: str, people, **changed) -> ReverseRequest:
    """A reverse request that people brought to this status."""
    began = timezone.now() - (5 * DAY if status in ("executed", "closed", "expired") else dt.timedelta(hours=1))
    owner = people.requester_bria.organisation.acronym
    if status == "refused":
        changed = {"content": ["uniformed"]} | changed
    found = file_reverse(by=people.force_u3, now=began, **answers(owner, now=began, **changed))
    for step, (code, who, facts) in enumerate(WAYS.get(status, ()), start=1):
        at = began + dt.timedelta(minutes=step)
        if code in ("execute", "review"):
            at = began + 2 * DAY + dt.timedelta(minutes=step)
        move_reverse(found, code, by=getattr(people, who), now=at, **facts)
    if status == "expired":
        expire_reverse(timezone.now())
    found.refresh_from_db()
    assert found.status == status
    return found
