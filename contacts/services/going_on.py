"""What have apps above the directory to say to whoever takes a post over? Each writes its own line when it starts."""

from __future__ import annotations

from collections.abc import Callable

from cmcoord.accounts.models import User
from contacts.models import Holding, Person

FOLLOWING: list[Callable[..., None]] = []


def post_goes_on(new: Holding, *, by: User) -> None:
    """Somebody takes a post over: called in the transaction of the handover."""
    for follow in FOLLOWING:
        follow(new, by=by)


def account_is_known(person: Person, *, by: User) -> None:
    """Whoever took a post over can be told from now on."""
    taken = person.holdings.filter(left_at=None, taken_over_from__isnull=False).order_by("id")
    for one in taken.select_related("post__organisation", "post__country", "person__user"):
        post_goes_on(one, by=by)
