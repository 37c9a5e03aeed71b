"""Which posts has an organisation, what are they for, and how is a post reached whoever holds it?

A post outlives its holders: its function, its duty telephone and its mailbox stay when somebody goes.
"""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import and_

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from cmcoord.accounts.models import Organisation, User
from cmcoord.places.local_dates import today_expression
from cmcoord.places.models import Country, DutyStation, folded
from contacts.models.holdings import Capacity, Holding, present_in, read_present
from contacts.models.sharing import Shared


class CmcoordRole(models.TextChoices):
    """What a post is for in civil-military coordination (domain.md §3.8)."""

    OCHA_FOCAL_POINT = "ocha_focal_point", _("OCHA CMCoord focal point")
    CELL_CHAIR = "cell_chair", _("cell chair")
    CELL_CO_CHAIR = "cell_co_chair", _("cell co-chair")
    FORCE_LIAISON = "force_liaison", _("force liaison (G3, U3, U35, S3)")
    CIMIC = "cimic", _("CIMIC (G9, U9, S9)")
    UNPOL = "unpol", _("police of the mission (UNPOL)")
    UNDSS = "undss", _("UNDSS")
    HAWG_CO_CHAIR = "hawg_co_chair", _("co-chair of the access working group")
    LOGISTICS = "logistics", _("logistics")
    PROTECTION = "protection", _("protection")
    UNHAS = "unhas", _("UNHAS")
    FOCAL_POINT = "focal_point", _("focal point of an organisation")
    CONVOY_LEADER = "convoy_leader", _("convoy leader")
    AUTHORITY = "authority", _("authority")
    DONOR = "donor", _("donor")


def _first_holder() -> dict[str, Subquery]:
    first = Holding.objects.filter(post=OuterRef("pk"), capacity=Capacity.HOLDER, left_at=None)
    first = first.order_by("starts", "pk")
    return {"held_from": Subquery(first.values("starts")[:1]), "held_until": Subquery(first.values("ends")[:1])}


class PostQuerySet(models.QuerySet):
    def standing(self):
        """Not closed."""
        return self.filter(closed_at=None)

    def of(self, organisation, country):
        return self.filter(organisation=organisation, country=country)

    def held(self, on: dt.date | None = None):
        """Those which somebody holds that day; without a day: today, where the post is."""
        return self.filter(self.has_holder(on))

    def without_holder(self, on: dt.date | None = None):
        """The gaps. What the posts say of their first holder leads to them; the holders themselves are asked then."""
        today = on or today_expression("country")
        doubtful = Q(held_from=None) | Q(held_from__gt=today) | Q(held_until__lt=today)
        return self.filter(doubtful, ~self.has_holder(on))

    def note_holders(self) -> int:
        """Write into these posts from when until when their first holder holds them, of those who have not left.

        That says nothing of whoever follows: on a day that is not within, the holders are asked.
        """
        return self.order_by().update(**_first_holder())

    def disagreeing(self):
        """Those that say something else of their first holder than the holders do: none, but for a mistake."""
        said = self.annotate(**{f"real_{name}": value for name, value in _first_holder().items()})
        same = [Q(**{name: F(f"real_{name}")}) | Q(**{name: None, f"real_{name}": None}) for name in _first_holder()]
        return said.exclude(reduce(and_, same))

    @staticmethod
    def has_holder(on: dt.date | None) -> Exists:
        """The condition of held(), as a column too."""
        return Exists(Holding.objects.in_post(on).filter(post=OuterRef("pk"), capacity=Capacity.HOLDER))

    def bulk_create(self, objs, *args, **kwargs):
        """A list taken over is found like everything else."""
        objs = list(objs)
        for post in objs:
            post.search_text = post.words()
        return super().bulk_create(objs, *args, **kwargs)

    def with_holders(self, on: dt.date | None = None, *, addresses: bool = True):
        """With organisation, station, and those who are in post, with how they are reached; all in one query.

        Without a day: today, where the post is. A list that prints no addresses reads none.
        """
        today = on or today_expression("country")
        return self.select_related("organisation", "station", "country").annotate(
            holders_read=present_in(F("pk"), today, addresses=addresses)
        )


class Post(Shared):
    """A function of an organisation at a duty station, whoever holds it.

    The switches are the organisation's, for the duty telephone and the mailbox; the function is no secret.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts", verbose_name=_("organisation"))
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    station = models.ForeignKey(DutyStation, models.PROTECT, related_name="+", verbose_name=_("duty station"))
    function = models.CharField(_("function"), max_length=120)
    covers = models.ManyToManyField(DutyStation, blank=True, related_name="+", verbose_name=_("covers as well"))
    roles = models.JSONField(_("roles in the coordination"), default=list, blank=True)  # of CmcoordRole
    mailbox = models.EmailField(_("mailbox of the post"), blank=True)
    duty_telephone = PhoneNumberField(_("duty telephone"), blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    search_text = models.CharField(max_length=500, editable=False, default="")
    held_from = models.DateField(null=True, editable=False)  # both by note_holders()
    held_until = models.DateField(null=True, editable=False)
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
        indexes = [
            models.Index(fields=["country", "organisation", "function"], name="post_of_organisation"),
            models.Index(fields=["station", "function", "id"], condition=Q(closed_at=None), name="post_at_station"),
            models.Index(fields=["country", "function", "id"], condition=Q(closed_at=None), name="post_in_country"),
            models.Index(fields=["country", "held_from"], condition=Q(closed_at=None), name="post_held_from"),
            models.Index(
                fields=["country", "held_until"],
                condition=Q(closed_at=None, held_until__isnull=False),
                name="post_held_until",
            ),
        ]

    def __str__(self):
        return f"{self.function}, {self.organisation}"

    def save(self, *args, **kwargs):
        self.search_text = self.words()
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    def words(self) -> str:
        """In which words the search looks for a post: function, organisation and duty station, folded."""
        owner = self.organisation
        return folded(" ".join((self.function, owner.acronym, owner.name, self.station.name)))[:500]

    def get_absolute_url(self):
        return reverse("contacts:post", args=[self.pk])

    @property
    def stream(self) -> str:
        return self.country_id

    @property
    def reference(self) -> str:
        return str(self)

    @property
    def role_words(self) -> list[str]:
        """The roles in the reader's language."""
        return [capfirst(str(CmcoordRole(role).label)) for role in self.roles if role in CmcoordRole.values]

    @property
    def in_post(self) -> list[Holding]:
        """Those who are in post now, read once; in the same query as the post by with_holders()."""
        if "present" not in self.__dict__:
            read = self.__dict__.get("holders_read")
            held = self.holdings.in_post().with_reach() if read is None else map(read_present, read)
            self.present = sorted(held, key=lambda one: (one.starts, one.pk), reverse=True)
            for one in self.present:
                one.post = self
        return self.present

    @property
    def holder(self) -> Holding | None:
        """Who holds it now; None is a gap."""
        return self._first(Capacity.HOLDER)

    @property
    def alternate(self) -> Holding | None:
        """Who answers in the holder's place."""
        return self._first(Capacity.ALTERNATE)

    def _first(self, capacity: Capacity) -> Holding | None:
        return next((held for held in self.in_post if held.capacity == capacity), None)

    def scope_facts(self) -> dict:
        """What accounts.scope needs to answer `may this person …` about this post."""
        return {
            "country": self.country_id,
            "stations": {self.station_id},
            "touches": {self.station_id},
            "author": self.created_by_id,
            "organisation": self.organisation_id,
        }
