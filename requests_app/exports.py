"""The register as a table to take away: which columns, of which class, and which requests?

A column has the class of its line in the audience table. Confidential columns and strictly confidential requests come
only with their own tick and a reason; what is closed on the pages stays closed in every file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Sensitivity, highest, line_of, may_see, opens
from cmcoord.activity.sentences import function_of
from cmcoord.activity.services import record
from cmcoord.ui.downloads import csv_file, xlsx_file
from cmcoord.ui.templatetags.ui import date_in_words
from requests_app import classes, last_resort, listing, workflow
from requests_app.models import Case, Status

MOST = 3000  # rows of one file; more take a web process too long
KIND = "register.export"
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Column:
    """One column: the field whose line decides, and how it is read where that is more than its value."""

    heading: str | Promise
    field: str
    read: Callable[[Case], Any] | None = None

    @property
    def sensitivity(self) -> Sensitivity:
        return line_of(Case, self.field).sensitivity

    def value(self, case: Case) -> Any:
        if self.read:
            return self.read(case)
        found = getattr(case, self.field)
        display = getattr(case, f"get_{self.field}_display", None)
        if display:
            return str(display())
        if isinstance(found, bool):
            return _("Yes") if found else _("No")
        if isinstance(found, datetime):
            return timezone.localtime(found, case.country.zone)
        return found if found is None or isinstance(found, int) else str(found)


def _said(risk: last_resort.Risk, case: Case) -> str:
    """The words to a statement that is ticked now."""
    return getattr(case, risk.text) if risk.code in case.risks else ""


def _status(case: Case) -> str:
    return str(Status(workflow.effective_status(case)).label)


COLUMNS: tuple[Column, ...] = (
    Column(gettext_lazy("Reference"), "reference"),
    Column(gettext_lazy("Sensitivity"), "sensitivity"),
    Column(gettext_lazy("Type of request"), "request_type"),
    Column(gettext_lazy("Status"), "status", _status),
    Column(gettext_lazy("Urgency"), "urgency"),
    Column(gettext_lazy("Requesting organisation"), "organisation"),
    Column(gettext_lazy("Duty station"), "station"),
    Column(gettext_lazy("From"), "origin"),
    Column(gettext_lazy("To"), "destination"),
    Column(gettext_lazy("Need"), "need"),
    Column(gettext_lazy("People concerned"), "people"),
    Column(gettext_lazy("Becomes critical on"), "critical_by"),
    Column(gettext_lazy("Cargo"), "cargo"),
    Column(gettext_lazy("Asset asked for"), "asset_category"),
    Column(gettext_lazy("Quantity"), "asset_quantity"),
    Column(gettext_lazy("Effect needed"), "capability_needed"),
    Column(gettext_lazy("Area"), "area"),
    Column(gettext_lazy("Rotations"), "rotations"),
    Column(gettext_lazy("Force asked"), "force"),
    Column(gettext_lazy("Submitted"), "submitted_at"),
    Column(gettext_lazy("Due"), "due_at"),
    Column(gettext_lazy("Approval ends"), "ends_at"),
    Column(gettext_lazy("Axis"), "axis"),
    Column(gettext_lazy("Departure"), "departure_at"),
    Column(gettext_lazy("Window until"), "window_to"),
    Column(gettext_lazy("Vehicles"), "vehicles"),
    Column(gettext_lazy("Passengers"), "passenger_count"),
    Column(gettext_lazy("Convoy leader (civilian)"), "leader"),
    Column(gettext_lazy("Why an escort lowers the risk"), "why_safer"),
    Column(gettext_lazy("Last-resort test"), "risks", lambda case: last_resort.in_words(case.risks)),
    *(
        Column(capfirst(Case._meta.get_field(risk.text).verbose_name), risk.text, partial(_said, risk))
        for risk in last_resort.RISKS
        if risk.text
    ),
)


def columns(*, side: str, confidential: bool) -> list[Column]:
    """Of what this side reads the open columns, and confidential ones when asked for; strict ones never."""
    offered = {Sensitivity.CONFIDENTIAL} if confidential else set()
    return [
        column
        for column in COLUMNS
        if opens(line_of(Case, column.field), side) and (column.sensitivity.is_open or column.sensitivity in offered)
    ]


@dataclass(frozen=True)
class Exported:
    """A file of the register, with what its event says of it."""

    name: str
    content: bytes
    content_type: str
    count: int


class TooMany(Exception):
    """More requests fit than one file holds."""


def rows_for(user, asked: dict[str, Any], *, strict: bool) -> list[Case]:
    """The requests that the register shows for these filters; the strict ones on demand, for those who open them."""
    page = listing.page_for(user, **asked, size=MOST)
    if page.older:
        raise TooMany
    keys = [case.pk for case in page.rows]
    whole = Case.objects.select_related(
        "country", "organisation", "station", "origin", "destination", "axis", "area", "force__organisation"
    ).in_bulk(keys)
    cases = [whole[key] for key in keys]
    for case, row in zip(cases, page.rows, strict=True):
        case.seen_by, case.listed_by = row.seen_by, row.listed_by
    return [case for case in cases if not classes.is_closed(case, case) or (strict and classes.is_named(user, case))]


@transaction.atomic
def export_register(
    *, by: User, asked: dict[str, Any], form: str, confidential: bool = False, strict: bool = False, reason: str = ""
) -> Exported:
    """The file, and the event that says who took how much of which class, why, and the hash of its bytes.

    Raises TooMany. Raises ValueError without a reason where one is needed: the form asks for it.
    """
    if (confidential or strict) and not reason.strip():
        raise ValueError("a reason is needed")
    cases, chosen = rows_for(by, asked, strict=strict), columns(side=by.side, confidential=confidential)
    label = highest([*(column.sensitivity for column in chosen), *(["S"] if strict else [])])
    now = timezone.now()
    content = _content(form, chosen, cases, by, label, now)
    sha256 = hashlib.sha256(content).hexdigest()
    record(
        by,
        KIND,
        by=by,
        data={
            "format": form,
            "count": len(cases),
            "sensitivity": label,
            "columns": [column.field for column in chosen],
            "requests": [case.reference for case in cases],
            "sha256": sha256,
        },
        secret={"reason": reason} if reason else None,
        at=now,
    )
    return Exported(f"register-{now:%Y-%m-%d-%H%M}-{label}.{form}", content, FORMATS[form], len(cases))


def _content(form: str, chosen: Sequence[Column], cases: list[Case], by: User, label: Sensitivity, now) -> bytes:
    table = [(str(column.heading), _reader(column, by)) for column in chosen]
    if form == "csv":
        return csv_file(table, cases)
    about = [
        (_("Sensitivity"), str(label.label)),
        (_("Taken by"), function_of(by)),
        (_("Taken on"), date_in_words(timezone.localtime(now), "j F Y, H:i")),
        (_("Requests"), str(len(cases))),
        (_("Times"), _("Local time of the country of each request.")),
        (_("From"), settings.PORTAL_URL),
    ]
    return xlsx_file(_("Requests"), table, cases, about=about, about_title=_("About this file"))


def _reader(column: Column, by: User) -> Callable[[Case], Any]:
    """A cell as this person reads it; of a strictly confidential request what is closed on its page stays closed."""

    def read(case: Case) -> Any:
        shut = not column.sensitivity.is_open and classes.is_closed(case, case)
        if shut or not may_see(by, case, column.field):
            return _("closed")
        return column.value(case)

    return read
