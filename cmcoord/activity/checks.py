"""Is the trail still what was sealed? Reads the chains link by link and names each row that is not."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.activity.models import Chain, ErasableValue, Erasure, Event, Salt, Seal, SealedRow, Unsealed
from cmcoord.activity.seals import canonical, hash_of, head_of, read_rows, row_digest, seal_hash
from cmcoord.activity.services import PORTAL_STREAM, Tell, record
from cmcoord.activity.triggers import (
    ERASABLE,
    ERASED,
    ERASED_CONTENT,
    EVENT_TABLE,
    PASSING,
    SEALED,
    stream_and_subject,
)

logger = logging.getLogger(__name__)

ROLLING = 2_000  # rows of each stream that one round of the rolling check reads again
ANCHORS_AT_ONCE = 500  # lines of the file of anchors that are compared at once

WHAT = {
    "changed": gettext_lazy("was changed after it was sealed"),
    "missing": gettext_lazy("was removed"),
    "text": gettext_lazy("holds a text that is not the one that was written"),
    "blotted": gettext_lazy("lost a text without a record of its erasure"),
    "value": gettext_lazy("holds a confidential value that is not the one that was written"),
    "lost": gettext_lazy("lost a confidential value without a record of its erasure"),
    "stray": gettext_lazy("was put in past the queue and stands in no seal"),
    "seal_changed": gettext_lazy("is a seal that was changed, or one of its rows was"),
    "seal_missing": gettext_lazy("is a seal that was removed (the number of the seal is given)"),
    "link": gettext_lazy("is a seal that does not follow from the one before"),
    "head": gettext_lazy("is the newest seal, and the head of its chain was set back behind it"),
    "anchor": gettext_lazy("is a seal that differs from what was anchored outside"),
    "unfounded": gettext_lazy("gives a right that nobody gave and confirmed in the portal"),
    "unasked": gettext_lazy("asks for what nobody asked for in the portal"),
    "differs": gettext_lazy("gives another right than the one that was given and confirmed"),
    "alone": gettext_lazy("gives a right without the word of a second administrator"),
    "ended": gettext_lazy("gives a right that has ended"),
    "side": gettext_lazy("gives a right to somebody of another side"),
}


@dataclass(frozen=True)
class Defect:
    """One bad row, and the digest of what was found there, so that accepting it accepts nothing that comes later."""

    table: str
    row: int
    what: str
    found: str = ""

    def __str__(self) -> str:
        return _("Row %(row)d of %(table)s %(what)s.") % {"row": self.row, "table": self.table, "what": WHAT[self.what]}


# ── one link ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def row_defects(rows: Iterable[SealedRow]) -> Iterator[Defect]:
    """Which of these sealed rows are not what was sealed? In the order given."""
    rows = list(rows)
    ids = defaultdict(list)
    for row in rows:
        ids[row.of_table, canonical(row.seal.columns.get(row.of_table, []))].append(row.row_id)
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for (table, columns), wanted in ids.items():
        found |= {(table, pk): values for pk, values in read_rows(table, wanted, json.loads(columns)).items()}
    hiding = [row for row in rows if row.hidden]
    of_these = {"of_table__in": {row.of_table for row in hiding}, "row_id__in": {row.row_id for row in hiding}}
    kept = Salt.objects.filter(**of_these).values_list("of_table", "row_id", "field", "salt") if hiding else ()
    salts = {(table, pk, name): salt for table, pk, name, salt in kept}
    gone = Erasure.objects.filter(**of_these).values_list("of_table", "row_id", "field") if hiding else ()
    blotted = set(gone)
    events = {row.row_id: found.get((EVENT_TABLE, row.row_id)) for row in rows if row.of_table == EVENT_TABLE}
    secrets = list(ErasableValue.objects.filter(event__in=list(events)).select_related("event")) if events else []
    values = {value.event_id for value in secrets if not value.matches_event()}
    there = {(value.event_id, value.field) for value in secrets}
    lost = _lost({pk: (here["data"] or {}).get("digests", {}) for pk, here in events.items() if here}, there)
    for row in rows:
        here = found.get((row.of_table, row.row_id))
        if here is None:
            yield Defect(row.of_table, row.row_id, "missing")
            continue
        what = "changed" if row_digest(here, row.hidden) != row.digest else ""
        for name, digest in row.hidden.items():
            place = (row.of_table, row.row_id, name)
            if salt := salts.get(place):
                if ErasableValue.digest_of(salt, canonical(here[name])) != digest:
                    what = what or "text"
            elif name not in ERASABLE.get(row.of_table, ()) or place not in blotted or not is_erased(here[name]):
                what = what or "blotted"
        if row.of_table == EVENT_TABLE and row.row_id in values:
            what = what or "value"
        if what:
            yield Defect(row.of_table, row.row_id, what, hash_of(here))
        elif row.of_table == EVENT_TABLE and row.row_id in lost:
            yield Defect(row.of_table, row.row_id, "lost", hash_of([here, lost[row.row_id]]))


def is_erased(value: Any) -> bool:
    return value == ERASED or value == json.loads(ERASED_CONTENT)


def _lost(digests: dict[int, dict[str, str]], there: set[tuple[int, str]]) -> dict[int, list[str]]:
    """Of these events with digests the fields whose value is not `there`, though no erasure names it."""
    gone = gone_values(digests, there)
    if gone:  # asked after the values: an erasure in between is known
        erasures = Erasure.objects.filter(of_table=EVENT_TABLE, row_id__in={pk for pk, _field in gone})
        gone -= set(erasures.values_list("row_id", "field"))
    return {pk: sorted(field for of, field in gone if of == pk) for pk, _field in gone}


def gone_values(digests: dict[int, dict[str, str]], there: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Of these events with digests the (event, field) of which the value is not there any more."""
    return {(pk, field) for pk, fields in digests.items() for field in fields if field not in PASSING} - there


