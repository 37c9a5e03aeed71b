"""Which side may read which field about forces? (words: activity.barrier)"""

from cmcoord.activity.barrier import Table, everybody, fields

LINES: Table = {
    # A force reads which forces it may propose in its place: those that are present, by name.
    "contacts.Force": fields(
        everybody("R"), "id organisation country name acronym category language active_from active_to"
    ),
}
