"""PDF 表格: a table on one page, and the pieces of one table on several pages put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from gongkai.statute.readers import labels, pdf_chars, pdf_grid, pdf_text
from gongkai.statute.report import BBox

EDGE = 3.5  # points: column edges of two pages this near are the same
PADDING = 13.0  # points: what Word and WPS leave white in a cell, left and right together
RAGGED = 6  # tables of so few columns may change their columns from row to row (table 2 does)
_FIGURES = re.compile(
    r"[\d０-９,，.．]+(?:\n[\d０-９,，.．]+)*"
)  # over as many lines as its cell needs
SECTION = re.compile(r"\s*[一二三四五六]\s*、.*(?:情况|事项)\s*")
SENTENCE = re.compile(r"[。；！？]")
FIGURE = re.compile(r"[\d０-９]|^[\s\-—–－/／无]+$")


@dataclass(slots=True)
class Cell:
    """One cell: its place in the table and on the page where it begins.

    ``lines`` are given where it fills its row and holds prose or a heading, no figures: a
    table set round the whole text has such rows. ``full`` says that its last line leaves no
    room for another character, so that the text may go on elsewhere.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    pieces: tuple[str, ...]
    page: int
    bbox: BBox
    lines: list[pdf_text.Line] = field(default_factory=list)
    full: bool = False
    confidence: float = 1.0

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(slots=True)
class Sheet:
    """A table, or the piece of it on one page: its column edges and its cells.

    ``lines`` holds the text of what may turn out to be no table: a single framed box, or a
    single row at the edge of a page.
    """

    page: int
    bbox: BBox
    xs: list[float]
    rows: int
    cells: list[Cell]
    drawn: bool = True
    pages: int = 1
    lines: list[pdf_text.Line] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return max(c.column + c.column_span for c in self.cells)

    @property
    def single(self) -> bool:
        return len(self.cells) == 1


def drawn(lattice: pdf_grid.Lattice, page: int) -> Sheet:
    """The sheet of a lattice whose boxes hold their runs."""
    lattice = _with_hidden_rows(lattice)
    cells = []
    for box in lattice.boxes:
        text, pieces = pdf_text.cell(box.runs)
        cell = Cell(
            box.row, box.column, box.row_span, box.column_span, text, pieces, page, box.bbox
        )
        if box.row_span == 1 and box.column_span == len(lattice.xs) - 1 and is_prose(text):
            cell.lines = pdf_text.lines(box.runs, page)
        cell.full = _is_full(box)
        cell.confidence = min((r.confidence for r in box.runs), default=1.0)
        cells.append(cell)
    return Sheet(page, lattice.bbox, lattice.xs, len(lattice.ys) - 1, cells)


def _is_full(box: pdf_grid.Box) -> bool:
    if not box.runs:
        return False
    last = max(r.middle for r in box.runs)
    line = [r for r in box.runs if last - r.middle < pdf_text.LEVEL * r.em]
    size = 1 if any(pdf_chars.is_wide(c) for r in line for c in r.chars) else 0.5
    room = box.bbox[2] - box.bbox[0] - max(r.x1 for r in line) + min(r.x0 for r in line)
    return room < PADDING + 1.5 * size * line[0].em


def is_prose(text: str) -> bool:
    """Whether the text of a cell is running text or a section's heading, no row of a table."""
    flat = text.replace("\n", "")
    return bool(SECTION.fullmatch(flat)) or (len(flat) > 40 and bool(SENTENCE.search(flat)))


def _with_hidden_rows(lattice: pdf_grid.Lattice) -> pdf_grid.Lattice:
    """A lattice with the rows drawn that only the figures show: several figures in each of
    three columns or more, level with each other, and no line between them."""
    cuts: list[float] = []
    by_row: dict[int, list[pdf_grid.Box]] = {}
    for box in lattice.boxes:
        if box.row_span == 1:
            by_row.setdefault(box.row, []).append(box)
    for row, boxes in by_row.items():
        cuts += _cuts(boxes, lattice.ys[row], lattice.ys[row + 1])
    return _cut(lattice, cuts) if cuts else lattice


def _cuts(boxes: list[pdf_grid.Box], top: float, bottom: float) -> list[float]:
    """Where the rows of one drawn row part. A figure broken over two lines looks the same, so
    the labels must count as many rows as the figures."""
    stacks: list[list[float]] = []
    labels = 0
    for box in boxes:
        lines = pdf_text.rows(box.runs)
        texts = ["".join(w.text for w in pdf_text.words(line)) for line in lines]
        if len(lines) > 1 and all(t.isdecimal() for t in texts):
            stacks.append([line[0].middle for line in lines])
        labels = max(labels, sum(bool(pdf_text.NUMBERED.match(t)) for t in texts))
    if len(stacks) < 3 or {len(s) for s in stacks} != {labels}:
        return []
    places = [[s[k] for s in stacks] for k in range(labels)]
    if any(max(p) - min(p) > 2 for p in places):
        return []
    middles = [median(p) for p in places]
    return [(a + b) / 2 for a, b in pairwise(middles) if top < a < bottom]


