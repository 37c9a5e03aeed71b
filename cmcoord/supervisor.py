"""How do several processes live and die as one portal? Started, restarted when dead, stopped without a rest."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PAUSE_BEFORE_RESTART = 1.0  # seconds; doubles with each death in a row
LONGEST_PAUSE = 30.0
SETTLED_AFTER = 20.0  # a child that lived so long starts again with the shortest pause
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOG_LIMIT = 5_000_000  # bytes of a log that are carried into the next start

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_supervisor() -> None:
    """In the child, before it becomes its program: when the supervisor is killed outright, so is the child."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in STOP_SIGNALS:  # a shell starts background jobs with Ctrl-C ignored, and children inherit that
        signal.signal(number, signal.SIG_DFL)
    if _libc:
        _libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@dataclass
class Child:
    """One program, in a process group of its own so that nothing it started outlives it."""

    name: str
    command: Sequence[str]
    log: Path
    patience: float = 5.0  # seconds to stop by itself after SIGTERM
    pass_fds: tuple[int, ...] = ()
    ready: Callable[[], bool] | None = None
    process: subprocess.Popen | None = field(default=None, repr=False)
    started_at: float = 0.0
    restart_at: float | None = None
    pause: float = PAUSE_BEFORE_RESTART / 2

    def start(self) -> None:
        self.end_group()
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 the commands are the portal's own
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=self.pass_fds,
                start_new_session=True,
                preexec_fn=_die_with_supervisor,  # noqa: PLW1509 the supervisor has one thread
            )
        self.started_at, self.restart_at = time.monotonic(), None

    def end_group(self) -> None:
        """Kill what is left of the last run: a worker's clock stays alive when only the worker itself was killed."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def last_words(self) -> str:
        """The last line of its log that says something, for the person who reads the console."""
        with suppress(OSError, IndexError), self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4000))
            return [line for line in log.read().decode(errors="replace").splitlines() if line.strip()][-1].strip()
        return ""

    def stop(self, impatient: Callable[[], bool] = lambda: False) -> None:
        """Ask it to end, wait as long as it may take, then kill the rest of its group."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        deadline = time.monotonic() + self.patience
        while self.is_alive() and time.monotonic() < deadline and not impatient():
            time.sleep(0.05)
        self.end_group()
        self.process.wait()
        self.process = None


class Supervisor:
    """Keeps children running until a stop signal comes; `say` tells the person at the console."""

    def __init__(self, say: Callable[[str], None]):
        self.say = say
        self.children: list[Child] = []
        self.signals = 0
        self.interruptible = False

    def listen(self) -> None:
        """From here on Ctrl-C, SIGTERM and a closed terminal are a wish to stop; the second one is in a hurry."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._count)

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1
        if self.interruptible:
            raise KeyboardInterrupt

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Inside, a stop signal does not wait for the end of the work: what is not committed is rolled back."""
        self.interruptible = True
        try:
            yield
        except KeyboardInterrupt:
            self.signals += not self.signals
        finally:
            self.interruptible = False

    @property
    def stopping(self) -> bool:
        return self.signals > 0

    def add(self, child: Child, wait: float = 20.0) -> bool:
        """Start a child and wait until it is ready; False when it died or was not ready in `wait` seconds."""
        self.children.append(child)
        child.start()
        deadline = time.monotonic() + wait
        while child.ready and not child.ready():
            if not child.is_alive() or time.monotonic() > deadline or self.stopping:
                return False
            time.sleep(0.05)
        return True

    def drop(self, child: Child) -> None:
        child.stop()
        self.children.remove(child)

    def look_after(self) -> None:
        """One look at every child: who died gets a new start after a pause that grows."""
        now = time.monotonic()
        for child in self.children:
            if child.is_alive():
                continue
            if child.restart_at is None:
                child.end_group()
                settled = now - child.started_at > SETTLED_AFTER
                child.pause = PAUSE_BEFORE_RESTART if settled else min(child.pause * 2, LONGEST_PAUSE)
                child.restart_at = now + child.pause
                code = child.process.returncode if child.process else "?"
                self.say(
                    f"The {child.name} stopped (exit {code}) and is started again. Last line: {child.last_words()}"
                )
            elif now >= child.restart_at:
                child.start()

    def run(self, each_minute: Callable[[], None] = lambda: None) -> None:
        next_minute = time.monotonic() + 60
        while not self.stopping:
            self.look_after()
            if time.monotonic() >= next_minute:
                each_minute()
                next_minute += 60
            time.sleep(0.25)

    def stop(self) -> None:
        """End the children, the one started last first: nobody loses what it stands on while it still works."""
        first = self.signals
        for child in reversed(self.children):
            child.stop(impatient=lambda: self.signals > max(first, 1))
        self.children.clear()
