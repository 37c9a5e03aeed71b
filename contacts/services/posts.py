"""How do posts come and go, and who holds them? Each act leaves one event."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.services import record
from cmcoord.places.models import DutyStation
from cmcoord.ui.words import in_one_line
from contacts import keepers
from contacts.models import Holding, Person, Post, Telephone

MOST_TELEPHONES = 5


@dataclass(frozen=True)
class Holder:
    """Somebody in a post, as a form has them. `telephones` are (E.164, kind, answers day and night)."""

    name: str
    email: str = ""
    telephones: tuple[tuple[str, str, bool], ...] = ()
    share_humanitarians: bool = True
    share_force: bool = False
    share_public: bool = False
    shares: dict[str, bool] = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "name", in_one_line(self.name))
        names = ("share_humanitarians", "share_force", "share_public")
        object.__setattr__(self, "shares", {name: getattr(self, name) for name in names})


@transaction.atomic
def open_post(
    *, by: User, organisation: Organisation, station: DutyStation, function: str, holder: Holder, starts: dt.date
) -> Post:
    """A post and who holds it. Raises PermissionDenied, and ValidationError by field."""
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
    post.full_clean(exclude=["closed_at"])
    post.save()
    _hold(post, _person(holder), starts, by)
    _record(post, "post.open", by=by, secret=_secret(holder))
    return post


@transaction.atomic
def change_holder(post: Post, *, by: User, holder: Holder) -> Post:
    """Correct how the present holder is reached, and with whom it is shared; it acts at once."""
    post = _kept(post, by)
    held = _held(post)
    _person(holder, held.person)
    _record(post, "post.change", by=by, data=holder.shares, secret=_secret(holder))
    return post


@transaction.atomic
def hand_over(post: Post, *, by: User, holder: Holder, starts: dt.date) -> Post:
    """Somebody else holds the post from that day on; the one before until the day before."""
    post = _kept(post, by)
    held = post.holdings.filter(ends=None).first()
    if held and starts <= held.starts:
        raise ValidationError({"starts": _("The one before began on %(day)s; choose a later day.") % {
            "day": held.starts.isoformat()}})  # fmt: skip
    if held:
        held.ends = starts - dt.timedelta(days=1)
        held.save(update_fields=["ends"])
    _hold(post, _person(holder), starts, by)
    _record(post, "post.hand_over", by=by, secret=_secret(holder))
    return post


@transaction.atomic
def leave(post: Post, *, by: User) -> Post:
    """Nobody holds the post from tomorrow on: a gap that the page shows."""
    post = _kept(post, by)
    held = _held(post)
    held.ends = max(held.starts, post.country.today)
    held.save(update_fields=["ends"])
    _record(post, "post.leave", by=by)
    return post


@transaction.atomic
def close_post(post: Post, *, by: User) -> Post:
    """The post is no more; who held it stays on record."""
    post = _kept(post, by)
    today = post.country.today
    for held in post.holdings.filter(ends=None):
        held.ends = max(held.starts, today)
        held.save(update_fields=["ends"])
    post.closed_at = timezone.now()
    post.save(update_fields=["closed_at"])
    _record(post, "post.close", by=by)
    return post


def _kept(post: Post, by: User) -> Post:
    """The post, locked, if this person keeps it and it still stands."""
    Post.objects.select_for_update().only("pk").get(pk=post.pk)
    post = Post.objects.select_related("organisation", "station", "country").get(pk=post.pk)
    if not keepers.may_keep(by, post):
        raise PermissionDenied(keepers.not_yours())
    if post.closed_at:
        raise ValidationError(_("This post is closed."))
    return post


def _held(post: Post) -> Holding:
    held = post.holdings.filter(ends=None).select_related("person").first()
    if held is None:
        raise ValidationError(_("Nobody holds this post now."))
    return held


def _person(holder: Holder, person: Person | None = None) -> Person:
    if len(holder.telephones) > MOST_TELEPHONES:
        raise ValidationError(_("At most %(count)d telephones.") % {"count": MOST_TELEPHONES})
    person = person or Person()
    person.name, person.email = holder.name, holder.email.strip()
    for name, value in holder.shares.items():
        setattr(person, name, value)
    person.full_clean()
    person.save()
    wanted = {number: (kind, always) for number, kind, always in holder.telephones}
    person.telephones.exclude(number__in=list(wanted)).delete()
    for number, (kind, always) in wanted.items():
        Telephone.objects.update_or_create(
            person=person, number=number, defaults={"kind": kind, "day_and_night": always}
        )
    return person


def _hold(post: Post, person: Person, starts: dt.date, by: User) -> None:
    """Whoever is written down last is reached from that moment on, so nobody is before their first day."""
    if starts > post.country.today:
        raise ValidationError({"starts": _("This day lies in the future: hand the post over when it comes.")})
    Holding.objects.create(post=post, person=person, starts=starts, recorded_by=by)


def _secret(holder: Holder) -> dict[str, str]:
    numbers = ", ".join(number for number, _kind, _always in holder.telephones)
    return {name: value for name, value in (("name", holder.name), ("telephones", numbers)) if value}


def _record(post: Post, kind: str, *, by: User, data: dict[str, Any] | None = None, secret=None) -> None:
    facts = {"function": post.function, "organisation": post.organisation_id, "station": post.station.code}
    record(post, kind, by=by, data=facts | (data or {}), secret=secret or None)
