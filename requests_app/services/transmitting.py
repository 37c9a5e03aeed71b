"""How a case reaches the force, how the force answers, and how changes, pauses and ends are told to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from cmcoord.activity.models import Reminder
from cmcoord.activity.services import Tell, record
from cmcoord.places.models import Axis
from contacts.models import Force
from requests_app import deadlines, papers, telling, transmission
from requests_app.models import Acknowledgement, Agreement, Case, Extract, ForceFile, ForceReply, RotationLog
from requests_app.models.case import ENDED
from requests_app.services.clocks import allowance_of, current_clocks
from requests_app.services.made import Made, Refused
from requests_app.transmission import as_text, new_force_reference, request_content

REPLY_OF = {"accept": "accepted", "limit": "limited", "decline": "declined", "counter": "countered"}
RECEIPT = "receive."  # reminders of papers other than the request; the request has clocks of the case
WITHOUT_SUPPLEMENT = ("approved", "declined")  # a request that follows says everything anew
QUIET_ENDS = ("closed",)  # the force took part in these ends, or its own papers name them

# ── papers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def transmit(made: Made, *, task: str, contact: str = "", **_facts: Any) -> None:
    """Freeze the numbered extract; `task` is what OCHA tells the force in place of the need."""
    if made.line.code == "retransmit" and not made.reason:
        made.need(_("Say which new facts there are."))
    if not task.strip():
        made.need(_("Write what the force is asked to do."))
    case, provider = made.case, made.case.provider().organisation
    before, still_held = transmission.addressed(case), transmission.held(case)
    if before is None or before.organisation_id != provider.pk:
        if still_held:
            _release(made, still_held)
        made.set(force_reference=new_force_reference(case, provider, made.now))
    made.set(transmitted_at=made.now)
    contact = contact or case.station.telephone or case.country.national_unit_telephone
    content = request_content(case, task=task, contact=contact)
    _send(made, Extract.Kind.REQUEST, content, to=provider.pk, reference=case.force_reference)


def _send(made: Made, kind: str, content: dict[str, Any], *, to: int, reference: str) -> Extract:
    """Freeze one paper with the times by which the force is asked to act, and tell the force with this move."""
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


def _notice(made: Made, kind: str, content: dict[str, Any] | None = None) -> None:
    """A paper to the force that holds the request; nothing to anybody when none does."""
    request = transmission.held(made.case)
    if request:
        _send(made, kind, content or {}, to=request.organisation_id, reference=request.force_reference)


def _release(made: Made, request: Extract) -> None:
    """The request went to another force: the one that had it stands down, told by an event of its own."""
    paper = _frozen(made, Extract.Kind.STAND_DOWN, {}, to=request.organisation_id, reference=request.force_reference)
    record(
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
        },
        tell=[Tell(person, "acknowledge") for person in telling.force_people(paper, made.case)],
        at=made.now,
    )


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


# ── receipt and reply ────────────────────────────────────────────────────────────────────────────────────────────────


def receive(made: Made, *, seen: int | None = None, numbers: Iterable[int] | None = None, **_facts: Any) -> None:
    """The force acknowledges what was sent to it: everything up to the paper it had `seen`, or these `numbers`."""
    waiting = transmission.awaiting_receipt(
        made.case, organisation=_answering(made), with_request=made.line.moves_status
    )
    unread = [paper for paper in waiting if seen is not None and paper.number > seen]
    if unread and numbers is None:
        raise Refused(
            "state",
            _("Meanwhile OCHA sent paper no. %(number)d. Please read it first.") % {"number": unread[-1].number},
        )
    if numbers is not None:
        waiting = [paper for paper in waiting if paper.number in set(numbers)]
    if not waiting and made.line.code == "receive":
        made.need(_("Everything that was sent has been acknowledged."))
    Acknowledgement.objects.bulk_create(
        Acknowledgement(extract=paper, by=_signer(made), on_behalf=made.on_behalf, at=made.now) for paper in waiting
    )
    made.data["extracts"] = [paper.number for paper in waiting]
    keys = [f"{RECEIPT}{paper.pk}.{name}" for paper in waiting for name in ("half", "due")]
    Reminder.objects.open_for(made.case).filter(key__in=keys).update(void_at=made.now)


def _answering(made: Made) -> int | None:
    """For which force this receipt or reply is given; without a name, the one that has the request, if it waits."""
    signer = _signer(made)
    if signer is not None:
        return signer.organisation_id
    request = transmission.addressed(made.case)
    waiting = transmission.awaiting_receipt(made.case, organisation=None, with_request=made.line.moves_status)
    organisations = [paper.organisation_id for paper in waiting]
    if request and (request.organisation_id in organisations or not organisations):
        return request.organisation_id
    return organisations[0] if organisations else None


def _signer(made: Made):
    return made.on_behalf.person if made.on_behalf else made.by


def reply(
    made: Made,
    *,
    text: str = "",
    decline_reason: str = "",
    other_force: Force | None = None,
    other_axis: Axis | None = None,
    departure_at: datetime | None = None,
    window_to: datetime | None = None,
    seen: int | None = None,
    **_facts: Any,
) -> None:
    """One of the four replies, under the force's own signature; it acknowledges what it answers."""
    kind = REPLY_OF[made.line.code]
    if kind in ("limited", "countered") and not text.strip():
        made.need(_("Say which limits, or what you propose."))
    if kind == "declined" and decline_reason not in ForceReply.DeclineReason.values:
        made.need(_("Choose the reason."))
    if departure_at and window_to and window_to <= departure_at:
        made.need(_("The window ends before it begins."))
    receive(made, seen=seen)
    ForceReply.objects.create(
        case=made.case,
        extract=transmission.addressed(made.case),  # type: ignore[misc]  # a force answers what it was sent
        reply=kind,
        text=text,
        decline_reason=decline_reason if kind == "declined" else "",
        other_force=other_force,
        other_axis=other_axis,
        departure_at=departure_at,
        window_to=window_to,
        at=made.now,
        **made.signature,
    )
    made.data["reply"] = kind
    made.secret["text"] = text


