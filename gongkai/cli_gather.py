"""收齐: the reports of all files named, and the files that could not be read, for commands that
need them together; and where what such a command makes is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TextIO

from gongkai import cli_files, cli_run
from gongkai.cli_language import UsageError
from gongkai.convert.worker import Killed
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Text

_LONGEST = 4 << 20  # characters of a line; a report has fifty thousand


@dataclass(frozen=True, slots=True)
class Gathered:
    """收到的报告: every report read, in order, the files that could not be, and those passed
    over as no reports by their names."""

    reports: tuple[AnnualReport, ...] = ()
    unread: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Gather:
    """One file's reports, with what is to be said of it."""

    manner: cli_run.Manner

    def __call__(self, source: cli_files.Source) -> tuple[cli_run.Answer, list[AnnualReport]]:
        reports: list[AnnualReport] = []

        def keep(report: AnnualReport) -> cli_run.Answer:
            reports.append(report)
            return cli_run.Answer()

        return cli_run.answer(self.manner, source, keep), reports


def gather(
    manner: cli_run.Manner, files: Sequence[str], jobs: int | None, *, but: str | None = None
) -> Gathered:
    """The reports of the files named; each file that cannot be read is a line on stderr.

    ``but`` is a file that may lie among them and is none of them: the list of units.
    """
    found = cli_files.collect(files)
    if but is not None:
        found = replace(found, sources=tuple(s for s in found.sources if not _is(s, but)))
    job = _Gather(cli_run.Manner(manner.paper, debug=manner.debug))
    own = {at: held for at, source in enumerate(found.sources) if (held := _own(source, job))}
    rest = [source for at, source in enumerate(found.sources) if at not in own]
    workers = cli_files.processes(jobs, len(rest))
    others = cli_files.each(job, rest, workers) if rest else iter(())
    reports: list[AnnualReport] = []
    unread: list[str] = []
    for at in range(len(found.sources)):
        given = own[at] if at in own else next(others)
        if isinstance(given, Killed):
            given = (cli_run.unreadable(job.manner, given.item.name, given.cause), [])
        answer, read = given
        sys.stderr.write(answer.err)
        reports += read
        unread += answer.failed
    return Gathered(tuple(reports), tuple(unread), found.passed_over)


def _is(source: cli_files.Source, path: str) -> bool:
    return (
        os.path.exists(source.path) and os.path.exists(path) and os.path.samefile(source.path, path)
    )


def _own(
    source: cli_files.Source, job: _Gather
) -> tuple[cli_run.Answer, list[AnnualReport]] | None:
    """Our own JSON, read line by line in this process: thousands of reports are too much to hand
    from one process to another. None for all else, which is read like any file."""
    if not source.path.lower().endswith((".json", ".jsonl")):
        return None
    from gongkai.statute.readers import json_lines

    try:
        with open(source.path, encoding="utf-8-sig", newline="\n") as file:
            held = list(json_lines.each(_lines(file)))
    except (OSError, ValueError):
        return None
    failed = [one for one in held if not isinstance(one, AnnualReport)]
    said = [cli_run.unreadable(job.manner, one.file, one.cause) for one in failed]
    answer = cli_run.Answer(
        err="".join(a.err for a in said), failed=tuple(name for a in said for name in a.failed)
    )
    reports = [one for one in held if isinstance(one, AnnualReport)]
    return (answer, reports) if held else None


def _lines(file: TextIO) -> Iterator[str]:
    """The lines of a file, none longer than a report can be; raises ValueError for another."""
    while line := file.readline(_LONGEST):
        if len(line) == _LONGEST:
            raise ValueError("no line of ours is so long")
        yield line


def suffix(out: str | None, known: Sequence[str]) -> str:
    """The kind of file ``-o`` asks for ("" for none); raises UsageError for one not made here."""
    if out is None:
        return ""
    found = os.path.splitext(out)[1].lower()
    if found not in known:
        raise UsageError(
            Text(
                "-o 写成的文件可以是 {known}，写的是“{out}”。",
                "-o can write {known}; it says “{out}”.",
            ).within(
                known=Text("、".join(known), ", ".join(known)), out=os.path.basename(out) or out
            )
        )
    return found


def refuse_overwriting(out: str | None, files: Sequence[str]) -> None:
    """Never over a file that is to be read."""
    if out is not None and any(
        os.path.exists(file) and os.path.exists(out) and os.path.samefile(file, out)
        for file in files
        if file != "-"
    ):
        raise UsageError(
            Text(
                "-o 不能写到要读的文件上：{out}。", "-o would overwrite a file to be read: {out}."
            ).within(out=out)
        )


def write(manner: cli_run.Manner, out: str, content: bytes | str) -> int:
    """Write a file and say so; 3 where the system does not let us."""
    data = content.encode() if isinstance(content, str) else content
    try:
        with open(out, "wb") as file:
            file.write(data)
    except OSError as cause:
        said = Text("没有写成 {out}：{reason}", "{out} could not be written: {reason}")
        print(
            said.within(out=out, reason=cause.strerror or str(cause)).say(manner.lang),
            file=sys.stderr,
        )
        return cli_run.UNREADABLE
    print(Text("已写入 {out}", "written: {out}").within(out=out).say(manner.lang), file=sys.stderr)
    return 0