def seal_defects(seal: Seal) -> Iterator[Defect]:
    """Is this link what it was, and are its rows?"""
    rows = list(seal.rows.order_by("position"))
    for row in rows:
        row.seal = seal
    if seal_hash(seal, rows) != seal.hash or seal.count != len(rows):
        yield Defect("activity_seal", seal.pk, "seal_changed", hash_of([seal.hash, [row.digest for row in rows]]))
    yield from row_defects(rows)


def _certain(seal: Seal) -> list[Defect]:
    """Asked twice: an erasure in between takes the text away before the salt is read."""
    defects = list(seal_defects(seal))
    return defects and [one for one in seal_defects(Seal.objects.get(pk=seal.pk)) if one in defects]


# ── a chain ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def chain_defects(stream: str, *, first: int = 1, last: int | None = None) -> Iterator[Defect]:
    """The bad rows from one link to another, oldest first; without `last`, to the end.

    The head is a row that the portal itself changes: it never hides a link that is there.
    """
    newest = newest_number(stream)  # before the head, which is ahead of it by then or equal
    head = Chain.objects.filter(pk=stream).first()
    last = last if last is not None else max(newest, head.number if head else 0)
    accepted = accepted_defects(stream)
    for defect in _links(stream, first, last, head):
        if astuple(defect) not in accepted:
            yield defect
    behind = Defect("activity_seal", newest, "head", head.hash if head else "")
    if head and head.number < newest and astuple(behind) not in accepted:
        yield behind


def newest_number(stream: str) -> int:
    """The number of the newest link that is there."""
    return Seal.objects.filter(stream=stream).aggregate(newest=Max("number"))["newest"] or 0


def _links(stream: str, first: int, last: int, head: Chain | None) -> Iterator[Defect]:
    seals = Seal.objects.filter(stream=stream)
    before = seals.filter(number=first - 1).first()
    previous, total, number = (before.hash, before.total, first) if before else ("", 0, first)
    linked = before is not None or first == 1
    for seal in _in_order(seals, first, last):
        while number < seal.number:
            yield Defect("activity_seal", number, "seal_missing")
            number, linked = number + 1, False
        if linked and (seal.previous != previous or seal.total != total + seal.count):
            yield Defect("activity_seal", seal.pk, "link", seal.hash)
        yield from _certain(seal)
        previous, total, number, linked = seal.hash, seal.total, seal.number + 1, True
    while number <= last:
        yield Defect("activity_seal", number, "seal_missing")
        number += 1
    if head and last == head.number and linked and number == last + 1 and previous != head.hash:
        yield Defect("activity_seal", last, "link", previous)


