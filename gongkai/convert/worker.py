"""工作进程: one job for many items, in processes with limits that are killed and replaced.

A worker that takes too long, too much memory, or dies costs the item it had in hand and nothing
else: its answer is a `Killed`, and another worker goes on with the next. Answers come in the order
of the items, as soon as they are known; only so many are held as workers have run ahead.

On Linux workers are forked while this process has one thread: that costs 3 ms, so that even a
single small file is read under limits. Otherwise they are started anew, as safely on every system.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from gongkai.convert import limits
from gongkai.statute import notes
from gongkai.statute.report import CannotRead

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_IN_HAND = 4  # items sent ahead to a quick worker, so that it never waits for this process
_QUICK = 0.25  # seconds: who answers faster gets items sent ahead
_SMALL = 16 << 10  # bytes sent ahead at most: a pipe that is full would stop both ends
_AHEAD = 1024  # answers held at most while an earlier one is awaited
_START = 60.0  # seconds for a process to start

_READY, _ANSWER, _LAST, _RAISED, _MEMORY, _MORE = b"r", b"a", b"l", b"x", b"m", b"+"


@dataclass(frozen=True, slots=True)
class Killed(Generic[Item]):
    """被终止: stands where an answer would: the item, and why its process ended (``error.*``)."""

    item: Item
    why: str
    limit: float = 0.0  # the seconds or bytes it was held to

    @property
    def cause(self) -> CannotRead:
        """The same as an error, to be said to people."""
        if self.why == "error.too_slow":
            return notes.error(self.why, seconds=f"{self.limit:g}")
        if self.why == "error.too_much_memory":
            return notes.error(self.why, memory=f"{int(self.limit) >> 20} MB")
        return notes.error(self.why)


class Workers(Generic[Item, Answer]):
    """一组工作进程: up to ``count`` processes doing ``job``, each item within limits.

    ``seconds`` are of the wall clock, ``memory`` is bytes of one process, None for no limit. The
    job, the items and the answers travel between processes: they must pickle. What the job raises
    is raised here; only MemoryError is a `Killed`. To be used as a context, by one thread.
    """

    def __init__(
        self,
        job: Callable[[Item], Answer],
        count: int = 1,
        *,
        seconds: float = limits.SECONDS,
        memory: int | None = limits.MEMORY,
    ) -> None:
        self._job = job
        self._count = max(1, count)
        self._seconds = seconds
        self._memory = memory
        self._alive: list[_Worker] = []

    def __enter__(self) -> Workers[Item, Answer]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every worker, whatever it is doing."""
        while self._alive:
            self._alive.pop().kill()

    def map(self, items: Iterable[Item]) -> Iterator[Answer | Killed[Item]]:
        """The answer for each item, in order; items are taken as workers become free."""
        run: _Run[Item, Answer] = _Run(enumerate(items))
        try:
            while True:
                self._hand_out(run)
                while run.next in run.done:
                    yield run.done.pop(run.next)
                    run.next += 1
                if not any(worker.hand for worker in self._alive):
                    if run.exhausted and not run.again:
                        return
                    continue
                self._hear(run)
        finally:
            for worker in [w for w in self._alive if w.hand]:
                self._end(worker)

    def _hand_out(self, run: _Run[Item, Answer]) -> None:
        """Give every worker what it can take, one item each in turn; start workers as needed."""
        for depth in range(1, _IN_HAND + 1):
            while depth == 1 and len(self._alive) < self._count and run.more():
                self._alive.append(self._start())
                self._alive[-1].take(run.again.popleft())
            for worker in self._alive:
                if len(worker.hand) < depth and run.more() and worker.has_room(run.again[0]):
                    worker.take(run.again.popleft())

    def _start(self) -> _Worker:
        return _Worker.start(self._job, self._seconds, self._memory, self._alive)

    def _hear(self, run: _Run[Item, Answer]) -> None:
        """Wait for the next message, or for the first clock to run out."""
        from multiprocessing.connection import wait

        busy = [worker for worker in self._alive if worker.hand]
        first = min(worker.due for worker in busy)
        ready = wait([w.pipe for w in self._alive], max(0.0, first - time.monotonic()))
        now = time.monotonic()
        for worker in list(self._alive):
            if worker.pipe in ready:
                self._message(worker, run)
            elif worker.hand and now >= worker.due:
                if not worker.ready:
                    raise RuntimeError("a worker process did not start")
                self._lost(worker, run, "error.too_slow")

    def _message(self, worker: _Worker, run: _Run[Item, Answer]) -> None:
        try:
            message = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            if not worker.ready:
                raise RuntimeError("a worker process died while starting") from None
            self._lost(worker, run, worker.why_dead())
            return
        kind, content = message[:1], message[1:]
        if kind == _READY:
            worker.ready = True
            worker.restart(self._seconds)
        elif kind == _MORE:
            worker.restart(*struct.unpack("d", content))
        elif kind == _MEMORY:
            self._lost(worker, run, "error.too_much_memory")
        elif kind == _RAISED:
            raise pickle.loads(content)
        else:
            run.done[worker.hand.popleft().number] = pickle.loads(content)
            worker.quick = time.monotonic() - worker.since < _QUICK
            worker.restart(self._seconds)
            if kind == _LAST:  # it has grown large and leaves of its own accord
                run.take_back(worker)
                self._end(worker)

    def _lost(self, worker: _Worker, run: _Run[Item, Answer], why: str) -> None:
        """The item in hand has cost its worker; those behind it go to another."""
        if worker.hand:
            parcel = worker.hand.popleft()
            limit = worker.seconds if why == "error.too_slow" else float(self._memory or 0)
            run.done[parcel.number] = Killed(parcel.item, why, limit)
            run.take_back(worker)
        self._end(worker)

    def _end(self, worker: _Worker) -> None:
        self._alive.remove(worker)
        worker.kill()


