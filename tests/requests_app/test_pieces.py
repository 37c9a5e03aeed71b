"""Does a file arrive over a line that breaks, once and whole, and can nobody fill the disk or reach another's file?"""

import datetime as dt
import hashlib
import json
import uuid

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.models import Event
from requests_app import services, uploads
from requests_app.models import ArrivingFile, CaseFile, FilePiece
from requests_app.services import papers as pieces
from requests_app.tasks import sweep_cases
from tests import factories
from tests.requests_app.test_uploads import EXIF, JPEG_BODY, JPEG_HEAD, PDF

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
STEP = pieces.SMALLEST_PIECE
LONG = PDF.ljust(3 * STEP + 100, b" ")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def draft(client, requester_bria):
    client.force_login(requester_bria)
    return factories.complete_draft(requester_bria)


def begin(client, case, content=LONG, **more):
    data = {"name": "list.pdf", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | more
    return client.post(reverse("requests:begin_file", args=[case.reference]), data)


def send(client, case, key, offset, data):
    url = reverse("requests:piece", args=[case.reference, key])
    return client.post(f"{url}?offset={offset}", data, content_type="application/octet-stream")


def send_all(client, case, content=LONG, **more):
    """Everything in pieces; the last answer."""
    key, at, answer = json.loads(begin(client, case, content, **more).content)["key"], 0, None
    while at < len(content):
        answer = send(client, case, key, at, content[at : at + STEP])
        at += STEP
    return answer


class TestArriving:
    def test_a_file_in_pieces_is_the_same_as_one_sent_whole(self, client, draft, requester_bria):
        answer = send_all(client, draft)
        assert json.loads(answer.content)["attached"] is True
        row = draft.files.get()
        assert (row.file.read(), row.name, row.content_type, row.uploaded_by) == (
            LONG, "list.pdf", "application/pdf", requester_bria,
        )  # fmt: skip
        assert [event.kind for event in Event.objects.about(draft).filter(kind="case.attach")] == ["case.attach"]
        assert not FilePiece.objects.exists(), "the pieces make room"

    def test_a_picture_loses_its_place_also_in_pieces(self, client, draft):
        body = JPEG_BODY[:-2] + b"x" * (2 * STEP) + b"\xff\xd9"
        send_all(client, draft, JPEG_HEAD + EXIF + body, name="C:\\DCIM\\IMG_1.jpeg")
        row = draft.files.get()
        assert row.file.read() == JPEG_HEAD + body
        assert row.name == "IMG_1.jpg"

    def test_it_goes_on_where_it_stopped(self, client, draft):
        key = json.loads(begin(client, draft).content)["key"]
        send(client, draft, key, 0, LONG[:STEP])
        again = json.loads(begin(client, draft).content)
        assert again == {"key": key, "received": STEP, "attached": False}
        page = client.get(reverse("requests:papers", args=[draft.reference])).content.decode()
        assert f"{100 * STEP // len(LONG)} % has arrived" in page

    def test_a_piece_twice_is_one(self, client, draft):
        key = json.loads(begin(client, draft).content)["key"]
        for _ in range(3):
            answer = send(client, draft, key, 0, LONG[:STEP])
            assert json.loads(answer.content)["received"] == STEP
        assert FilePiece.objects.count() == 1

    def test_the_last_piece_twice_attaches_once(self, client, draft):
        send_all(client, draft)
        key = ArrivingFile.objects.get().key
        answer = send(client, draft, key, 3 * STEP, LONG[3 * STEP :])
        assert json.loads(answer.content)["attached"] is True
        assert json.loads(begin(client, draft).content)["attached"] is True
        assert CaseFile.objects.count() == 1

    def test_what_was_removed_can_be_sent_anew(self, client, draft, requester_bria):
        send_all(client, draft)
        services.remove_file(CaseFile.objects.get(), by=requester_bria)
        assert json.loads(begin(client, draft).content)["received"] == 0
        send_all(client, draft)
        assert CaseFile.objects.count() == 1

    def test_two_windows_send_one_file_together(self, client, draft, requester_bria):
        other = Client()
        other.force_login(requester_bria)
        key = json.loads(begin(client, draft).content)["key"]
        assert json.loads(begin(other, draft).content)["key"] == key
        at = 0
        for number, browser in enumerate((client, other, client, other)):
            answer = send(browser, draft, key, at, LONG[number * STEP : (number + 1) * STEP])
            at = json.loads(answer.content)["received"]
        assert draft.files.get().file.read() == LONG


class TestHostile:
    def test_a_piece_after_its_upload_was_given_up_says_so(self, client, draft):
        key = json.loads(begin(client, draft).content)["key"]
        client.post(reverse("requests:papers", args=[draft.reference]), {"give_up": key})
        answer = send(client, draft, key, 0, LONG[:STEP])
        assert answer.status_code == 404
        assert "given up" in json.loads(answer.content)["sentence"]

    def test_also_when_it_is_given_up_while_the_piece_arrives(self, client, draft, monkeypatch):
        key = json.loads(begin(client, draft).content)["key"]
        editable = pieces.editable

        def given_up_meanwhile(case, by):
            ArrivingFile.objects.get(key=key).delete()
            return editable(case, by)

        monkeypatch.setattr(pieces, "editable", given_up_meanwhile)
        answer = send(client, draft, key, 0, LONG[:STEP])
        assert answer.status_code == 410
        assert "given up" in json.loads(answer.content)["sentence"]
        assert not FilePiece.objects.exists()

    def test_a_piece_out_of_order_is_told_where_to_go_on(self, client, draft):
        key = json.loads(begin(client, draft).content)["key"]
        answer = send(client, draft, key, STEP, LONG[STEP : 2 * STEP])
        assert (answer.status_code, json.loads(answer.content)["received"]) == (409, 0)
        send(client, draft, key, 0, LONG[:STEP])
        other = send(client, draft, key, 0, b"%PDF-" + b"y" * STEP)
        assert (other.status_code, json.loads(other.content)["received"]) == (409, STEP)

    @pytest.mark.parametrize("data", [b"", PDF, LONG + b"x", b"%PDF-".ljust(pieces.LARGEST_PIECE + 1)])
    def test_a_piece_is_neither_tiny_nor_huge_nor_beyond_the_end(self, client, draft, data):
        key = json.loads(begin(client, draft).content)["key"]
        assert send(client, draft, key, 0, data).status_code == 422
        assert not FilePiece.objects.exists()

    @pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 40, "1e3"])
    def test_an_odd_offset_is_no_crash(self, client, draft, offset):
        key = json.loads(begin(client, draft).content)["key"]
        assert send(client, draft, key, offset, LONG[:STEP]).status_code == 422

    @pytest.mark.parametrize(
        "more", [{"size": "0"}, {"size": "x"}, {"size": "-5"}, {"sha256": "x"}, {"sha256": ""}, {"size": "9" * 40}]
    )
    def test_an_odd_announcement_is_refused(self, client, draft, more):
        assert begin(client, draft, **more).status_code == 422
        assert not ArrivingFile.objects.exists()

    def test_200_mb_are_refused_before_the_first_byte(self, client, draft):
        answer = begin(client, draft, size=200 * 1024 * 1024)
        assert answer.status_code == 422
        assert "larger than 5 MB" in json.loads(answer.content)["sentence"]

    def test_what_it_is_the_first_piece_says(self, client, draft):
        content = b"PK\x03\x04".ljust(2 * STEP)
        key = json.loads(begin(client, draft, content, name="list.pdf").content)["key"]
        answer = send(client, draft, key, 0, content[:STEP])
        assert answer.status_code == 422
        assert "Only PDF" in json.loads(answer.content)["sentence"]
        assert not ArrivingFile.objects.exists()

    def test_other_bytes_than_announced_are_dropped(self, client, draft):
        answer = send_all(client, draft, sha256="0" * 64)
        assert answer.status_code == 422
        assert "damaged" in json.loads(answer.content)["sentence"]
        assert not ArrivingFile.objects.exists()
        assert not CaseFile.objects.exists()

    def test_a_damaged_picture_is_dropped(self, client, draft):
        assert send_all(client, draft, JPEG_HEAD.ljust(2 * STEP, b"\0")).status_code == 422
        assert not ArrivingFile.objects.exists()

    def test_three_at_a_time(self, client, draft):
        for number in range(pieces.AT_ONCE):
            assert begin(client, draft, sha256=f"{number}" * 64).status_code == 200
        assert begin(client, draft, sha256="a" * 64).status_code == 422
        gone = ArrivingFile.objects.first()
        client.post(reverse("requests:papers", args=[draft.reference]), {"give_up": gone.key})
        assert begin(client, draft, sha256="a" * 64).status_code == 200

    def test_not_without_end_within_an_hour(self, client, draft):
        for number in range(41):
            answer = begin(client, draft, sha256=f"{number:064}")
            ArrivingFile.objects.all().delete()
        assert answer.status_code == 422

    def test_a_sixth_file_is_refused_before_it_is_sent_and_at_the_end(self, client, draft, requester_bria):
        key = json.loads(begin(client, draft).content)["key"]
        for number in range(uploads.MOST):
            paper = uploads.checked(a_paper(number), attached=0)
            services.attach_file(draft, by=requester_bria, paper=paper)
        assert begin(client, draft, sha256="a" * 64).status_code == 422
        answer = None
        for at in range(0, len(LONG), STEP):
            answer = send(client, draft, key, at, LONG[at : at + STEP])
        assert answer.status_code == 422
        assert ArrivingFile.objects.get().received == 3 * STEP, "room can be made, and the last piece sent again"

    def test_the_database_knows_whole_from_half(self, client, draft):
        begin(client, draft)
        with pytest.raises(IntegrityError), transaction.atomic():
            ArrivingFile.objects.update(received=len(LONG))


