"""How are meetings planned, moved, held and not held, and what is refused, each with its sentence?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cmcoord.activity.models import Event
from cmcoord.meetings import services
from cmcoord.meetings.models import Meeting
from cmcoord.meetings.services import Where
from cmcoord.meetings.services import series as rules
from contacts.models import Body
from tests.meetings.making import HALL, HOUR, cell_of, chaired, held, planned

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def at_nine(body: Body, days=7) -> dt.datetime:
    """Nine o'clock where the body is, some days ahead."""
    return dt.datetime.combine(body.country.today + days * DAY, dt.time(9), body.country.zone)


def said(problem) -> str:
    return " ".join(problem.value.messages)


def series_of(body, by, **other):
    first = body.country.today + DAY
    facts = {
        "every": "week", "first_day": first, "at": dt.time(9), "minutes": 90, "until": first + 28 * DAY, "where": HALL
    }  # fmt: skip
    return services.plan_series(body, by=by, **(facts | other))


def test_a_planned_meeting_has_the_standard_agenda_in_its_languages_and_a_place_of_its_own(people):
    body = cell_of()
    meeting = planned(body, people.ocha_bria, where=Where(place="Hall", languages=["fr", "en"]))
    items = list(meeting.agenda.all())
    assert [item.order for item in items] == list(range(1, 11))
    assert " / Adoption of the previous minutes" in items[0].title
    assert meeting.zone == "Africa/Bangui" and meeting.is_planned and meeting.number is None
    event = Event.objects.get(kind="meeting.plan")
    assert event.subject_id == meeting.pk and event.data["reference"] == meeting.reference


@pytest.mark.parametrize(
    ("starts", "hours", "sentence"),
    [(7 * DAY, 0, "ends before it begins"), (7 * DAY, -1, "ends before it begins"), (-DAY, 2, "has passed"),
     (7 * DAY, 30, "a day at most")],
)  # fmt: skip
def test_bad_times_get_a_sentence_each(people, starts, hours, sentence):
    with pytest.raises(ValidationError) as problem:
        planned(cell_of(), people.ocha_bria, starts=timezone.now() + starts, hours=hours)
    assert sentence in said(problem) and not Meeting.objects.exists()


def test_two_meetings_of_one_body_do_not_overlap(people):
    body, other = cell_of(), cell_of("bambari")
    starts = at_nine(body)
    first = planned(body, people.ocha_bgi, starts=starts)
    with pytest.raises(ValidationError) as problem:
        planned(body, people.ocha_bgi, starts=starts + HOUR)
    assert "meets at that time already" in said(problem) and "10:00" in said(problem)
    planned(body, people.ocha_bgi, starts=starts + 2 * HOUR)
    planned(other, people.ocha_bgi, starts=starts)
    services.cancel(first, by=people.ocha_bgi)
    planned(body, people.ocha_bgi, starts=starts)


def test_line_1_17_a_military_camp_asks_for_a_reason(people):
    with pytest.raises(ValidationError) as problem:
        planned(cell_of(), people.ocha_bria, where=Where(place="Camp", venue="military_camp"))
    assert "CAR-CMC §7" in said(problem)
    where = Where(place="Camp", venue="military_camp", venue_reason="The only hall with power this week.")
    assert planned(cell_of(), people.ocha_bria, where=where).venue_reason.startswith("The only")


def test_nobody_plans_for_a_body_that_is_not_theirs_and_only_an_active_body_meets(people):
    body = chaired(people)
    for user in (people.force_sector, people.requester_bria, people.ocha_birao, people.hc, people.ocha_bko):
        with pytest.raises(PermissionDenied):
            planned(body, user)
    Body.objects.filter(pk=body.pk).update(stage="dormant")
    with pytest.raises(ValidationError, match="Only an active body"):
        planned(body, people.ocha_bria)


def test_a_series_stands_as_rows_at_the_same_hour_on_the_wall(people):
    body = cell_of()
    series = series_of(body, people.ocha_bria, every="two_weeks", until=body.country.today + 100 * DAY)
    rows = list(series.meetings.order_by("starts"))
    assert len(rows) == 8 and {row.local_start.time() for row in rows} == {dt.time(9)}
    assert {later.occurrence - row.occurrence for row, later in zip(rows, rows[1:], strict=False)} == {14 * DAY}
    assert all(row.agenda.count() == 10 for row in rows) and series.rule.startswith("FREQ=WEEKLY;INTERVAL=2")


def test_a_series_says_how_often_a_body_meets_of_which_nobody_said_it(people):
    body = cell_of()
    Body.objects.filter(pk=body.pk).update(cadence=None)
    series_of(body, people.ocha_bria)
    body.refresh_from_db()
    assert body.cadence == {"every": "week"} and Event.objects.filter(kind="body.change").count() == 1
    series_of(body, people.ocha_bria, every="month", at=dt.time(15))
    body.refresh_from_db()
    assert body.cadence == {"every": "week"}


