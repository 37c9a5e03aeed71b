"""Which posts does somebody find, by station, role and words? Names only where the person reads them.

A word is looked for in function, organisation and duty station, and in the names of those in post. Where nothing is
written like it, the nearest spelling is looked for. Pages go by key, so that a far one costs what the first one costs.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from cmcoord.accounts.kept import once_for_reader
from cmcoord.accounts.models import User
from cmcoord.activity.statements import Written, write
from cmcoord.places.search_words import LETTERS, words_of
from contacts import keepers, shown
from contacts.models import CmcoordRole, Holding, Post
from contacts.models.posts import PostQuerySet

SIZE = 25
CAP = 1000  # posts that hold a word; of a word in more than that every post is asked
BATCH = 500
NEAREST = 300  # names and functions that are compared with a word that nobody has
LIKE = 0.72  # how alike two words are, of 1
SHORTEST = 4  # a shorter word is like too many


@dataclass(frozen=True)
class Asked:
    """What is looked for."""

    words: tuple[str, ...] = ()
    station: int | None = None
    role: str = ""

    @classmethod
    def of(cls, query: str = "", station: int | None = None, role: str = "") -> Asked:
        return cls(tuple(words_of(query)), station, role if role in CmcoordRole.values else "")

    def __bool__(self) -> bool:
        return bool(self.words or self.station or self.role)


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after this post, or before it."""

    function: str
    pk: int
    backwards: bool = False

    def __str__(self) -> str:
        words = json.dumps([self.function, self.pk, int(self.backwards)], ensure_ascii=False)
        return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor in an address, or None when it is broken."""
        try:
            function, pk, backwards = json.loads(base64.urlsafe_b64decode(text[:1000] + "=" * (-len(text) % 4)))
        except (ValueError, TypeError, binascii.Error):
            return None
        if not isinstance(function, str) or "\0" in function or not isinstance(pk, int) or not 0 <= pk < 2**63:
            return None
        return cls(function, pk, bool(backwards))


@dataclass(frozen=True)
class Page:
    """Posts in their order, the cursors of both neighbours, and the words that were meant instead of those written."""

    posts: list[Post] = field(default_factory=list)
    newer: str = ""
    older: str = ""
    meant: str = ""


Held = dict[str, tuple[set[int], set[int]]]  # by word the posts that hold it, and those whose people do
Near = dict[str, list[list[tuple[int, str]]]]  # by word what holds a piece of it, post and text: themselves, by people


def visible_to(user: User) -> PostQuerySet:
    """The standing posts whose functions this person reads."""
    return shown.posts_for(user).standing()


class Readable:
    """What somebody may read, and what finds it, written once while their rights and the day are the same."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.posts = visible_to(user)
        self.searches = _searches(user, CAP + 1, NEAREST)


def page_for(user: User, asked: Asked, *, cursor: Cursor | None = None, size: int = SIZE) -> Page:
    """One page of what fits, by function."""
    read = Readable(user)
    held, near = _look_up(read, asked.words, near=cursor is None)
    found = _page(read, asked, held, cursor, size) if all(any(keys) for keys in held.values()) else Page()
    if found.posts or cursor or not asked.words:
        return found
    meant = _nearest(asked.words, held, near)
    if meant == asked.words:
        return found
    held |= _look_up(read, [word for word in meant if word not in held], near=False)[0]
    other = _page(read, Asked(meant, asked.station, asked.role), held, None, size)
    return Page(other.posts, "", other.older, " ".join(meant)) if other.posts else found


def all_of(user: User, asked: Asked) -> PostQuerySet:
    """Everything that fits, for a file: by station and function."""
    read = Readable(user)
    return _narrowed(read, asked, _look_up(read, asked.words, near=False)[0])[0].order_by(
        "station__name", "function", "pk"
    )


def whole(keys: list[int]) -> Iterator[Post]:
    """These posts in their order, with everything that a file says of them; a thousand at a time."""
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        found = Post.objects.with_holders().prefetch_related("covers").in_bulk(part)
        yield from (found[key] for key in part if key in found)