def _in_order(seals, first: int, last: int) -> Iterator[Seal]:
    """Link after link in constant memory; a cursor held open would outlive the transaction of whoever asks."""
    while first <= last:
        found = list(seals.filter(number__gte=first, number__lte=last).order_by("number")[:50])
        if not found:
            return
        yield from found
        first = found[-1].number + 1


def accepted_defects(stream: str) -> set[tuple]:
    """What recoveries of this stream have named: known, and no reason to stop again."""
    recoveries = Seal.objects.filter(stream=stream, recovery__isnull=False)
    named = recoveries.values_list("recovery", flat=True)
    return {tuple(one) for recovery in named if recovery for one in recovery["defects"]}


def stray_defects(stream: str) -> Iterator[Defect]:
    """Rows of the stream that stand in no seal and wait for none: put in while the triggers were away."""
    accepted = accepted_defects(stream)
    tables = set(connection.introspection.table_names())
    for table in SEALED:
        if table not in tables:
            continue
        expression, _subject = stream_and_subject(table, "r")
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT r.id FROM {table} r WHERE {expression} = %s "  # noqa: S608  names of our own tables
                f"AND NOT EXISTS (SELECT 1 FROM activity_sealedrow s WHERE s.of_table = %s AND s.row_id = r.id) "
                f"AND NOT EXISTS (SELECT 1 FROM activity_unsealed q WHERE q.of_table = %s AND q.row_id = r.id) "
                f"ORDER BY r.id LIMIT 1000",
                [stream, table, table],
            )
            found = [Defect(table, pk, "stray") for (pk,) in cursor.fetchall()]
        yield from (defect for defect in found if astuple(defect) not in accepted)


def all_defects(stream: str, anchors: Path | None = None) -> Iterator[Defect]:
    """Everything that can be wrong with a stream, in constant memory."""
    yield from chain_defects(stream)
    yield from stray_defects(stream)
    if anchors:
        yield from anchor_defects(stream, anchors)


def kept_anchors() -> Path | None:
    """The file with the anchors of this portal, once there is one."""
    return settings.ANCHOR_FILE if settings.ANCHOR_FILE.is_file() else None


def anchor_defects(stream: str, anchors: Path) -> Iterator[Defect]:
    """Where a line that was written outside says something else than the chain.

    An anchor of a link that was not there when a recovery accepted it (a restored backup) counts no more.
    """
    accepted, some = accepted_defects(stream), []
    for said in _lines_of(stream, anchors):
        some.append(said)
        if len(some) == ANCHORS_AT_ONCE:
            yield from _anchors_that_differ(stream, some, accepted)
            some = []
    yield from _anchors_that_differ(stream, some, accepted)


def _lines_of(stream: str, anchors: Path) -> Iterator[dict[str, Any]]:
    with anchors.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                said = json.loads(line)
            except ValueError:  # cut off while it was written
                logger.warning("Line %d of %s cannot be read and is passed over", number, anchors)
                continue
            if said["stream"] == stream:
                yield said


def _anchors_that_differ(stream: str, some: list[dict[str, Any]], accepted: set[tuple]) -> Iterator[Defect]:
    seals = {
        seal.number: seal for seal in Seal.objects.filter(stream=stream, number__in={one["number"] for one in some})
    }
    for said in some:
        seal = seals.get(said["number"])
        if seal is None or (seal.hash, seal.total) != (said["hash"], said["count"]):
            absent = Defect("activity_seal", said["number"], "anchor")
            defect = replace(absent, found=seal.hash) if seal else absent
            if not {astuple(absent), astuple(defect)} & accepted:
                yield defect


def streams() -> list[str]:
    """Every stream that has a chain, seals, rows that wait or events: what lost its whole chain is looked at too."""
    known = set(Chain.objects.values_list("stream", flat=True))
    known |= set(Event.objects.order_by().values_list("stream", flat=True).distinct())
    known |= set(Seal.objects.order_by().values_list("stream", flat=True).distinct())
    return sorted(known | set(Unsealed.objects.order_by().values_list("stream", flat=True).distinct()))


@dataclass(frozen=True)
class Trail:
    """The trail as the subject of an event about itself."""

    pk: int
    activity_kind: str = "trail"


