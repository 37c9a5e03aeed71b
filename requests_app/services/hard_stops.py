"""What follows when a force can be named no more: agreed requests are suspended, convoys on the road raise the alarm.

In the transaction of the row in the register; of many requests the first ones, the others within a minute by the
sweep. Until then every step asks the register again (guards), so that nothing goes on meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.dispatch import receiver

from contacts.models import ForceStatus
from contacts.signals import status_changed
from requests_app import alarms, provider
from requests_app.models import Case, Move
from requests_app.models.terms import RUNNING
from requests_app.services.made import Refused
from requests_app.services.moving import make_move

AT_ONCE = 200  # requests in one transaction
UNDER_WAY = "underway"


@receiver(status_changed)
def act_on_status(sender: Any, *, status: ForceStatus, now: datetime, **_more: Any) -> None:
    """The register changed: act on the requests that this force carries out, those that leave first."""
    _act(Case.objects.filter(decision__force=status.force_id), now)


def act_on_register(now: datetime) -> int:
    """Of all forces, what was left: more requests than one transaction takes, or a status that reached them later."""
    stopping = ForceStatus.objects.stopping().values("force")
    return _act(Case.objects.filter(decision__force__in=stopping), now)


def _act(cases: QuerySet[Case], now: datetime) -> int:
    agreed = _not_acted_upon(cases.filter(status__in=(*RUNNING, UNDER_WAY))).order_by("departure_at", "id")
    done = 0
    for key in list(agreed.values_list("pk", flat=True)):
        if done >= AT_ONCE:
            break
        case = Case.objects.select_related("country", "decision", "profile").get(pk=key)
        if provider.stop(case) is None or (case.status == UNDER_WAY and alarms.covers(case)):
            continue
        try:
            make_move(case, "alarm" if case.status == UNDER_WAY else "suspend_provider", by=None, now=now)
        except Refused:
            continue
        done += 1
    return done


def _not_acted_upon(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Without those for which the alarm was raised, or an exception made, after all that stops their force was said."""
    stops = ForceStatus.objects.stopping().filter(force=OuterRef("decision__force")).order_by("-proposed_at")
    alarms_raised = Move.objects.filter(case=OuterRef("pk"), code="alarm").order_by("-at")
    said = cases.annotate(
        stopped_at=Subquery(stops.values("proposed_at")[:1]), raised_at=Subquery(alarms_raised.values("at")[:1])
    )
    return said.filter(
        Q(raised_at=None) | Q(raised_at__lt=F("stopped_at")) | ~Q(status=UNDER_WAY),
        Q(decision__exception_text="") | Q(decision__decided_at__lt=F("stopped_at")),
    )
