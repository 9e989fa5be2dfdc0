"""版面: a report laid out as it is printed: title, headings, paragraphs, tables of squares.

What every carrier has in common; a carrier's own module only draws it. The tables are laid out as
in the official form (国办公开办函〔2019〕60号, 国办公开办函〔2021〕30号): table 2 in stacked blocks
of four columns, table 3 with three label columns, table 4 in one row under three header rows.
Nothing is invented: a section the report does not have is not laid out.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from gongkai.statute import forms
from gongkai.statute.report import AnnualReport, Cell, Passage, State


class Style(StrEnum):
    """段落样式: how a line of prose is set, after GB/T 9704."""

    BODY = "body"  # 正文
    SUBHEADING = "subheading"  # 二级标题（一）
    SIGNATURE = "signature"  # 发文机关署名
    SIGNED_ON = "signed_on"  # 成文日期


@dataclass(frozen=True, slots=True)
class Title:
    """标题: the report's own title, verbatim."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """一级标题: the heading of a section, verbatim; ``no`` is the section's number, 1 to 6."""

    text: str
    no: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """段落: one line of prose. The first ``lead`` characters are a run-in subheading."""

    text: str
    style: Style = Style.BODY
    lead: int = 0


class Role(StrEnum):
    """格的作用: what a square of a table is there for."""

    HEADER = "header"  # 列标题、表头
    LABEL = "label"  # 行标题
    FIGURE = "figure"  # 数据格


@dataclass(frozen=True, slots=True)
class Square:
    """格: one drawn cell of a table, merged ones once.

    ``row`` and ``column`` count from 0; it covers ``rows`` by ``columns`` positions. A figure has
    its ``address`` and the ``cell`` of the report; ``text`` is what is printed.
    """

    row: int
    column: int
    text: str
    role: Role
    rows: int = 1
    columns: int = 1
    address: str | None = None
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """表: the squares of one official table in reading order, without gaps or overlaps.

    ``widths`` are relative column widths; the first ``header_rows`` rows repeat on every page.
    """

    id: str
    title: str
    widths: tuple[float, ...]
    height: int
    header_rows: int
    squares: tuple[Square, ...]

    def by_row(self) -> list[list[Square]]:
        """The squares row by row: the list of a row has those that begin in it."""
        rows: list[list[Square]] = [[] for _ in range(self.height)]
        for square in self.squares:
            rows[square.row].append(square)
        return rows


Piece = Title | Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """版面: the pieces of a report in the order they are printed, and its title for the file."""

    name: str
    pieces: tuple[Piece, ...]


def lay_out(report: AnnualReport) -> Paper:
    """The report as it is printed. Absent cells and blank ones both print nothing."""
    pieces: list[Piece] = [Title(clean(report.title))] if report.title else []
    pieces += [Paragraph(line) for line in _lines(report.preamble)]
    signed_for = {clean(name) for name in (report.organ, *report.organ_names) if name}
    last = max(report.sections, key=int, default=None)
    drawn = tables(report)
    for no, passage, first in _in_order(report):
        if passage is not None:
            pieces.append(Heading(clean(passage.title), int(no)))
            prose = _prose(passage.text)
            pieces += _signed(prose, signed_for) if no == last else prose
        if first:
            pieces += [table for table in drawn if _section(report, table.id) == int(no)]
    pieces += _missing_signature(report, pieces)
    return Paper(file_title(report), tuple(pieces))


def file_title(report: AnnualReport) -> str:
    """The title for a file's properties: the printed one, else organ and year."""
    year = f"{report.year}年" if report.year else ""
    return clean(report.title or f"{report.organ or ''}{year}政府信息公开工作年度报告")


_TITLE_BREAKS = re.compile(
    r"(?=\d{4}\s?年)|(?<=\d{4}年)(?!度)|(?<=\d{4}年度)|(?<=\d{4}\s年度)|(?=政府信息公开)|(?=关于)"
)


def title_words(title: str) -> tuple[str, ...]:
    """标题的词: a title in pieces between which a line may end, so that no word is broken."""
    return tuple(part for part in _TITLE_BREAKS.split(title) if part)


def tables(report: AnnualReport) -> tuple[Table, ...]:
    """The three tables of the report's edition, filled; none where its edition is not known."""
    if report.edition is None:
        return ()
    return tuple(
        replace(
            empty,
            squares=tuple(
                square
                if square.address is None
                else _filled(square, square.address, report.cell(square.address))
                for square in empty.squares
            ),
        )
        for empty in empty_tables(report.edition)
    )


def _filled(s: Square, address: str, cell: Cell) -> Square:
    return Square(s.row, s.column, printed(cell), s.role, s.rows, s.columns, address, cell)


