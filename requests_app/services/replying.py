"""How the force acknowledges and answers, and what the others make of its answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cmcoord.activity.models import Reminder
from cmcoord.places.models import Axis
from contacts.models import Force
from requests_app import chain, transmission
from requests_app.models import Acknowledgement, Addressed, Agreement, Extract, ForceReply, Receipt
from requests_app.services import patrolling
from requests_app.services.clocks import current_clocks
from requests_app.services.made import Made, Refused
from requests_app.services.sending import RECEIPT, notice

REPLY_OF = {"accept": "accepted", "limit": "limited", "decline": "declined", "counter": "countered"}


def receive(made: Made, *, seen: int | None = None, numbers: Iterable[int] | None = None, **_facts: Any) -> None:
    """The force acknowledges what was sent to it: everything up to the paper it had `seen`, or these `numbers`."""
    waiting = transmission.awaiting_receipt(
        made.case, organisation=_answering(made), with_request=made.line.moves_status
    )
    unread = [paper for paper in waiting if seen is not None and paper.number > seen]
    if unread and numbers is None:
        raise Refused(
            "state",
            _("Meanwhile OCHA sent paper no. %(number)d. Please read it first.") % {"number": unread[-1].number},
        )
    if numbers is not None:
        waiting = [paper for paper in waiting if paper.number in set(numbers)]
    own = _own_rows(made, seen, numbers)
    if not waiting and not own and made.line.code == "receive":
        made.need(_("Everything that was sent has been acknowledged."))
    Acknowledgement.objects.bulk_create(
        Acknowledgement(extract=paper, by=_signer(made), on_behalf=made.on_behalf, at=made.now) for paper in waiting
    )
    Receipt.objects.bulk_create(
        Receipt(case=made.case, addressed=row, by=_signer(made), on_behalf=made.on_behalf, at=made.now) for row in own
    )
    made.data["extracts"] = [paper.number for paper in waiting]
    keys = [f"{RECEIPT}{paper.pk}.{name}" for paper in waiting for name in ("half", "due")]
    Reminder.objects.open_for(made.case).filter(key__in=keys).update(void_at=made.now)


def _own_rows(made: Made, seen: int | None, numbers: Iterable[int] | None) -> list[Addressed]:
    """What went to the place of the chain that signs: the account's own, or the addressee whom OCHA named."""
    rows = chain.waiting(made.case, seen=seen, numbers=None if numbers is None else set(numbers))
    if made.on_behalf and made.on_behalf.addressee_id:
        return [row for row in rows if row.addressee_id == made.on_behalf.addressee_id]
    signer = _signer(made)
    grant = made.said_under if made.on_behalf else made.grant
    return chain.of_account(rows, signer.pk if signer else None, grant.principal_id if grant else None)


def _answering(made: Made) -> int | None:
    """For which force this receipt or reply is given; without a name, the one that has the request, if it waits."""
    signer = _signer(made)
    if signer is not None:
        return signer.organisation_id
    request = transmission.addressed(made.case)
    waiting = transmission.awaiting_receipt(made.case, organisation=None, with_request=made.line.moves_status)
    organisations = [paper.organisation_id for paper in waiting]
    if request and (request.organisation_id in organisations or not organisations):
        return request.organisation_id
    return organisations[0] if organisations else None


def _signer(made: Made):
    return made.on_behalf.person if made.on_behalf else made.by


def reply(
    made: Made,
    *,
    text: str = "",
    decline_reason: str = "",
    other_force: Force | None = None,
    other_axis: Axis | None = None,
    departure_at: datetime | None = None,
    window_to: datetime | None = None,
    days: Iterable[date] = (),
    seen: int | None = None,
    **_facts: Any,
) -> None:
    """One of the four replies, under the force's own signature; it acknowledges what it answers.

    To a patrol it says on which `days` it goes, all within the period that was asked for.
    """
    kind = REPLY_OF[made.line.code]
    if kind in ("limited", "countered") and not text.strip():
        made.need(_("Say which limits, or what you propose."))
    if kind == "declined" and decline_reason not in ForceReply.DeclineReason.values:
        made.need(_("Choose the reason."))
    if departure_at and window_to and window_to <= departure_at:
        made.need(_("The window ends before it begins."))
    planned = patrolling.days_of(made, days) if made.case.is_patrol and kind != "declined" else []
    receive(made, seen=seen)
    ForceReply.objects.create(
        case=made.case,
        extract=transmission.addressed(made.case),  # type: ignore[misc]  # a force answers what it was sent
        reply=kind,
        text=text,
        decline_reason=decline_reason if kind == "declined" else "",
        other_force=other_force,
        other_axis=other_axis,
        departure_at=departure_at,
        window_to=window_to,
        days=planned,
        at=made.now,
        **made.signature,
    )
    made.data["reply"] = kind
    if planned:
        made.data["days"] = len(planned)
    made.secret["text"] = text


def agree(made: Made, *, reply: int, text: str = "", **_facts: Any) -> None:
    """The requesting organisation says yes to the reply that it has read; OCHA may schedule what was proposed."""
    standing = transmission.standing_reply(made.case)
    if standing is None or standing.pk != reply:
        raise Refused("state", _("Meanwhile the force has answered again. Please read its new reply first."))
    answered = standing.on_behalf.received_at if standing.on_behalf else standing.at
    if made.on_behalf and made.on_behalf.received_at < answered.replace(second=0, microsecond=0):
        made.need(_("What you record was said before the force answered."))
    Agreement.objects.create(case=made.case, reply=standing, text=text.strip(), at=made.now, **made.signature)
    made.data["reply"] = standing.reply
    made.secret["text"] = text.strip()
    made.clocks |= {clock.step: clock.due.isoformat() for clock in current_clocks(made.case)}


def refuse_counter(made: Made, **_facts: Any) -> None:
    """OCHA or the requester do not take the counter-proposal up; the force is told so, without the reason."""
    if not made.reason:
        made.need(_("Say why in a sentence."))
    notice(made, Extract.Kind.NOT_TAKEN_UP)
