"""What do the page of a body, the matrix of regularity and the table of attendance show?"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from cmcoord.accounts.kept import once_for_reader
from cmcoord.activity.statements import Statement
from cmcoord.meetings import chairs, points_page, regularity, visibility
from cmcoord.meetings.models import Attendance, LiaisonContact, Meeting, WeeklySummary
from cmcoord.meetings.models.points import ActionPoint, InternalPoint, Point, Status
from cmcoord.meetings.regularity import WEEK, WEEKS, Regularity, Week, monday_of
from cmcoord.meetings.services.liaison import week_at
from cmcoord.places.local_dates import days
from cmcoord.places.models import folded
from contacts import keepers
from contacts.models import Body, Capacity, Category, Holding, Seat, Sitting
from requests_app import listed
from requests_app.models import Case
from requests_app.rows import rows_of

BEFORE = WEEK * (WEEKS + 8)  # so far back meetings are read, so that the first weeks know what was before
LOGGED, CASES = 10, 10
PRINTED = ("uid", "body", "starts", "ends", "zone", "stage", "not_held_reason", "not_held_note")
WHOLE = dt.timedelta(days=366)


def bodies_for(user):
    """The bodies that a person meets, each with whether its humanitarian side is theirs (`noted`)."""
    noted = visibility.bodies_noted_by(user).filter(pk=OuterRef("pk")).order_by()
    found = visibility.bodies_met_by(user).select_related("country", "station")
    return found.annotate(noted=Exists(noted))


def find(user, pk: int) -> Any:
    """One of them; None where this person meets no such body. One query."""
    return next(iter(_one_of(user)(pk)), None)


@once_for_reader
def _one_of(user) -> Statement:
    return Statement(lambda pk: bodies_for(user).filter(pk=pk).order_by(), int)


def url_of(body: Body) -> str:
    return reverse("meetings:body", args=[body.pk])


def page(body: Any, user) -> dict[str, Any]:
    """One body as `bodies_for` read it. A fixed number of queries."""
    now = timezone.now()
    today = body.country.today
    rows = list(_of_a_year(body.pk, now - WHOLE))
    for row in rows:
        row.body = body
    line, figure = _of(body, rows, today)
    inside = bool(body.noted)
    joint = _points(ActionPoint, body, escalations=inside)
    internal = _points(InternalPoint, body, escalations=True) if inside else []
    seats = seats_of(body)
    keeps = keepers.keeps_body(user, body)
    context: dict[str, Any] = {
        "body": body,
        "inside": inside,
        "next": next((row for row in rows if row.is_planned and row.ends > now), None),
        "last": next((row for row in reversed(rows) if row.is_held), None),
        "unsaid": [row for row in rows if row.is_planned and row.ends <= now],
        "weeks": [week for week in reversed(line) if week.said != regularity.Said.NOTHING],
        "figure": figure,
        "sides": points_page.by_side(joint, today),
        "in_time": _in_time(body, joint, today),
        "vacant": [seat for seat in seats if seat.mandatory and not seat.taken],
        "prepares": keeps or chairs.seat_of(user, body) is not None,
        "keeps": keeps,
        "contacts": reverse("contacts:station", args=[body.station.code]) if body.station else "",
    }
    if inside:
        monday = monday_of(today)
        context |= {
            "internal": [points_page.line_of(row, today) for row in internal],
            "log": _log(body),
            "cases": _cases(body, monday, user),
        }
    return context


_of_a_year = Statement(
    lambda body, since: (
        Meeting.objects.filter(body=body, starts__gte=since).order_by("starts", "id").only(*PRINTED, "place")
    ),
    int,
    dt.datetime,
)
_logged = Statement(
    lambda body: (
        LiaisonContact.objects.filter(body=body)
        .select_related("organisation", "settled_by")
        .order_by("-at", "-id")[:LOGGED]
    ),
    int,
)


def _log(body: Body) -> list[LiaisonContact]:
    return list(_logged(body.pk))


def _cases(body: Body, monday: dt.date, user) -> list[Any]:
    """The newest of the week, as lists of requests print them. One query."""
    begins = dt.datetime.combine(monday, dt.time(), body.country.zone)
    kind, place = ("station", body.station_id) if body.station_id else ("country", body.country_id)
    return _listed(_newest_at(user, kind)(place, begins, begins + WEEK), user)


@once_for_reader
def _newest_at(user, kind: str) -> Statement:
    """Of a duty station or a country, by its key: what the week between two moments brought."""

    def build(place: Any, begins: dt.datetime, ends: dt.datetime):
        keys = week_at(user, kind, place, begins, ends).order_by("-submitted_at", "-pk").values("pk")[:CASES]
        return listed.rows().filter(pk__in=keys).order_by("-created_at", "-pk")

    return Statement(build, int if kind == "station" else str, dt.datetime, dt.datetime)


def _listed(rows, user) -> list[Any]:
    """These requests, which this person sees, by what every list of them prints."""
    cases = listed.read(rows)
    for case in cases:
        case.listed_by = user.pk
    return rows_of(cases, user)


@cache
def _going_on(model: type[Point], escalations: bool) -> Statement:
    def build(body: int):
        rows = model._default_manager.going_on().filter(body=body).select_related("owner_organisation", "owner_post")
        return (points_page.with_escalations(rows) if escalations else rows).order_by("due", "id")

    return Statement(build, int)


def _points(model: type[Point], body: Body, *, escalations: bool) -> list[Point]:
    """What goes on."""
    found = list(_going_on(model, escalations)(body.pk))
    for point in found:
        point.body = body
    return found


def _in_time(body: Body, going_on: Iterable[Point], today: dt.date) -> regularity.InTime:
    """Figure 15 of the quarter: of what goes on, and of what was closed within it."""
    first, zone = today - WEEK * WEEKS, body.country.zone
    closed = ActionPoint.objects.filter(body=body, closed_at__gte=timezone.now() - WEEK * WEEKS, due__gte=first)
    names = "due", "closed_at", "owner_organisation__acronym", "owner_organisation__name", "status"
    rows = [
        (due, at.astimezone(zone).date(), acronym or name, status == Status.DROPPED)
        for due, at, acronym, name, status in closed.values_list(*names)
    ]
    rows += [(point.due, None, str(point.owner_organisation), False) for point in going_on]
    return regularity.in_time(rows, today=today)


def seats_of(body: Body) -> list[Any]:
    """The seats that stand, each with whether somebody takes it today (`taken`). One query."""
    rows = list(_seats_on(days())(body.pk))
    for seat in rows:
        seat.body = body
    return [seat for seat in rows if seat.is_foreseen]


@lru_cache(maxsize=2)
def _seats_on(_days: Any) -> Statement:
    """Holds a day: who holds a post today."""
    holder = Holding.objects.in_post().filter(capacity=Capacity.HOLDER, post__closed_at=None)
    sits = Sitting.objects.filter(seat=OuterRef("pk"), ends=None).filter(
        Q(post=None, designate=None)
        | Exists(holder.filter(post=OuterRef("post")))
        | Exists(holder.filter(post=OuterRef("designate")))
    )
    return Statement(lambda body: Seat.objects.open().filter(body=body).annotate(taken=Exists(sits)), int)


# ── regularity ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    """A line of the matrix."""

    body: Body
    weeks: list[Week]
    figure: Regularity

    @property
    def url(self) -> str:
        return url_of(self.body)


def matrix(user) -> dict[str, Any]:
    """Every cell that this person meets × the last twelve weeks. Two queries, whatever there is (line 1-27)."""
    met = visibility.bodies_met_by(user).cells().filter(stage__in=visibility.SHARED)
    cells = met.select_related("country", "station").order_by()
    bodies = sorted(cells, key=lambda body: (body.country_id, folded(str(body.station))))
    since = timezone.now() - BEFORE
    found = Meeting.objects.filter(body__in=met.order_by(), starts__gte=since).order_by("starts", "id")
    of: dict[int, list[Meeting]] = defaultdict(list)
    for row in found.only(*PRINTED):
        of[row.body_id].append(row)
    rows = []
    for body in bodies:
        line, figure = _of(body, of[body.pk], body.country.today)
        rows.append(Row(body, line, figure))
    held, planned = sum(row.figure.held for row in rows), sum(row.figure.planned for row in rows)
    return {
        "rows": rows,
        "mondays": [week.monday for week in rows[0].weeks] if rows else [],
        "held": held,
        "planned": planned,
        "share": round(100 * held / planned) if planned else None,
        "late": sum(row.figure.overdue for row in rows),
    }


def _of(body: Body, rows: list[Meeting], today: dt.date) -> tuple[list[Week], Regularity]:
    meetings = [
        regularity.Meeting(
            row.starts.astimezone(row.tz).date(), row.stage, _reason(row), row.not_held_note, row.get_absolute_url()
        )
        for row in rows
    ]
    every = (body.cadence or {}).get("every", "")
    begun = min([timezone.localdate(body.created_at, body.country.zone), *(one.day for one in meetings)])
    line = regularity.weeks(meetings, every=every, today=today, since=begun)
    return line, regularity.figure(line, meetings, every=every, today=today, since=begun)


def _reason(row: Meeting) -> str:
    return row.get_not_held_reason_display() if row.not_held_reason else ""


def attendance(body: Body) -> dict[str, Any]:
    """Who came to the meetings of the last quarter, by category (line 1-25, figure 14). Three queries."""
    since = timezone.now() - WEEK * WEEKS
    meetings = Meeting.objects.held().filter(body=body, starts__gte=since)
    held = meetings.count()
    present = Attendance.objects.filter(
        meeting__in=meetings.order_by(), presence=Attendance.Presence.PRESENT
    ).select_related("organisation")
    seats = Seat.objects.open().filter(body=body)
    for seat in (seats := list(seats)):
        seat.body = body
    came = regularity.attendance(
        ((row.meeting_id, row.category, row.who, row.mode == Attendance.Mode.REMOTE) for row in present),
        seated={seat.category for seat in seats if seat.is_foreseen},
        order=[*Category.values],
    )
    rows = [
        {
            "category": str(Category(one.category).label), "seated": one.seated, "meetings": one.meetings,
            "remote": one.remote, "share": one.share(held), "organisations": one.organisations.most_common(),
        }
        for one in came
    ]  # fmt: skip
    return {"body": body, "rows": rows, "held": held, "share": regularity.members_present(came, held)}


# ── the week ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def week(body: Body, user, content: dict[str, Any], sent: WeeklySummary | None, monday: dt.date) -> dict[str, Any]:
    """A week as it is printed; of the cases that were frozen with it only those that this reader sees."""
    from_case = {row["case"] for row in content["cases"]}
    shown = _seen_cases(user, from_case)
    stages, reasons = dict(Meeting.Stage.choices), dict(Meeting.NotHeld.choices)
    means = dict(LiaisonContact.Means.choices)
    return {
        "body": body,
        "monday": monday,
        "sunday": monday + dt.timedelta(days=6),
        "sent": sent,
        "log": [_contact(row, means) for row in content["contacts"]],
        "late": [_contact(row, means) for row in content.get("late", [])],
        "cases": shown,
        "meetings": [
            row | {"said": stages[row["stage"]], "why": reasons.get(row["reason"], ""), "day": parse_date(row["day"])}
            for row in content["meetings"]
        ],
        "points": _groups(content["points"]),
        "internal": _groups(content["internal"]),
    }


def _contact(row: dict[str, Any], means: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "how": means.get(row["means"], ""),
        "at": parse_datetime(row["at"]),
        "by_when": parse_date(row["by_when"] or ""),
    }


def _seen_cases(user, keys: set[int]) -> list[Any]:
    if not keys:
        return []
    seen = Case.objects.visible_to(user).filter(pk__in=keys).order_by().values("pk")
    return _listed(listed.rows().filter(pk__in=seen).order_by("-created_at", "-pk"), user)


def _groups(points: dict[str, list[dict]]) -> list[tuple[str, list[dict]]]:
    labels = {"raised": _("New"), "closed": _("Ended"), "overdue": _("Late")}
    statuses = dict(Status.choices)
    return [
        (labels[name], [row | {"said": statuses[row["status"]], "due": parse_date(row["due"])} for row in rows])
        for name, rows in points.items()
        if rows
    ]
