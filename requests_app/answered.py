"""How is one answer of a request printed?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cmcoord.ui.templatetags.ui import when
from requests_app import last_resort
from requests_app.models import Case
from requests_app.questions import NOT_KNOWN_YET, Question


def answer_to(case: Case, question: Question) -> Any:
    """One answer as the page prints it."""
    value = getattr(case, question.field)
    if question.field == "risks":
        return last_resort.in_words(value)
    if question.field == "force" and value is None and not case.imported:
        return NOT_KNOWN_YET
    if display := getattr(case, f"get_{question.field}_display", None):
        return display()
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    if isinstance(value, datetime):
        return when(value, "long", case.country.timezone)
    return value
