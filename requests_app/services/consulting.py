"""How is the country team consulted: opened, answered member by member, concluded by the Humanitarian Coordinator?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.services import record
from cmcoord.places.models import Clock
from requests_app import consensus, provider, telling
from requests_app.consensus import Seat
from requests_app.models import (
    Case,
    Comment,
    Condition,
    ConsensusNote,
    DecisionOutcome,
    Position,
    TeamConsultation,
    TeamSeat,
)
from requests_app.services import deciding
from requests_app.services.made import Made, Refused

TEAM = str(Comment.Audience.TEAM)  # on events: for the team, OCHA and the Coordinator alone


def open_consultation(made: Made, **_facts: Any) -> None:
    """Put the drafted decision to the team, for the window of the country's profile; its seats are fixed here."""
    case = made.case
    pace = Clock.Pace.URGENT if case.is_urgent else Clock.Pace.ROUTINE
    minutes = Clock.minutes_of(case.profile_id, case.request_type, pace).get(Clock.Step.CONSULTATION, 0)
    if not minutes:
        made.need(_("The profile of this country names no time for a consultation of the country team."))
    consultation = TeamConsultation.objects.create(
        case=case,
        draft=provider.newest_draft(case),  # type: ignore[misc]  # a guard has asked for it
        opened_by=made.by,
        opened_at=made.now,
        closes_at=made.now + timedelta(minutes=minutes),
        members_needed=case.profile.members_needed,
    )
    TeamSeat.objects.bulk_create(
        TeamSeat(consultation=consultation, organisation=each, voice=consensus.voice_of(each, case))
        for each in consensus.at_the_table(case)
    )
    deciding.forward(made)
    made.set(team_consultation=consultation)
    consensus.forget(case)
    made.data |= {"closes_at": consultation.closes_at.isoformat(), "seats": len(consensus.seats(case))}


def take_position(made: Made, *, value: str, condition: str = "", words: str = "", seat: int | None = None) -> None:
    """One position under its own signature; `seat` says whose it is when OCHA writes it down."""
    found = _seat(made, seat)
    condition, words = condition.strip(), words.strip()
    if found.row.voice == TeamSeat.Voice.REQUESTER:
        made.need(_("You cannot decide a request of your own organisation."))
    if value not in Position.Value.values:
        made.need(_("Choose one of the positions."))
    if value == Position.Value.OBJECT and not words:
        made.need(_("An objection needs its reason."))
    if condition and value != Position.Value.ACCEPT:
        made.need(_("Only who can accept the request names a condition."))
    Position.objects.create(
        case=made.case, seat=found.row, value=value, condition=condition, words=words, at=made.now, **made.signature
    )
    consensus.forget(made.case)
    made.data |= {"audience": TEAM, "organisation": str(found.row.organisation)}
    made.secret |= {"value": value, "condition": condition, "words": words}
    _note_readiness(made)


def _seat(made: Made, key: int | None) -> Seat:
    """The seat that speaks: of the person themselves, or of whom OCHA records."""
    every = consensus.seats(made.case)
    speaker = made.on_behalf.person if made.on_behalf else made.by
    found = consensus.seat_of(speaker, made.case) if speaker else None
    if made.on_behalf and key is not None:
        named = next((seat for seat in every if seat.row.pk == key), None)
        if named is None or (found and found.row.pk != named.row.pk):
            made.need(_("This person does not hold that seat."))
        found = named
    if found is None:
        raise Refused("need", _("Say for which member of the country team this was said."))
    return found


def _note_readiness(made: Made) -> None:
    """Once every member was reached, the Humanitarian Coordinator is asked to conclude."""
    consultation = made.case.team_consultation
    if consultation and consultation.ready_at is None and not consensus.not_reached(made.case):
        consultation.ready_at = made.now
        consultation.save(update_fields=["ready_at"])
        made.clocks_changed = True
        made.tells += telling.audience(made.case, (("coordinator", "decide"),))


def put_question(made: Made, *, text: str, **_facts: Any) -> None:
    """A question of the team, read by all its members, OCHA and the Humanitarian Coordinator."""
    _say(made, text, is_question=True)


