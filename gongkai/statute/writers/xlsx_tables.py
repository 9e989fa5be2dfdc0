"""工作簿的三张表: each in the official layout, totals as formulas where they give what is printed.

A formula never invents and never overrules: it adds only where all its parts are numbers, and
where the report prints another total, that total stands as a value with a mark and a comment. A
number a spreadsheet cannot hold exactly (15 digits) stands as text, with a comment.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from gongkai.statute import forms
from gongkai.statute.report import AnnualReport, Cell, State, Value
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import paper
from gongkai.statute.writers.paper import Role, Square, Table
from gongkai.statute.writers.xlsx_formats import Formats, set_page
from gongkai.statute.writers.xlsx_names import CHECK_ROW, TABLES, UNITS

TOP = 2  # rows above a table: its title, its units

_SCALES = {"proactive": 21.0, "applications": 6.4, "remedies": 6.4}  # of widths, in characters
_EXACT = 15  # digits a spreadsheet holds exactly


@dataclass(frozen=True, slots=True)
class Sum:
    """合计: a cell that is the sum of a run of cells, with its formula."""

    address: str
    parts: tuple[str, ...]
    range: str

    @property
    def formula(self) -> str:
        """Adds only where every part is a number."""
        return f'=IF(COUNT({self.range})={len(self.parts)},SUM({self.range}),"")'


@dataclass(frozen=True, slots=True)
class Grid:
    """一张表的版式: what is the same in every workbook of an edition."""

    table: Table
    squares: Mapping[str, Square]  # by address
    sums: Mapping[str, Sum]
    heights: tuple[float, ...]
    inputs: tuple[tuple[str, str], ...] = field(default=())  # (type, ranges apart by spaces)

    def at(self, address: str) -> str:
        """Where an address stands in its sheet: D6."""
        square = self.squares[address]
        return reference(square.row + TOP, square.column)


def reference(row: int, column: int, *, fix_row: bool = False, fix_column: bool = False) -> str:
    """A cell's name from its position, from 0: (5, 3) is D6."""
    return f"{'$' * fix_column}{chr(65 + column)}{'$' * fix_row}{row + 1}"


@functools.cache
def grids(edition: str) -> tuple[Grid, ...]:
    """The three tables of an edition as they stand in a workbook."""
    return tuple(_grid(forms.form(edition), table) for table in paper.empty_tables(edition))


def _grid(form: forms.Form, table: Table) -> Grid:
    squares = {square.address: square for square in table.squares if square.address}
    sums = {one.address: one for one in _sums(form, squares)}
    return Grid(table, squares, sums, _heights(table), tuple(_inputs(form, table, sums)))


def _sums(form: forms.Form, squares: Mapping[str, Square]) -> Iterator[Sum]:
    """合计列, 总计行: by the column's role and the row's kind in the form."""
    for address in squares:
        spec = form.specs[address]
        if spec.column.is_total:
            others = [c.id for c in spec.block.columns if not c.is_total]
            parts = [f"{spec.table}.{spec.row.id}.{id}" for id in others]
        elif spec.row.kind == "derived" and spec.table == "applications":
            parts = [f"{spec.table}.{id}.{spec.column.id}" for id in form.concluded_parts]
        else:
            continue
        held = [squares[part] for part in parts]
        rows, columns = ({s.row for s in held}, {s.column for s in held})
        if (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) == len(parts):
            first = reference(min(rows) + TOP, min(columns))
            last = reference(max(rows) + TOP, max(columns))
            yield Sum(address, tuple(parts), f"{first}:{last}")


def _inputs(form: forms.Form, table: Table, sums: Mapping[str, Sum]) -> Iterator[tuple[str, str]]:
    """The cells that are filled in, by the type of their figures: runs down a column."""
    runs: dict[str, list[str]] = {}
    by_column: dict[tuple[int, str], list[Square]] = {}
    for square in table.squares:
        if square.address and square.address not in sums:
            kind: str = form.specs[square.address].column.type
            by_column.setdefault((square.column, kind), []).append(square)
    for (column, filled), squares in by_column.items():
        start = squares[0]
        for one, other in zip(squares, [*squares[1:], None], strict=True):
            if other is None or other.row != one.row + 1:
                first, last = (reference(s.row + TOP, column) for s in (start, one))
                runs.setdefault(filled, []).append(f"{first}:{last}")
                start = other or start
    return iter([(filled, " ".join(ranges)) for filled, ranges in runs.items()])


