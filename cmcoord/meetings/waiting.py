"""What of meetings waits on somebody's first page: points, minutes to sign, what went upwards?

The first page asks many tables already: all of this comes in one query, each part with the same columns.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation
from cmcoord.accounts.roles import Perm
from cmcoord.activity.statements import Statement
from cmcoord.meetings import chairs, following, points_page, visibility
from cmcoord.meetings.models import ActionPoint, Escalation, InternalPoint, Meeting, Minutes, Signature
from cmcoord.meetings.models.points import Status
from contacts import keepers
from contacts.models import Body, Post, Sitting

SHOWN, COUNTED = 8, 100
SOON = dt.timedelta(days=7)
PACE = dt.timedelta(minutes=5)  # a meeting that ended since then is asked to be signed a little later
EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
NAMES = {"name_en": "body__name_en", "name_fr": "body__name_fr"}
NO_DAY, NO_MOMENT = Cast(Value(None), DateField()), Cast(Value(None), DateTimeField())


@dataclass(frozen=True)
class Row:
    """One line: `rank` tells what it is."""

    rank: int
    key: str
    reference: str
    words: str
    more: str
    status: str
    priority: str
    owner: str
    function: str
    name_en: str
    name_fr: str
    day: dt.date | None
    at: dt.datetime | None

    @property
    def body(self) -> Body:
        """For its name alone."""
        return Body(name_en=self.name_en, name_fr=self.name_fr)

    @property
    def url(self) -> str:
        """Where it is read, and where it is answered."""
        name = {ESCALATION: "escalation", MINUTES: "minutes", MEETING: "meeting"}[self.rank]
        return reverse(f"meetings:{name}", args=[self.key if self.rank == ESCALATION else uuid.UUID(self.key)])


ESCALATION, MINUTES, MEETING, POINT, INTERNAL = range(5)


@dataclass
class Waiting:
    """Empty parts are left out by the page."""

    points: list[points_page.Line] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    minutes: list[Row] = field(default_factory=list)
    meeting: Row | None = None
    more: int = 0

    @property
    def count(self) -> int:
        """How many matters: a meeting to come is none."""
        return len(self.points) + self.more + len(self.escalations) + len(self.minutes)

    def __bool__(self) -> bool:
        return bool(self.count or self.meeting)


def waiting_for(user) -> Waiting:
    """One query; none for somebody who is appointed nowhere."""
    countries = {held.country_id: held.country for held in scope.appointments(user) if held.country_id}
    if not countries:
        return Waiting()
    today, now = min(country.today for country in countries.values()), timezone.now()
    asked = _asked(Reader(user.pk, _rights_of(user), today, now - (now - EPOCH) % PACE, user))
    rows = [Row(*row) for row in asked()]
    lines = [_line(row, today) for row in rows if row.rank in (POINT, INTERNAL)]
    lines.sort(key=lambda line: (line.point.due, line.point.reference))
    return Waiting(
        lines[:SHOWN],
        [row for row in rows if row.rank == ESCALATION],
        [row for row in rows if row.rank == MINUTES],
        next((row for row in rows if row.rank == MEETING), None),
        max(0, len(lines) - SHOWN),
    )


@dataclass(frozen=True)
class Reader:
    """For whom the query is written, with everything of theirs that stands in it, and for which minutes."""

    pk: int
    rights: tuple[Any, ...]
    today: dt.date
    now: dt.datetime
    user: Any = field(compare=False)


def _rights_of(user) -> tuple[Any, ...]:
    held = tuple((row.pk, row.role, row.country_id, row.station_id) for row in scope.appointments(user))
    return (user.side, user.organisation_id, *held, *map(repr, scope.grants(user)))


@lru_cache(maxsize=512)
def _asked(reader: Reader) -> Statement:
    """The whole question, written once for each reader and PACE: to write it takes longer than to ask it."""

    def build() -> QuerySet[Any, Any]:
        first, *others = _parts(reader.user, reader.today, reader.now)
        return first.union(*others, all=True).order_by("_rank", "_day", "_reference")[:COUNTED]

    return Statement(build)


def _parts(user, today: dt.date, now: dt.datetime) -> Iterator[QuerySet[Any, Any]]:
    chaired = chairs.chaired_by(user)
    yield _meeting(user, chaired, now)
    yield _minutes(chaired, now)
    for rank, model in ((POINT, ActionPoint), (INTERNAL, InternalPoint)):
        if model in points_page.kinds_for(user):
            yield _points(user, chaired, rank, model, today)
    above = [
        grant.country
        for grant in scope.grants(user)
        if grant.perm in (Perm.DECIDE_CASE, Perm.SEE_STATISTICS) and grant.delegation_id is None and grant.country
    ]
    if above and keepers.is_inside(user):
        yield _escalations(above)


def _points(user, chaired, rank: int, model, today: dt.date) -> QuerySet[Any, Any]:
    """One's own that are late or soon due; of the bodies one leads what is late, or waits for a check."""
    own = following.mine(user) & Q(due__lte=today + SOON) & ~Q(status=Status.REPORTED)
    led = chairs.leading(user, chaired, "body__") & (Q(due__lt=today) | Q(status=Status.REPORTED))
    rows = points_page.seen(user, model).going_on().filter(own | led).order_by()
    owner = Coalesce(_filled("owner_organisation__acronym"), "owner_organisation__name")
    function = Coalesce("owner_post__function", Value(""))
    return _columns(
        rows, rank, key="reference", reference="reference", words="words", status="status", priority="priority",
        owner=owner, function=function, day="due",
    )  # fmt: skip


