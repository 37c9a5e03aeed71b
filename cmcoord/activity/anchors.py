"""What is told outside, so that a chain written anew from its beginning is found out? The head of each, once a day."""

from __future__ import annotations

import json
import os
from datetime import date
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cmcoord.activity.checks import Trail
from cmcoord.activity.models import Chain
from cmcoord.activity.services import PORTAL_STREAM, Tell, record


def anchor_all() -> int:
    """Anchor every chain that was not anchored today; returns how many were."""
    today = timezone.now().date()
    return sum(anchor(stream, today) for stream in Chain.objects.order_by("stream").values_list("stream", flat=True))


@transaction.atomic
def anchor(stream: str, today: date) -> bool:
    """Mail the head of this chain to the addresses outside and write it to the file; False when today's is written."""
    head = Chain.objects.select_for_update().get(pk=stream)
    if head.anchored_on is not None and head.anchored_on >= today or not head.number or head.broken_at:
        return False
    head.anchored_on = today
    head.save(update_fields=["anchored_on"])
    fact = {"stream": stream, "number": head.number, "count": head.total, "hash": head.hash}
    record(
        Trail(head.number),
        "trail.anchor",
        by=None,
        stream=PORTAL_STREAM,
        data={"anchor": fact},
        tell=[Tell(address=address) for address in settings.ANCHOR_TO],
    )
    # The file last: a line twice after a crash does no harm, a day without one does.
    with settings.ANCHOR_FILE.open("a+b") as file:
        if file.tell() and not _ends_a_line(file):  # cut off by a crash: the new line stays whole
            file.write(b"\n")
        line = json.dumps({"at": timezone.now().isoformat(timespec="seconds"), **fact}) + "\n"
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    return True


def _ends_a_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