def answer_question(made: Made, *, text: str, question: int | None = None, **_facts: Any) -> None:
    """OCHA answers, for itself or for the organisation that asks; without `question`, the oldest open one."""
    waiting = made.case.comments.filter(audience=TEAM, is_question=True, replies__isnull=True).order_by("id")
    asked = waiting.filter(pk=question).first() if question else waiting.first()
    if asked is None:
        made.need(_("This question was answered already."))
    _say(made, text, answers=asked)


def _say(made: Made, text: str, *, is_question: bool = False, answers: Comment | None = None) -> None:
    if not text.strip():
        made.need(_("Write something first."))
    Comment.objects.create(
        case=made.case, audience=TEAM, text=text, is_question=is_question, answers=answers, by=made.by, at=made.now
    )
    made.data["audience"] = TEAM
    made.secret["text"] = text


def establish_consensus(
    made: Made,
    *,
    statement: str,
    seen: int,
    conditions: Sequence[str] = (),
    condition_text: str = "",
    **_facts: Any,
) -> None:
    """The Humanitarian Coordinator signs how the consensus was established; approved is what the team was asked about.

    Every condition under which a member can accept it becomes one of the approval: none can be lost. `seen` is the
    newest position that the page had shown.
    """
    draft = made.case.team_consultation.draft
    if draft.recommendation != DecisionOutcome.APPROVED:
        made.need(_("OCHA recommended to deny: what could be approved was never put to the country team."))
    if not statement.strip():
        made.need(_("Say how the consensus was established."))
    _check_seen(made, seen)
    limits = {name: getattr(draft, name) for name in deciding.LIMIT_FIELDS}
    limits["conditions"] = [code for code in Condition.values if code in {*draft.conditions, *conditions}]
    limits["condition_text"] = joined(draft.condition_text, condition_text, *consensus.conditions(made.case))
    deciding.approve(made, **limits)
    _sign(made, statement)


def approve_consulted(made: Made, *, statement: str = "", seen: int | None = None, **facts: Any) -> None:
    """The Coordinator decides after the team was heard: an objection does not block, but it is answered in the note."""
    if not consensus.is_asked(made.case):
        deciding.approve(made, **facts)
        return
    _check_seen(made, seen)
    text = facts.get("condition_text") or ""
    unanswered = [each for each in consensus.conditions(made.case) if each not in text]
    if (unanswered or consensus.objections(made.case)) and not statement.strip():
        made.need(_("Answer the objections and the conditions that you do not take up: the country team reads it."))
    deciding.approve(made, **facts)
    if statement.strip():
        _sign(made, statement)


def _check_seen(made: Made, seen: int | None) -> None:
    if seen != consensus.last_position(made.case):
        raise Refused("state", _("Meanwhile a member of the country team took a position. Please read it first."))


def _sign(made: Made, statement: str) -> None:
    signature, decision, consultation = made.signature, made.case.decision, made.case.team_consultation
    assert decision is not None and consultation is not None  # noqa: S101  written just before
    ConsensusNote.objects.create(
        case=made.case,
        consultation=consultation,
        decision=decision,
        text=statement.strip(),
        by=signature["by"],
        capacity=signature["capacity"],
        acting_for_id=signature["acting_for_id"],
        at=made.now,
    )
    made.secret["statement"] = statement


def joined(*texts: str) -> str:
    """Several free conditions, each on a line of its own, none twice."""
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return "\n".join(dict.fromkeys(line for line in lines if line))


@transaction.atomic
def note_positions_read(case: Case, *, by: User) -> None:
    """Positions are strictly confidential: each reading of them is recorded first (domain.md §4.1)."""
    record(case, "case.open_secret", by=by, data={"field": "positions", "audience": TEAM})


def close_at_end(made: Made) -> None:
    """Whatever takes the request out of the consultation ends it."""
    if consensus.is_asked(made.case) and made.target != made.case.status:
        consultation = made.case.team_consultation
        consultation.ended_at, consultation.ended_as = made.now, made.line.code
        consultation.save(update_fields=["ended_at", "ended_as"])
