"""Which side may read which field of minutes and of the notes beside them? (words: activity.barrier)

The minutes are joint: whoever sees the meeting reads them, by function and organisation. Notes are the humanitarian
side's own: of them no other side learns that there are any.
"""

from cmcoord.activity.barrier import Rows, Table, everybody, fields, inside
from cmcoord.meetings import visibility
from cmcoord.meetings.models import HumanitarianNote, Meeting, Minutes

LINES: Table = {
    "meetings.Minutes": {
        **fields(everybody("R"), "meeting language version digest stage how final_at"),
        **fields(inside("R"), "id released_at released_by created_by created_at"),
    },
    "meetings.MinutesItem": {
        **fields(everybody("R"), "id minutes order agenda_item title summary version changed_at"),
        "changed_by": inside("R"),
    },
    "meetings.MinutesDecision": {
        **fields(everybody("R"), "id item text"),
        "case": inside("R"),  # other sides read the force's own reference, where they may know of it (known_cases)
    },
    "meetings.Addendum": {**fields(everybody("R"), "id minutes number text digest at"), "by": inside("R")},
    "meetings.Signature": {
        **fields(everybody("R"), "id minutes addendum kind seat capacity digest content proved_at at"),
        "by": inside("R"),
    },
    "meetings.Objection": {**fields(everybody("R"), "id minutes seat capacity digest text at"), "by": inside("R")},
    "meetings.Adoption": {
        **fields(everybody("R"), "id minutes by_meeting digest content kind capacity proved_at at"),
        "recorded_by": inside("R"),
    },
    "meetings.Translation": {
        **fields(everybody("R"), "id minutes language content of_digest at"),
        "by": inside("R"),
    },
    "meetings.HumanitarianNote": {
        **fields(inside("R"), "id meeting version created_by changed_by changed_at"),
        **fields(inside("C"), "title text"),
    },
}


def _of_minutes(user, row) -> bool:
    return visibility.reads_meetings(user, row.minutes.meeting.body)


def _minutes(user, keys: set[int]) -> set[int]:
    seen = Meeting.objects.visible_to(user).order_by().values("pk")
    return set(Minutes.objects.filter(pk__in=keys, meeting__in=seen).order_by().values_list("pk", flat=True))


def _notes(user, keys: set[int]) -> set[int]:
    found = HumanitarianNote.objects.filter(pk__in=keys, meeting__body__in=visibility.bodies_noted_by(user))
    return set(found.order_by().values_list("pk", flat=True))


ROWS: Rows = {
    "meetings.Minutes": lambda user, row: visibility.reads_meetings(user, row.meeting.body),
    "meetings.MinutesDecision": lambda user, row: _of_minutes(user, row.item),
    **dict.fromkeys(
        (
            "meetings.MinutesItem", "meetings.Addendum", "meetings.Signature", "meetings.Objection",
            "meetings.Adoption", "meetings.Translation",
        ),
        _of_minutes,
    ),
    "meetings.HumanitarianNote": lambda user, row: visibility.reads_notes(user, row.meeting.body),
}  # fmt: skip
SUBJECTS = {Minutes.activity_kind: _minutes, HumanitarianNote.activity_kind: _notes}
