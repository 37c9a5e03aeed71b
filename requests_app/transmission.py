"""What goes to a force: numbered frozen extracts. The only thing that force pages read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Choices, Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import Organisation
from cmcoord.accounts.roles import Role
from cmcoord.activity.barrier import Side
from cmcoord.places.models import Place
from contacts.models import Force
from requests_app import convoy, disputes
from requests_app.models import (
    Agreement,
    AssetCategory,
    Case,
    Condition,
    Costs,
    EscortMode,
    EscortRule,
    Extract,
    ForceReply,
    Mixed,
    Patients,
    ProviderKind,
    RequestType,
    ReturnLeg,
    SupportLevel,
    Triage,
    Urgency,
)
from requests_app.numbering import next_number
from requests_app.questions import asks
from requests_app.sources import NAMING, check_released, fact, is_agreed


@dataclass(frozen=True)
class Key:
    """One fact that a paper may hold: its name in the reader's language, how it is printed, the labels of its codes."""

    label: Any
    kind: str = "text"  # text, moment, number, flag, code, conditions, telephone, position
    labels: type[Choices] | None = None


# Every fact that may reach a force, in the order of its page; what is not here cannot (domain.md §3.1, §3.2, column
# "Force"). Facts marked Y go as they are; the need (∑) goes as the task that OCHA writes; the number of vehicles goes,
# their list does not. Alternatives, opinions, reasons, risks, neutrality and deliberation have no line.
KEYS: dict[str, Key] = {
    "acknowledge_by": Key(_("Please acknowledge by"), "moment"),
    "reply_by": Key(_("Please reply by"), "moment"),
    "rank": Key(_("Ranked by OCHA (1 comes first)"), "number"),
    "task": Key(_("Task")),
    "asset_category": Key(_("Asset asked for"), "code", AssetCategory),
    "asset_quantity": Key(_("Quantity"), "number"),
    "capability_needed": Key(_("Effect needed")),
    "departure_at": Key(_("Departure"), "moment"),
    "window_to": Key(_("Window until"), "moment"),
    "rendezvous": Key(_("Rendezvous")),
    "rendezvous_position": Key(_("Position of the rendezvous"), "position"),
    "rendezvous_at": Key(_("Rendezvous at"), "moment"),
    "origin": Key(_("From")),
    "origin_position": Key(_("Position of the start"), "position"),
    "destination": Key(_("To")),
    "destination_position": Key(_("Position of the destination"), "position"),
    "axis": Key(_("Axis")),
    "area": Key(_("Area")),
    "rotations": Key(_("Rotations"), "number"),
    "vehicles": Key(_("Vehicles"), "number"),
    "other_organisations": Key(_("Other organisations covered")),
    "staff_of_others": Key(_("Staff of the other organisations"), "number"),
    "leader": Key(_("Convoy leader (civilian)")),
    "road_contact": Key(_("Contact on the road"), "telephone"),
    "call_signs": Key(_("Call signs and channels")),
    "movements_count": Key(_("Humanitarian movements in the period"), "number"),
    "mixed": Key(_("With whom"), "code", Mixed),
    "passenger_count": Key(_("Passengers"), "number"),
    "patients": Key(_("Patients"), "code", Patients),
    "triage": Key(_("Triage category"), "code", Triage),
    "cargo": Key(_("Cargo")),
    "no_weapons": Key(_("No weapon, military item or armed person on board"), "flag"),
    "conditions": Key(_("Conditions"), "conditions", Condition),
    "condition_text": Key(_("Further condition")),
    "valid_from": Key(_("Approved from"), "moment"),
    "valid_to": Key(_("Approved until"), "moment"),
    "decided_as": Key(_("Decided as"), "code", Role),
    "critical_by": Key(_("Becomes critical on"), "moment"),
    "urgency": Key(_("Urgency"), "code", Urgency),
    "request_type": Key(_("Type of request"), "code", RequestType),
    "requesting_organisation": Key(_("Requesting organisation")),
    "exit_plan": Key(_("Exit plan")),
    "contact": Key(_("OCHA on duty"), "telephone"),
    "support_level": Key(_("Level of support"), "code", SupportLevel),
    "provider_kind": Key(_("Kind of provider"), "code", ProviderKind),
    "escort_mode": Key(_("Mode of escort"), "code", EscortMode),
    # The execution sheet, with the schedule and not before
    "convoy_name": Key(_("Name of the convoy")),
    "arrival_at": Key(_("Arrival at the destination"), "moment"),
    "stops": Key(_("Stops on the way"), "lines"),
    "alternative_axis": Key(_("Alternative axis")),
    "return_leg": Key(_("The way back"), "code", ReturnLeg),
    "vehicle_list": Key(_("Vehicles of the convoy"), "lines"),
    "staff": Key(_("People on board, by organisation"), "lines"),
    "drivers": Key(_("Drivers"), "names"),
    "passengers": Key(_("Passengers"), "names"),
    "focal_point": Key(_("Focal point, day and night (function)"), "telephone"),
    "alternate": Key(_("Alternate focal point (function)"), "telephone"),
    "cargo_lines": Key(_("Cargo, line by line"), "lines"),
    "handling": Key(_("Means of loading and unloading")),
    "consignee": Key(_("Who receives the cargo (function)"), "telephone"),
    "cost_arrangement": Key(_("Cost arrangement with the force"), "code", Costs),
    "escort_rules": Key(_("Rules for the escort"), "conditions", EscortRule),
    "escort_distance": Key(_("Distance to be kept, in metres"), "number"),
    "comms_plan": Key(_("How does the convoy keep in touch?")),
    "casevac_plan": Key(_("What happens if somebody is hurt?")),
}
SHEET = (
    "convoy_name", "arrival_at", "stops", "alternative_axis", "return_leg", "vehicle_list", "staff", "drivers",
    "passengers", "focal_point", "alternate", "cargo_lines", "handling", "consignee", "cost_arrangement",
    "escort_rules", "escort_distance", "comms_plan", "casevac_plan",
)  # fmt: skip
ASSESSED = ("support_level", "provider_kind", "escort_mode")
DUE = ("acknowledge_by", "reply_by")
OTHERS = ("other_organisations", "staff_of_others")  # who else travels in the convoy
LOWEST_RANK = 9
RANKED = ("transmitted", "acknowledged")  # while the force's answer is awaited
WITHOUT_SUPPLEMENT = ("approved", "declined")  # a request that follows says everything anew
PROPOSED = ("countered", "limited")  # a reply of the force stands that the requester agrees to, or refuses
PAPERS: dict[str, tuple[str, ...]] = {
    Extract.Kind.REQUEST: (
        *DUE, "rank", "request_type", "urgency", "requesting_organisation", "task", "asset_category",
        "asset_quantity", "capability_needed", "origin", "origin_position", "destination", "destination_position",
        "axis", "area", "departure_at", "window_to", "rotations", "vehicles", "passenger_count", "patients", "triage",
        "movements_count", "mixed", "cargo", *OTHERS,
        "no_weapons", "critical_by", "conditions", "condition_text", "valid_from", "valid_to", "decided_as",
        "exit_plan", "contact", *ASSESSED,
    ),
    Extract.Kind.SCHEDULE: (
        *DUE, "departure_at", "rendezvous", "rendezvous_position", "rendezvous_at", "rotations", "vehicles",
        *OTHERS, "leader", "call_signs", "road_contact", *SHEET,
    ),
    Extract.Kind.SUPPLEMENT: (*DUE, "rank", "departure_at", "window_to", "vehicles", *OTHERS, "leader", *SHEET),
    Extract.Kind.EXTENSION: (*DUE, "valid_to", "rotations"),
    Extract.Kind.SUSPENSION: DUE,
    Extract.Kind.RESUMPTION: DUE,
    Extract.Kind.STAND_DOWN: DUE,
    Extract.Kind.NOT_TAKEN_UP: DUE,
}  # fmt: skip

