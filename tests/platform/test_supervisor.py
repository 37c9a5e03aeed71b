"""Does the embedded portal start, heal and stop as one, and say plainly why it does not?"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import namedtuple
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings

from cmcoord.management.commands import run_portal
from cmcoord.supervisor import Child, Supervisor

pytestmark = pytest.mark.embedded

OURS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORTAL_VAR", "DJANGO_SETTINGS_MODULE", "DEMO"}


def command(var, *arguments, **variables):
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment | {"PORTAL_VAR": str(var)} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def refusal(var, *arguments, **variables):
    process = command(var, *arguments, **variables)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    return [line for line in output.splitlines() if not line.startswith("[")]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(pid):
    """(parent, state) of a process, None when there is none."""
    with suppress(OSError):
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
        return int(parent), state


def children(pid):
    """pid → command line of the processes that this one started and that still run."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        facts = status(folder.name)
        if facts and facts[0] == pid and facts[1] != "Z":
            with suppress(OSError):
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    return found


def eventually(question, seconds=15):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.1)
    return question()


Portal = namedtuple("Portal", "process port var")


@pytest.fixture(scope="module")
def started():
    """The portals of this module, each ended at its end."""
    portals = []
    yield portals
    for portal in portals:
        if portal.process.poll() is None:
            portal.process.kill()
        portal.process.stdout.close()


@pytest.fixture
def portal(started, tmp_path_factory):
    """A portal that runs, without demonstration data; another one when a test before, in whatever order, ended it."""
    if started and started[-1].process.poll() is None:
        return started[-1]
    var, port = tmp_path_factory.mktemp("portal"), free_port()
    process = command(var, "run_portal", "--port", str(port), "--workers", "1")
    for line in process.stdout:
        if "The portal is ready" in line:
            break
    else:
        pytest.fail(f"the portal did not start: {process.wait()}")
    started.append(Portal(process, port, var))
    return started[-1]


def answers(portal, path="/healthz"):
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{portal.port}{path}", timeout=5) as answer:
        return answer.status == 200


def test_a_running_portal_is_ready(portal):
    assert answers(portal)
    assert answers(portal, "/readyz")


def test_a_second_start_on_the_same_data_names_the_first(portal):
    (sentence,) = refusal(portal.var, "run_portal", "--port", str(free_port()))
    assert f"process {portal.process.pid}" in sentence
    assert f"http://127.0.0.1:{portal.port}/" in sentence


def test_a_port_in_use_is_told_with_another_one(portal, tmp_path):
    (sentence,) = refusal(tmp_path, "run_portal", "--port", str(portal.port))
    assert f"Port {portal.port} is in use" in sentence
    assert f"PORT={portal.port + 1}" in sentence


@pytest.mark.parametrize("program", ["valkey-server", "celery", "gunicorn"])
def test_a_killed_child_is_started_again(portal, program):
    def running():
        return [pid for pid, line in children(portal.process.pid).items() if program in line]

    (before,) = running()
    os.kill(before, signal.SIGKILL)
    (after,) = eventually(lambda: [pid for pid in running() if pid != before])
    assert after != before
    assert eventually(lambda: answers(portal))


def test_the_clock_of_a_killed_worker_does_not_outlive_it(portal):
    (worker,) = eventually(lambda: [pid for pid, line in children(portal.process.pid).items() if "celery" in line])
    group = eventually(lambda: children(worker))
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: not any(status(pid) for pid in group))


def test_ctrl_c_stops_everything_and_leaves_nothing(portal):
    """Its children, and theirs, are gone and the port is free."""
    family = children(portal.process.pid)
    family |= {pid: line for parent in list(family) for pid, line in children(parent).items()}
    assert family
    os.killpg(portal.process.pid, signal.SIGINT)
    assert portal.process.wait(timeout=20) == 0
    assert not [line for pid, line in family.items() if (facts := status(pid)) and facts[1] != "Z"]
    assert not (portal.var / "valkey.sock").exists()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", portal.port))


