"""How a waiting SMS reaches the gateway: with the leases and retries of mails (delivery.py), and never in their way.

The mail of the same event is a row of its own: whatever becomes of an SMS, the mail goes.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from cmcoord.activity import barrier, gateway, releases, sms
from cmcoord.activity.delivery import (
    BATCH,
    MAX_ATTEMPTS,
    ONE_RUN,
    claim,
    give_back,
    give_up,
    mark_sent,
    try_later,
    withhold,
)
from cmcoord.activity.mail import message_id
from cmcoord.activity.models import Notification
from cmcoord.activity.readable import is_readable
from cmcoord.activity.sms_numbers import number_of

logger = logging.getLogger(__name__)

Status = Notification.Status


def deliver_due() -> int:
    """Send what is due, batch after batch; returns how many SMS the gateway took. Without a gateway nothing happens."""
    started, sent = time.monotonic(), 0
    while gateway.is_set() and time.monotonic() - started < ONE_RUN:
        rows = claim(timezone.now(), BATCH, Notification.Channel.SMS)
        try:
            sent += send_batch(rows)
        except gateway.GatewayDown as problem:
            logger.warning("The SMS gateway is not reachable; the next sweep tries again. %s", problem)
            break
        if len(rows) < BATCH:
            break
    return sent


def send_batch(rows: list[Notification]) -> int:
    """Send the claimed rows one by one; what could not even be tried goes back untouched."""
    waiting, sent = list(rows), 0
    try:
        while waiting and enough_lease(waiting[0]):
            sent += send_one(waiting[0])
            waiting.pop(0)
    finally:
        give_back(waiting)
    return sent


def enough_lease(row: Notification) -> bool:
    """Is there time to send this before another worker may take it? Connecting and answering may each take long."""
    return timezone.now() + timedelta(seconds=3 * settings.SMS_TIMEOUT) < row.lease_until


def send_one(row: Notification) -> bool:
    """Send one SMS and write down what became of it."""
    number = number_of(row)
    if why := why_not(row, number):
        return give_up(row, why)
    if not is_readable(row.recipient, row.event):
        return withhold(row)
    try:
        text = sms.text_for(row)
        gateway.send(number=number, text=text, key=message_id(row))
    except gateway.Refused as problem:
        return give_up(row, problem)
    except gateway.InDoubt as problem:
        return try_later(row, problem)
    except gateway.GatewayDown:
        raise
    except Exception as problem:  # a template, an address: a fault of this row alone, which must not stop the others
        logger.exception("Notification %s could not be sent by SMS", row.pk)
        return try_later(row, problem)
    return mark_sent(row, lambda now: releases.enter_sms(row, text, at=now), once=sms.CODE)


def why_not(row: Notification, number: str) -> str:
    """ "" or why this SMS is not sent any more; its mail is, whatever stands here."""
    if not number:
        return "The recipient has no confirmed number."
    if not row.recipient.is_active:
        return "The recipient's account is not active."
    if row.attempts > MAX_ATTEMPTS:
        return row.last_error or "Every attempt ended without an answer."
    if timezone.now() - row.event.at > sms.SOON:
        return "It came too late to be of use."
    if barrier.class_of(row.event.subject_kind, row.event.subject_id) == barrier.Sensitivity.STRICT:
        return "Strictly confidential: never by SMS."
    return ""
