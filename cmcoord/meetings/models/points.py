"""What was agreed to be done, by whom and by when? Action points of the table, and those of the humanitarian side.

Both are numbered in their body, each kind by itself: of the points of one side nobody else sees so much as a gap. An
owner is a post where one is named, so that a point survives whoever holds it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.accounts.models import Organisation, User
from cmcoord.places.pairs import both_or_neither
from contacts.models import Body, Post
from requests_app.models import AccessIncident


class Status(models.TextChoices):
    OPEN = "open", pgettext_lazy("action point", "open")
    IN_PROGRESS = "in_progress", pgettext_lazy("action point", "in progress")
    REPORTED = "reported", pgettext_lazy("action point", "reported done, to be checked")
    DONE = "done", pgettext_lazy("action point", "done")
    DROPPED = "dropped", pgettext_lazy("action point", "dropped")


OWNER = "owner"  # the step by which a point goes to another owner
GOING_ON = (Status.OPEN, Status.IN_PROGRESS, Status.REPORTED)
ENDED = (Status.DONE, Status.DROPPED)


class Priority(models.TextChoices):
    NORMAL = "normal", pgettext_lazy("priority", "normal")
    HIGH = "high", pgettext_lazy("priority", "high")


class PointQuerySet(models.QuerySet):
    def going_on(self):
        """Neither done nor dropped: carried over from meeting to meeting."""
        return self.filter(status__in=GOING_ON)

    def overdue(self, today: dt.date):
        return self.going_on().filter(due__lt=today)

    def for_lists(self):
        """With all that a line of a list prints: one query."""
        return self.select_related("body__country", "body__station", "owner_organisation", "owner_post", "meeting")


class Point(models.Model):
    """One thing to do. `words`, owner and `due_raised` are as they were agreed; `due` moves when it is postponed."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"), db_index=False)
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=40, unique=True)
    meeting = models.ForeignKey(
        "meetings.Meeting", models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("meeting")
    )
    words = models.CharField(_("what is to be done"), max_length=400)
    owner_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("responsible organisation"), db_index=False
    )
    owner_post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("through the post"),
        db_index=False,
    )  # fmt: skip
    due = models.DateField(_("deadline"))
    due_raised = models.DateField()
    priority = models.CharField(_("priority"), max_length=6, choices=Priority.choices, default=Priority.NORMAL)
    needs_evidence = models.BooleanField(_("closing needs evidence"), default=False)
    needs_check = models.BooleanField(_("another person checks it"), default=False)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    closing_comment = models.CharField(max_length=600, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    raised_at = models.DateTimeField(default=timezone.now)

    objects = PointQuerySet.as_manager()

    activity_kind = ""
    mark = ""  # between the name of the body and the number
    updates: Any  # what each kind of point has of its own
    escalations: Any

    class Meta:
        abstract = True
        ordering = ["due", "id"]
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="%(class)s_number_once"),
            models.CheckConstraint(condition=~Q(words=""), name="%(class)s_has_words"),
            models.CheckConstraint(condition=both_or_neither("closed_by", "closed_at"), name="%(class)s_pair_closed"),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, closed_at__isnull=False) & ~Q(closing_comment="")
                | Q(status__in=GOING_ON, closed_at=None, closing_comment=""),
                name="%(class)s_closed_with_comment",
            ),
            models.CheckConstraint(
                condition=Q(needs_evidence=False, needs_check=False) | Q(priority="high"),
                name="%(class)s_asks_more_if_high",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=models.F("reported_by")),
                name="%(class)s_checked_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["body", "due", "id"], condition=Q(status__in=GOING_ON), name="%(class)s_going_on"),
            models.Index(
                fields=["owner_organisation", "due", "id"], condition=Q(status__in=GOING_ON), name="%(class)s_of_owner"
            ),
            models.Index(fields=["owner_post"], condition=Q(status__in=GOING_ON), name="%(class)s_of_post"),
            models.Index(fields=["body", "closed_at"], name="%(class)s_closed"),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("meetings:point", args=[self.reference])

    @property
    def stream(self) -> str:
        return self.body.country_id

    @property
    def owner(self) -> str:
        """Who does it: "OCHA · Head of sub-office"."""
        parts = [str(self.owner_organisation), self.owner_post.function if self.owner_post else ""]
        return " · ".join(part for part in parts if part)

    @property
    def goes_on(self) -> bool:
        return self.status in GOING_ON

    def is_overdue(self, today: dt.date) -> bool:
        return self.goes_on and self.due < today


