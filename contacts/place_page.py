"""What does a duty station's page show: bodies, posts, open points? And who is who in the forces of a country?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from cmcoord.activity.statements import Statement
from cmcoord.places.models import Clock, Country, DutyStation
from contacts import body_page, calling, coverage, keepers, shown
from contacts.models import Addressee, Body, Capacity, Force, Holding, Post

MOST = 50  # posts of one duty station on its page; the directory finds the others


@dataclass(frozen=True)
class Line:
    """A post at the station, and what this reader may read of those who are in it."""

    post: Post
    lines: shown.Lines
    people: list[tuple[Holding, shown.Reach]]

    @property
    def held(self) -> bool:
        return any(held.capacity == Capacity.HOLDER for held, _reach in self.people)


# Each of these is written once. What all rows have in common, the place and its country, is not read with each of them.


def _standing_at(station: int, today: dt.date) -> QuerySet[Post]:
    posts = Post.objects.standing().filter(station=station).with_holders(today, addresses=False)
    return posts.select_related(None).select_related("organisation").order_by("function", "pk")[: MOST + 1]


def _bodies_at(station: int, country: str) -> QuerySet[Body]:
    return Body.objects.standing().filter(station=station, country=country)


_station = Statement(
    lambda code: DutyStation.objects.select_related("country", "place__area", "covered_by").filter(code=code), str
)
_standing = Statement(_standing_at, int, dt.date)
_bodies = Statement(_bodies_at, int, str)


def station_for(user, code: str) -> DutyStation | None:
    """The duty station of this short name, for who reads the directory of its country."""
    place = next(iter(_station(code)), None)
    return place if place and shown.circle_of(user, place.country_id) is not None else None


def station(place: DutyStation, user) -> dict[str, Any]:
    """One duty station as this reader may see it: what meets here, who is in post, what is open."""
    inside = keepers.is_inside(user)
    bodies = [body for body in _bodies(place.pk, place.country_id) if keepers.reads_body(user, body)]
    rows = list(_standing(place.pk, place.country.today))
    for one in (*bodies, *rows):
        one.station, one.country = place, place.country
    seats = coverage.vacant_seats_at(place, bodies)
    telling = coverage.telling_posts(place)
    shown_here = sorted(rows[:MOST], key=lambda post: (post.organisation.acronym, post.function, post.pk))
    return {
        "station": place,
        "calls": calling.at(place, user, telling),
        "inside": inside,
        "point": place.place.position_for(user.side),
        "bodies": [
            (body, body_page.COLOURS[body.stage], len([seat for seat in seats if seat.body == body and seat.mandatory]))
            for body in bodies
        ],
        "posts": lines(shown_here, user),
        "covering": lines([row for row in telling if row.station_id != place.pk], user),
        "more": len(rows) > MOST,
        "gaps": coverage.sections_at(place, bodies=bodies, seats=seats, telling=telling) if inside else [],
    }


def lines(posts: Iterable[Post], user) -> list[Line]:
    """These posts, each with what this reader may read."""
    return [
        Line(post, shown.lines_of(post, user), [(held, shown.reach_of(held, user)) for held in post.in_post])
        for post in posts
    ]


# ── who is who in the force ──────────────────────────────────────────────────────────────────────────────────────────

# The letters and numbers of a military staff, and to whom a need goes at each level (domain.md §1.1: the CAR chain).
LEVELS = (
    # level, operations, CIMIC, what is settled there
    (_("Force headquarters"), "U3, U35", "U9", _("Tasks the sectors; U3 leads operations, U35 plans the coming ones.")),
    (_("Sector (brigade)"), "G3", "G9", _("Tasks the battalions of its sector; co-chairs the cells there.")),
    (_("Battalion"), "S3", "S9", _("Sends the patrol or the escort; knows the road of today.")),
)
BRANCHES = (
    # number of the branch, what it does
    ("1", _("personnel")),
    ("2", _("information on security")),
    ("3", _("operations: patrols and escorts")),
    ("4", _("logistics: lorries, fuel, workshops")),
    ("5", _("plans for the coming months")),
    ("6", _("communications")),
    ("9", _("CIMIC: contact with civilians, its own small projects; not humanitarian coordination")),
)
OTHERS = (
    # who else, and for what
    (_("UNPOL and formed police units (FPU)"), _("Towns, sites of displaced people; a chain of their own.")),
    (_("JMAC"), _("Analysis of the mission; civilians and military work together in it.")),
    (_("PoC, human rights, civil affairs"), _("Civilian sections: alerts go to them, one by one.")),
)  # fmt: skip
PHRASING = (
    _("Say the need, not the means: “reach 4,200 people at Nzacko before the rains”, not “two armoured vehicles”."),
    _("Say why now, why nobody else, and what was tried: without it OCHA cannot send it on."),
    _("Name the place, the axis, the days and the earliest and latest hour; forces write in Zulu time."),
    _("Send nothing to a force yourself: a request goes through OCHA, and the force gets it once it is approved."),
    _("Ask for something that can be ended: until which day, in which area."),
    _("Leave out persons: no names of people in need, witnesses or sources, and nothing about armed groups."),
    _("What a force decides is whether it can; whether it should was decided before, by humanitarians."),
)  # fmt: skip


def forces(country: Country, user) -> dict[str, Any]:
    """The forces present in a country, their posts and chains by function, and how long an answer takes."""
    present = list(Force.objects.present(country).order_by("acronym"))
    chain = Addressee.objects.filter(force__in=present, active_to=None).order_by("force", "place")
    chains: dict[int, list[Addressee]] = {}
    for row in chain:
        chains.setdefault(row.force_id, []).append(row)
    posts = Post.objects.standing().filter(
        country=country, organisation__in=[force.organisation_id for force in present]
    )
    there = lines(posts.with_holders().order_by("organisation__acronym", "station__name", "function")[:MOST], user)
    return {
        "country": country,
        "forces": [
            {"force": force, "chain": chains.get(force.pk, []),
             "posts": [line for line in there if line.post.organisation_id == force.organisation_id]}
            for force in present
        ],
        "lead": lead_times(country),
    }  # fmt: skip


# Of which requests the lead times stand here; all of them are on the country's page.
TIMED = (("AE", _("Armed escort")), ("MCDA-LOG", _("Military means, transport")), ("EVAC", _("Rescue")))


def lead_times(country: Country) -> list[dict[str, Any]]:
    """In how many hours a force acknowledges and answers, and the whole way takes: by the country's policy today."""
    profile = country.profile_on()
    clocks: dict[tuple[str, str], dict[str, int]] = {}
    for code, pace, step, length in Clock.objects.filter(profile=profile, request_type__in=dict(TIMED)).values_list(
        "request_type", "pace", "step", "minutes"
    ):
        clocks.setdefault((code, pace), {})[step] = length
    found: list[dict[str, Any]] = []
    for code, label in TIMED:
        for pace, word in Clock.Pace.choices:
            if profile and profile.offers(code) and (minutes := clocks.get((code, pace))):
                steps = ("acknowledgement", "reply", "lead_time")
                hours = [_hours(minutes.get(step)) for step in steps]
                if found and found[-1]["label"] == label and found[-1]["hours"] == hours:
                    found.pop()  # what saves lives is urgent at either pace
                found.append({"label": label, "pace": word, "hours": hours})
    return found


def _hours(minutes: int | None) -> str:
    """90 → "1.5 h", in French "1,5 h"."""
    return f"{localize(round(minutes / 60, 2)).rstrip('0').rstrip('.,')} h" if minutes else "–"
