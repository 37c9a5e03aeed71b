"""How does one request read in a list? Words and colours from what the list has read already; no further query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.activity.barrier import Sensitivity, may_see
from cmcoord.ui.templatetags.ui import moment_in_words
from requests_app import workflow
from requests_app.deadlines import RUNNING_IN, STEPS
from requests_app.models import Case, Status, Urgency
from requests_app.turns import COLOURS

HOLDERS: dict[str, str | Promise] = {
    "national": gettext_lazy("OCHA, national unit"),
    "coordinator": gettext_lazy("Humanitarian Coordinator"),
    "force": gettext_lazy("The force"),
}
URGENCY_COLOURS: dict[str, str] = {"urgent": "amber", "immediate": "red"}


@dataclass(frozen=True)
class Row:
    """One request as lists print it, moments in the reader's zone already. `due` is None when no clock runs."""

    url: str
    title: str
    reference: str
    organisation: str
    station: str
    departure: str
    filed: str
    status: str
    colour: str
    urgency: str
    urgency_colour: str
    sensitivity: str
    strict: bool
    imported: bool
    due: datetime | None
    whose: str


class _Words:
    """Labels of one list, each translated once however many rows bear it."""

    def __init__(self):
        self.statuses: dict[str, str] = {}
        self.urgencies: dict[str, str] = {}
        self.classes: dict[str, str] = {}

    def status(self, value: str) -> str:
        if value not in self.statuses:
            self.statuses[value] = str(Status(value).label)
        return self.statuses[value]

    def urgency(self, value: str) -> str:
        if value not in self.urgencies:
            self.urgencies[value] = str(Urgency(value).label)
        return self.urgencies[value]

    def sensitivity(self, value: str) -> str:
        if value not in self.classes:
            self.classes[value] = str(Sensitivity(value).label)
        return self.classes[value]


def rows_of(cases: Iterable[Case], user, now: datetime | None = None) -> list[Row]:
    """Rows in the order of the cases. A case past its end reads as expired, even before the sweep has written it."""
    now = now or timezone.now()
    words, register = _Words(), reverse("requests:list")
    return [_row(case, user, now, words, f"{register}{case.reference}/") for case in cases]


def _row(case: Case, user, now: datetime, words: _Words, url: str) -> Row:
    status = workflow.effective_status(case, now)
    running = status == case.status
    strict = case.sensitivity == Sensitivity.STRICT
    leaves = case.departure_at if not strict and may_see(user, case, "departure_at") else None
    return Row(
        url=url,
        title=case.title,
        reference=case.reference,
        organisation=str(case.organisation),
        station=case.station.name,
        departure=moment_in_words(leaves) if leaves else "",
        filed=moment_in_words(case.created_at, "day"),
        status=words.status(status),
        colour=COLOURS[status],
        urgency=words.urgency(case.urgency) if case.urgency in URGENCY_COLOURS else "",
        urgency_colour=URGENCY_COLOURS.get(case.urgency, ""),
        sensitivity=words.sensitivity(case.sensitivity),
        strict=strict,
        imported=case.imported,
        due=case.due_at if running else None,
        whose=whose(case) if running and case.due_at else "",
    )


def whose(case: Case) -> str:
    """Who holds the clock of this status, by function and place: "OCHA Bria"."""
    steps = RUNNING_IN.get(case.status)
    owner = STEPS[steps[0]][0] if steps else ""
    if owner in ("station", "ocha"):
        return _("OCHA %(place)s") % {"place": case.station.name}
    if owner == "requester":
        return str(case.organisation)
    return str(HOLDERS.get(owner, ""))
