"""gongkai demo: the main job on one page: what was read, what is doubtful, what is wrong."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gongkai import cli_check, cli_files, cli_read, cli_run
from gongkai.cli_paper import Page, clip, clip_path, where
from gongkai.convert.worker import Killed
from gongkai.statute import notes
from gongkai.statute.findings import Finding, Level, Outcome
from gongkai.statute.readers.json import Failed
from gongkai.statute.report import AnnualReport, CannotRead
from gongkai.statute.texts import Text

_MOST = 6  # of a kind on one card; the commands named at the end show all
_INDENT = 13


@dataclass(frozen=True, slots=True)
class Seen:
    """看过的一份: a report with what the checks say of it."""

    file: str
    report: AnnualReport
    findings: tuple[Finding, ...]
    held: int

    def count(self, level: Level) -> int:
        """How many broken rules of a level."""
        return sum(f.outcome is Outcome.BROKEN and f.level is level for f in self.findings)

    def row(self) -> cli_run.Row:
        """Its line in the table at the end."""
        broken = self.count(Level.ERROR) > 0
        return cli_check.row(self.report, self.findings, broken=broken, file=self.file)


def run(manner: cli_run.Manner, files: Sequence[str], out: str | None = None) -> int:
    """The demonstration on the files named, or on our examples, which with ``out`` are also
    written anew into that folder; returns the exit code."""
    named = list(files) or examples()
    page = Page(manner.paper)
    if not named:
        page.prose(
            Text(
                "这里没有自带的例子。请指定报告文件：gongkai demo 2024年报.docx",
                "There are no examples here. Name reports of yours: gongkai demo report-2024.docx",
            ).say(page.lang)
        )
        sys.stderr.write(page.text())
        return cli_run.UNREADABLE
    _intro(page, bool(files))
    sys.stdout.write(page.text())
    seen: list[Seen] = []
    code = 0
    found = cli_files.collect(named)
    answers = cli_files.each(_Look(manner.debug), found.sources, 1)
    for number, given in enumerate(answers, 1):
        page = Page(manner.paper)
        for one in [Failed(given.item.name, given.cause)] if isinstance(given, Killed) else given:
            if isinstance(one, Seen):
                seen.append(one)
                _card(page, one, number)
            else:
                code = cli_run.UNREADABLE
                _failed(page, number, one.file, one.cause)
        sys.stdout.write(page.text())
        sys.stdout.flush()
    page = Page(manner.paper)
    sys.stdout.write(cli_run.overview(manner.paper, [one.row() for one in seen]))
    if out is not None and not files:
        from gongkai import cli_demo_out

        code = max(code, cli_demo_out.write(manner, Path(named[0]).parent, page, out))
    _next(page, seen, own=bool(files))
    sys.stdout.write(page.text())
    return code


def examples() -> list[str]:
    """The reports that come with Gongkai: in a checkout ``examples/``, else inside the package."""
    package = Path(__file__).parent
    for folder in (package.parent / "examples", package / "examples"):
        if folder.is_dir():
            files = [p for p in sorted(folder.iterdir()) if cli_files.may_be_report(p.name)]
            return [_short(path) for path in files]
    return []


def _short(path: Path) -> str:
    """As one would type it from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


@dataclass(frozen=True, slots=True)
class _Look:
    """One file read and checked, in a worker."""

    debug: bool

    def __call__(self, source: cli_files.Source) -> list[Seen | Failed]:
        try:
            return [
                _see(source.name, one) if isinstance(one, AnnualReport) else one
                for one in cli_files.read(source)
            ]
        except CannotRead as cause:
            return [Failed(source.name, cause)]
        except MemoryError:
            raise
        except Exception as bug:
            if self.debug:
                raise
            reason = f"{type(bug).__name__}: {bug}".strip(": ")
            return [Failed(source.name, notes.error("error.unexpected", reason=reason))]


def _see(file: str, report: AnnualReport) -> Seen:
    outcomes = cli_check.Against().check(report)
    return Seen(file, report, outcomes.findings, outcomes.held)


def _intro(page: Page, own: bool) -> None:
    page.blank()
    page.line(
        (
            Text("政府信息公开工作年度报告", "Annual reports, read and checked").say(page.lang),
            "bold",
        )
    )
    page.prose(
        Text(
            "下面逐份列出：读到了什么，哪些存疑，哪些不对。原件一个数也不改。",
            "For each report: what was read, what is doubtful, what is wrong. Nothing is changed.",
        ).say(page.lang)
    )
    if not own:
        page.prose(
            Text(
                "这些报告是自编的例子，版式和差错照真实的报告设计，单位和数字都是虚构的。",
                "These are examples of our own making: layouts and faults as in real reports, "
                "organs and figures invented.",
            ).say(page.lang),
            style="dim",
        )
    page.line()


# -- one report


