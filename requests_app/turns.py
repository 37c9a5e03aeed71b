"""Whose turn is it, in words? The stages of a case, its running clocks, what is expected of a reader."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity
from cmcoord.ui.durations import in_words
from cmcoord.ui.templatetags.ui import moment_in_words
from requests_app import calling, classes, consensus, transmission
from requests_app.deadlines import Running
from requests_app.models import Case, Decision, DecisionOutcome, Move, Opinion, Status, TeamSeat
from requests_app.models.case import body_name
from requests_app.models.terms import ENDED

# status → colour of its badge; colour is never the only sign
COLOURS: dict[str, str] = {
    "draft": "grey", "submitted": "blue", "reviewing": "blue", "returned": "amber", "unreceivable": "red",
    "civilian": "green", "clearing": "blue", "consulting": "blue", "deciding": "blue", "approved": "green",
    "denied": "red", "transmitted": "blue", "acknowledged": "blue", "accepted": "green", "limited": "amber",
    "declined": "red", "countered": "amber", "scheduled": "green", "underway": "green", "aborted": "red",
    "completed": "green", "reporting": "amber", "closed": "grey", "expired": "red", "withdrawn": "grey",
    "suspended": "amber", "cancelled": "red",
}  # fmt: skip

STAGES: dict[str, str | Promise] = {
    "submitted": gettext_lazy("Submitted"),
    "cluster": gettext_lazy("Cluster"),
    "security": gettext_lazy("Security opinion"),
    "ocha": gettext_lazy("OCHA"),
    "hc": gettext_lazy("HC decision"),
    "force": gettext_lazy("Force reply"),
    "scheduling": gettext_lazy("Scheduling"),
    "road": gettext_lazy("Under way"),
    "after": gettext_lazy("After action"),
}
ORDER = tuple(STAGES)
STAGE_OF: dict[str, str] = {
    "draft": "submitted", "submitted": "ocha", "reviewing": "ocha", "returned": "submitted", "clearing": "ocha",
    "consulting": "hc", "deciding": "hc", "approved": "force", "transmitted": "force", "acknowledged": "force",
    "declined": "force", "countered": "scheduling", "accepted": "scheduling", "limited": "scheduling",
    "scheduled": "road", "underway": "road", "completed": "after", "aborted": "after", "reporting": "after",
    "closed": "after",
}  # fmt: skip
STOPPED = (*(status for status in ENDED if status != "closed"), "suspended")


@dataclass(frozen=True)
class Turn:
    """What a running clock asks, of the reader and of somebody else; `perm` is the right that makes it the reader's."""

    yours: str | Promise
    theirs: str | Promise
    perm: str


TURNS: dict[str, Turn] = {
    "station": Turn(
        gettext_lazy("Please review this request"), gettext_lazy("%(who)s reviews the request"), Perm.REVIEW_CASE
    ),
    "cluster": Turn(
        gettext_lazy("Your cluster's opinion is asked"), gettext_lazy("%(who)s is asked for an opinion"), ""
    ),
    "security": Turn(gettext_lazy("Your opinion is asked"), gettext_lazy("%(who)s is asked for an opinion"), ""),
    "national": Turn(
        gettext_lazy("Please clear this request and draft the decision"),
        gettext_lazy("%(who)s clears the request and drafts the decision"),
        Perm.CLEAR_CASE,
    ),
    "consultation": Turn(
        gettext_lazy("Your position is asked"),
        gettext_lazy("%(who)s is consulted"),
        Perm.TAKE_POSITION,
    ),
    "hc": Turn(gettext_lazy("Please decide"), gettext_lazy("%(who)s decides"), Perm.DECIDE_CASE),
    "transmission": Turn(
        gettext_lazy("Please transmit this request to the force"),
        gettext_lazy("%(who)s transmits the request to the force"),
        Perm.TRANSMIT_CASE,
    ),
    "acknowledgement": Turn("", gettext_lazy("%(who)s acknowledges receipt"), Perm.ANSWER_AS_FORCE),
    "reply": Turn("", gettext_lazy("%(who)s replies"), Perm.ANSWER_AS_FORCE),
    "scheduling": Turn(
        gettext_lazy("Please schedule the escort"), gettext_lazy("%(who)s schedules the escort"), Perm.TRANSMIT_CASE
    ),
    "weighing": Turn(
        gettext_lazy("Please weigh the reply of the force against the approval"),
        gettext_lazy("%(who)s weighs the reply of the force"),
        Perm.TRANSMIT_CASE,
    ),
    "agreement": Turn(
        gettext_lazy("Please agree to what the force proposes, or say no"),
        gettext_lazy("%(who)s agrees to what the force proposes, or refuses it"),
        Perm.FILE_CASE,
    ),
    "limits": Turn(
        gettext_lazy("Please agree to the limits of the force, or write to OCHA why not"),
        gettext_lazy("%(who)s agrees to the limits of the force"),
        Perm.FILE_CASE,
    ),
    "answer": Turn(
        gettext_lazy("Please complete your request and send it again"),
        gettext_lazy("%(who)s completes the request"),
        Perm.FILE_CASE,
    ),
    "sheet": Turn(
        gettext_lazy("Please fill in the execution sheet"),
        gettext_lazy("%(who)s fills in the execution sheet"),
        Perm.FILE_CASE,
    ),
    "form": Turn(
        gettext_lazy("Please file the full form"), gettext_lazy("%(who)s files the full form"), Perm.FILE_CASE
    ),
    "writing": Turn(
        gettext_lazy("Please confirm your decision in writing"),
        gettext_lazy("%(who)s confirms the decision in writing"),
        Perm.DECIDE_CASE,
    ),
    "after_action": Turn(
        gettext_lazy("Please file the after-action review"),
        gettext_lazy("%(who)s files the after-action review"),
        Perm.FILE_CASE,
    ),
}

