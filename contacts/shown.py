"""What may this reader read of a person, or of a post's telephone? The one place that decides (domain.md §4.2, §4.4).

Pages, lists, exports, sheets and the search ask here. Whoever keeps a post of the person reads everything, and so does
the person; everybody else what is shared with their circle, once the person has answered.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Side
from contacts import keepers
from contacts.models import Address, Circle, Holding, Merge, Person, Post, Telephone
from contacts.models.posts import PostQuerySet

CIRCLE_OF_SIDE: dict[str, Circle] = {
    Side.HUMANITARIAN: Circle.HUMANITARIANS,
    Side.FORCE: Circle.FORCE,
    Side.MISSION_CIVILIAN: Circle.PUBLIC,
    Side.DONOR: Circle.PUBLIC,
}  # authorities read nothing of the directory (domain.md line 3-5 of §8)


@dataclass(frozen=True)
class Reach:
    """What is shown of a person: nothing beyond their function where all of it is empty."""

    name: str = ""
    telephones: tuple[Telephone, ...] = ()
    addresses: tuple[Address, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.name or self.telephones or self.addresses)


@dataclass(frozen=True)
class Lines:
    """What is shown of a post, whoever holds it."""

    telephone: str = ""
    mailbox: str = ""


def circle_of(user: User, country: str) -> Circle | None:
    """In which circle somebody reads the directory of a country; None: they do not learn that it exists."""
    return CIRCLE_OF_SIDE.get(user.side) if country in keepers.countries_of(user) else None


def reads_in(user: User) -> Circle | None:
    """In which circle somebody reads the directory of whatever country they work in."""
    return next(filter(None, (circle_of(user, country) for country in sorted(keepers.countries_of(user)))), None)


def reads_post(user: User, post: Post) -> bool:
    """The functions of a country are for those who work there, of whatever side."""
    return circle_of(user, post.country_id) is not None


def reach_of(what: Person | Holding, reader: User) -> Reach:
    """The name, telephones and addresses that this reader may read; of a holding in the light of its post."""
    person = what.person if isinstance(what, Holding) else what
    if not getattr(reader, "is_active", False):
        return Reach()
    if keepers.is_own(reader, person):
        return _everything(person)
    standing = isinstance(what, Holding) and what.left_at is None
    if keepers.may_keep(reader, what.post) if standing else keepers.keeps_person(reader, person):
        return _everything(person)
    if isinstance(what, Holding) and not standing and keepers.may_keep(reader, what.post):
        return Reach(person.name)  # who held it stays known; how they are reached is said where they are now
    held = [what] if isinstance(what, Holding) else keepers.held_by(person)
    circles = {_circle_at(reader, one.post) for one in held if one.left_at is None}
    near = next((circle for circle in Circle if circle in circles), None)
    return shared_with(person, near)


def shared_with(person: Person, circle: Circle | None) -> Reach:
    """What the person shares with a circle; for a paper, or for the printed flyer, which has no reader."""
    if circle is None or not person.has_answered:
        return Reach()
    return Reach(
        person.name if person.is_for(circle) else "",
        tuple(row for row in person.telephones.all() if row.is_for(circle)),
        tuple(row for row in person.addresses.all() if row.is_for(circle)),
    )


def lines_of(post: Post, reader: User) -> Lines:
    """The duty telephone and the mailbox of a post, where this reader may have them."""
    if keepers.may_keep(reader, post):
        return Lines(str(post.duty_telephone or ""), post.mailbox)
    return lines_for(post, _circle_at(reader, post))


def lines_for(post: Post, circle: Circle | None) -> Lines:
    """What the organisation shares of a post with a circle."""
    return Lines(str(post.duty_telephone or ""), post.mailbox) if post.is_for(circle) else Lines()


def named_to(circle: Circle | None, path: str = "") -> Q:
    """Of people, as a condition: those whose name this circle reads. The search finds nobody else by name.

    `path` leads from the rows that are asked to the people.
    """
    return Q(**{f"{path}answered_at__isnull": False}) & for_circle(circle, path)


def for_circle(circle: Circle | None, path: str = "") -> Q:
    """is_for() as a condition; nothing is for who reads in no circle."""
    if circle is None:
        return Q(**{f"{path}pk__in": []})
    return Q(**{f"{path}share_public": True}) | Q(**{f"{path}share_{circle}": True})


def named_in_post(reader: User) -> QuerySet[Holding]:
    """Those in a post now whose name this reader reads: people_for() for the search, by conditions on columns alone.

    So the index of the names leads, and the rest is asked of what it finds.
    """
    circle = reads_in(reader)
    reads = named_to(circle, "person__")
    if circle == Circle.FORCE:  # of their own force people read as those do who work with it
        reads |= Q(post__organisation=reader.organisation_id) & named_to(Circle.HUMANITARIANS, "person__")
    if keepers.keeps_something(reader):
        reads |= keepers.kept_where(reader, "post__")
    posts = Q(post__country__in=sorted(keepers.countries_of(reader)), post__closed_at=None)
    return Holding.objects.in_post().filter(posts, reads)


def people_for(reader: User) -> QuerySet[Person]:
    """The people whose name this reader reads: reach_of() as a set. Pages find people here and nowhere else."""
    held = Holding.objects.filter(person=OuterRef("pk"))
    where = keepers.people_where(reader) | keepers.own_where(reader)
    for country in keepers.countries_of(reader):
        there = held.filter(left_at=None, post__country=country)
        circle = circle_of(reader, country)
        where |= Q(Exists(there)) & named_to(circle)
        if circle == Circle.FORCE:
            own = there.filter(post__organisation=reader.organisation_id)
            where |= Q(Exists(own)) & named_to(Circle.HUMANITARIANS)
    return Person.objects.filter(where)


def merged_into(pk: int, reader: User) -> Person | None:
    """Of the key of somebody who is no more: whom they turned out to be, where this reader reads that one."""
    done = Merge.objects.filter(gone=pk, undone_at=None).order_by("-pk").first()
    return people_for(reader).filter(pk=done.person_id).first() if done else None


def posts_for(reader: User) -> PostQuerySet:
    """The posts whose function this reader reads: reads_post() as a set."""
    return Post.objects.filter(country__in=[code for code in keepers.countries_of(reader) if circle_of(reader, code)])


def _circle_at(reader: User, post: Post) -> Circle | None:
    """Of their own force people read as the humanitarians do who work with it."""
    circle = circle_of(reader, post.country_id)
    own = circle == Circle.FORCE and reader.organisation_id == post.organisation_id
    return Circle.HUMANITARIANS if own else circle


def _everything(person: Person) -> Reach:
    return Reach(person.name, tuple(person.telephones.all()), tuple(person.addresses.all()))
