"""Does a list of past requests come in whole or not at all, with its errors at their cells, and harmless?"""

import datetime as dt
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from cmcoord.activity.models import Event, Notification
from cmcoord.places.models import DutyStation
from cmcoord.ui.sheets import SHORT
from requests_app import figures, listing, moves, services, workflow
from requests_app.importing.columns import COLUMNS
from requests_app.importing.preview import preview
from requests_app.models import Case, DailyFigure, ForceFile, ImportedCase, ImportFile, Move
from requests_app.services import Refused, make_move
from tests.factories import case_at, draft_case, fresh
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
HEAD = ["Reference", "Requesting organisation", "Filed on", "From", "To", "Departure", "People concerned", "Vehicles",
        "Cargo", "Force", "Result", "Ended on"]  # fmt: skip
ROW = ["ESC/2021/007", "AID-A", "2021-03-04", "Bambari", "Bria", "10/03/2021", "4 200", 6, "Food", "MINUSCA", "Closed",
       "2021-03-20"]  # fmt: skip
FRENCH = ["Référence", "Organisation demandeuse", "Déposée le", "De", "À", "Résultat"]


def row(**changes):
    names = dict(zip(HEAD, ROW, strict=True)) | {name.replace("_", " "): value for name, value in changes.items()}
    return [names[heading] for heading in HEAD]


def xlsx(*rows, head=HEAD) -> bytes:
    book = Workbook()
    for each in (head, *rows):
        book.active.append(each)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def text(*rows, head=HEAD, delimiter=",", encoding="utf-8") -> bytes:
    return "\r\n".join(delimiter.join(map(str, each)) for each in (head, *rows)).encode(encoding)


@pytest.fixture
def take(people, ngo):
    """Keep and agree, as the national unit does."""

    def over(content, **choices):
        kept = services.keep_for_preview(
            by=people.ocha_bgi, station=DutyStation.objects.get(code="bria"), name="list.xlsx", content=content
        )
        return services.import_past(kept, by=people.ocha_bgi, **choices)

    return over


@pytest.mark.parametrize(
    "content",
    [
        xlsx(ROW),
        xlsx(row(Filed_on=dt.datetime(2021, 3, 4), Departure=dt.date(2021, 3, 10), People_concerned=4200.0)),
        text(ROW),
        text(ROW, delimiter=";"),
        text(ROW, delimiter="\t", encoding="utf-8-sig"),
        text(ROW, delimiter=";", encoding="cp1252"),
        text(ROW, delimiter=";", encoding="utf-16"),
    ],
)
def test_every_program_writes_it_in_its_way(take, content):
    assert take(content) == 1
    case = Case.objects.get()
    assert (case.status, case.imported, case.people, case.vehicles) == ("closed", True, 4200, 6)
    assert (str(case.origin), str(case.destination), str(case.force)) == ("Bambari", "Bria", "MINUSCA")
    assert (case.submitted_at.date(), case.departure_at.date()) == (dt.date(2021, 3, 4), dt.date(2021, 3, 10))
    assert case.reference == "CAF-H-2021-0001"
    assert case.imported_row.original_reference == "ESC/2021/007"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_headings_and_results_in_french(people, ngo, car, encoding):
    found = preview(
        text(["7", "AID-A", "04/03/2021", "Bambari", "Bria", "Refusée"], head=FRENCH, delimiter=";", encoding=encoding),
        car,
    )
    assert not found.wrong
    assert found.fresh[0].values["outcome"] == "denied"


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        ({"From": "Atlantis"}, "D2"),
        ({"To": ""}, "E2"),
        ({"Requesting_organisation": "FACA"}, "B2"),
        ({"Requesting_organisation": "Nobody"}, "B2"),
        ({"Filed_on": "soon"}, "C2"),
        ({"Filed_on": "31/02/2021"}, "C2"),
        ({"Filed_on": "2999-01-01"}, "C2"),
        ({"People_concerned": "many"}, "G2"),
        ({"People_concerned": "-4"}, "G2"),
        ({"Vehicles": 500}, "H2"),
        ({"Force": "FAMa"}, "J2"),
        ({"Result": "approved"}, "K2"),
        ({"Result": "=HYPERLINK(1)"}, "K2"),
        ({"Ended_on": "2020-01-01"}, "L2"),
        ({"Reference": "x" * 61}, "A2"),
        ({"Cargo": "x" * 401}, "I2"),
    ],
)
def test_the_error_stands_at_its_cell_and_nothing_is_taken(client, people, ngo, change, cell):
    content = text(row(**change), row(Reference="good"))
    found = preview(content, people.ocha_bgi.appointments.get().country)
    assert [wrong.cell for wrong in found.wrong] == [cell]
    client.force_login(people.ocha_bgi)
    page = sent(client, content)
    assert page.status_code == 200
    assert f">{cell}<" in page.content.decode()
    assert client.post(page.request["PATH_INFO"]).status_code == 422
    assert (Case.objects.count(), Event.objects.filter(kind="import.past").count()) == (0, 0)


