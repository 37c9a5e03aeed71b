"""What must hold once a force has the request: on the road, on patrol, for longer? (see also requests_app.guards)"""

from __future__ import annotations

from django.utils.translation import gettext as _

from cmcoord.accounts.roles import Perm
from requests_app import chain, patrols, rotations, transmission
from requests_app.guards import Asked
from requests_app.models import RotationLog


def patrols_may_be_logged(asked: Asked) -> str:
    """A patrol is logged once it is planned, and until shortly after the period that was asked for."""
    if asked.case.departure_at and asked.now < asked.case.departure_at:
        return _("The period has not begun yet.")
    if asked.case.ends_at and asked.now > asked.case.ends_at:
        return _("The period is over; tell OCHA which patrols were done.")
    return ""


def patrols_over(asked: Asked) -> str:
    return "" if asked.case.ends_at and asked.now > asked.case.ends_at else _("The period is not over yet.")


def a_patrol_to_correct(asked: Asked) -> str:
    return "" if patrols.done(asked.case.patrols.all()) else _("Your side has logged nothing yet.")


def still_with_this_force(asked: Asked) -> str:
    """A force that had the request before another one may acknowledge what it gets, no more."""
    if asked.grant is None or asked.grant.perm != Perm.ANSWER_AS_FORCE:
        return ""
    request = transmission.held(asked.case)
    if request and request.organisation_id == asked.grant.organisation_id:
        return ""
    return _("This request is no longer with your force.")


def something_to_receive(asked: Asked) -> str:
    """A force acknowledges its own papers; the receipt of the request itself is a step of its own."""
    as_force = asked.grant if asked.grant and asked.grant.perm == Perm.ANSWER_AS_FORCE else None
    waiting = transmission.awaiting_receipt(asked.case, organisation=as_force.organisation_id if as_force else None)
    rows = chain.waiting(asked.case)
    own = chain.of_account(rows, as_force.user_id, as_force.principal_id) if as_force else rows
    return "" if waiting or own else _("Everything that was sent has been acknowledged.")


def no_open_extension(asked: Asked) -> str:
    if any(row.decision_id is None for row in asked.case.extension_requests.all()):
        return _("An extension has been asked for already and is not decided yet.")
    return ""


def open_extension(asked: Asked) -> str:
    if any(row.decision_id is None for row in asked.case.extension_requests.all()):
        return ""
    return _("No extension has been asked for.")


def before_the_end(asked: Asked) -> str:
    """An extension is asked and decided before the end; afterwards a new request is needed."""
    if asked.case.ends_at and asked.now > asked.case.ends_at:
        return _("The approval has ended; please file a new request.")
    return ""


def within_period(asked: Asked) -> str:
    """Execution outside the approved period is refused (CAR-CMC §8.6)."""
    decision = asked.case.decision
    if decision and asked.now < decision.valid_from:
        return _("The approved period has not begun yet.")
    return before_the_end(asked)


def something_to_correct(asked: Asked) -> str:
    """A side corrects what it logged itself; OCHA takes down the correction of either."""
    logs = rotations.standing_logs(asked.case.rotation_logs.all())
    as_force = bool(asked.grant and asked.grant.perm == Perm.ANSWER_AS_FORCE)
    own = RotationLog.Side.FORCE if as_force else RotationLog.Side.HUMANITARIAN
    if any(asked.recorded or log.side == own for log in logs):
        return ""
    return _("Your side has logged nothing yet.")


def last_rotation_ended(asked: Asked) -> str:
    if rotations.outcome(asked.case) == "completed":
        return ""
    if rotations.contradictions(rotations.standing_logs(asked.case.rotation_logs.all())):
        return _("The two sides logged different ends; one of them has to be corrected first.")
    return _("The end has not been logged by both sides yet.")


def last_rotation_aborted(asked: Asked) -> str:
    if rotations.outcome(asked.case) == "aborted":
        return ""
    return _("Rotations are left.")
