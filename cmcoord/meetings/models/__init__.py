"""What do two sides plan, say and agree in a body? One family of models per file, importable from here."""

from cmcoord.meetings.models.agenda import AgendaItem, Proposal, Standard
from cmcoord.meetings.models.attendance import Attendance
from cmcoord.meetings.models.feeds import FeedToken
from cmcoord.meetings.models.meetings import Meeting, Series

__all__ = [
    "AgendaItem",
    "Attendance",
    "FeedToken",
    "Meeting",
    "Proposal",
    "Series",
    "Standard",
]
