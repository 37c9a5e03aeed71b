"""How does somebody act for another person while that one is away? Refusals as in services/appointing.py."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import rights, scope
from cmcoord.accounts.beginning import locked, stop_if
from cmcoord.accounts.models import Appointment, StandIn, User
from cmcoord.accounts.rights import facts_of, facts_of_stand_in
from cmcoord.accounts.roles import Perm
from cmcoord.activity.services import Tell, record

LONGEST_STAND_IN = dt.timedelta(days=366)


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
    appointment = locked(appointment)
    stop_if(why_not_stand_in(appointment, by=by) or rights.why_not_held(appointment))
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
    stand_in = locked(stand_in)
    stop_if(why_not_end_stand_in(stand_in, by=by))
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
