"""Who keeps the vehicles and drivers of an organisation, who reads them, and what stays when they go?"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from cmcoord.activity.barrier import NotReleased, Side, Stage, may_see, released
from cmcoord.activity.models import ErasableValue, Event
from contacts import keepers, services
from contacts.models import FleetDriver, FleetVehicle
from contacts.services import fleet
from tests.people import appointed, person

pytestmark = pytest.mark.django_db
TRUCK = {"kind": "heavy_truck", "plate": "AA 002 BG", "marking": "White", "radio": "VHF", "moss": True}
DRIVER = {"name": "Made-Up Driver", "id_number": "ID-77", "telephone": "+236 70 00 00 99"}
OTHERS = (
    "requester_birao", "requester_un", "ocha_bria", "ocha_bgi", "hc", "log_cluster", "undss", "ngosec", "donor",
    "force_u3", "force_sector", "admin", "nobody",
)  # fmt: skip
PAGES = {FleetVehicle: "fleet:vehicles", FleetDriver: "fleet:drivers"}


def keep(people, model, *rows, by=None, country="CAF"):
    organisation = people.requester_bria.organisation
    return services.keep(model, by=by or people.requester_bria, organisation=organisation, country=country, rows=rows)


@pytest.fixture
def both(people):
    keep(people, FleetVehicle, TRUCK)
    keep(people, FleetDriver, DRIVER)
    return FleetVehicle.objects.get(), FleetDriver.objects.get()


@pytest.mark.parametrize(
    ("model", "row", "word"), [(FleetVehicle, TRUCK, "AA 002 BG"), (FleetDriver, DRIVER, "Made-Up Driver")]
)
def test_a_requester_keeps_a_row_and_a_colleague_reads_and_removes_it(client, people, model, row, word):
    client.force_login(people.requester_bria)
    sent = {name: "on" if value is True else value for name, value in row.items()}
    assert client.post(reverse(PAGES[model]), sent).status_code == 302
    client.force_login(people.colleague_bria)
    assert word in client.get(reverse(PAGES[model])).content.decode()
    stands = model.objects.get()
    gone = reverse("fleet:remove_" + ("vehicle" if model is FleetVehicle else "driver"), args=[stands.pk])
    assert client.get(gone).status_code == 405
    assert client.post(gone).status_code == 302
    assert not model.objects.exists()
    assert client.post(gone).status_code == 404


@pytest.mark.parametrize(
    ("page", "row", "changes"),
    [
        ("vehicles", TRUCK, {"plate": ""}),
        ("vehicles", TRUCK, {"plate": "x" * 21}),
        ("vehicles", TRUCK, {"kind": "tank"}),
        ("drivers", DRIVER, {"name": " "}),
        ("drivers", DRIVER, {"telephone": "call me"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, people, page, row, changes):
    client.force_login(people.requester_bria)
    assert client.post(reverse(f"fleet:{page}"), row | changes).status_code == 422
    assert not FleetVehicle.objects.exists() and not FleetDriver.objects.exists()


def test_the_same_plate_or_paper_is_the_same_row_and_a_blank_wipes_nothing(people, both):
    again = {"kind": "tanker", "plate": "aa-002-bg", "marking": "", "radio": "HF", "moss": True}
    assert keep(people, FleetVehicle, again, again) == services.Kept(added=0, changed=1)
    row = FleetVehicle.objects.get()
    assert (row.kind, row.plate, row.marking, row.radio) == ("tanker", "aa-002-bg", "White", "HF")
    assert keep(people, FleetDriver, DRIVER | {"name": "Made-Up Driver Junior", "id_number": "id 77"}).changed == 1
    assert FleetDriver.objects.get().name == "Made-Up Driver Junior"
    assert keep(people, FleetDriver, {"name": "Élie", "id_number": ""}, {"name": "ELIE"}).added == 1
    count = Event.objects.filter(kind="fleet.keep").count()
    assert keep(people, FleetVehicle, again) == services.Kept()
    assert Event.objects.filter(kind="fleet.keep").count() == count


@pytest.mark.parametrize("at", [0, 1])
def test_a_row_is_corrected_on_a_page_of_its_own_blanks_too(client, people, both, at):
    row, page = both[at], ("fleet:correct_vehicle", "fleet:correct_driver")[at]
    old = row.key
    client.force_login(people.requester_bria)
    url = reverse(page, args=[row.pk])
    assert getattr(row, row.kept_by) in client.get(url).content.decode()
    assert Event.objects.filter(kind="fleet.open").count() == at, "names are read"
    sent = [{"kind": "tanker", "plate": "ZZ 9 BG"}, {"name": "Another Driver", "id_number": "", "telephone": ""}][at]
    assert client.post(url, sent).status_code == 302
    row.refresh_from_db()
    assert row.key != old and getattr(row, row.kept_by) in sent.values()
    assert [row.marking, row.moss] == ["", False] if at == 0 else [row.id_number, row.telephone] == ["", ""]
    assert type(row).objects.count() == 1
    event = Event.objects.filter(kind="fleet.keep").latest("pk")
    assert (event.data["changed"], event.data["rows"]) == (1, [row.digest])
    assert client.post(url, dict.fromkeys(sent, "")).status_code == 422


def test_no_two_rows_become_one_by_a_correction(client, people, both):
    keep(people, FleetVehicle, TRUCK | {"plate": "ZZ 1"})
    other = FleetVehicle.objects.get(plate="ZZ 1")
    client.force_login(people.requester_bria)
    sent = {"kind": "tanker", "plate": "aa-002-bg"}
    assert client.post(reverse("fleet:correct_vehicle", args=[other.pk]), sent).status_code == 422
    assert FleetVehicle.objects.filter(pk=other.pk, plate="ZZ 1").exists()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_corrects_it(client, people, both, who):
    user = getattr(people, who)
    client.force_login(user)
    for row, page in zip(both, ("fleet:correct_vehicle", "fleet:correct_driver"), strict=True):
        for method in (client.get, client.post):
            assert method(reverse(page, args=[row.pk]), DRIVER | TRUCK).status_code == 404
        with pytest.raises(PermissionDenied):
            services.correct(row, by=user, values=DRIVER | TRUCK)
    with pytest.raises(PermissionDenied):
        services.open_driver(both[1], by=user)


def test_a_fleet_has_an_end(people, monkeypatch):
    monkeypatch.setattr(fleet, "MOST", 2)
    with pytest.raises(ValidationError):
        keep(people, FleetVehicle, *({"kind": "boat", "plate": f"B {number}"} for number in range(3)))
    assert not FleetVehicle.objects.exists()


# ── who reads it ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_reads_keeps_or_removes_it(client, people, both, who):
    user = getattr(people, who)
    client.force_login(user)
    own_fleet = who in ("requester_birao", "requester_un")
    assert bool(keepers.fleets_of(user)) is own_fleet
    for page in PAGES.values():
        answer = client.get(reverse(page))
        assert answer.status_code == (200 if own_fleet else 403)
        assert "AA 002 BG" not in answer.content.decode() and "Made-Up Driver" not in answer.content.decode()
    for row, page in zip(both, ("fleet:remove_vehicle", "fleet:remove_driver"), strict=True):
        assert not may_see(user, row)
        assert client.post(reverse(page, args=[row.pk])).status_code == 404
        with pytest.raises(PermissionDenied):
            services.remove(row, by=user)
        with pytest.raises(PermissionDenied):
            keep(people, type(row), DRIVER | TRUCK, by=user)
    with pytest.raises(PermissionDenied):
        services.open_drivers(by=user, organisation=people.requester_bria.organisation, country="CAF")
    assert FleetVehicle.objects.exists() and FleetDriver.objects.exists()


def test_the_same_organisation_elsewhere_has_a_fleet_of_its_own(client, people, both, mali):
    organisation = people.requester_bria.organisation
    organisation.countries.add(mali)
    elsewhere = person("elsewhere", "requester", organisation=organisation, name="Elsewhere", country="MLI")
    with pytest.raises(PermissionDenied):
        keep(people, FleetVehicle, TRUCK, by=people.requester_bria, country="MLI")
    assert keep(people, FleetVehicle, TRUCK, by=elsewhere, country="MLI").added == 1
    client.force_login(elsewhere)
    assert "Made-Up Driver" not in client.get(reverse("fleet:drivers")).content.decode()
    assert not may_see(elsewhere, both[1])
    appointed(elsewhere, "requester", country="CAF")
    client.force_login(elsewhere)
    page = client.get(reverse("fleet:vehicles")).content.decode()
    assert 'name="whose"' in page and page.count("AA 002 BG") >= 2
    sent = TRUCK | {"plate": "ZZ 1", "moss": "on", "whose": f"{organisation.pk}-MLI"}
    assert client.post(reverse("fleet:vehicles"), sent).status_code == 302
    assert FleetVehicle.objects.get(plate="ZZ 1").country_id == "MLI"
    assert client.post(reverse("fleet:vehicles"), sent | {"whose": "1-TCD"}).status_code == 422


def test_signed_out_nothing_is_said(client, both):
    for page in PAGES.values():
        assert client.get(reverse(page)).status_code == 302


def test_no_force_gets_any_of_it(both):
    for row in both:
        for name in row.kept:
            with pytest.raises(NotReleased):
                released(row, name, to=Side.FORCE, stage=Stage.SCHEDULED, consent=True)


# ── the trail ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_trail_has_digests_alone_and_they_say_nothing_once_the_row_is_gone(people, both):
    driver = both[1]
    event = Event.objects.filter(kind="fleet.keep", data__of="drivers").get()
    assert event.data["rows"] == [ErasableValue.digest_of(driver.salt, driver.key)]
    services.remove(driver, by=people.requester_bria)
    assert Event.objects.get(kind="fleet.remove").data["rows"] == event.data["rows"]
    trail = " ".join(str(one.data) for one in Event.objects.filter(kind__startswith="fleet."))
    for word in ("Made-Up", "ID-77", "ID77", "AA 002", "AA002BG", "70 00 00 99", driver.salt):
        assert word not in trail
    assert not ErasableValue.objects.filter(event__kind__startswith="fleet.").exists()


def test_each_reading_of_the_drivers_is_recorded_and_none_of_an_empty_list(client, people):
    client.force_login(people.requester_bria)
    client.get(reverse("fleet:drivers"))
    assert not Event.objects.filter(kind="fleet.open").exists()
    keep(people, FleetDriver, DRIVER)
    client.get(reverse("fleet:drivers"))
    event = Event.objects.get(kind="fleet.open")
    assert (event.by, event.stream, event.data["count"]) == (people.requester_bria, "CAF", 1)


@pytest.mark.parametrize(
    ("page", "row", "name", "model"),
    [("vehicles", TRUCK, "plate", FleetVehicle), ("drivers", DRIVER | {"id_number": ""}, "name", FleetDriver)],
)
def test_no_row_keeps_signs_that_nobody_sees(client, people, page, row, name, model):
    unseen = "\u202e\u200b\u00ad"
    client.force_login(people.requester_bria)
    assert client.post(reverse(f"fleet:{page}"), row | {name: unseen}).status_code == 422
    assert not model.objects.exists()
    assert client.post(reverse(f"fleet:{page}"), row | {name: f"{unseen}{row[name]}"}).status_code == 302
    assert getattr(model.objects.get(), name) == row[name]
