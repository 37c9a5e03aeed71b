"""What does the page of one request show to this reader? Reads the case and its dossier; saves nothing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from cmcoord.accounts import duty, scope
from cmcoord.accounts.roles import CLUSTERS, Perm
from cmcoord.activity.barrier import may_see, seen
from cmcoord.ui.templatetags.ui import when
from requests_app import (
    alarms,
    buttons,
    calling,
    case_told,
    chain,
    classes,
    consents,
    convoy,
    dossier,
    filed_for,
    guards,
    guidelines,
    ledger,
    patrols,
    rounds,
    sheet_page,
    team_page,
    transmission,
    turns,
    workflow,
)
from requests_app.deadlines import Allowance, Running
from requests_app.forms.pieces import as_find
from requests_app.issuing import rights
from requests_app.models import Case, Comment, Decision, Status, Urgency
from requests_app.models.process import ORAL
from requests_app.questions import REVIEW, questions
from requests_app.services import current_clocks
from requests_app.services.confirming import why_not_ask
from requests_app.services.joining import why_not_ask as why_not_ask_to_join
from requests_app.services.reviewing import audiences_for
from requests_app.timeline import timeline
from requests_app.visibility import by_class, handles
from requests_app.voices import OBJECTIONS, opinions
from requests_app.who_reads import force_reads, readers, why_visible

RELEASES = 50
MOST_IN_PLACE = 5
CALLS = 3  # the last ones, on the card of what waits


def find(reference: str, user) -> Case | None:
    """The case, if this person may see it; dossier.read brings what stands beside it."""
    case = Case.objects.visible_to(user).filter(reference=reference).order_by().first()
    if case:
        case.seen_by = user.pk
    return case


def find_listed(reference: str, user) -> Case | None:
    """The case, if this person finds it in their list for its class alone."""
    names = ("country", "station", "organisation", "origin", "destination", "force__organisation")
    rows = Case.objects.listed_for(user).select_related(*names).prefetch_related("alternatives")
    case = rows.filter(reference=reference).order_by().first() if by_class(user) else None
    if case:
        case.listed_by = user.pk
    return case


def summary(case: Case, user) -> dict[str, Any]:
    """What the page prints to somebody of a station who reads of this request only what is restricted."""
    status, board = workflow.effective_status(case, timezone.now()), duty_board(case)
    return {
        "case": case,
        "zone": case.country.timezone,
        "status": Status(status),
        "colour": turns.COLOURS[status],
        "urgent": case.is_urgent and Urgency(case.urgency).label,
        "answers": case_told.answers(case, user),
        "alternatives": seen(user, case.alternatives.all(), "note"),
        "on_duty": calling.of_ocha(case, board),
    }


def context(case: Case, read: dossier.Dossier, user, *, every_event: bool = False, opened: str = "") -> dict[str, Any]:
    """Everything the template prints: one query for the events and three for who is on duty.

    Of a strictly confidential request it tells no reason of a step, unless `opened` says that they were asked for.
    """
    now = timezone.now()
    reasons = opened == "reasons" or not classes.is_closed(case, case)
    audiences = audiences_for(case, user)
    steps, board = _steps(case, user, now), duty_board(case)
    return {
        "case": case,
        "zone": case.country.timezone,
        **_standing(case, read, user, now, board, reasons=reasons),
        "team": team_page.card(case, user, now),
        **_readers(case, read, user),
        **_request(case, user),
        **_with_the_force(case, user),
        **_deliberation(case, read, user),
        **_outcome(case, user),
        **steps,
        **(_for_the_decider(case, user) if steps["decides"] else {}),
        **_class(case, user),
        "incident": _incident(case, user),
        "convoy": _convoy(case, user),
        "comments": seen(user, case.comments.all(), "text"),
        "events": timeline(case, user, audiences, every_event, reasons=reasons),
        "reasons": reasons,
        "printed": rights.offers(case, user, now),
        "releases": [ledger.line_of(row) for row in ledger.about(case, user)[:RELEASES]],
        "on_duty": calling.of_ocha(case, board),
        "key": uuid.uuid4(),
        "may_copy": case.status != Status.DRAFT and scope.has_perm(user, Perm.FILE_CASE, case),
    }


def _standing(
    case: Case, read: dossier.Dossier, user, now: datetime, board: calling.Board, *, reasons: bool
) -> dict[str, Any]:
    """Where the case stands, whose turn it is, and what was said when it came here."""
    status = workflow.effective_status(case, now)
    question = rounds.open_question(case) if status == "returned" else None
    clocks = running_clocks(case, read) if status == case.status else []
    waiting = turns.waiting(case, clocks, user, board)
    return {
        "status": Status(status),
        "colour": turns.COLOURS[status],
        "urgent": case.is_urgent and Urgency(case.urgency).label,
        "track": turns.track(case, status, clocks),
        "turn": waiting[0] if waiting else None,
        "others": waiting[1:],
        "still": turns.still(case, status),
        **_alarm(case, user),
        "returned": question if reasons else None,
        "rounds": [each for each in rounds.with_requester(case) if each.asked != question] if reasons else [],
        "coordinator_asks": _open_words(case, rounds.coordinator_asks(case)),
        "chain": chain.links(case) if calling.is_ocha(case, user) else [],
        "calls": list(case.calls.all())[::-1][:CALLS],
        "ended": case_told.end_of(case, status) if reasons else "",
        "missing": guidelines.missing_answers(case) if status in ("draft", "returned") else [],
        "recorded": case_told.recorded(case, guards.record_awaits(case, user)),
        "filed_for": _filed_for(case, user),
        "open_extension": next((row for row in _asked_longer(case, user) if row.decision_id is None), None),
    }


def _alarm(case: Case, user) -> dict[str, Any]:
    """The open alarm of a convoy on the road, with whom OCHA calls; once it is answered, what was decided."""
    if case.status != "underway":
        return {}
    if not alarms.is_open(case):
        return {"alarm_answer": next(iter(seen(user, filter(None, [alarms.last_answer(case)]), "decided")), None)}
    papers = [] if classes.is_closed(case, case) else list(case.extracts.all())
    road: dict[str, Any] = next((paper.content for paper in papers[::-1] if "road_contact" in paper.content), {})
    calls = calling.is_ocha(case, user) and road
    return {"alarm": {"leader": road["leader"], "telephone": road["road_contact"]} if calls else {"leader": ""}}


def _filed_for(case: Case, user) -> dict[str, Any] | None:
    """What OCHA filed for an organisation without an account, and whether this reader may ask it to confirm."""
    found = filed_for.standing(case)
    return found and {**found, "asks": not why_not_ask(case, found["record"], user)}


def _asked_longer(case: Case, user) -> list[Any]:
    return seen(user, case.extension_requests.all(), "reason")


def _convoy(case: Case, user) -> dict[str, Any]:
    """The other organisations: names for everybody who reads this page, sums for its organisation, parts for OCHA."""
    own = scope.has_perm(user, Perm.FILE_CASE, case)
    parts = convoy.sees_parts(user, case) and not classes.is_closed(case, case)
    rows = [row for row in case.participations.all() if row.state in convoy.OPEN_STATES or own]
    return {
        "rows": rows,
        "parts": parts,
        "sums": own or parts,
        "totals": convoy.totals(case),
        "asks": own and not why_not_ask_to_join(case, by=user),
        "takes_back": own and case.status in convoy.LEFT_IN,
    }


def _class(case: Case, user) -> dict[str, Any]:
    """How sensitive the request is, what of it is closed, and whether this reader may open it."""
    return {
        "strict": classes.is_closed(case, case),
        "closed": list(classes.closed(case)),
        "lowers": scope.has_perm(user, Perm.REVIEW_CASE, case) or scope.has_perm(user, Perm.CLEAR_CASE, case),
    }


def _readers(case: Case, read: dossier.Dossier, user) -> dict[str, Any]:
    return {
        "readers": readers(case, read),
        "force_reads": force_reads(case),
        "why_me": why_visible(case, user, read),
        "consents": get_text_list(consents.in_words(case), _("and")) if case.submitted_at else "",
    }


def _request(case: Case, user) -> dict[str, Any]:
    said = guidelines.findings(case)
    return {
        "answers": case_told.answers(case, user),
        "alternatives": seen(user, case.alternatives.all(), "note"),
        "files": seen(user, case.files.all(), "name"),
        "findings": [as_find(row) for row in said],
        "silent": case_told.silent(case, said),
        "as_found": case_told.as_found(case, said, user),
        "execution": None if case.is_rescue or case.is_patrol else sheet_page.line_of_case(case),
        "in_place": in_place(case, user),
    }


def in_place(case: Case, user) -> list[Case]:
    """Of a patrol the escort in whose place it was asked for, of an escort its patrols: those that the reader sees."""
    if case.is_patrol and case.instead_of_id:
        other = Q(pk=case.instead_of_id)
    elif case.is_escort:
        other = Q(instead_of=case)
    else:
        return []
    return list(Case.objects.visible_to(user).filter(other).order_by("id")[:MOST_IN_PLACE])


def _with_the_force(case: Case, user) -> dict[str, Any]:
    """What was sent, what was answered, and what is proposed."""
    return {
        "extracts": seen(user, case.extracts.all(), "sha256"),
        "replies": seen(user, case.replies.all(), "text"),
        "proposal": proposal(case, user),
        "patrols": patrols_of(case, user),
    }


def patrols_of(case: Case, user) -> dict[str, Any] | None:
    """The days that the force planned, what it did, and what the humanitarians say of it; None of other requests."""
    if not case.is_patrol:
        return None
    plan = next(iter([row for row in seen(user, case.replies.all(), "days") if row.days][::-1]), None)
    logged = seen(user, case.patrols.all(), "day")
    done = patrols.done(logged)
    feedback = next(iter(seen(user, case.patrol_feedback.all(), "text")), None)
    return {
        "plan": plan,
        "logs": patrols.side_by_side(logged),
        "done": len(done),
        "km": sum(log.km for log in done),
        "feedback": feedback,
    }


def _deliberation(case: Case, read: dossier.Dossier, user) -> dict[str, Any]:
    """What was advised and recommended, and what was decided before on the same axis."""
    countrywide = (Perm.SEE_COUNTRY_CASES, Perm.READ_FORWARDED)
    sees_country = any(case.country_id in scope.countries_for(user, perm) for perm in countrywide)
    recommended = seen(user, case.drafts.all(), "note")
    decides = Comment.Audience.DECISION in audiences_for(case, user)
    return {
        "opinions": opinions(case, user),
        "review": review(case, user),
        "draft": recommended[-1] if recommended else None,
        "before": _before(read, user, sees_country=sees_country) if decides else [],
        "sees_country": sees_country,
    }


def _before(read: dossier.Dossier, user, *, sees_country: bool) -> list[Decision]:
    """The last decisions on this axis, of those requests that the reader sees too: one query for who sees not all."""
    cases = {row.case_id: row.case for row in read.before}
    known = set(cases)
    if cases and not sees_country:
        known = set(Case.objects.visible_to(user).filter(pk__in=cases).order_by().values_list("pk", flat=True))
    for pk in known:
        cases[pk].seen_by = user.pk
    return seen(user, [row for row in read.before if row.case_id in known], "outcome")


def review(case: Case, user) -> dict[str, Any] | None:
    """What OCHA found, question by question, as this reader may know it; None before it is written."""
    row = next(iter(list(case.assessments.all())[::-1]), None)
    if row is None:
        return None
    facts = [
        (question.label, _found(row, question.field))
        for question in questions(case, REVIEW)
        if getattr(row, question.field) and may_see(user, row, question.field)
    ]
    return {"row": row, "facts": facts}


def _found(row, name: str) -> str:
    if name == "clusters":
        return get_text_list([str(CLUSTERS.get(code, code)) for code in row.clusters], _("and"))
    display = getattr(row, f"get_{name}_display", None)
    return str(display()) if display else getattr(row, name)


@dataclass(frozen=True)
class Compared:
    """One limit as it was approved, and what the force proposes instead; `outside` is for a new decision."""

    label: str
    approved: Any
    proposed: Any = None
    outside: bool = False


def proposal(case: Case, user) -> dict[str, Any] | None:
    """What the force proposes beside what was approved, while its reply stands; None at any other time."""
    reply, decision = transmission.standing_reply(case), case.decision
    if reply is None or decision is None or not (may_see(user, reply, "text") and may_see(user, decision, "axis")):
        return None

    def moment(label: str, asked: datetime | None, proposed: datetime | None) -> Compared:
        outside = proposed is not None and not decision.valid_from <= proposed <= decision.valid_to
        zone = case.country.timezone
        return Compared(label, when(asked, "short", zone), proposed and when(proposed, "short", zone), outside)

    force, axis = reply.other_force, reply.other_axis
    rows = [
        Compared(_("Provider"), decision.force, force, bool(force) and force != decision.force),
        Compared(_("Area"), decision.where, axis, bool(axis) and axis != decision.axis),
        moment(_("Departure"), case.departure_at, reply.departure_at),
        moment(_("Latest end"), case.window_to, reply.window_to),
    ]
    return {"reply": reply, "rows": rows, "limits": decision, "agreement": transmission.agreement(case)}


def _outcome(case: Case, user) -> dict[str, Any]:
    logged = case_told.rotations_logged(case, user)
    decisions = seen(user, case.decisions.all(), "reason")[::-1]
    written = {row.decision_id: row for row in seen(user, case.written_confirmations.all(), "text")}
    for row in decisions:
        row.written = written.get(row.pk)
    return {
        "decisions": decisions,
        "rotations": logged,
        "disagree": case.status == "underway" and any(rotation["disagree"] for rotation in logged),
        "report": case_told.after_action(case, user),
    }


def _steps(case: Case, user, now: datetime) -> dict[str, Any]:
    """The buttons by their place: expected now, other steps, greyed ones; those with a card of their own apart."""
    every = buttons.offered(case, user, now)
    decides = any(button.code in ("approve", "establish_consensus") for button in every)
    elsewhere = (*buttons.IN_A_CARD, *(buttons.DECIDED_WITH if decides else ()))
    listed = [button for button in every if button.code not in elsewhere]
    recordables, said = buttons.recordables(case, user, now), {buttons.record_url(case, code) for code in ORAL}
    return {
        "buttons": {button.code: button for button in every},
        "decides": decides,
        "now_buttons": [button for button in listed if button.main and not button.why],
        "other_buttons": [button for button in listed if not button.main and not button.why],
        "refused": [button for button in listed if button.why],
        "can_call": any(button.code == "call" for button in every),
        "can_comment": any(button.code == "comment" for button in every),
        "consent_buttons": [button for button in every if button.code in buttons.CONSENTS],
        "recordables": recordables,
        "by_word": [each for each in recordables if each[1] in said],
    }


def _for_the_decider(case: Case, user) -> dict[str, Any]:
    right = scope.grant_for(user, Perm.DECIDE_CASE, case)
    return {
        "asked_before": [each for each in rounds.for_the_decider(case) if _is_open(case, each)],
        "objections_first": sorted(opinions(case, user), key=lambda voice: OBJECTIONS.index(voice.colour)),
        "own_case": user.organisation_id == case.organisation_id,
        "delegation": next((row for row in scope.delegations(user) if right and row.pk == right.delegation_id), None),
    }


def _incident(case: Case, user) -> dict[str, Any] | None:
    """The requester reads that OCHA was called, and OCHA finds the draft; to all others nothing is said."""
    row, reads = getattr(case, "incident", None), handles(user, case)
    if row is None or not (reads or scope.has_perm(user, Perm.FILE_CASE, case)):
        return None
    return {"row": row, "reads": reads}


def _is_open(case: Case, talk: rounds.Round) -> bool:
    """Is neither the question nor the answer a comment that is closed?"""
    rows = (row for row in (talk.asked, talk.given) if isinstance(row, Comment))
    return not any(classes.is_closed(case, row) for row in rows)


def _open_words(case: Case, row: Comment | None) -> Comment | None:
    """A comment that its page may quote."""
    return None if row is None or classes.is_closed(case, row) else row


def running_clocks(case: Case, read: dossier.Dossier) -> list[Running]:
    """The running clocks from rows that the page has read already."""
    calendar = None if case.is_urgent else case.station.work_calendar(read.holidays)
    return current_clocks(case, allowance=Allowance(read.minutes, calendar), moves=case.moves.all())


def duty_board(case: Case) -> calling.Board:
    """Who of OCHA is on duty at every station of the country: three queries."""
    return duty.duty_board(case.country, Perm.REVIEW_CASE)