def agree(made: Made, *, reply: int, text: str = "", **_facts: Any) -> None:
    """The requesting organisation says yes to the reply that it has read; OCHA may schedule what was proposed."""
    standing = transmission.standing_reply(made.case)
    if standing is None or standing.pk != reply:
        raise Refused("state", _("Meanwhile the force has answered again. Please read its new reply first."))
    Agreement.objects.create(case=made.case, reply=standing, text=text.strip(), at=made.now, **made.signature)
    made.data["reply"] = standing.reply
    made.secret["text"] = text.strip()
    made.clocks |= {clock.step: clock.due.isoformat() for clock in current_clocks(made.case)}


def refuse_counter(made: Made, **_facts: Any) -> None:
    """OCHA or the requester do not take the counter-proposal up; the force is told so, without the reason."""
    if not made.reason:
        made.need(_("Say why in a sentence."))
    _notice(made, Extract.Kind.NOT_TAKEN_UP)


# ── within the approval ──────────────────────────────────────────────────────────────────────────────────────────────


def schedule(
    made: Made,
    *,
    departure_at: datetime,
    rendezvous: str,
    rendezvous_at: datetime,
    leader: str,
    contact: str,
    call_signs: str = "",
    **_facts: Any,
) -> None:
    """Freeze time, rendezvous, leader and contact."""
    case, decision = made.case, made.case.decision
    if not decision.valid_from <= departure_at < decision.valid_to:
        made.need(_("The departure lies outside the approved period."))
    if departure_at <= made.now:
        made.need(_("The departure is in the past."))
    if rendezvous_at > departure_at:
        made.need(_("The rendezvous is later than the departure."))
    changes: dict[str, Any] = {"departure_at": departure_at, "leader": leader}
    if case.window_to <= departure_at:
        changes["window_to"] = decision.valid_to
    made.set(**changes)
    made.clocks_changed = True
    content = {
        "departure_at": as_text(departure_at),
        "rendezvous": rendezvous,
        "rendezvous_at": as_text(rendezvous_at),
        "leader": leader,
        "road_contact": contact,
        "call_signs": call_signs,
        "vehicles": case.vehicles,
        "rotations": decision.rotations,
    }
    _notice(made, Extract.Kind.SCHEDULE, content)


def change(
    made: Made,
    *,
    departure_at: datetime | None = None,
    window_to: datetime | None = None,
    vehicles: int | None = None,
    leader: str = "",
    **_facts: Any,
) -> None:
    """A change within the approval: date inside the period, vehicles, leader; the force gets a numbered supplement."""
    case, decision = made.case, made.case.decision
    wanted: dict[str, Any] = {
        "departure_at": departure_at,
        "window_to": window_to,
        "vehicles": vehicles,
        "leader": leader,
    }
    changes = {name: value for name, value in wanted.items() if value and value != getattr(case, name)}
    if not changes:
        made.need(_("Nothing was changed."))
    starts = changes.get("departure_at", case.departure_at)
    ends = changes.get("window_to", case.window_to)
    if "departure_at" in changes and "window_to" not in changes and starts >= ends:
        ends = changes["window_to"] = decision.valid_to
    if not decision.valid_from <= starts <= decision.valid_to or ends > decision.valid_to:
        made.need(_("The dates must stay inside the approved period; ask for an extension instead."))
    if ends <= starts:
        made.need(_("The window ends before it begins."))
    if "departure_at" in changes and starts <= made.now and case.status != "underway":
        made.need(_("The departure is in the past."))
    made.secret["changes"] = "; ".join(f"{name}: {getattr(case, name)} → {value}" for name, value in changes.items())
    made.set(**changes)
    made.clocks_changed = True
    made.data["changed"] = sorted(changes)
    if case.status in WITHOUT_SUPPLEMENT:
        return
    content = {name: as_text(value) if isinstance(value, datetime) else value for name, value in changes.items()}
    _notice(made, Extract.Kind.SUPPLEMENT, content)