# Free texts of a paper: OCHA writes or confirms each of them, in the language of the force, before it leaves.
TEXTS: dict[str, tuple[str, ...]] = {
    Extract.Kind.REQUEST: ("task", "capability_needed", "cargo", "exit_plan", "condition_text"),
    Extract.Kind.SCHEDULE: ("rendezvous", "leader", "call_signs", "comms_plan", "casevac_plan", "handling"),
    Extract.Kind.SUPPLEMENT: ("leader", "comms_plan", "casevac_plan", "handling"),
}
COUNTED = (
    "asset_category", "asset_quantity", "vehicles", "passenger_count", "patients", "triage",
)  # fmt: skip  # as they stand in the request
REWRITTEN = ("task",)  # stands in place of a text that the force never reads


def force_path(reference: str) -> str:
    """The address of the force's page for one of its references."""
    return reverse("requests:force_case", args=[reference])


def force_url(case: Case) -> str:
    """The page of the force that has this case now."""
    return force_path(case.force_reference)


def request_content(case: Case, *, texts: dict[str, str], contact: str) -> dict[str, Any]:
    """The frozen facts of an approved request: places, times, number, conditions; never the deliberation.

    `texts` are the released ones; no text of the case itself stands in a paper.
    """
    decision: Any = case.decision
    found = case.assessments.last()
    decision.case = case  # the same, as it stands in this transaction

    def of_case(*names: str) -> dict[str, Any]:
        return {name: fact(case, name) for name in names}

    def of_decision(*names: str) -> dict[str, Any]:
        return {name: fact(decision, name) for name in names}

    places = {name: getattr(case, name) for name in ("origin", "destination") if asks(case, name)}
    content: dict[str, Any] = {
        **of_case("request_type", "urgency", "requesting_organisation"),
        **texts,
        **of_case(*(name for name in COUNTED if asks(case, name))),
        **of_case(*places),
        **positions_of(**places),
        **of_decision(*(name for name in ("axis", "area") if getattr(decision, f"{name}_id"))),
        **of_case("departure_at", "window_to"),
        **of_decision("rotations"),
        **of_case("no_weapons", "critical_by"),
        **convoy.paper_facts(case),
        **of_decision("conditions", "valid_from", "valid_to", "decided_as"),
        "contact": contact,
        **({name: fact(found, name) for name in ASSESSED if getattr(found, name)} if found else {}),
    }
    content["window_to"] = min(content["window_to"], content["valid_to"])
    return {name: _frozen(value) for name, value in content.items()}


