"""How does a paper become a document that a word processor opens? The same Paper as ui.papers prints, as DOCX.

The same paper gives the same bytes: no date, no random name and no author stands in the file.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Documents
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from cmcoord.ui.papers import SPACES, Paper, Section, printable

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest moment that an archive can name
FONT = "DejaVu Sans"
RED, SOFT = RGBColor(0xA3, 0x20, 0x2A), RGBColor(0x4A, 0x5A, 0x67)
LABEL, WIDTH = 52, 170  # millimetres
GRID = "Table Grid"


def docx(paper: Paper) -> bytes:
    """The bytes of a paper as a document: headings as headings, tables as tables, words as they were written."""
    made = _empty(paper)
    made.add_heading(_plain(f"{paper.title} {paper.reference}"), level=0)
    _words(made, paper.lede, colour=SOFT)
    _words(made, paper.verdict, bold=True)
    _words(made, paper.warning, bold=True, colour=RED)
    for section in paper.sections:
        _section(made, section)
    for sentence in paper.closing:
        _words(made, sentence, size=8)
    out = BytesIO()
    made.save(out)
    return _without_dates(out.getvalue())


def _empty(paper: Paper) -> Documents:
    """A page of A4 with the class on top and the code at the foot of each page."""
    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.header.paragraphs[0].text = _plain(f"{paper.reference} · {paper.label}")
    page.footer.paragraphs[0].text = _plain(" · ".join(filter(None, (paper.code, paper.foot))))
    made.styles["Normal"].font.name = FONT
    made.styles["Normal"].font.size = Pt(9.5)
    facts = made.core_properties
    facts.title, facts.language, facts.author, facts.comments = _plain(paper.title), paper.language, "", ""
    facts.created = facts.modified = dt.datetime(*EPOCH)
    facts.last_modified_by = ""
    return made


def _section(made: Documents, section: Section) -> None:
    made.add_heading(_plain(section.heading), level=2)
    if section.rows:
        _table(made, section.rows, (LABEL, WIDTH - LABEL))
    for text in section.words:
        _words(made, text)
    for text in section.items:
        made.add_paragraph(_plain(text), style="List Bullet")
    if section.table:
        shares = section.widths or (1.0,) * len(section.table[0])
        table = _table(made, section.table, tuple(WIDTH * share / sum(shares) for share in shares))
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
        _repeated(table.rows[0])
    if not (section.rows or section.words or section.items or section.table):
        made.add_paragraph("–")


def _table(made: Documents, lines, widths):
    table = made.add_table(rows=0, cols=len(widths), style=GRID)
    table.autofit = False
    for line in lines:
        for cell, text, width in zip(table.add_row().cells, line, widths, strict=True):
            cell.text, cell.width = _plain(text), Mm(width)
    return table


def _repeated(row) -> None:
    """The headings of a table stand again on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _words(made: Documents, text: str, *, bold: bool = False, colour=None, size: float | None = None) -> None:
    if not text:
        return
    run = made.add_paragraph().add_run(_plain(text))
    run.bold = bold
    if colour is not None:
        run.font.color.rgb = colour
    if size is not None:
        run.font.size = Pt(size)


def _plain(text: object) -> str:
    """The same words as the printed paper, with the signs that its fonts do not hold: a word processor has its own."""
    words = str(text)
    return "".join(_kept(sign) for sign in words).strip()


def _kept(sign: str) -> str:
    known = printable(SPACES.get(sign, sign)) if sign.isascii() else ""
    return sign if not sign.isascii() and sign.isprintable() or sign in "\n \u202f\u00a0" else known


def _without_dates(content: bytes) -> bytes:
    """The archive again, each file with the same moment: the library writes the moment of saving."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as read, ZipFile(out, "w", ZIP_DEFLATED) as written:
        for name in sorted(read.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            written.writestr(ZipInfo(name, EPOCH), read.read(name), ZIP_DEFLATED)
    return out.getvalue()