def _cut(lattice: pdf_grid.Lattice, cuts: list[float]) -> pdf_grid.Lattice:
    """The lattice with a line added at each height, across the cells of that one row."""
    ys = sorted(lattice.ys + cuts)
    source = [max(k for k, y in enumerate(lattice.ys) if y <= top) for top in ys[:-1]]
    columns = len(lattice.xs) - 1
    boxes, owner = lattice.boxes, lattice.owner

    def field_box(row: int, column: int) -> tuple[int, int]:
        index = owner[source[row]][column]
        return index, row if boxes[index].row_span == 1 else 0

    upright = [[False] * len(source) for _ in lattice.xs]
    level = [[False] * columns for _ in ys]
    for row in range(len(source)):
        for column in range(columns):
            here = field_box(row, column)
            upright[column][row] = not column or here != field_box(row, column - 1)
            level[row][column] = not row or here != field_box(row - 1, column)
    new = pdf_grid.build(lattice.xs, ys, upright, level)
    for box in boxes:
        for run in box.runs:
            target = new.at((run.x0 + run.x1) / 2, run.middle)
            if target:
                target.runs.append(run)
    return new


# -- pages put together ---------------------------------------------------------------------


def continued(first: Sheet, second: Sheet) -> Sheet | None:
    """One sheet of two that follow each other over a page break, or None where they are two.

    A row cut by the break becomes one row, a merged cell running over it one cell, wherever
    the figures show it; in doubt the rows stay as printed.
    """
    if first.drawn != second.drawn:
        return None
    xs = _common(first, second)
    if xs is None:
        return None
    above = _moved(first, xs, 0)
    below = _moved(second, xs, first.rows)
    cells, lost = _sewn(first, above, second, below) if first.drawn else (above + below, 0)
    return Sheet(
        first.page,
        first.bbox,
        xs,
        first.rows + second.rows - lost,
        cells,
        first.drawn,
        first.pages + 1,
    )


def _common(first: Sheet, second: Sheet) -> list[float] | None:
    """The column edges of both, or None where they are not one table's."""
    shift = second.xs[0] - first.xs[0]
    mine, other = first.xs, [x - shift for x in second.xs]
    if not first.drawn:
        return max(mine, other, key=len)  # only the order within a row counts
    if abs(mine[-1] - other[-1]) > 2 * EDGE:
        return None
    more = [x for x in other if min(abs(x - m) for m in mine) > EDGE]
    fewer = [m for m in mine if min(abs(x - m) for x in other) > EDGE]
    if more and fewer and max(len(mine), len(other)) > RAGGED + 1:
        return None
    return sorted(mine + more)


def _moved(sheet: Sheet, xs: list[float], down: int) -> list[Cell]:
    """The cells with their columns counted on other edges and their rows further down."""
    if not sheet.drawn:
        return [replace(c, row=c.row + down) for c in sheet.cells]
    shift = xs[0] - sheet.xs[0]
    place = [min(range(len(xs)), key=lambda k: abs(xs[k] - x - shift)) for x in sheet.xs]
    return [
        replace(
            c,
            row=c.row + down,
            column=place[c.column],
            column_span=max(1, place[c.column + c.column_span] - place[c.column]),
        )
        for c in sheet.cells
    ]


def _sewn(
    first: Sheet, above: list[Cell], second: Sheet, below: list[Cell]
) -> tuple[list[Cell], int]:
    """The cells of both pieces with what runs over the break joined; how many rows that saves."""
    seam = first.rows
    last = {(c.column, c.column_span): c for c in above if c.row + c.row_span == seam}
    top = {(c.column, c.column_span): c for c in below if c.row == seam}
    cut = _is_cut(last, top, above, below)
    gone: set[int] = set()
    for key, lower in top.items():
        upper = last.get(key)
        if upper is None or not (cut or _runs_on(upper, lower, last, top)):
            continue
        upper.row_span += lower.row_span - cut
        upper.text = "\n".join(t for t in (upper.text, lower.text) if t.strip())
        upper.pieces += lower.pieces
        upper.confidence = min(upper.confidence, lower.confidence)
        gone.add(id(lower))
    if cut:
        for cell in below:
            cell.row -= 1
    return above + [c for c in below if id(c) not in gone], int(cut)


_Row = dict[tuple[int, int], Cell]


