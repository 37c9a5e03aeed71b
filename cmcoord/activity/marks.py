"""Did the portal itself write this event, or somebody with the database? A mark that only the portal's key makes.

Whoever may write to the database can put a row into the trail, and its trigger will seal it like any other. Events
that rights, reference data and approvals stand on therefore carry a mark over all that they say, made with SECRET_KEY,
which the database does not hold. A key that was replaced goes into SECRET_KEY_FALLBACKS, so that its marks go on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.crypto import constant_time_compare, salted_hmac

from cmcoord.activity.models import Event
from cmcoord.activity.seals import canonical, plain

FIELD = "mark"  # beside the facts in an event's data
MARKED = frozenset(
    (
        *(f"appointment.{verb}" for verb in ("give", "confirm")),
        "invitation.accept",
        "standin.give",
        "delegation.give",
        "appointment.doubt",
        "standin.doubt",
        "delegation.doubt",
        "factor.ask_reset",
        "reference.propose",
        "policy.propose",
        "case.approve",
        "case.establish_consensus",
        "case.approve_orally",
        "case.extend",
    )
)


def set_mark(event: Event) -> None:
    """Mark an event that is not written yet; of a kind that nothing stands on, leave it as it is."""
    if event.kind in MARKED:
        event.data = {**event.data, FIELD: _mark(event, settings.SECRET_KEY)}


def is_marked(event: Event) -> bool:
    """Is this what the portal wrote, by this key or by one that it had before?"""
    if not isinstance(event.data, dict):  # nothing that the portal writes
        return False
    found = str(event.data.get(FIELD, ""))
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(found, _mark(event, key)) for key in keys)


def _mark(event: Event, key: str) -> str:
    said: Mapping[str, Any] = {name: value for name, value in event.data.items() if name != FIELD}
    text = canonical(
        [
            event.stream,
            event.kind,
            plain(event.at),
            event.by_id,
            event.acting_for_id,
            event.subject_kind,
            event.subject_id,
            json.loads(json.dumps(said, cls=DjangoJSONEncoder)),
        ]
    )
    return salted_hmac("cmcoord.event", text, secret=key, algorithm="sha256").hexdigest()
