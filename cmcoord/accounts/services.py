"""How rights come and go: invited, appointed, confirmed by a second administrator, stood in for, ended.

Nobody raises their own rights: not by giving, not by confirming, not through a stand-in. A refusal is a sentence: each
why_not_…() returns it or "", and the service that it guards raises PermissionDenied with it. Wrong values raise
ValidationError by field.
"""

import datetime as dt
import hashlib
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import limits, rights, scope
from cmcoord.accounts.models import Appointment, Invitation, Organisation, StandIn, User
from cmcoord.accounts.rights import facts_of, facts_of_stand_in
from cmcoord.accounts.roles import ROLES, Perm, Role
from cmcoord.activity import checks
from cmcoord.activity.models import Event
from cmcoord.activity.services import PORTAL_STREAM, Tell, record
from cmcoord.places.local_dates import today_in
from cmcoord.places.models import Country, DutyStation

INVITATION_DAYS = 7
LONGEST_STAND_IN = dt.timedelta(days=366)
FEWEST_ADMINISTRATORS = 2  # with one alone nothing could be confirmed any more


# ── appointments ─────────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_give(person: User | None, *, by: User) -> str:
    """May `by` give rights to this person (None: to somebody who has no account yet)?"""
    grant = scope.grant_for(by, Perm.MANAGE_ACCOUNTS)
    if grant is None:
        return _("Only a portal administrator can do this.")
    if person is None:
        return ""
    if person.pk == by.pk:
        return _("You cannot give rights to yourself.")
    if person.pk == grant.principal_id:
        return _("You stand in for this person; you cannot give them rights.")
    if not person.is_active:
        return _("This account is deactivated.")
    return ""


