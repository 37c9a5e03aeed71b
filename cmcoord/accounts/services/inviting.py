"""How does somebody without an account come to one? Refusals as in services/appointing.py."""

import datetime as dt
import hashlib
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import rights, scope
from cmcoord.accounts.beginning import locked, principal_of, stop_if
from cmcoord.accounts.models import Invitation, Organisation, User
from cmcoord.accounts.rights import facts_of
from cmcoord.accounts.roles import ROLES, Perm, Role
from cmcoord.accounts.services.appointing import (
    ask_second_administrators,
    new_appointment,
    scope_problems,
    why_not_give,
)
from cmcoord.activity.services import Tell, record
from cmcoord.places.local_dates import today_in
from cmcoord.places.models import Country, DutyStation

INVITATION_DAYS = 7


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    role: Role | str,
    by: User,
    function_title: str = "",
    language: str = "en",
    country: Country | None = None,
    station: DutyStation | None = None,
    cluster: str = "",
    ends: dt.date | None = None,
) -> Invitation:
    """Ask somebody by mail to take an account with a role. The link works once, for a week."""
    stop_if(why_not_give(None, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    email = email.strip().lower()
    problems = scope_problems(role=role, organisation=organisation, country=country, station=station, cluster=cluster)
    if User.objects.filter(email=email).exists():
        problems["email"] = _("Somebody has an account with this address already: give them an appointment instead.")
    elif Invitation.objects.open().filter(email=email).exists():
        problems["email"] = _("This address has an invitation that is still open.")
    if ends and ends < today_in(country.timezone if country else None):
        problems["ends"] = _("This date is in the past.")
    if problems:
        raise ValidationError(problems)
    Invitation.objects.filter(email=email, accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())
    token = _new_token()
    invitation = Invitation.objects.create(
        email=email,
        name=name,
        function_title=function_title,
        organisation=organisation,
        language=language,
        role=role,
        country=country,
        station=station,
        cluster=cluster if "cluster" in ROLES[Role(role)].scope else "",
        ends=ends,
        token_digest=digest_of(token),
        invited_by=by,
        expires_at=timezone.now() + dt.timedelta(days=INVITATION_DAYS),
    )
    _send(invitation, token, by=by)
    return invitation


@transaction.atomic
def renew_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """A new link and a new week for an invitation that was not answered; the old link is dead.

    Whoever chose the person and the role stays its giver: a colleague who helps with the link takes that from nobody.
    """
    stop_if(why_not_give(None, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    invitation = locked(invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise PermissionDenied(_("This invitation was answered or taken back."))
    token = _new_token()
    invitation.token_digest = digest_of(token)
    invitation.expires_at = timezone.now() + dt.timedelta(days=INVITATION_DAYS)
    invitation.save(update_fields=["token_digest", "expires_at"])
    _send(invitation, token, by=by)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> Invitation:
    stop_if(why_not_give(None, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    invitation = locked(invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise PermissionDenied(_("This invitation was answered or taken back."))
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record(invitation, "invitation.revoke", by=by, acting_for=principal_of(by, Perm.MANAGE_ACCOUNTS))
    return invitation


def invitation_of(token: str) -> Invitation | None:
    """The invitation that this link opens, whatever its state; None when there is none."""
    return (
        Invitation.objects.filter(token_digest=digest_of(token))
        .select_related("organisation", "country", "station", "invited_by")
        .first()
    )


def why_not_accept(invitation: Invitation | None) -> str:
    """Why does this link not open an account (any more)?"""
    if invitation is None or invitation.revoked_at:
        return _("This link is not valid. Ask the person who invited you for a new one.")
    if invitation.accepted_at:
        return _("This invitation was accepted already. Sign in with your user name or address.")
    if invitation.expires_at <= timezone.now():
        return _("This invitation has expired. Ask the person who invited you for a new one.")
    if User.objects.filter(email=invitation.email).exists():
        return _("Somebody has an account with this address already.")
    if scope.why_lapsed(invitation.invited_by):
        return _("This invitation has lapsed. Ask a portal administrator for a new one.")
    return ""


@transaction.atomic
def accept_invitation(token: str, *, username: str, password: str, telephone: str = "") -> User:
    """Make the account and its first appointment, which a second administrator still confirms. Works once."""
    invitation = Invitation.objects.select_for_update().filter(token_digest=digest_of(token)).first()
    stop_if(why_not_accept(invitation))
    user = User(
        username=username,
        email=invitation.email,
        name=invitation.name,
        function_title=invitation.function_title,
        organisation=invitation.organisation,
        language=invitation.language,
        telephone=telephone,
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    # The link went to this address, so it is proven: a second factor may be set up.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    invitation.user, invitation.accepted_at = user, timezone.now()
    invitation.save(update_fields=["user", "accepted_at"])
    appointment = new_appointment(
        user=user,
        role=invitation.role,
        by=invitation.invited_by,
        country=invitation.country,
        station=invitation.station,
        cluster=invitation.cluster,
        starts=None,
        ends=invitation.ends,
    )
    record(
        appointment,
        "invitation.accept",
        by=user,
        data=facts_of(appointment) | {"invitation": invitation.pk, "given_by": invitation.invited_by_id},
        tell=[Tell(invitation.invited_by), *ask_second_administrators(appointment)],
    )
    return user


def digest_of(token: str) -> str:
    """What is kept of a token: enough to recognise it, not to make it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _send(invitation: Invitation, token: str, *, by: User) -> None:
    record(
        invitation,
        "invitation.send",
        by=by,
        acting_for=principal_of(by, Perm.MANAGE_ACCOUNTS),
        data={"role": invitation.role},
        secret={"link": settings.PORTAL_URL + reverse("accounts:accept", args=[token])},
        tell=[Tell(address=invitation.email, expects="accept", language=invitation.language)],
    )
