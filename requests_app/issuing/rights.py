"""Who gets which paper of a request, and when?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from requests_app import classes, workflow
from requests_app.models import Case, IssuedPaper
from requests_app.services.made import Refused
from requests_app.visibility import handles

Kind = IssuedPaper.Kind
ON_THE_ROAD = ("scheduled", "underway")


def refusal(case: Case, kind: str, user, now: datetime) -> Refused | None:
    """Why this person, who sees the request, gets no such paper of it now; None when they do."""
    strict = classes.is_closed(case, case)
    if case.is_patrol and kind != Kind.FILE:
        return Refused("right", _("Nobody decides on a patrol and no convoy leaves: there is no such paper."))
    if kind == Kind.LETTER:
        if strict and not classes.is_named(user, case):
            return Refused("right", _("This request is strictly confidential: only those who work on it get papers."))
        return None if case.decisions.all() else Refused("state", _("There is no decision yet."))
    if kind == Kind.SHEET:
        if not _runs_it(user, case):
            return Refused("right", _("The convoy sheet is for the organisation that travels and for OCHA."))
        if workflow.effective_status(case, now) not in ON_THE_ROAD:
            return Refused("state", _("The convoy sheet is made from the day the escort is scheduled until it ends."))
        return None
    if not (_runs_it(user, case) or _reads_whole(user, case)):
        return Refused("right", _("The case file is for those who ask, who work on the request and who decide."))
    if strict:
        return Refused("state", _("A strictly confidential request is never put together in one file."))
    return None if case.submitted_at else Refused("state", _("The case file begins when the request is submitted."))


def _runs_it(user, case: Case) -> bool:
    """The organisation that asks, OCHA at its stations, the national unit."""
    return scope.has_perm(user, Perm.FILE_CASE, case) or handles(user, case)


def _reads_whole(user, case: Case) -> bool:
    return any(scope.has_perm(user, perm, case) for perm in (Perm.DECIDE_CASE, Perm.SEE_COUNTRY_CASES))


@dataclass(frozen=True)
class Offer:
    """One button of the case page: the paper in either language, with what a telephone link has to carry."""

    kind: str
    label: str | Promise
    size: int
    why: str


# What such a paper weighs, in bytes; a test compares it with papers that were made.
WEIGHTS = {Kind.LETTER: 25 * 1024, Kind.SHEET: 27 * 1024, Kind.FILE: 31 * 1024}


def offers(case: Case, user, now: datetime) -> list[Offer]:
    """The papers that this person has the right to, each with the reason why it is not there yet."""
    found = []
    for kind in Kind:
        refused = refusal(case, kind, user, now)
        if refused is None or refused.kind == "state":
            found.append(Offer(kind, kind.label, WEIGHTS[kind], refused.sentence if refused else ""))
    return found if any(not offer.why for offer in found) else []
