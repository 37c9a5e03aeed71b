"""What does a file of the directory hold, what is written down of it, and who hears that it must be destroyed?"""

import csv
import datetime as dt
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cmcoord.activity.models import ErasableValue, Event, Notification
from cmcoord.places.models import Country, DutyStation
from contacts.finding import Asked
from contacts.models import DirectoryExport, ExportedPerson, Person
from contacts.services import Holder, Number, change_holder, taking
from contacts.services.consent import withdraw
from tests.contacts.directory import FORCE, INSIDE, NOBODY, OPEN, alternate_in, post_of
from tests.contacts.vcards import read
from tests.pdf_text import text as text_of

pytestmark = pytest.mark.django_db
ALL = Asked()
WHY = {"confidential": True, "reason": "Emergency list of the convoy"}


@pytest.fixture
def focal_point(people):
    post = post_of(
        people.ocha_bgi, "Focal point", "Élodie Koyambounou", roles=("ocha_focal_point",), mailbox="bria@example.org",
        duty_telephone="+23670000001", remark="=HYPERLINK(1)", covers=(DutyStation.objects.get(code="birao"),),
    )  # fmt: skip
    alternate_in(post, people.ocha_bgi, "Next in line", "+8821612345678")
    return post


def table_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def test_a_file_holds_each_who_is_in_post(people, focal_point):
    rows = table_of(taking.take(by=people.ocha_bgi, asked=ALL, form="csv", **WHY).content)
    first, second = rows
    assert first["Function"] == second["Function"] == "Focal point"
    assert (first["Name"], first["Telephones"]) == ("Élodie Koyambounou", "'+23672000001")
    assert second["Name"] == "Next in line"
    assert second["Holder or alternate"] == "alternate"
    assert first["Duty station"] == "Bria"
    assert first["Covers as well"] == "Birao"
    assert first["Remark"] == "'=HYPERLINK(1)", "no formula leaves the portal"


def test_without_the_tick_a_file_holds_functions(people, focal_point):
    taken = taking.take(by=people.requester_bria, asked=ALL, form="csv", reason="For the radio room")
    text = taken.content.decode()
    assert "Focal point" in text
    assert not any(word in text for word in ("Koyambounou", "+23672000001", "Next in line"))
    assert not ExportedPerson.objects.exists()


def test_a_reason_is_needed_for_names(people, focal_point):
    with pytest.raises(taking.NeedsReason):
        taking.take(by=people.ocha_bgi, asked=ALL, form="csv", confidential=True, reason="  ")
    assert not DirectoryExport.objects.exists()


@pytest.mark.parametrize("form", ["csv", "vcard4", "sheet"])
@pytest.mark.parametrize("kept", ["duty_telephone", "mailbox"])
def test_a_reason_is_needed_for_duty_telephones_and_mailboxes_too(client, people, form, kept):
    told = {"duty_telephone": "+23670000001"} if kept == "duty_telephone" else {"mailbox": "bria@example.org"}
    post_of(people.ocha_bgi, "Focal point", **told)
    client.force_login(people.requester_bria)
    where = reverse("contacts:exports")
    answer = client.post(where, {"format": form})
    assert answer.status_code == 422
    assert "holds duty telephones or mailboxes" in answer.content.decode()
    assert not DirectoryExport.objects.exists()
    assert client.post(where, {"format": form, "reason": "For the radio room"}).status_code == 200
    assert DirectoryExport.objects.get().sensitivity == "C"
    client.force_login(people.force_u3)
    assert client.post(where, {"format": form}).status_code == 200, "what they do not read asks for nothing"


@pytest.mark.parametrize("reader", ["requester_bria", "force_u3", "donor"])
def test_a_file_holds_what_its_taker_reads(people, focal_point, reader):
    post_of(people.ocha_bgi, "Liaison", "Sylvain Partagé", numbers=("+23672000005",), shares=FORCE)
    text = taking.take(by=getattr(people, reader), asked=ALL, form="csv", **WHY).content.decode()
    assert ("Koyambounou" in text) == (reader == "requester_bria")
    assert ("Sylvain" in text) == (reader != "donor")
    assert ("HYPERLINK" in text) == (reader == "requester_bria"), "source and remark are kept inside"


def test_the_filters_narrow_the_file(people, focal_point):
    post_of(people.ocha_bgi, "Logistician", "Somebody", station="birao", roles=("logistics",))
    rows = table_of(taking.take(by=people.ocha_bgi, asked=Asked.of(role="logistics"), form="csv").content)
    assert [row["Function"] for row in rows] == ["Logistician"]


