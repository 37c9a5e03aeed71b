"""What waits for this person? Derived from rights and state whenever it is asked, never stored.

Each group names one thing that is expected; its requests are a part of what visibility.branches lets the person see.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts import scope
from cmcoord.accounts.kept import once_for_reader
from cmcoord.accounts.models import Appointment
from cmcoord.accounts.roles import STATION_ROLES, Perm, Role
from cmcoord.activity.statements import Written, blanks, write
from requests_app import listed
from requests_app.deadlines import SHEET_IN
from requests_app.models import (
    Agreement,
    Case,
    Comment,
    Consultation,
    ExecutionSheet,
    ExtensionRequest,
    ForceReply,
    OnBehalf,
    Opinion,
    TeamConsultation,
    TeamSeat,
)
from requests_app.models.process import FILING, ORAL
from requests_app.models.terms import ENDED, OPEN, RESCUES, UNDECIDED, RequestType
from requests_app.transmission import PROPOSED
from requests_app.visibility import delegated, filing_grants, is_humanitarian, near

ADVISED_IN = UNDECIDED
RESCUED_IN = ("submitted", "reviewing", "clearing")  # where the urgent procedure is decided before it was forwarded
AT_STATION = ("submitted", "reviewing")
WITH_OCHA = ("approved", "declined", "accepted", "limited", "countered")
ASKED_BACK = tuple(status for status in OPEN if status != "draft")
EXTENDABLE = (*WITH_OCHA, "transmitted", "acknowledged", "scheduled", "underway")
REPORTED = ("completed", "aborted", "reporting")
SOON = timedelta(days=1)
COUNTED = 100  # shown as "99+"
# Added to what Django compiled, since it is the same for every group.
MOST_PRESSING = "CASE WHEN urgency = 'routine' THEN 1 ELSE 0 END, due_at NULLS LAST, pk"

# code → what the page calls the group, in the order in which the page shows them
TITLES: dict[str, str | Promise] = {
    "decide": _("To decide"),
    "write": _("Decided by word of mouth: to confirm in writing"),
    "extension": _("Extensions to decide"),
    "confirm": _("To confirm: recorded for you"),
    "position": _("Your position is asked"),
    "return": _("Returned to you with a question"),
    "question": _("Questions from the Humanitarian Coordinator"),
    "team_question": _("Questions of the country team"),
    "clear": _("To clear"),
    "review": _("To review"),
    "advise": _("Your opinion is asked"),
    "unconfirmed": _("Not confirmed yet by the organisation"),
    "transmit": _("To transmit"),
    "weigh": _("Proposed by the force: to weigh"),
    "schedule": _("Answered by the force: to schedule or settle"),
    "agree": _("Proposed by the force: yours to answer"),
    "security": _("Your own security decision is missing"),
    "form": _("Full forms to file"),
    "sheet": _("Execution sheets to fill in"),
    "road": _("On the road: to log"),
    "after_action": _("After-actions to file"),
    "draft": _("Drafts to finish"),
    "consulting": _("Before the country team: to follow"),
    "suspended": _("Suspended: to resume or end"),
    "uncovered": _("At stations without an officer"),
    "late": _("Late elsewhere"),
}
# A patrol is neither scheduled nor agreed to: the force plans it (domain.md §3.6).
DECIDED = ~Q(request_type=RequestType.PATROL)
LATE = "late"  # oversight: another person's clock has run out


@dataclass(frozen=True)
class Group:
    """One thing that is expected. Each of `ways` is conditions on Case that hold together; their union is the group."""

    code: str
    ways: tuple[tuple[Q, ...], ...]


def groups(user, now: datetime | None = None, soon: datetime | None = None) -> list[Group]:
    """What this person has to look after now, most pressing kind first; what departs before `soon` is one of it."""
    if not is_humanitarian(user) or not scope.grants(user):
        return []
    now = now or timezone.now()
    moments = now, soon or now + SOON
    found: dict[str, list[tuple[Q, ...]]] = {}
    for source in (_of_decider, _of_team, _of_national_unit, _of_station, _of_bodies, _of_requester, _of_overseer):
        for code, *where in source(user, *moments):
            found.setdefault(code, []).append(tuple(where))
    found["confirm"] = _recorded_for(user)
    return [Group(code, tuple(found[code])) for code in TITLES if code in found]


@dataclass(frozen=True)
class Section:
    """One group with its most pressing requests; `count` is capped at COUNTED, `more` when not all are shown."""

    code: str
    cases: tuple[Case, ...]
    count: int

    @property
    def title(self) -> str:
        return str(TITLES[self.code])

    @property
    def more(self) -> bool:
        return self.count > len(self.cases)


def sections(user, *, size: int = 10, now: datetime | None = None) -> list[Section]:
    """What waits, with names: two queries, and one each for those whose opinion or confirmation is asked."""
    nearest = _nearest(user, size, now or timezone.now())
    shown = {pk for pks, _count in nearest.values() for pk in pks}
    rows = {case.pk: case for case in listed.of_keys(shown)}
    for case in rows.values():  # every group is a part of what this person sees
        case.seen_by = user.pk
    if "advise" in nearest:
        _own_due(user, rows, nearest["advise"][0])
    shown_in = {code: [rows[pk] for pk in pks if pk in rows] for code, (pks, _count) in nearest.items()}
    for code, moment in (("form", "form_due_at"), ("write", "writing_due_at")):
        if code in shown_in:
            shown_in[code] = _with_due(shown_in[code], moment)
    if "confirm" in shown_in:
        shown_in["confirm"] = _with_own_clock(user, shown_in["confirm"])
    return [Section(code, tuple(shown_in[code]), nearest[code][1]) for code in TITLES if code in nearest]


@dataclass(frozen=True)
class Question:
    """One query for all groups of a person: its text, and each part with its code."""

    sql: str
    parts: list[tuple[str, Written]]

    def filled(self, now: datetime) -> list[Any]:
        return [param for code, part in self.parts for param in (code, *part.filled((now, now + SOON)))]


@once_for_reader
def _question(user, size: int) -> Question:
    texts: list[str] = []
    parts: list[tuple[str, Written]] = []
    moments = blanks(datetime, datetime)
    for group in groups(user, *moments):
        for where in group.ways:
            rows = Case.objects.filter(*where).order_by().values("pk", "urgency", "due_at")
            try:
                part = write(rows, moments)
            except EmptyResultSet:
                continue
            some = f"SELECT * FROM ({part.sql} ORDER BY {MOST_PRESSING} LIMIT {COUNTED}) AS nearest"  # noqa: S608  compiled
            numbered = f"SELECT %s AS code, every.*, count(*) OVER () AS number FROM ({some}) AS every"  # noqa: S608
            texts.append(f"SELECT * FROM ({numbered} ORDER BY {MOST_PRESSING} LIMIT {size}) AS piece")  # noqa: S608
            parts.append((group.code, part))
    return Question(" UNION ALL ".join(texts), parts)


def _nearest(user, size: int, now: datetime) -> dict[str, tuple[list[int], int]]:
    """The first keys of each group, urgent ones first, then by what is due first, and its count up to COUNTED."""
    if not is_humanitarian(user):
        return {}
    asked = _question(user, size)
    if not asked.parts:
        return {}
    keys: dict[str, dict[int, tuple]] = {}
    counts: dict[str, list[int]] = {}
    with connection.cursor() as reader:
        reader.execute(asked.sql, asked.filled(now))
        for code, pk, urgency, due, number in reader.fetchall():
            keys.setdefault(code, {})[pk] = (urgency == "routine", due is None, due or 0, pk)
            counts.setdefault(code, []).append(number)
    return {
        code: (sorted(pks, key=pks.__getitem__)[:size], min(COUNTED, max(len(pks), *counts[code])))
        for code, pks in keys.items()
    }


def _own_due(user, rows: dict[int, Case], asked: list[int]) -> None:
    """An adviser's clock is the one of their own body."""
    bodies = {body for body, _country in _bodies(user)}
    waiting = Consultation.objects.filter(case__in=[pk for pk in asked if pk in rows], body__in=bodies)
    for row in waiting.filter(answered_at=None, lapsed_at=None).order_by("-due_at"):
        rows[row.case_id].due_at = row.due_at


