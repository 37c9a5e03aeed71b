"""Who needs a second factor, and has this session shown one?

Those who decide, release, advise on security, answer for a force or give rights cannot work with a password alone; nor
can those who stand in for them or decide by delegation. A signed-in person who must have a factor and has none reaches
the set-up page only.
"""

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from cmcoord.accounts import scope
from cmcoord.accounts.roles import FACTOR_ROLES


def is_required(user) -> bool:
    """Does a role that this person holds or stands in for, or a delegation to them, need a second factor today?"""
    if not settings.SECOND_FACTOR or not is_in_force():
        return False
    held = scope.appointments(user)
    return bool(scope.delegations(user)) or any(each.role in FACTOR_ROLES for each in held)


def is_in_force() -> bool:
    """From the date in SECOND_FACTOR_FROM on; without a date, always."""
    return settings.SECOND_FACTOR_FROM is None or timezone.localdate() >= settings.SECOND_FACTOR_FROM


def has_one(user) -> bool:
    """Recovery codes alone are no factor: they stand in for one that was lost."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_last(authenticator: Authenticator) -> bool:
    others = Authenticator.objects.filter(user=authenticator.user_id).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return not others.exclude(pk=authenticator.pk).exists()


def proofs(request: HttpRequest, method: str) -> list[float]:
    """When this session was proven by this method ("password", "mfa"), in seconds since 1970."""
    records = get_authentication_records(request, request.user)
    return [record["at"] for record in records if record["method"] == method]


def was_shown(request: HttpRequest) -> bool:
    return bool(proofs(request, "mfa"))


def forget_proofs(request: HttpRequest) -> None:
    """The last factor was taken away: what it proved in this session no longer counts."""
    request.session.pop(AUTHENTICATION_METHODS_SESSION_KEY, None)