def sent(client, content, name="list.csv", **changes):
    station = DutyStation.objects.get(code="bria").pk
    given = {"file": SimpleUploadedFile(name, content), "station": station} | changes
    return client.post(reverse("requests:import"), given, follow=True)


def bomb() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (25 * 1024 * 1024))
    return out.getvalue()


def styled(many: int) -> bytes:
    """A small workbook whose styles cost a hundred times their size in memory."""
    out = BytesIO()
    with ZipFile(BytesIO(xlsx(ROW))) as found, ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name in found.namelist():
            part = found.read(name)
            packed.writestr(name, part.replace(b"</cellXfs>", b"<xf/>" * many + b"</cellXfs>"))
    return out.getvalue()


def spoilt() -> bytes:
    """A workbook with wrong bytes in its sheet, as a broken line or somebody hostile leaves it."""
    content, part = xlsx(ROW), b"xl/worksheets/sheet1.xml"
    start = content.index(part) + len(part)
    return content[:start] + b"\xff" * 40 + content[start + 40 :]


def packed_as(method: int, flags: int = 0) -> bytes:
    """A workbook whose parts say that they were packed in another way, or locked with a password."""
    content = xlsx(ROW)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(sign)
        while place >= 0:
            said = flags.to_bytes(2, "little") + method.to_bytes(2, "little")
            content = content[: place + at] + said + content[place + at + 4 :]
            place = content.find(sign, place + 4)
    return content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 nothing", "no table"),
        (spoilt(), "no table"),
        (packed_as(99), "no table"),
        (packed_as(14), "no table"),
        (packed_as(8, flags=1), "no table"),
        (b"PK\x03\x04 broken", "no table"),
        (b"\x00\x01\x02\x03", "no table"),
        (b"only one column\r\nand a row", "no table"),
        (text(), "no row under"),
        (text(["1"], head=["Reference", "Colour"]), "columns are missing"),
        (text(ROW, head=[*HEAD[:-1], "Result"]), "stands twice"),
        (text(*[ROW] * 1001), "1,000 rows"),
        (b"a;b\r\n" + b"x;" * (SHORT.size // 2), "larger than 1 MB"),
        (bomb(), "unpacks to more"),
        (styled(200_000), "unpacks to more"),
    ],
)
def test_what_is_no_such_list_is_said_beside_the_file(client, people, ngo, content, sentence):
    client.force_login(people.ocha_bgi)
    page = sent(client, content)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not ImportFile.objects.exists()


def test_a_formula_is_never_more_than_its_text(take, client, people):
    take(text(row(Cargo="=cmd|' /C calc'!A0", Reference="@SUM(1)")))
    case = Case.objects.get()
    assert case.cargo.startswith("=cmd")
    client.force_login(people.ocha_bgi)
    answer = client.post(reverse("requests:export"), {"format": "csv"})
    csv = b"".join(answer.streaming_content).decode()
    assert "'=cmd" in csv


# ── what it becomes ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_event_no_mail_no_clock_no_force(take, people):
    before = Notification.objects.count()
    outcomes = ["Closed", "Denied", "Withdrawn", "Cancelled", "Expired", "Not receivable", "Resolved by civilian means"]
    assert take(xlsx(*(row(Reference=f"R{n}", Result=word, Vehicles=n + 1, Filed_on=f"2021-04-{n + 1:02d}",
                           Departure="", Ended_on="") for n, word in enumerate(outcomes)))) == 7  # fmt: skip
    assert set(Case.objects.values_list("status", flat=True)) == {
        "closed", "denied", "withdrawn", "cancelled", "expired", "unreceivable", "civilian",
    }  # fmt: skip
    event = Event.objects.get(kind="import.past")
    assert event.data["count"] == 7 and len(event.data["requests"]) == 7
    assert Move.objects.filter(code="import", from_status="draft", by=people.ocha_bgi).count() == 7
    assert Notification.objects.count() == before
    assert not Case.objects.exclude(due_at=None).exists()
    assert not ForceFile.objects.exists()
    assert not Case.objects.filter(consent_partners=True).exists()
    assert bytes(ImportFile.objects.get().content) == b""


