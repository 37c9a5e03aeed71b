"""How do the meetings of a series come, change and end? They stand from the start; touched ones stay as they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.services import record
from cmcoord.meetings import agenda
from cmcoord.meetings.models import AgendaItem, Meeting, Series
from cmcoord.meetings.services.planning import Where, check_free
from cmcoord.meetings.services.trail import locked_body, must_plan
from contacts import keepers
from contacts.models import Body
from contacts.services import change_body

LONGEST = dt.timedelta(days=366)
MOST = 60
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST_IN_MONTH = 29  # a day from which on there is no fifth week in every month


def rule_of(every: str, first: dt.date) -> str:
    """The RRULE: the weekday of the first meeting; in a month the second Monday, or the last."""
    day = WEEKDAYS[first.weekday()]
    if every == Body.Every.MONTH:
        week = -1 if first.day >= LAST_IN_MONTH else (first.day - 1) // 7 + 1
        return f"FREQ=MONTHLY;BYDAY={week}{day}"
    return f"FREQ=WEEKLY;INTERVAL={2 if every == Body.Every.TWO_WEEKS else 1};BYDAY={day}"


def days_of(rule: str, first: dt.date, until: dt.date) -> list[dt.date]:
    """Its days on the calendar of the body, the last one included."""
    start = dt.datetime.combine(first, dt.time())
    found = rrulestr(f"RRULE:{rule}", dtstart=start).between(start, dt.datetime.combine(until, dt.time()), inc=True)
    return [moment.date() for moment in found]


@transaction.atomic
def plan_series(
    body: Body,
    *,
    by: User,
    every: str,
    first_day: dt.date,
    at: dt.time,
    minutes: int,
    until: dt.date | None,
    where: Where,
) -> Series:
    """Meetings that come again; a body of which nobody said how often it meets has its cadence from it.

    Raises PermissionDenied, and ValidationError by field: a series has an end.
    """
    body = locked_body(body)
    must_plan(by, body)
    facts = _checked(body, every=every, first_day=first_day, at=at, minutes=minutes, until=until)
    series = Series(body=body, created_by=by, **facts, **where.checked())
    series.full_clean(exclude=["created_by"])
    days = days_of(series.rule, series.first_day, series.until)
    check_free(body, [_times(body, day, at, minutes) for day in days])
    series.save()
    _add(series, days, by)
    record(series, "series.plan", by=by, data={"meetings": len(days)})
    if body.cadence is None and keepers.keeps_body(by, body):
        change_body(body, by=by, cadence={"every": every})
    return series


@transaction.atomic
def change_series(
    series: Series,
    *,
    by: User,
    every: str,
    first_day: dt.date,
    at: dt.time,
    minutes: int,
    until: dt.date | None,
    where: Where,
) -> int:
    """From now on by another rule, at another hour or place. Returns how many meetings stay as somebody made them.

    A meeting that was moved, invited to or prepared is not touched, and its week (or month) gets no second one.
    """
    body = locked_body(series.body)
    must_plan(by, body)
    series = Series.objects.get(pk=series.pk)
    _must_run(series)
    facts = _checked(body, every=every, first_day=first_day, at=at, minutes=minutes, until=until)
    series.body = body
    for name, value in (facts | where.checked()).items():
        setattr(series, name, value)
    series.full_clean(exclude=["created_by"])
    _remove_untouched(series)
    kept = list(series.meetings.filter(ends__gt=timezone.now()).exclude(stage=Meeting.Stage.CANCELLED))
    taken = {_period(series, row.occurrence) for row in kept if row.occurrence}
    known = set(series.meetings.values_list("occurrence", flat=True))
    days = [
        day
        for day in days_of(series.rule, series.first_day, series.until)
        if _period(series, day) not in taken and day not in known
    ]
    if days:
        check_free(body, [_times(body, day, at, minutes) for day in days])
    series.save()
    _add(series, days, by)
    record(series, "series.change", by=by, data={"meetings": len(days), "kept": len(kept)})
    return len(kept)


@transaction.atomic
def end_series(series: Series, *, by: User) -> int:
    """No more meetings by it. Those that nobody touched go; returns how many stay, to be cancelled one by one."""
    body = locked_body(series.body)
    must_plan(by, body)
    series = Series.objects.select_related("body").get(pk=series.pk)
    _must_run(series)
    series.ended_at = timezone.now()
    series.save(update_fields=["ended_at"])
    _remove_untouched(series)
    kept = series.meetings.ahead().count()
    record(series, "series.end", by=by, data={"kept": kept})
    return kept


def _checked(body: Body, *, every: str, first_day: dt.date, at: dt.time, minutes: int, until: dt.date | None) -> dict:
    today = body.country.today
    faults: dict[str, Any] = {}
    if every not in Body.Every.values:
        faults["every"] = _("Say how often it meets.")
    if first_day < today:
        faults["first_day"] = _("The first meeting lies in the past.")
    if until is None:
        faults["until"] = _("Say until when: meetings are planned for twelve months at most, never without an end.")
    elif until > today + LONGEST:
        faults["until"] = _("Meetings are planned for twelve months at most.")
    elif until < first_day:
        faults["until"] = _("The series ends before its first meeting.")
    if not 5 <= minutes <= 24 * 60:
        faults["minutes"] = _("A meeting lasts from five minutes to a day.")
    if not faults and not 0 < len(days_of(rule_of(every, first_day), first_day, until or first_day)) <= MOST:
        faults["until"] = _("At most %(number)d meetings are planned at once.") % {"number": MOST}
    if not faults and _times(body, first_day, at, minutes)[0] < timezone.now():
        faults["at"] = _("The first meeting lies in the past.")
    if faults:
        raise ValidationError(faults)
    rule = rule_of(every, first_day)
    return {"every": every, "rule": rule, "first_day": first_day, "at": at, "minutes": minutes, "until": until}


def _times(body: Body, day: dt.date, at: dt.time, minutes: int) -> tuple[dt.datetime, dt.datetime]:
    """On the clocks of the country, whatever they do in between."""
    start = dt.datetime.combine(day, at, body.country.zone).astimezone(dt.UTC)
    return start, start + dt.timedelta(minutes=minutes)


def _period(series: Series, day: dt.date) -> tuple[int, int]:
    if series.every == Body.Every.MONTH:
        return day.year, day.month
    week = day.isocalendar()
    return week.year, week.week


def _add(series: Series, days: list[dt.date], by: User) -> None:
    place = {name: getattr(series, name) for name in Where.__dataclass_fields__}
    rows = []
    for day in days:
        starts, ends = _times(series.body, day, series.at, series.minutes)
        rows.append(
            Meeting(
                body=series.body, series=series, occurrence=day, kind=Meeting.Kind.REGULAR, starts=starts, ends=ends,
                zone=series.body.country.timezone, created_by=by, **place,
            )
        )  # fmt: skip
    agenda.fill(Meeting.objects.bulk_create(rows))


def _remove_untouched(series: Series) -> None:
    rows = series.meetings.planned().filter(by_hand=False, starts__gt=timezone.now())
    AgendaItem.objects.filter(meeting__in=rows).delete()
    rows.delete()


def _must_run(series: Series) -> None:
    if series.ended_at:
        raise ValidationError(_("This series has ended."))
