"""Which meetings does the demonstration show? Cells that met, one that did not, and those to come; all invented."""

from __future__ import annotations

import datetime as dt

from cmcoord.accounts.models import User
from cmcoord.meetings import services
from cmcoord.meetings.models import Meeting
from cmcoord.meetings.services import Where, liaison, points
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
    _agreed(bria, by, users["force.sector"])
    starts = _at(bambari, 3)
    where = Where(place="Préfecture", venue="government")
    other = services.plan_meeting(bambari, by=users["ocha.bgi"], starts=starts, ends=starts + LASTS, where=where)
    services.not_held(other, by=users["ocha.bgi"], reason=Meeting.NotHeld.SECURITY)
    return Meeting.objects.count()


def _agreed(body: Body, by: User, force: User) -> None:
    """Points of the table and one of the humanitarian side, and a contact of today."""
    today, ocha, minusca = body.country.today, by.organisation, force.organisation
    if ocha is None or minusca is None:
        return
    for owner, words, days in (
        (minusca, "Partager l’état de la route Bria–Ippy avant chaque convoi", 2),
        (ocha, "Mettre à jour la liste des points focaux", 9),
    ):
        points.raise_point(body, by=by, words=words, owner_organisation=owner, due=today + days * DAY)
    points.raise_point(
        body, by=by, words="Préparer la position commune sur les escortes", owner_organisation=ocha,
        due=today + 5 * DAY, internal=True,
    )  # fmt: skip
    liaison.log_contact(
        body, by=by, organisation=minusca, means="telephone", with_whom="G3",
        subject="Pont d’Ippy : la réparation commence lundi",
    )  # fmt: skip


def _at(body: Body, days: int) -> dt.datetime:
    return dt.datetime.combine(body.country.today + days * DAY, HOUR, body.country.zone)


def _attended(meeting: Meeting, by: User) -> None:
    lines, _guests = grid(meeting)
    services.attend(meeting, by=by, present={line.organisation.pk: "present/in_person" for line in lines})
