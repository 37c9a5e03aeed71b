"""Is a file refused before it costs minutes or gigabytes, however small it is packed? A long plain one is read."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from cmcoord.ui import sheets
from cmcoord.ui.sheets import LAST_ROW, LONG, MB, MOST_TAGS, SHORT, lines_in

TEXTS, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"


def workbook(**parts: str) -> bytes:
    """A workbook of two rows, with other parts in place of its own."""
    book, plain, out = Workbook(), BytesIO(), BytesIO()
    book.active.append(["Name"])
    book.active.append(["Awa"])
    book.save(plain)
    given = {{"texts": TEXTS, "sheet": SHEET}[key]: content for key, content in parts.items()}
    with ZipFile(plain) as read, ZipFile(out, "w", ZIP_DEFLATED) as written:
        for name, content in ({name: read.read(name) for name in read.namelist()} | given).items():
            written.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        workbook(texts="<sst>" + "<si><t>ab</t></si>" * (SHORT.texts + 1) + "</sst>"),
        workbook(texts="<x:sst>" + "<x:si/>" * (SHORT.texts + 1) + "</x:sst>"),
        workbook(texts="<sst><si><t>" + "ab" * MB + "</t></si></sst>"),
        workbook(sheet="<worksheet><sheetData><row>" + "<c/>" * (MOST_TAGS + 1) + "</row></sheetData></worksheet>"),
        workbook(sheet="<worksheet>" + "<a/>" * (MOST_TAGS + 1) + "</worksheet>"),
        workbook(sheet="<worksheet><sheetData>" + "<row/>" * (LAST_ROW + 1) + "</sheetData></worksheet>"),
        workbook(sheet="<worksheet>" + f"<row>{'<c/>' * 999}</row>" * (SHORT.cells // 999 + 1) + "</worksheet>"),
    ],
    ids=["texts", "texts of another space", "one text", "one row", "beside rows", "empty rows", "empty cells"],
)
def test_a_workbook_that_costs_too_much_is_refused_before_it_is_read(monkeypatch, content):
    monkeypatch.setattr(sheets, "load_workbook", lambda *a, **k: pytest.fail("it was read"))
    assert len(content) < MB // 4
    with pytest.raises(ValidationError, match="unpacks to more"):
        list(lines_in(content, SHORT))


def test_a_workbook_with_formats_of_a_whole_row_is_read():
    wide = "".join('<c s="0"/>' for _place in range(16_384))
    sheet = f'<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c>{wide}</row><row r="2"><c><v>7</v></c></row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = workbook(sheet=f'<worksheet xmlns="{space}"><sheetData>{sheet}</sheetData></worksheet>')
    assert [line.cells[0] for line in lines_in(content, SHORT)] == ["Name", "7"]


def test_a_text_of_one_line_or_of_empty_lines_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "LAST_ROW", 1000)
    with pytest.raises(ValidationError, match="50,000 rows"):
        list(lines_in(b"Name;Function" + b"\n" * 1001 + b"Awa;Cook", LONG))
    with pytest.raises(ValidationError, match="no table"):
        list(lines_in(b"Name;Function\n" + b";" * (MB + 1), LONG))
