"""PDF 无框表: tables set by white space alone, or with level lines only (三线表).

The columns are a guess from where words stand, so every table from here says ``drawn=False``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from gongkai.statute.readers import pdf_grid, pdf_text
from gongkai.statute.readers.pdf_page import Rule
from gongkai.statute.readers.pdf_table import SECTION, SENTENCE, Cell, Sheet, is_prose
from gongkai.statute.readers.pdf_text import Line, Word

VALUE = re.compile(r"[-+−－]?[\d０-９][\d０-９,，.．]*(?:万?元|件|%)?|[-—–－/／]+|无|不适用|不涉及")
LABEL = 44  # characters: a row without figures longer than this is prose
REACH = 8.0  # points by which level lines of one table may differ at their ends


@dataclass(slots=True)
class _Row:
    """One row as seen: its cells from left to right and the lines they come from."""

    cells: list[Word]
    lines: list[Line]

    @property
    def figures(self) -> bool:
        """Whether any cell is a figure or stands for one."""
        return any(_is_value(c) for c in self.cells)


def tables(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Line | Sheet]:
    """The lines of a page, those that make a table replaced by it; in the order of reading.

    ``rules`` are the level lines of the page that no upright line touches.
    """
    found: list[Line | Sheet] = []
    rest: list[Line] = []
    bands = _bands(rules, lines)
    inside: list[list[Line]] = [[] for _ in bands]
    for line in lines:
        for band, held in zip(bands, inside, strict=True):
            if _holds(band, line):
                held.append(line)
                break
        else:
            rest.append(line)
    for band, held in zip(bands, inside, strict=True):
        sheet = _ruled(held, band, [r for r in rules if band[0].at < r.at < band[-1].at])
        if sheet:
            found.append(sheet)
        else:
            rest += held
    rest.sort(key=lambda line: line.middle)
    found += _blocks(rest)
    return sorted(found, key=lambda item: item.bbox[1])


def has_columns(lattice: pdf_grid.Lattice, page: int) -> bool:
    """Whether boxes over the whole width of a table hold several cells each, set by space."""
    lines = [pdf_text.lines(box.runs, page) for box in lattice.boxes if box.runs]
    rows = sum(
        any(len(_cells(line)) > 2 and _is_data(_cells(line)) for line in box) for box in lines
    )
    return rows > 1 and 2 * rows > len(lines)


def _bands(rules: Sequence[Rule], lines: Sequence[Line]) -> list[list[Rule]]:
    """Level lines that end together on the right, from the top to the bottom line of each table.

    On the left they may begin at several places: a line inside a group of rows begins beside
    the group's label.
    """
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        for group in groups:
            first = min(group, key=lambda r: r.start)
            if abs(first.end - rule.end) < REACH and rule.end - rule.start > 0.5 * (
                first.end - first.start
            ):
                group.append(rule)
                break
        else:
            groups.append([rule])
    bands = [band for group in groups for band in _parted(group, lines)]
    return [b for b in bands if len(b) > 2 and b[0].end - b[0].start > 150]


def _holds(band: list[Rule], line: Line) -> bool:
    """Whether a line of text stands between the top and the bottom line of a band."""
    if not band[0].at < line.middle < band[-1].at:
        return False
    left, right = min(r.start for r in band), max(r.end for r in band)
    return min(right, line.x1) - max(left, line.x0) > 0.6 * (line.x1 - line.x0)


def _parted(group: list[Rule], lines: Sequence[Line]) -> list[list[Rule]]:
    """Lines of the same reach by table: text that is no row stands between two tables."""
    bands = [group[:1]]
    for above, below in pairwise(group):
        between = [i for i in lines if above.at < i.middle < below.at]
        prose = any(is_prose(i.text) for i in between)
        empty = not between and below.at - above.at > 24
        if empty or (prose and not any(_is_data(_cells(i)) for i in between)):
            bands.append([])
        bands[-1].append(below)
    return bands


def _ruled(lines: list[Line], band: list[Rule], within: list[Rule]) -> Sheet | None:
    """The table between the top and the bottom line of a band, or None where none is."""
    rows = _rows(lines)
    if sum(len(r.cells) > 1 for r in rows) < 2 or max(len(r.cells) for r in rows) < 3:
        return None
    ys = pdf_grid.edges([r.at for r in (*band, *within)])
    strips = [[i for i in lines if top < i.middle < bottom] for top, bottom in pairwise(ys)]
    crowded = sum(sum(_is_data(_cells(line)) for line in strip) > 1 for strip in strips)
    if len(strips) < 4 or 4 * crowded > len(strips):
        return _sheet(rows)
    return _boxed(rows, ys, [*band, *within])


def _boxed(rows: list[_Row], ys: list[float], rules: list[Rule]) -> Sheet:
    """A table whose rows are ruled: merged cells are told by where lines stop.

    A line that stops between two columns closes both cells beside it; elsewhere a column ends
    where no word reaches over.
    """
    xs, stops = _upright_edges(rows, rules)
    level = pdf_grid.walls(rules, ys, xs)
    words = [(w, i.middle) for row in rows for i in row.lines for w in i.words]
    upright = [[False] * (len(ys) - 1) for _ in xs]
    for column, x in enumerate(xs[1:-1], 1):
        for row, (top, bottom) in enumerate(pairwise(ys)):
            here = [w for w, y in words if top < y < bottom]
            upright[column][row] = _stops(level, column, row) or (
                column not in stops
                and (
                    any(x < (w.x0 + w.x1) / 2 < xs[column + 1] for w in here if _is_value(w))
                    or not any(w.x0 + 1 < x < w.x1 - 1 for w in here)
                )
            )
    lattice = pdf_grid.build(xs, ys, upright, level)
    texts: dict[int, dict[float, str]] = {}
    sure: dict[int, float] = {}
    for word, y in words:
        box = lattice.at((word.x0 + word.x1) / 2, y)
        if box:
            line = texts.setdefault(id(box), {})
            line[y] = f"{line[y]} {word.text}" if y in line else word.text
            sure[id(box)] = min(word.confidence, sure.get(id(box), 1.0))
    page = rows[0].lines[0].page
    cells = [
        Cell(
            box.row,
            box.column,
            box.row_span,
            box.column_span,
            pdf_text.stacked(list(texts[id(box)].values())),
            (),
            page,
            box.bbox,
            confidence=sure[id(box)],
        )
        for box in lattice.boxes
        if id(box) in texts
    ]
    return Sheet(page, lattice.bbox, xs, len(ys) - 1, cells, drawn=False)


def _stops(level: pdf_grid.Walls, column: int, row: int) -> bool:
    """Whether the next line above or below a field's left edge runs on one side of it only."""
    for way in (range(row, -1, -1), range(row + 1, len(level))):
        for edge in way:
            left, right = level[edge][column - 1], level[edge][column]
            if left != right:
                return True
            if left:
                break
    return False


