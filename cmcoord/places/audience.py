"""Which side may read which field about countries, their rules and their places? (words: activity.barrier)"""

from cmcoord.activity.barrier import Precision, Table, everybody, fields, inside

GENERAL = everybody("P")  # on any map, in any calendar
DUTY = everybody("R")  # whom to call: told to everybody who works with the portal

LINES: Table = {
    "places.Country": {
        **fields(GENERAL, "name_en name_fr code timezone languages"),
        **fields(DUTY, "working_from working_to working_days national_unit_telephone"),
    },
    "places.CountryProfile": fields(
        inside("R"),
        "id country version in_force_from decision_model escorts strategy request_types consensus_types "
        "consulted_types members_needed life_saving_exception reverse_requests prohibited_transports meetings "
        "languages reason proposed_by confirmed_by",
    ),
    "places.Clock": fields(inside("R"), "id profile request_type pace step minutes round_the_clock"),
    "places.Holiday": fields(GENERAL, "id name_en name_fr country date"),
    "places.AdminArea": fields(
        GENERAL, "id country kind name code scheme code_verified level parent valid_from valid_to"
    ),
    "places.Place": {
        **fields(GENERAL, "id country name folded_name area"),
        # Another side knows a place by its name; a number it gets coarsened, whatever page or paper prints it.
        **fields(everybody("C", precision=Precision.COARSE), "latitude longitude"),
        "position_verified": inside("R"),
    },
    "places.DutyStation": {
        **fields(GENERAL, "id country place name code"),
        **fields(DUTY, "working_from working_to working_days telephone"),
        **fields(inside("R"), "covered_by active"),
    },
    "places.Axis": fields(GENERAL, "id country name code places"),
    "places.AxisPlace": fields(GENERAL, "id axis place order"),
}
