"""Which action points does a page list: one's own, those of a body by side, those that its chairs look at first?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmcoord.activity.barrier import Side
from cmcoord.meetings import following, visibility
from cmcoord.meetings.models.points import ActionPoint, Escalation, InternalPoint, Point, PointQuerySet, Status
from contacts import keepers
from contacts.models import Post

SHOWN, LISTED = 100, 500  # of one's own, and of one body
COLOURS = {"open": "blue", "in_progress": "blue", "reported": "violet", "done": "green", "dropped": "grey"}


@dataclass(frozen=True)
class Line:
    """One point as lists print it."""

    point: Point
    body: str
    colour: str
    late: str  # "late by 3 days", "" while there is time
    internal: bool
    escalated: bool

    @property
    def is_late(self) -> bool:
        return bool(self.late)


def line_of(point: Point, today: dt.date | None = None) -> Line:
    today = today or point.body.country.today
    days = (today - point.due).days if point.is_overdue(today) else 0
    late = ngettext("late by %(count)d day", "late by %(count)d days", days) % {"count": days} if days else ""
    return Line(
        point, point.body.name, COLOURS[point.status], late, isinstance(point, InternalPoint),
        getattr(point, "escalated", False),
    )  # fmt: skip


def with_escalations(rows: PointQuerySet) -> PointQuerySet:
    """With whether a point lies at the strategic level now (`escalated`): for the humanitarian side alone."""
    name = "internal_point" if rows.model is InternalPoint else "point"
    return rows.annotate(escalated=Exists(Escalation.objects.open().filter(**{name: OuterRef("pk")})))


def seen(user, model: type[Point]) -> PointQuerySet:
    """The points of one kind that this person reads."""
    bodies = visibility.bodies_noted_by(user) if model is InternalPoint else visibility.bodies_met_by(user)
    return model._default_manager.filter(body__in=bodies.order_by())


def noted_by(user):
    """The bodies whose humanitarian side this person reads, for a filter."""
    return visibility.bodies_noted_by(user).order_by()


def kinds_for(user) -> list[type[Point]]:
    """Which tables are asked for this person at all: nobody's of another side asks the internal one."""
    return [ActionPoint, InternalPoint] if keepers.is_inside(user) else [ActionPoint]


def find(user, reference: str) -> Point | None:
    """A point by its reference, if this person reads it."""
    for model in kinds_for(user):
        found = seen(user, model).for_lists().filter(reference=reference).first()
        if found is not None:
            return found
    return None


def mine(user) -> list[Line]:
    """What this person has to do, the first deadline first; at most SHOWN of each kind. Two queries."""
    found: list[Point] = []
    for model in kinds_for(user):
        rows = seen(user, model).going_on().filter(following.mine(user)).exclude(status=Status.REPORTED)
        found += rows.for_lists().order_by("due", "id")[:SHOWN]
    return [line_of(point) for point in sorted(found, key=lambda row: (row.due, row.pk))]


def by_side(points: Iterable[Point], today: dt.date) -> list[tuple[str, list[Line]]]:
    """Open points by the side that owes them, humanitarians first."""
    groups: dict[str, list[Line]] = {side: [] for side in Side.values}
    for point in points:
        groups[point.owner_organisation.side].append(line_of(point, today))
    return [(str(Side(side).label), lines) for side, lines in groups.items() if lines]


def of_body(user, body: Any, *, ended: bool) -> tuple[list[tuple[str, list[Line]]], int]:
    """The points of a body in groups: of the table by side, and the internal ones for those who read them; and how many
    are left out, since LISTED of each kind are shown. The body is one of cell_page.bodies_for."""
    groups: list[tuple[str, list[Line]]] = []
    left_out = 0
    today = body.country.today
    for model in kinds_for(user):
        rows = seen(user, model).filter(body=body).for_lists()
        if ended:
            found = rows.exclude(closed_at=None).order_by("-closed_at", "-id")
        else:
            going_on = rows.going_on().order_by("due", "id")
            found = with_escalations(going_on) if body.noted else going_on
        points = list(found[: LISTED + 1])
        if len(points) > LISTED:
            points.pop()
            left_out += found.count() - LISTED
        if model is InternalPoint:
            inner = [line_of(point, today) for point in points]
            groups += [(_("Only for the humanitarian side"), inner)] if inner else []
        else:
            groups += by_side(points, today)
    return groups, left_out


def of_post(user, post: Post) -> dict[str, list[Line]]:
    """For a handover: what goes with the post, and what its organisation owes there through no post."""
    found: dict[str, list[Line]] = {"with_post": [], "without": []}
    near = Q(body__station=post.station_id) | Q(body__station=None)
    without = Q(owner_post=None, owner_organisation=post.organisation_id, body__country=post.country_id) & near
    for model in kinds_for(user):
        rows = seen(user, model).going_on().for_lists().filter(Q(owner_post=post) | without)
        for point in rows.order_by("due", "id")[: 2 * SHOWN]:
            found["with_post" if point.owner_post_id else "without"].append(line_of(point))
    return found


def page(user, point: Point) -> dict[str, Any]:
    """One point: what was agreed, where it stands, what this person may do with it."""
    noted, choices = visibility.reads_notes(user, point.body), following.choices(user, point)
    return {
        "point": point,
        "line": line_of(point),
        "internal": isinstance(point, InternalPoint),
        "updates": list(point.updates.select_related("by__organisation").order_by("id")),
        "choices": choices,
        "may_give": "postpone" in {step.name for step in choices},
        "may_correct": "postpone" in {step.name for step in choices} and point.status == Status.OPEN,
        "escalations": list(point.escalations.select_related("by", "answered_by").order_by("id")) if noted else [],
        "may_escalate": noted and point.goes_on and keepers.keeps_body(user, point.body),
    }
