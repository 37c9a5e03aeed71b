"""What does a force get of the execution sheet, when, who reads the names, and when are they gone?"""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.barrier import NotReleased
from cmcoord.activity.checks import all_defects
from cmcoord.activity.mail import message_for
from cmcoord.activity.models import ErasableValue, Event, Notification
from contacts.models import Force
from requests_app import execution_sheet, ledger, services, sheet_in_papers, sources
from requests_app.models import ExecutionSheet, ReleasedNames, SheetPerson
from requests_app.services import Refused, make_move
from tests.factories import STEPS, case_at, fresh, sheet_as_read, write_sheet
from tests.requests_app.test_moves_views import local, opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

HOUR = dt.timedelta(hours=1)
NAME, PAPER = "Made-Up Driver", "ID-77"
DRIVER = {"name": NAME, "organisation": "INGO A", "id_number": PAPER, "telephone": "+236 70 00 00 99"}


def save(case, by, *, rows=None, **answers):
    sheet = execution_sheet.sheet_of(fresh(case))
    return services.save_sheet(fresh(case), by=by, base_version=sheet.version, answers=answers, rows=rows)


def with_driver(people, status="scheduled"):
    """A request whose force was sent one name."""
    case = case_at("accepted", people)
    save(case, people.requester_bria, names_needed=True, rows={"drivers": [DRIVER]})
    case = fresh(case)
    make_move(case, "schedule", by=people.ocha_bria, **STEPS["schedule"][2](case, timezone.now()))
    return fresh(case)


def names_url(case):
    return reverse("requests:force_names", args=[case.force_reference])


# ── what goes, and when ──────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_of_the_sheet_goes_before_the_schedule(people):
    case = case_at("accepted", people)
    held = {name for paper in case.extracts.all() for name in paper.content}
    assert held & set(sheet_in_papers.content(case, language="fr", texts={})[0]) == set()
    for name in ("vehicle_list", "drivers", "comms_plan"):
        with pytest.raises(NotReleased, match="before scheduled"):
            sources.check_released("supplement", [name], consent=True)
        sources.check_released("schedule", [name], consent=True)


def test_the_schedule_holds_the_sheet_in_the_language_of_the_force(people):
    Force.objects.update(language="fr")
    case = case_at("scheduled", people)
    paper = case.extracts.get(kind="schedule")
    assert paper.content["vehicle_list"] == ["Camion lourd · AA 001 BG · INGO A · MOSS"]
    assert paper.content["staff"] == ["INGO A · 3 personnes"]
    assert paper.content["cargo_lines"][0].startswith("Rice and beans · bags")
    assert paper.content["comms_plan"] == "HF every two hours with the base."
    assert paper.content["escort_rules"] == ["no_weapons", "leader_stops"]
    hidden = {"community_message", "security_ref", "programme_criticality", "authority_notified", "join_allowed"}
    assert hidden & set(paper.content) == set()
    assert execution_sheet.sheet_of(fresh(case)).sent_version == 1
    assert {text.field for text in paper.texts.all()} >= {"comms_plan", "casevac_plan"}
    assert list(ledger.differences()) == []


def test_ocha_writes_the_texts_of_the_sheet_for_the_force(people):
    case = case_at("accepted", people)
    facts = STEPS["schedule"][2](case, timezone.now()) | {"comms_plan": "HF toutes les deux heures."}
    make_move(case, "schedule", by=people.ocha_bria, **facts)
    text = fresh(case).extracts.get(kind="schedule").texts.get(field="comms_plan")
    assert (text.original, text.text) == ("HF every two hours with the base.", "HF toutes les deux heures.")


def test_the_force_reads_the_sheet_on_its_page_and_in_the_saved_paper(people, client):
    case = with_driver(people)
    client.force_login(people.force_u3)
    page = client.get(reverse("requests:force_case", args=[case.force_reference])).content.decode()
    answer = client.get(reverse("requests:force_paper", args=[case.force_reference, 2]))
    saved = b"".join(answer.streaming_content).decode()
    for text in (page, saved):
        assert "AA 001 BG" in text
        assert NAME not in text and PAPER not in text


# ── the words in its rows ────────────────────────────────────────────────────────────────────────────────────────────

WORDS = {"kind": "tanker", "plate": "AA 009 BG", "owner": "INGO A", "marking": "White, driven by Made-Up Person"}


def scheduling(case):
    facts = STEPS["schedule"][2](fresh(case), timezone.now())
    return {name: value for name, value in facts.items() if name != "sheet_version"}


def form_of(case):
    times = ("departure_at", "rendezvous_at")
    return {name: local(value) if name in times else value for name, value in scheduling(case).items()}


