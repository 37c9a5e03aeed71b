"""What becomes of words that were typed while the session ended? They wait in the next session, for their author only.

Each page of a request carries a signed token of its reader. Words that arrive signed out are kept in the (new, empty)
session together with that token's person; they come back when this person has signed in, on the page they were typed
on, and to nobody else.
"""

from __future__ import annotations

import time

from django.core import signing
from django.http import HttpRequest, QueryDict

from cmcoord.activity import numbers

KEPT = "kept_words"
SALT = "requests_app.keeping"
TOKEN_DAYS = 7
HOURS = 12
LONGEST = 100_000
NOT_KEPT = ("csrfmiddlewaretoken", "keeper")


def token(user, reference: str) -> str:
    """Signed: this page was made for this person and this request."""
    return signing.dumps([numbers.hidden(user.pk), reference], salt=SALT)


def author(request: HttpRequest, reference: str) -> int | None:
    """For whom the page was made that was sent, if its token is whole and about this request."""
    try:
        person, about = signing.loads(request.POST.get("keeper", ""), salt=SALT, max_age=TOKEN_DAYS * 86400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return numbers.shown(person) if about == reference else None


def keep(request: HttpRequest, reference: str, step: int | str) -> bool:
    """Keep what was typed for its author; False if it cannot be kept."""
    person = author(request, reference)
    words = request.POST.copy()
    for name in NOT_KEPT:
        words.pop(name, None)
    text = words.urlencode()
    if person is None or len(text) > LONGEST:
        return False
    request.session[KEPT] = {"person": person, "about": [reference, step], "at": int(time.time()), "words": text}
    return True


def kept(request: HttpRequest, reference: str, step: int | str) -> QueryDict | None:
    """What this person had typed on this page when the session ended; another person's words are dropped unread."""
    found = request.session.get(KEPT)
    if not found:
        return None
    if found["person"] != request.user.pk or time.time() - found["at"] > HOURS * 3600:
        forget(request)
        return None
    return QueryDict(found["words"]) if found["about"] == [reference, step] else None


def forget(request: HttpRequest) -> None:
    request.session.pop(KEPT, None)
