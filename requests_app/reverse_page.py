"""What does a page print of a reverse request: for the humanitarian side, and for the force that asked?

The force reads its own words and the answers that were frozen for it; where its request stands is told by these alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse as url_for
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.kept import once_for_reader
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Projection, Sensitivity, Side, may_see
from cmcoord.activity.models import Event
from cmcoord.activity.sentences import sentence
from cmcoord.activity.statements import Statement
from cmcoord.guidance.clauses import CLAUSES
from requests_app import reverse_workflow as workflow
from requests_app.models import Content, ReverseAnswer, ReverseCondition, ReverseRequest
from requests_app.models import ReverseStatus as S
from requests_app.visibility import owners

SIZE = 25
ANSWERING = {Perm.REVIEW_CASE, Perm.DECIDE_CASE, Perm.FILE_CASE, Perm.SEE_COUNTRY_CASES}  # who has a part in an answer
COLOURS = {
    S.SUBMITTED: "blue", S.REFUSED: "red", S.CONSENTING: "blue", S.TESTING: "blue", S.DECIDING: "amber",
    S.AGREED: "green", S.DECLINED: "grey", S.EXECUTED: "green", S.CLOSED: "", S.WITHDRAWN: "grey", S.EXPIRED: "grey",
}  # fmt: skip
WHOSE = {
    S.SUBMITTED: gettext_lazy("OCHA"),
    S.CONSENTING: gettext_lazy("the owner"),
    S.TESTING: gettext_lazy("OCHA"),
    S.DECIDING: gettext_lazy("Humanitarian Coordinator"),
    S.EXECUTED: gettext_lazy("the owner or OCHA"),
}
A = ReverseAnswer.Kind
FORCE_COLOURS: dict[str, str] = {
    A.REFUSED: "red", A.AGREED: "green", A.DECLINED: "grey", A.TAKEN_BACK: "red", A.DONE: "green", A.LAPSED: "grey",
}  # fmt: skip
OWN_STEPS = {
    "withdraw": (gettext_lazy("Withdrawn"), "grey"),
    "report": (pgettext_lazy("reverse request", "Carried out"), "green"),
}


@dataclass(frozen=True)
class Clause:
    """A clause as a refusal prints it: its key, its gist, its place in the library."""

    key: str
    gist: str
    url: str


def clause_of(key: str) -> Clause | None:
    found = CLAUSES.get(key)
    return Clause(key, found.gist, f"{url_for('guidance:clauses')}#{found.anchor}") if found else None


def labels(choices: type, codes: Iterable[str]) -> list[str]:
    """Codes in the reader's words; a code that is no longer in the list as it stands."""
    known = dict(choices.choices)  # type: ignore[attr-defined]
    return [str(known.get(code, code)) for code in codes]


def facts(reverse: ReverseRequest | Projection) -> list[tuple[str | Promise, Any]]:
    """The request as it was filed: every field of it is the force's own word."""
    return [
        (_("Requesting component"), f"{reverse.organisation} · {reverse.component}"),
        (_("Humanitarian asset wanted"), reverse.get_asset_wanted_display()),
        (_("Owner of the asset"), reverse.owner),
        (_("Purpose"), reverse.get_purpose_kind_display()),
        (_("Explanation"), reverse.purpose_text),
        (_("Content declared"), ", ".join(labels(Content, reverse.content))),
        (_("Where"), reverse.place),
    ]


# ── the humanitarian side ────────────────────────────────────────────────────────────────────────────────────────────


def waiting_q(user) -> Q:
    """The reverse requests that wait for this person, as a filter on those that they see."""
    waits = Q(pk__in=[])
    own = Q(pk__in=[])
    for organisation, country in sorted(owners(user)):
        own |= Q(owner=organisation, country=country)
    waits |= own & Q(status__in=(S.CONSENTING, S.EXECUTED))
    here = Q(station__in=sorted(scope.stations_for(user, Perm.REVIEW_CASE)))
    here |= Q(country__in=sorted(scope.countries_for(user, Perm.REVIEW_CASE)))
    waits |= here & Q(status__in=(S.SUBMITTED, S.TESTING, S.EXECUTED))
    return waits | Q(status=S.DECIDING, country__in=sorted(scope.countries_for(user, Perm.DECIDE_CASE)))


def waiting(user, *, size: int) -> list[ReverseRequest]:
    """What waits for this person, the most pressing first: one query."""
    return list(_waiting(user, size)())


@once_for_reader
def _waiting(user, size: int) -> Statement:
    rows = ReverseRequest.objects.visible_to(user).filter(waiting_q(user)).select_related("organisation", "owner")
    return Statement(lambda: rows.order_by("due_at", "id")[:size])