@dataclass(frozen=True, slots=True)
class _Parcel(Generic[Item]):
    """An item on its way, packed once."""

    number: int
    item: Item
    content: bytes


@dataclass
class _Run(Generic[Item, Answer]):
    """One pass over the items: what is still to do, and what is done but not yet its turn."""

    source: Iterator[tuple[int, Item]]
    again: deque[_Parcel[Item]] = field(default_factory=deque)
    done: dict[int, Answer | Killed[Item]] = field(default_factory=dict)
    next: int = 0
    exhausted: bool = False

    def more(self) -> bool:
        """Whether there is an item to hand out now."""
        if not self.again and not self.exhausted and len(self.done) < _AHEAD:
            try:
                number, item = next(self.source)
            except StopIteration:
                self.exhausted = True
            else:
                content = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
                self.again.append(_Parcel(number, item, content))
        return bool(self.again)

    def take_back(self, worker: _Worker) -> None:
        """What a worker had not begun."""
        while worker.hand:
            self.again.appendleft(worker.hand.pop())


@dataclass(eq=False, slots=True)
class _Worker:
    """一个工作进程, seen from the process that waits for it."""

    process: BaseProcess
    pipe: Connection
    hand: deque[_Parcel[Any]] = field(default_factory=deque)
    ready: bool = False
    quick: bool = False
    since: float = 0.0
    seconds: float = _START

    @classmethod
    def start(
        cls,
        job: Callable[[Any], Any],
        seconds: float,
        memory: int | None,
        others: Iterable[_Worker],
    ) -> _Worker:
        """A new process that waits for items."""
        import multiprocessing

        fork = _may_fork()
        context = multiprocessing.get_context("fork" if fork else "spawn")
        here, there = context.Pipe()
        # A fork has copies of our ends of all pipes: left open, none of the others would notice
        # that this process is gone.
        ours = [here, *(worker.pipe for worker in others)] if fork else []
        process = context.Process(  # type: ignore[attr-defined]  # same in both contexts
            target=_serve, args=(there, job, seconds, memory, ours), daemon=True
        )
        process.start()
        there.close()
        return cls(process, here, since=time.monotonic())

    @property
    def due(self) -> float:
        """When its time is up, on the monotonic clock."""
        return self.since + self.seconds

    def has_room(self, parcel: _Parcel[Any]) -> bool:
        """Whether it can be sent without waiting for the worker to take it."""
        waiting = sum(len(other.content) for other in self.hand)
        return not self.hand or (self.quick and waiting + len(parcel.content) < _SMALL)

    def take(self, parcel: _Parcel[Any]) -> None:
        """Send it an item."""
        self.hand.append(parcel)
        with suppress(OSError):  # it has died: the pipe's end says so at the next look
            self.pipe.send_bytes(parcel.content)
        if len(self.hand) == 1 and self.ready:
            self.since = time.monotonic()

    def restart(self, seconds: float) -> None:
        """The clock begins anew: another item, or more time for this one."""
        self.since, self.seconds = time.monotonic(), seconds

    def why_dead(self) -> str:
        """Why a process that closed its pipe has ended."""
        self.process.join(5)
        alarm = getattr(signal, "SIGALRM", None)
        late = alarm is not None and self.process.exitcode == -alarm
        return "error.too_slow" if late else "error.crashed"

    def kill(self) -> None:
        """End it with all it has started, and leave no zombie."""
        if hasattr(os, "killpg") and self.process.pid is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


def _may_fork() -> bool:
    """Whether a copy of this process would work: only where no other thread may hold a lock."""
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


# -- the other side


def _serve(
    pipe: Connection,
    job: Callable[[Any], Any],
    seconds: float,
    memory: int | None,
    ours: list[Connection],
) -> None:
    """The life of a worker: an item, its answer, the next."""
    for end in ours:
        end.close()
    _detach()
    limits.inside(lambda more: pipe.send_bytes(_MORE + struct.pack("d", more)))
    pipe.send_bytes(_READY)
    message = b""
    while message[:1] not in (_LAST, _MEMORY, _RAISED):
        try:
            content = pipe.recv_bytes()
        except (EOFError, OSError):
            break
        limits.begin(seconds, memory)
        message = _answered(job, content)
        limits.end()
        if message[:1] == _ANSWER and limits.grown(memory):
            message = _LAST + message[1:]
        try:
            pipe.send_bytes(message)
        except OSError:
            break
    os._exit(0)  # nothing of the process this is a copy of must be flushed or cleaned up twice


def _answered(job: Callable[[Any], Any], content: bytes) -> bytes:
    try:
        return _ANSWER + pickle.dumps(job(pickle.loads(content)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return _MEMORY
    except BaseException as error:
        error.add_note(traceback.format_exc())
        return _RAISED + _pickled(error)


def _pickled(error: BaseException) -> bytes:
    """An exception to be raised in the process that waits; what cannot travel, as its words."""
    try:
        content = pickle.dumps(error)
        pickle.loads(content)
    except Exception:
        content = pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return content


def _detach() -> None:
    """Ctrl-C is for the process that waits; what libraries print as they die is for no one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if hasattr(os, "setsid"):
        with suppress(OSError):
            os.setsid()  # a group of its own, so that what it starts ends with it
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)
    os.close(quiet)
