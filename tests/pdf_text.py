"""What stands in a PDF? The words of each page, read from the file as a reader would, without a library."""

from __future__ import annotations

import base64
import re
import zlib

OBJECT = re.compile(rb"^(\d+) 0 obj(.*?)\nendobj", re.DOTALL | re.MULTILINE)
STREAM = re.compile(rb"/Length (\d+).*?stream\r?\n", re.DOTALL)
SHOWN = re.compile(rb"/(F[\d+]+) [\d.]+ Tf|\((?:\\.|[^\\()])*\) Tj|(?<=\s)T\*|BT", re.DOTALL)
ESCAPE = re.compile(rb"\\(\d{3}|.)", re.DOTALL)
SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(content: bytes) -> list[str]:
    """The text of each page, in the order in which it was drawn; lines are parted by a blank."""
    objects = {int(number): body for number, body in OBJECT.findall(content)}
    fonts = _fonts(objects)
    found = [body for _number, body in sorted(objects.items()) if re.search(rb"/Type /Page\b", body)]
    return [_words(_stream(objects[int(re.search(rb"/Contents (\d+)", body)[1])]), fonts) for body in found]


def text(content: bytes) -> str:
    return " ".join(pages(content))


def _stream(body: bytes) -> bytes:
    begin = STREAM.search(body)
    raw = body[begin.end() : begin.end() + int(begin[1])]
    if b"ASCII85" in body:
        raw = base64.a85decode(raw.strip().removesuffix(b"~>"))
    return zlib.decompress(raw) if b"FlateDecode" in body else raw


def _fonts(objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """Name of a font in the pages → what its bytes mean."""
    named = {}
    for body in objects.values():
        for name, number in re.findall(rb"/(F[\d+]+) (\d+) 0 R", body):
            unicode = re.search(rb"/ToUnicode (\d+)", objects[int(number)])
            if unicode:
                named[name] = _meanings(_stream(objects[int(unicode[1])]))
    return named


def _meanings(cmap: bytes) -> dict[int, str]:
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, sign in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            found[int(code, 16)] = bytes.fromhex(sign.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, _last, signs in re.findall(rb"<(\w+)>\s*<(\w+)>\s*\[(.*?)\]", block, re.DOTALL):
            for place, sign in enumerate(re.findall(rb"<(\w+)>", signs)):
                found[int(first, 16) + place] = bytes.fromhex(sign.decode()).decode("utf-16-be")
    return found


def _words(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    meaning: dict[int, str] = {}
    words: list[str] = []
    for match in SHOWN.finditer(stream):
        if match[1]:
            meaning = fonts.get(match[1], {})
        elif match[0].startswith(b"("):
            raw = ESCAPE.sub(_sign, match[0][1 : match[0].rindex(b")")])
            words.append("".join(meaning.get(byte, chr(byte)) for byte in raw))
        else:
            words.append(" ")
    return re.sub(r"\s+", " ", "".join(words))


def _sign(match: re.Match) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code.isdigit() else SIGNS.get(code, code)