def row_of(reverse: ReverseRequest) -> dict[str, Any]:
    """One line of a list."""
    runs = reverse.status in workflow.CLOCKS
    return {
        "reverse": reverse,
        "badge": reverse.get_status_display(),
        "colour": COLOURS[S(reverse.status)],
        "due": reverse.due_at if runs else None,
        "whose": WHOSE.get(S(reverse.status), ""),
    }


def context(reverse: ReverseRequest, user) -> dict[str, Any]:
    """The page of one request for somebody who sees it."""
    moves = list(reverse.moves.select_related("by"))
    by_event = {(f"reverse.{move.code}", move.at): move for move in moves}
    events = Event.objects.about(reverse).order_by("-id")
    return {
        "reverse": reverse,
        "zone": reverse.country.timezone,
        "row": row_of(reverse),
        "facts": facts(reverse),
        "declared": labels(Content, reverse.prohibited),
        "clause": clause_of(reverse.clause),
        "basis": clause_of(workflow.AGREED_UNDER.get(reverse.country_id, "")),
        "answers": [answer_line(answer) for answer in reverse.answers.all()],
        "note": next((move for move in reversed(moves) if move.code == "forward"), None),
        "owner_terms": next((move for move in reversed(moves) if move.code == "consent" and move.reason), None),
        "reads_reasons": reads_reasons(user, reverse),
        "acts": [
            {
                "label": line.label,
                "url": url_for("requests:reverse_move", args=[reverse.reference, line.code]),
                "why": why,
                "kind": "danger" if line.danger else "main" if position == 0 else "line",
            }
            for position, (line, why) in enumerate(workflow.choices(reverse, user))
        ],
        "recordables": [
            (line.label, url_for("requests:reverse_record", args=[reverse.reference, line.code]))
            for line in workflow.recordables(reverse, user)
        ],
        "happened": [_event(event, by_event.get((event.kind, event.at)), user) for event in events],
        "class_word": Sensitivity.CONFIDENTIAL.label,
    }


def reads_reasons(user, reverse: ReverseRequest) -> bool:
    """Reasons and notes are for OCHA and the Humanitarian Coordinator."""
    return any(
        scope.has_perm(user, perm, reverse) for perm in (Perm.REVIEW_CASE, Perm.SEE_COUNTRY_CASES, Perm.DECIDE_CASE)
    )


def _event(event: Event, move, user) -> dict[str, Any]:
    detail = _("“%(text)s”") % {"text": move.reason} if move and move.reason and may_see(user, move, "reason") else ""
    return {"sentence": sentence(event, user.side), "at": event.at, "key": True, "detail": detail}


def answer_line(answer: ReverseAnswer) -> dict[str, Any]:
    """One answer with what it says, in words."""
    content = answer.content
    return {
        "answer": answer,
        "colour": FORCE_COLOURS[answer.kind],
        "conditions": labels(ReverseCondition, content.get("conditions", ())),
        "condition_text": content.get("condition_text", ""),
        "prohibited": labels(Content, content.get("prohibited", ())),
        "starts_at": parse_datetime(content.get("starts_at", "")),
        "ends_at": parse_datetime(content.get("ends_at", "")),
        "clause": clause_of(content.get("clause", "")),
        "contact": content.get("contact", ""),
    }


# ── the force ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Asked:
    """One request as the force knows it: its own words, the answers, its own steps."""

    own: Projection
    answers: list[ReverseAnswer]
    stage: str | Promise
    colour: str
    kind: str  # of the last answer, or the code of the last own step; "" while nothing was answered
    since: datetime

    @property
    def acts(self) -> list[str]:
        """What the force may try now; the table has the last word."""
        return {"": ["withdraw"], A.AGREED.value: ["report", "withdraw"]}.get(self.kind, [])


def asked(reverse: ReverseRequest, user) -> Asked:
    """Told by answers and own steps alone, never by the status."""
    answers = [answer for answer in reverse.answers.all() if may_see(user, answer, "content")]
    own = [(move.at, move.code) for move in reverse.moves.all() if move.code in OWN_STEPS]
    last = max([*own, *((answer.sent_at, str(answer.kind)) for answer in answers)], default=None)
    projection = Projection(reverse, Side.FORCE)
    if last is None:
        return Asked(projection, answers, _("With OCHA"), "blue", "", reverse.filed_at)
    stage, colour = OWN_STEPS.get(last[1]) or (A(last[1]).label, FORCE_COLOURS[last[1]])
    return Asked(projection, answers, stage, colour, last[1], last[0])


def asked_rows(user, before: int) -> tuple[list[Asked], int]:
    """One page of what the person's force asked, newest first, and the key after which the next one begins."""
    rows = ReverseRequest.objects.asked_by(user).select_related("organisation", "owner", "country", "station")
    rows = rows.prefetch_related("answers", "moves")
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: SIZE + 1])
    older = found[SIZE - 1].pk if len(found) > SIZE else 0
    return [asked(reverse, user) for reverse in found[:SIZE]], older
