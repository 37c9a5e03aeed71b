"""Which rows of a list are new, which say nothing new, which look like somebody who is there, and which collide?

A row is compared with the earlier rows of its list, and with the people whose posts its sender keeps: nobody learns by
a list whether a number belongs to somebody whom they may not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.places.columns import Heads, Wrong
from cmcoord.places.models import folded
from contacts import keepers
from contacts.importing.reading import Row, day_of
from contacts.models import Address, Capacity, ContactLine, Holding, Person, Post, Telephone

State = ContactLine.State
ALIKE = 0.8  # how much two spellings of a name have in common
PostKey = tuple[int, int, str]


@dataclass
class Seen:
    """What the earlier rows of the list said."""

    people: dict[str, tuple[int, set[str]]] = field(default_factory=dict)
    posts: dict[tuple[PostKey, str], list[tuple[tuple[str, str], str, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[ContactLine]) -> Seen:
        seen = cls()
        for line in lines:
            seen.add(Row(line.number, line.values))
        return seen

    def add(self, row: Row) -> None:
        if row.who:
            number, reach = self.people.get(row.who, (row.number, set()))
            self.people[row.who] = (number, reach | row.reach)
            self.posts.setdefault((row.post, row.values["capacity"]), []).append((row.days, row.who, row.number))
        else:
            self.posts.setdefault((row.post, ""), []).append((("", ""), "", row.number))


@dataclass
class Directory:
    """Of the posts and people that somebody keeps: those which a few rows may be about."""

    posts: dict[PostKey, Post]
    holdings: dict[int, list[Holding]]  # of a post
    people: dict[int, Person]
    by_reach: dict[str, set[int]]
    by_name: dict[str, set[int]]

    @classmethod
    def about(cls, rows: Sequence[Row], by: User, *, locked: bool = False) -> Directory:
        """A handful of queries, however many rows.

        `locked`: until the transaction ends nobody else opens one of these posts, nor changes who holds it.
        """
        kept = keepers.kept_by(by)
        keys = {row.post for row in rows}
        if locked:
            owners = Organisation.objects.select_for_update(no_key=True).only("pk").order_by("pk")
            owners.in_bulk({key[0] for key in keys})
        posts = kept.filter(
            organisation__in={key[0] for key in keys},
            station__in={key[1] for key in keys},
            function__in={key[2] for key in keys},
        ).select_related("country")
        if locked:
            keys_of_posts = list(posts.order_by("pk").values_list("pk", flat=True))
            Post.objects.select_for_update(no_key=True).only("pk").order_by("pk").in_bulk(keys_of_posts)
        by_key = {(post.organisation_id, post.station_id, post.function): post for post in posts}
        reach = {one for row in rows for one in row.reach}
        names = {name for row in rows if row.who for name in _ways(row.values["name"])}
        numbers = Telephone.objects.filter(number__in=[one for one in reach if "@" not in one])
        emails = Address.objects.filter(email__in=[one for one in reach if "@" in one])
        found = {*numbers.values_list("person", flat=True), *emails.values_list("person", flat=True)}
        found |= set(Person.objects.filter(folded_name__in=names).values_list("pk", flat=True))
        held = Holding.objects.filter(post__in=[post.pk for post in by_key.values()], left_at=None)
        holdings: dict[int, list[Holding]] = {}
        for one in held.select_related("person"):
            holdings.setdefault(one.post_id, []).append(one)
            found.add(one.person_id)
        found &= set(keepers.people_kept(by).filter(pk__in=found).values_list("pk", flat=True))
        people = Person.objects.filter(pk__in=found).prefetch_related("telephones", "addresses", "holdings__post")
        there = cls(by_key, holdings, {person.pk: person for person in people}, {}, {})
        for person in there.people.values():
            for name in _ways(person.name):
                there.by_name.setdefault(name, set()).add(person.pk)
            for told in reach_of(person):
                there.by_reach.setdefault(told, set()).add(person.pk)
        return there

    def alike(self, row: Row) -> tuple[Person | None, str, bool]:
        """Who the row may be about, by what ("number", "name", "post"), and whether that is beyond doubt."""
        post = self.posts.get(row.post)
        named = self.by_name.get(folded(row.values["name"]), set())
        reached = {pk for one in row.reach for pk in self.by_reach.get(one, ())}
        holders = {one.person_id for one in self.holdings.get(post.pk, ())} if post else set()
        in_house = {pk for pk in named if self._works_for(pk, row.values["organisation"])}
        for sure in (named & reached, named & holders, in_house if not row.reach else set()):
            if sure:
                return self.people[min(sure)], "name", True
        similar = {pk for pk in holders & set(self.people) if _similar(self.people[pk].name, row.values["name"])}
        for found, why in ((reached, "number"), (named, "name"), (similar, "post")):
            if found:
                return self.people[min(found)], why, False
        return None, "", False

    def in_the_way(self, row: Row, person: Person | None) -> Holding | None:
        """Who else holds the post in these days."""
        post = self.posts.get(row.post)
        for one in self.holdings.get(post.pk, ()) if post else ():
            if one.capacity == row.values["capacity"] and (person is None or one.person_id != person.pk):
                starts, ends = one.starts.isoformat(), one.ends.isoformat() if one.ends else "9999-12-31"
                if starts <= row.days[1] and row.days[0] <= ends:
                    return one
        return None

    def says_more(self, row: Row, person: Person) -> bool:
        """Does the row add anything to what is known of this person?"""
        post = self.posts.get(row.post)
        holds = post is not None and any(
            one.person_id == person.pk and one.capacity == row.values["capacity"]
            for one in self.holdings.get(post.pk, ())
        )
        return not holds or bool(row.reach - reach_of(person))

    def _works_for(self, pk: int, organisation: int) -> bool:
        return any(
            one.left_at is None and one.post.organisation_id == organisation for one in self.people[pk].holdings.all()
        )


def reach_of(person: Person) -> set[str]:
    """The numbers and addresses of somebody, as rows name them."""
    return {str(row.number) for row in person.telephones.all()} | {row.email for row in person.addresses.all()}


def compared(rows: Sequence[Row], by: User, seen: Seen, heads: Heads) -> list[ContactLine]:
    """The rows with what would become of them; `seen` learns them."""
    there = Directory.about([row for row in rows if not row.wrong], by)
    return [_compared(row, there, seen, heads) for row in rows]


def _compared(row: Row, there: Directory, seen: Seen, heads: Heads) -> ContactLine:
    line = ContactLine(number=row.number, state=State.FRESH, values=row.values)
    if row.wrong:
        return _wrong(line, row.wrong)
    if not row.who:
        line.state = State.KNOWN if _is_known_post(row, there, seen) else State.FRESH
        line.state = State.MORE if line.state == State.FRESH and row.post in there.posts else line.state
        seen.add(row)
        return line
    line.who = row.who
    earlier, told = seen.people.get(row.who, (None, set()))
    for days, who, number in seen.posts.get((row.post, row.values["capacity"]), ()):
        if days[0] <= row.days[1] and row.days[0] <= days[1]:
            if who != row.who:
                return _wrong(line, [_collides(row, heads, _two_of(number))])
            if row.reach <= told:
                line.state, line.same_as = State.KNOWN, number
                return line
    person, why, sure = there.alike(row)
    if person is not None:
        line.person, line.values = person, row.values | {"why": why}
        line.state = State.ALIKE if not sure else State.MORE if there.says_more(row, person) else State.KNOWN
    if (person is None or why != "post") and (one := there.in_the_way(row, person)):
        return _wrong(line, [_collides(row, heads, held_by(one))])
    if earlier is not None and person is None and told and row.reach and not told & row.reach:
        line.state, line.same_as, line.values = State.ALIKE, earlier, row.values | {"why": "name"}
    seen.add(row)
    return line


def _is_known_post(row: Row, there: Directory, seen: Seen) -> bool:
    if (row.post, "") in seen.posts:
        return True
    post, values = there.posts.get(row.post), row.values
    return post is not None and all(
        not values[name] or values[name] == str(getattr(post, name) or "") for name in ("duty_telephone", "mailbox")
    )


def _two_of(number: int) -> str:
    return _("Row %(number)d names somebody else for this post in these days: write “alternate”, or other days.") % {
        "number": number
    }


def held_by(one: Holding) -> str:
    """The sentence for a row that collides with a time in the post."""
    name, day = one.person.name, date_format(one.starts, "j M Y")
    if one.capacity == Capacity.ALTERNATE:
        return _("%(name)s is the alternate since %(day)s.") % {"name": name, "day": day}
    return _("%(name)s holds this post since %(day)s: hand it over first, or write “alternate”.") % {
        "name": name, "day": day}  # fmt: skip


def _collides(row: Row, heads: Heads, sentence: str) -> Wrong:
    field = next((name for name in ("starts", "name", "given_name") if heads.place_of(name) is not None), "name")
    return heads.wrong_at(row.number, field, day_of(row.days[0]) if field == "starts" else row.values["name"], sentence)


def _wrong(line: ContactLine, wrong: Sequence[Wrong]) -> ContactLine:
    line.state = State.WRONG
    line.wrong = [[one.cell, one.heading, one.text, one.sentence] for one in wrong]
    return line


def _ways(name: str) -> set[str]:
    """A name as it is folded, in both orders of its two parts."""
    words = folded(name).split()
    return {" ".join(words), " ".join(reversed(words))}


def _similar(one: str, other: str) -> bool:
    first, second = sorted(folded(one).split()), sorted(folded(other).split())
    return first == second or SequenceMatcher(None, " ".join(first), " ".join(second)).ratio() >= ALIKE
