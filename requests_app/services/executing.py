"""How rotations are logged by both sides, and how a case is reported and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmcoord.activity.services import record
from requests_app import rotations, telling
from requests_app.models import HAPPENED, AfterAction, Condition, RotationLog
from requests_app.services.made import Made, Refused
from requests_app.signed import conditions_of
from requests_app.transmission import force_url


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
    logs = rotations.standing_logs(case.rotation_logs.all())
    number = number or rotations.next_number(logs, rotations.allowed(case), side)
    if made.line.code == "start":
        what, number = RotationLog.What.START, 1
    is_last = is_last and side == RotationLog.Side.HUMANITARIAN
    new = RotationLog(
        case=case, number=number, side=side, what=what, happened_at=happened_at, note=note, is_last=is_last
    )
    _write(made, new, beside=logs)


def correct(
    made: Made,
    *,
    log: int,
    what: str,
    number: int | None = None,
    happened_at: datetime | None = None,
    note: str = "",
    is_last: bool = False,
    **_facts: Any,
) -> None:
    """A side corrects what it logged: the wrong row stays, and a new one says what holds instead, and why."""
    logs = rotations.standing_logs(made.case.rotation_logs.all())
    wrong = next((row for row in logs if row.pk == log), None)
    if wrong is None:
        raise Refused("state", _("This log was corrected meanwhile. Please look at it as it is now."))
    nameless = made.on_behalf and made.on_behalf.person is None
    if not nameless and side_of(made) != wrong.side:
        made.need(_("Only the side that logged this can correct it."))
    if not made.reason:
        made.need(_("Say why in a sentence."))
    if made.case.status != "underway" and (what != wrong.what or number not in (None, wrong.number)):
        made.need(
            _("The movement has ended: its hours and remarks can be corrected; tell the rest in the after-action.")
        )
    if made.case.status != "underway":
        is_last = wrong.is_last
    new = RotationLog(
        case=made.case,
        number=number or wrong.number,
        side=wrong.side,
        what=what,
        happened_at=happened_at or wrong.happened_at,
        note=note,
        is_last=is_last and wrong.side == RotationLog.Side.HUMANITARIAN,
        corrects=wrong,
        reason=made.reason[:400],
    )
    _write(made, new, beside=[row for row in logs if row != wrong])


def _write(made: Made, new: RotationLog, *, beside: Sequence[RotationLog]) -> None:
    """Save one log if it agrees with what stands beside it; that the two sides disagree is flagged, never refused."""
    case = made.case
    if new.what != RotationLog.What.NOTHING:
        _check(made, new, beside)
    elif new.corrects is None:
        made.need(_("Say whether it started, ended or was aborted."))
    if new.happened_at < case.decision.valid_from or new.happened_at > case.ends_at:
        made.data["outside_period"] = True
    new.by = made.on_behalf.person if made.on_behalf else made.by
    new.on_behalf, new.at = made.on_behalf, made.now
    new.save()
    made.data |= {"rotation": new.number, "what": new.what, "side": new.side}
    before = [*beside, *filter(None, [new.corrects])]
    known, now = (rotations.contradictions(logs) for logs in (before, rotations.standing_logs([*beside, new])))
    if case.status == "underway" and set(now) - set(known):
        made.data["contradicts"] = True


def _check(made: Made, new: RotationLog, beside: Sequence[RotationLog]) -> None:
    allowed = rotations.allowed(made.case)
    if new.what not in dict(HAPPENED):
        made.need(_("Say whether it started, ended or was aborted."))
    if new.happened_at > made.now:
        made.need(_("What is logged cannot lie in the future."))
    if made.case.transmitted_at and new.happened_at < made.case.transmitted_at:
        made.need(_("This is earlier than the request reached the force."))
    if new.what == RotationLog.What.ABORT and not new.note.strip():
        made.need(_("Say why in a sentence."))
    refused = why_not_log(
        beside, allowed=allowed, number=new.number, side=new.side, what=new.what, happened_at=new.happened_at
    ) or (why_not_last(beside, new.number) if new.is_last else "")
    if refused:
        made.need(refused)


def tell_contradiction(made: Made) -> None:
    """The two sides logged different ends: OCHA is called to have one of them corrected; until then nothing ends."""
    case = made.case
    data = {"rotation": made.data["rotation"], "timezone": case.country.timezone, "duty": telling.duty_lines(case)}
    if case.force_reference:
        data |= {"force_reference": case.force_reference, "force_url": force_url(case)}
    tells = telling.audience(case, (("ocha", "act"), ("requester", ""), ("force", "")))
    record(case, "case.contradiction", by=None, data=data, tell=tells, at=made.now)


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
    logs = rotations.standing_logs(case.rotation_logs.all())
    aborted = any(entry.what == RotationLog.What.ABORT for entry in logs)
    return aborted or any(not case.decision.valid_from <= entry.happened_at <= case.ends_at for entry in logs)


def _all_respected(case) -> list[dict[str, str]]:
    codes = [code for code, _words in conditions_of(case.decision)]
    return [
        {"condition": code, "answer": "yes"} for code in codes if code.startswith("text") or code in Condition.values
    ]


def waive(made: Made, **_facts: Any) -> None:
    """OCHA closes without an after-action, with a reason."""
    if not made.reason:
        made.need(_("Say why in a sentence."))
    AfterAction.objects.create(case=made.case, waived_reason=made.reason[:400], by=made.by, at=made.now)
