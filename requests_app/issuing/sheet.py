"""What does the leader of the convoy carry? A later fact is one more line of its table."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app import execution_sheet, sheet_page
from requests_app.issuing.letter import LIMITS, MOVEMENT, conditions
from requests_app.issuing.reading import Fact, Part, Pieces, Reading, of_key
from requests_app.transmission import KEYS


def _telephones(reading: Reading) -> Pieces:
    stations = {row.pk: row for row in (reading.case.station, reading.case.origin_station) if row}
    stations |= {row.pk: row for row in (reading.case.destination_station,) if row}
    return {"rows": [(_("OCHA %(place)s") % {"place": row.name}, row.telephone) for row in stations.values()]}


def _for_the_leader(_reading: Reading) -> Pieces:
    return {
        "items": [
            _("You lead the convoy. You may stop it or turn back at any time, whatever the escort does."),
            _("No armed person, weapon or military item travels in a humanitarian vehicle."),
            _("Outside the axis, the period or the conditions of this sheet there is no approval: stop and call OCHA."),
            _("Log each start and end in the portal, or tell OCHA by telephone."),
            _("Keep this sheet with you; give the force no copy of it. The force has its own papers from OCHA."),
        ]
    }


def _rows(name: str, column: str) -> Callable[[Reading], Pieces]:
    """The rows of one question of the execution sheet, one line each."""
    return lambda reading: {"items": reading.rows(name, column)}


def _rules(reading: Reading) -> Pieces:
    sheet = reading.sheet
    if sheet is None or reading.told(sheet, "escort_rules") is None:
        return {}
    rules = sheet_page.value_of(sheet, "escort_rules").splitlines()
    distance = reading.value(sheet, "escort_distance")
    return {"items": rules, "rows": [(str(KEYS["escort_distance"].label), distance)]}


def _named(reading: Reading) -> Pieces:
    """Names stand on no paper: the leader has them by heart or in hand, and they are destroyed in the portal."""
    items = reading.rows("staff", "count")
    counts = [
        (name, len(execution_sheet.rows_of(reading.sheet, name)) if reading.sheet else 0)
        for name in execution_sheet.NAMES
    ]
    return {"items": items, "rows": [(str(KEYS[name].label), str(count)) for name, count in counts if count]}


def _contacts(reading: Reading) -> Pieces:
    sheet = reading.sheet
    if sheet is None:
        return {}
    pairs = (
        ("convoy_leader", "leader_telephone"),
        ("focal_point", "focal_telephone"),
        ("alternate", "alternate_telephone"),
        ("consignee", "consignee_telephone"),
    )
    said = [tuple(reading.value(sheet, name) for name in pair) for pair in pairs]
    return {"rows": [who for who in said if all(who)]}


ROTATIONS_ON_PAPER = 6


def _log_by_hand(reading: Reading) -> Pieces:
    count = min((reading.decision.rotations or 1) if reading.decision else 1, ROTATIONS_ON_PAPER)
    line = _("left ____ : ____   arrived ____ : ____   remarks ______________________")
    return {"rows": [(_("Rotation %(number)d") % {"number": number}, line) for number in range(1, count + 1)]}


SHEET = (
    Part(
        gettext_lazy("The movement"),
        (
            Fact(KEYS["requesting_organisation"].label, "case", "organisation"),
            *MOVEMENT,
            of_key("axis", "decision"),
            of_key("area", "decision"),
            of_key("departure_at", "case"),
            of_key("window_to", "case"),
            of_key("convoy_name", "sheet"),
            Fact(KEYS["arrival_at"].label, "sheet", "arrives_at"),
            of_key("return_leg", "sheet"),
            of_key("alternative_axis", "sheet"),
            of_key("vehicles", "case"),
            of_key("passenger_count", "case"),
            Fact(KEYS["leader"].label, "case", "leader"),
            of_key("cargo", "case"),
            of_key("no_weapons", "case"),
        ),
    ),
    Part(
        gettext_lazy("Meeting the escort"),
        (
            Fact(gettext_lazy("Escort by"), "decision", "force"),
            Fact(gettext_lazy("Reference of the force"), "case", "force_reference"),
            of_key("rendezvous", "schedule"),
            of_key("rendezvous_position", "schedule"),
            of_key("rendezvous_at", "schedule"),
            of_key("call_signs", "schedule"),
        ),
    ),
    Part(KEYS["stops"].label, more=_rows("stops", "spot")),
    Part(KEYS["vehicle_list"].label, more=_rows("convoy_vehicles", "plate")),
    Part(gettext_lazy("Who is on board"), more=_named),
    Part(
        KEYS["cargo_lines"].label,
        (of_key("handling", "sheet"),),
        _rows("cargo_lines", "description"),
    ),
    Part(gettext_lazy("Contacts of the convoy"), more=_contacts),
    Part(
        gettext_lazy("Plans"),
        (of_key("comms_plan", "sheet"), of_key("casevac_plan", "sheet")),
    ),
    Part(KEYS["escort_rules"].label, more=_rules),
    Part(
        gettext_lazy("Whom to call"),
        (of_key("road_contact", "schedule"),),
        _telephones,
    ),
    Part(gettext_lazy("What was approved"), (*LIMITS[3:],)),
    Part(gettext_lazy("Conditions"), more=conditions),
    Part(gettext_lazy("For the leader"), more=_for_the_leader),
    Part(gettext_lazy("Log by hand"), more=_log_by_hand),
)
