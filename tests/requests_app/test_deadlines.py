"""Whose clock runs, until when: counted forwards in the step's own time and backwards from the departure."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from cmcoord.places.models import Clock, Country
from cmcoord.places.working_time import WorkCalendar
from requests_app.deadlines import CHAIN, Allowance, Asked, Step, running

BANGUI = ZoneInfo("Africa/Bangui")
OFFICE = WorkCalendar(zone=BANGUI)
HOUR = 60
ROUTINE = {
    "cluster": 8 * HOUR,
    "station": 8 * HOUR,
    "security": 8 * HOUR,
    "national": 4 * HOUR,
    "hc": 12 * HOUR,
    "transmission": 2 * HOUR,
    "acknowledgement": 2 * HOUR,
    "reply": 10 * HOUR,
    "scheduling": 4 * HOUR,
    "after_action": 7 * 24 * HOUR,
}
URGENT = {"station": 60, "security": 60, "national": 30, "hc": 120, "transmission": 30, "acknowledgement": 30,
          "reply": 120, "scheduling": 60, "after_action": 7 * 24 * HOUR}  # fmt: skip


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of November 2026 in Bangui; the 2nd, 9th, 16th are Mondays."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=BANGUI)


def clocks(*steps, departure=None, urgent=False, asked=()):
    allowance = Allowance(URGENT) if urgent else Allowance(ROUTINE, OFFICE)
    history = [Step(moment, status) for moment, status in steps]
    found = running(history, departure=departure, allowance=allowance, asked=asked)
    return {clock.key: clock for clock in found}


def due(found, key):
    return found[key].due.astimezone(BANGUI)


def test_a_review_is_due_after_one_working_day():
    found = clocks((at(9, 10), "submitted"), departure=at(30, 6))
    assert due(found, "station") == at(10, 10)
    assert found["station"].owner == "station"


def test_nights_and_weekends_do_not_count_for_a_routine_request():
    assert due(clocks((at(13, 15), "submitted"), departure=at(30, 6)), "station") == at(16, 15)


def test_an_urgent_request_counts_round_the_clock():
    assert due(clocks((at(14, 23, 30), "submitted"), urgent=True), "station") == at(15, 0, 30)


def test_cluster_security_and_station_run_in_parallel():
    asked = [Asked("cluster:LOG", at(9, 8)), Asked("undss", at(9, 8))]
    found = clocks((at(9, 8), "submitted"), departure=at(30, 6), asked=asked)
    assert set(found) == {"station", "cluster.cluster:LOG", "security.undss"}
    assert {due(found, key) for key in found} == {at(9, 16)}


def test_a_near_departure_brings_the_due_time_forward():
    # Monday the 23rd at 8:00 less 32 working hours for the later steps is Tuesday the 17th at 8:00.
    found = clocks((at(16, 14), "submitted"), departure=at(23, 8))
    assert due(found, "station") == at(17, 8)


def test_what_can_no_longer_be_in_time_is_due_at_once():
    assert due(clocks((at(16, 9), "submitted"), departure=at(17, 6)), "station") == at(16, 9)


def test_the_time_in_returned_stops_the_first_bound():
    found = clocks(
        (at(9, 8), "submitted"),
        (at(9, 9), "reviewing"),
        (at(9, 11), "returned"),
        (at(12, 8), "submitted"),
        departure=at(30, 6),
    )
    # three of eight working hours were used before the return
    assert due(found, "station") == at(12, 13)


def test_returned_never_stops_the_departure():
    found = clocks((at(9, 8), "submitted"), (at(9, 11), "returned"), departure=at(18, 8))
    answer = found["answer"]
    assert answer.owner == "requester"
    # Wednesday the 18th at 8:00 less 40 working hours
    assert answer.due.astimezone(BANGUI) == at(11, 8)


def test_a_consulted_body_is_paused_while_the_request_is_returned():
    asked = [Asked("cluster:LOG", at(9, 8))]
    assert "cluster.cluster:LOG" not in clocks((at(9, 8), "submitted"), (at(9, 10), "returned"), asked=asked)
    found = clocks(
        (at(9, 8), "submitted"), (at(9, 10), "returned"), (at(11, 8), "submitted"), departure=at(30, 6), asked=asked
    )
    assert due(found, "cluster.cluster:LOG") == at(11, 14)


def test_acknowledgement_and_reply_run_together_and_the_reply_goes_on():
    found = clocks((at(9, 8), "transmitted"), departure=at(30, 6))
    assert due(found, "acknowledgement") == at(9, 10)
    assert due(found, "reply") == at(10, 10)
    later = clocks((at(9, 8), "transmitted"), (at(9, 9), "acknowledged"), departure=at(30, 6))
    assert set(later) == {"reply"}
    assert due(later, "reply") == at(10, 10)


def test_the_decision_starts_anew_when_the_case_comes_back():
    found = clocks((at(9, 8), "deciding"), (at(9, 10), "clearing"), (at(10, 8), "deciding"), departure=at(30, 6))
    assert due(found, "hc") == at(11, 12)


def test_an_after_action_is_due_in_seven_days_of_any_kind():
    found = clocks((at(9, 8), "completed"), (at(9, 9), "reporting"))
    assert due(found, "after_action") == at(16, 8)


@pytest.mark.parametrize("status", ["draft", "underway", "suspended", "closed", "denied", "expired", "withdrawn"])
def test_no_clock_runs_where_nobody_is_awaited(status):
    assert clocks((at(9, 8), status), departure=at(30, 6)) == {}


@pytest.mark.django_db
def test_the_standard_clocks_fit_the_lead_time(reference):
    profile = Country.objects.get(pk="CAF").profile_on().pk
    routine = Clock.minutes_of(profile, "AE", "routine")
    alone = [step for step in CHAIN if step != "consultation"]  # no country team is asked here
    assert sum(routine[step] for step in alone) == routine["lead_time"] == 40 * HOUR
    urgent = Clock.minutes_of(profile, "AE", "urgent")
    assert sum(urgent[step] for step in alone) == 7 * HOUR
    assert urgent["cluster"] == 0


def test_half_of_the_time_lies_between_start_and_due():
    clock = clocks((at(9, 8), "deciding"), departure=at(30, 6))["hc"]
    assert clock.since < clock.half < clock.due
