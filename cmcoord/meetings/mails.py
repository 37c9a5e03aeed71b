"""What is attached to a mail about a meeting? The entry for the calendar of whoever was invited."""

from __future__ import annotations

from email.mime.base import MIMEBase
from email.mime.text import MIMEText

from cmcoord.activity import mail
from cmcoord.activity.models import Notification
from cmcoord.meetings import ics
from cmcoord.meetings.models import Meeting

FOR_CALENDARS = ("meeting.invite", "meeting.move", "meeting.cancel", "meeting.not_held")


def attached(notification: Notification) -> list[MIMEBase]:
    """The entry as the meeting stands now, with the time of the event as its stamp."""
    if notification.kind not in FOR_CALENDARS or notification.event.subject_kind != Meeting.activity_kind:
        return []
    meeting = Meeting.objects.with_body().get(pk=notification.event.subject_id)
    to = mail.address_of(notification)
    method, content = ics.invitation(meeting, to=to, at=notification.event.at)
    part = MIMEText(content.decode(), "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename="meeting.ics")
    return [part]


mail.ATTACHING[Meeting.activity_kind] = attached
