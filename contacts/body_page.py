"""What do the pages of bodies show: the tree of a country, one body with its seats, the seats of a person?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cmcoord.places.models import Country, folded
from contacts import keepers, workflow
from contacts.models import Body, Holding, Person, Seat, Sitting

COLOURS = {"proposed": "blue", "active": "green", "dormant": "amber", "closed": "grey"}
BEFORE = 20


@dataclass
class Branch:
    """A body and those that belong to it."""

    body: Body
    colour: str
    chairs: list[tuple[Seat, str]]
    vacant: int
    children: list[Branch] = field(default_factory=list)


def countries(user) -> list[Country]:
    """Whose directory this person opens, by name."""
    return sorted(keepers.countries_read(user), key=lambda country: country.name)


def tree(user, country: Country, *, closed: bool = False) -> list[Branch]:
    """The bodies of a country that this person reads, each under the one it belongs to: cells by name, then the others.

    A fixed number of queries.
    """
    found = keepers.bodies_of(user).filter(country=country)
    rows = list((found if closed else found.standing()).with_seats())
    branches = {body.pk: _branch(body) for body in rows}
    tops: list[Branch] = []
    for body in sorted(rows, key=lambda row: (row.kind, _sorted_by(row))):
        above = branches.get(body.parent_id or 0)
        (above.children if above else tops).append(branches[body.pk])
    order = [kind for kind, _label in Body.Kind.choices]
    return sorted(tops, key=lambda branch: (order.index(branch.body.kind), _sorted_by(branch.body)))


def _sorted_by(body: Body) -> str:
    """Cells by their place, in French too, where “d’Alindao” would come after “de Paoua”."""
    return folded(str(body.station) if body.kind == Body.Kind.CELL else body.name)


def _branch(body: Body) -> Branch:
    chairs = [seat for seat in body.open_seats if seat.kind in Seat.CHAIRS]
    return Branch(
        body, COLOURS[body.stage], [(seat, in_words(seat.now)) for seat in chairs], len(body.vacant_seats)
    )  # fmt: skip


def in_words(sittings: Iterable[Sitting]) -> str:
    """Who has a seat, by organisation: "WFP, UNICEF"."""
    return ", ".join(str(row.organisation) for row in sittings)


def page(body: Body, user) -> dict[str, Any]:
    """One body: its seats by kind, vacancies first of all, and what this reader may do."""
    keeps = keepers.keeps_body(user, body) and body.stage != Body.Stage.CLOSED
    inside = keepers.is_inside(user)
    seats = body.open_seats
    children = [] if not inside else list(body.children.standing().order_by("kind", "name_en"))
    before = Sitting.objects.filter(seat__body=body).exclude(ends=None).select_related("organisation", "seat")
    return {
        "body": body,
        "colour": COLOURS[body.stage],
        "inside": inside,
        "point": body.station.place.position_for(user.side) if body.station else None,
        "vacant": body.vacant_seats,
        "groups": [
            (label, [seat for seat in seats if seat.kind in kinds])
            for label, kinds in (
                (_("Chairs"), Seat.CHAIRS),
                (_("Members"), (Seat.Kind.MEMBER,)),
                (_("Observers, by invitation: they endorse nothing"), (Seat.Kind.OBSERVER,)),
            )
        ],
        "switches": [_switch(body, name) for name in Body.SWITCHES] if inside and body.kind == Body.Kind.CELL else [],
        "children": children,
        "before": list(before.order_by("-ends", "-id")[:BEFORE]) if inside else [],
        "keeps": keeps,
        "steps": workflow.choices(body, user) if keeps else [],
    }


def _switch(body: Body, name: str) -> tuple[str, str]:
    label = dict(Seat._meta.get_field("category").flatchoices)[name]
    return str(label), _("may be seated") if body.allows(name) else _("not seated here")


def seats_of(person: Person, user) -> list[dict[str, Any]]:
    """In which bodies somebody sits today through the posts that they hold: for the person's page (line 4-19)."""
    posts = Holding.objects.in_post().filter(person=person).values("post")
    rows = Sitting.objects.filter(ends=None, seat__closed_at=None, seat__body__in=keepers.bodies_of(user))
    found = (rows.filter(post__in=posts) | rows.filter(designate__in=posts)).select_related("seat__body__station")
    return [
        {"body": row.seat.body, "seat": row.seat, "kind": row.seat.get_kind_display()}
        for row in found.distinct().order_by("seat__body__kind", "seat__body__name_en")
    ]
