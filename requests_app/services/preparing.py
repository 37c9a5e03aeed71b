"""How is the execution sheet written: part by part, with its versions, beside the request?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Sensitivity, line_of
from cmcoord.activity.models import Event
from cmcoord.activity.services import Tell, record
from requests_app import execution_sheet, moves, telling, workflow
from requests_app.models import Case, ExecutionSheet
from requests_app.questions import BY_FIELD, SHEET
from requests_app.services.clocks import refresh_clocks
from requests_app.services.made import Made, Refused, locked

KIND = "case.sheet"
ANSWERS = tuple(name for name, row in BY_FIELD.items() if row.half == SHEET and name not in execution_sheet.ROWS)


@transaction.atomic
def save_sheet(
    case: Case,
    *,
    by: User,
    base_version: int,
    answers: dict[str, Any],
    rows: dict[str, list[dict[str, Any]]] | None = None,
    page: str = "",
    now: datetime | None = None,
) -> ExecutionSheet:
    """Save a part of the execution sheet: single `answers` by name, `rows` by question, each list as a whole.

    A stale base is refused, so that nothing is lost silently. Names never go into the trail, only how many there are.
    Once the escort is scheduled OCHA is told, and sends the change to the force.
    """
    now = now or timezone.now()
    case = locked(case, "axis")
    if refused := workflow.refusal(case, "sheet", by, now=now):
        raise Refused(refused.kind, refused.sentence)
    sheet = execution_sheet.sheet_of(case)
    if base_version != sheet.version:
        raise Refused("state", _("Somebody else saved this sheet meanwhile. Please look at it as it is now."))
    if execution_sheet.departure_is_fixed(case) and answers.get("leaves_at", sheet.leaves_at) != sheet.leaves_at:
        raise Refused("need", departure_is_fixed())
    clear, secret = _answered(sheet, answers)
    was_sent, was_complete = sheet.changed_since_sent, sheet.is_complete
    if sheet.pk is None:
        sheet.save()
    for name, wanted in (rows or {}).items():
        secret |= _replaced(sheet, name, wanted)
    if not (clear or secret):
        return sheet
    sheet.version += 1
    sheet.updated_at, sheet.updated_by = now, by
    case.sheet = sheet
    sheet.is_complete = not execution_sheet.missing(case)
    sheet.save()
    if was_complete != sheet.is_complete:
        refresh_clocks(case, now)
        case.save(update_fields=["due_at"])
    told = telling.audience(case, (("ocha", "act"),)) if sheet.changed_since_sent and not was_sent else ()
    _record(case, sheet, by=by, clear=clear, secret=secret, page=page, tell=told, at=now)
    return sheet


def departure_is_fixed() -> str:
    return _("The escort is scheduled: change its departure by “%(move)s”, so that the force is told.") % {
        "move": moves.lines("change")[0].label
    }


def keep_to_departure(made: Made) -> bool:
    """The sheet says no other departure than its request; True when its arrival has to be said anew.

    Scheduled, it takes the departure of the request; before, an exact departure that no longer fits is asked anew.
    An arrival stays only with a departure on the same day. What changed stands in the event of the move.
    """
    case, sheet = made.case, execution_sheet.sheet_of(made.case)
    old = (sheet.leaves_at, sheet.arrives_at)
    if sheet.leaves_at is None:
        return False
    if made.target in ("scheduled", "underway"):
        sheet.leaves_at = case.departure_at
    elif not case.departure_at <= sheet.leaves_at < case.window_to:
        sheet.leaves_at = None
    if sheet.leaves_at == old[0]:
        return False
    if not _still_arrives(sheet, old[0], case):
        sheet.arrives_at = None
    told_so_far = sheet.sent_version == sheet.version
    sheet.version += 1
    if told_so_far:
        sheet.sent_version = sheet.version
    case.sheet = sheet
    sheet.is_complete = not execution_sheet.missing(case)
    sheet.save()
    made.clocks_changed = True
    made.data["sheet_version"] = sheet.version
    hours = ((name, was, getattr(sheet, name)) for name, was in zip(("leaves_at", "arrives_at"), old, strict=True))
    lines = [f"{name}: {was} → {now or '–'}" for name, was, now in hours if was != now]
    made.secret["changes"] = "; ".join(filter(None, (made.secret.get("changes"), *lines)))
    return sheet.arrives_at != old[1]


def _still_arrives(sheet: ExecutionSheet, before: datetime | None, case: Case) -> bool:
    if before is None or sheet.leaves_at is None or sheet.arrives_at is None or sheet.arrives_at <= sheet.leaves_at:
        return False
    days = {timezone.localdate(moment, case.country.zone) for moment in (before, sheet.leaves_at)}
    return len(days) == 1


def _record(case: Case, sheet: ExecutionSheet, *, by, clear, secret, page: str, tell, at: datetime) -> Event:
    data = {"changed": sorted({*clear, *secret}), "sheet_version": sheet.version, **clear}
    tells: list[Tell] = list(tell)
    return record(case, KIND, by=by, data=data | ({"page": page} if page else {}), secret=secret, tell=tells, at=at)


def _answered(sheet: ExecutionSheet, answers: dict[str, Any]) -> tuple[dict, dict]:
    """Set the single answers; old and new of each that changed: open ones in clear, the others to be digested."""
    clear: dict[str, Any] = {}
    secret: dict[str, Any] = {}
    for name in ANSWERS:
        if name not in answers:
            continue
        old, new = getattr(sheet, name), answers[name]
        if old == new:
            continue
        setattr(sheet, name, new)
        if line_of(sheet, name).sensitivity.is_open:
            clear[name] = {"old": _plain(old), "new": _plain(new)}
        else:
            secret[name] = f"{_plain(old)} → {_plain(new)}"
    return clear, secret


def _replaced(sheet: ExecutionSheet, name: str, wanted: list[dict[str, Any]]) -> dict[str, str]:
    """Write the rows of one question as the page has them; what changed, for the trail: of names only how many."""
    kind = execution_sheet.ROWS[name]
    if len(wanted) > kind.most:
        raise Refused("need", _("At most %(count)d rows.") % {"count": kind.most})
    before = execution_sheet.rows_of(sheet, name)
    old = [_values(row, kind.columns) for row in before]
    rows = [kind.model(sheet=sheet, **kind.fixed, **_filled(kind.model, row)) for row in wanted]
    if old == [_values(row, kind.columns) for row in rows]:
        return {}
    kind.model._default_manager.filter(pk__in=[row.pk for row in before]).delete()
    kind.model._default_manager.bulk_create(rows)
    getattr(sheet, "_prefetched_objects_cache", {}).pop(kind.relation, None)
    if any(line_of(kind.model, column).sensitivity == Sensitivity.STRICT for column in kind.columns):
        return {name: f"{len(before)} → {len(rows)}"}
    return {name: f"{_told(old)} → {_told([_values(row, kind.columns) for row in rows])}"}


def _filled(model: type[models.Model], row: dict[str, Any]) -> dict[str, Any]:
    """An answer that was left open, as the column has it."""
    return {
        name: "" if value is None and isinstance(model._meta.get_field(name), models.CharField) else value
        for name, value in row.items()
    }


def _values(row: models.Model, columns: tuple[str, ...]) -> tuple:
    return tuple(getattr(row, column) for column in columns)


def _told(rows: list[tuple]) -> str:
    return "; ".join(" ".join(str(value) for value in row if value not in (None, "", False)) for row in rows) or "–"


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | bool | str | list | None) else str(value)
