"""Where is nobody? Reads the gaps of a country: cells, posts, seats and liaison. Changes nothing, asks for no reader.

A fixed number of queries, however many rows there are (domain.md §3.8, §7 row 8; line 1-30 of §8).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.places.models import Country, DutyStation
from contacts.finding import has_role
from contacts.models import Body, CmcoordRole, Holding, MissingLiaison, Post, Seat

MOST = 50  # of one kind
MEETING = (Body.Stage.ACTIVE, Body.Stage.DORMANT)  # a proposed or closed body is none


class Kind(StrEnum):
    CELL_WITHOUT_FOCAL_POINT = "cell_without_focal_point"
    CELL_WITHOUT_CO_CHAIR = "cell_without_force_co_chair"
    CONTACT_WITHOUT_CELL = "contact_without_cell"
    SEAT_VACANT = "mandatory_seat_vacant"
    POST_WITHOUT_HOLDER = "post_without_holder"
    STALE = "stale"
    MISSING_LIAISON = "missing_liaison"


TITLES: dict[Kind, str | Promise] = {
    Kind.CELL_WITHOUT_FOCAL_POINT: gettext_lazy("Cells without a focal point of OCHA"),
    Kind.CELL_WITHOUT_CO_CHAIR: gettext_lazy("Cells without a co-chair of the force"),
    Kind.CONTACT_WITHOUT_CELL: gettext_lazy("Focal points where there is no cell"),
    Kind.SEAT_VACANT: gettext_lazy("Mandatory seats that are vacant"),
    Kind.POST_WITHOUT_HOLDER: gettext_lazy("Posts that nobody holds"),
    Kind.STALE: gettext_lazy("Not confirmed for 90 days"),
    Kind.MISSING_LIAISON: gettext_lazy("Missing liaison"),
}


@dataclass(frozen=True)
class Gap:
    """One gap: of which kind, where, about what. `subject` is a body, a post, a duty station or a missing liaison."""

    kind: Kind
    place: str
    text: str
    subject: Any
    station: int | None = None
    since: dt.date | None = None


@dataclass(frozen=True)
class Section:
    """The gaps of one kind, and whether there are more than are shown."""

    kind: Kind
    rows: list[Gap]
    more: bool = False

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])


def gaps(country: Country) -> list[Gap]:
    """Every gap of a country, by kind; of each kind at most MOST."""
    return [gap for section in sections(country) for gap in section.rows]


def sections(
    country: Country, *, station: DutyStation | None = None, bodies: Iterable[Body] | None = None
) -> list[Section]:
    """The same by kind, without the kinds that have none; of one duty station if it is named.

    `bodies` are those of the country or the station, read with their seats, where the page has them already.
    """
    bodies = [body for body in (_bodies(country, station) if bodies is None else bodies) if body.stage in MEETING]
    cells = [body for body in bodies if body.kind == Body.Kind.CELL]
    found = [
        *_without_focal_point(country, cells),
        *(gap for body in cells if (gap := _co_chair(body))),
        *_without_cell(country, station),
        *_vacant(bodies),
        *_unheld(country, station),
        *_stale(country, station),
        *(() if station else _liaison(country)),
    ]
    by_kind = ((kind, [gap for gap in found if gap.kind == kind]) for kind in Kind)
    return [Section(kind, rows[:MOST], len(rows) > MOST) for kind, rows in by_kind if rows]


def freshness(country: Country) -> int | None:
    """Of those in post, the share in per cent that was confirmed within 90 days; None where nobody is (§5.1, 16)."""
    there = Holding.objects.in_post(country.today).filter(post__country=country)
    number = there.count()
    return round(100 * (number - there.stale(timezone.now()).count()) / number) if number else None


def _bodies(country: Country, station: DutyStation | None) -> Iterable[Body]:
    """Those that meet, or rest."""
    there = Body.objects.filter(country=country, stage__in=MEETING)
    return (there.filter(station=station) if station else there).with_seats()


def _focal_points(country: Country):
    """Posts of focal points of OCHA that somebody holds today."""
    return Post.objects.standing().filter(has_role(CmcoordRole.OCHA_FOCAL_POINT), country=country).held(country.today)


def _without_focal_point(country: Country, cells: list[Body]) -> Iterable[Gap]:
    posts = _focal_points(country)
    covered = set(posts.values_list("station", flat=True)) | set(posts.values_list("covers", flat=True))
    for body in cells:
        if body.station_id not in covered:
            text = _("%(body)s: no focal point of OCHA") % {"body": body.name}
            yield Gap(Kind.CELL_WITHOUT_FOCAL_POINT, str(body.station), text, body, body.station_id)


def _co_chair(body: Body) -> Gap | None:
    seat = next((seat for seat in body.open_seats if seat.kind == Seat.Kind.CO_CHAIR), None)
    if seat is None or not seat.is_vacant:
        return None
    text = _("%(body)s: no co-chair of the force") % {"body": body.name}
    return Gap(Kind.CELL_WITHOUT_CO_CHAIR, str(body.station), text, body, body.station_id)


def _without_cell(country: Country, station: DutyStation | None) -> Iterable[Gap]:
    """Where the focal points work themselves, not what they cover."""
    meeting = Body.objects.cells().filter(country=country, stage__in=MEETING)
    places = DutyStation.objects.filter(pk__in=_focal_points(country).values("station"))
    places = places.exclude(pk__in=meeting.values("station")).order_by("name")
    for place in places.filter(pk=station.pk) if station else places:
        text = _("%(place)s: a focal point, and no cell") % {"place": place}
        yield Gap(Kind.CONTACT_WITHOUT_CELL, str(place), text, place, place.pk)


def _vacant(bodies: list[Body]) -> Iterable[Gap]:
    """Mandatory seats; the co-chair of a cell has a list of its own."""
    for body in bodies:
        for seat in body.vacant_seats:
            if body.kind != Body.Kind.CELL or seat.kind != Seat.Kind.CO_CHAIR:
                text = _("%(body)s: %(vacancy)s") % {"body": body.name, "vacancy": seat.vacancy}
                yield Gap(Kind.SEAT_VACANT, str(body.station or _("national")), text, body, body.station_id)


def _unheld(country: Country, station: DutyStation | None) -> Iterable[Gap]:
    posts = Post.objects.standing().filter(country=country).without_holder(country.today)
    posts = posts.filter(station=station) if station else posts
    for post in posts.select_related("organisation", "station").order_by("station__name", "function", "pk")[: MOST + 1]:
        yield Gap(Kind.POST_WITHOUT_HOLDER, str(post.station), str(post), post, post.station_id)


def _stale(country: Country, station: DutyStation | None) -> Iterable[Gap]:
    """By post: nobody is named."""
    there = Holding.objects.in_post(country.today).stale(timezone.now()).filter(post__country=country)
    there = there.filter(post__station=station) if station else there
    rows = there.select_related("post__organisation", "post__station").order_by("confirmed_at", "pk")[: MOST + 1]
    for row in rows:
        since = timezone.localdate(row.confirmed_at)
        yield Gap(Kind.STALE, str(row.post.station), str(row.post), row.post, row.post.station_id, since)


def _liaison(country: Country) -> Iterable[Gap]:
    for row in MissingLiaison.objects.open().filter(country=country).select_related("area", "force")[: MOST + 1]:
        yield Gap(Kind.MISSING_LIAISON, str(row.area), str(row), row, None, timezone.localdate(row.noted_at))
