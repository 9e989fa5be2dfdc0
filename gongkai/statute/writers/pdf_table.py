"""表格排版: how a table of the form fits the width of a page: columns in points, type sizes.

A figure too long for its column is set smaller, and below that goes on in the next line of its
square: it never runs over the ruling line into its neighbour's.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gongkai.statute.writers.paper import Role, Square, Table

WIDTH, HEIGHT = 442.2, 637.8  # 版心, 156 mm by 225 mm, in points
HEADING = 29.0  # points a heading takes above its table
NORMAL, SMALL, LEAST = 10.5, 9.0, 6.5  # 五号, 小五; below the last a figure goes on in a new line
EVEN = 7.5  # 六号: down to this all figures of a table are set in the size the longest needs
RULE = 0.5  # points a ruling line takes of a square
LEADING = 0.3  # ems between two lines of a square
MANY_COLUMNS = 12
TIGHT_ROWS = 20
"""A table of more rows is set closer, so that table 3 stands on one page with its heading."""
WIDTHS = {10: (29.0, 49.0, 157.7, *[29.5] * 7)}
"""栏宽: of table 3 in points, as its labels need them: 三、 （三）不予公开 2.没有现成信息需要…"""

ToText = Callable[[Square], str]


def drawn(table: Table, text: ToText) -> dict[str, Any]:
    """A table for the template: column widths, and parts that are header rows or are not.

    ``text`` gives what is printed in a square.
    """
    measures = _Measures.of(table)
    rows = table.by_row()
    parts: list[dict[str, Any]] = []
    high = 0.0
    for header, group in itertools.groupby(rows, key=lambda row: _heads(table, row)):
        squares = []
        for row in group:
            set_squares = [_set(table, square, text(square), measures) for square in row]
            high += max((one.height for one in set_squares), default=measures.row)
            squares += [one.said for one in set_squares]
        parts.append({"header": header, "repeats": table.header_rows > 0, "squares": squares})
    return {
        "widths": measures.widths,
        "inset": [measures.beside, measures.above],
        "size": measures.size,
        "figure": measures.figure,
        "keep": high < HEIGHT - HEADING,
        "parts": parts,
    }


def _heads(table: Table, row: Sequence[Square]) -> bool:
    """Header rows: those said to repeat, and in a table of blocks those of each block."""
    if table.header_rows:
        return not row or row[0].row < table.header_rows
    return all(square.role is Role.HEADER for square in row)


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is common to the squares of a table, in points."""

    widths: list[float]
    size: float
    beside: float
    above: float
    figure: float = NORMAL

    @classmethod
    def of(cls, table: Table) -> _Measures:
        dense = len(table.widths) > MANY_COLUMNS
        shares = WIDTHS.get(len(table.widths), table.widths)
        plain = cls(
            [share * WIDTH / sum(shares) for share in shares],
            SMALL if dense else NORMAL,
            1.5 if dense else 2.0,
            3.0 if table.height > TIGHT_ROWS else 4.5,
        )

        return replace(plain, figure=min([plain.size, *plain.figures(table)]))

    def figures(self, table: Table) -> Iterator[float]:
        """The size each number needs, as far as one size for all may go down to it."""
        for square in table.squares:
            if square.cell is not None and square.cell.value is not None:
                size, _ = fit(square.text, self.room(square), self.size, Role.FIGURE)
                yield size if size >= EVEN else self.size

    @property
    def row(self) -> float:
        return self.size + 2 * self.above

    def room(self, square: Square) -> float:
        across = self.widths[square.column : square.column + square.columns]
        return sum(across) - 2 * self.beside - RULE


@dataclass(frozen=True, slots=True)
class _Set:
    said: str | dict[str, Any]
    height: float  # of its row for its sake; nothing for a square over several rows


def _set(table: Table, square: Square, text: str, measures: _Measures) -> _Set:
    """One square for the template: a string where it is a plain figure."""
    room = measures.room(square)
    most = measures.figure if square.role is Role.FIGURE else measures.size
    size, put = fit(text, room, most, square.role)
    if square.rows > 1:
        put = _GROUP.sub("\\1\n", put)
    count = _lines(put, room, size)
    high = (count * (1 + LEADING) - LEADING) * size + 2 * measures.above
    plain = square.role is Role.FIGURE and square.columns == 1 and size == measures.figure
    said: str | dict[str, Any] = put
    if not plain:
        said = {
            "text": put,
            "size": None if size == measures.size else size,
            "rows": square.rows,
            "columns": square.columns,
            "header": square.role is Role.HEADER,
            "left": square.role is Role.LABEL and table.header_rows > 0,
        }
    return _Set(said, high if square.rows == 1 else 0.0)


_GROUP = re.compile(r"^(（.{1,2}）)")  # its number on a line of its own


def fit(text: str, room: float, size: float, role: Role = Role.LABEL) -> tuple[float, str]:
    """(type size, text with line breaks) so that no word is wider than ``room`` points.

    A figure is one word as long as it can be set in one line.
    """
    if len(text) * 1.1 * size <= room:
        return size, text
    longest = max((width(word) for word in _words(text)), default=0.0)
    if role is Role.FIGURE and width(text) * LEAST <= room:
        longest = width(text)
    if longest * size <= room:
        return size, text
    if longest * LEAST <= room:
        return int(room / longest * 10) / 10, text
    return LEAST, "".join(_broken(word, room / LEAST) for word in _words(text))


def _lines(text: str, room: float, size: float) -> int:
    """How many lines a text takes, rather one too many."""
    return sum(int(width(line) * size * 1.04 / room) + 1 for line in text.split("\n"))


def _words(text: str) -> Iterator[str]:
    """Runs that do not break of themselves: Chinese characters one by one, others to a space."""
    run = ""
    for character in text:
        if character in " \n" or unicodedata.east_asian_width(character) in "WF":
            yield from (part for part in (run, character) if part)
            run = ""
        else:
            run += character
    if run:
        yield run


def _broken(word: str, room: float) -> str:
    lines = [""]
    for character in word:
        if lines[-1] and width(lines[-1] + character) > room:
            lines.append("")
        lines[-1] += character
    return "\n".join(lines)


def width(text: str) -> float:
    """The width of a text in ems, never less than it will be."""
    return sum(_WIDTHS.get(c, 0.75 if c.isascii() else 1.0) for c in text)


_WIDTHS = {
    **dict.fromkeys("0123456789", 0.57),
    **dict.fromkeys(".,:;'!|", 0.4),
    **dict.fromkeys("WM@%", 1.1),
}
