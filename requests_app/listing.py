"""Which requests stand on this page of the register, and how many are there? One shape of the same visibility.

Each way of being allowed (visibility.branches) is walked in its own index and only as far as the page needs; the
pieces are merged by the key on which the list is sorted. A page is found by the key of its neighbour, never by
counting rows from the start; counts stop at CAP. CaseQuerySet.listed_for answers the same for one object; a test holds
them equal.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, IntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL

from requests_app import listed, search, waiting
from requests_app.models import Case
from requests_app.models.terms import NOT_ENDED, OPEN
from requests_app.visibility import branches, by_class, few_branches, is_humanitarian, shared_branch

SIZE = 25
CAP = 1001  # shown as "1,000+"
SEVERAL = 5  # ways from which on few cases are gathered first
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
    """One page of what this person may see: one database query, two when words are looked for or the ways are many.

    `status`: statuses, WAITING, or None for all. `sort` "due" lists only requests whose clock runs.
    """
    if not is_humanitarian(user):
        return Page([], 0)
    order = SORTS[sort]
    asked: dict[str, Any] = {"status": status, "urgent": urgent, "station": station, "query": query}
    counted, walked = _pieces(user, **asked, only=order.only)
    if not counted:
        return Page([], 0)
    rows_of = listed.rows()
    if status != WAITING and by_class(user):
        whole = ExpressionWrapper(Case.objects.all().visible_q(user), output_field=BooleanField())
        rows_of = rows_of.annotate(whole=whole)
    several = status != WAITING and len(counted) >= SEVERAL and walked == counted
    look = _found if search.words_of(query) else _gathered if several else _walked
    rows, count = look(counted, walked, rows_of, order, cursor, size)
    if cursor and cursor.backwards and len(rows) < size:
        return page_for(user, **asked, sort=sort, size=size)
    found = _page(rows, _count(counted) if count is None else count, order, cursor, size)
    for case in found.rows:
        _mark(case, user)
    return found


def _mark(case: Case, user) -> None:
    """Note how this person came to a case of a list, so that the barrier need not ask for each cell: to see it whole,
    as everybody does who reads nothing by its class alone, or not.
    """
    if getattr(case, "whole", True):
        case.seen_by = user.pk
    else:
        case.listed_by = user.pk


# ── the pieces: each way as SQL, compiled once by Django, walked and counted by what is added here ───────────────────


@dataclass(frozen=True)
class Piece:
    """The keys of one way of seeing cases, as SQL that ends in its conditions.

    `walks` is the table whose rows are read in their order; `may_be_many` says that it can fill CAP alone.
    """

    sql: str
    params: tuple
    walks: str = CASE
    may_be_many: bool = True

    def first(self, limit: int) -> str:
        """Any of its rows; where counting and finding begin."""
        return f"SELECT * FROM ({self.sql} LIMIT {limit}) AS piece"  # noqa: S608  compiled by Django

    def nearest(self, order: Sort, cursor: Cursor | None, limit: int, back: bool = False) -> tuple[str, tuple]:
        """Its rows next to the cursor, in order. The index is entered at the moment itself, ties are told by the id."""
        moment, key = (f'"{CASE}"."{order.column}"', f'"{CASE}"."id"')
        if self.walks == CONSULTATION:
            moment, key = f'"{CONSULTATION}"."case_created_at"', f'"{CONSULTATION}"."case_id"'
        descends = order.descends != bool(cursor.backwards if cursor else back)
        past, params = "", self.params
        if cursor:
            sign = "<" if descends else ">"
            past = f" AND {moment} {sign}= %s AND ({moment} {sign} %s OR {key} {sign} %s)"
            at = connection.ops.adapt_datetimefield_value(cursor.moment)
            params = (*params, at, at, cursor.pk)
        way = "DESC" if descends else "ASC"
        sorted_rows = f"{self.sql}{past} ORDER BY {moment} {way}, {key} {way} LIMIT {limit}"
        return f"SELECT * FROM ({sorted_rows}) AS piece", params  # noqa: S608  compiled by Django


def _pieces(user, *, status, urgent, station, query: str, only: tuple[Q, ...]) -> tuple[list[Piece], list[Piece]]:
    """Every way in which this person sees such cases: to be counted, and to be walked in order.

    Together the ways are Case.objects.listed_for(user), filtered. To be walked, an officer's stations and a rarely
    asked body are split into the indexes that hold their order; open requests are few, and need no order of an index.
    """
    conditions = _conditions(urgent, station, query, only)
    if status == WAITING:
        asked = ((*where, *conditions) for group in waiting.groups(user) for where in group.ways)
        found = [Piece(*sql) for sql in map(_as_sql.__wrapped__, asked) if sql]  # they hold the moment: never twice
        return found, found
    conditions += [] if status is None else _among(tuple(status))
    small = bool(only) or (status is not None and set(status) <= set(OPEN))
    counted: list[Piece] = []
    walked: list[Piece] = []
    # Counting begins with what an index holds; what is near a base of one's own organisation comes last.
    ways = sorted(few_branches(user), key=lambda branch: branch.why == "organisation")
    for branch in (*ways, *by_class(user), shared_branch(user)):
        here = [Q(country=branch.country)] if branch.country else []
        may_be_many = not small and branch.why not in ("recorder", "shared", "class")
        pieces = _compiled([(*here, branch.as_q(), *conditions)], may_be_many=may_be_many)
        counted += pieces
        if small or not pieces:
            walked += pieces
        elif branch.why == "station":
            walked += _compiled([(each.where, *conditions) for each in branches(user) if each.why == "station"])
        elif branch.body and branch.body not in COMMON_BODIES:
            walked += _compiled([(branch.as_q(), *conditions)], walks=CONSULTATION)
        else:
            walked += pieces
    return counted, walked


def _compiled(ways: Iterable[tuple], **facts) -> list[Piece]:
    """The ways as SQL; those that can hold nothing are left out."""
    return [Piece(*sql, **facts) for sql in map(_as_sql, ways) if sql]


@lru_cache(maxsize=2048)
def _as_sql(where: tuple) -> tuple[str, tuple] | None:
    """The keys of the cases that meet these conditions, as SQL; None when none can. The same conditions are the same
    text, so a person with many roles waits for its making once."""
    keys = Case.objects.filter(*where).order_by().values("pk")
    try:
        sql, params = keys.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def _conditions(urgent: bool | None, station: int | None, query: str, only: tuple[Q, ...]) -> list:
    found = [*only, *search.matching(query)]
    if urgent is not None:
        found.append(~Q(urgency="routine") if urgent else Q(urgency="routine"))
    if station:
        found.append(Q(station=station))
    return found


def _among(statuses: tuple[str, ...]) -> list[Q]:
    """The statuses, and that they are open ones when they all are: PostgreSQL then uses the small index of those."""
    if set(statuses) == set(OPEN):
        return [NOT_ENDED]
    among = Q(status=statuses[0]) if len(statuses) == 1 else Q(status__in=statuses)
    return [among, NOT_ENDED] if set(statuses) < set(OPEN) else [among]


def _walked(
    pieces: list[Piece], walked: list[Piece], rows_of: QuerySet[Case], order: Sort, cursor: Cursor | None, size: int
) -> tuple[list[Case], int | None]:
    """The page and the count in one query; None when a page past the end has no row to carry the count."""
    number = RawSQL(*_counting(pieces), output_field=IntegerField())  # noqa: S611  compiled by Django
    cases = _rows(rows_of.filter(pk__in=_walk(walked, order, cursor, size)), order, cursor, size)
    rows: Any = listed.read(cases.annotate(counted=number))
    return rows, rows[0].counted if rows else (0 if cursor is None else None)


def _found(
    pieces: list[Piece], walked: list[Piece], rows_of: QuerySet[Case], order: Sort, cursor: Cursor | None, size: int
) -> tuple[list[Case], int | None]:
    """Matches first while they are few, so that no order is walked for nothing; many are met soon on the way.

    The database finds out which of both it is, and runs only that part.
    """
    backwards = bool(cursor and cursor.backwards)
    hits, params = _any(pieces)
    few = Piece(f'SELECT "{CASE}"."id" FROM "{CASE}" WHERE "{CASE}"."id" IN (SELECT * FROM hits)', ())  # noqa: S608
    parts = [(*few.nearest(order, cursor, size + 1), "<")]
    parts += [(*piece.nearest(order, cursor, size + 1), "=") for piece in walked]
    union = " UNION ALL ".join(
        f"{part} WHERE (SELECT n FROM number) {sign} {CAP}"  # noqa: S608  compiled by Django
        for part, _values, sign in parts
    )
    here = Piece(f'SELECT "{CASE}"."id" AS pk FROM "{CASE}" WHERE "{CASE}"."id" IN ({union})', ())  # noqa: S608
    sql = (
        f"WITH hits AS MATERIALIZED ({hits}), number AS MATERIALIZED (SELECT count(*) AS n FROM hits) "  # noqa: S608
        f"SELECT pk, (SELECT n FROM number) FROM ({here.nearest(order, None, size + 1, back=backwards)[0]}) AS every"
    )
    values = [*params, *(value for _part, values, _sign in parts for value in values)]
    return _read(sql, values, rows_of, order, cursor, size)


def _gathered(
    pieces: list[Piece], walked: list[Piece], rows_of: QuerySet[Case], order: Sort, cursor: Cursor | None, size: int
) -> tuple[list[Case], int | None]:
    """Many ways to few cases: each is gone once, for the page and for the count, which spares half of the planning."""
    hits = " UNION ".join(piece.sql for piece in pieces)
    keys = Piece(f'SELECT "{CASE}"."id" AS pk FROM "{CASE}" WHERE "{CASE}"."id" IN (SELECT * FROM hits)', ())  # noqa: S608
    page, values = keys.nearest(order, cursor, size + 1)
    sql = (
        f"WITH hits AS MATERIALIZED ({hits}) "  # noqa: S608  compiled by Django
        f"SELECT pk, (SELECT count(*) FROM (SELECT 1 FROM hits LIMIT {CAP}) AS counted) FROM ({page}) AS page"
    )
    params = [value for piece in pieces for value in piece.params]
    return _read(sql, [*params, *values], rows_of, order, cursor, size)


def _read(
    sql: str, values: list, rows_of: QuerySet[Case], order: Sort, cursor: Cursor | None, size: int
) -> tuple[list[Case], int | None]:
    """The keys of a page, each with the count, and their rows; None when no key is there to carry the count."""
    with connection.cursor() as reader:
        reader.execute(sql, values)
        found = dict(reader.fetchall())
    if not found:
        return [], 0 if cursor is None else None
    if rows_of is not listed.rows():
        rows = listed.read(_rows(rows_of.filter(pk__in=found), order, cursor, size))
    else:
        down = order.descends != bool(cursor and cursor.backwards)
        rows = sorted(listed.of_keys(found), key=lambda case: (getattr(case, order.column), case.pk), reverse=down)
    return rows, next(iter(found.values()))


def _walk(pieces: list[Piece], order: Sort, cursor: Cursor | None, size: int) -> RawSQL:
    """The keys of one page and of the row beyond it, among as many from each piece."""
    parts = [piece.nearest(order, cursor, size + 1) for piece in pieces]
    sql = " UNION ALL ".join(part for part, _params in parts)
    return RawSQL(sql, [value for _part, params in parts for value in params])  # noqa: S611  compiled by Django


def _rows(cases: QuerySet[Case], order: Sort, cursor: Cursor | None, size: int) -> QuerySet[Case]:
    sign = "-" if order.descends != bool(cursor and cursor.backwards) else ""
    return cases.order_by(f"{sign}{order.column}", f"{sign}id")[: size + 1]


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
    """One number. When several pieces may be many, the first that fills CAP alone spares the others."""
    many = [place for place, piece in enumerate(pieces) if piece.may_be_many]
    if len(many) <= 1:
        sql, params = _any(pieces)
        return f"SELECT count(*) FROM ({sql}) AS counted", params  # noqa: S608  compiled by Django
    named = ", ".join(f"way{place} AS MATERIALIZED ({piece.first(CAP)})" for place, piece in enumerate(pieces))
    alone = " ".join(f"WHEN (SELECT count(*) FROM way{place}) = {CAP} THEN {CAP}" for place in many)  # noqa: S608
    union = " UNION ".join(f"SELECT * FROM way{place}" for place in range(len(pieces)))  # noqa: S608
    every = f"SELECT count(*) FROM (SELECT * FROM ({union}) AS every LIMIT {CAP}) AS counted"  # noqa: S608
    values = [value for piece in pieces for value in piece.params]
    return f"WITH {named} SELECT CASE {alone} ELSE ({every}) END", values


def _any(pieces: list[Piece]) -> tuple[str, list]:
    """Keys of any rows, each once, CAP of them at most."""
    params = [value for piece in pieces for value in piece.params]
    if len(pieces) == 1:
        return pieces[0].first(CAP), params
    union = " UNION ".join(piece.first(CAP) for piece in pieces)
    return f"SELECT * FROM ({union}) AS every LIMIT {CAP}", params  # noqa: S608  compiled by Django
