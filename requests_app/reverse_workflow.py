"""The life of a reverse request: what is never transported, every move, who may make it, who hears of it.

A force asks to use a humanitarian asset (domain.md §2.3). What is prohibited is refused at once, and no move leads out
of that: the table below is all that exists. The owner consents or not, the Humanitarian Coordinator validates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import CountryProfile
from requests_app.models import (
    AssetWanted,
    Content,
    OwnerConsent,
    PurposeKind,
    ReverseAnswer,
    ReverseRequest,
    Validation,
)
from requests_app.models import ReverseStatus as S
from requests_app.visibility import owners

# ── what is never transported ────────────────────────────────────────────────────────────────────────────────────────

OFF, NO_TRANSPORT = CountryProfile.Reverse.OFF, CountryProfile.Reverse.NO_TRANSPORT
# Of every country; its profile adds to it and takes nothing away.
PROHIBITED = (
    Content.WEAPONS, Content.AMMUNITION, Content.EQUIPMENT, Content.UNIFORMED, Content.DETAINEES, Content.FUEL,
)  # fmt: skip
# Where nothing of a force travels at all (ML-POS ¶5): its personnel in any clothes, and its goods, declared or not.
TRANSPORT = (AssetWanted.SEAT, AssetWanted.CARGO, AssetWanted.VEHICLE)
CLAUSE, CLAUSE_NO_TRANSPORT = "CAR-CMC §9.3", "ML-POS ¶5"
AGREED_UNDER = {"CAF": "CAR-CMC §9.2"}


@dataclass(frozen=True)
class Screen:
    """What stops a request, as codes of Content, and the clause that says so; nothing when it may go on."""

    found: list[str]
    clause: str

    def __bool__(self) -> bool:
        return bool(self.found)


def never(profile: CountryProfile) -> set[str]:
    """What may be declared and is never transported in a country, as codes of Content."""
    if profile.reverse_requests == NO_TRANSPORT:
        return set(Content.values) - {Content.NONE}
    return {str(code) for code in PROHIBITED} | set(profile.prohibited_transports)


def screen(profile: CountryProfile, *, content: list[str], asset: str) -> Screen:
    """The prohibited-content screen: pure, the same for everybody, asked once when the request is filed."""
    moved = profile.reverse_requests == NO_TRANSPORT and asset in TRANSPORT
    declared = {*content, *([Content.GOODS.value] if moved else [])}
    found = [code for code in Content.values if code in declared & never(profile)]
    clause = CLAUSE_NO_TRANSPORT if profile.reverse_requests == NO_TRANSPORT else CLAUSE
    return Screen(found, clause if found else "")


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────

OCHA, OWNER, COORDINATOR, FORCE, PORTAL = "ocha", "owner", "coordinator", "force", "portal"
RIGHTS = {OCHA: Perm.REVIEW_CASE, COORDINATOR: Perm.DECIDE_CASE, FORCE: Perm.ASK_REVERSE}
BEFORE_ANSWER = (S.SUBMITTED, S.CONSENTING, S.TESTING, S.DECIDING)
GRACE = timedelta(days=3)  # after the last day, to say that it was carried out


@dataclass(frozen=True)
class Line:
    """One move: from where, to where, by whom, who hears of it, and the answer that the force then gets."""

    code: str
    label: Any
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    tells: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    recordable: bool = False  # OCHA may write down that the owner said it by telephone
    danger: bool = False


A = ReverseAnswer.Kind
# fmt: off
MOVES = (
    Line("file", gettext_lazy("Ask for a humanitarian asset"), (), S.SUBMITTED, (FORCE,), (("ocha", "reverse_check"),)),
    Line("screen", gettext_lazy("Refuse prohibited content"), (S.SUBMITTED,), S.REFUSED, (PORTAL,),
         (("ocha", ""), ("force", "")), A.REFUSED),
    Line("receive", gettext_lazy("Receivable: ask the owner"), (S.SUBMITTED,), S.CONSENTING, (OCHA,),
         (("owner", "reverse_consent"), ("ocha", ""))),
    Line("reject", gettext_lazy("Not receivable"), (S.SUBMITTED,), S.DECLINED, (OCHA,),
         (("ocha", ""), ("force", "")), A.DECLINED, danger=True),
    Line("consent", gettext_lazy("Consent"), (S.CONSENTING,), S.TESTING, (OWNER,),
         (("ocha", "reverse_purpose"), ("owner", "")), recordable=True),
    Line("refuse", gettext_lazy("Refuse, without giving a reason"), (S.CONSENTING,), S.DECLINED, (OWNER,),
         (("ocha", ""), ("owner", ""), ("force", "")), A.DECLINED, recordable=True, danger=True),
    Line("forward", gettext_lazy("Put to the Humanitarian Coordinator"), (S.TESTING,), S.DECIDING, (OCHA,),
         (("coordinator", "decide"), ("ocha", ""), ("owner", ""))),
    Line("decline", gettext_lazy("Decline: no humanitarian aim"), (S.TESTING,), S.DECLINED, (OCHA,),
         (("coordinator", ""), ("ocha", ""), ("owner", ""), ("force", "")), A.DECLINED, danger=True),
    Line("validate", gettext_lazy("Agree, with conditions"), (S.DECIDING,), S.AGREED, (COORDINATOR,),
         (("ocha", ""), ("owner", ""), ("force", "")), A.AGREED),
    Line("deny", gettext_lazy("Do not agree"), (S.DECIDING,), S.DECLINED, (COORDINATOR,),
         (("ocha", ""), ("owner", ""), ("force", "")), A.DECLINED, danger=True),
    Line("take_back", gettext_lazy("Take the agreement back"), (S.AGREED,), S.DECLINED, (OCHA, OWNER, COORDINATOR),
         (("coordinator", ""), ("ocha", ""), ("owner", ""), ("force", "")), A.TAKEN_BACK, danger=True),
    Line("execute", gettext_lazy("Record that it was carried out"), (S.AGREED,), S.EXECUTED, (OCHA, OWNER),
         (("owner", "reverse_review"), ("ocha", "reverse_review"), ("force", "")), A.DONE),
    Line("report", gettext_lazy("It was carried out"), (S.AGREED,), S.EXECUTED, (FORCE,),
         (("owner", "reverse_review"), ("ocha", "reverse_review"))),
    Line("review", gettext_lazy("Write the after-action"), (S.EXECUTED,), S.CLOSED, (OCHA, OWNER),
         (("ocha", ""), ("owner", ""))),
    Line("withdraw", gettext_lazy("Withdraw the request"), (*BEFORE_ANSWER, S.AGREED), S.WITHDRAWN, (FORCE,),
         (("ocha", ""), ("asked_owner", ""), ("told_coordinator", "")), danger=True),
    Line("expire", gettext_lazy("Expire"), (*BEFORE_ANSWER, S.AGREED), S.EXPIRED, (PORTAL,),
         (("ocha", ""), ("asked_owner", ""), ("told_coordinator", ""), ("force", "")), A.LAPSED),
)
# fmt: on
LINES = {line.code: line for line in MOVES}
DECISIONS = ("validate", "deny")  # whoever takes one proves again that it is them
REASONED = ("reject", "decline", "deny", "take_back")  # said to the humanitarian side, never to the force

# Whose clock runs in a status, and for how many working minutes at the station; what is expected of them.
CLOCKS: dict[str, tuple[tuple[str, ...], int, str]] = {
    S.SUBMITTED: (("ocha",), 8 * 60, "reverse_check"),
    S.CONSENTING: (("owner",), 16 * 60, "reverse_consent"),
    S.TESTING: (("ocha",), 8 * 60, "reverse_purpose"),
    S.DECIDING: (("coordinator",), 16 * 60, "decide"),
    S.EXECUTED: (("owner", "ocha"), 5 * 8 * 60, "reverse_review"),
}


@dataclass(frozen=True)
class Refusal:
    """Why a move cannot be made: undeclared (404), right (403), state (409) or need (422), with its sentence."""

    kind: str
    sentence: str


def grant_of(who: str, reverse: ReverseRequest, user) -> scope.Grant | None:
    """The right under which this person is one of those whom the table names; None = they are not."""
    if who == OWNER:
        mine = (reverse.owner_id, reverse.country_id)
        if mine not in owners(user):
            return None
        return next(
            grant
            for grant in scope.grants(user)
            if grant.perm == Perm.FILE_CASE and (grant.organisation_id, grant.country) == mine
        )
    return scope.grant_for(user, RIGHTS[who], reverse) if who in RIGHTS else None


def actor(line: Line, reverse: ReverseRequest, user, *, recorded: bool = False) -> scope.Grant | None:
    """The appointment or stand-in under which this person may make the move; None = no right."""
    if recorded:
        return scope.grant_for(user, Perm.RECORD_FOR_OTHERS, reverse) if line.recordable else None
    return next(filter(None, (grant_of(who, reverse, user) for who in line.who)), None)


def speaks_for_owner(grant: scope.Grant | None) -> bool:
    """Who speaks for the owner owes nobody a reason."""
    return grant is not None and grant.perm == Perm.FILE_CASE


def refusal(
    reverse: ReverseRequest, code: str, user, *, recorded: bool = False, now: datetime | None = None
) -> Refusal | None:
    """None, or why this person cannot make this move now. `user` None is the portal itself."""
    now, line = now or timezone.now(), LINES.get(code)
    if line is None or code == "file":
        return Refusal("undeclared", _("This step does not exist."))
    grant = actor(line, reverse, user, recorded=recorded) if user else None
    if (user is None and PORTAL not in line.who) or (user is not None and grant is None):
        return Refusal("right", _("Only %(who)s can do this.") % {"who": _names(line)})
    if reverse.status not in line.sources:
        return Refusal("state", wrong_state(reverse))
    sentence = _why_not_yet(reverse, code, user, grant, now)
    return Refusal("need", sentence) if sentence else None


def _why_not_yet(reverse: ReverseRequest, code: str, user, grant: scope.Grant | None, now: datetime) -> str:
    if code == "forward" and reverse.purpose_kind == PurposeKind.OPERATIONAL:
        return _("A military or police operation is no humanitarian aim: it can only be declined.")
    if code == "validate" and grant and grant.principal_id and user.organisation_id == reverse.owner_id:
        return _("Your organisation owns the asset: only the Humanitarian Coordinator in person can agree.")
    if code in ("receive", "consent", "forward", "validate") and reverse.ends_at <= now:
        return _("Its time has passed.")
    if code in ("execute", "report") and reverse.starts_at > now:
        return _("It has not begun yet.")
    if code == "expire" and now < expires_at(reverse):
        return _("Its time has not passed yet.")
    return ""


def expires_at(reverse: ReverseRequest) -> datetime:
    """When it ends by itself: with its last day, an agreed one a little later."""
    return reverse.ends_at + GRACE if reverse.status == S.AGREED else reverse.ends_at


def wrong_state(reverse: ReverseRequest) -> str:
    """The sentence for the humanitarian side when a move comes too early or too late."""
    if reverse.status == S.REFUSED:
        return _("It was refused automatically, by %(clause)s. Nobody can change that.") % {"clause": reverse.clause}
    return _("This is not possible while the request is “%(state)s”.") % {"state": reverse.get_status_display()}


def _names(line: Line) -> str:
    names = {
        OCHA: _("OCHA"),
        OWNER: _("the organisation that owns the asset"),
        COORDINATOR: _("the Humanitarian Coordinator"),
        FORCE: _("the force"),
        PORTAL: _("the portal itself"),
    }
    return _(" or ").join(names[who] for who in line.who)


def choices(reverse: ReverseRequest, user, *, now: datetime | None = None) -> list[tuple[Line, str]]:
    """The moves that start here and are this person's, each with "" or the sentence that says why not now."""
    found = []
    for line in MOVES:
        if reverse.status in line.sources:
            refused = refusal(reverse, line.code, user, now=now)
            if refused is None or refused.kind == "need":
                found.append((line, refused.sentence if refused else ""))
    return found


def recordables(reverse: ReverseRequest, user) -> list[Line]:
    """What OCHA may write down now for the owner who telephoned."""
    return [line for line in MOVES if line.recordable and refusal(reverse, line.code, user, recorded=True) is None]


def effects_on(reverse: ReverseRequest, code: str, now: datetime) -> dict[str, Any]:
    """Which columns a move changes beside the status."""
    changes: dict[str, dict[str, Any]] = {
        "receive": {"received_at": now},
        "consent": {"owner_consent": OwnerConsent.CONSENTS},
        "refuse": {"owner_consent": OwnerConsent.REFUSES},
        "forward": {"hc_from": now, "hc_validation": Validation.REQUIRED},
        "decline": {"hc_from": now, "hc_validation": Validation.NOT_REQUIRED},
        "validate": {"hc_validation": Validation.GRANTED},
        "deny": {"hc_validation": Validation.REFUSED},
    }
    return changes.get(code, {})
