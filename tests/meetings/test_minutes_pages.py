"""Do the pages and papers of minutes say the same to both sides, lose nothing, and hint at no note?"""

import datetime as dt
from functools import partial
from io import BytesIO

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from cmcoord.accounts import stepup
from cmcoord.activity.delivery import deliver_due
from cmcoord.activity.models import Event, Notification
from cmcoord.activity.releases import Release, digest
from cmcoord.meetings import services
from cmcoord.meetings.joint_text import mark_of
from cmcoord.meetings.models import HumanitarianNote, Minutes
from cmcoord.meetings.models.minutes import LONGEST
from contacts.models import Post, Sitting
from requests_app import ledger
from tests import pdf_text
from tests.factories import case_at
from tests.meetings.making import chaired, held, under_way
from tests.meetings.test_points import organisation, raised
from tests.meetings.writing import again, minutes_of, sign

pytestmark = pytest.mark.django_db
LETTERS = "Kɔdɔrɔ, Bɛrɛ, ŋgbaka, été, ça"


def browser(user, language="en") -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    type(user).objects.filter(pk=user.pk).update(language=language)
    return client


@pytest.fixture
def cell(people):
    return chaired(people)


@pytest.fixture
def minutes(people, cell):
    return minutes_of(cell, people.ocha_bria, summary=LETTERS)


def url(minutes, name="minutes", *more) -> str:
    return reverse(f"meetings:{name}", args=[minutes.meeting.uid, *more])


def typed(minutes, summary, order=3, **facts):
    item = minutes.items.get(order=order)
    return {"title": item.title, "summary": summary, "base_version": item.version, "page": "abc", **facts}


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_chair_begins_the_minutes_in_a_language_and_others_read_that_there_are_none(people, cell):
    meeting = held(cell, people.ocha_bria)
    where = reverse("meetings:minutes", args=[meeting.uid])
    assert "No minutes yet" in browser(people.requester_bria).get(where).content.decode()
    assert browser(people.requester_bria).post(where, {"language": "fr"}).status_code == 403
    assert browser(people.force_sector).post(where, {"language": "fr"}).status_code == 302
    assert Minutes.objects.get().language == "fr"


def test_the_later_of_two_writers_sees_both_texts_and_chooses(people, minutes):
    mine, page = typed(minutes, "My words"), url(minutes, "minutes_item", 3)
    services.write_item(
        minutes.items.get(order=3),
        by=people.ocha_bria,
        version=mine["base_version"],
        title=mine["title"],
        summary="Theirs",
    )
    client = browser(people.force_sector)
    answer = client.post(page, mine)
    words = answer.content.decode()
    assert answer.status_code == 409 and "My words" in words and "Theirs" in words
    assert "OCHA saved this point while you were writing" in words
    assert client.get(page).content.decode().count("My words"), (
        "they wait on the page too, whatever becomes of this one"
    )
    assert client.post(page, mine | {"base_version": mine["base_version"] + 1, "summary": "Both"}).status_code == 302
    assert minutes.items.get(order=3).summary == "Both"
    assert client.post(page, mine, headers={"X-Autosave": "1"}).status_code == 409
    french = browser(people.force_sector, "fr").post(page, mine).content.decode()
    assert ">Le mien<" in french and ">Tel qu’enregistré maintenant<" in french, "a text, not a version"


def test_autosave_answers_with_the_next_version_and_the_button_goes_on(people, minutes):
    client, page = browser(people.ocha_bria), url(minutes, "minutes_item", 3)
    sent = typed(minutes, "half")
    answer = client.post(page, sent, headers={"X-Autosave": "1"})
    assert answer.json()["fields"] == {"base_version": sent["base_version"] + 1}
    assert client.post(page, sent | {"summary": "whole", "next": "1"})["Location"] == url(minutes, "minutes_item", 4)
    assert minutes.items.get(order=3).summary == "whole"


def test_four_hundred_pages_are_refused_with_a_sentence_and_stay_in_the_field(people, minutes):
    text = "page " * LONGEST
    answer = browser(people.ocha_bria).post(url(minutes, "minutes_item", 3), typed(minutes, text))
    words = answer.content.decode()
    assert answer.status_code == 422 and "at most 20000 characters" in words and text.strip() in words


