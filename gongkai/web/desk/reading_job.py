"""读取的工作: what a process with limits does for a paper: read, check, pack. Pure: no Django here,
so that the process starts quickly and knows no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.convert import limits, reading
from gongkai.statute import checks, notes
from gongkai.statute.readers.json import Failed
from gongkai.statute.report import AnnualReport, CannotRead, State
from gongkai.web.desk import packing

MEMBER = 400  # characters of the name of a file in an archive


@dataclass(frozen=True, slots=True)
class Source:
    """来件的内容: a paper's key and name, and its bytes or the path where they lie."""

    paper: int
    name: str
    path: str = ""
    data: bytes = b""

    def content(self) -> bytes:
        """Its bytes."""
        return Path(self.path).read_bytes() if self.path else self.data


@dataclass(frozen=True, slots=True)
class Found:
    """读到的一份: one report, packed, and of it what is asked before it is opened again."""

    member: str
    part: int | None
    packed: bytes
    sha256: str
    organ: str
    organ_names: tuple[str, ...]
    title: str
    year: int | None
    edition: str
    doubtful: int
    absent: int
    findings: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """未能读取的一份: why, in both languages; ``member`` where it is one file of an archive."""

    id: str
    zh: str
    en: str
    member: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """As it stands among a paper's errors."""
        said = {"id": self.id, "zh": self.zh, "en": self.en}
        return said | {"member": self.member} if self.member else said


@dataclass(frozen=True, slots=True)
class Told:
    """答复: what came of one paper."""

    paper: int
    found: tuple[Found, ...] = ()
    unread: tuple[Unread, ...] = ()


def read(sources: Sequence[Source]) -> list[Told]:
    """What came of each paper. Several are read together where LibreOffice must convert them;
    MemoryError alone is raised, for the limits to be told of it."""
    if len(sources) == 1:
        return [_one(sources[0])]
    answers = reading.read_many([(source.name, source.content()) for source in sources])
    return [
        _told(source, answer)
        if not isinstance(answer, CannotRead)
        else Told(source.paper, unread=(unread(answer),))
        for source, answer in zip(sources, answers, strict=True)
    ]


def unread(cause: CannotRead, member: str = "") -> Unread:
    """Why something could not be read."""
    return Unread(cause.id, cause.text.zh, cause.text.en, member)


def _one(source: Source) -> Told:
    try:
        return _told(source, reading.read(source.content(), name=source.name))
    except CannotRead as cause:
        return Told(source.paper, unread=(unread(cause),))
    except MemoryError:
        raise
    except Exception as bug:
        reason = f"{type(bug).__name__}: {bug}".strip(": ")
        return Told(source.paper, unread=(unread(notes.error("error.unexpected", reason=reason)),))


def _told(source: Source, answer: reading.Read) -> Told:
    found: list[Found] = []
    failed: list[Unread] = []
    for at, one in enumerate(answer):
        if at:
            limits.more(seconds=limits.SECONDS)  # each report has the time of a file
        if isinstance(one, Failed):
            failed.append(unread(one.cause, _member(source.name, one.file)))
        else:
            found.append(_found(source, one))
    return Told(source.paper, tuple(found), tuple(failed))


def _found(source: Source, report: AnnualReport) -> Found:
    packed, sha256 = packing.pack(report, report.file or source.name)
    cells = report.cells.values()
    return Found(
        member=packing.fit(_member(source.name, report.file))[:MEMBER],
        part=report.part,
        packed=packed,
        sha256=sha256,
        organ=packing.fit(report.organ or ""),
        organ_names=report.organ_names,
        title=packing.fit(report.title or ""),
        year=report.year,
        edition=report.edition or "",
        doubtful=sum(map(packing.is_doubtful, cells)),
        absent=sum(cell.state is State.ABSENT for cell in cells),
        findings=tuple(packing.finding_json(one) for one in checks.check(report).findings),
    )


def _member(name: str, file: str) -> str:
    """The file of an archive that a report was read in; empty for the paper itself."""
    return file.removeprefix(f"{name}/") if file.startswith(f"{name}/") else ""
