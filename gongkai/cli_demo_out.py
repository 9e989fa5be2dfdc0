"""gongkai demo, second half: what Gongkai writes: a corrected copy in every carrier, a roll-up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from gongkai import cli_files, cli_rollup, cli_run, cli_write
from gongkai.cli_paper import Page
from gongkai.statute import corrections, read, writers
from gongkai.statute.report import AnnualReport, CannotRead, Kind
from gongkai.statute.rollups import RollUp, rollup
from gongkai.statute.texts import Text

FAULTY = "09_transport_2023.xlsx"  # a wrong total that the other figures settle
UNITS = "qingshi_2023"
DISTRICT = "云水市青石区人民政府"


def write(manner: cli_run.Manner, examples: Path, page: Page, out: str) -> int:
    """Everything below the folder ``out``, each file named; returns the exit code."""
    page.rule()
    page.line((Text("写出的文件", "Files written").say(page.lang), "bold"))
    page.blank()
    try:
        _corrected(manner, examples / FAULTY, page, out)
        page.blank()
        _rolled_up(manner, examples / UNITS, page, out)
    except OSError as cause:
        said = Text("{out} 不能写入（{why}）。", "{out} cannot be written ({why}).")
        page.prose(said.within(out=out, why=cli_files.reason(cause)).say(page.lang), style="red")
        return cli_run.UNREADABLE
    page.blank()
    return 0


def _corrected(manner: cli_run.Manner, source: Path, page: Page, out: str) -> None:
    report = read(source.read_bytes(), name=source.name)[0]
    done = corrections.correct(report)
    page.prose(
        Text(
            "{name} 的更正稿，每种文件一份。改了 {n} 处：",
            "A corrected copy of {name} in every kind of file. Changes: {n}.",
        )
        .within(name=source.name, n=len(done.made))
        .say(page.lang)
    )
    for one in done.made:
        page.prose(one.note().text.say(page.lang), indent=4)
    for carrier in writers.CARRIERS:
        options = cli_write.options(carrier, None, ())
        if carrier == "xlsx":
            options["findings"] = done.left
        written = writers.write(done.report, to=carrier, lang=manner.lang, **options)
        _put(page, f"{out}/corrected/{source.stem}.{carrier}", written.data)
        for note in written.notes:
            page.prose(note.text.say(page.lang), indent=6, style="dim")


def _rolled_up(manner: cli_run.Manner, folder: Path, page: Page, out: str) -> None:
    expected = cli_rollup.expected(str(folder / "units.list"))
    reports = [one for path in sorted(folder.iterdir()) for one in _reports(path)]
    rolled = rollup(reports, organ=DISTRICT, units=expected, kinds=(Kind.ORGAN,))
    page.prose(
        Text(
            "{folder}/ 中各单位的汇总：应报 {of} 个单位，收到 {n} 份，缺 {missing}。缺的不当作 0，"
            "有单位没有数的格，合计空着。",
            "The units of {folder}/ added up: {of} expected, {n} reported, missing {missing}. "
            "Nothing missing counts as 0: a total stays empty where a unit gave no number.",
        )
        .within(
            folder=UNITS,
            of=len(expected),
            n=len(expected) - len(rolled.missing),
            missing="、".join(rolled.missing),
        )
        .say(page.lang)
    )
    _sums(manner, rolled, page, f"{out}/rollup/{UNITS}")
    page.prose(
        Text(
            "同样的汇总，只加已有的数（--partial），页面上写明是部分合计：",
            "The same with --partial: the sums of what there is, and the pages say so:",
        ).say(page.lang)
    )
    part = rollup(reports, organ=DISTRICT, units=expected, kinds=(Kind.ORGAN,), partial=True)
    _sums(manner, part, page, f"{out}/rollup/{UNITS}_partial")


def _sums(manner: cli_run.Manner, rolled: RollUp, page: Page, path: str) -> None:
    for suffix in cli_rollup.WRITES:
        content = cli_rollup.content(rolled, suffix, manner.lang)
        data = content.encode() if isinstance(content, str) else content
        _put(page, path + suffix, data)


def _reports(path: Path) -> Iterator[AnnualReport]:
    if not cli_files.may_be_report(path.name):
        return
    try:
        yield from read(path.read_bytes(), name=path.name)
    except CannotRead as cause:  # ours are readable; whoever put another file there is told
        print(f"{path}: {cause.text.zh}", file=sys.stderr)


def _put(page: Page, path: str, data: bytes) -> None:
    cli_files.put(path, data)
    page.line(f"    {path}", (f"  {len(data) / 1024:,.0f} KB", "dim"))
