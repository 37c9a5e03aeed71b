"""Who hears that minutes were not signed in time? The chairs, once, whenever the sweep comes by."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef

from cmcoord.activity.models import Event
from cmcoord.activity.services import Tell
from cmcoord.meetings import adopting, signing
from cmcoord.meetings.models import Meeting, Minutes
from cmcoord.meetings.services import writing

OVERDUE = "minutes.overdue"
BATCH = 100


def tell_unsigned(now: dt.datetime, limit: int = BATCH) -> int:
    """Tell each minutes once that were not signed within five working days; they are on the next agenda by themselves.

    The event itself is the mark that it was told: after days of standstill each is told once. Returns how many.
    """
    told = Event.objects.filter(subject_kind=Minutes.activity_kind, subject_id=OuterRef("pk"), kind=OVERDUE)
    rows = Minutes.objects.open().filter(~Exists(told), meeting__stage=Meeting.Stage.HELD)
    rows = rows.filter(meeting__ends__lt=now - dt.timedelta(days=adopting.DAYS)).order_by("meeting__ends", "pk")
    return sum(_tell(pk, now) for pk in list(rows.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _tell(pk: int, now: dt.datetime) -> bool:
    Minutes.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=pk)
    minutes = writing.fresh(pk)
    if minutes.is_final or adopting.sign_by(minutes.meeting) > now:
        return False
    if Event.objects.filter(subject_kind=Minutes.activity_kind, subject_id=pk, kind=OVERDUE).exists():
        return False
    tell = [Tell(user, "sign_minutes") for user in signing.people_in_chairs(minutes.meeting.body)]
    writing.record_of(minutes, OVERDUE, by=None, tell=tell)
    return True
