"""How is a question about somebody's own matters put into words once, and not at each request?

Rights are read anew at each request (scope.grants). Who has the same ones as before, on the same day, asks the same
question: its words are kept for them, never its answer. What else may stand in it is given by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from cmcoord.accounts import scope
from cmcoord.places.local_dates import days

KEPT = 64  # people in a process whose questions are remembered: half a megabyte each

Words = TypeVar("Words")


@dataclass(frozen=True)
class Reader:
    """Somebody as they stand in a question: who, appointed where, with which rights, on which day."""

    facts: tuple[Hashable, ...]
    user: Any = field(compare=False)


def reader(user) -> Reader:
    held = tuple(
        (row.pk, row.user_id, row.employer, row.role, row.country_id, row.station_id, row.cluster, row.organisation_id)
        for row in cast(Any, scope.appointments(user))
    )
    own = (user.pk, user.is_active, user.side, user.organisation_id, user.name, user.email, str(user.telephone))
    return Reader((*own, *days(), *held, *scope.grants(user)), user)


def once_for_reader(build: Callable[..., Words]) -> Callable[..., Words]:
    """`build(user, …)` is called once for each person as they are now; what else it gets is part of who asks.

    It may read nothing but the person, their rights and the day, and asks nothing.
    """

    @lru_cache(maxsize=KEPT)
    def kept(one: Reader, *rest: Hashable) -> Words:
        return build(one.user, *rest)

    @wraps(build)
    def asked(user, *rest: Hashable) -> Words:
        return kept(reader(user), *rest)

    return asked
