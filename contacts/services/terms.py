"""How does somebody arrive in a post, stay, and go? Check-in, verification, planned departure (domain.md §3.8)."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.models import Reminder
from cmcoord.activity.services import record
from contacts import keepers
from contacts.models import CheckIn, Handover, Holding
from contacts.services.posts import AHEAD, far_away, locked
from contacts.services.reminding import plan_reminders


def may_confirm(user: User, holding: Holding) -> bool:
    """The person themself, and whoever keeps the post."""
    return keepers.is_own(user, holding.person) or keepers.may_keep(user, holding.post)


@transaction.atomic
def check_in(holding: Holding, *, by: User | None, how: str, now: dt.datetime | None = None) -> CheckIn:
    """Somebody says that the person still holds the post. By a link nobody signs in; `by` is None then.

    Raises PermissionDenied, and ValidationError when the person has left.
    """
    now = now or timezone.now()
    holding = _locked(holding)
    if how != CheckIn.How.LINK and (by is None or not may_confirm(by, holding)):
        raise PermissionDenied(keepers.not_yours())
    row = CheckIn.objects.create(holding=holding, at=now, how=how, by=by)
    holding.confirmed_at = now
    holding.save(update_fields=["confirmed_at"])
    plan_reminders([holding])
    record(holding, "holding.confirm", by=by, data={"what": how}, at=now)
    return row


@transaction.atomic
def verify(holding: Holding, *, by: User, now: dt.datetime | None = None) -> Holding:
    """OCHA says that this newcomer holds the post. Nobody verifies themselves."""
    now = now or timezone.now()
    holding = _locked(holding)
    if not keepers.may_verify(by, holding.post):
        raise PermissionDenied(_("Newcomers are verified by the OCHA focal point of the duty station."))
    if keepers.is_oneself(by, holding.person):
        raise PermissionDenied(_("Nobody verifies themself: another officer of OCHA does."))
    if holding.is_verified:
        raise ValidationError(_("This is verified already."))
    holding.verified_by, holding.verified_at = by, now
    holding.save(update_fields=["verified_by", "verified_at"])
    Reminder.objects.open_for(holding).filter(key__startswith="verify.").update(void_at=now)
    record(holding, "holding.verify", by=by, at=now)
    return holding


@transaction.atomic
def plan_departure(holding: Holding, *, by: User, ends: dt.date, now: dt.datetime | None = None) -> Holding:
    """The last day in the post. From then on whoever keeps the post is asked for a successor."""
    now = now or timezone.now()
    holding = _locked(holding)
    if not may_confirm(by, holding):
        raise PermissionDenied(keepers.not_yours())
    if ends < max(holding.starts, holding.post.country.today):
        raise ValidationError({"ends": _("The last day cannot lie in the past.")})
    if ends > holding.post.country.today + AHEAD:
        raise ValidationError({"ends": far_away()})
    others = holding.post.holdings.filter(capacity=holding.capacity, starts__lte=ends, starts__gt=holding.starts)
    if others.exists():
        raise ValidationError({"ends": _("The successor begins before that day.")})
    holding.ends = ends
    holding.save(update_fields=["ends"])
    Handover.objects.get_or_create(holding=holding)
    plan_reminders([holding])
    record(holding, "holding.plan", by=by, data={"ends": ends.isoformat()}, at=now)
    return holding


@transaction.atomic
def stay(holding: Holding, *, by: User, now: dt.datetime | None = None) -> Holding:
    """The departure is off. Not once a successor is named."""
    now = now or timezone.now()
    holding = _locked(holding)
    if not may_confirm(by, holding):
        raise PermissionDenied(keepers.not_yours())
    if holding.post.holdings.filter(capacity=holding.capacity, starts__gt=holding.starts).exists():
        raise ValidationError(_("A successor is named already."))
    holding.ends = None
    holding.save(update_fields=["ends"])
    Handover.objects.filter(holding=holding, closed_at=None).delete()
    plan_reminders([holding])
    record(holding, "holding.stay", by=by, at=now)
    return holding


def _locked(holding: Holding) -> Holding:
    locked(holding.post)
    found = Holding.objects.select_related("person", "post__country", "post__station", "post__organisation")
    holding = found.get(pk=holding.pk)
    if holding.left_at:
        raise ValidationError(_("This person has left the post."))
    return holding
