"""An organisation says that a request was pressed or imposed: OCHA is called, and an access incident drafted.

Nothing of it blocks the filing. OCHA keeps the draft in its own words, or discards it with the reason.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.services import Tell, record
from requests_app import incidents, telling
from requests_app.models import AccessIncident
from requests_app.services.made import Made, Refused, locked
from requests_app.visibility import handles


def draft_if_imposed(made: Made) -> None:
    """At each sending of a request; no query for one that nobody presses for."""
    case = made.case
    if incidents.IMPOSED not in case.risks:
        return
    kind = AccessIncident.Kind.MOVEMENT if case.is_escort else AccessIncident.Kind.INTERFERENCE
    row, new = AccessIncident.objects.get_or_create(case=case, defaults={"kind": kind, "drafted_at": made.now})
    if not new:
        return
    record(
        case,
        "case.call_ocha",
        by=made.by,
        data={"incident": row.pk, "url": row.get_absolute_url(), "duty": telling.duty_lines(case)},
        tell=[Tell(person, "call_back") for person in telling.ocha(case)],
        at=made.now,
    )


def why_not_answer(row: AccessIncident, *, by: User) -> str:
    if not handles(by, row.case):
        return _("Only %(who)s can do this.") % {"who": _("OCHA")}
    if row.case.organisation_id == by.organisation_id:
        return _("You cannot decide a request of your own organisation.")
    return ""


@transaction.atomic
def answer_incident(row: AccessIncident, *, by: User, status: str, text: str) -> AccessIncident:
    """Keep the draft with OCHA's own account of it, or discard it with the reason. Raises Refused."""
    case = locked(row.case)
    row = AccessIncident.objects.select_for_update().get(pk=row.pk)
    row.case = case
    if sentence := why_not_answer(row, by=by):
        raise Refused("right", sentence)
    if row.status != AccessIncident.Status.DRAFT:
        raise Refused("state", _("This draft was answered already: %(state)s.") % {"state": row.get_status_display()})
    if status not in (AccessIncident.Status.KEPT, AccessIncident.Status.DISCARDED) or not text.strip():
        raise Refused("need", _("Keep it with an account of what happened, or discard it with the reason."))
    row.status, row.text, row.answered_by, row.answered_at = status, text.strip(), by, timezone.now()
    row.save(update_fields=["status", "text", "answered_by", "answered_at"])
    kind = "incident.keep" if status == AccessIncident.Status.KEPT else "incident.discard"
    tell = [Tell(person) for person in telling.ocha(case)]
    record(row, kind, by=by, data={"kind": row.kind}, secret={"text": row.text}, tell=tell)
    return row