def _meeting(user, chaired, now: dt.datetime) -> QuerySet[Any, Any]:
    """The next one of the bodies that this person leads, or in which their organisation sits."""
    sits = Sitting.objects.filter(organisation=user.organisation_id, ends=None, seat__closed_at=None).order_by()
    near = chairs.leading(user, chaired) | Q(pk__in=sits.values("seat__body"))
    bodies = visibility.bodies_met_by(user).filter(near).order_by()
    first = Meeting.objects.ahead(now).filter(body__in=bodies).order_by("starts", "id").values("pk")[:1]
    return _columns(
        Meeting.objects.filter(pk__in=first).order_by(), MEETING, key=Cast("uid", CharField()), words="place",
        more="zone", at="starts",
    )  # fmt: skip


def _minutes(chaired, now: dt.datetime) -> QuerySet[Any, Any]:
    """The texts of meetings held that this person's chair seat has not signed as they are now."""
    chaired = chaired.order_by()
    signed = Signature.objects.filter(
        minutes=OuterRef("pk"), digest=OuterRef("digest"), addendum=None, seat__in=chaired.values("seat")
    )
    rows = Minutes.objects.open().filter(~Exists(signed), meeting__body__in=chaired.values("seat__body"))
    rows = rows.filter(meeting__stage=Meeting.Stage.HELD, meeting__ends__lt=now).order_by()
    names = {f"name_{code}": f"meeting__body__name_{code}" for code in ("en", "fr")}
    return _columns(
        rows, MINUTES, key=Cast("meeting__uid", CharField()), more="meeting__zone", at="meeting__starts", **names
    )


def _escalations(countries: list[str]) -> QuerySet[Any, Any]:
    """What was put to the strategic level and has no answer: for the Coordinator, and who follows the figures."""
    return _columns(
        Escalation.objects.open().filter(body__country__in=countries).order_by(), ESCALATION,
        key=Cast("pk", CharField()), words=Coalesce("point__words", "internal_point__words"), more="why", at="at",
        reference=Coalesce("point__reference", "internal_point__reference"),
    )  # fmt: skip


def _filled(column: str):
    """Nothing where a text is empty."""
    return NullIf(column, Value(""))


def _columns(rows: QuerySet[Any, Any], rank: int, **given: Any) -> QuerySet[Any, Any]:
    """These columns in the order of Row; what a part does not have is empty."""
    texts = ("reference", "words", "more", "status", "priority", "owner", "function")
    wanted = {"rank": Value(rank, IntegerField()), "day": NO_DAY, "at": NO_MOMENT, **NAMES}
    wanted |= dict.fromkeys(texts, Value("")) | given
    columns = {
        f"_{field.name}": F(what) if isinstance(what := wanted[field.name], str) else what for field in fields(Row)
    }
    return rows.annotate(**columns).values_list(*columns)


def _line(row: Row, today: dt.date) -> points_page.Line:
    """A point for printing alone."""
    model = InternalPoint if row.rank == INTERNAL else ActionPoint
    point = model(
        reference=row.reference, words=row.words, due=row.day or today, status=row.status,
        priority=row.priority, body=row.body,
        owner_organisation=Organisation(acronym=row.owner),
        owner_post=Post(function=row.function) if row.function else None,
    )  # fmt: skip
    return points_page.line_of(point, today)