def _upright_edges(rows: list[_Row], rules: list[Rule]) -> tuple[list[float], set[int]]:
    """Column edges from where lines stop and from the white between figures; and which of
    them are no edge of a column of figures."""
    left = min([r.start for r in rules] + [line.x0 for row in rows for line in row.lines])
    right = max(r.end for r in rules)
    ends = [x for r in rules for x in (r.start, r.end) if left + REACH < x < right - REACH]
    columns = _columns(rows)
    figures = [c.x0 for row in rows for c in row.cells if VALUE.fullmatch(c.text)]
    first = min(figures, default=left)
    taken = [x for x in pdf_grid.edges(ends) if x < first]
    edges = pdf_grid.edges(ends)
    for before, after in pairwise(columns):
        if taken and after[1] < first:
            continue  # lines tell the columns of labels better than labels do
        if not any(before[1] - 1 < x < after[0] + 1 for x in edges):
            edges.append((before[1] + after[0]) / 2)
    xs = [left, *sorted(edges), right]
    last = max(taken, default=left)
    return xs, {k for k, x in enumerate(xs) if x in taken and x != last}


def _cells(line: Line) -> list[Word]:
    """The cells of a line: parted by wide gaps, and by any gap within a row of figures.

    They are the caller's own to change.
    """
    words = line.words
    tail = len(words)
    while tail and VALUE.fullmatch(words[tail - 1].text):
        tail -= 1
    if len(words) - tail < 3:
        return [replace(w) for w in line.segments()]
    head = Line(line.page, words[:tail], line.bbox, line.middle, line.em)
    return [replace(w) for w in (*head.segments(), *words[tail:])]


def _is_data(cells: list[Word]) -> bool:
    """Whether a line looks like a row: several short cells."""
    if len(cells) < 2 or max(len(c.text) for c in cells) > LABEL:
        return False
    return len(cells) > 2 or bool(VALUE.fullmatch(cells[1].text))


# -- without any lines ----------------------------------------------------------------------


def _blocks(lines: list[Line]) -> list[Line | Sheet]:
    """Lines with the stretches that are tables replaced."""
    found: list[Line | Sheet] = []
    start = 0
    while start < len(lines):
        stop, sure = _stretch(lines, start)
        held = lines[start:stop]
        if sure:
            first = _headers(found, lines[start])
            held = [*[i for i in found[first:] if isinstance(i, Line)], *held]
            del found[first:]
        # A row or two at the edge of a page may belong to the table on the next one.
        if sure or (held and (start == 0 or stop == len(lines))):
            sheet = _sheet(_rows(held))
            sheet.lines = [] if sure else held
            found.append(sheet)
            start = stop
        else:
            found.append(lines[start])
            start += 1
    return found


