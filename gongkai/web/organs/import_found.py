"""导入的结果: what a check found, kept on the disk, read a page at a time.

Not in the database: a file of a hundred thousand rows may have as many problems. The files lie
beside the upload, on disk also where that itself is in an object store, and go with it when a run
is dropped.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation

from gongkai.web.organs import workbook_out
from gongkai.web.organs.import_plan import Change, Plan
from gongkai.web.organs.import_problems import Problem
from gongkai.web.organs.models import ImportRun
from gongkai.web.organs.workbook_in import Book

_SIDES = (".problems.jsonl", ".changes.jsonl", ".problems.xlsx", ".alive")


class Kept(Protocol):
    """What has an uploaded file: others keep their signs of life beside theirs."""

    file: Any


def _beside(run: Kept, side: str) -> Path:
    path = Path(settings.FILES) / f"{run.file.name}{side}"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def save(run: ImportRun, plan: Plan, book: Book | None) -> None:
    """Keeps problems and changes, and where there are problems the file that tells them."""
    _lines(_beside(run, ".problems.jsonl"), (p.as_json() for p in plan.problems))
    _lines(_beside(run, ".changes.jsonl"), (c.as_json() for c in plan.changes))
    told = _beside(run, ".problems.xlsx")
    told.unlink(missing_ok=True)
    if plan.problems and book is not None:
        part = told.with_suffix(".part")
        with translation.override("zh-hans"), part.open("wb") as out:
            workbook_out.with_problems(out, book, plan.problems)
        part.chmod(0o600)
        part.replace(told)


def save_unreadable(run: ImportRun, problem: Problem) -> None:
    """A file of which nothing could be read."""
    drop(run, but_upload=True)
    _lines(_beside(run, ".problems.jsonl"), [problem.as_json()])


def _lines(path: Path, rows: Iterable[Any]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    part.chmod(0o600)
    part.replace(path)


def problems(run: ImportRun, start: int, count: int) -> list[Problem]:
    """Some problems from a place on: errors first, in the order of the file."""
    return [Problem.from_json(said) for said in _read(run, ".problems.jsonl", start, count)]


def changes(run: ImportRun, start: int, count: int) -> list[Change]:
    """Some changes from a place on, in the order of the file."""
    found = []
    for sheet, row, key, title, action, fields in _read(run, ".changes.jsonl", start, count):
        found.append(Change(sheet, row, key, title, action, [tuple(f) for f in fields]))
    return found


def _read(run: ImportRun, side: str, start: int, count: int) -> Iterator[Any]:
    path = _beside(run, side)
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in itertools.islice(lines, start, start + count):
            yield json.loads(line)


def problem_file(run: ImportRun) -> Path | None:
    """The workbook that tells the problems, where there is one."""
    path = _beside(run, ".problems.xlsx")
    return path if path.exists() else None


def drop(run: Kept, *, but_upload: bool = False) -> None:
    """Removes everything that was kept of the file, the file itself too."""
    for side in _SIDES:
        _beside(run, side).unlink(missing_ok=True)
    if not but_upload:
        run.file.storage.delete(run.file.name)


# -- a sign of life


@dataclass(frozen=True, slots=True)
class Life:
    """进度: what a job is at, and how many seconds ago it said so."""

    stage: str
    done: int
    ago: float


class Alive:
    """心跳: written while a job works, at most once a second; an old one is of a job that died.

    ``beat`` is called with it: a worker busy for minutes tells so to whoever watches it.
    """

    def __init__(self, run: Kept, beat: Callable[[], object] = lambda: None) -> None:
        self._beat = beat
        self._path = _beside(run, ".alive")
        self._last = 0.0
        self._stage = ""

    def __call__(self, stage: str, done: int) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._last < 1:
            return
        self._last, self._stage = now, stage
        part = self._path.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps([stage, done]), encoding="utf-8")
        part.replace(self._path)
        self._beat()

    def end(self) -> None:
        self._path.unlink(missing_ok=True)


def life(run: Kept) -> Life | None:
    """The last sign of life of the run's job; None where there is none."""
    path = _beside(run, ".alive")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Life(said[0], said[1], max(0.0, time.time() - path.stat().st_mtime))
    except (OSError, ValueError):
        return None