def test_points_and_decisions_come_and_go_without_script(people, minutes):
    client = browser(people.force_sector)
    assert client.post(url(minutes, "minutes_add"), {"title": "Market"}).status_code == 302
    last = minutes.items.last()
    assert client.post(url(minutes, "minutes_decide", last.order), {"text": "Patrol on Monday"}).status_code == 302
    assert "Patrol on Monday" in client.get(url(minutes)).content.decode()
    assert client.post(url(minutes, "minutes_remove", last.order)).status_code == 409, "it holds something"
    assert client.post(url(minutes, "minutes_undecide", last.order, 1)).status_code == 302
    assert client.post(url(minutes, "minutes_undecide", last.order, 1)).status_code == 404
    assert client.post(url(minutes, "minutes_remove", last.order)).status_code == 302
    assert client.get(url(minutes, "minutes_item", last.order)).status_code == 404
    late = {"title": "Market", "summary": "Words of an hour", "base_version": 1, "page": "abc"}
    answer = client.post(url(minutes, "minutes_item", last.order), late)
    assert answer.status_code == 409 and "Words of an hour" in answer.content.decode()
    assert client.post(answer.request["PATH_INFO"], late, headers={"X-Autosave": "1"}).status_code == 409
    for act in (
        partial(services.write_item, version=1, title="x", summary="y"),
        partial(services.add_decision, text="y"),
        services.remove_minutes_item,
    ):
        with pytest.raises(ValidationError, match="meanwhile"):
            act(last, by=people.ocha_bria)
    assert client.post(url(minutes, "minutes_decide", 3), {"text": ""}).status_code == 409


def test_a_decision_names_only_a_request_that_went_to_every_force_at_the_table(people, cell, minutes):
    case, other = case_at("transmitted", people), case_at("approved", people)
    client = browser(people.ocha_bria)
    page = client.get(url(minutes, "minutes_item", 3)).content.decode()
    assert case.force_reference in page and other.reference not in page
    client.post(url(minutes, "minutes_decide", 3), {"text": "Escort agreed", "case": case.pk})
    client.post(url(minutes, "minutes_decide", 3), {"text": "Other", "case": other.pk})
    assert [row.case for row in minutes.items.get(order=3).decisions.all()] == [case]
    shown = browser(people.force_sector).get(url(minutes)).content.decode()
    assert case.force_reference in shown and case.reference not in shown.replace(case.force_reference, "")


def test_an_action_point_of_a_point_is_part_of_the_text(people, cell, minutes):
    before = again(minutes).digest
    point = raised(cell, people.ocha_bria, item=minutes.items.get(order=3))
    assert again(minutes).digest != before
    assert point.words in browser(people.force_sector).get(url(minutes)).content.decode()


# ── signing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_chairs_sign_what_they_read(people, minutes):
    for user in (people.ocha_bria, people.force_sector):
        client = browser(user)
        page = client.get(url(minutes, "minutes_sign")).content.decode()
        assert again(minutes).grouped in page and LETTERS in page
        whole = client.get(url(minutes)).content.decode()
        assert whole.index(">Signatures<") < whole.index(">The meeting<"), "what is expected stands first"
        assert client.post(url(minutes, "minutes_sign"), {"digest": mark_of(again(minutes).digest)}).status_code == 422
        client.post(url(minutes, "minutes_sign"), {"digest": mark_of(again(minutes).digest), "read": "on"})
    assert again(minutes).is_final
    assert browser(people.ocha_bria).get(url(minutes, "minutes_item", 3)).status_code == 200
    answer = browser(people.ocha_bria).post(url(minutes, "minutes_item", 3), typed(minutes, "More"))
    assert answer.status_code == 422 and "addendum" in answer.content.decode() and "More" in answer.content.decode()


@pytest.mark.parametrize(("language", "proven"), [("en", "identity proven at"), ("fr", "identité prouvée à")])
def test_when_a_chair_proved_who_it_is_stands_with_its_signature(people, cell, language, proven, monkeypatch):
    minutes = minutes_of(cell, people.ocha_bria, language=language)
    moment = timezone.now().replace(microsecond=0) - dt.timedelta(minutes=3)
    monkeypatch.setattr(stepup, "proven_at", lambda request: moment)
    client = browser(people.ocha_bria, language)
    client.post(url(minutes, "minutes_sign"), {"digest": mark_of(minutes.digest), "read": "on"})
    assert minutes.signatures.get().proved_at == moment
    local = f"{moment.astimezone(minutes.meeting.tz):%H:%M}"
    assert proven in client.get(url(minutes)).content.decode()
    printed = " ".join(pdf_text.text(paper(people.ocha_bria, minutes, "pdf", language)).split())
    assert proven in printed and local in printed


def test_another_text_than_the_one_that_was_read_is_not_signed(people, minutes):
    old = minutes.digest
    services.add_minutes_item(minutes, by=people.force_sector, title="Late point")
    answer = browser(people.ocha_bria).post(url(minutes, "minutes_sign"), {"digest": mark_of(old), "read": "on"})
    assert answer.status_code == 409 and "changed since you opened it" in answer.content.decode()
    assert not minutes.signatures.exists()


