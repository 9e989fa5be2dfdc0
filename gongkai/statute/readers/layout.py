"""表格与版面: what a document's tables are for, told before they are yielded.

Word files and web pages use tables both for figures and for setting the page. A carrier hands
over what it found as items (text, pictures, tables within tables); `Page` yields the blocks: a
table of figures as a grid, a layout table as its contents in reading order, and a table that
holds everything row by row, as paragraphs and grids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gongkai.statute import notes
from gongkai.statute.readers import headings
from gongkai.statute.readers.blocks import Block, Grid, GridCell, Paragraph, Picture
from gongkai.statute.report import Note, Place

MAX_SPAN = 1000  # what browsers allow a colspan
MAX_COLUMNS = 2000
MAX_CELLS = 50_000  # of one table

_DAY = re.compile(r"\s*[\d〇○零一二三四五六七八九]{4}\s*年.{1,4}月.{1,4}日\s*")
_FIGURE = re.compile(r"\s*[-—+]?[\d０-９][\d０-９,，.．]*\s*")


@dataclass(frozen=True, slots=True)
class Drawing:
    """图片: a picture where it stands, with its description."""

    alt: str = ""


@dataclass(frozen=True, slots=True)
class Container:
    """容器边界: where a block of a web page begins (``opens``) or ends."""

    opens: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """链接: the paragraph that follows is nothing but a link."""


@dataclass(slots=True)
class Box:
    """单元格: one cell before it is known what its table is for. Counts from 0."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    items: list[Item] = field(default_factory=list)
    native: bool = False  # the carrier stored a number

    @property
    def text(self) -> str:
        """Its paragraphs, one to a line."""
        items = self.items
        if not items:
            return ""
        if len(items) == 1 and isinstance(items[0], str):
            return items[0]
        return "\n".join([item for item in items if isinstance(item, str)])

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        for item in self.items:  # noqa: SIM110 -- asked of every cell; half the time of any()
            if isinstance(item, str | Drawing | Table):
                return True
        return False

    @property
    def holds_table(self) -> bool:
        """Whether a table stands in it."""
        return len(self.items) > 0 and any(isinstance(item, Table) for item in self.items)


@dataclass(slots=True)
class Table:
    """表格: all its boxes in reading order."""

    boxes: list[Box]
    rows: int
    columns: int


Item = str | Drawing | Table | Container | Linked


@dataclass(slots=True)
class Page:
    """版面: the blocks yielded so far, with running line and table numbers.

    ``intervals`` are the containers as ranges of block indexes, innermost first; ``linked`` are
    the indexes of paragraphs that are nothing but a link.
    """

    blocks: list[Block] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    intervals: list[tuple[int, int]] = field(default_factory=list)
    linked: set[int] = field(default_factory=set)
    _lines: int = 0
    _tables: int = 0
    _open: list[int] = field(default_factory=list)

    def add(self, items: Sequence[Item]) -> None:
        """Yield what a carrier found, in order."""
        for item in items:
            if isinstance(item, str):
                self.paragraph(item)
            elif isinstance(item, Table):
                self.table(item)
            elif isinstance(item, Drawing):
                self.blocks.append(Picture(Place(line=self._lines + 1), item.alt))
            elif isinstance(item, Linked):
                self.linked.add(len(self.blocks))
            elif item.opens:
                self._open.append(len(self.blocks))
            elif self._open:
                self.intervals.append((self._open.pop(), len(self.blocks)))

    def paragraph(self, text: str) -> None:
        """One paragraph; its line is its running number."""
        self._lines += 1
        self.blocks.append(Paragraph(text, Place(line=self._lines)))

    def table(self, table: Table) -> None:
        """A table as a grid, as its contents, or row by row as both."""
        number: int | None = None
        prose = False
        begin = len(self.blocks)
        for layout, rows in _stretches(table):
            if layout:
                prose = prose or not any(box.holds_table for row in rows for box in row)
                for row in rows:
                    for box in row:
                        start = len(self.blocks)
                        self.add(box.items)
                        self.intervals.append((start, len(self.blocks)))
            else:
                if number is None:
                    self._tables += 1
                    number = self._tables
                self._grid(rows, number)
        self.intervals.append((begin, len(self.blocks)))
        if prose and number is not None:
            self.notes.append(notes.note("read.section_in_table", Place(table=number)))

    def _grid(self, rows: Sequence[Sequence[Box]], number: int) -> None:
        """Rows of boxes as one grid; row and column of a place are those of the whole table."""
        first = next(box.row for row in rows for box in row)
        boxes = [box for row in rows for box in row]
        left = min(box.column for box in boxes)
        last = first + len(rows)
        cells = tuple([_cell(box, first, left, last, number) for box in boxes])
        columns = max(cell.column + cell.column_span for cell in cells)
        place = Place(table=number, line=self._lines + 1)
        self.blocks.append(Grid(cells, len(rows), columns, place=place))
        for box in boxes:
            for item in box.items:
                if isinstance(item, Drawing):
                    at = Place(table=number, row=box.row + 1, column=box.column + 1)
                    self.blocks.append(Picture(at, item.alt))


