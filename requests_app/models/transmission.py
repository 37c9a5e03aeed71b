"""What did the force receive, what did it acknowledge, what did it answer?"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.models.case import Case, title_of
from requests_app.models.process import OnBehalf
from requests_app.models.terms import AssetCategory, RequestType, Urgency
from requests_app.visibility import held_files


class Extract(models.Model):
    """One frozen, numbered paper for a force: the only thing force pages read. Append-only."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Request")
        SCHEDULE = "schedule", pgettext_lazy("paper for the force", "Schedule")
        SUPPLEMENT = "supplement", pgettext_lazy("paper for the force", "Change")
        EXTENSION = "extension", _("Extension")
        SUSPENSION = "suspension", pgettext_lazy("paper for the force", "Suspended")
        RESUMPTION = "resumption", pgettext_lazy("paper for the force", "Resumed")
        STAND_DOWN = "stand_down", _("Stand-down")
        NOT_TAKEN_UP = "not_taken_up", _("Counter-proposal not taken up")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extracts")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    force_reference = models.CharField(max_length=24)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    content = models.JSONField()
    language = models.CharField(max_length=5, blank=True, default="", db_default="")  # of the force, when it was sent
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="extract_number_once", fields=["organisation", "force_reference", "number"])
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="extract_organisation_newest")]

    def __str__(self) -> str:
        return f"{self.force_reference}/{self.number}"


class ReleasedText(models.Model):
    """A text that OCHA wrote or confirmed for a force, with the original beside it. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="released_texts")
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="texts")
    field = models.CharField(max_length=20)
    original = models.TextField(blank=True)
    original_language = models.CharField(max_length=5, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=5)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="released_text_once", fields=["extract", "field"])]

    def __str__(self) -> str:
        return f"{self.extract}: {self.field}"


class ReleasedNames(models.Model):
    """Names that a force may read beside one paper, which holds their salted digest: destroyed with the salt."""

    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="names")
    field = models.CharField(max_length=20)
    text = models.TextField()  # one line for each person
    salt = models.CharField(max_length=32)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="released_names_once", fields=["extract", "field"])]

    def __str__(self) -> str:
        return f"{self.extract}: {self.field}"


class Acknowledgement(models.Model):
    """Somebody of the force says: received."""

    extract = models.OneToOneField(Extract, on_delete=models.PROTECT, related_name="acknowledgement")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.extract)


class ForceReply(models.Model):
    """One of the four replies of a force, under its own signature. Append-only; the newest counts."""

    class Reply(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        LIMITED = "limited", _("Accepted with limits")
        DECLINED = "declined", _("Declined")
        COUNTERED = "countered", _("Counter-proposal")

    class DeclineReason(models.TextChoices):
        CAPABILITY = "capability", _("No capability")
        COMMITTED = "committed", _("Asset committed")
        SECURITY = "security", _("Security")
        MANDATE = "mandate", _("Mandate")
        WEATHER = "weather", _("Weather")
        LEVEL = "level", _("Authorisation level")
        LATE = "late", _("Late notice")
        OTHER = "other", _("Other")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="replies")
    reply = models.CharField(_("reply"), max_length=12, choices=Reply.choices)
    text = models.TextField(_("limits or explanation"), max_length=1000, blank=True)
    decline_reason = models.CharField(_("reason"), max_length=12, choices=DeclineReason.choices, blank=True)
    other_force = models.ForeignKey("contacts.Force", on_delete=models.PROTECT, null=True, related_name="+")
    other_axis = models.ForeignKey("places.Axis", on_delete=models.PROTECT, null=True, related_name="+")
    departure_at = models.DateTimeField(_("proposed departure"), null=True)
    window_to = models.DateTimeField(_("proposed end"), null=True)
    days = models.JSONField(_("days of the patrols"), default=list, blank=True)  # "2026-11-28", in order
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=24, blank=True)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="reply_says_why",
                condition=Q(reply="accepted")
                | (Q(reply="declined") & ~Q(decline_reason=""))
                | (Q(reply__in=["limited", "countered"]) & ~Q(text="")),
            )
        ]

    def __str__(self) -> str:
        return str(PLANNED[self.Reply(self.reply)]) if self.days else self.get_reply_display()

    @property
    def planned(self) -> list[date]:
        """On which days the force patrols."""
        return [day for day in map(parse_date, self.days) if day]


# The same replies to a patrol, which is planned and not agreed to (domain.md §3.6 force_plan).
PLANNED = {
    ForceReply.Reply.ACCEPTED: _("Planned"),
    ForceReply.Reply.LIMITED: _("Planned in part"),
    ForceReply.Reply.DECLINED: _("Not planned"),
    ForceReply.Reply.COUNTERED: _("Counter-proposal"),
}


class Agreement(models.Model):
    """The requesting organisation says yes to one reply of the force, under its own signature. Append-only.

    It holds for that reply and for no later one.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agreements")
    reply = models.OneToOneField(ForceReply, on_delete=models.PROTECT, related_name="agreement")
    text = models.CharField(_("remark"), max_length=600, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=24, blank=True)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case}: {self.reply}"


