"""Which papers did the portal issue about a request, and by which code does it know them again?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.activity.barrier import Sensitivity
from requests_app.models.case import Case
from requests_app.models.decision import Decision


class IssuedPaper(models.Model):
    """One paper as it was made: the code that is printed on it, and the SHA-256 of its bytes. Append-only.

    The bytes are not kept: the same facts give the same bytes again. `facts` is the digest of what it says.
    """

    class Kind(models.TextChoices):
        LETTER = "letter", _("Decision letter")
        SHEET = "sheet", _("Convoy sheet")
        FILE = "file", _("Case file")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="issued_papers")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=2)
    code = models.CharField(_("verification code"), max_length=12, unique=True)
    sha256 = models.CharField(max_length=64)
    facts = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sensitivity = models.CharField(_("sensitivity"), max_length=1, choices=Sensitivity.choices)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="issued_paper_on_its_decision", condition=Q(kind="file") | Q(decision__isnull=False)
            )
        ]
        indexes = [models.Index(fields=["case", "kind", "language", "-id"], name="issued_paper_newest")]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_kind_display()}"