def _card(page: Page, seen: Seen, number: int) -> None:
    report = seen.report
    untitled = Text("（没有标题）", "(no title)").say(page.lang)
    page.rule()
    page.prose(report.title or untitled, indent=4, label=f"{number}", style="bold")
    edition = Text("{edition} 年版格式", "form of {edition}").within(edition=report.edition or "?")
    year = Text("{year} 年度", "year {year}").within(year=report.year or "?")
    facts = [clip_path(seen.file, page.width - 40), page.say(year), page.say(edition)]
    page.line("    ", ("   ".join(facts), "dim"))
    page.blank()
    _read(page, report)
    _doubtful(page, report)
    _leftovers(page, report)
    _notes(page, report)
    _wrong(page, seen)
    page.blank()


def _label(page: Page, text: Text) -> str:
    return "    " + page.say(text)


def _read(page: Page, report: AnnualReport) -> None:
    label = _label(page, Text("读到", "read"))
    page.prose(cli_read.summary(report).say(page.lang), indent=_INDENT, label=label)
    counts = report.verdict()
    if counts.cells:
        bar = cli_read.bar(counts.counts, counts.cells, min(50, page.width - _INDENT - 2))
        page.line(" " * _INDENT, *bar)


def _doubtful(page: Page, report: AnnualReport) -> None:
    rows = [
        f"{cli_read.label(address, report, page.lang)}  {cell.doubt.text.say(page.lang)}"
        for address, cell in report.cells.items()
        if cell.doubt
    ]
    _rows(page, Text("存疑", "doubts"), rows, "yellow")


def _leftovers(page: Page, report: AnnualReport) -> None:
    places: dict[str, list[str]] = {}  # the same row again and again is said once
    for left in report.leftovers:
        raw = " ".join(left.values) if left.values else left.raw
        places.setdefault(f"“{clip(raw, 60)}”", []).append(where(left.place, page.lang))
    rows = [
        raw + (f" × {len(at)}" if len(at) > 1 else "") + (f"  [{at[0]}]" if at[0] else "")
        for raw, at in places.items()
    ]
    _rows(page, Text("未归位", "leftover"), rows, "yellow")


def _notes(page: Page, report: AnnualReport) -> None:
    said = [note.text.say(page.lang) for note in report.notes]
    _rows(page, Text("说明", "notes"), list(dict.fromkeys(said)), "")


def _wrong(page: Page, seen: Seen) -> None:
    label = _label(page, Text("检查", "checked"))
    page.prose(cli_check.sums(seen.findings, seen.held).say(page.lang), indent=_INDENT, label=label)
    grave = [
        f
        for level in (Level.ERROR, Level.WARNING)
        for f in seen.findings
        if f.outcome is Outcome.BROKEN and f.level is level
    ]
    for finding in grave[:_MOST]:
        cli_check.mark(page, finding, indent=_INDENT)
    _more(page, len(grave))


def _rows(page: Page, title: Text, rows: Sequence[str], style: str) -> None:
    for number, row in enumerate(rows[:_MOST]):
        label = _label(page, title) if number == 0 else ""
        page.prose(row, indent=_INDENT, label=label, style=style)
    _more(page, len(rows))


def _more(page: Page, count: int) -> None:
    if count > _MOST:
        more = Text("另有 {n} 条", "{n} more").within(n=count - _MOST)
        page.line((" " * _INDENT + more.say(page.lang), "dim"))


def _failed(page: Page, number: int, name: str, cause: CannotRead) -> None:
    page.rule()
    page.prose(name, indent=4, label=f"{number}", style="bold")
    page.prose(cause.text.say(page.lang), indent=4, style="red")
    page.blank()


# -- all of them


def _next(page: Page, seen: Sequence[Seen], *, own: bool) -> None:
    if not seen:
        return
    worst = max(seen, key=lambda one: (one.count(Level.ERROR), len(one.findings)))
    file, gongkai = shlex.quote(worst.file), _command()
    page.line((page.say(Text("接下来可以试", "What to try next")), "bold"))
    steps = [
        (
            f"{gongkai} check {file}",
            Text("逐条看依据和改法", "every finding, its source, what to do"),
        ),
        (f"{gongkai} read {file}", Text("看三张表的每一格", "every cell of the three tables")),
        (f"{gongkai} read {file} --json", Text("交给别的程序", "the same for other programs")),
    ]
    if not own:
        steps.append(
            (f"{gongkai} demo 2024年报.docx", Text("换成您自己的报告", "with a report of yours"))
        )
    steps += [
        (
            f"{gongkai} convert {file} -o out/report.pdf",
            Text("写成另一种文件", "write it as another kind of file"),
        ),
        (
            f"{gongkai} deadline --received 2026-03-02",
            Text("算答复期限，逐日说明", "the deadline of an answer, day by day"),
        ),
        (f"{gongkai} --help", Text("全部命令", "all commands")),
    ]
    for command, what in steps:
        page.line("  " + command)
        page.line(("      " + page.say(what), "dim"))
    page.blank()


def _command() -> str:
    """``gongkai`` where typing it finds this very command, else the path that was typed."""
    typed = sys.argv[0]
    if os.path.basename(typed) != "gongkai":
        return "gongkai"
    found = shutil.which("gongkai")
    if found and os.path.realpath(found) == os.path.realpath(typed):
        return "gongkai"
    return shlex.quote(_short(Path(typed)))
