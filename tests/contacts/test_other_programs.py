"""Do other programs read what the directory gives away: address cards by vobject, workbooks by LibreOffice?"""

import csv
import datetime as dt
import shutil
import subprocess
from io import BytesIO

import pytest
import vobject
from django.utils import translation
from openpyxl import load_workbook

from contacts.cards import VERSIONS, cards
from contacts.services import taking
from tests.contacts.directory import post_of
from tests.contacts.test_cards import AT, FUNCTION, WHOLE

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
# Its filter for CSV: comma, quotes, UTF-8, from the first row, dates as they stand, every cell as shown, all sheets.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def values(card, name: str) -> list:
    return [row.value for row in card.contents.get(name, [])]


def types(row) -> set[str]:
    """What kind of a number it is; version 4 writes the kinds as one quoted word."""
    return set(",".join(row.params["TYPE"]).lower().split(",")) - {"pref"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("version", VERSIONS)
def test_vobject_reads_a_card_with_nothing_lost(version, language):
    with translation.override(language):
        first, second = vobject.readComponents(cards([WHOLE, FUNCTION], version=version, at=AT).decode())
        roles = ", ".join(WHOLE.role_words)
    assert values(first, "version") == [version]
    assert values(first, "fn") == [WHOLE.name]
    assert first.n.value.family == WHOLE.name
    assert values(first, "org") == [["OCHA"]]
    assert values(first, "title") == [WHOLE.function]
    assert values(first, "role") == [roles]
    assert (first.adr.value.city, first.adr.value.country) == (WHOLE.station, WHOLE.country)
    numbers = [WHOLE.duty_telephone, *(one.number for one in WHOLE.telephones)]
    assert [value.removeprefix("tel:") for value in values(first, "tel")] == numbers
    assert [types(row) for row in first.tel_list] == [
        {"work", "voice", "x-day-and-night"},
        {"cell", "voice", "x-day-and-night", "x-whatsapp"},
        {"voice", "x-satellite"},
        {"voice", "x-radio"},
    ]
    assert values(first, "email") == [*WHOLE.addresses, WHOLE.mailbox]
    assert values(first, "lang" if version == "4.0" else "x-lang") == list(WHOLE.languages)
    [note] = values(first, "note")
    for word in (*WHOLE.covers, "2026-01-02", "2026-12-01", "2026-11-01", WHOLE.remark):
        assert word in note
    assert ("Confidentiel\u202f:" if language == "fr" else "Confidential:") in note
    assert values(first, "rev") == ["20261122T213000Z"]
    assert first.uid.value != second.uid.value
    assert (values(second, "fn"), values(second, "title")) == ([FUNCTION.function], [FUNCTION.function])


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice: apt-get install libreoffice-calc-nogui")
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_libreoffice_opens_the_workbook_with_the_same_cells(people, tmp_path, language):
    names = ("Élodie Ŋɔkɛ-Mɓoma", "Grâce « la doyenne »")
    for number, name in enumerate(names):
        post_of(people.ocha_bgi, f"Officer {number}; Bria, Birao", name, numbers=("+23672000001", "+8821612345678"),
                duty_telephone="+23670000001", remark="=1+1")  # fmt: skip
    with translation.override(language):
        content = taking.take(
            by=people.ocha_bgi, asked=taking.Asked(), form="xlsx", confidential=True, reason="Emergency list"
        ).content
    (tmp_path / "contacts.xlsx").write_bytes(content)
    command = [OFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", AS_CSV]
    subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "contacts.xlsx"], check=True, timeout=120, capture_output=True
    )
    book = load_workbook(BytesIO(content))
    for sheet in book.worksheets:
        with (tmp_path / f"contacts-{sheet.title}.csv").open(encoding="utf-8", newline="") as file:
            found = [[cell for cell in line if cell] for line in csv.reader(file)]
        wanted = [[as_shown(cell) for cell in line if cell.value not in (None, "")] for line in sheet.iter_rows()]
        assert [line for line in found if line] == [line for line in wanted if line]
    text = str(list(book.worksheets[0].iter_rows(values_only=True)))
    assert all(name in text for name in names)


def as_shown(cell) -> str:
    """A day as the format of its cell shows it."""
    if isinstance(cell.value, dt.datetime):
        return cell.value.strftime("%Y-%m-%d" if "h" not in cell.number_format.lower() else "%Y-%m-%d %H:%M")
    return str(cell.value)
