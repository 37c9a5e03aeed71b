"""What did the rules find when a request was sent, and when it was decided?"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.guidance.documents import in_language
from requests_app.models.case import Case


class RuleReading(models.Model):
    """The findings of one moment, with the version of the rules that found them. Append-only; each sending adds one.

    `findings`: rule, level, clause, compare, field and the sentence in both languages ("en", "fr").
    """

    class Occasion(models.TextChoices):
        SUBMISSION = "submission", _("when it was sent")
        DECISION = "decision", _("when it was decided")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="readings")
    occasion = models.CharField(max_length=12, choices=Occasion.choices)
    rule_set = models.CharField(_("version of the rules"), max_length=24)
    findings = models.JSONField(_("findings"), default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_occasion_display()}"

    @property
    def found(self) -> list[dict[str, Any]]:
        """The findings with their sentence in the reader's language; a row that says nothing is none."""
        told = (row for row in self.findings if isinstance(row, dict))
        return [row | {"sentence": in_language(row["en"], row["fr"])} for row in told]
