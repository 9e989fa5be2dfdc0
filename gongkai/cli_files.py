"""文件: what the arguments of a command name, and one job done for each file, in order.

A file that cannot be read is an answer like any other: it never stops the others.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gongkai.statute.texts import Text

if TYPE_CHECKING:
    from gongkai.statute.readers.json import Failed
    from gongkai.statute.report import AnnualReport

T = TypeVar("T")

_BEFORE_JSON = b"\x00\xef\xbb\xbf\xfe\xff \t\r\n"  # marks of byte order, space, UTF-16's zeros

READABLE = frozenset(
    {".txt", ".md", ".csv", ".tsv", ".html", ".htm", ".shtml", ".xhtml", ".docx", ".docm"}
    | {".xlsx", ".xlsm", ".xls", ".ods", ".pdf", ".json", ".jsonl"}
)
"""What a folder is searched for; a file named outright is read whatever its name."""

NEEDS_CONVERTER = frozenset({".doc", ".wps", ".et", ".ofd", ".rtf", ".mht", ".mhtml"})
"""Very probably a report all the same: reading says what to do, so they are not passed over."""

LARGEST = 256 * 1024 * 1024
"""Bytes; the largest report met so far has 0.4 MB, and reading holds the file in memory."""

MANY = 40
"""From so many files on, starting further processes costs less than it saves."""


@dataclass(frozen=True, slots=True)
class Source:
    """来源: one file to be read: its name for people, and its path, its bytes, or what is wrong."""

    name: str
    path: str = ""
    wrong: str | None = None  # an ``error.*`` id
    data: bytes | None = None  # standard input: only this process can read it


@dataclass(frozen=True, slots=True)
class Found:
    """清点结果: the files to read, and the names of those passed over as no reports."""

    sources: tuple[Source, ...]
    passed_over: tuple[str, ...] = ()


def collect(arguments: Sequence[str]) -> Found:
    """The files the arguments name, in order; a folder stands for all readable files below it.

    A README among other files is passed over, as it is in a folder: examples/* names it too.
    """
    sources: list[Source] = []
    passed_over: list[str] = []
    for argument in arguments:
        if argument == "-":
            sources.append(Source("-", data=sys.stdin.buffer.read(LARGEST + 1)))
        elif os.path.isdir(argument):
            below, skipped = _below(argument)
            passed_over += skipped
            sources += below or [Source(shown(argument), argument, "error.empty_folder")]
        elif len(arguments) > 1 and _is_readme(argument) and os.path.isfile(argument):
            passed_over.append(shown(argument))
        else:
            sources.append(Source(shown(argument), argument))
    return Found(tuple(sources), tuple(passed_over))


def shown(name: str) -> str:
    """A file name that can be printed, also where its bytes are no text."""
    return os.fsencode(name).decode("utf-8", "replace")


def may_be_report(name: str) -> bool:
    """Whether a file met in a folder is worth reading: by its suffix, and no README."""
    suffix = Path(name).suffix.lower()
    return (suffix in READABLE or suffix in NEEDS_CONVERTER) and not _is_readme(name)


def _is_readme(name: str) -> bool:
    return Path(name).stem.lower() == "readme"


def _below(folder: str) -> tuple[list[Source], list[str]]:
    closed: list[Source] = []

    def cannot_enter(cause: OSError) -> None:
        name = str(cause.filename or folder)
        closed.append(Source(shown(name), name, "error.permission"))

    found: list[Source] = []
    passed_over: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=cannot_enter):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.startswith((".", "~$")):  # hidden, or the lock of a file open in Word
                continue
            path = os.path.join(parent, name)
            if may_be_report(name):
                found.append(Source(shown(path), path))
            else:
                passed_over.append(shown(path))
    return found + closed, passed_over


def read(source: Source) -> list[AnnualReport | Failed]:
    """Every report of one source; raises CannotRead, whatever goes wrong with the file.

    Our own JSON also holds the files that could not be read when it was written, in their place.
    """
    from gongkai.statute import notes, readers
    from gongkai.statute.readers import json as json_reader
    from gongkai.statute.readers import sniff

    if source.wrong == "error.empty_folder":
        raise notes.error(source.wrong, known=sniff.KNOWN)
    if source.wrong is not None:
        raise notes.error(source.wrong)
    data = _bytes(source.path) if source.data is None else source.data
    if len(data) > LARGEST:
        raise notes.error("error.too_large", what=f"> {LARGEST // 1024**2} MB")
    if data[:64].translate(None, _BEFORE_JSON)[:1] in (b"{", b"[") and (
        sniff.carrier(data, source.name) == "json"
    ):
        return json_reader.contents(data)
    return list(readers.read(data, name=source.name))


def _bytes(path: str) -> bytes:
    from gongkai.statute import notes

    try:
        with open(path, "rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise notes.error("error.missing") from None
    except PermissionError:
        raise notes.error("error.permission") from None
    except (OSError, ValueError) as cause:  # ValueError: a name with a null character
        raise notes.error("error.system", reason=_reason(cause)) from None


def _reason(cause: OSError | ValueError) -> Text:
    """The system says it in English; what people meet, in both languages."""
    if isinstance(cause, ValueError):
        return Text("文件名中有空字符", "a null character in its name")
    if cause.errno == errno.ENAMETOOLONG:
        return Text("文件名过长", "its name is too long")
    return Text(f"系统错误 {cause.errno}", cause.strerror or str(cause))


# -- one job a file, in one process or several


@dataclass(frozen=True, slots=True)
class Crashed:
    """进程意外退出: stands where a job's answer would, when its process died with the file."""

    source: Source


def processes(asked: int | None, files: int) -> int:
    """How many processes to use: what was asked, else one for few files and all cores for many."""
    if asked is not None:
        return max(1, min(asked, files))
    if files < MANY:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, files // 8))


def each(
    job: Callable[[Source], T], sources: Sequence[Source], workers: int
) -> Iterator[T | Crashed]:
    """The job's answer for every source, in the order of the sources."""
    if workers == 1:
        yield from map(job, sources)
    else:
        yield from _spread(job, sources, workers)


def _spread(
    job: Callable[[Source], T], sources: Sequence[Source], workers: int
) -> Iterator[T | Crashed]:
    size = max(1, min(16, len(sources) // (workers * 4)))
    chunks = deque(sources[at : at + size] for at in range(0, len(sources), size))
    while chunks:
        try:
            with _pool(workers, job) as pool:
                waiting = deque(pool.submit(_chunk, chunk) for chunk in chunks)
                try:
                    while waiting:
                        yield from waiting[0].result()
                        waiting.popleft()  # with its answers: memory holds only what is under way
                        chunks.popleft()
                finally:
                    for future in waiting:
                        future.cancel()
        except BrokenProcessPool:
            # A process died. Only chunks handed out can be to blame: as many as there are
            # processes, and one more in the queue. Those are gone through one file at a time.
            suspects = [chunks.popleft() for _ in range(min(workers + 1, len(chunks)))]
            yield from _one_by_one(job, [source for chunk in suspects for source in chunk])


def _one_by_one(job: Callable[[Source], T], sources: Sequence[Source]) -> Iterator[T | Crashed]:
    """Each file again, the pool renewed whenever one kills it: that one is to blame."""
    rest = list(sources)
    while rest:
        try:
            with _pool(1, job) as pool:
                while rest:
                    answer = pool.submit(_chunk, rest[:1]).result()
                    rest = rest[1:]
                    yield from answer
        except BrokenProcessPool:
            yield Crashed(rest[0])
            rest = rest[1:]


def _pool(workers: int, job: Callable[[Source], T]) -> ProcessPoolExecutor:
    # spawn: the same on every system, and no lock held in a copy of this process
    spawn = get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=spawn, initializer=_start, initargs=(job,))


_job: Callable[[Source], Any]
"""The job of this process: it travels once, with all it is checked against."""


def _start(job: Callable[[Source], Any]) -> None:
    global _job
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and ends the work


def _chunk(sources: Sequence[Source]) -> list[Any]:
    return [_job(source) for source in sources]
