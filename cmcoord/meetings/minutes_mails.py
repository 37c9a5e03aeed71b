"""What is attached to a mail about minutes? The paper, where OCHA released them to somebody without an account."""

from __future__ import annotations

from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase

from cmcoord.activity import mail
from cmcoord.activity.models import Notification
from cmcoord.meetings import minutes_page, minutes_paper
from cmcoord.meetings.models import Minutes


def attached(notification: Notification) -> list[MIMEBase]:
    """The PDF of the final minutes as it was released, byte for byte: of values that nobody changes any more."""
    if notification.kind != "minutes.release" or notification.event.subject_kind != Minutes.activity_kind:
        return []
    minutes = Minutes.objects.select_related("meeting__body__country", "meeting__body__station")
    row = minutes.get(pk=notification.event.subject_id)
    part = MIMEApplication(minutes_paper.as_pdf(minutes_page.whole_of(row, released=notification.event.at)), "pdf")
    part.add_header("Content-Disposition", "attachment", filename=f"{row.meeting.reference.replace(' ', '-')}.pdf")
    return [part]


mail.ATTACHING[Minutes.activity_kind] = attached
