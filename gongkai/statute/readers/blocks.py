"""版面块: what a carrier yields: paragraphs, grids and pictures with their places, nothing more.

One module per carrier turns bytes into a `Document`; the one recogniser turns it into a report.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.statute.report import NOWHERE, Note, Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """段落: one paragraph. Automatic list numbers are part of ``text``, as a reader sees them.

    ``confidence`` is below 1 where the text was recognised in a picture, as in `GridCell`.
    """

    text: str
    place: Place = NOWHERE
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class GridCell:
    """表格单元: one cell as drawn; a merged cell is one cell with its spans, listed once.

    ``row`` and ``column`` count from 0 within the grid. ``text`` keeps inner line breaks.
    ``pieces`` are the separate text runs of a drawn cell where the carrier knows them apart
    (two PDF runs in one box); empty otherwise. ``native`` is True where the carrier stored
    a number, not a text (XLSX): then ``text`` is its plain decimal notation. ``confidence``
    (0-1) is that of its least sure character where the text was recognised in a picture.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    place: Place = NOWHERE
    pieces: tuple[str, ...] = ()
    native: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Grid:
    """表格: cells in reading order (row by row, left to right).

    ``drawn`` is True where the boxes are real (ruling lines, table markup): then a position
    without a cell is covered by a span and column numbers may be trusted. It is False where
    columns were guessed from tabs, bars or spaces: then only the order within a row counts.
    ``stream`` is True where not even the rows are known: one cell to a line, one column.
    """

    cells: tuple[GridCell, ...]
    rows: int
    columns: int
    drawn: bool = True
    stream: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Picture:
    """图片: a picture that may hold a table. Nothing is read from it here."""

    place: Place = NOWHERE
    alt: str = ""


Block = Paragraph | Grid | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """文件内容: blocks in reading order, the carrier's name, and what the reader has to say."""

    blocks: tuple[Block, ...]
    carrier: str
    notes: tuple[Note, ...] = field(default=())
