"""检查结果的工作表: what the checks found, and, apart from it, what the reader doubted.

The level stands there in words and in colour, the cell as a link; the findings have a filter.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from gongkai.statute import forms, notes
from gongkai.statute.findings import Finding, Level, Outcome
from gongkai.statute.report import AnnualReport, Place
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import paper, xlsx_tables
from gongkai.statute.writers.xlsx_formats import Fitting, Formats, height, set_page
from gongkai.statute.writers.xlsx_names import FINDINGS, TABLES

LEVELS = {
    Level.ERROR: Text("错误", "error"),
    Level.WARNING: Text("警告", "warning"),
    Level.NOTE: Text("提示", "note"),
}
OUTCOMES = {
    Outcome.HOLDS: Text("成立", "holds"),
    Outcome.BROKEN: Text("不成立", "broken"),
    Outcome.CANNOT_TELL: Text("无法判断", "cannot tell"),
}
_COLUMNS = (
    (Text("级别", "level"), 8),
    (Text("结论", "outcome"), 10),
    (Text("规则", "rule"), 16),
    (Text("单元格或位置", "cell or place"), 26),
    (Text("印的是", "printed"), 14),
    (Text("应为", "expected"), 12),
    (Text("说明", "what is wrong"), 44),
    (Text("怎么办", "what to do"), 40),
    (Text("依据", "source"), 26),
)
_NONE = Text("没有发现。", "Nothing was found.")
_DOUBTS = Text("读取时存疑（不是报告的错）", "Doubts in reading (not the report's faults)")
_NO_DOUBTS = Text("没有存疑的单元格。", "No cell was read in doubt.")
_DOUBT_COLUMNS = {
    2: Text("编号", "id"),
    3: Text("单元格", "cell"),
    4: Text("原文", "as printed"),
    6: Text("为什么存疑", "why in doubt"),
}


def write(
    book: Any,
    formats: Formats,
    report: AnnualReport,
    findings: Sequence[Finding],
    lang: Lang,
) -> None:
    """The sheet, in the order of the findings given."""
    sheet = book.add_worksheet(FINDINGS, worksheet_class=Fitting)
    set_page(sheet, landscape=True, repeat=(1, 1))
    sheet.write_string(0, 0, FINDINGS, formats("part"))
    sheet.freeze_panes(2, 0)
    for column, (title, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, title.say(lang), formats("columns"))
    row = 1
    for row, finding in enumerate(findings, 2):
        _finding(sheet, formats, report, row, finding, lang)
    if findings:
        sheet.autofilter(1, 0, row, len(_COLUMNS) - 1)
    else:
        row = 2
        sheet.write_string(row, 0, _NONE.say(lang), formats("plain_line"))
    _doubts(sheet, formats, report, row + 2, lang)


def _finding(
    sheet: Any, formats: Formats, report: AnnualReport, row: int, finding: Finding, lang: Lang
) -> None:
    level = formats(f"level_{finding.level.value}")
    text = formats("text")
    sheet.write_string(row, 0, LEVELS[finding.level].say(lang), level)
    sheet.write_string(row, 1, OUTCOMES[finding.outcome].say(lang), text)
    sheet.write_string(row, 2, finding.id, text)
    if finding.cells:
        _link(sheet, formats, report, row, finding.cells, lang)
    else:
        sheet.write_string(row, 3, where(finding.place, lang), text)
    told = [
        _shown(finding.printed),
        _shown(finding.expected),
        paper.clean(finding.message.say(lang)),
        paper.clean(finding.hint.say(lang)),
        finding.source,
    ]
    for column, said in enumerate(told, 4):
        sheet.write_string(row, column, said, text)
    widths = [width for _, width in _COLUMNS]
    sheet.set_row(row, height([*zip(told, widths[4:], strict=True), (finding.id, widths[2])]))


def _link(
    sheet: Any,
    formats: Formats,
    report: AnnualReport,
    row: int,
    cells: Sequence[str],
    lang: Lang,
) -> None:
    """The first of the cells, to be gone to, and how many more are concerned."""
    label = label_of(cells[0])
    if len(cells) > 1:
        label += Text("（等 {n} 格）", " (of {n} cells)").within(n=len(cells)).say(lang)
    if cells[0] in report.cells and report.edition is not None:
        name, at = location(report.edition, cells[0])
        sheet.write_url(row, 3, f"internal:'{name}'!{at}", formats("link"), label)
    else:
        sheet.write_string(row, 3, label, formats("text"))


def _doubts(sheet: Any, formats: Formats, report: AnnualReport, row: int, lang: Lang) -> None:
    sheet.write_string(row, 0, _DOUBTS.say(lang), formats("part"))
    doubtful = [(a, c, c.doubt) for a, c in report.cells.items() if c.doubt is not None]
    if not doubtful:
        sheet.write_string(row + 1, 0, _NO_DOUBTS.say(lang), formats("plain_line"))
        return
    for column in range(len(_COLUMNS)):
        title = _DOUBT_COLUMNS.get(column)
        sheet.write_string(row + 1, column, title.say(lang) if title else "", formats("columns"))
    for at, (address, cell, doubt) in enumerate(doubtful, row + 2):
        sheet.write_string(at, 2, doubt.id, formats("text"))
        _link(sheet, formats, report, at, (address,), lang)
        sheet.write_string(at, 4, paper.clean(cell.raw), formats("text"))
        said = paper.clean(doubt.text.say(lang))
        sheet.write_string(at, 6, said, formats("text"))
        sheet.set_row(at, height([(said, _COLUMNS[6][1]), (label_of(address), _COLUMNS[3][1])]))


@functools.cache
def location(edition: str, address: str) -> tuple[str, str]:
    """Where an address of the edition stands in the workbook: (表三 依申请公开, D6)."""
    grid = next(g for g in xlsx_tables.grids(edition) if address in g.squares)
    return TABLES[grid.table.id], grid.at(address)


@functools.cache
def label_of(address: str) -> str:
    """An address in the form's words: 表三：一、本年新收政府信息公开申请数量 / 自然人."""
    for edition in reversed(forms.editions()):
        if spec := forms.form(edition).specs.get(address):
            return f"{notes.TABLES[spec.table].zh}：{spec.label}"
    return address


def where(place: Place, lang: Lang) -> str:
    """A place in its file, as far as known."""
    parts = (
        (place.page, Text("第 {n} 页", "page {n}")),
        (place.table, Text("第 {n} 个表", "table {n}")),
        (place.row, Text("第 {n} 行", "row {n}")),
        (place.column, Text("第 {n} 列", "column {n}")),
        (place.line, Text("正文第 {n} 行", "line {n}")),
    )
    return " ".join(text.within(n=n).say(lang) for n, text in parts if n is not None)


def _shown(value: object) -> str:
    if value is None:
        return ""
    shown = format(value, "f") if isinstance(value, Decimal) else str(value)
    return paper.clean(shown)[:1000]
