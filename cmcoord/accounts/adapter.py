"""How allauth behaves here: nobody signs up, mails go through the outbox, a closed account learns why."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts import scope, services
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Role
from cmcoord.activity.models import unread_number


class SignInBackend(AuthenticationBackend):
    """User name or address with the password. Gives no right, at no query: rights come from scope.ScopeBackend only."""

    def _get_permissions(self, user_obj, obj, from_name):
        return set()

    def get_user(self, user_id):
        """The person of a session, with what the frame of nearly every page prints: one query instead of three."""
        people = User.objects.select_related("organisation").annotate(unread=unread_number("pk"))
        user = people.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("This name and this password do not belong together."),
        "email_password_mismatch": _("This address and this password do not belong together."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
        "too_many_login_attempts": _("Too many attempts. Try again in some minutes."),
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

    def respond_user_inactive(self, request, user):
        """Reached with the correct password only: whoever guesses learns nothing about the account."""
        administrator = scope.role_owners(Role.ADMIN).order_by("folded_name").first()
        contact = settings.PORTAL_CONTACT or getattr(administrator, "email", "")
        context = {"person": user, "contact": contact}
        return render(request, "account/account_inactive.html", context, status=403)
