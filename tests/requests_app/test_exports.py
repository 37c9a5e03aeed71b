"""What of the register leaves the portal, with which ticks and reasons, and is it written down?"""

import csv
import hashlib
import io

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cmcoord.activity.models import ErasableValue, Event
from requests_app import exports
from requests_app.models import Case
from tests.factories import case_at, draft_case

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

CONFIDENTIAL = {
    "Axis",
    "Departure",
    "Window until",
    "Vehicles",
    "Convoy leader (civilian)",
    "Why an escort lowers the risk",
    "Passengers",
    "Organisations not asked",
    "Last-resort test",
    "Who presses or imposes",
    "Harm or retaliation",
    "Effect on neutrality",
    "Organisations consulted",
    "Authority responsible",
    "Staff in military vehicles",
    "Dependency",
    "Comparable civilian means",
    "Civilian means replaced",
    "Joint mission",
}


def take(user, filters="", form="csv", **ticks):
    client = Client()
    client.force_login(user)
    return client.post(f"{reverse('requests:export')}{filters}", {"format": form, **ticks})


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def table(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"), newline="")))


def event() -> Event:
    return Event.objects.get(kind="register.export")


def test_the_file_holds_what_the_register_shows_and_nothing_else(people):
    here = case_at("submitted", people)
    draft_case(people.requester_birao)
    for user, expected in ((people.ocha_bria, {here.reference}), (people.ocha_bko, set()), (people.hc, set())):
        assert {row["Reference"] for row in table(take(user))} == expected
    assert len(table(take(people.requester_birao))) == 1


def test_a_force_and_a_donor_take_nothing(people):
    for user in (people.force_u3, people.donor):
        assert take(user).status_code == 403
    assert not Event.objects.filter(kind="register.export").exists()


def test_the_filters_of_the_address_hold(people):
    case_at("submitted", people)
    assert table(take(people.ocha_bgi, "?status=ended")) == []
    assert len(table(take(people.ocha_bgi, "?status=open&q=bambari"))) == 1


def test_without_a_tick_no_confidential_column_and_no_reason(people):
    case_at("submitted", people)
    [row] = table(take(people.ocha_bria))
    assert not CONFIDENTIAL & set(row)
    assert "Two ambushes" not in str(row) and row["Sensitivity"] == "Confidential"
    assert (event().data["sensitivity"], event().data["count"]) == ("R", 1)


def test_confidential_columns_need_a_reason_that_is_kept_apart(people):
    case = case_at("submitted", people)
    refused = take(people.ocha_bria, confidential="on")
    assert refused.status_code == 422 and "what it is for" in refused.content.decode()
    assert take(people.ocha_bria, confidential="on", reason="   ").status_code == 422
    assert not Event.objects.filter(kind="register.export").exists()
    answer = take(people.ocha_bria, confidential="on", reason="Meeting of the cell.")
    content = body(answer)
    assert b"Two ambushes" in content and "-C.csv" in answer["Content-Disposition"]
    assert event().by == people.ocha_bria
    assert event().data["sha256"] == hashlib.sha256(content).hexdigest()
    assert event().data["requests"] == [case.reference] and "axis" in event().data["columns"]
    assert "Meeting of the cell" not in str(event().data)
    assert ErasableValue.objects.get(event=event(), field="reason").value == "Meeting of the cell."


def test_a_strict_request_comes_with_its_own_tick_and_reason_for_those_who_open_it(people):
    case = case_at("submitted", people)
    Case.objects.filter(pk=case.pk).update(sensitivity="S")
    assert table(take(people.ocha_bria)) == []
    assert table(take(people.ocha_bria, confidential="on", reason="Audit.")) == []
    assert take(people.ocha_bria, strict="on").status_code == 422
    [row] = table(take(people.ocha_bria, strict="on", confidential="on", reason="Audit."))
    assert row["Reference"] == case.reference and row["Sensitivity"] == "Strictly confidential"
    assert {row[heading] for heading in CONFIDENTIAL} == {"closed"}
    assert table(take(people.log_cluster, strict="on", reason="Audit.")) == []


def test_no_strict_field_is_ever_a_column():
    assert all(column.sensitivity != "S" for column in exports.COLUMNS)
    assert {str(column.heading) for column in exports.COLUMNS if not column.sensitivity.is_open} == CONFIDENTIAL


def test_the_service_itself_refuses_without_a_reason(people):
    with pytest.raises(ValueError, match="reason"):
        exports.export_register(by=people.hc, asked={"sort": "new"}, form="csv", confidential=True)


def test_formulas_come_as_text_in_both_formats(people):
    case_at(
        "submitted",
        people,
        need='=HYPERLINK("https://evil.example","x")',
        cargo="@SUM(1)",
        why_safer="+cmd|' /C calc'!A0",
    )
    [row] = table(take(people.ocha_bria, confidential="on", reason="Test."))
    assert row["Need"].startswith("'=HYPERLINK") and row["Cargo"] == "'@SUM(1)"
    book = load_workbook(io.BytesIO(body(take(people.ocha_bria, form="xlsx", confidential="on", reason="Test."))))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)


def test_the_workbook_is_read_back_with_local_times_and_says_what_it_is(people):
    case = case_at("submitted", people)
    book = load_workbook(io.BytesIO(body(take(people.ocha_bria, form="xlsx", confidential="on", reason="Test."))))
    first, about = book.worksheets
    headings = [cell.value for cell in first[1]]
    values = dict(zip(headings, [cell.value for cell in first[2]], strict=True))
    departure = case.departure_at.astimezone(case.country.zone)
    assert f"{values['Departure']:%Y-%m-%d %H:%M}" == f"{departure:%Y-%m-%d %H:%M}"
    assert (values["Vehicles"], values["People concerned"], values["From"]) == (6, 4200, "Bambari")
    assert {row[0].value: row[1].value for row in about.iter_rows()}["Sensitivity"] == "Confidential"


def test_it_is_written_in_the_reader_s_language(people):
    case_at("submitted", people)
    people.ocha_bria.language = "fr"
    people.ocha_bria.save()
    client = Client()
    client.force_login(people.ocha_bria)
    text = body(client.post(reverse("requests:export"), {"format": "csv"}, HTTP_ACCEPT_LANGUAGE="fr")).decode()
    assert "Référence" in text and "Organisation demandeuse" in text


def test_more_than_one_file_holds_is_refused_with_a_sentence(people, monkeypatch):
    monkeypatch.setattr(exports, "MOST", 1)
    case_at("submitted", people)
    assert take(people.ocha_bria).status_code == 200
    case_at("submitted", people)
    refused = take(people.ocha_bria)
    assert refused.status_code == 422 and "choose less" in refused.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(people, django_assert_max_num_queries):
    for _number in range(4):
        case_at("submitted", people)
    with django_assert_max_num_queries(16):
        exports.export_register(by=people.ocha_bria, asked={"sort": "new"}, form="csv", confidential=True, reason="x")


def test_one_person_takes_so_many_an_hour(people):
    cache.clear()
    statuses = [take(people.hc).status_code for _number in range(31)]
    assert statuses == [200] * 30 + [429]


def test_the_register_leads_to_it_with_its_filters(people):
    client = Client()
    client.force_login(people.ocha_bria)
    assert "/requests/export/?status=open" in client.get("/requests/?status=open").content.decode()
    assert client.get("/requests/export/?status=open").status_code == 200
