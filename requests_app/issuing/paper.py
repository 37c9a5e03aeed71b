"""One paper of a request, without its code: title, sections, class, and a warning when its approval holds no longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.sentences import function_of
from cmcoord.ui.papers import Paper
from requests_app import workflow
from requests_app.issuing.file import FILE
from requests_app.issuing.letter import LETTER
from requests_app.issuing.reading import Part, Reading
from requests_app.issuing.sheet import SHEET
from requests_app.models import Case, Decision, DecisionOutcome, IssuedPaper, Status

Kind = IssuedPaper.Kind
STOPPED = ("suspended", "cancelled", "withdrawn")  # an approval that holds no longer
PARTS: dict[str, tuple[Part, ...]] = {Kind.LETTER: LETTER, Kind.SHEET: SHEET, Kind.FILE: FILE}
TITLES: dict[str, str | Promise] = {
    Kind.LETTER: gettext_lazy("Decision on a request"),
    Kind.SHEET: gettext_lazy("Convoy sheet for the leader"),
    Kind.FILE: gettext_lazy("Case file"),
}


def paper_of(case: Case, kind: str, *, user, language: str, now: datetime) -> tuple[Paper, Sensitivity]:
    """The paper without its code, and its class. The case was read with its dossier."""
    with translation.override(language):
        reading = Reading(case, user, on_road=kind == Kind.SHEET)
        sections = tuple(filter(None, (part.section(reading) for part in PARTS[kind])))
        label = reading.label()
        paper = Paper(
            title=str(TITLES[kind]),
            lede=_lede(reading, kind),
            reference=case.reference,
            label=str(label.label),
            verdict=_verdict(reading) if kind == Kind.LETTER else "",
            warning=_warning(reading, kind, now),
            sections=sections,
            closing=tuple(_closing(reading, kind)),
            language=language,
        )
        return paper, label


def _lede(reading: Reading, kind: str) -> str:
    words = [reading.case.title]
    if kind == Kind.FILE:
        words.append(_("printed for %(person)s") % {"person": function_of(reading.user)})
    return " · ".join(words)


def _verdict(reading: Reading) -> str:
    row = reading.decision
    if row is None:
        return ""
    if row.kind == Decision.Kind.EXTENSION:
        return _("Approved with conditions, extended")
    return reading.value(row, "outcome")


def _warning(reading: Reading, kind: str, now: datetime) -> str:
    """A paper that is made after its decision has ended says so in red."""
    status = workflow.effective_status(reading.case, now)
    if kind == Kind.FILE or reading.decision is None:
        return ""
    if reading.decision.outcome == DecisionOutcome.DENIED:
        holds = status == Status.DENIED
    elif status in (*STOPPED, Status.EXPIRED):
        return _("This approval holds no longer: %(status)s.") % {"status": Status(status).label}
    else:
        holds = reading.case.decision_id is not None
    return "" if holds else _("This decision holds no longer: the request is being reviewed again.")


def _closing(reading: Reading, kind: str) -> Iterator[str]:
    place = {"place": reading.case.country.timezone.rpartition("/")[2].replace("_", " ")}
    if kind == Kind.SHEET:
        yield _("Times are those of %(place)s; in brackets day, hour and month in UTC (Z).") % place
    else:
        yield _("Times are those of %(place)s.") % place
    if kind == Kind.LETTER and reading.decision and reading.decision.outcome == DecisionOutcome.DENIED:
        yield _("The organisation may appeal once, with new facts.")
    elif kind == Kind.LETTER:
        yield _(
            "The decision holds within these limits only and obliges nobody to travel. It ends at once when it is "
            "suspended, cancelled or replaced: check the code before you rely on it."
        )
    if kind != Kind.FILE:
        return
    yield _(
        "This file holds what its reader may see in the portal on the day it was made, and nothing that is strictly "
        "confidential."
    )
