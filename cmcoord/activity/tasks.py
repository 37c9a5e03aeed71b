"""What Celery does for delivery: one task, after each commit to hurry and each minute to be sure."""

from celery import shared_task

from cmcoord.activity import delivery


@shared_task(name="activity.deliver_pending")
def deliver_pending() -> int:
    """Send every mail that is due; may run twice, or in several workers, at once."""
    return delivery.deliver_due()
