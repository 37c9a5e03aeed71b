"""Which rows of cells does a spreadsheet hold, whatever program wrote it? Nothing in it is run."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from lzma import LZMAError
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as BadDeflate

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from cmcoord.ui.downloads import original
from cmcoord.ui.words import cleaned

MB = 1024 * 1024
LARGEST_BESIDE = MB // 2  # what is read whole beside cells and texts: styles cost a hundred times their size
MOST_PARTS = 200
LAST_ROW = 1_048_576  # of any sheet: rows may stand far below the others, and none is left out in silence
MOST_COLUMNS = 60
MOST_TAGS = 150_000  # of one row with all its cells: each costs memory until the row ends
MOST_IN_A_ROW, MOST_TEXTS_IN_A_ROW = 30, 10  # cells, and different texts, of a row on the average of a list
FEWEST = 300_000  # so many of each may stand in a short list too: programs write formats of empty cells
LONGEST_CELL = 2000
WORDS = ("xl/worksheets/", "xl/sharedStrings.xml")
CELLS = (*WORDS, "xl/media/", "xl/drawings/")
UNIT = re.compile(rb"<(?:[\w.-]+:)?(row|si)\b")
CELL = re.compile(rb"<(?:[\w.-]+:)?c\b")
DELIMITERS = ";,\t|"
# What the packages raise on a workbook that is damaged, locked with a password, or packed in a way they do not know.
BROKEN = (
    BadZipFile, BadDeflate, LZMAError, EOFError, LookupError, ValueError, OSError, TypeError, AttributeError,
    SyntaxError, ArithmeticError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """How long a list may be: bytes of the file, bytes of a workbook once unpacked, and rows under the headings."""

    size: int
    unpacked: int
    rows: int

    @property
    def cells(self) -> int:
        """How many cells a workbook may hold, the empty ones with them."""
        return max(FEWEST, self.rows * MOST_IN_A_ROW)

    @property
    def texts(self) -> int:
        """How many different texts."""
        return max(FEWEST, self.rows * MOST_TEXTS_IN_A_ROW)

    @property
    def megabytes(self) -> int:
        return self.size // MB

    def check(self, size: int) -> None:
        """Raises ValidationError with the sentence."""
        if size > self.size:
            raise ValidationError(_("This file is larger than %(count)d MB. Split it.") % {"count": self.megabytes})


SHORT = Limits(MB, 8 * MB, 1000)
LONG = Limits(16 * MB, 128 * MB, 50_000)


@dataclass(frozen=True)
class Line:
    """One row of the sheet as people count it, with its cells as texts or dates."""

    number: int
    cells: tuple[object, ...]

    @property
    def is_blank(self) -> bool:
        return not any(str(cell).strip() for cell in self.cells if cell is not None)


def cell_name(line: int, column: int) -> str:
    """As the program names it: "C7"."""
    return f"{get_column_letter(column + 1)}{line}"


def lines_of(content: bytes, limits: Limits = SHORT) -> list[Line]:
    """The rows that hold something, headings first. Raises ValidationError with the sentence."""
    found = list(islice(lines_in(content, limits), limits.rows + 2))
    if len(found) < 2:
        raise no_rows()
    if len(found) > limits.rows + 1:
        raise too_many(limits)
    return found


def lines_in(content: bytes, limits: Limits) -> Iterator[Line]:
    """The rows that hold something, one by one as they are read. Raises ValidationError with the sentence."""
    limits.check(len(content))
    found = _of_workbook(content, limits) if content.startswith(b"PK") else _of_text(content, limits)
    return (line for line in found if not line.is_blank)


def no_rows() -> ValidationError:
    return ValidationError(_("There is no row under the headings."))


def too_many(limits: Limits) -> ValidationError:
    count = number_format(limits.rows, force_grouping=True)
    return ValidationError(_("More than %(count)s rows: split the file.") % {"count": count})


def _no_table() -> ValidationError:
    return ValidationError(_("This is no table. Send a workbook (XLSX) or a CSV file."))


def _too_heavy() -> ValidationError:
    return ValidationError(_("This file unpacks to more than the portal reads. Send the one sheet alone."))


def _weigh(content: bytes, limits: Limits) -> None:
    """Raises ValidationError for a workbook that takes minutes or gigabytes to read, however small it is packed."""
    with ZipFile(BytesIO(content)) as packed:
        parts = packed.infolist()
        heavy = [part for part in parts if part.filename.startswith(CELLS)]
        unpacked = sum(part.file_size for part in parts)
        beside = unpacked - sum(part.file_size for part in heavy)
        if len(parts) > MOST_PARTS or unpacked > limits.unpacked or beside > LARGEST_BESIDE:
            raise _too_heavy()
        for part in heavy:
            _weigh_part(packed, part, limits)


def _weigh_part(packed: ZipFile, part: ZipInfo, limits: Limits) -> None:
    """Counts rows, cells, texts and the tags of each row without building anything of them."""
    rows = cells = texts = tags = 0
    rest = b""
    with packed.open(part) as opened:
        while read := opened.read(MB):
            whole = rest + read
            cut = whole.rfind(b"<")  # what follows may be half a tag
            here, rest = (whole[:cut], whole[cut:]) if cut > 0 else (b"", whole)
            before, *units = UNIT.split(here)
            tags += before.count(b"<")
            heaviest = max([tags, *(unit.count(b"<") for unit in units[1::2])])
            tags = units[-1].count(b"<") if units else tags
            rows, texts = rows + units[::2].count(b"row"), texts + units[::2].count(b"si")
            cells += len(CELL.findall(here))
            if rows > LAST_ROW or cells > limits.cells or texts > limits.texts or heaviest > MOST_TAGS:
                raise _too_heavy()
            if len(rest) > MB and part.filename.startswith(WORDS):  # one text without an end
                raise _too_heavy()


def _of_workbook(content: bytes, limits: Limits) -> Iterator[Line]:
    """The first sheet. Of a formula only the value that the program had computed, if any."""
    try:
        _weigh(content, limits)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
        for number, row in enumerate(rows, start=1):
            if row.count(None) < len(row):
                yield Line(number, tuple(_cell(cell) for cell in row))
    except ValidationError:
        raise
    except BROKEN as error:
        raise _no_table() from error


def _of_text(content: bytes, limits: Limits) -> Iterator[Line]:
    text = _decoded(content)
    first = next((line for line in StringIO(text) if line.strip(f"{DELIMITERS} \r\n")), "")
    delimiter = max(DELIMITERS, key=first.count)
    if not first.count(delimiter):
        raise _no_table()
    try:
        for number, row in enumerate(csv.reader(_lines_of_text(text), delimiter=delimiter, strict=False), start=1):
            if number > LAST_ROW:
                raise too_many(limits)
            yield Line(number, tuple(_cell(cell) for cell in row[:MOST_COLUMNS]))
    except csv.Error as error:
        raise _no_table() from error


def _lines_of_text(text: str) -> Iterator[str]:
    for line in StringIO(text, newline=""):
        if len(line) > MB:
            raise _no_table()
        yield line


def _decoded(content: bytes) -> str:
    """What spreadsheet programs write: UTF-8 or UTF-16 with their marks, UTF-8 without, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise _no_table()
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _no_table()


def _cell(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return original(cleaned(str(value)))[:LONGEST_CELL]
