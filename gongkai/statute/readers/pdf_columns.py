"""PDF 无框表: tables set by white space alone, or with level lines only (三线表).

The columns are a guess from where words stand, so every table from here says ``drawn=False``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.statute.readers import pdf_text
from gongkai.statute.readers.pdf_grid import Rule
from gongkai.statute.readers.pdf_table import Cell, Sheet
from gongkai.statute.readers.pdf_text import Line, Word

VALUE = re.compile(r"[-+−－]?[\d０-９][\d０-９,，.．]*(?:万?元|件|%)?|[-—–－/／]+|无|不适用|不涉及")
SECTION = re.compile(r"\s*[一二三四五六]\s*、.*(?:情况|事项)\s*$")
SENTENCE = re.compile(r"[。；！？]")
LABEL = 44  # characters: a row without figures longer than this is prose
REACH = 8.0  # points by which level lines of one table may differ at their ends


@dataclass(slots=True)
class _Row:
    """One row as seen: its cells from left to right and the lines they come from."""

    cells: list[Word]
    lines: list[Line]


def tables(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Line | Sheet]:
    """The lines of a page, those that make a table replaced by it; in the order of reading.

    ``rules`` are the level lines of the page that no upright line touches.
    """
    found: list[Line | Sheet] = []
    rest: list[Line] = []
    bands = _bands(rules)
    inside: list[list[Line]] = [[] for _ in bands]
    for line in lines:
        for band, held in zip(bands, inside, strict=True):
            if band[0].at < line.middle < band[-1].at and (
                band[0].start - REACH < line.x0 and line.x1 < band[0].end + REACH
            ):
                held.append(line)
                break
        else:
            rest.append(line)
    for band, held in zip(bands, inside, strict=True):
        rows = _ruled_rows(held, [r.at for r in band])
        if sum(len(r.cells) > 1 for r in rows) >= 2 and max(len(r.cells) for r in rows) > 2:
            found.append(_sheet(rows))
        else:
            rest += held
    rest.sort(key=lambda line: line.middle)
    found += _blocks(rest)
    return sorted(found, key=lambda item: item.bbox[1])


def _bands(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Level lines of the same reach, from the top to the bottom line of each table."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        for group in groups:
            if abs(group[0].start - rule.start) < REACH and abs(group[0].end - rule.end) < REACH:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [g for g in groups if len(g) > 2 and g[0].end - g[0].start > 150]


def _ruled_rows(lines: list[Line], places: list[float]) -> list[_Row]:
    """Rows between level lines: one to a strip where the strips are rows, else by line."""
    strips = [
        [line for line in lines if top < line.middle < bottom]
        for top, bottom in zip(places, places[1:], strict=False)
    ]
    crowded = sum(sum(_is_data(_cells(line)) for line in strip) > 1 for strip in strips)
    if len(strips) > 3 and 4 * crowded <= len(strips):
        rows = [_merged(strip) for strip in strips if strip]
    else:
        rows = [row for strip in strips for row in _rows(strip)]
    return rows


def _cells(line: Line) -> list[Word]:
    """The cells of a line: parted by wide gaps, and by any gap within a row of figures."""
    words = line.words
    tail = len(words)
    while tail and VALUE.fullmatch(words[tail - 1].text):
        tail -= 1
    if len(words) - tail < 3:
        return line.segments()
    head = Line(line.page, words[:tail], line.bbox, line.middle, line.em)
    return head.segments() + words[tail:]


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
        stop = _stretch(lines, start)
        if stop > start:
            first = _headers(found, lines[start])
            block = [*found[first:], *lines[start:stop]]
            del found[first:]
            found.append(_sheet(_rows([b for b in block if isinstance(b, Line)])))
            start = stop
        else:
            found.append(lines[start])
            start += 1
    return found


def _stretch(lines: list[Line], start: int) -> int:
    """Where the table beginning at a line ends; ``start`` itself where none begins."""
    cells = _cells(lines[start])
    if not _is_data(cells):
        return start
    stop = start + 1
    wide, narrow = int(len(cells) > 2), int(len(cells) == 2)
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
    if not (wide > 1 or narrow > 2 or (wide and narrow > 1)):
        return start
    if index == stop + loose and 0 < loose < 3:
        # The rest of the last row's label, if it stands where labels stand.
        while stop < index and _is_rest(lines[stop - 1], lines[stop]):
            stop += 1
    return stop


def _is_near(above: Line, below: Line) -> bool:
    return below.middle - above.middle < 3.6 * max(above.em, below.em)


def _is_label(line: Line) -> bool:
    """A short line that may be a part of a row's label, or a header over several columns."""
    text = line.text
    return len(text) <= LABEL and not SENTENCE.search(text[-1:]) and not SECTION.match(text)


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
        while taken + 1 < len(lines) and _is_beside(lines[taken], lines[taken + 1]):
            taken += 1
            group.append(lines[taken])
        rows.append(_merged(group) if len(group) > 1 else _Row(_cells(line), group))
    return rows


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
                    break
            else:
                cells.append(Word(cell.text, cell.x0, cell.x1, cell.gap))
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
    edges = [columns[0][0]] + [
        (a[1] + b[0]) / 2 for a, b in zip(columns, columns[1:], strict=False)
    ]
    edges.append(columns[-1][1])
    page = rows[0].lines[0].page
    cells: list[Cell] = []
    for number, row in enumerate(rows):
        cells += _placed(row, number, columns, page)
    boxes = [line.bbox for row in rows for line in row.lines]
    bbox = (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
    return Sheet(page, bbox, edges, len(rows), cells, drawn=False)


def _placed(
    row: _Row, number: int, columns: list[tuple[float, float]], page: int
) -> list[Cell]:
    """The cells of a row by column, never two in one and never out of order."""
    cells: list[Cell] = []
    free = 0
    top, bottom = min(i.bbox[1] for i in row.lines), max(i.bbox[3] for i in row.lines)
    exact = len(row.cells) == len(columns)
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
        cells.append(Cell(number, column, 1, span, cell.text, (), page, bbox))
    return cells
