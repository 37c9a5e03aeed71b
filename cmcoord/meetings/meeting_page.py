"""What does the page of one meeting show, and what may its reader do there?"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cmcoord.meetings import agenda, chairs, ics, visibility
from cmcoord.meetings.models import Attendance, Meeting, Proposal
from contacts import keepers
from requests_app.models import Case

COLOURS = {"planned": "blue", "held": "green", "not_held": "amber", "cancelled": "grey"}
Stage = Meeting.Stage


def page(meeting: Meeting, user) -> dict[str, Any]:
    """The meeting, its agenda, who was there, and the buttons of this reader."""
    prepares, plans = chairs.rights(user, meeting.body)
    inside = keepers.is_inside(user)
    noted = inside and visibility.reads_notes(user, meeting.body)  # names are class C: for those close to the body
    rows = list(meeting.attendance.select_related("organisation"))
    here = [row for row in rows if row.presence == Attendance.Presence.PRESENT]
    return {
        "meeting": meeting,
        "body": meeting.body,
        "colour": COLOURS[meeting.stage],
        "items": list(meeting.agenda.select_related("case") if inside else meeting.agenda.all()),
        "named": _named(meeting, user) if inside else set(),
        "standing": agenda.standing(meeting) if meeting.is_planned or meeting.is_held else None,
        "present": in_words(here),
        "presence": len(here),
        "excused": in_words(row for row in rows if row.presence == Attendance.Presence.EXCUSED),
        "names": [row for row in rows if row.name] if noted else [],
        "times": ics.times(meeting),
        "inside": inside,
        "prepares": prepares,
        "plans": plans,
        "acts": acts(meeting, plans=plans, prepares=prepares),
        "proposals": Proposal.objects.open().filter(body=meeting.body).count() if noted else None,
    }


def _named(meeting: Meeting, user) -> set[int]:
    """The requests on the agenda that this reader sees: to everybody else the item is its words."""
    found = Case.objects.visible_to(user).filter(pk__in=meeting.agenda.exclude(case=None).order_by().values("case"))
    return set(found.order_by().values_list("pk", flat=True))


def in_words(rows) -> str:
    """Organisations, each once, in the order in which they were written down."""
    return ", ".join(dict.fromkeys(row.who for row in rows))


def acts(meeting: Meeting, *, plans: bool, prepares: bool) -> list[dict[str, Any]]:
    """The buttons of a planned meeting; of one that is over, what is still to be said of it."""
    found: list[dict[str, Any]] = []

    def button(name: str, label: str, kind: str = "line", *, post: bool = False) -> None:
        url = reverse(f"meetings:{name}", args=[meeting.uid])
        found.append({"label": label, "url": url, "why": "", "kind": kind, "post": post})

    if meeting.is_planned and not meeting.has_begun and plans:
        button("invite", _("Invite again") if meeting.invited_at else _("Invite the members"),
               "line" if meeting.invited_at else "main", post=True)  # fmt: skip
        if meeting.series_id and meeting.series.ended_at is None:
            button("invite_series", _("Invite to the whole series"), post=True)
        button("move", _("Move or change"))
    if meeting.stage in (Stage.PLANNED, Stage.NOT_HELD) and prepares and meeting.can_be_held:
        asked = meeting.is_planned and (
            meeting.invited_at or meeting.has_begun or not plans
        )  # one main button at a time
        button("hold", _("The meeting takes place"), "main" if asked else "line", post=True)
    if meeting.is_planned and plans:
        button("not_held", _("Not held"))
        button("cancel", _("Cancel the meeting"), "danger", post=True)
    return found
