"""What the sweep does for cases, once a minute. A task finds what is due and calls services; it may run twice."""

import logging

from celery import shared_task
from django.utils import timezone

from cmcoord.accounts.services import tell_of_last_days
from requests_app import figures, ledger, services

logger = logging.getLogger(__name__)


@shared_task(name="requests_app.sweep_cases", ignore_result=True)
def sweep_cases() -> None:
    """Expire, lapse, report, remind: each row once, also after the worker stood still for days."""
    now = timezone.now()
    services.expire_due(now)
    services.act_on_register(now)
    services.flag_overruns(now)
    services.report_due(now)
    services.end_patrols_due(now)
    services.lapse_due(now)
    services.remind_due(now)
    services.sweep_arriving(now)
    services.expire_reverse(now)
    services.remind_reverse(now)
    tell_of_last_days(now)


@shared_task(name="requests_app.roll_up_figures", ignore_result=True)
def roll_up_figures(days: int = 4) -> None:
    """Nightly: the last days again, because OCHA may record later what was decided earlier."""
    figures.roll_up_recent(days=days)


@shared_task(name="requests_app.forget_names", ignore_result=True)
def forget_names() -> None:
    """Every hour: names of drivers and passengers whose 72 hours are over."""
    services.destroy_names(timezone.now())


@shared_task(name="requests_app.check_releases", ignore_result=True)
def check_releases() -> None:
    """Nightly: the release ledger against what was sent. Each difference is an error in the log."""
    for difference in ledger.differences():
        logger.error("Release ledger: %s", difference)
