"""Which page of action points, cells and liaison answers which address?"""

import datetime as dt

from django.urls import path, register_converter

from cmcoord.meetings.regularity import monday_of
from cmcoord.meetings.views import cells, points

FIRST_YEAR = 2000


class DayConverter:
    """A day of this century as 2026-11-23; anything else is no address."""

    regex = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        day = dt.date.fromisoformat(value)
        if monday_of(day).year < FIRST_YEAR:  # the week began before
            raise ValueError(value)
        return day

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

urlpatterns = [
    path("points/", points.points, name="points"),
    path("points/<slug:reference>/", points.point, name="point"),
    path("points/<slug:reference>/correct/", points.correct, name="correct"),
    path("points/<slug:reference>/owner/", points.owner, name="owner"),
    path("points/<slug:reference>/escalate/", points.escalate, name="escalate"),
    path("escalations/<int:pk>/", points.escalation, name="escalation"),
    path("posts/<int:pk>/points/", points.post_points, name="post_points"),
    path("regularity/", cells.regularity, name="regularity"),
    path("bodies/<int:pk>/", cells.body, name="body"),
    path("bodies/<int:pk>/attendance/", cells.attendance, name="attendance_by_category"),
    path("bodies/<int:pk>/points/", points.body_points, name="body_points"),
    path("bodies/<int:pk>/points/new/", points.new_point, name="new_point"),
    path("bodies/<int:pk>/internal/new/", points.new_internal, name="new_internal"),
    path("bodies/<int:pk>/contacts/new/", cells.new_contact, name="new_contact"),
    path("contacts/<int:pk>/settle/", cells.settle, name="settle"),
    path("incidents/<slug:reference>/escalate/", points.escalate_incident, name="escalate_incident"),
    path("bodies/<int:pk>/week/", cells.week, name="week"),
    path("bodies/<int:pk>/week/<day:day>/", cells.week, name="summary"),
]
