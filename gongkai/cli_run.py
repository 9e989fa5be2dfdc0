"""运行: one job for every file: what it prints, on which stream, and the exit code at the end.

0 fine, 1 something found, 2 wrong usage, 3 a file could not be read.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from gongkai import cli_bar, cli_files
from gongkai.cli_paper import Page, Paper, clip_path, harmless
from gongkai.convert import limits
from gongkai.convert.worker import Killed
from gongkai.statute import notes
from gongkai.statute.report import AnnualReport, CannotRead
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import json as json_writer

FOUND, UNREADABLE = 1, 3
FEW = 3
"""Up to so many files need no progress bar and no sum at the end."""
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
NAMED = 5
"""So many files are named where files are counted."""
LONGEST = 40
"""A longer table at the end keeps to the reports with errors."""


@dataclass(frozen=True, slots=True)
class Row:
    """汇总的一行: one report in the table at the end of a run."""

    file: str
    figures: tuple[str, ...]  # in the order of `HEADS`
    broken: bool = False


HEADS = {
    "zh": ("", "年度", "格数", "数字", "存疑", "未归位", "错误", "警告"),
    "en": ("", "year", "cells", "numbers", "doubts", "leftover", "errors", "warnings"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """答复: what one file adds to standard output and standard error, and its exit code."""

    out: str = ""
    err: str = ""
    code: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failed: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    data: bytes = b""  # a file for standard output


@dataclass(frozen=True, slots=True)
class Manner:
    """方式: how answers are given: language and paper, JSON or page, with tracebacks or without."""

    paper: Paper
    as_json: bool = False
    debug: bool = False

    @property
    def lang(self) -> Lang:
        """The language of every sentence."""
        return self.paper.lang


class Job(Protocol):
    """任务: a callable that can travel to another process."""

    @property
    def manner(self) -> Manner:
        """How it answers."""
        ...

    def __call__(self, source: cli_files.Source) -> Answer:
        """The answer for one file; never raises."""
        ...


def answer(
    manner: Manner,
    source: cli_files.Source,
    tell: Callable[[AnnualReport], Answer],
) -> Answer:
    """Read one file and tell of each report in it; whatever fails becomes an error of that file."""
    return guarded(manner, source.name, lambda: _told(manner, source, tell))


def guarded(manner: Manner, name: str, work: Callable[[], Answer]) -> Answer:
    """What the work answers; whatever it raises becomes an error of the file named."""
    try:
        return work()
    except CannotRead as cause:
        return unreadable(manner, name, cause)
    except MemoryError:  # said by the worker's limits; this process is in no state to go on
        raise
    except Exception as bug:  # no traceback for people: one line, and --debug for the rest
        reason = f"{type(bug).__name__}: {bug}".strip(": ")
        failed = unreadable(manner, name, notes.error("error.unexpected", reason=reason))
        if not manner.debug:
            return failed
        return replace(failed, err=traceback.format_exc() + failed.err)


def _told(
    manner: Manner,
    source: cli_files.Source,
    tell: Callable[[AnnualReport], Answer],
) -> Answer:
    told: list[Answer] = []
    for one in cli_files.read(source):
        if told:  # a file may hold thousands: each has the time of a file
            limits.more(seconds=cli_files.SECONDS)
        if isinstance(one, AnnualReport):
            told.append(tell(one))
        else:
            told.append(unreadable(manner, one.file, one.cause))
    return together(told, read=True)


def together(told: Sequence[Answer], *, read: bool = False) -> Answer:
    """Several answers as one; ``read`` counts each that did not fail as a report read."""
    counts = Counter({"reports": sum(not a.failed for a in told)} if read else {})
    return Answer(
        "".join(a.out for a in told),
        "".join(a.err for a in told),
        max((a.code for a in told), default=0),
        sum((a.counts for a in told), counts),
        tuple(name for a in told for name in a.failed),
        tuple(row for a in told for row in a.rows),
        b"".join(a.data for a in told),
    )


def unreadable(manner: Manner, name: str, cause: CannotRead) -> Answer:
    """The answer for a file that cannot be read: a line on stderr, an object among the JSON."""
    line = ""
    if manner.as_json:
        line = json_writer.line(json_writer.error_dict(name, cause, manner.lang))
    colon = "：" if manner.lang == "zh" else ": "
    shown = harmless(name).replace("\n", "\ufffd")
    said = f"{shown}{colon}{cause.text.say(manner.lang)}\n"
    return Answer(line, said, UNREADABLE, Counter({"unreadable": 1}), (name,))


def run(job: Job, found: cli_files.Found, asked: int | None) -> int:
    """Every file through the job, printed in the order named; returns the exit code."""
    manner = job.manner
    workers = cli_files.processes(asked, len(found.sources))
    code = 0
    counts: Counter[str] = Counter()
    rows: list[Row] = []
    answers = cli_files.each(job, found.sources, workers)
    with (
        closing(answers),  # no worker outlives the command, however it ends
        _progress(len(found.sources), manner.lang) as (advance, write),
    ):
        for given in answers:
            if isinstance(given, Killed):
                given = unreadable(manner, given.item.name, given.cause)
            write(given.out, harmless(given.err))
            if given.data:
                sys.stdout.flush()
                sys.stdout.buffer.write(given.data)
            code = max(code, given.code)
            counts += given.counts
            rows += given.rows
            advance()
    if not manner.as_json:
        sys.stdout.write(overview(manner.paper, rows))
        sys.stdout.flush()
    _sums(manner, found, counts, [row.file for row in rows if row.broken])
    return code


def overview(paper: Paper, rows: Sequence[Row]) -> str:
    """All reports of a run in one table; nothing where there is only one."""
    if len(rows) < 2:
        return ""
    page = Page(paper)
    page.rule()
    page.blank()
    shown = rows
    if len(rows) > LONGEST:
        shown = [row for row in rows if row.broken][:LONGEST]
        about = Text(
            "共 {n} 份，下表只列有错误的，最多 {most} 份；全部结果见 --json。",
            "{n} reports; the table lists those with errors, {most} at most: --json has all.",
        )
        page.prose(page.say(about.within(n=len(rows), most=LONGEST)))
        page.blank()
    width = max(16, page.width - 62)
    table = [[clip_path(os.path.basename(row.file), width), *row.figures] for row in shown]
    if table:
        page.columns(table, header=HEADS[page.lang])
    page.blank()
    return page.text()


def _some(names: Sequence[str], lang: Lang) -> str:
    """Names as far as a line of them helps; the rest is in the count beside them."""
    more = Text(" 等", " and others").say(lang) if len(names) > NAMED else ""
    return ("、" if lang == "zh" else ", ").join(names[:NAMED]) + more


def passed_over(names: Sequence[str], lang: Lang) -> list[Text]:
    """What is said of files that are no reports by their names; of pictures, which may be."""
    said = []
    pictures = [name for name in names if name.lower().endswith(PICTURES)]
    others = sorted(set(names) - set(pictures))
    if pictures:
        said.append(
            Text(
                "另有图片没有读取（{n} 个），如是报告的扫描件，请直接写出文件名来读：{names}",
                "Pictures were passed over ({n}); name one that is a scanned report to have it "
                "read: {names}",
            ).within(n=len(pictures), names=_some(sorted(pictures), lang))
        )
    if others:
        said.append(
            Text(
                "另有文件没有读取（{n} 个，按文件名不像年度报告）：{names}",
                "Other files were passed over ({n}, by their names no reports): {names}",
            ).within(n=len(others), names=_some(others, lang))
        )
    return said


def _sums(
    manner: Manner, found: cli_files.Found, counts: Counter[str], broken: Sequence[str]
) -> None:
    said = passed_over(found.passed_over, manner.lang)
    if len(found.sources) > FEW:
        said.append(
            Text("读取报告 {n} 份", "{n} reports read").within(n=counts["reports"])
            if not counts["unreadable"]
            else Text(
                "读取报告 {n} 份，{bad} 个文件未能读取",
                "{n} reports read, {bad} files could not be read",
            ).within(n=counts["reports"], bad=counts["unreadable"])
        )
        if counts["checked"]:
            said.append(
                Text(
                    "检查 {n} 份：有错误的 {broken} 份，没有错误的 {fine} 份",
                    "{n} checked: {broken} with errors, {fine} without",
                ).within(
                    n=counts["checked"],
                    broken=counts["broken"],
                    fine=counts["checked"] - counts["broken"],
                )
            )
    if broken and counts["checked"] > 1:
        names = _some(list(dict.fromkeys(broken)), manner.lang)
        said.append(Text("有错误的：{names}", "with errors: {names}").within(names=names))
    for text in said:
        print(harmless(text.say(manner.lang)), file=sys.stderr)


Advance = Callable[[], None]
Write = Callable[[str, str], None]


@contextmanager
def _progress(files: int, lang: Lang) -> Iterator[tuple[Advance, Write]]:
    """A bar with the time left, on stderr, where a person is there to see it."""
    if files <= FEW or not sys.stderr.isatty():
        yield (lambda: None), _write
        return
    bar = cli_bar.made(lang)
    task = bar.add_task("", total=files)
    both = sys.stdout.isatty()

    def write_around(out: str, err: str) -> None:
        # On one terminal with the bar, the bar must step aside for every line.
        if err or (out and both):
            bar.console.out((out if both else "") + err, end="", highlight=False)
        if out and not both:
            sys.stdout.write(out)

    drawn = 0.0

    def advance() -> None:
        nonlocal drawn
        bar.advance(task)
        if time.monotonic() - drawn > cli_bar.REDRAW:
            bar.refresh()
            drawn = time.monotonic()

    with bar:
        yield advance, write_around


def _write(out: str, err: str) -> None:
    sys.stdout.write(out)
    if err:
        sys.stdout.flush()
        sys.stderr.write(err)
        sys.stderr.flush()
