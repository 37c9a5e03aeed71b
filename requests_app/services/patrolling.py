"""How a patrol is passed on to the force, planned and logged by it, and what is said of it (domain.md §3.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from contacts.models import Force
from requests_app import patrols, provider, transmission
from requests_app.models import DIRECTIONS, Case, Extract, PatrolFeedback, PatrolLog
from requests_app.models.terms import LOGGED_WITHIN
from requests_app.services.made import Made, Refused

LONGEST = 2000  # kilometres in a day


def name_force(made: Made, force: Force | None) -> None:
    """Which force is asked: the one that the request names, or the one that OCHA chooses when it passes it on."""
    case = made.case
    if force is not None and force.pk != case.force_id:
        if force.country_id != case.country_id:
            made.need(_("Choose one from the list."))
        made.set(force=force)
    if case.force is None:
        made.need(_("Choose the force that is asked."))
    if provider.stop(case):
        made.need(provider.cannot_be_named(case))
    if case.departure_at and not case.force.present_on(case.departure_at.astimezone(case.country.zone).date()):
        made.need(_("This force is not present at that date."))


def set_limits(made: Made) -> None:
    """The limits of the paper are the segment and the period asked for; logs come in shortly after them."""
    made.set(ends_at=made.case.window_to + LOGGED_WITHIN)


def days_of(made: Made, days: Iterable[date]) -> list[str]:
    """On which days the force patrols: at least one, each within the period that was asked for."""
    case, zone = made.case, made.case.country.zone
    wanted = sorted(set(days))
    if not wanted:
        made.need(_("Choose at least one day."))
    first, last = (moment.astimezone(zone).date() for moment in (case.departure_at, case.window_to))
    if wanted[0] < first or wanted[-1] > last:
        made.need(_("A patrol outside the period that was asked for is another request."))
    return [day.isoformat() for day in wanted]


def log_patrol(made: Made, *, day: date, km: int, direction: str, **_facts: Any) -> None:
    """One patrol that was done: the day, the kilometres, the direction; each once, within the period."""
    if direction not in dict(DIRECTIONS):
        made.need(_("Choose the direction."))
    extract = transmission.addressed(made.case)
    assert extract is not None  # noqa: S101  a force logs what it was sent
    log = PatrolLog(case=made.case, extract=extract, day=day, km=km, direction=direction)
    _write(made, log, beside=_done(made, extract))


def correct_patrol(
    made: Made, *, log: int, day: date | None = None, km: int | None = None, direction: str = "", **_facts: Any
) -> None:
    """The force corrects what it logged: the wrong row stays, and a new one says what holds instead, and why.

    What is not given stays as it was logged.
    """
    logs = patrols.done(made.case.patrols.select_related("on_behalf"))
    wrong = next((row for row in logs if row.pk == log), None)
    if wrong is None:
        raise Refused("state", _("This log was corrected meanwhile. Please look at it as it is now."))
    if not made.reason:
        made.need(_("Say why in a sentence."))
    new = PatrolLog(
        case=made.case,
        extract=wrong.extract,
        day=day or wrong.day,
        km=km or wrong.km,
        direction=direction or wrong.direction,
        corrects=wrong,
        reason=made.reason[:400],
    )
    if new.direction not in PatrolLog.Direction.values:
        made.need(_("Choose the direction."))
    if (new.day, new.km, new.direction) == (wrong.day, wrong.km, wrong.direction):
        made.need(_("Say what holds instead."))
    _write(made, new, beside=[row for row in _done(made, wrong.extract) if row != wrong])


def _done(made: Made, extract: Extract) -> list[PatrolLog]:
    return patrols.done(made.case.patrols.filter(extract=extract).select_related("on_behalf"))


def _write(made: Made, new: PatrolLog, *, beside: Iterable[PatrolLog]) -> None:
    """Save one log that can have happened and that says nothing twice."""
    if not 1 <= new.km <= LONGEST:
        made.need(_("Give the kilometres, from 1 to %(most)d.") % {"most": LONGEST})
    if new.day > made.now.astimezone(made.case.country.zone).date():
        made.need(_("What is logged cannot lie in the future."))
    days_of(made, [new.day])
    if (new.day, new.direction) in {(row.day, row.direction) for row in beside}:
        made.need(_("This patrol is logged already."))
    new.at = made.now
    for name, value in made.signature.items():
        setattr(new, name, value)
    new.save()
    made.data |= {"km": new.km, "direction": new.direction}
    made.secret["day"] = new.day.isoformat()


def give_feedback(made: Made, *, helped: str, text: str = "", incidents: str = "", **_facts: Any) -> None:
    """What the humanitarians say of the patrols; with it the request is closed. The force does not read it."""
    if helped not in PatrolFeedback.Helped.values:
        made.need(_("Say whether the patrols helped."))
    if helped != PatrolFeedback.Helped.YES and not text.strip():
        made.need(_("Say why in a sentence."))
    PatrolFeedback.objects.create(
        case=made.case, helped=helped, text=text.strip(), incidents=incidents.strip(), at=made.now, **made.signature
    )
    made.data["helped"] = helped
    made.secret |= {"text": text.strip(), "incidents": incidents.strip()}


def held_before(case: Case) -> bool:
    """Was what a force has of it closed, because a consent was taken back? Then it gets a reference of its own."""
    return case.force_files.filter(closed=True, force_reference=case.force_reference).exists()
