"""What stands on the agenda of a meeting: the standard items, and what comes to it by itself from earlier ones?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from cmcoord.meetings import adopting, following
from cmcoord.meetings.models import AgendaItem, Meeting, Standard

SHOWN, PRINTED = 50, 500  # open action points on a page, and on paper


@dataclass(frozen=True)
class Standing:
    """What comes by itself: earlier minutes to adopt, and the first of the `count` action points still open."""

    to_adopt: list[Any]
    points: list[Any]
    count: int

    @property
    def more(self) -> int:
        """How many points are left out."""
        return self.count - len(self.points)


def standing(meeting: Meeting, *, most: int = SHOWN) -> Standing:
    """Read from the rows at each time, never copied: what is done meanwhile is not on the agenda any more."""
    earlier = [row for row in adopting.to_adopt(meeting.body) if row.meeting.starts < meeting.starts]
    return Standing(earlier, *following.open_points(meeting.body, most))


def fill(meetings: Iterable[Meeting]) -> None:
    """The standard agenda of new meetings, in their working languages."""
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=order, code=code, title=title(code, meeting.languages))
        for meeting in meetings
        for order, code in enumerate(Standard.values, start=1)
    )


def title(code: str, languages: list[str]) -> str:
    """The words of a standard item in each of these languages, with a stroke between them."""
    words = []
    for language in languages:
        with translation.override(language):
            words.append(str(Standard(code).label))
    return " / ".join(words)[:160]
