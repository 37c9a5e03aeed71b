"""What does a list read of a request, and what are its places called?

Four tables more in a join cost PostgreSQL more to plan than the whole list to read; the name of a place comes as a
value beside its key.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from django.db.models import CharField, QuerySet
from django.db.models.expressions import RawSQL

from cmcoord.activity.statements import Statement
from requests_app.models import Case

# What a row of a list prints; everything else stays in the database.
COLUMNS = (
    "reference", "status", "sensitivity", "urgency", "request_type", "created_at", "due_at", "ends_at", "window_to",
    "departure_at", "form_due_at", "writing_due_at", "imported", "asset_category",
    "organisation__acronym", "organisation__name", "station__name",
)  # fmt: skip
PLACES = ("origin", "destination", "axis", "area")
PAGES = (26, 104)  # how many keys a statement asks for: a page and the row beyond it, or all groups of the first page


@cache
def rows() -> QuerySet[Case]:
    """Every request with what a list reads of it; narrowed by its caller, who sorts it too."""
    names = {f"{field}_name": _name_of(field) for field in PLACES}
    return Case.objects.select_related("organisation", "station").only(*COLUMNS, *PLACES).annotate(**names).order_by()


def _name_of(field: str) -> RawSQL:
    place = Case._meta.get_field(field)
    table, key = place.related_model._meta.db_table, f'"{Case._meta.db_table}"."{place.column}"'
    sql = f'(SELECT "name" FROM "{table}" WHERE "id" = {key})'  # noqa: S608  names of models
    return RawSQL(sql, (), output_field=CharField())  # noqa: S611  names of models


def read(cases: QuerySet[Case]) -> list[Case]:
    """These requests (a part of rows()) with their places, of which only key and name are known."""
    found = list(cases)
    for field in PLACES:
        model, known = Case._meta.get_field(field).related_model, {}
        for case in found:
            if key := getattr(case, f"{field}_id"):
                if key not in known:
                    known[key] = model.from_db(case._state.db, ("id", "name"), (key, getattr(case, f"{field}_name")))
                setattr(case, field, known[key])
    return found


@cache
def _by_keys(size: int) -> Statement:
    return Statement(lambda *keys: rows().filter(pk__in=keys), *[int] * size)


def of_keys(keys: Collection[int]) -> list[Case]:
    """The requests of these keys with the names of their places, in no order."""
    if not keys:
        return []
    size = next((size for size in PAGES if len(keys) <= size), None)
    if size is None:
        return read(rows().filter(pk__in=keys))
    return read(_by_keys(size)(*keys, *[0] * (size - len(keys))))
