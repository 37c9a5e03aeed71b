"""Where is nobody? Reads the gaps of a country: cells, posts, seats and liaison. Changes nothing, asks for no reader.

A fixed number of queries, each led by an index to what is missing, however many posts and people there are
(domain.md §3.8, §7 row 8; line 1-30 of §8).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When, Window
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.activity.models import CountOf
from cmcoord.activity.statements import Statement
from cmcoord.places.models import Country, DutyStation, folded
from contacts.finding import has_role
from contacts.models import FRESH, Body, CmcoordRole, DirectoryFigure, Holding, MissingLiaison, Post, Seat

MOST = 25  # of one kind on a page
CAP = 500  # of one kind that are counted; of more it is said that there are more
READ_AT_STATION = 30  # posts that tell of focal points and gaps
MEETING = (Body.Stage.ACTIVE, Body.Stage.DORMANT)  # a proposed or closed body is none


class Kind(StrEnum):
    CELL_WITHOUT_FOCAL_POINT = "cell_without_focal_point"
    CELL_WITHOUT_CO_CHAIR = "cell_without_force_co_chair"
    CONTACT_WITHOUT_CELL = "contact_without_cell"
    SEAT_VACANT = "mandatory_seat_vacant"
    POST_WITHOUT_HOLDER = "post_without_holder"
    STALE = "stale"
    MISSING_LIAISON = "missing_liaison"


OF_POSTS = (Kind.POST_WITHOUT_HOLDER, Kind.STALE)
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
    """The first gaps of one kind, and how many there are: at most CAP + 1 are counted."""

    kind: Kind
    rows: list[Gap]
    among: int
    capped: bool = False  # there may be more than these

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])

    @property
    def count(self) -> str:
        return f"{min(self.among, CAP)}+" if self.capped or self.among > CAP else str(self.among)

    @property
    def more(self) -> bool:
        return self.among > len(self.rows)


@dataclass(frozen=True)
class Freshness:
    """Of those in post, the share in per cent that was confirmed within 90 days, as it was counted (§5.1, 16)."""

    share: int
    counted_at: dt.datetime


def gaps(country: Country) -> list[Gap]:
    """The gaps of a country, by kind; of each kind at most MOST."""
    return [gap for section in sections(country) for gap in section.rows]


def sections(country: Country) -> list[Section]:
    """The same by kind, without the kinds that have none."""
    today = country.today
    seats = [seat for seat in _vacant_seats(country.pk, today) if seat.is_foreseen]
    places = [(post.station, post.covered) for post in _focal_points(country.pk, today)]
    return [
        *_by_kind(_of_bodies(list(_cells(country.pk)), seats, places)),
        *filter(
            None,
            (
                _counted(Kind.POST_WITHOUT_HOLDER, _empty_posts(country.pk, today), _unheld),
                _counted(Kind.STALE, _late_holdings(country.pk, today, timezone.now() - FRESH), _stale),
                _counted(Kind.MISSING_LIAISON, _liaison(country), _missing),
            ),
        ),  # fmt: skip
    ]


def telling_posts(station: DutyStation) -> list[Post]:
    """The posts that a station's page cannot do without, however many stand there: focal points first, and those
    elsewhere that cover it. With their holders, in one query.
    """
    found = list(_telling(station.pk, station.country.today))
    for post in found:
        if post.country_id == station.country_id:
            post.country = station.country
    return found


def vacant_seats_at(station: DutyStation, bodies: Iterable[Body]) -> list[Seat]:
    """The seats that nobody takes today in these bodies of a station, body by body."""
    by_key = {body.pk: body for body in bodies}
    found = [seat for seat in _vacant_at(station.pk, station.country.today) if seat.body_id in by_key]
    for seat in found:
        seat.body = by_key[seat.body_id]
    return [seat for seat in found if seat.is_foreseen]


def sections_at(
    station: DutyStation, *, bodies: Iterable[Body], seats: Iterable[Seat], telling: Iterable[Post]
) -> list[Section]:
    """The same of one duty station: its bodies, their vacant seats and what tells of its posts were read. One query."""
    meeting = [body for body in bodies if body.stage in MEETING]
    cells = [body for body in meeting if body.kind == Body.Kind.CELL]
    counted = [seat for seat in seats if seat.body in meeting and _counts(seat)]
    focal = [post for post in telling if CmcoordRole.OCHA_FOCAL_POINT in post.roles and post.holder]
    places = [(post.station, station.pk) for post in focal]
    open_posts = list(_open_posts(station.pk, station.country_id, station.country.today, timezone.now() - FRESH))
    for post in open_posts:
        post.station, post.country = station, station.country
    late = sorted((post for post in open_posts if post.late), key=lambda post: (post.late, post.pk))
    found = _by_kind([
        *_of_bodies(cells, counted, places, only=station),
        *(_unheld(post) for post in open_posts if post.unheld),
        *(_stale_post(post, post.late) for post in late),
    ])  # fmt: skip
    return [replace(one, capped=one.kind in OF_POSTS and len(open_posts) >= READ_AT_STATION) for one in found]


def _by_kind(gaps_found: Iterable[Gap]) -> list[Section]:
    found = list(gaps_found)
    by_kind = ((kind, [gap for gap in found if gap.kind == kind]) for kind in Kind)
    return [Section(kind, rows[:MOST], len(rows)) for kind, rows in by_kind if rows]


def _counted(kind: Kind, rows: Iterable[Any], gap: Callable[[Any], Gap]) -> Section | None:
    """The first of one kind, each row with how many there are (`among`)."""
    found = list(rows)
    return Section(kind, [gap(row) for row in found], found[0].among) if found else None


def freshness(country: Country) -> Freshness | None:
    """As it was counted last; None where nobody was in post, or within the first hour of a portal."""
    kept = DirectoryFigure.objects.filter(country=country).first()
    return Freshness(round(100 * kept.fresh / kept.in_post), kept.counted_at) if kept and kept.in_post else None


def count_freshness(country: Country) -> DirectoryFigure:
    """Those in post today and those of them who are fresh. Reads all of them: not for a page of a large directory."""
    now = timezone.now()
    there = Holding.objects.in_post(country.today).filter(country=country)
    found = there.aggregate(all=Count("pk"), fresh=Count("pk", filter=Q(confirmed_at__gte=now - FRESH)))
    return DirectoryFigure(country=country, in_post=found["all"], fresh=found["fresh"], counted_at=now)


# Each of these is written once.


def _cells_in(country: str) -> QuerySet[Body]:
    return Body.objects.cells().filter(country=country, stage__in=MEETING).select_related("station")


def _vacant_seats_in(country: str, today: dt.date) -> QuerySet[Seat]:
    """Those of bodies that meet whose vacancy is a gap, body by body."""
    found = Seat.objects.open().vacant(today).filter(body__country=country, body__stage__in=MEETING)
    co_chairs = Q(body__kind=Body.Kind.CELL, kind=Seat.Kind.CO_CHAIR)
    found = found.filter(Q(mandatory=True) | co_chairs).select_related("body__station")
    return found.order_by("body__kind", "body__name_en", "body", "order", "pk")


def _focal_points_in(country: str, today: dt.date) -> QuerySet[Post]:
    """Posts of focal points of OCHA that somebody holds, once for each station that they cover as well (`covered`)."""
    posts = Post.objects.standing().filter(has_role(CmcoordRole.OCHA_FOCAL_POINT), country=country).held(today)
    return posts.select_related("station").annotate(covered=F("covers"))


def _empty_posts_in(country: str, today: dt.date) -> QuerySet[Post]:
    which = Post.objects.standing().filter(country=country).without_holder(today).order_by()
    posts = Post.objects.filter(pk__in=which.values("pk")[: CAP + 1]).annotate(among=Window(Count("pk")))
    return posts.select_related("organisation", "station").order_by("station__name", "function", "pk")[:MOST]


def _late_holdings_in(country: str, today: dt.date, before: dt.datetime) -> QuerySet[Holding]:
    """The oldest first."""
    which = Holding.objects.in_post(today).filter(country=country, confirmed_at__lt=before)
    which = which.order_by("confirmed_at", "pk").values("pk")
    held = Holding.objects.filter(pk__in=which[:MOST]).annotate(among=CountOf(which[: CAP + 1]))
    return held.select_related("post__organisation", "post__station").order_by("confirmed_at", "pk")


def _telling_at(station: int, today: dt.date) -> QuerySet[Post]:
    standing = Post.objects.standing().order_by()
    focal = has_role(CmcoordRole.OCHA_FOCAL_POINT)
    keys = standing.filter(focal, station=station).values("pk").union(standing.filter(covers=station).values("pk"))
    posts = Post.objects.filter(pk__in=keys).with_holders(today, addresses=False)
    posts = posts.select_related(None).select_related("organisation", "station")
    return posts.order_by(Case(When(focal, then=0), default=1), "function", "pk")[:READ_AT_STATION]


def _open_posts_at(station: int, country: str, today: dt.date, before: dt.datetime) -> QuerySet[Post]:
    """Those that nobody holds (`unheld`) first, and those that somebody is in who was not confirmed since (`late`)."""
    standing = Post.objects.standing().filter(station=station, country=country)
    late = Holding.objects.in_post(today).filter(country=country, confirmed_at__lt=before)
    keys = standing.without_holder(today).order_by().values("pk")
    keys = keys.union(late.filter(post__station=station, post__closed_at=None).order_by().values("post"))
    oldest = late.filter(post=OuterRef("pk")).order_by("confirmed_at").values("confirmed_at")[:1]
    posts = Post.objects.filter(pk__in=keys).annotate(unheld=~Post.objects.has_holder(today), late=Subquery(oldest))
    return posts.select_related("organisation").order_by("-unheld", "function", "pk")[:READ_AT_STATION]


def _vacant_seats_at(station: int, today: dt.date) -> QuerySet[Seat]:
    found = Seat.objects.open().vacant(today).filter(body__station=station)
    return found.order_by("body__name_en", "body", "order", "pk")


_telling = Statement(_telling_at, int, dt.date)
_open_posts = Statement(_open_posts_at, int, str, dt.date, dt.datetime)
_vacant_at = Statement(_vacant_seats_at, int, dt.date)
_cells = Statement(_cells_in, str)
_vacant_seats = Statement(_vacant_seats_in, str, dt.date)
_focal_points = Statement(_focal_points_in, str, dt.date)
_empty_posts = Statement(_empty_posts_in, str, dt.date)
_late_holdings = Statement(_late_holdings_in, str, dt.date, dt.datetime)


def _counts(seat: Seat) -> bool:
    """Is it a gap when nobody takes this seat?"""
    return seat.mandatory or _is_co_chair(seat)


def _is_co_chair(seat: Seat) -> bool:
    return seat.body.kind == Body.Kind.CELL and seat.kind == Seat.Kind.CO_CHAIR


def _of_bodies(
    cells: list[Body],
    seats: list[Seat],
    places: Sequence[tuple[DutyStation, int | None]],
    *,
    only: DutyStation | None = None,
):
    """What cells lack, and the vacant seats of all bodies; `only` one station's, where the places are of others too."""
    lacking = list(_without_focal_point(cells, {pk for place, covered in places for pk in (place.pk, covered)}))
    yield from lacking
    yield from (_co_chair(seat.body) for seat in seats if _is_co_chair(seat))
    there = {place for place, _covered in places if only is None or place == only}
    yield from _without_cell(there, {body.station_id for body in cells})
    yield from _vacant(seats, {gap.subject.pk for gap in lacking})


