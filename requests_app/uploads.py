"""Which paper may be attached to a request, under which name, and what is taken off it first?

What a file is, its first bytes say, never its name. Pictures lose what the camera wrote into them (place, device,
author); the rest is kept as it is, stored under a name of the portal's own and served as a download only.
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

from requests_app.words import cleaned

LARGEST = 5 * 1024 * 1024
MOST = 5
MOST_WITH_WITHDRAWN = 20
LONGEST_NAME = 100
PDF = "application/pdf"  # kept as it is: no package of the portal can rewrite it


class Damaged(Exception):
    """The bytes do not form the picture that they begin as."""


SCAN = re.compile(rb"(?:[^\xff]+|\xff[\x00\xd0-\xd7])*+")  # the picture itself, up to the next mark


def _jpeg_without_notes(data: bytes) -> bytes:
    """The picture without the segments that hold place, device, author and remarks (APP1 to APP15 but colour, COM).

    What follows its end is cut off: there telephones put a second picture, with notes of its own.
    """
    kept, place = [data[:2]], 2
    while place + 2 <= len(data):
        if data[place] != 0xFF:
            raise Damaged
        mark = data[place + 1]
        if mark == 0xFF:
            place += 1
            continue
        if mark == 0xD9:
            return b"".join([*kept, data[place : place + 2]])
        size = int.from_bytes(data[place + 2 : place + 4], "big")
        segment = data[place : place + 2 + size]
        if size < 2 or len(segment) < 2 + size:
            raise Damaged
        colour = mark == 0xEE or segment[4:].startswith(b"ICC_PROFILE\0")
        notes = mark == 0xFE or 0xE1 <= mark <= 0xEF and not colour
        if not notes:
            kept.append(segment)
        place += 2 + size
        if mark == 0xDA:
            scan = SCAN.match(data, place)
            kept.append(scan.group())
            place = scan.end()
            if place == len(data):  # some cameras forget the last mark
                return b"".join(kept)
    raise Damaged


# What draws the picture and its colours; every other chunk (texts, times, camera notes, what a maker invented) goes.
PNG_PICTURE = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"sBIT",
    b"bKGD",
    b"pHYs",
}


def _png_without_notes(data: bytes) -> bytes:
    """The picture alone; what follows its end is cut off."""
    kept, place = [data[:8]], 8
    while place + 12 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        chunk = data[place : place + 12 + size]
        if len(chunk) < 12 + size:
            raise Damaged
        if chunk[4:8] in PNG_PICTURE:
            kept.append(chunk)
        if chunk[4:8] == b"IEND":
            return b"".join(kept)
        place += 12 + size
    raise Damaged


def _as_it_is(data: bytes) -> bytes:
    return data


@dataclass(frozen=True)
class Kind:
    """One allowed kind: how it begins, how it is served, which ending its name gets, what is taken off."""

    begins: bytes
    content_type: str
    ending: str
    without_notes: Callable[[bytes], bytes]


KINDS = (
    Kind(b"%PDF-", PDF, ".pdf", _as_it_is),
    Kind(b"\xff\xd8\xff", "image/jpeg", ".jpg", _jpeg_without_notes),
    Kind(b"\x89PNG\r\n\x1a\n", "image/png", ".png", _png_without_notes),
)


@dataclass(frozen=True)
class Paper:
    """A checked file, ready for services.attach_file."""

    file: ContentFile
    name: str
    content_type: str


def checked(upload, *, attached: int) -> Paper:
    """The uploaded file as it may be kept, or ValidationError with the sentence; `attached` are there already."""
    if attached >= MOST:
        raise ValidationError(too_many())
    if upload.size > LARGEST:
        raise ValidationError(too_large())
    data = upload.read()
    kind = kind_of(data)
    try:
        data = kind.without_notes(data)
    except Damaged:
        raise ValidationError(_("This picture is damaged and cannot be attached.")) from None
    return Paper(
        ContentFile(data, name=f"{uuid.uuid4().hex}{kind.ending}"), safe_name(upload.name, kind), kind.content_type
    )


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
