"""What opens the page with one button that a mail leads to? A signed word; nothing of it is kept.

The word is bound to where it was sent: it opens nothing any more once the address was withdrawn or corrected, once the
account is not the person's own any more, or once the person is gone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from cmcoord.accounts.models import User
from contacts import keepers
from contacts.models import Address, Holding, Person

VALID = dt.timedelta(days=60)
CONFIRM, CONSENT = "confirm", "consent"
SALT = "contacts.links"


@dataclass(frozen=True)
class Opened:
    """What a link is about: a time in a post that is to be confirmed, or a person who is asked about sharing."""

    what: str
    holding: Holding | None = None
    person: Person | None = None


def account_of(person: Person) -> User | None:
    """The account by which somebody is asked."""
    user = person.user
    return user if user and user.is_active and keepers.is_own(user, person) else None


def address_of(person: Person) -> Address | None:
    """The address at which somebody without such an account is asked."""
    return person.addresses.first()


def link_to(what: str, row: Holding | Person) -> str:
    """The whole address, for a mail to the person of this row where they are asked now."""
    person = row.person if isinstance(row, Holding) else row
    account, address = account_of(person), address_of(person)
    sent_to = _account_word(account) if account else address.digest if address else ""
    word = signing.dumps([what, row.pk, sent_to], salt=SALT, compress=True)
    return settings.PORTAL_URL + reverse("contacts:link", args=[word])


def opened_by(word: str) -> Opened | None:
    """What a link opens; None when it opens nothing (any more)."""
    try:
        what, pk, sent_to = signing.loads(word, salt=SALT, max_age=VALID)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    holding = None
    if what == CONFIRM:
        found = Holding.objects.filter(pk=pk, left_at=None)
        holding = found.select_related("person__user", "post__organisation", "post__station", "post__country").first()
        person = holding.person if holding else None
    else:
        person = Person.objects.select_related("user").filter(pk=pk).first()
    return Opened(what, holding, person) if person and _still_there(person, sent_to) else None


def _account_word(account: User) -> str:
    return f"account {account.pk}"


def _still_there(person: Person, sent_to: str) -> bool:
    """Is where the link was sent still theirs?"""
    account = account_of(person)
    theirs = {row.digest for row in person.addresses.all()} | ({_account_word(account)} if account else set())
    return sent_to in theirs
