"""How is a statement that every step asks written once, and not anew each time? Django writes; only values change."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

Value = int | str | dt.date | dt.datetime
# What stands for a value while Django writes: numbers and words that no row has, days before any right began.
BLANKS: dict[type, Callable[[int], Value]] = {
    int: lambda place: -9_000_000 - place,
    str: lambda place: f"~{place}~",
    dt.date: lambda place: dt.date(1, 1, 1 + place),
    dt.datetime: lambda place: dt.datetime(1, 2, 1, 0, 0, 1 + place, tzinfo=dt.UTC),
}


class Written(NamedTuple):
    """A statement as the database wants it: the rows as Django reads them, and which parameter is which value."""

    rows: QuerySet
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    places: dict[Any, int]

    def filled(self, values: Sequence[Value]) -> tuple[Any, ...]:
        """The parameters, with these values at their places."""
        return tuple(
            _as_param(values[self.places[param]], self.rows.db) if param in self.places else param
            for param in self.params
        )


def blanks(*kinds: type) -> tuple[Any, ...]:
    """What stands for values of these kinds, in their order, while Django writes."""
    return tuple(BLANKS[kind](place) for place, kind in enumerate(kinds))


def named(name: str, column: str) -> RawSQL:
    """A column of what stands `beside` a statement under a name, for a filter within it."""
    return RawSQL(f'SELECT "{column}" FROM "{name}"', ())  # noqa: S608, S611  words of the code


def write(rows: QuerySet, given: Sequence[Value], beside: Mapping[str, QuerySet] | None = None) -> Written:
    """What the database is asked for these rows, in which some of the given blanks stand. Raises EmptyResultSet.

    What several parts of it need is asked once `beside` it, in order: each under a name, for `named`.
    """
    compiler = rows.query.get_compiler(using=rows.db)
    sql, params = compiler.as_sql()
    if beside:
        texts = []
        before: tuple[Any, ...] = ()
        for name, each in beside.items():
            text, values = each.query.get_compiler(using=rows.db).as_sql()
            texts.append(f'"{name}" AS ({text})')
            before += tuple(values)
        sql, params = f"WITH {', '.join(texts)} {sql}", (*before, *params)
    places = {_as_param(blank, rows.db): place for place, blank in enumerate(given)}
    if any(_was_reckoned(param) for param in set(params) - set(places)):
        raise ValueError("A moment that was counted on from a value: give it as a value of its own.")
    return Written(rows, compiler, sql, params, places)


class Statement:
    """A queryset whose SQL is written once for each process; called with its values, in their order.

    `build` gets a blank for each of `kinds` and answers the queryset; it may ask nothing that changes later. A value
    has the kind of its blank, is never null, and stands in the SQL as it is: nothing is reckoned with it. With
    `every=False` one may be left out. `beside` is as for write(). What comes back is read as always, and cannot be
    filtered further.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet],
        *kinds: type,
        every: bool = True,
        beside: Mapping[str, QuerySet] | None = None,
    ) -> None:
        self._build, self._every, self._beside = build, every, beside
        self._blanks = blanks(*kinds)

    def __call__(self, *values: Value) -> QuerySet:
        try:
            rows = self.written.rows.all()
        except EmptyResultSet:  # no row can be meant
            return self._build(*self._blanks).none()
        rows.query.get_compiler = partial(self._compiler, values)  # type: ignore[method-assign]
        return rows

    @cached_property
    def written(self) -> Written:
        """For who hands the statement to the database in a way of its own."""
        found = write(self._build(*self._blanks), self._blanks, self._beside)
        if self._every and not set(found.places) <= set(found.params):
            raise ValueError("A value that does not stand in the statement, or that Django rewrote.")
        return found

    def _compiler(self, values: tuple[Value, ...], using: str | None = None, **_more: Any) -> Any:
        written = self.written
        compiler = copy.copy(written.compiler)
        compiler.connection = connections[using or written.rows.db]
        filled = written.filled(values)
        compiler.as_sql = lambda *_args, **_kwargs: (written.sql, filled)
        return compiler


def _as_param(value: Value, using: str) -> Any:
    """The value as this database takes it: SQLite has no dates."""
    operations = connections[using].ops
    if isinstance(value, dt.datetime):
        return operations.adapt_datetimefield_value(value)
    return operations.adapt_datefield_value(value) if isinstance(value, dt.date) else value


def _was_reckoned(param: Any) -> bool:
    """A moment or day that somebody counted on from a blank, which would stay what it is whatever the values are."""
    return param.year == 1 if isinstance(param, dt.date) else str(param).startswith("0001-")
