"""Is it still the same person? Asked again before a decision, a release and a change of rights.

The proof is the second factor (a fingerprint is enough), or the password of somebody who has no factor. It counts for
settings.STEP_UP_MINUTES. What was typed waits (ui.typed) and is never sent by itself: after the proof the same page
comes back with the words in it.
"""

import datetime as dt
import time
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cmcoord.accounts import factors
from cmcoord.ui import typed

KEPT_SECONDS = 30 * 60


def is_fresh(request: HttpRequest) -> bool:
    """Was the person's identity proven in this session within the last minutes?"""
    if not settings.SECOND_FACTOR:
        return True
    since = time.time() - settings.STEP_UP_MINUTES * 60
    return any(at >= since for at in factors.proofs(request, _proof_of(request.user)))


def proven_at(request: HttpRequest) -> dt.datetime | None:
    """When the person last proved in this session that it is they, by what a fresh proof asks for; None: never."""
    found = factors.proofs(request, _proof_of(request.user))
    return dt.datetime.fromtimestamp(max(found), dt.UTC) if found else None


def _proof_of(user) -> str:
    return "mfa" if factors.has_one(user) else "password"


def required(view):
    """Open this page, and take what it sends, only after a fresh proof."""
    return _guarded(view, has_page=True)


def required_for_button(view):
    """The same for a button without a page of its own: after the proof its page comes back, to press again."""
    return _guarded(view, has_page=False)


def _guarded(view, *, has_page: bool):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not is_fresh(request):
            return ask(request) if has_page else _ask_and_come_back(request)
        if request.method == "POST":
            typed.forget(request)
        return view(request, *args, **kwargs)

    return guarded


def ask(request: HttpRequest) -> HttpResponse:
    """To the proof and back to this page, with the words that were sent."""
    if request.method == "POST" and request.user.pk:
        typed.keep(request, person=request.user.pk, seconds=KEPT_SECONDS)
        messages.info(request, _("Prove that it is you; what you typed is kept. Then send it again."))
    return _to_proof(request.get_full_path())


def _ask_and_come_back(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Prove that it is you, then press the button again."))
    came_from = urlsplit(request.headers.get("Referer", ""))
    return _to_proof(came_from.path if came_from.netloc == request.get_host() else reverse("home"))


def _to_proof(path: str) -> HttpResponse:
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': path})}")


def initial(request: HttpRequest) -> dict:
    """What was typed before the proof, as first values of a form with one value for each field."""
    words = typed.kept(request)
    return words.dict() if words else {}
