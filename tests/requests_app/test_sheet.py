"""Is the execution sheet written part by part, by whom it should, and does nobody leave without it?"""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts import kept_words
from cmcoord.activity.models import ErasableValue, Event, Notification
from cmcoord.guidance.clauses import CLAUSES
from requests_app import execution_sheet, services, sheet_page, turns
from requests_app.forms.sheet import SheetForm
from requests_app.models import Case, ExecutionSheet
from requests_app.questions import BY_FIELD, SHEET, questions
from requests_app.services import Refused, make_move
from requests_app.waiting import groups
from tests.factories import CALL, STEPS, case_at, draft_case, fresh, write_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
TRUCK = {"kind": "heavy_truck", "plate": "AA 002 BG", "owner": "INGO A", "moss": True}
NAME = "Made-Up Driver"
DRIVER = {"name": NAME, "organisation": "INGO A", "id_number": "ID-77", "telephone": "+236 70 00 00 99"}


def with_case(sheet: ExecutionSheet) -> Case:
    return fresh(sheet.case)


def save(case, by, *, rows=None, version=None, **answers):
    sheet = execution_sheet.sheet_of(fresh(case))
    base = sheet.version if version is None else version
    return services.save_sheet(fresh(case), by=by, base_version=base, answers=answers, rows=rows)


def schedule(case, people):
    case = fresh(case)
    return make_move(case, "schedule", by=people.ocha_bria, **STEPS["schedule"][2](case, timezone.now()))


def labels(case) -> set[str]:
    return {question.field for question in execution_sheet.missing(fresh(case))}


# ── what is missing ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_clause_of_the_sheet_is_known():
    asked = questions("AE", SHEET)
    assert len(asked) > 25
    assert [row.clause for row in asked if not all(key in CLAUSES for key in row.clause.split(", ") if key)] == []


def test_a_part_marks_what_may_stay_empty(people, client):
    case = case_at("accepted", people)
    client.force_login(people.requester_bria)
    page = client.get(f"{case.get_absolute_url()}sheet/5/").content.decode()
    marked = {part.partition('for="id_')[2].partition('"')[0] for part in page.split("<label") if "(optional)" in part}
    assert "authority_notified" in marked
    assert not marked & {"escort_distance", "comms_plan"}


def test_an_empty_sheet_lacks_what_must_be_known(people):
    case = draft_case(people.requester_bria)
    assert labels(case) == {
        "convoy_name", "leaves_at", "arrives_at", "return_leg", "convoy_vehicles", "convoy_leader", "leader_telephone",
        "focal_point", "focal_telephone", "staff", "names_needed", "cargo_lines", "consignee", "comms_plan",
        "casevac_plan", "escort_rules",
    }  # fmt: skip


def test_with_the_united_nations_on_board_their_clearance_is_asked(people):
    case = draft_case(people.requester_un, un_on_board=True)
    assert {"security_ref", "programme_criticality"} <= labels(case)


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"names_needed": True}, "drivers"),
        ({"escort_rules": ["distance"]}, "escort_distance"),
        ({"comms_plan": ""}, "comms_plan"),
        ({"escort_rules": []}, "escort_rules"),
    ],
)
def test_an_answer_asks_for_another(people, changes, lacks):
    case = case_at("approved", people)
    assert labels(case) == set()
    write_sheet(case, **changes)
    assert labels(case) == {lacks}


def test_a_convoy_that_arrives_another_day_names_where_it_sleeps(people):
    case = case_at("approved", people)
    write_sheet(case, arrives_at=case.departure_at + DAY)
    assert labels(case) == {"stops"}
    stop = {"place": case.origin, "arrives_at": case.departure_at + HOUR, "overnight": True}
    save(case, people.requester_bria, rows={"stops": [stop]})
    assert labels(case) == set()


def test_nobody_is_scheduled_without_a_sheet(people):
    case = case_at("accepted", people)
    ExecutionSheet.objects.all().delete()
    with pytest.raises(Refused) as refused:
        schedule(case, people)
    assert refused.value.kind == "need"
    assert "Vehicles of the convoy (CAR-CMC §6)" in refused.value.sentence
    assert "10 more" in refused.value.sentence
    assert fresh(case).status == "accepted"


def test_one_missing_answer_is_enough_to_stop(people):
    case = case_at("accepted", people)
    sheet = write_sheet(case, casevac_plan="")
    sheet.is_complete = True  # what is stored is not believed
    sheet.save()
    with pytest.raises(Refused, match="What happens if somebody is hurt"):
        schedule(case, people)
    save(case, people.requester_bria, casevac_plan="Hospital of Bria.")
    schedule(case, people)
    assert fresh(case).status == "scheduled"


