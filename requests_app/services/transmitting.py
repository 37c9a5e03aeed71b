"""How a case reaches the force, how the force answers, and how changes, pauses and ends are told to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.accounts.scope import Grant
from cmcoord.activity import checks, releases
from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.models import Event, Reminder
from cmcoord.activity.services import Tell, record
from cmcoord.places.models import Axis, Place
from cmcoord.places.positions import Position
from contacts.models import Addressee, Force
from requests_app import chain, convoy, deadlines, ledger, papers, sheet_facts, sheets, telling, transmission
from requests_app.models import (
    Acknowledgement,
    Addressed,
    Agreement,
    Case,
    Extract,
    ForceFile,
    ForceReply,
    Receipt,
    ReleasedNames,
    ReleasedText,
    RequestType,
    RotationLog,
)
from requests_app.models.case import ENDED
from requests_app.released import originals
from requests_app.services.clocks import allowance_of, current_clocks
from requests_app.services.filing import searched_text
from requests_app.services.made import Made, Refused
from requests_app.transmission import LOWEST_RANK, WITHOUT_SUPPLEMENT, as_text, new_force_reference, request_content

What = releases.Release.What
REPLY_OF = {"accept": "accepted", "limit": "limited", "decline": "declined", "counter": "countered"}
RECEIPT = "receive."  # reminders of papers other than the request; the request has clocks of the case
A_RANK = 10**11  # seconds, more than any moment: a rank comes before every time
STOPS = (Extract.Kind.SUSPENSION, Extract.Kind.STAND_DOWN, Extract.Kind.NOT_TAKEN_UP)  # these never wait
QUIET_ENDS = ("closed",)  # the force took part in these ends, or its own papers name them

# ── papers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def transmit(
    made: Made,
    *,
    task: str,
    contact: str = "",
    capability_needed: str | None = None,
    cargo: str | None = None,
    exit_plan: str | None = None,
    condition_text: str | None = None,
    confirmed: Iterable[str] = (),
    rank: int | None = None,
    addressees: Iterable[Addressee] | None = None,
    **_facts: Any,
) -> None:
    """Freeze the numbered extract with the texts that OCHA wrote or `confirmed` for the force, one by one.

    It goes to these `addressees` of the force's chain; without a choice, to all of it.

    `task` is what OCHA tells the force in place of the need. A text that is None goes as it stands in the request; an
    empty one does not go, but for a condition of the decision. `rank` (1 to 9) is the place in the force's queue.
    """
    if made.line.code == "retransmit" and not made.reason:
        made.need(_("Say which new facts there are."))
    if not task.strip():
        made.need(_("Write what the force is asked to do."))
    case, provider = made.case, made.case.provider().organisation
    made.chain = _chosen(made, provider.pk, addressees)
    effect = {} if case.is_escort else {"capability_needed": capability_needed}
    given = {"task": task, **effect, "cargo": cargo, "exit_plan": exit_plan, "condition_text": condition_text}
    texts = _released(made, given, set(confirmed))
    before, still_held = transmission.addressed(case), transmission.held(case)
    if before is None or before.organisation_id != provider.pk:
        if still_held:
            _release(made, still_held)
        reference = new_force_reference(case, provider, made.now)
        made.set(force_reference=reference)
        made.set(search_text=searched_text(case))
    files = ForceFile.objects.filter(case=case, organisation=provider)
    files.filter(force_reference=case.force_reference).update(closed=False)
    made.set(transmitted_at=made.now)
    contact = contact or case.station.telephone or case.country.national_unit_telephone
    content = request_content(case, texts=texts, contact=contact) | _ranked(made, rank)
    paper = _send(made, Extract.Kind.REQUEST, content, to=provider.pk, reference=case.force_reference)
    _keep_texts(made, paper, originals(case))


def _chosen(made: Made, organisation: int, wanted: Iterable[Addressee] | None) -> list[Addressee]:
    """To whom of the chain it goes: those of today only, and at least one where there is a chain."""
    known = list(Addressee.objects.of(organisation, made.case.country_id, made.case.country.today))
    if wanted is None:
        return known
    keys = {row.pk for row in wanted}
    if not keys <= {row.pk for row in known}:
        made.need(_("The chain of the force changed meanwhile. Choose again."))
    if known and not keys:
        made.need(_("Choose at least one addressee of the force."))
    return [row for row in known if row.pk in keys]


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


def _ranked(made: Made, rank: int | None) -> dict[str, int]:
    """Which of the requests before a force comes first is for OCHA to say."""
    if rank is None:
        return {}
    if not 1 <= rank <= LOWEST_RANK:
        made.need(_("A rank goes from 1 to %(lowest)d.") % {"lowest": LOWEST_RANK})
    if made.grant is None or made.grant.perm == Perm.FILE_CASE:
        made.need(_("Only OCHA ranks what a force has to do."))
    return {"rank": rank}


def _ranked_anew(made: Made, rank: int | None) -> dict[str, int]:
    """Another rank than the force was told; none where its answer is not awaited."""
    if made.case.status not in transmission.RANKED or rank == transmission.rank_of(made.case):
        return {}
    return _ranked(made, rank)


def _released(made: Made, given: dict[str, str | None], confirmed: set[str]) -> dict[str, str]:
    """The texts as they go; whatever is not confirmed stays here, and stops the transmission with its name."""
    original = originals(made.case)
    texts = {name: (original[name] if text is None else text).strip() for name, text in given.items()}
    if original["condition_text"] and not texts["condition_text"]:
        made.need(_("The further condition of the decision cannot be left out."))
    waiting = [str(transmission.KEYS[name].label) for name, text in texts.items() if text and name not in confirmed]
    if waiting:
        made.need(_("Confirm that the force may read: %(texts)s.") % {"texts": ", ".join(waiting)})
    return texts


def _keep_texts(made: Made, paper: Extract, original: dict[str, str]) -> None:
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


def _send(made: Made, kind: str, content: dict[str, Any], *, to: int, reference: str) -> Extract:
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


def _notice(made: Made, kind: str, content: dict[str, Any] | None = None, **original: str) -> None:
    """A paper to the force that holds the request; nothing to anybody when none does."""
    request = transmission.held(made.case)
    if request:
        paper = _send(made, kind, content or {}, to=request.organisation_id, reference=request.force_reference)
        _keep_texts(made, paper, original)


def _release(made: Made, request: Extract) -> None:
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
        },
        tell=[Tell(person, "acknowledge") for person in telling.force_people(paper, made.case)],
        at=made.now,
    )
    enter_releases(event, [paper])


@transaction.atomic
@transaction.atomic
def fetch_paper(paper: Extract, *, by: User, content: bytes, now: datetime) -> None:
    """Somebody of the force saves a paper: an event of the case, and these bytes in the release ledger."""
    _handed_over(paper, What.DOWNLOAD, ledger.FETCHED, by, content, now, code=paper.kind, number=paper.number)


@transaction.atomic
def open_papers(file: ForceFile, *, by: User, content: bytes, now: datetime) -> None:
    """Somebody of the force opens what it holds of a strictly confidential request: the same, with this page."""
    _handed_over(file, What.READING, ledger.OPENED, by, content, now, code=ledger.OPENED)


def _handed_over(
    what: Extract | ForceFile, how: str, kind: str, by: User, content: bytes, now: datetime, **facts: Any
) -> None:
    case = Case.objects.select_related("country").get(pk=what.case_id)
    sha256, number = releases.digest(content), facts.get("number")
    event = record(
        case,
        kind,
        by=by,
        data={
            **({"extract": number} if number else {}),
            "sha256": sha256,
            "force_reference": what.force_reference,
            "force_url": transmission.force_path(what.force_reference),
        },
        at=now,
    )
    releases.enter(
        event,
        what=how,
        organisation=what.organisation_id,
        sha256=sha256,
        recipient=by,
        function=by.function_title,
        reference=what.force_reference,
        **facts,
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
    own = _own_rows(made, seen, numbers)
    if not waiting and not own and made.line.code == "receive":
        made.need(_("Everything that was sent has been acknowledged."))
    Acknowledgement.objects.bulk_create(
        Acknowledgement(extract=paper, by=_signer(made), on_behalf=made.on_behalf, at=made.now) for paper in waiting
    )
    Receipt.objects.bulk_create(
        Receipt(case=made.case, addressed=row, by=_signer(made), on_behalf=made.on_behalf, at=made.now) for row in own
    )
    made.data["extracts"] = [paper.number for paper in waiting]
    keys = [f"{RECEIPT}{paper.pk}.{name}" for paper in waiting for name in ("half", "due")]
    Reminder.objects.open_for(made.case).filter(key__in=keys).update(void_at=made.now)


def _own_rows(made: Made, seen: int | None, numbers: Iterable[int] | None) -> list[Addressed]:
    """What went to the place of the chain that signs: the account's own, or the addressee whom OCHA named."""
    rows = chain.waiting(made.case, seen=seen, numbers=None if numbers is None else set(numbers))
    if made.on_behalf and made.on_behalf.addressee_id:
        return [row for row in rows if row.addressee_id == made.on_behalf.addressee_id]
    signer = _signer(made)
    grant = made.said_under if made.on_behalf else made.grant
    return chain.of_account(rows, signer.pk if signer else None, grant.principal_id if grant else None)


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
    answered = standing.on_behalf.received_at if standing.on_behalf else standing.at
    if made.on_behalf and made.on_behalf.received_at < answered.replace(second=0, microsecond=0):
        made.need(_("What you record was said before the force answered."))
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
    rendezvous_at: datetime,
    leader: str,
    contact: str,
    rendezvous: str = "",
    rendezvous_place: Place | None = None,
    rendezvous_position: Position | None = None,
    call_signs: str = "",
    comms_plan: str | None = None,
    casevac_plan: str | None = None,
    handling: str | None = None,
    **_facts: Any,
) -> None:
    """Freeze time, rendezvous, leader, contact and the execution sheet. Where to meet is a place, a position, words, or
    some of them. A text of the sheet that is None goes as it stands there."""
    case, decision = made.case, made.case.decision
    if not decision.valid_from <= departure_at < decision.valid_to:
        made.need(_("The departure lies outside the approved period."))
    if departure_at <= made.now:
        made.need(_("The departure is in the past."))
    if rendezvous_at > departure_at:
        made.need(_("The rendezvous is later than the departure."))
    where = ", ".join(filter(None, (str(rendezvous_place or ""), rendezvous)))
    if not (where or rendezvous_position):
        made.need(_("Say where to meet: by a place, a position or in words."))
    changes: dict[str, Any] = {"departure_at": departure_at, "leader": leader}
    asked_for = case.leader
    if case.window_to <= departure_at:
        changes["window_to"] = decision.valid_to
    made.set(**changes)
    made.clocks_changed = True
    content = {
        "departure_at": as_text(departure_at),
        "rendezvous": where,
        **_met_at(rendezvous_place, rendezvous_position),
        "rendezvous_at": as_text(rendezvous_at),
        "leader": leader,
        "road_contact": contact,
        "call_signs": call_signs,
        "vehicles": case.vehicles,
        **convoy.paper_facts(case),
        "rotations": decision.rotations,
    }
    texts = {"comms_plan": comms_plan, "casevac_plan": casevac_plan, "handling": handling}
    _send_sheet(made, Extract.Kind.SCHEDULE, content, texts, leader=asked_for)


