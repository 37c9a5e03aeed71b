"""Who reads the access incidents that requests drafted? OCHA where the request touches, and the national unit."""

from __future__ import annotations

from django.db.models import Q

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from requests_app.models import AccessIncident
from requests_app.visibility import TOUCHED, is_humanitarian

IMPOSED = "imposed"  # the answer by which an organisation says that it is pressed


def visible_to(user):
    """Those of the requests that this person handles, newest first."""
    if not is_humanitarian(user):
        return AccessIncident.objects.none()
    here = Q(case__country__in=scope.countries_for(user, Perm.CLEAR_CASE))
    stations = scope.stations_for(user, Perm.REVIEW_CASE)
    for column in TOUCHED:
        here |= Q(**{f"case__{column}__in": stations})
    rows = AccessIncident.objects.filter(here)
    return rows.select_related("case__origin", "case__destination", "case__axis", "case__area", "answered_by")
