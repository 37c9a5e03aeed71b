"""Where is nobody? Reads the gaps of a country: cells, posts, seats and liaison. Changes nothing, asks for no reader.

A fixed number of queries, however many rows there are (domain.md §3.8, §7 row 8; line 1-30 of §8).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, F, Q, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.places.models import Country, DutyStation, folded
from contacts.finding import has_role
from contacts.models import FRESH, Body, CmcoordRole, Holding, MissingLiaison, Post, Seat

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
    seat: str = ""

    @property
    def short(self) -> str:
        """What it is about, under a heading that says of which kind it is."""
        if self.kind in (Kind.CELL_WITHOUT_FOCAL_POINT, Kind.CELL_WITHOUT_CO_CHAIR):
            return self.subject.name
        if self.kind == Kind.SEAT_VACANT:
            return _("%(body)s: %(seat)s") % {"body": self.subject.name, "seat": self.seat}
        return self.place if self.kind == Kind.CONTACT_WITHOUT_CELL else self.text

    @property
    def where(self) -> str:
        """The place, unless its name stands in `short` already."""
        return "" if self.place in self.short else self.place


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


def sections(country: Country) -> list[Section]:
    """The same by kind, without the kinds that have none."""
    bodies = list(Body.objects.filter(country=country, stage__in=MEETING).with_seats())
    return _by_kind([
        *_of_bodies(bodies, _places(_focal_points(country))),
        *map(_unheld, _unheld_posts(country)[: MOST + 1]),
        *map(_stale, _stale_holdings(country)[: MOST + 1]),
        *_liaison(country),
    ])  # fmt: skip


def telling_posts(station: DutyStation, *, with_gaps: bool) -> list[Post]:
    """The posts that a station's page cannot do without, however many stand there: focal points first, those elsewhere
    that cover it, and with the gaps those that nobody holds or confirms. With their holders, in one query.
    """
    standing = Post.objects.standing().order_by()
    here, focal = standing.filter(station=station), has_role(CmcoordRole.OCHA_FOCAL_POINT)
    parts = [standing.filter(covers=station).values("pk")]
    if with_gaps:
        late = Holding.objects.in_post().stale(timezone.now()).filter(post__station=station, post__closed_at=None)
        parts += [here.without_holder().values("pk"), late.order_by().values("post")]
    keys = here.filter(focal).values("pk").union(*parts)
    first = Case(When(focal, then=0), default=1)
    return list(Post.objects.filter(pk__in=keys).with_holders().order_by(first, "function", "pk")[: 2 * MOST])


def sections_at(station: DutyStation, *, bodies: Iterable[Body], posts: Collection[Post]) -> list[Section]:
    """The same of one duty station: its bodies were read with their seats, and what tells of its posts with holders.

    Nothing more is asked.
    """
    meeting = [body for body in bodies if body.stage in MEETING]
    here = [post for post in posts if post.station_id == station.pk]
    focal = [post for post in posts if CmcoordRole.OCHA_FOCAL_POINT in post.roles and post.holder]
    places = [(post.station, station.pk) for post in focal]
    unheld = sorted((post for post in here if not post.holder), key=lambda post: (post.function, post.pk))
    now = timezone.now()
    late = (held for post in here for held in post.in_post if held.is_stale(now))
    stale = sorted(late, key=lambda held: (held.confirmed_at, held.pk))
    return _by_kind([
        *_of_bodies(meeting, places, only=station),
        *map(_unheld, unheld[: MOST + 1]),
        *map(_stale, stale[: MOST + 1]),
    ])  # fmt: skip


def _by_kind(found: list[Gap]) -> list[Section]:
    by_kind = ((kind, [gap for gap in found if gap.kind == kind]) for kind in Kind)
    return [Section(kind, rows[:MOST], len(rows) > MOST) for kind, rows in by_kind if rows]


def freshness(country: Country) -> int | None:
    """Of those in post, the share in per cent that was confirmed within 90 days; None where nobody is (§5.1, 16)."""
    there = Holding.objects.in_post(country.today).filter(post__country=country)
    found = there.aggregate(all=Count("pk"), fresh=Count("pk", filter=Q(confirmed_at__gte=timezone.now() - FRESH)))
    return round(100 * found["fresh"] / found["all"]) if found["all"] else None


def _focal_points(country: Country):
    """Posts of focal points of OCHA that somebody holds today."""
    return Post.objects.standing().filter(has_role(CmcoordRole.OCHA_FOCAL_POINT), country=country).held(country.today)


def _places(focal_points) -> list[tuple[DutyStation, int | None]]:
    """Where each of them works, with a station that they cover as well; once for each of these."""
    return [
        (post.station, post.covered) for post in focal_points.select_related("station").annotate(covered=F("covers"))
    ]


def _of_bodies(
    bodies: list[Body], places: Sequence[tuple[DutyStation, int | None]], *, only: DutyStation | None = None
):
    """What cells and other bodies lack; `only` one station's, where the places are of others as well."""
    cells = [body for body in bodies if body.kind == Body.Kind.CELL]
    lacking = list(_without_focal_point(cells, {pk for place, covered in places for pk in (place.pk, covered)}))
    yield from lacking
    yield from (gap for body in cells if (gap := _co_chair(body)))
    there = {place for place, _covered in places if only is None or place == only}
    yield from _without_cell(there, {body.station_id for body in cells})
    yield from _vacant(bodies, {gap.subject.pk for gap in lacking})


