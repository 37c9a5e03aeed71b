"""Is it the person themselves who acts at the console? Asks for the password and for the second factor.

Who reaches the console of the portal can do much without the portal; what is done through it names persons, and these
have shown what only they hold. A passkey needs a browser, so its owner gives one of their recovery codes.
"""

from __future__ import annotations

from collections.abc import Callable
from getpass import getpass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import check_password

from cmcoord.accounts import factors, limits
from cmcoord.accounts.models import User

WITH_CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


class NotProven(Exception):
    """The text says whose proof was missing or wrong."""


def prove(person: User, *, ask: Callable[[str], str] | None = None) -> str:
    """How this person proved that it is them: "totp", "recovery_codes", or "password" where the portal asks no more.

    `ask` prints a question and returns the answer unseen. Wrong answers count; after some nobody is asked for a while.
    """
    ask = ask or getpass
    if limits.is_used_up("console", f"{person.pk}"):
        raise NotProven(f"There were too many wrong answers for {person.username}; wait ten minutes.")
    if not check_password(ask(f"Password of {person.username}: "), person.password):
        raise _wrong(person, "the password")
    has_factor = factors.has_one(person)
    if not settings.SECOND_FACTOR or not (has_factor or factors.is_in_force()):
        return "password"
    if not has_factor:
        raise NotProven(f"{person.username} has no second factor.")
    code = ask(f"Code of the authenticator app, or a recovery code, of {person.username}: ").strip()
    for factor in Authenticator.objects.filter(user=person, type__in=WITH_CODES):
        if factor.wrap().validate_code(code):
            return str(factor.type)
    raise _wrong(person, "a code")


def _wrong(person: User, what: str) -> NotProven:
    limits.count("console", f"{person.pk}")
    return NotProven(f"This is not {what} of {person.username}.")
