"""How is a statement that every step asks written once, and not anew each time? Django writes; only values change."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import QuerySet

Value = int | str | dt.date
# What stands for a value while Django writes: numbers and words that no row has, days before any right began.
BLANKS: dict[type, Callable[[int], Value]] = {
    int: lambda place: -9_000_000 - place,
    str: lambda place: f"~{place}~",
    dt.date: lambda place: dt.date(1, 1, 1 + place),
}


class Written(NamedTuple):
    """A statement as the database wants it: the rows as Django reads them, and which parameter is which value."""

    rows: QuerySet
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    places: dict[Any, int]


class Statement:
    """A queryset whose SQL is written once for each process; called with its values, in their order.

    `build` gets a blank for each of `kinds` and answers the queryset; it may ask nothing that changes later. A value
    has the kind of its blank and is never null. What comes back is read as always, and cannot be filtered further.
    """

    def __init__(self, build: Callable[..., QuerySet], *kinds: type) -> None:
        self._build = build
        self._blanks = [BLANKS[kind](place) for place, kind in enumerate(kinds)]

    def __call__(self, *values: Value) -> QuerySet:
        rows = self.written.rows.all()
        rows.query.get_compiler = partial(self._compiler, values)  # type: ignore[method-assign]
        return rows

    @cached_property
    def written(self) -> Written:
        """For who hands the statement to the database in a way of its own."""
        rows = self._build(*self._blanks)
        compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        places = {_as_param(blank, rows.db): place for place, blank in enumerate(self._blanks)}
        if not set(places) <= set(params):
            raise ValueError("A value that does not stand in the statement, or that Django rewrote.")
        return Written(rows, compiler, sql, params, places)

    def _compiler(self, values: tuple[Value, ...], using: str | None = None, **_more: Any) -> Any:
        written = self.written
        compiler = copy.copy(written.compiler)
        compiler.connection = connections[using or written.rows.db]
        filled = tuple(
            _as_param(values[written.places[param]], written.rows.db) if param in written.places else param
            for param in written.params
        )
        compiler.as_sql = lambda *_args, **_kwargs: (written.sql, filled)
        return compiler


def _as_param(value: Value, using: str) -> Any:
    """The value as this database takes it: SQLite has no dates."""
    return connections[using].ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value
