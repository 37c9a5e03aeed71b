"""How does somebody get, and take back, the secret address of their calendar?"""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from cmcoord.accounts.models import User
from cmcoord.activity.services import record
from cmcoord.meetings.models import FeedToken


@transaction.atomic
def open_feed(*, by: User) -> str:
    """A new address of 256 bits, shown once; the one before it opens nothing any more."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    FeedToken.objects.filter(user=by, revoked_at=None).update(revoked_at=timezone.now())
    word = secrets.token_urlsafe(32)
    FeedToken.objects.create(user=by, digest=digest_of(word))
    record(by, "feed.open", by=by)
    return word


@transaction.atomic
def revoke_feed(*, by: User) -> bool:
    """Nobody reads anything by it any more; False where there was none."""
    gone = FeedToken.objects.filter(user=by, revoked_at=None).update(revoked_at=timezone.now())
    if gone:
        record(by, "feed.revoke", by=by)
    return bool(gone)


def reader_of(word: str) -> User | None:
    """Whose calendar this address opens now: nobody's whose account is closed or held."""
    token = (
        FeedToken.objects.filter(digest=digest_of(word), revoked_at=None).select_related("user__organisation").first()
    )
    if token is None or not token.user.is_active or token.user.held_at is not None:
        return None
    FeedToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    return token.user


def digest_of(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