def a_paper(number):
    return SimpleUploadedFile("x.pdf", PDF + bytes([number]))


class TestWhose:
    @pytest.mark.parametrize("who", ["colleague_bria", "requester_birao", "ocha_bria", "force_u3", "nobody"])
    def test_the_file_of_somebody_else_does_not_exist(self, client, people, draft, who):
        key = json.loads(begin(client, draft).content)["key"]
        client.force_login(getattr(people, who))
        assert send(client, draft, key, 0, LONG[:STEP]).status_code == 404
        page = reverse("requests:papers", args=[draft.reference])
        assert client.post(page, {"give_up": key}).status_code == 404
        assert ArrivingFile.objects.get().received == 0

    def test_nor_under_another_request(self, client, draft, requester_bria):
        key = json.loads(begin(client, draft).content)["key"]
        other = factories.draft_case(requester_bria)
        assert send(client, other, key, 0, LONG[:STEP]).status_code == 404
        assert send(client, draft, uuid.uuid4(), 0, LONG[:STEP]).status_code == 404

    def test_a_colleague_sends_the_same_file_beside_it_and_it_is_attached_once(self, client, people, draft):
        key = json.loads(begin(client, draft).content)["key"]
        send(client, draft, key, 0, LONG[:STEP])
        other = Client()
        other.force_login(people.colleague_bria)
        assert json.loads(send_all(other, draft).content)["attached"] is True
        for at in range(STEP, len(LONG), STEP):
            answer = send(client, draft, key, at, LONG[at : at + STEP])
        assert json.loads(answer.content)["attached"] is True
        assert CaseFile.objects.get().uploaded_by == people.colleague_bria

    @pytest.mark.parametrize("who", ["ocha_bria", "log_cluster", "hc"])
    def test_who_only_reads_begins_nothing(self, client, people, who):
        case = factories.case_at("deciding" if who == "hc" else "submitted", people)
        client.force_login(getattr(people, who))
        assert begin(client, case).status_code in (403, 409)
        assert not ArrivingFile.objects.exists()

    def test_after_it_was_sent_nothing_arrives_any_more(self, client, people):
        case = factories.complete_draft(people.requester_bria)
        client.force_login(people.requester_bria)
        key = json.loads(begin(client, case).content)["key"]
        send(client, case, key, 0, LONG[:STEP])
        services.make_move(case, "submit", by=people.requester_bria)
        answer = send(client, case, key, STEP, LONG[STEP : 2 * STEP])
        assert answer.status_code == 409
        assert json.loads(answer.content)["sentence"]
        assert begin(client, case).status_code == 409
        assert not CaseFile.objects.exists()

    def test_after_the_session_ended_a_script_is_told_so_and_it_goes_on_later(self, client, draft, requester_bria):
        key = json.loads(begin(client, draft).content)["key"]
        send(client, draft, key, 0, LONG[:STEP])
        client.logout()
        assert send(client, draft, key, STEP, LONG[STEP : 2 * STEP]).status_code == 401
        assert begin(client, draft).status_code == 401
        client.force_login(requester_bria)
        assert json.loads(begin(client, draft).content)["received"] == STEP

    def test_a_piece_from_elsewhere_is_refused(self, draft, requester_bria, client):
        key = json.loads(begin(client, draft).content)["key"]
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(requester_bria)
        assert send(browser, draft, key, 0, LONG[:STEP]).status_code == 403


class TestSweep:
    def test_what_stopped_arriving_a_day_ago_goes(self, client, draft):
        key = json.loads(begin(client, draft).content)["key"]
        send(client, draft, key, 0, LONG[:STEP])
        begin(client, draft, sha256="b" * 64)
        long_ago = timezone.now() - pieces.KEPT - dt.timedelta(minutes=1)
        ArrivingFile.objects.filter(key=key).update(last_at=long_ago)
        sweep_cases()
        assert ArrivingFile.objects.get().sha256 == "b" * 64
        assert not FilePiece.objects.exists()

    def test_of_one_that_arrived_only_the_trace_goes(self, client, draft):
        send_all(client, draft)
        ArrivingFile.objects.update(last_at=timezone.now() - dt.timedelta(days=2))
        sweep_cases()
        assert not ArrivingFile.objects.exists()
        assert CaseFile.objects.count() == 1
