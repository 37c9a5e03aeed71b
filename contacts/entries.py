"""What does one line of the directory say to one reader? Plain values, whatever becomes of them: page, file, card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from django.utils import timezone
from django.utils.text import capfirst

from cmcoord.accounts.models import User
from contacts import keepers, shown
from contacts.models import Capacity, Circle, CmcoordRole, Holding, Post
from contacts.shown import Lines, Reach


@dataclass(frozen=True)
class Number:
    """One telephone that the reader may read: E.164, what it is, and how it answers."""

    number: str
    kind: str = "mobile"
    day_and_night: bool = False
    whatsapp: bool = False


@dataclass(frozen=True)
class Entry:
    """A post with one of those who hold it. Without a holder, or for a reader who reads functions only: no name."""

    post: int
    function: str
    organisation: str
    station: str
    country: str
    station_code: str = ""
    covers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    mailbox: str = ""
    duty_telephone: str = ""
    person: int | None = None
    holding: int | None = None
    name: str = ""
    capacity: str = "holder"
    languages: tuple[str, ...] = ()
    telephones: tuple[Number, ...] = ()
    addresses: tuple[str, ...] = ()
    starts: dt.date | None = None
    ends: dt.date | None = None
    confirmed_at: dt.datetime | None = None
    stale: bool = False
    held: bool = False
    source: str = ""
    remark: str = ""

    @property
    def role_words(self) -> list[str]:
        """What the post is for, in the reader's language."""
        return [str(capfirst(CmcoordRole(role).label)) for role in self.roles if role in CmcoordRole.values]

    @property
    def is_confidential(self) -> bool:
        """Does it say more than a function?"""
        return bool(self.name or self.telephones or self.addresses)

    @property
    def first_number(self) -> str:
        """Which number is called first: the duty telephone of the post, else one that answers day and night."""
        own = sorted(self.telephones, key=lambda one: not one.day_and_night)
        return self.duty_telephone or (own[0].number if own else "")


@dataclass(frozen=True)
class Eyes:
    """How somebody reads: what they get of a holding, and what of a post. `inside` adds source and remark."""

    reach: Callable[[Holding], Reach]
    lines: Callable[[Post], Lines]
    inside: bool = False


def eyes_of(user: User) -> Eyes:
    """As this person reads."""
    return Eyes(partial(_reach, user), partial(_lines, user), keepers.is_inside(user))


def eyes_of_circle(circle: Circle) -> Eyes:
    """As a circle reads that has no account: the public a flyer."""
    return Eyes(lambda held: shown.shared_with(held.person, circle), lambda post: shown.lines_for(post, circle))


def _reach(user: User, held: Holding) -> Reach:
    return shown.reach_of(held, user)


def _lines(user: User, post: Post) -> Lines:
    return shown.lines_of(post, user)


def entries(posts: Iterable[Post], eyes: Eyes) -> list[Entry]:
    """One line for each who holds one of these posts, and one for each post that nobody holds.

    The posts were read with_holders().
    """
    now = timezone.now()
    return [entry for post in posts for entry in _of_post(post, eyes, now)]


def _of_post(post: Post, eyes: Eyes, now: dt.datetime) -> Iterator[Entry]:
    lines = eyes.lines(post)
    line = Entry(
        post=post.pk,
        function=post.function,
        organisation=str(post.organisation),
        station=post.station.name,
        station_code=post.station.code,
        country=post.country.name,
        covers=tuple(station.name for station in post.covers.all()) if _is_read(post, "covers") else (),
        roles=tuple(post.roles),
        mailbox=lines.mailbox,
        duty_telephone=lines.telephone,
        source=post.source if eyes.inside else "",
        remark=post.remark if eyes.inside else "",
    )
    held = sorted(post.in_post, key=lambda one: one.capacity != Capacity.HOLDER)
    if not any(one.capacity == Capacity.HOLDER for one in held):
        yield line
    for one in held:
        reach = eyes.reach(one)
        yield replace(
            line,
            held=True,
            capacity=one.capacity,
            holding=one.pk,
            person=one.person_id if reach else None,
            name=reach.name,
            languages=tuple(one.person.languages) if reach.name else (),
            telephones=tuple(
                Number(str(row.number), row.kind, row.day_and_night, row.whatsapp) for row in reach.telephones
            ),
            addresses=tuple(row.email for row in reach.addresses),
            starts=one.starts,
            ends=one.ends,
            confirmed_at=one.confirmed_at if eyes.inside else None,
            stale=eyes.inside and one.is_stale(now),
        )


def _is_read(post: Post, name: str) -> bool:
    """A list leaves out what it does not print."""
    return name in getattr(post, "_prefetched_objects_cache", {})
