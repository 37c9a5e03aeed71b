"""Which list of contacts is being taken over, how far is it, and what does each of its rows bring?

The file itself is kept until it is read, the cells of its rows until the list is taken over or given up.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.accounts.models import Organisation, User
from cmcoord.places.models import Country, DutyStation
from contacts.models.people import Person
from contacts.models.posts import CmcoordRole


class ContactList(models.Model):
    """A spreadsheet of contacts on its way into the directory."""

    class State(models.TextChoices):
        READING = "reading", _("being read")
        READ = "read", _("waits for your yes")
        TAKING = "taking", _("being taken over")
        DONE = "done", pgettext_lazy("a list", "taken over")
        UNDOING = "undoing", _("being taken back")
        CANCELLED = "cancelled", pgettext_lazy("a list", "given up")
        BROKEN = "broken", _("cannot be read")

    WORKING = (State.READING, State.TAKING, State.UNDOING)
    OPEN = (*WORKING, State.READ)

    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    station = models.ForeignKey(DutyStation, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=CmcoordRole.choices, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    problem = models.CharField(max_length=300, blank=True)
    ignored = models.JSONField(default=list, blank=True)  # headings that no column bears
    total = models.PositiveIntegerField(default=0)  # rows read so far
    reached = models.PositiveIntegerField(default=0)  # the last row that this state is through with
    busy_until = models.DateTimeField(null=True)  # somebody works on it until then
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)  # rows taken over

    activity_kind = "contactlist"

    class Meta:
        verbose_name = _("list of contacts")
        verbose_name_plural = _("lists of contacts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["by"],
                condition=Q(state__in=["reading", "read", "taking", "undoing"]),
                name="contactlist_one_open_each",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=["reading", "taking", "undoing"]), name="contactlist_working"
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("contacts:import_look", args=[self.pk])

    @property
    def stream(self) -> str:
        return self.country_id

    @property
    def reference(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class ContactLine(models.Model):
    """One row of such a list: what it says, what is wrong with it, and what became of it."""

    class State(models.TextChoices):
        FRESH = "fresh", _("new")
        MORE = "more", _("adds to somebody who is there")
        ALIKE = "alike", _("looks like somebody who is there")
        KNOWN = "known", _("says nothing new")
        WRONG = "wrong", _("cannot be taken over")
        TAKEN = "taken", pgettext_lazy("a row", "taken over")
        LEFT = "left", _("left out")

    class Choice(models.TextChoices):
        SAME = "same", _("The same person: add what is new")
        OTHER = "other", _("Somebody else: a new person")
        SKIP = "skip", _("Leave this row out")

    contact_list = models.ForeignKey(ContactList, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=5, choices=State.choices)
    values = models.JSONField(default=dict, blank=True)
    wrong = models.JSONField(default=list, blank=True)  # [cell, heading, what stands there, sentence]
    who = models.CharField(max_length=32, blank=True)  # the same for rows about the same person, within one list
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")  # like whom, then who it became
    same_as = models.PositiveIntegerField(null=True)  # the earlier row of the list that looks alike
    choice = models.CharField(max_length=5, choices=Choice.choices, blank=True)
    made = models.JSONField(default=dict, blank=True)  # keys of what this row brought, to take it back

    class Meta:
        verbose_name = _("row of a list of contacts")
        verbose_name_plural = _("rows of a list of contacts")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["contact_list", "number"], name="contactline_once")]
        indexes = [
            models.Index(fields=["contact_list", "state", "number"], name="contactline_by_state"),
            models.Index(fields=["contact_list", "who"], condition=~Q(who=""), name="contactline_by_person"),
        ]

    def __str__(self):
        return f"{self.contact_list_id}/{self.number}"
