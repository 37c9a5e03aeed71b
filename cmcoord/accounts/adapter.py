"""How allauth behaves here: nobody signs up, mails go through the outbox, a closed account learns why.

Of the second factor: its secrets are kept encrypted, whoever needs one keeps one, and every change is an event.
"""

import base64
import hashlib
from functools import cache
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts import factors, limits, scope, services
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Role
from cmcoord.activity.models import unread_number

# What allauth would mail → the event that the portal records, and of which factor.
FACTOR_CHANGES = {
    "mfa/email/totp_activated": ("factor.add", "totp"),
    "mfa/email/webauthn_added": ("factor.add", "passkey"),
    "mfa/email/totp_deactivated": ("factor.remove", "totp"),
    "mfa/email/webauthn_removed": ("factor.remove", "passkey"),
    "mfa/email/recovery_codes_generated": ("factor.codes", "codes"),
}


def shown_in_this_session(user, factor: str) -> None:
    """Setting a factor up needs its code or its touch: this session has shown it."""
    record_authentication(context.request, user, "mfa", type=factor)


class SignInBackend(AuthenticationBackend):
    """User name or address with the password. Gives no right, at no query: rights come from scope.ScopeBackend only."""

    def _get_permissions(self, user_obj, obj, from_name):
        return set()

    def get_user(self, user_id):
        """The person of a session, with what the frame of nearly every page prints: one query instead of three."""
        people = User.objects.select_related("organisation").annotate(unread=unread_number("pk"))
        user = people.filter(pk=user_id).first()
        return user if user and user.held_at is None and self.user_can_authenticate(user) else None


def _account_in(credentials: dict) -> str:
    """One name for one account, whether its user name or its address was typed; what was typed where there is none."""
    typed = (credentials.get("email") or credentials.get("username") or "").lower()
    known = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).values_list("username", flat=True)
    return (known.first() or typed).lower()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("This name and this password do not belong together."),
        "email_password_mismatch": _("This address and this password do not belong together."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait five minutes, then try again."),
        "too_many_for_account": _("Too many attempts for this account. Wait an hour, or ask for a new password."),
        "unverified_primary_email": _("Your e-mail address has not been confirmed yet."),
    }

    def is_open_for_signup(self, request):
        """An account begins with an invitation."""
        return False

    def send_password_reset_mail(self, user, email, context):
        # The address that somebody typed leads nowhere else: its host and port are the portal's own.
        path = urlsplit(context["password_reset_url"]).path
        services.ask_new_password(user, link=settings.PORTAL_URL + path)

    def send_mail(self, template_prefix, email, context):
        """Every mail of the portal is a row of the outbox; what has no row of its own is not sent."""

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Of one account from one address: whoever guesses elsewhere does not lock its owner out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}@{self.get_client_ip(request)}"

    def pre_authenticate(self, request, **credentials):
        if limits.is_used_up("sign_in", _account_in(credentials)):
            raise self.validation_error("too_many_for_account")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request, **credentials):
        account = _account_in(credentials)
        if limits.count("sign_in", account) == limits.LIMITS["sign_in"].most:
            services.sign_in_attempts_used_up(account)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """allauth tells here that a factor or a password changed: an event, and the person's mail in the outbox."""
        change = FACTOR_CHANGES.get(template_prefix)
        if change is None:
            return
        kind, factor = change
        services.factor_changed(user, kind, factor=factor)
        if kind == "factor.add":
            shown_in_this_session(user, factor)
        elif kind == "factor.remove" and not factors.has_one(user):
            factors.forget_proofs(self.request)

    def get_reauthentication_methods(self, user):
        """Whoever has a second factor proves with it, a passkey first; the password is for those who have none."""
        methods = super().get_reauthentication_methods(user)
        with_factor = [method for method in methods if method["id"].startswith("mfa")]
        ways = sorted(with_factor, key=lambda method: "webauthn" not in method["url"]) or methods
        words = {
            "/account/reauthenticate/": _("Use the password"),
            "/account/2fa/reauthenticate/": _("Use a code"),
            "/account/2fa/webauthn/reauthenticate/": _("Use a passkey"),
        }
        return [way | {"description": words.get(way["url"], way["description"])} for way in ways]

    def pre_login(self, request, user, **facts):
        """A held account says so to whoever has the password; nobody else learns of it."""
        response = super().pre_login(request, user, **facts)
        if response is None and user.held_at is not None:
            response = render(request, "account/account_held.html", {"contact": settings.PORTAL_CONTACT}, status=403)
        return response

    def respond_user_inactive(self, request, user):
        """Reached with the correct password only: whoever guesses learns nothing about the account."""
        administrator = scope.role_owners(Role.ADMIN).order_by("folded_name").first()
        contact = settings.PORTAL_CONTACT or getattr(administrator, "email", "")
        context = {"person": user, "contact": contact}
        return render(request, "account/account_inactive.html", context, status=403)


class FactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not correct. Each code works once."),
        "unverified_email": _("Your e-mail address has not been confirmed yet."),
        "cannot_generate_recovery_codes": _("Recovery codes stand in for a second factor: set one up first."),
        "cannot_delete_authenticator": _(
            "Your role needs a second factor. Add another one before you remove this one."
        ),
    }

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator):
        return not (factors.is_required(authenticator.user) and factors.is_last(authenticator))

    def generate_authenticator_name(self, user, type):
        return _("Passkey %(number)s") % {"number": user.authenticator_set.filter(type=type).count() + 1}


@cache
def _cipher() -> Fernet:
    """The secrets of factors are worth nothing in a copy of the database without the portal's key."""
    key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
