"""What does everybody of a duty station read of a request that OCHA lists as restricted, and who reads nothing?"""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cmcoord.activity.barrier import may_see
from cmcoord.activity.models import Event
from cmcoord.places.models import Axis
from requests_app import exports, listing
from requests_app.models import Case, Comment
from requests_app.services import Refused, make_move
from tests.factories import answers, case_at, draft_case, fresh
from tests.people import person

pytestmark = pytest.mark.django_db
OF_THE_STATION = ("requester_un", "observer_bria")
ELSEWHERE = ("requester_birao", "ocha_birao", "ocha_bko", "hc_ml", "nobody", "admin")
OTHER_SIDES = ("donor", "force_u3", "force_sector", "force_ml")
OPEN = ("need", "people", "urgency", "cargo", "origin", "destination", "exit_plan", "organisation", "status")
CLOSED = ("axis", "departure_at", "window_to", "vehicles", "leader", "why_safer", "neutrality")
WORDS = ("ambushes on this axis", "communities are told before", "Last resort, all tried")


def lowered(case, by, to="R"):
    make_move(case, "lower_class", by=by, to=to, reason="Partners plan their own convoys by it.")
    return fresh(case)


@pytest.fixture
def readers(people):
    people.observer_bria = person("obs.bria", "observer", organisation="WFP", name="Observer, Bria", station="bria")
    people.police = person("police", "police_liaison", organisation="MINUSCA UNPOL", name="Police", station="bria")
    return people


@pytest.fixture
def case(readers):
    return lowered(case_at("transmitted", readers), readers.ocha_bria)


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", OF_THE_STATION)
def test_its_station_lists_finds_and_reads_it(client, readers, case, name):
    reader = getattr(readers, name)
    page = listing.page_for(reader)
    assert [row.pk for row in page.rows] == [case.pk] and page.count == 1
    for query in (case.reference, "displaced", "Bambari"):
        assert listing.page_for(reader, query=query).count == 1, query
    client.force_login(reader)
    answer = client.get(case.get_absolute_url())
    text = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert "4,200 people displaced" in text and "Food rations" in text and "No guarantee was given." in text
    for word in (*WORDS, str(case.axis), "Décidé", "Humanitarian Coordinator has", "OCHA recommends"):
        assert word not in text, word


@pytest.mark.parametrize("name", [*ELSEWHERE, *OTHER_SIDES, "police"])
def test_nobody_else_does(client, readers, case, name):
    reader = getattr(readers, name)
    assert (listing.page_for(reader).rows, listing.page_for(reader, query="displaced").count) == ([], 0)
    assert not Case.objects.listed_for(reader).exists()
    assert not may_see(reader, case) and not may_see(reader, case, "need")
    client.force_login(reader)
    assert client.get(case.get_absolute_url()).status_code == 404


def test_only_while_partners_may_read_it(readers, case):
    make_move(case, "withdraw_consent", by=readers.requester_bria, what=["consent_partners"])
    assert not Case.objects.listed_for(readers.requester_un).exists()
    assert not may_see(readers.requester_un, fresh(case), "need")
    assert may_see(readers.ocha_bria, fresh(case), "axis")


def test_a_draft_is_nobody_elses(readers):
    case = draft_case(readers.requester_bria, **answers())
    Case.objects.filter(pk=case.pk).update(sensitivity="R")
    assert not Case.objects.listed_for(readers.requester_un).exists()


@pytest.mark.parametrize("to", ["C", "S"])
def test_raised_again_it_is_gone_at_once(client, readers, case, to):
    make_move(case, "raise_class", by=readers.requester_bria, to=to)
    client.force_login(readers.requester_un)
    assert listing.page_for(readers.requester_un).count == 0
    assert client.get(case.get_absolute_url()).status_code == 404


def test_those_who_need_to_know_read_it_whole_as_before(client, readers, case):
    for name in ("requester_bria", "ocha_bria", "ocha_bgi", "hc", "hoo"):
        reader = getattr(readers, name)
        assert may_see(reader, case, "axis") and may_see(reader, fresh(case).decision, "reason")
        assert [row.seen_by for row in listing.page_for(reader).rows] == [reader.pk]
        client.force_login(reader)
        assert str(case.axis) in client.get(case.get_absolute_url()).content.decode()


