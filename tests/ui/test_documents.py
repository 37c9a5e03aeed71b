"""Does a paper come out as a document that a word processor opens, with the same words?"""

from io import BytesIO

import pytest
from docx import Document

from cmcoord.ui.documents import docx
from cmcoord.ui.papers import Paper, Section
from tests.ui.test_papers import HOSTILE

LETTERS = "ɛ ɔ ŋ Ɛ Ɔ Ŋ é ç œ « oui\u202f: non » — € نص 中"


def paper(**facts):
    table = (("Point", "Summary"), ("1. Axis", LETTERS), ("2. Other", "two\nlines"))
    section = Section(
        "Points", rows=(("Place", "Bria"),), words=("Words",), items=("Item",), table=table, widths=(1, 3)
    )
    return Paper(**{"title": "Minutes", "lede": "Cell", "reference": "12", "label": "Restricted",
                    "sections": (section, Section("Empty")), "code": "abc", "foot": "SHA-256", **facts})  # fmt: skip


def opened(content: bytes):
    return Document(BytesIO(content))


def test_it_opens_and_its_cells_read_as_they_were_written():
    found = opened(docx(paper(verdict="Final", warning="DRAFT", closing=("End",))))
    facts, table = found.tables
    assert [cell.text for cell in facts.rows[0].cells] == ["Place", "Bria"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Point", "Summary"], ["1. Axis", LETTERS], ["2. Other", "two\nlines"]
    ]  # fmt: skip
    words = [paragraph.text for paragraph in found.paragraphs]
    assert {"Minutes 12", "Cell", "Final", "DRAFT", "Points", "Words", "Item", "End", "–"} <= set(words)
    assert "Restricted" in found.sections[0].header.paragraphs[0].text
    assert found.sections[0].footer.paragraphs[0].text == "abc · SHA-256"


def test_the_same_paper_has_the_same_bytes_and_names_nobody():
    assert docx(paper()) == docx(paper())
    facts = opened(docx(paper(language="fr"))).core_properties
    assert (facts.author, facts.last_modified_by, facts.comments, facts.language) == ("", "", "", "fr")


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_becomes_a_document(text):
    section = Section("Section", ((text[:50], text),), (text,), (text,), (("Head",), (text,)))
    assert opened(docx(paper(title=text[:200], lede=text, sections=(section,))))
