"""Who of a force's chain has acknowledged a paper, and who of it is called next?

Pure over rows that the page or the move has read: addressed, receipts and calls of the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from requests_app import transmission
from requests_app.models import Addressed, Call, Case, Extract, Receipt

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
REPLY_AWAITED = ("transmitted", "acknowledged")


@dataclass(frozen=True)
class Link:
    """One place of the chain as a page prints it: the row, its receipt, the last call, and whether it comes next."""

    row: Addressed
    receipt: Receipt | None
    call: Call | None
    comes_next: bool


def receipts(case: Case) -> dict[int, Receipt]:
    """By the key of the row that was addressed."""
    return {receipt.addressed_id: receipt for receipt in case.receipts.all()}


def waiting(case: Case, *, seen: int | None = None, numbers: set[int] | None = None) -> list[Addressed]:
    """Rows without a receipt; of papers up to the one that was `seen`, or of these `numbers`."""
    received, papers = receipts(case), {paper.pk: paper for paper in case.extracts.all()}
    found = [row for row in case.addressed.all() if row.pk not in received and row.extract_id in papers]
    if numbers is not None:
        return [row for row in found if papers[row.extract_id].number in numbers]
    return [row for row in found if seen is None or papers[row.extract_id].number <= seen]


def of_account(rows: list[Addressed], *accounts: int | None) -> list[Addressed]:
    """Those that went to one of these accounts."""
    return [row for row in rows if row.account_id is not None and row.account_id in accounts]


def newest_paper(case: Case) -> Extract | None:
    """The newest paper of the force that holds the request, if it went along a chain."""
    request = transmission.held(case)
    addressed = {row.extract_id for row in case.addressed.all()}
    found = [
        paper
        for paper in case.extracts.all()
        if request
        and paper.pk in addressed
        and (paper.organisation_id, paper.force_reference) == (request.organisation_id, request.force_reference)
    ]
    return max(found, key=lambda paper: paper.pk, default=None)


def links(case: Case) -> list[Link]:
    """The chain of the newest paper, in its order; empty when it went along none."""
    paper = newest_paper(case)
    if paper is None:
        return []
    received = receipts(case)
    last: dict[int | None, Call] = {
        call.addressee_id: call for call in case.calls.all() if call.addressee_id and call.at >= paper.sent_at
    }
    rows = sorted((row for row in case.addressed.all() if row.extract_id == paper.pk), key=lambda row: row.place)
    upcoming = _next([row for row in rows if row.pk not in received] or _for_the_reply(case, rows), last)
    return [Link(row, received.get(row.pk), last.get(row.addressee_id), row == upcoming) for row in rows]


def next_to_call(case: Case) -> Addressed | None:
    """Whom OCHA calls next: the first who has not acknowledged and was not called; then who was called longest ago."""
    return next((link.row for link in links(case) if link.comes_next), None)


def _for_the_reply(case: Case, rows: list[Addressed]) -> list[Addressed]:
    return rows if case.status in REPLY_AWAITED else []


def _next(rows: list[Addressed], last: dict[int | None, Call]) -> Addressed | None:
    return min(
        rows,
        key=lambda row: (last[row.addressee_id].at if row.addressee_id in last else LONG_AGO, row.place),
        default=None,
    )
