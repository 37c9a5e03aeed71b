"""How does the country team stand on a request? Reads the seats and their positions; decides nothing.

Silence is no support: a seat without a position is not reached. What OCHA wrote down for a member counts as it was
said, but it lifts no objection and drops no condition until that member has confirmed it (domain.md §2.7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Side
from cmcoord.places.models import CountryProfile
from requests_app.models import Case, Position, TeamSeat

BY_THE_TEAM = (CountryProfile.CONSENSUS, CountryProfile.CONSULTED)
NOT_BOUND = (Organisation.Type.RED_CROSS, Organisation.Type.OBSERVER)  # state a position without being bound
# Moves within a consultation, and what their events say of it: for the team, OCHA and the Coordinator alone.
WORDS = ("take_position", "put_question", "answer_question")


@dataclass(frozen=True)
class Seat:
    """One seat with the position that counts; `pending` waits for the member's confirmation before it counts.

    `carried` is the organisation's objection in an earlier consultation of this request, until it speaks in this one.
    """

    row: TeamSeat
    position: Position | None = None
    pending: Position | None = None
    carried: Position | None = None
    earlier: tuple[Position, ...] = ()

    @property
    def counts(self) -> bool:
        return self.row.voice == TeamSeat.Voice.MEMBER

    @property
    def objects(self) -> bool:
        standing = self.position or self.carried
        return bool(self.counts and standing and standing.value == Position.Value.OBJECT)

    @property
    def condition(self) -> str:
        """What a member can accept the request with."""
        return self.position.condition if self.counts and self.position else ""


def what_counts(rows: Iterable[Position], before: Position | None = None) -> tuple[Position | None, Position | None]:
    """Of the positions of one seat, the oldest first: the one that counts, and a softer one that is not confirmed.

    `before` is what stood when the first of them was taken.
    """
    counted = before
    pending: Position | None = None
    for row in rows:
        if row.on_behalf and row.on_behalf.disputed_at:
            continue
        if counted and row.on_behalf and not row.on_behalf.confirmed_at and _softens(counted, row):
            pending = row
        else:
            counted, pending = row, None
    return counted, pending


def _softens(before: Position, after: Position) -> bool:
    """Does the later position lift an objection, or drop or change a condition?"""
    if after.value == Position.Value.OBJECT:
        return False
    return before.value == Position.Value.OBJECT or bool(before.condition) and after.condition != before.condition


def seats(case: Case) -> list[Seat]:
    """The seats of the last consultation, members first. Two queries, once for each reading of the case."""
    if case.team_consultation_id is None:
        return []
    if "_seats" not in case.__dict__:
        case.__dict__["_seats"] = _read(case.pk, case.team_consultation_id)
    return case.__dict__["_seats"]


def forget(case: Case) -> None:
    """A position was written: read them again when next asked."""
    case.__dict__.pop("_seats", None)


def _read(case: int, consultation: int) -> list[Seat]:
    said: dict[int, list[Position]] = {}
    before: dict[int, list[Position]] = {}  # by organisation, in earlier consultations
    beside = ("seat", "by", "acting_for", "on_behalf__person", "on_behalf__recorded_by")
    for row in Position.objects.filter(case=case).select_related(*beside).order_by("pk"):
        if row.seat.consultation_id == consultation:
            said.setdefault(row.seat_id, []).append(row)
        elif row.seat.consultation_id < consultation:
            before.setdefault(row.seat.organisation_id, []).append(row)
    found = []
    for seat in TeamSeat.objects.filter(consultation=consultation).select_related("organisation"):
        rows, old = said.get(seat.pk, []), what_counts(before.get(seat.organisation_id, []))[0]
        carried = old if old and old.value == Position.Value.OBJECT else None
        counted, pending = what_counts(rows, carried)
        earlier = tuple(row for row in rows[::-1] if row not in (counted, pending))
        if carried is not None:
            earlier += (carried,)
        if counted is carried:
            counted = None
        found.append(Seat(seat, counted, pending, carried if counted is None else None, earlier))
    order = TeamSeat.Voice.values
    return sorted(found, key=lambda seat: (order.index(seat.row.voice), str(seat.row.organisation).casefold()))


def members(case: Case) -> list[Seat]:
    """The seats that are counted."""
    return [seat for seat in seats(case) if seat.counts]


def reached(case: Case) -> list[Seat]:
    return [seat for seat in members(case) if seat.position]


def not_reached(case: Case) -> list[Seat]:
    return [seat for seat in members(case) if not seat.position]


def objections(case: Case) -> list[Seat]:
    return [seat for seat in members(case) if seat.objects]


def conditions(case: Case) -> list[str]:
    """What members can accept the request with, each once, in their order."""
    return list(dict.fromkeys(seat.condition for seat in members(case) if seat.condition))


def last_position(case: Case) -> int:
    """The newest position of the team: what a page that leads to a signature has shown. 0 without any."""
    rows = [row for seat in seats(case) for row in (seat.position, seat.pending, *seat.earlier) if row]
    return max((row.pk for row in rows), default=0)


def is_asked(case: Case) -> bool:
    """Is the team being consulted now?"""
    return case.status == "consulting" and case.team_consultation_id is not None


def is_held(case: Case, now: datetime) -> bool:
    """Was everybody given their time: the window is over, or every member was reached before."""
    consultation = case.team_consultation
    return consultation is not None and (now >= consultation.closes_at or not not_reached(case))


# ── who sits where ───────────────────────────────────────────────────────────────────────────────────────────────────


def voice_of(organisation: Organisation, case: Case) -> str:
    """Member, observer, or the organisation that asks: nobody decides for their own (domain.md §1.2)."""
    if organisation.pk == case.organisation_id:
        return TeamSeat.Voice.REQUESTER
    return TeamSeat.Voice.OBSERVER if organisation.org_type in NOT_BOUND else TeamSeat.Voice.MEMBER


def at_the_table(case: Case) -> list[Organisation]:
    """The organisations of the country team, by the appointments in force; donors read no request."""
    found = scope.organisations_with(Perm.TAKE_POSITION, country=case.country_id)
    return [organisation for organisation in found if organisation.side == Side.HUMANITARIAN]


def speaks_for(user, case: Case) -> set[int]:
    """The organisations for which this person takes a position in the country of the case, as a stand-in too."""
    return scope.spoken_for(user, Perm.TAKE_POSITION).get(case.country_id, set())


def seat_of(user, case: Case) -> Seat | None:
    """The seat of this person in the consultation, the one that takes a position first."""
    if case.team_consultation_id is None or user is None:
        return None
    spoken = speaks_for(user, case)
    return next((seat for seat in seats(case) if seat.row.organisation_id in spoken), None) if spoken else None


def people(case: Case) -> list[User]:
    """Everybody who holds a seat now, alternates and stand-ins included; nobody without the consent to share."""
    if not case.consent_partners or case.team_consultation_id is None:
        return []
    return people_of(case, [seat.row.organisation_id for seat in seats(case)])


def awaited(case: Case) -> list[User]:
    """Those of them whose seat has not taken a position."""
    if not case.consent_partners or case.team_consultation_id is None:
        return []
    silent = [seat for seat in seats(case) if not seat.position and seat.row.voice != TeamSeat.Voice.REQUESTER]
    return people_of(case, [seat.row.organisation_id for seat in silent])


def people_of(case: Case, organisations: list[int]) -> list[User]:
    return scope.holders(Perm.TAKE_POSITION, country=case.country_id, employers=organisations)


def reads_positions(user, case: Case) -> bool:
    """The team, OCHA and the Humanitarian Coordinator; the organisation that asks reads none, nor does anybody else.

    Whoever works for it reads none in the seat of another organisation either.
    """
    if case.team_consultation_id is None:
        return False
    if any(scope.has_perm(user, perm, case) for perm in (Perm.REVIEW_CASE, Perm.CLEAR_CASE, Perm.DECIDE_CASE)):
        return True
    asks = user.organisation_id == case.organisation_id
    seat = seat_of(user, case) if case.consent_partners and not asks else None
    return seat is not None and seat.row.voice != TeamSeat.Voice.REQUESTER
