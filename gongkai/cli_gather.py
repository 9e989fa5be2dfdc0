"""收齐: the reports of all files named, and the files that could not be read, for commands that
need them together; and where what such a command makes is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from gongkai import cli_files, cli_run
from gongkai.cli_language import UsageError
from gongkai.convert.worker import Killed
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Text

if TYPE_CHECKING:
    from gongkai.statute.readers.json import Failed

_LONGEST = 4 << 20  # characters of a line; a report has fifty thousand


_Told = tuple[cli_run.Answer, list[AnnualReport]]  # what is said of a file, and its reports


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

    def __call__(self, source: cli_files.Source) -> _Told:
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
    return gather_sides(manner, [files], jobs, but=but)[0]


def gather_sides(
    manner: cli_run.Manner,
    sides: Sequence[Sequence[str]],
    jobs: int | None,
    *,
    but: str | None = None,
) -> list[Gathered]:
    """The same for several lists of files, read in one go."""
    found = [cli_files.collect(files) for files in sides]
    kept = [[s for s in one.sources if but is None or not _is_path(s.path, but)] for one in found]
    answers = _each(manner, [source for sources in kept for source in sources], jobs)
    gathered = []
    for one, sources in zip(found, kept, strict=True):
        reports: list[AnnualReport] = []
        unread: list[str] = []
        for _ in sources:
            answer, read = next(answers)
            sys.stderr.write(answer.err)
            reports += read
            unread += answer.failed
        passed = tuple(name for name in one.passed_over if but is None or not _is_path(name, but))
        gathered.append(Gathered(tuple(reports), tuple(unread), passed))
    _passed_over([name for one in gathered for name in one.passed_over], manner)
    return gathered


def _each(
    manner: cli_run.Manner, sources: Sequence[cli_files.Source], jobs: int | None
) -> Iterator[_Told]:
    job = _Gather(cli_run.Manner(manner.paper, debug=manner.debug))
    own = {at: held for at, source in enumerate(sources) if (held := _own(source, job))}
    rest = [source for at, source in enumerate(sources) if at not in own]
    workers = cli_files.processes(jobs, len(rest))
    others = cli_files.each(job, rest, workers) if rest else iter(())
    for at in range(len(sources)):
        given = own[at] if at in own else next(others)
        if isinstance(given, Killed):
            given = (cli_run.unreadable(job.manner, given.item.name, given.cause), [])
        yield given


def _passed_over(names: Sequence[str], manner: cli_run.Manner) -> None:
    for said in cli_run.passed_over(names, manner.lang):
        print(said.say(manner.lang), file=sys.stderr)


def _is_path(one: str, other: str) -> bool:
    """Whether two paths lead to the same file; not where one leads nowhere."""
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def _own(source: cli_files.Source, job: _Gather) -> _Told | None:
    """Our own JSON, read line by line in this process: thousands of reports are too much to hand
    from one process to another. None for all else, which is read like any file."""
    from gongkai.statute import readers

    is_json = source.path.lower().endswith((".json", ".jsonl"))
    if not is_json or not os.path.isfile(source.path):
        return None
    try:
        held = our_json(source.path)
    except (OSError, ValueError):
        return None
    failed = [one for one in held if not isinstance(one, AnnualReport)]
    said = [cli_run.unreadable(job.manner, one.file, one.cause) for one in failed]
    answer = cli_run.Answer(
        err="".join(a.err for a in said), failed=tuple(name for a in said for name in a.failed)
    )
    reports = [readers.named(one, source.name) for one in held if isinstance(one, AnnualReport)]
    return (answer, reports) if held else None


def our_json(path: str) -> list[AnnualReport | Failed]:
    """The reports and errors of a file of our own making, line by line.

    Raises OSError, and ValueError where it is of another make or anything in it is wrong.
    """
    from gongkai.statute.readers import json_lines

    with open(path, encoding="utf-8-sig", newline="\n") as file:
        return list(json_lines.each(_lines(file)))


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
        cli_files.put(out, data)
    except OSError as cause:
        said = Text("没有写成 {out}：{reason}", "{out} could not be written: {reason}")
        print(
            said.within(out=out, reason=cli_files.reason(cause)).say(manner.lang),
            file=sys.stderr,
        )
        return cli_run.UNREADABLE
    print(Text("已写入 {out}", "written: {out}").within(out=out).say(manner.lang), file=sys.stderr)
    return 0
