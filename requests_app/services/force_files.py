"""The rows of the forces' lists, written from the papers, replies and logs of their cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from cmcoord.activity.barrier import Sensitivity
from requests_app import papers
from requests_app.models import Extract, ForceFile, ForceReply, PatrolLog, RequestType, RotationLog
from requests_app.transmission import LOWEST_RANK

PATROL = RequestType.PATROL
A_RANK = 10**11  # seconds, more than any moment: a rank comes before every time


def write_files(cases: Sequence[int], now: datetime) -> None:
    """Write the list rows of the forces anew for these cases, from papers, replies and logs: some queries in all."""
    every = _known(cases)
    closed = set(ForceFile.objects.filter(case__in=cases, closed=True).values_list("organisation", "force_reference"))
    rows = [_row(known, now) for known in every]
    for row in rows:
        if (row.organisation_id, row.force_reference) in closed:
            _close(row)
        if row.strict:
            row.origin, row.destination, row.departure_at = "", "", None
    ForceFile.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation", "force_reference"],
        update_fields=["stage", "expects", "due_at", "urgency", "origin", "destination", "departure_at", "ends_at",
                       "place", "sort_key", "strict"],
    )  # fmt: skip


def _close(row: ForceFile) -> None:
    """Of a closed file the force's list says only that it has ended."""
    row.closed = True
    row.origin = row.destination = ""
    row.departure_at = row.ends_at = None


def _known(cases: Sequence[int]) -> list[papers.Known]:
    files: dict[tuple, list[Extract]] = defaultdict(list)
    rows = Extract.objects.filter(case__in=cases).select_related("acknowledgement").order_by("id")
    for paper in rows.annotate(country=F("case__country"), sensitivity=F("case__sensitivity")):
        files[paper.case_id, paper.organisation_id, paper.force_reference].append(paper)
    replies, logs, patrols = defaultdict(list), defaultdict(list), defaultdict(list)
    for answer in ForceReply.objects.filter(case__in=cases).order_by("id"):
        replies[answer.case_id].append(answer)
    for log in RotationLog.objects.filter(case__in=cases).order_by("id"):
        logs[log.case_id].append(log)
    asked = {paper.case_id for each in files.values() for paper in each if paper.content.get("request_type") == PATROL}
    logged = PatrolLog.objects.filter(case__in=asked).select_related("on_behalf").order_by("day", "id")
    for patrol in logged if asked else ():
        patrols[patrol.case_id].append(patrol)
    return [
        papers.Known(extracts=extracts, replies=replies[case], own_logs=logs[case], patrols=patrols[case])
        for (case, _organisation, _reference), extracts in files.items()
    ]


def _row(known: papers.Known, now: datetime) -> ForceFile:
    request, stage, expects = known.request, known.stage(now), known.expects(now)
    departure = known.at("departure_at")
    due = known.due_at(now) if expects else None
    if expects:
        place, moment = ForceFile.Place.WAITING, due or request.sent_at
    elif stage in papers.ON_THE_ROAD:
        place, moment = ForceFile.Place.AHEAD, departure or request.sent_at
    else:
        place, moment = ForceFile.Place.OTHER, request.sent_at
    key = int(moment.timestamp())
    if expects and stage in papers.STOPS:
        key -= A_RANK * (LOWEST_RANK + 1)
    elif expects == "reply" and (rank := known.value("rank")):
        key -= A_RANK * (LOWEST_RANK + 1 - rank)
    return ForceFile(
        case_id=request.case_id,
        organisation_id=request.organisation_id,
        country_id=request.country,  # type: ignore[attr-defined]  # annotated by _known
        force_reference=request.force_reference,
        strict=request.sensitivity == Sensitivity.STRICT,  # type: ignore[attr-defined]  # the same
        stage=stage,
        expects=expects,
        due_at=due,
        urgency=known.value("urgency") or "routine",
        request_type=known.value("request_type") or RequestType.ARMED_ESCORT,
        asset_category=known.value("asset_category") or "",
        origin=known.value("origin") or known.value("axis") or known.value("area") or "",
        destination=known.value("destination") or "",
        departure_at=departure,
        ends_at=known.ends,
        place=place,
        sort_key=-key if place == ForceFile.Place.OTHER else key,
    )