@transaction.atomic
def appoint(
    *,
    user: User,
    role: Role | str,
    by: User,
    country: Country | None = None,
    station: DutyStation | None = None,
    cluster: str = "",
    starts: dt.date | None = None,
    ends: dt.date | None = None,
) -> Appointment:
    """Give a role to a person. It counts once a second administrator has confirmed it."""
    _permit(why_not_give(user, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    appointment = _new_appointment(
        user=user, role=role, by=by, country=country, station=station, cluster=cluster, starts=starts, ends=ends
    )
    record(
        appointment,
        "appointment.give",
        by=by,
        acting_for=_acting_for(by, Perm.MANAGE_ACCOUNTS),
        data=facts_of(appointment),
        tell=[Tell(user), *_ask_second_administrators(appointment)],
    )
    return appointment


def _new_appointment(*, user, role, by, country, station, cluster, starts, ends) -> Appointment:
    role = Role(role)
    starts = starts or today_in(country.timezone if country else None)
    problems = scope_problems(
        role=role, organisation=user.organisation, country=country, station=station, cluster=cluster
    )
    if ends and ends < starts:
        problems["ends"] = _("The end comes before the beginning.")
    if not problems and _held_already(user, role, country, station, cluster, starts, ends):
        problems["role"] = _("This person holds this role there already.")
    if problems:
        raise ValidationError(problems)
    return Appointment.objects.create(
        user=user,
        role=role,
        country=country,
        station=station,
        cluster=cluster if "cluster" in ROLES[role].scope else "",
        organisation=user.organisation if _names_organisation(role) else None,
        starts=starts,
        ends=ends,
        given_by=by,
    )


def scope_problems(*, role, organisation, country, station, cluster) -> dict[str, str]:
    """What is wrong with a role in this place for somebody of this organisation: {field: sentence}."""
    rule, problems = ROLES[Role(role)], {}
    if organisation is None or organisation.side not in rule.sides:
        problems["role"] = _("This role is not for people of this organisation.")
    if "country" in rule.scope and country is None:
        problems["country"] = _("This role needs a country.")
    if "country" not in rule.scope and (country or station or cluster):
        problems["country"] = _("This role covers the whole portal; leave country, station and cluster empty.")
    if "station" in rule.scope and station is None:
        problems["station"] = _("This role needs a duty station.")
    if station and country and station.country_id != country.pk:
        problems["station"] = _("This duty station lies in another country.")
    if "cluster" in rule.scope and not cluster:
        problems["cluster"] = _("This role needs a cluster.")
    if country and organisation and not problems and not _works_in(organisation, country):
        problems["country"] = _("%(organisation)s does not work in this country.") % {"organisation": organisation}
    return problems


def _works_in(organisation: Organisation, country: Country) -> bool:
    """An organisation without countries works wherever it is asked."""
    codes = set(organisation.countries.values_list("pk", flat=True))
    return not codes or country.pk in codes


def _names_organisation(role: Role) -> bool:
    return bool({"organisation", "force"} & set(ROLES[role].scope))


def _held_already(user, role, country, station, cluster, starts, ends) -> bool:
    same = Appointment.objects.filter(
        user=user, role=role, country=country, station=station, cluster=cluster, ended_at=None
    ).filter(Q(ends=None) | Q(ends__gte=starts))
    return same.filter(starts__lte=ends).exists() if ends else same.exists()


def why_not_confirm(appointment: Appointment, *, by: User) -> str:
    """May `by` confirm this appointment?"""
    return why_not_refuse(appointment, by=by) or scope.why_lapsed(appointment.given_by)


def why_not_refuse(appointment: Appointment, *, by: User) -> str:
    """May `by` refuse to confirm this appointment? Also one that has lapsed, so that it waits no longer."""
    if scope.grant_for(by, Perm.CONFIRM_RIGHTS) is None:
        return _("Only a portal administrator can do this.")
    if appointment.ended_at:
        return _("This appointment has ended.")
    if appointment.confirmed_at:
        return _("%(name)s has confirmed this appointment already.") % {"name": appointment.confirmed_by}
    if appointment.user_id == by.pk:
        return _("You cannot confirm your own appointment.")
    if appointment.given_by_id == by.pk:
        return _("You gave this appointment; a second administrator confirms it.")
    if by.pk in _given_in_the_name_of(appointment):
        return _("This appointment was given in your name; another administrator confirms it.")
    if not appointment.user.is_active:
        return _("This account is deactivated.")
    return ""


def _given_in_the_name_of(appointment: Appointment) -> set[int]:
    """The administrators whom the giver stood in for when it was given, or offered: none of them is a second one."""
    if appointment.given_by_id is None:
        return set()
    day = appointment.given_at.date()
    stood_in = StandIn.objects.filter(
        user=appointment.given_by_id, appointment__role=Role.ADMIN, starts__lte=day, ends__gte=day
    )
    offers = Invitation.objects.filter(user=appointment.user_id, invited_by=appointment.given_by_id)
    links = Event.objects.filter(
        kind="invitation.send",
        subject_kind=Invitation.activity_kind,
        subject_id__in=list(offers.values_list("pk", flat=True)),
        by=appointment.given_by_id,
    )
    return {*stood_in.values_list("appointment__user", flat=True), *links.values_list("acting_for", flat=True)}


@transaction.atomic
def confirm_appointment(appointment: Appointment, *, by: User) -> Appointment:
    """The second administrator agrees: from now on, and within its dates, the appointment counts."""
    appointment = _locked(Appointment, appointment.pk)
    _permit(why_not_confirm(appointment, by=by) or checks.why_stopped(PORTAL_STREAM, in_detail=True))
    rights.permit(by, Perm.CONFIRM_RIGHTS)
    _permit(rights.why_not_given(appointment))
    appointment.confirmed_by, appointment.confirmed_at = by, timezone.now()
    appointment.save(update_fields=["confirmed_by", "confirmed_at"])
    record(
        appointment,
        "appointment.confirm",
        by=by,
        data=facts_of(appointment),
        tell=[Tell(appointment.user), *_tell(appointment.given_by)],
    )
    return appointment


@transaction.atomic
def refuse_appointment(appointment: Appointment, *, by: User, reason: str) -> Appointment:
    """The second administrator does not agree: the appointment ends before it began."""
    appointment = _locked(Appointment, appointment.pk)
    _permit(why_not_refuse(appointment, by=by))
    rights.permit(by, Perm.CONFIRM_RIGHTS)
    _end(appointment, by=by, reason=reason)
    record(
        appointment,
        "appointment.refuse",
        by=by,
        data=facts_of(appointment) | {"reason": reason},
        tell=[Tell(appointment.user), *_tell(appointment.given_by)],
    )
    return appointment


def why_not_end(appointment: Appointment, *, by: User) -> str:
    """May `by` end this appointment before its date?"""
    if scope.grant_for(by, Perm.MANAGE_ACCOUNTS) is None:
        return _("Only a portal administrator can do this.")
    if appointment.ended_at:
        return _("This appointment has ended.")
    if appointment.role == Role.ADMIN and appointment.confirmed_at:
        return why_not_remove_administrator(appointment.user, by=by)
    return ""


@transaction.atomic
def end_appointment(appointment: Appointment, *, by: User, reason: str) -> Appointment:
    """Take a role back today; what was done with it stays done."""
    lock_administrators(by)
    appointment = _locked(Appointment, appointment.pk)
    _permit(why_not_end(appointment, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    _end(appointment, by=by, reason=reason)
    record(
        appointment,
        "appointment.end",
        by=by,
        acting_for=_acting_for(by, Perm.MANAGE_ACCOUNTS),
        data=facts_of(appointment) | {"reason": reason},
        tell=[Tell(appointment.user)],
    )
    return appointment


def _end(appointment: Appointment, *, by: User, reason: str) -> None:
    appointment.ended_by, appointment.ended_at, appointment.end_reason = by, timezone.now(), reason
    appointment.save(update_fields=["ended_by", "ended_at", "end_reason"])


def why_not_remove_administrator(person: User, *, by: User, perm: Perm = Perm.MANAGE_ACCOUNTS) -> str:
    """May `by` keep this person from acting as an administrator: by ending, deactivating or holding?

    Only in their own right, and only while two others could still sign in and confirm each other's acts.
    """
    if not scope.role_owners(Role.ADMIN).filter(pk=person.pk).exists():
        return ""
    grant = scope.grant_for(by, perm)
    if grant is None or grant.principal_id:
        return _("A stand-in cannot do this to an administrator; another administrator does it in person.")
    if scope.role_owners(Role.ADMIN).exclude(pk=person.pk).filter(held_at=None).count() < FEWEST_ADMINISTRATORS:
        return _("Two administrators must remain. Appoint another one first.")
    return ""


def lock_administrators(by: User) -> None:
    """Of administrators who end each other at the same moment the second waits, and then reads what is left."""
    list(Appointment.objects.select_for_update().filter(role=Role.ADMIN, ended_at=None).values_list("pk", flat=True))
    scope.forget_grants(by)


# ── stand-ins ────────────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_stand_in(appointment: Appointment, *, by: User) -> str:
    """May `by` name a stand-in for this appointment? Only its holder may; a stand-in cannot pass it on."""
    if appointment.user_id != by.pk:
        return _("Only the holder of an appointment can name a stand-in for it.")
    if not by.is_active or appointment.state not in ("current", "future"):
        return _("This appointment does not count now; a stand-in needs one that does.")
    return ""


@transaction.atomic
def give_stand_in(
    appointment: Appointment, *, user: User, starts: dt.date, ends: dt.date, by: User, reason: str = ""
) -> StandIn:
    """For these dates another person acts for the holder in this appointment. Both are told."""
    appointment = _locked(Appointment, appointment.pk)
    _permit(why_not_stand_in(appointment, by=by) or rights.why_not_held(appointment))
    problems = stand_in_problems(appointment, user=user, starts=starts, ends=ends)
    if problems:
        raise ValidationError(problems)
    stand_in = StandIn.objects.create(
        appointment=appointment, user=user, starts=starts, ends=ends, reason=reason, given_by=by
    )
    record(
        stand_in,
        "standin.give",
        by=by,
        data=facts_of(appointment) | facts_of_stand_in(stand_in) | {"stand_in": str(user)},
        tell=[Tell(user), Tell(by, also_actor=True)],
    )
    return stand_in


def stand_in_problems(appointment: Appointment, *, user: User, starts: dt.date, ends: dt.date) -> dict[str, str]:
    """What is wrong with this person, or with these dates: {field: sentence}."""
    problems = {}
    if user.pk == appointment.user_id:
        problems["user"] = _("You cannot stand in for yourself.")
    elif not user.is_active:
        problems["user"] = _("This account is deactivated.")
    elif user.side not in appointment.rule.sides:
        problems["user"] = _("This role is not for people of this organisation.")
    elif appointment.organisation_id and user.organisation_id != appointment.organisation_id:
        problems["user"] = _("The stand-in must be of the same organisation.")
    if ends < starts:
        problems["ends"] = _("The end comes before the beginning.")
    elif ends - starts > LONGEST_STAND_IN:
        problems["ends"] = _("A stand-in lasts a year at most. Ask for an appointment instead.")
    elif appointment.ends and ends > appointment.ends:
        problems["ends"] = _("The appointment itself ends before that.")
    if starts < appointment.today:
        problems["starts"] = _("A stand-in cannot begin in the past.")
    if not problems and (other := _overlapping(appointment, starts, ends)):
        problems["starts"] = _("%(name)s stands in from %(starts)s to %(ends)s already; end that first.") % {
            "name": other.user,
            "starts": other.starts,
            "ends": other.ends,
        }
    return problems


def _overlapping(appointment: Appointment, starts: dt.date, ends: dt.date) -> StandIn | None:
    return (
        appointment.stand_ins.filter(ended_at=None, starts__lte=ends, ends__gte=starts).select_related("user").first()
    )


def why_not_end_stand_in(stand_in: StandIn, *, by: User) -> str:
    """The holder, the stand-in and an administrator may end it."""
    if stand_in.ended_at:
        return _("This stand-in has ended.")
    if by.pk in (stand_in.appointment.user_id, stand_in.user_id) or scope.has_perm(by, Perm.MANAGE_ACCOUNTS):
        return ""
    return _("Only the holder, the stand-in or an administrator can end this.")


@transaction.atomic
def end_stand_in(stand_in: StandIn, *, by: User) -> StandIn:
    stand_in = _locked(StandIn, stand_in.pk)
    _permit(why_not_end_stand_in(stand_in, by=by))
    if by.pk not in (stand_in.appointment.user_id, stand_in.user_id):
        rights.permit(by, Perm.MANAGE_ACCOUNTS)
    stand_in.ended_by, stand_in.ended_at = by, timezone.now()
    stand_in.save(update_fields=["ended_by", "ended_at"])
    record(
        stand_in,
        "standin.end",
        by=by,
        data=facts_of(stand_in.appointment) | {"stand_in": str(stand_in.user)},
        tell=[Tell(person, also_actor=True) for person in (stand_in.user, stand_in.appointment.user)],
    )
    return stand_in


# ── invitations ──────────────────────────────────────────────────────────────────────────────────────────────────────


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
    _permit(why_not_give(None, by=by))
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
    _permit(why_not_give(None, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    invitation = _locked(Invitation, invitation.pk)
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
    _permit(why_not_give(None, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    invitation = _locked(Invitation, invitation.pk)
    if invitation.accepted_at or invitation.revoked_at:
        raise PermissionDenied(_("This invitation was answered or taken back."))
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record(invitation, "invitation.revoke", by=by, acting_for=_acting_for(by, Perm.MANAGE_ACCOUNTS))
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
    _permit(why_not_accept(invitation))
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
    appointment = _new_appointment(
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
        tell=[Tell(invitation.invited_by), *_ask_second_administrators(appointment)],
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
        acting_for=_acting_for(by, Perm.MANAGE_ACCOUNTS),
        data={"role": invitation.role},
        secret={"link": settings.PORTAL_URL + reverse("accounts:accept", args=[token])},
        tell=[Tell(address=invitation.email, expects="accept", language=invitation.language)],
    )


# ── accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def change_profile(user: User, *, by: User, language: str, telephone: str) -> User:
    """What a person sets for themselves: language and duty telephone. Nothing here touches a right."""
    if user.pk != by.pk:
        raise PermissionDenied(_("Everybody changes their own profile only."))
    user.language, user.telephone = language, telephone
    user.full_clean(exclude=["password"])
    user.save(update_fields=["language", "telephone"])
    record(user, "user.change", by=by, data={"language": language}, secret={"telephone": telephone})
    return user


def why_not_deactivate(person: User, *, by: User) -> str:
    if scope.grant_for(by, Perm.MANAGE_ACCOUNTS) is None:
        return _("Only a portal administrator can do this.")
    if person.pk == by.pk:
        return _("You cannot deactivate your own account.")
    if not person.is_active:
        return _("This account is deactivated.")
    return why_not_remove_administrator(person, by=by)


@transaction.atomic
def deactivate(person: User, *, by: User, reason: str) -> User:
    """Close an account: its appointments and stand-ins end, so that opening it again gives no right back by itself."""
    lock_administrators(by)
    person = _locked(User, person.pk)
    _permit(why_not_deactivate(person, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    now = timezone.now()
    ended = list(person.appointments.filter(ended_at=None).values_list("pk", flat=True))
    Appointment.objects.filter(pk__in=ended).update(ended_by=by, ended_at=now, end_reason=reason[:200])
    lent = StandIn.objects.filter(Q(user=person) | Q(appointment__user=person), ended_at=None)
    stand_ins = list(lent.values_list("pk", flat=True))
    StandIn.objects.filter(pk__in=stand_ins).update(ended_by=by, ended_at=now)
    person.is_active, person.deactivated_note = False, reason[:200]
    person.save(update_fields=["is_active", "deactivated_note"])
    record(
        person,
        "user.deactivate",
        by=by,
        acting_for=_acting_for(by, Perm.MANAGE_ACCOUNTS),
        data={"reason": reason, "appointments": ended, "stand_ins": stand_ins},
        tell=[Tell(other) for other in scope.holders(Perm.CONFIRM_RIGHTS)],
    )
    return person


@transaction.atomic
def activate(person: User, *, by: User) -> User:
    """Open an account again, without any right: appointments must be given and confirmed anew."""
    person = _locked(User, person.pk)
    if person.is_active:
        raise PermissionDenied(_("This account is active."))
    _permit(_("Only a portal administrator can do this.") if not scope.has_perm(by, Perm.MANAGE_ACCOUNTS) else "")
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    person.is_active, person.deactivated_note = True, ""
    person.save(update_fields=["is_active", "deactivated_note"])
    record(
        person,
        "user.activate",
        by=by,
        acting_for=_acting_for(by, Perm.MANAGE_ACCOUNTS),
        tell=[Tell(person), *[Tell(other) for other in scope.holders(Perm.CONFIRM_RIGHTS)]],
    )
    return person


@transaction.atomic
def factor_changed(user: User, kind: str, *, factor: str) -> None:
    """A person added or removed a second factor: recorded, and told to them, since it may not have been them."""
    record(user, kind, by=user, data={"factor": factor}, tell=[Tell(user, also_actor=True)])


@transaction.atomic
def sign_in_attempts_used_up(account: str) -> None:
    """Somebody tried so many passwords that the account waits: written down once, and told to its owner."""
    user = User.objects.filter(Q(username__iexact=account) | Q(email__iexact=account), is_active=True).first()
    if user:
        record(user, "refused.attempts", by=None, tell=[Tell(user)])


def refused(user: User, kind: str, *, page: str, asked: str = "") -> None:
    """Write down that something was refused; of one person a few each hour, so that nobody fills the disk with it."""
    if limits.count("refused", f"{user.pk}") <= limits.LIMITS["refused"].most:
        record(user, kind, by=user, data={"page": page, "asked": asked.replace("\0", "")[:80]})  # no database keeps it


@transaction.atomic
def ask_new_password(user: User, *, link: str) -> None:
    """Somebody asked for a new password: the link goes to the account's own address, through the outbox."""
    record(user, "user.reset_password", by=None, secret={"link": link}, tell=[Tell(user)])


@transaction.atomic
def found(first: User, second: User) -> tuple[Appointment, Appointment]:
    """An empty portal gets its two first administrators, who confirm each other: the only rights nobody gave."""
    if User.objects.exists():
        raise PermissionDenied(_("The portal has people already; an administrator appoints the next one."))
    for person in (first, second):
        person.set_unusable_password()
        person.full_clean(exclude=["password"])
        person.save()
    record(first, "portal.found", by=None, data={"administrators": [first.username, second.username]})
    appointments = (
        Appointment.objects.create(user=first, role=Role.ADMIN, starts=today_in(None)),
        Appointment.objects.create(user=second, role=Role.ADMIN, starts=today_in(None)),
    )
    for appointment, other in zip(appointments, (second, first), strict=True):
        appointment.confirmed_by, appointment.confirmed_at = other, timezone.now()
        appointment.save(update_fields=["confirmed_by", "confirmed_at"])
        data = facts_of(appointment) | {"founding": True}
        record(appointment, "appointment.confirm", by=other, data=data, tell=[Tell(appointment.user)])
    return appointments


# ── shared by the verbs above ────────────────────────────────────────────────────────────────────────────────────────


def _permit(reason: str) -> None:
    if reason:
        raise PermissionDenied(reason)


def _locked(model, pk: int):
    return model.objects.select_for_update().get(pk=pk)


def _acting_for(by: User, perm: Perm) -> User | None:
    grant = scope.grant_for(by, perm)
    return User.objects.get(pk=grant.principal_id) if grant and grant.principal_id else None


def _tell(person: User | None) -> list[Tell]:
    return [Tell(person)] if person else []


def _ask_second_administrators(appointment: Appointment) -> list[Tell]:
    return [
        Tell(person, "confirm_rights")
        for person in scope.holders(Perm.CONFIRM_RIGHTS)
        if person.pk not in (appointment.given_by_id, appointment.user_id)
    ]
