"""When is it due, if only working hours count? Written for any zone, although neither country has summer time."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from cmcoord.places.working_time import (
    WorkCalendar,
    add_working_minutes,
    subtract_working_minutes,
    working_minutes_between,
)

BANGUI = ZoneInfo("Africa/Bangui")  # UTC+1 all year
PARIS = ZoneInfo("Europe/Paris")
HOUR = 60


def bangui(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BANGUI)


def paris(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


WEEK = WorkCalendar(BANGUI)
# Tuesday 1 December 2026 is a holiday in the Central African Republic.
WITH_HOLIDAY = WorkCalendar(BANGUI, holidays=frozenset({dt.date(2026, 12, 1)}))


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23 08:00", 8 * HOUR, "2026-11-23 16:00"),  # a Monday, exactly one day
        ("2026-11-23 10:00", 2 * HOUR, "2026-11-23 12:00"),
        ("2026-11-23 15:00", 2 * HOUR, "2026-11-24 09:00"),  # over night
        ("2026-11-27 15:00", 2 * HOUR, "2026-11-30 09:00"),  # over the weekend
        ("2026-11-28 11:00", HOUR, "2026-11-30 09:00"),  # asked on a Saturday
        ("2026-11-23 05:00", HOUR, "2026-11-23 09:00"),  # before opening
        ("2026-11-23 20:00", HOUR, "2026-11-24 09:00"),  # after closing
        ("2026-11-23 16:00", HOUR, "2026-11-24 09:00"),  # at closing
        ("2026-11-23 08:00", 40 * HOUR, "2026-11-27 16:00"),  # the whole lead time is a week
        ("2026-11-23 03:00", 0, "2026-11-23 03:00"),
    ],
)
def test_working_minutes_run_in_working_hours_only(start, minutes, end):
    assert add_working_minutes(bangui(start), minutes, WEEK) == bangui(end)


@pytest.mark.parametrize(
    ("end", "minutes", "start"),
    [
        ("2026-11-23 16:00", 8 * HOUR, "2026-11-23 08:00"),
        ("2026-11-24 09:00", 2 * HOUR, "2026-11-23 15:00"),
        ("2026-11-30 09:00", 2 * HOUR, "2026-11-27 15:00"),
        ("2026-11-30 08:00", HOUR, "2026-11-27 15:00"),  # a departure at opening: counted from Friday's closing
        ("2026-11-29 12:00", HOUR, "2026-11-27 15:00"),  # a departure on a Sunday
        ("2026-11-23 05:30", 4 * HOUR, "2026-11-20 12:00"),
        ("2026-11-27 16:00", 40 * HOUR, "2026-11-23 08:00"),
        ("2026-11-23 05:30", 0, "2026-11-23 05:30"),
    ],
)
def test_counting_back_finds_the_latest_start_that_still_fits(end, minutes, start):
    assert subtract_working_minutes(bangui(end), minutes, WEEK) == bangui(start)


def test_a_holiday_is_passed_over_in_both_directions():
    assert add_working_minutes(bangui("2026-11-30 15:00"), 2 * HOUR, WITH_HOLIDAY) == bangui("2026-12-02 09:00")
    assert subtract_working_minutes(bangui("2026-12-02 09:00"), 2 * HOUR, WITH_HOLIDAY) == bangui("2026-11-30 15:00")
    assert working_minutes_between(bangui("2026-11-30 15:00"), bangui("2026-12-02 09:00"), WITH_HOLIDAY) == 120


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 08:00", "2026-11-23 16:00", 480),
        ("2026-11-23 15:00", "2026-11-24 09:00", 120),
        ("2026-11-28 00:00", "2026-11-29 23:59", 0),
        ("2026-11-23 08:00", "2026-11-30 08:00", 2400),
        ("2026-11-24 09:00", "2026-11-23 15:00", -120),
        ("2026-11-23 12:00", "2026-11-23 12:00", 0),
    ],
)
def test_working_minutes_between_two_moments(start, end, minutes):
    assert working_minutes_between(bangui(start), bangui(end), WEEK) == minutes


def test_the_answer_is_in_utc_and_the_hours_are_local():
    end = add_working_minutes(dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC), HOUR, WEEK)
    assert end == dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)  # 09:00 in Bangui
    assert end.tzinfo is dt.UTC


def test_a_night_on_which_the_clock_is_changed_counts_as_long_as_it_was():
    """A calendar that works around the clock but for a minute: the spring night in Paris is an hour short."""
    nights = WorkCalendar(PARIS, dt.time(0), dt.time(23, 59), frozenset(range(1, 8)))
    spring = working_minutes_between(paris("2026-03-29 00:00"), paris("2026-03-29 23:59"), nights)
    autumn = working_minutes_between(paris("2026-10-25 00:00"), paris("2026-10-25 23:59"), nights)
    assert (spring, autumn) == (22 * HOUR + 59, 24 * HOUR + 59)


def test_office_hours_keep_to_the_clock_on_the_wall_when_summer_time_begins():
    office = WorkCalendar(PARIS)
    assert add_working_minutes(paris("2026-03-27 15:00"), 2 * HOUR, office) == paris("2026-03-30 09:00")
    assert subtract_working_minutes(paris("2026-03-30 09:00"), 2 * HOUR, office) == paris("2026-03-27 15:00")


def test_an_hour_that_does_not_exist_and_one_that_comes_twice():
    nights = WorkCalendar(PARIS, dt.time(1), dt.time(4), frozenset(range(1, 8)))
    assert add_working_minutes(paris("2026-03-29 01:30"), HOUR, nights) == paris("2026-03-29 03:30")
    assert add_working_minutes(paris("2026-10-25 02:30"), HOUR, nights) == dt.datetime(
        2026, 10, 25, 1, 30, tzinfo=dt.UTC
    )


def test_adding_and_counting_back_agree_wherever_they_start():
    """Whatever the start, the minutes between a start and its end are the minutes that were added."""
    rng = random.Random(7)
    calendars = [
        WEEK,
        WITH_HOLIDAY,
        WorkCalendar(PARIS, dt.time(7, 30), dt.time(17, 45), frozenset({1, 2, 3, 4, 6})),
        WorkCalendar(ZoneInfo("America/St_Johns"), dt.time(0), dt.time(12), frozenset(range(1, 8))),
    ]
    for _ in range(400):
        calendar = rng.choice(calendars)
        start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=rng.randrange(525_600))
        minutes = rng.randrange(1, 6000)
        end = add_working_minutes(start, minutes, calendar)
        assert working_minutes_between(start, end, calendar) == minutes
        latest = subtract_working_minutes(end, minutes, calendar)
        assert latest >= start
        assert working_minutes_between(latest, end, calendar) == minutes


@pytest.mark.parametrize("function", [add_working_minutes, subtract_working_minutes])
def test_nonsense_is_refused(function):
    with pytest.raises(ValueError, match="negative"):
        function(bangui("2026-11-23 08:00"), -1, WEEK)
    with pytest.raises(ValueError, match="time zone"):
        function(dt.datetime(2026, 11, 23, 8), 5, WEEK)


def test_a_calendar_without_a_working_day_or_with_reversed_hours_cannot_be_made():
    with pytest.raises(ValueError, match="opens|open"):
        WorkCalendar(BANGUI, dt.time(16), dt.time(8))
    with pytest.raises(ValueError, match="ISO weekdays"):
        WorkCalendar(BANGUI, weekdays=frozenset())
    with pytest.raises(ValueError, match="ISO weekdays"):
        WorkCalendar(BANGUI, weekdays=frozenset({0}))


def test_a_calendar_that_only_knows_holidays_ends_with_an_error_and_not_in_a_loop():
    days = frozenset(dt.date(2026, 1, 1) + dt.timedelta(days=offset) for offset in range(-3700, 8000))
    never = WorkCalendar(BANGUI, holidays=days)
    with pytest.raises(ValueError, match="no working day"):
        add_working_minutes(bangui("2026-11-23 08:00"), 1, never)
    with pytest.raises(ValueError, match="no working day"):
        subtract_working_minutes(bangui("2026-11-23 08:00"), 1, never)
