"""第三部分 收到和处理政府信息公开申请情况: rules on table 3 (ids ``t3.*``).

The identities the form prints and those of plain arithmetic, figure beside figure. Nothing is
repaired; where a cell is no number the rule cannot tell, unless the known figures alone already
contradict it (counts are never negative).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.statute import forms
from gongkai.statute.checks import cells, showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import AnnualReport, Value
from gongkai.statute.texts import Text

_TABLE = "applications"
_TOTAL = "total"
_SOURCE = "国办公开办函〔2019〕60号、〔2021〕30号，表三"
_PRINTED = f"{_SOURCE}内注：第一项加第二项之和，等于第三项加第四项之和"

BALANCE = Rule(
    "t3.balance",
    Level.ERROR,
    Text(
        "每一列：本年新收加上年结转，等于办理结果总计加结转下年度。",
        "In each column, received plus carried in equals concluded plus carried out.",
    ),
    _PRINTED,
    Text(
        "自然人一列新收 26、上年结转 1，总计 25、结转下年 1，差 1 件没有着落。",
        "Natural persons: 26 received and 1 carried in, but 25 concluded and 1 carried out.",
    ),
)
CONCLUDED = Rule(
    "t3.concluded",
    Level.ERROR,
    Text(
        "每一列：“（七）总计”等于（一）至（六）各行之和。",
        "In each column, “（七）总计” is the sum of the rows （一） to （六）.",
    ),
    _SOURCE,
    Text(
        "自然人一列各行相加是 25，“（七）总计”写 26。",
        "Natural persons: the rows add up to 25, “（七）总计” says 26.",
    ),
)
ROW_TOTAL = Rule(
    "t3.row_total",
    Level.ERROR,
    Text(
        "每一行：“总计”等于自然人加五类法人或其他组织。",
        "In each row, “总计” is natural persons plus the five kinds of organisations.",
    ),
    _SOURCE,
    Text(
        "“（一）予以公开”各列相加是 6，总计写 5。",
        "“（一）予以公开” adds up to 6, its total says 5.",
    ),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """表样: the rows and columns of one edition, and the address of each cell."""

    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[str, ...]
    parts: tuple[str, ...]
    at: Mapping[tuple[str, str], str]


@functools.cache
def layout(edition: str) -> Layout:
    """The table of one edition."""
    form = forms.form(edition)
    block = form.tables[_TABLE].blocks[0]
    columns = tuple(c.id for c in block.columns)
    rows = tuple(r.id for r in block.figure_rows)
    return Layout(
        columns,
        tuple(c for c in columns if c != _TOTAL),
        rows,
        form.concluded_parts,
        {(r, c): f"{_TABLE}.{r}.{c}" for r in rows for c in columns},
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """等式: cells on the left that should make up the cells on the right, and how they stand."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    left_known: Value
    right_known: Value
    missing: tuple[str, ...]
    left_open: bool
    right_open: bool

    @property
    def holds(self) -> bool:
        """All figures are there and both sides are equal."""
        return not self.missing and self.left_known == self.right_known

    @property
    def broken(self) -> bool:
        """Both sides differ, or would differ whatever the missing cells held (none below 0)."""
        if not self.missing:
            return self.left_known != self.right_known
        return (not self.right_open and self.left_known > self.right_known) or (
            not self.left_open and self.right_known > self.left_known
        )

    def needed(self, report: AnnualReport, address: str) -> Value | None:
        """What a cell would need for both sides to be equal; None where no count would do."""
        printed = report.cell(address).value
        if printed is None or self.missing:
            return None
        short = self.right_known - self.left_known
        value = printed + short if address in self.left else printed - short
        return value if value >= 0 else None


def balanced(report: AnnualReport, left: Sequence[str], right: Sequence[str]) -> Sum:
    """How the sum of the cells on the left stands to the sum of those on the right."""
    known: list[Value] = [0, 0]
    gaps: list[list[str]] = [[], []]
    for side, found in enumerate((left, right)):
        for address in found:
            value = report.cell(address).value
            if value is None:
                gaps[side].append(address)
            else:
                known[side] += value
    return Sum(
        tuple(left),
        tuple(right),
        known[0],
        known[1],
        (*gaps[0], *gaps[1]),
        bool(gaps[0]),
        bool(gaps[1]),
    )


