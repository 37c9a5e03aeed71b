"""What of the directory waits for somebody: newcomers to verify, contacts to confirm, rights that outlived a post?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from cmcoord.accounts import scope
from cmcoord.accounts.kept import once_for_reader
from cmcoord.accounts.models import Appointment
from cmcoord.accounts.roles import STATION_ROLES, Perm
from cmcoord.activity.statements import Statement
from contacts import keepers
from contacts.models import FRESH, Holding, Post
from contacts.services.reminding import VERIFIED_WITHIN


@dataclass(frozen=True)
class Waits:
    """A time in a post that somebody has to look at: to `verify` a newcomer, or to have it confirmed anew."""

    holding: Holding
    verify: bool

    @property
    def post(self) -> Post:
        return self.holding.post


def contacts_for(user, size: int) -> list[Waits]:
    """Newcomers first, then who was not confirmed for 90 days, the oldest first. One query.

    OCHA verifies: the officer of the duty station at once, the national unit what waits for six days already. Who
    keeps the posts of an organisation has them confirmed; OCHA those of OCHA.
    """
    if not keepers.is_inside(user):
        return []
    now = timezone.now()
    found: dict[int, Waits] = {}
    rows = _waiting(user, size)(now - VERIFIED_WITHIN["national"], now - FRESH)
    for row in sorted(rows, key=lambda row: (not row.is_newcomer, row.confirmed_at, row.pk)):
        found.setdefault(row.pk, Waits(row, row.is_newcomer))
    return list(found.values())[:size]


@once_for_reader
def _waiting(user, size: int) -> Statement:
    return Statement(partial(_rows_for, user, size), dt.datetime, dt.datetime, every=False)


def _rows_for(user, size: int, recorded_by: dt.datetime, confirmed_by: dt.datetime) -> QuerySet[Holding]:
    """What the national unit has to verify was recorded by the first moment; what is stale was confirmed before the
    second.
    """
    stale, verify = Q(confirmed_at__lt=confirmed_by), Q(pk__in=[])
    of_own = Q(pk__in=[])
    for grant in scope.grants(user):
        if grant.perm == Perm.RECORD_FOR_OTHERS:
            here = Q(post__country=grant.country, recorded_at__lte=recorded_by)
            verify |= Q(post__station=grant.station_id) if grant.role in STATION_ROLES else here
            of_own |= Q(post__organisation=user.organisation_id)
        elif grant.perm == Perm.FILE_CASE:
            of_own |= Q(post__organisation=grant.organisation_id)
    there = Holding.objects.in_post().filter(keepers.kept_where(user, "post__"), post__closed_at=None)
    newcomers = there.filter(verify, ~keepers.oneself_where(user, "person__"), verified_at=None)
    first = newcomers.order_by("recorded_at", "pk")[:size]  # each by an index of its own
    late = there.filter(stale, of_own).order_by("confirmed_at", "pk")[:size]
    parts = [
        Holding.objects.filter(pk__in=rows.values("pk"))
        .annotate(is_newcomer=Value(is_newcomer))
        .select_related("post__organisation", "post__station")
        .order_by()
        for rows, is_newcomer in ((first, True), (late, False))
    ]
    return parts[0].union(parts[1], all=True)


def rights_without_post(user, size: int) -> list[Appointment]:
    """Appointments in force in a country where the last post of that person has ended. One query.

    For an administrator, who has it asked in their own words.
    """
    return list(_left(user, size)())


@once_for_reader
def _left(_user, size: int) -> Statement:
    return Statement(partial(_appointments_left, size))


def _appointments_left(size: int) -> QuerySet[Appointment]:
    """From the few appointments to the posts of each person: Post by post, those who have none left yet come first.

    A part with a limit is planned by itself: with all that a page prints of an appointment, planning took longest.
    """
    there = Holding.objects.filter(person__user=OuterRef("user"), post__country=OuterRef("country"))
    last = there.order_by(F("left_at").desc(nulls_first=True)).values("left_at")[:1]
    found = Appointment.objects.in_force().annotate(left=Subquery(last)).exclude(left=None)
    keys = found.order_by("user__folded_name", "pk").values("pk")[:size]
    return Appointment.objects.filter(pk__in=keys).for_pages().order_by("user__folded_name", "pk")