# ── saving ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_part_is_saved_with_its_version_and_its_event(people):
    case = draft_case(people.requester_bria)
    version = fresh(case).version
    sheet = save(case, people.requester_bria, convoy_name="Convoy Two", rows={"convoy_vehicles": [TRUCK]})
    assert (sheet.version, sheet.updated_by) == (1, people.requester_bria)
    assert fresh(case).version == version  # steps of the request itself are not disturbed
    event = Event.objects.about(case).get(kind="case.sheet")
    assert event.data["changed"] == ["convoy_name", "convoy_vehicles"]
    assert event.data["convoy_name"] == {"old": "", "new": "Convoy Two"}
    assert "AA 002 BG" not in str(event.data)  # confidential: only by its digest
    assert "AA 002 BG" in ErasableValue.objects.get(event=event, field="convoy_vehicles").value


def test_saving_the_same_again_writes_nothing(people):
    case = draft_case(people.requester_bria)
    for _time in range(2):
        save(case, people.requester_bria, convoy_name="Convoy Two", rows={"convoy_vehicles": [TRUCK]})
    assert execution_sheet.sheet_of(fresh(case)).version == 1
    assert Event.objects.about(case).filter(kind="case.sheet").count() == 1


def test_a_stale_version_is_refused(people):
    case = draft_case(people.requester_bria)
    save(case, people.requester_bria, convoy_name="Convoy Two")
    with pytest.raises(Refused) as refused:
        save(case, people.colleague_bria, version=0, convoy_name="Convoy Three")
    assert refused.value.kind == "state"
    assert execution_sheet.sheet_of(fresh(case)).convoy_name == "Convoy Two"


def test_names_stand_nowhere_in_the_trail_and_in_no_mail(people):
    case = case_at("accepted", people)
    save(case, people.requester_bria, names_needed=True, rows={"drivers": [DRIVER]})
    event = Event.objects.about(case).filter(kind="case.sheet").latest("id")
    values = ErasableValue.objects.filter(event=event)
    assert values.get(field="drivers").value == "0 → 1"
    assert NAME not in str(event.data) + "".join(values.values_list("value", flat=True))
    assert not Notification.objects.filter(event=event).exists()


@pytest.mark.parametrize(
    ("who", "kind"),
    [("requester_birao", "right"), ("ocha_bria", "need"), ("hc", "right"), ("force_u3", "right"), ("donor", "right")],
)
def test_others_write_no_sheet(people, who, kind):
    case = case_at("accepted", people)
    with pytest.raises(Refused) as refused:
        save(case, getattr(people, who), convoy_name="Theirs")
    assert refused.value.kind == kind


def test_the_officer_who_took_it_down_writes_the_sheet(people):
    ngo = people.requester_bria.organisation
    case = draft_case(people.ocha_bria, organisation=ngo, on_behalf=CALL)
    assert save(case, people.ocha_bria, convoy_name="Convoy Two").version == 1
    with pytest.raises(Refused):
        save(case, people.ocha_bgi, convoy_name="Convoy Three")


@pytest.mark.parametrize("status", ["completed", "closed", "denied", "withdrawn"])
def test_after_the_end_nothing_is_written(people, status):
    case = case_at(status, people)
    with pytest.raises(Refused) as refused:
        save(case, people.requester_bria, convoy_name="Late")
    assert refused.value.kind == "state"


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def part_url(case, part):
    return reverse("requests:sheet_part", args=[case.reference, part])


def sent_by(case, part, user, **changes):
    """What a browser sends from this part as it was opened just now, with these answers changed."""
    case = fresh(case)
    form = SheetForm(case=case, sheet=execution_sheet.sheet_of(case), part=part, user=user, now=timezone.now())
    data = {name: text for name, text in form.stands().items() if text and name not in form.row_sets}
    for rows in form.row_sets.values():
        data |= rows.stored_data(rows.stored)
    if "escort_rules" in data:
        data["escort_rules"] = data["escort_rules"].split("\n")
    data |= {
        "base_version": str(form.sheet.version),
        "marks": form.marks_now(),
        "page": "abc123",
        "keeper": kept_words.token(user, case.reference),
    }
    return data | changes


def test_the_page_saves_a_part_and_goes_on(people, client):
    case = draft_case(people.requester_bria)
    client.force_login(people.requester_bria)
    row = {f"convoy_vehicles-0-{name}": value for name, value in TRUCK.items() if name != "moss"}
    row |= {"convoy_vehicles-0-moss": "on", "convoy_vehicles-TOTAL_FORMS": "1"}
    answer = client.post(part_url(case, 2), sent_by(case, 2, people.requester_bria, **row, go="1"))
    assert answer.status_code == 302 and answer.url == part_url(case, 3)
    vehicle = execution_sheet.sheet_of(fresh(case)).convoy_vehicles.get()
    assert (vehicle.plate, vehicle.kind, vehicle.moss, vehicle.tracker) == ("AA 002 BG", "heavy_truck", True, False)


