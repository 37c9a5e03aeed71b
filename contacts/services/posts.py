"""How do posts come and go, and who holds them? Each act leaves one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.services import Tell, record
from cmcoord.places.columns import EARLIEST
from cmcoord.places.models import DutyStation
from cmcoord.ui.words import in_one_line
from contacts import keepers
from contacts.models import Capacity, Handover, Holding, Person, Post, Shares
from contacts.services.consent import recall_if_less, shared_by
from contacts.services.going_on import post_goes_on
from contacts.services.people import Holder, facts_of, write_person
from contacts.services.reminding import asked_to_verify, by_another, plan_reminders, told_of_handover

AHEAD = dt.timedelta(days=5 * 366)  # a day further ahead is a slip of the pen


@dataclass(frozen=True)
class Details:
    """What a post is for and how it is reached whoever holds it. `shares` is for its telephone and its mailbox."""

    roles: tuple[str, ...] = ()
    mailbox: str = ""
    duty_telephone: str = ""
    covers: tuple[DutyStation, ...] = ()
    source: str = ""
    remark: str = ""
    shares: Shares = Shares()


@transaction.atomic
def open_post(
    *,
    by: User,
    organisation: Organisation,
    station: DutyStation,
    function: str,
    holder: Holder | None = None,
    starts: dt.date | None = None,
    details: Details | None = None,
) -> Post:
    """A post, with who holds it where somebody does. Raises PermissionDenied, and ValidationError by field."""
    post = Post(
        organisation=organisation,
        country=station.country,
        station=station,
        function=in_one_line(function),
        created_by=by,
    )
    if not keepers.may_keep(by, post):
        raise PermissionDenied(keepers.not_yours())
    Organisation.objects.select_for_update(no_key=True).only("pk").get(
        pk=organisation.pk
    )  # the same post twice at once
    if Post.objects.standing().filter(organisation=organisation, station=station, function=post.function).exists():
        raise ValidationError({"function": _("The organisation has this post at this station already.")})
    _describe(post, details or Details())
    facts: dict[str, Any] = {}
    tell: list[Tell] = []
    if holder:
        person = write_person(holder)
        new = hold(post, person, by=by, starts=starts or post.country.today)
        facts, tell = facts_of(person), asked_to_verify(new)
    _record(post, "post.open", by=by, data=facts, tell=tell)
    return post


@transaction.atomic
def describe_post(post: Post, *, by: User, details: Details) -> Post:
    """What the post is for, where, and how it is reached whoever holds it."""
    post = kept(post, by)
    _describe(post, details)
    _record(post, "post.describe", by=by, data={"roles": post.roles, "shares": post.shares.circles})
    return post


@transaction.atomic
def change_holder(post: Post, *, by: User, holder: Holder, capacity: str = Capacity.HOLDER) -> Post:
    """Correct how the present holder is reached, and with whom it is shared; it acts at once."""
    post = kept(post, by)
    one = held(post, capacity)
    before = shared_by(one.person)
    person = write_person(holder, person=one.person)
    tell = by_another(person, by)
    _record(post, "post.change", by=by, data=facts_of(person), tell=tell)
    recall_if_less(person, before, by=by)
    return post


@transaction.atomic
def hand_over(post: Post, *, by: User, holder: Holder, starts: dt.date, capacity: str = Capacity.HOLDER) -> Holding:
    """Somebody else holds the post from that day on, the one before until the day before.

    A day to come names a successor: until then whoever is in post stays. What the one before leaves behind is offered.
    """
    post = kept(post, by)
    if holder.person and not keepers.keeps_person(by, holder.person):
        raise PermissionDenied(keepers.not_yours())  # whoever is in a post of theirs is read by its keeper, and shared
    before = _make_room(post, capacity, starts)
    person = write_person(holder)
    new = hold(post, person, by=by, starts=starts, capacity=capacity)
    tell = asked_to_verify(new)
    if before:
        Handover.objects.update_or_create(holding=before, defaults={"successor": new})
        tell += told_of_handover(before, new)
    data = facts_of(person) | {"capacity": capacity, "from": starts.isoformat()}
    _record(post, "post.hand_over", by=by, data=data, tell=tell)
    post_goes_on(new, by=by)
    return new


@transaction.atomic
def leave(post: Post, *, by: User, capacity: str = Capacity.HOLDER) -> Post:
    """The holder has gone: they leave the lists at once, and the page shows the gap."""
    post = kept(post, by)
    one = held(post, capacity)
    take_off(one, max(one.starts, post.country.today), timezone.now())
    _record(post, "post.leave", by=by, data={"capacity": capacity})
    return post


@transaction.atomic
def close_post(post: Post, *, by: User) -> Post:
    """The post is no more; who held it stays on record."""
    post = kept(post, by)
    today, now = post.country.today, timezone.now()
    for one in post.holdings.filter(left_at=None).select_related("post__country"):
        take_off(one, max(one.starts, min(one.ends or today, today)), now, leaves_behind=False)
    post.closed_at = now
    post.save(update_fields=["closed_at"])
    _record(post, "post.close", by=by)
    return post


@transaction.atomic
def close_handover(handover: Handover, *, by: User, offered: dict[str, list[int]], taken: dict[str, list[int]]) -> None:
    """What was left behind was passed on by the app that it belongs to. Raises ValidationError without a successor."""
    handover = Handover.objects.select_for_update(of=("self",)).select_related("holding__post").get(pk=handover.pk)
    if handover.closed_at:
        raise ValidationError(_("This was passed on already."))
    if handover.successor_id is None:
        raise ValidationError(_("Name a successor first."))
    handover.offered, handover.taken, handover.closed_at = offered, taken, timezone.now()
    handover.save(update_fields=["offered", "taken", "closed_at"])
    counts = {kind: len(keys) for kind, keys in taken.items()}
    record(handover.holding, "handover.take", by=by, data={"taken": counts}, at=handover.closed_at)


# ── shared with the other verbs about posts ──────────────────────────────────────────────────────────────────────────


def kept(post: Post, by: User) -> Post:
    """The post, locked, if this person keeps it and it still stands."""
    post = locked(post)
    if not keepers.may_keep(by, post):
        raise PermissionDenied(keepers.not_yours())
    return post


def locked(post: Post) -> Post:
    """The post as it is now, locked until the end of the transaction. Raises ValidationError where it is closed."""
    Post.objects.select_for_update(no_key=True).only("pk").get(pk=post.pk)
    post = Post.objects.select_related("organisation", "station", "country").get(pk=post.pk)
    if post.closed_at:
        raise ValidationError(_("This post is closed."))
    return post


def held(post: Post, capacity: str = Capacity.HOLDER) -> Holding:
    """Who holds the post now."""
    found = post.holdings.in_post().filter(capacity=capacity).select_related("person", "post__country").first()
    if found is None:
        raise ValidationError(_("Nobody holds this post now."))
    return found


def hold(
    post: Post,
    person: Person,
    *,
    by: User,
    starts: dt.date,
    ends: dt.date | None = None,
    capacity: str = Capacity.HOLDER,
    recorded_at: dt.datetime | None = None,
) -> Holding:
    """A person in a post from day to day. Whoever may verify newcomers has done so by writing down somebody else.

    Raises ValidationError where the days overlap with those of somebody else.
    """
    today = post.country.today
    if not EARLIEST <= starts <= today + AHEAD:
        raise ValidationError({"starts": far_away()})
    overlapping = (
        post.holdings.filter(capacity=capacity, starts__lte=ends or dt.date.max)
        .exclude(ends__lt=starts)
        .exclude(ends=starts, left_at__isnull=False)  # gone already on that day
    )
    if one := overlapping.select_related("person").first():
        raise ValidationError({"starts": _("%(name)s holds the post in these days: choose other ones.") % {
            "name": one.person}})  # fmt: skip
    now = recorded_at or timezone.now()
    verifies = keepers.may_verify(by, post) and not keepers.is_oneself(by, person)
    new = Holding.objects.create(
        post=post, person=person, capacity=capacity, starts=starts, ends=ends, recorded_by=by, recorded_at=now,
        confirmed_at=now, verified_by=by if verifies else None, verified_at=now if verifies else None,
    )  # fmt: skip
    plan_reminders([new])
    return new


def far_away() -> str:
    return _("This day is too long ago, or too far ahead.")


def take_off(one: Holding, ends: dt.date, now: dt.datetime, *, leaves_behind: bool = True) -> None:
    """From now on this person is no more in the post; what they leave behind waits for a successor."""
    one.ends, one.left_at = ends, now
    one.save(update_fields=["ends", "left_at"])
    if leaves_behind:
        Handover.objects.get_or_create(holding=one)


def _make_room(post: Post, capacity: str, starts: dt.date) -> Holding | None:
    """End whoever holds it then on the day before; returns the one who goes, None where nobody is there."""
    standing = post.holdings.filter(capacity=capacity, left_at=None).select_related("person", "post__country")
    now_there = standing.exclude(ends__lt=starts).order_by("starts").first()
    if now_there is None:
        return standing.order_by("-starts").first() or (
            post.holdings.filter(capacity=capacity, handover__successor=None, handover__isnull=False)
            .order_by("-ends", "-id")
            .first()
        )
    if starts <= now_there.starts:
        raise ValidationError({"starts": _("The one before began on %(day)s; choose a later day.") % {
            "day": now_there.starts.isoformat()}})  # fmt: skip
    now_there.ends = starts - dt.timedelta(days=1)
    if now_there.ends < post.country.today:
        now_there.left_at = timezone.now()
    now_there.save(update_fields=["ends", "left_at"])
    return now_there


def _describe(post: Post, details: Details) -> None:
    post.roles = list(dict.fromkeys(details.roles))
    post.mailbox, post.duty_telephone = details.mailbox.strip().lower(), details.duty_telephone
    post.source, post.remark, post.shares = in_one_line(details.source), in_one_line(details.remark), details.shares
    if any(station.country_id != post.country_id for station in details.covers):
        raise ValidationError({"covers": _("Only stations of the same country.")})
    post.full_clean(exclude=["closed_at"])
    post.save()
    post.covers.set([station for station in details.covers if station.pk != post.station_id])


def _record(
    post: Post, kind: str, *, by: User | None, data: dict[str, Any] | None = None, tell: Iterable[Tell] = ()
) -> None:
    facts = {"function": post.function, "organisation": post.organisation_id, "station": post.station.code}
    record(post, kind, by=by, data=facts | (data or {}), tell=tell)