def test_the_database_lets_no_status_in_without_its_move(take):
    take(text(ROW))
    case = Case.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE requests_app_case SET status = 'denied' WHERE id = %s", [case.pk])


def test_no_draft_of_somebody_is_ended_by_that_move(people):
    case = draft_case(people.requester_bria)
    with pytest.raises(Refused, match="Only a row of a list"):
        make_move(case, "import", by=people.ocha_bgi)
    assert fresh(case).status == "draft"


def test_it_stands_in_lists_searches_and_pages(take, client, people):
    take(text(row(Result="Denied")))
    case = Case.objects.get()
    for user in (people.requester_bria, people.ocha_bria, people.ocha_bgi, people.hoo):
        assert listing.page_for(user).rows == [case]
        client.force_login(user)
        assert ">imported</span>" in client.get(reverse("requests:list")).content.decode()
        page = client.get(case.get_absolute_url())
        assert page.status_code == 200
        assert "Taken over from a list" in page.content.decode() and "ESC/2021/007" in page.content.decode()
    assert listing.page_for(people.ocha_bgi, query="esc/2021/007").rows == [case]
    for user in (people.log_cluster, people.hc, people.requester_birao, people.ocha_bko, people.force_u3):
        assert not listing.page_for(user).rows
    make_move(fresh(case), "raise_class", by=people.ocha_bgi, to="S")
    make_move(fresh(case), "lower_class", by=people.ocha_bgi, to="C", reason="A mistake.")
    assert listing.page_for(people.ocha_bgi, query="esc/2021/007").rows == [case], "found again"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_its_page_and_its_file_are_there_in_every_result(take, client, people, language):
    words = ["Closed", "Denied", "Withdrawn", "Cancelled", "Expired", "Not receivable", "Resolved by civilian means"]
    short = [[f"R{n}", "AID-A", f"2021-05-{n + 1:02d}", "Bambari", "Bria", word] for n, word in enumerate(words)]
    take(text(*short, head=["Reference", "Organisation", "Filed on", "Origin", "Destination", "Status"]))
    people.ocha_bgi.language = language
    people.ocha_bgi.save()
    client.force_login(people.ocha_bgi)
    for case in Case.objects.all():
        assert client.get(case.get_absolute_url()).status_code == 200
        assert client.post(reverse("requests:issue", args=[case.reference, "file"])).status_code == 200
    assert client.get("/").status_code == 200


def test_it_counts_in_the_figures_of_its_days(take, car):
    day = car.today - dt.timedelta(days=10)
    take(text(row(Result="Resolved by civilian means", Filed_on=day.isoformat(), Departure="",
                  Ended_on=(day + dt.timedelta(days=2)).isoformat())))  # fmt: skip
    figures.roll_up(country=car, first=day, last=car.today)
    found = DailyFigure.objects.get(country=car, day=car.today, figure=figures.SHARE_90)
    assert (found.count, found.minutes) == (100, [1, 1])


@pytest.mark.parametrize("line", [4500, 1_048_576])
def test_a_row_far_below_the_others_is_read(car, ngo, people, line):
    book = Workbook()
    book.active.append(HEAD)
    for column, value in enumerate(ROW, start=1):
        book.active.cell(line, column, value)
    out = BytesIO()
    book.save(out)
    assert [one.line for one in preview(out.getvalue(), car).rows] == [line]


# ── twice, alike, others ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_file_and_the_same_rows_come_once(take):
    take(text(ROW))
    with pytest.raises(ValidationError, match="taken over already"):
        take(text(ROW))
    with pytest.raises(Refused, match="Nothing new"):
        take(text(ROW, delimiter=";"), alike_too=True)
    assert take(text(ROW, row(Reference="ESC/2021/008", Filed_on="2021-06-01", Departure="", Ended_on=""))) == 1
    assert ImportedCase.objects.count() == 2


