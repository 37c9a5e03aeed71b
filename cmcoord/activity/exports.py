"""What of a chain leaves the portal, so that others can verify it: links and rows, with digests for what is hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from cmcoord.activity.checks import Trail
from cmcoord.activity.models import Seal
from cmcoord.activity.seals import head_of, plain, read_rows, seal_batch
from cmcoord.activity.services import PORTAL_STREAM, record


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
    """Each link and, after it, each of its rows as the seal hashed it; a row that is gone has no values."""
    number = 0
    while found := Seal.objects.filter(stream=stream, number__gt=number, number__lte=last).order_by("number")[:50]:
        for seal in found:
            yield _link(seal)
            yield from _rows(seal)
            number = seal.number


def _link(seal: Seal) -> dict[str, Any]:
    names = ("stream", "number", "previous", "count", "total", "columns", "recovery", "hash")
    return {"seal": {"id": seal.pk, "at": plain(seal.at)} | {name: getattr(seal, name) for name in names}}


def _rows(seal: Seal) -> Iterator[dict[str, Any]]:
    rows = list(seal.rows.order_by("position"))
    ids = defaultdict(list)
    for row in rows:
        ids[row.of_table].append(row.row_id)
    found = {table: read_rows(table, wanted, seal.columns.get(table, [])) for table, wanted in ids.items()}
    for row in rows:
        values = found[row.of_table].get(row.row_id)
        shown = None if values is None else values | row.hidden
        yield {"row": [row.of_table, row.row_id, row.digest], "values": shown}