def _heights(table: Table) -> tuple[float, ...]:
    """Of each row: as many lines as its longest text takes in its width; merged cells, which a
    spreadsheet does not fit by itself, are why."""
    scale = _SCALES[table.id]
    heights = [21.0] * table.height
    for square in table.squares:
        if square.rows > 1 or square.role is Role.FIGURE:
            continue
        width = sum(table.widths[square.column : square.column + square.columns]) * scale
        lines = math.ceil(len(square.text) * 2.05 / max(width - 1, 1))
        heights[square.row] = max(heights[square.row], 14.0 * lines + 7)
    return tuple(heights)


# -- one sheet


class _Plain(Worksheet):  # type: ignore[misc]
    """A worksheet whose formulas are written as they are: searching each for the names of new
    functions takes a fifth of the time a workbook takes, and ours use none."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Sheet:
    """一张表的工作表 being written."""

    def __init__(
        self, book: Any, formats: Formats, grid: Grid, report: AnnualReport, lang: Lang
    ) -> None:
        self._sheet = book.add_worksheet(TABLES[grid.table.id], worksheet_class=_Plain)
        self._formats = formats
        self._grid = grid
        self._report = report
        self._lang: Lang = lang
        self._edition = report.edition or ""
        self._absent: list[str] = []

    def write(self) -> None:
        """All of it."""
        self._set_up()
        for square in self._grid.table.squares:
            if square.role is Role.FIGURE:
                self._figure(square)
            else:
                self._words(square)
        self._validate()
        self._conditions()
        if self._grid.table.id == "applications":
            self._cross_foot()

    def _set_up(self) -> None:
        table, sheet = self._grid.table, self._sheet
        width = len(table.widths)
        for column, share in enumerate(table.widths):
            sheet.set_column(column, column, share * _SCALES[table.id])
        passages = self._report.sections.get(
            str(forms.form(self._edition).tables[table.id].section)
        )
        title = paper.clean(passages[0].title) if passages else table.title
        sheet.merge_range(0, 0, 0, width - 1, "", self._formats("title"))
        sheet.write_string(0, 0, title or table.title, self._formats("title"))
        sheet.set_row(0, 30)
        sheet.merge_range(1, 0, 1, width - 1, UNITS[table.id], self._formats("hint"))
        for row, height in enumerate(self._grid.heights):
            sheet.set_row(row + TOP, height)
        last = TOP + table.height - 1
        repeat = (TOP, TOP + table.header_rows - 1) if table.header_rows else None
        set_page(sheet, repeat=repeat)
        sheet.print_area(0, 0, last, width - 1)
        labels = paper.LABEL_COLUMNS if table.id == "applications" else 0
        sheet.freeze_panes(TOP + table.header_rows, labels)

    def _words(self, square: Square) -> None:
        name = "header" if square.role is Role.HEADER else "label"
        if square.role is Role.HEADER and square.rows > 2:
            name = "corner"
        elif name == "label" and square.column and square.rows == 1:
            name = "leaf"
        self._put(square, self._formats(name), square.text)

    def _put(self, square: Square, format: Any, text: str = "") -> tuple[int, int]:
        """A square's box, merged where it is, with its text; gives its position."""
        row, column = square.row + TOP, square.column
        if square.rows > 1 or square.columns > 1:
            last_row, last = row + square.rows - 1, column + square.columns - 1
            self._sheet.merge_range(row, column, last_row, last, "", format)
        if text:
            self._sheet.write_string(row, column, text, format)
        elif square.rows == square.columns == 1:
            self._sheet.write_blank(row, column, None, format)
        return row, column

    # 数据格
    def _figure(self, square: Square) -> None:
        assert square.address is not None
        cell = self._report.cell(square.address)
        total = self._grid.sums.get(square.address)
        if cell.state is State.ABSENT:
            self._absent.append(self._grid.at(square.address))
        name = _look(cell, total)
        said = list(_said_of(cell))
        if total is None:
            row, column = self._value(square, cell, name)
        else:
            gives = self._sum_of(total)
            if _agrees(cell, gives):
                row, column = self._put(square, self._formats(name))
                shown = _NOTHING if gives is None else gives
                self._sheet.write_formula(row, column, total.formula, self._formats(name), shown)
            else:
                row, column = self._value(square, cell, name)
                said.append(_TOTAL_DIFFERS.within(sum=gives) if gives is not None else _NO_TOTAL)
        if said:
            text = "\n".join(one.say(self._lang) for one in said)
            self._sheet.write_comment(row, column, text, _COMMENT)

    def _value(self, square: Square, cell: Cell, name: str) -> tuple[int, int]:
        """A figure as it is: a number where a spreadsheet holds it exactly, else its text."""
        decimals = _decimals(cell.value)
        format = self._formats(name, decimals)
        number = exact(cell.value)
        if number is None:
            return self._put(square, format, paper.printed(cell))
        row, column = self._put(square, format)
        self._sheet.write_number(row, column, number, format)
        return row, column

    def _sum_of(self, total: Sum) -> int | None:
        """What the formula gives: None where a part is no number in the sheet."""
        parts = [self._report.cell(part).value for part in total.parts]
        if any(exact(part) is None for part in parts):
            return None
        sum_ = sum(int(part) for part in parts if part is not None)
        return sum_ if exact(sum_) is not None else None

    # 校验与标记
    def _validate(self) -> None:
        for kind, ranges in self._grid.inputs:
            rule = {**_RULES[self._lang][kind], "multi_range": ranges}
            self._sheet.data_validation(ranges.split()[0], rule)

    def _conditions(self) -> None:
        """Marks that go away by themselves: absent until filled, a total until it fits."""
        if self._absent:
            first = self._absent[0]
            blank = {"type": "blanks", "format": self._formats("if_absent")}
            many = {"multi_range": " ".join(self._absent)} if len(self._absent) > 1 else {}
            self._sheet.conditional_format(first, {**blank, **many})
        for first, last, criteria in _total_rules(self._grid):
            rule = {"type": "formula", "criteria": criteria, "format": self._formats("if_total")}
            self._sheet.conditional_format(f"{first}:{last}", rule)

    def _cross_foot(self) -> None:
        """勾稽关系, below the table and outside the printed area: of each column, does it hold."""
        grid, sheet = self._grid, self._sheet
        row = TOP + grid.table.height + 1
        sheet.merge_range(row, 0, row, paper.LABEL_COLUMNS - 1, "", self._formats("check_label"))
        sheet.write_string(row, 0, f"{CHECK_ROW}：{_IDENTITY}", self._formats("check_label"))
        sheet.set_row(row, 40)
        columns = [c.id for c in forms.form(self._edition).tables["applications"].blocks[0].columns]
        for column in columns:
            at = [f"applications.{id}.{column}" for id in _BALANCE]
            sheet.write_formula(
                row,
                grid.squares[at[0]].column,
                _balance_formula([grid.at(address) for address in at]),
                self._formats("check"),
                self._balance([self._report.cell(address).value for address in at]),
            )
        rows = [grid.squares[f"applications.{id}.{columns[0]}"].row + TOP for id in _BALANCE]
        first, last = (grid.squares[f"applications.received.{columns[k]}"].column for k in (0, -1))
        where = [f"{reference(at, first)}:{reference(at, last)}" for at in rows]
        rule = {
            "type": "formula",
            "criteria": _unbalanced([reference(at, first, fix_row=True) for at in rows]),
            "format": self._formats("if_total"),
            "multi_range": " ".join(where),
        }
        sheet.conditional_format(where[0], rule)

    def _balance(self, values: Sequence[Value | None]) -> str:
        numbers = [int(v) for v in values if v is not None and exact(v) is not None]
        if len(numbers) < len(values):
            return _UNKNOWN
        difference = numbers[0] + numbers[1] - numbers[2] - numbers[3]
        return f"差 {difference:+}" if difference else _HOLDS


