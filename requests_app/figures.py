"""Which figures do the pages show? Rolled up per country and day, so that no page counts the whole register.

Per day: what was submitted, decided (with the minutes it took), resolved by civilian means (domain.md §5.1, indicators
2 and 3). On each day also the values over the last 90 days, which are all that pages read.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db import transaction
from django.db.models import Count, Prefetch
from django.db.models.functions import TruncDate

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Side, may_see
from cmcoord.places.models import Country
from requests_app import patrols
from requests_app.models import Case, DailyFigure, Decision, ImportedCase, Move, PatrolLog, RequestType
from requests_app.moves import IMPORT

SUBMITTED, DECIDED = "submitted", "decided"
# Solved without the military, each way a success of its own (domain.md §2.2): met by civilian means, withdrawn because
# acceptance or negotiation worked, a patrol in place of an escort.
CIVILIAN, NEGOTIATED, PATROLLED = WAYS = ("civilian", "negotiated", "patrolled")
MEDIAN_90, SHARE_90, DECIDED_90, WAYS_90 = "median_90", "civilian_share_90", "decided_90", "ways_90"
ROLLING = (MEDIAN_90, SHARE_90, DECIDED_90, WAYS_90)
PERIOD = dt.timedelta(days=90)
DAY = dt.timedelta(days=1)
RECENT = dt.timedelta(days=8)  # a page shows no value that is older than this
# Others than those who steer read them a month later, without the smallest numbers.
LATER = dt.timedelta(days=30)
STEERING = (Perm.CLEAR_CASE, Perm.SEE_STATISTICS)
READERS = (Side.HUMANITARIAN, Side.DONOR)
TOO_FEW = 3  # smaller numbers could tell who was meant


@dataclass(frozen=True)
class Summary:
    """The last 90 days of one country; None where nothing can be said. `median` is minutes, `share` percent."""

    median: int | None = None
    share: int | None = None
    decided: int | None = None
    ways: tuple[int | None, ...] = (None,) * len(WAYS)  # how many were solved each way
    day: dt.date | None = None


@transaction.atomic
def roll_up(*, country: Country, first: dt.date, last: dt.date) -> int:
    """Write the figures of these days, again if they were there; returns how many rows. Days are the country's own."""
    counted = {
        SUBMITTED: _submitted(country, first, last),
        CIVILIAN: _civilian(country, first, last),
        NEGOTIATED: _withdrawn(country, first, last, Move.ReasonCode.NEGOTIATED),
        PATROLLED: _patrolled(country, first, last),
    }
    took = _decided(country, first, last)
    days = [first + n * DAY for n in range((last - first).days + 1)]
    rows = [
        DailyFigure(country=country, day=day, figure=figure, count=found.get(day, 0))
        for figure, found in counted.items()
        for day in days
    ]
    rows += [
        DailyFigure(country=country, day=day, figure=DECIDED, count=len(took.get(day, [])), minutes=took.get(day, []))
        for day in days
    ]
    _write(rows)
    rolling = _rolling(country, days)
    _write(rolling)
    return len(rows) + len(rolling)


def roll_up_recent(*, days: int, countries: Iterable[Country] | None = None) -> int:
    """Today and the days before it, for every country."""
    every = Country.objects.all() if countries is None else countries
    return sum(
        roll_up(country=country, first=country.today - (days - 1) * DAY, last=country.today) for country in every
    )


def steers(user, country: str) -> bool:
    """Does this person work with the figures of a country? They count all of it, whatever else the person sees."""
    return any(grant.perm in STEERING and grant.country == country for grant in scope.grants(user))


def reads_later(user, country: str) -> bool:
    """Is it somebody who only reads: with a role in the country and no right at all? What they read is released."""
    held = any(one.country_id == country for one in scope.appointments(user))
    return held and not scope.grants(user) and user.side in READERS


def reads(user, row: DailyFigure) -> bool:
    """One figure: at once for those who steer, a month later for those who only read (domain.md §5.2)."""
    return steers(user, row.country_id) or (reads_later(user, row.country_id) and row.day <= row.country.today - LATER)


def summary(country: Country, *, reader) -> Summary:
    """The newest values of a country that this person may read: one query, four rows.

    Who only reads is told nothing that rests on fewer than three requests.
    """
    suppress = not steers(reader, country.pk)
    newest = country.today - (LATER if suppress else dt.timedelta(0))
    rows = DailyFigure.objects.filter(country=country, figure__in=ROLLING, day__gt=newest - RECENT, day__lte=newest)
    found: dict[str, DailyFigure] = {}
    for row in rows.order_by("day"):
        row.country = country
        if may_see(reader, row, "count"):
            found[row.figure] = row
    if len(found) < len(ROLLING):
        return Summary()
    decided = found[DECIDED_90].count
    solved, submitted = found[SHARE_90].minutes
    ways = found[WAYS_90].minutes
    few = suppress and decided < TOO_FEW
    return Summary(
        median=found[MEDIAN_90].count if decided and not few else None,
        share=found[SHARE_90].count if submitted and not (suppress and solved < TOO_FEW) else None,
        decided=None if few else decided,
        ways=tuple(None if suppress and number < TOO_FEW else number for number in ways),
        day=max(row.day for row in found.values()),
    )