def printed(cell: Cell) -> str:
    """What is printed for a cell: the number, nothing for blank and absent, else as it stood.

    Of a text that was no sure figure when read (a faint 12 in a picture) but would pass for one
    when printed, a question mark tells: 12？.
    """
    if cell.state is State.NUMBER:
        return format(cell.value, "f") if not isinstance(cell.value, int) else str(cell.value)
    if cell.state in (State.BLANK, State.ABSENT):
        return ""
    text = clean(cell.raw).strip() or _STANDS_FOR[cell.state]
    unsure = cell.state is State.UNREADABLE and _PASSES.fullmatch(
        re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    )
    return f"{text}？" if unsure else text


_STANDS_FOR = {State.DASH: "—", State.NOT_APPLICABLE: "无", State.UNREADABLE: "（无法识读）"}

COUNTED = (
    r"(?:增加?|减少?|增长|下降|新增|净增|净减|[+\-−])?[\d,.]*\d"
    r"(?:件|条|个|项|份|宗|起|次|部|类|[百千万亿]?元)?"
)
SPELLED = r"[零〇一二两三四五六七八九十百千万]+(?:件|条|个|项|份|宗|起|次|部|类)?"
"""数字的写法: figures as patterns, for texts without white space and in half width."""

_PASSES = re.compile(
    rf"{COUNTED}(?:[,、]?\(.*\))?|{SPELLED}|[-‐‑‒–—―－─━/\\∕﹣]+|(?i:n/?a)"
    r"|无|不适用|不涉及|未涉及|无此项|无相关业务|暂无|没有"
)
"""What a reader takes for a figure, a dash or 不适用."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Text without the characters no carrier can hold (control characters, half surrogates)."""
    return _UNPRINTABLE.sub("", text)


# -- prose


def _in_order(report: AnnualReport) -> Iterator[tuple[str, Passage | None, bool]]:
    """(number, passage, whether its table follows): the first printing whole, then the second.

    The section of a table with something in it is there even where its heading is missing."""
    held = {a.split(".", 1)[0] for a, c in report.cells.items() if c.state is not State.ABSENT}
    needed = {str(_section(report, name)) for name in held}
    for no in sorted({*report.sections, *needed}, key=int):
        passages = report.sections.get(no, ())
        yield no, passages[0] if passages else None, True
    for printing in range(1, max((len(p) for p in report.sections.values()), default=0)):
        for no, passages in sorted(report.sections.items(), key=lambda item: int(item[0])):
            if len(passages) > printing:
                yield no, passages[printing], False


def _section(report: AnnualReport, table: str) -> int:
    assert report.edition is not None
    return forms.form(report.edition).tables[table].section


def _lines(text: str) -> list[str]:
    return [line for line in (clean(part).strip() for part in text.split("\n")) if line]


_NUMBERED = re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]")
_LEAD_END = re.compile(r"[。．：:]")
LONGEST_SUBHEADING = 30  # characters; a longer line that begins with （一） is prose


def _prose(text: str) -> list[Paragraph]:
    return [_paragraph(line) for line in _lines(text)]


def _paragraph(line: str) -> Paragraph:
    if not _NUMBERED.match(line):
        return Paragraph(line)
    end = _LEAD_END.search(line)
    if end is None or end.end() == len(line):
        short = len(line) <= LONGEST_SUBHEADING
        return Paragraph(line, Style.SUBHEADING if short else Style.BODY)
    return Paragraph(line, lead=end.end() if end.end() <= LONGEST_SUBHEADING else 0)


_DAY = re.compile(r"^[0-9〇○零一二三四五六七八九十]{4}年[\d一二三四五六七八九十]{1,3}月.{1,4}日$")


def _signed(prose: Sequence[Paragraph], signed_for: set[str]) -> list[Paragraph]:
    """The last lines of the report set as signature and date where they are that."""
    found = list(prose)
    at = len(found) - 1
    if at >= 0 and _DAY.match(re.sub(r"\s", "", found[at].text)):
        found[at] = Paragraph(found[at].text, Style.SIGNED_ON)
        at -= 1
    if at >= 0 and re.sub(r"\s", "", found[at].text) in signed_for:
        found[at] = Paragraph(found[at].text, Style.SIGNATURE)
    return found


def _missing_signature(report: AnnualReport, pieces: Sequence[Piece]) -> list[Paragraph]:
    """署名和成文日期, where the report has a date of signature that its prose does not print."""
    signed = any(isinstance(p, Paragraph) and p.style is Style.SIGNED_ON for p in pieces)
    if report.signed_on is None or signed:
        return []
    day = report.signed_on
    found = [Paragraph(clean(report.organ), Style.SIGNATURE)] if report.organ else []
    named = any(isinstance(p, Paragraph) and p.style is Style.SIGNATURE for p in pieces)
    dated = Paragraph(f"{day.year}年{day.month}月{day.day}日", Style.SIGNED_ON)
    return [*([] if named else found), dated]


