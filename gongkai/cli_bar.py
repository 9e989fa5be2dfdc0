"""进度条: how far a long job is, with the time left, on stderr, where a person sees it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gongkai.statute.texts import Lang

if TYPE_CHECKING:  # rich is slow to load and seldom needed
    from rich.progress import Progress

REDRAW = 0.1  # seconds


def made(lang: Lang) -> Progress:
    """A bar that is drawn when told to: a thread that redrew it would keep workers from forking."""
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("剩余" if lang == "zh" else "left"),
        progress.TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        auto_refresh=False,
    )


@contextmanager
def bar(total: int, lang: Lang) -> Iterator[Callable[[int], None]]:
    """Gives what is to be called with how many more are done."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    shown = made(lang)
    task, drawn = shown.add_task("", total=max(total, 1)), 0.0

    def advance(count: int) -> None:
        nonlocal drawn
        shown.advance(task, count)
        if time.monotonic() - drawn > REDRAW:
            shown.refresh()
            drawn = time.monotonic()

    with shown:
        yield advance
