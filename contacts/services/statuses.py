"""How does the status of a force come into the register? OCHA proposes, somebody else confirms or rejects."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.services import Tell, record
from cmcoord.places.models import AdminArea
from contacts import keepers, register
from contacts.models import Force, ForceStatus, StatusAnswer
from contacts.signals import status_changed


@transaction.atomic
def propose_status(
    force: Force,
    *,
    by: User,
    status: str,
    basis: str,
    clause: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    area: AdminArea | None = None,
    corrects: ForceStatus | None = None,
    now: dt.datetime | None = None,
) -> ForceStatus:
    """Propose what a force is in an area (None: the country) from a day on. What stops acts at once.

    Raises PermissionDenied, and ValidationError by field; source: ML-POS ¶7, domain.md §3.16.
    """
    grant = keepers.register_right(by, Perm.PROPOSE_STATUS, force.country_id)
    if grant is None:
        raise PermissionDenied(_("Only OCHA of the country proposes the status of a force."))
    Force.objects.select_for_update(no_key=True).only("pk").get(pk=force.pk)  # two proposals at one moment
    new = ForceStatus(
        force=force, area=area, status=status, basis=basis.strip(), clause=clause, valid_from=valid_from,
        valid_to=valid_to, corrects=corrects, proposed_by=by, acting_for_id=grant.principal_id,
        proposed_at=now or timezone.now(),
    )  # fmt: skip
    _check(new)
    new.save(force_insert=True)
    record(
        new, "status.propose", by=by, acting_for=new.acting_for, at=new.proposed_at,
        secret={"status": status, "basis": new.basis},
        tell=[Tell(person, "confirm_status") for person in _others(Perm.CONFIRM_STATUS, new)],
    )  # fmt: skip
    status_changed.send(ForceStatus, status=new, now=new.proposed_at)
    return new


@transaction.atomic
def confirm_status(status: ForceStatus, *, by: User, now: dt.datetime | None = None) -> StatusAnswer:
    """The Humanitarian Coordinator, or a member of the country team, confirms it: now it counts whole."""
    return _answer(status, StatusAnswer.Outcome.CONFIRMED, by=by, reason="", now=now)


@transaction.atomic
def reject_status(status: ForceStatus, *, by: User, reason: str, now: dt.datetime | None = None) -> StatusAnswer:
    """It counts no more; the reason stays beside it."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why in a sentence.")})
    return _answer(status, StatusAnswer.Outcome.REJECTED, by=by, reason=reason.strip(), now=now)


def why_not_answer(status: ForceStatus, by: User) -> str:
    """ "" or why this person does not confirm or reject this row."""
    grant = keepers.register_right(by, Perm.CONFIRM_STATUS, status.force.country_id)
    if grant is None:
        return _("Only the Humanitarian Coordinator and members of the country team confirm the status of a force.")
    if {by.pk, grant.principal_id} & {status.proposed_by_id, status.acting_for_id} - {None}:
        return _("You proposed this; somebody else must confirm it.")
    if status.answered:
        return _("%(name)s has answered this already.") % {"name": status.answered.by}
    return ""


def _answer(status: ForceStatus, outcome: str, *, by: User, reason: str, now: dt.datetime | None) -> StatusAnswer:
    Force.objects.select_for_update(no_key=True).only("pk").get(pk=status.force_id)
    status = ForceStatus.objects.select_related("force", "answer__by", "area").get(pk=status.pk)
    refused = why_not_answer(status, by)
    grant = keepers.register_right(by, Perm.CONFIRM_STATUS, status.force.country_id)
    if grant is None:
        raise PermissionDenied(refused)
    if refused:
        raise ValidationError(refused)
    answer = StatusAnswer.objects.create(
        status=status, outcome=outcome, reason=reason, by=by, acting_for_id=grant.principal_id, capacity=grant.role,
        at=now or timezone.now(),
    )  # fmt: skip
    record(
        status, "status.confirm" if outcome == StatusAnswer.Outcome.CONFIRMED else "status.reject",
        by=by, acting_for=answer.acting_for, at=answer.at, secret={"reason": reason} if reason else None,
        tell=[Tell(person) for person in {status.proposed_by, *_others(Perm.CLEAR_CASE, status)}],
    )  # fmt: skip
    status_changed.send(ForceStatus, status=status, now=answer.at)
    return answer


@transaction.atomic
def open_statuses(country: str, *, by: User, force: Force | None = None) -> None:
    """Ratings are strictly confidential: whoever reads them, of one force or of all, stands in the trail (domain.md
    §4.1)."""
    if not keepers.reads_register(by, country):
        raise PermissionDenied(_("The force register is read by OCHA and the Humanitarian Country Team."))
    record(force or by, "status.open", by=by, stream=country)


def _check(new: ForceStatus) -> None:
    if not (new.basis and new.clause):
        raise ValidationError({"basis": _("Say on what it rests.")})
    if new.area and new.area.country_id != new.force.country_id:
        raise ValidationError({"area": _("This area lies in another country.")})
    if new.valid_to and new.valid_to < new.valid_from:
        raise ValidationError({"valid_to": _("The period ends before it begins.")})
    old = new.corrects
    if old and (old.force_id, old.area_id) != (new.force_id, new.area_id):
        raise ValidationError({"area": _("A correction is about the same force and the same area.")})
    new.full_clean(exclude=["force", "area", "corrects", "proposed_by", "acting_for"])
    rows = register.read(new.force)
    if old and any(row.corrects_id == old.pk for row in rows):
        raise ValidationError(_("This row has been corrected already."))
    same = register.overlapping(rows, new)
    if same:
        since = same.valid_from.isoformat()
        until = same.valid_to.isoformat() if same.valid_to else _("without an end")
        raise ValidationError({"valid_from": _(
            "For this force and area a status stands from %(since)s (until: %(until)s): two periods cannot overlap. "
            "Correct that one, or choose other days."
        ) % {"since": since, "until": until}})  # fmt: skip


def _others(perm: Perm, status: ForceStatus) -> list[User]:
    """Who holds this right in the country, without the proposer; of the humanitarian side alone."""
    found = scope.holders(perm, country=status.force.country_id)
    return [person for person in found if keepers.is_inside(person) and person.pk != status.proposed_by_id]