def _stretch(lines: list[Line], start: int) -> tuple[int, bool]:
    """Where the rows beginning at a line end (``start`` itself where it is none), and whether
    they are enough to be a table."""
    cells = _cells(lines[start])
    if not _is_data(cells):
        return start, False
    stop = start + 1
    wide, narrow = int(len(cells) > 2), int(len(cells) == 2)
    alone = sum(_is_value(c) for c in cells) > 4  # a row of figures is a table of one row
    index = start + 1
    loose = 0
    while index < len(lines) and _is_near(lines[index - 1], lines[index]) and loose < 4:
        cells = _cells(lines[index])
        if _is_data(cells) or (len(cells) == 2 and wide and max(len(c.text) for c in cells) < 20):
            stop, loose = index + 1, 0
            wide += len(cells) > 2
            narrow += len(cells) == 2
        elif _is_label(lines[index]):
            loose += 1
        else:
            break
        index += 1
    if not (alone or wide > 1 or narrow > 2 or (wide and narrow > 1)):
        return stop, False
    if index == stop + loose and 0 < loose < 3:
        # The rest of the last row's label, if it stands where labels stand.
        while stop < index and _is_rest(lines[stop - 1], lines[stop]):
            stop += 1
    return stop, True


def _is_near(above: Line, below: Line) -> bool:
    return below.middle - above.middle < 3.6 * max(above.em, below.em)


def _is_label(line: Line) -> bool:
    """A short line that may be a part of a row's label, or a header over several columns."""
    text = line.text
    return len(text) <= LABEL and not SENTENCE.search(text[-1:]) and not SECTION.fullmatch(text)


def _is_rest(above: Line, below: Line) -> bool:
    return (
        below.middle - above.middle < 1.7 * above.em
        and abs(below.x0 - above.x0) < 2 * above.em
        and len(below.text) < 24
    )


def _headers(found: list[Line | Sheet], first: Line) -> int:
    """How far back short lines right above a table belong to it (a header over all columns)."""
    index = len(found)
    below = first
    while index > 0 and len(found) - index < 3:
        line = found[index - 1]
        if not isinstance(line, Line) or len(line.text) > 24 or not _is_label(line):
            break
        if below.middle - line.middle > 2.6 * below.em or line.em > 1.15 * first.em:
            break
        below = line
        index -= 1
    return index


# -- rows and columns -----------------------------------------------------------------------


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """One row to a line; a line of figures halfway beside two label lines is one row with them."""
    rows: list[_Row] = []
    taken = -1
    for index, line in enumerate(lines):
        if index <= taken:
            continue
        group = [line]
        taken = index
        figures = _has_figures(line)
        while taken + 1 < len(lines) and _is_beside(lines[taken], lines[taken + 1]):
            more = _has_figures(lines[taken + 1])
            if figures and more:
                break
            taken += 1
            figures = figures or more
            group.append(lines[taken])
        rows.append(_merged(group) if len(group) > 1 else _Row(_cells(line), group))
    return _with_rests(rows)


def _has_figures(line: Line) -> bool:
    return any(_is_value(w) for w in line.words)


def _is_value(word: Word) -> bool:
    return VALUE.fullmatch(word.text) is not None


def _with_rests(rows: list[_Row]) -> list[_Row]:
    """The rows with wrapped labels joined: a line without figures, closer to its neighbour than
    rows are to each other, each of its cells straight above or below one of the neighbour's."""
    tops = [r.lines[0].middle for r in rows if r.figures]
    if len(tops) < 3:
        return rows
    near = 0.85 * median(b - a for a, b in pairwise(tops))
    whole: list[_Row] = []
    for index, row in enumerate(rows):
        last = whole[-1] if whole else None
        above = row.lines[0].middle - last.lines[-1].middle if last else near
        after = rows[index + 1] if index + 1 < len(rows) else None
        below = after.lines[0].middle - row.lines[-1].middle if after else near
        reach = min(near, 1.6 * row.lines[0].em)
        if not row.figures and last and above < min(reach, below) and _fit(row, last):
            _join(last, row, after=True)
        elif not row.figures and after and below < min(reach, above) and _fit(row, after):
            _join(after, row, after=False)
        else:
            whole.append(row)
    return whole


def _fit(part: _Row, row: _Row) -> bool:
    em = part.lines[0].em
    return all(_beneath(cell, row.cells, em) for cell in part.cells)


