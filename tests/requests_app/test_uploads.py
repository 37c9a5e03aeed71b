"""Which papers come in, what is taken off them, and who gets them out again?"""

import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from requests_app import uploads
from requests_app.models import CaseFile
from requests_app.services import make_move
from tests import factories

PDF = b"%PDF-1.7\nnothing much\n%%EOF"
JPEG_HEAD = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
EXIF = b"\xff\xe1\x00\x16Exif\x00\x00GPS 4.5N 19.2E"
JPEG_BODY = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00pixels\xff\xd9"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
PNG_WITH_AUTHOR = PNG.replace(chunk(b"IDAT", b"x"), chunk(b"tEXt", b"Author\0Somebody") + chunk(b"IDAT", b"x"))


def upload(content: bytes, name: str = "paper.pdf", content_type: str = "application/pdf"):
    return SimpleUploadedFile(name, content, content_type=content_type)


class TestContent:
    @pytest.mark.parametrize(
        ("content", "kind", "ending"),
        [(PDF, "application/pdf", ".pdf"), (JPEG_HEAD + JPEG_BODY, "image/jpeg", ".jpg"), (PNG, "image/png", ".png")],
    )
    def test_the_first_bytes_say_what_it_is(self, content, kind, ending):
        paper = uploads.checked(upload(content, "x.exe", "text/html"), attached=0)
        assert (paper.content_type, paper.name) == (kind, f"x{ending}")
        assert paper.file.read() == content

    @pytest.mark.parametrize(
        "content", [b"<html><script>", b"MZ\x90\x00", b"PK\x03\x04", b"GIF89a", b" %PDF-1.7", b"<svg xmlns=", b"%PD"]
    )
    def test_everything_else_is_refused_whatever_its_name(self, content):
        with pytest.raises(ValidationError, match="Only PDF, JPEG and PNG"):
            uploads.checked(upload(content, "paper.pdf"), attached=0)

    def test_larger_than_5_mb_is_refused(self):
        with pytest.raises(ValidationError, match="larger than 5 MB"):
            uploads.checked(upload(PDF + b"x" * uploads.LARGEST), attached=0)
        assert uploads.checked(upload(PDF.ljust(uploads.LARGEST, b" ")), attached=0)

    def test_a_sixth_file_is_refused(self):
        with pytest.raises(ValidationError, match="At most 5 files"):
            uploads.checked(upload(PDF), attached=5)

    def test_a_picture_loses_the_place_where_it_was_taken(self):
        paper = uploads.checked(upload(JPEG_HEAD + EXIF + JPEG_BODY), attached=0)
        assert paper.file.read() == JPEG_HEAD + JPEG_BODY

    def test_a_picture_loses_the_second_one_that_hangs_behind_it(self):
        second = b"\xff\xe2\x00\x10MPF\0..........."[:18]
        paper = uploads.checked(upload(JPEG_HEAD + second + JPEG_BODY + JPEG_HEAD + EXIF + JPEG_BODY), attached=0)
        assert paper.file.read() == JPEG_HEAD + JPEG_BODY

    def test_a_picture_in_several_scans_stays_whole_and_loses_notes_between_them(self):
        scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00pix\xff\x00els\xff\xd0more"
        paper = uploads.checked(upload(JPEG_HEAD + scan + EXIF + scan + b"\xff\xd9"), attached=0)
        assert paper.file.read() == JPEG_HEAD + scan + scan + b"\xff\xd9"

    def test_a_picture_loses_its_author_and_what_hangs_behind_it(self):
        paper = uploads.checked(upload(PNG_WITH_AUTHOR + b"<script>"), attached=0)
        assert paper.file.read() == PNG

    @pytest.mark.parametrize("content", [JPEG_HEAD, JPEG_HEAD + b"\x00\x00\x00\x00", PNG[:20], JPEG_HEAD + EXIF[:8]])
    def test_a_damaged_picture_is_refused(self, content):
        with pytest.raises(ValidationError, match="damaged"):
            uploads.checked(upload(content), attached=0)


class TestNames:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\papers\\manifest.docx", "manifest.pdf"),
            ("invoice\u202efdp.exe", "invoicefdp.pdf"),
            ('a"b<c>|d?.pdf', "a b c d.pdf"),
            ("carte détaillée.PDF", "carte détaillée.pdf"),
            ("\x00\n.pdf", "pdf.pdf"),
            ("", "Attachment.pdf"),
            ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ],
    )
    def test_a_name_cannot_mislead(self, typed, kept):
        assert uploads.safe_name(typed, uploads.KINDS[0]) == kept

    def test_the_stored_name_is_the_portals_own(self):
        first, second = (uploads.checked(upload(PDF, "same.pdf"), attached=0).file.name for _ in range(2))
        assert first != second
        assert "same" not in first


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def draft(requester_bria, media):
    return factories.complete_draft(requester_bria)


