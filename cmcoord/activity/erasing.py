"""How is something confidential destroyed that the trail knows by its digest? The only place that writes an Erasure.

The database lets a text be blotted out, and a value beside an event go, because the Erasure row names the place; both
verifiers name what is gone without one. Who may erase, and the event of it, are the caller's.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from cmcoord.activity.models import ErasableValue, Erasure, Event, Salt
from cmcoord.activity.seals import model_of
from cmcoord.activity.triggers import EVENT_TABLE


@transaction.atomic
def blot_out(
    *, table: str, row: int, field: str, blot: Any, stream: str, subject: str, by, reason: str, second=None
) -> Erasure:
    """Put the blot in place of a text and destroy its salt; its digest says nothing any more."""
    where = {"of_table": table, "row_id": row, "field": field}
    erasure = Erasure.objects.create(stream=stream, subject=subject, reason=reason, by=by, second=second, **where)
    model_of(table)._base_manager.filter(pk=row).update(**{field: blot})
    Salt.objects.filter(**where).delete()
    return erasure


@transaction.atomic
def erase_value(event: Event, field: str, *, by, reason: str, second=None) -> Erasure:
    """Destroy a confidential value beside an event. The event and its digest stay as they were written."""
    erasure = Erasure.objects.create(
        stream=event.stream,
        subject=f"{event.subject_kind}/{event.subject_id}",
        of_table=EVENT_TABLE,
        row_id=event.pk,
        field=field,
        reason=reason,
        by=by,
        second=second,
    )
    ErasableValue.objects.filter(event=event, field=field).delete()
    return erasure
