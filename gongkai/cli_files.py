"""文件: what the arguments of a command name, and one job done for each file, in order.

A file that cannot be read is an answer like any other: it never stops the others.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from gongkai.convert.worker import Killed, Workers
from gongkai.statute.report import AnnualReport, CannotRead
from gongkai.statute.texts import Text

if TYPE_CHECKING:
    from gongkai.convert.reading import Listing
    from gongkai.statute.readers.json import Failed

T = TypeVar("T")

LARGEST = 256 * 1024 * 1024
"""Bytes; the largest report met so far has 0.4 MB, and reading holds the file in memory."""

SECONDS = 9.0
"""For one file; with the start of the command, what is wrong with it is said within ten."""

_PASSED = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")  # a shell's <(…): open here, and only here

_OFFICE = frozenset({".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt"})
"""Very probably for LibreOffice, which is asked for many at a time."""
_ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz")
_TOGETHER = 40
_TOGETHER_BYTES = 64 << 20

MANY = 40
"""From so many files on, starting further processes costs less than it saves."""


@dataclass(frozen=True, slots=True)
class Source:
    """来源: one file to be read: its name for people, and its path, its bytes, or what is wrong."""

    name: str
    path: str = ""
    wrong: str | CannotRead | None = None  # an ``error.*`` id, or the error itself
    data: bytes | None = None  # standard input, which only this process can read; or converted
    was: str = ""  # the carrier that ``data`` was converted from
    member: str = ""  # the file inside the archive at ``path``


@dataclass(frozen=True, slots=True)
class Found:
    """清点结果: the files to read, and the names of those passed over as no reports."""

    sources: tuple[Source, ...]
    passed_over: tuple[str, ...] = ()


def collect(arguments: Sequence[str]) -> Found:
    """The files the arguments name, in order; a folder stands for all readable files below it.

    A README among other files is passed over, as it is in a folder: examples/* names it too. An
    archive stands for the files in it, so that a bad one among them costs no other.
    """
    sources: list[Source] = []
    passed_over: list[str] = []
    for argument in arguments:
        if argument == "-":
            sources.append(Source("-", data=sys.stdin.buffer.read(LARGEST + 1)))
        elif argument.startswith(_PASSED) and os.path.exists(argument):
            sources.append(_passed(argument))
        elif os.path.isdir(argument):
            below, skipped = _below(argument)
            passed_over += skipped
            sources += below or [Source(shown(argument), argument, "error.empty_folder")]
        elif len(arguments) > 1 and _is_readme(argument) and os.path.isfile(argument):
            passed_over.append(shown(argument))
        else:
            sources.append(Source(shown(argument), argument))
    return Found(tuple(_opened(sources, passed_over)), tuple(passed_over))


def shown(name: str) -> str:
    """A file name that can be printed, also where its bytes are no text."""
    return os.fsencode(name).decode("utf-8", "replace")


def may_be_report(name: str) -> bool:
    """Whether a file met in a folder is worth reading: by its suffix, and no README."""
    from gongkai.convert import reading

    return reading.may_be_report(name)


def _is_readme(name: str) -> bool:
    return os.path.splitext(os.path.basename(name))[0].lower() == "readme"


def _passed(name: str) -> Source:
    """What the shell passed on: a pipe that no other process could read."""
    try:
        with open(name, "rb") as file:
            return Source(shown(name), name, data=file.read(LARGEST + 1))
    except OSError as cause:
        return Source(shown(name), name, _system(cause))


def _opened(sources: Sequence[Source], passed_over: list[str]) -> Iterator[Source]:
    """The sources, an archive replaced by its files; one that does not open is left as it is, and
    reading says why."""
    if not any(_is_archive(source) for source in sources):
        yield from sources
        return
    with Workers(_listing, seconds=SECONDS) as pool:
        for source in sources:
            held = None
            if _is_archive(source):
                (held,) = pool.map([source])
            if held is None or isinstance(held, Killed) or not held.wanted:
                yield source
                continue
            passed_over += [f"{source.name}/{name}" for name in held.others]
            for name in held.wanted:
                yield Source(f"{source.name}/{name}", source.path, member=name)


def _is_archive(source: Source) -> bool:
    return source.name.lower().endswith(_ARCHIVES) and source.wrong is None and source.data is None


def _listing(source: Source) -> Listing | None:
    """In a worker: what an archive holds; None for what cannot be told."""
    from gongkai.convert import reading

    try:
        return reading.listing(_bytes(source.path), name=source.name)
    except CannotRead:  # said where it is read
        return None


def _below(folder: str) -> tuple[list[Source], list[str]]:
    from gongkai.convert import reading

    closed: list[Source] = []

    def cannot_enter(cause: OSError) -> None:
        name = str(cause.filename or folder)
        closed.append(Source(shown(name), name, "error.permission"))

    found: list[Source] = []
    passed_over: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=cannot_enter):
        folders[:] = sorted(name for name in folders if not reading.is_hidden(name))
        for name in sorted(files):
            if reading.is_hidden(name):
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
    from gongkai.convert import reading
    from gongkai.statute import notes, readers
    from gongkai.statute.readers import sniff

    if isinstance(source.wrong, CannotRead):
        raise source.wrong
    if source.wrong == "error.empty_folder":
        raise notes.error(source.wrong, known=sniff.KNOWN)
    if source.wrong is not None:
        raise notes.error(source.wrong)
    data = _content(source) if source.data is None else source.data
    if len(data) > LARGEST:
        raise _too_large()
    found = reading.read(data, name=source.name, was=source.was, inside=bool(source.member))
    return [
        readers.named(one, source.name) if isinstance(one, AnnualReport) else one for one in found
    ]


def _content(source: Source) -> bytes:
    """The bytes of a file, also of one inside an archive. Raises CannotRead."""
    data = _bytes(source.path)
    if not source.member:
        return data
    from gongkai.convert import reading

    return reading.unpacked(data, source.member)


def _bytes(path: str) -> bytes:
    from gongkai.statute import notes

    try:
        # Asked before it is opened: opening a pipe waits for who writes into it.
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
            raise notes.error("error.not_a_file")
        if about.st_size > LARGEST:
            raise _too_large()
        with open(path, "rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as cause:  # ValueError: a name with a null character
        raise _system(cause) from None


def _too_large() -> CannotRead:
    from gongkai.statute import notes

    return notes.error("error.too_large", what=f"> {LARGEST // 1024**2} MB")


def _system(cause: OSError | ValueError) -> CannotRead:
    from gongkai.statute import notes

    if isinstance(cause, FileNotFoundError):
        return notes.error("error.missing")
    if isinstance(cause, PermissionError):
        return notes.error("error.permission")
    return notes.error("error.system", reason=reason(cause))


_REASONS = {
    errno.ENOENT: Text("没有这个文件或文件夹", "no such file or folder"),
    errno.EACCES: Text("没有权限", "no permission"),
    errno.EPERM: Text("没有权限", "no permission"),
    errno.EISDIR: Text("这是文件夹", "it is a folder"),
    errno.ENOTDIR: Text("上级不是文件夹", "what is above it is no folder"),
    errno.EEXIST: Text("已有同名的文件", "a file of that name is there"),
    errno.ENOSPC: Text("磁盘已满", "the disk is full"),
    errno.EROFS: Text("磁盘只读", "the disk is read-only"),
    errno.ENAMETOOLONG: Text("文件名过长", "its name is too long"),
}


def reason(cause: OSError | ValueError) -> Text:
    """The system says it in English; what people meet, in both languages."""
    if isinstance(cause, ValueError):
        return Text("文件名中有空字符", "a null character in its name")
    known = _REASONS.get(cause.errno or 0)
    return known or Text(f"系统错误 {cause.errno}", cause.strerror or str(cause))


# -- one job a file, in processes of its own


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
) -> Generator[T | Killed[Source], None, None]:
    """The job's answer for every source, in the order of the sources.

    The job is done in processes with limits, also for a single file: what a hostile one does to
    its process does not reach this one.
    """
    with Workers(job, workers, seconds=SECONDS) as pool:
        yield from pool.map(_converted(sources))


def _converted(sources: Sequence[Source]) -> Iterator[Source]:
    """The sources, those for LibreOffice converted: many at a time, as its start takes a second."""
    made: dict[int, Source] = {}
    for index, source in enumerate(sources):
        if index not in made and _for_office(source):
            batch, size = [index], _size(source)
            for later in range(index + 1, len(sources)):
                if _for_office(sources[later]):
                    size += _size(sources[later])
                    if size > _TOGETHER_BYTES or len(batch) == _TOGETHER:
                        break
                    batch.append(later)
            if len(batch) > 1:
                with Workers(_convert, seconds=SECONDS) as pool:
                    (found,) = pool.map([[sources[at] for at in batch]])
                if not isinstance(found, Killed):  # else each is converted where it is read
                    made.update(zip(batch, found, strict=True))
        yield made.pop(index, source)


def _for_office(source: Source) -> bool:
    suffix = os.path.splitext(source.member or source.path)[1].lower()
    return suffix in _OFFICE and source.wrong is None and source.data is None


def _size(source: Source) -> int:
    with suppress(OSError, ValueError):
        return 0 if source.member else os.path.getsize(source.path)
    return 0


def _convert(sources: Sequence[Source]) -> list[Source]:
    """In a worker: the sources with the bytes that LibreOffice made of them, where it can."""
    from gongkai.convert import limits, office
    from gongkai.statute.readers import sniff

    found = list(sources)
    wanted: dict[int, tuple[str, bytes, str]] = {}
    for index, source in enumerate(sources):
        with suppress(CannotRead):  # said where it is read
            data = _content(source)
            carrier = sniff.carrier(data, source.name)
            if office.needed(carrier):
                wanted[index] = source.name, data, carrier
    if len(wanted) < 2 or not office.available():
        return found
    limits.more(seconds=office.longest(len(wanted)))
    made = office.convert([(name, data) for name, data, _ in wanted.values()])
    for (index, (_, _, carrier)), answer in zip(wanted.items(), made, strict=True):
        if isinstance(answer, CannotRead):
            found[index] = replace(found[index], wrong=answer)
        else:
            found[index] = replace(found[index], data=answer, was=carrier)
    return found


# -- writing


def put(path: str, data: bytes) -> None:
    """写出一个文件: whole or not at all: written beside its place, then moved there; its folder is
    made where it is missing. What is no plain file (/dev/null, a pipe) is written to as it is.

    Raises OSError.
    """
    path = os.path.realpath(path)  # a link stays one
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:
            file.write(data)
        return
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".gongkai-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
