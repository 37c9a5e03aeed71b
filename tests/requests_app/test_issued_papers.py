"""Who gets which paper of a request, what stands in it, and does its code tell the truth later?"""

import datetime as dt
import hashlib

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity import barrier
from cmcoord.activity.models import Event
from requests_app import audience, case_page, dossier
from requests_app.issuing import checking, codes, rights
from requests_app.issuing.checking import State
from requests_app.issuing.making import issue_paper
from requests_app.models import Case, Classification, IssuedPaper
from requests_app.services import Refused, make_move
from tests import pdf_text
from tests.factories import CALL, DAY, case_at, fresh, limits_of

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

KINDS = ("letter", "sheet", "file")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(user, case, kind, **data):
    return signed_in(user).post(reverse("requests:issue", args=[case.reference, kind]), data)


def made(user, case, kind, language="en", now=None):
    found = case_page.find(case.reference, user)
    dossier.read(found)
    return issue_paper(found, kind, by=user, language=language, now=now)


def words(issued) -> str:
    return pdf_text.text(issued.content)


def state(issued, now=None) -> State:
    return checking.state_of(checking.find(issued.row.code), now or timezone.now())


def check(user, code, **data):
    return signed_in(user).post(reverse("requests:verify"), {"code": code, **data})


# ── the code ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_is_twelve_digits_and_read_however_it_is_written():
    code = codes.new_code()
    assert len(code) == 12 and code.isdigit()
    assert codes.read(codes.shown(code)) == code == codes.read(f" {code[:6]}-{code[6:]}. ")
    assert len({codes.new_code() for _number in range(500)}) == 500


def test_a_wrong_digit_and_two_that_changed_places_are_found():
    code = "000000005724"  # the example of Damm's own paper: 572 is followed by 4
    assert codes.read(code) == code
    for place in range(12):
        for digit in "0123456789":
            wrong = code[:place] + digit + code[place + 1 :]
            assert codes.read(wrong) == ("" if wrong != code else code)
        swapped = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
        assert codes.read(swapped) == ("" if swapped != code else code)


@pytest.mark.parametrize("text", ["", "12", "x" * 12, "٠١٢٣٤٥٦٧٨٩٠١", "1234567890123", "²" * 12, "\x00"])
def test_what_cannot_be_a_code_is_none(text):
    assert codes.read(text) == ""


# ── who gets which ───────────────────────────────────────────────────────────────────────────────────────────────────

ALLOWED = {
    "letter": "requester_bria colleague_bria ocha_bria ocha_bgi hoo hc log_cluster ngosec",
    "sheet": "requester_bria colleague_bria ocha_bria ocha_bgi",
    "file": "requester_bria colleague_bria ocha_bria ocha_bgi hoo hc",
}
SEES = ALLOWED["letter"]
HIDDEN = (
    "requester_birao requester_un ocha_birao undss ocha_bko hc_ml donor force_u3 force_sector force_ml admin nobody"
)


def test_each_role_gets_what_was_written_by_hand(people):
    case = case_at("scheduled", people)
    for kind in KINDS:
        for name in (*SEES.split(), *HIDDEN.split()):
            answer = post(getattr(people, name), case, kind)
            expected = 200 if name in ALLOWED[kind].split() else 403 if name in SEES.split() else 404
            assert answer.status_code == expected, f"{kind} as {name}"
            assert answer.headers["Content-Type"].startswith("application/pdf") == (expected == 200)


def test_signed_out_leads_to_sign_in_and_a_get_makes_nothing(client, people):
    case = case_at("scheduled", people)
    url = reverse("requests:issue", args=[case.reference, "letter"])
    assert client.post(url).status_code == 302
    assert signed_in(people.ocha_bria).get(url).status_code == 405
    assert not IssuedPaper.objects.exists()


def test_a_kind_that_does_not_exist_is_not_there(people):
    case = case_at("scheduled", people)
    assert post(people.ocha_bria, case, "secrets").status_code == 404


