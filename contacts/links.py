"""What opens the page with one button that a mail leads to? A signed word; nothing of it is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from contacts.models import Holding, Person

VALID = dt.timedelta(days=60)
CONFIRM, CONSENT = "confirm", "consent"
SALT = "contacts.links"


@dataclass(frozen=True)
class Opened:
    """What a link is about: a time in a post that is to be confirmed, or a person who is asked about sharing."""

    what: str
    holding: Holding | None = None
    person: Person | None = None


def link_to(what: str, pk: int) -> str:
    """The whole address, for a mail."""
    word = signing.dumps([what, pk], salt=SALT, compress=True)
    return settings.PORTAL_URL + reverse("contacts:link", args=[word])


def opened_by(word: str) -> Opened | None:
    """What a link opens; None when it opens nothing (any more)."""
    try:
        what, pk = signing.loads(word, salt=SALT, max_age=VALID)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    if what == CONFIRM:
        found = Holding.objects.filter(pk=pk, left_at=None).select_related("person", "post__station", "post__country")
        holding = found.select_related("person", "post__organisation", "post__station", "post__country").first()
        return Opened(what, holding=holding, person=holding.person) if holding else None
    person = Person.objects.filter(pk=pk).first()
    return Opened(what, person=person) if person else None
