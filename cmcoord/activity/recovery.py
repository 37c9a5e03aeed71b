"""How does a stream go on after its trail was changed by hand? Two persons accept what was found, rewriting nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple

from django.db import transaction
from django.utils.translation import gettext as _

from cmcoord.activity.checks import Defect, Trail, all_defects, kept_anchors
from cmcoord.activity.models import Chain, Seal
from cmcoord.activity.seals import append, head_of
from cmcoord.activity.services import PORTAL_STREAM, record

MOST = 10_000  # bad rows that one recovery can name; more than that is a restored backup, not a recovery


class Unrecoverable(Exception):
    """The text is a sentence for the person it stops."""


@transaction.atomic
def recover(
    stream: str, *, by, second, reason: str, proofs: Mapping[str, str] | None = None
) -> tuple[Seal, list[Defect]]:
    """Write a recovery seal that names every bad row, by whom and why, and let decisions go on.

    The rights of both, and that it is them, are the caller's question; `proofs` says how each showed it. Bad rows stay
    as they are, and stay known; whatever changes after this, also in one of them, stops the stream again.
    """
    if by == second:
        raise Unrecoverable(_("The second administrator must be somebody else."))
    if not reason.strip():
        raise Unrecoverable(_("Say why in a sentence."))
    head = head_of(stream)
    defects = []
    for defect in all_defects(stream, kept_anchors()):
        defects.append(defect)
        if len(defects) > MOST:
            raise Unrecoverable(_("Too much was changed. Restore a backup instead."))
    if not defects and head.broken_at is None:
        raise Unrecoverable(_("Nothing is broken there."))
    _reach_the_end(head)
    accepted = [list(astuple(defect)) for defect in defects]
    recovery = {"defects": accepted, "by": by.username, "second": second.username}
    seal = append(head, [], columns={}, recovery=recovery)
    Chain.objects.filter(pk=stream).update(broken_at=None, broken=None, checked=0)
    data = {
        "stream": stream,
        "number": seal.number,
        "rows": len(defects),
        "second": second.username,
        "proofs": dict(proofs or {}),
    }
    record(
        Trail(seal.number), "trail.recover", by=by, stream=PORTAL_STREAM, data=data, secret={"reason": reason.strip()}
    )
    return seal, defects


def _reach_the_end(head: Chain) -> None:
    """The next link goes after whatever there is: after the head as it is known, or after seals that go further."""
    last = Seal.objects.filter(stream=head.stream).order_by("number").last()
    if last and last.number >= head.number:
        head.number, head.total, head.hash = last.number, last.total, last.hash
