"""How a waiting mail reaches the mail server: at least once, in batches, and never in anybody else's way.

A row is claimed by a conditional update with a lease; a worker that dies leaves a lease that runs out. A mail server
that is down costs no attempt; a single mail that it refuses is tried again, or given up when the refusal is for good.
"""

import logging
import secrets
import smtplib
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cmcoord.activity import mail, releases
from cmcoord.activity.models import ErasableValue, Notification
from cmcoord.activity.readable import is_readable

logger = logging.getLogger(__name__)

BATCH = 50  # mails over one connection to the mail server
MAX_ATTEMPTS = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
ONE_RUN = 60  # seconds after which a run leaves the rest to the next one

Status = Notification.Status
MAIL = Notification.Channel.MAIL


class ServerDown(Exception):
    """The mail server cannot be used now, whatever the mail."""


def deliver_due() -> int:
    """Send what is due, batch after batch; returns how many mails the server took."""
    started, sent = time.monotonic(), 0
    while time.monotonic() - started < ONE_RUN:
        rows = claim(timezone.now(), BATCH, MAIL)
        try:
            sent += send_batch(rows)
        except ServerDown as problem:
            logger.warning("The mail server is not reachable; the next sweep tries again. %s", problem)
            break
        if len(rows) < BATCH:
            break
    return sent


def claim(now, size: int, channel: str) -> list[Notification]:
    """Take up to `size` due rows for this worker alone: of two that reach for one row, the update lets one have it."""
    due = Notification.objects.claimable(now, channel)
    waiting = list(due.order_by("due_at", "id").values_list("pk", flat=True)[:size])
    if not waiting:
        return []
    key = secrets.token_hex(16)
    due.filter(pk__in=waiting).update(
        status=Status.LEASED,
        lease_until=now + timedelta(seconds=settings.MAIL_LEASE),
        lease_key=key,
        attempts=F("attempts") + 1,
    )
    return list(
        Notification.objects.filter(pk__in=waiting, lease_key=key)
        .select_related("event__by", "event__acting_for", "recipient__organisation")
        .order_by("due_at", "id")
    )


def send_batch(rows: list[Notification]) -> int:
    """Send the claimed rows over one connection; what could not even be tried goes back untouched."""
    waiting, sent = list(rows), 0
    connection = get_connection()
    try:
        while waiting and enough_lease(waiting[0]):
            open_or_give_up(connection)
            sent += send_one(waiting.pop(0), connection)
    finally:
        give_back(waiting)
        close_quietly(connection)
    return sent


def enough_lease(row: Notification) -> bool:
    """Is there time to send this before another worker may take it?"""
    return timezone.now() + timedelta(seconds=2 * settings.EMAIL_TIMEOUT) < row.lease_until


def send_one(row: Notification, connection) -> bool:
    """Send one mail and write down what became of it. Only this row's fate is decided here."""
    if not mail.address_of(row):
        return give_up(row, "The recipient has no address.")
    if row.recipient_id and not row.recipient.is_active:
        return give_up(row, "The recipient's account is not active.")
    if row.attempts > MAX_ATTEMPTS:
        return give_up(row, row.last_error or "Every attempt ended without an answer.")
    if not is_readable(row.recipient, row.event):
        return withhold(row)
    try:
        message = mail.message_for(row, connection=connection)
        message.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        code = min((code for code, _ in refusal.recipients.values()), default=450)
        return give_up(row, refusal) if code >= 500 else try_later(row, refusal)
    except smtplib.SMTPDataError as refusal:
        return give_up(row, refusal) if refusal.smtp_code >= 500 else try_later(row, refusal)
    except (smtplib.SMTPException, OSError) as problem:
        # The connection is in doubt, and so is this mail; the others go on over a new connection.
        close_quietly(connection)
        return try_later(row, problem)
    except Exception as problem:  # a template, an address: a fault of this row alone, which must not stop the others
        logger.exception("Notification %s could not be sent", row.pk)
        return try_later(row, problem)
    return mark_sent(row, lambda now: releases.enter_mail(row, message, at=now), once=mail.LINK)


@transaction.atomic
def mark_sent(row: Notification, enter: Callable[[datetime], None], *, once: str) -> bool:
    """Write down that it was sent; what goes to a force enters the release ledger with it, or not at all.

    `once` is the value of the event that nobody needs any more once it was sent: it is destroyed.
    """
    now = timezone.now()
    if settle(row, status=Status.SENT, sent_at=now, last_error=""):
        enter(now)
    if once in row.event.data.get("digests", {}):
        ErasableValue.objects.filter(event=row.event, field=once).delete()
    return True


def try_later(row: Notification, problem) -> bool:
    """The next attempt after a longer pause; after the last one it is given up."""
    if row.attempts >= MAX_ATTEMPTS:
        return give_up(row, problem)
    settle(row, status=Status.PENDING, due_at=timezone.now() + wait_after(row.attempts), last_error=text_of(problem))
    return False


def give_up(row: Notification, problem) -> bool:
    logger.error("Notification %s is given up after %s attempts: %s", row.pk, row.attempts, text_of(problem))
    settle(row, status=Status.FAILED, last_error=text_of(problem))
    return False


def withhold(row: Notification) -> bool:
    """It is no longer its reader's: their role ended, or the request was closed to them. Nobody has to look at it."""
    settle(row, status=Status.WITHHELD, last_error="")
    return False


def give_back(rows: list[Notification]) -> None:
    """Rows that were claimed and not tried: due as before, no attempt counted."""
    if rows:
        Notification.objects.filter(
            pk__in=[row.pk for row in rows], lease_key=rows[0].lease_key, status=Status.LEASED
        ).update(status=Status.PENDING, lease_until=None, lease_key="", attempts=F("attempts") - 1)


def settle(row: Notification, **changes) -> bool:
    """Write the outcome, unless the lease ran out and another worker has the row by now: then False."""
    settled = Notification.objects.filter(pk=row.pk, lease_key=row.lease_key, status=Status.LEASED).update(
        lease_until=None, lease_key="", **changes
    )
    return bool(settled)


def wait_after(attempts: int) -> timedelta:
    """1, 2, 4, 8 … minutes, six hours at most."""
    return min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)


def text_of(problem) -> str:
    return f"{type(problem).__name__}: {problem}"[:300] if isinstance(problem, Exception) else str(problem)[:300]


def open_or_give_up(connection) -> None:
    """Open the connection if it is not open; a server that does not let us in stops the batch and nothing else."""
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as problem:
        raise ServerDown(text_of(problem)) from problem


def close_quietly(connection) -> None:
    """A server that has gone already needs no good-bye."""
    with suppress(smtplib.SMTPException, OSError):
        connection.close()
