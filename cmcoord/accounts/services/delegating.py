"""How does the Humanitarian Coordinator let somebody decide for them? Refusals as in services/appointing.py."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import rights
from cmcoord.accounts.beginning import locked, stop_if
from cmcoord.accounts.models import Appointment, DecisionDelegation, User
from cmcoord.accounts.rights import facts_of, facts_of_delegation
from cmcoord.accounts.roles import Perm
from cmcoord.activity.models import Event
from cmcoord.activity.services import Tell, record
from cmcoord.places.local_dates import today_expression

LONGEST_DELEGATION = dt.timedelta(days=366)
OVER = "delegation.lapse"


def why_not_delegate(appointment: Appointment, *, by: User) -> str:
    """May `by` delegate decisions under this appointment? Its holder only: no stand-in, delegate or administrator."""
    if Perm.DELEGATE_DECISION not in appointment.rule.perms or appointment.user_id != by.pk:
        return _("Only the Humanitarian Coordinator can delegate decisions, in person.")
    if not by.is_active or appointment.state not in ("current", "future"):
        return _("This appointment does not count now; a delegation needs one that does.")
    return ""


@transaction.atomic
def give_delegation(
    appointment: Appointment,
    *,
    delegate: User,
    request_types: Iterable[str],
    urgent_only: bool,
    valid_from: dt.date,
    valid_to: dt.date,
    document: str,
    by: User,
) -> DecisionDelegation:
    """For these types and dates `delegate` decides for the holder of this appointment. Both are told."""
    appointment = locked(appointment)
    stop_if(why_not_delegate(appointment, by=by) or rights.why_not_held(appointment))
    row = DecisionDelegation(
        appointment=appointment,
        delegate=delegate,
        request_types=sorted(set(request_types)),
        urgent_only=urgent_only,
        valid_from=valid_from,
        valid_to=valid_to,
        document=document.strip(),
        given_by=by,
    )
    problems = delegation_problems(row)
    if problems:
        raise ValidationError(problems)
    row.save()
    record(
        row,
        "delegation.give",
        by=by,
        data=facts_of(appointment) | facts_of_delegation(row) | {"delegate": str(delegate)},
        secret={"document": row.document},
        tell=[Tell(delegate), Tell(by, also_actor=True)],
    )
    return row


def delegation_problems(row: DecisionDelegation) -> dict[str, str]:
    """What is wrong with this person, with the scope or with the dates: {field: sentence}."""
    problems = {}
    if sentence := _why_not_this_person(row):
        problems["delegate"] = sentence
    if not row.request_types:
        problems["request_types"] = _("Name the types of request: a delegation without limits is none.")
    if not row.document:
        problems["document"] = _("Name the document by which you delegate.")
    if row.valid_to < row.valid_from:
        problems["valid_to"] = _("The end comes before the beginning.")
    elif row.valid_to - row.valid_from > LONGEST_DELEGATION:
        problems["valid_to"] = _("A delegation lasts a year at most; then give it anew.")
    elif row.appointment.ends and row.valid_to > row.appointment.ends:
        problems["valid_to"] = _("The appointment itself ends before that.")
    if row.valid_from < row.appointment.today:
        problems["valid_from"] = _("A delegation cannot begin in the past.")
    if not problems and (other := _intersecting(row)):
        problems["valid_from"] = _(
            "%(name)s decides on some of these requests from %(starts)s to %(ends)s already; end that delegation first."
        ) % {"name": other.delegate, "starts": other.valid_from, "ends": other.valid_to}
    return problems


def _why_not_this_person(row: DecisionDelegation) -> str:
    """A delegate works in the country already: an account of another country gets no decision of this one."""
    person = row.delegate
    if person.pk == row.appointment.user_id:
        return _("You cannot delegate to yourself.")
    if not person.is_active:
        return _("This account is deactivated.")
    if person.side not in row.appointment.rule.sides:
        return _("Decisions on requests stay on the humanitarian side.")
    if not Appointment.objects.in_force().filter(user=person, country=row.appointment.country_id).exists():
        return _("A delegation does not cross countries: %(name)s holds no role in %(country)s.") % {
            "name": person,
            "country": row.country,
        }
    return ""


def _intersecting(row: DecisionDelegation) -> DecisionDelegation | None:
    """One by the same person in this country whose days and types meet these; urgent requests are a part of all."""
    same = DecisionDelegation.objects.filter(
        appointment__user=row.appointment.user_id, appointment__country=row.appointment.country_id, ended_at=None
    )
    beside = same.filter(valid_from__lte=row.valid_to, valid_to__gte=row.valid_from).select_related("delegate")
    return next((other for other in beside if set(other.request_types) & set(row.request_types)), None)


def why_not_end_delegation(delegation: DecisionDelegation, *, by: User) -> str:
    """Who gave it may end it; with the appointment or with an account it ends by itself."""
    if delegation.ended_at:
        return _("This delegation has ended.")
    if by.pk != delegation.appointment.user_id:
        return _("Only the Humanitarian Coordinator who gave it can end this delegation.")
    return ""


@transaction.atomic
def end_delegation(delegation: DecisionDelegation, *, by: User) -> DecisionDelegation:
    delegation = locked(delegation)
    stop_if(why_not_end_delegation(delegation, by=by))
    delegation.ended_by, delegation.ended_at = by, timezone.now()
    delegation.save(update_fields=["ended_by", "ended_at"])
    record(
        delegation,
        "delegation.end",
        by=by,
        data=facts_of(delegation.appointment) | {"delegate": str(delegation.delegate)},
        tell=[Tell(delegation.delegate), Tell(by, also_actor=True)],
    )
    return delegation


def tell_of_last_days(now: dt.datetime) -> int:
    """Whoever gave and whoever held a delegation hears once that its last day is over. By the sweep."""
    told = Event.objects.filter(subject_kind=DecisionDelegation.activity_kind, subject_id=OuterRef("pk"), kind=OVER)
    over = DecisionDelegation.objects.filter(
        ~Exists(told), ended_at=None, valid_to__lt=today_expression("appointment__country")
    )
    rows = list(over.for_pages())
    for row in rows:
        record(
            row, OVER, by=None, data=facts_of_delegation(row), tell=[Tell(row.delegate), Tell(row.delegator)], at=now
        )
    return len(rows)