def _with_due(cases: list[Case], moment: str) -> list[Case]:
    """What is written afterwards has a clock of its own, beside that of the case."""
    copies = [copy(case) for case in cases]
    for case in copies:
        case.due_at = getattr(case, moment)
    return sorted(copies, key=lambda case: (case.due_at is None, case.due_at))


def _with_own_clock(user, cases: list[Case]) -> list[Case]:
    """A confirmation has a clock of its own, or none: the case's runs on somebody else, or on another step."""
    waiting = OnBehalf.objects.filter(case__in=cases, person=user, confirmed_at=None, disputed_at=None)
    dues: dict[int, datetime] = {}
    for row in waiting.order_by("pk"):
        if row.due_at:
            dues.setdefault(row.case_id, row.due_at)
    copies = [copy(case) for case in cases]
    for case in copies:
        case.due_at = dues.get(case.pk)
    return sorted(copies, key=lambda case: (case.due_at is None, case.due_at))


def _of_decider(user, _now, _soon):
    asked = ExtensionRequest.objects.filter(decision=None).values("case")
    heard = TeamConsultation.objects.filter(ended_at=None).exclude(ready_at=None).values("case")
    own = [(Q(country=code), Q()) for code in sorted(scope.countries_for(user, Perm.DECIDE_CASE))]
    lent = [(delegated(grant), _of_others(user)) for grant in scope.delegated_grants(user)]
    for where, others in own + lent:
        yield "decide", where & Q(status="deciding", forwarded_at__isnull=False), others
        yield "decide", where & Q(status="consulting", pk__in=heard), others
        yield "decide", where & Q(status__in=RESCUED_IN, request_type__in=RESCUES), others
        yield "write", where & Q(writing_due_at__isnull=False)
        yield "extension", where & Q(forwarded_at__isnull=False, status__in=EXTENDABLE), Q(pk__in=asked), others


