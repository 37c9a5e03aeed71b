"""A commit hurries delivery along, and a broker that is down costs the person nothing."""

import socket
import time

import pytest
from celery import Celery, current_app
from django.db import transaction

from cmcoord import settings as portal_settings
from cmcoord.activity import hurry
from cmcoord.activity.models import Notification
from cmcoord.activity.services import Tell, record
from cmcoord.activity.tasks import deliver_pending

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def rested():
    """No test inherits what another one learned about the broker."""
    hurry.Broker.rest_until = 0.0
    yield
    hurry.Broker.rest_until = 0.0


@pytest.fixture
def broker_at():
    """Points the portal to another broker, with the portal's own settings for Redis."""
    usual = current_app._get_current_object()

    def point(port):
        app = Celery("elsewhere", broker=f"redis://127.0.0.1:{port}/0", set_as_current=True)
        app.conf.broker_transport_options = portal_settings.CELERY_BROKER_TRANSPORT_OPTIONS

    yield point
    usual.set_current()


@pytest.fixture
def dead_broker(broker_at):
    with socket.socket() as taken:  # bound and not listening: nobody else gets the port, every connection is refused
        taken.bind(("127.0.0.1", 0))
        broker_at(taken.getsockname()[1])
        yield


@pytest.fixture
def silent_broker(broker_at):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        broker_at(listening.getsockname()[1])
        yield


@pytest.fixture
def queued():
    """The messages that reach the tests' own queue in memory."""
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        queue.clear()
        yield queue.qsize
        queue.clear()


def seconds(act):
    started = time.monotonic()
    act()
    return time.monotonic() - started


def test_a_commit_asks_for_delivery_once(subject, officer, requester, queued):
    with transaction.atomic():
        record(subject, "case.review", by=officer, tell=[Tell(requester)])
        with transaction.atomic():
            record(subject, "case.return", by=officer, tell=[Tell(requester)])
        assert queued() == 0
    assert queued() == 1


def test_what_is_rolled_back_asks_for_nothing(subject, officer, requester, queued):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(subject, "case.review", by=officer, tell=[Tell(requester)])
        raise ZeroDivisionError
    assert queued() == 0


def test_an_event_that_nobody_is_mailed_about_asks_for_nothing(subject, officer, queued):
    record(subject, "case.review", by=officer)
    assert queued() == 0


def test_what_a_lost_part_asked_for_does_not_keep_the_rest_from_asking(subject, officer, requester, queued):
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(subject, "case.review", by=officer, tell=[Tell(requester)])
            raise ZeroDivisionError
        record(subject, "case.return", by=officer, tell=[Tell(requester)])
    assert queued() == 1


def test_a_dead_broker_neither_fails_nor_delays_what_is_saved(subject, officer, requester, dead_broker):
    took = seconds(lambda: record(subject, "case.review", by=officer, tell=[Tell(requester)]))
    assert took < 2  # a client that retries waits for seconds, or for ever
    assert hurry.Broker.rest_until > time.monotonic()
    assert Notification.objects.filter(channel="mail", status="pending").count() == 1


def test_a_broker_that_says_nothing_is_waited_for_once_and_shortly(subject, officer, requester, silent_broker):
    first = seconds(lambda: record(subject, "case.review", by=officer, tell=[Tell(requester)]))
    again = seconds(hurry.hurry)
    assert first < 3  # the portal's own connections to the broker have five seconds
    assert again < hurry.PATIENCE["socket_timeout"]
    assert Notification.objects.filter(channel="mail", status="pending").count() == 1


def test_the_sweep_delivers_once_what_a_dead_broker_was_not_told(subject, officer, requester, dead_broker, mailoutbox):
    record(subject, "case.review", by=officer, tell=[Tell(requester)])
    assert [deliver_pending(), deliver_pending()] == [1, 0]
    assert [message.to for message in mailoutbox] == [[requester.email]]


def test_pages_answer_while_the_broker_is_down(client, subject, officer, requester, dead_broker):
    record(subject, "case.review", by=officer, tell=[Tell(requester)])
    client.force_login(requester)
    assert client.get("/notifications/").status_code == 200


def test_the_sweep_is_on_the_clock_each_minute():
    sweeps = [entry for entry in current_app.conf.beat_schedule.values() if entry["task"] == deliver_pending.name]
    assert [entry["schedule"] for entry in sweeps] == [60.0]
