"""Of which organisations does a convoy consist, what are they together, and who sees whose part?

Each organisation sees its own part; of the others the one that asks reads names and sums. OCHA and the Humanitarian
Coordinator see every part.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import SIDE_OF_TYPE, Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity, Side, Stage, released
from requests_app import listed
from requests_app.models import Case, Participation
from requests_app.visibility import handles, is_humanitarian

State = Participation.State
# Who joins must be known before the Humanitarian Coordinator decides; one leaves until the escort is scheduled.
JOINED_IN = ("draft", "submitted", "reviewing", "returned", "clearing")
LEFT_IN = (
    *JOINED_IN, "deciding", "approved", "transmitted", "acknowledged", "accepted", "limited", "declined", "countered",
)  # fmt: skip
MOST_WAITING = 20  # invitations on the first page
OPEN_STATES = (State.ASKED, State.JOINED)


@dataclass(frozen=True)
class Totals:
    """Sums over the whole convoy; `staff` is that of the organisations that joined."""

    vehicles: int
    staff: int
    organisations: tuple[str, ...]


def joined(case: Case) -> list[Participation]:
    return [row for row in case.participations.all() if row.state == State.JOINED]


def un_travels(case: Case) -> bool:
    """UN staff or assets, of the organisation that asks or of one that joined: UNDSS is asked (IASC-AE §V.3)."""
    return bool(case.un_on_board) or any(row.organisation.is_un for row in joined(case))


def totals(case: Case) -> Totals:
    """What the force is told of the convoy as a whole."""
    rows = joined(case)
    return Totals(
        vehicles=(case.vehicles or 0) + sum(row.vehicles or 0 for row in rows),
        staff=sum(row.staff or 0 for row in rows),
        organisations=tuple(sorted(str(row.organisation) for row in rows)),
    )


def paper_facts(case: Case) -> dict[str, Any]:
    """The convoy as a whole, for a paper: the others are named only where there are any, or were before."""
    found, rows = totals(case), joined(case)
    named = any("other_organisations" in paper.content for paper in case.extracts.all())
    if not rows and not named:
        return {}
    names = sorted(str(_told(row, "organisation")) for row in rows)
    sums = {name: [_told(row, name, getattr(found, name)) for row in rows] for name in ("vehicles", "staff")}
    return {
        "vehicles": max(sums["vehicles"], default=found.vehicles),
        "other_organisations": ", ".join(names) or "–",
        "staff_of_others": max(sums["staff"], default=0),
    }


def _told(row: Participation, name: str, instead: Any = None) -> Any:
    """What a force may have of one part, by its line and with the consent of that organisation: no number but a sum."""
    return released(row, name, to=Side.FORCE, stage=Stage.TRANSMITTED, instead=instead, consent=row.consent_force)


def sees_parts(user, case: Case) -> bool:
    """Every part: OCHA at the stations of the convoy, the national unit, and the coordinator once it was forwarded."""
    if case.submitted_at is None:
        return False
    return handles(user, case) or bool(case.forwarded_at) and scope.has_perm(user, Perm.DECIDE_CASE, case)


def answers_for(user, row: Participation) -> bool:
    """Whoever files for the organisation that was asked, wherever in the country they are based."""
    here = (row.organisation_id, row.case.country_id)
    return is_humanitarian(user) and any(
        grant.perm == Perm.FILE_CASE and (grant.organisation_id, grant.country) == here for grant in scope.grants(user)
    )


def reads_way(row: Participation) -> bool:
    """The way and the days: whoever travels, and whoever may still join. The decision is for who travels."""
    return row.state == State.JOINED or (row.state == State.ASKED and row.case.status in JOINED_IN)


def heading(row: Participation) -> str:
    """What its page and the lists call a convoy of others; whoever reads the way no more reads no ends of it."""
    return row.case.title if reads_way(row) else _("A convoy of %(name)s") % {"name": row.case.organisation}


def people_of(row: Participation) -> list[User]:
    """Who hears of an invitation: everybody who may answer it."""
    return scope.holders(Perm.FILE_CASE, organisation=row.organisation_id, country=row.case.country_id)


def sees(user, row: Participation) -> bool:
    return is_humanitarian(user) and (answers_for(user, row) or sees_parts(user, row.case))


def of_organisations(user):
    """The convoys that the organisations of this person were asked to join, newest first."""
    pairs = {(g.organisation_id, g.country) for g in scope.grants(user) if g.perm == Perm.FILE_CASE}
    rows = Participation.objects.none()
    for organisation, country in pairs if is_humanitarian(user) else ():
        rows = rows | Participation.objects.filter(organisation=organisation, case__country=country)
    rows = rows.exclude(case__sensitivity=Sensitivity.STRICT).exclude(state=State.TAKEN_BACK)
    return rows.select_related(
        "case__organisation",
        "case__origin",
        "case__destination",
        "case__axis",
        "case__area",
        "case__station",
        "organisation",
    )


def waiting_for(user) -> list[Participation]:
    """The convoys that this person's organisation is asked to join, and has not answered while it still can."""
    rows = asked_of(user).order_by("case__departure_at", "pk")
    rows = rows.select_related(None).select_related("case")[:MOST_WAITING]  # mostly none: names are read where some are
    found = [row for row in rows if answers_for(user, row)]
    named = {case.pk: case for case in listed.of_keys({row.case_id for row in found})}
    for row in found:
        row.case = named[row.case_id]
    return found


def asked_of(user, now: dt.datetime | None = None):
    """The open questions to this person's organisations, as a queryset."""
    rows = of_organisations(user).filter(state=State.ASKED, case__status__in=JOINED_IN)
    return rows.exclude(case__window_to__lt=now or timezone.now())


def may_be_asked(case: Case):
    """Other humanitarian organisations of the country that are not in the convoy yet."""
    there = case.participations.filter(state__in=OPEN_STATES).values("organisation")
    rows = Organisation.objects.filter(countries=case.country_id, active=True).exclude(org_type__in=SIDE_OF_TYPE)
    return rows.exclude(pk=case.organisation_id).exclude(pk__in=there).order_by("acronym")