def _is_cut(last: _Row, top: _Row, above: list[Cell], below: list[Cell]) -> bool:
    """Whether the page break goes through a row: the same boxes above and below, the figures
    all on one side or broken themselves, and below no label that begins a row."""
    if set(last) != set(top) or len(last) < 2:
        return False
    if _is_rest_of_figures(last, top, below):
        return True
    columns = sorted(k for k in last if last[k].row_span == 1 and top[k].row_span == 1)
    if len(columns) < 2:
        return False
    label = next((k for k in columns if _is_worded(last[k], top[k])), columns[0])
    figures = [k for k in columns if k > label]
    if any(not top[k].blank for k in columns if k < label):
        return False  # a serial number begins a row
    over = any(not last[k].blank for k in figures)
    under = any(not top[k].blank for k in figures)
    if not (over or under) or last[label].blank or pdf_text.NUMBERED.match(top[label].text):
        return False
    parted = _is_parted(last[label].text, top[label].text)
    if parted is not None:
        free = (
            last[k].full or last[k].blank or top[k].blank
            for k in figures
            if not _is_worded(last[k], top[k])
        )
        return parted and all(free)
    if not last[label].full and not (over and top[label].blank):
        return False  # only a row whose label takes several lines can be cut
    if over and under:
        short = top[label].blank and any(top[k].blank for k in figures)
        return _breaks_figures(last, top, figures, [] if short else [*above, *below])
    if top[label].blank and over:
        # Nothing at all below: the empty rest of the row, if it is no row's height.
        heights = [c.bbox[3] - c.bbox[1] for c in below if c.row_span == 1]
        return top[label].bbox[3] - top[label].bbox[1] < 0.7 * median(heights)
    return True


def _is_parted(upper: str, lower: str) -> bool | None:
    """Whether two texts are one label of the form, parted; None where the form does not tell."""
    if not lower.strip():
        return None
    rows = labels.row_words()
    if labels.core(upper + lower) in rows:
        return True
    return False if labels.core(lower) in rows else None


def _is_rest_of_figures(last: _Row, top: _Row, below: list[Cell]) -> bool:
    """Whether below the break stands nothing but what remains of a row of figures without a
    label (table 4): each figure that goes on filled its line."""
    if any(c.row_span > 1 or c.row != below[0].row for c in below):
        return False
    figures = sum(bool(_FIGURES.fullmatch(c.text)) for c in last.values())
    if 3 * figures < 2 * len(last) or not _FIGURES.fullmatch(last[min(last)].text):
        return False
    rest = {k: c for k, c in top.items() if not c.blank}
    figures = sum(bool(_FIGURES.match(c.text)) for c in rest.values())
    return 3 * figures >= 2 * len(rest) > 0 and all(last[k].full for k in rest)


def _is_worded(upper: Cell, lower: Cell) -> bool:
    return any(pdf_chars.is_wide(c) and not c.isdecimal() for c in upper.text + lower.text)


def _breaks_figures(
    last: _Row, top: _Row, figures: list[tuple[int, int]], cells: list[Cell]
) -> bool:
    """Whether the figures below the break are the rest of those above: every figure that would
    go on fills its line, which is as long as any in its column of ``cells``."""
    for key in figures:
        upper, lower = last[key], top[key]
        if lower.blank or (not cells and _is_worded(upper, lower)):
            continue  # beside an empty label a remark may go on anyhow
        if not (upper.full and _FIGURES.fullmatch(upper.text) and _FIGURES.fullmatch(lower.text)):
            return False
        line, rest = upper.text.split("\n")[-1], lower.text.split("\n")[0]
        if len(rest) > len(line) or (cells and len(line) < max(3, _longest(cells, key[0]))):
            return False
    return any(not top[key].blank for key in figures)


def _longest(cells: list[Cell], column: int) -> int:
    lines = [i for c in cells if c.column == column for i in c.text.split("\n")]
    return max((len(i) for i in lines if i.isdecimal()), default=0)


def _runs_on(upper: Cell, lower: Cell, last: _Row, top: _Row) -> bool:
    """Whether a merged cell goes on below the break, its label above, below or on both sides."""
    if upper.row_span == 1 and lower.row_span == 1:
        return False
    if lower.blank:
        return upper.row_span > 1 or not upper.blank
    if upper.blank:
        return True
    if pdf_text.NUMBERED.match(lower.text) or FIGURE.search(upper.text) or upper.text == lower.text:
        return False
    # Both sides hold text: only beside rows of figures, so that headers never run together.
    return _has_figures(last.values(), upper) and _has_figures(top.values(), lower)


def _has_figures(row: Iterable[Cell], but: Cell) -> bool:
    return any(c is not but and FIGURE.search(c.text) for c in row)
