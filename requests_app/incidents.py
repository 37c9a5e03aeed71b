"""Who reads the access incidents that requests drafted? OCHA where the request touches, and the national unit."""

from __future__ import annotations

from django.db.models import Case, Q, When

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from requests_app.models import AccessIncident
from requests_app.visibility import TOUCHED, is_humanitarian

IMPOSED = "imposed"  # the answer by which an organisation says that it is pressed


def visible_to(user):
    """Those of the requests that this person handles: drafts first, then the newest."""
    if not is_humanitarian(user):
        return AccessIncident.objects.none()
    here = Q(case__country__in=scope.countries_for(user, Perm.CLEAR_CASE))
    stations = scope.stations_for(user, Perm.REVIEW_CASE)
    for column in TOUCHED:
        here |= Q(**{f"case__{column}__in": stations})
    answered = Case(When(status=AccessIncident.Status.DRAFT, then=0), default=1)
    rows = AccessIncident.objects.filter(here).order_by(answered, "-id")
    return rows.select_related("case__origin", "case__destination", "case__axis", "case__area", "answered_by")
