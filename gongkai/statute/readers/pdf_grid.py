"""PDF 框线表: from ruling lines to the cells they draw. Geometry only; text comes later.

Lines that touch make one table. The places where they stand make a lattice; lattice fields
without a line between them are one merged cell.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gongkai.statute.readers.pdf_page import Rule, Run
from gongkai.statute.report import BBox

TOUCH = 3.0  # points: lines this near each other touch, and edges this near are one edge
DASH = 3.6  # a gap up to this within one line is a dash
COVER = 0.6  # a line along this share of a field's side closes it
FIELDS = 60_000  # a lattice with more fields is a drawing, not a table
LINES = 6_000  # on one page; more are a drawing
TABLES = 300  # on one page; of more the largest are kept


@dataclass(slots=True)
class Box:
    """格: one cell as drawn; ``runs`` are the glyphs whose middle lies in it."""

    row: int
    column: int
    row_span: int
    column_span: int
    bbox: BBox
    runs: list[Run] = field(default_factory=list)


@dataclass(slots=True)
class Lattice:
    """框线网: one drawn table on one page: its edges, its boxes, and which box a field is in."""

    xs: list[float]
    ys: list[float]
    boxes: list[Box]
    owner: list[list[int]]

    @property
    def bbox(self) -> BBox:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def at(self, x: float, y: float) -> Box | None:
        """The box a point lies in."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1:
            return self.boxes[self.owner[row][column]]
        return None


def lattices(level: Sequence[Rule], upright: Sequence[Rule]) -> tuple[list[Lattice], list[Rule]]:
    """The drawn tables of a page, the smallest first, and the level lines that belong to none.

    A page with more lines than any table has is a drawing: nothing is taken from it.
    """
    rows, columns = joined(level), joined(upright)
    if len(rows) + len(columns) > LINES:
        return [], []
    found: list[Lattice] = []
    free: list[Rule] = []
    for some_rows, some_columns in _touching(rows, columns):
        lattice = _lattice(some_rows, some_columns) if some_columns else None
        if lattice:
            found.append(lattice)
        else:
            free += some_rows
    found.sort(key=lambda t: (t.xs[-1] - t.xs[0]) * (t.ys[-1] - t.ys[0]))
    return found[-TABLES:], sorted(free, key=lambda r: r.start - r.end)[:TABLES]


def joined(rules: Iterable[Rule]) -> list[Rule]:
    """Lines drawn in pieces (by cell, by dash, twice over) as whole lines."""
    level: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if level and rule.at - level[-1][0].at < 1.2:
            level[-1].append(rule)
        else:
            level.append([rule])
    whole: list[Rule] = []
    for same in level:
        same.sort(key=lambda r: r.start)
        at, start, end = same[0].at, same[0].start, same[0].end
        for rule in same[1:]:
            if rule.start > end + DASH:
                whole.append(Rule(at, start, end))
                at, start, end = rule.at, rule.start, rule.end
            end = max(end, rule.end)
        whole.append(Rule(at, start, end))
    return [r for r in whole if r.end - r.start > 2 * TOUCH]


