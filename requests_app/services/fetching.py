"""What somebody of a force takes out of the portal: an event of the case, and a line of the release ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from cmcoord.accounts.models import User
from cmcoord.activity import releases
from cmcoord.activity.releases import What
from cmcoord.activity.services import record
from requests_app import ledger, transmission
from requests_app.models import Case, Extract, ForceFile


@transaction.atomic
def fetch_paper(paper: Extract, *, by: User, content: bytes, now: datetime) -> None:
    """Somebody of the force saves a paper: an event of the case, and these bytes in the release ledger."""
    _handed_over(paper, What.DOWNLOAD, ledger.FETCHED, by, content, now, code=paper.kind, number=paper.number)


@transaction.atomic
def open_papers(file: ForceFile, *, by: User, content: bytes, now: datetime) -> None:
    """Somebody of the force opens what it holds of a strictly confidential request: the same, with this page."""
    _handed_over(file, What.READING, ledger.OPENED, by, content, now, code=ledger.OPENED)


def _handed_over(
    what: Extract | ForceFile, how: str, kind: str, by: User, content: bytes, now: datetime, **facts: Any
) -> None:
    case = Case.objects.select_related("country").get(pk=what.case_id)
    sha256, number = releases.digest(content), facts.get("number")
    event = record(
        case,
        kind,
        by=by,
        data={
            **({"extract": number} if number else {}),
            "sha256": sha256,
            "force_reference": what.force_reference,
            "force_url": transmission.force_path(what.force_reference),
        },
        at=now,
    )
    releases.enter(
        event,
        what=how,
        organisation=what.organisation_id,
        sha256=sha256,
        recipient=by,
        function=by.function_title,
        reference=what.force_reference,
        **facts,
    )
