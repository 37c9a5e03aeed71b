"""How do the tests seat the two chairs of the cell of Bria, and get a meeting of it? Through the services alone."""

import datetime as dt

from django.utils import timezone

from cmcoord.accounts.models import Organisation
from cmcoord.meetings import services
from cmcoord.meetings.models import Meeting
from cmcoord.meetings.services import Where
from contacts.models import Body
from contacts.services import take_seat

HOUR = dt.timedelta(hours=1)
HALL = Where(place="Community hall")


def cell_of(code="bria") -> Body:
    return Body.objects.select_related("country", "station").get(kind="cell", station__code=code)


def seat(body: Body, kind: str, acronym: str, *, by, function: str = "", **through):
    """An organisation takes a seat from a month ago on."""
    row = body.seats.open().get(kind=kind, **({"function_en": function} if function else {}))
    sitting = take_seat(row, by=by, organisation=Organisation.objects.get(acronym=acronym), **through)
    type(sitting).objects.filter(pk=sitting.pk).update(starts=timezone.localdate() - dt.timedelta(days=30))
    return sitting


def chaired(people, code="bria") -> Body:
    """The cell with OCHA in the chair and the force as co-chair."""
    body = cell_of(code)
    seat(body, "chair", "OCHA", by=people.ocha_bgi)
    seat(body, "co_chair", "MINUSCA", by=people.ocha_bgi)
    return body


def speaking(user, language: str):
    """This person, who reads in this language from now on."""
    user.language = language
    user.save(update_fields=["language"])
    return user


def planned(body: Body, by, *, starts=None, hours=2, where=HALL, **facts) -> Meeting:
    """A meeting to come: in a week, unless told otherwise."""
    starts = starts or timezone.now().replace(microsecond=0) + dt.timedelta(days=7)
    return services.plan_meeting(body, by=by, starts=starts, ends=starts + hours * HOUR, where=where, **facts)


def held(body: Body, by, *, days_ago: float = 1, where=HALL) -> Meeting:
    """A meeting that took place."""
    starts = timezone.now().replace(microsecond=0) - dt.timedelta(days=days_ago)
    return services.write_down(body, by=by, starts=starts, ends=starts + HOUR, where=where)


def under_way(body: Body, by) -> Meeting:
    """A meeting that began and is not over."""
    meeting = held(body, by, days_ago=0.1)
    Meeting.objects.filter(pk=meeting.pk).update(ends=timezone.now() + HOUR)
    return Meeting.objects.with_body().get(pk=meeting.pk)
