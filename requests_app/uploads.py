"""Which paper may be attached to a request, under which name, and what is taken off it first?

What a file is, its first bytes say, never its name. Pictures lose what the camera wrote into them (place, device,
author), a PDF what its programs did (requests_app.notes); a PDF that cannot be written anew is kept as it came, and the
page says so. All are stored under a name of the portal's own and served as downloads only.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from cmcoord.ui.words import cleaned
from requests_app.notes.apart import pdf_without_notes
from requests_app.notes.pictures import Damaged, jpeg_without_notes, png_without_notes

LARGEST = 5 * 1024 * 1024
MOST = 5
MOST_WITH_WITHDRAWN = 20
LONGEST_NAME = 100


@dataclass(frozen=True)
class Kind:
    """One allowed kind: how it begins, how it is served, which ending its name gets, what is taken off."""

    begins: bytes
    content_type: str
    ending: str
    without_notes: Callable[[bytes], tuple[bytes, bool]]  # and whether some of it stays


KINDS = (
    Kind(b"%PDF-", "application/pdf", ".pdf", pdf_without_notes),
    Kind(b"\xff\xd8\xff", "image/jpeg", ".jpg", lambda data: (jpeg_without_notes(data), False)),
    Kind(b"\x89PNG\r\n\x1a\n", "image/png", ".png", lambda data: (png_without_notes(data), False)),
)


@dataclass(frozen=True)
class Paper:
    """A checked file, ready for services.attach_file."""

    file: ContentFile
    name: str
    content_type: str
    notes_stay: bool


def checked(upload, *, attached: int) -> Paper:
    """The uploaded file as it may be kept, or ValidationError with the sentence; `attached` are there already."""
    if attached >= MOST:
        raise ValidationError(too_many())
    if upload.size > LARGEST:
        raise ValidationError(too_large())
    data = upload.read()
    kind = kind_of(data)
    try:
        data, notes_stay = kind.without_notes(data)
    except Damaged:
        raise ValidationError(_("This picture is damaged and cannot be attached.")) from None
    file = ContentFile(data, name=f"{uuid.uuid4().hex}{kind.ending}")
    return Paper(file, safe_name(upload.name, kind), kind.content_type, notes_stay)


def kind_of(data: bytes) -> Kind:
    """What a file is by its first bytes, or ValidationError with the sentence."""
    kind = next((kind for kind in KINDS if data.startswith(kind.begins)), None)
    if kind is None:
        raise ValidationError(_("Only PDF, JPEG and PNG files can be attached."))
    return kind


def too_large() -> str:
    return _("This file is larger than 5 MB.")


def too_many() -> str:
    return _("At most %(count)d files; remove one first.") % {"count": MOST}


def safe_name(name: str, kind: Kind) -> str:
    """The name that people read: without folders and signs that mislead, with the ending of what it is."""
    stem = re.sub(r'[<>:"|?*\n\t]+', " ", PurePosixPath(_last_part(name)).stem).strip(" .")[:LONGEST_NAME]
    return f"{stem or _('Attachment')}{kind.ending}"


def typed_name(name: str) -> str:
    """The name of a file whose kind is not known yet, as the person sees it while it arrives."""
    return _last_part(name)[-LONGEST_NAME:] or _("Attachment")


def _last_part(name: str) -> str:
    return PurePosixPath(cleaned(name or "").replace("\\", "/")).name
