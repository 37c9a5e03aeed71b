"""How does a paper look? A4 as PDF: heading, sections of facts, class and page number on each page, a code to check.

The same paper gives the same bytes wherever the same libraries run: no date and no random name stands in the file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

FONTS = {"Paper": "DejaVuSans.ttf", "Paper-Bold": "DejaVuSans-Bold.ttf"}
FOLDER = Path(__file__).parent / "fonts"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# French puts a narrow space before a colon; the paragraph of the library would break the line there.
SPACES = {"\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}", "\t": " ", "\r": "\n", "\x0b": "\n", "\x0c": "\n"}
CELL = 500  # letters that a cell beside its label holds; a longer text runs over pages under it
LINES = 20  # and how many lines of one
INK, SOFT, LINE, VIOLET, VIOLET_WASH, RED = map(
    HexColor, ("#14212b", "#4a5a67", "#d5dde3", "#553c9a", "#efebfa", "#a3202a")
)
MARGIN, HEAD, FOOT = 20 * mm, 23 * mm, 22 * mm
PADDING = 6  # that the library puts around the text of a page
WIDTH = A4[0] - 2 * MARGIN
LABEL = 52 * mm
BODY = ParagraphStyle("body", fontName="Paper", fontSize=9.5, leading=13.5, textColor=INK, splitLongWords=True)
STYLES = {
    "title": ParagraphStyle("title", BODY, fontName="Paper-Bold", fontSize=17, leading=21),
    "lede": ParagraphStyle("lede", BODY, textColor=SOFT, spaceBefore=2, spaceAfter=4),
    "verdict": ParagraphStyle("verdict", BODY, fontName="Paper-Bold", fontSize=13, leading=17, spaceBefore=6),
    "heading": ParagraphStyle("heading", BODY, fontName="Paper-Bold", fontSize=11.5, leading=15),
    "label": ParagraphStyle("label", BODY, textColor=SOFT),
    "item": ParagraphStyle("item", BODY, leftIndent=12, bulletIndent=1, spaceAfter=1),
    "words": ParagraphStyle("words", BODY, spaceAfter=3),
    "warning": ParagraphStyle("warning", BODY, textColor=RED, fontName="Paper-Bold", spaceBefore=4),
    "code": ParagraphStyle("code", BODY, fontName="Paper-Bold", fontSize=9, leading=12.5),
    "cell": ParagraphStyle("cell", BODY, fontSize=8.5, leading=11.5),
    "column": ParagraphStyle("column", BODY, fontSize=8, leading=11, textColor=SOFT),
    "small": ParagraphStyle("small", BODY, fontSize=8, leading=11, textColor=SOFT),
}


@dataclass(frozen=True)
class Section:
    """One block under a heading: facts beside their labels, then sentences, then a list, then a table.

    The first line of the table holds its headings; `widths` are shares of the page, one for each column.
    """

    heading: str
    rows: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Paper:
    """Everything that is printed. `label` is the class; `code` and `foot` stand on each page."""

    title: str
    lede: str
    reference: str
    label: str
    verdict: str = ""
    warning: str = ""
    sections: tuple[Section, ...] = ()
    closing: tuple[str, ...] = ()
    code: str = ""
    foot: str = ""
    language: str = "en"

    def facts(self) -> dict[str, Any]:
        """What it says, without code and foot: two papers that say the same are equal here."""
        return vars(replace(self, code="", foot="")) | {"sections": [vars(section) for section in self.sections]}


def printable(text: object) -> str:
    """A text as the fonts can print it: composed, without signs that steer, what is unknown as a visible mark."""
    composed = unicodedata.normalize("NFC", str(text))
    return "".join(_printed(sign) for sign in composed).strip()


def _printed(sign: str) -> str:
    sign = SPACES.get(sign, sign)
    if sign == "\n" or ord(sign) in _known():
        return "" if unicodedata.category(sign) == "Cf" else sign
    return "" if unicodedata.category(sign) in ("Cc", "Cf", "Cs") else UNKNOWN


@cache
def _known() -> frozenset[int]:
    """The signs that both fonts hold."""
    return frozenset.intersection(*(frozenset(_font(name).face.charToGlyph) for name in FONTS))


@cache
def _font(name: str) -> TTFont:
    font = TTFont(name, FOLDER / FONTS[name])
    pdfmetrics.registerFont(font)
    return font


def pdf(paper: Paper) -> bytes:
    """The bytes of a paper."""
    _known()
    out = BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN - PADDING,
        rightMargin=MARGIN - PADDING,
        topMargin=HEAD,
        bottomMargin=FOOT,
        title=printable(f"{paper.title} {paper.reference}"),
        lang=paper.language,
        invariant=1,
    )
    template.build(list(_story(paper)), canvasmaker=_numbered(paper))
    return out.getvalue()


def _text(text: object, style: str = "words", bullet: str | None = None) -> Paragraph:
    words = escape(printable(text), quote=False).replace("\n", "<br/>")
    return Paragraph(words, STYLES.get(style, BODY), bulletText=bullet)


def _story(paper: Paper) -> Iterator[Flowable]:
    yield _text(paper.title, "title")
    yield _text(paper.lede, "lede")
    if paper.verdict:
        yield _text(paper.verdict, "verdict")
    if paper.warning:
        yield _text(paper.warning, "warning")
    for section in paper.sections:
        first, *others = _block(section)
        yield Spacer(1, 3 * mm)
        yield from _headed(section, first)
        yield from others
    yield Spacer(1, 5 * mm)
    for sentence in (*paper.closing, *_about_signs(paper)):
        yield _text(sentence, "small")


def _headed(section: Section, first: Flowable) -> list[Flowable]:
    """A heading with what comes under it; a table begins under its heading and goes on over pages."""
    top = [_text(section.heading, "heading"), Spacer(1, 1 * mm)]
    if section.table and not (section.rows or section.words or section.items):
        return [CondPageBreak(40 * mm), *top, first]
    return [KeepTogether([*top, first])]


def _about_signs(paper: Paper) -> list[str]:
    """A paper that could not print a sign says so."""
    texts = [
        text
        for section in paper.sections
        for text in (
            *(value for _label, value in section.rows),
            *section.words,
            *section.items,
            *(cell for line in section.table for cell in line),
        )
    ]
    if any(UNKNOWN in printable(text) for text in texts):
        return [_("A sign that this paper cannot print stands as %(sign)s; the portal shows it.") % {"sign": UNKNOWN}]
    return []


def _block(section: Section) -> list[Flowable]:
    found = [flowable for row in section.rows for flowable in _row(*row)]
    found += [Spacer(1, 1.5 * mm)] if section.rows and (section.words or section.items) else []
    found += [_text(words) for words in section.words]
    found += [_text(item, "item", bullet="•") for item in section.items]
    found += [_table(section)] if section.table else []
    return found or [_text("–")]


def _table(section: Section) -> Table:
    """Lines under headings that stand again on each page; what would fill a page goes on in a line below."""
    head, *lines = section.table
    shares = section.widths or (1.0,) * len(head)
    widths = [WIDTH * share / sum(shares) for share in shares]
    cells, ends = [[_text(words, "column") for words in head]], [0]
    for line in lines:
        parts = [_parts(printable(words), _held(width)) for words, width in zip(line, widths, strict=True)]
        cells += [[_text(words, "cell") for words in part] for part in zip_longest(*parts, fillvalue="")]
        ends.append(len(cells) - 1)
    table = Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            *(("LINEBELOW", (0, end), (-1, end), 0.4, LINE) for end in ends),
        ]
    )
    return table


def _held(width: float) -> int:
    """How many letters a cell of this width (points) holds, be they all wide ones: no cell is higher than a page."""
    return min(CELL, max(20, int(width / mm) * 8))


def _parts(words: str, most: int) -> list[str]:
    """A text in pieces that a cell holds, cut between words and lines where it can be."""
    parts = []
    while len(words) > most or words.count("\n") > LINES:
        piece = "\n".join(words[:most].split("\n")[:LINES])
        cut = max(piece.rfind(" "), piece.rfind("\n")) if len(piece) == most else len(piece)
        cut = cut if cut > 0 else len(piece)
        parts.append(words[:cut].rstrip())
        words = words[cut:].lstrip()
    return [*parts, words]


def _row(label: str, value: str) -> list[Flowable]:
    """A label beside its value; a long value stands under it, because no cell can be higher than a page."""
    if len(value) > CELL or value.count("\n") > LINES:
        return [_text(label, "label"), _text(value), Spacer(1, 1 * mm)]
    table = Table([[_text(label, "label"), _text(value, "body")]], colWidths=[LABEL, WIDTH - LABEL])
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ]
    )
    return [table]


def _numbered(paper: Paper) -> type[Canvas]:
    """A canvas that prints head and foot at the end, when the number of pages is known."""

    class Numbered(Canvas):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.finished: list[dict[str, Any]] = []

        def showPage(self):
            self.finished.append(dict(vars(self)))
            self._startPage()

        def save(self):
            for number, page in enumerate(self.finished, start=1):
                vars(self).update(page)
                _frame(self, paper, number, len(self.finished))
                super().showPage()
            super().save()

    return Numbered


def _frame(canvas: Canvas, paper: Paper, number: int, count: int) -> None:
    """The class and the reference on top, the code and the page number at the foot."""
    width, height = A4
    top = height - 15 * mm
    label = printable(paper.label)
    wide = pdfmetrics.stringWidth(label, "Paper-Bold", 9) + 14
    canvas.setFillColor(VIOLET_WASH)
    canvas.roundRect(width - MARGIN - wide, top - 5, wide, 17, 3, stroke=0, fill=1)
    canvas.setFillColor(VIOLET)
    canvas.setFont("Paper-Bold", 9)
    canvas.drawString(width - MARGIN - wide + 7, top, label)
    canvas.setFillColor(SOFT)
    canvas.setFont("Paper", 8.5)
    canvas.drawString(MARGIN, top, printable(paper.reference))
    canvas.setStrokeColor(LINE)
    canvas.line(MARGIN, top - 9, width - MARGIN, top - 9)
    canvas.line(MARGIN, 18 * mm, width - MARGIN, 18 * mm)
    below = 17 * mm
    for words, style in ((paper.code, "code"), (paper.foot, "small")):
        foot = _text(words, style)
        _width, high = foot.wrap(WIDTH - 30 * mm, 12 * mm)
        below -= high
        foot.drawOn(canvas, MARGIN, below)
    page = printable(_("Page %(number)d of %(count)d") % {"number": number, "count": count})
    canvas.setFont("Paper", 8)
    canvas.drawRightString(width - MARGIN, 13.6 * mm, page)