def test_objection_adoption_and_correction_by_page(people, cell):
    minutes = minutes_of(cell, people.ocha_bria, days_ago=9)
    force, ocha = browser(people.force_sector, "fr"), browser(people.ocha_bria)
    assert ocha.get(url(minutes, "minutes_adopt")).status_code == 409, "no later meeting yet"
    later = under_way(cell, people.ocha_bria)
    assert ">Compte rendu, Cellule CMCoord de Bria, BRIA" in force.get(later.get_absolute_url()).content.decode()
    force.post(url(minutes, "minutes_object"), {"digest": mark_of(minutes.digest), "text": "The hour is wrong."})
    assert "The hour is wrong." in ocha.get(url(minutes)).content.decode()
    adopted = {"digest": mark_of(minutes.digest), "by_meeting": str(later.uid)}
    assert ocha.post(url(minutes, "minutes_adopt"), adopted | {"by_meeting": "x"}).status_code == 422
    ocha.post(url(minutes, "minutes_adopt"), adopted)
    assert not again(minutes).is_final and "The other chair confirms it" in ocha.get(url(minutes)).content.decode()
    assert "DRAFT" in pdf_text.text(paper(people.ocha_bria, minutes, "pdf"))
    assert "Confirmer l’adoption" in browser(people.force_sector, "fr").get(url(minutes)).content.decode()
    force.post(url(minutes, "minutes_adopt"), adopted)
    assert again(minutes).how == "adoption"
    assert pdf_text.text(paper(people.ocha_bria, minutes, "pdf")).count("Recorded by") == 2
    force.post(url(minutes, "minutes_amend"), {"text": "Read 05:30."})
    row = minutes.addenda.get()
    assert mark_of(row.digest) in force.get(url(minutes, "minutes_addendum", 1)).content.decode()
    for client in (force, ocha):
        client.post(url(minutes, "minutes_addendum", 1), {"digest": mark_of(row.digest), "read": "on"})
    assert row.signatures.count() == 2
    assert "Read 05:30." in pdf_text.text(b"".join(ocha.get(url(minutes, "minutes_paper", "pdf")).streaming_content))


def test_the_page_of_minutes_takes_a_bounded_number_of_queries(people, cell, minutes):
    client = browser(people.force_sector)
    client.get(url(minutes))
    with CaptureQueriesContext(connection) as few:
        client.get(url(minutes))
    for order in range(4, 9):
        services.add_decision(minutes.items.get(order=order), by=people.ocha_bria, text="Decided")
        raised(cell, people.ocha_bria, item=minutes.items.get(order=order))
    services.object_to_minutes(minutes, by=people.ocha_bria, digest=again(minutes).digest, text="No")
    with CaptureQueriesContext(connection) as many:
        client.get(url(minutes))
    assert len(many) <= min(len(few) + 1, 12)


# ── paper ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def paper(user, minutes, form, language="en") -> bytes:
    answer = browser(user).get(url(minutes, "minutes_paper", form), {"language": language})
    return b"".join(answer.streaming_content)


def test_the_paper_has_the_layout_that_people_expect_in_both_languages(people, cell):
    minutes = minutes_of(cell, people.ocha_bria, language="fr", summary=LETTERS)
    raised(cell, people.ocha_bria, item=minutes.items.get(order=3))
    words = pdf_text.text(paper(people.force_sector, minutes, "pdf"))
    expected = (
        "Compte rendu", "Lieu", "Date", "Participants", "Organisations", "MINUSCA, OCHA", "Point de l'ordre du jour",
        "Résumé", "Action", "Responsable", "Échéance", LETTERS, "axis to Ippy", "PROJET", "Page 1 sur",
    )  # fmt: skip
    for word in expected:
        assert word in words.replace("’", "'"), word
    found = Document(BytesIO(paper(people.ocha_bria, minutes, "docx")))
    table = next(one for one in found.tables if len(one.columns) == 5 and one.rows[0].cells[3].text == "Responsable")
    line = next(row for row in table.rows if row.cells[0].text.startswith("3. "))
    assert line.cells[1].text == LETTERS and "axis to Ippy" in line.cells[2].text
    words = [{"title": f"Item {place}", "summary": "Bɛrɛ in English" if place == 2 else ""} for place in range(10)]
    minutes = again(minutes)
    asked = browser(people.ocha_bria).get(url(minutes, "minutes_translation")).content.decode()
    assert all(f">{label}" in asked for label in ("Agenda point", "Summary", "Action point"))
    services.translate_minutes(minutes, by=people.ocha_bria, language="en", digest=minutes.digest, words=words)
    english = pdf_text.text(paper(people.force_sector, minutes, "pdf", "en"))
    assert "Bɛrɛ in English" in english and "Translation" in english and "DRAFT" in english


def test_a_long_summary_stands_whole_on_paper(people, cell):
    text = " ".join(f"word{number}" for number in range(2_000))
    minutes = minutes_of(cell, people.ocha_bria, summary=text)
    assert "word1999" in pdf_text.text(paper(people.ocha_bria, minutes, "pdf"))


