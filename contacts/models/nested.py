"""How are the rows that belong to a row read in its own query? As JSON beside it, and as models again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import DateTimeField, F, Func, JSONField, Model, QuerySet, Subquery
from django.db.models.functions import JSONObject

from cmcoord.activity.statements import Statement

Row = TypeVar("Row", bound=Model)
TOGETHER = "(SELECT COALESCE(JSONB_AGG(nested.one), '[]') FROM (%(subquery)s) AS nested)"
TOGETHER_ON_SQLITE = "(SELECT JSON_GROUP_ARRAY(JSON(nested.one)) FROM (%(subquery)s) AS nested)"


class Rows(Subquery):
    """The rows of one_each() as a list; [] where there are none."""

    template = TOGETHER

    def __init__(self, rows: QuerySet) -> None:
        super().__init__(rows, output_field=JSONField())

    def as_sqlite(self, compiler, connection):
        return self.as_sql(compiler, connection, template=TOGETHER_ON_SQLITE)


class WrittenRows(Func):
    """The same by a statement that is written once: so deep a one costs Django more than it costs the database.

    The sources stand where the statement has its values, in their order.
    """

    output_field = JSONField()

    def __init__(self, statement: Statement, *sources: Any) -> None:
        super().__init__(*sources)
        self.statement = statement

    def as_sql(self, compiler, connection, function=None, template=None, arg_joiner=None, **_more):
        written = self.statement.written
        sources = [compiler.compile(source) for source in self.get_source_expressions()]
        begin, *texts = written.sql.split("%s")
        sql: list[str] = [begin]
        params: list[Any] = []
        for text, param in zip(texts, written.params, strict=True):
            place = written.places.get(param)
            inner_sql, inner_params = ("%s", (param,)) if place is None else sources[place]
            sql += [inner_sql, text]
            params += inner_params
        return (template or TOGETHER) % {"subquery": "".join(sql)}, tuple(params)

    def as_sqlite(self, compiler, connection, **_more):
        return self.as_sql(compiler, connection, template=TOGETHER_ON_SQLITE)


class Known(QuerySet):
    """What a row has of another table, read already: as a prefetch leaves it, without a query written for each row.

    Whatever else is asked of it asks the database about that row alone.
    """

    of: dict[str, Any] | None = None

    @classmethod
    def rows(cls, rows: list[Any], model: type[Model], **of: Any) -> Known:
        known = cls(model)
        known._result_cache, known.of = rows, of
        return known

    def _chain(self):
        rows = super()._chain()  # type: ignore[misc]
        return rows.filter(**self.of) if self.of else rows


def one_each(rows: QuerySet, **parts: Any) -> QuerySet:
    """Of each row one value: these parts of it."""
    return rows.order_by().values(one=JSONObject(**parts))


def columns(model: type[Model], path: str = "") -> JSONObject:
    """Every column of a model; `path` leads to it from the rows that are read."""
    return JSONObject(**{name: F(f"{path}{name}") for name, _read in _readers(model)})


def inner(value: Any) -> Any:
    """A list or a row within what was read: SQLite hands on its text."""
    return json.loads(value) if isinstance(value, str) else value


def instance(model: type[Row], values: dict[str, Any] | str) -> Row:
    """The row as the model would have read it."""
    read: dict[str, Any] = inner(values)
    readers = _readers(model)
    return model.from_db(
        DEFAULT_DB_ALIAS, [name for name, _ in readers], [read_as(read[name]) for name, read_as in readers]
    )


@cache
def _readers(model: type[Model]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    return tuple((field.attname, _reader(field)) for field in model._meta.concrete_fields)


def _reader(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, DateTimeField):
        return lambda value: _moment(field.to_python(value))
    return inner if isinstance(field, JSONField) else field.to_python


def _moment(value: dt.datetime | None) -> dt.datetime | None:
    """Both databases keep UTC; SQLite does not say so."""
    return value.replace(tzinfo=dt.UTC) if value and value.tzinfo is None else value
