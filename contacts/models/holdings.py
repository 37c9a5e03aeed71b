"""Who holds a post from when to when, when did they last confirm it, and what did they pass on?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import User
from cmcoord.activity.statements import Statement
from cmcoord.places.local_dates import today_expression
from cmcoord.places.models import Country
from cmcoord.places.pairs import both_or_neither
from contacts.models.nested import Known, Rows, WrittenRows, columns, inner, instance, one_each
from contacts.models.people import Address, Person, Telephone

FRESH = dt.timedelta(days=90)  # after that a contact is stale (domain.md §3.8)
DAYS = {"starts", "ends", "left_at", "capacity"}  # what says on which days somebody holds a post


class Capacity(models.TextChoices):
    HOLDER = "holder", _("holder")
    ALTERNATE = "alternate", _("alternate")


class HoldingQuerySet(models.QuerySet):
    def in_post(self, on: dt.date | None = None):
        """Begun, not left, and within their dates that day. Without a day: today, where the post is."""
        today = on or today_expression("country")
        return self.filter(Q(ends=None) | Q(ends__gte=today), starts__lte=today, left_at=None)

    def stale(self, now: dt.datetime):
        """Neither confirmed nor written down within the last 90 days."""
        return self.filter(confirmed_at__lt=now - FRESH)

    def bulk_create(self, objs, *args, **kwargs):
        """A list taken over is counted like everything else."""
        objs = list(objs)
        for one in objs:
            one.country_id = one.post.country_id
        made = super().bulk_create(objs, *args, **kwargs)
        _note_holders({one.post_id for one in objs})
        return made

    def update(self, **values):
        """Also in bulk."""
        posts = set(self.order_by().values_list("post", flat=True)) if DAYS & set(values) else set()
        changed = super().update(**values)
        _note_holders(posts)
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self):
        """Taken back: nobody holds the posts by these any more."""
        posts = set(self.order_by().values_list("post", flat=True))
        gone = super().delete()
        _note_holders(posts)
        return gone

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def with_reach(self):
        """With the person and how they are reached."""
        return self.select_related("person").prefetch_related("person__telephones", "person__addresses")


class Holding(models.Model):
    """A person holds a post, or answers in its holder's place, from one day to another.

    An `ends` that lies in the future is a planned departure. `left_at` is when they left the lists: at that day's end,
    or earlier because somebody said so.
    """

    post = models.ForeignKey("contacts.Post", models.PROTECT, related_name="holdings")
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="+", editable=False
    )  # the post's, for its indexes
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    capacity = models.CharField(_("capacity"), max_length=10, choices=Capacity.choices, default=Capacity.HOLDER)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed"), default=timezone.now)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = HoldingQuerySet.as_manager()

    activity_kind = "holding"

    class Meta:
        verbose_name = _("time in a post")
        verbose_name_plural = _("times in posts")
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="holding_dates_in_order"),
            models.CheckConstraint(condition=Q(left_at=None) | Q(ends__isnull=False), name="holding_left_with_day"),
            models.CheckConstraint(
                condition=both_or_neither("verified_by", "verified_at"), name="holding_pair_verified"
            ),
            models.UniqueConstraint(
                fields=["post", "capacity"], condition=Q(ends=None), name="holding_one_open_per_post"
            ),
        ]
        indexes = [
            models.Index(fields=["ends"], condition=Q(left_at=None), name="holding_planned_departure"),
            # with the key: a list that was taken over has the same moment in every row, and the first few are asked
            models.Index(fields=["confirmed_at", "id"], condition=Q(left_at=None), name="holding_confirmed"),
            models.Index(
                fields=["country", "confirmed_at", "id"], condition=Q(left_at=None), name="holding_confirmed_in"
            ),
            models.Index(
                fields=["recorded_at", "id"], condition=Q(left_at=None, verified_at=None), name="holding_to_verify"
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.post.function}"

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.country_id = self.post.country_id
        super().save(*args, **kwargs)
        changed = kwargs.get("update_fields")
        if changed is None or DAYS & set(changed):
            _note_holders([self.post_id])

    def get_absolute_url(self):
        return reverse("contacts:post", args=[self.post_id])

    @property
    def stream(self) -> str:
        return self.country_id

    @property
    def reference(self) -> str:
        """The post: a mail names nobody."""
        return str(self.post)

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    def is_stale(self, now: dt.datetime) -> bool:
        return self.confirmed_at < now - FRESH

    def covers(self, day: dt.date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


def _note_holders(posts: Collection[int]) -> None:
    """Of whoever writes a time in a post: the posts say when they are held."""
    if posts:
        post: Any = Holding._meta.get_field("post").related_model
        post._default_manager.filter(pk__in=posts).note_holders()


def present_in(post: models.F, today: Any, *, addresses: bool = True) -> WrittenRows:
    """Those who are in a post that day, with how they are reached, as a column of the query that reads the post."""
    return WrittenRows(_present if addresses else _present_by_telephone, post, today)


def _held(post: Any, today: Any, **more: Any) -> models.QuerySet:
    of_person = Telephone.objects.filter(person=models.OuterRef("person"))
    return one_each(
        Holding.objects.in_post(today).filter(post=post),
        holding=columns(Holding),
        person=columns(Person, "person__"),
        telephones=Rows(one_each(of_person, row=columns(Telephone))),
        **more,
    )


def _held_with_addresses(post: Any, today: Any) -> models.QuerySet:
    of_person = Address.objects.filter(person=models.OuterRef("person"))
    return _held(post, today, addresses=Rows(one_each(of_person, row=columns(Address))))


_present = Statement(_held_with_addresses, int, dt.date)
_present_by_telephone = Statement(_held, int, dt.date)


def read_present(read: dict) -> Holding:
    """One of them as a row: asks nothing more for the person, nor for how they are reached."""
    held, person = instance(Holding, read["holding"]), instance(Person, read["person"])
    held.person = person
    known = person.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, model in (("telephones", Telephone), ("addresses", Address)):
        rows = [instance(model, inner(one)["row"]) for one in inner(read.get(name, []))]
        known[name] = Known.rows(sorted(rows, key=_in_order), model, person=person)
    return held


def _in_order(row: Telephone | Address) -> tuple[bool, int]:
    return (not getattr(row, "day_and_night", False), row.pk)


class CheckIn(models.Model):
    """Somebody said that a person still holds the post. Append-only."""

    class How(models.TextChoices):
        LINK = "link", _("by the link in the mail")
        PAGE = "page", _("on the page")
        OCHA = "ocha", _("told to OCHA")

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="check_ins")
    at = models.DateTimeField(default=timezone.now)
    how = models.CharField(_("how"), max_length=4, choices=How.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(how="link") | Q(by__isnull=False), name="checkin_by_somebody")
        ]

    def __str__(self):
        return f"{self.holding_id}: {self.how}"


class Handover(models.Model):
    """Of somebody who goes: what they leave behind was offered to the successor, and what of it was taken.

    `offered` and `taken` name things by kind: {"case": [keys], "seat": [keys]}.
    """

    holding = models.OneToOneField(Holding, models.PROTECT, related_name="handover")
    successor = models.OneToOneField(Holding, models.PROTECT, null=True, blank=True, related_name="taken_over_from")
    offered = models.JSONField(default=dict, blank=True)
    taken = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    activity_kind = "handover"

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(successor__isnull=False), name="handover_closed_to_somebody"
            ),
            models.CheckConstraint(condition=~Q(successor=F("holding")), name="handover_to_another"),
        ]

    def __str__(self):
        return f"{self.holding_id} → {self.successor_id or '–'}"

    @property
    def stream(self) -> str:
        return self.holding.stream

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
