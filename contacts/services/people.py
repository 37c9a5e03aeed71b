"""How is a person written down, and with whom do they share what? The trail gets digests and switches, never a name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.ui.words import in_one_line
from contacts.models import Address, Person, Shares, Telephone

MOST_TELEPHONES = 5
MOST_ADDRESSES = 3


@dataclass(frozen=True)
class Number:
    """One telephone, as a form or a file has it: E.164, what it is, and with whom it is shared."""

    number: str
    kind: str = Telephone.Kind.MOBILE
    day_and_night: bool = False
    whatsapp: bool = False
    shares: Shares = Shares()


@dataclass(frozen=True)
class Mail:
    """One e-mail address, and with whom it is shared."""

    email: str
    shares: Shares = Shares()


@dataclass(frozen=True)
class Holder:
    """Somebody in a post, as a form or a file has them. `shares` is for the name.

    `person` says that they are in the directory already, without a name as they stand there; `answered` whether they
    were asked what may be shared.
    """

    name: str
    telephones: tuple[Number, ...] = ()
    addresses: tuple[Mail, ...] = ()
    languages: tuple[str, ...] = ()
    shares: Shares = Shares()
    source: str = ""
    answered: bool = True
    person: Person | None = field(default=None, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "name", in_one_line(self.name))


def write_person(holder: Holder, *, person: Person | None = None, now: dt.datetime | None = None) -> Person:
    """The row of this person with exactly these telephones and addresses. Raises ValidationError.

    What is no longer told is destroyed, with the salt by which the trail knew it. The caller records the event.
    """
    if holder.person and not holder.name:
        return holder.person  # as they stand in the directory
    if len(holder.telephones) > MOST_TELEPHONES:
        raise ValidationError(_("At most %(count)d telephones.") % {"count": MOST_TELEPHONES})
    if len(holder.addresses) > MOST_ADDRESSES:
        raise ValidationError(_("At most %(count)d e-mail addresses.") % {"count": MOST_ADDRESSES})
    person = person or holder.person
    person = standing(person) if person else Person(source=in_one_line(holder.source))
    person.name, person.languages, person.shares = holder.name, list(holder.languages), holder.shares
    if holder.answered:
        person.answered_at = now or timezone.now()
    person.full_clean()
    person.save()
    _write_telephones(person, holder.telephones)
    _write_addresses(person, holder.addresses)
    return person


def became_one() -> str:
    return _("This person became one with another one meanwhile. Open the page again.")


def standing(person: Person) -> Person:
    """The person as they are now, locked. Raises ValidationError where they became one with somebody meanwhile, or
    have said anew what may be shared: neither is written over unseen."""
    found = Person.objects.select_for_update(no_key=True).filter(pk=person.pk).first()
    if found is None:
        raise ValidationError(became_one())
    if found.answered_at != person.answered_at:
        raise ValidationError(_("Meanwhile it was said anew what may be shared of this person. Open the page again."))
    return found


def facts_of(person: Person) -> dict[str, Any]:
    """What the trail keeps of a person: the digests of what is confidential, each with its switches."""
    rows = (*person.telephones.all(), *person.addresses.all())
    return {
        "person": person.pk,
        "name": [person.digest, person.shares.circles],
        "reach": [[row.digest, row.shares.circles] for row in rows],
    }


def _write_telephones(person: Person, wanted: tuple[Number, ...]) -> None:
    standing = {str(row.number): row for row in person.telephones.all()}
    numbers = {one.number for one in wanted}
    person.telephones.filter(pk__in=[row.pk for number, row in standing.items() if number not in numbers]).delete()
    for one in {each.number: each for each in wanted}.values():
        row = standing.get(one.number) or Telephone(person=person, number=one.number)
        row.kind, row.day_and_night, row.whatsapp, row.shares = one.kind, one.day_and_night, one.whatsapp, one.shares
        row.full_clean()
        row.save()


def _write_addresses(person: Person, wanted: tuple[Mail, ...]) -> None:
    told = {one.email.strip().lower(): one for one in wanted if one.email.strip()}
    standing = {row.email: row for row in person.addresses.all()}
    person.addresses.exclude(email__in=list(told)).delete()
    for email, one in told.items():
        row = standing.get(email) or Address(person=person, email=email)
        row.shares = one.shares
        row.full_clean()
        row.save()
