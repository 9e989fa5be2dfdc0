"""限额: the seconds and the memory that one piece of work may take in a worker process.

The kernel keeps them, not the work: an alarm without a handler ends the process, and memory
beyond the limit is refused. Where the system has neither (Windows), or does not keep the limit of
memory (macOS), only the clock of the process that waits remains.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

SECONDS = 10.0
"""Wall clock for one item; the slowest report met so far takes 0.1."""

MEMORY = 512 << 20
"""Bytes of one process, Python and its libraries among them."""

_MAPPED = 64 << 20  # code and fonts mapped from files: in memory, yet not counted by the limit
_LATE = 1.0  # seconds: the process that waits is first to notice; this is for when it is busy

_USUAL = 32 << 20  # bytes a process holds before it has done anything
_inherited = 0  # bytes beyond that: a fork has what its parent holds, which is not its doing
_resident = 0  # bytes in memory at its start, for the same reason

_ask: Callable[[float], None] | None = None  # in a worker: tells the process that waits


def inside(ask: Callable[[float], None]) -> None:
    """This process is a worker from now on; ``ask`` is how it asks for more time."""
    global _ask, _inherited, _resident
    _ask = ask
    _inherited = max(0, _pages(5) - _USUAL)
    _resident = max(0, _pages(1) - _USUAL)


def more(*, seconds: float, memory: int = MEMORY) -> None:
    """放宽: what the item in hand may still take from now on; to be said before work known heavy.

    For OCR, whose time goes by the page, and for other programs (LibreOffice), which inherit the
    limit of memory when they start. Ends with the item. Outside a worker it does nothing.
    """
    if _ask is not None:
        _ask(seconds)
        begin(seconds, memory)


def begin(seconds: float, memory: int | None) -> None:
    """Start the clock of an item, and set the memory it may take; None: any."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + _LATE)
    if sys.platform == "linux":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        bytes_ = resource.RLIM_INFINITY
        if memory is not None:
            bytes_ = max(memory - _MAPPED, _MAPPED) + _inherited
        if most != resource.RLIM_INFINITY:
            bytes_ = most if memory is None else min(bytes_, most)
        resource.setrlimit(resource.RLIMIT_DATA, (bytes_, most))


def end() -> None:
    """Stop the clock of an item."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def grown(memory: int | None) -> bool:
    """Whether this process has come to hold so much that the next item would suffer for it."""
    if memory is None or sys.platform != "linux":
        return False
    return _pages(1) - _resident > memory // 3


def _pages(field: int) -> int:
    """Bytes this process holds: 1 in memory, 5 as data (proc(5), statm); 0 where not told."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[field]) * os.sysconf("SC_PAGE_SIZE")
