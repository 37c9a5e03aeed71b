"""How are the rows that belong to a row read in its own query? As JSON beside it, and as models again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import DateTimeField, F, JSONField, Model, QuerySet, Subquery
from django.db.models.functions import JSONObject

Row = TypeVar("Row", bound=Model)


class Rows(Subquery):
    """The rows of a queryset as a list, each as what `parts` make of it; [] where there are none."""

    template = "(SELECT COALESCE(JSONB_AGG(nested.one), '[]') FROM (%(subquery)s) AS nested)"
    sqlite = "(SELECT JSON_GROUP_ARRAY(JSON(nested.one)) FROM (%(subquery)s) AS nested)"

    def __init__(self, rows: QuerySet, **parts: Any) -> None:
        super().__init__(rows.order_by().values(one=JSONObject(**parts)), output_field=JSONField())

    def as_sqlite(self, compiler, connection):
        return self.as_sql(compiler, connection, template=self.sqlite)


def columns(model: type[Model], path: str = "") -> JSONObject:
    """Every column of a model; `path` leads to it from the rows that are read."""
    return JSONObject(**{name: F(f"{path}{name}") for name, _read in _readers(model)})


def inner(value: Any) -> Any:
    """A list or a row within what was read: SQLite hands on its text."""
    return json.loads(value) if isinstance(value, str) else value


def instance(model: type[Row], values: dict[str, Any] | str) -> Row:
    """The row as the model would have read it."""
    read: dict[str, Any] = inner(values)
    names, readers = zip(*_readers(model), strict=True)
    return model.from_db(
        DEFAULT_DB_ALIAS, names, [reader(read[name]) for name, reader in zip(names, readers, strict=True)]
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