def _balance_sum(report: AnnualReport, at: Layout, column: str) -> Sum:
    return balanced(
        report,
        (at.at["received", column], at.at["carried_in", column]),
        (at.at["concluded", column], at.at["carried_out", column]),
    )


def _concluded_sum(report: AnnualReport, at: Layout, column: str) -> Sum:
    return balanced(
        report, [at.at[part, column] for part in at.parts], (at.at["concluded", column],)
    )


def _row_sum(report: AnnualReport, at: Layout, row: str) -> Sum:
    return balanced(report, [at.at[row, kind] for kind in at.kinds], (at.at[row, _TOTAL],))


def balance(case: Case) -> Iterator[Finding]:
    """勾稽关系: printed in the corner of the table, for every column, the total column included."""
    report = case.report
    form = showing.form_of(report)
    at = layout(form.edition)
    untold: list[Sum] = []
    for column in at.columns:
        found = _balance_sum(report, at, column)
        if found.holds:
            yield BALANCE.holds(*found.left, *found.right)
        elif found.broken:
            yield _balance_broken(report, form, at, column, found)
        else:
            untold.append(found)
    yield from _untold(BALANCE, report, form, untold, by_column=True)


def _balance_broken(
    report: AnnualReport, form: forms.Form, at: Layout, column: str, found: Sum
) -> Finding:
    received, carried_in = (_shown(report, a) for a in found.left)
    concluded, carried_out = (_shown(report, a) for a in found.right)
    name = showing.column(form, found.left[0])
    left, right = found.left_known, found.right_known
    gap = _whatever(found)
    suspects = _suspects(report, at).in_column(column, "balance")
    first, clue = _clue(report, form, suspects)
    if not suspects and not found.missing and _rows_hold(report, at):
        clue = Text(
            "各行合计都平，可能是整笔申请漏计或重计，“总计”列会有同样的差数。",
            "All rows add up, so whole applications were probably left out or counted twice; the "
            "total column then differs by as much.",
        )
    cells = _unique((*first, *_likeliest(report, found), *found.right, *found.left))
    return BALANCE.broken(
        Text(
            f"“{name}”一列不平：新收 {received.zh} ＋ 上年结转 {carried_in.zh} ＝ {left}，"
            f"办理结果总计 {concluded.zh} ＋ 结转下年 {carried_out.zh} ＝ {right}，"
            f"相差 {showing.apart(left, right)}。{gap.zh}",
            f"Column “{name}” does not balance: received {received.en} + carried in "
            f"{carried_in.en} = {left}, concluded {concluded.en} + carried out {carried_out.en} "
            f"= {right}, a difference of {showing.apart(left, right)}. {gap.en}".rstrip(),
        ),
        Text(
            f"这是表内注明的勾稽关系，公开后一算便知。{clue.zh}请对照申请台账查清差的是哪一件，"
            "不要为凑平而改数。",
            "The form prints this identity in the table itself and any reader can verify it. "
            f"{clue.en}{' ' if clue.en else ''}Find the application that makes the difference in "
            "the register; do not adjust a figure to fit.",
        ),
        cells=cells,
        printed=report.cell(cells[0]).value,
        expected=found.needed(report, cells[0]),
        place=showing.place(report, cells[0]),
    )


def _likeliest(report: AnnualReport, found: Sum) -> tuple[str, ...]:
    """办理结果总计 where a count there would do, else the next cell that holds a number."""
    numbers = [a for a in (*found.right, *found.left) if report.cell(a).value is not None]
    fitting = [a for a in numbers if found.needed(report, a) is not None]
    return tuple((fitting or numbers)[:1])


