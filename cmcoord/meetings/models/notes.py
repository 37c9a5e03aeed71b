"""What the humanitarian side notes for itself beside a meeting. No joint table knows of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import User
from cmcoord.meetings.models.meetings import Meeting
from cmcoord.meetings.models.minutes import LONGEST


class HumanitarianNote(models.Model):
    """A note to a meeting, for the humanitarian side alone: a record of its own, with a version of its own."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+")
    title = models.CharField(_("about"), max_length=200)
    text = models.TextField(_("note"), max_length=LONGEST)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    activity_kind = "note"

    class Meta:
        verbose_name = _("humanitarian note")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="note_has_words")]
        indexes = [models.Index(fields=["meeting"], name="note_of_meeting")]

    def __str__(self):
        return self.title

    @property
    def stream(self) -> str:
        return self.meeting.body.country_id

    @property
    def reference(self) -> str:
        return self.meeting.reference
