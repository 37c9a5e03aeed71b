"""Which requests stand on this page of the register, and how many are there? One shape of the same visibility.

Each way of being allowed (visibility.branches) is walked in its own index and only as far as the page needs; the
pieces are merged by the key on which the list is sorted. A page is found by the key of its neighbour, never by
counting rows from the start; counts stop at CAP. CaseQuerySet.visible_to answers the same for one object; a test holds
them equal.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL

from requests_app import search, waiting
from requests_app.models import Case
from requests_app.models.case import OPEN
from requests_app.visibility import Branch, branches, few_branches, is_humanitarian, shared_branch

SIZE = 25
CAP = 1001  # shown as "1,000+"
WAITING = "waiting"  # in place of statuses: what this person can move now
# Bodies that nearly every escort asks: their requests are found by walking the country's, not the body's own rows.
COMMON_BODIES = frozenset({"cluster:LOG", "undss", "ngo_adviser"})
CASE, CONSULTATION = "requests_app_case", "requests_app_consultation"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Sort:
    """One order of the list: the column of its key (the id breaks ties), and whether it descends."""

    letter: str
    column: str
    descends: bool
    only: tuple[Q, ...] = ()


SORTS = {
    "new": Sort("n", "created_at", descends=True),
    "due": Sort("d", "due_at", descends=False, only=(Q(due_at__isnull=False),)),
}


@dataclass(frozen=True)
class Cursor:
    """The key of the row next to a page, and on which side of it the page lies."""

    letter: str
    moment: dt.datetime
    pk: int
    backwards: bool = False

    def __str__(self) -> str:
        return f"{self.letter}{'-' if self.backwards else '+'}{(self.moment - EPOCH) // MICROSECOND}.{self.pk}"


CURSOR = re.compile(r"([nd])([-+ ])([0-9]{1,17})\.([0-9]{1,18})")  # a "+" that nobody quoted arrives as a blank


def read_cursor(text: str, sort: str = "new") -> Cursor | None:
    """The cursor in an address, or None when it is broken or of another order."""
    found = CURSOR.fullmatch(text)
    if not found or found[1] != SORTS[sort].letter:
        return None
    return Cursor(found[1], EPOCH + int(found[3]) * MICROSECOND, int(found[4]), backwards=found[2] == "-")


@dataclass(frozen=True)
class Page:
    """Rows in their order, the cursors of both neighbours ("" = there is none) and the count, capped at CAP."""

    rows: list[Case]
    count: int
    newer: str = ""
    older: str = ""


@dataclass(frozen=True)
class Way:
    """One piece of the answer: conditions that hold together, and the table whose rows are walked in their order."""

    where: tuple
    walks: str = CASE


# ── the two questions ────────────────────────────────────────────────────────────────────────────────────────────────


def page_for(
    user,
    *,
    status: Sequence[str] | str | None = None,
    urgent: bool | None = None,
    station: int | None = None,
    sort: str = "new",
    query: str = "",
    cursor: Cursor | None = None,
    size: int = SIZE,
) -> Page:
    """One page of what this person may see: one database query, two when words are looked for.

    `status`: statuses, WAITING, or None for all. `sort` "due" lists only requests whose clock runs.
    """
    order = SORTS[sort]
    asked: dict[str, Any] = {"status": status, "urgent": urgent, "station": station, "query": query}
    if not is_humanitarian(user):
        return Page([], 0)
    ways = ways_for(user, **asked, only=order.only)
    walked = ways if _is_small(status, order) else ways_for(user, **asked, only=order.only, walked=True)
    pieces = _pieces(ways)
    in_order = pieces if walked == ways else _pieces(walked)
    if not pieces:
        return Page([], 0)
    look = _found if search.words_of(query) else _walked
    rows, count = look(pieces, in_order, order, cursor, size)
    if cursor and cursor.backwards and len(rows) < size:
        return page_for(user, **asked, sort=sort, size=size)
    return _page(rows, _count(pieces) if count is None else count, order, cursor, size)


def count_for(
    user,
    *,
    status: Sequence[str] | str | None = None,
    urgent: bool | None = None,
    station: int | None = None,
    sort: str = "new",
    query: str = "",
) -> int:
    """How many this person may see of these, counted no further than CAP."""
    only = SORTS[sort].only
    return _count(_pieces(ways_for(user, status=status, urgent=urgent, station=station, query=query, only=only)))


# ── the ways ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ways_for(user, *, status=None, urgent=None, station=None, query="", only=(), walked: bool = False) -> list[Way]:
    """Every way in which this person sees such cases; together they are Case.objects.visible_to(user), filtered.

    `walked`: one way for each index that is walked in its order, however many there are.
    """
    if not is_humanitarian(user):
        return []
    conditions = [*only, *search.matching(query)]
    if urgent is not None:
        conditions.append(~Q(urgency="routine") if urgent else Q(urgency="routine"))
    if station:
        conditions.append(Q(station=station))
    if status == WAITING:
        return [Way((*where, *conditions)) for group in waiting.groups(user) for where in group.ways]
    if status is not None:
        conditions += _among(tuple(status))
    every = branches(user) if walked else few_branches(user)
    return [_way(branch, conditions, walked) for branch in (*every, shared_branch(user))]


def _is_small(status, order: Sort) -> bool:
    """Open requests are few at any time, and indexes of their own hold them: no order needs to be walked."""
    return bool(order.only) or status == WAITING or (status is not None and set(status) <= set(OPEN))


def _way(branch: Branch, conditions: list, walked: bool) -> Way:
    """A body that is rarely asked walks its own rows; one that is always asked the country's, of which most are its."""
    if branch.body and walked and branch.body not in COMMON_BODIES:
        return Way((branch.as_q(), *conditions), CONSULTATION)
    here = [Q(country=branch.country)] if branch.country else []
    return Way((*here, branch.as_q(), *conditions))


