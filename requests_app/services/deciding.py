"""How a decision is drafted, made, denied, taken again and extended. Every decision is a row that stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from cmcoord.guidance.clauses import cited_in
from cmcoord.places.models import AdminArea, Axis, folded
from contacts.models import Force
from requests_app import bases, execution_sheet, guards, guidelines, provider
from requests_app.models import (
    Case,
    Condition,
    Decision,
    DecisionDraft,
    DecisionOutcome,
    DenialReason,
    ExtensionRequest,
    RuleReading,
    WrittenConfirmation,
)
from requests_app.services import scheduling
from requests_app.services.made import Made, keep_findings

LONGEST_APPROVAL = timedelta(days=30)
WRITTEN_WITHIN = timedelta(hours=24)  # a decision by word of mouth (domain.md §2.8)
LIMIT_FIELDS = ("force", "axis", "area", "valid_from", "valid_to", "rotations", "conditions", "condition_text")


def limits_errors(
    *,
    now: datetime,
    force: Force | None = None,
    axis: Axis | None = None,
    area: AdminArea | None = None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    rotations: int | None = None,
    conditions: list[str] | None = None,
    condition_text: str = "",
) -> dict[str, str]:
    """What is missing or wrong in the limits of an approval, by field (CAR-CMC §8.6); empty when it can stand."""
    errors = {}
    if force is None:
        errors["force"] = _("Name the provider.")
    elif valid_from and not force.present_on(valid_from.date()):
        errors["force"] = _("This force is not present at that date.")
    if axis is None and area is None:
        errors["axis"] = _("An approval without area is not possible.")
    if valid_from is None or valid_to is None:
        errors["valid_to"] = _("An approval without period is not possible.")
    elif valid_to <= valid_from:
        errors["valid_to"] = _("The period ends before it begins.")
    elif valid_to <= now:
        errors["valid_to"] = _("The period is over already.")
    elif valid_to - valid_from > LONGEST_APPROVAL:
        errors["valid_to"] = _("An approval is valid for 30 days at most.")
    if not rotations or not 1 <= rotations <= 20:
        errors["rotations"] = _("Between 1 and 20 rotations.")
    unknown = [code for code in conditions or [] if code not in Condition.values]
    if unknown or not (conditions or condition_text.strip()):
        errors["conditions"] = _("An approval without conditions is not possible.")
    return errors


def _checked_limits(made: Made, facts: dict[str, Any]) -> dict[str, Any]:
    limits: dict[str, Any] = {name: facts.get(name) for name in LIMIT_FIELDS}
    limits["conditions"] = list(limits["conditions"] or [])
    limits["condition_text"] = (limits["condition_text"] or "").strip()
    if made.case.is_escort:
        limits["area"] = None  # an escort goes along one axis
    errors = limits_errors(now=made.now, **limits)
    if errors:
        made.need(" ".join(errors.values()))
    if outside := _why_outside(made.case, limits):
        made.need(f"{outside} ({cited_in(bases.LIMITED, made.case.country_id)})")
    axis, area = limits["axis"], limits["area"]
    day = limits["valid_from"].astimezone(made.case.country.zone).date()
    places = {"axis": axis.pk if axis else None, "area": area.pk if area else None}
    if ruled_out := guidelines.ruled_out_there(made.case, day=day, **places):
        made.need(f"{ruled_out} ({cited_in(bases.COMMON_POSITION, made.case.country_id)})")
    return limits


def _why_outside(case: Case, limits: dict[str, Any]) -> str:
    """ "" or why these limits approve what was not asked for: another road, or days that were not named."""
    dated = case.departure_at and case.window_to and not case.is_rescue
    if dated and (limits["valid_to"] < case.departure_at or limits["valid_from"] > case.window_to):
        return _("The period touches none of the days that were asked for.")
    if case.is_escort and limits["axis"].pk != case.axis_id:
        proposed = set(case.replies.values_list("other_axis", flat=True))
        if limits["axis"].pk not in {execution_sheet.sheet_of(case).alternative_axis_id, *proposed}:
            return _("This axis was neither asked for nor proposed by the force.")
    return ""


def _exception(made: Made, limits: dict[str, Any], said: str = "") -> str:
    """ "" where the force can be named in these limits; else the words of the Humanitarian Coordinator, who alone lets
    it save lives, in person (domain.md §2.8). Everybody else is refused here, whatever the move.
    """
    names = ("force", "axis", "area", "valid_from", "valid_to")
    if provider.stop_of(made.case, **{name: limits[name] for name in names}) is None:
        return ""
    if made.line.code != "approve" or not provider.may_be_excepted(made.case):
        made.need(provider.cannot_be_named(made.case))
    asked = guards.Asked(made.case, made.by, made.grant, made.now, recorded=made.on_behalf is not None)
    if another := guards.only_in_person(asked):
        made.need(another)
    if not said.strip():
        made.need(_("Say whose lives are in immediate danger, and why no other provider can save them."))
    made.data["exception"] = True
    made.secret["exception_text"] = said.strip()
    return said.strip()


def draft(made: Made, *, recommendation: str, note: str = "", **facts: Any) -> None:
    """The national unit drafts what the Humanitarian Coordinator will sign; a further draft is a further row."""
    if recommendation not in DecisionOutcome.values:
        made.need(_("Recommend to approve or to deny."))
    limits = _checked_limits(made, facts) if recommendation == DecisionOutcome.APPROVED else {}
    if limits and not provider.may_be_excepted(made.case):
        _exception(made, limits)
    if recommendation == DecisionOutcome.DENIED and not note.strip():
        made.need(_("Say why in a sentence."))
    DecisionDraft.objects.create(
        case=made.case, recommendation=recommendation, note=note, by=made.by, at=made.now, **limits
    )
    made.data["recommendation"] = recommendation
    made.secret["note"] = note


def forward(made: Made, **_facts: Any) -> None:
    made.set(forwarded_at=made.now)
    waiting = [row for row in made.case.consultations.all() if row.is_waiting]
    for row in waiting:
        row.lapsed_at = made.now
        row.save(update_fields=["lapsed_at"])
    made.data["no_answer"] = [row.body for row in waiting]


def approve(made: Made, *, oral: bool = False, witness: str = "", exception_text: str = "", **facts: Any) -> None:
    """Approve within limits: no approval without area, period, rotations and conditions (CAR-CMC §8.6, §8.7)."""
    limits = _checked_limits(made, facts)
    latest = provider.newest_draft(made.case)
    as_drafted = latest is not None and all(getattr(latest, name) == limits[name] for name in LIMIT_FIELDS)
    excepted = _exception(made, limits, exception_text)
    decision = _decide(made, DecisionOutcome.APPROVED, as_drafted=as_drafted, reason=made.reason, oral=oral,
                       witness=witness, exception_text=excepted, **limits)  # fmt: skip
    made.set(decision=decision, ends_at=decision.valid_to)
    made.data |= {
        "decision": decision.pk,
        "as_drafted": as_drafted,
        "valid_to": decision.valid_to.isoformat(),
        "rotations": decision.rotations,
    }


def deny(made: Made, *, reason_code: str, oral: bool = False, witness: str = "", **_facts: Any) -> None:
    """Deny with reason code and text; a suspended case that went to the force sends the stand-down."""
    if reason_code not in DenialReason.values or not made.reason:
        made.need(_("A denial needs a reason and a sentence."))
    # With the axis asked for, so that the next request on it finds this denial among the last decisions.
    _decide(
        made,
        DecisionOutcome.DENIED,
        reason_code=reason_code,
        reason=made.reason,
        axis=made.case.axis,
        area=made.case.area,
        oral=oral,
        witness=witness,
    )
    made.data["reason_code"] = reason_code


def approve_orally(made: Made, *, witness: str = "", **facts: Any) -> None:
    """Approve a rescue by word of mouth, within the same limits; the writing follows within 24 hours."""
    approve(made, **facts, **_by_word(made, witness))
    made.data["oral"] = True


def deny_orally(made: Made, *, witness: str = "", **facts: Any) -> None:
    deny(made, **facts, **_by_word(made, witness))
    made.data["oral"] = True


def _by_word(made: Made, witness: str) -> dict[str, Any]:
    """What a decision by word of mouth adds; OCHA names a witness who is neither the recorder nor the decider."""
    made.set(writing_due_at=made.now + WRITTEN_WITHIN)
    if made.on_behalf is None:
        return {"oral": True}
    if not witness.strip():
        made.need(_("Name the witness: who else heard it, beside you."))
    known = {folded(str(person.name)).strip() for person in (made.by, made.on_behalf.person) if person}
    if folded(witness).strip() in known:
        made.need(_("The witness is neither the one who decides nor the one who records it."))
    return {"oral": True, "witness": witness.strip()}


def confirm_in_writing(made: Made, **_facts: Any) -> None:
    """The decision stands in writing from now on; what OCHA recorded of it is confirmed with it."""
    decision: Any = guards.oral_decision(made.case)
    grant: Any = made.grant
    WrittenConfirmation.objects.create(
        decision=decision,
        case=made.case,
        by=made.by,
        capacity=grant.role,
        acting_for_id=grant.principal_id,
        text=made.reason,
        at=made.now,
    )
    record = decision.on_behalf
    if record is not None and record.awaits_confirmation:
        record.confirmed_at = made.now
        record.save(update_fields=["confirmed_at"])
        made.tell(record.recorded_by)
    made.set(writing_due_at=None)
    made.clocks_changed = True
    made.data |= {"decision": decision.pk, "late": made.now > decision.decided_at + WRITTEN_WITHIN}


def _decide(made: Made, outcome: str, **values: Any) -> Decision:
    decider: Any = made.on_behalf.person if made.on_behalf else made.by
    own = decider.organisation_id == made.case.organisation_id
    made.data["own_organisation"] = own
    signature = made.signature
    capacity = signature.pop("capacity") or "hc"
    right = made.signed_under
    signature.pop("by")
    keep_findings(made, RuleReading.Occasion.DECISION)
    return Decision.objects.create(
        case=made.case,
        country_id=made.case.country_id,
        outcome=outcome,
        decided_by=decider,
        capacity=capacity,
        own_organisation=own,
        delegation_id=right.delegation_id if right else None,
        decided_at=made.now,
        **signature,
        **values,
    )


def redecide(made: Made, **_facts: Any) -> None:
    """Back to the Humanitarian Coordinator: another provider, another area, or limits outside the approval."""
    if not made.reason:
        made.need(_("Say what has to be decided again."))
    made.set(decision=None, ends_at=None)


def request_extension(made: Made, *, until: datetime, rotations: int, **_facts: Any) -> None:
    """Asked before the end; the decision stands beside the status."""
    if not made.reason:
        made.need(_("Say why in a sentence."))
    _check_extension(made, until, rotations)
    ExtensionRequest.objects.create(
        case=made.case, until=until, rotations=rotations, reason=made.reason, asked_by=made.by, asked_at=made.now
    )


def _check_extension(made: Made, until: datetime, rotations: int) -> None:
    """An extension makes an approval longer, never shorter; looked at again when it is decided."""
    decision = made.case.decision
    if until <= made.case.ends_at:
        made.need(_("The new end must be later than the present one."))
    if until - decision.valid_from > LONGEST_APPROVAL:
        made.need(_("An approval is valid for 30 days at most."))
    if not decision.rotations <= rotations <= 20:
        made.need(_("The rotations cannot become fewer, nor more than 20."))


def extend(made: Made, **_facts: Any) -> None:
    """A new Decision row with the later end; the force gets it as a new extract if it has the request."""
    asked = made.case.extension_requests.select_for_update().get(decision__isnull=True)
    old = made.case.decision
    _check_extension(made, asked.until, asked.rotations)
    limits = {name: getattr(old, name) for name in LIMIT_FIELDS} | {
        "valid_to": asked.until,
        "rotations": asked.rotations,
    }
    _exception(made, limits)
    decision = _decide(made, DecisionOutcome.APPROVED, kind=Decision.Kind.EXTENSION, reason=made.reason, **limits)
    asked.decision = decision
    asked.save(update_fields=["decision"])
    made.set(decision=decision, ends_at=decision.valid_to)
    made.data |= {"decision": decision.pk, "valid_to": decision.valid_to.isoformat()}
    scheduling.send_extension(made)


def refuse_extension(made: Made, **_facts: Any) -> None:
    """The old end holds."""
    if not made.reason:
        made.need(_("Say why in a sentence."))
    asked = made.case.extension_requests.select_for_update().get(decision__isnull=True)
    asked.decision = _decide(
        made,
        DecisionOutcome.DENIED,
        kind=Decision.Kind.EXTENSION,
        reason_code=DenialReason.OTHER,
        reason=made.reason,
    )
    asked.save(update_fields=["decision"])
