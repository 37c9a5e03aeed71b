"""What Celery does for delivery: a task for each channel, after each commit to hurry and each minute to be sure."""

from celery import shared_task

from cmcoord.activity import delivery, sms_delivery


@shared_task(name="activity.deliver_pending")
def deliver_pending() -> int:
    """Send every mail that is due; may run twice, or in several workers, at once."""
    return delivery.deliver_due()


@shared_task(name="activity.deliver_sms")
def deliver_sms() -> int:
    """Send every SMS that is due; may run twice, or in several workers, at once."""
    return sms_delivery.deliver_due()