def send_extension(made: Made) -> None:
    """The later end, as a new extract, to the force that holds the request."""
    decision = made.case.decision
    if made.case.status not in WITHOUT_SUPPLEMENT:
        content = {"valid_to": as_text(decision.valid_to), "rotations": decision.rotations}
        _notice(made, Extract.Kind.EXTENSION, content)


# ── pauses and ends ──────────────────────────────────────────────────────────────────────────────────────────────────


def stand_down_at_end(made: Made) -> None:
    """However a case ends, the force that still holds it stands down, without a reason.

    The end of the approved period stands in its papers already; it is told again only when the case ends before it.
    """
    if made.target not in ENDED or made.target == made.case.status or made.target in QUIET_ENDS:
        return
    ends_at = made.case.ends_at
    if made.target == "expired" and ends_at and ends_at < made.now:
        return
    _notice(made, Extract.Kind.STAND_DOWN)


def suspend(made: Made, **_facts: Any) -> None:
    if not made.reason:
        made.need(_("Say why in a sentence."))
    _notice(made, Extract.Kind.SUSPENSION)


def resume(made: Made, **_facts: Any) -> None:
    """Back to where it was; whatever ended meanwhile is seen by the guards at once."""
    _notice(made, Extract.Kind.RESUMPTION)


# ── the files of the forces ──────────────────────────────────────────────────────────────────────────────────────────


def write_files(cases: Sequence[int], now: datetime) -> None:
    """Write the list rows of the forces anew for these cases, from papers, replies and logs: some queries in all."""
    sheets = _sheets(cases)
    rows = [_row(sheet, now) for sheet in sheets]
    ForceFile.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation", "force_reference"],
        update_fields=["stage", "expects", "due_at", "urgency", "origin", "destination", "departure_at", "ends_at",
                       "place", "sort_key"],
    )  # fmt: skip


def _sheets(cases: Sequence[int]) -> list[papers.Sheet]:
    files: dict[tuple, list[Extract]] = defaultdict(list)
    rows = Extract.objects.filter(case__in=cases).select_related("acknowledgement").order_by("id")
    for paper in rows.annotate(country=F("case__country")):
        files[paper.case_id, paper.organisation_id, paper.force_reference].append(paper)
    replies, logs = defaultdict(list), defaultdict(list)
    for answer in ForceReply.objects.filter(case__in=cases).order_by("id"):
        replies[answer.case_id].append(answer)
    for log in RotationLog.objects.filter(case__in=cases).order_by("id"):
        logs[log.case_id].append(log)
    return [
        papers.Sheet(extracts=extracts, replies=replies[case], own_logs=logs[case])
        for (case, _organisation, _reference), extracts in files.items()
    ]


def _row(sheet: papers.Sheet, now: datetime) -> ForceFile:
    request, stage, expects = sheet.request, sheet.stage(now), sheet.expects(now)
    departure = sheet.at("departure_at")
    due = sheet.due_at(now) if expects else None
    if expects:
        place, moment = ForceFile.Place.WAITING, due or request.sent_at
    elif stage in papers.ON_THE_ROAD:
        place, moment = ForceFile.Place.AHEAD, departure or request.sent_at
    else:
        place, moment = ForceFile.Place.OTHER, request.sent_at
    key = int(moment.timestamp())
    return ForceFile(
        case_id=request.case_id,
        organisation_id=request.organisation_id,
        country_id=request.country,  # type: ignore[attr-defined]  # annotated by _sheets
        force_reference=request.force_reference,
        stage=stage,
        expects=expects,
        due_at=due,
        urgency=sheet.value("urgency") or "routine",
        origin=sheet.value("origin") or "",
        destination=sheet.value("destination") or "",
        departure_at=departure,
        ends_at=sheet.at("valid_to"),
        place=place,
        sort_key=-key if place == ForceFile.Place.OTHER else key,
    )
