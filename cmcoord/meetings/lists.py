"""Which meetings stand on a person's own list, in which order, page by page?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.activity.barrier import Side
from cmcoord.meetings import chairs
from cmcoord.meetings.meeting_page import COLOURS
from cmcoord.meetings.models import Meeting
from contacts import keepers

SHOWN = 25


def meets(user) -> bool:
    """Is there a list of meetings for this person at all: for whoever works in a country, of a side that meets."""
    return bool(keepers.countries_of(user)) and user.side != Side.AUTHORITY


def page(request: HttpRequest) -> dict[str, Any]:
    """What comes, soonest first; or what was, newest first (`past`). `from` names the meeting where a page begins."""
    past = "past" in request.GET
    rows = Meeting.objects.visible_to(request.user).with_body()
    now = timezone.now()
    rows = rows.filter(ends__lte=now) if past else rows.filter(ends__gt=now).exclude(stage=Meeting.Stage.CANCELLED)
    order = ("-starts", "-id") if past else ("starts", "id")
    if first := _cursor(request):
        there = Q(starts__lt=first.starts) if past else Q(starts__gt=first.starts)
        same = Q(starts=first.starts, id__lte=first.pk) if past else Q(starts=first.starts, id__gte=first.pk)
        rows = rows.filter(there | same)
    found = list(rows.order_by(*order)[: SHOWN + 1])
    more = found[SHOWN].uid if len(found) > SHOWN else None
    url = reverse("meetings:list")
    return {
        "rows": [(row, COLOURS[row.stage]) for row in found[:SHOWN]],
        "past": past,
        "next": f"{url}?{'past&' if past else ''}from={more}" if more else "",
        "first": first is not None,
        "plans": _may_plan(request.user),
        "tabs": [
            {"label": _("To come"), "url": url, "current": not past},
            {"label": _("Past"), "url": f"{url}?past", "current": past},
        ],
    }


def _may_plan(user) -> bool:
    """Without a query for those who keep bodies."""
    kept = any(grant.perm in ("record_for_others", "clear_case") for grant in scope.grants(user))
    return keepers.is_inside(user) and (kept or chairs.planned_by(user).exists())


def _cursor(request: HttpRequest) -> Meeting | None:
    word = request.GET.get("from", "")
    try:
        return Meeting.objects.visible_to(request.user).filter(uid=UUID(word)).first() if word else None
    except (ValueError, ValidationError):
        return None
