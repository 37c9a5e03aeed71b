"""How do papers come to a request? Whole, or in small pieces over a bad line; and how are they taken back?

Pieces are no event: what arrives is one only when the whole file is attached.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import limits
from cmcoord.accounts.models import User
from cmcoord.activity.services import record
from requests_app import uploads
from requests_app.models import ArrivingFile, Case, CaseFile, FilePiece
from requests_app.services.filing import editable
from requests_app.services.made import Refused

AT_ONCE = 3  # files of one person on their way
KEPT = timedelta(days=1)  # what has arrived, after the last piece
LARGEST_PIECE = 256 * 1024
SMALLEST_PIECE = 4 * 1024  # but the last one


class Spoilt(Refused):
    """What has arrived cannot be attached and is not worth keeping."""

    def __init__(self, sentence: str) -> None:
        super().__init__("need", sentence)


class Gone(Refused):
    """The file was given up, or stopped arriving for too long, while its next piece was on the way."""

    def __init__(self) -> None:
        super().__init__("gone", _("This file is no longer on its way: it was given up. Choose it again, please."))


class OutOfOrder(Refused):
    """The piece does not follow what has arrived: `received` bytes."""

    def __init__(self, received: int) -> None:
        super().__init__("state", _("This piece does not follow what has arrived."))
        self.received = received


@transaction.atomic
def attach_file(case: Case, *, by: User, paper: uploads.Paper) -> CaseFile:
    """Attach one checked file (uploads.checked) to a draft or a returned request; the same bytes twice are one file."""
    case, file = editable(case, by), paper.file
    digest = hashlib.sha256(b"".join(file.chunks())).hexdigest()
    if known := case.files.filter(sha256=digest, withdrawn_at=None).first():
        return known
    if case.files.filter(withdrawn_at=None).count() >= uploads.MOST:
        raise Refused("need", uploads.too_many())
    if case.files.count() >= uploads.MOST_WITH_WITHDRAWN:
        raise Refused("need", _("Nothing more can be attached: too many files were attached and withdrawn."))
    row = CaseFile.objects.create(
        case=case, file=file, name=paper.name, content_type=paper.content_type, size=file.size, sha256=digest,
        notes_stay=paper.notes_stay, uploaded_by=by,
    )  # fmt: skip
    data = {"file": row.pk, "size": row.size, "sha256": digest}
    record(case, "case.attach", by=by, data=data, secret={"name": row.name})
    return row


@transaction.atomic
def remove_file(row: CaseFile, *, by: User) -> None:
    """Take a file off a draft that nobody else could read."""
    case = editable(row.case, by)
    if row.pk in read_by_reviewers(case):
        raise Refused("need", _("This file could be read by OCHA already; mark it as withdrawn instead."))
    record(case, "case.detach", by=by, data={"file": row.pk})
    stored = row.file
    row.delete()
    transaction.on_commit(lambda: stored.delete(save=False), robust=True)


@transaction.atomic
def withdraw_file(row: CaseFile, *, by: User, reason: str) -> None:
    """Mark a file as withdrawn, with the reason: row and bytes stay for those who have read it."""
    case = editable(row.case, by)
    row = case.files.get(pk=row.pk)
    reason = reason.strip()
    if row.withdrawn_at:
        raise Refused("state", _("This file was withdrawn already."))
    if not reason:
        raise Refused("need", _("Say why in a sentence."))
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = by, timezone.now(), reason[:300]
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    record(case, "case.withdraw_file", by=by, data={"file": row.pk}, secret={"reason": reason})


def read_by_reviewers(case: Case) -> set[int]:
    """The files that somebody outside the organisation could read: all that were there when it was sent."""
    if case.submitted_at is not None:
        return {row.pk for row in case.files.all()}
    sent = case.moves.filter(code="submit").order_by("-id").first()
    return {row.pk for row in case.files.all() if row.uploaded_at <= sent.at} if sent else set()


# ── in pieces ────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def begin_file(case: Case, *, by: User, name: str, size: int, sha256: str, now: datetime | None = None) -> ArrivingFile:
    """Where the file of this digest stands for this person and request: begun now, half arrived or attached already."""
    case = editable(case, by)
    mine = ArrivingFile.objects.filter(by=by)
    known = mine.filter(case=case, sha256=sha256).select_related("file").first()
    if known and known.size == size and not (known.file and known.file.withdrawn_at):
        return known
    if known:
        known.delete()
    if size < 1:
        raise Refused("need", _("This file is empty."))
    if size > uploads.LARGEST:
        raise Refused("need", uploads.too_large())
    if case.files.filter(withdrawn_at=None).count() >= uploads.MOST:
        raise Refused("need", uploads.too_many())
    if mine.filter(file=None).count() >= AT_ONCE:
        raise Refused("need", _("Three files are on their way already: let one arrive, or give it up."))
    count_file(by)
    name = uploads.typed_name(name)
    return ArrivingFile.objects.create(
        case=case, by=by, name=name, size=size, sha256=sha256, last_at=now or timezone.now()
    )


def count_file(by: User) -> None:
    """One more file that this person begins to send. Raises Refused when they were too many."""
    if limits.count("file", str(by.pk)) > limits.LIMITS["file"].most:
        raise Refused("need", _("Too many files within an hour; go on later."))


def take_piece(row: ArrivingFile, *, by: User, offset: int, data: bytes, now: datetime | None = None) -> ArrivingFile:
    """Keep the next piece; the last one attaches the file. A piece that came before changes nothing.

    Raises OutOfOrder; Gone; Spoilt when the whole is not what was announced or may not be attached; else Refused.
    """
    paper = None
    if row.file_id is None and offset == row.received and offset + len(data) == row.size:
        before = b"".join(bytes(piece.data) for piece in row.pieces.all())
        if len(before) == offset:  # outside the transaction: cleaning a PDF takes a moment in which others write
            paper = _checked(row, before + data)
    return _keep_piece(row, by=by, offset=offset, data=data, paper=paper, now=now or timezone.now())


@transaction.atomic
def _keep_piece(
    row: ArrivingFile, *, by: User, offset: int, data: bytes, paper: uploads.Paper | None, now: datetime
) -> ArrivingFile:
    case = editable(row.case, by)
    standing = ArrivingFile.objects.select_for_update().filter(pk=row.pk).first()
    if standing is None:
        raise Gone
    row = standing
    if row.file_id or row.pieces.filter(offset=offset, sha256=hashlib.sha256(data).hexdigest()).exists():
        return row
    end = offset + len(data)
    if offset != row.received:
        raise OutOfOrder(row.received)
    if not SMALLEST_PIECE <= len(data) <= LARGEST_PIECE and end != row.size or not data or end > row.size:
        raise Refused("need", _("This piece is too large or too small."))
    if offset == 0:
        _checked_kind(data)
    FilePiece.objects.create(arriving=row, offset=offset, data=data, sha256=hashlib.sha256(data).hexdigest())
    row.received, row.last_at = end, now
    if end == row.size:
        if paper is None:
            paper = _checked(row, b"".join(bytes(piece.data) for piece in row.pieces.all()))
        row.file = attach_file(case, by=by, paper=paper)
        row.pieces.all().delete()
    row.save(update_fields=["received", "last_at", "file"])
    return row


def _checked_kind(data: bytes) -> None:
    """Spoilt, when the first bytes are not those of a file that may be attached: nobody sends the rest in vain."""
    try:
        uploads.kind_of(data)
    except ValidationError as wrong:
        raise Spoilt(str(wrong.message)) from None


def _checked(row: ArrivingFile, data: bytes) -> uploads.Paper:
    """The whole as it may be attached. Raises Spoilt."""
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise Spoilt(_("The file arrived damaged; send it again."))
    try:
        return uploads.checked(ContentFile(data, name=row.name), attached=0)
    except ValidationError as wrong:
        raise Spoilt(str(wrong.message)) from None


def give_up(row: ArrivingFile, *, by: User) -> None:
    """What has arrived of a file goes, by the person who was sending it."""
    if row.by_id != by.pk:
        raise Refused("right", _("Somebody else is sending this file."))
    row.delete()


def sweep_arriving(now: datetime) -> int:
    """Files that stopped arriving a day ago go, and the traces of those that arrived."""
    old = ArrivingFile.objects.filter(last_at__lt=now - KEPT)
    FilePiece.objects.filter(arriving__in=old).delete()
    return old.delete()[0]
