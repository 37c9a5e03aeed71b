"""How the alarm about a convoy on the road is raised, and what was decided on it written down."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from requests_app.models import AlarmAnswer, OnBehalf
from requests_app.services.made import Made


def alarm(made: Made, **_facts: Any) -> None:
    """It presses, whatever the hour; the force is told nothing."""
    made.data["urgent"] = True


def answer_alarm(made: Made, *, decided: str, said_by: str, source: str, **_facts: Any) -> None:
    """OCHA writes down what the convoy leader and OCHA decided: continue, turn back or halt."""
    if decided not in AlarmAnswer.Decided.values or source not in OnBehalf.Source.values:
        made.need(_("Choose one from the list."))
    if not (said_by.strip() and made.reason):
        made.need(_("Say who decided so, and why in a sentence."))
    AlarmAnswer.objects.create(
        case=made.case, decided=decided, said_by=said_by.strip(), source=source, reason=made.reason, by=made.by,
        at=made.now,
    )  # fmt: skip
    made.data |= {"what": decided, "said_by": said_by.strip()}