# What a page says when no clock runs: status → sentence
STILL: dict[str, str | Promise] = {
    "draft": gettext_lazy("This draft has not been submitted yet."),
    "scheduled": gettext_lazy("The escort is scheduled. Whoever leaves logs the start."),
    "underway": gettext_lazy("The convoy is under way. Both sides log each start and end."),
    "suspended": gettext_lazy("Suspended: nothing moves until OCHA or the Humanitarian Coordinator resumes it."),
    "unreceivable": gettext_lazy("Ended: not receivable."),
    "civilian": gettext_lazy("Ended well: the need is met by civilian means."),
    "denied": gettext_lazy("Ended: denied. One appeal with new facts is possible."),
    "closed": gettext_lazy("Closed."),
    "expired": gettext_lazy("Ended: its time has passed without an escort."),
    "withdrawn": gettext_lazy("Ended: withdrawn by the requesting organisation."),
    "cancelled": gettext_lazy("Ended: cancelled."),
}


# The same of a patrol, which nobody decides and no convoy follows.
STILL_OF_PATROLS: dict[str, str | Promise] = {
    "accepted": gettext_lazy("The force has planned the patrols; it logs each of them."),
    "limited": gettext_lazy("The force has planned a part of the patrols; it logs each of them."),
    "underway": gettext_lazy("The patrols are under way; the force logs each of them."),
    "expired": gettext_lazy("Ended: its time has passed without a patrol."),
}
NEVER_OF_PATROLS = ("cluster", "security", "hc", "scheduling")
TURNS_OF_PATROLS: dict[str, Turn] = {
    "station": Turn(
        gettext_lazy("Please look at this request and pass it on to the force"),
        gettext_lazy("%(who)s passes the request on to the force"),
        Perm.REVIEW_CASE,
    ),
    "reply": Turn("", gettext_lazy("%(who)s plans the patrols"), Perm.ANSWER_AS_FORCE),
    "after_action": Turn(
        gettext_lazy("Please say what the patrols changed"),
        gettext_lazy("%(who)s says what the patrols changed"),
        Perm.FILE_CASE,
    ),
}


def still(case: Case, status: str) -> str | Promise:
    """What a page says when no clock runs."""
    return (STILL_OF_PATROLS if case.is_patrol else {}).get(status) or STILL.get(status, "")


def turn_of(case: Case, step: str) -> Turn:
    return (TURNS_OF_PATROLS if case.is_patrol else {}).get(step) or TURNS[step]


def owner(case: Case, clock: Running) -> str:
    """Who holds this clock, by function and place: "OCHA Bria", "the Logistics cluster"."""
    if clock.body:
        return capfirst(body_name(clock.body))
    return {
        "station": _("OCHA %(place)s") % {"place": case.station},
        "ocha": _("OCHA %(place)s") % {"place": case.station},
        "national": _("OCHA, national unit"),
        "team_awaited": capfirst(_("Humanitarian Country Team")),
        "coordinator": _("Humanitarian Coordinator"),
        "requester": str(case.organisation),
        "force": str(case.provider() or _("The force")),
    }[clock.owner]