def test_the_workbook_opens_with_texts_that_stay_texts(people, focal_point):
    book = load_workbook(BytesIO(taking.take(by=people.ocha_bgi, asked=ALL, form="xlsx", **WHY).content))
    headings, first, _second = list(book.worksheets[0].iter_rows(values_only=True))
    row = dict(zip(headings, first, strict=True))
    assert row["Name"] == "Élodie Koyambounou"
    assert row["Remark"] == "'=HYPERLINK(1)"
    assert row["From"] == dt.datetime(2026, 1, 5)


@pytest.mark.parametrize("form", ["vcard4", "vcard3"])
def test_cards_hold_each_who_is_in_post(people, focal_point, form):
    taken = taking.take(by=people.ocha_bgi, asked=ALL, form=form, **WHY)
    assert taken.name.endswith(".vcf")
    assert [card["FN"][0].text for card in read(taken.content)] == ["Élodie Koyambounou", "Next in line"]


def test_the_sheet_prints_who_is_reached_and_how(people, focal_point):
    text = text_of(taking.take(by=people.ocha_bgi, asked=ALL, form="sheet", **WHY).content)
    for words in (
        "Contacts in Bria",
        "Élodie Koyambounou",
        "+236 72 00 00 01",
        "Next in line (alternate)",
        "Confidential",
    ):
        assert words in text


def test_each_file_is_an_event_with_whom_it_holds(people, focal_point):
    taken = taking.take(by=people.requester_bria, asked=ALL, form="csv", **WHY)
    event = Event.objects.get(kind="directory.export")
    assert (event.by, event.stream, event.subject_id) == (people.requester_bria, "CAF", taken.row.pk)
    assert event.data["people"] == event.data["count"] == 2
    assert event.data["sensitivity"] == "C"
    assert ErasableValue.objects.get(event=event).value == WHY["reason"]
    assert "Koyambounou" not in str(event.data)
    assert set(taken.row.people.values_list("person__name", flat=True)) == {"Élodie Koyambounou", "Next in line"}


def test_a_recall_reaches_each_who_took_them_once(people, focal_point):
    for taker in (people.requester_bria, people.requester_bria, people.hc, people.force_u3):
        taking.take(by=taker, asked=ALL, form="csv", **WHY)
    person = Person.objects.get(name="Élodie Koyambounou")
    assert taking.recall(person, by=people.ocha_bria) == 2
    told = Notification.objects.filter(kind="contact.recall", channel="mail")
    assert {row.recipient for row in told} == {people.requester_bria, people.hc}
    assert taking.recall(person, by=people.ocha_bria) == 0, "each file is called back once"
    assert "Koyambounou" not in str(Event.objects.get(kind="contact.recall").data)


def test_consent_taken_back_calls_the_files_back_by_itself(people, focal_point):
    taking.take(by=people.requester_bria, asked=ALL, form="csv", **WHY)
    withdraw(Person.objects.get(name="Élodie Koyambounou"), by=people.ocha_bgi)
    assert Notification.objects.get(kind="contact.recall", channel="mail").recipient == people.requester_bria
    text = taking.take(by=people.requester_bria, asked=ALL, form="csv", **WHY).content.decode()
    assert "Koyambounou" not in text, "and a new file holds her no more"


def test_consent_taken_back_while_a_file_is_made_calls_it_back_too(people, focal_point, monkeypatch):
    """Who withdraws after the lines were read finds no file yet that could be called back."""
    person, made = Person.objects.get(name="Élodie Koyambounou"), taking._content

    def meanwhile(*given):
        withdraw(person, by=people.ocha_bgi)
        return made(*given)

    monkeypatch.setattr(taking, "_content", meanwhile)
    taken = taking.take(by=people.requester_bria, asked=ALL, form="csv", **WHY)
    assert "Koyambounou" in taken.content.decode()
    assert Notification.objects.get(kind="contact.recall", channel="mail").recipient == people.requester_bria


@pytest.mark.parametrize(("number", "shares", "times"), [
    ("+23672000001", NOBODY, 1), ("+23672000001", OPEN, 0), ("+23672000099", INSIDE, 0),
])  # fmt: skip
def test_a_corrected_number_calls_nothing_back_a_closed_one_does(people, focal_point, number, shares, times):
    taking.take(by=people.requester_bria, asked=ALL, form="csv", **WHY)
    new = Holder("Élodie Koyambounou", (Number(number, shares=shares),), shares=INSIDE)
    change_holder(focal_point, by=people.ocha_bgi, holder=new)
    assert Event.objects.filter(kind="contact.recall").count() == times


