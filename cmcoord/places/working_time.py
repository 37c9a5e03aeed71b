"""When is it due, if only working hours count? Pure arithmetic over a calendar; right in zones with summer time too."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
HORIZON_DAYS = 3660  # a calendar without a working day in ten years is a mistake in the calendar


@dataclass(frozen=True)
class WorkCalendar:
    """Working hours of one place: local clock times, ISO weekdays (1 = Monday), local holidays."""

    zone: ZoneInfo
    opens: dt.time = dt.time(8)
    closes: dt.time = dt.time(16)
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[dt.date] = field(default_factory=frozenset)

    def __post_init__(self):
        if self.opens >= self.closes:
            raise ValueError("The working day must open before it closes.")
        if not self.weekdays or not self.weekdays <= frozenset(range(1, 8)):
            raise ValueError("Working days are ISO weekdays, 1 to 7, and there is at least one.")

    def is_working_day(self, day: dt.date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.holidays

    def hours_of(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        """Opening and closing of one day as moments in UTC, so that summer time makes it shorter or longer."""
        return (
            dt.datetime.combine(day, self.opens, self.zone).astimezone(dt.UTC),
            dt.datetime.combine(day, self.closes, self.zone).astimezone(dt.UTC),
        )

    def spans_from(self, moment: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Working spans that end after this moment, in order, the first one cut at the moment."""
        first = moment.astimezone(self.zone).date()
        for offset in range(HORIZON_DAYS):
            day = first + offset * DAY
            if self.is_working_day(day):
                opens, closes = self.hours_of(day)
                if closes > moment:
                    yield max(opens, moment), closes

    def spans_before(self, moment: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Working spans that begin before this moment, latest first, the first one cut at the moment."""
        last = moment.astimezone(self.zone).date()
        for offset in range(HORIZON_DAYS):
            day = last - offset * DAY
            if self.is_working_day(day):
                opens, closes = self.hours_of(day)
                if opens < moment:
                    yield opens, min(closes, moment)


def add_working_minutes(start: dt.datetime, minutes: int, calendar: WorkCalendar) -> dt.datetime:
    """The moment (UTC) at which this many working minutes have passed. 0 minutes: the start itself, even at night."""
    start = _in_utc(start)
    left = _checked(minutes)
    if not left:
        return start
    for opens, closes in calendar.spans_from(start):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise ValueError("The calendar has no working day.")


def subtract_working_minutes(end: dt.datetime, minutes: int, calendar: WorkCalendar) -> dt.datetime:
    """The latest moment (UTC) from which this many working minutes still fit before the end."""
    end = _in_utc(end)
    left = _checked(minutes)
    if not left:
        return end
    for opens, closes in calendar.spans_before(end):
        if closes - opens >= left:
            return closes - left
        left -= closes - opens
    raise ValueError("The calendar has no working day.")


def working_minutes_between(start: dt.datetime, end: dt.datetime, calendar: WorkCalendar) -> int:
    """Whole working minutes between two moments; negative when the end comes first."""
    start, end = _in_utc(start), _in_utc(end)
    if end < start:
        return -working_minutes_between(end, start, calendar)
    total = dt.timedelta()
    for opens, closes in calendar.spans_from(start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total // MINUTE


def _in_utc(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(dt.UTC)


def _checked(minutes: int) -> dt.timedelta:
    if minutes < 0:
        raise ValueError("Minutes cannot be negative.")
    return minutes * MINUTE
