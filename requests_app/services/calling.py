"""How is a telephone call written down? As a contact beside the case; to a force it says a reference alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cmcoord.accounts import limits
from cmcoord.activity import releases
from cmcoord.activity.models import Event
from requests_app import calling, chain, transmission
from requests_app.models import Call
from requests_app.models.chain import ADDRESSEE, TO_FORCE
from requests_app.services.made import Made


def call(made: Made, *, whom: str, note: str = "", called_at: datetime | None = None, **_facts: Any) -> None:
    """Who was called, by function, and when; without a moment, now. It moves nothing and stops no clock."""
    known = calling.targets(made.case, made.by)
    if whom not in known:
        made.need(_("Choose who was called."))
    at = called_at or made.now
    if at > made.now:
        made.need(_("What you record cannot have been said in the future."))
    if made.case.submitted_at and at < made.case.submitted_at:
        made.need(_("The call lies before the request."))
    addressee = int(whom.removeprefix(calling.ADDRESSEE)) if whom.startswith(calling.ADDRESSEE) else None
    paper = transmission.held(made.case) if addressee or whom == calling.FORCE else None
    if paper and at < paper.sent_at.replace(second=0, microsecond=0):  # a form tells the minute
        made.need(_("The call lies before the transmission: the force had no reference yet."))
    if made.by and limits.count("call", str(made.by.pk)) > limits.LIMITS["call"].most:
        made.need(_("You wrote down many calls within this hour; go on later."))
    made.calls.append(
        Call.objects.create(
            case=made.case,
            whom=ADDRESSEE if addressee else whom,
            function=known[whom][:120],
            addressee_id=addressee,
            by=made.by,
            at=at,
            note=note.strip(),
        )
    )
    made.data |= {"called": known[whom], "called_at": at.isoformat()}
    if note.strip():
        made.secret["note"] = note.strip()


def enter_calls(event: Event, made: Made) -> None:
    """What a force was told by telephone: its own reference, and nothing else."""
    for told in made.calls:
        paper = transmission.held(made.case) if told.whom in TO_FORCE else None
        if paper is None:
            continue
        rows = {link.row.addressee_id: link.row for link in chain.links(made.case)}
        row = rows.get(told.addressee_id) if told.addressee_id else None
        releases.enter(
            event,
            what=releases.What.CALL,
            code=event.kind,
            organisation=paper.organisation_id,
            sha256=releases.digest(paper.force_reference),
            recipient_id=row.account_id if row else None,
            function=row.function if row else told.function,
            reference=paper.force_reference,
            at=told.at,
        )