def test_what_looks_like_a_request_that_is_there_is_shown_and_left_out(take, people, car):
    case = case_at("closed", people)
    same = row(Filed_on=case.submitted_at.astimezone(car.zone).date().isoformat(), Departure="", Ended_on="")
    found = preview(text(same), car)
    assert [one.same_as for one in found.alike] == [case.reference]
    with pytest.raises(Refused, match="Nothing new"):
        take(text(same))
    assert take(text(same), alike_too=True) == 1
    assert preview(text(row(Reference="X"), row(Reference="X")), car).alike[0].same_as == "row 2 of this file"


@pytest.mark.parametrize("who", ["ocha_bria", "hoo", "hc", "requester_bria", "admin", "force_u3", "ocha_bko"])
def test_nobody_else_takes_anything_over(client, people, ngo, bria, who):
    user = getattr(people, who)
    with pytest.raises(Refused):
        services.keep_for_preview(by=user, station=bria, name="x", content=text(ROW))
    kept = services.keep_for_preview(by=people.ocha_bgi, station=bria, name="x", content=text(ROW))
    with pytest.raises(Refused, match="Only who sent"):
        services.import_past(kept, by=user)
    client.force_login(user)
    assert client.get(reverse("requests:import_look", args=[kept.pk])).status_code == 404


def test_agreeing_twice_takes_over_once(client, people, ngo):
    client.force_login(people.ocha_bgi)
    page = sent(client, xlsx(ROW), name="../../etc/liste<b>.xlsx")
    address = page.request["PATH_INFO"]
    assert "<b>" not in page.content.decode().split("<h1>")[1]
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    assert Case.objects.count() == 1


@pytest.mark.parametrize(("told", "result"), [("Denied", "denied"), ("Closed", "closed"), ("Expired", "expired")])
def test_no_past_request_comes_back_to_life(client, people, take, told, result):
    take(text(row(Result=told)))
    case = Case.objects.get()
    for code in moves.CODES:
        for line in moves.lines(code):
            if line.target and result in line.sources:
                assert workflow.why_not(case, code, people.requester_bria), code
    client.force_login(people.requester_bria)
    assert client.post(f"{case.get_absolute_url()}appeal/", {"reason": "New facts"}).status_code in (404, 409, 422)
    assert fresh(case).status == result


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_template_fits_the_reader(client, people, car, ngo, language):
    people.ocha_bgi.language = language
    people.ocha_bgi.save()
    client.force_login(people.ocha_bgi)
    answer = client.get(reverse("requests:import_template", args=["xlsx"]))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    with translation.override(language):
        headings = [str(column.heading) for column in COLUMNS]
    assert [cell.value for cell in book.worksheets[0][1]] == headings
    values = dict.fromkeys(range(len(headings)), "") | {0: "1", 1: "AID-A", 2: "2021-01-02", 3: "Bambari", 4: "Bria",
                                                       12: "Closed"}  # fmt: skip
    assert not preview(text(list(values.values()), head=headings, delimiter=";"), car).wrong
    assert client.get(reverse("requests:import_template", args=["exe"])).status_code == 404


def test_what_a_colleague_took_over_meanwhile_is_said(client, people, ngo):
    """Both looked at the same list; the second one reads that it is done, and the page is not broken."""
    second = person("ocha.bgi.2", "ocha_national", organisation="OCHA", name="National unit, second", country="CAF")
    for user in (people.ocha_bgi, second):
        client.force_login(user)
        assert sent(client, text(ROW)).status_code == 200
    first, other = ImportFile.objects.order_by("pk")
    services.import_past(first, by=people.ocha_bgi)
    with pytest.raises(Refused, match="taken over already") as refused:
        services.import_past(other, by=second)
    assert refused.value.kind == "state"
    answer = client.post(reverse("requests:import_look", args=[other.pk]))
    assert answer.status_code in (409, 422)
    assert Case.objects.count() == 1


def test_a_list_that_was_replaced_meanwhile_is_not_taken_over(people, ngo):
    station = DutyStation.objects.get(code="bria")
    old, _new = (
        services.keep_for_preview(
            by=people.ocha_bgi, station=station, name="list.csv", content=text(row(Reference=name))
        )
        for name in ("old", "new")
    )
    with pytest.raises(Refused, match="in place of this one") as refused:
        services.import_past(old, by=people.ocha_bgi)
    assert refused.value.kind == "state"
    assert not Case.objects.exists()
