"""What the sweep does for the directory. A task finds what is due and calls services; it may run twice."""

from celery import shared_task
from django.utils import timezone

from contacts import services
from contacts.services import lists
from contacts.services.merging import forget_merges


@shared_task(name="contacts.sweep_directory", ignore_result=True)
def sweep_directory() -> None:
    """Every few minutes: departures that have passed, and reminders."""
    now = timezone.now()
    services.depart_due(now)
    services.remind_holdings(now)


@shared_task(name="contacts.forget_contacts", ignore_result=True)
def forget_contacts() -> None:
    """Every hour: telephones and addresses 30 days after the end of a post, and what merged people were."""
    services.forget_contacts(timezone.now())
    forget_merges(timezone.now())


@shared_task(name="contacts.count_contacts", ignore_result=True)
def count_contacts() -> None:
    """Every hour: how fresh each directory is, and whether each post says who holds it as its holders do."""
    services.count_contacts()


@shared_task(name="contacts.advance_lists", ignore_result=True)
def advance_lists() -> None:
    """Go on with lists of contacts that are being read, taken over or taken back, and ask whom they brought."""
    lists.advance_all()
    lists.ask_taken(timezone.now())
