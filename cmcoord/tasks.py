"""What Celery does for the trail (seals what waits, reads the chains again, tells their heads outside) and sessions."""

from celery import shared_task

from cmcoord.accounts import rights, sessions
from cmcoord.activity import anchors, checks, seals


@shared_task(name="trail.seal_waiting")
def seal_waiting() -> int:
    """Seal what waits; a decision has sealed its own already."""
    return seals.seal_waiting()


@shared_task(name="trail.check_round")
def check_round() -> None:
    """Read the next links of every chain again."""
    checks.check_round()


@shared_task(name="trail.check_everything", time_limit=6 * 3600, acks_late=False)
def check_everything() -> None:
    """Read every chain from its first link, at night."""
    checks.check_everything()


@shared_task(name="trail.check_rights", time_limit=3600, acks_late=False)
def check_rights() -> int:
    """Compare every right that counts with the events that gave and confirmed it, at night."""
    return rights.check_rights()


@shared_task(name="trail.anchor")
def anchor() -> int:
    """Once an hour, also after a standstill: write the heads of the chains down, the first of a day by mail."""
    return anchors.anchor_all()


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> int:
    """Destroy the sessions that are over, once an hour."""
    return sessions.forget_ended()
