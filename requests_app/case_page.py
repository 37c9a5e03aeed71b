"""What does the page of one request show to this reader? Reads the case and its dossier; saves nothing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import duty, scope
from cmcoord.accounts.roles import CLUSTERS, Perm
from cmcoord.activity.barrier import line_of, may_see, reach, seen
from cmcoord.guidance.clauses import CLAUSES, url_of
from cmcoord.places.models import Place
from cmcoord.ui.templatetags.ui import when
from requests_app import (
    alarms,
    buttons,
    calling,
    chain,
    classes,
    consents,
    convoy,
    dossier,
    filed_for,
    guards,
    guidelines,
    ledger,
    moves,
    patrols,
    provider,
    rotations,
    rounds,
    sheet_page,
    team_page,
    transmission,
    turns,
    workflow,
)
from requests_app.answered import answer_to
from requests_app.deadlines import Allowance, Running
from requests_app.forms.pieces import as_find, as_kept
from requests_app.issuing import rights
from requests_app.models import Case, Comment, Decision, DecisionOutcome, OnBehalf, RotationLog, Status, Urgency
from requests_app.models.process import ORAL
from requests_app.questions import FORM, FORM_STEP, REVIEW, ROWS, Question, questions, steps_of
from requests_app.services import current_clocks
from requests_app.services.confirming import why_not_ask
from requests_app.services.joining import why_not_ask as why_not_ask_to_join
from requests_app.services.reviewing import audiences_for
from requests_app.signed import conditions_of
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
        "answers": answers(case, user),
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
        "ended": _end(case, status) if reasons else "",
        "missing": guidelines.missing_answers(case) if status in ("draft", "returned") else [],
        "recorded": recorded(case, guards.record_awaits(case, user)),
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
        "answers": answers(case, user),
        "alternatives": seen(user, case.alternatives.all(), "note"),
        "files": seen(user, case.files.all(), "name"),
        "findings": [as_find(row) for row in said],
        "silent": silent(case, said),
        "as_found": as_found(case, said, user),
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
    logged = rotations_logged(case, user)
    decisions = seen(user, case.decisions.all(), "reason")[::-1]
    written = {row.decision_id: row for row in seen(user, case.written_confirmations.all(), "text")}
    for row in decisions:
        row.written = written.get(row.pk)
    return {
        "decisions": decisions,
        "rotations": logged,
        "disagree": case.status == "underway" and any(rotation["disagree"] for rotation in logged),
        "report": after_action(case, user),
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


# ── the request ──────────────────────────────────────────────────────────────────────────────────────────────────────


def answers(case: Case, user) -> list[tuple[str | Promise, list[tuple[str | Promise, Any]]]]:
    """All open answers by step, as (heading, [(question, answer)]); rows and files are printed apart."""
    steps = dict(steps_of(case))
    shown: dict[int, list] = {step: [] for step in steps}
    apart = (*ROWS, *classes.closed_fields(case))
    asked = questions(case)
    if case.is_rescue and case.submitted_at and case.form_due_at is None:
        steps, asked = steps | FORM_STEP, (*asked, *questions(case, FORM))
        shown |= {step: [] for step in FORM_STEP}
    for question in asked:
        if question.field not in apart and _may_read(user, case, question):
            shown[question.step].append((question.label, _as_told(case, answer_to(case, question), user)))
    return [(steps[step], rows) for step, rows in shown.items()]


def _may_read(user, case: Case, question: Question) -> bool:
    return all(may_see(user, case, name) for name in question.stored)


def _as_told(case: Case, answer: Any, user) -> Any:
    """A place with where it lies, as exactly as the reader may know it; who reads only what is restricted: its name."""
    position = answer.position_for(user.side) if isinstance(answer, Place) else None
    if position is None or line_of(answer, "latitude").sensitivity.rank > reach(user, case).rank:
        return answer
    doubt = "" if answer.position_verified else _("position not verified")
    return "\n".join(filter(None, (str(answer), f"{position.decimal} · {position.dms}", position.mgrs, doubt)))


def silent(case: Case, said: list[guidelines.Finding]) -> list[dict[str, str]]:
    """What the rules without a concern ask, by the clause they rest on."""
    loud = {row.clause for row in said}
    keys = dict.fromkeys(rule.clause_for(case) for rule in guidelines.silent_rules(case, said))
    return [
        {"clause": key, "clause_url": url_of(key), "point": CLAUSES[key].gist}
        for key in keys
        if key in CLAUSES and key not in loud
    ]


def as_found(case: Case, said: list[guidelines.Finding], user) -> list[dict[str, Any]]:
    """What was found when it was last sent and last decided, and what differs now."""
    now = {row.rule for row in said}
    newest = {row.occasion: row for row in seen(user, case.readings.all(), "findings")}
    return [
        {
            "row": row,
            "kept": [as_kept(each) | {"gone": each["rule"] not in now} for each in row.found],
            "new": [as_find(each) for each in said if each.rule not in {kept["rule"] for kept in row.found}],
        }
        for row in newest.values()
    ]


# ── what was decided and done ────────────────────────────────────────────────────────────────────────────────────────


def rotations_logged(case: Case, user) -> list[dict[str, Any]]:
    """Each rotation as both sides logged it, side by side, with what was corrected and where they disagree."""
    numbers: dict[int, dict[str, list]] = {}
    rows = seen(user, case.rotation_logs.all(), "note")
    standing = rotations.standing_logs(rows)
    for log in rows:
        line = {"log": log, "struck": log not in standing and log.what != RotationLog.What.NOTHING}
        numbers.setdefault(log.number, {"humanitarian": [], "force": []})[log.side].append(line)
    disagree = rotations.contradictions(standing)
    return [{"number": number, "disagree": number in disagree, **sides} for number, sides in sorted(numbers.items())]


TICKS: dict[str, tuple[str | Promise, str]] = {
    "yes": (gettext_lazy("respected"), "green"),
    "no": (gettext_lazy("not respected"), "red"),
    "na": (gettext_lazy("did not apply"), "grey"),
}


def after_action(case: Case, user) -> dict[str, Any] | None:
    """The after-action with a line for each condition; None while there is none."""
    found = case._state.fields_cache.get("after_action")
    if found is None or not may_see(user, found, "perception"):
        return None
    labels = dict(conditions_of(case.decision)) if case.decision_id else {}
    ticks = [
        (labels.get(tick["condition"], tick["condition"]), *TICKS.get(tick["answer"], (tick["answer"], "")))
        for tick in found.conditions_respected
    ]
    filed = next((move for move in case.moves.all() if move.code == "close"), None)
    return {"row": found, "ticks": ticks, "move": filed}


def _end(case: Case, status: str) -> str:
    """The reason that was given for the end or the pause."""
    last = next((move for move in list(case.moves.all())[::-1] if move.code in ENDED_BY.get(status, ())), None)
    if last and last.code == "suspend_provider":
        return provider.cannot_be_named(case)
    return last.reason if last else ""


ENDED_BY = {
    "unreceivable": ("reject",), "civilian": ("civilian",), "withdrawn": ("withdraw",), "cancelled": ("cancel",),
    "suspended": ("suspend", "suspend_provider"),
}  # fmt: skip


def recorded(case: Case, record: OnBehalf | None) -> dict[str, Any] | None:
    """What OCHA wrote down for this reader, with the words and limits that it wrote."""
    if record is None:
        return None
    rows: tuple[Any, ...] = (
        *case.decisions.all(),
        *case.opinions.all(),
        *case.replies.all(),
        *case.agreements.all(),
        *case.rotation_logs.all(),
        *case.patrols.all(),
        *case.patrol_feedback.all(),
    )
    found = next((row for row in rows if row.on_behalf_id == record.pk), None)
    shut = classes.is_closed(case, case)
    value = next((getattr(found, name)() for name in DISPLAYS if hasattr(found, name)), "")
    words = [getattr(found, name, "") for name in ("text", "note")] if found else []
    moved = next((move.reason for move in case.moves.all() if move.on_behalf_id == record.pk), "")
    return {
        "record": record,
        "due": record.due_at,
        "act": moves.lines(record.act)[0].label,
        "value": value,
        "limits": found if getattr(found, "outcome", "") == DecisionOutcome.APPROVED and not shut else None,
        "text": "" if shut else " ".join(filter(None, [*words, moved])),
    }


DISPLAYS = (
    "get_direction_display",
    "get_helped_display",
    "get_outcome_display",
    "get_value_display",
    "get_reply_display",
    "get_what_display",
)
