"""How an account is made safe again: a lost second factor, a telephone that was taken.

Nobody resets their own factor, and no administrator alone. Sessions end at once, at the word of one duty officer: that
takes a right from nobody, and a telephone in the wrong hands does not wait for a second signature.
"""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import rights, scope, sessions
from cmcoord.accounts.beginning import locked, principal_of, stop_if
from cmcoord.accounts.models import FactorReset, User
from cmcoord.accounts.roles import Perm, Role
from cmcoord.accounts.services import lock_administrators, why_not_remove_administrator
from cmcoord.activity import checks
from cmcoord.activity.services import PORTAL_STREAM, Tell, record

RESET_DAYS = 7  # whoever was called back then may have found their factor again since

# ── a lost second factor ─────────────────────────────────────────────────────────────────────────────────────────────


def why_not_ask_reset(person: User, *, by: User) -> str:
    if scope.grant_for(by, Perm.MANAGE_ACCOUNTS) is None:
        return _("Only a portal administrator can do this.")
    if person.pk == by.pk:
        return _("You cannot reset your own second factor; ask another administrator.")
    if not person.is_active:
        return _("This account is deactivated.")
    if not Authenticator.objects.filter(user=person).exists():
        return _("This account has no second factor.")
    if FactorReset.objects.waiting().filter(user=person).exists():
        return _("This was asked already; a second administrator confirms it.")
    return ""


@transaction.atomic
def ask_reset(person: User, *, by: User, reason: str) -> FactorReset:
    """Ask to take a lost factor off an account. Nothing changes until a second administrator has confirmed it."""
    person = locked(person)
    stop_if(why_not_ask_reset(person, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    acting_for = principal_of(by, Perm.MANAGE_ACCOUNTS)
    reset = FactorReset.objects.create(user=person, asked_by=by, acting_for=acting_for, reason=reason[:200])
    others = [each for each in scope.holders(Perm.CONFIRM_RIGHTS) if not why_not_confirm_reset(reset, by=each)]
    record(
        reset,
        "factor.ask_reset",
        by=by,
        acting_for=acting_for,
        data={"user": person.pk, "reason": reason[:200]},
        tell=[Tell(person), *[Tell(each, "confirm_rights") for each in others]],
    )
    return reset


def why_not_confirm_reset(reset: FactorReset, *, by: User) -> str:
    if why := why_not_answer_reset(reset, by=by) or scope.why_lapsed(reset.asked_by):
        return why
    if reset.asked_at < timezone.now() - dt.timedelta(days=RESET_DAYS):
        return _("This was asked more than a week ago. Refuse it; who still needs it asks again.")
    return ""


def why_not_answer_reset(reset: FactorReset, *, by: User) -> str:
    """May `by` refuse it? The first half of the question whether they may confirm it."""
    if scope.grant_for(by, Perm.CONFIRM_RIGHTS) is None:
        return _("Only a portal administrator can do this.")
    if reset.confirmed_at or reset.refused_at:
        return _("This was answered already.")
    if reset.user_id == by.pk:
        return _("You cannot reset your own second factor; ask another administrator.")
    if by.pk in (reset.asked_by_id, reset.acting_for_id):
        return _("You asked for this, or it was asked in your name; another administrator confirms it.")
    return ""


@transaction.atomic
def confirm_reset(reset: FactorReset, *, by: User) -> FactorReset:
    """The factors go and every session ends; the person sets up a new factor at the next sign-in."""
    reset = locked(reset)
    stop_if(why_not_confirm_reset(reset, by=by) or checks.why_stopped(PORTAL_STREAM, in_detail=True))
    rights.permit(by, Perm.CONFIRM_RIGHTS)
    facts = {"user": reset.user_id}
    stop_if(
        rights.why_not_asked(reset, "factor.ask_reset", facts, by=reset.asked_by_id, acting_for=reset.acting_for_id)
    )
    reset.confirmed_by, reset.confirmed_at = by, timezone.now()
    reset.save(update_fields=["confirmed_by", "confirmed_at"])
    Authenticator.objects.filter(user=reset.user).delete()
    sessions.close_all(reset.user)
    record(reset, "factor.reset", by=by, data={"user": reset.user_id}, tell=[Tell(reset.user), Tell(reset.asked_by)])
    return reset


@transaction.atomic
def refuse_reset(reset: FactorReset, *, by: User) -> FactorReset:
    reset = locked(reset)
    stop_if(why_not_answer_reset(reset, by=by))
    rights.permit(by, Perm.CONFIRM_RIGHTS)
    reset.refused_by, reset.refused_at = by, timezone.now()
    reset.save(update_fields=["refused_by", "refused_at"])
    record(
        reset,
        "factor.refuse_reset",
        by=by,
        data={"user": reset.user_id},
        tell=[Tell(reset.user), Tell(reset.asked_by)],
    )
    return reset


# ── a telephone that was taken ───────────────────────────────────────────────────────────────────────────────────────


def why_not_end_sessions(person: User, *, by: User) -> str:
    """A national officer for those who have worked in their country, an administrator for everybody."""
    held = [grant for grant in scope.grants(by) if grant.perm == Perm.END_SESSIONS]
    countries = {grant.country for grant in held}
    if None in countries or person.appointments.filter(country__in=countries).exists():
        return ""
    return _("Only the national unit of the person's country or an administrator can do this.")


def why_not_hold(person: User, *, by: User) -> str:
    """Two must remain who can sign in and confirm; the sessions of an administrator end in any case."""
    why = why_not_remove_administrator(person, by=by, perm=Perm.END_SESSIONS)
    return why and why + " " + _("The sessions can be ended without holding the account.")


@transaction.atomic
def telephone_taken(person: User, *, by: User, reason: str, hold: bool) -> int:
    """End every session of a person; with `hold` nobody signs in until it is released. How many ended."""
    if hold:
        lock_administrators(by)
    person = locked(person)
    stop_if(why_not_end_sessions(person, by=by))
    if hold:
        stop_if(why_not_hold(person, by=by))
        person.held_at = timezone.now()
        person.save(update_fields=["held_at"])
    ended = sessions.close_all(person)
    record(
        person,
        "user.hold" if hold else "user.end_sessions",
        by=by,
        acting_for=principal_of(by, Perm.END_SESSIONS),
        data={"sessions": ended},
        secret={"reason": reason},
        tell=[Tell(person, also_actor=True), *[Tell(each) for each in scope.role_owners(Role.ADMIN)]],
    )
    return ended


@transaction.atomic
def release(person: User, *, by: User) -> User:
    """Somebody called back and knows that it is the person: they may sign in again, with password and second factor."""
    person = locked(person)
    stop_if(why_not_release(person, by=by))
    rights.permit(by, Perm.END_SESSIONS)
    person.held_at = None
    person.save(update_fields=["held_at"])
    record(
        person,
        "user.release",
        by=by,
        acting_for=principal_of(by, Perm.END_SESSIONS),
        tell=[Tell(person), *[Tell(each) for each in scope.role_owners(Role.ADMIN)]],
    )
    return person


def why_not_release(person: User, *, by: User) -> str:
    if person.held_at is None:
        return _("This account is not held.")
    return why_not_end_sessions(person, by=by)


def held_in_reach(by: User) -> list[User]:
    held = User.objects.filter(held_at__isnull=False).select_related("organisation").order_by("folded_name")[:100]
    return [person for person in held if not why_not_end_sessions(person, by=by)]
