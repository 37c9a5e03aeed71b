"""What do pictures and PDFs lose of their author when they arrive, what stays as it is, and what may that cost?"""

import io
import os
import time
import zlib

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.pdfgen import canvas

from requests_app.notes import apart, pdf
from requests_app.notes.pictures import jpeg_without_notes
from tests.requests_app.test_uploads import EXIF, JPEG_BODY, JPEG_HEAD

AUTHOR = "Awa Testauthor"
XMP = f"<?xpacket?><dc:creator>{AUTHOR}</dc:creator>".encode()
NAME = NameObject


def plain(text="The bridge of Bria is closed", author=AUTHOR):
    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.setAuthor(author)
    page.setCreator(author)
    page.drawString(100, 700, text)
    page.save()
    return out.getvalue()


def written(change, data=None):
    """A PDF after `change(writer, page)`."""
    writer = PdfWriter(clone_from=io.BytesIO(data or plain()))
    change(writer, writer.pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stream(data, **names):
    found = DecodedStreamObject()
    found.set_data(data)
    for name, value in names.items():
        found[NAME(f"/{name}")] = value
    return found


def texts(data):
    return [page.extract_text().strip() for page in PdfReader(io.BytesIO(data), strict=True).pages]


def add_picture(writer, page, data, filters=None):
    picture = stream(data, Subtype=NAME("/Image"), Width=NumberObject(1), Height=NumberObject(1))
    picture[NAME("/Filter")] = filters or NAME("/DCTDecode")
    page[NAME("/Resources")][NAME("/XObject")] = DictionaryObject({NAME("/P"): writer._add_object(picture)})


def with_xmp(writer, page):
    for place in (writer._root_object, page):
        place[NAME("/Metadata")] = writer._add_object(stream(XMP, Type=NAME("/Metadata")))


def with_xmp_on_a_picture(writer, page):
    add_picture(writer, page, JPEG_HEAD + JPEG_BODY)
    picture = page["/Resources"]["/XObject"]["/P"]
    picture[NAME("/Metadata")] = writer._add_object(stream(XMP))


def with_private_data(_writer, page):
    page[NAME("/PieceInfo")] = DictionaryObject({NAME("/Maker"): TextStringObject(AUTHOR)})


def with_a_remark(writer, page):
    remark = DictionaryObject(
        {
            NAME("/Type"): NAME("/Annot"),
            NAME("/Subtype"): NAME("/Text"),
            NAME("/Rect"): ArrayObject([NumberObject(0)] * 4),
            NAME("/T"): TextStringObject(AUTHOR),
            NAME("/Contents"): TextStringObject("Which bank of the river?"),
        }
    )
    page[NAME("/Annots")] = ArrayObject([writer._add_object(remark)])


def with_a_photograph(writer, page):
    add_picture(writer, page, JPEG_HEAD + EXIF.replace(b"GPS 4.5N 19.2E", AUTHOR.encode()) + JPEG_BODY)


def with_a_packed_photograph(writer, page):
    photograph = zlib.compress(JPEG_HEAD + EXIF.replace(b"GPS 4.5N 19.2E", AUTHOR.encode()) + JPEG_BODY)
    add_picture(writer, page, photograph, ArrayObject([NAME("/FlateDecode"), NAME("/DCTDecode")]))


def updated(data):
    """Saved again by appending: a new Info with another name, the old one still in front of it."""
    size, place = PdfReader(io.BytesIO(data)).trailer["/Size"], int(data.split(b"startxref\n")[-1].split()[0])
    root = PdfReader(io.BytesIO(data)).trailer.raw_get("/Root").idnum
    info = b"%d 0 obj\n<< /Author (Second Person) >>\nendobj\n" % size
    table = b"xref\n%d 1\n%010d 00000 n \n" % (size, len(data))
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /Prev %d >>\n" % (size + 1, root, size, place)
    return data + info + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(info))


