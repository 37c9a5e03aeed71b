"""What of meetings waits on somebody's first page: points, minutes to sign, what went upwards?

The first page asks many tables already: all of this comes in one query, each part with the same columns.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts import scope
from cmcoord.accounts.kept import once_for_reader
from cmcoord.accounts.models import Organisation
from cmcoord.accounts.roles import Perm
from cmcoord.activity.statements import Statement, named
from cmcoord.meetings import chairs, following, points_page, visibility
from cmcoord.meetings.models import (
    ActionPoint,
    Escalation,
    InternalPoint,
    LiaisonContact,
    Meeting,
    Minutes,
    Signature,
)
from cmcoord.meetings.models.points import Status
from contacts import keepers
from contacts.models import Body, Post, Sitting
from requests_app.models import AccessIncident

SHOWN, COUNTED = 8, 100
SOON = dt.timedelta(days=7)
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
        name = {ESCALATION: "escalation", MINUTES: "minutes", MEETING: "meeting", FOLLOW_UP: "settle"}[self.rank]
        return reverse(f"meetings:{name}", args=[uuid.UUID(self.key) if self.rank in (MINUTES, MEETING) else self.key])

    @property
    def said(self) -> str:
        """Its words; of an incident, which is written down by its code, what that code means."""
        return str(dict(AccessIncident.Kind.choices).get(self.words, self.words))


ESCALATION, MINUTES, MEETING, POINT, INTERNAL, FOLLOW_UP = range(6)


@dataclass
class Waiting:
    """Empty parts are left out by the page."""

    points: list[points_page.Line] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    minutes: list[Row] = field(default_factory=list)
    meeting: Row | None = None
    more: int = 0
    follow_ups: list[Row] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many matters: a meeting to come is none."""
        return len(self.points) + self.more + len(self.escalations) + len(self.minutes) + len(self.follow_ups)

    def __bool__(self) -> bool:
        return bool(self.count or self.meeting)


def waiting_for(user) -> Waiting:
    """One query; none for somebody who is appointed nowhere."""
    countries = {held.country_id: held.country for held in scope.appointments(user) if held.country_id}
    if not countries:
        return Waiting()
    today, now = min(country.today for country in countries.values()), timezone.now()
    rows = [Row(*row) for row in _asked(user)(today, today + SOON, now)]
    points = sorted((row for row in rows if row.rank in (POINT, INTERNAL)), key=lambda row: (row.day, row.reference))
    return Waiting(
        [_line(row, today) for row in points[:SHOWN]],
        [row for row in rows if row.rank == ESCALATION],
        [row for row in rows if row.rank == MINUTES],
        next((row for row in rows if row.rank == MEETING), None),
        max(0, len(points) - SHOWN),
        [row for row in rows if row.rank == FOLLOW_UP],
    )


@once_for_reader
def _asked(user) -> Statement:
    """The whole question, written once for each person: to write it takes longer than to ask it."""

    def build(today: dt.date, soon: dt.date, now: dt.datetime) -> QuerySet[Any, Any]:
        first, *others = _parts(user, today, soon, now)
        return first.union(*others, all=True).order_by("_rank", "_day", "_reference")[:COUNTED]

    return Statement(build, dt.date, dt.date, dt.datetime, every=False, beside=_beside(user))


POSTS, MET, NOTED, LED = (named(name, "key") for name in ("posts", "met", "noted", "led"))
SEATS, CHAIRED = named("chaired", "seat"), named("chaired", "key")


def _beside(user) -> dict[str, QuerySet[Any, Any]]:
    """What several parts ask: one's posts, the bodies one meets, those whose notes one reads, chairs and leads."""
    chaired = chairs.chaired_by(user, posts=POSTS, met=MET).order_by()
    found = {
        "posts": chairs.posts_of(user).values(key=F("post")),
        "met": visibility.bodies_met_by(user).order_by().values(key=F("pk")),
        "chaired": chaired.values("seat", key=F("seat__body")),
        "led": Body.objects.filter(Q(pk__in=CHAIRED) | keepers.bodies_kept_where(user)).order_by().values(key=F("pk")),
    }
    if keepers.is_inside(user):
        found["noted"] = visibility.bodies_noted_by(user).order_by().values(key=F("pk"))
    return found