def _bounds(country: Country, first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From local midnight to local midnight."""
    start = dt.datetime.combine(first, dt.time(), country.zone)
    return start, dt.datetime.combine(last + DAY, dt.time(), country.zone)


def _submitted(country: Country, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    start, end = _bounds(country, first, last)
    rows = Case.objects.filter(country=country, submitted_at__gte=start, submitted_at__lt=end)
    days = rows.annotate(day=TruncDate("submitted_at", tzinfo=country.zone)).values("day").order_by("day")
    return dict(days.annotate(number=Count("pk")).values_list("day", "number"))


def _civilian(country: Country, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    start, end = _bounds(country, first, last)
    rows = Move.objects.filter(case__country=country, to_status="civilian", at__gte=start, at__lt=end)
    rows = rows.exclude(from_status="civilian").exclude(code=IMPORT)
    days = rows.annotate(day=TruncDate("at", tzinfo=country.zone)).values("day").order_by("day")
    found = Counter(dict(days.annotate(number=Count("pk")).values_list("day", "number")))
    past = ImportedCase.objects.filter(
        case__country=country, case__status="civilian", ended_on__gte=first, ended_on__lte=last
    )
    return found + Counter(day for day in past.values_list("ended_on", flat=True) if day)


def _withdrawn(country: Country, first: dt.date, last: dt.date, code: str) -> Counter[dt.date]:
    """Requests withdrawn for this reason, by the day; drafts that OCHA never saw do not count."""
    start, end = _bounds(country, first, last)
    rows = Move.objects.filter(
        case__country=country, case__submitted_at__isnull=False, reason_code=code, at__gte=start, at__lt=end
    )
    days = rows.annotate(day=TruncDate("at", tzinfo=country.zone)).values("day").order_by("day")
    return Counter(dict(days.annotate(number=Count("pk")).values_list("day", "number")))


def _patrolled(country: Country, first: dt.date, last: dt.date) -> Counter[dt.date]:
    """Escorts withdrawn because a patrol solved it, and patrols that were asked for and done: each way once.

    A patrol counts on the day of its first log that stands, unless the escort in its place counts already.
    """
    counted = Move.objects.filter(reason_code=Move.ReasonCode.PATROL, case__submitted_at__isnull=False)
    rows = Case.objects.filter(country=country, request_type=RequestType.PATROL, patrols__day__range=(first, last))
    rows = rows.exclude(instead_of__isnull=False, instead_of__in=counted.values("case")).distinct()
    logs = PatrolLog.objects.select_related("on_behalf")
    done = [patrols.done(case.patrols.all()) for case in rows.prefetch_related(Prefetch("patrols", logs))]
    days = Counter(min(log.day for log in logged) for logged in done if logged)
    days = Counter({day: number for day, number in days.items() if first <= day <= last})
    return _withdrawn(country, first, last, Move.ReasonCode.PATROL) + days


def _decided(country: Country, first: dt.date, last: dt.date) -> dict[dt.date, list[int]]:
    """Minutes from submission to decision, by the day of the decision."""
    start, end = _bounds(country, first, last)
    rows = Decision.objects.filter(
        country=country, kind=Decision.Kind.REQUEST, decided_at__gte=start, decided_at__lt=end
    ).order_by("id")
    found: dict[dt.date, list[int]] = {}
    for decided_at, submitted_at in rows.values_list("decided_at", "case__submitted_at"):
        if submitted_at is not None:
            minutes = max(0, int((decided_at - submitted_at).total_seconds() // 60))
            found.setdefault(decided_at.astimezone(country.zone).date(), []).append(minutes)
    return found


def _rolling(country: Country, days: list[dt.date]) -> list[DailyFigure]:
    """What the daily rows amount to over the 90 days that end on each of these days."""
    known: dict[str, dict[dt.date, DailyFigure]] = {figure: {} for figure in (SUBMITTED, DECIDED, *WAYS)}
    for row in DailyFigure.objects.filter(
        country=country, figure__in=known, day__gt=days[0] - PERIOD, day__lte=days[-1]
    ):
        known[row.figure][row.day] = row
    rows = []
    for day in days:
        window = [day - n * DAY for n in range(PERIOD.days)]
        submitted, *ways = (
            sum(known[figure][each].count for each in window if each in known[figure]) for figure in (SUBMITTED, *WAYS)
        )
        took = [minutes for each in window if each in known[DECIDED] for minutes in known[DECIDED][each].minutes]
        share = round(100 * sum(ways) / submitted) if submitted else 0
        rows += [
            DailyFigure(country=country, day=day, figure=MEDIAN_90, count=int(median(took)) if took else 0),
            DailyFigure(country=country, day=day, figure=DECIDED_90, count=len(took)),
            DailyFigure(country=country, day=day, figure=SHARE_90, count=share, minutes=[sum(ways), submitted]),
            DailyFigure(country=country, day=day, figure=WAYS_90, count=sum(ways), minutes=ways),
        ]
    return rows


def _write(rows: list[DailyFigure]) -> None:
    DailyFigure.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["country", "figure", "day"],
        update_fields=["count", "minutes"],
    )