def _touching(rows: list[Rule], columns: list[Rule]) -> Iterable[tuple[list[Rule], list[Rule]]]:
    """Groups of level and upright lines that touch each other, directly or by others."""
    columns = sorted(columns, key=lambda r: r.at)
    places = [r.at for r in columns]
    parent = list(range(len(rows) + len(columns)))
    for i, row in enumerate(rows):
        first = bisect_left(places, row.start - TOUCH)
        for j in range(first, bisect_right(places, row.end + TOUCH)):
            if columns[j].start - TOUCH <= row.at <= columns[j].end + TOUCH:
                _union(parent, i, len(rows) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for i, row in enumerate(rows):
        groups[_find(parent, i)][0].append(row)
    for j, column in enumerate(columns):
        groups[_find(parent, len(rows) + j)][1].append(column)
    return groups.values()


def _lattice(rows: list[Rule], columns: list[Rule]) -> Lattice | None:
    if len(rows) + len(columns) < 3:
        return None
    xs = _edges([c.at for c in columns], [r.start for r in rows], [r.end for r in rows])
    ys = _edges([r.at for r in rows], [c.start for c in columns], [c.end for c in columns])
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > FIELDS:
        return None
    return build(xs, ys, walls(columns, xs, ys), walls(rows, ys, xs))


def edges(places: Iterable[float]) -> list[float]:
    """Where lines stand, near ones taken together."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] <= TOUCH and place - groups[-1][0] <= 1.5 * TOUCH:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [sum(g) / len(g) for g in groups]


def _edges(places: list[float], starts: list[float], ends: list[float]) -> list[float]:
    """The edges along one axis; the ends of the crossing lines close an open side (tables
    without a left and right border are common)."""
    values = edges(places)
    if starts and (not values or min(starts) < values[0] - 2 * TOUCH):
        values.insert(0, min(starts))
    if ends and max(ends) > values[-1] + 2 * TOUCH:
        values.append(max(ends))
    return values


Walls = list[list[bool]]


def walls(rules: Sequence[Rule], places: Sequence[float], across: Sequence[float]) -> Walls:
    """``walls[e][k]``: a line stands at place ``e`` along the ``k``-th interval of ``across``."""
    spans = len(across) - 1
    covered = [[0.0] * spans for _ in places]
    for rule in rules:
        edge = _nearest(places, rule.at)
        for k in range(max(0, bisect_right(across, rule.start) - 1), spans):
            if across[k] >= rule.end:
                break
            covered[edge][k] += min(rule.end, across[k + 1]) - max(rule.start, across[k])
    return [
        [c >= COVER * (across[k + 1] - across[k]) for k, c in enumerate(line)] for line in covered
    ]


def _nearest(values: Sequence[float], value: float) -> int:
    index = bisect_left(values, value)
    if index == len(values) or (index and value - values[index - 1] < values[index] - value):
        return index - 1
    return index


def build(xs: list[float], ys: list[float], upright: Walls, level: Walls) -> Lattice:
    """A lattice from its edges and walls: ``upright[x][row]``, ``level[y][column]``."""
    rows, columns = len(ys) - 1, len(xs) - 1
    parent = list(range(rows * columns))
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column and not upright[column][row]:
                _union(parent, here, here - 1)
            if row and not level[row][column]:
                _union(parent, here, here - columns)
    fields: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index in range(rows * columns):
        fields[_find(parent, index)].append(divmod(index, columns))
    spans = [part for group in fields.values() for part in _rectangles(group)]
    spans.sort()
    owner = [[0] * columns for _ in range(rows)]
    boxes: list[Box] = []
    for row, column, height, width in spans:
        bbox = (xs[column], ys[row], xs[column + width], ys[row + height])
        for r in range(row, row + height):
            owner[r][column : column + width] = [len(boxes)] * width
        boxes.append(Box(row, column, height, width, bbox))
    return Lattice(xs, ys, boxes, owner)


def _rectangles(group: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """A group of fields as rectangles (row, column, height, width): one, unless a line is
    missing or the shape is an L."""
    left = set(group)
    found: list[tuple[int, int, int, int]] = []
    while left:
        row, column = min(left)
        width = 1
        while (row, column + width) in left:
            width += 1
        height = 1
        while all((row + height, c) in left for c in range(column, column + width)):
            height += 1
        left -= {(row + r, column + c) for r in range(height) for c in range(width)}
        found.append((row, column, height, width))
    return found


def _find(parent: list[int], item: int) -> int:
    while parent[item] != item:
        parent[item] = parent[parent[item]]
        item = parent[item]
    return item


def _union(parent: list[int], one: int, two: int) -> None:
    a, b = _find(parent, one), _find(parent, two)
    if a != b:
        parent[max(a, b)] = min(a, b)
