"""How a case reaches the force, how the force answers, and how changes, pauses and ends are told to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cmcoord.places.models import Axis
from contacts.models import Force
from requests_app.models import Acknowledgement, ForceReply
from requests_app.services.made import Made
from requests_app.transmission import freeze, new_force_reference, request_content

REPLY_OF = {"accept": "accepted", "limit": "limited", "decline": "declined", "counter": "countered"}


def transmit(made: Made, *, task: str, contact: str = "", **_facts: Any) -> None:
    """Freeze the numbered extract; `task` is what OCHA tells the force in place of the need."""
    if made.line.code == "retransmit" and not made.reason:
        made.need(_("Say which new facts there are."))
    if not task.strip():
        made.need(_("Write what the force is asked to do."))
    case = made.case
    addressee = case.extracts.order_by("-id").first()
    if not case.force_reference or (addressee and addressee.organisation_id != case.provider().organisation_id):
        made.set(force_reference=new_force_reference(case, made.now))
    made.set(transmitted_at=made.now)
    contact = contact or case.station.telephone or case.country.national_unit_telephone
    extract = freeze(case, "request", request_content(case, task=task, contact=contact), by=made.by, at=made.now)
    _note(made, extract)


def _note(made: Made, extract) -> None:
    made.data |= {"extract": extract.number, "extract_kind": extract.kind, "sha256": extract.sha256}


def receive(made: Made, **_facts: Any) -> None:
    """The force acknowledges everything that was sent and not yet acknowledged."""
    waiting = list(made.case.extracts.filter(acknowledgement__isnull=True))
    Acknowledgement.objects.bulk_create(
        Acknowledgement(extract=extract, by=_signer(made), on_behalf=made.on_behalf, at=made.now) for extract in waiting
    )
    made.data["extracts"] = [extract.number for extract in waiting]


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
    **_facts: Any,
) -> None:
    """One of the four replies, under the force's own signature; it acknowledges what it answers."""
    kind = REPLY_OF[made.line.code]
    if kind in ("limited", "countered") and not text.strip():
        made.need(_("Say which limits, or what you propose."))
    if kind == "declined" and decline_reason not in ForceReply.DeclineReason.values:
        made.need(_("Choose the reason."))
    if departure_at and window_to and window_to <= departure_at:
        made.need(_("The window ends before it begins."))
    receive(made)
    extract = made.case.extracts.filter(kind="request").order_by("-id").first()
    ForceReply.objects.create(
        case=made.case,
        extract=extract,
        reply=kind,
        text=text,
        decline_reason=decline_reason if kind == "declined" else "",
        other_force=other_force,
        other_axis=other_axis,
        departure_at=departure_at,
        window_to=window_to,
        at=made.now,
        **made.signature,
    )
    made.data["reply"] = kind
    made.secret["text"] = text


def schedule(
    made: Made,
    *,
    departure_at: datetime,
    rendezvous: str,
    rendezvous_at: datetime,
    leader: str,
    contact: str,
    call_signs: str = "",
    agreed_by_requester: bool = False,
    **_facts: Any,
) -> None:
    """Freeze time, rendezvous, leader and contact. A counter-proposal needs the requester's agreement."""
    case, decision = made.case, made.case.decision
    if case.status == "countered" and not agreed_by_requester:
        made.need(_("The requesting organisation has not agreed to the counter-proposal."))
    if not decision.valid_from <= departure_at <= decision.valid_to:
        made.need(_("The departure lies outside the approved period."))
    if rendezvous_at > departure_at:
        made.need(_("The rendezvous is later than the departure."))
    changes: dict[str, Any] = {"departure_at": departure_at, "leader": leader}
    if case.window_to <= departure_at:
        changes["window_to"] = decision.valid_to
    made.set(**changes)
    made.clocks_changed = True
    content = {
        "departure_at": departure_at.isoformat(),
        "rendezvous": rendezvous,
        "rendezvous_at": rendezvous_at.isoformat(),
        "leader": leader,
        "contact": contact,
        "call_signs": call_signs,
        "vehicles": case.vehicles,
        "rotations": decision.rotations,
    }
    _note(made, freeze(case, "schedule", content, by=made.by, at=made.now))


def change(
    made: Made,
    *,
    departure_at: datetime | None = None,
    window_to: datetime | None = None,
    vehicles: int | None = None,
    leader: str = "",
    **_facts: Any,
) -> None:
    """A change within the approval: date inside the period, vehicles, leader; the force gets a numbered supplement."""
    case, decision = made.case, made.case.decision
    wanted = {"departure_at": departure_at, "window_to": window_to, "vehicles": vehicles, "leader": leader}
    changes = {name: value for name, value in wanted.items() if value and value != getattr(case, name)}
    if not changes:
        made.need(_("Nothing was changed."))
    starts = changes.get("departure_at", case.departure_at)
    ends = changes.get("window_to", case.window_to)
    if "departure_at" in changes and "window_to" not in changes and starts >= ends:
        ends = changes["window_to"] = decision.valid_to
    if not decision.valid_from <= starts <= decision.valid_to or ends > decision.valid_to:
        made.need(_("The dates must stay inside the approved period; ask for an extension instead."))
    if ends <= starts:
        made.need(_("The window ends before it begins."))
    if "departure_at" in changes and starts <= made.now and case.status != "underway":
        made.need(_("The departure is in the past."))
    made.secret["changes"] = "; ".join(f"{name}: {getattr(case, name)} → {value}" for name, value in changes.items())
    made.set(**changes)
    made.clocks_changed = True
    made.data["changed"] = sorted(changes)
    if case.status == "approved":
        return
    content = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in changes.items()}
    _note(made, freeze(case, "supplement", content, by=made.by, at=made.now))


def send_extension(made: Made) -> None:
    """The later end, as a new extract."""
    decision = made.case.decision
    content = {"valid_to": decision.valid_to.isoformat(), "rotations": decision.rotations}
    _note(made, freeze(made.case, "extension", content, by=made.by, at=made.now))


def stand_down(made: Made, **_facts: Any) -> None:
    """Withdrawn, cancelled or denied while suspended: the force that has the request stands down, without a reason."""
    if made.line.code == "cancel" and not made.reason:
        made.need(_("Say why in a sentence."))
    _notice(made, "stand_down")


def suspend(made: Made, **_facts: Any) -> None:
    if not made.reason:
        made.need(_("Say why in a sentence."))
    _notice(made, "suspension")


def resume(made: Made, **_facts: Any) -> None:
    """Back to where it was; whatever ended meanwhile is seen by the guards at once."""
    _notice(made, "resumption")


def _notice(made: Made, kind: str) -> None:
    if made.case.transmitted_at is not None and made.case.decision_id is not None:
        _note(made, freeze(made.case, kind, {}, by=made.by, at=made.now))
