"""The life of a body: every step, who may make it, and "" or why not. Nothing leads out of "closed"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from contacts import keepers
from contacts.models import Body

S = Body.Stage


@dataclass(frozen=True)
class Step:
    """One step of a body's life: from which stages, to which, and what its button says."""

    name: str
    sources: tuple[str, ...]
    target: str
    label: Any
    kind: str = "line"


STEPS = (
    Step("activate", (S.PROPOSED, S.DORMANT), S.ACTIVE, pgettext_lazy("body", "Let it meet")),
    Step("rest", (S.ACTIVE,), S.DORMANT, pgettext_lazy("body", "Let it rest")),
    Step("close", (S.PROPOSED, S.ACTIVE, S.DORMANT), S.CLOSED, pgettext_lazy("body", "Close it"), "danger"),
)
BY_NAME = {step.name: step for step in STEPS}


def why_not(body: Body, name: str, user) -> str:
    """ "" or why this person cannot make this step with this body now."""
    step = BY_NAME[name]
    if not keepers.leads_bodies(user, body.country_id):
        return _("Only the national unit of OCHA changes the stage of a body.")
    if body.stage not in step.sources:
        return _("This body is %(stage)s now.") % {"stage": body.get_stage_display()}
    if step.target == S.CLOSED and body.children.standing().exists():
        return _("Other bodies belong to this one: close them first, or let them belong elsewhere.")
    return ""


def choices(body: Body, user) -> list[dict[str, Any]]:
    """The steps from here, as buttons; those refused say why."""
    return [
        {"name": step.name, "label": step.label, "kind": step.kind, "why": why_not(body, step.name, user)}
        for step in STEPS
        if body.stage in step.sources
    ]