def _parts(user, today: dt.date, soon: dt.date, now: dt.datetime) -> Iterator[QuerySet[Any, Any]]:
    yield _meeting(user, now)
    yield _minutes(now)
    for rank, model in ((POINT, ActionPoint), (INTERNAL, InternalPoint)):
        if model in points_page.kinds_for(user):
            yield _points(user, rank, model, today, soon)
    if keepers.is_inside(user):
        yield _follow_ups(user, today)
    above = [
        grant.country
        for grant in scope.grants(user)
        if grant.perm in (Perm.DECIDE_CASE, Perm.SEE_STATISTICS) and grant.delegation_id is None and grant.country
    ]
    if above and keepers.is_inside(user):
        yield _escalations(above)


def _points(user, rank: int, model, today: dt.date, soon: dt.date) -> QuerySet[Any, Any]:
    """One's own that are late or soon due; of the bodies one leads what is late, or waits for a check."""
    own = following.mine(user, POSTS) & Q(due__lte=soon) & ~Q(status=Status.REPORTED)
    led = Q(body__in=LED) & (Q(due__lt=today) | Q(status=Status.REPORTED))
    seen = model._default_manager.filter(body__in=NOTED if model is InternalPoint else MET)
    rows = seen.going_on().filter(own | led).order_by()
    owner = Coalesce(_filled("owner_organisation__acronym"), "owner_organisation__name")
    function = Coalesce("owner_post__function", Value(""))
    return _columns(
        rows, rank, key="reference", reference="reference", words="words", status="status", priority="priority",
        owner=owner, function=function, day="due",
    )  # fmt: skip


def _meeting(user, now: dt.datetime) -> QuerySet[Any, Any]:
    """The next one of the bodies that this person leads, or in which their organisation sits."""
    sits = Sitting.objects.filter(organisation=user.organisation_id, ends=None, seat__closed_at=None).order_by()
    near = Q(pk__in=LED) | Q(pk__in=sits.values("seat__body"))
    bodies = Body.objects.filter(near, pk__in=MET).order_by()
    first = Meeting.objects.ahead(now).filter(body__in=bodies).order_by("starts", "id").values("pk")[:1]
    return _columns(
        Meeting.objects.filter(pk__in=first).order_by(), MEETING, key=Cast("uid", CharField()), words="place",
        more="zone", at="starts",
    )  # fmt: skip


def _minutes(now: dt.datetime) -> QuerySet[Any, Any]:
    """The texts of meetings held that this person's chair seat has not signed as they are now."""
    signed = Signature.objects.filter(minutes=OuterRef("pk"), digest=OuterRef("digest"), addendum=None, seat__in=SEATS)
    rows = Minutes.objects.open().filter(~Exists(signed), meeting__body__in=CHAIRED)
    rows = rows.filter(meeting__stage=Meeting.Stage.HELD, meeting__ends__lt=now).order_by()
    names = {f"name_{code}": f"meeting__body__name_{code}" for code in ("en", "fr")}
    return _columns(
        rows, MINUTES, key=Cast("meeting__uid", CharField()), more="meeting__zone", at="meeting__starts", **names
    )


def _escalations(countries: list[str]) -> QuerySet[Any, Any]:
    """What was put to the strategic level and has no answer: for the Coordinator, and who follows the figures."""
    return _columns(
        Escalation.objects.open().filter(body__country__in=countries).order_by(), ESCALATION,
        key=Cast("pk", CharField()), words=Coalesce("point__words", "internal_point__words", "incident__kind"),
        more="why", at="at", reference=Coalesce("point__reference", "internal_point__reference", Value("")),
    )  # fmt: skip


def _follow_ups(user, today: dt.date) -> QuerySet[Any, Any]:
    """What was to follow contacts that this person wrote down, by a day that is over."""
    rows = LiaisonContact.objects.filter(by=user, body__in=NOTED).overdue(today).order_by()
    return _columns(
        rows, FOLLOW_UP, key=Cast("pk", CharField()), words="follow_up", more="subject", day="follow_up_due"
    )


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