def _send_sheet(made: Made, kind: str, content: dict[str, Any], texts: dict[str, str | None], **original: str) -> None:
    """A paper with the execution sheet as it stands, the names beside it. A supplement says only what has changed."""
    case, written = made.case, sheet_facts.originals(made.case)
    request, sheet = transmission.held(case), sheets.sheet_of(case)
    if request is None:
        return
    chosen = {name: written.get(name, "") if text is None else text.strip() for name, text in texts.items()}
    told, names = sheet_facts.content(case, language=request.language, texts=chosen)
    if kind == Extract.Kind.SUPPLEMENT:
        told = _news(case, told, names)
        names = [row for row in names if row.field in told]
        if not told:
            made.need(_("Nothing was changed."))
    _notice(made, kind, content | told, **original, **written)
    for row in names:
        row.extract = made.papers[-1]
    ReleasedNames.objects.bulk_create(names)
    sheet.sent_version = sheet.version
    sheet.save(update_fields=["sent_version"])
    made.data["sheet_version"] = sheet.version


# How a paper says that something it named before is no longer so.
NO_MORE: dict[str, Any] = {"lines": ["–"], "names": {"count": 0, "digest": ""}, "conditions": [], "number": 0,
                           "moment": ""} | dict.fromkeys(("text", "telephone", "code"), "–")  # fmt: skip


