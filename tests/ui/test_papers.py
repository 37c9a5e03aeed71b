"""Does a paper come out whole, whatever was typed, and always with the same bytes?"""

import hashlib
import os
import subprocess
import sys

import pytest

from cmcoord.ui.papers import UNKNOWN, Paper, Section, pdf, printable
from tests import pdf_text

LONG_WORD = "Mbomou" * 400
HOSTILE = [
    LONG_WORD,
    "W" * 500,
    "line\n" * 600,
    "\x00\x01\x1b[31mred\x7f",
    "<b>bold</b> & <para/> <img src='x'/> ]]>",
    "نص عربي ממשלה",
    "abc\u202edcba\u2066x\u2069\u200f",
    "e\u0301\u0302\u0303" * 200,
    "\ud800 lone",
    '=HYPERLINK("https://evil.example")',
    "🚚 convoy 中文",
    "  ",
    "",
    "%(actor)s {0} %s",
]


def paper(*texts, **facts):
    rows = tuple((f"Label {number}", text) for number, text in enumerate(texts))
    section = Section("Section", rows, tuple(texts), tuple(texts))
    return Paper(**{"title": "Title", "lede": "", "reference": "CAF-1", "label": "Confidential",
                    "sections": (section,), "foot": "Code 1", **facts})  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_becomes_a_paper(text):
    content = pdf(paper(text, title=f"T {text}"[:900], lede=text, closing=(text,)))
    assert content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")
    assert f"Page 1 of {len(pdf_text.pages(content))}" in pdf_text.text(content)


def test_no_letter_of_a_long_word_is_lost():
    assert pdf_text.text(pdf(paper(LONG_WORD))).replace(" ", "").count("Mbomou") >= 3 * 400 - 120


def test_letters_of_the_languages_of_the_country_are_printed():
    letters = "ɛ ɔ ŋ Ɛ Ɔ Ŋ ɓ ɗ ƙ ẽ ô œ Œ ’ « » — … € ≤ № ☐ ✓"
    assert printable(letters) == letters
    words = pdf_text.text(pdf(paper(letters)))
    assert letters in words and UNKNOWN not in words


def test_what_the_fonts_do_not_hold_is_marked_and_said():
    words = pdf_text.text(pdf(paper("نص 中")))
    assert UNKNOWN in words
    assert "cannot print" in words
    assert "cannot print" not in pdf_text.text(pdf(paper("plain")))


@pytest.mark.parametrize(
    "sign", ["\x00", "\x07", "\x1b", "\x7f", "\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\xad"]
)
def test_signs_that_steer_are_left_out(sign):
    assert printable(f"a{sign}b") == "ab"


def test_what_was_typed_is_never_read_as_markup():
    assert "<b>bold</b> & <para/>" in pdf_text.text(pdf(paper("<b>bold</b> & <para/>")))


def test_the_narrow_space_of_french_does_not_break_a_line():
    assert printable("oui\u202f: non") == "oui\xa0: non"


def test_class_and_page_number_stand_on_every_page():
    pages = pdf_text.pages(pdf(paper("word " * 4000)))
    assert len(pages) > 3
    for number, words in enumerate(pages, start=1):
        assert "Confidential" in words and "CAF-1" in words and "Code 1" in words
        assert f"Page {number} of {len(pages)}" in words


def test_the_same_facts_give_the_same_bytes_in_another_process():
    here = hashlib.sha256(pdf(paper("ɛ ɔ ŋ", "Bambari"))).hexdigest()
    code = (
        "import django; django.setup()\n"
        "import hashlib\nfrom cmcoord.ui.papers import pdf\nfrom tests.ui.test_papers import paper\n"
        "print(hashlib.sha256(pdf(paper('ɛ ɔ ŋ', 'Bambari'))).hexdigest())"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment()
    ).stdout.split()
    assert said[-1] == here


def _environment():
    return os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": ".", "PYTHONHASHSEED": "7"}


def test_one_letter_more_gives_other_bytes():
    assert pdf(paper("a")) != pdf(paper("b"))


@pytest.mark.parametrize("widths", [(1,), (1, 1, 1, 1, 1), (1, 9)])
def test_a_long_cell_goes_on_in_a_line_below(widths):
    text = " ".join(f"word{number}" for number in range(900)) + "\nline" * 90
    line = tuple(text if place == 0 else "" for place in range(len(widths)))
    section = Section("Points", table=(("Head",) * len(widths), line, ("W" * 500,) * len(widths)), widths=widths)
    words = "".join(pdf_text.text(pdf(paper(sections=(section,)))).split())
    assert all(f"word{number}" in words for number in range(900))
    assert words.count("line") == 90
