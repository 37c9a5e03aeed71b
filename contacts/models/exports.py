"""Who took which file of the directory, and who stands in it? So that a recall reaches everybody who has a copy."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Sensitivity
from cmcoord.places.models import Country
from contacts.models.people import Person


class DirectoryExport(models.Model):
    """One file that somebody took."""

    class Form(models.TextChoices):
        XLSX = "xlsx", _("workbook (XLSX)")
        CSV = "csv", _("CSV")
        CARDS_4 = "vcard4", _("address cards (vCard 4)")
        CARDS_3 = "vcard3", _("address cards (vCard 3)")
        SHEET = "sheet", _("sheet to print (A4)")
        FLYER = "flyer", _("flyer")

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    country = models.ForeignKey(Country, models.PROTECT, null=True, related_name="+")  # None: of several
    form = models.CharField(_("format"), max_length=6, choices=Form.choices)
    sensitivity = models.CharField(max_length=1, choices=Sensitivity.choices)
    count = models.PositiveIntegerField(_("lines"))
    at = models.DateTimeField(default=timezone.now)

    activity_kind = "directory_export"

    class Meta:
        verbose_name = _("file of the directory")
        verbose_name_plural = _("files of the directory")
        ordering = ["-id"]
        indexes = [models.Index(fields=["by", "-id"], name="directoryexport_of_person")]

    def __str__(self):
        return f"{self.get_form_display()}, {self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("contacts:exports")

    @property
    def stream(self) -> str:
        return self.country_id or ""


class ExportedPerson(models.Model):
    """Somebody who can be reached by a file; `recalled_at` when whoever has it was told to destroy it."""

    export = models.ForeignKey(DirectoryExport, models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    recalled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("person in a file of the directory")
        verbose_name_plural = _("people in files of the directory")
        constraints = [models.UniqueConstraint(fields=["export", "person"], name="exportedperson_once")]

    def __str__(self):
        return f"{self.export_id}: {self.person_id}"
