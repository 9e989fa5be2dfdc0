"""看护进程: starts the web and the worker together, starts again what dies, and ends both as one.

It knows neither Django nor the database, so that nothing that fails there can take it down. Each
child leads a session of its own and is ended with all it started; each has our pipe as its
standard input, whose end tells it that we are gone, however we went (see `follow`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

GRACE = 12.0  # seconds to end in; the web gives its requests in hand a little less
LONGEST = 30.0  # seconds between one start and the next
STEADY = 60.0  # seconds after which a child counts as well again
HOPELESS = 5  # starts in a row that came to nothing, after which we give up


@dataclass(slots=True)
class Child:
    """子进程: one of the processes kept running."""

    name: str
    command: Sequence[str]
    fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    again_at: float = 0.0
    failures: int = 0

    def start(self, stdin: int, environ: Mapping[str, str]) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=stdin,
            env=dict(environ),
            pass_fds=self.fds,
            start_new_session=True,
        )

    def delay(self) -> float:
        """How long to wait before the next start: longer each time it dies young."""
        young = time.monotonic() - self.began < STEADY
        self.failures = self.failures + 1 if young else 1
        return min(LONGEST, 0.25 * 2.0**self.failures)

    def kill(self) -> None:
        """Ends the child and all it started, at once."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


@dataclass(slots=True)
class Supervisor:
    """看护: keeps children running until it is told to stop.

    ``say`` is told of each end. ``ready`` waits for the first answer, in a thread of its own, and
    returns False where it should be asked again. ``run`` returns 0 where it was stopped, 3 where a
    child came to nothing `HOPELESS` times in a row before there was an answer.
    """

    children: Sequence[Child]
    environ: Mapping[str, str]
    say: Callable[[Mapping[str, object]], None]
    ready: Callable[[], bool] = lambda: True
    is_ready: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)
    woken: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        reading, writing = os.pipe()  # neither is inherited but as standard input
        told = [n for n in _ENDING if signal.getsignal(n) is not signal.SIG_IGN]  # nohup
        handled = {n: signal.signal(n, self._stop) for n in told}
        handled[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, self._wake)
        try:
            for child in self.children:
                child.start(reading, self.environ)
            threading.Thread(target=self._greet, name="greet", daemon=True).start()
            return self._watch(reading)
        finally:
            self._end()
            for number, handler in handled.items():
                signal.signal(number, handler)
            os.close(reading)
            os.close(writing)

    def _watch(self, reading: int) -> int:
        while not self.stopping.is_set():
            for child in self.children:
                if self._attend(child, reading):
                    return 3
            self._bury()
            self.woken.wait(0.5)
            self.woken.clear()
        return 0

    def _greet(self) -> None:
        while not self.stopping.is_set() and not self.is_ready:
            self.is_ready = self.ready()
            self.stopping.wait(0.2)

    def _attend(self, child: Child, reading: int) -> bool:
        """Starts a child again where it has died and waited; True where that is hopeless."""
        now = time.monotonic()
        if child.process is not None and (code := child.process.poll()) is not None:
            child.kill()  # what it may have left behind
            child.process = None
            wait = child.delay()
            child.again_at = now + wait
            self.say({"name": child.name, "code": code, "wait": round(wait, 1)})
            return not self.is_ready and child.failures >= HOPELESS
        if child.process is None and now >= child.again_at:
            child.start(reading, self.environ)
        return False

    def _bury(self) -> None:
        """As the first process of a container: takes in what others left behind dead."""
        ours = {c.process.pid for c in self.children if c.process is not None}
        while os.getpid() == 1:
            with contextlib.suppress(ChildProcessError):
                dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                if dead is not None and dead.si_pid not in ours:
                    os.waitpid(dead.si_pid, 0)
                    continue
            return

    def _end(self) -> None:
        running = [c for c in self.children if c.process is not None]
        for child in running:
            assert child.process is not None
            child.process.terminate()  # itself alone: how its own children end is its matter
        until = time.monotonic() + GRACE
        for child in running:
            assert child.process is not None
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, until - time.monotonic()))
            child.kill()
            child.process.wait()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()
        self.woken.set()

    def _wake(self, number: int, frame: FrameType | None) -> None:
        self.woken.set()


_ENDING = [signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


def follow() -> None:
    """In a child: ends this process when the one that started it is gone.

    A thread reads standard input, on which nothing is ever written: its end is theirs.
    """

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(sys.__stdin__.fileno() if sys.__stdin__ else 0, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="follow", daemon=True).start()
