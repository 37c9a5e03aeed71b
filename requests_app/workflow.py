"""The life of a request: may this person make this move now, why not, and which are theirs to choose from?

The moves themselves stand in the table of requests_app.moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F as models_f
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import rights, scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity import checks
from requests_app import consensus, guards, moves
from requests_app.models import Case, Status
from requests_app.models.terms import RUNNING
from requests_app.moves import Line
from requests_app.visibility import is_humanitarian


@dataclass(frozen=True)
class Refusal:
    """Why a move is not possible, and of which kind: undeclared, right, state or need."""

    kind: str
    sentence: str


@dataclass(frozen=True)
class Choice:
    """One move as a page offers it: available when `why_not` is empty."""

    line: Line
    why_not: str


def effective_status(case: Case, now: datetime | None = None) -> str:
    """The status as it counts now: a case past its end has expired, even before the sweep has written it."""
    now = now or timezone.now()
    if case.status in (*RUNNING, "suspended") and case.ends_at and now > case.ends_at:
        return Status.EXPIRED
    if case.status in moves.BEFORE_DECISION and case.window_to and now > case.window_to and not case.ends_at:
        return Status.EXPIRED
    return case.status


# Decisions and releases stand on the trail, so they stop with it, as does the end of a stop; a stop itself never does.
NEEDS_WHOLE_TRAIL = frozenset((
    "approve", "establish_consensus", "deny", "approve_orally", "deny_orally", "confirm_in_writing", "extend",
    "refuse_extension", "transmit", "retransmit", "schedule", "change", "send_sheet", "resume",
))  # fmt: skip


# Acts that stand on the right of whoever makes them: that right is compared with the events that gave it.
NEEDS_FOUNDED_RIGHT = NEEDS_WHOLE_TRAIL | {"redecide", "accept", "limit", "decline", "counter", "agree"}


def line_for(case: Case, code: str, now: datetime | None = None) -> Line | None:
    """The line of this move that starts from the case's status; system moves start from the stored status."""
    status = effective_status(case, now)
    for line in moves.lines(code):
        if (case.status if moves.PORTAL in line.who else status) in line.sources and exists(line, case):
            return line
    return None


def exists(line: Line, case: Case) -> bool:
    """Is the line part of the way in which a request of this type is decided in its country?"""
    return not line.only or case.profile.decision_for(case.request_type) in line.only


def declared_for(case: Case, code: str) -> list[Line]:
    """The lines of this move that exist for this request, whatever its status."""
    return [line for line in moves.lines(code) if exists(line, case)]


def mends_trail(case: Case, user) -> bool:
    """Who reads which row of the trail is bad: the national unit of the country and the administrators."""
    return scope.has_perm(user, moves.NATIONAL, case) or scope.has_perm(user, Perm.MANAGE_ACCOUNTS)


def why_trail_stops(case: Case, user) -> str:
    """ "" or why nothing is decided or transmitted in this country now; asked once for all buttons of a page."""
    if "trail_stop" not in case.__dict__:
        case.__dict__["trail_stop"] = checks.why_stopped(case.stream, in_detail=mends_trail(case, user))
    return case.__dict__["trail_stop"]


def why_right_stops(case: Case, user, *grants: scope.Grant | None) -> str:
    """ "" or why nothing is decided or released under one of these rights: it does not agree with its events."""
    in_detail = mends_trail(case, user)
    return next(filter(None, (rights.why_not_founded(grant, in_detail=in_detail) for grant in grants)), "")


def actor(line: Line, case: Case, user, *, recorded: bool = False) -> scope.Grant | None:
    """The appointment or stand-in under which the user may make this move; None = no right."""
    wanted: Iterable[str] = (Perm.RECORD_FOR_OTHERS,) if recorded else line.who
    for perm in wanted:
        nobodys = perm in (moves.PORTAL, moves.ANYBODY, moves.PERSON)
        if nobodys or (perm == Perm.RECORD_FOR_OTHERS and recorded and not line.recordable):
            continue
        grant = scope.grant_for(user, perm, case)
        if grant:
            return grant
    return None


def refusal(
    case: Case, code: str, user, *, now: datetime | None = None, recorded: bool = False, ignoring: tuple = ()
) -> Refusal | None:
    """None, or why this person cannot make this move on this case now. `user` None is the portal itself.

    `recorded`: an OCHA officer writes down what another person said; that person's own right is asked apart.
    """
    now = now or timezone.now()
    declared = declared_for(case, code)
    if not declared:
        return Refusal("undeclared", _("This step does not exist."))
    line = line_for(case, code, now)
    rights = [entry for entry in ((line,) if line else declared) if _has_right(entry, case, user, recorded)]
    if not rights:
        return Refusal("right", not_yours(line or declared[0]))
    if line is None:
        return Refusal("state", wrong_state(case, now))
    if code in NEEDS_WHOLE_TRAIL and (stopped := why_trail_stops(case, user)):
        return Refusal("need", stopped)
    grant = actor(line, case, user, recorded=recorded) if user else None
    for guard in line.needs:
        if guard in ignoring:
            continue
        sentence = guard(guards.Asked(case=case, user=user, grant=grant, now=now, recorded=recorded))
        if sentence:
            return Refusal("need", sentence)
    return None


