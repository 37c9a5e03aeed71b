"""Is a file that leaves the portal saved and never run?"""

import io

import pytest

from cmcoord.ui.downloads import csv_download, file_download, safe_cell

COLUMNS = [("Référence", lambda row: row[0]), ("Need", lambda row: row[1])]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_spreadsheet_does_not_run_what_people_typed(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(("value", "cell"), [(-1, -1), (None, ""), ("food", "food")])
def test_other_cells_stay_as_they_are(value, cell):
    assert safe_cell(value) == cell


def test_rows_come_with_headings_that_spreadsheets_read():
    answer = csv_download("cases.csv", COLUMNS, [("CAF-AE-2026-0042", "=food")])
    text = b"".join(answer.streaming_content).decode()
    assert text == "\ufeffRéférence,Need\r\nCAF-AE-2026-0042,'=food\r\n"


@pytest.mark.parametrize("answer", [csv_download("é.csv", [], []), file_download(io.BytesIO(b"<script>"), "é.csv")])
def test_every_file_is_saved_and_never_shown(answer):
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9.csv"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