def _without_focal_point(cells: list[Body], covered: set[int | None]) -> Iterable[Gap]:
    for body in cells:
        if body.station_id not in covered:
            text = _("%(body)s: no focal point of OCHA") % {"body": body.name}
            yield Gap(Kind.CELL_WITHOUT_FOCAL_POINT, str(body.station), text, body, body.station_id)


def _co_chair(body: Body) -> Gap:
    text = _("%(body)s: no co-chair of the force") % {"body": body.name}
    return Gap(Kind.CELL_WITHOUT_CO_CHAIR, str(body.station), text, body, body.station_id)


def _without_cell(places: set[DutyStation], with_cell: set[int | None]) -> Iterable[Gap]:
    """Where the focal points work themselves, not what they cover."""
    for place in sorted(places, key=lambda one: (folded(one.name), one.pk)):
        if place.pk not in with_cell:
            text = _("%(place)s: a focal point, and no cell") % {"place": place}
            yield Gap(Kind.CONTACT_WITHOUT_CELL, str(place), text, place, place.pk)


def _vacant(seats: list[Seat], without_ocha: set[int]) -> Iterable[Gap]:
    """Mandatory seats; the co-chair of a cell, and a cell in which nobody of OCHA is, have lists of their own."""
    for seat in seats:
        body = seat.body
        if _is_co_chair(seat) or (seat.kind == Seat.Kind.CHAIR and body.pk in without_ocha):
            continue
        text = _("%(body)s: %(vacancy)s") % {"body": body.name, "vacancy": seat.vacancy}
        place = str(body.station or _("national"))
        yield Gap(Kind.SEAT_VACANT, place, text, body, body.station_id, seat=seat.function)


def _unheld(post: Post) -> Gap:
    return Gap(Kind.POST_WITHOUT_HOLDER, str(post.station), str(post), post, post.station_id)


def _stale(row: Holding) -> Gap:
    return _stale_post(row.post, row.confirmed_at)


def _stale_post(post: Post, confirmed_at: dt.datetime) -> Gap:
    """By post: nobody is named."""
    return Gap(Kind.STALE, str(post.station), str(post), post, post.station_id, timezone.localdate(confirmed_at))


def _liaison(country: Country) -> QuerySet[MissingLiaison]:
    rows = MissingLiaison.objects.open().filter(country=country).select_related("area", "force")
    return rows.annotate(among=Window(Count("pk")))[:MOST]


def _missing(row: MissingLiaison) -> Gap:
    return Gap(Kind.MISSING_LIAISON, str(row.area), str(row), row, None, timezone.localdate(row.noted_at))
