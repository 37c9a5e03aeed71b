"""Which side may read which field of meetings? (domain.md §3.7, §4.2; words: activity.barrier)

Whoever sees a meeting at all reads all of it, of whatever side: nothing of one side alone stands in these rows. What
humanitarians propose is theirs, in a table of its own.
"""

from cmcoord.activity.barrier import Rows, Table, everybody, fields, inside, machinery
from cmcoord.meetings import minutes_audience, points_audience, visibility
from cmcoord.meetings.models import Meeting, Proposal, Series

WHERE = "modality place venue venue_reason call_link languages"

LINES: Table = {
    "meetings.Series": {
        **fields(everybody("R"), f"id body every rule first_day at minutes until ended_at {WHERE}"),
        **fields(inside("R"), "created_by created_at"),
    },
    "meetings.Meeting": {
        **fields(everybody("R"), f"uid body series occurrence kind starts ends zone {WHERE}"),
        **fields(everybody("R"), "stage not_held_reason not_held_note number sequence invited_at"),
        **fields(inside("R"), "id by_hand created_by created_at"),
    },
    "meetings.AgendaItem": {
        **fields(everybody("R"), "id meeting order code title lead minutes_planned"),
        **fields(inside("R"), "case created_by"),  # a force reads the item; the request it knows by its own papers
    },
    "meetings.Proposal": {
        **fields(inside("R"), "id body case incident proposed_by at state taken_as answered_by answered_at"),
        **fields(inside("C"), "title why reason"),
    },
    "meetings.Attendance": {
        **fields(everybody("R"), "id meeting organisation organisation_text category presence mode as_observer"),
        **fields(inside("R"), "recorded_by recorded_at"),
        **fields(inside("C"), "name email"),
    },
    "meetings.FeedToken": {
        **fields(everybody("R"), "id user created_at revoked_at last_used_at"),
        "digest": machinery(),
    },
    **minutes_audience.LINES,
    **points_audience.LINES,
}


def _meets(user, row) -> bool:
    return visibility.reads_meetings(user, row.body)


def _of_meeting(user, row) -> bool:
    return visibility.reads_meetings(user, row.meeting.body)


def _meetings(user, keys: set[int]) -> set[int]:
    return set(Meeting.objects.visible_to(user).filter(pk__in=keys).order_by().values_list("pk", flat=True))


def _series(user, keys: set[int]) -> set[int]:
    found = Series.objects.filter(pk__in=keys, body__in=visibility.bodies_met_by(user))
    return set(found.order_by().values_list("pk", flat=True))


def _proposals(user, keys: set[int]) -> set[int]:
    found = Proposal.objects.filter(pk__in=keys, body__in=visibility.bodies_noted_by(user))
    return set(found.order_by().values_list("pk", flat=True))


ROWS: Rows = {
    **dict.fromkeys(("meetings.Series", "meetings.Meeting"), _meets),
    **dict.fromkeys(("meetings.AgendaItem", "meetings.Attendance"), _of_meeting),
    "meetings.Proposal": lambda user, row: visibility.reads_notes(user, row.body),
    "meetings.FeedToken": lambda user, row: row.user_id == user.pk,
    **minutes_audience.ROWS,
    **points_audience.ROWS,
}
SUBJECTS = {
    Meeting.activity_kind: _meetings,
    Series.activity_kind: _series,
    Proposal.activity_kind: _proposals,
    **minutes_audience.SUBJECTS,
    **points_audience.SUBJECTS,
}