def concluded(case: Case) -> Iterator[Finding]:
    """（七）总计 of every column: which rows it adds up is the edition's."""
    report = case.report
    form = showing.form_of(report)
    at = layout(form.edition)
    untold: list[Sum] = []
    for column in at.columns:
        found = _concluded_sum(report, at, column)
        if found.holds:
            yield CONCLUDED.holds(*found.right)
        elif found.broken:
            yield _concluded_broken(report, form, at, column, found)
        else:
            untold.append(found)
    yield from _untold(CONCLUDED, report, form, untold, by_column=True)


def _concluded_broken(
    report: AnnualReport, form: forms.Form, at: Layout, column: str, found: Sum
) -> Finding:
    name = showing.column(form, found.right[0])
    gap = _whatever(found)
    first, clue = _clue(report, form, _suspects(report, at).in_column(column, "concluded"))
    printed, total = _shown(report, found.right[0]), found.left_known
    cells = _unique((*first, *found.right, *found.left))
    return CONCLUDED.broken(
        Text(
            f"“{name}”一列：“（七）总计”写 {printed.zh}，（一）至（六）各行相加为 {total}，"
            f"相差 {showing.apart(found.right_known, total)}。{gap.zh}",
            f"Column “{name}”: “（七）总计” says {printed.en}, the rows （一） to （六） add up "
            f"to {total}, a difference of {showing.apart(found.right_known, total)}. "
            f"{gap.en}".rstrip(),
        ),
        Text(
            f"办理结果必须件件有去向。{clue.zh}请对照申请台账逐行核对这一列，"
            "查清是某一行有误还是总计有误。",
            f"Every application concluded has one result. {clue.en}{' ' if clue.en else ''}Go "
            "through the rows of this column with the register: either a row or the total is "
            "wrong.",
        ),
        cells=cells,
        printed=report.cell(cells[0]).value,
        expected=found.needed(report, cells[0]),
        place=showing.place(report, cells[0]),
    )


def row_total(case: Case) -> Iterator[Finding]:
    """总计 of every row."""
    report = case.report
    form = showing.form_of(report)
    at = layout(form.edition)
    untold: list[Sum] = []
    for row in at.rows:
        found = _row_sum(report, at, row)
        if found.holds:
            yield ROW_TOTAL.holds(*found.right)
        elif found.broken:
            yield _row_broken(report, form, at, row, found)
        else:
            untold.append(found)
    yield from _untold(ROW_TOTAL, report, form, untold, by_column=False)


def _row_broken(
    report: AnnualReport, form: forms.Form, at: Layout, row: str, found: Sum
) -> Finding:
    name = showing.row(form, found.right[0])
    gap = _whatever(found)
    first, clue = _clue(report, form, _suspects(report, at).in_row(row))
    printed, total = _shown(report, found.right[0]), found.left_known
    cells = _unique((*first, *found.right, *found.left))
    return ROW_TOTAL.broken(
        Text(
            f"“{name}”一行：总计写 {printed.zh}，各类申请人相加为 {total}，"
            f"相差 {showing.apart(found.right_known, total)}。{gap.zh}",
            f"Row “{name}”: the total says {printed.en}, the kinds of applicants add up to "
            f"{total}, a difference of {showing.apart(found.right_known, total)}. "
            f"{gap.en}".rstrip(),
        ),
        Text(
            f"每件申请只归一类申请人。{clue.zh}请对照申请台账核对这一行，"
            "查清是某一列有误还是总计有误。",
            f"An application belongs to one kind of applicant. {clue.en}{' ' if clue.en else ''}"
            "Go through this row with the register: either a column or the total is wrong.",
        ),
        cells=cells,
        printed=report.cell(cells[0]).value,
        expected=found.needed(report, cells[0]),
        place=showing.place(report, cells[0]),
    )