@pytest.mark.parametrize(
    ("status", "papers"),
    [
        ("draft", ""),
        ("submitted", "file"),
        ("deciding", "file"),
        ("denied", "letter file"),
        ("approved", "letter file"),
        ("transmitted", "letter file"),
        ("accepted", "letter file"),
        ("scheduled", "letter sheet file"),
        ("underway", "letter sheet file"),
        ("suspended", "letter file"),
        ("closed", "letter file"),
        ("cancelled", "letter file"),
    ],
)
def test_each_status_has_its_papers(people, status, papers):
    case = case_at(status, people)
    for kind in KINDS:
        answer = post(people.requester_bria, case, kind)
        assert answer.status_code == (200 if kind in papers.split() else 409), kind
    seen = case_page.find(case.reference, people.requester_bria)
    dossier.read(seen)
    offered = [each.kind for each in rights.offers(seen, people.requester_bria, timezone.now()) if not each.why]
    assert offered == papers.split()


def test_the_page_offers_the_papers_in_both_languages_with_their_size(people):
    case = case_at("scheduled", people)
    page = signed_in(people.hc).get(case.get_absolute_url()).content.decode()
    assert "Decision letter (PDF, about 25.0" in page and 'value="fr" lang="fr"' in page
    assert "Case file (PDF" in page and "Convoy sheet" not in page
    assert "Papers to print" not in signed_in(people.log_cluster).get(case_at("submitted", people).get_absolute_url())


@pytest.mark.parametrize("kind", KINDS)
def test_the_size_on_the_button_is_about_right(people, kind):
    case = case_at("scheduled", people)
    size = len(made(people.ocha_bria, case, kind).content)
    assert 0.8 < size / rights.WEIGHTS[kind] < 1.25


# ── what stands in it ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_letter_says_what_was_decided_in_both_languages(people):
    case = case_at("approved", people)
    english, french = (words(made(people.hc, case, "letter", language)) for language in ("en", "fr"))
    for text in ("Approved with conditions", "Bambari–Ippy–Bria", "MINUSCA", "This area only", "Page 1 of 1"):
        assert text in english
    for text in ("Approuvée", "Cette zone uniquement", "Confidentiel", "Page 1 sur 1", "Code de vérification"):
        assert text in french
    for text in ("Two ambushes", "Visible; communities", "SRM-0001", "Last resort"):
        assert text not in english + french  # the deliberation is no part of a letter


def test_a_denial_gives_its_reasons_and_no_limits(people):
    letter = words(made(people.requester_bria, case_at("denied", people), "letter"))
    assert "Denied" in letter and "The flight takes the cargo." in letter and "appeal once" in letter
    assert "The limits of the approval" not in letter


def test_the_sheet_has_the_meeting_point_both_times_and_telephones(people):
    case = case_at("scheduled", people)
    sheet = words(made(people.requester_bria, case, "sheet"))
    for text in ("Gate of the compound, Bambari", "Z ", "+236 00 00 03 01", "OCHA Bria", "Convoy leader", "Rotation 1"):
        assert text in sheet
    assert "Food for 4,200 people" not in sheet and "Two ambushes" not in sheet


def test_the_file_tells_each_reader_what_their_page_tells(people):
    case = case_at("deciding", people)
    make_move(fresh(case), "comment", by=people.ocha_bria, audience="ocha", text="Only for OCHA, zqx1.")
    make_move(fresh(case), "comment", by=people.ocha_bgi, audience="decision", text="For the decision, zqx2.")
    inner, own = (words(made(user, case, "file")) for user in (people.ocha_bgi, people.requester_bria))
    assert "zqx1" in inner and "zqx2" in inner and "Last resort" in inner
    assert "zqx" not in own and "Last resort" not in own
    assert "zqx2" in words(made(people.hc, case, "file"))


def test_the_file_names_who_said_what_ocha_wrote_down(people):
    case = case_at("clearing", people)
    call = CALL | {"person": None, "person_function": "Guard of the compound", "received_at": timezone.now()}
    facts = {"value": "favourable", "analysis": "SRM-1"}
    make_move(fresh(case), "decide_security", by=people.ocha_bria, on_behalf=call, **facts)
    file = " ".join(words(made(people.ocha_bria, case, "file")).split())
    assert "Guard of the compound, " in file
    assert "The portal, " not in file
    assert "Said by Guard of the compound (Telephone" in file
    assert "witness: Radio operator on duty. (without an account: cannot confirm)" in file


