"""Which organisation says that it has read which version of a guideline?"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import Organisation, User


class ReadReceipt(models.Model):
    """One organisation has read one version of a document (code and version of guidance/documents.py)."""

    document = models.CharField(_("document"), max_length=20)
    version = models.CharField(_("version"), max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("confirmed by"))
    at = models.DateTimeField(_("confirmed at"), default=timezone.now)

    class Meta:
        verbose_name = _("read receipt")
        verbose_name_plural = _("read receipts")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "version", "organisation"], name="guidance_read_once"),
        ]

    def __str__(self):
        return f"{self.document} {self.version}"
