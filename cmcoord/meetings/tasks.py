"""What the sweep does for meetings. A task finds what is due and calls services; it may run twice."""

from celery import shared_task
from django.utils import timezone

from cmcoord.meetings.services import points, reminding


@shared_task(name="meetings.sweep_meetings", ignore_result=True)
def sweep_meetings() -> None:
    """Every few minutes: reminders of action points, and minutes that were not signed in time."""
    points.remind_points(timezone.now())
    reminding.tell_unsigned(timezone.now())
