"""What stands between the inputs of a request: included templates, hints with their rule, findings."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cmcoord.guidance.clauses import cited_in
from cmcoord.guidance.clauses import url_of as clause_url
from requests_app import guidelines
from requests_app.questions import Question


class Included(LayoutObject):
    """A template of this app between the questions; it sees the page's context and what is given here."""

    def __init__(self, template: str, **given):
        self.template, self.given, self.fields = template, given, []

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs) -> SafeString:
        return render_to_string(self.template, {**context.flatten(), "form": form, **self.given})


def clause_link(key: str) -> SafeString:
    return format_html('<a class="cite" href="{}">{}</a>', clause_url(key), key)


def hint_of(question: Question, country: str) -> SafeString | str:
    """The hint with the link to the rule for which the question is asked in this country."""
    clause = cited_in(question.clause, country)
    return format_html("{} {}", question.hint, clause_link(clause)) if clause else str(question.hint)


def as_find(finding: guidelines.Finding) -> dict[str, Any]:
    """A finding as components/finds.html shows it."""
    return {
        "level": finding.level,
        "title": finding.sentence,
        "clause": finding.clause,
        "clause_url": clause_url(finding.clause),
        "compare": [(key, clause_url(key)) for key in finding.compare],
    }


def as_kept(row: dict[str, Any]) -> dict[str, Any]:
    """The same of a finding as it was kept (models.RuleReading)."""
    compare = [(key, clause_url(key)) for key in row["compare"]]
    return {"level": row["level"], "title": row["sentence"], "clause": row["clause"],
            "clause_url": clause_url(row["clause"]), "compare": compare}  # fmt: skip
