"""How a pause, its end and the end of a case are told to the force that holds the request."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from requests_app.models import Extract
from requests_app.models.terms import ENDED
from requests_app.services.made import Made
from requests_app.services.sending import notice

QUIET_ENDS = ("closed",)  # the force took part in these ends, or its own papers name them


def stand_down_at_end(made: Made) -> None:
    """However a case ends, the force that still holds it stands down, without a reason.

    The end of the approved period stands in its papers already; it is told again only when the case ends before it.
    """
    if made.target not in ENDED or made.target == made.case.status or made.target in QUIET_ENDS:
        return
    ends_at = made.case.ends_at
    if made.target == "expired" and ends_at and ends_at < made.now:
        return
    stand_down(made)


def stand_down(made: Made) -> None:
    """The force that holds the request is told that the escort does not take place."""
    notice(made, Extract.Kind.STAND_DOWN)


def suspend(made: Made, **_facts: Any) -> None:
    if not made.reason:
        made.need(_("Say why in a sentence."))
    notice(made, Extract.Kind.SUSPENSION)


def suspend_provider(made: Made, **_facts: Any) -> None:
    """The force reads that the escort is suspended, and nothing of why."""
    notice(made, Extract.Kind.SUSPENSION)


def resume(made: Made, **_facts: Any) -> None:
    """Back to where it was; whatever ended meanwhile is seen by the guards at once."""
    notice(made, Extract.Kind.RESUMPTION)
