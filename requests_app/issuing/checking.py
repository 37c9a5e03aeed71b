"""Is a paper still what the portal says? Asked with its code, and of a file with its bytes."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from cmcoord.ui.papers import Paper
from requests_app import dossier, workflow
from requests_app.issuing import codes
from requests_app.issuing.paper import STOPPED, paper_of
from requests_app.models import Case, DecisionOutcome, IssuedPaper

Kind = IssuedPaper.Kind


class State(StrEnum):
    """What holds of a paper; the page says each in a sentence."""

    VALID = "valid"
    REPLACED = "replaced"  # a newer decision was taken
    CHANGED = "changed"  # the same decision, but what the paper tells has changed
    WITHDRAWN = "withdrawn"  # suspended, cancelled, withdrawn, under review again
    ENDED = "ended"  # the approved period is over
    UNKNOWN = "unknown"


def find(text: str) -> IssuedPaper | None:
    """The paper with this code."""
    code = codes.read(text)
    rows = IssuedPaper.objects.select_related("case__country", "decision", "by__organisation")
    return rows.filter(code=code).first() if code else None


def state_of(row: IssuedPaper, now: datetime) -> State:
    """What holds now. Says nothing of the request itself, so that anybody may be told who holds the code."""
    case = row.case
    dossier.read(case)
    newest = list(case.decisions.all())[-1:]
    if row.kind != Kind.FILE:
        if newest and newest[0].pk != row.decision_id:
            return State.REPLACED
        if row.decision.outcome == DecisionOutcome.APPROVED:
            status = workflow.effective_status(case, now)
            if case.decision_id is None or status in STOPPED:
                return State.WITHDRAWN
            if case.ends_at and now > case.ends_at:
                return State.ENDED
    return State.VALID if _says_the_same(row, case, now) else State.CHANGED


def _says_the_same(row: IssuedPaper, case: Case, now: datetime) -> bool:
    reader = None
    if row.kind == Kind.FILE:
        reader = row.by
        if not Case.objects.visible_to(reader).filter(pk=case.pk).order_by().exists():
            return False
        case.seen_by = reader.pk
    paper, _label = paper_of(case, row.kind, user=reader, language=row.language, now=now)
    return digest(paper, row.code) == row.facts


def digest(paper: Paper, code: str) -> str:
    """The fingerprint of what a paper says; the code is its salt."""
    facts: Any = json.dumps(paper.facts(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{code}\0{facts}".encode(errors="replace")).hexdigest()
