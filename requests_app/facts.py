"""What do the rules read beside the answers of a request? Read once, so that rules stay pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    DateTimeField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import JSONObject

from cmcoord.activity.statements import Statement
from cmcoord.guidance.models import CommonPosition
from cmcoord.places.models import AxisPlace
from requests_app import provider
from requests_app.models import Alternative, Assessment, Case, ExecutionSheet
from requests_app.models.terms import RUNNING, RequestType

IN_A_ROW = timedelta(days=180)  # escorts further apart are no row
LAST = 2
ESCORTED = (
    *(status for status in RUNNING if status != "declined"), "underway", "completed", "aborted", "reporting", "closed"
)  # fmt: skip
WITHOUT = "civilian"  # the organisation went without the military: the row begins anew
POSITIONS, ESCORTS, REVIEW, SHEET, STOPS = "positions", "escorts", "review", "criticality", "stops"


@dataclass(frozen=True)
class Beside:
    """What another table holds: positions of the country, this organisation's last escorts on the axis, newest first,
    OCHA's review, the criticality of the programme, and the places that the axis touches."""

    positions: tuple[CommonPosition, ...] = ()
    escorts: tuple[str, ...] = ()
    review: Assessment | None = None
    criticality: str = ""
    stops: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Facts:
    """Everything that the rules read beside the request itself; what the register of forces says as yes or no.

    `may_be_excepted`: the Humanitarian Coordinator in person could still name a stopped force, to save lives.
    """

    alternatives: tuple[Alternative, ...] = ()
    beside: Beside = Beside()
    provider_stopped: bool = False
    may_be_excepted: bool = False

    @property
    def escorts_in_a_row(self) -> int:
        """How many escorts of this organisation on this axis came last, one after the other; LAST at most."""
        rows = self.beside.escorts
        return next((place for place, status in enumerate(rows) if status == WITHOUT), len(rows))


def facts_of(case: Case) -> Facts:
    """What stands in the database beside this request now: one query for each reading of the case and axis."""
    known = case.__dict__.get("read_beside")
    if known is None or known[0] != case.axis_id:
        known = remember(case, _read(case))
    stopped = provider.stop(case) is not None
    return Facts(
        alternatives=tuple(alternatives_of(case)),
        beside=known[1],
        provider_stopped=stopped,
        may_be_excepted=stopped and provider.may_be_excepted(case),
    )


def remember(case: Case, beside: Beside) -> tuple[int | None, Beside]:
    """A page that has read this beside its case says so, and is not asked again."""
    case.__dict__["read_beside"] = (case.axis_id, beside)
    return case.__dict__["read_beside"]


def alternatives_of(case: Case) -> list[Alternative]:
    """Read once for each reading of the case."""
    if case.pk is None:
        return []
    prefetch_related_objects([case], "alternatives")
    return list(case.alternatives.all())


def branches(case: Any, axis: Any, country: Any) -> list[QuerySet]:
    """Positions and last escorts, as (name, JSON) for a UNION."""
    here = Case.objects.filter(pk=case).order_by()
    since = ExpressionWrapper(Subquery(here.values("created_at")[:1]) - IN_A_ROW, output_field=DateTimeField())
    before = Case.objects.filter(
        Q(status__in=ESCORTED) | Q(status=WITHOUT, submitted_at__isnull=False),
        organisation=Subquery(here.values("organisation")[:1]),
        axis=axis,
        request_type=RequestType.ARMED_ESCORT,
        created_at__lt=Subquery(here.values("created_at")[:1]),
        created_at__gt=since,
    )
    last = before.order_by("-created_at", "-id").values("pk")[:LAST]
    columns = {each.attname: F(each.attname) for each in CommonPosition._meta.concrete_fields}
    return [
        CommonPosition.objects.standing(country).order_by().values_list(Value(POSITIONS), JSONObject(**columns)),
        Case.objects.filter(pk__in=last)
        .order_by()
        .values_list(Value(ESCORTS), JSONObject(pk=F("pk"), status=F("status"))),
    ]


def _all(case: int, axis: int, country: str) -> QuerySet:
    columns = {each.attname: F(each.attname) for each in Assessment._meta.concrete_fields}
    newest = Assessment.objects.filter(case=case).order_by("-id").values("pk")[:1]
    first, *rest = branches(case, axis, country)
    return first.union(
        *rest,
        Assessment.objects.filter(pk__in=newest).order_by().values_list(Value(REVIEW), JSONObject(**columns)),
        ExecutionSheet.objects.filter(case=case)
        .order_by()
        .values_list(Value(SHEET), JSONObject(value=F("programme_criticality"))),
        AxisPlace.objects.filter(axis=axis).order_by().values_list(Value(STOPS), JSONObject(place=F("place"))),
        all=True,
    )


_beside = Statement(_all, int, int, str)


def _read(case: Case) -> Beside:
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in (POSITIONS, ESCORTS, REVIEW, SHEET, STOPS)}
    for name, text in _beside(case.pk, case.axis_id or 0, case.country_id):
        found[name].append(json.loads(text) if isinstance(text, str) else text)
    return Beside(
        positions=positions_of(found[POSITIONS]),
        escorts=escorts_of(found[ESCORTS]),
        review=next((Assessment(**_known(Assessment, row)) for row in found[REVIEW]), None),
        criticality=next((row["value"] for row in found[SHEET]), ""),
        stops=frozenset(row["place"] for row in found[STOPS]),
    )


def positions_of(rows: list[dict[str, Any]]) -> tuple[CommonPosition, ...]:
    return tuple(CommonPosition(**_known(CommonPosition, row)) for row in rows)


def escorts_of(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(row["status"] for row in sorted(rows, key=lambda row: row["pk"], reverse=True))


def _known(model: type, row: dict[str, Any]) -> dict[str, Any]:
    """The columns as the model has them: dates and lists come as words."""
    found = {}
    for each in model._meta.concrete_fields:  # type: ignore[attr-defined]
        value = row[each.attname]
        is_list = each.get_internal_type() == "JSONField"
        found[each.attname] = json.loads(value) if is_list and isinstance(value, str) else each.to_python(value)
    return found
