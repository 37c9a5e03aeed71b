"""Which papers come in, what is taken off them, and who gets them out again?"""

import hashlib
import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from reportlab.pdfgen.canvas import Canvas

from cmcoord.accounts import kept_words, limits
from cmcoord.activity.models import Event
from requests_app import services, uploads
from requests_app.forms.steps import StepForm
from requests_app.models import CaseFile
from requests_app.services import make_move
from tests import factories

PDF = b"%PDF-1.7\nnothing much\n%%EOF"
MANIFEST = PDF + b"manifest.pdf"
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

    @pytest.mark.parametrize("name", [b"eXIf", b"tIME", b"prVW", b"caNv", b"mkTS"])
    def test_of_a_png_only_what_draws_it_stays(self, name):
        """Makers of programs invent chunks of their own, with previews and layers of what was cropped away."""
        content = PNG.replace(chunk(b"IDAT", b"x"), chunk(name, b"5.1 N 21.9 E") + chunk(b"IDAT", b"x"))
        assert uploads.checked(upload(content), attached=0).file.read() == PNG

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


def url_of(case):
    return reverse("requests:papers", args=[case.reference])


@pytest.mark.django_db
class TestPages:
    def attach(self, client, case, content=PDF, name="manifest.pdf"):
        return client.post(url_of(case), {"file": upload(content, name), "attach": "1"})

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

    def test_a_wrong_paper_is_said_beside_the_field(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        answer = self.attach(client, draft, b"<html>")
        assert answer.status_code == 422
        assert "Only PDF, JPEG and PNG" in answer.content.decode()
        assert not CaseFile.objects.exists()

    def test_nothing_chosen_is_said_too(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        assert client.post(url_of(draft), {"attach": "1"}).status_code == 422

    def test_the_step_saves_its_answers_and_leads_there(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        step = reverse("requests:edit", args=[draft.reference, 3])
        page = client.get(step).content.decode()
        assert 'name="papers"' in page
        assert 'type="file"' not in page, "no answer waits for a photograph"
        form = StepForm(case=factories.fresh(draft), step=3, user=requester_bria, now=timezone.now())
        sent = {name: text for name, text in form.stands().items() if name != "alternatives"}
        sent |= form.rows.stored_data(form.rows.stored) | {"base_version": form.case.version, "marks": form.marks_now()}
        assert client.post(step, sent | {"exit_plan": "New", "papers": "1"}).url == url_of(draft)
        assert factories.fresh(draft).exit_plan == "New"

    def test_the_same_post_twice_attaches_once(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        for _ in range(2):
            assert self.attach(client, draft).status_code == 302
        assert CaseFile.objects.count() == 1
        assert Event.objects.about(draft).filter(kind="case.attach").count() == 1

    def test_the_database_says_it_too(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        self.attach(client, draft)
        row = CaseFile.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_only_five(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        for number in range(5):
            assert self.attach(client, draft, PDF + bytes([number])).status_code == 302
        assert self.attach(client, draft).status_code == 422
        assert CaseFile.objects.count() == 5
        assert "remove or withdraw one before" in client.get(url_of(draft)).content.decode()

    def test_a_paper_is_removed_from_a_draft_with_its_bytes(
        self, client, draft, requester_bria, media, django_capture_on_commit_callbacks
    ):
        client.force_login(requester_bria)
        self.attach(client, draft)
        row = CaseFile.objects.get()
        assert (media / row.file.name).exists()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(url_of(draft), {"remove_file": row.pk})
        assert not CaseFile.objects.exists()
        assert not (media / row.file.name).exists()

    def test_a_paper_of_another_request_cannot_be_removed(self, client, draft, requester_bria, requester_birao):
        client.force_login(requester_bria)
        self.attach(client, draft)
        other = factories.complete_draft(requester_birao)
        client.force_login(requester_birao)
        client.post(url_of(other), {"remove_file": CaseFile.objects.get().pk})
        assert CaseFile.objects.count() == 1

    def test_after_sending_nothing_is_attached_or_removed(self, client, people, media):
        case = factories.complete_draft(people.requester_bria)
        client.force_login(people.requester_bria)
        self.attach(client, case)
        make_move(case, "submit", by=people.requester_bria)
        row = CaseFile.objects.get()
        assert self.attach(client, case).status_code == 409
        assert client.post(url_of(case), {"remove_file": row.pk}).status_code == 409
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


@pytest.mark.django_db
class TestPapersThatWereRead:
    """What a reviewer could read is never taken away: it is withdrawn with a reason, and stays."""

    @pytest.fixture
    def attached(self, people, media):
        """attached(case) → a paper of it, by the requester in Bria."""

        def attach(case, name="manifest.pdf"):
            paper = uploads.checked(upload(PDF + name.encode(), name), attached=0)
            return services.attach_file(case, by=people.requester_bria, paper=paper)

        return attach

    @pytest.fixture
    def read(self, people, attached):
        """A paper of a request that was sent and came back."""
        case = factories.complete_draft(people.requester_bria)
        row = attached(case)
        for code, who in (("submit", people.requester_bria), ("review", people.ocha_bria)):
            make_move(case, code, by=who)
        make_move(case, "return", by=people.ocha_bria, reason="Which list is the right one?")
        return row

    def address(self, row):
        return reverse("requests:withdraw_paper", args=[row.case.reference, row.pk])

    def test_the_trail_knows_the_bytes(self, people, attached):
        row = attached(factories.complete_draft(people.requester_bria))
        event = Event.objects.about(row.case).get(kind="case.attach")
        assert event.data["sha256"] == hashlib.sha256(MANIFEST).hexdigest() == row.sha256
        assert row.file.read() == MANIFEST

    def test_it_cannot_be_removed(self, people, read):
        with pytest.raises(services.Refused, match="mark it as withdrawn") as refused:
            services.remove_file(read, by=people.requester_bria)
        assert refused.value.kind == "need"

    def test_the_page_says_so(self, client, people, read):
        client.force_login(people.requester_bria)
        answer = client.post(url_of(read.case), {"remove_file": read.pk})
        assert answer.status_code == 422
        assert "could be read by OCHA already" in answer.content.decode()
        assert CaseFile.objects.exists()

    def test_one_that_was_taken_back_stays_too(self, people, attached):
        case = factories.complete_draft(people.requester_bria)
        row = attached(case)
        make_move(case, "submit", by=people.requester_bria)
        make_move(case, "recall", by=people.requester_bria)
        later = attached(case, "later.pdf")
        with pytest.raises(services.Refused):
            services.remove_file(row, by=people.requester_bria)
        services.remove_file(later, by=people.requester_bria)
        assert list(CaseFile.objects.all()) == [row]

    def test_one_attached_after_the_return_is_read_at_once(self, people, read, attached):
        later = attached(read.case, "later.pdf")
        with pytest.raises(services.Refused):
            services.remove_file(later, by=people.requester_bria)

    def test_it_is_withdrawn_with_a_reason_and_shown_struck(self, client, people, read, media):
        client.force_login(people.requester_bria)
        step = client.get(url_of(read.case)).content.decode()
        assert self.address(read) in step
        assert 'name="remove_file"' not in step
        assert client.get(self.address(read)).status_code == 200
        assert client.post(self.address(read), {"reason": "Replaced by list 2."}).status_code == 302
        row = CaseFile.objects.get()
        assert (row.withdrawn_by, row.withdrawn_reason) == (people.requester_bria, "Replaced by list 2.")
        assert (media / row.file.name).exists()
        client.force_login(people.ocha_bria)
        page = client.get(read.case.get_absolute_url()).content.decode()
        assert "<s><a href" in page
        assert "Replaced by list 2." in page
        paper = client.get(reverse("requests:paper", args=[read.case.reference, row.pk]))
        assert b"".join(paper.streaming_content) == MANIFEST

    def test_the_reason_stands_in_the_trail_as_a_digest(self, people, read):
        services.withdraw_file(read, by=people.requester_bria, reason="Wrong list.")
        event = Event.objects.about(read.case).get(kind="case.withdraw_file")
        assert event.data["file"] == read.pk
        assert "Wrong list." not in str(event.data)
        assert event.erasable_values.get().value == "Wrong list."

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
    def test_a_reason_is_needed_and_nothing_typed_is_lost(self, client, people, read, reason):
        client.force_login(people.requester_bria)
        answer = client.post(self.address(read), {"reason": reason})
        assert answer.status_code == 422
        assert reason.strip() in answer.content.decode()
        assert CaseFile.objects.get().withdrawn_at is None

    def test_the_service_wants_it_too_and_only_once(self, people, read):
        with pytest.raises(services.Refused, match="Say why"):
            services.withdraw_file(read, by=people.requester_bria, reason=" ")
        services.withdraw_file(read, by=people.requester_bria, reason="Wrong list.")
        with pytest.raises(services.Refused, match="already") as refused:
            services.withdraw_file(read, by=people.colleague_bria, reason="Mine.")
        assert refused.value.kind == "state"
        assert CaseFile.objects.get().withdrawn_reason == "Wrong list."

    def test_the_second_person_reads_that_it_was_done(self, client, people, read):
        services.withdraw_file(read, by=people.colleague_bria, reason="Wrong list.")
        client.force_login(people.requester_bria)
        answer = client.post(self.address(read), {"reason": "My own words"})
        assert answer.status_code == 409
        assert "My own words" in answer.content.decode()

    @pytest.mark.parametrize(
        ("who", "status"),
        [("ocha_bria", 403), ("ocha_bgi", 403), ("log_cluster", 403), ("requester_birao", 404), ("force_u3", 404)],
    )
    def test_nobody_else_withdraws_it(self, client, people, read, who, status):
        client.force_login(getattr(people, who))
        assert client.post(self.address(read), {"reason": "Away with it"}).status_code == status
        assert CaseFile.objects.get().withdrawn_at is None

    def test_not_after_it_was_sent_again(self, client, people, read):
        make_move(read.case, "resubmit", by=people.requester_bria, reason="The second one.")
        client.force_login(people.requester_bria)
        assert client.post(self.address(read), {"reason": "Late words"}).status_code == 409
        with pytest.raises(services.Refused):
            services.withdraw_file(read, by=people.requester_bria, reason="Late words")

    def test_a_paper_under_another_request_does_not_exist(self, client, people, read):
        other = factories.case_at("returned", people)
        client.force_login(people.requester_bria)
        url = reverse("requests:withdraw_paper", args=[other.reference, read.pk])
        assert client.post(url, {"reason": "Wrong"}).status_code == 404

    def test_the_words_wait_while_the_session_ended(self, client, people, read):
        token = kept_words.token(people.requester_bria, read.case.reference)
        answer = client.post(self.address(read), {"reason": "Wrong list.", "keeper": token})
        assert "/account/login/" in answer.url
        client.force_login(people.requester_bria)
        assert "Wrong list." in client.get(self.address(read)).content.decode()
        assert CaseFile.objects.get().withdrawn_at is None

    def test_a_withdrawn_one_makes_room_but_not_without_end(self, people, read, attached):
        for number in range(uploads.MOST - 1):
            attached(read.case, f"{number}.pdf")
        with pytest.raises(services.Refused, match="At most 5 files"):
            attached(read.case, "one more.pdf")
        services.withdraw_file(read, by=people.requester_bria, reason="Replaced.")
        row = attached(read.case)
        while CaseFile.objects.count() < uploads.MOST_WITH_WITHDRAWN:
            services.withdraw_file(row, by=people.requester_bria, reason="Replaced.")
            row = attached(read.case)
        services.withdraw_file(row, by=people.requester_bria, reason="Replaced.")
        with pytest.raises(services.Refused, match="too many files"):
            attached(read.case)

    def test_the_database_wants_the_reason_with_the_rest(self, people, read):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseFile.objects.update(withdrawn_at=timezone.now(), withdrawn_by=people.requester_bria)

    def test_the_person_is_told_what_a_pdf_keeps(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        assert "a program wrote into a file are removed" in client.get(url_of(draft)).content.decode()
        page = client.post(url_of(draft), {"file": upload(PDF)}, follow=True).content.decode()
        assert "What its program wrote into this PDF" in page
        assert "may name its author" in page
        assert CaseFile.objects.get().notes_stay

    def test_of_a_pdf_without_its_author_it_is_not_said(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        out = BytesIO()
        page = Canvas(out)
        page.setAuthor("Awa Testauthor")
        page.drawString(100, 700, "The bridge of Bria is closed")
        page.save()
        answer = client.post(url_of(draft), {"file": upload(out.getvalue())}, follow=True).content.decode()
        assert "Attached" in answer
        assert "What its program wrote into this PDF" not in answer
        assert "may name its author" not in answer
        row = CaseFile.objects.get()
        kept = row.file.read()
        assert b"Testauthor" not in kept
        assert (row.notes_stay, row.size, row.sha256) == (False, len(kept), hashlib.sha256(kept).hexdigest())

    def test_not_without_end_within_an_hour(self, client, draft, requester_bria, monkeypatch):
        monkeypatch.setitem(limits.LIMITS, "file", limits.Limit(1, 3600))
        client.force_login(requester_bria)
        for name in ("first.png", "second.png"):
            answer = client.post(url_of(draft), {"file": upload(PNG, name)}, follow=True)
        assert answer.status_code == 422
        assert "Too many files within an hour" in answer.content.decode()
        assert CaseFile.objects.count() == 1

    def test_of_a_picture_it_is_not_said(self, client, draft, requester_bria):
        client.force_login(requester_bria)
        answer = client.post(url_of(draft), {"file": upload(PNG, "map.png")}, follow=True)
        assert "What its program wrote into this PDF" not in answer.content.decode()
