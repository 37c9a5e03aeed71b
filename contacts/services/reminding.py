"""Who is asked about a time in a post, and when? To confirm, to verify, to name a successor: each as a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from cmcoord.accounts import scope
from cmcoord.accounts.duty import duty_at
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.models import Reminder
from cmcoord.activity.services import Tell
from cmcoord.places.models import Country, DutyStation
from contacts import keepers, links
from contacts.models import FRESH, Holding, Person, Post

A_WEEK = dt.timedelta(days=7)
VERIFIED_WITHIN = {"station": dt.timedelta(days=3), "national": dt.timedelta(days=6)}


def plan_reminders(holdings: Iterable[Holding]) -> None:
    """When somebody is reminded of these times in a post; what was planned for them before is void.

    To confirm: a week before 90 days are over, and when they are. To verify a newcomer: after three days the station,
    after six the national unit. To name a successor: two weeks before a planned departure.
    """
    now = timezone.now()
    wanted = {(one.pk, key): due for one in holdings for key, due in _reminders_of(one, now).items()}
    keys = {pk for pk, _key in wanted}
    standing = Reminder.objects.filter(subject_kind=Holding.activity_kind, subject_id__in=keys, sent_at=None)
    for row in standing:
        due = wanted.pop((row.subject_id, row.key), None)
        row.void_at, row.due_at = (None, due) if due else (row.void_at or now, row.due_at)
        row.save(update_fields=["void_at", "due_at"])
    rows = [
        Reminder(subject_kind=Holding.activity_kind, subject_id=pk, key=key, due_at=due)
        for (pk, key), due in wanted.items()
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def _reminders_of(one: Holding, now: dt.datetime) -> dict[str, dt.datetime]:
    stamp, stale = int(one.confirmed_at.timestamp()), one.confirmed_at + FRESH
    due = {f"confirm.{stamp}.soon": stale - A_WEEK, f"confirm.{stamp}.stale": stale}
    if one.ends:
        asked = dt.datetime.combine(one.ends - 2 * A_WEEK, dt.time(8), one.post.country.zone)
        due[f"depart.{one.ends.isoformat()}"] = max(asked, now)
    if not one.is_verified:
        due |= {f"verify.{which}": one.recorded_at + after for which, after in VERIFIED_WITHIN.items()}
    return due


def asked_to_verify(one: Holding) -> list[Tell]:
    """OCHA of the station, or whoever answers for it: they are asked to verify a newcomer."""
    if one.is_verified:
        return []
    return [Tell(user, "verify_contact") for user in others_on_duty(one, one.post.station)]


def others_on_duty(one: Holding, where: DutyStation | Country) -> list[User]:
    """OCHA on duty there; nobody is asked about themself."""
    people = duty_at(where, Perm.RECORD_FOR_OTHERS).people
    return [user for user in people if not keepers.is_oneself(user, one.person)]


def keepers_of(post: Post) -> list:
    """Whom the portal tells of a post: those who file for its organisation there, else OCHA on duty at the station."""
    near = post.scope_facts() | {"author": None}
    own = scope.holders(Perm.FILE_CASE, country=post.country_id, organisation=post.organisation_id, near=near)
    return own or duty_at(post.station, Perm.RECORD_FOR_OTHERS).people


def told_of_handover(before: Holding, new: Holding) -> list[Tell]:
    """Who goes, who comes, and who keeps the post: these are asked to look at what is left behind."""
    accounts = filter(None, (links.account_of(one.person) for one in (before, new)))
    people = {user.pk: user for user in (*keepers_of(new.post), *accounts)}
    return [Tell(user, "take_handover" if keepers.may_keep(user, new.post) else "") for user in people.values()]


def by_another(person: Person, by: User) -> list[Tell]:
    """Where somebody verified themself, as it now turns out, somebody else is asked. Returns whom to tell."""
    if not keepers.is_oneself(by, person):
        return []
    standing = person.holdings.filter(left_at=None, verified_by=by)
    doubted = list(standing.select_related("person", "post__station", "post__country"))
    for one in doubted:
        one.verified_by = one.verified_at = None
        one.save(update_fields=["verified_by", "verified_at"])
    plan_reminders(doubted)
    return [tell for one in doubted for tell in asked_to_verify(one)]
