"""Whom do I call now at a duty station, and whom if nobody answers? Functions for all, names where they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cmcoord.accounts import duty
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import Country, DutyStation
from contacts import finding, keepers, shown
from contacts.entries import Entry, entries, eyes_of
from contacts.models import CmcoordRole, Post

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

    station: DutyStation
    call: Call

    @property
    def url(self) -> str:
        return reverse("contacts:station", args=[self.station.code])


def boards(country: Country, reader: User) -> list[Board]:
    """Every active station of a country with whom to call there, by name; two queries."""
    on_duty = duty.duty_board(country, Perm.REVIEW_CASE)
    stations = DutyStation.objects.filter(country=country, active=True).select_related("covered_by").order_by("name")
    return [Board(station, _answering(station, on_duty.get(station.pk, on_duty[None]), reader)) for station in stations]


def at(station: DutyStation, reader: User) -> list[Call]:
    """First the station itself, then OCHA's focal points there with their alternates, then the national unit."""
    on_duty = duty.duty_board(station.country, Perm.REVIEW_CASE)
    here = on_duty.get(station.pk, on_duty[None])
    focal = finding.visible_to(reader).filter(finding.has_role(CmcoordRole.OCHA_FOCAL_POINT))
    covering = Post.covers.through.objects.filter(dutystation=station).values("post")
    posts = focal.filter(Q(station=station) | Q(pk__in=covering)).with_holders().order_by("function", "pk")
    found = [_answering(station, here, reader)]
    found += [call for entry in entries(posts[:5], eyes_of(reader)) for call in _of_post(entry)]
    found.append(_national(station.country, on_duty[None], reader))
    return list({call.telephone or call.who: call for call in reversed(found)}.values())[::-1]


def duty_posts(reader: User) -> list[Entry]:
    """The posts with a duty telephone that this person may have: as functions, whoever holds them."""
    shared = shown.for_circle(shown.reads_in(reader))
    posts = finding.visible_to(reader).exclude(duty_telephone="").filter(shared).with_holders()
    lines = entries(posts.order_by("station__name", "function", "pk")[:MOST], eyes_of(reader))
    return list({line.post: line for line in lines if line.duty_telephone}.values())


def _answering(station: DutyStation, on_duty: duty.Duty, reader: User) -> Call:
    """Who answers for the station today; of another side nobody reads a name, nor a person's own number."""
    inside = keepers.is_inside(reader)
    if on_duty.how == duty.NATIONAL:
        return _national(station.country, on_duty, reader)
    place = on_duty.place or station.name
    role = _("OCHA %(place)s") % {"place": place}
    there = station if on_duty.how == duty.OWN else station.covered_by
    telephone = on_duty.telephone if inside else there.telephone if there else ""
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