def _page(read: Readable, asked: Asked, held: Held, cursor: Cursor | None, size: int) -> Page:
    posts, common = _narrowed(read, asked, held)
    backwards = bool(cursor and cursor.backwards)
    names = ("pk",) if common else ("function", "pk")
    if cursor:
        posts = posts.filter(_beyond(cursor, by_key=common))
    order = [f"-{name}" for name in names] if backwards else names
    posts = posts.with_holders(addresses=False).select_related(None).select_related("organisation", "station")
    rows = list(posts.order_by(*order)[: size + 1])
    countries = {country.pk: country for country in keepers.countries_read(read.user)}
    for row in rows:
        row.country = countries[row.country_id]
    if backwards and len(rows) <= size:  # the page before the second one is the first one
        return _page(read, asked, held, None, size)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    before = bool(rows) and (more if backwards else cursor is not None)
    after = bool(rows) and (backwards or more)
    return Page(
        rows,
        str(Cursor(rows[0].function, rows[0].pk, backwards=True)) if before else "",
        str(Cursor(rows[-1].function, rows[-1].pk)) if after else "",
    )


def _beyond(cursor: Cursor, *, by_key: bool) -> Q:
    """Written so that the index leads to the place."""
    if by_key:
        return Q(pk__lt=cursor.pk) if cursor.backwards else Q(pk__gt=cursor.pk)
    if cursor.backwards:
        return Q(function__lte=cursor.function) & (Q(function__lt=cursor.function) | Q(pk__lt=cursor.pk))
    return Q(function__gte=cursor.function) & (Q(function__gt=cursor.function) | Q(pk__gt=cursor.pk))


def _narrowed(read: Readable, asked: Asked, held: Held) -> tuple[PostQuerySet, bool]:
    """What fits, and whether every word is common: then hits are everywhere, and are read by the key of the posts."""
    posts = read.posts
    if asked.station:
        posts = posts.filter(station=asked.station)
    if asked.role:
        posts = posts.filter(has_role(asked.role))
    complete: list[set[int]] = []
    common: list[Q] = []
    for word in asked.words:
        own, names = held[word]
        if len(own) > CAP or len(names) > CAP:
            common.append(_holds(read, word, names))
        else:
            complete.append(own | names)
    if complete:
        posts = posts.filter(pk__in=sorted(set.intersection(*complete)))
    return posts.filter(reduce(and_, common, Q())), bool(common) and not complete


def has_role(role: str) -> Q:
    """Posts that are for this."""
    if connection.vendor == "postgresql":
        return Q(roles__contains=[role])
    return Q(roles__icontains=f'"{role}"')


@once_for_reader
def _searches(user: User, most: int, nearest: int) -> tuple[Written | None, ...]:
    """What finds posts by their own words, and by those in post: for one word, and for three pieces of a word.

    Each answers (post, text), the pieces `nearest` of them, one word `most`; None finds nothing, whatever is asked.
    """
    found: list[Written | None] = []
    for number, limit in ((1, most), (3, nearest)):
        blanks = [f"~{place}~" for place in range(number)]
        for rows, key, text in (
            (visible_to(user), "pk", "search_text"),
            (shown.named_in_post(user), "post_id", "person__folded_name"),
        ):
            holds = reduce(or_, (Q(**{f"{text}__contains": blank}) for blank in blanks))
            try:
                part = rows.filter(holds).order_by().values_list(key, text)[:limit]
                found.append(write(part, [f"%{blank}%" for blank in blanks]))
            except EmptyResultSet:
                found.append(None)
    return tuple(found)


