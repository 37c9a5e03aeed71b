"""Who is invited to a meeting of a body, and who hears when it moves?"""

from __future__ import annotations

from cmcoord.activity.services import Tell
from cmcoord.meetings.models import Meeting


def members(meeting: Meeting) -> list[Tell]:
    """Who belongs to the body today."""
    return []


def tell_invited(meeting: Meeting) -> list[Tell]:
    """The same, once invitations went out; nobody hears of changes to what they were never invited to."""
    return members(meeting) if meeting.invited_at else []