# ── what ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_door_opens_what_is_restricted_and_nothing_that_grew_around_it(readers, case):
    reader = readers.requester_un
    assert [name for name in OPEN if not may_see(reader, case, name)] == []
    assert [name for name in CLOSED if may_see(reader, case, name)] == []
    assert may_see(reader, case.alternatives.first(), "note")
    make_move(case, "comment", by=readers.ocha_bria, audience="everybody", text="Who unloads?")
    beside = (case.decision, case.opinions.first(), case.moves.first(), case.extracts.first(), case.drafts.first(),
              case.consultations.first(), Comment.objects.get(), Event.objects.about(case).first())  # fmt: skip
    assert [row for row in beside if may_see(reader, row)] == []


def test_the_list_and_the_file_keep_the_hour_of_departure(client, readers, case):
    client.force_login(readers.requester_un)
    leaves = f"{case.departure_at:%-d %b}"
    assert leaves not in client.get("/requests/").content.decode()
    found = exports.export_register(
        by=readers.requester_un, asked={"sort": "new"}, form="csv", confidential=True, reason="Planning"
    )
    text = found.content.decode("utf-8-sig")
    assert case.reference in text and "4,200 people displaced" in text and "closed" in text
    for word in (*WORDS, str(case.axis)):
        assert word not in text, word


def test_its_route_is_not_searched_by_anybody(readers, case):
    Axis.objects.filter(pk=case.axis_id).update(name="Northern road")
    make_move(case, "raise_class", by=readers.ocha_bria, to="C")
    assert listing.page_for(readers.ocha_bria, query="northern").count == 1
    lowered(fresh(case), readers.ocha_bria)
    assert listing.page_for(readers.ocha_bria, query="northern").count == 0


@pytest.mark.parametrize("address", ["edit/1/", "comment/", "files/1/", "open/why_safer/", "papers/file/", "copy/",
                                     "raise_class/", "record/advise_cluster/"])  # fmt: skip
def test_no_other_address_of_it_opens(client, readers, case, address):
    client.force_login(readers.requester_un)
    for method in ("get", "post"):
        assert getattr(client, method)(f"{case.get_absolute_url()}{address}").status_code in (404, 405)


def test_they_make_no_move(readers, case):
    for move in ("raise_class", "comment"):
        with pytest.raises(Refused) as refused, transaction.atomic():
            make_move(case, move, by=readers.requester_un, to="S", audience="everybody", text="x")
        assert refused.value.kind == "right"


@pytest.mark.parametrize(("sensitivity", "told"), [("R", False), ("C", True), ("S", False)])
def test_a_title_names_the_axis_only_where_the_request_is_confidential(sensitivity, told):
    asked = Case(request_type="MCDA-INF", axis=Axis(pk=1, name="Northern road"))
    asked.sensitivity = sensitivity
    assert ("Northern road" in asked.title) == told


# ── how ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ocha_lowers_it_from_its_page(client, readers):
    case = case_at("clearing", readers)
    client.force_login(readers.ocha_bria)
    page = client.get(case.get_absolute_url()).content.decode()
    assert 'name="to" value="R"' in page
    client.force_login(readers.requester_bria)
    assert 'name="to" value="R"' not in client.get(case.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="Say why"), transaction.atomic():
        make_move(case, "lower_class", by=readers.ocha_bria, to="R", reason="")


def test_a_list_asks_once_whatever_is_restricted(readers, case):
    case_at("clearing", readers)
    for name in ("ocha_bria", "requester_un", "ocha_birao"):
        reader = getattr(readers, name)
        listing.page_for(reader)
        with CaptureQueriesContext(connection) as queries:
            page = listing.page_for(reader)
            for row in page.rows:
                may_see(reader, row, "departure_at")
        assert len(queries) == 1, name
