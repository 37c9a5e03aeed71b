"""How a move is made: one transaction that locks, asks why_not again, writes the rows, tells the people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity import checks
from cmcoord.activity.marks import is_marked
from cmcoord.activity.models import Event, Reminder
from cmcoord.activity.services import record
from contacts.models import Addressee
from requests_app import moves, rotations, telling, workflow
from requests_app.models import Case, DecisionOutcome, Move, OnBehalf
from requests_app.models.process import DECISIONS, ORAL
from requests_app.services import (
    alarming,
    calling,
    classifying,
    consenting,
    consulting,
    deciding,
    executing,
    filing,
    force_files,
    patrolling,
    pausing,
    replying,
    reviewing,
    scheduling,
    sending,
    transmitting,
)
from requests_app.services.clocks import WRITTEN_LATER, refresh_clocks
from requests_app.services.made import Made, Refused, locked
from requests_app.telling import audience, duty_lines
from requests_app.transmission import force_url

__all__ = ["Refused", "make_move", "record_on_behalf"]

EFFECTS: dict[str, Callable[..., None]] = {
    "take_over": filing.take_over,
    "submit": filing.submit,
    "recall": filing.recall,
    "resubmit": filing.resubmit,
    "assess": reviewing.assess,
    "appeal": reviewing.appeal,
    "return": reviewing.needs_reason,
    "reject": reviewing.needs_reason,
    "civilian": reviewing.civilian,
    "withdraw": reviewing.withdraw,
    "consult": reviewing.consult,
    "share": reviewing.share,
    "advise_cluster": reviewing.advise,
    "advise_security": reviewing.advise,
    "advise_ngo": reviewing.advise,
    "decide_security": reviewing.advise,
    "draft_decision": deciding.draft,
    "forward": deciding.forward,
    "take_back": reviewing.needs_reason,
    "ask": reviewing.ask,
    "answer": reviewing.answer,
    "open_consultation": consulting.open_consultation,
    "take_position": consulting.take_position,
    "put_question": consulting.put_question,
    "answer_question": consulting.answer_question,
    "send_back": reviewing.needs_reason,
    "establish_consensus": consulting.establish_consensus,
    "approve": consulting.approve_consulted,
    "deny": deciding.deny,
    "approve_orally": deciding.approve_orally,
    "deny_orally": deciding.deny_orally,
    "confirm_in_writing": deciding.confirm_in_writing,
    "file_form": filing.file_form,
    "transmit": transmitting.transmit,
    "retransmit": transmitting.transmit,
    "redecide": deciding.redecide,
    "acknowledge": replying.receive,
    "accept": replying.reply,
    "limit": replying.reply,
    "decline": replying.reply,
    "counter": replying.reply,
    "agree": replying.agree,
    "refuse_counter": replying.refuse_counter,
    "schedule": scheduling.schedule,
    "receive": replying.receive,
    "send_sheet": scheduling.send_sheet,
    "change": scheduling.change,
    "request_extension": deciding.request_extension,
    "extend": deciding.extend,
    "refuse_extension": deciding.refuse_extension,
    "start": executing.log,
    "log": executing.log,
    "correct_log": executing.correct,
    "close": executing.close,
    "waive": executing.waive,
    "log_patrol": patrolling.log_patrol,
    "correct_patrol": patrolling.correct_patrol,
    "give_feedback": patrolling.give_feedback,
    "suspend": pausing.suspend,
    "resume": pausing.resume,
    "suspend_provider": pausing.suspend_provider,
    "alarm": alarming.alarm,
    "answer_alarm": alarming.answer_alarm,
    "cancel": reviewing.needs_reason,
    "comment": reviewing.comment,
    "call": calling.call,
    "consent": consenting.give,
    "withdraw_consent": consenting.withdraw,
    "withdraw_force": consenting.withdraw_force,
    "raise_class": classifying.raise_class,
    "lower_class": classifying.lower_class,
    "confirm_record": reviewing.confirm_record,
    "dispute_record": reviewing.dispute_record,
}


@transaction.atomic
def make_move(
    case: Case,
    code: str,
    *,
    by: User | None,
    client_key: Any = None,
    base_version: int | None = None,
    on_behalf: dict | None = None,
    now: datetime | None = None,
    **facts: Any,
) -> Move:
    """Make one declared move on a case, or raise Refused with the sentence for the person it stops.

    `by` None is the portal itself (the sweep). `client_key` makes the same POST twice one move. `base_version` is the
    version of the case that the person had on the screen. `on_behalf` (person, person_function, source, received_at,
    witness) says that OCHA writes down what somebody else said. `facts` are the cleaned answers of the move's form.
    """
    now = now or timezone.now()
    case = locked(case)
    refused = workflow.refusal(case, code, by, now=now, recorded=bool(on_behalf))
    line = workflow.line_for(case, code, now)
    first_click = refused is None and line and line.moves_status and base_version == case.version
    if not first_click and (before := _made_with(client_key, case, code, by)):
        return before
    if refused:
        raise Refused(refused.kind, refused.sentence)
    assert line is not None  # noqa: S101  refusal() answered for the same line
    if code in workflow.NEEDS_WHOLE_TRAIL:
        subject, in_detail = f"{case.activity_kind}/{case.pk}", workflow.mends_trail(case, by)
        stopped = checks.why_stopped_here(case.stream, subject, in_detail=in_detail) or _why_not_its_own(case)
        if stopped:
            raise Refused("state", stopped)
    if base_version is not None and line.moves_status and base_version != case.version:
        raise Refused("state", workflow.changed_meanwhile(case))
    made = Made(
        case=case,
        line=line,
        by=by,
        grant=workflow.actor(line, case, by, recorded=bool(on_behalf)) if by else None,
        now=now,
        target=_target(case, line),
        reason=(facts.get("reason") or "").strip(),
    )
    if on_behalf:
        made.on_behalf = record_on_behalf(made, **on_behalf)
    needs_right = code in workflow.NEEDS_FOUNDED_RIGHT
    if needs_right and (unfounded := workflow.why_right_stops(case, by, made.grant, made.said_under)):
        raise Refused("state", unfounded)
    effect = EFFECTS.get(code)
    if effect:
        effect(made, **{key: value for key, value in facts.items() if key != "reason"})
    pausing.stand_down_at_end(made)
    consulting.close_at_end(made)
    try:
        move = _write(made, client_key)
    except IntegrityError as error:
        if "client_key" in str(error):  # a first click under a key that was used before
            raise _used_elsewhere() from error
        raise
    _finish_rotations(made)
    return move


def _why_not_its_own(case: Case) -> str:
    """The row of a case is no part of the trail: the approval that it leads to must be the last one of its own.

    And one that was given in the portal: whoever writes to the database can put a decision there, but not the mark of
    the event that tells of it.
    """
    if case.decision_id is None:
        return ""
    given = case.decisions.filter(outcome=DecisionOutcome.APPROVED).order_by("-id").values_list("pk", flat=True).first()
    if case.decision_id == given:
        given_by = ("case.approve", "case.approve_orally", "case.establish_consensus", "case.extend")
        told = Event.objects.about(case).filter(kind__in=given_by)
        if any(is_marked(event) and event.data.get("decision") == given for event in told):
            return ""
        return _("The approval that this request leads to was not given in the portal; call the national unit.")
    return _("The approval that this request leads to is not the last one given for it; call the national unit.")


def _made_with(client_key: Any, case: Case, code: str, by: User | None) -> Move | None:
    """The move that this key made before: a second click. A key that made anything else makes nothing."""
    known = Move.objects.filter(client_key=client_key).first() if client_key else None
    if known and (known.case_id, known.code, known.by_id) != (case.pk, code, by.pk if by else None):
        raise _used_elsewhere()
    return known


def _used_elsewhere() -> Refused:
    return Refused("need", _("Please open this page again and repeat your answers."))


def _target(case: Case, line: moves.Line) -> str:
    if line.target == moves.TOLD:
        raise Refused("need", _("Only a row of a list of past requests is taken over."))
    if line.target != moves.BACK:
        return line.target or case.status
    paused = case.moves.filter(to_status="suspended").exclude(from_status="suspended").order_by("-id").first()
    before = paused.from_status if paused else "approved"
    if case.is_patrol:
        return before  # what a force has of it, it has without the name of the organisation too
    return "approved" if before in moves.AFTER_TRANSMISSION and not case.consent_force else before


def _write(made: Made, client_key) -> Move:
    """The Move row first (the database lets a status change only with it), then the case, the clocks, the event."""
    case, before = made.case, made.case.status
    move = Move.objects.create(
        case=case,
        code=made.line.code,
        from_status=before,
        to_status=made.target,
        by=made.by,
        capacity=made.grant.role if made.grant else ("portal" if made.by is None else ""),
        acting_for_id=_principal(made),
        on_behalf=made.on_behalf,
        at=made.now,
        reason=made.reason,
        reason_code=made.reason_code,
        client_key=client_key,
    )
    if made.line.code not in filing.BESIDE_VERSION_MOVES:
        case.version += 1
    case.status = made.target
    made.fields |= {"version", "status", "updated_at"}
    clocks = []
    if before != made.target or made.clocks_changed:
        clocks = refresh_clocks(case, made.now, made.consultations, [move] if before == "draft" else None)
        made.fields.add("due_at")
    case.save(update_fields=made.fields)
    data = {"from": before, "to": made.target, "timezone": case.country.timezone, **made.data}
    if case.is_patrol:
        data.setdefault("what", "patrol")
    if telling.presses(case, made.line.code, made.now):
        data["urgent"] = True
    if clocks:
        if hurried := next((clock for clock in clocks if clock.step not in WRITTEN_LATER), None):
            data["due"], data["clock"] = hurried.due.isoformat(), hurried.step
        data["clocks"] = {clock.step: clock.due.isoformat() for clock in reversed(clocks)}  # the earliest of each step
    if made.clocks:
        data["clocks"] = data.get("clocks", {}) | made.clocks
    data["duty"] = duty_lines(case)
    if case.force_reference:
        data |= {"force_reference": case.force_reference, "force_url": force_url(case)}
    if made.signed_under and made.signed_under.delegation_id:
        data["delegation"] = made.signed_under.delegation_id
    if made.on_behalf:
        data["recorded_for"] = made.on_behalf.person_function
        data["source"] = made.on_behalf.source
    secret = {**made.secret, **({"reason": made.reason} if made.reason else {})}
    event = record(
        case,
        f"case.{made.line.code}",
        by=made.by,
        acting_for=move.acting_for,
        data=data,
        secret=secret,
        tell=[*audience(case, _tells(made, before)), *sending.force_tells(made), *made.tells],
        at=made.now,
    )
    sending.enter_releases(event, made.papers, made.texts)
    calling.enter_calls(event, made)
    if case.force_reference:
        force_files.write_files([case.pk], made.now)
    return move


def _principal(made: Made) -> int | None:
    """For whom it was done: whoever is stood in for, or delegated the decision, even when OCHA records the word."""
    delegated = made.signed_under if made.signed_under and made.signed_under.delegation_id else made.grant
    return delegated.principal_id if delegated else None


def _tells(made: Made, before: str) -> tuple[tuple[str, str], ...]:
    """Whom the table tells; of a draft that was never sent nobody hears outside the organisation."""
    tells = made.line.tells_humanitarians
    if before == "draft" and made.case.submitted_at is None:
        return tuple(told for told in tells if told[0] == "requester")
    return tells


def _finish_rotations(made: Made) -> None:
    """After a log: the last rotation is over, so the case is completed or aborted, by the same person."""
    if made.line.code not in ("start", "log", "correct_log") or made.case.status != "underway":
        return
    if made.data.get("contradicts"):
        executing.tell_contradiction(made)
    ending = {"completed": "complete", "aborted": "abort"}.get(rotations.outcome(made.case))
    if ending:
        ended = Made(
            case=made.case,
            line=moves.lines(ending)[0],
            by=made.by,
            grant=made.grant,
            now=made.now,
            target=moves.lines(ending)[0].target,
            on_behalf=made.on_behalf,
        )
        _write(ended, None)


def record_on_behalf(
    made: Made,
    *,
    person: User | None,
    source: str,
    received_at: datetime,
    witness: str,
    person_function: str = "",
    addressee: Addressee | None = None,
) -> OnBehalf:
    """Who said it, how, when, before whom; the person is asked to confirm, and an HC decision escalates after 72 h."""
    if person is not None and person == made.by:
        raise Refused("need", _("You cannot record your own word as somebody else's."))
    if received_at > made.now:
        raise Refused("need", _("What you record cannot have been said in the future."))
    if person is not None:
        _check_signer(made, person)
        made.said_under = workflow.actor(made.line, made.case, person)
    elif made.line.code in DECISIONS:
        raise Refused("need", _("Name the Humanitarian Coordinator who decided."))
    row = OnBehalf.objects.create(
        case=made.case,
        act=made.line.code,
        person=person,
        person_function=person_function or (person.function_title or str(person) if person else ""),
        addressee=addressee,
        source=source,
        received_at=received_at,
        witness=witness,
        recorded_by=made.by,
        recorded_at=made.now,
    )
    if person is not None:
        made.tell(person, "write" if made.line.code in ORAL else "confirm")
        if row.due_at:
            Reminder.objects.create(
                subject_kind=made.case.activity_kind,
                subject_id=made.case.pk,
                key=f"confirm.{row.pk}",
                due_at=row.due_at,
            )
    return row


def _check_signer(made: Made, person: User) -> None:
    """The person whose word is recorded must hold the right themselves, now, on this case."""
    refused = workflow.refusal(made.case, made.line.code, person, now=made.now)
    if refused and refused.kind in ("right", "need"):
        raise Refused("need", _("%(person)s: %(why)s") % {"person": person, "why": refused.sentence})
