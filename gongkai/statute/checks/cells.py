"""单元格规则: what may stand in one cell; the same seven rules for each of the three tables.

A printed 0, a blank, a dash and an unreadable cell are different facts. None is changed here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from gongkai.statute.checks import showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import AnnualReport, Cell, State
from gongkai.statute.texts import Text

Implied = Callable[[AnnualReport, str], Text | None]
"""What the other cells of its row and column leave for a cell; None where they leave it open."""

_FORMS = "国办公开办函〔2019〕60号、〔2021〕30号"
_TABLE = {
    "proactive": ("表二", "table 2"),
    "applications": ("表三", "table 3"),
    "remedies": ("表四", "table 4"),
}
# 一个数，可带千分位；增减列还可写“增”“减”或正负号
_PLAIN = re.compile(
    r"[+＋\-－−]?[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?:[.．][0-9０-９]+)?"
    r"|[+＋\-－−]?[0-9０-９]+(?:[.．][0-9０-９]+)?"
)
_SIGNED = re.compile(r"[增减加+＋\-－−↑↓]?[0-9０-９]+(?:项)?")
# 识读把握不足时，“不是数字”可能是识读的问题，不是报告的问题
_READER_DOUBTS = ("doubt.low_confidence", "doubt.split_digits", "doubt.two_values")


def rules(
    prefix: str, table: str, implied: Implied | None = None
) -> tuple[tuple[Rule, Check], ...]:
    """The seven rules of one table (``prefix`` t2, t3, t4), in the order they are applied."""
    zh, en = _TABLE[table]
    source = f"{_FORMS}，{zh}"
    absent = Rule(
        f"{prefix}.absent",
        Level.WARNING,
        Text(f"{zh}的每一行每一列都在报告中。", f"Every row and column of {en} is in the report."),
        source,
        Text("表格缺了“7.属于行政执法案卷”一行。", "The row “7.属于行政执法案卷” is missing."),
    )
    unfilled = Rule(
        f"{prefix}.unfilled",
        Level.ERROR,
        Text(f"{zh}已经填写。", f"{en.capitalize()} is filled in."),
        source,
        Text(
            "空白格式原样公布，没有一格填数（或者全是短横）。",
            "The blank form was published: no cell holds a figure, or all hold a dash.",
        ),
    )
    blank = Rule(
        f"{prefix}.blank",
        Level.WARNING,
        Text(f"{zh}没有空着的单元格。", f"No cell of {en} is left blank."),
        source,
        Text(
            "没有发生的事项空着不填，而不是填 0。",
            "Nothing happened and the cell was left empty instead of 0.",
        ),
    )
    mark = Rule(
        f"{prefix}.mark",
        Level.WARNING,
        Text(
            f"{zh}的单元格填数字，不用横线、“无”代替。",
            f"Cells of {en} hold figures, not dashes or “none”.",
        ),
        source,
        Text("单元格里写“—”“/”或“无”。", "A cell holds “—”, “/” or “无”."),
    )
    kind = Rule(
        f"{prefix}.type",
        Level.ERROR,
        Text(f"{zh}的单元格是数字，件数是整数。", f"Cells of {en} are numbers, counts are whole."),
        source,
        Text("单元格里写“若干”，或者件数写成 1.5。", "A cell says “若干”, or a count is 1.5."),
    )
    sign = Rule(
        f"{prefix}.sign",
        Level.ERROR,
        Text(
            f"{zh}的数字不为负（增减数除外）。",
            f"Figures of {en} are not negative (changes apart).",
        ),
        source,
        Text("“处理决定数量”写成 -3。", "“处理决定数量” is -3."),
    )
    remark = Rule(
        f"{prefix}.remark",
        Level.NOTE,
        Text(
            f"{zh}的单元格只写数字，不带说明。",
            f"Cells of {en} hold a figure and nothing else.",
        ),
        source,
        Text("单元格里写“22（其中修订16件）”。", "A cell says “22（其中修订16件）”."),
    )
    return (
        (absent, functools.partial(_absent, absent, table)),
        (unfilled, functools.partial(_unfilled, unfilled, table)),
        (blank, functools.partial(_blank, blank, table, implied)),
        (mark, functools.partial(_mark, mark, table)),
        (kind, functools.partial(_type, kind, table)),
        (sign, functools.partial(_sign, sign, table)),
        (remark, functools.partial(_remark, remark, table)),
    )


def _standing(case: Case, table: str) -> Iterator[tuple[str, Cell]]:
    report = case.report
    for address in showing.addresses(showing.form_of(report).edition, table):
        yield address, report.cell(address)


def _in_state(case: Case, table: str, *states: State) -> list[str]:
    return [a for a, cell in _standing(case, table) if cell.state in states]


def _absent(rule: Rule, table: str, case: Case) -> Iterator[Finding]:
    form = showing.form_of(case.report)
    found = _in_state(case, table, State.ABSENT)
    if not found:
        yield rule.holds()
        return
    name = showing.TABLES[table]
    of = len(showing.addresses(form.edition, table))
    whole = len(found) == of
    rows = list(dict.fromkeys(showing.row(form, a) for a in found))
    if whole:
        what = Text(f"{name.zh}整表缺失。", f"{name.en.capitalize()} is absent.")
    else:
        listed = showing.listing([f"“{r}”" for r in rows], 3, "行")
        more = Text("", "")
        if 4 * len(found) >= of:
            more = Text(
                "缺失太多，涉及这些格的规则都无法判断。",
                " So much is absent that the rules on these cells cannot tell.",
            )
        what = Text(
            f"{name.zh} {of} 格中有 {len(found)} 格缺失，涉及{listed.zh}。{more.zh}",
            f"{len(found)} of the {of} cells of {name.en} "
            f"{'is' if len(found) == 1 else 'are'} absent, in {listed.en}.{more.en}",
        )
    if _may_be_unread(case.report, table):
        yield rule.cannot_tell(
            what,
            Text(
                "文件中有未能归位的内容，可能就是这些单元格。请对照原件补上行、列标签，"
                "或补填后再查。",
                "The file holds content that could not be placed and may be these cells. Restore "
                "the row and column labels from the original, or fill the cells in, and check "
                "again.",
            ),
            cells=tuple(found),
        )
        return
    yield rule.broken(
        what,
        Text(
            "统一格式要求各行各列齐全，没有发生的填 0。请按当年格式补齐。",
            "The unified form wants every row and column, with 0 where nothing happened. "
            "Complete the table by the form of the year.",
        ),
        cells=tuple(found),
        level=Level.ERROR if whole else None,
    )


def _may_be_unread(report: AnnualReport, table: str) -> bool:
    """Something read has no place, or a page or picture was not read at all."""
    if any(note.id in ("read.picture_tables", "read.scanned_page") for note in report.notes):
        return True
    return any(
        left.values
        and (not left.candidates or any(c.startswith(f"{table}.") for c in left.candidates))
        for left in report.leftovers
    )


def _is_unfilled(case: Case, table: str) -> bool:
    return all(cell.state in (State.BLANK, State.DASH) for _, cell in _standing(case, table))


def _unfilled(rule: Rule, table: str, case: Case) -> Iterator[Finding]:
    """Every cell blank or a dash: the table was not filled in at all."""
    if not _is_unfilled(case, table):
        yield rule.holds()
        return
    report, name = case.report, showing.TABLES[table]
    found = showing.addresses(showing.form_of(report).edition, table)
    states = showing.states(report, found)
    yield rule.broken(
        Text(
            f"{name.zh}没有填写：{len(found)} 格全是{states.zh}。",
            f"{name.en.capitalize()} is not filled in: all {len(found)} cells are {states.en}.",
        ),
        Text(
            "空白、短横都不等于 0，没有数就没有报告。请按台账逐格填写，没有发生的填 0。",
            "Neither a blank nor a dash is a 0, and without figures nothing is reported. Fill in "
            "every cell from the register; write 0 where nothing happened.",
        ),
        cells=found,
        place=showing.place(report, found[0]),
    )


def _blank(rule: Rule, table: str, implied: Implied | None, case: Case) -> Iterator[Finding]:
    found = _in_state(case, table, State.BLANK)
    if found and _is_unfilled(case, table):
        return  # .unfilled 已说明
    if not found:
        yield rule.holds()
        return
    report = case.report
    form = showing.form_of(report)
    name, listed = showing.TABLES[table], showing.cells(form, found)
    what = Text(
        f"{name.zh}有 {len(found)} 个单元格空白：{listed.zh}。",
        f"{showing.counted(len(found), 'blank cell')} in {name.en}: {listed.en}.",
    )
    left = [
        Text(f"{showing.cell(form, a)}{text.zh}", f"{showing.cell(form, a)} {text.en}")
        for a in found[:4]
        if implied is not None and (text := implied(report, a)) is not None
    ]
    clue = showing.joined(left)
    totals = Text("，涉及它的合计也无法核对", ", and no total it belongs to can be verified")
    if implied is None:
        totals = Text("", "")
    yield rule.broken(
        what,
        Text(
            f"{clue.zh}{'。' if left else ''}空白不等于 0{totals.zh}。"
            "请核实后填写数字，没有发生的填 0。",
            f"{clue.en}{'. ' if left else ''}A blank is not a 0{totals.en}. Establish the figure "
            "and write it; write 0 where nothing happened.",
        ),
        cells=tuple(found),
        place=showing.place(report, found[0]),
    )


def _mark(rule: Rule, table: str, case: Case) -> Iterator[Finding]:
    found = _in_state(case, table, State.DASH, State.NOT_APPLICABLE)
    if found and _is_unfilled(case, table):
        return
    if not found:
        yield rule.holds()
        return
    report = case.report
    name, listed = showing.TABLES[table], showing.cells(showing.form_of(report), found)
    raw = report.cell(found[0]).raw.strip()
    yield rule.broken(
        Text(
            f"{name.zh}有 {len(found)} 个单元格没有填数字，而是写“{raw}”一类：{listed.zh}。",
            f"{showing.counted(len(found), 'cell')} of {name.en} with “{raw}” or the like for a "
            "figure: "
            f"{listed.en}.",
        ),
        Text(
            "这样写分不清是没有发生、不适用还是没有统计，也无法核对合计。没有发生的请填 0。",
            "This leaves open whether nothing happened, the item does not apply, or nobody "
            "counted, "
            "and no total can be verified. Write 0 where nothing happened.",
        ),
        cells=tuple(found),
        printed=raw,
        place=showing.place(report, found[0]),
    )


def _type(rule: Rule, table: str, case: Case) -> Iterator[Finding]:
    report = case.report
    form = showing.form_of(report)
    wrong = False
    for address, cell in _standing(case, table):
        spec = form.specs[address]
        fraction = (
            isinstance(cell.value, Decimal)
            and spec.column.type != "decimal"
            and cell.value != cell.value.to_integral_value()
        )
        if cell.state is not State.UNREADABLE and not fraction:
            continue
        wrong = True
        name, raw = showing.cell(form, address), cell.raw.strip()
        if cell.doubt is not None and cell.doubt.id in _READER_DOUBTS:
            yield rule.cannot_tell(
                Text(
                    f"{name}读到“{raw}”，不能确定是什么数。",
                    f"{name} reads “{raw}”, which is no certain number.",
                ),
                Text("请对照原件确认这一格。", "Settle this cell by the original."),
                cells=(address,),
                place=cell.place,
            )
            continue
        yield rule.broken(
            Text(
                f"{name}写的是“{raw}”，{'件数应为整数' if fraction else '不是一个确定的数字'}。",
                f"{name} says “{raw}”, "
                f"{'but a count is whole' if fraction else 'which is no certain number'}.",
            ),
            Text(
                "这一格无法汇总和比较，涉及它的合计也无法核对。请改为一个数字，说明写到正文里。",
                "It can be neither added up nor compared, and totals over it cannot be verified. "
                "Write one number and put the explanation into the text.",
            ),
            cells=(address,),
            printed=raw,
            place=cell.place,
        )
    if not wrong:
        yield rule.holds()


def _sign(rule: Rule, table: str, case: Case) -> Iterator[Finding]:
    report = case.report
    form = showing.form_of(report)
    wrong = False
    for address, cell in _standing(case, table):
        if cell.value is None or cell.value >= 0:
            continue
        if form.specs[address].column.type == "signed_integer":
            continue
        wrong = True
        name, value = showing.cell(form, address), showing.figure(cell.value)
        yield rule.broken(
            Text(f"{name}是负数 {value}。", f"{name} is negative: {value}."),
            Text(
                "件数和金额不会小于 0，多半是录入错误。请核实后更正。",
                "Neither a count nor an amount is below 0; this is probably a slip. Verify and "
                "correct it.",
            ),
            cells=(address,),
            printed=cell.value,
            place=cell.place,
        )
    if not wrong:
        yield rule.holds()


def _remark(rule: Rule, table: str, case: Case) -> Iterator[Finding]:
    report = case.report
    form = showing.form_of(report)
    found: list[str] = []
    for address, cell in _standing(case, table):
        if cell.value is None or cell.raw.isdecimal():
            continue
        column = form.specs[address].column
        raw = "".join(cell.raw.split())
        if column.type == "decimal":  # 单位另有规则
            raw = raw.removesuffix(cell.unit or "")
        pattern = _SIGNED if column.type == "signed_integer" else _PLAIN
        if raw and not (_PLAIN.fullmatch(raw) or pattern.fullmatch(raw)):
            found.append(address)
    if not found:
        yield rule.holds()
        return
    name = showing.TABLES[table]
    listed = showing.listing(
        [f"{showing.cell(form, a)}写“{report.cell(a).raw.strip()}”" for a in found]
    )
    listed_en = showing.listing(
        [f"{showing.cell(form, a)} says “{report.cell(a).raw.strip()}”" for a in found]
    )
    yield rule.broken(
        Text(
            f"{name.zh}有 {len(found)} 个单元格除数字外还写了别的：{listed.zh}。",
            f"{showing.counted(len(found), 'cell')} of {name.en} with more than a figure: "
            f"{listed_en.en}.",
        ),
        Text(
            "单元格只写数字便于汇总和比较。请把单位和说明移到正文里。",
            "A bare figure can be added up and compared. Move units and remarks into the text.",
        ),
        cells=tuple(found),
        printed=report.cell(found[0]).raw.strip(),
        expected=report.cell(found[0]).value,
        place=showing.place(report, found[0]),
    )