def patrol_content(case: Case, *, texts: dict[str, str], contact: str) -> dict[str, Any]:
    """A patrol that is asked for: segment, period, the number of movements, with whom; whose they are only by consent.

    Without the consent to mixed patrols the force reads "UN only" (domain.md §3.6).
    """
    told = ["request_type", "urgency", "departure_at", "window_to", "movements_count"]
    told += [name for name in NAMING if is_agreed(case, name)]
    places = {name: getattr(case, name) for name in ("origin", "destination") if getattr(case, f"{name}_id")}
    content: dict[str, Any] = {
        **{name: fact(case, name) for name in (*told, *places)},
        **positions_of(**places),
        "mixed": Mixed.ACCEPTED if fact(case, "mixed") else Mixed.UN_ONLY,
        "axis": case.axis,
        **texts,
        "contact": contact,
    }
    return {name: _frozen(value) for name, value in content.items()}


def _frozen(value: Any) -> Any:
    """As it stands in a paper: moments and names as text."""
    if isinstance(value, datetime):
        return as_text(value)
    return str(value) if isinstance(value, Model) else value


def positions_of(**places: Place | None) -> dict[str, Any]:
    """Where these places lie, as exactly as a force may know it; a position that nobody verified is not passed on."""
    known = {
        f"{name}_position": place.position_for(Side.FORCE)
        for name, place in places.items()
        if place and place.position_verified
    }
    return {name: position.as_value() for name, position in known.items() if position}


