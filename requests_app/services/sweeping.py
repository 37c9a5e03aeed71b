"""What happens by itself: requests expire, silence passes on, after-actions fall due, reminders go out once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cmcoord.activity.models import Reminder
from cmcoord.activity.services import Tell, record
from requests_app import chain, consensus, moves, transmission, workflow
from requests_app.models import Addressed, Case, Consultation, Extract, OnBehalf, RequestType
from requests_app.models.terms import RUNNING
from requests_app.services.clocks import current_clocks, refresh_clocks
from requests_app.services.made import Refused, locked
from requests_app.services.moving import make_move
from requests_app.telling import AUDIENCES, audience, body_people, duty_lines, force_people, headquarters_of
from requests_app.transmission import force_path, force_url, is_acknowledged

BATCH = 200
MOVEMENT_OVER = ("completed", "aborted", "reporting", "closed")  # nothing more is expected of the force
ESCALATES_TO: dict[str, tuple[str, ...]] = {
    "cluster": ("station", "national"),
    "security": ("station", "national"),
    "station": ("national",),
    "national": ("head_of_office",),
    "consultation": ("coordinator", "national"),
    "hc": ("head_of_office", "national"),
    "transmission": ("national", "head_of_office"),
    "acknowledgement": ("force_headquarters", "ocha"),
    "reply": ("force_headquarters", "ocha"),
    "scheduling": ("national", "head_of_office"),
    "answer": ("station",),
    "after_action": ("station",),
    "sheet": ("station",),
    "form": ("station",),
    "writing": ("head_of_office",),
}
EXPECTED: dict[str, str] = {
    "cluster": "advise",
    "security": "advise",
    "station": "review",
    "national": "clear",
    "consultation": "take_position",
    "hc": "decide",
    "transmission": "transmit",
    "acknowledgement": "acknowledge",
    "reply": "reply",
    "scheduling": "schedule",
    "answer": "answer",
    "after_action": "after_action",
    "sheet": "sheet",
    "form": "form",
    "writing": "write",
}

OF_PATROLS = {"station": "pass_on", "reply": "plan", "after_action": "feedback"}


def expire_due(now: datetime, limit: int = BATCH) -> int:
    """Write what why_not says already: approvals past their end, undecided requests past their window."""
    over = Q(status__in=(*RUNNING, "suspended"), ends_at__lt=now) | Q(
        status__in=moves.BEFORE_DECISION, ends_at=None, window_to__lt=now
    )
    return _each(Case.objects.filter(over).order_by("id")[:limit], "expire", now)


def report_due(now: datetime, limit: int = BATCH) -> int:
    """Completed and aborted cases ask for their after-action."""
    return _each(Case.objects.filter(status__in=("completed", "aborted")).order_by("id")[:limit], "report", now)


def end_patrols_due(now: datetime, limit: int = BATCH) -> int:
    """Patrols whose period is over ask for what they changed."""
    rows = Case.objects.filter(request_type=RequestType.PATROL, status="underway", ends_at__lt=now)
    return _each(rows.order_by("id")[:limit], "end_patrols", now)


def _each(cases, code: str, now: datetime) -> int:
    done = 0
    for case in list(cases):
        try:
            make_move(case, code, by=None, now=now)
        except Refused:
            continue
        done += 1
    return done


def flag_overruns(now: datetime, limit: int = BATCH) -> int:
    """An operation still under way at the end of its approval ends normally; OCHA and the requester are told once."""
    rows = Case.objects.filter(status="underway", ends_at__lt=now).exclude(request_type=RequestType.PATROL)
    rows = rows.order_by("id")[:limit]
    return sum(_flag_overrun(case, now) for case in list(rows))


@transaction.atomic
def _flag_overrun(case: Case, now: datetime) -> bool:
    case = locked(case)
    _row, is_new = Reminder.objects.get_or_create(
        subject_kind=case.activity_kind,
        subject_id=case.pk,
        key=f"overrun.{case.decision_id}",
        defaults={"due_at": case.ends_at or now, "sent_at": now},
    )
    if is_new:
        record(
            case,
            "case.overrun",
            by=None,
            data={"timezone": case.country.timezone, "duty": duty_lines(case)},
            tell=audience(case, (("ocha", "act"), ("requester", ""))),
            at=now,
        )
    return is_new


def lapse_due(now: datetime, limit: int = BATCH) -> int:
    """A consulted body that stayed silent until its time was over passes on as "no answer"."""
    waiting = Consultation.objects.filter(answered_at=None, lapsed_at=None, due_at__lt=now).order_by("id")[:limit]
    done = 0
    for row in list(waiting):
        with transaction.atomic():
            case = locked(row.case)
            row.refresh_from_db()
            if not row.is_waiting or case.status not in ("submitted", "reviewing", "clearing"):
                continue
            row.lapsed_at = now
            row.save(update_fields=["lapsed_at"])
            refresh_clocks(case, now)
            case.save(update_fields=["due_at"])
            record(case, "case.lapse", by=None, data={"body": row.body}, tell=audience(case, (("ocha", ""),)), at=now)
            done += 1
    return done


def remind_due(now: datetime, limit: int = BATCH) -> int:
    """Send each reminder and escalation that is due exactly once; those of clocks that stopped become void."""
    rows = Reminder.objects.due(now).filter(subject_kind=Case.activity_kind)[:limit]
    return sum(_remind(row.pk, now) for row in list(rows))


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    reminder = Reminder.objects.select_for_update().get(pk=pk)
    if reminder.sent_at or reminder.void_at:
        return False
    case = locked(Case(pk=reminder.subject_id))
    act = {"confirm": _confirmation, "receive": _receipt}.get(reminder.key.partition(".")[0], _clock)
    sent = act(case, reminder, now)
    if sent:
        reminder.sent_at = now
    else:
        reminder.void_at = now
    reminder.save(update_fields=["sent_at", "void_at"])
    return sent


def _clock(case: Case, reminder: Reminder, now: datetime) -> bool:
    key, _sep, which = reminder.key.rpartition(".")
    name, _sep, stamp = key.rpartition(".")
    clock = next((clock for clock in current_clocks(case) if clock.key == name), None)
    if clock is None or f"{int(clock.since.timestamp())}-{int(clock.due.timestamp())}" != stamp:
        return False
    if workflow.effective_status(case, now) != case.status:
        return False
    if clock.step == "acknowledgement" and is_acknowledged(transmission.addressed(case)):
        return False  # received while the case was suspended
    if which == "half" and clock.due <= now:
        return False  # the worker stood still: the notice that the time is over says it all
    if clock.step == "consultation" and which == "due":
        return _window_over(case, now)
    expects = _expected(case, clock.step)
    owners = body_people(case, clock.body) if clock.body else AUDIENCES[clock.owner](case)
    tells = audience(case, [(name, "act") for name in ESCALATES_TO[clock.step]]) if which == "due" else []
    upcoming = chain.next_to_call(case) if clock.owner == "force" else None
    data = {"clock": clock.step, "owner": clock.body or clock.owner, "due": clock.due.isoformat(),
            "timezone": case.country.timezone, "duty": duty_lines(case)}  # fmt: skip
    if case.force_reference and clock.owner == "force":
        data |= {"force_reference": case.force_reference, "force_url": force_url(case)}
    if upcoming and which == "due":
        data |= _to_call(upcoming)
        tells += _of_chain(upcoming)
    record(
        case,
        "case.escalate" if which == "due" else "case.remind",
        by=None,
        data=data,
        tell=[*(Tell(person, expects) for person in owners), *tells],
        at=now,
    )
    return True


def _window_over(case: Case, now: datetime) -> bool:
    """The time of the country team is over: nothing is decided by it, but the Coordinator is asked to conclude."""
    silent = consensus.not_reached(case)
    consultation = case.team_consultation
    consultation.ready_at = now
    consultation.save(update_fields=["ready_at"])
    clocks = refresh_clocks(case, now)
    case.save(update_fields=["due_at"])
    record(
        case,
        "case.window_over",
        by=None,
        data={"not_reached": len(silent), "timezone": case.country.timezone, "duty": duty_lines(case),
              "clocks": {clock.step: clock.due.isoformat() for clock in clocks}},
        tell=audience(case, (("coordinator", "decide"), ("national", "act"), ("team_awaited", "take_position"))),
        at=now,
    )  # fmt: skip
    return True


def _to_call(upcoming: Addressed) -> dict:
    """Whom of the force OCHA calls next, as its mail prints it."""
    return {"call_next": {"function": upcoming.function, "telephone": upcoming.addressee.telephone}}


def _of_chain(upcoming: Addressed) -> list[Tell]:
    """Whoever comes next in the chain hears that time has run out, if they have an account."""
    return [Tell(upcoming.account, "act")] if upcoming.account else []


def _expected(case: Case, step: str) -> str:
    """A reply that the requester has not agreed to is weighed before it is scheduled."""
    if step == "scheduling" and transmission.standing_reply(case) and not transmission.agreement(case):
        return "weigh"
    if case.is_patrol and step in OF_PATROLS:
        return OF_PATROLS[step]
    return EXPECTED[step]


def _receipt(case: Case, reminder: Reminder, now: datetime) -> bool:
    """A paper that the force has not acknowledged; when the time is over its headquarters and OCHA hear of it too."""
    _name, key, which = reminder.key.split(".")
    paper = Extract.objects.select_related("acknowledgement").get(pk=int(key))
    if is_acknowledged(paper) or case.status in MOVEMENT_OVER:
        return False
    due = paper.content["acknowledge_by"]
    if which == "half" and datetime.fromisoformat(due) <= now:
        return False
    tells = [Tell(person, "acknowledge") for person in force_people(paper, case)]
    if which == "due":
        tells += [Tell(person, "act") for person in headquarters_of(paper, case)]
        tells += audience(case, (("ocha", "act"),))
    upcoming = chain.next_to_call(case) if which == "due" else None
    tells += _of_chain(upcoming) if upcoming else []
    record(
        case,
        "case.escalate" if which == "due" else "case.remind",
        by=None,
        data={"clock": "acknowledgement", "owner": "force", "due": due, "clocks": {"acknowledgement": due},
              "extract": paper.number, "timezone": case.country.timezone, "duty": duty_lines(case),
              "force_reference": paper.force_reference, "force_url": force_path(paper.force_reference),
              **(_to_call(upcoming) if upcoming else {})},
        tell=tells,
        at=now,
    )  # fmt: skip
    return True


def _confirmation(case: Case, reminder: Reminder, now: datetime) -> bool:
    """A decision taken down by telephone and not confirmed in writing goes up (domain.md §2.8)."""
    row = OnBehalf.objects.select_related("person", "recorded_by").get(pk=int(reminder.key.partition(".")[2]))
    if not row.awaits_confirmation:
        return False
    record(
        case,
        "case.escalate",
        by=None,
        data={"clock": "confirmation", "owner": "coordinator", "duty": duty_lines(case)},
        tell=[Tell(row.person, "confirm"), *audience(case, (("head_of_office", "act"), ("national", "act")))],
        at=now,
    )
    return True
