"""Which posts has an organisation, who holds them from when to when, and by which telephone is that person reached?

A post outlives its holders. What other sides may read of a person is that person's to say, by three switches
(domain.md §4.4): humanitarians, forces, the public.
"""

import datetime as dt

from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from cmcoord.accounts.models import Organisation, User
from cmcoord.places.models import Country, DutyStation


class PostQuerySet(models.QuerySet):
    def standing(self):
        """Not closed."""
        return self.filter(closed_at=None)

    def of(self, organisation, country):
        return self.filter(organisation=organisation, country=country)

    def with_holders(self):
        """With organisation, station, and whoever holds it now (`holder`) with their telephones."""
        held = Holding.objects.filter(ends=None).select_related("person").prefetch_related("person__telephones")
        return self.select_related("organisation", "station", "country").prefetch_related(
            Prefetch("holdings", held, to_attr="present")
        )


class Post(models.Model):
    """A function of an organisation at a duty station, whoever holds it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts", verbose_name=_("organisation"))
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    station = models.ForeignKey(DutyStation, models.PROTECT, related_name="+", verbose_name=_("duty station"))
    function = models.CharField(_("function"), max_length=120)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    activity_kind = "post"

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["function", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "station", "function"],
                condition=Q(closed_at=None),
                name="post_once_per_station",
            ),
            models.CheckConstraint(condition=~Q(function=""), name="post_has_function"),
        ]
        indexes = [models.Index(fields=["country", "organisation", "function"], name="post_of_organisation")]

    def __str__(self):
        return f"{self.function}, {self.organisation}"

    def get_absolute_url(self):
        return reverse("contacts:post", args=[self.pk])

    @property
    def stream(self) -> str:
        return self.country_id

    @property
    def reference(self) -> str:
        return str(self)

    @property
    def holder(self) -> "Holding | None":
        """Who holds it now; None is a gap."""
        found = self.__dict__.get("present")
        if found is None:
            found = self.holdings.filter(ends=None).select_related("person").prefetch_related("person__telephones")
        return next(iter(found), None)

    def scope_facts(self) -> dict:
        """What accounts.scope needs to answer `may this person …` about this post."""
        return {
            "country": self.country_id,
            "stations": {self.station_id},
            "touches": {self.station_id},
            "author": self.created_by_id,
            "organisation": self.organisation_id,
        }


class Person(models.Model):
    """Somebody who can be reached, with or without an account; not the account itself."""

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account"))
    share_humanitarians = models.BooleanField(_("for the humanitarian side"), default=True)
    share_force = models.BooleanField(_("for a force that holds a request"), default=False)
    share_public = models.BooleanField(_("for everybody"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("person in a post")
        verbose_name_plural = _("people in posts")
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


class Telephone(models.Model):
    """One number of a person, with what it is: mobile, satellite, radio operator."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile")
        SATELLITE = "satellite", _("satellite")
        OFFICE = "office", _("office")
        RADIO = "radio", _("radio room")

    person = models.ForeignKey(Person, models.CASCADE, related_name="telephones")
    number = PhoneNumberField(_("telephone"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MOBILE)
    day_and_night = models.BooleanField(_("answers day and night"), default=False)

    class Meta:
        verbose_name = _("telephone")
        verbose_name_plural = _("telephones")
        ordering = ["-day_and_night", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "number"], name="telephone_once_per_person")]

    def __str__(self):
        return str(self.number)


class Holding(models.Model):
    """A person holds a post from one day to another; without an end: still."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("time in a post")
        verbose_name_plural = _("times in posts")
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="holding_dates_in_order"),
            models.UniqueConstraint(fields=["post"], condition=Q(ends=None), name="holding_one_open_per_post"),
        ]

    def __str__(self):
        return f"{self.person}: {self.post.function}"

    def covers(self, day: dt.date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)