def test_what_is_fine_is_saved_and_what_is_not_stays_on_the_page(people, client):
    case = draft_case(people.requester_bria)
    client.force_login(people.requester_bria)
    changes = {"convoy_leader": "Logistician", "leader_telephone": "no number", "go": "1"}
    answer = client.post(part_url(case, 3), sent_by(case, 3, people.requester_bria, **changes))
    assert answer.status_code == 422
    assert "no number" in answer.content.decode()
    sheet = execution_sheet.sheet_of(fresh(case))
    assert (sheet.convoy_leader, sheet.leader_telephone) == ("Logistician", "")


def test_two_who_write_at_once_see_both_versions(people, client):
    case = draft_case(people.requester_bria)
    save(case, people.requester_bria, comms_plan="Radio")
    opened = sent_by(case, 5, people.requester_bria, comms_plan="Radio and telephone", go="1")
    save(case, people.colleague_bria, comms_plan="Satellite", casevac_plan="Hospital")
    client.force_login(people.requester_bria)
    answer = client.post(part_url(case, 5), opened)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Radio and telephone" in page and "Satellite" in page
    sheet = execution_sheet.sheet_of(fresh(case))
    assert (sheet.comms_plan, sheet.casevac_plan) == ("Satellite", "Hospital")
    chosen = opened | {"keep-comms_plan": "mine", "base_version": str(sheet.version), "keep-casevac_plan": "theirs"}
    client.post(part_url(case, 5), chosen | {"marks": ""})
    sheet = execution_sheet.sheet_of(fresh(case))
    assert (sheet.comms_plan, sheet.casevac_plan) == ("Radio and telephone", "Hospital")


def test_both_versions_of_the_names_are_a_reading_of_them(people, client):
    case = case_at("approved", people)
    save(case, people.requester_bria, rows={"drivers": [DRIVER]})
    client.force_login(people.requester_bria)
    page = reverse("requests:sheet_part", args=[case.reference, sheet_page.PART_OF_NAMES])
    answer = client.post(page, {"base_version": "0", "marks": ""})
    assert (answer.status_code, NAME in answer.content.decode()) == (409, True)
    assert Event.objects.about(case).filter(kind="case.open_secret", data__field="names").count() == 1


@pytest.mark.parametrize("total", ["\N{SUPERSCRIPT TWO}", "9" * 5000, "-1"])
def test_signs_that_are_no_digits_break_nothing(people, client, total):
    case = case_at("approved", people)
    save(case, people.requester_bria, convoy_name="Convoy")
    client.force_login(people.requester_bria)
    page = reverse("requests:sheet_part", args=[case.reference, BY_FIELD["stops"].step])
    row = {"stops-TOTAL_FORMS": "1", "stops-INITIAL_FORMS": "0", "stops-0-place": total, "stops-0-spot": "Ford"}
    assert client.post(page, {"base_version": "0", "marks": "", **row}).status_code in (409, 422)
    grown = {"add_row": "stops", "stops-TOTAL_FORMS": total, "stops-INITIAL_FORMS": "0"}
    assert client.post(page, {"base_version": "1", "marks": "", **grown}).status_code in (200, 409, 422)


def test_a_row_is_added_without_script(people, client):
    case = draft_case(people.requester_bria)
    client.force_login(people.requester_bria)
    answer = client.post(part_url(case, 2), sent_by(case, 2, people.requester_bria, add_row="convoy_vehicles"))
    assert answer.status_code == 200
    assert 'name="convoy_vehicles-0-plate"' in answer.content.decode()


@pytest.mark.parametrize("total", ["10001", "-1", "abc", "99999999999999999999"])
def test_a_hostile_number_of_rows_breaks_nothing(people, client, total):
    case = draft_case(people.requester_bria)
    client.force_login(people.requester_bria)
    data = sent_by(case, 2, people.requester_bria, **{"convoy_vehicles-TOTAL_FORMS": total})
    assert client.post(part_url(case, 2), data).status_code in (302, 422)


def rows_named(question, count, row):
    """As many typed rows as `count`, each with a number of its own."""
    found = {
        f"{question}-{at}-{key}": value.replace("#", f"{at:03}") for at in range(count) for key, value in row.items()
    }
    return found | {f"{question}-TOTAL_FORMS": str(count)}


def test_of_too_many_rows_the_first_are_saved_and_none_is_lost(people, client):
    case = draft_case(people.requester_bria)
    client.force_login(people.requester_bria)
    rows = rows_named("convoy_vehicles", 103, {"kind": "tanker", "plate": "AA #"})
    answer = client.post(part_url(case, 2), sent_by(case, 2, people.requester_bria, **rows))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "At most 100 rows." in page and 'value="AA 102"' in page
    assert len(execution_sheet.rows_of(execution_sheet.sheet_of(fresh(case)), "convoy_vehicles")) == 100


