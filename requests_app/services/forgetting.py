"""When are the names on an execution sheet destroyed? 72 hours after the end of the request, by the portal itself.

The trail and the papers of the force never held them: an event says how many there were, a paper holds a salted digest
whose salt goes with the names (domain.md §4.5).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cmcoord.activity.services import record
from requests_app.models import Case, ExecutionSheet, Move, ReleasedNames, SheetPerson
from requests_app.models.terms import ENDED
from requests_app.services.made import locked

KEPT = timedelta(hours=72)
OVER = ("completed", "aborted", "reporting", *ENDED)
BATCH = 200


def destroy_names(now: datetime, limit: int = BATCH) -> int:
    """Destroy every name of requests that ended 72 hours ago, on the sheet and beside the papers; returns how many
    sheets lost names."""
    ends = Move.objects.filter(case=OuterRef("case"), to_status__in=OVER).exclude(from_status__in=OVER)
    named = Q(Exists(SheetPerson.objects.filter(sheet=OuterRef("pk"))))
    sent = Q(Exists(ReleasedNames.objects.filter(extract__case=OuterRef("case"))))
    lately = Exists(ends.filter(at__gt=now - KEPT))
    sheets = ExecutionSheet.objects.filter(named | sent, ~Q(lately), case__status__in=OVER).order_by("id")[:limit]
    return sum(_destroy(sheet, now) for sheet in list(sheets))


@transaction.atomic
def _destroy(sheet: ExecutionSheet, now: datetime) -> bool:
    case = locked(Case(pk=sheet.case_id))
    if case.status not in OVER:
        return False
    people, _kinds = SheetPerson.objects.filter(sheet=sheet).delete()
    ReleasedNames.objects.filter(extract__case=case).delete()
    ExecutionSheet.objects.filter(pk=sheet.pk).update(names_destroyed_at=now)
    record(case, "case.forget_names", by=None, data={"names": people}, at=now)
    return True