def _of_team(user, _now, _soon):
    for country, spoken in scope.spoken_for(user, Perm.TAKE_POSITION).items():
        mine = TeamSeat.objects.filter(consultation__ended_at=None, organisation__in=spoken, positions=None)
        asked = mine.exclude(voice=TeamSeat.Voice.REQUESTER).values("consultation")
        yield "position", Q(country=country, status="consulting", consent_partners=True, team_consultation__in=asked)


def _of_national_unit(user, now, _soon):
    for grant in _by_country(user, Perm.CLEAR_CASE):
        here = Q(country=grant.country)
        yield "clear", here & Q(status="clearing"), _of_others(user)
        question = Comment.objects.filter(
            case=OuterRef("pk"), is_question=True, audience=Comment.Audience.DECISION, replies=None
        )
        yield "question", here & Q(status__in=("deciding", "consulting")), Q(Exists(question))
        of_team = Comment.objects.filter(
            case=OuterRef("pk"), is_question=True, audience=Comment.Audience.TEAM, replies=None
        )
        yield "team_question", here & Q(status="consulting"), Q(Exists(of_team))
        yield "consulting", here & Q(status="consulting")
        at_station = here & Q(status__in=(*AT_STATION, *WITH_OCHA))
        yield "uncovered", at_station, _without_officer()
        yield LATE, at_station, Q(due_at__lt=now) & ~_without_officer()


def _of_station(user, _now, _soon):
    stations = scope.stations_for(user, Perm.REVIEW_CASE)
    if not stations:
        return
    here = Q(station__in=stations) if len(stations) > 1 else Q(station=next(iter(stations)))
    yield "review", here & Q(status__in=AT_STATION), _of_others(user)
    yield "unconfirmed", here & Q(status__in=ASKED_BACK), Q(Exists(_unconfirmed()))
    yield "transmit", here & Q(status="approved")
    yield "weigh", here & Q(status__in=PROPOSED) & DECIDED, ~_agreed()
    yield "schedule", here & (Q(status="declined") | Q(status="accepted") & DECIDED)
    yield "schedule", here & Q(status__in=PROPOSED), _agreed()
    yield "suspended", here & Q(status="suspended")


