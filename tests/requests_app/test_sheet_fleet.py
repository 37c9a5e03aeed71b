"""Is a sheet filled from the organisation's own fleet, and from no other, and does what was typed go back into it?"""

import pytest

from cmcoord.activity.models import Event
from contacts import services
from contacts.models import FleetDriver, FleetVehicle
from requests_app import execution_sheet
from tests.factories import CALL, case_at, draft_case, fleet_of, fresh
from tests.requests_app.test_sheet import DRIVER, NAME, TRUCK, part_url, save, sent_by

pytestmark = pytest.mark.django_db
PARTS = {"convoy_vehicles": (2, FleetVehicle, "AA 777 BG"), "drivers": (3, FleetDriver, "Kept Driver")}


def post(client, case, name, user, **changes):
    client.force_login(user)
    part = PARTS[name][0]
    return client.post(part_url(case, part), sent_by(case, part, user, **changes))


def filled(client, case, name, user, *rows, **changes):
    return post(client, case, name, user, from_fleet=name, **{f"fleet-{name}": [row.pk for row in rows]}, **changes)


def on_sheet(case, name):
    return execution_sheet.rows_of(execution_sheet.sheet_of(fresh(case)), name)


def typed(name, row, at=0, **changes):
    kept = {f"{name}-{at}-{column}": value for column, value in row.items() if value is not True}
    return kept | {f"{name}-TOTAL_FORMS": str(at + 1)} | changes


@pytest.mark.parametrize("name", PARTS)
def test_ticked_rows_are_filled_in_by_one_tap_and_offered_no_more(client, people, name):
    part, model, word = PARTS[name]
    case, row = draft_case(people.requester_bria), fleet_of(people.requester_bria, model)
    client.force_login(people.colleague_bria)
    page = client.get(part_url(case, part)).content.decode()
    assert f'name="fleet-{name}" value="{row.pk}"' in page and word in page
    answer = filled(client, case, name, people.colleague_bria, row)
    assert (answer.status_code, answer.url) == (302, part_url(case, part))
    [stands] = on_sheet(case, name)
    assert [getattr(stands, column) for column in row.kept] == [getattr(row, column) for column in row.kept]
    assert getattr(stands, "owner" if name == "convoy_vehicles" else "organisation") == str(case.organisation)
    assert f'name="fleet-{name}"' not in client.get(part_url(case, part)).content.decode()


@pytest.mark.parametrize(("name", "row"), [("convoy_vehicles", TRUCK), ("drivers", DRIVER)])
def test_what_is_typed_stays_and_twice_makes_no_doubles(client, people, name, row):
    part, model, _word = PARTS[name]
    case, kept = draft_case(people.requester_bria), fleet_of(people.requester_bria, model)
    client.force_login(people.requester_bria)
    sent = sent_by(case, part, people.requester_bria, **typed(name, row), from_fleet=name)
    sent[f"fleet-{name}"] = [kept.pk, kept.pk]
    for _time in range(2):  # the same page again: the answer did not arrive
        assert client.post(part_url(case, part), sent).status_code == 302
    first, second = on_sheet(case, name)
    word = "plate" if name == "convoy_vehicles" else "name"
    assert getattr(first, word) == row[word] and getattr(second, word) == getattr(kept, word)
    assert filled(client, case, name, people.requester_bria, kept).status_code == 302
    assert len(on_sheet(case, name)) == 2


def test_a_plate_typed_otherwise_is_the_same_vehicle_and_keeps_its_words(client, people):
    case, row = draft_case(people.requester_bria), fleet_of(people.requester_bria, FleetVehicle)
    own = typed("convoy_vehicles", {"kind": "tanker", "plate": "aa777bg", "marking": "Grey"})
    assert filled(client, case, "convoy_vehicles", people.requester_bria, row, **own).status_code == 302
    [stands] = on_sheet(case, "convoy_vehicles")
    assert (stands.kind, stands.plate, stands.marking) == ("tanker", "aa777bg", "Grey")


def test_what_else_is_wrong_on_the_page_stays_with_its_sentence(client, people):
    case, row = draft_case(people.requester_bria), fleet_of(people.requester_bria, FleetDriver)
    answer = filled(client, case, "drivers", people.requester_bria, row, leader_telephone="no number")
    assert answer.status_code == 422 and "no number" in answer.content.decode()
    assert [one.name for one in on_sheet(case, "drivers")] == ["Kept Driver"]


@pytest.mark.parametrize("total", ["", "-1", "abc", "9999999"])
@pytest.mark.parametrize("ticked", ["0", "-1", "x", "9" * 30])
def test_hostile_ticks_break_nothing(client, people, total, ticked):
    case = draft_case(people.requester_bria)
    sent = {"convoy_vehicles-TOTAL_FORMS": total, "fleet-convoy_vehicles": [ticked], "from_fleet": "convoy_vehicles"}
    assert post(client, case, "convoy_vehicles", people.requester_bria, **sent).status_code in (302, 422)
    assert on_sheet(case, "convoy_vehicles") == []


def test_more_ticks_than_a_sheet_has_rows_are_said_and_lose_nothing(client, people):
    case = draft_case(people.requester_bria)
    rows = [{"kind": "tanker", "plate": f"AA {number:03}"} for number in range(110)]
    services.keep(
        FleetVehicle, by=people.requester_bria, organisation=case.organisation, country=case.country_id, rows=rows
    )
    answer = filled(client, case, "convoy_vehicles", people.requester_bria, *FleetVehicle.objects.all())
    assert answer.status_code == 422
    assert "At most 100 rows." in answer.content.decode() and 'value="AA 109"' in answer.content.decode()
    assert len(on_sheet(case, "convoy_vehicles")) == 100


