"""What does somebody see who sends a list of contacts: the preview, the choices, how far it is, and what came of it?"""

import datetime as dt
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from contacts.importing.columns import COLUMNS
from contacts.models import ContactList, Person
from contacts.services import lists
from tests.contacts.lists import ROW, row, sent, table
from tests.contacts.test_lists import long_list, one_step, small_steps, there  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def upload(client, content, name="contacts.csv", **given):
    return client.post(reverse("contacts:import"), {"file": SimpleUploadedFile(name, content)} | given, follow=True)


def test_a_wrong_cell_is_shown_at_its_place_and_the_rest_waits_for_a_word(client, people):
    client.force_login(people.ocha_bgi)
    page = upload(client, table(ROW, row(Telephones="12345")))
    said, address = page.content.decode(), page.request["PATH_INFO"]
    assert ">E3<" in said and "No telephone number" in said
    refused = client.post(address)
    assert refused.status_code == 422
    assert "Some cells cannot be read" in refused.content.decode()
    assert client.post(address, {"without_wrong": "on"}).status_code == 302
    assert Person.objects.count() == 1
    assert client.post(address).status_code == 409
    assert ">E3<" in client.get(address).content.decode(), "what was left out stays to be read"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"%PDF-1.7 nothing", "no table"), (table(), "no row under"), (b"a;b\r\n" + b"x;" * 10**7, "larger than 16 MB")],
)
def test_what_is_no_list_is_said_beside_the_file(client, people, content, sentence):
    client.force_login(people.ocha_bgi)
    page = upload(client, content)
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_who_it_is_can_be_said_row_by_row(client, people):
    there(people)
    client.force_login(people.ocha_bgi)
    page = upload(client, table(row(Name="Paul Gonda", Function="Driver"), row(Name="Ali Abba", Function="Guard",
                                Telephones="75000010", E_mail="")))  # fmt: skip
    kept = ContactList.objects.get()
    said = page.content.decode()
    assert "the same number or address" in said and "Awa Mbolido" in said
    choose = reverse("contacts:import_choose", args=[kept.pk])
    assert client.post(choose, {"row-2": "nonsense"}).status_code == 409
    assert client.post(choose, {f"row-{'9' * 20}": "other"}).status_code == 302, "no row has such a number"
    kept_choices = client.post(f"{choose}?rows=alike", {"row-2": "other", "row-3": "skip", "row-x": "same"})
    assert kept_choices.headers["Location"] == f"{kept.get_absolute_url()}?rows=alike"
    client.post(kept.get_absolute_url())
    assert set(Person.objects.values_list("name", flat=True)) == {"Awa Mbolido", "Paul Gonda"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_how_far_a_long_list_is_is_seen_without_script_and_it_can_be_given_up(
    client, people, monkeypatch, small_steps, language  # noqa: F811
):  # fmt: skip
    people.ocha_bgi.language = language
    people.ocha_bgi.save()
    client.force_login(people.ocha_bgi)
    page = upload(client, long_list())
    address = page.request["PATH_INFO"]
    assert page.headers["Refresh"] == "3"
    kept = ContactList.objects.get()
    lists.advance(kept, seconds=5)
    assert "Refresh" not in client.get(address).headers
    client.post(address)
    one_step(ContactList.objects.get(), monkeypatch)
    page = client.get(address)
    said = page.content.decode()
    assert '<progress max="5" value="2">' in said and page.headers["Refresh"] == "3"
    client.post(reverse("contacts:import_cancel", args=[kept.pk]))
    lists.advance(ContactList.objects.get(), seconds=5)
    page = client.get(address)
    assert page.status_code == 200 and "Refresh" not in page.headers
    assert not Person.objects.exists()
    assert client.post(reverse("contacts:import_cancel", args=[kept.pk])).status_code == 409


def test_a_colleague_does_not_learn_that_there_is_a_list(client, people):
    kept = sent(people.requester_bria, table(ROW))
    for user in (people.colleague_bria, people.ocha_bgi, people.force_u3):
        client.force_login(user)
        assert client.get(kept.get_absolute_url()).status_code == 404
        assert client.post(reverse("contacts:import_cancel", args=[kept.pk])).status_code == 404
    assert ContactList.objects.get().state == "read"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_template_fits_the_reader_and_comes_in_when_filled(client, people, language):
    people.ocha_bgi.language = language
    people.ocha_bgi.save()
    client.force_login(people.ocha_bgi)
    answer = client.get(reverse("contacts:import_template", args=["xlsx"]))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    headings = [cell.value for cell in book.worksheets[0][1]]
    with translation.override(language):
        assert headings == [str(column.heading) for column in COLUMNS]
    cells = {"station": "Bria", "organisation": "AID-A", "name": "Awa Mbolido", "function": "Driver"}
    kept = sent(people.ocha_bgi, table([cells.get(column.field, "") for column in COLUMNS], head=headings))
    assert (kept.ignored, lists.to_take(kept)) == ([], 1)
    assert client.get(reverse("contacts:import_template", args=["exe"])).status_code == 404


def test_pages_of_rows_go_on_from_row_to_row(client, people):
    client.force_login(people.ocha_bgi)
    page = upload(client, long_list(60))
    assert "?rows=fresh&amp;after=51" in page.content.decode()
    rest = client.get(page.request["PATH_INFO"], {"rows": "fresh", "after": "51"}).content.decode()
    assert "Person 59" in rest and "Person 3<" not in rest
    for odd in ("-1", "x", "9" * 30, "²"):
        assert client.get(page.request["PATH_INFO"], {"rows": "nothing", "after": odd}).status_code == 200


def test_an_old_list_that_nobody_agreed_to_is_gone(client, people):
    kept = sent(people.ocha_bgi, table(ROW))
    ContactList.objects.update(at=timezone.now() - dt.timedelta(days=8))
    lists.advance_all()
    client.force_login(people.ocha_bgi)
    assert client.get(kept.get_absolute_url()).status_code == 404