def _bodies(user) -> list[tuple[str, str | None]]:
    """The bodies for which this person speaks, each with its country."""
    bodies = [(f"cluster:{code}", country) for country, code in sorted(scope.clusters_for(user, Perm.ADVISE_CLUSTER))]
    bodies += [("undss", code) for code in sorted(scope.countries_for(user, Perm.ADVISE_UN_SECURITY))]
    return bodies + [("ngo_adviser", code) for code in sorted(scope.countries_for(user, Perm.ADVISE_NGO_SECURITY))]


def _of_bodies(user, _now, _soon):
    for body, country in _bodies(user):
        asked = Q(consultations__body=body, consultations__country=country)
        silent = Q(consultations__answered_at=None, consultations__lapsed_at=None)
        yield "advise", asked & silent & Q(status__in=ADVISED_IN, consent_partners=True)


def _of_requester(user, _now, soon):
    for grant in filing_grants(user):
        own = Q(organisation=grant.organisation_id, country=grant.country) & near(grant)
        yield "return", own & Q(status="returned")
        decided = Opinion.objects.filter(case=OuterRef("pk"), body="own_security")
        yield "security", own & Q(status="approved", un_on_board=False), ~Q(Exists(decided))
        yield "agree", own & Q(status__in=PROPOSED) & DECIDED, ~_agreed()
        whole = ExecutionSheet.objects.filter(case=OuterRef("pk"), is_complete=True)
        yield "sheet", own & Q(status__in=SHEET_IN) & ~Q(request_type__in=RESCUES) & DECIDED, ~Q(Exists(whole))
        opened = ExecutionSheet.objects.filter(case=OuterRef("pk"), is_complete=False, sent_version__gt=0)
        yield "sheet", own & Q(status="scheduled"), Q(Exists(opened))
        yield "form", own & Q(form_due_at__isnull=False) & ~Q(status__in=("draft", *ENDED))
        yield "road", own & DECIDED & (Q(status="underway") | Q(status="scheduled", departure_at__lt=soon))
        yield "after_action", own & Q(status__in=REPORTED)
        yield "draft", own & Q(status="draft", created_by=user)
    if any(grant.perm == Perm.RECORD_FOR_OTHERS for grant in scope.grants(user)):
        yield "draft", Q(created_by=user, status="draft")


def _of_overseer(user, now, _soon):
    """The Head of Office hears of every clock that ran out."""
    for grant in _by_country(user, Perm.SEE_COUNTRY_CASES):
        if grant.role == Role.HEAD_OF_OFFICE:
            yield LATE, Q(country=grant.country, due_at__lt=now, submitted_at__isnull=False), Q(status__in=OPEN)
            yield LATE, Q(country=grant.country, writing_due_at__lt=now)


def _recorded_for(user) -> list[tuple[Q, ...]]:
    rows = OnBehalf.objects.filter(person=user, confirmed_at=None, disputed_at=None).exclude(act__in=ORAL)
    return [(Q(pk__in=rows.values("case")), Case.objects.all().visible_q(user))]


def _unconfirmed():
    """Handed in by OCHA for somebody without an account, who has not confirmed it."""
    return OnBehalf.objects.filter(
        case=OuterRef("pk"), act__in=FILING, person=None, confirmed_at=None, disputed_at=None
    )


def _agreed() -> Q:
    """The requester has said yes to the newest reply of the force."""
    newest = ForceReply.objects.filter(case=OuterRef("case")).order_by("-pk").values("pk")[:1]
    return Q(Exists(Agreement.objects.filter(case=OuterRef("pk"), reply=Subquery(newest))))


def _of_others(user) -> Q:
    """Nobody reviews, clears or decides for their own organisation."""
    return ~Q(organisation=user.organisation_id)


def _without_officer() -> Q:
    """Stations where nobody sits and which no other station covers: the national unit answers there."""
    staffed = Appointment.objects.in_force().filter(role__in=STATION_ROLES, user__is_active=True, station__isnull=False)
    return ~Q(station__in=staffed.values("station")) & ~Q(station__covered_by__in=staffed.values("station"))


def _by_country(user, perm: Perm):
    rows: dict[str, scope.Grant] = {}
    for grant in scope.grants(user):
        if grant.perm == perm and grant.country:
            rows.setdefault(grant.country, grant)
    return rows.values()