@pytest.mark.parametrize("version", [None, 0, 1])
def test_no_word_goes_that_ocha_has_not_read_as_it_stands(people, version):
    case = case_at("accepted", people)
    save(case, people.requester_bria, rows={"convoy_vehicles": [WORDS]})
    with pytest.raises(Refused, match="may read the words of the execution sheet"):
        make_move(fresh(case), "schedule", by=people.ocha_bria, sheet_version=version, **scheduling(case))
    assert not fresh(case).extracts.filter(kind="schedule").exists()
    make_move(fresh(case), "schedule", by=people.ocha_bria, sheet_version=2, **scheduling(case))
    save(case, people.requester_bria, rows={"convoy_vehicles": [WORDS | {"marking": "Blue"}]})
    with pytest.raises(Refused, match="may read the words of the execution sheet"):
        make_move(fresh(case), "send_sheet", by=people.ocha_bria, sheet_version=2)


@pytest.mark.parametrize("move", ["schedule", "send_sheet"])
def test_the_form_shows_every_word_and_asks_for_a_tick(people, client, move):
    case = case_at("accepted" if move == "schedule" else "scheduled", people)
    save(case, people.requester_bria, rows={"convoy_vehicles": [WORDS]})
    page = opened(client, people.ocha_bria, case, move).content.decode()
    for word in ("driven by Made-Up Person", "Rice and beans", "Storekeeper in Bria", "Convoy One"):
        assert word in page
    typed = (form_of(case) if move == "schedule" else {}) | {"sheet_version": 2}
    assert send(client, people.ocha_bria, case, move, **typed).status_code == 422
    assert send(client, people.ocha_bria, case, move, **typed, words_released="on").status_code == 302


def test_a_tick_for_an_earlier_sheet_is_asked_again(people, client):
    case = case_at("accepted", people)
    save(case, people.requester_bria, rows={"convoy_vehicles": [WORDS]})
    typed = form_of(case) | {"sheet_version": 1, "words_released": "on"}
    answer = send(client, people.ocha_bria, case, "schedule", **typed)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors["words_released"]
    assert (form["sheet_version"].value(), form["words_released"].value()) == ("2", False)
    assert "driven by Made-Up Person" in answer.content.decode()


# ── a change after the schedule ──────────────────────────────────────────────────────────────────────────────────────


def test_a_change_after_the_schedule_is_a_version_that_ocha_sends(people):
    case = case_at("scheduled", people)
    with pytest.raises(Refused, match="as it stands"):
        make_move(case, "send_sheet", by=people.ocha_bria, **sheet_as_read(case))
    truck = {"kind": "tanker", "plate": "AA 009 BG", "owner": "INGO A"}
    for plan in ("Radio A", "Radio B"):
        save(case, people.requester_bria, comms_plan=plan, rows={"convoy_vehicles": [truck]})
    events = Event.objects.about(case).filter(kind="case.sheet")
    told = Notification.objects.filter(event__in=events, recipient=people.ocha_bria, channel="mail")
    assert [row.expects for row in told] == ["act"]  # once, not for every saving
    assert fresh(case).extracts.count() == 2
    make_move(case, "send_sheet", by=people.ocha_bria, **sheet_as_read(case))
    paper = fresh(case).extracts.get(kind="supplement")
    assert paper.number == 3
    assert paper.content["vehicle_list"] == ["Tanker · AA 009 BG · INGO A"]
    assert paper.content["comms_plan"] == "Radio B"
    assert "staff" not in paper.content  # it has not changed
    assert not execution_sheet.sheet_of(fresh(case)).changed_since_sent
    assert list(ledger.differences()) == []


def test_what_is_no_longer_so_is_said(people):
    case = with_driver(people)
    save(case, people.requester_bria, names_needed=False, rows={"drivers": []})
    make_move(case, "send_sheet", by=people.ocha_bria, **sheet_as_read(case))
    paper = fresh(case).extracts.get(kind="supplement")
    assert paper.content["drivers"] == {"count": 0, "digest": ""}


def test_what_is_no_longer_so_is_said_once(people):
    case = case_at("scheduled", people)
    save(case, people.requester_bria, convoy_name="Convoy Two", rows={"stops": [{"spot": "Ippy"}]})
    make_move(case, "send_sheet", by=people.ocha_bria, **sheet_as_read(case))
    save(case, people.requester_bria, rows={"stops": []})
    make_move(case, "send_sheet", by=people.ocha_bria, **sheet_as_read(case))
    assert fresh(case).extracts.last().content["stops"] == ["–"]
    save(case, people.requester_bria, convoy_name="Convoy Three")
    make_move(case, "send_sheet", by=people.ocha_bria, **sheet_as_read(case))
    assert "stops" not in fresh(case).extracts.last().content


def test_an_incomplete_sheet_is_not_sent(people):
    case = case_at("scheduled", people)
    save(case, people.requester_bria, comms_plan="")
    with pytest.raises(Refused, match="How does the convoy keep in touch"):
        make_move(case, "send_sheet", by=people.ocha_bria, **sheet_as_read(case))


