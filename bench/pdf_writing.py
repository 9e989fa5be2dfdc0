"""写出 PDF 的速度: a report as PDF, warm and one-shot, with and without the proof.

    python -m bench.pdf_writing     the rows alone, and the memory of the process

The reference is the engine alone, given the same report laid out and ready: what our own layout,
the notes and the proof cost shows as the difference.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

from bench.line import Line, median
from gongkai.statute.report import AnnualReport
from gongkai.statute.tests import consistent
from gongkai.statute.writers import paper, pdf

BUDGET = 50.0  # milliseconds a report, with a warm engine (issue 3)
ONE_SHOT = 1000.0
REPORTS = 60  # every one another report: the engine remembers what it has set


def lines() -> list[Line]:
    """The rows of this carrier for the table of `bench`."""
    reports = [consistent.report(("2019", "2021")[k % 2], k) for k in range(REPORTS)]
    pdf.write(reports[0])
    whole = median(_each(reports, lambda made: pdf.write(made).data))
    others = [consistent.report(("2019", "2021")[k % 2], 1000 + k) for k in range(REPORTS)]
    engine = median(_each([_ready(made) for made in others], lambda work: work()))
    shot = median(_once, least=5, clock=time.perf_counter)
    return [
        Line("write .pdf, warm", whole, "the engine alone", engine, BUDGET),
        Line("write .pdf, one process", shot, "write .pdf, warm", whole, ONE_SHOT),
    ]


def _each(items: Iterable[object], work: Callable[..., object]) -> Callable[[], object]:
    """Work on the next item at each call."""
    turn = itertools.cycle(items)
    return lambda: work(next(turn))


def _ready(made: AnnualReport) -> Callable[[], bytes]:
    """What the engine does for one report, everything before and behind it left out."""
    press = pdf._press(())
    laid = paper.lay_out(made)
    content = {
        "name": laid.name,
        "author": [],
        "made": [2023, 1, 1, 0, 0, 0],
        "pieces": pdf._Sheet(press.fonts).pieces(laid.pieces),
    }
    inputs = {"report": json.dumps(content), "families": json.dumps(dict(press.fonts.families))}
    return partial(press._compiled, inputs)


def _once() -> None:
    code = (
        "from gongkai.statute.tests import consistent\n"
        "from gongkai.statute.writers import pdf\n"
        "pdf.write(consistent.report('2021', 1))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    import resource

    for line in lines():
        print(f"{line.what}: {line.took:.1f} ms; {line.reference}: {line.bare:.1f} ms")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
