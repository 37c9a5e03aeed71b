"""How are the rows of the trail sealed? In batches, each with the hash of the one before, one chain per stream.

A row waits in the queue (Unsealed) from its own transaction on, so that no transaction that commits late is passed
over. Who seals holds the chain's head; a decision seals what its own case has waiting, the sweep everything else.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from cmcoord.activity.models import Chain, ErasableValue, Salt, Seal, SealedRow, Unsealed
from cmcoord.activity.triggers import ERASABLE, HIDDEN

# Acts that seal what their subject has waiting before they commit: decisions, releases, signatures of the force,
# changes of rights. Everything else waits for the sweep, so that an import holds nobody up.
AT_ONCE = frozenset(
    [
        "case.establish_consensus",
        *(
            f"case.{move}"
            for move in (
                "approve",
                "deny",
                "approve_orally",
                "deny_orally",
                "confirm_in_writing",
                "extend",
                "refuse_extension",
                "redecide",
                "transmit",
            )
        ),
        *(f"case.{move}" for move in ("retransmit", "accept", "limit", "decline", "counter", "agree", "stand_down")),
        *(f"appointment.{verb}" for verb in ("give", "confirm", "refuse", "end")),
        *(f"standin.{verb}" for verb in ("give", "end")),
        *(f"status.{verb}" for verb in ("propose", "confirm", "reject")),
        *(f"delegation.{verb}" for verb in ("give", "end")),
        *(f"trail.{verb}" for verb in ("recover", "export")),
        *(f"user.{verb}" for verb in ("activate", "deactivate")),
        *(f"reverse.{move}" for move in ("screen", "reject", "refuse", "decline", "validate", "deny", "take_back")),
        "case.answer_alarm",
        "case.erase",
        "policy.confirm",
        *(f"minutes.{verb}" for verb in ("sign", "final", "sign_addendum", "release")),
    ]
)
BATCH = 100  # rows in one seal: a decision that waits for the chain's head waits for one batch at most


# ── what is hashed ───────────────────────────────────────────────────────────────────────────────────────────────────


def canonical(value: Any) -> str:
    """One text for one value, whichever database it came from; the separate verifier writes the same."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def plain(value: Any) -> Any:
    """A column's value as JSON knows it; moments in UTC to the microsecond."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


def model_of(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def columns_of(table: str) -> list[str]:
    return [str(field.column) for field in model_of(table)._meta.concrete_fields]


def hidden_columns(table: str) -> tuple[str, ...]:
    """The columns of which a seal hashes a salted digest in place of the value."""
    return ERASABLE.get(table, ()) + HIDDEN.get(table, ())


def read_rows(table: str, ids: Iterable[int], columns: Sequence[str]) -> dict[int, dict[str, Any]]:
    """These rows as plain values, by id. A column that is no more in the table reads as None."""
    model = model_of(table)
    names = {field.column: field.attname for field in model._meta.concrete_fields}
    wanted = {column: names[column] for column in columns if column in names}
    rows = model._base_manager.filter(pk__in=list(ids)).values("pk", *wanted.values())
    return {row["pk"]: {column: plain(row.get(wanted.get(column, ""))) for column in columns} for row in rows}


def row_digest(values: dict[str, Any], hidden: dict[str, str]) -> str:
    return hash_of(values | hidden)


def seal_hash(seal: Seal, rows: Iterable[SealedRow]) -> str:
    return hash_of(
        {
            "stream": seal.stream,
            "number": seal.number,
            "at": plain(seal.at),
            "previous": seal.previous,
            "count": seal.count,
            "total": seal.total,
            "columns": seal.columns,
            "recovery": seal.recovery,
            "rows": [[row.of_table, row.row_id, row.digest] for row in rows],
        }
    )


# ── sealing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def head_of(stream: str) -> Chain:
    """The head of the chain, locked until the transaction ends; made from the newest seal where it is not there, or
    where somebody set it back: the next seal follows the newest one in any case.
    """
    if not Chain.objects.filter(pk=stream).exists():
        Chain.objects.get_or_create(stream=stream)
    head = Chain.objects.select_for_update().get(pk=stream)
    last = Seal.objects.filter(stream=stream, number__gt=head.number).order_by("number").last()
    if last:
        head.number, head.total, head.hash = last.number, last.total, last.hash
    return head


@transaction.atomic
def seal_batch(stream: str, limit: int = BATCH) -> int:
    """Seal what has waited longest in this stream, at most one batch; returns how many rows."""
    return _seal(stream, _claimed(Unsealed.objects.filter(stream=stream))[:limit])


@transaction.atomic
def seal_subject(stream: str, subject: str) -> None:
    """Seal what this subject has waiting, in the transaction of the act that must not stand unsealed."""
    _seal(stream, _claimed(Unsealed.objects.filter(stream=stream, subject=subject)))


def _claimed(waiting: models.QuerySet[Unsealed]) -> models.QuerySet[Unsealed]:
    """Those that nobody else is sealing at this moment: waiting for each other could end in a deadlock."""
    skip = connection.features.has_select_for_update_skip_locked
    return waiting.order_by("id").select_for_update(skip_locked=skip)


def seal_waiting() -> int:
    """Seal everything that waits, batch by batch, each in a transaction of its own; returns how many rows."""
    sealed = 0
    for stream in list(Unsealed.objects.order_by("stream").values_list("stream", flat=True).distinct()):
        while count := seal_batch(stream):
            sealed += count
    return sealed


def append(head: Chain, rows: Sequence[SealedRow], *, columns: dict, recovery: dict | None = None) -> Seal:
    """The next link of the chain whose head the caller has locked."""
    seal = Seal(
        stream=head.stream,
        number=head.number + 1,
        at=timezone.now(),
        previous=head.hash,
        count=len(rows),
        total=head.total + len(rows),
        columns=columns,
        recovery=recovery,
    )
    seal.hash = seal_hash(seal, rows)
    seal.save(force_insert=True)
    for position, row in enumerate(rows):
        row.seal, row.position = seal, position
    SealedRow.objects.bulk_create(rows)
    head.number, head.total, head.hash = seal.number, seal.total, seal.hash
    head.save(update_fields=["number", "total", "hash"])
    return seal


def _seal(stream: str, claimed: models.QuerySet[Unsealed]) -> int:
    """Everything is read and hashed before the head is locked, so that others wait for the writing only."""
    waiting = list(claimed)
    if not waiting:
        return 0
    ids = defaultdict(list)
    for one in waiting:
        ids[one.of_table].append(one.row_id)
    columns = {table: columns_of(table) for table in sorted(ids)}
    found = {table: read_rows(table, ids[table], columns[table]) for table in ids}
    rows, salts = [], []
    for one in waiting:
        values = found[one.of_table].get(one.row_id)
        if values is None:  # gone before it was sealed, which only an owner of the tables can have done
            values = {}
        hidden = {}
        for name in hidden_columns(one.of_table):
            if values.get(name) in (None, ""):
                continue
            salt = ErasableValue.new_salt()
            hidden[name] = ErasableValue.digest_of(salt, canonical(values[name]))
            salts.append(Salt(of_table=one.of_table, row_id=one.row_id, field=name, salt=salt))
        rows.append(
            SealedRow(
                of_table=one.of_table,
                row_id=one.row_id,
                subject=one.subject,
                hidden=hidden,
                digest=row_digest(values, hidden),
            )
        )
    Salt.objects.bulk_create(salts)
    Unsealed.objects.filter(pk__in=[one.pk for one in waiting]).delete()
    append(head_of(stream), rows, columns=columns)
    return len(rows)


def waiting_count(stream: str) -> int:
    return Unsealed.objects.filter(stream=stream).count()