class ForceFileQuerySet(models.QuerySet["ForceFile"]):
    def held_by(self, user) -> ForceFileQuerySet:
        """The files of the forces for which this person answers, each in its country; of nobody else."""
        return self.filter(held_files(user))

    def waiting(self) -> ForceFileQuerySet:
        """Those that wait for the force: something to acknowledge or to answer."""
        return self.filter(place=ForceFile.Place.WAITING)


class ForceFile(models.Model):
    """What one force holds of one request: a row of its list, told by its own papers, replies and logs alone.

    Written by services.force_files.write_files, never by hand. The case stands here for the services only.
    """

    class Stage(models.TextChoices):
        RECEIVED = "received", _("To acknowledge")
        ACKNOWLEDGED = "acknowledged", _("To answer")
        ACCEPTED = "accepted", _("Accepted")
        LIMITED = "limited", _("Accepted with limits")
        DECLINED = "declined", _("Declined")
        COUNTERED = "countered", _("Counter-proposal made")
        NOT_TAKEN_UP = "not_taken_up", _("Counter-proposal not taken up")
        SCHEDULED = "scheduled", _("Scheduled")
        UNDERWAY = "underway", _("Under way")
        COMPLETED = "completed", _("Completed")
        ABORTED = "aborted", _("Aborted")
        SUSPENDED = "suspended", _("Suspended")
        STOOD_DOWN = "stood_down", _("Stood down")
        ENDED = "ended", _("Ended")

    class Place(models.IntegerChoices):
        WAITING = 0, _("Waiting for your force")
        AHEAD = 1, _("Scheduled and under way")
        OTHER = 2, _("All others")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="force_files")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    country = models.ForeignKey("places.Country", on_delete=models.PROTECT, related_name="+")
    force_reference = models.CharField(_("reference"), max_length=24)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    expects = models.CharField(max_length=12, blank=True)
    due_at = models.DateTimeField(null=True)
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    request_type = models.CharField(max_length=8, choices=RequestType.choices, default=RequestType.ARMED_ESCORT)
    asset_category = models.CharField(max_length=20, choices=AssetCategory.choices, blank=True)
    origin = models.CharField(max_length=120)
    destination = models.CharField(max_length=120, blank=True)
    departure_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    place = models.PositiveSmallIntegerField(choices=Place.choices)
    sort_key = models.BigIntegerField()
    closed = models.BooleanField(default=False)  # the organisation took its consent back
    strict = models.BooleanField(default=False)  # it became strictly confidential: its papers open by a click each time

    objects = ForceFileQuerySet.as_manager()

    class Meta:
        ordering = ["place", "sort_key", "id"]
        constraints = [models.UniqueConstraint(name="force_file_once", fields=["organisation", "force_reference"])]
        indexes = [models.Index(fields=["organisation", "place", "sort_key", "id"], name="force_file_list")]

    def __str__(self) -> str:
        return self.force_reference

    def get_absolute_url(self) -> str:
        return reverse("requests:force_case", args=[self.force_reference])

    @property
    def title(self) -> str:
        places = [] if self.closed or self.strict else [self.origin, self.destination]
        return title_of(self.request_type, self.asset_category, places)