def as_text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def digest(content: dict[str, Any]) -> str:
    """The hash over the canonical form of what was sent."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def freeze(
    case: Case,
    kind: str,
    content: dict[str, Any],
    *,
    to: Organisation | int,
    reference: str,
    by,
    at: datetime,
) -> Extract:
    """Number and freeze one paper for one force. Facts outside the table are a mistake in the code."""
    stray = set(content) - set(PAPERS[kind])
    if stray:
        raise ValueError(f"not for a force: {sorted(stray)}")
    named = [name for name in content if name in NAMING]
    check_released(kind, named, consent=case.consent_force or not named)
    check_released(
        kind, set(content) - set(named), consent=case.consent_force or case.is_patrol, scheduled=_has_schedule(case)
    )
    organisation = to.pk if isinstance(to, Organisation) else to
    sent = Extract.objects.filter(organisation=organisation, force_reference=reference).count()
    return Extract.objects.create(
        case=case,
        organisation_id=organisation,
        force_reference=reference,
        number=sent + 1,
        kind=kind,
        content=content,
        language=Force.objects.language_of(organisation, case.country_id),
        sha256=digest(content),
        sent_by=by,
        sent_at=at,
    )


def _has_schedule(case: Case) -> bool:
    """Was the force that holds this request sent its schedule?"""
    request = addressed(case)
    return any(
        paper.kind == Extract.Kind.SCHEDULE and request and paper.pk > request.pk for paper in case.extracts.all()
    )


def new_force_reference(case: Case, organisation: Organisation, at: datetime) -> str:
    """The force's own running number, which says nothing about requests that it never saw."""
    year = at.astimezone(case.country.zone).year
    series = f"F-{case.country_id}-{year}"
    return f"{series}-{next_number(f'{series}-{organisation.pk}'):03d}"


def addressed(case: Case) -> Extract | None:
    """The newest request that went to a force: it says which force has the case, under which reference."""
    requests = [paper for paper in case.extracts.all() if paper.kind == Extract.Kind.REQUEST]
    return max(requests, key=lambda paper: paper.pk, default=None)


def held(case: Case) -> Extract | None:
    """The request that a force still holds: transmitted, not stood down, and not closed by its own refusal."""
    request = addressed(case)
    if request is None:
        return None
    kinds = {
        paper.kind
        for paper in case.extracts.all()
        if paper.pk > request.pk and paper.organisation_id == request.organisation_id
    }
    if Extract.Kind.STAND_DOWN in kinds:
        return None
    replies = sorted((row for row in case.replies.all() if row.extract_id == request.pk), key=lambda row: row.pk)
    refused = Extract.Kind.NOT_TAKEN_UP in kinds or (replies and replies[-1].reply == ForceReply.Reply.DECLINED)
    if refused and any(move.code == "redecide" and move.at >= request.sent_at for move in case.moves.all()):
        return None
    return request


def rank_of(case: Case) -> int | None:
    """The place in the force's queue that OCHA gave this request last."""
    request = held(case)
    later = [paper for paper in case.extracts.all() if request and paper.pk >= request.pk and "rank" in paper.content]
    return max(later, key=lambda paper: paper.pk).content["rank"] if later else None


def standing_reply(case: Case) -> ForceReply | None:
    """The counter-proposal or the limits that stand now: the newest reply, until the case has moved on."""
    if case.status not in PROPOSED:
        return None
    return max(case.replies.all(), key=lambda row: row.pk, default=None)


def agreement(case: Case) -> Agreement | None:
    """The requester's yes to exactly the reply that stands; a yes to an earlier one no longer counts."""
    reply = standing_reply(case)
    rows = disputes.undisputed(case, case.agreements.all())
    return next((row for row in rows if reply and row.reply_id == reply.pk), None)


def awaiting_receipt(case: Case, *, organisation: int | None, with_request: bool = False) -> list[Extract]:
    """Papers of one force (or of all) that nobody acknowledged.

    While the case is *transmitted* the receipt of the request itself is a step of the case: only `with_request`.
    """
    own_step = addressed(case) if case.status == "transmitted" and not with_request else None
    return [
        paper
        for paper in case.extracts.all()
        if not is_acknowledged(paper)
        and (organisation is None or paper.organisation_id == organisation)
        and paper != own_step
    ]


def is_acknowledged(paper: Extract | None) -> bool:
    """Cheap when the paper was read with its acknowledgement."""
    return getattr(paper, "acknowledgement", None) is not None
