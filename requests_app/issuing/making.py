"""How is a paper made? With its code when the same one was made before, else with a new code. Each time is an event."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.services import record
from cmcoord.ui.papers import Paper, pdf
from cmcoord.ui.templatetags.ui import date_in_words
from requests_app.issuing import codes
from requests_app.issuing.checking import digest
from requests_app.issuing.file import EXPORTED
from requests_app.issuing.paper import paper_of
from requests_app.issuing.rights import refusal
from requests_app.models import Case, IssuedPaper


@dataclass(frozen=True)
class Issued:
    """A paper with its row and its bytes."""

    row: IssuedPaper
    content: bytes

    @property
    def name(self) -> str:
        return f"{self.row.case.reference}-{self.row.kind}-{self.row.language}.pdf"


@transaction.atomic
def issue_paper(case: Case, kind: str, *, by: User, language: str, now: datetime | None = None) -> Issued:
    """One paper of a request that this person sees, read with its dossier. The same facts give the same bytes.

    Raises Refused when the paper is not for this person, or not made in this status.
    """
    now = now or timezone.now()
    if refused := refusal(case, kind, by, now):
        raise refused
    Case.objects.select_for_update(no_key=True).order_by().get(pk=case.pk)  # two readers do not make two papers
    paper, label = paper_of(case, kind, user=by, language=language, now=now)
    issued = _as_before(case, kind, by, paper) or _anew(case, kind, by, paper, label, now)
    record(
        case,
        EXPORTED,
        by=by,
        data={
            "what": kind,
            "language": language,
            "code": issued.row.code,
            "sha256": issued.row.sha256,
            "size": issued.row.size,
            "sensitivity": issued.row.sensitivity,
        },
        at=now,
    )
    return issued


def _as_before(case: Case, kind: str, by: User, paper: Paper) -> Issued | None:
    """The newest paper of this kind once more, when it says the same and comes out with the same bytes."""
    rows = IssuedPaper.objects.filter(case=case, kind=kind, language=paper.language)
    if kind == IssuedPaper.Kind.FILE:
        rows = rows.filter(by=by)  # printed for this reader
    row = rows.order_by("-id").first()
    if row is None or row.facts != digest(paper, row.code):
        return None
    row.case = case
    content = _content(paper, case, row.code, row.at)
    return Issued(row, content) if hashlib.sha256(content).hexdigest() == row.sha256 else None


def _anew(case: Case, kind: str, by: User, paper: Paper, label: str, now: datetime) -> Issued:
    code = codes.new_code()
    content = _content(paper, case, code, now)
    row = IssuedPaper.objects.create(
        case=case,
        kind=kind,
        language=paper.language,
        code=code,
        sha256=hashlib.sha256(content).hexdigest(),
        facts=digest(paper, code),
        size=len(content),
        sensitivity=label,
        decision=None if kind == IssuedPaper.Kind.FILE else list(case.decisions.all())[-1],
        by=by,
        at=now,
    )
    return Issued(row, content)


def _content(paper: Paper, case: Case, code: str, at: datetime) -> bytes:
    """The bytes: what the paper says, with code and day at its foot."""
    with translation.override(paper.language):
        day = date_in_words(timezone.localtime(at, case.country.zone), "j F Y, H:i")
        address = f"{settings.PORTAL_URL}{reverse('requests:verify')}"
        line = _("Verification code %(code)s") % {"code": codes.shown(code)}
        foot = _("Made on %(day)s. Does it still hold? %(address)s, or ask OCHA by telephone.")
        return pdf(replace(paper, code=line, foot=foot % {"day": day, "address": address}))
