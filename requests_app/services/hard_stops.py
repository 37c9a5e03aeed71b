"""What follows when a force can be named no more: agreed requests are suspended, convoys on the road raise the alarm.
Once it can be named again, OCHA hears of what was suspended.

In the transaction of the row in the register; of many requests the first ones, the others within a minute by the
sweep. Until then every step asks the register again (guards), so that nothing goes on meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.dispatch import receiver

from cmcoord.activity.models import Event
from cmcoord.activity.services import Tell, record
from contacts.models import ForceStatus
from contacts.signals import status_changed
from requests_app import alarms, provider, telling
from requests_app.models import Case, Move, RequestType
from requests_app.models.terms import RUNNING
from requests_app.services.made import Refused
from requests_app.services.moving import make_move

AT_ONCE = 200  # requests in one transaction
UNDER_WAY, SUSPENDED = "underway", "suspended"
LIFTED = "case.can_resume"


@receiver(status_changed)
def act_on_status(sender: Any, *, status: ForceStatus, now: datetime, **_more: Any) -> None:
    """The register changed: act on the requests that this force carries out, those that leave first."""
    cases = Case.objects.filter(_carried_out_by([status.force_id]))
    _act(cases, now)
    _tell_lifted(cases, now)


def act_on_register(now: datetime) -> int:
    """Of all forces, what was left: more requests than one transaction takes, or a status that reached them later."""
    stopping = ForceStatus.objects.stopping().values("force")
    cases = Case.objects.filter(_carried_out_by(stopping))
    _tell_lifted(cases, now)
    return _act(cases, now)


def _carried_out_by(forces: Any) -> Q:
    """What a decision gave to these forces, and the patrols that they were asked for without one."""
    return Q(decision__force__in=forces) | Q(request_type=RequestType.PATROL, force__in=forces)


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
            on_the_road = case.status == UNDER_WAY and not case.is_patrol
            make_move(case, "alarm" if on_the_road else "suspend_provider", by=None, now=now)
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
        Q(decision=None) | Q(decision__exception_text="") | Q(decision__decided_at__lt=F("stopped_at")),
    )


def _tell_lifted(cases: QuerySet[Case], now: datetime) -> None:
    """OCHA hears once of each suspension that the register upholds no more, and resumes it, or does not."""
    paused = Move.objects.filter(case=OuterRef("pk"), to_status=SUSPENDED).exclude(from_status=SUSPENDED)
    paused = paused.order_by("-id")
    told = Event.objects.filter(
        subject_kind=Case.activity_kind, subject_id=OuterRef("pk"), kind=LIFTED, at__gte=OuterRef("paused_at")
    )
    waiting = cases.filter(status=SUSPENDED).annotate(
        paused_by=Subquery(paused.values("code")[:1]), paused_at=Subquery(paused.values("at")[:1])
    )
    waiting = waiting.filter(~Exists(told), paused_by="suspend_provider").order_by("departure_at", "id")
    for case in waiting.select_related("country", "decision", "profile", "station")[:AT_ONCE]:
        if provider.stop(case) is None:
            people = [Tell(person, "act") for person in telling.ocha(case)]
            record(case, LIFTED, by=None, data={"duty": telling.duty_lines(case)}, tell=people, at=now)