def _untold(
    rule: Rule, report: AnnualReport, form: forms.Form, found: list[Sum], *, by_column: bool
) -> Iterator[Finding]:
    """One finding for all columns (or rows) that cannot be verified, naming what is missing."""
    if not found:
        return
    missing = _unique([a for one in found for a in one.missing])
    derived = _unique([a for one in found for a in one.right])
    label = showing.column if by_column else showing.row
    count, where = len(found), Text("列", "column") if by_column else Text("行", "row")
    names = showing.listing([f"“{label(form, one.right[0])}”" for one in found], 3, where.zh)
    states = showing.states(report, missing)
    gaps = _gaps(form, missing, told=not by_column)
    known = _so_far(found[0]) if count == 1 else Text("", "")
    yield rule.cannot_tell(
        Text(
            f"{names.zh}{'' if count > 3 else f'{_FEW[count]}{where.zh}'}无法核对："
            f"{gaps.zh}{states.zh}。{known.zh}",
            f"The {where.en}{'s' if count > 1 else ''} {names.en} cannot be verified: "
            f"{gaps.en} {'is' if len(missing) == 1 else 'are'} {states.en}. "
            f"{known.en}".rstrip(),
        ),
        Text(
            "缺的不按 0 计。请先把这些单元格补上，再核对合计。",
            "What is missing is not taken as 0. Fill these cells in first, then verify the totals.",
        ),
        cells=_unique((*missing, *derived)),
        place=showing.place(report, missing[0]),
    )


_FEW = {1: "这一", 2: "这两", 3: "这三"}


def _gaps(form: forms.Form, missing: Sequence[str], *, told: bool) -> Text:
    """The cells without a number: one by one where few, by rows where many, unless told already."""
    if len(missing) <= 3:
        return showing.cells(form, missing)
    if told:
        return Text(f"其中 {len(missing)} 格", f"{len(missing)} cells")
    rows = _unique([f"“{showing.row(form, a)}”" for a in missing])
    listed = showing.listing(rows, 3, "行")
    return Text(f"{listed.zh}的 {len(missing)} 格", f"{len(missing)} cells of {listed.en}")


def _so_far(found: Sum) -> Text:
    """What the known figures come to, and what would make the identity hold."""
    left, right = found.left_known, found.right_known
    if found.left_open and found.right_open:
        return Text("", "")
    if left == right:
        return Text(
            f"已有的数两边都是 {left}，缺的若为 0 则相符。",
            f"The figures present add up to {left} on both sides; it holds if what is missing is "
            "0.",
        )
    return Text(
        f"已有的数相差 {showing.apart(left, right)}，缺的合计为此数则相符。",
        f"The figures present differ by {showing.apart(left, right)}; it holds if what is "
        "missing adds up to that.",
    )


def _whatever(found: Sum) -> Text:
    """Said where the identity fails although cells are missing."""
    if not found.missing:
        return Text("", "")
    return Text(
        "另有单元格不是数字，但无论填几都不会相符。",
        "Some cells hold no number, but no figure in them would make it hold.",
    )


def _shown(report: AnnualReport, address: str) -> Text:
    cell = report.cell(address)
    if cell.value is None:
        return Text(f"（{showing.STATES[cell.state].zh}）", f"({showing.STATES[cell.state].en})")
    return Text(showing.figure(cell.value), showing.figure(cell.value))