def test_a_long_story_is_cut_and_says_so(people, monkeypatch):
    monkeypatch.setattr("requests_app.issuing.file.COMMENTS", 1)
    monkeypatch.setattr("requests_app.issuing.file.EVENTS", 3)
    case = case_at("deciding", people)
    for number in (1, 2):
        make_move(fresh(case), "comment", by=people.ocha_bria, audience="everybody", text=f"zqx{number}")
    file = words(made(people.ocha_bria, case, "file"))
    assert "zqx2" in file and "zqx1" not in file
    assert "Earlier comments stand in the portal." in file and "Earlier events stand in the portal." in file
    assert file.count("wrote a comment") == 2


def test_the_file_says_with_whom_the_request_may_be_shared(people):
    case = case_at("submitted", people)
    assert "May be shared with OCHA, humanitarian partners, the named force" in words(
        made(people.ocha_bria, case, "file")
    )


def test_a_field_that_its_line_keeps_from_the_reader_is_on_no_paper(people, monkeypatch):
    case = case_at("scheduled", people)
    assert "Food rations" in words(made(people.requester_bria, case, "sheet"))
    monkeypatch.setitem(audience.LINES["requests_app.Case"], "cargo", barrier.machinery("C"))
    for kind in KINDS:
        assert "Food rations" not in words(made(people.requester_bria, case, kind))


def test_a_field_that_is_strictly_confidential_is_on_no_paper(people, monkeypatch):
    case = case_at("scheduled", people)
    monkeypatch.setitem(audience.LINES["requests_app.Case"], "cargo", barrier.inside("S"))
    for kind in KINDS:
        assert "Food rations" not in words(made(people.requester_bria, case, kind))


def test_a_closed_record_is_left_out_of_the_file(people):
    case = case_at("deciding", people)
    make_move(fresh(case), "comment", by=people.ocha_bria, audience="everybody", text="Names of sources, zqx3.")
    row = case.comments.get(text__contains="zqx3")
    assert "zqx3" in words(made(people.ocha_bria, case, "file"))
    Classification.objects.create(case=case, record="comment", row=row.pk, sensitivity="S", by=people.ocha_bria)
    assert "zqx3" not in words(made(people.ocha_bria, case, "file"))


def test_a_strictly_confidential_request_has_no_file_and_a_letter_for_those_who_work_on_it(people):
    case = case_at("scheduled", people)
    Case.objects.filter(pk=case.pk).update(sensitivity="S")
    assert post(people.ocha_bria, case, "file").status_code == 409
    assert post(people.log_cluster, case, "letter").status_code == 403
    assert "Strictly confidential" in words(made(people.ocha_bria, case, "letter"))
    assert post(people.requester_bria, case, "sheet").status_code == 200


def test_whatever_was_typed_becomes_a_paper(people):
    typed = {
        "need": "Mbomou" * 90 + "\x07 نص \u202eabc",
        "cargo": '=HYPERLINK("x") <b>ɛ ɔ ŋ</b>',
        "neutrality": "a\n" * 250,
    }
    case = case_at("scheduled", people, **typed)
    for kind in KINDS:
        text = words(made(people.ocha_bria, case, kind, "fr"))
        assert "ɛ ɔ ŋ" in text and "\x07" not in text and "\u202e" not in text


def test_a_stopped_approval_says_so_on_a_letter_made_later(people):
    case = case_at("suspended", people)
    assert "This approval holds no longer: Suspended." in words(made(people.ocha_bria, case, "letter"))


# ── made once, written down each time ────────────────────────────────────────────────────────────────────────────────


def test_the_same_facts_give_the_same_paper_and_each_download_is_an_event(people):
    case = case_at("scheduled", people)
    first = made(people.ocha_bria, case, "letter")
    second = made(people.hc, case, "letter", now=timezone.now() + dt.timedelta(hours=1))
    assert (first.content, first.row.pk) == (second.content, second.row.pk)
    assert first.row.sha256 == hashlib.sha256(first.content).hexdigest()
    events = Event.objects.filter(kind="case.export", subject_id=case.pk).order_by("id")
    assert [(row.by, row.data["what"], row.data["sha256"]) for row in events] == [
        (people.ocha_bria, "letter", first.row.sha256),
        (people.hc, "letter", first.row.sha256),
    ]
    assert "took the decision letter" in signed_in(people.hc).get(case.get_absolute_url()).content.decode()


