"""How rotations are logged by both sides, and how a case is reported and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmcoord.activity.services import record
from requests_app import rotations, telling
from requests_app.models import AfterAction, Condition, RotationLog
from requests_app.services.made import Made


def side_of(made: Made) -> str:
    """On whose side this person logs: the force for its own people, the convoy for all others."""
    person = made.on_behalf.person if made.on_behalf and made.on_behalf.person else made.by
    return RotationLog.Side.FORCE if person.side == "force" else RotationLog.Side.HUMANITARIAN


def log(
    made: Made,
    *,
    happened_at: datetime,
    what: str = RotationLog.What.START,
    number: int | None = None,
    note: str = "",
    is_last: bool = False,
    side: str = "",
    **_facts: Any,
) -> None:
    """One side logs the start, end or abort of one rotation (domain.md §3.1 actual_start, actual_end)."""
    case = made.case
    nameless = made.on_behalf and made.on_behalf.person is None
    side = side if nameless and side in RotationLog.Side.values else side_of(made)  # a person speaks for their own side
    logs = list(case.rotation_logs.all())
    number = number or rotations.next_number(logs, rotations.allowed(case), side)
    if made.line.code == "start":
        what, number = RotationLog.What.START, 1
    if what not in RotationLog.What.values:
        made.need(_("Say whether it started, ended or was aborted."))
    if happened_at > made.now:
        made.need(_("What is logged cannot lie in the future."))
    if case.transmitted_at and happened_at < case.transmitted_at:
        made.need(_("This is earlier than the request reached the force."))
    if what == RotationLog.What.ABORT and not note.strip():
        made.need(_("Say why in a sentence."))
    is_last = is_last and side == RotationLog.Side.HUMANITARIAN
    refused = why_not_log(
        logs, allowed=rotations.allowed(case), number=number, side=side, what=what, happened_at=happened_at
    ) or (why_not_last(logs, number) if is_last else "")
    if refused:
        made.need(refused)
    if happened_at < case.decision.valid_from or happened_at > case.ends_at:
        made.data["outside_period"] = True
    RotationLog.objects.create(
        case=case,
        number=number,
        side=side,
        what=what,
        happened_at=happened_at,
        note=note,
        is_last=is_last,
        by=made.on_behalf.person if made.on_behalf else made.by,
        on_behalf=made.on_behalf,
        at=made.now,
    )
    made.data |= {"rotation": number, "what": what, "side": side}


def why_not_log(
    logs: Sequence[RotationLog], *, allowed: int, number: int, side: str, what: str, happened_at: datetime
) -> str:
    """ "" when this side may log this, else the sentence: each thing once, in the order of the road."""
    What = RotationLog.What
    if number > allowed:
        return ngettext(
            "The approval allows %(count)d rotation.", "The approval allows %(count)d rotations.", allowed
        ) % {"count": allowed}
    known = rotations.standing(logs)
    last = next((rotation.number for rotation in known if rotation.last), None)
    if last and number > last:
        return _("The convoy logged rotation %(number)d as the last one.") % {"number": last}
    if number > 1 and number > max((rotation.number for rotation in known), default=0) + 1:
        return _("Rotation %(number)d has not been logged yet.") % {"number": number - 1}
    own = {log.what: log for log in logs if log.number == number and log.side == side}
    if what in own:
        return _("Your side has logged this already.")
    if what in (What.END, What.ABORT) and (What.END in own or What.ABORT in own):
        return _("Your side has logged the end of this rotation already.")
    if what != What.START and What.START in own and happened_at <= own[What.START].happened_at:
        return _("The end is earlier than the start.")
    over = [own[code] for code in (What.END, What.ABORT) if code in own]
    if what == What.START and over and happened_at >= over[0].happened_at:
        return _("The start is later than the end.")
    return ""


def why_not_last(logs: Sequence[RotationLog], number: int) -> str:
    """The last rotation has no later one."""
    later = max((log.number for log in logs), default=0)
    return _("Rotation %(number)d has been logged already.") % {"number": later} if later > number else ""


def close(
    made: Made,
    *,
    nothing_to_report: bool = False,
    as_approved: str = "",
    conditions_respected: list[dict[str, str]] | None = None,
    deviation: str = "",
    **facts: Any,
) -> None:
    """File the after-action: "as approved, nothing to report" in one tap, else a tick for each condition (§2.12)."""
    case = made.case
    if nothing_to_report and something_happened(case):
        made.need(_("A rotation was aborted or lay outside the approved period: please tell what happened."))
    if nothing_to_report:
        as_approved, conditions_respected, deviation = AfterAction.AsApproved.YES, _all_respected(case), ""
    if as_approved not in AfterAction.AsApproved.values:
        made.need(_("Say whether it was executed as approved."))
    ticks = conditions_respected or []
    if len(ticks) != len(case.decision.condition_labels()):
        made.need(_("Tick every condition."))
    broken = [tick["condition"] for tick in ticks if tick["answer"] == "no"]
    deviated = as_approved != AfterAction.AsApproved.YES or bool(broken)
    if deviated and not deviation.strip():
        made.need(_("Describe the deviation."))
    kept = ("incidents", "perception", "civilian_option_now", "lesson")
    AfterAction.objects.create(
        case=case,
        nothing_to_report=nothing_to_report,
        as_approved=as_approved,
        conditions_respected=ticks,
        deviation=deviation,
        by=made.on_behalf.person if made.on_behalf and made.on_behalf.person else made.by,
        at=made.now,
        **{name: facts[name] for name in kept if name in facts and facts[name] not in (None, "")},
    )
    made.data |= {"as_approved": as_approved, "broken": broken}
    if deviated:
        made.set(deviated=True)
        record(
            case,
            "case.deviation",
            by=made.by,
            data={"as_approved": as_approved, "broken": broken},
            secret={"deviation": deviation},
            tell=telling.audience(case, (("ocha", "read"),)),
            at=made.now,
        )


def something_happened(case) -> bool:
    """An abort or a time outside the approved period is never "nothing to report"."""
    logs = case.rotation_logs.all()
    aborted = any(entry.what == RotationLog.What.ABORT for entry in logs)
    return aborted or any(not case.decision.valid_from <= entry.happened_at <= case.ends_at for entry in logs)


def _all_respected(case) -> list[dict[str, str]]:
    codes = [*case.decision.conditions, *(["text"] if case.decision.condition_text else [])]
    return [{"condition": code, "answer": "yes"} for code in codes if code == "text" or code in Condition.values]


def waive(made: Made, **_facts: Any) -> None:
    """OCHA closes without an after-action, with a reason."""
    if not made.reason:
        made.need(_("Say why in a sentence."))
    AfterAction.objects.create(case=made.case, waived_reason=made.reason[:400], by=made.by, at=made.now)
