"""Which requests may be named in what both sides of a body read? Those that went to every force that sits there."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from cmcoord.activity.barrier import Sensitivity
from cmcoord.meetings.services.preparing import seated_forces
from contacts.models import Body
from requests_app.models import Case, Extract


def of(user, body: Body) -> QuerySet[Case]:
    """The requests that this person sees and of which each force with a seat in the body holds papers; none where no
    force sits (services.preparing.why_not_named asks the same of one request).
    """
    forces = seated_forces(body)
    if not forces:
        return Case.objects.none()
    found = Case.objects.visible_to(user).filter(country=body.country_id).exclude(sensitivity=Sensitivity.STRICT)
    for force in forces:
        found = found.filter(Exists(Extract.objects.filter(case=OuterRef("pk"), organisation=force)))
    return found.order_by("-pk")
