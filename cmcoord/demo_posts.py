"""Which posts stand in the directory of the demonstration, and who holds them? Every person is made up.

The numbers are of a satellite range that nobody was given. Something of everything that a directory shows: somebody
with an alternate, a departure, a newcomer, somebody not confirmed for months, a namesake, a post that nobody holds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from cmcoord.accounts.models import Organisation, User
from cmcoord.places.models import DutyStation
from contacts.models import Capacity, Holding, Post, Shares
from contacts.services import Details, Holder, Mail, Number, hand_over, link_account, open_post, plan_departure

INSIDE, WITH_FORCES, PUBLIC = Shares(), Shares(force=True), Shares(force=True, public=True)


@dataclass(frozen=True)
class DemoPost:
    """One post as the demonstration knows it; `name` is empty where nobody holds it."""

    by: str
    organisation: str
    station: str
    function: str
    roles: tuple[str, ...] = ()
    name: str = ""
    shares: Shares = INSIDE
    account: str = ""
    duty: bool = False
    alternate: str = ""
    covers: tuple[str, ...] = ()
    answered: bool = True


POSTS = (
    DemoPost("ocha.bgi", "OCHA", "bangui", "Unité CMCoord et accès", ("ocha_focal_point",), "Firmin Fictif", PUBLIC,
             duty=True, alternate="Odile Exemple"),
    DemoPost("ocha.bgi", "OCHA", "bria", "Point focal CMCoord", ("ocha_focal_point", "cell_chair"), "Awa Fictive",
             WITH_FORCES, "ocha.bria", duty=True),
    DemoPost("ocha.bgi", "OCHA", "bambari", "Point focal CMCoord", ("ocha_focal_point",), "Noël Exemple", WITH_FORCES),
    DemoPost("ocha.bgi", "OCHA", "zemio", "Point focal CMCoord", ("ocha_focal_point",), "Zara Inventée", WITH_FORCES,
             covers=("obo",)),
    DemoPost("ocha.bgi", "OCHA", "birao", "Point focal CMCoord", ("ocha_focal_point",)),
    DemoPost("req.bria", "INGO Alpha", "bria", "Coordination terrain", ("focal_point",), "Grâce Exemple", INSIDE,
             "req.bria", duty=True),
    DemoPost("req.bria", "INGO Alpha", "bria", "Logistique", ("logistics", "convoy_leader"), "Désiré Inventé",
             WITH_FORCES),
    DemoPost("req.bria", "INGO Alpha", "bria", "Radio", (), "Désiré INVENTÉ"),
    DemoPost("req.birao", "ONG Bêta", "birao", "Logistique", ("focal_point",), "Honoré Fictif", WITH_FORCES,
             "req.birao"),
    DemoPost("ocha.bgi", "WFP", "bangui", "Cluster Logistique", ("logistics",), "Inès Exemple", WITH_FORCES, duty=True),
    DemoPost("ocha.bgi", "WFP", "bria", "Bureau de terrain", ("logistics",), "Chloé Inventée", answered=False),
    DemoPost("ocha.bgi", "UNDSS", "bangui", "Security adviser", ("undss",), "Samuel Sample", duty=True),
    DemoPost("ocha.bgi", "MINUSCA", "bria", "G3, secteur Est", ("force_liaison",), "Capitaine Fictif", WITH_FORCES,
             duty=True),
    DemoPost("ocha.bgi", "MINUSCA", "bangui", "U9", ("cimic",), "Major Sample", PUBLIC),
    DemoPost("ocha.bko", "OCHA", "bamako", "Unité CMCoord et accès", ("ocha_focal_point",), "Bakary Fictif", PUBLIC,
             duty=True),
    DemoPost("ocha.bko", "OCHA", "mopti", "Point focal CMCoord", ("ocha_focal_point",), "Mariam Exemple", WITH_FORCES,
             "ocha.mopti"),
    DemoPost("req.mopti", "INGO Gamma", "mopti", "Logistique", ("focal_point",), "Oumar Inventé", INSIDE, "req.mopti"),
    DemoPost("ocha.bko", "FAMa", "bamako", "Opérations", ("force_liaison",), "Commandant Fictif", WITH_FORCES),
)  # fmt: skip


def fill(users: dict[str, User]) -> int:
    """Open every post, and let some of the year pass; returns how many there are."""
    opened = [_open(number, one, users) for number, one in enumerate(POSTS, start=1)]
    _one_leaves(opened[6], users["req.bria"])
    _nobody_confirmed(opened[8])
    return len(opened)


def _open(number: int, one: DemoPost, users: dict[str, User]) -> Post:
    by, station = users[one.by], DutyStation.objects.select_related("country").get(code=one.station)
    covers = tuple(DutyStation.objects.filter(code__in=one.covers))
    details = Details(
        one.roles, duty_telephone=_number(100 + number) if one.duty else "", covers=covers, source="Inventé",
        mailbox=f"{one.station}.{number}@example.org" if one.duty else "", shares=WITH_FORCES,
    )  # fmt: skip
    holder = _holder(one.name, number, one.shares, one.answered) if one.name else None
    post = open_post(
        by=by, organisation=Organisation.objects.get(acronym=one.organisation), station=station, function=one.function,
        holder=holder, starts=station.country.today - dt.timedelta(days=40), details=details,
    )  # fmt: skip
    if one.account and post.holder:
        link_account(post.holder.person, by=by, user=users[one.account])
    if one.alternate:
        second = _holder(one.alternate, 200 + number, one.shares, answered=True)
        hand_over(post, by=by, holder=second, starts=station.country.today, capacity=Capacity.ALTERNATE)
    return post


def _holder(name: str, number: int, shares: Shares, answered: bool) -> Holder:
    numbers = (Number(_number(number), "satellite", day_and_night=True, shares=shares),)
    return Holder(name, numbers, (Mail(f"contact{number}@example.org", shares),), ("fr",), shares, answered=answered)


def _number(number: int) -> str:
    return f"+882160000{number:03d}"


def _one_leaves(post: Post, by: User) -> None:
    """Next week, and nobody is named yet."""
    if post.holder:
        plan_departure(post.holder, by=by, ends=post.country.today + dt.timedelta(days=7))


def _nobody_confirmed(post: Post) -> None:
    Holding.objects.filter(post=post).update(confirmed_at=timezone.now() - dt.timedelta(days=100))
