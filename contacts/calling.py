"""Whom do I call now at a duty station, and whom if nobody answers? Functions for all, names where they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cmcoord.accounts import duty, scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import Country, DutyStation
from contacts import finding, keepers, shown
from contacts.entries import Entry, entries, eyes_of
from contacts.models import CmcoordRole, Post

FOCAL = 5  # posts of focal points that are called one after the other
MOST = 60  # duty telephones of posts on the page that is kept offline


@dataclass(frozen=True)
class Call:
    """One line: who is called, as what, on which number."""

    who: str
    role: str = ""
    telephone: str = ""
    alternate: bool = False


@dataclass(frozen=True)
class Board:
    """A duty station with the number that is called first there."""

    station: scope.Station
    call: Call

    @property
    def url(self) -> str:
        return reverse("contacts:station", args=[self.station.code])


def boards(country: Country, reader: User) -> list[Board]:
    """Every active station of a country with whom to call there, by name; two queries beside the stations."""
    on_duty = duty.duty_board(country, Perm.REVIEW_CASE)
    stations = {station.pk: station for station in scope.active_stations(reader) if station.country == country.pk}
    return [
        Board(station, _answering(
            country, station.name, (station.telephone, _telephone(stations.get(station.covered_by or 0))),
            on_duty.get(station.pk, on_duty[None]), reader,
        ))
        for station in stations.values()
    ]  # fmt: skip


def at(station: DutyStation, reader: User, posts: Iterable[Post]) -> list[Call]:
    """First the station itself, then OCHA's focal points there with their alternates, then the national unit.

    `posts` are those there and those that cover it, for a reader of the country; the focal points among them count.
    """
    on_duty = duty.duty_board(station.country, Perm.REVIEW_CASE)
    here = on_duty.get(station.pk, on_duty[None])
    focal = sorted(
        (post for post in posts if CmcoordRole.OCHA_FOCAL_POINT in post.roles), key=lambda one: (one.function, one.pk)
    )
    telephones = station.telephone, _telephone(station.covered_by)
    found = [_answering(station.country, station.name, telephones, here, reader)]
    found += [call for entry in entries(focal[:FOCAL], eyes_of(reader)) for call in _of_post(entry)]
    found.append(_national(station.country, on_duty[None], reader))
    return list({call.telephone or call.who: call for call in reversed(found)}.values())[::-1]


def duty_posts(reader: User) -> list[Entry]:
    """The posts with a duty telephone that this person may have: as functions, whoever holds them."""
    shared = shown.for_circle(shown.reads_in(reader))
    posts = finding.visible_to(reader).exclude(duty_telephone="").filter(shared).with_holders()
    lines = entries(posts.order_by("station__name", "function", "pk")[:MOST], eyes_of(reader))
    return list({line.post: line for line in lines if line.duty_telephone}.values())


def _telephone(station: scope.Station | DutyStation | None) -> str:
    return station.telephone if station else ""


def _answering(country: Country, name: str, telephones: tuple[str, str], on_duty: duty.Duty, reader: User) -> Call:
    """Who answers for the station of this name today; of another side nobody reads a name, nor a person's own number.

    `telephones` are the station's own and that of the one that covers it.
    """
    inside = keepers.is_inside(reader)
    if on_duty.how == duty.NATIONAL:
        return _national(country, on_duty, reader)
    place = on_duty.place or name
    role = _("OCHA %(place)s") % {"place": place}
    own, covering = telephones
    telephone = on_duty.telephone if inside else own if on_duty.how == duty.OWN else covering
    return Call(on_duty.name or role if inside else role, role if inside and on_duty.name else "", telephone)


def _national(country: Country, on_duty: duty.Duty, reader: User) -> Call:
    role = _("OCHA, national unit")
    if not keepers.is_inside(reader):
        return Call(role, "", country.national_unit_telephone)
    return Call(on_duty.name or role, role if on_duty.name else "", on_duty.telephone)


def _of_post(entry: Entry) -> Iterator[Call]:
    number = entry.first_number
    if number:
        alternate = entry.capacity == "alternate"
        yield Call(
            entry.name or entry.function, entry.function if entry.name else entry.organisation, number, alternate
        )
