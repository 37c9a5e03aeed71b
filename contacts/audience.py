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
from contacts import keepers, shown
from contacts.models import ContactList, ForceStatus, Merge

PERSONAL = everybody("C", consent=Consent.PERSON)

LINES: Table = {
    # A force reads which forces it may propose in its place: those that are present, by name.
    "contacts.Force": {
        **fields(
            everybody("R"), "id organisation country name_en name_fr acronym category language active_from active_to"
        ),
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
    # The functions of a country are for whoever works there, of whatever side; how a post is reached whoever holds it,
    # and everything of a person, as far as it is shared with the reader's circle: contacts.shown decides.
    "contacts.Post": {
        **fields(everybody("R"), "id organisation country station function covers roles"),
        **fields(everybody("C", consent=Consent.ORGANISATION), "duty_telephone mailbox"),
        **fields(inside("R"), "share_humanitarians share_force share_public source created_by created_at closed_at"),
        "remark": inside("R"),
        **fields(machinery("R"), "search_text held_from held_until"),
    },
    "contacts.Post_covers": fields(inside("R"), "id post dutystation"),
    "contacts.Person": {
        "name": PERSONAL,
        **fields(everybody("R", consent=Consent.PERSON), "languages"),
        **fields(inside("R"), "id user share_humanitarians share_force share_public asked_at answered_at source"),
        **fields(inside("R"), "created_at"),
        **fields(machinery("C"), "folded_name salt"),
    },
    "contacts.Telephone": {
        **fields(PERSONAL, "number kind day_and_night whatsapp"),
        **fields(inside("R"), "id person share_humanitarians share_force share_public"),
        **fields(machinery(), "salt"),
    },
    "contacts.Address": {
        "email": PERSONAL,
        **fields(inside("R"), "id person share_humanitarians share_force share_public"),
        **fields(machinery(), "salt"),
    },
    "contacts.Holding": {
        **fields(everybody("R"), "post capacity starts ends"),
        **fields(inside("R"), "id country person left_at verified_by verified_at confirmed_at recorded_by recorded_at"),
    },
    "contacts.CheckIn": fields(inside("R"), "id holding at how by"),
    "contacts.Handover": fields(inside("R"), "id holding successor offered taken opened_at closed_at"),
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
        **fields(everybody("R"), "id seat organisation post designate designate_reason starts ends"),
        **fields(inside("R"), "recorded_by recorded_at"),
    },
    "contacts.MissingLiaison": fields(
        inside("R"), "id country area wanted force note noted_by noted_at settled_by settled_at outcome"
    ),
    "contacts.DirectoryFigure": fields(inside("R"), "country in_post fresh counted_at"),
    # Who took which file of the directory: for that person alone.
    "contacts.DirectoryExport": fields(inside("R"), "id by country form sensitivity count at"),
    "contacts.ExportedPerson": fields(inside("R"), "id export person recalled_at"),
    # Lists on their way into the directory: for whoever sent them.
    "contacts.ContactList": {
        **fields(inside("R"), "id country name sha256 by at organisation station role state problem ignored total"),
        **fields(inside("R"), "agreed_at ended_at count"),
        **fields(machinery(), "content reached busy_until"),
    },
    "contacts.ContactLine": {
        **fields(inside("C"), "values wrong person"),
        **fields(inside("R"), "id contact_list number state same_as choice"),
        **fields(machinery(), "who made"),
    },
    # Two people who became one: for whoever keeps their posts, and what both were for nobody but the way back.
    "contacts.Merge": {
        **fields(inside("R"), "id country person gone by at undone_at forgotten_at"),
        **fields(machinery("C"), "originals moved"),
    },
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


def _named(user, person) -> bool:
    """Whoever reads the name reads who it is; of all others nobody learns that there is somebody."""
    return bool(shown.reach_of(person, user).name)


def _reached(user, row) -> bool:
    """A telephone or an address, by its own switch."""
    reach = shown.reach_of(row.person, user)
    return row in (*reach.telephones, *reach.addresses)


def _held(user, row) -> bool:
    """Who holds a post when: for those who read the post, and of what is kept beside it for the humanitarians."""
    return shown.reads_post(user, row.post)


def _open_to(user, post) -> bool:
    """The organisation's consent for how its post is reached."""
    return shown.lines_of(post, user) != shown.Lines()


def _chain(user, row) -> bool:
    """Who works with the force in its country."""
    return keepers.is_inside(user) and row.force.country_id in {grant.country for grant in scope.grants(user)}


def _register(user, keys: set[int]) -> set[int]:
    """Events about the rating of a force are told to those who read the register of its country."""
    found = ForceStatus.objects.filter(pk__in=keys, force__country__in=keepers.registers_of(user))
    return set(found.order_by().values_list("pk", flat=True))


def _merges(user, keys: set[int]) -> set[int]:
    """That two became one is for whoever keeps their posts."""
    found = Merge.objects.filter(keepers.people_where(user, "person"), pk__in=keys)
    return set(found.order_by().values_list("pk", flat=True))


def _lists(user, keys: set[int]) -> set[int]:
    """What became of a list is for whoever sent it."""
    return set(ContactList.objects.filter(pk__in=keys, by=user).values_list("pk", flat=True))


SUBJECTS = {ForceStatus.activity_kind: _register, ContactList.activity_kind: _lists, Merge.activity_kind: _merges}
CLASSES = {ForceStatus.activity_kind: lambda pk: Sensitivity.STRICT}

ROWS: Rows = {
    "contacts.ForceStatus": lambda user, row: keepers.reads_register(user, row.force.country_id),
    "contacts.StatusAnswer": lambda user, row: keepers.reads_register(user, row.status.force.country_id),
    "contacts.Addressee": _chain,
    "contacts.Post": shown.reads_post,
    "contacts.Person": _named,
    **dict.fromkeys(("contacts.Telephone", "contacts.Address"), _reached),
    "contacts.Holding": _held,
    **dict.fromkeys(("contacts.CheckIn", "contacts.Handover"), lambda user, row: _held(user, row.holding)),
    "contacts.Body": keepers.reads_body,
    "contacts.Seat": lambda user, row: keepers.reads_body(user, row.body),
    "contacts.Sitting": lambda user, row: keepers.reads_body(user, row.seat.body),
    "contacts.MissingLiaison": lambda user, row: (
        keepers.is_inside(user) and row.country_id in keepers.countries_of(user)
    ),
    "contacts.DirectoryExport": lambda user, row: keepers.is_inside(user) and row.by_id == user.pk,
    "contacts.ExportedPerson": lambda user, row: keepers.is_inside(user) and row.export.by_id == user.pk,
    **dict.fromkeys(("contacts.FleetVehicle", "contacts.FleetDriver"), keepers.keeps_fleet_of),
    "contacts.Merge": lambda user, row: keepers.keeps_person(user, row.person),
    "contacts.ContactList": lambda user, row: keepers.is_inside(user) and row.by_id == user.pk,
    "contacts.ContactLine": lambda user, row: keepers.is_inside(user) and row.contact_list.by_id == user.pk,
}
# Rows of people are read by consent alone; of a post the organisation says who reads its telephone and its mailbox.
CONSENTS: Rows = {
    **dict.fromkeys(("contacts.Person", "contacts.Telephone", "contacts.Address"), lambda user, row: True),
    "contacts.Post": _open_to,
}
FIELDS: Rows = dict.fromkeys(("contacts.Post.duty_telephone", "contacts.Post.mailbox"), _open_to)