def in_object_streams():
    """All but streams stands packed in one stream, as most programs write it today."""
    packed = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << >> >>",
        4: f"<< /Author ({AUTHOR}) >>".encode(),
    }
    head, body = b"", b""
    for number, found in packed.items():
        head += b"%d %d " % (number, len(body))
        body += found + b" "
    content = zlib.compress(head + body)
    out = b"%PDF-1.5\n"
    first = len(out)
    out += b"5 0 obj\n<< /Type /ObjStm /N 4 /First %d /Filter /FlateDecode /Length %d >>\nstream\n" % (
        len(head), len(content),
    )  # fmt: skip
    out += content + b"\nendstream\nendobj\n"
    table = len(out)
    rows = [(0, 0, 255), *[(2, 5, index) for index in range(4)], (1, first, 0), (1, table, 0)]
    entries = b"".join(bytes([kind]) + place.to_bytes(2, "big") + bytes([last]) for kind, place, last in rows)
    out += b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Info 4 0 R /Length %d >>\nstream\n" % len(entries)
    return out + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table


def unpacked(data):
    """All bytes of a file with those of its streams."""
    reader = PdfReader(io.BytesIO(data))
    found = [reader.get_object(number) for number in sorted(reader.xref.get(0, {}))]
    return data + b"".join(getattr(one, "_data", b"") + str(one).encode() for one in found)


class TestWhatGoes:
    @pytest.mark.parametrize(
        "change",
        [
            with_xmp,
            with_xmp_on_a_picture,
            with_private_data,
            with_a_remark,
            with_a_photograph,
            with_a_packed_photograph,
        ],
    )
    def test_the_author_goes_and_the_page_stays(self, change):
        data = written(change)
        cleaned, stays = apart.pdf_without_notes(data)
        assert not stays
        assert AUTHOR.encode() not in unpacked(cleaned)
        assert AUTHOR not in unpacked(cleaned).decode("latin-1")
        assert texts(cleaned) == texts(data) == ["The bridge of Bria is closed"]
        assert PdfReader(io.BytesIO(cleaned)).metadata is None

    def test_what_a_remark_says_stays(self):
        cleaned, _stays = pdf.without_notes(written(with_a_remark))
        (remark,) = PdfReader(io.BytesIO(cleaned)).pages[0]["/Annots"]
        assert remark.get_object()["/Contents"] == "Which bank of the river?"
        assert "/T" not in remark.get_object()

    def test_names_of_older_versions_go_too(self):
        data = updated(plain())
        assert PdfReader(io.BytesIO(data)).metadata.author == "Second Person"
        assert AUTHOR.encode() in data
        cleaned, all_gone = pdf.without_notes(data)
        assert all_gone
        assert b"Second Person" not in cleaned
        assert AUTHOR.encode() not in cleaned
        assert texts(cleaned) == texts(data)

    def test_names_in_packed_objects_go_too(self):
        data = in_object_streams()
        assert PdfReader(io.BytesIO(data)).metadata.author == AUTHOR
        cleaned, all_gone = pdf.without_notes(data)
        assert all_gone
        assert AUTHOR.encode() not in unpacked(cleaned)
        assert len(PdfReader(io.BytesIO(cleaned), strict=True).pages) == 1

    def test_the_same_file_twice_is_the_same_file(self):
        once = pdf.without_notes(plain())
        assert once == pdf.without_notes(plain())
        assert pdf.without_notes(once[0]) == once

    def test_colours_and_names_of_fields_stay_byte_by_byte(self):
        tables = [bytes(range(256)), b"\xfe\xff\x00", b"\xff\xfe\x41", b"\xef\xbb\xbfA", b"\\(\r\n)", b"\xad\x9f\x7f"]
        tables += [os.urandom(40) for _ in range(20)]

        def add(_writer, page):
            from_bytes = [TextStringObject(f"{number}") for number in range(len(tables))]
            page[NAME("/Tables")] = ArrayObject(from_bytes)

        data = written(add)
        for number, table in enumerate(tables):
            data = data.replace(b"(%d)" % number, b"<" + table.hex().encode() + b">", 1)
        cleaned, _all = pdf.without_notes(data)
        kept = PdfReader(io.BytesIO(cleaned)).pages[0]["/Tables"]
        assert [one.original_bytes for one in kept] == tables


