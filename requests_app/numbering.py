"""Which running number comes next in a series? Counted under a lock, so that no number is given twice."""

from __future__ import annotations

from requests_app.models import ReferenceCounter


def next_number(series: str) -> int:
    """The next running number of a series; the counter row is locked until the transaction ends."""
    ReferenceCounter.objects.get_or_create(series=series)
    counter = ReferenceCounter.objects.select_for_update().get(series=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