def test_a_monthly_series_keeps_the_weekday_of_the_month():
    days = rules.days_of(rules.rule_of("month", dt.date(2026, 12, 8)), dt.date(2026, 12, 8), dt.date(2027, 4, 1))
    assert [day.isoformat() for day in days] == ["2026-12-08", "2027-01-12", "2027-02-09", "2027-03-09"]
    assert rules.rule_of("month", dt.date(2026, 12, 29)).endswith("-1TU")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [({"until": None}, "never without an end"), ({"until": dt.date(2099, 1, 1)}, "twelve months at most"),
     ({"first_day": dt.date(2020, 1, 1)}, "lies in the past"), ({"minutes": 0}, "from five minutes"),
     ({"every": "day"}, "how often")],
)  # fmt: skip
def test_a_series_that_cannot_be_gets_a_sentence(people, facts, sentence):
    with pytest.raises(ValidationError) as problem:
        series_of(cell_of(), people.ocha_bria, **facts)
    assert sentence in said(problem) and not Meeting.objects.exists()


def test_another_rule_moves_only_meetings_that_nobody_touched(people):
    body = cell_of()
    series = series_of(body, people.ocha_bria)
    first, second = series.meetings.order_by("starts")[:2]
    moved = services.move(second, by=people.ocha_bria, starts=second.starts + HOUR, ends=second.ends + HOUR)
    kept = services.change_series(
        series, by=people.ocha_bria, every="week", first_day=series.first_day + DAY, at=dt.time(14), minutes=60,
        until=series.until, where=HALL,
    )  # fmt: skip
    moved.refresh_from_db()
    hours = [row.local_start.hour for row in series.meetings.order_by("starts")]
    assert kept == 1 and moved.local_start.hour == 10 and hours.count(14) == len(hours) - 1
    weeks = [row.starts.isocalendar()[:2] for row in series.meetings.all()]
    assert len(set(weeks)) == len(weeks), "no week has two"
    assert not Meeting.objects.filter(pk=first.pk).exists()
    assert services.end_series(series, by=people.ocha_bria) == 1
    assert list(series.meetings.all()) == [moved]


def test_a_move_and_a_cancellation_raise_the_sequence_of_the_same_entry(people):
    meeting = planned(cell_of(), people.ocha_bria)
    uid = meeting.uid
    meeting = services.move(meeting, by=people.ocha_bria, starts=meeting.starts + DAY, ends=meeting.ends + DAY)
    meeting = services.cancel(meeting, by=people.ocha_bria)
    assert (meeting.uid, meeting.sequence, meeting.stage) == (uid, 2, "cancelled")
    for act in (
        lambda: services.move(meeting, by=people.ocha_bria, starts=meeting.starts + DAY, ends=meeting.ends + DAY),
        lambda: services.cancel(meeting, by=people.ocha_bria),
        lambda: services.hold(meeting, by=people.ocha_bria),
        lambda: services.not_held(meeting, by=people.ocha_bria, reason="security"),
        lambda: services.invite(meeting, by=people.ocha_bria),
    ):
        with pytest.raises(ValidationError):
            act()


def test_not_held_says_why_and_can_be_put_right(people):
    meeting = planned(cell_of(), people.ocha_bria, starts=timezone.now() + HOUR / 2)
    with pytest.raises(ValidationError, match="Say why"):
        services.not_held(meeting, by=people.ocha_bria, reason="")
    with pytest.raises(ValidationError, match="few words"):
        services.not_held(meeting, by=people.ocha_bria, reason="other")
    meeting = services.not_held(meeting, by=people.ocha_bria, reason="quorum")
    assert meeting.get_not_held_reason_display() == "no quorum"
    instead = planned(meeting.body, people.ocha_bria, starts=meeting.starts)
    with pytest.raises(ValidationError, match="meets at that time"):
        services.hold(meeting, by=people.ocha_bria)
    services.cancel(instead, by=people.ocha_bria)
    meeting = services.hold(meeting, by=people.ocha_bria)
    assert meeting.is_held and not meeting.not_held_reason


def test_a_meeting_takes_place_from_an_hour_before_it_begins_and_both_chairs_say_so(people):
    body = chaired(people)
    later = planned(body, people.ocha_bria)
    with pytest.raises(ValidationError, match="not begun"):
        services.hold(later, by=people.ocha_bria)
    soon = planned(body, people.ocha_bria, starts=timezone.now() + HOUR / 2)
    with pytest.raises(PermissionDenied):
        services.hold(soon, by=people.requester_bria)
    assert services.hold(soon, by=people.force_sector).is_held


def test_a_meeting_that_nobody_planned_is_written_down_within_thirty_days(people):
    body = cell_of()
    assert held(body, people.ocha_bria).kind == "ad_hoc"
    with pytest.raises(ValidationError, match="within 30 days"):
        held(body, people.ocha_bria, days_ago=31)
    with pytest.raises(ValidationError, match="not over"):
        services.write_down(body, by=people.ocha_bria, starts=timezone.now() - HOUR / 2, ends=timezone.now() + HOUR,
                            where=HALL)  # fmt: skip
