"""How are roles given, confirmed by a second administrator, and ended?

Nobody raises their own rights: not by giving, not by confirming, not through a stand-in. A refusal is a sentence: each
why_not_…() returns it or "", and the service that it guards raises PermissionDenied with it. Wrong values raise
ValidationError by field.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import rights, scope
from cmcoord.accounts.beginning import locked, principal_of, stop_if
from cmcoord.accounts.models import Appointment, Invitation, Organisation, StandIn, User
from cmcoord.accounts.rights import facts_of
from cmcoord.accounts.roles import ROLES, Perm, Role
from cmcoord.activity import checks
from cmcoord.activity.models import Event
from cmcoord.activity.services import PORTAL_STREAM, Tell, record
from cmcoord.places.local_dates import today_in
from cmcoord.places.models import Country, DutyStation

FEWEST_ADMINISTRATORS = 2  # with one alone nothing could be confirmed any more


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
    stop_if(why_not_give(user, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    appointment = new_appointment(
        user=user, role=role, by=by, country=country, station=station, cluster=cluster, starts=starts, ends=ends
    )
    record(
        appointment,
        "appointment.give",
        by=by,
        acting_for=principal_of(by, Perm.MANAGE_ACCOUNTS),
        data=facts_of(appointment),
        tell=[Tell(user), *ask_second_administrators(appointment)],
    )
    return appointment


def new_appointment(*, user, role, by, country, station, cluster, starts, ends) -> Appointment:
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
    appointment = locked(appointment)
    stop_if(why_not_confirm(appointment, by=by) or checks.why_stopped(PORTAL_STREAM, in_detail=True))
    rights.permit(by, Perm.CONFIRM_RIGHTS)
    stop_if(rights.why_not_given(appointment))
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
    appointment = locked(appointment)
    stop_if(why_not_refuse(appointment, by=by))
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
    appointment = locked(appointment)
    stop_if(why_not_end(appointment, by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    _end(appointment, by=by, reason=reason)
    record(
        appointment,
        "appointment.end",
        by=by,
        acting_for=principal_of(by, Perm.MANAGE_ACCOUNTS),
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


def _tell(person: User | None) -> list[Tell]:
    return [Tell(person)] if person else []


def ask_second_administrators(appointment: Appointment) -> list[Tell]:
    """Everybody who may confirm it: neither its giver nor its holder."""
    return [
        Tell(person, "confirm_rights")
        for person in scope.holders(Perm.CONFIRM_RIGHTS)
        if person.pk not in (appointment.given_by_id, appointment.user_id)
    ]
