"""What does the page of a consultation show, and what does the page of the request tell of it?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cmcoord.activity.barrier import seen
from requests_app import consensus
from requests_app.models import Case, Comment, ConsensusNote, Position, TeamSeat

COLOURS: dict[str, str] = {
    Position.Value.SUPPORT: "green",
    Position.Value.ACCEPT: "green",
    Position.Value.OBJECT: "red",
    Position.Value.ABSTAIN: "grey",
}
OBJECTIONS_FIRST = (Position.Value.OBJECT, Position.Value.ACCEPT, Position.Value.ABSTAIN, Position.Value.SUPPORT)


def card(case: Case, user, now: datetime) -> dict[str, Any] | None:
    """Where the consultation stands: the window for everybody, how many were reached for those who read positions."""
    consultation = case.team_consultation
    if consultation is None:
        return None
    found: dict[str, Any] = {"row": consultation, "over": now >= consultation.closes_at, "reads": False}
    if consensus.reads_positions(user, case):
        found |= {
            "reads": True,
            "reached": len(consensus.reached(case)),
            "members": len(consensus.members(case)),
            "objections": [seat.row.organisation for seat in consensus.objections(case)],
            "conditions": consensus.conditions(case),
            "by_consensus": case.profile.decision_for(case.request_type) == case.profile.CONSENSUS,
        }
    return found


def context(case: Case, user) -> dict[str, Any]:
    """The seats with what each said, what is against it first; the question thread; the note that was signed."""
    shown = []
    for seat in consensus.seats(case):
        rows = seen(user, [row for row in (seat.position, seat.pending, *seat.earlier) if row], "value")
        known = {row.pk for row in rows}
        position = seat.position if seat.position and seat.position.pk in known else None
        shown.append(
            {
                "seat": seat,
                "position": position,
                "colour": COLOURS[position.value] if position else "grey",
                "pending": seat.pending if seat.pending and seat.pending.pk in known else None,
                "earlier": [row for row in seat.earlier if row.pk in known],
                "observes": seat.row.voice == TeamSeat.Voice.OBSERVER,
                "asks": seat.row.voice == TeamSeat.Voice.REQUESTER,
            }
        )
    drafts = seen(user, [case.team_consultation.draft], "conditions") if case.team_consultation_id else []
    return {
        "seats": sorted(shown, key=_against_first),
        "limits": drafts[0] if drafts else None,
        "comments": [row for row in seen(user, case.comments.all(), "text") if row.audience == Comment.Audience.TEAM],
        "note": next(iter(seen(user, _notes(case), "text")), None),
    }


def _against_first(line: dict[str, Any]) -> tuple[bool, int]:
    position = line["position"]
    rank = OBJECTIONS_FIRST.index(position.value) if position else len(OBJECTIONS_FIRST)
    return not line["seat"].counts, rank


def _notes(case: Case) -> list[ConsensusNote]:
    rows = ConsensusNote.objects.filter(consultation=case.team_consultation_id).select_related("by", "acting_for")
    for row in rows:
        row.case = case
    return list(rows)