def test_a_full_disk_is_one_sentence(monkeypatch, tmp_path, settings):
    usage = namedtuple("usage", "total used free")
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(run_portal.shutil, "disk_usage", lambda path: usage(10**9, 10**9 - 1, 1_000_000))
    with pytest.raises(
        run_portal.CommandError, match=r"The disk is full: 1 MB are left where .* the portal needs 100\."
    ):
        run_portal.refuse_full_disk()


def test_a_disk_that_fills_up_on_the_way_is_told_the_same_way(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    with pytest.raises(run_portal.CommandError, match="The disk is full"), run_portal.one_sentence():
        raise run_portal.DatabaseError("database or disk is full")


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/program"])
def test_where_valkey_cannot_run_a_folder_is_the_queue(monkeypatch, tmp_path, settings, program):
    settings.VAR_DIR, settings.QUEUE_DIR = tmp_path, tmp_path / "queue"
    settings.BROKER_SOCKET = tmp_path / "valkey.sock"
    settings.CELERY_BROKER_URL = f"redis+socket://{settings.BROKER_SOCKET}"
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setattr(run_portal, "get_binary_path", lambda: Path(program))
    said = StringIO()
    portal = run_portal.Command(stdout=said)
    portal.began, portal.supervisor = time.monotonic(), Supervisor(portal.say)
    portal.start_queue(tmp_path)
    assert "a folder is the queue" in said.getvalue()
    assert os.environ["REDIS_URL"] == "filesystem://"
    assert (tmp_path / "queue" / "work").is_dir()
    assert not portal.supervisor.children


@pytest.mark.parametrize(
    "variables, named",
    [
        ({"DATABASE_URL": "postgres://x@h/d", "REDIS_URL": "redis://h", "SECRET_KEY": "x"}, "DATABASE_URL"),
        ({"EMAIL_URL": "smtp://mail.example"}, "EMAIL_URL"),
        ({"PORTAL_URL": "https://portal.example"}, "PORTAL_URL"),
        ({"PORTAL_HOSTS": "portal.example"}, "PORTAL_HOSTS"),
    ],
)
def test_the_demonstration_refuses_production_settings(tmp_path, variables, named):
    (sentence,) = refusal(tmp_path, "run_portal", DEMO="1", **variables)
    assert sentence.startswith("DEMO=1 lets everybody sign in as anybody")
    assert named in sentence


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "var").write_text("a file, not a folder")
    (sentence,) = refusal(tmp_path / "var", "run_portal")
    assert sentence == f"The portal cannot keep its data in {tmp_path / 'var'}: File exists."


def test_production_without_key_or_queue_says_what_is_missing(tmp_path):
    (sentence,) = refusal(tmp_path, "run_portal", DATABASE_URL="postgres://x@h/d")
    assert "SECRET_KEY and REDIS_URL" in sentence


def test_each_death_in_a_row_makes_the_pause_longer(tmp_path):
    said = []
    supervisor = Supervisor(said.append)
    child = Child("short one", [sys.executable, "-c", "print('no bread left'); raise SystemExit(3)"], tmp_path / "log")
    supervisor.add(child)
    child.process.wait()
    supervisor.look_after()
    first = child.pause
    child.start()
    child.process.wait()
    supervisor.look_after()
    supervisor.stop()
    assert child.pause > first
    assert "short one stopped (exit 3)" in said[0]
    assert "no bread left" in said[0]


def test_a_child_that_ignores_the_wish_to_stop_is_killed(tmp_path):
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    log = tmp_path / "log"
    child = Child("deaf one", [sys.executable, "-c", deaf], log, patience=0.3, ready=lambda: "deaf" in log.read_text())
    supervisor = Supervisor(print)
    assert supervisor.add(child)
    pid = child.process.pid
    supervisor.stop()
    assert not status(pid)
