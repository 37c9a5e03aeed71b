"""How does a picture lose what the camera wrote into it (place, device, author, times, small copies)?"""

from __future__ import annotations

import re


class Damaged(Exception):
    """The bytes do not form the picture that they begin as."""


JFIF = 18  # the first segment with a small copy of 0 x 0 points
JFIF_SIZE = (JFIF - 2).to_bytes(2, "big")
SCAN = re.compile(rb"(?:[^\xff]+|\xff[\x00\xd0-\xd7])*+")  # the picture itself, up to the next mark


def jpeg_without_notes(data: bytes) -> bytes:
    """The picture without the segments that hold place, device, author and remarks (APP1 to APP15 but colour, COM).

    Small copies of it go too (JFIF, JFXX): they can show what was cut away or blacked out since. What follows its end
    is cut off: there telephones put a second picture, with notes of its own.
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
        notes = mark == 0xFE or 0xE0 <= mark <= 0xEF and not colour
        if mark == 0xE0 and segment[4:].startswith(b"JFIF\0") and len(segment) >= JFIF:
            kept.append(b"\xff\xe0" + JFIF_SIZE + segment[4:16] + b"\0\0")
        elif not notes:
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


def png_without_notes(data: bytes) -> bytes:
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