# -- tables


@functools.cache
def empty_tables(edition: str) -> tuple[Table, ...]:
    """The three tables of an edition as printed, every figure still empty."""
    form = forms.form(edition)
    return (
        _proactive(form.tables["proactive"]),
        _applications(form.tables["applications"]),
        _remedies(form.tables["remedies"]),
    )


def _proactive(table: forms.Table) -> Table:
    """表二: blocks one under the other; the last column of a short block fills the width."""
    width = 1 + max(len(block.columns) for block in table.blocks)
    squares: list[Square] = []
    row = 0
    for block in table.blocks:
        squares.append(Square(row, 0, block.heading or "", Role.HEADER, 1, width))
        squares.append(Square(row + 1, 0, "信息内容", Role.HEADER))
        squares += [
            Square(row + 1, at, column.label, Role.HEADER, 1, span)
            for at, span, column in _filling(block.columns, width)
        ]
        row += 2
        for printed_row in block.figure_rows:
            squares.append(Square(row, 0, printed_row.label, Role.LABEL))
            squares += [
                _figure(row, at, f"{table.id}.{printed_row.id}.{column.id}", span)
                for at, span, column in _filling(block.columns, width)
            ]
            row += 1
    return Table(table.id, table.title, (1.3, *[1.0] * (width - 1)), row, 0, tuple(squares))


def _filling(
    columns: Sequence[forms.Column], width: int
) -> Iterator[tuple[int, int, forms.Column]]:
    """(where it begins, how many it spans, the column)."""
    for at, column in enumerate(columns, 1):
        yield at, 1 if at < len(columns) else width - at, column


LABEL_COLUMNS = 3


def _applications(table: forms.Table) -> Table:
    """表三: labels in three columns by their depth, each heading merged over its rows."""
    block = table.blocks[0]
    squares = [Square(0, 0, table.corner or "", Role.HEADER, 3, LABEL_COLUMNS)]
    squares += _header(block.columns, LABEL_COLUMNS, 3)
    under = _figure_rows_under(block)
    begun: set[str] = set()
    for at, figures in enumerate(block.figure_rows, 3):
        path = (*block.above(figures), figures)
        for depth, row in enumerate(path):
            if row.id not in begun:
                begun.add(row.id)
                own = row is figures
                squares.append(
                    Square(
                        at,
                        depth,
                        row.label,
                        Role.LABEL,
                        1 if own else under[row.id],
                        LABEL_COLUMNS - depth if own else 1,
                    )
                )
        squares += [
            _figure(at, LABEL_COLUMNS + k, f"{table.id}.{figures.id}.{column.id}")
            for k, column in enumerate(block.columns)
        ]
    widths = (1.0, 1.5, 4.6, *[1.15] * len(block.columns))
    height = 3 + len(block.figure_rows)
    return Table(table.id, table.title, widths, height, 3, tuple(squares))


def _figure_rows_under(block: forms.Block) -> dict[str, int]:
    counts = dict.fromkeys((row.id for row in block.rows), 0)
    for row in block.figure_rows:
        for above in block.above(row):
            counts[above.id] += 1
    return counts


def _header(columns: Sequence[forms.Column], left: int, depth: int) -> list[Square]:
    """Header squares over columns: equal group labels merged; a short one reaches to the bottom."""
    paths = [(*column.group, column.label) for column in columns]
    squares: list[Square] = []
    for level in range(depth):
        at = 0
        for _, group in groupby(range(len(paths)), key=lambda k: _down_to(paths[k], level, k)):
            span = len(list(group))
            path = paths[at]
            if level < len(path):
                last = level == len(path) - 1
                squares.append(
                    Square(
                        level,
                        left + at,
                        path[level],
                        Role.HEADER,
                        depth - level if last else 1,
                        span,
                    )
                )
            at += span
    return squares


def _down_to(path: tuple[str, ...], level: int, k: int) -> tuple[object, ...]:
    """What columns must share to stand under one header square: a column's own label is its own."""
    return path[: level + 1] if level < len(path) - 1 else (*path, k)


def _remedies(table: forms.Table) -> Table:
    """表四: one row of figures under the groups of columns."""
    columns = [column for block in table.blocks for column in block.columns]
    squares = _header(columns, 0, 3)
    addresses = [
        f"{table.id}.{block.figure_rows[0].id}.{column.id}"
        for block in table.blocks
        for column in block.columns
    ]
    squares += [_figure(3, at, address) for at, address in enumerate(addresses)]
    return Table(table.id, table.title, (1.0,) * len(columns), 4, 3, tuple(squares))


def _figure(row: int, column: int, address: str, columns: int = 1) -> Square:
    return Square(row, column, "", Role.FIGURE, 1, columns, address)
