"""Which minutes wait for their adoption by the next meeting of a body?"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from cmcoord.meetings.models import Meeting, Minutes
from cmcoord.places.working_time import add_working_minutes
from contacts.models import Body

DAYS = 5  # working days after the meeting in which both chairs sign (issue 7)


def to_adopt(body: Body, now: dt.datetime | None = None) -> list[Minutes]:
    """The minutes that were not signed in time, oldest first: on the next agenda by themselves."""
    now = now or timezone.now()
    rows = Minutes.objects.open().filter(meeting__body=body, meeting__stage=Meeting.Stage.HELD)
    rows = rows.select_related("meeting__body__country", "meeting__body__station").order_by("meeting__starts")
    return [row for row in rows if sign_by(row.meeting) <= now]


def sign_by(meeting: Meeting) -> dt.datetime:
    """Until when both chairs sign: the close of the fifth working day after the meeting, holidays left out."""
    where = meeting.body.station or meeting.body.country
    calendar = where.work_calendar()
    opens, closes = calendar.hours_of(meeting.ends.astimezone(calendar.zone).date())
    a_day = int((closes - opens).total_seconds() // 60)
    return add_working_minutes(max(meeting.ends, closes), DAYS * a_day, calendar)
