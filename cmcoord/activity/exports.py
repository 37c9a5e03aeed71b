"""What of a chain leaves the portal, so that others can verify it: links and rows, with digests for what is hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from cmcoord.activity.checks import Trail, gone_values
from cmcoord.activity.models import ErasableValue, Erasure, Seal, SealedRow
from cmcoord.activity.seals import head_of, plain, read_rows, seal_batch
from cmcoord.activity.services import PORTAL_STREAM, record
from cmcoord.activity.triggers import ERASURE_TABLE, EVENT_TABLE


def record_export(stream: str, *, by, reason: str) -> int:
    """Write down who takes it and why; returns the last link that the export will hold."""
    while seal_batch(stream):
        pass
    with transaction.atomic():
        head = head_of(stream)
        data = {"stream": stream, "number": head.number}
        record(Trail(head.number), "trail.export", by=by, stream=PORTAL_STREAM, data=data, secret={"reason": reason})
        return head.number


def lines(stream: str, last: int) -> Iterator[dict[str, Any]]:
    """Each link and, after it, each of its rows as the seal hashed it; a row that is gone has no values.

    An event says which of its confidential values are gone; the erasures that name them are rows of the chain.
    """
    number = 0
    while found := Seal.objects.filter(stream=stream, number__gt=number, number__lte=last).order_by("number")[:50]:
        for seal in found:
            yield _link(seal)
            yield from _rows(seal, last)
            number = seal.number


def _link(seal: Seal) -> dict[str, Any]:
    names = ("stream", "number", "previous", "count", "total", "columns", "recovery", "hash")
    return {"seal": {"id": seal.pk, "at": plain(seal.at)} | {name: getattr(seal, name) for name in names}}


def _rows(seal: Seal, last: int) -> Iterator[dict[str, Any]]:
    rows = list(seal.rows.order_by("position"))
    ids = defaultdict(list)
    for row in rows:
        ids[row.of_table].append(row.row_id)
    found = {table: read_rows(table, wanted, seal.columns.get(table, [])) for table, wanted in ids.items()}
    events = found.get(EVENT_TABLE, {})
    there = set(ErasableValue.objects.filter(event__in=list(events)).values_list("event", "field"))
    gone = gone_values({pk: (values["data"] or {}).get("digests", {}) for pk, values in events.items()}, there)
    if gone:
        gone -= _erased_since(seal.stream, last)
    for row in rows:
        values = found[row.of_table].get(row.row_id)
        shown = None if values is None else values | row.hidden
        line = {"row": [row.of_table, row.row_id, row.digest], "values": shown}
        if lost := sorted(field for pk, field in gone if (EVENT_TABLE, pk) == (row.of_table, row.row_id)):
            line["gone"] = lost
        yield line


def _erased_since(stream: str, last: int) -> set[tuple[int, str]]:
    """Values whose erasure stands in no link of this export: they went while it was being written."""
    sealed = SealedRow.objects.filter(of_table=ERASURE_TABLE, seal__stream=stream, seal__number__lte=last)
    later = Erasure.objects.filter(stream=stream, of_table=EVENT_TABLE).exclude(pk__in=sealed.values("row_id"))
    return set(later.values_list("row_id", "field"))
