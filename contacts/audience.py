"""Which side may read which field about forces, posts and the people who hold them? (words: activity.barrier)"""

from cmcoord.accounts import scope
from cmcoord.activity.barrier import (
    Consent,
    Rows,
    Sensitivity,
    Table,
    everybody,
    fields,
    inside,
    machinery,
    told,
)
from contacts import keepers
from contacts.models import ForceStatus

REACHED = told("C", consent=Consent.PERSON)

LINES: Table = {
    # A force reads which forces it may propose in its place: those that are present, by name.
    "contacts.Force": {
        **fields(everybody("R"), "id organisation country name acronym category language active_from active_to"),
        "bound_by_guidelines": inside("R"),
    },
    # How the guidelines reach a force, and what it is rated: for OCHA and the country team alone.
    "contacts.ForceStatus": {
        **fields(inside("S"), "area status basis clause valid_from valid_to corrects"),
        **fields(inside("R"), "id force proposed_by acting_for proposed_at"),
    },
    "contacts.StatusAnswer": {
        **fields(inside("S"), "outcome reason"),
        **fields(inside("R"), "id status by acting_for capacity at"),
    },
    # Of its own chain a force reads who comes when, by function.
    "contacts.Addressee": {
        **fields(told("R"), "function place"),
        **fields(inside("R"), "id force telephone account active_from active_to"),
    },
    # Of a post a force gets the function and, by consent of the person, the telephones: in its papers only.
    "contacts.Post": {
        **fields(told("R"), "organisation function"),
        **fields(inside("R"), "id country station created_by created_at closed_at"),
    },
    "contacts.Person": {
        **fields(inside("C"), "name email"),
        **fields(inside("R"), "id user share_humanitarians share_force share_public created_at"),
    },
    "contacts.Telephone": {
        **fields(REACHED, "number kind day_and_night"),
        **fields(inside("R"), "id person"),
    },
    "contacts.Holding": fields(inside("R"), "id post person starts ends recorded_by recorded_at"),
    # The cells are shared with those who sit in them, by function and organisation; other bodies are for humanitarians.
    "contacts.Body": {
        **fields(everybody("R"), "id kind name_en name_fr country station parent stage cadence"),
        **fields(inside("R"), "rules created_by created_at"),
    },
    "contacts.Seat": {
        **fields(everybody("R"), "id body kind function_en function_fr category mandatory several order"),
        "closed_at": inside("R"),
    },
    "contacts.Sitting": {
        **fields(everybody("R"), "id seat organisation starts ends"),
        **fields(inside("R"), "post designate designate_reason recorded_by recorded_at"),
    },
    "contacts.MissingLiaison": fields(
        inside("R"), "id country area wanted force note noted_by noted_at settled_by settled_at outcome"
    ),
    # The fleet: for the organisation that keeps it; names as strictly confidential as on a sheet.
    "contacts.FleetVehicle": {
        **fields(inside("C"), "kind plate marking radio moss tracker"),
        **fields(inside("R"), "id organisation country created_by created_at"),
        **fields(machinery(), "key salt"),
    },
    "contacts.FleetDriver": {
        **fields(inside("S"), "name id_number telephone"),
        **fields(inside("R"), "id organisation country created_by created_at"),
        **fields(machinery(), "key salt"),
    },
}


def _knows(user, person) -> bool:
    """Who keeps a post of this person, and of the others those whom the person lets know, where they work."""
    posts = [holding.post for holding in person.holdings.select_related("post")]
    return any(keepers.may_keep(user, post) or (person.share_humanitarians and _post(user, post)) for post in posts)


def _post(user, post) -> bool:
    """The functions of a country are for the humanitarians who work there."""
    return keepers.is_inside(user) and post.country_id in {grant.country for grant in scope.grants(user)}


def _chain(user, row) -> bool:
    """Who works with the force in its country."""
    return keepers.is_inside(user) and row.force.country_id in {grant.country for grant in scope.grants(user)}


def _register(user, keys: set[int]) -> set[int]:
    """Events about the rating of a force are told to those who read the register of its country."""
    found = ForceStatus.objects.filter(pk__in=keys, force__country__in=keepers.registers_of(user))
    return set(found.order_by().values_list("pk", flat=True))


SUBJECTS = {ForceStatus.activity_kind: _register}
CLASSES = {ForceStatus.activity_kind: lambda pk: Sensitivity.STRICT}

ROWS: Rows = {
    "contacts.ForceStatus": lambda user, row: keepers.reads_register(user, row.force.country_id),
    "contacts.StatusAnswer": lambda user, row: keepers.reads_register(user, row.status.force.country_id),
    "contacts.Addressee": _chain,
    "contacts.Body": keepers.reads_body,
    "contacts.Seat": lambda user, row: keepers.reads_body(user, row.body),
    "contacts.Sitting": lambda user, row: keepers.reads_body(user, row.seat.body),
    "contacts.MissingLiaison": lambda user, row: (
        keepers.is_inside(user) and row.country_id in keepers.countries_of(user)
    ),
    "contacts.Post": _post,
    "contacts.Person": _knows,
    "contacts.Telephone": lambda user, row: _knows(user, row.person),
    "contacts.Holding": lambda user, row: _knows(user, row.person),
    **dict.fromkeys(("contacts.FleetVehicle", "contacts.FleetDriver"), keepers.keeps_fleet_of),
}