@pytest.mark.parametrize("who", ["requester_bria", "force_u3", "hc", "ocha_birao"])
def test_only_ocha_at_the_station_sends_it(people, who):
    case = case_at("scheduled", people)
    save(case, people.requester_bria, comms_plan="Radio")
    with pytest.raises(Refused) as refused:
        make_move(case, "send_sheet", by=getattr(people, who), **sheet_as_read(case))
    assert refused.value.kind == "right"


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_paper_holds_a_digest_of_the_names_and_not_the_names(people):
    case = with_driver(people)
    paper = case.extracts.get(kind="schedule")
    row = paper.names.get()
    assert NAME in row.text
    assert paper.content["drivers"] == {"count": 1, "digest": sheet_in_papers.digest(row)}
    assert NAME not in str(paper.content)


def test_the_force_reads_the_names_by_a_button_and_each_reading_is_recorded(people, client):
    case = with_driver(people)
    client.force_login(people.force_u3)
    assert client.get(names_url(case)).status_code == 405
    answer = client.post(names_url(case))
    assert NAME in answer.content.decode() and PAPER in answer.content.decode()
    event = Event.objects.about(case).latest("id")
    assert (event.kind, event.by) == ("case.open_papers", people.force_u3)


@pytest.mark.parametrize("who", ["force_ml", "requester_bria", "donor", "ocha_bria"])
def test_nobody_else_reads_the_names_of_the_force(people, client, who):
    case = with_driver(people)
    client.force_login(getattr(people, who))
    assert client.post(names_url(case)).status_code == 404


def test_names_that_were_altered_are_not_shown(people, client):
    case = with_driver(people)
    ReleasedNames.objects.update(text="Somebody Else")
    client.force_login(people.force_u3)
    assert client.post(names_url(case)).status_code == 302


def test_after_the_movement_the_force_reads_no_name(people, client):
    case = with_driver(people)
    make_move(case, "cancel", by=people.ocha_bgi, reason="The need has gone.")
    client.force_login(people.force_u3)
    answer = client.post(names_url(case), follow=True)
    assert NAME not in answer.content.decode()
    assert "force_names" not in answer.content.decode() and names_url(case) not in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("ocha_bria", 200), ("hc", 200), ("log_cluster", 403), ("donor", 404)])
def test_of_the_humanitarians_only_the_named_roles_read_names(people, client, who, status):
    case = with_driver(people)
    client.force_login(getattr(people, who))
    answer = client.post(reverse("requests:sheet_names", args=[case.reference]))
    assert answer.status_code == status
    assert (NAME in answer.content.decode()) == (status == 200)
    assert Event.objects.about(case).filter(kind="case.open_secret", data__field="names").exists() == (status == 200)


def test_no_mail_holds_a_name(people):
    case = with_driver(people)
    save(case, people.requester_bria, rows={"passengers": [DRIVER | {"name": "Made-Up Passenger"}]})
    make_move(case, "send_sheet", by=people.ocha_bria, **sheet_as_read(case))
    rows = Notification.objects.filter(channel="mail").exclude(recipient=None)
    assert rows.count() > 5
    for row in rows:
        message = message_for(row)
        assert "Made-Up" not in f"{message.subject} {message.body} {message.alternatives}"


# ── and they are forgotten ───────────────────────────────────────────────────────────────────────────────────────────


def ended(people):
    case = with_driver(people)
    make_move(case, "cancel", by=people.ocha_bgi, reason="The need has gone.")
    return fresh(case), fresh(case).moves.get(code="cancel").at


def test_names_are_destroyed_after_72_hours_and_not_before(people):
    case, over = ended(people)
    assert services.destroy_names(over + HOUR * 71) == 0
    assert SheetPerson.objects.count() == 1
    assert services.destroy_names(over + HOUR * 73) == 1
    assert SheetPerson.objects.count() == ReleasedNames.objects.count() == 0
    event = Event.objects.about(case).get(kind="case.forget_names")
    assert event.data["names"] == 1
    assert ExecutionSheet.objects.get(case=case).names_destroyed_at == over + HOUR * 73
    assert services.destroy_names(over + HOUR * 99) == 0  # once


def test_the_trail_stays_whole_and_no_name_is_left_anywhere(people):
    case, over = ended(people)
    services.destroy_names(over + HOUR * 73)
    assert list(all_defects(case.stream)) == []
    assert list(ledger.differences()) == []
    everything = [*ErasableValue.objects.values_list("value", flat=True), *map(str, Event.objects.values_list("data"))]
    everything += [str(paper.content) for paper in case.extracts.all()]
    assert "Made-Up" not in " ".join(everything)


@pytest.mark.parametrize("status", ["scheduled", "underway"])
def test_names_stay_while_the_convoy_is_on_its_way(people, status):
    case = case_at(status, people)
    SheetPerson.objects.create(sheet=case.sheet, role="driver", name=NAME)
    assert services.destroy_names(timezone.now() + HOUR * 1000) == 0


def test_also_names_that_were_never_sent_are_destroyed(people):
    case = case_at("denied", people)
    write_sheet(case)
    case = fresh(case)
    SheetPerson.objects.create(sheet=case.sheet, role="driver", name=NAME)
    assert services.destroy_names(timezone.now() + HOUR * 100) == 1