def _news(case: Case, told: dict[str, Any], names: list[ReleasedNames]) -> dict[str, Any]:
    """What of this the force that holds the request has not been told yet; names are compared as they read."""
    request = transmission.held(case)
    same = [row for row in case.extracts.all() if request and row.force_reference == request.force_reference]
    known = papers.Sheet(same)
    before = {row.field: row.text for row in ReleasedNames.objects.filter(extract__in=same).order_by("id")}
    same_names = {row.field for row in names if before.get(row.field) == row.text}
    found = {name: value for name, value in told.items() if name not in same_names and known.value(name) != value}
    gone = (name for name in transmission.SHEET if known.value(name) and name not in told)
    return found | {name: NO_MORE[transmission.KEYS[name].kind] for name in gone}


def send_sheet(made: Made, *, comms_plan: str | None = None, casevac_plan: str | None = None,
               handling: str | None = None, **_facts: Any) -> None:  # fmt: skip
    """What was changed in the execution sheet since the force received it, as a numbered change."""
    texts = {"comms_plan": comms_plan, "casevac_plan": casevac_plan, "handling": handling}
    _send_sheet(made, Extract.Kind.SUPPLEMENT, {}, texts)


def _met_at(place: Place | None, position: Position | None) -> dict[str, Any]:
    """The position that OCHA gave for the rendezvous goes as exactly as it was given, that of a town only roughly."""
    if position:
        return {"rendezvous_position": position.as_value()}
    return transmission.positions_of(rendezvous=place)


