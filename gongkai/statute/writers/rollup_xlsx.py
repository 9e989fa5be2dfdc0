"""汇总工作簿 (.xlsx): the totals, every unit's figures with formulas over them, and who lacks what.

The sheet 各单位 holds a row for every cell of the form and a column for every unit; its total is a
formula that stays empty unless all units gave a number. The totals of the first sheet point there,
so that a figure a unit hands in later is typed in once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from gongkai.statute import forms, notes, rollup_choice
from gongkai.statute.rollups import Lack, RollUp, Sum, Unit
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import base_names, rollup_html
from gongkai.statute.writers.form_words import (
    KINDS,
    LACKS,
    TABLES,
    block_name,
    column_name,
    figure,
    head_name,
    path_name,
    row_name,
)
from gongkai.statute.writers.sums_xlsx import Book, Sheet, lines
from gongkai.statute.writers.xlsx_tables import exact

_TOTAL, _COUNT, _FIRST = 3, 4, 5  # columns of 各单位: the total, how many gave a number, unit 1
_HEAD = 1  # rows above its first cell
_SHEETS = {
    "totals": Text("汇总", "Totals"),
    "figures": Text("各单位", "Figures of units"),
    "units": Text("报送情况", "Units"),
    "about": Text("说明", "About"),
}


def workbook(rolled: RollUp, lang: Lang) -> bytes:
    """The whole file."""
    rolled = base_names.rolled(rolled)
    book = Book(rollup_html.title(rolled).say(lang), "gongkai.rollup/1")
    _Totals(rolled, lang).write(book)
    _figures(book, rolled, lang)
    _units(book, rolled, lang)
    _about(book, rolled, lang)
    return book.content()


class _Totals:
    """汇总: the three tables as the form has them, each figure a formula to its row in 各单位."""

    def __init__(self, rolled: RollUp, lang: Lang) -> None:
        self.rolled = rolled
        self.lang = lang
        self.row_of = {address: at + _HEAD for at, address in enumerate(rolled.sums)}

    def write(self, book: Book) -> None:
        sheet = book.sheet(_SHEETS["totals"].say(self.lang), (50, *[18] * 7, 11))
        rolled, lang = self.rolled, self.lang
        sheet.put([(rollup_html.title(rolled).say(lang), "title")], 26)
        word = (
            Text("齐全：", "Complete: ") if rolled.is_complete else Text("不齐全：", "Incomplete: ")
        )
        said = word.say(lang) + rollup_html.state(rolled).say(lang)
        sheet.raw.merge_range(1, 0, 1, _LAST, said, sheet.style("note"))
        sheet.raw.set_row(1, 17 * lines(said, 165))
        sheet.row = 2
        for table in forms.form(rolled.edition).tables.values():
            sheet.skip()
            sheet.put([(TABLES[table.id].say(lang), "term")], 20)
            for block in table.blocks if table.id == "proactive" else table.blocks[:1]:
                head = block_name(block, lang) if table.id == "proactive" else ""
                names = [head_name(c, lang) for c in block.columns]
                given = (_GIVEN.say(lang), "head_figure")
                heads = [(head, "head"), *((name, "head_figure") for name in names), given]
                sheet.put(heads, 34)
                self._rows(sheet, table, block)
            for block in table.blocks[1:] if table.id == "remedies" else ():
                self._rows(sheet, table, block)
        sheet.raw.freeze_panes(1, 1)

    def _rows(self, sheet: Sheet, table: forms.Table, block: forms.Block) -> None:
        for row in block.rows:
            name = row_name(row, self.lang)
            height = 17.0 * lines(name, 48)
            if row.kind == "heading":
                look = ("head", "head1", "head2")[len(block.above(row))]
                sheet.put([(name, look), *[("", "head")] * len(block.columns)], height)
                continue
            at = sheet.put([(name, ("words", "sub", "sub2")[len(block.above(row))])], height)
            for column, spec in enumerate(block.columns, 1):
                address = f"{table.id}.{row.id}.{spec.id}"
                self._total(sheet, at, column, address, spec.type == "decimal")
            self._share(sheet, at, [f"{table.id}.{row.id}.{c.id}" for c in block.columns])

    def _total(self, sheet: Sheet, row: int, column: int, address: str, money: bool) -> None:
        one, of = self.rolled.sums[address], self.rolled.sums[address].of
        source = f"'{_SHEETS['figures'].say(self.lang)}'!"
        total = source + xl_rowcol_to_cell(self.row_of[address], _TOTAL)
        count = source + xl_rowcol_to_cell(self.row_of[address], _COUNT)
        formula = f'=IF({total}="","{_EMPTY.say(self.lang)}"&{count}&"/{of}",{total})'
        style = "money" if money else "figure"
        if not one.is_complete:
            style = "open_money" if money and one.is_part else "open"
        said: list[str] = []
        if one.is_part:
            given = len(one.given)
            said.append(notes.doubt("doubt.part_sum", given=given, of=of).text.say(self.lang))
        if one.doubtful:
            style = "doubt"
            said.append(_doubtful(one.doubtful, self.lang))
        if said:
            sheet.raw.write_comment(row, column, "\n".join(said), _COMMENT)
        sheet.raw.write_formula(row, column, formula, sheet.style(style), self._now(one))

    def _now(self, one: Sum) -> object:
        """What the formula shows with the figures there are."""
        if one.value is None:
            return f"{_EMPTY.say(self.lang)}{len(one.given)}/{one.of}"
        return one.value if _computes(one) else figure(one.value)

    def _share(self, sheet: Sheet, row: int, addresses: Sequence[str]) -> None:
        """有数: behind a row, how many of the units gave a number: 4/5, 3–4/5 where its cells
        differ; nothing where all did."""
        source = f"'{_SHEETS['figures'].say(self.lang)}'!"
        of = self.rolled.sums[addresses[0]].of
        counts = ",".join(source + xl_rowcol_to_cell(self.row_of[a], _COUNT) for a in addresses)
        low, high = f"MIN({counts})", f"MAX({counts})"
        formula = f'=IF({low}={of},"",IF({low}={high},"",{low}&"–")&{high}&"/{of}")'
        given = [len(self.rolled.sums[a].given) for a in addresses]
        few, many = min(given), max(given)
        now = "" if few == of else f"{few}/{of}" if few == many else f"{few}–{many}/{of}"
        # Of an empty text XlsxWriter stores no result at all; a no-break space shows nothing too.
        column = 1 + len(addresses)
        sheet.raw.write_formula(row, column, formula, sheet.style("share"), now or "\xa0")


_LAST = 8  # column of 汇总 behind the widest table
_GIVEN = Text("有数", "Given")
_EMPTY = Text("留空 ", "empty ")
_COMMENT = {"x_scale": 1.6, "y_scale": 0.8, "font_size": 9}


def _doubtful(units: Sequence[str], lang: Lang) -> str:
    """What is said at a figure that was added although its reader doubts it."""
    return notes.doubt("doubt.units", units=rollup_choice.listed(units)).text.say(lang)


def _computes(one: Sum) -> bool:
    """Whether a spreadsheet adds it up without losing a digit."""
    figures = [value for _, value in one.given] + ([] if one.value is None else [one.value])
    return all(exact(value) is not None for value in figures)


def _figures(book: Book, rolled: RollUp, lang: Lang) -> None:
    """各单位: every cell of the form against every unit."""
    names = [unit.name for unit in rolled.units]
    widths = (8, 46, 22, 12, 8, *[13] * len(names), 12)
    sheet = book.sheet(_SHEETS["figures"].say(lang), widths)
    head = {
        "zh": ("表", "行", "列", "合计", "有数"),
        "en": ("Table", "Row", "Column", "Total", "Given"),
    }[lang]
    tallest = max((lines(name, 11) for name in names), default=1)
    last_column = _FIRST + len(names)
    sheet.put([(name, "head") for name in (*head, *names)], max(34, 15 * tallest + 4))
    sheet.cell(0, last_column, Text("地址", "Address").say(lang), "address")
    specs = forms.form(rolled.edition).specs
    last = xl_col_to_name(_FIRST + max(0, len(names) - 1))
    first = xl_col_to_name(_FIRST)
    for address, one in rolled.sums.items():
        spec = specs[address]
        money = spec.column.type == "decimal"
        row = sheet.put(
            [
                (TABLES[spec.table].say(lang).split("  ")[0], "line"),
                (name := path_name(spec.row, spec.block, lang), "words"),
                (column_name(spec.column, lang), "line"),
            ],
            17.0 * lines(name, 44),
        )
        sheet.cell(row, last_column, address, "address")
        cells = f"{first}{row + 1}:{last}{row + 1}"
        count = xl_rowcol_to_cell(row, _COUNT)
        needed = f"{count}>0" if rolled.partial else f"{count}={one.of}"
        style = "money" if money else "figure"
        total = style if one.is_complete else {"figure": "open", "money": "open_money"}[style]
        if _computes(one):
            sheet.formula(row, _TOTAL, f'=IF({needed},SUM({cells}),"")', one.value, total)
            sheet.formula(row, _COUNT, f"=COUNT({cells})", len(one.given), "figure")
        else:  # its long figures stand as text, which no formula adds or counts
            sheet.cell(row, _TOTAL, one.value, total)
            sheet.cell(row, _COUNT, len(one.given), "figure")
        _values(sheet, row, names, one, style, lang)
    sheet.raw.freeze_panes(1, _FIRST)
    sheet.raw.repeat_rows(0)
    sheet.raw.repeat_columns(0, 2)
    sheet.raw.autofilter(0, 0, len(rolled.sums), _COUNT)


def _values(sheet: Sheet, row: int, names: list[str], one: Sum, style: str, lang: Lang) -> None:
    given, without = dict(one.given), dict(one.without)
    for at, name in enumerate(names, _FIRST):
        if name in one.doubtful:
            sheet.cell(row, at, given[name], "doubt")
            sheet.raw.write_comment(row, at, _doubtful([name], lang), _COMMENT)
        elif name in given:
            sheet.cell(row, at, given[name], style)
        else:
            sheet.cell(row, at, LACKS[without[name]].say(lang), "open")


def _units(book: Book, rolled: RollUp, lang: Lang) -> None:
    """报送情况: who reported, what each lacks; then what was not added."""
    widths = (34, 34, 8, 8, 12, 9, 9, *[11] * len(LACKS))
    sheet = book.sheet(_SHEETS["units"].say(lang), widths)
    head = {
        "zh": ("单位", "报告文件", "年度", "格式", "口径", "有数", "应有"),
        "en": ("Unit", "File", "Year", "Form", "Scope", "Given", "Cells"),
    }[lang]
    lacks = [text.say(lang) for text in LACKS.values()]
    sheet.put([(name, "head") for name in (*head, *lacks)], 34)
    for unit in rolled.units:
        _unit(sheet, unit, lang)
    sheet.raw.freeze_panes(1, 1)
    sheet.raw.autofilter(0, 0, max(1, len(rolled.units)), len(head) + len(lacks) - 1)
    if not rolled.aside and not rolled.unread:
        return
    sheet.skip()
    sheet.put([(Text("没有计入", "Not added").say(lang), "term")])
    for one in rolled.aside:
        said = one.why.text.say(lang)
        sheet.put([(one.organ or "?", "words"), (one.file, "words"), (said, "plain")])
    unread = Text("文件未能读取", "the file could not be read").say(lang)
    for name in rolled.unread:
        sheet.put([("", "words"), (name, "words"), (unread, "plain")])


def _unit(sheet: Sheet, unit: Unit, lang: Lang) -> None:
    report = unit.report
    lacks: Mapping[Lack, int] = unit.lacks
    about = (
        [("", "open"), ("", "open"), ("", "open"), ("", "open")]
        if report is None
        else [
            (report.file, "words"),
            (report.year, "figure"),
            (report.edition, "words"),
            (KINDS[report.kind].say(lang), "words"),
        ]
    )
    counts = [(lacks.get(lack), "open" if lacks.get(lack) else "figure") for lack in LACKS]
    sheet.put(
        [(unit.name, "words"), *about, (unit.given, "figure"), (unit.cells, "figure"), *counts]
    )


_ABOUT = (
    Text(
        "“汇总”是三张表的合计，数由公式取自“各单位”。",
        "“Totals” holds the three tables; its figures are formulas over “Figures of units”.",
    ),
    Text(
        "“各单位”每行一格、每列一个单位。没有数的写明原因（空白、短横、没有报告等），不按 0 计；"
        "补上数字后合计自动更新。",
        "“Figures of units” has a row for every cell and a column for every unit. Where there is "
        "no number, the reason stands instead; it is not taken as 0. Type a figure in and the "
        "totals follow.",
    ),
    Text(
        "“留空 n/m”表示 m 个单位中只有 n 个有数，没有合计。黄色格里的数是部分合计，只加了有数的"
        "单位，不是全部单位的数，批注写明几个中的几个；行末“有数”一栏是全行的 n/m。",
        "“empty n/m”: only n of m units gave a number and there is no total. A figure in a yellow "
        "cell is a part sum of the units that gave one, not of all; its comment says how many, "
        "and the last column has n/m of its row.",
    ),
    Text(
        "带批注的黄色格是读取时存疑的数或含有这种数的合计，请对照原件。"
        "超过 15 位的数电子表格存不准，按文字保存，不参加公式计算。",
        "A yellow cell with a comment is a figure that was doubtful when read, or a total that "
        "holds one: see the original. A figure of more than 15 digits, which a spreadsheet does "
        "not hold exactly, is kept as text and not computed.",
    ),
)


def _about(book: Book, rolled: RollUp, lang: Lang) -> None:
    sheet = book.sheet(_SHEETS["about"].say(lang), (100,), landscape=False)
    for text in (*_ABOUT, *(note.text for note in rolled.notes)):
        said = text.say(lang)
        sheet.put([(said, "note")], 17 * lines(said, 96))