_BALANCE = ("received", "carried_in", "concluded", "carried_out")
_IDENTITY = "第一项加第二项之和，等于第三项加第四项之和"
_HOLDS, _UNKNOWN = "相符", "无法判断"


def _balance_formula(names: Sequence[str]) -> str:
    a, b, c, d = names
    return (
        f'=IF(COUNT({a},{b},{c},{d})<4,"{_UNKNOWN}",IF({a}+{b}={c}+{d},"{_HOLDS}",'
        f'"差 "&TEXT({a}+{b}-{c}-{d},"+0;-0")))'
    )


def _unbalanced(names: Sequence[str]) -> str:
    a, b, c, d = names
    return f"=AND(COUNT({a},{b},{c},{d})=4,{a}+{b}<>{c}+{d})"


def _total_rules(grid: Grid) -> Iterator[tuple[str, str, str]]:
    """(first cell, last cell, condition) for runs of totals: marked where all parts are numbers
    and the total is not their sum."""
    runs: dict[tuple[str, int], list[Sum]] = {}
    for one in grid.sums.values():
        square = grid.squares[one.address]
        across = all(grid.squares[p].row == square.row for p in one.parts)
        key = ("column", square.column) if across else ("row", square.row)
        runs.setdefault(key, []).append(one)
    for (kind, _), sums in runs.items():
        held = [grid.squares[one.address] for one in sums]
        parts = [grid.squares[part] for part in sums[0].parts]
        fix_row, fix_column = kind == "row", kind == "column"
        first, last = (
            reference(
                at(s.row for s in parts) + TOP,
                at(s.column for s in parts),
                fix_row=fix_row,
                fix_column=fix_column,
            )
            for at in (min, max)
        )
        own = reference(held[0].row + TOP, held[0].column)
        yield (
            own,
            reference(held[-1].row + TOP, held[-1].column),
            f"=AND(COUNT({first}:{last})={len(parts)},"
            f"OR(NOT(ISNUMBER({own})),{own}<>SUM({first}:{last})))",
        )