def is_yours(case: Case, clock: Running, user) -> bool:
    """Does this clock run on the reader?"""
    if clock.body.startswith("cluster:"):
        return (case.country_id, clock.body.partition(":")[2]) in scope.clusters_for(user, Perm.ADVISE_CLUSTER)
    if clock.step == "consultation":
        seat = consensus.seat_of(user, case)
        return seat is not None and seat.position is None and seat.row.voice != TeamSeat.Voice.REQUESTER
    asked = {"undss": Perm.ADVISE_UN_SECURITY, "ngo_adviser": Perm.ADVISE_NGO_SECURITY}.get(clock.body)
    perm = asked or TURNS[clock.step].perm
    return bool(perm) and scope.has_perm(user, perm, case)


@dataclass(frozen=True)
class Waiting:
    """One running clock as a page prints it."""

    sentence: str
    whose: str
    due: datetime
    yours: bool
    contacts: tuple[calling.Contact, ...] = ()


def waiting(case: Case, clocks: list[Running], user, board: calling.Board | None = None) -> list[Waiting]:
    """Every running clock in words: the reader's own first, then the one of the status, then the others.

    With the `board` of who is on duty also whom to call about each; nobody is named twice.
    """
    found = []
    for clock in _as_asked(case, clocks):
        whose, yours = owner(case, clock), is_yours(case, clock, user)
        turn = turn_of(case, clock.step)
        sentence = str(turn.yours) if yours and turn.yours else str(turn.theirs) % {"who": whose}
        reached = tuple(calling.contacts(case, clock, board, user)) if board else ()
        found.append((not yours, bool(clock.body), Waiting(sentence, whose, clock.due, yours, reached)))
    return _each_once([row for _mine, _beside, row in sorted(found, key=lambda each: each[:2])])


def _each_once(rows: list[Waiting]) -> list[Waiting]:
    """The same turns, each person and telephone only under the first that names them."""
    known: set[tuple[str, str]] = set()
    found = []
    for row in rows:
        new = {(each.name, each.telephone): each for each in row.contacts if (each.name, each.telephone) not in known}
        known |= new.keys()
        found.append(replace(row, contacts=tuple(new.values())))
    return found


def _as_asked(case: Case, clocks: list[Running]) -> list[Running]:
    """Until the requester has agreed to what the force proposes, OCHA weighs it; both within the same clock."""
    if transmission.standing_reply(case) is None or transmission.agreement(case):
        return clocks
    found = []
    asked = "limits" if case.status == "limited" else "agreement"
    for clock in clocks:
        if clock.step == "scheduling":
            found += [replace(clock, step="weighing"), replace(clock, step=asked, owner="requester")]
        else:
            found.append(clock)
    return found


def track(case: Case, status: str, clocks: list[Running]) -> list[dict[str, str | Promise]]:
    """The stages with what happened in each; exactly one of them is where the case stands."""
    moves = list(case.moves.all())
    stopped = status in STOPPED
    here = _stage_before_the_stop(moves) if stopped else STAGE_OF[status]
    if case.is_patrol and here == "scheduling":
        here = "road"  # planned: what follows are the patrols
    steps = []
    for name in ORDER:
        if case.is_patrol and name in NEVER_OF_PATROLS:
            continue
        state = _state(name, here)
        detail = _DETAILS[name](case, moves, clocks)
        if name == here:
            state = "stopped" if stopped and status != "civilian" else "done" if status == "closed" else "now"
            detail = str(Status(status).label) if stopped else _now(case, status, clocks) or detail
        elif name in ("cluster", "security"):
            state, detail = _opinion_stage(case, name, clocks, state)
        steps.append({"label": STAGES[name], "state": state, "detail": detail})
    _mark_next(steps, stopped or status == "closed")
    return steps


def _state(name: str, here: str) -> str:
    return "done" if ORDER.index(name) < ORDER.index(here) else "ahead"


def _mark_next(steps: list[dict], ended: bool) -> None:
    following = next((step for step in steps if step["state"] == "ahead"), None)
    if following and not ended:
        following["state"] = "next"


def _stage_before_the_stop(moves: list[Move]) -> str:
    for move in reversed(moves):
        if move.from_status != move.to_status and move.from_status not in STOPPED:
            return STAGE_OF[move.from_status]
    return "submitted"


