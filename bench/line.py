"""一行: one measurement beside its reference, and how it is taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """一行: what was measured, in milliseconds, beside its reference and what it may take."""

    what: str
    took: float
    reference: str
    bare: float | None
    budget: float

    @property
    def ratio(self) -> float | None:
        """How many times the reference."""
        return None if self.bare is None else self.took / self.bare


def median(
    work: Callable[[], object],
    *,
    least: int = 15,
    clock: Callable[[], float] = time.process_time,  # what others do on the machine is not counted
) -> float:
    """Milliseconds of one run: the median of at least ``least`` runs and 0.3 seconds."""
    work()
    times: list[float] = []
    begin = time.perf_counter()
    while len(times) < least or time.perf_counter() - begin < 0.3:
        start = clock()
        work()
        times.append((clock() - start) * 1000)
    return statistics.median(times)
