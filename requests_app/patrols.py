"""Which patrols were done, of all that a force logged? Pure: reads the rows it is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cmcoord.ui.templatetags.ui import date_in_words
from requests_app.models import PatrolLog


def done(rows: Iterable[PatrolLog]) -> list[PatrolLog]:
    """What counts: no row that a later one corrects, none that did not take place, none that is disputed."""
    told = [row for row in rows if not is_disputed(row)]
    corrected = {row.corrects_id for row in told}
    return [row for row in told if row.pk not in corrected and row.direction != PatrolLog.Direction.NOTHING]


def is_disputed(row: PatrolLog) -> bool:
    """OCHA wrote it down, and whoever is said to have logged it says that they did not."""
    return bool(row.on_behalf and row.on_behalf.disputed_at)


def in_words(log: PatrolLog) -> str:
    """ "28 Nov: 96 km, There"."""
    facts = {"day": date_in_words(log.day, "j M"), "km": log.km, "direction": log.get_direction_display()}
    if log.direction == PatrolLog.Direction.NOTHING:
        return _("Patrol of %(day)s: it did not take place.") % facts
    return _("Patrol of %(day)s: %(km)d km, %(direction)s.") % facts


def side_by_side(logs: Sequence[PatrolLog]) -> list[dict[str, Any]]:
    """Every log for a page; what does not count is struck through, and it is said why."""
    counted, corrected = done(logs), {row.corrects_id for row in logs if not is_disputed(row)}
    return [
        {
            "log": log,
            "corrected": log.pk in corrected,
            "disputed": is_disputed(log),
            "struck": log not in counted and (is_disputed(log) or log.direction != PatrolLog.Direction.NOTHING),
        }
        for log in logs
    ]
