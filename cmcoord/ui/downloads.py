"""How does a file leave the portal so that a browser saves it and never runs it?"""

import csv
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000  # a spreadsheet holds no more in one cell
WIDEST, NARROWEST = 48, 11
WRAPPED, BOLD = Alignment(vertical="top", wrap_text=True), Font(bold=True)

Columns = Sequence[tuple[str, Callable[..., object]]]  # (heading, how to read it from a row)


def safe_cell(value: object) -> object:
    """A text that a spreadsheet program will not run as a formula, without signs that steer."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = "".join(sign for sign in value if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    dangerous = value.startswith(FORMULA_SIGNS) or text.lstrip().startswith(FORMULA_SIGNS)
    return f"'{text[:LONGEST_CELL]}" if dangerous else text[:LONGEST_CELL]


def original(text: str) -> str:
    """What safe_cell() wrote, as it was: a file of the portal can be taken over again."""
    shut = text.startswith("'") and text[1:].lstrip().startswith(FORMULA_SIGNS)
    return text[1:] if shut else text


def csv_file(columns: Columns, rows: Iterable) -> bytes:
    """Rows as CSV, with the mark by which spreadsheet programs read accents; moments as 2026-11-28 05:30."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_cell(heading) for heading, _read in columns])
    for row in rows:
        writer.writerow([_as_text(safe_cell(read(row))) for _heading, read in columns])
    return f"\ufeff{out.getvalue()}".encode()


def _as_text(value: object) -> object:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value


def xlsx_file(
    title: str, columns: Columns, rows: Iterable, *, about: Sequence[tuple[str, str]] = (), about_title: str = "–"
) -> bytes:
    """Rows as a workbook: headings that stay, filters, real dates; `about` is a second sheet of labels and values."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for number, (heading, _read) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(len(heading) + 4, NARROWEST), WIDEST)
    sheet.freeze_panes = "B2"
    sheet.append([_cell(sheet, heading, bold=True) for heading, _read in columns])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, read(row)) for _heading, read in columns])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(columns), 1))}{count}"
    if about:
        notes = book.create_sheet(about_title[:31])
        notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 24, 90
        for label, value in about:
            notes.append([_cell(notes, label, bold=True), _cell(notes, value)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


SHEETS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


def template_download(
    form: str, name: str, title: str, headings: Sequence[tuple[str, bool]], about: Sequence[tuple[str, str]] = ()
) -> FileResponse:
    """An empty list to be filled in: its headings, each with whether it is needed. Raises KeyError for another form."""
    content_type = SHEETS[form]
    table: Columns = [(heading, lambda _row: "") for heading, _needed in headings]
    if form == "csv":
        content = csv_file(table, [])
    else:
        needed = [(heading, _("needed") if needed else _("may be empty")) for heading, needed in headings]
        content = xlsx_file(title, table, [], about=[*needed, *about], about_title=_("About this file"))
    return file_download(BytesIO(content), f"{name}-{(get_language() or 'en')[:2]}.{form}", content_type)


def _cell(sheet, value: object, *, bold: bool = False) -> WriteOnlyCell:
    """A text is written as a text, whatever it begins with."""
    value = safe_cell(value)
    moment = isinstance(value, datetime)
    cell = WriteOnlyCell(sheet, value.replace(tzinfo=None) if moment else value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.alignment = WRAPPED
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd hh:mm" if moment else "yyyy-mm-dd"
    if bold:
        cell.font = BOLD
    return cell


def file_download(file, name: str, content_type: str = "application/octet-stream") -> FileResponse:
    """A stored file under its own name; always saved, never shown inside the portal."""
    return _as_attachment(FileResponse(file, content_type=content_type), name)


def _as_attachment(response: HttpResponse, name: str):
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