# ── back into the fleet ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "row"), [("convoy_vehicles", TRUCK), ("drivers", DRIVER)])
def test_typed_rows_are_kept_for_the_next_convoy_once(client, people, name, row):
    part, model, _word = PARTS[name]
    case = draft_case(people.requester_bria)
    own = row | {("owner" if name == "convoy_vehicles" else "organisation"): str(case.organisation)}
    sent = typed(name, own, keep_fleet=name)
    for _time in range(2):
        assert post(client, case, name, people.requester_bria, **sent).status_code == 302
    [kept] = model.objects.all()
    assert (kept.organisation, kept.country_id) == (case.organisation, case.country_id)
    assert len(on_sheet(case, name)) == 1
    assert Event.objects.filter(kind="fleet.keep").count() == 1


def test_what_belongs_to_somebody_else_is_not_kept(client, people):
    case = draft_case(people.requester_bria)
    hired = TRUCK | {"owner": "Carrier Ltd"}
    post(client, case, "convoy_vehicles", people.requester_bria, **typed("convoy_vehicles", hired), keep_fleet="x")
    answer = post(
        client, case, "convoy_vehicles", people.requester_bria, **typed("convoy_vehicles", hired),
        keep_fleet="convoy_vehicles",
    )  # fmt: skip
    assert answer.status_code == 302 and not FleetVehicle.objects.exists()


def test_a_number_that_the_fleet_does_not_take_is_said(client, people):
    case = draft_case(people.requester_bria)
    row = DRIVER | {"organisation": "", "telephone": "(236) 70000099"}
    answer = post(client, case, "drivers", people.requester_bria, **typed("drivers", row), keep_fleet="drivers")
    assert answer.status_code == 302 and not FleetDriver.objects.exists()
    assert "Write a telephone number" in client.get(answer.url).content.decode()
    assert [one.name for one in on_sheet(case, "drivers")] == [NAME]


# ── who may not ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PARTS)
def test_a_row_of_another_fleet_is_not_there(client, people, name):
    _part, model, word = PARTS[name]
    case, theirs = draft_case(people.requester_bria), fleet_of(people.requester_un, model)
    assert filled(client, case, name, people.requester_bria, theirs).status_code in (302, 422)
    assert on_sheet(case, name) == []
    assert word not in client.get(part_url(case, PARTS[name][0])).content.decode()


@pytest.mark.parametrize("name", PARTS)
def test_ocha_that_writes_for_an_organisation_reads_and_takes_nothing_of_its_fleet(client, people, name):
    part, model, word = PARTS[name]
    row = fleet_of(people.requester_bria, model)
    case = draft_case(people.ocha_bria, organisation=people.requester_bria.organisation, on_behalf=CALL)
    client.force_login(people.ocha_bria)
    page = client.get(part_url(case, part)).content.decode()
    assert word not in page and "keep_fleet" not in page
    filled(client, case, name, people.ocha_bria, row)
    assert on_sheet(case, name) == []
    typed_row = typed(name, TRUCK | {"owner": ""} if name == "convoy_vehicles" else DRIVER)
    assert post(client, case, name, people.ocha_bria, **typed_row, keep_fleet=name).status_code == 403
    assert model.objects.count() == 1


@pytest.mark.parametrize("who", ["requester_birao", "force_u3", "donor", "ocha_bko"])
def test_who_does_not_see_the_request_fills_nothing(client, people, who):
    case, row = case_at("accepted", people), fleet_of(people.requester_bria, FleetDriver)
    before = execution_sheet.sheet_of(fresh(case)).version
    client.force_login(getattr(people, who))
    answer = client.post(part_url(case, 3), {"from_fleet": "drivers", "fleet-drivers": [row.pk]})
    assert answer.status_code == 404 and execution_sheet.sheet_of(fresh(case)).version == before


@pytest.mark.parametrize("act", ["from_fleet", "keep_fleet"])
def test_too_late_nothing_is_filled_or_kept(client, people, act):
    case, row = case_at("completed", people), fleet_of(people.requester_bria, FleetVehicle)
    before, kept = len(on_sheet(case, "convoy_vehicles")), FleetVehicle.objects.count()
    sent = typed("convoy_vehicles", TRUCK | {"owner": ""}) | {"fleet-convoy_vehicles": [row.pk], act: "convoy_vehicles"}
    answer = post(client, case, "convoy_vehicles", people.requester_bria, **sent)
    assert answer.status_code == 409
    assert len(on_sheet(case, "convoy_vehicles")) == before and FleetVehicle.objects.count() == kept


def test_drivers_are_read_only_where_names_are_wanted_and_each_reading_is_recorded(client, people):
    case = draft_case(people.requester_bria)
    fleet_of(people.requester_bria, FleetDriver)
    client.force_login(people.requester_bria)
    assert "Kept Driver" in client.get(part_url(case, 3)).content.decode()
    assert Event.objects.get(kind="fleet.open").by == people.requester_bria
    save(case, people.requester_bria, names_needed=False)
    assert "Kept Driver" not in client.get(part_url(case, 3)).content.decode()
    assert Event.objects.filter(kind="fleet.open").count() == 1


def test_the_fleet_of_another_country_is_not_offered(client, people, mali):
    case = draft_case(people.requester_bria)
    row = fleet_of(people.requester_bria, FleetVehicle)
    FleetVehicle.objects.filter(pk=row.pk).update(country=mali)
    filled(client, case, "convoy_vehicles", people.requester_bria, row)
    assert on_sheet(case, "convoy_vehicles") == []