def test_other_facts_another_language_and_another_reader_of_a_file_give_another_paper(people):
    case = case_at("scheduled", people)
    letter = made(people.ocha_bria, case, "letter")
    assert made(people.ocha_bria, case, "letter", "fr").row != letter.row
    Case.objects.filter(pk=case.pk).update(cargo="Tarpaulins.")
    assert made(people.ocha_bria, case, "letter").row != letter.row
    file = made(people.ocha_bria, case, "file")
    assert made(people.hc, case, "file").row != file.row
    assert made(people.ocha_bria, case, "file").row == file.row


def test_bytes_that_come_out_differently_get_a_new_code(people, monkeypatch):
    case = case_at("approved", people)
    before = made(people.hc, case, "letter")
    monkeypatch.setattr(
        "requests_app.issuing.making.pdf", lambda paper: b"%PDF of a newer library" + paper.code.encode()
    )
    after = made(people.hc, case, "letter")
    assert after.row.pk != before.row.pk and after.row.code != before.row.code
    assert state(before) == state(after) == State.VALID


def test_a_refusal_leaves_no_row_and_no_event(people):
    case = case_at("approved", people)
    with pytest.raises(Refused):
        made(people.ocha_bria, case, "sheet")
    assert not IssuedPaper.objects.exists() and not Event.objects.filter(kind="case.export").exists()