def step_data(case, **more):
    """What the third step sends when nothing is changed."""
    data = {
        "base_version": case.version, "why_safer": case.why_safer, "neutrality": case.neutrality,
        "exit_plan": case.exit_plan, "alternatives-TOTAL_FORMS": "2", "alternatives-INITIAL_FORMS": "2",
    }  # fmt: skip
    for index, row in enumerate(case.alternatives.all()):
        data |= {
            f"alternatives-{index}-{name}": str(getattr(row, name))
            for name in ("option", "tried_on", "outcome", "note")
        }
    return data | more


def url_of(case):
    return reverse("requests:edit", args=[case.reference, 3])


@pytest.mark.django_db
class TestPages:
    def attach(self, client, case, content=PDF, name="manifest.pdf", **more):
        data = step_data(factories.fresh(case), files=upload(content, name), **({"attach": "1"} | more))
        return client.post(url_of(case), data)

    def test_a_paper_is_attached_and_downloaded(self, client, draft, requester_bria, media):
        client.force_login(requester_bria)
        assert self.attach(client, draft).status_code == 302
        row = CaseFile.objects.get()
        assert (row.name, row.size, row.uploaded_by) == ("manifest.pdf", len(PDF), requester_bria)
        answer = client.get(reverse("requests:paper", args=[draft.reference, row.pk]))
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"] == 'attachment; filename="manifest.pdf"'
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert media in (media / row.file.name).parents

    def test_a_wrong_paper_is_said_beside_the_field_and_the_rest_is_saved(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        answer = self.attach(client, draft, b"<html>", why_safer="Something new")
        assert answer.status_code == 422
        assert "Only PDF, JPEG and PNG" in answer.content.decode()
        assert factories.fresh(draft).why_safer == "Something new"
        assert not CaseFile.objects.exists()

    def test_a_paper_chosen_but_not_yet_attached_comes_along_with_saving(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        self.attach(client, draft, attach="", go="1")
        assert CaseFile.objects.count() == 1

    def test_only_five(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        for _ in range(5):
            assert self.attach(client, draft).status_code == 302
        assert self.attach(client, draft).status_code == 422
        assert CaseFile.objects.count() == 5
        assert "remove one before" in client.get(url_of(draft)).content.decode()

    def test_a_paper_is_removed_from_a_draft_with_its_bytes(
        self, client, draft, requester_bria, media, django_capture_on_commit_callbacks
    ):
        client.force_login(requester_bria)
        self.attach(client, draft)
        row = CaseFile.objects.get()
        assert (media / row.file.name).exists()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(url_of(draft), step_data(factories.fresh(draft), remove_file=row.pk))
        assert not CaseFile.objects.exists()
        assert not (media / row.file.name).exists()

    def test_a_paper_of_another_request_cannot_be_removed(self, client, draft, requester_bria, requester_birao):
        client.force_login(requester_bria)
        self.attach(client, draft)
        other = factories.complete_draft(requester_birao)
        client.force_login(requester_birao)
        client.post(url_of(other), step_data(other, remove_file=CaseFile.objects.get().pk))
        assert CaseFile.objects.count() == 1

    def test_after_sending_nothing_is_attached_or_removed(self, client, people, media):
        case = factories.complete_draft(people.requester_bria)
        client.force_login(people.requester_bria)
        self.attach(client, case)
        make_move(case, "submit", by=people.requester_bria)
        row = CaseFile.objects.get()
        assert self.attach(client, case).status_code == 409
        assert client.post(url_of(case), step_data(factories.fresh(case), remove_file=row.pk)).status_code == 409
        assert CaseFile.objects.count() == 1

    @pytest.mark.parametrize(
        "who", ["requester_birao", "force_u3", "force_sector", "donor", "ocha_bko", "hc", "nobody"]
    )
    def test_who_does_not_see_the_request_does_not_get_its_papers(self, client, people, media, who):
        case = factories.complete_draft(people.requester_bria)
        client.force_login(people.requester_bria)
        self.attach(client, case)
        client.force_login(getattr(people, who))
        address = reverse("requests:paper", args=[case.reference, CaseFile.objects.get().pk])
        assert client.get(address).status_code == 404

    def test_signed_out_leads_to_the_sign_in(self, client, draft):
        assert "/account/login/" in client.get(reverse("requests:paper", args=[draft.reference, 1])).url

    def test_a_paper_is_found_only_under_its_own_request(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        self.attach(client, draft)
        other = factories.draft_case(requester_bria)
        address = reverse("requests:paper", args=[other.reference, CaseFile.objects.get().pk])
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 405
