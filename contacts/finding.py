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

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from cmcoord.accounts.models import User
from cmcoord.places.search_words import LETTERS, words_of
from contacts import shown
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


def visible_to(user: User) -> PostQuerySet:
    """The standing posts whose functions this person reads."""
    return shown.posts_for(user).standing()


class Readable:
    """What somebody may read, written once for a search."""

    def __init__(self, user: User) -> None:
        self.posts = visible_to(user)
        self.names = shown.named_in_post(user)


def page_for(user: User, asked: Asked, *, cursor: Cursor | None = None, size: int = SIZE) -> Page:
    """One page of what fits, by function."""
    read = Readable(user)
    held = _holding_words(read, asked.words)
    found = _page(read, asked, held, cursor, size) if all(any(keys) for keys in held.values()) else Page()
    if found.posts or cursor or not asked.words:
        return found
    meant = _nearest(read, asked.words, held)
    if meant == asked.words:
        return found
    held |= _holding_words(read, [word for word in meant if word not in held])
    near = _page(read, Asked(meant, asked.station, asked.role), held, None, size)
    return Page(near.posts, "", near.older, " ".join(meant)) if near.posts else found


def all_of(user: User, asked: Asked) -> PostQuerySet:
    """Everything that fits, for a file: by station and function."""
    read = Readable(user)
    return _narrowed(read, asked, _holding_words(read, asked.words))[0].order_by("station__name", "function", "pk")


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
    rows = list(posts.with_holders(addresses=False).order_by(*order)[: size + 1])
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


def _holding_words(read: Readable, words: Sequence[str]) -> Held:
    """For each word the posts that hold it themselves, and those whose people do. One query on PostgreSQL.

    One more than CAP where there are more.
    """
    found = _together(
        [
            rows.annotate(key=key).values_list("key")[: CAP + 1]
            for word in words
            for rows, key in ((_written(read, [word]), F("pk")), (_named(read, [word]), F("post_id")))
        ]
    )
    keys = [{key for (key,) in rows} for rows in found]
    return {word: (keys[2 * place], keys[2 * place + 1]) for place, word in enumerate(words)}


def _together(branches: Sequence[QuerySet]) -> list[list[tuple]]:
    """What each of these finds. One query on PostgreSQL; SQLite refuses limits within a union."""
    if connection.vendor != "postgresql":
        return [list(rows) for rows in branches]
    found: list[list[tuple]] = [[] for _branch in branches]
    numbered = [rows.annotate(place=Value(place)) for place, rows in enumerate(branches)]
    for *values, place in numbered[0].union(*numbered[1:], all=True) if numbered else ():
        found[place].append(tuple(values))
    return found


def _written(read: Readable, pieces: Iterable[str]) -> PostQuerySet:
    """The posts whose own words hold one of these pieces."""
    return read.posts.filter(reduce(or_, (Q(search_text__contains=one) for one in pieces))).order_by()


def _holds(read: Readable, word: str, names: set[int]) -> Q:
    """In a post that holds a common word; its names are asked one by one only where they are many as well."""
    if len(names) <= CAP:
        return Q(search_text__contains=word) | Q(pk__in=sorted(names))
    # The second condition says nothing new: with the first alone PostgreSQL reads everybody who is called like that.
    here = _named(read, [word]).filter(post=OuterRef("pk"), post__gte=OuterRef("pk"))
    return Q(search_text__contains=word) | Q(Exists(here))


def _named(read: Readable, pieces: Iterable[str]) -> QuerySet[Holding]:
    """Those in post now whose name this person reads, and holds one of these pieces."""
    return read.names.filter(reduce(or_, (Q(person__folded_name__contains=one) for one in pieces))).order_by()


# ── other spellings ──────────────────────────────────────────────────────────────────────────────────────────────────


def _nearest(read: Readable, words: tuple[str, ...], held: Held) -> tuple[str, ...]:
    """The words as they may have been meant: each that nobody has, by the likest one that somebody has.

    One wrong letter leaves a piece of the word whole: what holds a piece is compared with it. One query on PostgreSQL.
    Of a word whose posts are known by then, they are written into `held`.
    """
    missing = {word: pieces for word in words if not any(held[word]) and (pieces := _pieces(word))}
    found = _together(
        [
            rows.annotate(key=key, text=text).values_list("key", "text")[:NEAREST]
            for pieces in missing.values()
            for rows, key, text in (
                (_written(read, pieces), F("pk"), F("search_text")),
                (_named(read, pieces), F("post_id"), F("person__folded_name")),
            )
        ]
    )
    meant = []
    for word in words:
        if word in missing:
            place = 2 * list(missing).index(word)
            pieces, near = missing[word], found[place : place + 2]
            likest = _likest(word, (text for rows in near for _key, text in rows))
            if any(piece in likest for piece in pieces) and all(len(rows) < NEAREST for rows in near):
                own, names = ({key for key, text in rows if likest in text} for rows in near)
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
