"""A move while it is being made: what its effect may read and change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from cmcoord.activity.services import Tell
from cmcoord.activity.statements import Statement
from requests_app import guidelines
from requests_app.models import Call, Case, Consultation, Extract, OnBehalf, ReleasedText, RuleReading

if TYPE_CHECKING:
    from cmcoord.accounts.models import User
    from cmcoord.accounts.scope import Grant
    from contacts.models import Addressee
    from requests_app.moves import Line


class Refused(Exception):
    """A move that cannot be made; the text is a sentence for the person it stops.

    `kind`: undeclared (404), right (403), state (409), need (422).
    """

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


@dataclass
class Made:
    """One move being made. Effects add `fields` to save, `data` in clear and `secret` values for the event."""

    case: Case
    line: Line
    by: Any  # a User; None is the portal itself
    grant: Grant | None
    now: datetime
    target: str
    reason: str = ""
    reason_code: str = ""  # why a request is withdrawn, where that counts
    on_behalf: OnBehalf | None = None
    said_under: Grant | None = None  # the right of the person whose word is recorded
    clocks_changed: bool = False
    fields: set[str] = field(default_factory=set)
    data: dict[str, Any] = field(default_factory=dict)
    secret: dict[str, Any] = field(default_factory=dict)
    tells: list[Tell] = field(default_factory=list)
    consultations: list[Consultation] | None = None  # all of the case, new ones unsaved, when this move asks somebody
    papers: list[Extract] = field(default_factory=list)  # frozen for the force by this move
    texts: list[ReleasedText] = field(default_factory=list)  # released in these papers
    calls: list[Call] = field(default_factory=list)  # telephone calls that this move writes down
    chain: list[Addressee] = field(default_factory=list)  # to whom of the force a request goes
    clocks: dict[str, str] = field(default_factory=dict)  # times told beside the clocks of the case

    def set(self, **values: Any) -> None:
        """Change fields of the case; they are saved with the move."""
        for name, value in values.items():
            setattr(self.case, name, value)
            self.fields.add(name)

    def tell(self, person: User, expects: str = "") -> None:
        self.tells.append(Tell(person, expects))

    def need(self, sentence: str) -> None:
        """Refuse when something that the move needs is missing."""
        raise Refused("need", sentence)

    @property
    def signed_under(self) -> Grant | None:
        """The right under which the row is signed: the maker's, or that of the person whose word is recorded."""
        return self.said_under if self.on_behalf else self.grant

    @property
    def signature(self) -> dict[str, Any]:
        """Who signs the row that this move writes: the person, or the one on whose behalf it was recorded."""
        grant = self.signed_under
        return {
            "by": self.on_behalf.person if self.on_behalf else self.by,
            "capacity": grant.role if grant else "",
            "acting_for_id": grant.principal_id if grant else None,
            "on_behalf": self.on_behalf,
        }


def keep_findings(made: Made, occasion: str) -> None:
    """What the rules find at this moment, with their version: it stays as it was found."""
    RuleReading.objects.create(
        case=made.case,
        occasion=occasion,
        rule_set=guidelines.RULE_SET,
        findings=guidelines.reading(made.case),
        at=made.now,
    )


READ_BY_EVERY_MOVE = ("country", "profile", "station", "organisation", "created_by")
DECIDED = ("decision__force",)
_head = Statement(lambda pk: Case.objects.select_for_update().only("pk", "decision").filter(pk=pk), int)


@cache
def _whole(*beside: str) -> Statement:
    return Statement(lambda pk: Case.objects.select_related(*READ_BY_EVERY_MOVE, *beside).filter(pk=pk), int)


def locked(case: Case, *more: str) -> Case:
    """The case, locked for this transaction, with what every move reads (SQLite writes one at a time anyway).

    Locked first and read afterwards: a row that waited for the lock would be joined with rows older than itself.
    The decision is joined where there is one: with two tables more the database plans four times as long.
    """
    (head,) = _head(case.pk)
    (found,) = _whole(*(DECIDED if head.decision_id else ()), *more)(case.pk)
    if found.station.country_id == found.country_id:
        found.station.country = found.country
    return found
