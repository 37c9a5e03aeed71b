"""Can the force of this request be named, there and then? The register of forces, read for one request (ML-POS ¶7).

Whoever is not of OCHA or the country team reads only that it cannot be named, never the rating.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from cmcoord.guidance.clauses import cited_in
from cmcoord.places.models import AdminArea, Axis, Place
from contacts import register
from contacts.models import Force, ForceStatus
from requests_app import bases
from requests_app.models import Case, DecisionDraft, DecisionOutcome, Urgency

DRAFTED_IN = ("clearing", "consulting", "deciding")  # what OCHA drafted stands before what was asked


def stop(case: Case) -> ForceStatus | None:
    """The row by which the force of this request cannot be named, or None; one query, two more where a row names an
    area. An exception of the Humanitarian Coordinator lifts what stood when it was made, and nothing that came later.
    """
    force, limits = _asked_for(case)
    key = (force, *limits.values())
    known = case.__dict__.get("provider_stop")
    if known is None or known[0] != key:
        since = case.decision.decided_at if case.decision_id and case.decision.exception_text else None
        known = case.__dict__["provider_stop"] = (key, _stop(case, force, **limits, excepted_at=since))
    return known[1]


def remember(case: Case, rated: dict[int, list[ForceStatus]]) -> None:
    """A page that has read the register for these forces beside its case says so, and does not ask again."""
    case.__dict__["rated"] = rated


def stop_of(case: Case, *, force: Force | None, **limits: Any) -> ForceStatus | None:
    """The same for a force and limits that somebody is about to write. With `still_open`, a place that was not said yet
    is no place; else it is the whole country.
    """
    return _stop(case, force.pk if force else None, **limits)


def stops_at(case: Case, places: Iterable[Place]) -> bool:
    """Is the force that was approved stopped at one of the places where the convoy is to meet it, or to halt?"""
    decision: Any = case.decision
    period = {"valid_from": decision.valid_from, "valid_to": decision.valid_to}
    since = decision.decided_at if decision.exception_text else None
    there = {place.area_id for place in places}
    found = _stop(
        case, decision.force_id, axis=decision.axis_id, area=decision.area_id, also=there, **period, excepted_at=since
    )
    return found is not None


def may_be_excepted(case: Case) -> bool:
    """Could the Humanitarian Coordinator in person let such a force save lives (domain.md §2.8)? Off by default."""
    if case.is_patrol:
        return False  # nobody decides on it, so nobody can make an exception
    saves = case.is_rescue or case.urgency == Urgency.IMMEDIATE
    return saves and case.decision_id is None and case.profile.life_saving_exception


def cannot_be_named(case: Case) -> str:
    """The sentence with its clause, the same for everybody."""
    clause = cited_in(bases.BELLIGERENT, case.country_id)
    return _("This provider cannot be named here. (%(clause)s)") % {"clause": clause}


def newest_draft(case: Case) -> DecisionDraft | None:
    """What OCHA drafted last; read once for each reading of the case."""
    prefetch_related_objects([case], "drafts")
    return max(case.drafts.all(), key=lambda row: row.pk, default=None)


def _asked_for(case: Case) -> tuple[int | None, dict[str, Any]]:
    """Which force, where and when: as decided, else as drafted, else as asked."""
    source: Any = case.decision if case.decision_id else None
    if source is None and case.status in DRAFTED_IN:
        drafted = newest_draft(case)
        source = drafted if drafted and drafted.recommendation == DecisionOutcome.APPROVED else None
    if source is not None:
        period = {"valid_from": source.valid_from, "valid_to": source.valid_to}
        return source.force_id, {"axis": source.axis_id, "area": source.area_id, **period}
    return case.force_id, {
        "axis": case.axis_id, "area": case.area_id, "valid_from": case.departure_at, "valid_to": case.window_to
    }  # fmt: skip


def _stop(
    case: Case,
    force: int | None,
    *,
    axis: Axis | int | None,
    area: AdminArea | int | None,
    valid_from: datetime | None,
    valid_to: datetime | None,
    still_open: bool = False,
    also: Collection[int | None] = (),
    excepted_at: datetime | None = None,
) -> ForceStatus | None:
    if force is None:
        return None
    read = case.__dict__.get("rated", {}).get(force)  # by a page, with the dossier
    known = register.read(force) if read is None else read
    rows = [row for row in known if not (excepted_at and row.stops and row.proposed_at <= excepted_at)]
    if not any(row.stops for row in rows):
        return None
    chains: tuple[register.Chain, ...] = ((),)
    if any(row.lane for row in rows) and not (still_open and axis is None and area is None):
        chains = register.read_map(case.country_id).chains(_areas(case, axis, area) | set(also))
    return register.stop_in(rows, chains, *_days(case, valid_from, valid_to))


def _areas(case: Case, axis: Any, area: Any) -> set[int | None]:
    """The areas that a movement touches: those of the stops of its axis and of its ends, and the area that is named."""
    named: set[int | None] = set() if area is None else {getattr(area, "pk", area)}
    ends = Q(pk__in=[pk for pk in (case.origin_id, case.destination_id) if pk])
    touched = Place.objects.filter(ends if axis is None else ends | Q(axes=getattr(axis, "pk", axis)))
    return named | set(touched.order_by().values_list("area_id", flat=True))


def _days(case: Case, first: datetime | None, last: datetime | None) -> tuple[date, date]:
    """From the first day to the last one on the clocks of the country; what is over does not count any more."""
    today, zone = case.country.today, case.country.zone
    starts = max(today, first.astimezone(zone).date()) if first else today
    return starts, max(starts, last.astimezone(zone).date()) if last else starts
