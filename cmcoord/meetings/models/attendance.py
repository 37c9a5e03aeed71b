"""Who was there, by organisation and category, in person or on the line?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.accounts.models import Organisation, User
from cmcoord.meetings.models.meetings import Meeting
from contacts.models import Category


class Attendance(models.Model):
    """One organisation at one meeting, or one person of it where a name was written down; guests need no account.

    The organisation is read by every side of the body; name and e-mail are class C and stay with the humanitarians.
    """

    class Presence(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("attendance", "expected")
        PRESENT = "present", pgettext_lazy("attendance", "present")
        EXCUSED = "excused", pgettext_lazy("attendance", "excused")
        ABSENT = "absent", pgettext_lazy("attendance", "absent")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", pgettext_lazy("attendance", "in person")
        REMOTE = "remote", pgettext_lazy("attendance", "remote")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    organisation_text = models.CharField(_("organisation without a line here"), max_length=120, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)  # a guest hears by mail of this meeting, and of nothing else
    presence = models.CharField(_("presence"), max_length=8, choices=Presence.choices)
    mode = models.CharField(_("how"), max_length=10, choices=Mode.choices, blank=True)
    as_observer = models.BooleanField(_("as observer"), default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "organisation", "name"], name="attendance_once"),
            models.UniqueConstraint(
                fields=["meeting", "organisation_text", "name"],
                condition=Q(organisation=None),
                name="attendance_guest_once",
            ),
            models.CheckConstraint(
                condition=Q(organisation=None) & ~Q(organisation_text="")
                | Q(organisation__isnull=False, organisation_text=""),
                name="attendance_of_an_organisation",
            ),
            models.CheckConstraint(
                condition=(Q(presence="present") & ~Q(mode="")) | (~Q(presence="present") & Q(mode="")),
                name="attendance_mode_of_those_present",
            ),
        ]
        indexes = [models.Index(fields=["meeting", "category"], name="attendance_by_category")]

    def __str__(self):
        return self.who

    @property
    def who(self) -> str:
        return str(self.organisation) if self.organisation_id else self.organisation_text