class ActionPoint(Point):
    """Agreed at the table: everybody who sits there reads it, and it stands in the minutes that both chairs sign."""

    item = models.ForeignKey(
        "meetings.MinutesItem", models.PROTECT, null=True, blank=True, related_name="points"
    )  # the point of the minutes from which it came

    activity_kind = "point"

    class Meta(Point.Meta):
        verbose_name = _("action point")
        verbose_name_plural = _("action points")


class InternalPoint(Point):
    """An action point of the humanitarian side, with numbers of its own. No other side learns that there is one."""

    activity_kind = "internalpoint"
    mark = "H"

    class Meta(Point.Meta):
        verbose_name = _("internal action point")
        verbose_name_plural = _("internal action points")


class Update(models.Model):
    """What somebody did to a point: a step, with their words. Append-only; a status changes only with its row."""

    step = models.CharField(max_length=10)
    from_status = models.CharField(max_length=12, choices=Status.choices)
    to_status = models.CharField(max_length=12, choices=Status.choices)
    comment = models.CharField(_("comment"), max_length=600, blank=True)
    evidence = models.CharField(_("evidence"), max_length=600, blank=True)
    due = models.DateField(null=True)
    owner = models.CharField(max_length=300, blank=True)  # from whom to whom, where another one does it from then on
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self):
        return self.step


class PointUpdate(Update):
    point = models.ForeignKey(ActionPoint, models.PROTECT, related_name="updates")

    class Meta(Update.Meta):
        verbose_name = _("update of an action point")
        verbose_name_plural = _("updates of action points")


class InternalUpdate(Update):
    point = models.ForeignKey(InternalPoint, models.PROTECT, related_name="updates")

    class Meta(Update.Meta):
        verbose_name = _("update of an internal action point")
        verbose_name_plural = _("updates of internal action points")


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def open(self):
        return self.filter(answered_at=None)


class Escalation(models.Model):
    """A point, or an access incident, that the cell cannot settle, put to the strategic level: the Coordinator and the
    Head of Office decide.

    A row of the humanitarian side, also where the point itself is one of the table (CAR-CMC §10).
    """

    class Consulted(models.TextChoices):
        NOBODY = "nobody", _("nobody was consulted")
        HCT = "hct", _("the country team was consulted")
        ICCG = "iccg", _("the inter-cluster coordination group was consulted")
        BOTH = "both", _("the country team and the inter-cluster group were consulted")

    body = models.ForeignKey(Body, models.PROTECT, related_name="escalations")
    point = models.ForeignKey(ActionPoint, models.PROTECT, null=True, blank=True, related_name="escalations")
    internal_point = models.ForeignKey(InternalPoint, models.PROTECT, null=True, blank=True, related_name="escalations")
    incident = models.ForeignKey(AccessIncident, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(_("why the cell cannot settle it"), max_length=600)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(_("what was decided"), max_length=600, blank=True)
    consulted = models.CharField(_("consulted"), max_length=6, choices=Consulted.choices, default=Consulted.NOBODY)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)

    objects = EscalationQuerySet.as_manager()

    activity_kind = "escalation"

    class Meta:
        verbose_name = _("escalation to the strategic level")
        verbose_name_plural = _("escalations to the strategic level")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(point=None, internal_point__isnull=False, incident=None)
                | Q(point__isnull=False, internal_point=None, incident=None)
                | Q(point=None, internal_point=None, incident__isnull=False),
                name="escalation_of_one_matter",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="escalation_answered_with_words",
            ),
            models.UniqueConstraint(
                fields=["point"], condition=Q(answered_at=None), name="escalation_one_open_per_point"
            ),
            models.UniqueConstraint(
                fields=["internal_point"], condition=Q(answered_at=None), name="escalation_one_open_per_internal"
            ),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(answered_at=None), name="escalation_one_open_per_incident"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["body"], condition=Q(answered_at=None), name="escalation_open")]

    def __str__(self):
        return f"{self.reference}: {self.why[:40]}"

    def get_absolute_url(self):
        if self.incident_id:
            return reverse("meetings:escalate_incident", args=[self.incident.case.reference])
        return self.subject.get_absolute_url()

    @property
    def subject(self) -> Point:
        """The point that is stuck; of an incident there is none."""
        return cast(Point, self.point or self.internal_point)

    @property
    def matter(self) -> str:
        """What is stuck, in words that everybody of the strategic level may read: of an incident its kind alone."""
        return str(self.incident.get_kind_display()) if self.incident_id else self.subject.words

    @property
    def stream(self) -> str:
        return self.body.country_id

    @property
    def reference(self) -> str:
        return self.body.name_en if self.incident_id else self.subject.reference
