"""Which other requests ask for the same: the same axis in the same days, or the same cargo? One bounded query."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.activity.barrier import Sensitivity
from requests_app.models import Case
from requests_app.models.terms import UNDECIDED
from requests_app.visibility import handles

SHOWN = 5


@dataclass(frozen=True)
class Duplicate:
    """Another request beside this one, and what is the same."""

    case: Case
    same_axis: bool
    same_cargo: bool


def of(case: Case, user) -> list[Duplicate]:
    """The nearest by departure, of those that this person sees; of a strictly confidential request none."""
    cargo = case.cargo.strip()
    same = _same_way(case) | (Q(cargo__iexact=cargo) if cargo else Q(pk__in=[]))
    if case.sensitivity == Sensitivity.STRICT or not handles(user, case):
        return []
    rows = Case.objects.visible_to(user).filter(same, country=case.country_id, status__in=UNDECIDED)
    rows = rows.exclude(pk=case.pk).exclude(sensitivity=Sensitivity.STRICT).exclude(follows__isnull=False)
    names = ("organisation", "origin", "destination", "axis", "area", "station", "country")
    found = list(rows.select_related(*names).order_by("departure_at", "pk")[:SHOWN])
    for each in found:
        each.seen_by = user.pk
    return [Duplicate(each, _overlap(case, each), _same_cargo(case, each)) for each in found]


def _same_way(case: Case) -> Q:
    if not (case.axis_id and case.departure_at and case.window_to):
        return Q(pk__in=[])
    return Q(axis=case.axis_id, departure_at__lte=case.window_to, window_to__gte=case.departure_at)


def _overlap(case: Case, other: Case) -> bool:
    if not (case.axis_id and case.axis_id == other.axis_id and case.departure_at and other.departure_at):
        return False
    return other.departure_at <= case.window_to and other.window_to >= case.departure_at


def _same_cargo(case: Case, other: Case) -> bool:
    cargo = case.cargo.strip().lower()
    return bool(cargo) and cargo == other.cargo.strip().lower()


def are_the_same(case: Case, other: Case) -> bool:
    """The same axis in the same days, or the same cargo."""
    return _overlap(case, other) or _same_cargo(case, other)


def consent_missing(*cases: Case) -> str:
    """ "" or why the organisations are not told of each other: each must have agreed that partners read its request."""
    if all(case.consent_partners for case in cases):
        return ""
    return _(
        "One of the organisations has not consented that humanitarian partners read its request: call it first. "
        "Nothing was told to either."
    )
