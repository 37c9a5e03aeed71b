"""Which meetings does the demonstration show? Cells that met, one that did not, and those to come; all invented."""

from __future__ import annotations

import datetime as dt

from cmcoord.accounts.models import User
from cmcoord.meetings import services
from cmcoord.meetings.models import Meeting
from cmcoord.meetings.services import Where
from cmcoord.meetings.services.attending import grid
from contacts.models import Body

DAY = dt.timedelta(days=1)
HALL = Where(place="Salle de la Croix-Rouge, Bria")
PAST = (15, 8, 1)  # days ago
HOUR, LASTS = dt.time(9), dt.timedelta(minutes=90)


def meet_all(users: dict[str, User]) -> int:
    """Meetings of two cells; returns how many."""
    bria, bambari = (Body.objects.get(kind="cell", station__code=code) for code in ("bria", "bambari"))
    by = users["ocha.bria"]
    for days in PAST:
        starts = _at(bria, -days)
        _attended(services.write_down(bria, by=by, starts=starts, ends=starts + LASTS, where=HALL), by)
    first = bria.country.today + 6 * DAY
    series = services.plan_series(
        bria, by=by, every=Body.Every.WEEK, first_day=first, at=HOUR, minutes=90, until=first + 70 * DAY, where=HALL
    )
    coming = series.meetings.order_by("starts").first()
    if coming:
        services.add_item(coming, by=by, title="Point sur l’axe Bria–Ippy", lead="INGO Alpha", minutes_planned=15)
        services.invite(coming, by=by)
    services.propose(bria, by=users["req.bria"], title="Taxes au pont de Bria", why="Trois convois arrêtés ce mois-ci.")
    starts = _at(bambari, 3)
    where = Where(place="Préfecture", venue="government")
    other = services.plan_meeting(bambari, by=users["ocha.bgi"], starts=starts, ends=starts + LASTS, where=where)
    services.not_held(other, by=users["ocha.bgi"], reason=Meeting.NotHeld.SECURITY)
    return Meeting.objects.count()


def _at(body: Body, days: int) -> dt.datetime:
    return dt.datetime.combine(body.country.today + days * DAY, HOUR, body.country.zone)


def _attended(meeting: Meeting, by: User) -> None:
    lines, _guests = grid(meeting)
    services.attend(meeting, by=by, present={line.organisation.pk: "present/in_person" for line in lines})
