"""When does a body meet, where, and what became of each meeting? Rows that every side of the body may read."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.accounts.models import User
from cmcoord.meetings import visibility
from contacts.models import Body


class Modality(models.TextChoices):
    IN_PERSON = "in_person", pgettext_lazy("meeting", "in person")
    REMOTE = "remote", pgettext_lazy("meeting", "remote")
    HYBRID = "hybrid", pgettext_lazy("meeting", "in person and remote")


class Venue(models.TextChoices):
    NEUTRAL = "neutral", _("neutral place")
    HUMANITARIAN = "humanitarian", _("premises of a humanitarian organisation")
    MISSION = "mission", _("civilian premises of the mission")
    GOVERNMENT = "government", _("premises of the Government")
    MILITARY_CAMP = "military_camp", _("military camp")


class Language(models.TextChoices):
    """The working languages of a meeting."""

    FRENCH = "fr", _("French")
    ENGLISH = "en", _("English")


EARLY = dt.timedelta(hours=1)  # people arrive before a meeting begins
WITH_REASON = Q(venue="military_camp") & ~Q(venue_reason="")
REASONED = WITH_REASON | (~Q(venue="military_camp") & Q(venue_reason=""))


class Placed(models.Model):
    """Where and how people meet: of a series, and of each meeting by itself."""

    modality = models.CharField(_("how"), max_length=10, choices=Modality.choices, default=Modality.IN_PERSON)
    place = models.CharField(_("place"), max_length=160, blank=True)
    venue = models.CharField(_("kind of place"), max_length=14, choices=Venue.choices, default=Venue.NEUTRAL)
    venue_reason = models.CharField(_("why there"), max_length=300, blank=True)
    call_link = models.URLField(_("link of the call"), max_length=300, blank=True)
    languages = models.JSONField(_("working languages"), default=list)  # of Language

    class Meta:
        abstract = True

    @property
    def language_words(self) -> list[str]:
        return [str(Language(code).label) for code in self.languages if code in Language.values]


class SeriesQuerySet(models.QuerySet["Series"]):
    def running(self):
        return self.filter(ended_at=None)


class Series(Placed):
    """Meetings that come again by a rule, until a day. Its meetings stand as rows of their own from the beginning."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="series", verbose_name=_("body"))
    every = models.CharField(_("how often"), max_length=10, choices=Body.Every.choices)
    rule = models.CharField(max_length=120)  # an RRULE of RFC 5545, for local time
    first_day = models.DateField(_("first meeting"))
    at = models.TimeField(_("at"))  # where the body is
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    until = models.DateField(_("until"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    activity_kind = "series"

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="series_lasts"),
            models.CheckConstraint(condition=REASONED, name="series_camp_with_reason"),
        ]

    def __str__(self):
        return f"{self.body}: {self.get_every_display()}"

    @property
    def stream(self) -> str:
        return self.body.country_id


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user):
        """Those of the bodies that this person sees."""
        return self.filter(body__in=visibility.bodies_met_by(user))

    def planned(self):
        return self.filter(stage=Meeting.Stage.PLANNED)

    def held(self):
        return self.filter(stage=Meeting.Stage.HELD)

    def ahead(self, now: dt.datetime | None = None):
        """Planned and not over."""
        return self.planned().filter(ends__gt=now or timezone.now())

    def with_body(self):
        return self.select_related("body__country", "body__station")


class Meeting(Placed):
    """One meeting of a body. Its address holds `uid`, never a key: what one side does not see leaves no gap.

    `number` is the running number among the minutes of its body, given when they are final. `by_hand` marks a meeting
    of a series that somebody moved, invited to or prepared: the series no longer changes it.
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", pgettext_lazy("meeting", "regular")
        AD_HOC = "ad_hoc", pgettext_lazy("meeting", "ad hoc")

    class Stage(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "planned")
        HELD = "held", pgettext_lazy("meeting", "held")
        NOT_HELD = "not_held", pgettext_lazy("meeting", "not held")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")

    class NotHeld(models.TextChoices):
        SECURITY = "security", pgettext_lazy("not held because", "security")
        QUORUM = "quorum", pgettext_lazy("not held because", "no quorum")
        HOLIDAY = "holiday", pgettext_lazy("not held because", "holiday")
        NO_CHAIR = "no_chair", pgettext_lazy("not held because", "no chair")
        OTHER = "other", pgettext_lazy("not held because", "another reason")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name=_("body"))
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="meetings")
    occurrence = models.DateField(null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.REGULAR)
    starts = models.DateTimeField(_("begins"))
    ends = models.DateTimeField(_("ends"))
    zone = models.CharField(max_length=40)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.PLANNED)
    not_held_reason = models.CharField(_("not held because"), max_length=10, choices=NotHeld.choices, blank=True)
    not_held_note = models.CharField(_("remark"), max_length=300, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    invited_at = models.DateTimeField(null=True, blank=True)
    by_hand = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = MeetingQuerySet.as_manager()

    activity_kind = "meeting"

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="meeting_ends_after_start"),
            models.UniqueConstraint(fields=["series", "occurrence"], name="meeting_once_per_occurrence"),
            models.UniqueConstraint(fields=["body", "number"], name="meeting_number_once"),
            models.CheckConstraint(
                condition=(Q(stage="not_held") & ~Q(not_held_reason=""))
                | (~Q(stage="not_held") & Q(not_held_reason="", not_held_note="")),
                name="meeting_not_held_with_reason",
            ),
            models.CheckConstraint(condition=Q(number=None) | Q(stage="held"), name="meeting_numbered_was_held"),
            models.CheckConstraint(condition=REASONED, name="meeting_camp_with_reason"),
        ]
        indexes = [
            models.Index(fields=["body", "starts"], name="meeting_of_body"),
            models.Index(fields=["starts", "id"], name="meeting_by_time"),
        ]

    def __str__(self):
        return f"{self.body}, {self.reference}"

    def get_absolute_url(self):
        return reverse("meetings:meeting", args=[self.uid])

    @property
    def stream(self) -> str:
        return self.body.country_id

    @property
    def reference(self) -> str:
        """Place and day, short enough for a subject line: "BRIA 2026-11-30"."""
        place = self.body.station.code.upper() if self.body.station_id else self.body.country_id
        return f"{place[:13]} {self.local_start:%Y-%m-%d}"

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def local_start(self) -> dt.datetime:
        return self.starts.astimezone(self.tz)

    @property
    def local_end(self) -> dt.datetime:
        return self.ends.astimezone(self.tz)

    @property
    def is_planned(self) -> bool:
        return self.stage == self.Stage.PLANNED

    @property
    def is_held(self) -> bool:
        return self.stage == self.Stage.HELD

    @property
    def has_begun(self) -> bool:
        return self.starts <= timezone.now()

    @property
    def can_be_held(self) -> bool:
        """From an hour before it begins."""
        return self.starts <= timezone.now() + EARLY

    def scope_facts(self) -> dict:
        """What accounts.scope needs to answer `may this person …` about this meeting: what its body says."""
        return self.body.scope_facts()