def _look(cell: Cell, total: Sum | None) -> str:
    if cell.state is State.UNREADABLE:
        return "unreadable"
    if cell.doubt is not None:
        return "doubt"
    return "figure" if total is None else "total"


def _agrees(cell: Cell, gives: int | None) -> bool:
    """Whether the formula shows what the report has: its sum, or nothing for nothing."""
    if gives is None:
        return cell.state in (State.BLANK, State.ABSENT)
    return cell.value == gives


def exact(value: Value | None) -> int | float | None:
    """The value as a spreadsheet holds it; None where it would not be exact, or is no value."""
    if value is None:
        return None
    if isinstance(value, int):
        return value if len(str(abs(value))) <= _EXACT else None
    number = float(value)
    return number if Decimal(f"{number:.15g}") == value else None


def _decimals(value: Value | None) -> int | None:
    if value is None:
        return None
    if isinstance(value, int):
        return 0
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


# -- what is said of a cell

_NOTHING = "\xa0"
"""The stored result of a formula that shows nothing: a no-break space. Of an empty text XlsxWriter
stores no result at all, and of a plain space LibreOffice makes none."""

_COMMENT = {"x_scale": 1.6, "y_scale": 1.1, "font_size": 9}

_TOTAL_DIFFERS = Text(
    "报告印的合计与分项之和不同：各分项相加是 {sum}。这里保留报告印的，请核对后更正。",
    "The report prints another total than its parts give: they add up to {sum}. What is printed "
    "stands here; check it and correct what is wrong.",
)
_NO_TOTAL = Text(
    "分项不全是数字，公式不能计算；这里是报告印的合计。",
    "Not all parts are numbers, so no formula can add them; this is the total the report prints.",
)
_TOO_LONG = Text(
    "超过 15 位，电子表格存不准，按文字保存，不参加公式计算。",
    "More than 15 digits, which a spreadsheet does not hold exactly: kept as text, not computed.",
)


def _said_of(cell: Cell) -> Iterator[Text]:
    if cell.doubt is not None:
        yield Text("存疑：", "In doubt: ")
        yield cell.doubt.text
    if cell.value is not None and exact(cell.value) is None:
        yield _TOO_LONG


def _rules(lang: Lang) -> dict[str, dict[str, Any]]:
    count = Text(
        "填非负整数；没有发生填 0，不掌握就留空。",
        "A whole number, 0 or more. 0 where there was none, empty where it is not known.",
    )
    change = Text("填整数，减少填负数。", "A whole number, negative for a decrease.")
    money = Text("填金额，以万元计，可有小数。", "An amount in 万元; decimals are allowed.")
    title = Text("请核对", "Please check")
    found: dict[str, dict[str, Any]] = {}
    for kind, type, least, text in (
        ("integer", "integer", 0, count),
        ("signed_integer", "integer", -999_999_999, change),
        ("decimal", "decimal", 0, money),
    ):
        found[kind] = {
            "validate": type,
            "criteria": ">=",
            "value": least,
            "input_message": text.say(lang),
            "error_title": title.say(lang),
            "error_message": text.say(lang),
            "error_type": "warning",
        }
    return found


_RULES: dict[Lang, dict[str, dict[str, Any]]] = {"zh": _rules("zh"), "en": _rules("en")}
