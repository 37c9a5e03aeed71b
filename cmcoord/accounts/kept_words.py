"""What becomes of words that were typed while the session ended? They wait in the next session, for their author only.

Each page on which somebody writes carries a signed token of its reader. Words that arrive signed out are kept
(ui.typed) in the new, empty session for that token's person, who finds them on the same page after signing in.
"""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from cmcoord.activity import numbers
from cmcoord.ui import typed

SALT = "accounts.kept_words"
TOKEN_DAYS = 7
KEPT_SECONDS = 12 * 3600


def waiting(view):
    """Open this page, and take what it sends, only signed in; what comes after the session ended waits for its author.

    The page says so to its forms (portal/whole_uni_form.html), and ui.pages.form_page brings the words back to them.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request, request.path)
        request.keeper = token(request.user, request.path)
        typed.kept(request)  # drops what somebody else typed before, whatever this page answers
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            typed.forget(request)
        return response

    return guarded


def token(user, reference: str) -> str:
    """Signed: this page was made for this person and about this: a request, a meeting, or an address."""
    return signing.dumps([numbers.hidden(user.pk), reference], salt=SALT)


def author(request: HttpRequest, reference: str) -> int | None:
    """For whom the page was made that was sent, if its token is whole and about this."""
    try:
        person, about = signing.loads(request.POST.get("keeper", ""), salt=SALT, max_age=TOKEN_DAYS * 86400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return numbers.shown(person) if about == reference else None


def sign_in_first(request: HttpRequest, reference: str) -> HttpResponse:
    """To the sign-in and back to this page, with the words that were sent; a script is told 401."""
    if "X-Autosave" in request.headers:
        return JsonResponse({}, status=401)
    person = author(request, reference) if request.method == "POST" else None
    if person is not None and typed.keep(request, person=person, seconds=KEPT_SECONDS):
        messages.info(request, _("Your session had ended. Sign in again: what you typed is kept for you."))
    return redirect_to_login(request.get_full_path())
