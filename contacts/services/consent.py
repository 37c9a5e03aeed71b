"""What does somebody say about sharing their name, telephones and addresses? It acts at once (domain.md §4.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.services import Tell, record
from contacts import keepers, links
from contacts.models import Circle, Person, Shares
from contacts.services.going_on import account_is_known
from contacts.services.people import became_one, facts_of
from contacts.services.reminding import by_another
from contacts.services.taking import recall

NOBODY = Shares(humanitarians=False)


def stream_of(person: Person) -> str:
    """The country of their newest post: where it is told of them."""
    newest = person.holdings.select_related("post").order_by("-starts", "-id").first()
    return newest.post.country_id if newest else ""


@transaction.atomic
def ask_consent(person: Person, *, by: User | None, now: dt.datetime | None = None) -> Person:
    """Ask by mail what may be shared. Raises ValidationError where there is no address to write to."""
    now = now or timezone.now()
    person = _locked(person)
    _permit(person, by)
    told = told_to(person)
    if told is None:
        raise ValidationError(_("There is no e-mail address to ask this person at."))
    person.asked_at = now
    person.save(update_fields=["asked_at"])
    record(
        person, "contact.ask_consent", by=by, stream=stream_of(person), at=now,
        secret={"link": links.link_to(links.CONSENT, person)}, tell=[told],
    )  # fmt: skip
    return person


@transaction.atomic
def answer_consent(
    person: Person,
    *,
    by: User | None,
    name: Shares,
    telephones: Mapping[int, Shares],
    addresses: Mapping[int, Shares],
    by_link: bool = False,
    now: dt.datetime | None = None,
) -> Person:
    """The person's own word, or what they told whoever keeps their post. A row that is not named stays as it is.

    Raises PermissionDenied. What was shared and is no more is a withdrawal, and is told as one.
    """
    now = now or timezone.now()
    person = _locked(person)
    if not by_link:
        _permit(person, by)
    before = shared_by(person)
    person.shares, person.answered_at = name, now
    person.save()
    for rows, said in ((person.telephones.all(), telephones), (person.addresses.all(), addresses)):
        for row in rows:
            if row.pk in said:
                row.shares = said[row.pk]
                row.save()
    person = Person.objects.get(pk=person.pk)
    kind = "contact.withdraw" if before - shared_by(person) else "contact.consent"
    record(person, kind, by=by, stream=stream_of(person), data=facts_of(person), at=now)
    recall_if_less(person, before, by=by)
    return person


def recall_if_less(person: Person, before: set[tuple[str, str]], *, by: User | None) -> None:
    """Whoever has a file with something that is still there, and no more shared as it was, destroys the file."""
    person = Person.objects.get(pk=person.pk)  # as it stands now
    standing = {row.digest for row in (person, *person.telephones.all(), *person.addresses.all())}
    if any(digest in standing for digest, _circle in before - shared_by(person)):
        recall(person, by=by)


def withdraw(person: Person, *, by: User | None, by_link: bool = False, now: dt.datetime | None = None) -> Person:
    """Nothing of this person is shown any more beyond their function, from this moment on."""
    return answer_consent(
        person, by=by, by_link=by_link, now=now, name=NOBODY,
        telephones={row.pk: NOBODY for row in person.telephones.all()},
        addresses={row.pk: NOBODY for row in person.addresses.all()},
    )  # fmt: skip


@transaction.atomic
def link_account(person: Person, *, by: User, user: User, now: dt.datetime | None = None) -> Person:
    """Record which account is this person's. Raises PermissionDenied, and ValidationError where it cannot be."""
    person = _locked(person)
    if not keepers.keeps_person(by, person):
        raise PermissionDenied(keepers.not_yours())
    if keepers.is_own(person.user, person) or Person.objects.filter(user=user).exists():
        raise ValidationError(_("This account is linked already."))
    if user.organisation_id not in {one.post.organisation_id for one in keepers.latest_of(person)}:
        raise ValidationError(_("This account belongs to another organisation."))
    person.user = user
    try:
        with transaction.atomic():
            person.save(update_fields=["user"])
    except IntegrityError as taken:  # to somebody else, a moment ago
        raise ValidationError(_("This account is linked already.")) from taken
    now = now or timezone.now()
    tell = by_another(person, by)
    record(person, "contact.link", by=by, stream=stream_of(person), data={"user": user.pk}, tell=tell, at=now)
    account_is_known(person, by=by)
    return person


def shared_by(person: Person) -> set[tuple[str, str]]:
    """What is shared now with whom, as (digest, circle)."""
    if not person.has_answered:
        return set()
    rows = (person, *person.telephones.all(), *person.addresses.all())
    return {(row.digest, circle) for row in rows for circle in Circle if row.is_for(circle)}


def told_to(person: Person) -> Tell | None:
    """How this person hears of something: by their account, else at their first address."""
    if account := links.account_of(person):
        return Tell(account, "answer_contact")
    address = links.address_of(person)
    if address is None:
        return None
    language = next((code for code in person.languages if code in ("fr", "en")), translation.get_language() or "fr")
    return Tell(None, "answer_contact", address=address.email, language=language)


def _permit(person: Person, by: User | None) -> None:
    """The person themself, and whoever keeps one of their posts."""
    if by is None or keepers.is_own(by, person):
        return
    if not keepers.keeps_person(by, person):
        raise PermissionDenied(keepers.not_yours())


def _locked(person: Person) -> Person:
    """The person as they are now, locked. Raises ValidationError where they became one with somebody meanwhile."""
    if not Person.objects.select_for_update(no_key=True).only("pk").filter(pk=person.pk):
        raise ValidationError(became_one())
    return Person.objects.select_related("user").get(pk=person.pk)
