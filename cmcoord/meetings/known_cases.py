"""Which requests may be named in what a whole table reads, and who reads which of them afterwards?

A request is named where every organisation that sits in the body and reads its joint text may know of it: a force that
holds papers of it, the organisation that asks, OCHA, who was consulted, and the humanitarians of the place where OCHA
opened it to them. The mission's civilians and donors know of no request. Who takes a seat later reads "a request".
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity, Side
from cmcoord.meetings.models import Minutes, MinutesDecision
from contacts.models import Body, Sitting
from requests_app.models import Case, Consultation, Extract
from requests_app.visibility import OPENED, SHARED, TOUCHED

READING = (Side.HUMANITARIAN, Side.FORCE, Side.MISSION_CIVILIAN, Side.DONOR)  # who of a table has the joint text at all
CONSULTED = {Organisation.Type.UNDSS: "undss", Organisation.Type.SECURITY_NGO: "ngo_adviser"}
HIDDEN = "?"  # in place of a reference that the reader may not know; no reference reads so


def of(user, body: Body) -> QuerySet[Case]:
    """The requests that this person sees and that may be named in this body; none where no force sits."""
    seated = _seated(body)
    if not any(row.side == Side.FORCE for row in seated):
        return Case.objects.none()
    found = Case.objects.visible_to(user).filter(country=body.country_id).exclude(sensitivity=Sensitivity.STRICT)
    keepers = _ocha(body)
    for organisation in seated:
        if organisation.pk not in keepers:
            found = found.filter(_knows(organisation, body))
    return found.order_by("-pk")


def why_not_named(body: Body, case: Case) -> str:
    """ "" or why a request is not named in what this table reads, with the organisations that may not know of it."""
    if case.country_id != body.country_id or case.sensitivity == Sensitivity.STRICT:
        return _("This request cannot be named here.")
    seated, one = _seated(body), Case.objects.filter(pk=case.pk)
    keepers = _ocha(body)
    if not any(row.side == Side.FORCE for row in seated):
        return _("No force that knows this request sits in this body: it cannot be named here.")
    others = [row for row in seated if row.pk not in keepers and not one.filter(_knows(row, body)).exists()]
    if others:
        return _("This request cannot be named here: in this body sit some who may not know of it (%(who)s).") % {
            "who": ", ".join(map(str, others))}  # fmt: skip
    return ""


def _seated(body: Body) -> list[Organisation]:
    """The organisations that sit in a body today and read its joint text."""
    sitting = Sitting.objects.filter(ends=None, seat__body=body, seat__closed_at=None).order_by()
    where = Q(pk__in=sitting.values("organisation")) | Q(pk__in=sitting.values("designate__organisation"))
    return [row for row in Organisation.objects.filter(where) if row.side in READING]


def _ocha(body: Body) -> set[int]:
    """The organisation whose people handle the requests of the place."""
    found = scope.holders(Perm.CLEAR_CASE, country=body.country_id)
    if body.station_id:
        found = [*found, *scope.holders(Perm.REVIEW_CASE, station=body.station_id)]
    return {user.organisation_id for user in found if user.organisation_id}


def _knows(organisation: Organisation, body: Body) -> Q:
    """The requests of which an organisation at the table may know, as a condition on Case."""
    if organisation.side != Side.HUMANITARIAN:
        return Q(Exists(Extract.objects.filter(case=OuterRef("pk"), organisation=organisation)))
    found = Q(organisation=organisation)
    if asked := CONSULTED.get(Organisation.Type(organisation.org_type)):
        found |= SHARED & Q(Exists(Consultation.objects.filter(case=OuterRef("pk"), body=asked)))
    if body.station_id:
        touched = Q()
        for column in TOUCHED:
            touched |= Q(**{column: body.station_id})
        found |= SHARED & OPENED & touched
    return found


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def names_any(content: dict[str, Any]) -> bool:
    """Does a joint text name a request at all?"""
    return any(row["request"] for item in content["items"] for row in item["decisions"])


def hides_any(content: dict[str, Any]) -> bool:
    """Was a reference left out of it for its reader?"""
    return any(row["request"] == HIDDEN for item in content["items"] for row in item["decisions"])


def as_read_by(user, minutes: Minutes, content: dict[str, Any]) -> dict[str, Any]:
    """The joint text with the references that this person may know, whatever was signed: a force's own reference, a
    humanitarian's request that they see, for all others "a request". Without a person: as it leaves the portal by mail.
    Two queries where a request is named, none elsewhere.
    """
    if not names_any(content):
        return content
    rows = MinutesDecision.objects.filter(item__minutes=minutes).order_by("item__order", "item", "id")
    cases = list(rows.values_list("case", flat=True))  # in the order of the text: it is locked once it is final
    known, of_decision = references_for(user, {case for case in cases if case}), iter(cases)
    items = []
    for item in content["items"]:
        decisions = [_as_known(row, next(of_decision, None), known) for row in item["decisions"]]
        items.append(item | {"decisions": decisions})
    return content | {"items": items}


def _as_known(row: dict[str, Any], case: int | None, known: dict[int | None, str]) -> dict[str, Any]:
    return row | {"request": known.get(case, HIDDEN)} if row["request"] else row


def references_for(user, cases: set[int]) -> dict[int | None, str]:
    """By which reference this person knows these requests; of others nothing. One query."""
    if user is None or not cases:
        return {}
    if user.side == Side.FORCE:
        papers = Extract.objects.filter(case__in=cases, organisation=user.organisation_id).order_by("id")
        return dict(papers.values_list("case", "force_reference"))
    seen = Case.objects.visible_to(user).filter(pk__in=cases).order_by()
    return dict(seen.values_list("pk", "force_reference"))