def _among(statuses: tuple[str, ...]) -> list[Q]:
    """The statuses, and that they are open ones when they all are: PostgreSQL then uses the small index of those."""
    among = Q(status=statuses[0]) if len(statuses) == 1 else Q(status__in=statuses)
    return [among, Q(status__in=OPEN)] if set(statuses) < set(OPEN) else [among]


# ── the pieces: each way as SQL, compiled once by Django, walked and counted by what is added here ───────────────────


@dataclass(frozen=True)
class Piece:
    """The keys of one way as SQL that ends in its conditions."""

    sql: str
    params: tuple
    walks: str

    def first(self, limit: int) -> str:
        """Any of its rows; where counting and finding begin."""
        return f"SELECT * FROM ({self.sql} LIMIT {limit}) AS piece"  # noqa: S608  compiled by Django

    def nearest(self, order: Sort, cursor: Cursor | None, limit: int) -> tuple[str, tuple]:
        """Its rows next to the cursor, in order. The index is entered at the moment itself, ties are told by the id."""
        moment, key = (f'"{CASE}"."{order.column}"', f'"{CASE}"."id"')
        if self.walks == CONSULTATION:
            moment, key = f'"{CONSULTATION}"."case_created_at"', f'"{CONSULTATION}"."case_id"'
        descends = order.descends != bool(cursor and cursor.backwards)
        past, params = "", self.params
        if cursor:
            sign = "<" if descends else ">"
            past = f" AND {moment} {sign}= %s AND ({moment} {sign} %s OR {key} {sign} %s)"
            at = connection.ops.adapt_datetimefield_value(cursor.moment)
            params = (*params, at, at, cursor.pk)
        way = "DESC" if descends else "ASC"
        sorted_rows = f"{self.sql}{past} ORDER BY {moment} {way}, {key} {way} LIMIT {limit}"
        return f"SELECT * FROM ({sorted_rows}) AS piece", params  # noqa: S608  compiled by Django


def _pieces(ways: list[Way]) -> list[Piece]:
    pieces = []
    for way in ways:
        keys = Case.objects.filter(*way.where).order_by().values("pk")
        try:
            sql, params = keys.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        pieces.append(Piece(sql, tuple(params), way.walks))
    return pieces