def _look_up(read: Readable, words: Sequence[str], *, near: bool = True) -> tuple[Held, Near]:
    """For each word the posts that hold it themselves, and those whose people do: one more than CAP where there are
    more. Of words that nobody has, where other spellings are wanted, also what holds a piece of them.

    One query on PostgreSQL, which looks for pieces only where the word itself is not found.
    """
    of_word, of_pieces = read.searches[:2], read.searches[2:]
    pieces = {word: _pieces(word) if near else [] for word in words}
    held: Held = {}
    alike: Near = {}
    if connection.vendor != "postgresql":
        for word in words:
            own, names = (_run(one, [word]) for one in of_word)
            held[word] = {key for key, _text in own}, {key for key, _text in names}
            if pieces[word] and not any(held[word]):
                alike[word] = [_run(one, pieces[word]) for one in of_pieces]
        return held, alike
    beside: list[str] = []
    parts: list[str] = []
    params: list[tuple[Any, ...]] = [(), ()]  # of what stands beside, and of the parts
    for place, word in enumerate(words):
        held[word], alike[word] = (set(), set()), [[], []]
        for kind, one in enumerate(of_word):
            if one:
                name = f"word_{place}_{kind}"
                beside.append(f"{name} (post, text) AS MATERIALIZED ({one.sql})")
                parts.append(f"SELECT {place}, {kind}, post, '' FROM {name}")  # noqa: S608  numbers
                params[0] += one.filled(_patterns([word]))
        without = " AND ".join(
            f"NOT EXISTS (SELECT FROM word_{place}_{kind})" for kind, one in enumerate(of_word) if one
        )  # fmt: skip
        for kind, one in enumerate(of_pieces if pieces[word] else (), start=2):
            if one:
                parts.append(f"SELECT {place}, {kind}, n.* FROM ({one.sql}) AS n WHERE {without}")  # noqa: S608  the same
                params[1] += one.filled(_patterns(pieces[word]))
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(beside)} {' UNION ALL '.join(parts)}", params[0] + params[1])
            for place, kind, key, text in cursor.fetchall():
                if kind < 2:
                    held[words[place]][kind].add(key)
                else:
                    alike[words[place]][kind - 2].append((key, text))
    return held, alike


def _run(search: Written | None, pieces: Sequence[str]) -> list[tuple[int, str]]:
    if search is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(search.sql, search.filled(_patterns(pieces)))
        return cursor.fetchall()


def _patterns(pieces: Sequence[str]) -> list[str]:
    """As LIKE wants them; of a word with fewer than three pieces the last one stands again."""
    found = [f"%{connection.ops.prep_for_like_query(piece)}%" for piece in pieces]
    return found + found[-1:] * (3 - len(found))


def _holds(read: Readable, word: str, names: set[int]) -> Q:
    """In a post that holds a common word; its names are asked one by one only where they are many as well."""
    if len(names) <= CAP:
        return Q(search_text__contains=word) | Q(pk__in=sorted(names))
    # The second condition says nothing new: with the first alone PostgreSQL reads everybody who is called like that.
    here = _named(read, word).filter(post=OuterRef("pk"), post__gte=OuterRef("pk"))
    return Q(search_text__contains=word) | Q(Exists(here))


def _named(read: Readable, word: str) -> QuerySet[Holding]:
    """Those in post now whose name this person reads, and holds this word."""
    return shown.named_in_post(read.user).filter(person__folded_name__contains=word).order_by()


# ── other spellings ──────────────────────────────────────────────────────────────────────────────────────────────────


def _nearest(words: tuple[str, ...], held: Held, near: Near) -> tuple[str, ...]:
    """The words as they may have been meant: each that nobody has, by the likest one that somebody has.

    One wrong letter leaves a piece of the word whole: what holds a piece is compared with it. Of a word whose posts are
    known by then, they are written into `held`.
    """
    meant = []
    for word in words:
        pieces = [] if any(held[word]) else _pieces(word)
        if pieces:
            likest = _likest(word, (text for rows in near[word] for _key, text in rows))
            if any(piece in likest for piece in pieces) and all(len(rows) < NEAREST for rows in near[word]):
                own, names = ({key for key, text in rows if likest in text} for rows in near[word])
                held.setdefault(likest, (own, names))
            meant.append(likest)
        else:
            meant.append(word)
    return tuple(meant)


def _likest(word: str, texts: Iterable[str]) -> str:
    others = {other for text in texts for other in LETTERS.findall(text) if len(other) >= SHORTEST}
    return next(iter(get_close_matches(word, others, n=1, cutoff=LIKE)), word)


def _pieces(word: str) -> list[str]:
    """Beginning, middle and end, of at least three letters each where the word is long enough."""
    if len(word) < SHORTEST:
        return []
    size = max(3, len(word) // 3)
    middle = (len(word) - size) // 2
    return list(dict.fromkeys((word[:size], word[middle : middle + size], word[-size:])))
