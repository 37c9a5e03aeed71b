"""Do the request and its execution sheet ever name two departures, and who is asked when the hours change?"""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.models import ErasableValue, Event, Notification
from requests_app import execution_sheet, papers, services, waiting
from requests_app.models import ExecutionSheet
from requests_app.services import Refused, make_move
from tests.factories import STEPS, case_at, fresh, sheet_as_read

pytestmark = pytest.mark.django_db
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def hours(case):
    sheet = ExecutionSheet.objects.get(case=case)
    return sheet.leaves_at, sheet.arrives_at


def asked(user, case):
    """Does this request stand under "execution sheets" on the person's first page?"""
    found = {section.code: section.cases for section in waiting.sections(user)}
    return case.pk in {row.pk for row in found.get("sheet", ())}


def schedule(case, people, leaves):
    facts = STEPS["schedule"][2](case, timezone.now())
    make_move(case, "schedule", by=people.ocha_bria, **facts | {"departure_at": leaves, "rendezvous_at": leaves})
    return fresh(case)


def save(case, by, **answers):
    sheet = execution_sheet.sheet_of(fresh(case))
    return services.save_sheet(fresh(case), by=by, base_version=sheet.version, answers=answers)


def test_the_schedule_sets_the_departure_of_the_sheet(people):
    case = case_at("accepted", people)
    _leaves, arrives = hours(case)
    case = schedule(case, people, case.departure_at + MINUTE)
    assert hours(case) == (case.departure_at, arrives)
    sheet = execution_sheet.sheet_of(case)
    assert sheet.is_complete and not sheet.changed_since_sent
    event = Event.objects.get(kind="case.schedule")
    assert "leaves_at" in ErasableValue.objects.get(event=event, field="changes").value


def test_an_arrival_before_the_new_departure_is_asked_anew(people):
    case = case_at("accepted", people)
    _leaves, arrives = hours(case)
    case = schedule(case, people, arrives + MINUTE)
    assert hours(case) == (case.departure_at, None)
    assert "arrival_at" not in case.extracts.get(kind="schedule").content
    assert asked(people.requester_bria, case)
    save(case, people.requester_bria, arrives_at=arrives + 2 * MINUTE)
    assert not asked(people.requester_bria, case)
    told = Notification.objects.filter(kind="case.sheet", recipient=people.ocha_bria, channel="mail")
    assert [row.expects for row in told] == ["act"]
    make_move(fresh(case), "send_sheet", by=people.ocha_bria, **sheet_as_read(case))
    assert "arrival_at" in fresh(case).extracts.get(kind="supplement").content


def test_a_later_day_is_told_to_the_force_and_the_arrival_is_open(people, client):
    case = case_at("scheduled", people)
    make_move(case, "change", by=people.requester_bria, departure_at=case.departure_at + DAY)
    case = fresh(case)
    assert hours(case) == (case.departure_at, None)
    paper = case.extracts.get(kind="supplement")
    assert paper.content["arrival_at"] == "–"
    known = papers.Known(list(case.extracts.all()))
    assert known.value("arrival_at") == "–" and known.at("arrival_at") is None
    client.force_login(people.force_u3)
    page = client.get(reverse("requests:force_case", args=[case.force_reference]))
    assert page.status_code == 200 and "Arrival at the destination" in page.content.decode()
    assert asked(people.requester_bria, case)
    assert not execution_sheet.sheet_of(case).changed_since_sent, "the supplement said all that is known"


def test_an_hour_later_on_the_same_day_leaves_the_arrival(people):
    case = case_at("scheduled", people)
    _leaves, arrives = hours(case)
    make_move(case, "change", by=people.ocha_bria, departure_at=case.departure_at + MINUTE)
    case = fresh(case)
    assert hours(case) == (case.departure_at, arrives)
    assert "arrival_at" not in case.extracts.get(kind="supplement").content
    assert not asked(people.requester_bria, case)


def test_what_was_not_sent_yet_still_waits_to_be_sent(people):
    case = case_at("scheduled", people)
    save(case, people.requester_bria, comms_plan="Radio B")
    make_move(fresh(case), "change", by=people.ocha_bria, departure_at=case.departure_at + MINUTE)
    assert execution_sheet.sheet_of(fresh(case)).changed_since_sent


def test_before_the_schedule_an_exact_departure_stays_while_it_fits(people):
    case = case_at("approved", people)
    leaves = case.departure_at
    ExecutionSheet.objects.filter(case=case).delete()
    make_move(case, "change", by=people.requester_bria, departure_at=leaves + MINUTE)
    save(case, people.requester_bria, leaves_at=leaves + DAY, arrives_at=leaves + DAY + MINUTE)
    make_move(fresh(case), "change", by=people.requester_bria, departure_at=leaves + 2 * MINUTE)
    assert hours(case) == (leaves + DAY, leaves + DAY + MINUTE)
    make_move(fresh(case), "change", by=people.requester_bria, departure_at=leaves + DAY + MINUTE)
    assert hours(case) == (None, None)


@pytest.mark.parametrize("status", ["scheduled", "underway"])
def test_nobody_changes_the_departure_on_the_sheet_behind_the_force(people, client, status):
    case = case_at(status, people)
    leaves, arrives = hours(case)
    with pytest.raises(Refused, match="so that the force is told"):
        save(case, people.requester_bria, leaves_at=leaves + MINUTE)
    save(case, people.requester_bria, leaves_at=leaves, arrives_at=arrives + MINUTE)
    client.force_login(people.requester_bria)
    page = reverse("requests:sheet_part", args=[case.reference, 1])
    shown = client.get(page)
    assert "so that the force is told" in shown.content.decode()
    sent = dict.fromkeys(("marks", "page"), "") | {
        "base_version": str(execution_sheet.sheet_of(fresh(case)).version), "convoy_name": "Convoy Two",
        "leaves_at": timezone.make_naive(leaves + DAY, case.country.zone).strftime("%Y-%m-%dT%H:%M"),
        "arrives_at": timezone.make_naive(leaves + DAY + MINUTE, case.country.zone).strftime("%Y-%m-%dT%H:%M"),
        "return_leg": "none", "stops-TOTAL_FORMS": "0", "stops-INITIAL_FORMS": "0", "go": "1",
    }  # fmt: skip
    assert client.post(page, sent).status_code == 422
    assert hours(case)[0] == leaves


def test_the_hour_on_the_sheet_is_proposed_to_ocha(people, client):
    case = case_at("accepted", people)
    ExecutionSheet.objects.filter(case=case).update(
        leaves_at=case.departure_at + DAY, arrives_at=case.departure_at + DAY + MINUTE
    )
    client.force_login(people.ocha_bria)
    page = client.get(reverse("requests:move", args=[case.reference, "schedule"])).content.decode()
    assert timezone.make_naive(case.departure_at + DAY, case.country.zone).strftime("%Y-%m-%dT%H:%M") in page
