"""What is told outside, so that a chain written anew from its beginning is found out? The head of each chain.

Once an hour as a line of the file of anchors, and the first of a day by mail to the addresses outside.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cmcoord.activity.checks import Trail
from cmcoord.activity.models import Chain
from cmcoord.activity.services import PORTAL_STREAM, Tell, record


def anchor_all() -> int:
    """Anchor every chain that was not anchored in this hour; returns how many were."""
    now = timezone.now()
    return sum(anchor(stream, now) for stream in Chain.objects.order_by("stream").values_list("stream", flat=True))


@transaction.atomic
def anchor(stream: str, now: datetime) -> bool:
    """Write the head of this chain to the file, and mail the first one of a day; False when this hour's is written.

    Every other hour counts, a later one too: the row is no part of the trail, and nobody puts anchors off by it.
    """
    head = Chain.objects.select_for_update().get(pk=stream)
    last = head.anchored_at.astimezone(UTC) if head.anchored_at else None
    if last and _hour(last) == _hour(now) or not head.number or head.broken_at:
        return False
    head.anchored_at = now
    head.save(update_fields=["anchored_at"])
    fact = {"stream": stream, "number": head.number, "count": head.total, "hash": head.hash}
    if last is None or last.date() != now.astimezone(UTC).date():
        record(
            Trail(head.number),
            "trail.anchor",
            by=None,
            stream=PORTAL_STREAM,
            data={"anchor": fact},
            tell=[Tell(address=address) for address in settings.ANCHOR_TO],
        )
    # The file last: a line twice after a crash does no harm, an hour without one does.
    with settings.ANCHOR_FILE.open("a+b") as file:
        if file.tell() and not _ends_a_line(file):  # cut off by a crash: the new line stays whole
            file.write(b"\n")
        line = json.dumps({"at": timezone.now().isoformat(timespec="seconds"), **fact}) + "\n"
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    return True


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _ends_a_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
