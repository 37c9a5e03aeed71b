"""What was said in a meeting, in one text that both sides read and both chairs sign.

These tables hold joint rows only: whatever the humanitarian side notes for itself stands in models.notes, so that no
key, number or count here shows a gap. Once the minutes are final, the database refuses every change of their words.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import User
from cmcoord.meetings.models.agenda import AgendaItem
from cmcoord.meetings.models.meetings import Meeting
from contacts.models import Seat
from requests_app.models import Case

LANGUAGES = (("en", _("English")), ("fr", _("French")))
LONGEST = 20_000  # letters in the summary of one item: about seven pages
LONGEST_DECISION = 1_000
SHA256 = 64


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def final(self):
        return self.filter(stage=Minutes.Stage.FINAL)

    def open(self):
        """Not final yet."""
        return self.exclude(stage=Minutes.Stage.FINAL)


class Minutes(models.Model):
    """The joint minutes of one meeting. Every change of the text counts `version` on and gives another `digest`."""

    class Stage(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("minutes", "draft")
        SIGNING = "signing", pgettext_lazy("minutes", "signed by one side")
        FINAL = "final", pgettext_lazy("minutes", "final")

    class How(models.TextChoices):
        SIGNATURES = "signatures", _("signed by both chairs")
        ADOPTION = "adoption", _("adopted by a later meeting")

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes", verbose_name=_("meeting"))
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=SHA256)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage.choices, default=Stage.DRAFT)
    how = models.CharField(max_length=10, choices=How.choices, blank=True)
    final_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = MinutesQuerySet.as_manager()

    activity_kind = "minutes"

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="final", final_at__isnull=False, how__in=("signatures", "adoption"))
                | (~Q(stage="final") & Q(final_at=None, how="")),
                name="minutes_final_with_how",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False, stage="final"),
                name="minutes_released_when_final",
            ),
        ]

    def __str__(self):
        return gettext("Minutes, %(meeting)s") % {"meeting": self.meeting}

    def get_absolute_url(self):
        return reverse("meetings:minutes", args=[self.meeting.uid])

    @property
    def stream(self) -> str:
        return self.meeting.body.country_id

    @property
    def reference(self) -> str:
        return self.meeting.reference

    @property
    def is_final(self) -> bool:
        return self.stage == self.Stage.FINAL

    @property
    def short(self) -> str:
        """The beginning of the digest, as it is read out from paper to paper."""
        return self.grouped[:19]

    @property
    def grouped(self) -> str:
        """The digest in groups of four."""
        return " ".join(self.digest[start : start + 4] for start in range(0, SHA256, 4))


class MinutesItem(models.Model):
    """One point of the minutes: its title and a summary without names of speakers. `version` counts its changes."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="+")
    title = models.CharField(_("agenda point"), max_length=200)
    summary = models.TextField(_("summary"), blank=True, max_length=LONGEST)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("point of the minutes")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "order"], name="minutesitem_one_per_place"),
            models.CheckConstraint(condition=~Q(title=""), name="minutesitem_has_title"),
        ]

    def __str__(self):
        return self.title


class MinutesDecision(models.Model):
    """What the meeting decided on a point, and about which request, where every force at the table knows it."""

    item = models.ForeignKey(MinutesItem, models.PROTECT, related_name="decisions")
    text = models.CharField(_("decision"), max_length=LONGEST_DECISION)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("about the request")
    )

    class Meta:
        verbose_name = _("decision of a meeting")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="minutesdecision_has_text")]

    def __str__(self):
        return self.text


class Addendum(models.Model):
    """A correction of final minutes: never a change of them. It counts once the chairs have signed it. Append-only."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="addenda")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("correction"), max_length=LONGEST)
    digest = models.CharField(max_length=SHA256)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="addendum_one_per_number"),
            models.CheckConstraint(condition=~Q(text=""), name="addendum_has_text"),
        ]

    def __str__(self):
        return gettext("Addendum %(number)d") % {"number": self.number}


class Signature(models.Model):
    """One chair signed one text: the digest, and the text itself as it was. Append-only; an edit leaves it behind."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="signatures")
    addendum = models.ForeignKey(Addendum, models.PROTECT, null=True, related_name="signatures")
    kind = models.CharField(max_length=10, choices=Seat.Kind.choices)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=250)
    digest = models.CharField(max_length=SHA256)
    content = models.JSONField()
    proved_at = models.DateTimeField(null=True)  # when they last proved in this session that it is they
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("signature")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("chair", "co_chair")), name="signature_of_a_chair"),
            models.UniqueConstraint(fields=["minutes", "digest", "kind"], name="signature_one_per_chair"),
            models.UniqueConstraint(fields=["minutes", "digest", "by"], name="signature_one_per_person"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.capacity}"


class Objection(models.Model):
    """A chair objects to a text: shown and told, and no obstacle to a signature. Append-only."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="objections")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=250)
    digest = models.CharField(max_length=SHA256)
    text = models.TextField(_("objection"), max_length=2_000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("objection")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="objection_has_text")]

    def __str__(self):
        return self.text


class Adoption(models.Model):
    """A later meeting of the body adopted one text, as one chair says: it counts once every chair in which somebody
    sits has said so of the same meeting. Append-only.
    """

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="adoptions")
    by_meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="adopted")
    digest = models.CharField(max_length=SHA256)
    content = models.JSONField()
    kind = models.CharField(max_length=10, choices=Seat.Kind.choices)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=250)
    proved_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("adoption")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("chair", "co_chair")), name="adoption_of_a_chair"),
            models.UniqueConstraint(fields=["minutes", "digest", "by_meeting", "kind"], name="adoption_one_per_chair"),
            models.UniqueConstraint(
                fields=["minutes", "digest", "by_meeting", "recorded_by"], name="adoption_one_per_person"
            ),
        ]

    def __str__(self):
        return gettext("adopted by %(meeting)s") % {"meeting": self.by_meeting}


class Translation(models.Model):
    """The same minutes in another language, marked as a translation: nobody signs it. Out of date after an edit."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="translations")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    content = models.JSONField()  # one entry for each point: title, summary, decisions, points
    of_digest = models.CharField(max_length=SHA256)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("translation of minutes")
        verbose_name_plural = _("translations of minutes")
        constraints = [models.UniqueConstraint(fields=["minutes", "language"], name="translation_one_per_language")]

    def __str__(self):
        return f"{self.minutes_id}: {self.language}"

    @property
    def is_stale(self) -> bool:
        return self.of_digest != self.minutes.digest
