"""Which side may read which field of action points, liaison log and summaries? (words: activity.barrier)

Points of the table are for everybody who sits there. Internal points, what goes to the strategic level, the log of
liaison and the weekly summaries are for the humanitarian side alone, each in tables that no other side's pages ask.
"""

from cmcoord.activity.barrier import Rows, Table, everybody, fields, inside
from cmcoord.meetings import visibility
from cmcoord.meetings.models.liaison import LiaisonContact, WeeklySummary
from cmcoord.meetings.models.points import ActionPoint, Escalation, InternalPoint

WHAT = "words owner_organisation owner_post due due_raised priority needs_evidence needs_check status"
ENDING = "closing_comment closed_at raised_at"
BY = "reported_by checked_by closed_by raised_by"

LINES: Table = {
    "meetings.ActionPoint": {
        **fields(everybody("R"), f"body number reference meeting item {WHAT} {ENDING}"),
        **fields(inside("R"), f"id {BY}"),
    },
    "meetings.PointUpdate": {
        **fields(everybody("R"), "point step from_status to_status comment evidence due owner at by"),
        "id": inside("R"),
    },
    "meetings.InternalPoint": {
        **fields(inside("C"), "words closing_comment"),
        **fields(
            inside("R"), f"id body number reference meeting {WHAT.replace('words ', '')} closed_at raised_at {BY}"
        ),
    },
    "meetings.InternalUpdate": {
        **fields(inside("C"), "comment evidence"),
        **fields(inside("R"), "id point step from_status to_status due owner at by"),
    },
    "meetings.Escalation": {
        **fields(inside("C"), "why answer"),
        **fields(inside("R"), "id body point internal_point incident by at consulted answered_by answered_at"),
    },
    "meetings.LiaisonContact": {
        **fields(inside("C"), "with_whom subject follow_up settled_words"),
        **fields(inside("R"), "id body organisation means follow_up_due by at settled_by settled_at"),
    },
    "meetings.WeeklySummary": {
        "content": inside("C"),
        **fields(inside("R"), "id body week sent_by sent_at"),
    },
}


def _met(user, row) -> bool:
    return visibility.reads_meetings(user, row.body)


def _noted(user, row) -> bool:
    return visibility.reads_notes(user, row.body)


def _of_the_table(user, keys: set[int]) -> set[int]:
    found = ActionPoint.objects.filter(pk__in=keys, body__in=visibility.bodies_met_by(user).order_by())
    return set(found.order_by().values_list("pk", flat=True))


def _inner(model):
    """Events about rows of the humanitarian side are for those who read them."""

    def of(user, keys: set[int]) -> set[int]:
        found = model.objects.filter(pk__in=keys, body__in=visibility.bodies_noted_by(user).order_by())
        return set(found.order_by().values_list("pk", flat=True))

    return of


ROWS: Rows = {
    "meetings.ActionPoint": _met,
    "meetings.PointUpdate": lambda user, row: _met(user, row.point),
    **dict.fromkeys(
        ("meetings.InternalPoint", "meetings.Escalation", "meetings.LiaisonContact", "meetings.WeeklySummary"), _noted
    ),
    "meetings.InternalUpdate": lambda user, row: _noted(user, row.point),
}
SUBJECTS = {
    ActionPoint.activity_kind: _of_the_table,
    **{model.activity_kind: _inner(model) for model in (InternalPoint, Escalation, LiaisonContact, WeeklySummary)},
}
