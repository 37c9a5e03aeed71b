"""Is a week rightly called held, not held or missed, and are figures 13, 14 and 15 counted as the domain says?"""

import datetime as dt

import pytest

from cmcoord.meetings.regularity import (
    Meeting,
    Said,
    attendance,
    figure,
    in_time,
    members_present,
    monday_of,
    mondays,
    weeks,
)

TODAY = dt.date(2026, 11, 25)  # a Wednesday
LONG_AGO = dt.date(2026, 1, 5)


def week(back: int, weekday: int = 1) -> dt.date:
    """A day so many weeks ago."""
    return monday_of(TODAY) - dt.timedelta(weeks=back) + dt.timedelta(days=weekday)


def held(*backs: int) -> list[Meeting]:
    return [Meeting(week(back), "held") for back in backs]


def said(meetings, every="week", today=TODAY, since=LONG_AGO) -> str:
    """The twelve weeks as letters, this one last."""
    letters = {"held": "H", "not_held": "n", "unsaid": "u", "missed": "M", "planned": "p", "nothing": "."}
    return "".join(letters[one.said] for one in weeks(meetings, every=every, today=today, since=since))


def test_there_are_twelve_weeks_and_this_one_is_the_last():
    assert len(mondays(TODAY)) == 12 and mondays(TODAY)[-1] == dt.date(2026, 11, 23)


def test_a_weekly_cell_misses_every_week_without_a_meeting_but_not_the_one_that_runs():
    assert said(held(*range(1, 13))) == "H" * 11 + "."
    assert said(held(*(back for back in range(1, 13) if back not in (4, 7)))) == "HHHHMHHMHHH."


def test_twice_a_month_may_leave_out_every_second_week():
    assert said(held(11, 9, 7, 5, 3, 1), "two_weeks") == "H.H.H.H.H.H."


@pytest.mark.parametrize(
    ("backs", "every", "expected"),
    [
        ((11, 9, 6, 3), "two_weeks", "H.H.MH.MH.M."),
        ((11, 7, 3), "month", "H...H...H..."),
        ((11,), "month", "H....MMMMMM."),
        ((), "", "............"),
    ],
)
def test_a_gap_longer_than_the_cadence_is_missed(backs, every, expected):
    assert said(held(*backs), every) == expected


def test_a_week_that_was_not_held_has_its_reason_and_one_that_nobody_wrote_down_is_red():
    rows = [
        *held(3),
        Meeting(week(2), "not_held", "security", "Road closed"),
        Meeting(week(1), "planned"),
        Meeting(TODAY + dt.timedelta(days=1), "planned"),
    ]
    found = weeks(rows, every="week", today=TODAY, since=LONG_AGO)[-4:]
    assert [one.said for one in found] == [Said.HELD, Said.NOT_HELD, Said.UNSAID, Said.PLANNED]
    assert (found[1].reason, found[1].note) == ("security", "Road closed")
    assert [one.is_red for one in found] == [False, False, True, False]


def test_held_counts_before_anything_else_in_a_week():
    rows = [Meeting(week(1, 0), "not_held", "quorum"), Meeting(week(1, 3), "held")]
    assert weeks(rows, every="week", today=TODAY, since=LONG_AGO)[-2].said == Said.HELD


def test_a_cell_that_is_new_has_missed_nothing_before_it_began():
    assert said([], since=week(2)) == ".........MM."
    assert said([], since=TODAY) == "............"


def test_figure_13_is_held_of_planned_with_days_since_the_last():
    rows = [*held(5, 4, 1), Meeting(week(3), "not_held", "security"), Meeting(TODAY + dt.timedelta(days=2), "planned")]
    line = weeks(rows, every="week", today=TODAY, since=LONG_AGO)
    found = figure(line, rows, every="week", today=TODAY, since=LONG_AGO)
    assert (found.held, found.planned, found.share) == (3, 4, 75)
    assert (found.days_since, found.overdue) == (8, True)
    assert not figure(line, rows, every="two_weeks", today=TODAY, since=LONG_AGO).overdue


def test_a_body_without_a_cadence_is_never_overdue_and_one_that_never_met_is():
    line = weeks([], every="", today=TODAY, since=LONG_AGO)
    assert figure(line, [], every="", today=TODAY, since=LONG_AGO).overdue is False
    never = figure(line, [], every="week", today=TODAY, since=LONG_AGO)
    assert (never.days_since, never.overdue, never.share) == (None, True, None)


def test_figure_14_counts_meetings_at_which_a_category_came():
    rows = [(1, "ocha", "OCHA", False), (1, "ingo", "AVSI", False), (1, "ingo", "DRC", True), (2, "ocha", "OCHA", True)]
    came = attendance(rows, seated={"ocha", "ingo", "undss"}, order=["ingo", "undss", "ocha"])
    assert [(one.category, one.meetings, one.remote, one.share(2)) for one in came] == [
        ("ingo", 1, 1, 50), ("undss", 0, 0, 0), ("ocha", 2, 1, 100)
    ]  # fmt: skip
    assert members_present(came, 2) == 50
    assert members_present(came, 0) is None


def test_a_category_that_came_without_a_seat_is_listed_and_not_counted_as_a_member():
    came = attendance([(1, "authorities", "Town hall", False)], seated={"ocha"}, order=["ocha", "authorities"])
    assert [(one.category, one.seated) for one in came] == [("ocha", True), ("authorities", False)]
    assert members_present(came, 1) == 0


def test_figure_15_is_closed_on_time_of_what_was_due():
    day = dt.timedelta(days=1)
    points = [
        (TODAY - 5 * day, TODAY - 6 * day, "OCHA", False),  # on time
        (TODAY - 5 * day, TODAY - 2 * day, "OCHA", False),  # late
        (TODAY - day, None, "MINUSCA", False),  # overdue
        (TODAY, None, "OCHA", False),  # due today: not yet
        (TODAY - day, None, "WFP", True),  # dropped
        (TODAY + day, TODAY, "WFP", False),  # closed before its time
    ]
    found = in_time(points, today=TODAY)
    assert (found.due, found.on_time, found.share, found.overdue) == (4, 2, 50, (("MINUSCA", 1),))
