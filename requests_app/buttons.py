"""Which buttons does the page of a request offer to this reader, and which of them are expected of them?"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from requests_app import consensus, execution_sheet, moves, workflow
from requests_app.models import Case

# Moves without a question: the button of the page makes them at once.
WITHOUT_FORM = ("recall", "review", "validate", "forward", "open_consultation", "resume", "confirm_record")
# Filing has pages of its own, which ask also who telephoned.
FILED_APART = ("edit", "submit", "take_position")
# Words within a consultation of the country team: offered on its page too.
OF_THE_TEAM = ("take_position", "put_question", "answer_question", "establish_consensus", "send_back")
FOR_THE_WRITER = ("edit", "sheet", "resubmit")
# Buttons that stand where they belong, not in the list of steps.
CONSENTS = ("consent", "withdraw_consent", "withdraw_force")
IN_A_CARD = (
    *CONSENTS, "take_over", "raise_class", "lower_class", "comment", "confirm_record", "dispute_record", "agree",
    "refuse_counter", "answer_alarm",
)  # fmt: skip
# Answers to a request or question; without one there is nothing to grey.
URGENT = ("approve_orally", "deny_orally", "confirm_in_writing", "file_form", "sheet", "confirm_record")
WHEN_ASKED = (
    "extend",
    "refuse_extension",
    "answer",
    "answer_question",
    "answer_alarm",
    "send_sheet",
    *CONSENTS,
    *URGENT,
)
DECIDED_WITH = ("approve", "establish_consensus", "deny", "ask", "send_back")
DANGEROUS = ("withdraw", "withdraw_force", "reject", "deny", "deny_orally", "cancel", "refuse_extension")


@dataclass(frozen=True)
class Button:
    """One move on the page: with a link to its form, or with a form of its own that makes it at once."""

    code: str
    label: str | Promise
    url: str
    why: str
    main: bool
    kind: str
    post: bool

    @property
    def key(self) -> uuid.UUID:
        return uuid.uuid4()


KINDS = ("main", "line", "danger")


def offered(case: Case, user, now: datetime) -> list[Button]:
    """Every move that this person has the right to make now, those that are expected first."""
    choices = workflow.choices(case, user, now=now)
    writes = case.created_by_id == user.pk or scope.has_perm(user, Perm.FILE_CASE, case)
    nothing_to_grey = WHEN_ASKED if writes else (*WHEN_ASKED, *FOR_THE_WRITER)
    found = [_button(case, user, each) for each in choices if not (each.why_not and each.line.code in nothing_to_grey)]
    return sorted(found, key=lambda button: (not button.main, KINDS.index(button.kind)))


def _button(case: Case, user, choice: workflow.Choice) -> Button:
    line = choice.line
    main = _is_expected(case, user, line)
    kind = "danger" if line.code in DANGEROUS else "main" if main and line.main else "line"
    post = line.code in WITHOUT_FORM
    return Button(line.code, line.label, move_url(case, line.code), choice.why_not, main, kind, post)


BODY_OF = {"advise_security": "undss", "advise_ngo": "ngo_adviser", "decide_security": "own_security"}


def _is_expected(case: Case, user, line: moves.Line) -> bool:
    """A main step; an opinion that was given may be given again, but is no longer what is expected."""
    given = {row.body for row in case.opinions.all()}
    if line.code == "advise_cluster":
        grant = scope.grant_for(user, Perm.ADVISE_CLUSTER, case)
        return grant is not None and f"cluster:{grant.cluster}" not in given
    if line.code == "take_position":
        seat = consensus.seat_of(user, case)
        return seat is not None and seat.position is None
    if line.code == "edit":
        return True
    if line.code == "assess":
        return not case.assessments.all()
    if line.code == "sheet":
        return execution_sheet.is_awaited(case)
    if line.code == "decide_security":
        return not case.un_on_board and "own_security" not in given
    return line.main and BODY_OF.get(line.code) not in given


def move_url(case: Case, code: str) -> str:
    return reverse("requests:move", args=[case.reference, code])


def record_url(case: Case, code: str) -> str:
    return reverse("requests:record", args=[case.reference, code])


def recordables(case: Case, user, now: datetime) -> list[tuple[str | Promise, str]]:
    """What this officer may write down for somebody who telephoned, as (label, address)."""
    if not scope.has_perm(user, Perm.RECORD_FOR_OTHERS, case):
        return []
    lines = workflow.recordables(case, user, now=now)
    return [(line.label, record_url(case, line.code)) for line in lines if line.code not in FILED_APART]
