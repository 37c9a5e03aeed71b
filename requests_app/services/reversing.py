"""How does a force file a reverse request, how is a move made on it, and what does the force get as an answer?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import limits, rights, scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.activity import checks, releases
from cmcoord.activity.barrier import Side, Stage, required
from cmcoord.activity.models import Reminder
from cmcoord.activity.services import record
from cmcoord.places.models import Country, DutyStation
from cmcoord.places.working_time import add_working_minutes
from contacts.models import Force
from requests_app import reverse_workflow as workflow
from requests_app.models import (
    AssetWanted,
    Content,
    PurposeKind,
    ReverseAnswer,
    ReverseCondition,
    ReverseMove,
    ReverseRequest,
)
from requests_app.models import ReverseStatus as S
from requests_app.numbering import next_number
from requests_app.reverse_telling import audience, duty_lines
from requests_app.services.made import Refused
from requests_app.transmission import digest

LONGEST = timedelta(days=30)
FARTHEST = timedelta(days=180)
BATCH = 200


# ── filing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_ask(country: Country) -> str:
    """ "" or why no reverse request can be filed in this country."""
    profile = country.profile_on()
    if profile is None or profile.reverse_requests == workflow.OFF:
        return _("In %(country)s a force cannot ask for humanitarian assets. Call OCHA.") % {"country": country.name}
    return ""


def force_of(user: User, country: Country) -> Force | None:
    """The force for which this person asks in a country, if it is there today."""
    held = {grant.organisation_id for grant in scope.grants(user) if grant.perm == Perm.ASK_REVERSE
            and grant.country == country.pk}  # fmt: skip
    return Force.objects.present(country).filter(organisation__in=held).order_by("id").first()


def owners_in(country: Country):
    """The organisations whose assets may be asked for: of the humanitarian side, at work in the country."""
    rows = Organisation.objects.filter(active=True, verified=True, countries=country).order_by("acronym")
    outside = [kind for kind in Organisation.Type.values if Organisation(org_type=kind).side != Side.HUMANITARIAN]
    return rows.exclude(org_type__in=outside)


@transaction.atomic
def file_reverse(
    *,
    by: User,
    station: DutyStation,
    owner: Organisation,
    client_key: UUID,
    component: str,
    asset_wanted: str,
    purpose_kind: str,
    purpose_text: str,
    content: list[str],
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    now: datetime | None = None,
) -> ReverseRequest:
    """File what a force asks, and screen it at once: what is prohibited is refused in the same transaction.

    The same key twice is one request. Raises Refused with the sentence for the person it stops.
    """
    now, country = now or timezone.now(), station.country
    force = force_of(by, country)
    if force is None:
        raise Refused("right", _("Only those who ask for a force that is in the country can do this."))
    Force.objects.select_for_update().only("pk").get(pk=force.pk)  # the same form sent twice waits here
    if known := ReverseRequest.objects.filter(client_key=client_key).first():
        if known.filed_by_id != by.pk:
            raise Refused("need", _("Please open this page again and repeat your answers."))
        return known
    profile = country.profile_on()
    if profile is None or why_not_ask(country):
        raise Refused("state", why_not_ask(country))
    _check_filed(country, station, owner, asset_wanted, purpose_kind, content, starts_at, ends_at, now)
    if limits.count("ask_reverse", str(by.pk)) > limits.LIMITS["ask_reverse"].most:
        raise Refused("need", _("You filed many requests within an hour. Call OCHA."))
    year = now.astimezone(country.zone).year
    series = f"R-{country.pk}-{year}"
    reverse = ReverseRequest.objects.create(
        reference=f"{country.pk}-REV-{year}-{next_number(f'{country.pk}-REV-{year}'):04d}",
        force_reference=f"{series}-{next_number(f'{series}-{force.organisation_id}'):03d}",
        client_key=client_key, country=country, profile=profile, station=station, organisation=force.organisation,
        force=force, component=component, asset_wanted=asset_wanted, purpose_kind=purpose_kind,
        purpose_text=purpose_text, content=[code for code in Content.values if code in content], starts_at=starts_at,
        ends_at=ends_at, place=place, owner=owner, filed_by=by, filed_at=now,
    )  # fmt: skip
    grant = scope.grant_for(by, Perm.ASK_REVERSE, reverse)
    _write(reverse, workflow.LINES["file"], by=by, grant=grant, now=now, start="")
    found = workflow.screen(profile, content=reverse.content, asset=asset_wanted)
    if found:
        line = workflow.LINES["screen"]
        changes = {"prohibited": found.found, "clause": found.clause}
        _write(reverse, line, by=None, grant=None, now=now, start=S.SUBMITTED, changes=changes, paper=changes)
    return reverse


def _check_filed(country, station, owner, asset, purpose, content, starts_at, ends_at, now) -> None:
    """The form says it beside the field; here the database's own words would be too late."""
    if not station.active or asset not in AssetWanted.values or purpose not in PurposeKind.values:
        raise Refused("need", _("Choose one from the list."))
    if sentence := content_error(content):
        raise Refused("need", sentence)
    if not owners_in(country).filter(pk=owner.pk).exists():
        raise Refused("need", _("Choose the organisation that owns the asset."))
    for sentence in period_errors(starts_at, ends_at, now).values():
        raise Refused("need", sentence)


