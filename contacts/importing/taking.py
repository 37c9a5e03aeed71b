"""How do rows that somebody agreed to become posts and people, and how are they taken back?

A few dozen rows at a time, each in one short transaction, so that nothing else waits. What stands in the directory by
then is asked again: two who take over the same list at once bring nobody twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.services import record
from cmcoord.places.models import DutyStation, folded
from cmcoord.ui.words import in_one_line
from contacts import keepers
from contacts.importing.comparing import Directory, PostKey, held_by, reach_of
from contacts.importing.numbers import MOST
from contacts.importing.reading import MOST_ADDRESSES, Row, day_of, may_keep_there
from contacts.models import (
    Address,
    ContactLine,
    ContactList,
    Handover,
    Holding,
    Person,
    Post,
    Shares,
    Telephone,
)
from contacts.services.reminding import told_of_handover

State, Choice = ContactLine.State, ContactLine.Choice
NOBODY = Shares(humanitarians=False)


@dataclass
class Batch:
    """What a few rows bring, written in one go."""

    kept: ContactList
    there: Directory
    now: dt.datetime
    posts: dict[PostKey, Post] = field(default_factory=dict)
    covers: dict[PostKey, list[int]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    telephones: list[Telephone] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    reach: dict[int, set[str]] = field(default_factory=dict)  # of a person object, by id()
    permitted: dict[tuple[int, int], bool] = field(default_factory=dict)
    organisations: dict[int, Organisation] = field(default_factory=dict)
    stations: dict[int, DutyStation] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: ContactList, rows: Sequence[Row], now: dt.datetime) -> Batch:
        """With what stands in the directory about these rows, and the organisations and stations that they name."""
        there = Directory.about(rows, kept.by, locked=True)
        organisations = Organisation.objects.in_bulk({row.post[0] for row in rows})
        stations = DutyStation.objects.in_bulk({row.post[1] for row in rows})
        return cls(kept, there, now, organisations=organisations, stations=stations)

    def may_keep(self, row: Row) -> bool:
        """May the sender keep posts of this organisation at this station now?"""
        key = row.post[:2]
        if key not in self.permitted:
            organisation, station = self.organisations[key[0]], self.stations[key[1]]
            self.permitted[key] = may_keep_there(self.kept.by, self.kept.country, organisation, station)
        return self.permitted[key]

    def post_of(self, row: Row) -> tuple[Post, bool]:
        """The post that stands, or a new one; and whether it is new."""
        standing = self.there.posts.get(row.post) or self.posts.get(row.post)
        if standing:
            return standing, False
        organisation, station, function = row.post
        post = Post(
            organisation=self.organisations[organisation], country=self.kept.country, station=self.stations[station],
            function=function, roles=row.values["roles"], mailbox=row.values["mailbox"],
            duty_telephone=row.values["duty_telephone"], source=self.kept.name, remark=row.values["remark"],
            created_by=self.kept.by, created_at=self.now,
        )  # fmt: skip
        self.posts[row.post], self.covers[row.post] = post, row.values["covers"]
        return post, True

    def add_reach(self, row: Row, person: Person, shares: Shares) -> tuple[list[Telephone], list[Address]]:
        """The numbers and addresses that this person has not yet, as many as one may have."""
        known = self.reach.setdefault(id(person), reach_of(person) if person.pk else set())
        room = MOST - sum("@" not in one for one in known)
        numbers = [Telephone(person=person, **one) for one in row.values["telephones"] if one["number"] not in known][
            : max(room, 0)
        ]
        room = MOST_ADDRESSES - sum("@" in one for one in known)
        emails = [Address(person=person, email=one) for one in row.values["emails"] if one not in known][: max(room, 0)]
        known |= row.reach
        for one in (*numbers, *emails):
            one.shares = shares
        self.telephones += numbers
        self.addresses += emails
        return numbers, emails


def take(kept: ContactList, lines: Sequence[ContactLine]) -> int:
    """Take these rows over; returns how many. A row that collides by now is left out, with its sentence."""
    rows = [Row(line.number, line.values) for line in lines]
    batch = Batch.of(kept, rows, timezone.now())
    before = _taken_before(kept, lines)
    made: list[tuple[ContactLine, dict]] = []
    for line, row in zip(lines, rows, strict=True):
        sentence = _leaves_out(line, row, batch, before)
        line.state, line.wrong = (State.LEFT, [["", "", "", sentence]]) if sentence else (State.TAKEN, [])
        if not sentence:
            made.append((line, _bring(line, row, batch, before)))
    _write(batch)
    for line, brought in made:
        line.made = {name: [one.pk for one in found] for name, found in brought.items() if found}
    _keep(lines, "state", "wrong", "made", "person")
    return len(made)


def take_back(lines: Sequence[ContactLine]) -> None:
    """What these rows brought goes again; what others have built upon by now stays."""
    made = [pk for line in lines for pk in line.made.get("holdings", [])]
    posts = Post.objects.filter(holdings__in=made)  # first the posts, as every verb about them
    list(posts.select_for_update(no_key=True, of=("self",)).only("pk").order_by("pk"))
    for model, name in ((Holding, "holdings"), (Telephone, "telephones"), (Address, "addresses"),
                        (Person, "people"), (Post, "posts")):  # fmt: skip
        _delete(model, [pk for line in lines for pk in line.made.get(name, [])])
    for line in lines:
        line.state, line.made = State.LEFT, {}
    _keep(lines, "state", "made")


def _keep(lines: Sequence[ContactLine], *names: str) -> None:
    """Write these columns of lines that stand already: as rows, which costs a fifth of a case for each of them."""
    ContactLine.objects.bulk_create(lines, update_conflicts=True, unique_fields=["id"], update_fields=names)


def _delete(model: type[Model], keys: list[int]) -> None:
    """In one go; one by one only where something has been built upon one of them."""
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=keys).delete()
    except ProtectedError:
        if len(keys) > 1:
            for key in keys:
                _delete(model, [key])


def _taken_before(kept: ContactList, lines: Sequence[ContactLine]) -> dict[str, Person]:
    """The people whom earlier rows of this list brought, by who they are."""
    who = {line.who for line in lines if line.who}
    found = kept.lines.filter(who__in=who, state=State.TAKEN).exclude(person=None).order_by("-number")
    found = found.select_related("person").prefetch_related("person__telephones", "person__addresses")
    return {line.who: line.person for line in found if line.person}


def _whose(line: ContactLine, row: Row, batch: Batch, before: dict[str, Person]) -> Person | None:
    """The person of this row, where they are there already."""
    if line.choice == Choice.OTHER:
        return None
    if line.person_id in batch.there.people:
        return batch.there.people[line.person_id]
    earlier = batch.people.get(line.who) or before.get(line.who)
    if earlier:
        return earlier
    person, _why, sure = batch.there.alike(row)
    return person if sure else None


def _leaves_out(line: ContactLine, row: Row, batch: Batch, before: dict[str, Person]) -> str:
    """ "" or why this row is not taken over now: rights may have ended since it was read."""
    if not batch.may_keep(row):
        return keepers.not_yours()
    if not row.who:
        return ""
    person = _whose(line, row, batch, before)
    if one := batch.there.in_the_way(row, person):
        return held_by(one)
    return ""


def _bring(line: ContactLine, row: Row, batch: Batch, before: dict[str, Person]) -> dict[str, list]:
    post, is_new = batch.post_of(row)
    brought: dict[str, list] = {"posts": [post] if is_new else []}
    if not row.who:
        _complete(post, row)
        return brought
    person = _whose(line, row, batch, before)
    if person is None:
        person = Person(
            name=in_one_line(row.values["name"]), languages=row.values["languages"], source=batch.kept.name,
            folded_name=folded(row.values["name"])[:160], created_at=batch.now,
        )  # fmt: skip
        brought["people"] = [person]
        batch.people[f"{line.who}{line.number if line.choice == Choice.OTHER else ''}"] = person
    line.person = person
    # Whoever has answered was not asked about what comes now.
    shares = NOBODY if person.has_answered else Shares()
    brought["telephones"], brought["addresses"] = batch.add_reach(row, person, shares)
    if not _holds(batch, post, person, row):
        brought["holdings"] = [_hold(batch, post, person, row)]
    return brought


def _complete(post: Post, row: Row) -> None:
    """A row about a post that stands fills in how it is reached, where nothing was said so far."""
    wanted = {
        name: row.values[name] for name in ("duty_telephone", "mailbox") if row.values[name] and not getattr(post, name)
    }
    for name, value in wanted.items():
        setattr(post, name, value)
    if wanted and post.pk:
        post.save(update_fields=list(wanted))


def _holds(batch: Batch, post: Post, person: Person, row: Row) -> bool:
    held = [*batch.there.holdings.get(post.pk, ()), *(one for one in batch.holdings if one.post is post)]
    return any(
        (one.person is person or (person.pk and one.person_id == person.pk)) and one.capacity == row.values["capacity"]
        for one in held
    )


def _hold(batch: Batch, post: Post, person: Person, row: Row) -> Holding:
    by, now = batch.kept.by, batch.now
    verifies = keepers.may_verify(by, post) and not _is_sender(batch, person, row)
    one = Holding(
        post=post, person=person, capacity=row.values["capacity"], starts=dt.date.fromisoformat(row.values["starts"]),
        ends=day_of(row.values["ends"]), recorded_by=by, recorded_at=now, confirmed_at=now,
        verified_by=by if verifies else None, verified_at=now if verifies else None,
    )  # fmt: skip
    batch.holdings.append(one)
    return one


def _is_sender(batch: Batch, person: Person, row: Row) -> bool:
    """Did the sender write down themself? Somebody else verifies that."""
    by = batch.kept.by
    if person.user_id is None and keepers.names_oneself(by, person.name, row.reach):
        return True
    return person.pk is not None and keepers.is_oneself(by, person)


def _write(batch: Batch) -> None:
    new = list(batch.posts.values())
    Post.objects.bulk_create(new)
    Person.objects.bulk_create(batch.people.values())
    new_rows: list[Any] = [*batch.telephones, *batch.addresses, *batch.holdings]
    for one in new_rows:
        one.person = one.person  # which has a key by now
    for held in batch.holdings:
        held.post = held.post
    Telephone.objects.bulk_create(batch.telephones)
    Address.objects.bulk_create(batch.addresses)
    Holding.objects.bulk_create(batch.holdings)
    covered = Post.covers.through
    covered.objects.bulk_create(
        covered(post_id=post.pk, dutystation_id=station) for post in new for station in batch.covers[row_of(post)]
    )
    _follow([one for one in batch.holdings if row_of(one.post) not in batch.posts], batch.kept.by)


def row_of(post: Post) -> PostKey:
    """What names a post in a list."""
    return (post.organisation_id, post.station_id, post.function)


def _follow(holdings: Sequence[Holding], by: User) -> None:
    """Whoever comes into a post that somebody left is offered what that one left behind."""
    came = {(one.post_id, one.capacity): one for one in holdings}
    gaps = Handover.objects.filter(successor=None, holding__post__in={post for post, _capacity in came})
    for gap in gaps.select_related("holding__person__user").order_by("-holding__ends", "-pk"):
        if one := came.pop((gap.holding.post_id, gap.holding.capacity), None):
            gap.successor = one
            gap.save(update_fields=["successor"])
            data = {"capacity": one.capacity, "from": one.starts.isoformat()}
            record(one.post, "post.hand_over", by=by, data=data, tell=told_of_handover(gap.holding, one))