def _without_focal_point(cells: list[Body], covered: set[int | None]) -> Iterable[Gap]:
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


def _without_cell(places: set[DutyStation], with_cell: set[int | None]) -> Iterable[Gap]:
    """Where the focal points work themselves, not what they cover."""
    for place in sorted(places, key=lambda one: (folded(one.name), one.pk)):
        if place.pk not in with_cell:
            text = _("%(place)s: a focal point, and no cell") % {"place": place}
            yield Gap(Kind.CONTACT_WITHOUT_CELL, str(place), text, place, place.pk)


def _vacant(bodies: list[Body], without_ocha: set[int]) -> Iterable[Gap]:
    """Mandatory seats; the co-chair of a cell, and a cell in which nobody of OCHA is, have lists of their own."""
    for body in bodies:
        for seat in body.vacant_seats:
            if body.kind == Body.Kind.CELL and (
                seat.kind == Seat.Kind.CO_CHAIR or (seat.kind == Seat.Kind.CHAIR and body.pk in without_ocha)
            ):
                continue
            text = _("%(body)s: %(vacancy)s") % {"body": body.name, "vacancy": seat.vacancy}
            place = str(body.station or _("national"))
            yield Gap(Kind.SEAT_VACANT, place, text, body, body.station_id, seat=seat.function)


def _unheld_posts(country: Country):
    posts = Post.objects.standing().filter(country=country).without_holder(country.today)
    return posts.select_related("organisation", "station").order_by("station__name", "function", "pk")


def _unheld(post: Post) -> Gap:
    return Gap(Kind.POST_WITHOUT_HOLDER, str(post.station), str(post), post, post.station_id)


def _stale_holdings(country: Country):
    there = Holding.objects.in_post(country.today).stale(timezone.now()).filter(post__country=country)
    return there.select_related("post__organisation", "post__station").order_by("confirmed_at", "pk")


def _stale(row: Holding) -> Gap:
    """By post: nobody is named."""
    since = timezone.localdate(row.confirmed_at)
    return Gap(Kind.STALE, str(row.post.station), str(row.post), row.post, row.post.station_id, since)


def _liaison(country: Country) -> Iterable[Gap]:
    for row in MissingLiaison.objects.open().filter(country=country).select_related("area", "force")[: MOST + 1]:
        yield Gap(Kind.MISSING_LIAISON, str(row.area), str(row), row, None, timezone.localdate(row.noted_at))
