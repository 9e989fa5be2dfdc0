"""说明的工作表: what the workbook is, how to edit it, where the cells came from, what has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from gongkai.statute import forms, notes
from gongkai.statute.report import AnnualReport, State
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import paper, unsaid
from gongkai.statute.writers.xlsx_findings import label_of, location, where
from gongkai.statute.writers.xlsx_formats import Fitting, Formats, height, set_page
from gongkai.statute.writers.xlsx_names import ABOUT

STATES = {
    State.NUMBER: Text("数字", "number"),
    State.BLANK: Text("空白", "blank"),
    State.DASH: Text("短横、斜杠", "dash"),
    State.NOT_APPLICABLE: Text("无、不适用、不涉及", "not applicable"),
    State.UNREADABLE: Text("无法识读", "unreadable"),
    State.ABSENT: Text("缺失", "absent"),
}

_RULES = (
    Text(
        "改数请改三张表；改文字请改“报告”，一段一行，可以插行，插入的行“项目”留空即接在上一段之后。",
        "Change figures in the three tables and text in 报告, one paragraph to a row; a row put in "
        "between, its first cell left empty, follows the paragraph above.",
    ),
    Text(
        "没有发生填 0；不掌握的留空，不要填 0 代替。",
        "0 where there was none; leave empty what is not known, never 0 in its stead.",
    ),
    Text(
        "合计格是公式，分项全部是数字才计算。报告印的合计与分项不符的，保留印的数并加批注，核对后再改。",
        "Totals are formulas and add only where every part is a number. Where the report prints "
        "another total, it stands as printed, with a comment: check before you change it.",
    ),
    Text(
        "不要改动表头、行标题、工作表名和“报告”中的“格式标识”，否则不能准确读回。",
        "Leave headers, row labels, the sheets' names and 格式标识 in 报告 as they are, or the "
        "file cannot be read back exactly.",
    ),
    Text(
        "“检查结果”“说明”和表下的勾稽检查是写出时的情况，不读回；改后请重新检查。",
        "检查结果, 说明 and the check below table 3 are not read back; check again after a change.",
    ),
)
_LEGEND = (
    ("figure", State.NUMBER, Text("0 是填报的 0，照原样。", "A printed 0 is a 0.")),
    ("figure", State.BLANK, Text("原文有这一格，空着。", "The cell is there and empty.")),
    ("figure", State.DASH, Text("原文画了横线或斜杠，照印。", "A dash or slash, as printed.")),
    ("figure", State.NOT_APPLICABLE, Text("原文写了这样的字，照印。", "Said so in words.")),
    (
        "unreadable",
        State.UNREADABLE,
        Text("写了字但不是确定的数，照印，须对照原件。", "No certain number: see the original."),
    ),
    (
        "legend_absent",
        State.ABSENT,
        Text("原文找不到这一格，须补填；填后底色消失。", "Not in the source; fill it in."),
    ),
)
_MARKS = (
    ("doubt", Text("数字读出但存疑，批注中有原因。", "Read, but in doubt: see the comment.")),
    (
        "legend_total",
        Text(
            "合计与分项之和不符，或某列勾稽关系不成立；改对后底色消失。",
            "A total that is not the sum of its parts, or a column out of balance.",
        ),
    ),
)


def write(book: Any, formats: Formats, report: AnnualReport, lang: Lang) -> None:
    """The sheet, one part below the other."""
    sheet = book.add_worksheet(ABOUT, worksheet_class=Fitting)
    set_page(sheet, landscape=True)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, ABOUT, formats("part"))
    row = 1
    for title, lines in _parts(report, lang):
        row += 1
        sheet.write_string(row, 0, title.say(lang), formats("part"))
        for look, values in lines:
            row += 1
            for column, value in enumerate(values):
                sheet.write_string(row, column, value, formats(look))
            if look == "text":
                sheet.set_row(row, height(zip(values, _WIDTHS, strict=False)))
        row += 1
    row = _legend(sheet, formats, row + 1, lang)
    _cells(sheet, formats, report, row + 2, lang)


_WIDTHS = (26, 60, 24, 30, 30, 8)

Line = tuple[str, Sequence[str]]


def _parts(report: AnnualReport, lang: Lang) -> Iterator[tuple[Text, list[Line]]]:
    yield Text("这是什么", "What this is"), list(_what(report, lang))
    whole = Text("全文", "the whole").say(lang)
    rules = [("plain_line", [f"{n}. {rule.say(lang)}"]) for n, rule in enumerate(_RULES, 1)]
    yield Text("怎样修改", "How to edit it"), list[Line](rules)
    left = [("text", [where(one.place, lang), _text(one.raw)]) for one in report.leftovers]
    if left:
        yield Text("未能归位的内容", "What could not be placed"), list[Line](left)
    others = [
        ("text", [label_of(address), _text(cell.raw or paper.printed(cell))])
        for address, cell in report.other_edition_cells.items()
    ]
    if others:
        yield Text("另一版格式的单元格", "Cells of another edition"), list[Line](others)
    more = [
        ("text", [label_of(address), _text(cell.raw)])
        for address, cell in report.cells.items()
        if unsaid.says_more(cell)
    ]
    if more:
        yield (
            Text("原文比数字多说了的单元格", "Cells whose text says more than the figure"),
            list[Line](more),
        )
    said = [
        ("text", [where(n.place, lang) or whole, _text(n.text.say(lang)), n.id])
        for n in report.notes
    ]
    if said:
        yield Text("读取说明", "Notes of reading"), list[Line](said)


def _what(report: AnnualReport, lang: Lang) -> Iterator[Line]:
    unknown = Text("不明", "unknown").say(lang)
    facts = (
        (
            Text("工作簿", "workbook"),
            Text(
                "一份政府信息公开工作年度报告：文字、三张表、检查结果，由 gongkai 写出。",
                "One annual report on open government information: its text, its three tables, "
                "what was found in it; written by gongkai.",
            ).say(lang),
        ),
        (Text("来源文件", "source"), _text(report.file) or unknown),
        (Text("机关", "organ"), _text(report.organ or unknown)),
        (Text("年度", "year"), str(report.year or unknown)),
        (
            Text("格式版本", "form"),
            Text("{found} 年版（该年度应使用 {due} 年版）", "{found} (due for the year: {due})")
            .within(found=report.edition or unknown, due=report.edition_due or unknown)
            .say(lang),
        ),
    )
    for name, value in facts:
        yield "text", [name.say(lang), value]


def _legend(sheet: Any, formats: Formats, row: int, lang: Lang) -> int:
    sheet.write_string(row, 0, Text("图例", "Legend").say(lang), formats("part"))
    shown = [(look, STATES[state].say(lang), text) for look, state, text in _LEGEND]
    marked = [
        (look, name.say(lang), text)
        for (look, text), name in zip(
            _MARKS, (Text("存疑", "doubt"), Text("不符", "does not fit")), strict=True
        )
    ]
    for look, name, text in (*shown, *marked):
        row += 1
        sheet.write_string(row, 0, name, formats(look))
        sheet.write_string(row, 1, text.say(lang), formats("text"))
    return row


_ROW_COLUMNS = (
    Text("表", "table"),
    Text("行", "row"),
    Text("工作簿中", "in this workbook"),
    Text("在来源文件的位置", "place in the source"),
)
_CELL_COLUMNS = (
    Text("状态", "state"),
    Text("单元格", "cell"),
    Text("在来源文件的位置", "place in the source"),
    Text("原文", "as printed"),
    Text("地址", "address"),
    Text("把握", "confidence"),
)


def _cells(sheet: Any, formats: Formats, report: AnnualReport, row: int, lang: Lang) -> None:
    """单元格来源: of each row where it was read; of each cell that is no sure number, more."""
    if report.edition is None:
        return
    rows = list(_by_row(report, report.edition, lang))
    title = Text("每一行从哪里来", "Where each row came from")
    row = _list(sheet, formats, row, title.say(lang), _said(_ROW_COLUMNS, lang), rows)
    special = [
        [
            STATES[cell.state].say(lang),
            label_of(address),
            where(cell.place, lang),
            _text(cell.raw),
            address,
            f"{cell.confidence:.2f}",
        ]
        for address, cell in report.cells.items()
        if cell.state is not State.NUMBER or cell.confidence < 1
    ]
    if special:
        title = Text(
            "不是数字或没有十分把握的单元格", "Cells that are no number, or not quite sure"
        )
        columns = _said(_CELL_COLUMNS, lang)
        _list(sheet, formats, row + 1, title.say(lang), columns, special)


def _by_row(report: AnnualReport, edition: str, lang: Lang) -> Iterator[list[str]]:
    specs = forms.form(edition).specs
    for (table, label, _), group in groupby(
        report.cells, key=lambda a: (specs[a].table, specs[a].row.label, specs[a].row.id)
    ):
        addresses = list(group)
        held_at = [report.cells[a].place for a in addresses]
        lines = {(p.page, p.table, p.row, p.line) for p in held_at}
        ends = held_at[:1] if len(lines) == 1 else [held_at[0], held_at[-1]]
        place = " — ".join(where(replace(one, column=None), lang) for one in ends)
        (name, first), (_, last) = (location(edition, addresses[k]) for k in (0, -1))
        held = f"{name} {first}" if first == last else f"{name} {first}:{last}"
        yield [notes.TABLES[table].say(lang), label, held, place]


def _list(
    sheet: Any,
    formats: Formats,
    row: int,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> int:
    """A titled list from a row on; gives the row behind it."""
    sheet.write_string(row, 0, title, formats("part"))
    for look, values in (("columns", columns), *(("text", line) for line in rows)):
        row += 1
        sheet.set_row(row, height(zip(values, _WIDTHS, strict=False)))
        for column, value in enumerate(values):
            if value:
                sheet.write_string(row, column, value, formats(look))
    return row + 1


def _said(columns: Sequence[Text], lang: Lang) -> list[str]:
    return [column.say(lang) for column in columns]


def _text(text: str) -> str:
    return paper.clean(text)[:32_000]
