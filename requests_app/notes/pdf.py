"""How does a PDF lose what its programs wrote into it about author, programs and times?

Run as a program of its own (requests_app.notes.apart), since what arrives may be made to cost time and memory: the file
comes by standard input, the cleaned one goes out; the exit code says what became of it. Knows nothing of the portal.
"""

from __future__ import annotations

import io
import re
import resource
import sys
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    NullObject,
    StreamObject,
    TextStringObject,
)

from requests_app.notes.pictures import Damaged, jpeg_without_notes

SECONDS = 2  # of the processor
MEMORY = 384 * 1024 * 1024  # bytes, of addresses
MOST_OBJECTS = 50_000
LARGEST = 10 * 1024 * 1024  # bytes: what was packed is written unpacked

CLEAN, PARTLY, UNTOUCHED = 0, 3, 4  # exit codes

# Wherever they stand: XMP packets, private data of programs, times, small copies of pages, names of programs.
NOTES = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/SpiderInfo", "/CreatorInfo")
REMARK_NOTES = ("/T", "/M", "/CreationDate")  # whoever wrote a remark on a page, and when


class Unfit(Exception):
    """The file cannot be written anew without losing something; it stays as it is."""


class _Copy:
    """The objects that the document still uses, without notes; `partly`: some stay in what cannot be opened."""

    def __init__(self, data: bytes) -> None:
        if data.count(b" obj") > MOST_OBJECTS:
            raise Unfit("too many objects")
        self.reader = PdfReader(io.BytesIO(data))
        if self.reader.is_encrypted:
            raise Unfit("encrypted")
        root = self.reader.trailer.raw_get("/Root")
        if not isinstance(root, IndirectObject):
            raise Unfit("no root")
        self.root, self.partly, self.pages = root, False, 0
        self.kept: dict[tuple[int, int], Any] = {}
        waiting = [root]
        while waiting:
            reference = waiting.pop()
            key = (reference.idnum, reference.generation)
            if key in self.kept:
                continue
            if len(self.kept) >= MOST_OBJECTS:
                raise Unfit("too many objects")
            found = self.reader.get_object(reference)
            self.kept[key] = NullObject() if found is None else self._cleaned(found, waiting)
        tree = self.kept[root.idnum, root.generation]["/Pages"].get_object()
        if not self.pages or self.pages < tree.get("/Count", 0):
            raise Unfit("pages are missing")

    def _cleaned(self, top: Any, waiting: list[IndirectObject]) -> Any:
        """One object without notes; what it refers to waits."""
        if isinstance(top, TextStringObject):
            return ByteStringObject(top.original_bytes)
        inside = [top]
        while inside:
            found = inside.pop()
            if isinstance(found, DictionaryObject):
                self._take_notes_off(found)
                parts = list(found.items())
            elif isinstance(found, ArrayObject):
                parts = list(enumerate(found))
            else:
                continue
            for place, part in parts:
                if isinstance(part, IndirectObject):
                    waiting.append(part)
                elif isinstance(part, TextStringObject):  # byte by byte as it was: it may be a table of colours
                    found[place] = ByteStringObject(part.original_bytes)
                else:
                    inside.append(part)
        return top

    def _take_notes_off(self, found: DictionaryObject) -> None:
        if "/ByteRange" in found:
            raise Unfit("signed: a signature holds for these bytes alone")
        if "/EF" in found or "/XFA" in found:
            self.partly = True
        self.pages += found.get("/Type") == "/Page"
        remark = "/Rect" in found and found.get("/Subtype") != "/Widget"
        for name in (*NOTES, *(REMARK_NOTES if remark else ())):
            found.pop(name, None)
        if isinstance(found, StreamObject):
            found.pop("/Length", None)  # written anew
            self._clean_picture(found)

    def _clean_picture(self, stream: StreamObject) -> None:
        """Scanning programs put the photograph of a telephone into a page whole, with its place."""
        names = stream.get("/Filter")
        filters = list(names) if isinstance(names, ArrayObject) else [names]
        if filters[-1] == "/JPXDecode":
            self.partly |= any(box in stream._data for box in (b"uuid", b"xml "))
        if filters[-1] != "/DCTDecode":
            return
        data = stream._data
        if filters[:-1]:
            if "/DecodeParms" in stream:
                self.partly = True
                return
            packed = EncodedStreamObject()
            packed._data = data
            packed[NameObject("/Filter")] = ArrayObject(filters[:-1])
            data = packed.get_data()
        try:
            stream._data = jpeg_without_notes(data)
        except Damaged:
            self.partly = True
        else:
            stream[NameObject("/Filter")] = NameObject("/DCTDecode")

    def written(self) -> bytes:
        """The file: header, objects, table, and a trailer that names the catalogue alone."""
        out, places = io.BytesIO(), {}
        version = re.match(rb"%PDF-\d\.\d", self.reader.pdf_header.encode())
        out.write((version.group() if version else b"%PDF-1.7") + b"\n%\xe2\xe3\xcf\xd3\n")
        for (number, generation), found in sorted(self.kept.items()):
            places[number] = (out.tell(), generation)
            out.write(b"%d %d obj\n" % (number, generation))
            found.write_to_stream(out)
            out.write(b"\nendobj\n")
            if out.tell() > LARGEST:
                raise Unfit("grows")
        table = out.tell()
        out.write(b"xref\n0 1\n0000000000 65535 f \n")
        for number, (place, generation) in places.items():
            out.write(b"%d 1\n%010d %05d n \n" % (number, place, generation))
        root = b"%d %d R" % (self.root.idnum, self.root.generation)
        out.write(b"trailer\n<< /Size %d /Root %s >>\n" % (max(places) + 1, root))
        out.write(b"startxref\n%d\n%%%%EOF\n" % table)
        return out.getvalue()


def without_notes(data: bytes) -> tuple[bytes, bool]:
    """The file without notes, and whether all are gone. Raises Unfit, and what the library raises on broken files."""
    copy = _Copy(data)
    return copy.written(), not copy.partly


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        data, all_gone = without_notes(sys.stdin.buffer.read())
    except Exception:  # whatever is wrong with the file, it is answered in the same way
        return UNTOUCHED
    sys.stdout.buffer.write(data)
    return CLEAN if all_gone else PARTLY


if __name__ == "__main__":
    sys.exit(main())
