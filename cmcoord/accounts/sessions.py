"""Where is a person signed in, and how does it end there? Kept: which browser, since when, last seen; no address."""

import datetime as dt
import re
import time

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from cmcoord.accounts.models import SignIn, User
from cmcoord.activity.services import Tell, record

SEEN_EVERY = 600  # seconds between two notes of when a session was last used
BROWSERS = ("Edg", "OPR", "SamsungBrowser", "Firefox", "Chrome", "Safari")  # the first that its name holds
NAMES = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet"}
DEVICES = ("Android", "iPhone", "iPad", "Windows", "Mac", "Linux")


@receiver(user_logged_in)
def begin(request: HttpRequest, user: User, **_facts) -> None:
    """A session began; the rows of sessions that are over go."""
    over = timezone.now() - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    SignIn.objects.filter(user=user, began__lt=over).delete()
    request.session["seen"] = time.time()
    if request.session.session_key is None:  # Django emptied the session of another person and has not saved it yet
        request.session.save()
    browser = browser_of(request.headers.get("User-Agent", ""))
    SignIn.objects.update_or_create(
        session_key=request.session.session_key, defaults={"user": user, "browser": browser}
    )


def see(request: HttpRequest) -> None:
    """Note now and then that a session is in use."""
    if time.time() - request.session.get("seen", 0) > SEEN_EVERY:
        found = SignIn.objects.filter(session_key=request.session.session_key).update(seen=timezone.now())
        request.session["seen"] = time.time()
        if not found:
            begin(request, request.user)  # type: ignore[arg-type]  # only called for somebody signed in


@receiver(user_logged_out)
def forget(request: HttpRequest, **_facts) -> None:
    SignIn.objects.filter(session_key=request.session.session_key).delete()


def browser_of(agent: str) -> str:
    """ "Firefox, Android": what a person recognises, and no more."""
    browser = next((name for name in BROWSERS if re.search(rf"\b{name}", agent)), "")
    device = next((name for name in DEVICES if name in agent), "")
    return ", ".join(filter(None, (NAMES.get(browser, browser), device)))


def sessions_of(user: User) -> list[SignIn]:
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(SignIn.objects.filter(user=user, session_key__in=alive))


@transaction.atomic
def end_session(sign_in: SignIn, *, by: User) -> None:
    """One's own session, elsewhere or here."""
    _close([sign_in.session_key])
    record(sign_in.user, "user.end_session", by=by, data={"browser": sign_in.browser})


@transaction.atomic
def end_others(user: User, *, keep: str, by: User) -> int:
    """All one's own sessions but the one of this key; those that no list knows end too."""
    keys = [each.session_key for each in SignIn.objects.filter(user=user).exclude(session_key=keep)]
    _close(keys)
    _next_round(user)
    record(user, "user.end_sessions", by=by, data={"sessions": len(keys)}, tell=[Tell(user, also_actor=True)])
    return len(keys)


def close_all(user: User) -> int:
    """Every session of this person is over, within the caller's transaction."""
    keys = list(SignIn.objects.filter(user=user).values_list("session_key", flat=True))
    _close(keys)
    _next_round(user)
    return len(keys)


@transaction.atomic
def forget_ended(now: dt.datetime | None = None) -> int:
    """Destroy the sessions that are over, with the words that waited in them; returns how many there were.

    Nothing else does: signing in again begins another one, and what was typed may hold names.
    """
    over = Session.objects.filter(expire_date__lte=now or timezone.now())
    SignIn.objects.filter(session_key__in=over.values("session_key")).delete()
    return over.delete()[0]


def _close(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()


def _next_round(user: User) -> None:
    user.session_round += 1
    user.save(update_fields=["session_round"])