def _walked(
    pieces: list[Piece], in_order: list[Piece], order: Sort, cursor: Cursor | None, size: int
) -> tuple[list[Case], int | None]:
    """The page and the count in one query; None when a page past the end has no row to carry the count."""
    counted = RawSQL(*_counting(pieces), output_field=IntegerField())  # noqa: S611  compiled by Django
    rows: Any = list(_rows(_walk(in_order, order, cursor, size), order, cursor, size).annotate(counted=counted))
    return rows, rows[0].counted if rows else (0 if cursor is None else None)


def _found(pieces: list[Piece], in_order: list[Piece], order: Sort, cursor: Cursor | None, size: int):
    """Matches first while they are few, so that no order is walked for nothing; many are met soon on the way."""
    with connection.cursor() as reader:
        reader.execute(*_any(pieces))
        keys = [row[0] for row in reader.fetchall()]
    if len(keys) < CAP:
        cases: QuerySet[Case] = Case.objects.filter(_beyond(order, cursor), pk__in=keys)
    else:
        cases = _walk(in_order, order, cursor, size)
    return list(_rows(cases, order, cursor, size)), len(keys)


def _walk(pieces: list[Piece], order: Sort, cursor: Cursor | None, size: int) -> QuerySet[Case]:
    """The cases of one page and of the row beyond it, out of as many from each piece."""
    parts = [piece.nearest(order, cursor, size + 1) for piece in pieces]
    sql = " UNION ALL ".join(part for part, _params in parts)
    return Case.objects.filter(pk__in=RawSQL(sql, [value for _part, params in parts for value in params]))  # noqa: S611


def _beyond(order: Sort, cursor: Cursor | None) -> Q:
    if cursor is None:
        return Q()
    past = "lt" if order.descends != cursor.backwards else "gt"
    nearer = Q(**{f"{order.column}__{past}": cursor.moment}) | Q(**{f"id__{past}": cursor.pk})
    return Q(**{f"{order.column}__{past}e": cursor.moment}) & nearer


def _rows(cases: QuerySet[Case], order: Sort, cursor: Cursor | None, size: int) -> QuerySet[Case]:
    sign = "-" if order.descends != bool(cursor and cursor.backwards) else ""
    named = cases.select_related("organisation", "station", "origin", "destination").only(*waiting.COLUMNS)
    return named.order_by(f"{sign}{order.column}", f"{sign}id")[: size + 1]


def _page(rows: list[Case], count: int, order: Sort, cursor: Cursor | None, size: int) -> Page:
    more = len(rows) > size
    backwards = bool(cursor and cursor.backwards)
    rows = rows[:size]
    if backwards:
        rows.reverse()

    def beside(case: Case, back: bool) -> str:
        return str(Cursor(order.letter, getattr(case, order.column), case.pk, backwards=back))

    return Page(
        rows,
        count,
        newer=beside(rows[0], True) if rows and (more if backwards else cursor is not None) else "",
        older=beside(rows[-1], False) if rows and (backwards or more) else "",
    )


def _count(pieces: list[Piece]) -> int:
    if not pieces:
        return 0
    with connection.cursor() as reader:
        reader.execute(*_counting(pieces))
        return reader.fetchone()[0]


def _counting(pieces: list[Piece]) -> tuple[str, list]:
    sql, params = _any(pieces)
    return f"SELECT count(*) FROM ({sql}) AS counted", params  # noqa: S608  compiled by Django


def _any(pieces: list[Piece]) -> tuple[str, list]:
    """Keys of any rows, each once, CAP of them at most."""
    params = [value for piece in pieces for value in piece.params]
    if len(pieces) == 1:
        return pieces[0].first(CAP), params
    union = " UNION ".join(piece.first(CAP) for piece in pieces)
    return f"SELECT * FROM ({union}) AS every LIMIT {CAP}", params  # noqa: S608  compiled by Django