def test_the_longest_lists_of_names_arrive(people, client):
    case = draft_case(people.requester_bria)
    client.force_login(people.requester_bria)
    facts = DRIVER | {"name": "Made-Up #", "id_number": "ID-#"}
    rows = rows_named("drivers", 100, facts) | rows_named("passengers", 200, facts)
    sent = sent_by(case, 3, people.requester_bria, names_needed="yes", **rows)
    assert client.post(part_url(case, 3), sent).status_code in (302, 422)
    sheet = execution_sheet.sheet_of(fresh(case))
    assert [len(execution_sheet.rows_of(sheet, name)) for name in execution_sheet.NAMES] == [100, 200]


def test_the_whole_sheet_shows_how_many_names_and_no_name(people, client):
    case = case_at("accepted", people)
    save(case, people.requester_bria, names_needed=True, rows={"drivers": [DRIVER]})
    for who in ("requester_bria", "ocha_bria", "hc", "log_cluster"):
        client.force_login(getattr(people, who))
        page = client.get(reverse("requests:sheet", args=[case.reference])).content.decode()
        assert "1 name" in page and "AA 001 BG" in page
        assert NAME not in page and "ID-77" not in page


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────


def sheet_clock(case):
    return next((clock for clock in services.current_clocks(fresh(case)) if clock.step == "sheet"), None)


@pytest.mark.parametrize("status", ["approved", "transmitted", "accepted", "countered"])
def test_after_the_approval_the_sheet_waits_for_the_requester(people, status):
    case = case_at(status, people)
    assert sheet_clock(case) is None  # this one is complete
    before = fresh(case).due_at
    save(case, people.requester_bria, comms_plan="")
    clock = sheet_clock(case)
    assert clock.owner == "requester" and clock.due < case.departure_at
    assert fresh(case).due_at == before  # what the case itself waits for is another clock
    waiting = turns.waiting(fresh(case), services.current_clocks(fresh(case)), people.requester_bria)
    assert "Please fill in the execution sheet" in [row.sentence for row in waiting if row.yours]
    assert "sheet" in [group.code for group in groups(people.requester_bria)]
    save(case, people.requester_bria, comms_plan="HF")
    assert sheet_clock(case) is None


@pytest.mark.parametrize("status", ["draft", "submitted", "deciding", "scheduled", "denied"])
def test_before_the_approval_and_once_scheduled_no_clock_runs_for_it(people, status):
    case = case_at(status, people)
    ExecutionSheet.objects.filter(case=case).update(is_complete=False)
    assert sheet_clock(case) is None


def test_half_of_the_time_reminds_the_requester_and_its_end_tells_the_station(people):
    case = case_at("accepted", people)
    save(case, people.requester_bria, comms_plan="")
    clock = sheet_clock(case)
    for moment, kind, told in (
        (clock.half, "case.remind", {people.requester_bria: "sheet"}),
        (clock.due, "case.escalate", {people.requester_bria: "sheet", people.ocha_bria: "act"}),
    ):
        services.remind_due(moment + dt.timedelta(seconds=1))
        event = Event.objects.about(case).filter(kind=kind, data__clock="sheet").get()
        assert {row.recipient: row.expects for row in Notification.objects.filter(event=event)} == told


def test_a_sheet_that_is_finished_in_time_reminds_nobody(people):
    case = case_at("accepted", people)
    save(case, people.requester_bria, comms_plan="")
    clock = sheet_clock(case)
    save(case, people.requester_bria, comms_plan="HF")
    services.remind_due(clock.due + HOUR)
    assert not Event.objects.about(case).filter(data__clock="sheet").exists()


def test_a_bridge_has_no_convoy_and_fewer_questions():
    asked = {question.field for question in questions("MCDA-INF", SHEET)}
    assert asked == {
        "focal_point", "focal_telephone", "alternate", "alternate_telephone", "cost_arrangement", "authority_notified",
        "security_ref", "programme_criticality", "exit_review_on",
    }  # fmt: skip
    assert {"cargo_lines", "staff", "leaves_at"} <= {question.field for question in questions("MCDA-LOG", SHEET)}
    assert "escort_rules" not in {question.field for question in questions("MCDA-LOG", SHEET)}


def test_the_day_on_which_the_exit_plan_is_looked_at_again(people, client):
    case = case_at("approved", people)
    client.force_login(people.requester_bria)
    for day, status in (("32 March", 422), ("2026-12-24", 302)):
        answer = client.post(part_url(case, 5), sent_by(case, 5, people.requester_bria, exit_review_on=day, go="1"))
        assert answer.status_code == status
    assert "24 December 2026" in client.get(reverse("requests:sheet", args=[case.reference])).content.decode()