def change(
    made: Made,
    *,
    departure_at: datetime | None = None,
    window_to: datetime | None = None,
    vehicles: int | None = None,
    leader: str = "",
    rank: int | None = None,
    **_facts: Any,
) -> None:
    """A change within the approval: date inside the period, vehicles, leader; the force gets a numbered supplement.

    Another rank in the force's queue goes the same way.
    """
    case, decision = made.case, made.case.decision
    wanted: dict[str, Any] = {
        "departure_at": departure_at,
        "window_to": window_to,
        "vehicles": vehicles,
        "leader": leader,
    }
    changes = {name: value for name, value in wanted.items() if value and value != getattr(case, name)}
    told = _ranked_anew(made, rank)
    if not (changes or told):
        made.need(_("Nothing was changed."))
    if "leader" in changes and not may_name_the_leader(case, made.grant):
        made.need(_("The force reads the name of the leader as OCHA releases it: ask OCHA to change it."))
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
    lines = [f"{name}: {getattr(case, name)} → {value}" for name, value in changes.items()]
    made.secret["changes"] = "; ".join([*lines, *(f"{name}: {value}" for name, value in told.items())])
    made.set(**changes)
    made.clocks_changed = True
    made.data["changed"] = sorted({**changes, **told})
    if case.status in WITHOUT_SUPPLEMENT:
        return
    content = {name: as_text(value) if isinstance(value, datetime) else value for name, value in changes.items()}
    if "vehicles" in changes:
        content |= convoy.paper_facts(case)
    _notice(made, Extract.Kind.SUPPLEMENT, content | told)


def may_name_the_leader(case: Case, grant: Grant | None) -> bool:
    """Once the force reads it, the leader is a text that only OCHA releases."""
    return case.status in WITHOUT_SUPPLEMENT or grant is None or grant.perm != Perm.FILE_CASE


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
    stand_down(made)


def stand_down(made: Made) -> None:
    """The force that holds the request is told that the escort does not take place."""
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
    closed = set(ForceFile.objects.filter(case__in=cases, closed=True).values_list("organisation", "force_reference"))
    rows = [_row(sheet, now) for sheet in sheets]
    for row in rows:
        if (row.organisation_id, row.force_reference) in closed:
            _close(row)
        if row.strict:
            row.origin, row.destination, row.departure_at = "", "", None
    ForceFile.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation", "force_reference"],
        update_fields=["stage", "expects", "due_at", "urgency", "origin", "destination", "departure_at", "ends_at",
                       "place", "sort_key", "strict"],
    )  # fmt: skip


def _close(row: ForceFile) -> None:
    """Of a closed file the force's list says only that it has ended."""
    row.closed = True
    row.origin = row.destination = ""
    row.departure_at = row.ends_at = None


def _sheets(cases: Sequence[int]) -> list[papers.Sheet]:
    files: dict[tuple, list[Extract]] = defaultdict(list)
    rows = Extract.objects.filter(case__in=cases).select_related("acknowledgement").order_by("id")
    for paper in rows.annotate(country=F("case__country"), sensitivity=F("case__sensitivity")):
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
    if expects and stage in papers.STOPS:
        key -= A_RANK * (LOWEST_RANK + 1)
    elif expects == "reply" and (rank := sheet.value("rank")):
        key -= A_RANK * (LOWEST_RANK + 1 - rank)
    return ForceFile(
        case_id=request.case_id,
        organisation_id=request.organisation_id,
        country_id=request.country,  # type: ignore[attr-defined]  # annotated by _sheets
        force_reference=request.force_reference,
        strict=request.sensitivity == Sensitivity.STRICT,  # type: ignore[attr-defined]  # the same
        stage=stage,
        expects=expects,
        due_at=due,
        urgency=sheet.value("urgency") or "routine",
        request_type=sheet.value("request_type") or RequestType.ARMED_ESCORT,
        asset_category=sheet.value("asset_category") or "",
        origin=sheet.value("origin") or sheet.value("axis") or sheet.value("area") or "",
        destination=sheet.value("destination") or "",
        departure_at=departure,
        ends_at=sheet.at("valid_to"),
        place=place,
        sort_key=-key if place == ForceFile.Place.OTHER else key,
    )
