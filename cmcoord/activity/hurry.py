"""How a committed transaction hurries delivery along without ever depending on the broker."""

import logging
import time

from celery import current_app
from django.db import transaction
from kombu.pools import producers

from cmcoord.activity.tasks import deliver_pending, deliver_sms

logger = logging.getLogger(__name__)

PATIENCE = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}  # seconds that a person may wait for the broker
REST_AFTER_FAILURE = 30  # seconds during which this process leaves the broker alone; the sweep delivers meanwhile
STALE_AFTER = 60  # seconds after which the sweep has done what was asked, and the message is worth nothing


class Broker:
    """What this process last learned about the broker."""

    rest_until = 0.0


def hurry_after_commit() -> None:
    """Ask for delivery of mails once the current transaction is committed; once, however often it is called in it."""
    _after_commit(hurry)


def hurry_sms_after_commit() -> None:
    """The same for SMS, which no slow mail server holds up, nor they a mail."""
    _after_commit(hurry_sms)


def run_after_commit(name: str) -> None:
    """Ask for any task of the sweep, by its name, once the current transaction is committed."""
    task = current_app.signature(name)
    transaction.on_commit(lambda: _publish(task), robust=True)


def _after_commit(wanted) -> None:
    connection = transaction.get_connection()
    if not any(function is wanted for _, function, _ in connection.run_on_commit):
        transaction.on_commit(wanted, robust=True)


def hurry() -> None:
    """Tell a worker that mail is waiting. A broker that is down costs nothing but the hurry: the rows are saved."""
    _publish(deliver_pending)


def hurry_sms() -> None:
    """Tell a worker that an SMS is waiting."""
    _publish(deliver_sms)


def _publish(task) -> None:
    if time.monotonic() < Broker.rest_until:
        return
    try:
        with producers[impatient_connection()].acquire(block=True, timeout=PATIENCE["socket_timeout"]) as producer:
            task.apply_async(producer=producer, retry=False, ignore_result=True, expires=STALE_AFTER)
    except Exception as problem:  # whatever the broker does, the request that saved its rows has succeeded
        Broker.rest_until = time.monotonic() + REST_AFTER_FAILURE
        logger.warning("The broker is not reachable; the sweep delivers. %s", problem)


def impatient_connection():
    """The key to connections of the web's own: a worker may wait for its broker for seconds, a person may not."""
    options = {**current_app.conf.broker_transport_options, **PATIENCE}
    return current_app.connection_for_write(transport_options=options)
