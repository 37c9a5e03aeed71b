"""Everything that hangs on one case, read in one query, whatever the number of rows.

The page of a case needs some twenty kinds of rows. Each becomes one branch of a UNION and comes as JSON; `read` makes
instances of them and puts them where prefetch_related would: guards, clocks and templates then ask at no query.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from weakref import WeakSet

from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.statements import Statement
from cmcoord.places.models import AxisPlace, Clock, Holiday
from contacts.models import ForceStatus, StatusAnswer
from requests_app import facts, provider
from requests_app.models import (
    AccessIncident,
    Acknowledgement,
    Addressed,
    AfterAction,
    Agreement,
    AlarmAnswer,
    Alternative,
    Assessment,
    Call,
    Case,
    CaseFile,
    CaseUserPermission,
    Classification,
    Comment,
    Confirmation,
    Consultation,
    Decision,
    DecisionDraft,
    ExecutionSheet,
    ExtensionRequest,
    Extract,
    ForceReply,
    Move,
    OnBehalf,
    Opinion,
    Participation,
    PatrolFeedback,
    PatrolLog,
    Receipt,
    RotationLog,
    RuleReading,
    WrittenConfirmation,
)

PERSON = ("id", "name", "function_title")
NAMED = ("id", "name")
WHOLE = ()  # every column


@dataclass(frozen=True)
class Part:
    """One kind of row: the relation of Case that it fills, its model, and what is named beside it."""

    name: str
    model: type[models.Model]
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ("id",)


AFTER, SHEET, INCIDENT = "after_action", "sheet", "incident"
ONE = (AFTER, SHEET, INCIDENT)  # of these a case has one row, or none
SIGNED = {"by": PERSON, "acting_for": PERSON}
LIMITED = {"force": WHOLE, "axis": NAMED, "area": NAMED}

OF_CASE: tuple[Part, ...] = (
    Part("records_on_behalf", OnBehalf, {"person": PERSON, "recorded_by": PERSON}),
    Part("confirmations", Confirmation, {"recorded_by": PERSON}),
    Part(
        "participations",
        Participation,
        {"organisation": (*NAMED, "acronym", "org_type"), "focal_post": ("id", "function")},
    ),
    Part("consultations", Consultation),
    Part("alternatives", Alternative),
    Part("classifications", Classification),
    Part("files", CaseFile, {"uploaded_by": PERSON, "withdrawn_by": PERSON}),
    Part("moves", Move, SIGNED),
    Part("opinions", Opinion, SIGNED),
    Part("comments", Comment, {"by": PERSON}),
    Part("assessments", Assessment, {"by": PERSON}),
    Part("readings", RuleReading),
    Part("drafts", DecisionDraft, {"by": PERSON, **LIMITED}),
    Part("decisions", Decision, {"decided_by": PERSON, "acting_for": PERSON, **LIMITED}),
    Part("written_confirmations", WrittenConfirmation, SIGNED),
    Part("extension_requests", ExtensionRequest, {"asked_by": PERSON}),
    Part("extracts", Extract, {"organisation": (*NAMED, "acronym"), "sent_by": PERSON}),
    Part("replies", ForceReply, {**SIGNED, "other_force": WHOLE, "other_axis": NAMED}),
    Part("agreements", Agreement, SIGNED),
    Part("patrols", PatrolLog, SIGNED, ("day", "id")),
    Part("patrol_feedback", PatrolFeedback, SIGNED),
    Part("addressed", Addressed, {"addressee": ("id", "function", "telephone")}, ("place", "id")),
    Part("receipts", Receipt, {"by": PERSON}),
    Part("calls", Call, {"by": PERSON}),
    Part("alarm_answers", AlarmAnswer, {"by": PERSON}),
    Part("rotation_logs", RotationLog, {"by": PERSON}, ("number", "id")),
    Part(AFTER, AfterAction, {"by": PERSON}),
    Part(SHEET, ExecutionSheet, {"updated_by": PERSON}),
    Part(INCIDENT, AccessIncident),
)
BESIDE_CASE: tuple[Part, ...] = (
    Part("acknowledgements", Acknowledgement, {"by": PERSON}),
    Part("shares", CaseUserPermission, {"user": PERSON}),
    Part("before", Decision, {"case": ("id", "reference"), "decided_by": PERSON}),
    Part("stops", AxisPlace),
    Part("statuses", ForceStatus, {"area": ("id", "valid_to")}),
    Part("status_answers", StatusAnswer),
)
# What the case itself points to.
NAMES_OF_CASE = Part(
    "names",
    Case,
    {
        "country": WHOLE,
        "profile": WHOLE,
        "station": WHOLE,
        "origin_station": WHOLE,
        "destination_station": WHOLE,
        "organisation": WHOLE,
        "created_by": (*PERSON, "organisation_id", "telephone"),
        "force": WHOLE,
        "origin": WHOLE,
        "destination": WHOLE,
        "axis": WHOLE,
        "area": WHOLE,
    },
)
PARTS = {part.name: part for part in (*OF_CASE, *BESIDE_CASE)}
LAST_DECISIONS = 3


@dataclass
class Dossier:
    """What was read beside the relations of the case."""

    shared_with: list[User]
    before: list[Decision]
    minutes: dict[str, int]
    holidays: frozenset[dt.date]


def read(case: Case) -> Dossier:
    """Fill the relations of this case and return what stands beside it. One query."""
    found: dict[str, list] = {name: [] for name in PARTS}
    minutes, holidays = {}, set()
    beside: dict[str, list[dict[str, Any]]] = {facts.POSITIONS: [], facts.ESCORTS: []}
    for name, values in _rows(case):
        if name == NAMES_OF_CASE.name:
            _place_beside(case, NAMES_OF_CASE, values)
        elif name == "clocks":
            minutes[values["step"]] = values["minutes"]
        elif name == "holidays":
            holidays.add(dt.date.fromisoformat(values["date"]))
        elif name in beside:
            beside[name].append(values)
        else:
            found[name].append(_instance(PARTS[name], values))
    for part in OF_CASE:
        rows = sorted(found[part.name], key=attrgetter(*part.order))
        for row in rows:
            row.case = case
        if part.name not in ONE:
            attach(case, part.name, rows)
    for station in filter(None, (case.station, case.origin_station, case.destination_station)):
        station.country = case.country
    _link(case, found)
    facts.remember(
        case,
        facts.Beside(
            positions=facts.positions_of(beside[facts.POSITIONS]),
            escorts=facts.escorts_of(beside[facts.ESCORTS]),
            review=max(found["assessments"], key=attrgetter("pk"), default=None),
            stops=frozenset(row.place_id for row in found["stops"]),
            criticality=next((row.programme_criticality for row in found[SHEET]), ""),
        ),
    )
    _rate(case, found)
    return Dossier(
        shared_with=[row.user for row in found["shares"]],
        before=sorted(found["before"], key=lambda row: row.decided_at, reverse=True),
        minutes=minutes,
        holidays=frozenset(holidays),
    )


def _rows(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    pace = "urgent" if case.is_urgent else "routine"
    values = (case.pk, case.profile_id, case.axis_id or 0, case.country_id, case.request_type, pace)
    for name, text in _planned(values) if connection.vendor == "postgresql" else _everything(*values):
        yield name, _loaded(text)


PLAN = "case_dossier"
_planning: WeakSet = WeakSet()  # connections that hold the plan already


def _planned(values: tuple) -> list[tuple]:
    """PostgreSQL needs longer to plan twenty branches than to read them: each connection plans once."""
    with connection.cursor() as cursor:
        session = connection.connection
        if session not in _planning:
            _plan(session)
            _planning.add(session)
        cursor.execute(f"EXECUTE {PLAN} ({', '.join(['%s'] * len(values))})", values)
        return cursor.fetchall()


def _plan(session) -> None:
    statement = _everything.written
    with session.cursor() as cursor:
        written = [
            f"${statement.places[param] + 1}" if param in statement.places else cursor.mogrify("%s", [param]).decode()
            for param in statement.params
        ]
        cursor.execute(f"PREPARE {PLAN} AS {statement.sql % tuple(written)}")


def _union(case: int, profile: int, axis: int, country: str, request_type: str, pace: str) -> models.QuerySet:
    last = Decision.objects.filter(axis=axis, country=country, kind=Decision.Kind.REQUEST)
    last = last.exclude(case__sensitivity=Sensitivity.STRICT)
    newest = last.exclude(case=case).order_by("-decided_at").values("pk")[:LAST_DECISIONS]
    clocks = Clock.objects.filter(profile=profile, request_type=request_type, pace=pace)
    named: Any = Q(force__in=Case.objects.filter(pk=case).values("force"))
    for model in (Decision, DecisionDraft):
        named |= Q(force__in=model.objects.filter(case=case).values("force"))
    rated = ForceStatus.objects.filter(named)
    branches = [_as_json(part, part.model._default_manager.filter(case=case)) for part in OF_CASE]
    branches += [
        _as_json(PARTS["acknowledgements"], Acknowledgement.objects.filter(extract__case=case)),
        _as_json(PARTS["shares"], CaseUserPermission.objects.filter(content_object=case)),
        _as_json(PARTS["stops"], AxisPlace.objects.filter(axis=axis)),
        _as_json(PARTS["statuses"], rated),
        _as_json(PARTS["status_answers"], StatusAnswer.objects.filter(status__in=rated.values("pk"))),
        _as_json(PARTS["before"], Decision.objects.filter(pk__in=newest)),
        *facts.branches(case, axis, country),
        Case.objects.filter(pk=case)
        .order_by()
        .values_list(Value(NAMES_OF_CASE.name), JSONObject(**_beside(NAMES_OF_CASE))),
        clocks.values_list(Value("clocks"), JSONObject(step=F("step"), minutes=F("minutes"))),
        Holiday.objects.filter(country=country).order_by().values_list(Value("holidays"), JSONObject(date=F("date"))),
    ]
    return branches[0].union(*branches[1:], all=True)


_everything = Statement(_union, int, int, int, str, str, str)


def _as_json(part: Part, rows: models.QuerySet) -> models.QuerySet:
    columns: dict[str, Any] = {each.attname: F(each.attname) for each in part.model._meta.concrete_fields}
    columns |= _beside(part)
    return rows.order_by().values_list(Value(part.name), JSONObject(**columns))


def _beside(part: Part) -> dict[str, JSONObject]:
    return {
        name: JSONObject(**{column.attname: F(f"{name}__{column.attname}") for column in _columns(part, name)})
        for name in part.beside
    }


def _columns(part: Part, name: str) -> list[models.Field]:
    """The columns that are read of what stands beside a row: the ones named, or all of them."""
    model: Any = part.model._meta.get_field(name).related_model
    wanted = part.beside[name]
    return [column for column in model._meta.concrete_fields if not wanted or column.attname in wanted]


def _instance(part: Part, values: dict[str, Any]) -> models.Model:
    """The row as Django would have read it, with the people and places beside it."""
    fields = part.model._meta.concrete_fields
    row = part.model.from_db(
        connection.alias, [each.attname for each in fields], [_value(each, values[each.attname]) for each in fields]
    )
    _place_beside(row, part, values)
    return row


def _place_beside(row: models.Model, part: Part, values: dict[str, Any]) -> None:
    for name in part.beside:
        there, columns = _loaded(values[name]), _columns(part, name)
        model: Any = part.model._meta.get_field(name).related_model
        known = there and there[model._meta.pk.attname] is not None
        setattr(
            row, name, model(**{each.attname: _value(each, there[each.attname]) for each in columns}) if known else None
        )


def _value(column: models.Field, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column, models.JSONField):
        return _loaded(value)
    if isinstance(column, models.ForeignKey):
        return value
    if isinstance(column, models.DateTimeField):
        moment = column.to_python(value)
        return timezone.make_aware(moment, dt.UTC) if timezone.is_naive(moment) else moment
    return column.to_python(value)


def _loaded(value: Any) -> Any:
    """SQLite hands JSON inside JSON over as text, PostgreSQL as what it means."""
    return json.loads(value) if isinstance(value, str) else value


def attach(owner: models.Model, name: str, rows: list) -> None:
    """As prefetch_related would: owner.<name>.all() answers these rows."""
    filled = getattr(owner, name).all()
    filled._result_cache, filled._prefetch_done = rows, True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = filled


def _rate(case: Case, found: dict[str, list]) -> None:
    """What the register says of each force that is asked for, drafted or decided, as provider.stop wants it."""
    answered = {row.status_id: row for row in found["status_answers"]}
    forces = {case.force_id, *(row.force_id for name in ("decisions", "drafts") for row in found[name])} - {None}
    rated: dict[int, list[ForceStatus]] = {force: [] for force in forces}
    for row in found["statuses"]:
        row._state.fields_cache["answer"] = answered.get(row.pk)
        if row.is_pending or row.is_confirmed:
            rated[row.force_id].append(row)
    provider.remember(case, rated)


def _link(case: Case, found: dict[str, list]) -> None:
    """What the rows say of each other: recorded for whom, acknowledged by whom, answered by which."""
    records = {row.pk: row for row in found["records_on_behalf"]}
    for name in (
        "moves",
        "opinions",
        "decisions",
        "replies",
        "agreements",
        "patrols",
        "patrol_feedback",
        "rotation_logs",
        "acknowledgements",
        "receipts",
    ):
        for row in found[name]:
            row.on_behalf = records.get(row.on_behalf_id)
    received = {row.extract_id: row for row in found["acknowledgements"]}
    for extract in found["extracts"]:
        extract._state.fields_cache["acknowledgement"] = received.get(extract.pk)
    agreed = {row.reply_id: row for row in found["agreements"]}
    for reply in found["replies"]:
        reply._state.fields_cache["agreement"] = agreed.get(reply.pk)
    decisions = {row.pk: row for row in found["decisions"]}
    for asked in found["extension_requests"]:
        asked.decision = decisions.get(asked.decision_id)
    comments = {row.pk: row for row in found["comments"]}
    for comment in found["comments"]:
        comment.answers = comments.get(comment.answers_id)
    for name in ONE:
        case._state.fields_cache[name] = next(iter(found[name]), None)
    if case.decision_id:
        case.decision = decisions[case.decision_id]
