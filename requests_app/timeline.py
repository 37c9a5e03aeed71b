"""What happened to a request, in sentences, as this reader may know it?"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.activity.barrier import may_see
from cmcoord.activity.models import Event
from cmcoord.activity.sentences import sentence
from requests_app.models import Case, Comment

NEWEST = 20


def timeline(
    case: Case,
    user,
    audiences: list[str],
    every: bool,
    *,
    newest: int = NEWEST,
    without: tuple[str, ...] = (),
    reasons: bool = True,
) -> dict[str, Any]:
    """The events in sentences, newest first. Words for an audience that the reader does not belong to are left out."""
    rows = Event.objects.about(case).exclude(kind__in=without).order_by("-id")
    if case.team_consultation_id:  # who read positions stands in the trail; the page tells what was said
        rows = rows.exclude(kind="case.open_secret", data__field="positions")
    every_audience = set(Comment.Audience.values) - (set() if case.team_consultation_id else {Comment.Audience.TEAM})
    if set(audiences) != every_audience:
        rows = rows.filter(Q(data__audience__isnull=True) | Q(data__audience__in=[str(each) for each in audiences]))
    found = list(rows) if every else list(rows[: newest + 1])
    moves = {(f"case.{move.code}", move.at): move for move in case.moves.all()}
    items = [_item(event, moves.get((event.kind, event.at)), user, reasons) for event in found]
    return {"items": items if every else items[:newest], "more": len(items) > newest and not every}


def _item(event: Event, move, user, reasons: bool) -> dict[str, Any]:
    detail = ""
    if move and move.reason and reasons and may_see(user, move, "reason"):
        detail = _("“%(text)s”") % {"text": move.reason}
    return {
        "sentence": sentence(event, user.side),
        "at": event.at,
        "key": event.data.get("from") != event.data.get("to"),
        "detail": detail,
        "record": move.on_behalf if move else None,
    }