def why_not(case: Case, code: str, user, *, now: datetime | None = None, recorded: bool = False) -> str:
    """ "" when the person may make the move now, else the sentence that tells why not."""
    refused = refusal(case, code, user, now=now, recorded=recorded)
    return refused.sentence if refused else ""


def choices(case: Case, user, *, now: datetime | None = None) -> list[Choice]:
    """The moves to show this person: those whose right they hold and that start from the present status."""
    now = now or timezone.now()
    shown = []
    for code in moves.CODES:
        line = line_for(case, code, now)
        if line is None or not line.offered:
            continue
        refused = refusal(case, code, user, now=now)
        if refused is None or refused.kind == "need":
            shown.append(Choice(line, refused.sentence if refused else ""))
    return shown


def recordables(case: Case, user, *, now: datetime | None = None) -> list[Line]:
    """The moves that this officer may write down now for somebody who telephoned."""
    now = now or timezone.now()
    found = (line_for(case, code, now) for code in moves.CODES)
    return [
        line
        for line in found
        if line and line.recordable and line.offered and refusal(case, line.code, user, now=now, recorded=True) is None
    ]


def _has_right(line: Line, case: Case, user, recorded: bool) -> bool:
    if user is None:
        return moves.PORTAL in line.who
    if moves.ANYBODY in line.who:
        return is_humanitarian(user) and _sees(case, user)
    if moves.PERSON in line.who:
        return guards.record_awaits(case, user) is not None
    return actor(line, case, user, recorded=recorded) is not None


def _sees(case: Case, user) -> bool:
    """A page that found the case through visible_to says so in `seen_by`, and is not asked again."""
    return case.seen_by == user.pk or Case.objects.visible_to(user).filter(pk=case.pk).exists()


def not_yours(line: Line) -> str:
    """The sentence for a person without the right: it names who holds it."""
    holders = {
        moves.OWN: _("the requesting organisation"),
        moves.STATION: _("OCHA at the duty station"),
        moves.NATIONAL: _("the national unit of OCHA"),
        moves.RELEASE: _("OCHA"),
        moves.COORDINATOR: _("the Humanitarian Coordinator"),
        moves.FORCE: _("the force"),
        Perm.ADVISE_CLUSTER: _("the cluster that was asked"),
        Perm.ADVISE_UN_SECURITY: _("UNDSS"),
        Perm.ADVISE_NGO_SECURITY: _("the security adviser of the NGOs"),
        Perm.TAKE_POSITION: _("the members of the country team"),
        Perm.SUSPEND_CASE: _("OCHA or the Humanitarian Coordinator"),
        Perm.WAIVE_AFTER_ACTION: _("OCHA"),
        Perm.RECORD_FOR_OTHERS: _("OCHA"),
        moves.PORTAL: _("the portal itself"),
        moves.PERSON: _("the person for whom it was recorded"),
        moves.ANYBODY: _("the humanitarian side"),
    }
    names = list(dict.fromkeys(holders[who] for who in line.who))
    return _("Only %(who)s can do this.") % {"who": _(" or ").join(names)}


def changed_meanwhile(case: Case) -> str:
    """The sentence for a stale page: who did what since it was opened."""
    last = case.moves.select_related("by").exclude(code__in=consensus.WORDS).order_by("-id").first()
    if last and last.by:
        return _("Meanwhile %(who)s changed this request (%(what)s). Please look at it as it is now.") % {
            "who": last.by,
            "what": moves.lines(last.code)[0].label,
        }
    return _("This request changed meanwhile. Please look at it as it is now.")


def wrong_state(case: Case, now: datetime | None = None) -> str:
    """The sentence for a right that comes too early or too late: what the case is now, and who made it so."""
    status = effective_status(case, now)
    if status != case.status:
        return _("This request has expired: its period has ended.")
    last = case.moves.select_related("by").exclude(from_status=models_f("to_status")).order_by("-id").first()
    state = Status(status).label
    if last and last.by:
        return _("This is no longer possible: the request is now “%(state)s” (%(who)s).") % {
            "state": state,
            "who": last.by,
        }
    return _("This is not possible while the request is “%(state)s”.") % {"state": state}
