"""How does a calendar program read meetings? iCalendar (RFC 5545, 5546): one entry for each, whatever becomes of it.

Body, time, place and the way to the page, nothing else. An entry keeps its UID; SEQUENCE rises when the meeting moves
or falls away, so that the calendar changes what it has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from cmcoord.meetings.models import Meeting

PRODUCT = "-//CMCoord portal//meetings//EN"
GONE = (Meeting.Stage.CANCELLED, Meeting.Stage.NOT_HELD)


def invitation(meeting: Meeting, *, to: str, at: dt.datetime) -> tuple[str, bytes]:
    """The method and the file for one member: REQUEST, or CANCEL of what does not take place."""
    method = "CANCEL" if meeting.stage in GONE else "REQUEST"
    entry = _entry(meeting, at)
    entry.add("organizer", _organizer())
    member = vCalAddress(f"mailto:{to}")
    member.params["ROLE"] = vText("REQ-PARTICIPANT")
    member.params["RSVP"] = vText("FALSE")
    entry.add("attendee", member)
    return method, _calendar([entry], method=method)


def announcement(meetings: Iterable[Meeting], *, at: dt.datetime) -> tuple[str, bytes]:
    """The method and the file for all meetings of a series. A REQUEST is about one UID alone (RFC 5546, 3.2.2), so that
    many are published; a later REQUEST or CANCEL of one of them finds its entry by the same UID."""
    entries = [_entry(meeting, at) for meeting in meetings]
    for entry in entries:
        entry.add("organizer", _organizer())
    return "PUBLISH", _calendar(entries, method="PUBLISH")


def feed(meetings: Iterable[Meeting], *, at: dt.datetime) -> bytes:
    """All of them for a calendar that asks again and again."""
    return _calendar([_entry(meeting, at) for meeting in meetings], method="PUBLISH")


def uid(meeting: Meeting) -> str:
    return f"{meeting.uid}@{urlsplit(settings.PORTAL_URL).hostname}"


def _organizer() -> vCalAddress:
    return vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")


def _calendar(entries: list[Event], *, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if method == "PUBLISH":
        calendar.add("x-wr-calname", _("Meetings"))
    for entry in entries:
        calendar.add_component(entry)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _entry(meeting: Meeting, at: dt.datetime) -> Event:
    entry = Event()
    entry.add("uid", uid(meeting))
    entry.add("sequence", meeting.sequence)
    entry.add("dtstamp", at.astimezone(dt.UTC).replace(microsecond=0))
    entry.add("dtstart", meeting.local_start)
    entry.add("dtend", meeting.local_end)
    entry.add("summary", meeting.body.name)
    if meeting.place:
        entry.add("location", meeting.place)
    address = f"{settings.PORTAL_URL}{meeting.get_absolute_url()}"
    entry.add("description", f"{times(meeting)}\n{address}")
    entry.add("url", address)
    entry.add("status", "CANCELLED" if meeting.stage in GONE else "CONFIRMED")
    entry.add("class", "PRIVATE")
    return entry


def times(meeting: Meeting) -> str:
    """The hours in the zone of the body, and in UTC: "09:00–11:00 (Africa/Bangui), 08:00–10:00 UTC"."""
    local = f"{meeting.local_start:%H:%M}–{meeting.local_end:%H:%M}"
    utc = f"{meeting.starts.astimezone(dt.UTC):%H:%M}–{meeting.ends.astimezone(dt.UTC):%H:%M}"
    return _("%(local)s (%(zone)s), %(utc)s UTC") % {"local": local, "zone": meeting.zone, "utc": utc}