def content_error(content: list[str]) -> str:
    """ "" or what is wrong with a declaration: something is ticked, and "none" stands alone."""
    declared = set(content)
    if not declared or not declared <= set(Content.values) - {Content.GOODS}:
        return _("Declare the content: tick what is true, or “None of these”.")
    if Content.NONE in declared and len(declared) > 1:
        return _("Either something of this is true, or nothing: take one tick away.")
    return ""


def period_errors(starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with the time asked for, by field."""
    if not now < starts_at < now + FARTHEST:
        return {"starts_at": _("Choose a date in the coming months.")}
    if ends_at <= starts_at:
        return {"ends_at": _("It ends before it begins.")}
    if ends_at - starts_at > LONGEST:
        return {"ends_at": _("At most 30 days; file another request for what comes later.")}
    return {}


# ── moving ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def move_reverse(
    reverse: ReverseRequest,
    code: str,
    *,
    by: User | None,
    client_key: Any = None,
    said: dict[str, Any] | None = None,
    now: datetime | None = None,
    reason: str = "",
    **facts: Any,
) -> ReverseMove:
    """Make one declared move, or raise Refused. `by` None is the portal. `said` (said_by, source, said_at) is the word
    of the owner that OCHA writes down. The same key twice is one move.
    """
    now, reason = now or timezone.now(), reason.strip()
    reverse = locked(reverse)
    if known := ReverseMove.objects.filter(client_key=client_key).first() if client_key else None:
        if (known.reverse_id, known.code, known.by_id) != (reverse.pk, code, by.pk if by else None):
            raise Refused("need", _("Please open this page again and repeat your answers."))
        return known
    if refused := workflow.refusal(reverse, code, by, recorded=bool(said), now=now):
        raise Refused(refused.kind, refused.sentence)
    line = workflow.LINES[code]
    grant = workflow.actor(line, reverse, by, recorded=bool(said)) if by else None
    if code in workflow.DECISIONS:
        _check_decision(reverse, grant)
    if said and said["said_at"] > now:
        raise Refused("need", _("What you record cannot have been said in the future."))
    asked = reverse.received_at  # a form tells the minute
    if said and asked and said["said_at"] < asked.replace(second=0, microsecond=0):
        raise Refused("need", _("What you record was said before the owner was asked."))
    if code in workflow.REASONED and not reason and not workflow.speaks_for_owner(grant):
        raise Refused("need", _("Say why in a sentence."))
    paper = PAPERS.get(code, _nothing)(reverse, facts)
    kept = KEPT.get(code, _nothing)(reverse, facts | {"reason": reason})
    changes = workflow.effects_on(reverse, code, now)
    return _write(
        reverse, line, by=by, grant=grant, now=now, start=reverse.status, changes=changes, paper=paper, reason=reason,
        facts=kept, said=said, client_key=client_key,
    )  # fmt: skip


def locked(reverse: ReverseRequest) -> ReverseRequest:
    rows = ReverseRequest.objects.select_for_update(of=("self",))
    return rows.select_related("country", "station", "organisation", "force", "owner", "profile").get(pk=reverse.pk)


def _check_decision(reverse: ReverseRequest, grant: scope.Grant | None) -> None:
    """The trail behind it is whole, and the right under which it is decided was given in the portal."""
    stopped = checks.why_stopped_here(reverse.stream, f"{reverse.activity_kind}/{reverse.pk}")
    if stopped or (stopped := rights.why_not_founded(grant)):
        raise Refused("state", stopped)


def _nothing(reverse: ReverseRequest, facts: dict) -> dict[str, Any]:
    return {}


def _agreed(reverse: ReverseRequest, facts: dict) -> dict[str, Any]:
    """What the force reads of an agreement: dates, conditions and whom to call; nobody's reasons."""
    conditions, text = list(facts.get("conditions") or ()), (facts.get("condition_text") or "").strip()
    if not conditions and not text:
        raise Refused("need", _("Choose at least one condition."))
    if not set(conditions) <= set(ReverseCondition.values):
        raise Refused("need", _("Choose one from the list."))
    return {
        "conditions": [code for code in ReverseCondition.values if code in conditions],
        **({"condition_text": text} if text else {}),
        "starts_at": reverse.starts_at.isoformat(),
        "ends_at": reverse.ends_at.isoformat(),
        **({"clause": clause} if (clause := workflow.AGREED_UNDER.get(reverse.country_id)) else {}),
        "contact": next((each["telephone"] for each in duty_lines(reverse) if each["telephone"]), ""),
    }


def _aim(reverse: ReverseRequest, facts: dict) -> dict[str, Any]:
    """The purpose test as OCHA answered it; an exception for another aim is explained."""
    aim = facts.get("aim")
    if aim not in ("humanitarian", "other"):
        raise Refused("need", _("Is the aim humanitarian? Say yes or no."))
    if aim == "other" and not facts["reason"]:
        raise Refused("need", _("Without a humanitarian aim it is normally declined: say why it is put forward."))
    return {"aim": aim}


def _reviewed(reverse: ReverseRequest, facts: dict) -> dict[str, Any]:
    found = {name: facts.get(name) for name in ("as_agreed", "conditions_respected")}
    if None in found.values():
        raise Refused("need", _("Answer yes or no."))
    if False in found.values() and not facts["reason"]:
        raise Refused("need", _("Say what was different."))
    return found


# What may stand in an answer, and which of it comes from the request: a refusal says nothing more than that it is one.
ANSWERED: dict[str, set[str]] = {
    ReverseAnswer.Kind.REFUSED: {"prohibited", "clause"},
    ReverseAnswer.Kind.AGREED: {"conditions", "condition_text", "starts_at", "ends_at", "clause", "contact"},
}
OF_REQUEST = {"prohibited", "clause", "starts_at", "ends_at"}
PAPERS: dict[str, Callable[[ReverseRequest, dict], dict[str, Any]]] = {"validate": _agreed}
KEPT: dict[str, Callable[[ReverseRequest, dict], dict[str, Any]]] = {"forward": _aim, "review": _reviewed}


def _write(
    reverse: ReverseRequest,
    line: workflow.Line,
    *,
    by: User | None,
    grant: scope.Grant | None,
    now: datetime,
    start: str,
    changes: dict[str, Any] | None = None,
    paper: dict[str, Any] | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    said: dict[str, Any] | None = None,
    client_key: Any = None,
) -> ReverseMove:
    """The move first (the database lets a status change only with it), then the row, its clock, answer and event."""
    move = ReverseMove.objects.create(
        reverse=reverse, code=line.code, from_status=start, to_status=line.target, by=by,
        capacity=grant.role if grant else "portal" if by is None else "",
        acting_for_id=grant.principal_id if grant else None, at=now, reason=reason, facts=facts or {},
        client_key=client_key, **(said or {}),
    )  # fmt: skip
    changes = {**(changes or {}), "status": line.target}
    for name, value in changes.items():
        setattr(reverse, name, value)
    reverse.due_at = _due(reverse, now)
    reverse.save(update_fields=[*changes, "due_at"])
    _remind(reverse, now)
    answer = _answer(reverse, line.answer, paper or {}, by=by, now=now) if line.answer else None
    event = record(
        reverse,
        f"reverse.{line.code}",
        by=by,
        acting_for=move.acting_for,
        data=_data(reverse, move),
        secret={"reason": reason} if reason else None,
        tell=audience(reverse, line.tells),
        at=now,
    )
    if answer:
        releases.enter(
            event, what=releases.What.EXTRACT, code=answer.kind, organisation=answer.organisation_id,
            sha256=answer.sha256, reference=answer.force_reference, number=answer.number,
        )  # fmt: skip
    return move


def _data(reverse: ReverseRequest, move: ReverseMove) -> dict[str, Any]:
    return {
        "from": move.from_status,
        "to": move.to_status,
        "timezone": reverse.country.timezone,
        "duty": duty_lines(reverse),
        "force_reference": reverse.force_reference,
        "force_url": reverse.force_url,
        **({"due": reverse.due_at.isoformat()} if reverse.due_at else {}),
        **({"recorded_for": move.said_by, "source": move.source} if move.said_by else {}),
    }


def _due(reverse: ReverseRequest, now: datetime) -> datetime | None:
    """By when the next step has to be made: working time of the station, and before the asset is needed."""
    clock = workflow.CLOCKS.get(reverse.status)
    if clock is None:
        return reverse.ends_at + workflow.GRACE if reverse.status == S.AGREED else None
    due = add_working_minutes(now, clock[1], reverse.station.work_calendar())
    return min(due, reverse.starts_at) if now < reverse.starts_at else due


def _answer(reverse: ReverseRequest, kind: str, content: dict, *, by: User | None, now: datetime) -> ReverseAnswer:
    """Number and freeze what the force is told. Facts outside the table are a mistake in the code."""
    stray = set(content) - ANSWERED.get(kind, set())
    if stray:
        raise ValueError(f"not for a force: {sorted(stray)}")
    for name in OF_REQUEST & set(content):
        required(ReverseRequest, name, to=Side.FORCE, stage=Stage.ALWAYS)
    mine = ReverseAnswer.objects.filter(organisation=reverse.organisation_id, force_reference=reverse.force_reference)
    return ReverseAnswer.objects.create(
        reverse=reverse, organisation=reverse.organisation, force_reference=reverse.force_reference,
        number=mine.count() + 1, kind=kind, content=content,
        language=Force.objects.language_of(reverse.organisation_id, reverse.country_id),
        sha256=digest({"kind": str(kind), **content}), sent_by=by, sent_at=now,
    )  # fmt: skip


# ── what happens by itself ───────────────────────────────────────────────────────────────────────────────────────────


def _remind(reverse: ReverseRequest, now: datetime) -> None:
    """The reminders of the clock that stopped are void; those of the one that runs are written: half of it, and due."""
    Reminder.objects.open_for(reverse).update(void_at=now)
    if reverse.status not in workflow.CLOCKS or reverse.due_at is None:
        return
    half = now + (reverse.due_at - now) / 2
    Reminder.objects.bulk_create(
        Reminder(
            subject_kind=reverse.activity_kind,
            subject_id=reverse.pk,
            key=f"{reverse.status}.{int(now.timestamp())}.{which}",
            due_at=at,
        )
        for which, at in (("half", half), ("due", reverse.due_at))
        if at > now
    )


def expire_reverse(now: datetime, limit: int = BATCH) -> int:
    """Requests whose time has passed without an end of their own."""
    running = ReverseRequest.objects.filter(due_at__isnull=False, status__in=workflow.LINES["expire"].sources)
    rows = running.filter(ends_at__lte=now).order_by("id")[:limit]
    done = 0
    for reverse in list(rows):
        if workflow.refusal(reverse, "expire", None, now=now) is None:
            move_reverse(reverse, "expire", by=None, now=now)
            done += 1
    return done


def remind_reverse(now: datetime, limit: int = BATCH) -> int:
    """Each reminder that is due, once; what is late goes up to the national unit."""
    rows = Reminder.objects.due(now).filter(subject_kind=ReverseRequest.activity_kind)[:limit]
    return sum(_send_reminder(row.pk, now) for row in list(rows))


@transaction.atomic
def _send_reminder(pk: int, now: datetime) -> bool:
    reminder = Reminder.objects.select_for_update().get(pk=pk)
    if reminder.sent_at or reminder.void_at:
        return False
    reverse = locked(ReverseRequest(pk=reminder.subject_id))
    status, _since, which = reminder.key.split(".")
    late = which == "due"
    if status != reverse.status or (not late and reverse.due_at and reverse.due_at <= now):
        reminder.void_at = now
        reminder.save(update_fields=["void_at"])
        return False
    names, _minutes, expects = workflow.CLOCKS[status]
    record(
        reverse,
        "reverse.escalate" if late else "reverse.remind",
        by=None,
        data=_data(reverse, ReverseMove(from_status=status, to_status=status)),
        tell=audience(reverse, [*((name, expects) for name in names), *((("ocha", "act"),) if late else ())]),
        at=now,
    )
    reminder.sent_at = now
    reminder.save(update_fields=["sent_at"])
    return True
