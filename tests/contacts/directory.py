"""People and posts of a directory, for its tests: made-up names and numbers."""

from __future__ import annotations

import datetime as dt

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.models import Event, Notification
from cmcoord.places.models import DutyStation
from contacts.models import Capacity, Holding, Post, Shares
from contacts.services import Details, Holder, Mail, Number, open_post
from contacts.services.people import write_person

LONG_AGO = dt.date(2026, 1, 5)
OPEN = Shares(True, True, True)
INSIDE = Shares()
FORCE = Shares(True, True, False)
NOBODY = Shares(False, False, False)


def post_of(
    by: User, function: str, name: str = "", *, organisation: str = "OCHA", station: str = "bria",
    numbers: tuple[str, ...] = ("+23672000001",), shares: Shares = INSIDE, answered: bool = True, **details,
) -> Post:  # fmt: skip
    """A post; with somebody in it who shares everything with the same circles, where a name is given."""
    holder = None
    if name:
        holder = Holder(
            name,
            tuple(Number(number, shares=shares) for number in numbers),
            (Mail(f"{numbers[0][1:]}@example.org", shares),),
            ("fr",),
            shares,
            answered=answered,
        )
    return open_post(
        by=by, organisation=Organisation.objects.get(acronym=organisation),
        station=DutyStation.objects.get(code=station), function=function, holder=holder, starts=LONG_AGO,
        details=Details(**details),
    )  # fmt: skip


def alternate_in(post: Post, by: User, name: str, number: str, shares: Shares = INSIDE) -> Holding:
    """Somebody who answers in the holder's place."""
    person = write_person(Holder(name, (Number(number, shares=shares),), shares=shares))
    return Holding.objects.create(
        post=post, person=person, capacity=Capacity.ALTERNATE, starts=LONG_AGO, recorded_by=by
    )


def holder(name="Somebody", number="+23672000001", email="somebody@example.org", **more):
    """Somebody with one telephone and one address."""
    return Holder(name, (Number(number),), (Mail(email),) if email else (), **more)


def asked(kind, expects=None) -> list:
    """Who was told by mail of events of this kind, newest event only."""
    event = Event.objects.filter(kind=kind).order_by("-pk").first()
    rows = Notification.objects.filter(event=event, channel="mail") if event else []
    return sorted(row.address or row.recipient.username for row in rows if expects is None or row.expects == expects)
