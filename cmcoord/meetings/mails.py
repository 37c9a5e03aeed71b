"""What is attached to a mail about a meeting? The entry for the calendar of whoever was invited."""

from __future__ import annotations

from email.mime.base import MIMEBase
from email.mime.text import MIMEText

from cmcoord.activity import mail
from cmcoord.activity.models import Notification
from cmcoord.meetings import ics
from cmcoord.meetings.models import Meeting, Series

FOR_CALENDARS = ("meeting.invite", "meeting.move", "meeting.cancel", "meeting.not_held")


def attached(notification: Notification) -> list[MIMEBase]:
    """The entry as the meeting stands now, with the time of the event as its stamp."""
    if notification.kind not in FOR_CALENDARS or notification.event.subject_kind != Meeting.activity_kind:
        return []
    meeting = Meeting.objects.with_body().get(pk=notification.event.subject_id)
    to = mail.address_of(notification)
    return [_entry(*ics.invitation(meeting, to=to, at=notification.event.at))]


def of_series(notification: Notification) -> list[MIMEBase]:
    """The entries of the meetings of a series to which people were invited, as they stand now."""
    if notification.kind != "series.invite" or notification.event.subject_kind != Series.activity_kind:
        return []
    rows = Meeting.objects.with_body().filter(series=notification.event.subject_id, starts__gt=notification.event.at)
    return [_entry(*ics.announcement(rows.exclude(invited_at=None).order_by("starts"), at=notification.event.at))]


def _entry(method: str, content: bytes) -> MIMEBase:
    part = MIMEText(content.decode(), "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename="meeting.ics")
    return part


mail.ATTACHING[Meeting.activity_kind] = attached
mail.ATTACHING[Series.activity_kind] = of_series