def _join(row: _Row, part: _Row, *, after: bool) -> None:
    """Add the cells of a part to the row whose label it continues (``after``) or begins."""
    for cell in part.cells:
        held = _beneath(cell, row.cells, part.lines[0].em)
        if held:
            held.text = f"{held.text}\n{cell.text}" if after else f"{cell.text}\n{held.text}"
            held.x0, held.x1 = min(held.x0, cell.x0), max(held.x1, cell.x1)
    row.lines[:] = [*row.lines, *part.lines] if after else [*part.lines, *row.lines]


def _beneath(cell: Word, row: list[Word], em: float) -> Word | None:
    """The cell of a row that another stands straight below: on its left edge or its middle."""
    for above in row:
        middle = abs(cell.x0 + cell.x1 - above.x0 - above.x1) / 2
        if min(abs(cell.x0 - above.x0), middle) < 0.7 * em and not VALUE.fullmatch(above.text):
            return above
    return None


def _is_beside(above: Line, below: Line) -> bool:
    """Overlapping in height without overlapping in width: parts of one row."""
    if below.middle - above.middle > 0.95 * max(above.em, below.em):
        return False
    return all(
        a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 for a in above.segments() for b in below.segments()
    )


def _merged(lines: list[Line]) -> _Row:
    """Several lines as one row: cells under each other are one cell."""
    cells: list[Word] = []
    for line in lines:
        for cell in _cells(line):
            for held in cells:
                if held.x0 < cell.x1 and cell.x0 < held.x1:
                    held.text += "\n" + cell.text
                    held.x0, held.x1 = min(held.x0, cell.x0), max(held.x1, cell.x1)
                    held.confidence = min(held.confidence, cell.confidence)
                    break
            else:
                cells.append(Word(cell.text, cell.x0, cell.x1, cell.gap, cell.confidence))
    return _Row(sorted(cells, key=lambda c: c.x0), lines)


def _columns(rows: Sequence[_Row]) -> list[tuple[float, float]]:
    """Where the columns stand: the richest row first, every other row fitted to it."""
    columns: list[tuple[float, float]] = []
    for row in sorted(rows, key=lambda r: -len(r.cells)):
        if len(row.cells) == len(columns):
            columns = [
                (min(x0, c.x0), max(x1, c.x1)) if _fits(k, c, columns) else (x0, x1)
                for k, ((x0, x1), c) in enumerate(zip(columns, row.cells, strict=True))
            ]
            continue
        for cell in row.cells:
            over = [k for k, (x0, x1) in enumerate(columns) if x0 < cell.x1 and cell.x0 < x1]
            if len(over) == 1:
                x0, x1 = columns[over[0]]
                columns[over[0]] = min(x0, cell.x0), max(x1, cell.x1)
            elif not over and len(row.cells) > 1:
                columns = sorted([*columns, (cell.x0, cell.x1)])
    return columns


def _fits(index: int, cell: Word, columns: list[tuple[float, float]]) -> bool:
    """Whether a column may grow to hold a cell without touching its neighbours."""
    left = columns[index - 1][1] if index else float("-inf")
    right = columns[index + 1][0] if index + 1 < len(columns) else float("inf")
    return left < cell.x0 and cell.x1 < right


def _sheet(rows: list[_Row]) -> Sheet:
    columns = _columns(rows)
    edges = [columns[0][0]] + [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    edges.append(columns[-1][1])
    page = rows[0].lines[0].page
    cells: list[Cell] = []
    for number, row in enumerate(rows):
        cells += _placed(row, number, columns, page)
    bbox = pdf_text.around(line.bbox for row in rows for line in row.lines)
    return Sheet(page, bbox, edges, len(rows), cells, drawn=False)


def _placed(row: _Row, number: int, columns: list[tuple[float, float]], page: int) -> list[Cell]:
    """The cells of a row by column, never two in one and never out of order."""
    cells: list[Cell] = []
    free = 0
    top, bottom = min(i.bbox[1] for i in row.lines), max(i.bbox[3] for i in row.lines)
    exact = len(row.cells) >= len(columns)
    for index, cell in enumerate(row.cells):
        over = [k for k, (x0, x1) in enumerate(columns) if x0 < cell.x1 and cell.x0 < x1]
        middle = (cell.x0 + cell.x1) / 2
        if exact:
            column, span = index, 1
        else:
            near = min(
                range(len(columns)), key=lambda k: abs(columns[k][0] + columns[k][1] - 2 * middle)
            )
            column = max(over[0] if over else near, free)
            span = max(1, over[-1] - column + 1) if over else 1
            # Leave a column to each cell still to come.
            column = min(column, len(columns) - (len(row.cells) - index))
            span = max(1, min(span, len(columns) - (len(row.cells) - index - 1) - column))
        free = column + span
        bbox = (cell.x0, top, cell.x1, bottom)
        made = Cell(number, column, 1, span, cell.text, (), page, bbox)
        made.confidence = cell.confidence
        cells.append(made)
    return cells
