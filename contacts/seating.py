"""May this organisation take this seat, or come to a meeting? "" or why not; asked by forms, services and meetings.

Who else than humanitarians is invited to which kind of body is the policy of the country (places.CountryProfile);
forces of the State and local authorities sit in the cells where they are switched on (CAR-CMC §10). No force sits in
anything but a cell, whatever a seat is called (ML-POS ¶4).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation
from cmcoord.activity.barrier import Side
from cmcoord.places.models import CountryProfile
from contacts.models import Body, Category, Seat

T, Invited, Meeting = Organisation.Type, CountryProfile.Invited, CountryProfile.Meeting
INVITED: dict[str, str] = {
    T.UN_MILITARY: Invited.MILITARY,
    T.UN_POLICE: Invited.POLICE,
    T.UN_CIVILIAN: Invited.CIVILIAN,
    T.BILATERAL_FORCE: Invited.BILATERAL,
    T.HOST_ARMY: Invited.NATIONAL,
    T.GENDARMERIE: Invited.NATIONAL,
    T.NATIONAL_POLICE: Invited.NATIONAL,
    T.LOCAL_AUTHORITY: Invited.AUTHORITIES,
    T.DONOR: Invited.DONOR,
}
MEETING: dict[str, str] = {
    Body.Kind.CELL: Meeting.CELL,
    Body.Kind.HCT: Meeting.HCT,
    Body.Kind.ICCG: Meeting.ICCG,
    Body.Kind.COORDINATION: Meeting.GENERAL,
    Body.Kind.CLUSTER: Meeting.CLUSTER,
    Body.Kind.SUB_CLUSTER: Meeting.CLUSTER,
    Body.Kind.WORKING_GROUP: Meeting.CLUSTER,
    Body.Kind.ADVISORY_GROUP: Meeting.CLUSTER,
    Body.Kind.ACCESS_GROUP: Meeting.ACCESS,
}
SWITCH: dict[str, str] = {Invited.NATIONAL: Category.SECURITY_FORCES, Invited.AUTHORITIES: Category.AUTHORITIES}
# Who is of the CAR cells by their §10, though no policy of meetings names them.
OF_A_CELL = (Invited.DONOR,)


def switch_of(organisation: Organisation) -> str:
    """Under which switch of a body an organisation sits; "" for those who need none."""
    return SWITCH.get(INVITED.get(organisation.org_type, ""), "")


def why_not_take(seat: Seat, organisation: Organisation, profile: CountryProfile | None) -> str:
    """ "" or why this organisation cannot take this seat under this policy. No query."""
    kept_for = seat.kind == Seat.Kind.OBSERVER or seat.category in SWITCH.values()
    if refused := why_not_invited(seat.body, organisation, profile, kept_for=kept_for):
        return refused
    if not seat.takes(organisation):
        return _("This seat is for: %(category)s.") % {"category": seat.get_category_display()}
    return ""


def keeps_forces_away(body: Body) -> bool:
    """Is this a body in which no force sits, under whatever name (ML-POS ¶4)? Everything but a cell."""
    return body.kind != Body.Kind.CELL


def why_not_invited(
    body: Body, organisation: Organisation, profile: CountryProfile | None, *, kept_for: bool = False
) -> str:
    """ "" or why this organisation does not come to meetings of this body under this policy. No query.

    `kept_for`: a seat was made for organisations of this kind, which then are no matter of the policy but for forces.
    """
    group = INVITED.get(organisation.org_type)
    if not group:
        return ""
    is_cell = body.kind == Body.Kind.CELL
    if organisation.side == Side.FORCE and keeps_forces_away(body):
        return _("No force sits in this body: the cell is the place for the dialogue (ML-POS ¶4).")
    switch = SWITCH.get(group)
    if switch and (is_cell or switch == Category.AUTHORITIES) and not body.allows(switch):
        return _("“%(category)s” is switched off in this body (CAR-CMC §10).") % {"category": Category(switch).label}
    invited = group in (profile.meetings.get(MEETING[body.kind], ()) if profile else ())
    foreseen = is_cell and group in OF_A_CELL
    if not (invited or foreseen or (kept_for and organisation.side != Side.FORCE)):
        return _("The policy of the country invites nobody of this kind to such a body.")
    return ""
