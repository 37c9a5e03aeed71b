"""Is a file that leaves the portal saved and never run?"""

import csv
import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from cmcoord.ui.downloads import csv_file, file_download, safe_cell, xlsx_file

COLUMNS = [("Référence", lambda row: row[0]), ("Need", lambda row: row[1])]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_spreadsheet_does_not_run_what_people_typed(text):
    assert safe_cell(text).startswith("'")
    assert safe_cell(text).strip("'") == text.replace("\r", "")


@pytest.mark.parametrize(("value", "cell"), [(-1, -1), (None, ""), ("food", "food")])
def test_other_cells_stay_as_they_are(value, cell):
    assert safe_cell(value) == cell


def test_rows_come_with_headings_that_spreadsheets_read():
    assert csv_file(COLUMNS, [("CAF-AE-2026-0042", "=food")]).decode() == (
        "\ufeffRéférence,Need\r\nCAF-AE-2026-0042,'=food\r\n"
    )


HOSTILE = [
    '=HYPERLINK("https://evil.example")', "  =1+1", "\n=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1",
    "\x00=1", "\u200b=1", "\x00\x07bell", "a\u202eb", "نص", "W" * 40_000, "\ud800", 'quo"te, comma\nline', "", "%s",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_read_back_is_text_and_no_formula(text):
    book = load_workbook(io.BytesIO(xlsx_file("Requests", COLUMNS, [(text, text)], about=[("Class", text)])))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    [_headings, (cell, _same)] = list(book.worksheets[0].iter_rows())
    assert str(cell.value or "") == str(safe_cell(text) or "")
    rows = list(csv.reader(io.StringIO(csv_file(COLUMNS, [(text, text)]).decode("utf-8-sig"), newline="")))
    assert len(rows) == 2 and rows[1] == [str(safe_cell(text))] * 2
    assert not rows[1][0].lstrip().startswith(("=", "+", "-", "@"))


def test_a_workbook_keeps_dates_numbers_and_headings():
    at = dt.datetime(2026, 11, 28, 5, 30, tzinfo=dt.UTC)
    columns = [("When", lambda row: row[0]), ("How many", lambda row: row[1])]
    book = load_workbook(io.BytesIO(xlsx_file("Requests", columns, [(at, 3), (None, None)], about=[("Class", "R")])))
    sheet = book.worksheets[0]
    assert sheet["A1"].value == "When" and sheet["A1"].font.bold and sheet.freeze_panes == "B2"
    assert (sheet["A2"].value, sheet["B2"].value) == (dt.datetime(2026, 11, 28, 5, 30), 3)
    assert sheet["A3"].value is None and sheet.auto_filter.ref == "A1:B3"
    assert [cell.value for cell in book.worksheets[1][1]] == ["Class", "R"]


@pytest.mark.parametrize("answer", [file_download(io.BytesIO(b"<script>"), "é.csv")])
def test_every_file_is_saved_and_never_shown(answer):
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9.csv"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
