"""What do two sides plan, say and agree in a body? One family of models per file, importable from here."""

from cmcoord.meetings.models.agenda import AgendaItem, Proposal, Standard
from cmcoord.meetings.models.attendance import Attendance
from cmcoord.meetings.models.feeds import FeedToken
from cmcoord.meetings.models.liaison import LiaisonContact, WeeklySummary
from cmcoord.meetings.models.meetings import Meeting, Series
from cmcoord.meetings.models.minutes import (
    Addendum,
    Adoption,
    Minutes,
    MinutesDecision,
    MinutesItem,
    Objection,
    Signature,
    Translation,
)
from cmcoord.meetings.models.notes import HumanitarianNote
from cmcoord.meetings.models.points import ActionPoint, Escalation, InternalPoint, InternalUpdate, PointUpdate

__all__ = [
    "ActionPoint",
    "Addendum",
    "Adoption",
    "AgendaItem",
    "Attendance",
    "Escalation",
    "FeedToken",
    "HumanitarianNote",
    "InternalPoint",
    "InternalUpdate",
    "LiaisonContact",
    "Meeting",
    "Minutes",
    "MinutesDecision",
    "MinutesItem",
    "Objection",
    "PointUpdate",
    "Proposal",
    "Series",
    "Signature",
    "Standard",
    "Translation",
    "WeeklySummary",
]
