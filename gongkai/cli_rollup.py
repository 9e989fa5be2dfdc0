"""gongkai rollup: the reports of many units as one, as a page for people, as JSON, or as a file."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai import cli_files, cli_gather, cli_read, cli_run
from gongkai.cli_language import UsageError
from gongkai.cli_paper import Page
from gongkai.statute import forms, notes
from gongkai.statute.report import CannotRead, Kind
from gongkai.statute.rollups import Aside, Lack, Refused, RollUp, Sum, Unit, rollup
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import json as json_writer
from gongkai.statute.writers import rollup_html
from gongkai.statute.writers.form_words import (
    KINDS,
    LACKS,
    TABLES,
    block_name,
    cell_name,
    column_name,
    figure,
    narrow_name,
    row_name,
)

WRITES = (".html", ".xlsx", ".json")
_MOST = 40  # units or files named one by one on the page; JSON and the workbook have all
_CELLS = 4  # cells named of one unit
_DOUBTS = 10

_SCOPES = {
    "organ": (Kind.ORGAN,),
    "region": (Kind.REGION,),
    "both": (Kind.ORGAN, Kind.REGION),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """要求: what the command line asks for, as it was written."""

    organ: str
    units: str | None = None
    year: int | None = None
    edition: str | None = None
    mixed: bool = False
    partial: bool = False
    kind: str | None = None
    out: str | None = None


def run(manner: cli_run.Manner, files: Sequence[str], wanted: Wanted, jobs: int | None) -> int:
    """The whole command; returns the exit code."""
    kinds = scopes(wanted.kind)
    _known_edition(wanted.edition)
    if not wanted.organ.strip():
        raise UsageError(Text("--organ 后面要写机关名称。", "--organ needs the organ's name."))
    suffix = cli_gather.suffix(wanted.out, WRITES)
    cli_gather.refuse_overwriting(wanted.out, [*files, wanted.units or "-"])
    try:
        units = None if wanted.units is None else expected(wanted.units)
    except CannotRead as cause:
        sys.stderr.write(cli_run.unreadable(manner, str(wanted.units), cause).err)
        return cli_run.UNREADABLE
    got = cli_gather.gather(manner, files, jobs, but=wanted.units)
    code = cli_run.UNREADABLE if got.unread else 0
    try:
        rolled = rollup(
            got.reports,
            organ=wanted.organ.strip(),
            units=units,
            year=wanted.year,
            edition=wanted.edition,
            mixed=wanted.mixed,
            partial=wanted.partial,
            kinds=kinds,
            unread=got.unread,
        )
    except Refused as refused:
        _refuse(manner, wanted.organ, refused)
        return max(code, cli_run.FOUND)
    return max(code, _tell(manner, rolled, wanted.out, suffix))


def _tell(manner: cli_run.Manner, rolled: RollUp, out: str | None, suffix: str) -> int:
    from gongkai.statute.writers import rollup_json

    if manner.as_json:
        sys.stdout.write(rollup_json.dump_line(rolled, manner.lang))
    else:
        sys.stdout.write(page(manner, rolled))
    sys.stdout.flush()
    code = 0 if rolled.is_complete else cli_run.FOUND
    if out is None:
        return code
    return max(code, cli_gather.write(manner, out, content(rolled, suffix, manner.lang)))


def content(rolled: RollUp, suffix: str, lang: Lang) -> bytes | str:
    """The roll-up as a file of one of `WRITES`."""
    if suffix == ".json":
        from gongkai.statute.writers import rollup_json

        return rollup_json.dump_line(rolled, lang)
    if suffix == ".html":
        return rollup_html.page(rolled, lang)
    from gongkai.statute.writers import rollup_xlsx

    return rollup_xlsx.workbook(rolled, lang)


def _refuse(manner: cli_run.Manner, organ: str, refused: Refused) -> None:
    """What stands against adding up: every cause a line on stderr, an object among the JSON."""
    for cause in refused.notes:
        if manner.as_json:
            told = json_writer.error_dict(organ, CannotRead(cause.id, cause.text), manner.lang)
            sys.stdout.write(json_writer.line(told))
        said = Text("没有汇总：{cause}", "Not rolled up: {cause}").within(cause=cause.text)
        print(said.say(manner.lang), file=sys.stderr)
    for one in refused.aside[:_MOST]:
        print("  " + _left_out(one, manner.lang), file=sys.stderr)


# -- what the options say


def scopes(kind: str | None) -> tuple[Kind, ...]:
    """``--kind`` as the scopes to be added; raises UsageError for another word."""
    if kind is None:
        return ()
    if kind not in _SCOPES:
        raise UsageError(
            Text(
                "--kind 只能写 organ（本机关）、region（本地区汇总）或 both（两种都加）。",
                "--kind is organ (own figures), region (whole region) or both.",
            )
        )
    return _SCOPES[kind]


def _known_edition(edition: str | None) -> None:
    if edition is not None and edition not in forms.editions():
        known = forms.editions()
        raise UsageError(
            Text(
                f"--edition 只能写 {'、'.join(known)}。", f"--edition is one of {', '.join(known)}."
            )
        )


def expected(units: str) -> list[str]:
    """The units of ``--units``: of a file where there is one of that name, else as written.

    Raises CannotRead for a file that holds no list, UsageError for what is neither.
    """
    from gongkai.statute.readers import unit_list

    if os.path.isfile(units):
        try:
            with open(units, "rb") as file:
                data = file.read()
        except OSError as cause:
            reason = cli_files.reason(cause)
            raise notes.error("error.system", reason=reason) from None
        return unit_list.names(data, os.path.basename(units))
    names = unit_list.words(units)
    if not names or (len(names) == 1 and ("/" in units or "." in units)):
        raise UsageError(
            Text(
                "--units 没有文件“{units}”。请给名单文件，或用逗号隔开的单位名称。",
                "--units: there is no file “{units}”. Give a file with the list, or the names "
                "with commas between them.",
            ).within(units=units)
        )
    return names


# -- the page


def page(manner: cli_run.Manner, rolled: RollUp) -> str:
    """Coverage, the three tables with n of m, who is missing where, what was not added."""
    page = Page(manner.paper)
    _head(page, rolled)
    _coverage(page, rolled)
    form = forms.form(rolled.edition)
    for table in form.tables.values():
        _table(page, rolled, table)
    _lacking(page, rolled)
    _doubtful(page, rolled)
    _aside(page, rolled)
    page.blank()
    return page.text()


def _head(page: Page, rolled: RollUp) -> None:
    page.rule()
    page.prose(rollup_html.title(rolled).say(page.lang), style="bold")
    page.blank()
    given = len(rolled.units) - len(rolled.missing)
    rows = [
        (
            Text("单位", "units"),
            Text("应报 {n} 个，有报告 {given} 个", "{n} expected, {given} with a report")
            if rolled.listed
            else Text(
                "给出 {n} 个，读到报告 {given} 个（没有应报名单）",
                "{n} given, {given} with a report (no list of those expected)",
            ),
        ),
        (Text("格式", "form"), Text(f"{rolled.edition} 年版", f"of {rolled.edition}")),
        (Text("合计", "totals"), rollup_html.totals(rolled)),
    ]
    for label, text in rows:
        said = text.within(n=len(rolled.units), given=given)
        page.prose(said.say(page.lang), indent=10, label="  " + label.say(page.lang))
    for note in rolled.notes:
        page.prose(note.text.say(page.lang), indent=4, label="  ·", style="yellow")


def _coverage(page: Page, rolled: RollUp) -> None:
    cli_read.title(page, Text("单位", "Units"), len(rolled.units))
    shown = list(rolled.units)
    if len(shown) > _MOST and all(u.given == u.cells for u in shown):
        page.prose(page.say(Text("每个单位都齐全。", "Every unit is complete.")), indent=2)
        return
    if len(shown) > _MOST:
        shown = [u for u in shown if u.given < u.cells][:_MOST]
        about = Text(
            "只列有缺数的，最多 {most} 个；全部见 --json 或 -o 写出的文件。",
            "Only those that leave something open, {most} at most: --json and -o have all.",
        )
        page.prose(page.say(about.within(most=_MOST)), indent=2, style="dim")
    header = {
        "zh": ("", "年度", "格式", "口径", "有数", "缺数"),
        "en": ("", "year", "form", "scope", "numbers", "lacking"),
    }[page.lang]
    rows = [[unit.name, *_unit(unit, page.lang)] for unit in shown]
    styles = ["yellow" if unit.given < unit.cells else "" for unit in shown]
    page.columns(rows, header=header, styles=styles)


def _unit(unit: Unit, lang: Lang) -> list[str]:
    report = unit.report
    if report is None:
        return ["", "", "", f"0/{unit.cells}", LACKS[Lack.MISSING_REPORT].say(lang)]
    lacks = [f"{LACKS[lack].say(lang)} {count}" for lack, count in unit.lacks.items()]
    return [
        str(report.year or "?"),
        report.edition or "?",
        KINDS[report.kind].say(lang),
        f"{unit.given}/{unit.cells}",
        ("、" if lang == "zh" else ", ").join(lacks) or "0",
    ]


def _table(page: Page, rolled: RollUp, table: forms.Table) -> None:
    page.blank()
    page.line((TABLES[table.id].say(page.lang), "bold"))
    specs = forms.form(rolled.edition).specs
    sums = {a: s for a, s in rolled.sums.items() if specs[a].table == table.id}
    if table.id == "proactive":
        _stacked(page, sums, table)
    else:
        _wide(page, sums, table)
    if any(not s.is_complete for s in sums.values()):
        legend = Text(
            "[n/m] 表示 m 个单位中 n 个有数，在行末的是全行；带 * 的比同行其他格少。"
            "没有数字的没有合计。",
            "[n/m]: n of m units gave a number, at the end of a row in all of it; * marks a total "
            "with fewer than others of its row. Where there is no figure there is no total.",
        )
        page.prose(page.say(legend), indent=2, style="dim")


def _stacked(page: Page, sums: dict[str, Sum], table: forms.Table) -> None:
    """表二: blocks with columns of their own, set under one another."""
    width = max(len(block.columns) for block in table.blocks)
    rows: list[list[str]] = []
    styles: list[str] = []
    for block in table.blocks:
        gap = [""] * (width - len(block.columns))
        rows.append(
            [block_name(block, page.lang)]
            + [column_name(c, page.lang) for c in block.columns]
            + gap
        )
        styles.append("dim")
        for row in block.figure_rows:
            cells = [sums[f"{table.id}.{row.id}.{c.id}"] for c in block.columns]
            rows.append(["  " + row_name(row, page.lang), *map(shown, cells), *gap])
            styles.append("")
    page.columns(rows, styles=styles)


def _wide(page: Page, sums: dict[str, Sum], table: forms.Table) -> None:
    """表三、表四: rows under one header; rows of nothing but zeros are counted below."""
    columns = table.blocks[0].columns
    rows: list[list[str]] = []
    styles: list[str] = []
    quiet: Counter[str] = Counter()
    for block in table.blocks:
        headings: dict[str, list[str]] = {}  # each waits for its first row that says something
        for row in block.rows:
            name = row_name(row, page.lang)
            if row.kind == "heading":
                indent = "  " * len(block.above(row))
                headings[row.id] = [indent + name, *[""] * (len(columns) + 1)]
                continue
            held = [sums[f"{table.id}.{row.id}.{c.id}"] for c in columns]
            cells = [shown(one) for one in held]
            if _is_quiet(cells) and row.id not in ("received", "concluded"):
                quiet[cells[0]] += 1
                continue
            for above in block.above(row):
                if above.id in headings:
                    rows.append(headings.pop(above.id))
                    styles.append("dim")
            rows.append(["  " * len(block.above(row)) + name, *_with_share(held)])
            styles.append("")
    if rows:
        header = ["", *(narrow_name(c, page.lang) for c in columns), ""]
        if not any(row[-1] for row in rows):
            rows, header = [row[:-1] for row in rows], header[:-1]
        page.columns(rows, header=header, styles=styles)
    for common, count in quiet.items():
        text = Text("其余 {n} 行全为 {same}", "the other {n} rows are all {same}")
        page.prose(page.say(text.within(n=count, same=common)), indent=2, style="dim")


def _with_share(row: Sequence[Sum]) -> list[str]:
    """The totals of a row and, behind them, how many of m units gave a number: [n/m], [k–n/m]
    where they differ, with a star at each total that has fewer than n."""
    counts = [len(one.given) for one in row]
    low, high, of = min(counts), max(counts), row[0].of
    cells = [_total(one) + "*" * (count < high) for one, count in zip(row, counts, strict=True)]
    if low == of:
        return [*cells, ""]
    return [*cells, f"[{low}/{of}]" if low == high else f"[{low}–{high}/{of}]"]


def _is_quiet(cells: Sequence[str]) -> bool:
    """All 0, or all without a total for the same number of units: what is common to the table."""
    return len(set(cells)) == 1 and (cells[0] == "0" or cells[0].startswith("["))


def shown(one: Sum) -> str:
    """A total with n of m behind it where it is not complete; empty totals have n of m alone."""
    number = "" if one.value is None else figure(one.value)
    doubt = " ?" if one.doubtful else ""
    return number + doubt if one.is_complete else f"{number}[{len(one.given)}/{one.of}]{doubt}"


def _total(one: Sum) -> str:
    """A total alone, or a dash where there is none."""
    number = "–" if one.value is None else figure(one.value)
    return number + (" ?" if one.doubtful else "")


def _lacking(page: Page, rolled: RollUp) -> None:
    """Who gave no number where, apart from units without a report."""
    open_units = [u for u in rolled.units if u.report is not None and u.lacks]
    if not open_units and not rolled.missing:
        return
    cli_read.title(page, Text("谁缺什么", "Who lacks what"))
    if rolled.missing:
        names = _names(rolled.missing, page.lang)
        said = Text("没有报告 {n} 个：{names}", "{n} without a report: {names}")
        page.prose(page.say(said.within(n=len(rolled.missing), names=names)), indent=4, label="  ·")
    wanted = {unit.name for unit in open_units[:_MOST]}
    cells: dict[str, dict[Lack, list[str]]] = {name: {} for name in wanted}
    for address, one in rolled.sums.items():
        for name, lack in one.without:
            if name in wanted:
                cells[name].setdefault(lack, []).append(address)
    for unit in open_units[:_MOST]:
        parts = list(_parts(cells[unit.name], rolled.edition, unit, page.lang))
        text = ("；" if page.lang == "zh" else "; ").join(parts)
        colon = "：" if page.lang == "zh" else ": "
        page.prose(f"{unit.name}{colon}{text}", indent=4, label="  ·")
    _more(page, len(open_units) - _MOST)


def _parts(found: dict[Lack, list[str]], edition: str, unit: Unit, lang: Lang) -> Iterator[str]:
    for lack, addresses in found.items():
        count = Text("{lack} {n} 格", "{n} {lack}").within(lack=LACKS[lack], n=len(addresses))
        if len(addresses) == unit.cells:
            yield count.say(lang)
            continue
        labels = [_label(a, edition, lang) for a in addresses[:_CELLS]]
        more = Text("等", " and others").say(lang) if len(addresses) > _CELLS else ""
        listed = ("、" if lang == "zh" else ", ").join(labels) + more
        yield count.say(lang) + (f"（{listed}）" if lang == "zh" else f" ({listed})")


def _label(address: str, edition: str, lang: Lang) -> str:
    """An address in words: 表三 （五）不予处理·2.重复申请 / 自然人."""
    spec = forms.form(edition).specs[address]
    return f"{notes.TABLES[spec.table].say(lang)} {cell_name(spec, lang)}"


def _doubtful(page: Page, rolled: RollUp) -> None:
    """Figures that were added although their reader doubts them."""
    found = [(address, one) for address, one in rolled.sums.items() if one.doubtful]
    if not found:
        return
    title = Text("合计中存疑的数（请对照原件）", "Doubtful figures added (see the originals)")
    cli_read.title(page, title, len(found))
    colon = "：" if page.lang == "zh" else ": "
    for address, one in found[:_DOUBTS]:
        names = _names(one.doubtful, page.lang)
        label = _label(address, rolled.edition, page.lang)
        page.prose(f"{label}{colon}{names}", indent=4, label="  ?")
    _more(page, len(found) - _DOUBTS)


def _aside(page: Page, rolled: RollUp) -> None:
    if rolled.aside:
        cli_read.title(page, Text("没有计入的报告", "Reports not added"), len(rolled.aside))
        for one in rolled.aside[:_MOST]:
            page.prose(_left_out(one, page.lang), indent=4, label="  ·")
        _more(page, len(rolled.aside) - _MOST)
    if rolled.unread:
        cli_read.title(page, Text("未能读取的文件", "Files not read"), len(rolled.unread))
        page.prose(_names(rolled.unread, page.lang), indent=2)


def _left_out(one: Aside, lang: Lang) -> str:
    """A report that was not added: whose, its file, and why."""
    both = one.organ and one.file
    said = (
        Text("{organ}（{file}）：{why}", "{organ} ({file}): {why}")
        if both
        else Text("{organ}：{why}", "{organ}: {why}")
    )
    organ = one.organ or one.file or "?"
    return said.within(organ=organ, file=one.file, why=one.why.text).say(lang)


def _names(names: Sequence[str], lang: Lang) -> str:
    more = ""
    if len(names) > _MOST:
        more = (
            Text("等 {n} 个", " and {n} more")
            .within(n=len(names) if lang == "zh" else len(names) - _MOST)
            .say(lang)
        )
    return ("、" if lang == "zh" else ", ").join(names[:_MOST]) + more


def _more(page: Page, count: int) -> None:
    if count > 0:
        more = Text("另有 {n} 个，见 --json。", "{n} more: see --json.")
        page.line(("  " + more.within(n=count).say(page.lang), "dim"))