def signed(_writer, page):
    page[NAME("/V")] = DictionaryObject({NAME("/Type"): NAME("/Sig"), NAME("/ByteRange"): ArrayObject([])})


def locked(writer, _page):
    writer.encrypt("", "secret", algorithm="AES-256")


class TestWhatStays:
    """Nothing is refused for being odd: it stays as it came, and the page says so."""

    @pytest.mark.parametrize(
        "data",
        [
            b"%PDF-1.7\nnothing much\n%%EOF",
            plain()[: len(plain()) // 3],
            written(signed),
            written(locked),
            written(lambda writer, _page: writer._root_object["/Pages"].update({NAME("/Count"): NumberObject(2)})),
        ],
        ids=["broken", "cut off", "signed", "encrypted", "pages missing"],
    )
    def test_what_cannot_be_written_anew_stays_byte_by_byte(self, data):
        assert apart.pdf_without_notes(data) == (data, True)

    def test_a_file_inside_stays_with_what_it_holds_and_is_told(self):
        data = written(lambda writer, _page: writer.add_attachment("list.txt", AUTHOR.encode()))
        cleaned, stays = apart.pdf_without_notes(data)
        assert stays
        assert PdfReader(io.BytesIO(cleaned)).attachments["list.txt"] == [AUTHOR.encode()]
        assert PdfReader(io.BytesIO(cleaned)).metadata is None


def tiny_objects():
    return plain() + b"".join(b"%d 0 obj\n[]\nendobj\n" % number for number in range(300_000))


def referred_objects():
    refs = b" ".join(b"%d 0 R" % number for number in range(4, 120_000))
    body = b"".join(b"%d 0 obj 1 endobj\n" % number for number in range(4, 120_000))
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/X[" + refs + b"]>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n"
        + body + b"trailer<</Root 1 0 R>>\n%%EOF"
    )  # fmt: skip


def deep():
    return b"%PDF-1.7\n1 0 obj" + b"[" * 4_000_000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF"


def unpacks():
    content = zlib.compress(bytes(4_000_000_000 // 8), 9)
    return (
        in_object_streams().replace(b"/N 4", b"/N 9").split(b"stream\n")[0]
        + b"stream\n"
        + content
        + (b"\nendstream\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF")
    )


def missing_objects():
    refs = b" ".join(b"%d 0 R" % number for number in range(4, 300_000))
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog/X[" + refs + b"]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


class TestCost:
    @pytest.mark.parametrize("make", [tiny_objects, referred_objects, deep, unpacks, missing_objects])
    def test_a_hostile_file_costs_no_more_than_its_bounds(self, make):
        data, began = make(), time.monotonic()
        cleaned, stays = apart.pdf_without_notes(data)
        assert time.monotonic() - began < apart.WAIT + 1
        assert (cleaned, stays) == (data, True)

    def test_who_waits_too_long_gets_the_file_as_it_came(self, monkeypatch):
        monkeypatch.setattr(apart, "WAIT", 0.001)
        data = plain()
        assert apart.pdf_without_notes(data) == (data, True)

    def test_the_bounds_hold(self, monkeypatch):
        monkeypatch.setattr(pdf, "MOST_OBJECTS", 3)
        with pytest.raises(pdf.Unfit, match="too many"):
            pdf.without_notes(plain())

    def test_a_packed_file_does_not_grow_without_end(self, monkeypatch):
        monkeypatch.setattr(pdf, "LARGEST", 300)
        with pytest.raises(pdf.Unfit, match="grows"):
            pdf.without_notes(plain())


class TestPictures:
    def test_a_small_copy_of_the_picture_goes(self):
        copy = b"\xff\xe0\x00\x12JFXX\x00\x10" + b"small copy"
        assert jpeg_without_notes(JPEG_HEAD + copy + JPEG_BODY) == JPEG_HEAD + JPEG_BODY

    def test_a_small_copy_in_the_first_segment_goes(self):
        head = JPEG_HEAD[:-2] + b"\x02\x01" + b"rgbrgb"
        head = head[:4] + b"\x00\x16" + head[6:]
        assert jpeg_without_notes(head + JPEG_BODY) == JPEG_HEAD + JPEG_BODY