BESIDE = ("sheet", "form", "writing")  # written while the case goes on


def _now(case: Case, status: str, clocks: list[Running]) -> str:
    main = next((clock for clock in clocks if not clock.body and clock.step not in BESIDE), None)
    if status == "scheduled":
        if case.departure_at is None or case.sensitivity == Sensitivity.STRICT:
            return ""
        return _("leaves %(when)s") % {"when": moment_in_words(case.departure_at)}
    if status == "underway":
        if case.is_patrol:
            return _("patrols since %(when)s") % {"when": _first(list(case.moves.all()), "log_patrol")}
        return _("since %(when)s") % {"when": _last(list(case.moves.all()), "start")}
    if main is None:
        return str(Status(status).label)
    left = main.due - timezone.now()
    if left.total_seconds() < 0:
        return _("late by %(time)s") % {"time": in_words(left)}
    return _("%(time)s left") % {"time": in_words(left)}


def _opinion_stage(case: Case, name: str, clocks: list[Running], state: str) -> tuple[str, str]:
    """Cluster and security run beside the review: done when answered or silent, skipped when nobody was asked."""
    bodies = _bodies_of(case, name)
    if not bodies:
        return ("skipped", _("not asked") if case.submitted_at else "") if case.submitted_at else ("ahead", "")
    last = next((row for row in list(case.opinions.all())[::-1] if row.body in bodies), None)
    if last and classes.is_closed(case, last):
        return "done", moment_in_words(last.at)
    if last:
        return "done", _("%(opinion)s, %(when)s") % {
            "opinion": last.get_value_display(), "when": moment_in_words(last.at)
        }  # fmt: skip
    asked = [row for row in case.consultations.all() if row.body in bodies]
    if asked and not any(row.is_waiting for row in asked):
        return "done", _("no answer")
    return "waiting", _("waiting")


def _bodies_of(case: Case, name: str) -> set[str]:
    asked = case.consulted_bodies()
    if name == "cluster":
        return {body for body in asked if body.startswith("cluster:")}
    if case.submitted_at is None:
        return set()
    if case.un_on_board:
        return {"undss"}
    return {"own_security", *({"undss", "ngo_adviser"} & asked)}


def _last(moves: list[Move], *codes: str) -> str:
    found = next((move for move in reversed(moves) if move.code in codes), None)
    return moment_in_words(found.at) if found else ""


def _first(moves: list[Move], code: str) -> str:
    return _last(moves[::-1], code)


def _of_ocha(case: Case, moves: list[Move], clocks: list[Running]) -> str:
    cleared = _last(moves, "forward", "open_consultation")
    return _("cleared %(when)s") % {"when": cleared} if cleared else ""


def _of_hc(case: Case, moves: list[Move], clocks: list[Running]) -> str:
    decided = next((row for row in list(case.decisions.all())[::-1] if row.kind == Decision.Kind.REQUEST), None)
    if decided is None or case.decision_id is None:
        return ""
    word = _("approved %(when)s") if decided.outcome == DecisionOutcome.APPROVED else _("denied %(when)s")
    return word % {"when": moment_in_words(decided.decided_at)}


def _of_force(case: Case, moves: list[Move], clocks: list[Running]) -> str:
    reply = next(iter(list(case.replies.all())[::-1]), None)
    return f"{reply}, {moment_in_words(reply.at)}" if reply else ""


_DETAILS = {
    "submitted": lambda case, moves, clocks: moment_in_words(case.submitted_at) if case.submitted_at else "",
    "cluster": lambda case, moves, clocks: "",
    "security": lambda case, moves, clocks: "",
    "ocha": _of_ocha,
    "hc": _of_hc,
    "force": _of_force,
    "scheduling": lambda case, moves, clocks: _last(moves, "schedule"),
    "road": lambda case, moves, clocks: _last(moves, "complete", "abort"),
    "after": lambda case, moves, clocks: _last(moves, "close", "waive", "give_feedback"),
}

OPINION_COLOURS: dict[str, str] = {
    Opinion.Value.ENDORSED: "green",
    Opinion.Value.FAVOURABLE: "green",
    Opinion.Value.CIVILIAN: "blue",
    Opinion.Value.MEASURES: "amber",
    Opinion.Value.NOT_PRIORITY: "amber",
    Opinion.Value.UNFAVOURABLE: "red",
}