# ── stopping ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def why_stopped(stream: str, *, in_detail: bool = False) -> str:
    """ "" or the sentence for who may not decide in this stream, because its trail was found broken.

    `in_detail` names the table and the row, for those who mend it; the others read whom to call.
    """
    broken = Chain.objects.filter(pk=stream).values_list("broken", flat=True).first()
    return stopped_sentence(stream, Defect(*broken), in_detail=in_detail) if broken else ""


def why_stopped_here(stream: str, subject: str, *, in_detail: bool = False) -> str:
    """The same, asked in the act itself: reads this subject's sealed rows and the newest link once more."""
    if sentence := why_stopped(stream, in_detail=in_detail):
        return sentence
    newest = newest_number(stream)
    head = Chain.objects.filter(pk=stream).first()
    end = max(newest, head.number if head else 0)
    if not end:
        return ""
    sealed = SealedRow.objects.filter(subject=subject, seal__stream=stream).select_related("seal").order_by("id")
    accepted = accepted_defects(stream)
    near = chain_defects(stream, first=end, last=end)
    own = (defect for defect in row_defects(sealed) if astuple(defect) not in accepted)
    first = next(own, None) or next(near, None)
    return stopped_sentence(stream, first, in_detail=in_detail) if first else ""


def stopped_sentence(stream: str, defect: Defect, *, in_detail: bool = False) -> str:
    name = stream_name(stream)
    if in_detail:
        sentence = _(
            "The trail of %(stream)s was changed by hand: %(defect)s Until two administrators have recovered it, "
            "nothing is decided or transmitted there; everything else goes on."
        ) % {"stream": name, "defect": defect}
    else:
        sentence = _(
            "The trail of %(stream)s was changed by hand. Until two administrators have recovered it, nothing is "
            "decided or transmitted there; everything else goes on."
        ) % {"stream": name}
    return with_contact(sentence, in_detail=in_detail)


def with_contact(sentence: str, *, in_detail: bool = False) -> str:
    """The sentence, and whom to call; those who mend it themselves are not sent to themselves."""
    if settings.PORTAL_CONTACT:
        return sentence + " " + _("Call %(contact)s.") % {"contact": settings.PORTAL_CONTACT}
    return sentence if in_detail else sentence + " " + _("Call OCHA, national unit.")


def stream_name(stream: str) -> str:
    return _("the portal itself") if stream == PORTAL_STREAM else stream


@transaction.atomic
def mark_broken(stream: str, defect: Defect) -> None:
    """Stop the decisions of this stream and tell those outside; once, however often it is found."""
    head_of(stream)  # made anew where somebody took it away
    marked = Chain.objects.filter(pk=stream, broken_at=None).update(
        broken_at=timezone.now(), broken=list(astuple(defect))
    )
    if marked:
        record(
            Trail(defect.row),
            "trail.break",
            by=None,
            stream=PORTAL_STREAM,
            data={"stream": stream, "table": defect.table, "row": defect.row, "what": defect.what},
            tell=[Tell(address=address) for address in settings.ANCHOR_TO],
        )


def check_round() -> None:
    """One round of the rolling check: of each stream the next links, back to the first after the last."""
    for chain in Chain.objects.filter(broken_at=None).order_by("stream"):
        goes_on = chain.checked < chain.number and chain.total > ROLLING  # a short chain is read whole each time
        first = chain.checked + 1 if goes_on else 1
        last = min(max(chain.number, newest_number(chain.stream)), _round_end(chain.stream, first))
        defect = next(chain_defects(chain.stream, first=first, last=last), None)
        if defect:
            mark_broken(chain.stream, defect)
        else:
            Chain.objects.filter(pk=chain.pk).update(checked=last)


def _round_end(stream: str, first: int) -> int:
    """The last link of a round that begins here: so many rows, at least one link."""
    ahead = Seal.objects.filter(stream=stream, number__gte=first).order_by("number")
    rows, last = 0, first
    for number, count in ahead.values_list("number", "count")[:ROLLING]:
        rows, last = rows + count, number
        if rows >= ROLLING:
            break
    return last


def check_everything() -> None:
    """The whole of every chain, at night; against the anchors that were kept beside the database too."""
    for stream in streams():
        defect = next(all_defects(stream, kept_anchors()), None)
        if defect:
            mark_broken(stream, defect)