def test_final_minutes_read_as_they_were_signed_whatever_changed_since(people, cell, minutes):
    sign(minutes, people.ocha_bria, people.force_sector)
    cell.name_en = "Another name"
    cell.save()
    words = pdf_text.text(paper(people.ocha_bria, minutes, "pdf"))
    assert "CMCoord cell, Bria" in words and "Another name" not in words and "DRAFT" not in words and "No. 1" in words


def test_what_a_force_saves_stands_in_the_ledger(people, minutes):
    content = paper(people.force_sector, minutes, "pdf")
    row = Release.objects.get(what="minutes")
    assert row.recipient == people.force_sector and content.startswith(b"%PDF")
    paper(people.ocha_bria, minutes, "pdf")
    assert Release.objects.filter(what="minutes").count() == 1
    page = browser(people.ocha_bgi).get(reverse("requests:releases")).content.decode()
    assert "minutes saved by a force" in page
    assert not [line for line in ledger.differences() if "inutes" in line]


def test_released_minutes_go_as_a_paper_to_members_without_an_account(people, cell, minutes):
    client = browser(people.ocha_bria)
    assert client.get(url(minutes, "minutes_release")).status_code == 409, "not final"
    assert browser(people.force_sector).get(url(minutes, "minutes_release")).status_code == 403
    minutes = sign(minutes, people.ocha_bria, people.force_sector)
    nobody = client.get(url(minutes, "minutes_release")).content.decode()
    assert "Send the PDF to" not in nobody and ">Release<" not in nobody, "no button that can only be refused"
    for acronym, address in (("EUTM RCA", "liaison@eutm.example"), ("WFP", "head@wfp.example")):
        post = Post.objects.create(
            organisation=organisation(acronym), country_id="CAF", station=cell.station, function="Liaison",
            mailbox=address, created_by=people.ocha_bria,
        )  # fmt: skip
        seat = cell.seats.filter(kind="member").first()
        Sitting.objects.create(
            seat=seat, organisation=post.organisation, post=post, starts=timezone.localdate() - dt.timedelta(days=2),
            recorded_by=people.ocha_bria,
        )  # fmt: skip
    assert client.post(url(minutes, "minutes_release"), {"addresses": ["x@y.example"]}).status_code == 422
    assert client.post(url(minutes, "minutes_release"), {}).status_code == 422
    sent = client.post(url(minutes, "minutes_release"), {"addresses": ["liaison@eutm.example", "head@wfp.example"]})
    assert sent.status_code == 302 and again(minutes).released_by == people.ocha_bria
    services.amend_minutes(minutes, by=people.ocha_bria, text="What one side alone adds")
    deliver_due()
    letters = {to: letter for letter in mail.outbox for to in letter.to}
    assert letters["liaison@eutm.example"].attachments and letters["head@wfp.example"].attachments
    row = Release.objects.get(what="minutes")
    assert row.organisation == organisation("EUTM RCA") and row.event.kind == "minutes.release"
    paper_sent = letters["liaison@eutm.example"].attachments[0].get_payload(decode=True)
    assert row.sha256 == digest(paper_sent), "what was released, not what came later"
    assert not [line for line in ledger.differences() if "inutes" in line]


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_notes_are_written_by_page_and_hidden_from_the_other_side(people, minutes):
    ocha = browser(people.ocha_bria)
    ocha.post(url(minutes, "notes"), {"title": "Tone", "text": "Evasive about the checkpoint"})
    note = HumanitarianNote.objects.get()
    assert "Evasive about" in ocha.get(url(minutes, "notes")).content.decode()
    ocha.post(url(minutes, "note", note.pk), {"title": "Tone", "text": "Evasive twice", "base_version": 1})
    late = ocha.post(url(minutes, "note", note.pk), {"title": "Tone", "text": "Mine", "base_version": 1})
    assert late.status_code == 409 and "Evasive twice" in late.content.decode() and "Mine" in late.content.decode()
    force = browser(people.force_sector)
    for name, *more in (("notes",), ("note", note.pk)):
        assert force.get(url(minutes, name, *more)).status_code == 404
        assert force.post(url(minutes, name, *more), {"title": "x", "text": "y"}).status_code == 404
    sign(minutes, people.ocha_bria, people.force_sector)
    seen = [force.get(url(minutes)).content.decode(), pdf_text.text(paper(people.force_sector, minutes, "pdf"))]
    seen += [str(row.event.data) + row.kind for row in Notification.objects.filter(recipient=people.force_sector)]
    assert not any("Evasive" in each or "note" in each.lower() for each in seen)
    assert not Event.objects.filter(kind__startswith="note.", notifications__isnull=False).exists()