def _unique(found: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


# 疑点定位: a single cell whose change would mend both its row and its column.
@dataclass(frozen=True, slots=True)
class Suspect:
    """疑点: one cell, what it says, and the value with which its row and column would both hold."""

    row: str
    column: str
    address: str
    printed: Value
    fitting: Value
    mends: frozenset[str]


@dataclass(frozen=True, slots=True)
class Suspects:
    """疑点: every cell that alone would mend its row and its column."""

    found: tuple[Suspect, ...]

    def in_row(self, row: str) -> list[Suspect]:
        """Those that would mend this row."""
        return [s for s in self.found if s.row == row]

    def in_column(self, column: str, identity: str) -> list[Suspect]:
        """Those that would mend this identity of this column."""
        return [s for s in self.found if s.column == column and identity in s.mends]


def _suspects(report: AnnualReport, at: Layout) -> Suspects:
    columns = {
        column: {
            "balance": _difference(_balance_sum(report, at, column)),
            "concluded": _difference(_concluded_sum(report, at, column)),
        }
        for column in at.columns
    }
    found: list[Suspect] = []
    for row in at.rows:
        short = _difference(_row_sum(report, at, row))
        if not short:
            continue
        for column in at.columns:
            suspect = _suspect(report, at, row, column, short, columns[column])
            if suspect is not None:
                found.append(suspect)
    return Suspects(tuple(found))


def _difference(found: Sum) -> Value | None:
    """Left less right; None where a figure is missing."""
    return None if found.missing else found.left_known - found.right_known


def _suspect(
    report: AnnualReport,
    at: Layout,
    row: str,
    column: str,
    short: Value,
    differences: Mapping[str, Value | None],
) -> Suspect | None:
    """This cell, if the change its row needs (``short``: parts less total) mends its column too."""
    address = at.at[row, column]
    printed = report.cell(address).value
    if printed is None:
        return None
    change = short if column == _TOTAL else -short
    mends = []
    for identity, sign in _weights(row).items():
        difference = differences[identity]
        if difference is None:
            continue
        if difference + sign * change != 0:
            return None
        if difference:
            mends.append(identity)
    if not mends or printed + change < 0:
        return None
    return Suspect(row, column, address, printed, printed + change, frozenset(mends))


def _weights(row: str) -> dict[str, int]:
    """How a cell enters the identities of its column (left side less right side)."""
    if row in ("received", "carried_in"):
        return {"balance": 1}
    if row == "carried_out":
        return {"balance": -1}
    if row == "concluded":
        return {"balance": -1, "concluded": -1}
    return {"concluded": 1}


def _clue(
    report: AnnualReport, form: forms.Form, suspects: list[Suspect]
) -> tuple[tuple[str, ...], Text]:
    """The cell to look at first, where exactly one explains both its row and its column."""
    if len(suspects) != 1:
        return (), Text("", "")
    one = suspects[0]
    name = showing.cell(form, one.address)
    return (one.address,), Text(
        f"只改 {name} 一格（写 {one.printed}，若为 {one.fitting}）就能使所在行和列同时相符，"
        "请先核对它。",
        f"A single cell, {name} (it says {one.printed}; {one.fitting} would fit), would make both "
        "its row and its column hold: look there first.",
    )


def _rows_hold(report: AnnualReport, at: Layout) -> bool:
    return all(_row_sum(report, at, row).holds for row in at.rows)


def implied(report: AnnualReport, address: str) -> Text | None:
    """What the row and the column of a missing cell leave for it: a clue, never a value."""
    at = layout(showing.form_of(report).edition)
    _, row, column = address.split(".")
    by_row = _left_for(_row_sum(report, at, row), address)
    by_column = None
    for identity in _weights(row):
        found = _balance_sum if identity == "balance" else _concluded_sum
        by_column = _left_for(found(report, at, column), address)
        if by_column is not None:
            break
    told = [
        (zh, en, value)
        for zh, en, value in (("行", "row", by_row), ("列", "column", by_column))
        if value is not None and value >= 0
    ]
    if not told:
        return None
    if len(told) == 2 and by_row == by_column:
        return Text(
            f"按所在行和列推算都是 {by_row}，但格内没有写",
            f"should be {by_row} by its row and its column, but is not written",
        )
    return Text(
        "按所在" + "、".join(f"{zh}推算是 {value}" for zh, _, value in told) + "，但格内没有写",
        "should be "
        + " and ".join(f"{value} by its {en}" for _, en, value in told)
        + ", but is not written",
    )


def _left_for(found: Sum, address: str) -> Value | None:
    if found.missing != (address,):
        return None
    difference = found.right_known - found.left_known
    return difference if address in found.left else -difference


CHECKS: tuple[tuple[Rule, Check], ...] = (
    *cells.rules("t3", _TABLE, implied),
    (BALANCE, balance),
    (CONCLUDED, concluded),
    (ROW_TOTAL, row_total),
)