def test_a_paper_that_was_made_is_never_changed_or_deleted(people):
    row = made(people.hc, case_at("approved", people), "letter").row
    for change in (lambda: IssuedPaper.objects.update(sha256="0" * 64), lambda: IssuedPaper.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedPaper.objects.create(
            case=row.case, kind="sheet", language="en", code="1" * 12, sha256="", facts="", size=1, sensitivity="C",
            by=people.hc,
        )  # fmt: skip


# ── does it still hold? ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_paper_holds_and_a_download_of_it_changes_nothing(people):
    case = case_at("scheduled", people)
    papers = [made(people.ocha_bria, case, kind, language) for kind in KINDS for language in ("en", "fr")]
    assert {state(paper) for paper in papers} == {State.VALID}


def test_another_fact_makes_the_sheet_stale_and_leaves_the_letter(people):
    case = case_at("scheduled", people)
    letter, sheet = made(people.ocha_bria, case, "letter"), made(people.ocha_bria, case, "sheet")
    Case.objects.filter(pk=case.pk).update(leader="Deputy leader")
    assert (state(letter), state(sheet)) == (State.VALID, State.CHANGED)


def test_a_newer_decision_replaces_the_letter(people):
    case = case_at("approved", people)
    letter = made(people.hc, case, "letter")
    make_move(
        fresh(case),
        "request_extension",
        by=people.requester_bria,
        until=case.window_to + DAY * 3,
        rotations=1,
        reason="Road.",
    )
    make_move(fresh(case), "extend", by=people.hc, **limits_of(case, valid_to=case.window_to + DAY * 3))
    assert state(letter) == State.REPLACED
    assert state(made(people.hc, case, "letter")) == State.VALID


def test_a_suspended_approval_does_not_hold_and_holds_again_when_resumed(people):
    case = case_at("scheduled", people)
    letter, sheet = made(people.ocha_bria, case, "letter"), made(people.ocha_bria, case, "sheet")
    make_move(fresh(case), "suspend", by=people.hc, reason="Fighting on the axis.")
    assert (state(letter), state(sheet)) == (State.WITHDRAWN, State.WITHDRAWN)
    make_move(fresh(case), "resume", by=people.hc)
    assert state(letter) == State.VALID


def test_a_cancelled_approval_does_not_hold(people):
    case = case_at("approved", people)
    letter = made(people.hc, case, "letter")
    make_move(fresh(case), "cancel", by=people.ocha_bgi, reason="The need has gone.")
    assert state(letter) == State.WITHDRAWN


def test_after_the_approved_period_it_has_run_out(people):
    case = case_at("approved", people)
    letter = made(people.hc, case, "letter")
    assert state(letter, case.ends_at + dt.timedelta(minutes=1)) == State.ENDED


def test_a_denial_that_is_appealed_is_no_longer_up_to_date(people):
    case = case_at("denied", people)
    letter = made(people.requester_bria, case, "letter")
    assert state(letter) == State.VALID
    make_move(fresh(case), "appeal", by=people.requester_bria, reason="The flight is full.")
    assert state(letter) == State.CHANGED
    assert "reviewed again" in words(made(people.requester_bria, case, "letter"))


def test_a_file_grows_stale_with_the_request_and_with_the_rights_of_its_reader(people):
    case = case_at("deciding", people)
    inner, own = made(people.ocha_bgi, case, "file"), made(people.requester_bria, case, "file")
    make_move(fresh(case), "comment", by=people.ocha_bgi, audience="decision", text="For the decision.")
    assert (state(inner), state(own)) == (State.CHANGED, State.VALID)
    people.requester_bria.appointments.update(ends=timezone.localdate() - DAY)
    assert state(own) == State.CHANGED


# ── the page that checks ─────────────────────────────────────────────────────────────────────────────────────────────


def test_who_sees_the_request_reads_what_the_paper_is(people):
    case = case_at("scheduled", people)
    code = made(people.ocha_bria, case, "letter").row.code
    page = check(people.hc, codes.shown(code)).content.decode()
    assert "This paper holds." in page and case.reference in page and "Decision letter" in page and "Scheduled" in page


@pytest.mark.parametrize("name", ["requester_birao", "ocha_birao", "hc_ml", "donor", "force_u3", "nobody", "admin"])
def test_who_may_not_see_the_request_learns_that_it_holds_and_nothing_else(people, name):
    case = case_at("scheduled", people)
    issued = made(people.ocha_bria, case, "letter")
    page = check(getattr(people, name), issued.row.code).content.decode()
    answer = page.partition('id="answer"')[2].partition("<form")[0]
    assert "This paper holds." in answer or "Ce document est valable." in answer
    for fact in (case.reference, case.force_reference, "AID-A", "Bria", "<dl", "letter", "lettre"):
        assert fact not in answer, fact
    assert case.reference not in page


def test_each_state_has_its_sentence_for_everybody(people):
    case = case_at("scheduled", people)
    code = made(people.ocha_bria, case, "letter").row.code
    make_move(fresh(case), "suspend", by=people.hc, reason="Fighting on the axis.")
    assert "suspended or was withdrawn" in check(people.donor, code).content.decode()


def test_an_unknown_code_and_a_misheard_one(people):
    unknown = check(people.hc, "000000000000")
    assert unknown.status_code == 200 and "made no paper with this code" in unknown.content.decode()
    misheard = check(people.hc, "000000000001")
    assert misheard.status_code == 422 and "A digit is missing or wrong" in misheard.content.decode()


def test_the_file_itself_is_compared(people):
    case = case_at("approved", people)
    issued = made(people.hc, case, "letter")
    for content, said in ((issued.content, "byte for byte"), (issued.content + b" ", "somebody changed it")):
        sent = SimpleUploadedFile("letter.pdf", content, content_type="application/pdf")
        assert said in check(people.donor, issued.row.code, file=sent).content.decode()
    large = SimpleUploadedFile("letter.pdf", b"x" * (5 * 1024 * 1024 + 1))
    assert check(people.hc, issued.row.code, file=large).status_code == 422


def test_codes_cannot_be_tried_one_after_another(people):
    cache.clear()
    statuses = [check(people.donor, "000000000000").status_code for _number in range(61)]
    assert statuses[:60] == [200] * 60 and statuses[60] == 429
    assert check(people.hc, "000000000000").status_code == 200


def test_the_page_is_for_people_with_an_account(client):
    assert client.get(reverse("requests:verify")).status_code == 302


def test_a_sheet_made_on_the_day_of_departure_prints_the_date(people):
    case = case_at("scheduled", people)
    sheet = words(made(people.requester_bria, case, "sheet", now=case.departure_at - dt.timedelta(hours=3)))
    assert "today" not in sheet
