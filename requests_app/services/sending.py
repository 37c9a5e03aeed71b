"""The one door through which papers reach a force: frozen, addressed, told, entered in the release ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from cmcoord.activity import checks, releases
from cmcoord.activity.models import Event, Reminder
from cmcoord.activity.releases import What
from cmcoord.activity.services import Tell, record
from requests_app import deadlines, telling, transmission
from requests_app.models import Addressed, Case, Extract, ReleasedText
from requests_app.services.clocks import allowance_of
from requests_app.services.made import Made, Refused
from requests_app.transmission import as_text

RECEIPT = "receive."  # reminders of papers other than the request; the request has clocks of the case
STOPS = (Extract.Kind.SUSPENSION, Extract.Kind.STAND_DOWN, Extract.Kind.NOT_TAKEN_UP)  # these never wait


def _address(made: Made, paper: Extract) -> None:
    """To whom of the force's chain a paper goes: as OCHA chose for the request, and along the same for what follows."""
    if paper.kind == Extract.Kind.REQUEST:
        rows = made.chain
    else:
        same = {"organisation": paper.organisation_id, "force_reference": paper.force_reference}
        request = Extract.objects.filter(kind=Extract.Kind.REQUEST, **same).order_by("-id").first()
        sent = Addressed.objects.filter(extract=request).select_related("addressee") if request else ()
        rows = [row.addressee for row in sent]
    Addressed.objects.bulk_create(
        Addressed(
            case=made.case, extract=paper, addressee=row, place=row.place, function=row.function, account=row.account
        )
        for row in rows
    )


def keep_texts(made: Made, paper: Extract, original: dict[str, str]) -> None:
    """Beside each released text its original, who released it and in which language."""
    names = [name for name in transmission.TEXTS.get(paper.kind, ()) if paper.content.get(name)]
    made.texts += ReleasedText.objects.bulk_create(
        ReleasedText(
            case=made.case,
            extract=paper,
            field=name,
            original=original.get(name, ""),
            original_language=made.case.language if original.get(name) else "",
            text=paper.content[name],
            language=paper.language,
            confirmed_by=made.by,
            confirmed_at=made.now,
        )
        for name in names
    )


def enter_releases(event: Event, sent: Iterable[Extract], texts: Iterable[ReleasedText] = ()) -> None:
    """The papers of one event, and the texts in them, in the release ledger."""
    for paper in sent:
        _enter(event, paper, What.EXTRACT, paper.kind, paper.sha256)
    for text in texts:
        _enter(event, text.extract, What.TEXT, text.field, releases.digest(text.text))


def _enter(event: Event, paper: Extract, what: str, code: str, sha256: str) -> None:
    releases.enter(
        event,
        what=what,
        code=code,
        organisation=paper.organisation_id,
        sha256=sha256,
        reference=paper.force_reference,
        number=paper.number,
        at=paper.sent_at,
    )


def send(made: Made, kind: str, content: dict[str, Any], *, to: int, reference: str) -> Extract:
    """Freeze one paper with the times by which the force is asked to act, and tell the force with this move.

    The one door through which papers, and texts released in them, reach a force: on a broken trail only a stop does.
    """
    if kind not in STOPS and (stopped := checks.why_stopped(made.case.stream)):
        raise Refused("state", stopped)
    paper = _frozen(made, kind, content, to=to, reference=reference, reply=True)
    made.papers.append(paper)
    made.data |= {"extract": paper.number, "extract_kind": paper.kind, "sha256": paper.sha256}
    if kind != Extract.Kind.REQUEST:
        made.clocks["acknowledgement"] = paper.content["acknowledge_by"]
    return paper


def _frozen(made: Made, kind: str, content: dict[str, Any], *, to: int, reference: str, reply: bool = False) -> Extract:
    allowance = allowance_of(made.case)
    clocks = {clock.step: clock.due for clock in _clocks_after(made, allowance)} if reply else {}
    minutes = allowance.of("acknowledgement")
    by = allowance.add(made.now, minutes)
    if kind == Extract.Kind.REQUEST:
        by = clocks.get("acknowledgement", by)
    due = {"acknowledge_by": as_text(by)}
    if "reply" in clocks:
        due["reply_by"] = as_text(clocks["reply"])
    paper = transmission.freeze(made.case, kind, content | due, to=to, reference=reference, by=made.by, at=made.now)
    _address(made, paper)
    if kind != Extract.Kind.REQUEST:
        half = allowance.add(made.now, minutes // 2)
        _remind_of(paper, half=half, due=by)
    return paper


def _clocks_after(made: Made, allowance: deadlines.Allowance) -> list[deadlines.Running]:
    """The clocks as they run once this move is written."""
    moves = made.case.moves.exclude(from_status=F("to_status")).order_by("id")
    steps = [deadlines.Step(move.at, move.to_status, move.code) for move in moves]
    if made.target != made.case.status:
        steps.append(deadlines.Step(made.now, made.target, made.line.code))
    return deadlines.running(steps, departure=made.case.departure_at, allowance=allowance)


def _remind_of(paper: Extract, *, half: datetime, due: datetime) -> None:
    Reminder.objects.bulk_create(
        Reminder(
            subject_kind=Case.activity_kind, subject_id=paper.case_id, key=f"{RECEIPT}{paper.pk}.{name}", due_at=at
        )
        for name, at in (("half", half), ("due", due))
    )


def notice(made: Made, kind: str, content: dict[str, Any] | None = None, **original: str) -> None:
    """A paper to the force that holds the request; nothing to anybody when none does."""
    request = transmission.held(made.case)
    if request:
        paper = send(made, kind, content or {}, to=request.organisation_id, reference=request.force_reference)
        keep_texts(made, paper, original)


def take_back(made: Made, request: Extract) -> None:
    """The request went to another force: the one that had it stands down, told by an event of its own."""
    paper = _frozen(made, Extract.Kind.STAND_DOWN, {}, to=request.organisation_id, reference=request.force_reference)
    event = record(
        made.case,
        "case.stand_down",
        by=made.by,
        data={
            "extract": paper.number,
            "sha256": paper.sha256,
            "clocks": {"acknowledgement": paper.content["acknowledge_by"]},
            "timezone": made.case.country.timezone,
            "force_reference": paper.force_reference,
            "force_url": transmission.force_path(paper.force_reference),
            **({"what": "patrol"} if made.case.is_patrol else {}),
        },
        tell=[Tell(person, "acknowledge") for person in telling.force_people(paper, made.case)],
        at=made.now,
    )
    enter_releases(event, [paper])


def force_tells(made: Made) -> list[Tell]:
    """The force hears of a move that sent it a paper, or that the table tells it while it holds the request."""
    told = dict(made.line.tells)
    if made.papers:
        paper = made.papers[-1]
        return [Tell(person, told.get("force") or "acknowledge") for person in telling.force_people(paper, made.case)]
    if told.get("force") == "":
        request = transmission.held(made.case)
        return [Tell(person) for person in telling.force_people(request, made.case)] if request else []
    return []
