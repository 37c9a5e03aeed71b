"""Who stands in the directory twice, as far as one can tell? By number, by address, by name; among those one keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from contacts import keepers
from contacts.models import Address, Person, Telephone

MOST = 50


@dataclass(frozen=True)
class Pair:
    """Two people who look like one, and by what."""

    one: Person
    other: Person
    why: str


def pairs(user: User) -> list[Pair]:
    """At most 50, the surest first. A handful of queries."""
    kept = keepers.people_kept(user).values("pk")
    found: dict[tuple[int, int], str] = {}
    for model, name, why in (
        (Telephone, "number", _("the same number")),
        (Address, "email", _("the same address")),
    ):
        rows = model.objects.filter(person__in=kept)
        for key in _twins(rows, name, "person"):
            found.setdefault(key, why)
    for key in _twins(Person.objects.filter(pk__in=kept), "folded_name", "pk"):
        found[key] = ", ".join(filter(None, (found.get(key), _("the same name"))))
    wanted = sorted(found, key=lambda key: ("," not in found[key], key))[:MOST]
    people = Person.objects.prefetch_related("telephones", "addresses", "holdings__post__organisation").in_bulk(
        {pk for key in wanted for pk in key}
    )
    return [Pair(people[one], people[other], found[one, other]) for one, other in wanted]


def _twins(rows, name: str, owner: str) -> Iterable[tuple[int, int]]:
    """The pairs of owners who have the same value."""
    twice = rows.order_by().values(name).annotate(many=Count(owner, distinct=True)).filter(many__gt=1)
    values = [one[name] for one in twice[:MOST]]
    owners: dict[str, set[int]] = {}
    for value, pk in rows.order_by().filter(**{f"{name}__in": values}).values_list(name, owner):
        owners.setdefault(str(value), set()).add(pk)
    for same in owners.values():
        yield from combinations(sorted(same)[:10], 2)