def _cell(box: Box, first: int, left: int, last: int, number: int) -> GridCell:
    """A box as a cell of the grid of rows ``first`` to ``last``."""
    row, column = box.row, box.column
    down = box.row_span
    if down > last - row:
        down = last - row
    place = Place(None, None, number, row + 1, column + 1)
    return GridCell(
        row - first, column - left, box.text, down, box.column_span, place, (), box.native
    )


def is_figure(text: str) -> bool:
    """Whether a cell holds nothing but a number."""
    return _FIGURE.fullmatch(text) is not None


def is_prose(text: str) -> bool:
    """Whether a text is running prose, as no label of the form is."""
    return len(text) >= 40 and (len(text) >= 100 or "。" in text)


def _stretches(table: Table) -> Iterator[tuple[bool, list[list[Box]]]]:
    """The table cut into stretches of rows: (True, rows of page layout) or (False, a grid)."""
    rows: list[list[Box]] = [[] for _ in range(table.rows)]
    covered = 0  # rows from here on stand beside no cell of an earlier row
    for box in table.boxes:
        rows[box.row].append(box)
    held: list[list[Box]] = []
    for number, row in enumerate(rows):
        if _is_layout(row, beside=number < covered):
            yield from _as_grid(held)
            held = []
            yield True, [row]
        else:
            held.append(row)
        for box in row:
            if box.row_span > 1 and box.filled:
                covered = max(covered, box.row + box.row_span)
    yield from _as_grid(held)


def _as_grid(rows: list[list[Box]]) -> Iterator[tuple[bool, list[list[Box]]]]:
    """A stretch without prose is a grid, unless one column or one filled cell is all there is."""
    begun = (n for n, row in enumerate(rows) if any(b.filled or b.row_span > 1 for b in row))
    rows = rows[next(begun, len(rows)) :]
    filled = [box for row in rows for box in row if box.filled]
    columns = {box.column for row in rows for box in row}
    if filled:
        yield len(filled) == 1 or len(columns) == 1 or _is_close(filled), rows


def _is_close(filled: Sequence[Box]) -> bool:
    """Whether rows with one text each end with a day: the close of a report kept in a sheet."""
    alone = len({box.column for box in filled}) == 1
    return alone and _DAY.fullmatch(filled[-1].text) is not None


def _is_layout(row: Sequence[Box], *, beside: bool) -> bool:
    """Whether a row sets the page: a table within, prose without figures, a section's heading."""
    filled = [box for box in row if box.filled]
    if not filled:
        return False
    if any(box.holds_table for box in filled):
        return True
    texts = [box.text for box in filled]
    if any(is_prose(text) for text in texts):
        return not any(is_figure(text) for text in texts)
    return len(filled) == 1 and not beside and headings.section_of(texts[0]) is not None
