"""What happens to an account itself: its profile, its closing and opening, what is noted about its sign-in?"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import limits, rights, scope
from cmcoord.accounts.beginning import locked, principal_of, stop_if
from cmcoord.accounts.models import Appointment, DecisionDelegation, StandIn, User
from cmcoord.accounts.rights import facts_of
from cmcoord.accounts.roles import Perm, Role
from cmcoord.accounts.services.appointing import lock_administrators, why_not_remove_administrator
from cmcoord.activity.services import Tell, record
from cmcoord.places.local_dates import today_in


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
    """Close an account: all its rights end, those it lent too, so that opening it again gives none back."""
    lock_administrators(by)
    person = locked(person)
    stop_if(why_not_deactivate(person, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    now = timezone.now()
    ended = list(person.appointments.filter(ended_at=None).values_list("pk", flat=True))
    Appointment.objects.filter(pk__in=ended).update(ended_by=by, ended_at=now, end_reason=reason[:200])
    lent = StandIn.objects.filter(Q(user=person) | Q(appointment__user=person), ended_at=None)
    stand_ins = list(lent.values_list("pk", flat=True))
    StandIn.objects.filter(pk__in=stand_ins).update(ended_by=by, ended_at=now)
    given = DecisionDelegation.objects.filter(Q(delegate=person) | Q(appointment__user=person), ended_at=None)
    delegations = list(given.values_list("pk", flat=True))
    DecisionDelegation.objects.filter(pk__in=delegations).update(ended_by=by, ended_at=now)
    person.is_active, person.deactivated_note = False, reason[:200]
    person.save(update_fields=["is_active", "deactivated_note"])
    record(
        person,
        "user.deactivate",
        by=by,
        acting_for=principal_of(by, Perm.MANAGE_ACCOUNTS),
        data={"reason": reason, "appointments": ended, "stand_ins": stand_ins, "delegations": delegations},
        tell=[Tell(other) for other in scope.holders(Perm.CONFIRM_RIGHTS)],
    )
    return person


@transaction.atomic
def activate(person: User, *, by: User) -> User:
    """Open an account again, without any right: appointments must be given and confirmed anew."""
    person = locked(person)
    if person.is_active:
        raise PermissionDenied(_("This account is active."))
    stop_if(_("Only a portal administrator can do this.") if not scope.has_perm(by, Perm.MANAGE_ACCOUNTS) else "")
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    person.is_active, person.deactivated_note = True, ""
    person.save(update_fields=["is_active", "deactivated_note"])
    record(
        person,
        "user.activate",
        by=by,
        acting_for=principal_of(by, Perm.MANAGE_ACCOUNTS),
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