def test_whoever_took_a_file_sees_that_it_must_go(client, people, focal_point):
    taking.take(by=people.requester_bria, asked=ALL, form="csv", **WHY)
    taking.recall(Person.objects.get(name="Élodie Koyambounou"), by=None)
    client.force_login(people.requester_bria)
    page = client.get(reverse("contacts:exports")).content.decode()
    assert "destroy it: 1 person took their consent back" in page
    assert "Koyambounou" not in page
    client.force_login(people.hc)
    assert "destroy it:" not in client.get(reverse("contacts:exports")).content.decode()


def test_more_lines_than_fit_are_refused_with_a_sentence(client, monkeypatch, people, focal_point):
    monkeypatch.setitem(taking.MOST, "xlsx", 0)
    client.force_login(people.requester_bria)
    answer = client.post(reverse("contacts:exports"), {"format": "xlsx"})
    assert answer.status_code == 422
    assert "choose less first" in answer.content.decode()
    assert not DirectoryExport.objects.exists()


def test_the_page_gives_the_file_and_asks_for_the_reason(client, people, focal_point):
    client.force_login(people.requester_bria)
    where = reverse("contacts:exports")
    assert client.post(where, {"format": "csv", "confidential": "on"}).status_code == 422
    answer = client.post(f"{where}?station=birao", {"format": "csv", **WHY})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert "Focal point" not in b"".join(answer.streaming_content).decode(), "the filters of the address hold"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_1_31_the_flyer_names_cells_and_those_who_agreed(people, focal_point, language):
    post_of(
        people.ocha_bgi, "Head of unit ɛ ɔ ŋ", "Barnabé Ŋɔkɛ-Çélestin", station="bangui", numbers=("+23672000007",),
        shares=OPEN, roles=("ocha_focal_point",),
    )  # fmt: skip
    taken = taking.take_flyer(Country.objects.get(pk="CAF"), by=people.ocha_bgi, language=language)
    text = text_of(taken.content)
    words = {
        "en": ("CMCoord in the Central African Republic", "Coordination cells", "Issued on"),
        "fr": (
            "La coordination civilo-militaire en République centrafricaine",
            "Cellules de coordination",
            "Édition du",
        ),
    }[language]
    for word in (*words, "Bossangoa", "Obo", "Barnabé Ŋɔkɛ-Çélestin", "+236 72 00 00 07", "ɛ ɔ ŋ"):
        assert word in text
    assert "Koyambounou" not in text
    assert "+236 72 00 00 01" not in text
    assert taken.row.sensitivity == "P"
    assert list(taken.row.people.values_list("person__name", flat=True)) == ["Barnabé Ŋɔkɛ-Çélestin"]


@pytest.mark.parametrize("reader", ["hc_ml", "nobody", "admin"])
def test_nobody_takes_the_flyer_of_another_country(client, people, reader):
    client.force_login(getattr(people, reader))
    assert client.post(reverse("contacts:flyer", args=["CAF", "en"])).status_code == 404
    client.force_login(people.ocha_bgi)
    assert client.post(reverse("contacts:flyer", args=["CAF", "xx"])).status_code == 404


def test_the_duty_page_is_small_and_names_nobody(client, people, focal_point):
    DutyStation.objects.filter(country="CAF").update(telephone="+236 70 00 00 22")
    client.force_login(people.requester_bria)
    page = client.get(reverse("contacts:duty"))
    assert len(page.content) < 10_000
    text = page.content.decode()
    assert text.count("tel:+23670000022") >= 10
    assert "Koyambounou" not in text
    assert 'tel:+23670000001"' in text, "the duty telephone of a post"
    assert "<style" not in text
    assert "onclick" not in text


def test_a_force_does_not_read_a_duty_telephone_that_is_not_for_forces(client, people, focal_point):
    client.force_login(people.force_u3)
    assert "+23670000001" not in client.get(reverse("contacts:duty")).content.decode()


def test_the_worker_stands_under_the_page_it_keeps(client):
    answer = client.get(reverse("contacts:duty_worker"))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("contacts:duty_worker").startswith(reverse("contacts:duty"))
    assert INSIDE.humanitarians
