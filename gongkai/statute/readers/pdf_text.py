"""PDF 文字: runs of glyphs into words, lines and the text of a cell, in the order of reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongkai.statute.readers import pdf_chars
from gongkai.statute.readers.pdf_page import Run
from gongkai.statute.report import BBox

LEVEL = 0.45  # in ems: runs whose middles differ less stand on one line
APART = 0.55  # in ems: a gap a reader sees between Chinese characters
NUMBERED = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}[)）、.．](?!\d)|第[一二三四五六七八九十]+(?:[条章节编项款类、，]|部分)|[合总]计)"
)
WIDE = 1.0  # in ems: a gap that parts columns rather than words


@dataclass(slots=True)
class Word:
    """词: what stands without a visible gap; ``gap`` is the white before it, in ems."""

    text: str
    x0: float
    x1: float
    gap: float
    confidence: float = 1.0


@dataclass(slots=True)
class Line:
    """行: a line of text on one page. ``spaced``: the file holds a space before its first word."""

    page: int
    words: list[Word]
    bbox: BBox
    middle: float
    em: float
    spaced: bool = False

    @property
    def text(self) -> str:
        return " ".join(w.text for w in self.words)

    @property
    def x0(self) -> float:
        return self.bbox[0]

    @property
    def x1(self) -> float:
        return self.bbox[2]

    def segments(self) -> list[Word]:
        """The words taken together where no column can pass between them; a number of an item
        begins a column."""
        parts: list[Word] = []
        for word in self.words:
            if parts and word.gap < WIDE and not NUMBERED.match(word.text):
                last = parts[-1]
                sure = min(last.confidence, word.confidence)
                parts[-1] = Word(f"{last.text} {word.text}", last.x0, word.x1, last.gap, sure)
            else:
                parts.append(word)
        return parts


def rows(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs by the line they stand on, from top to bottom, each line from left to right."""
    found: list[list[Run]] = []
    middle = 0.0
    for run in sorted(runs, key=lambda r: r.middle):
        if found and run.middle - middle < LEVEL * max(run.em, found[-1][0].em):
            found[-1].append(run)
            middle += (run.middle - middle) / len(found[-1])
        else:
            found.append([run])
            middle = run.middle
    for row in found:
        row.sort(key=lambda r: r.x0)
    return found


def words(row: Sequence[Run]) -> list[Word]:
    """The runs of one line as words."""
    found: list[Word] = []
    last: Run | None = None
    for run in row:
        gap = (run.x0 - last.x1) / min(run.em, last.em) if last else 0.0
        if last and not _is_apart(last, run, gap):
            word = found[-1]
            word.text += run.text
            word.x1 = max(word.x1, run.x1)
            word.confidence = min(word.confidence, run.confidence)
        else:
            found.append(Word(run.text, run.x0, run.x1, gap, run.confidence))
        last = run
    return found


def _is_apart(last: Run, run: Run, gap: float) -> bool:
    """Whether a reader sees a gap. A space character counts only where it shows."""
    if run.spaced and gap > 0.1:
        return True
    narrow = not pdf_chars.is_wide(last.chars[-1]) and not pdf_chars.is_wide(run.chars[0])
    return gap > (pdf_chars.GAP if narrow else APART)


def lines(runs: Iterable[Run], page: int) -> list[Line]:
    """The lines of running text of one page."""
    return [_line(row, page) for row in rows(runs)]


def _line(row: list[Run], page: int) -> Line:
    middle = sum(r.middle * len(r.chars) for r in row) / sum(len(r.chars) for r in row)
    em = _size(row)
    return Line(
        page, words(row), around((r.x0, r.y0, r.x1, r.y1) for r in row), middle, em, row[0].spaced
    )


def _size(row: Sequence[Run]) -> float:
    """The size of the type of a line: a Chinese character tells it, other glyphs about."""
    longest = sorted(row, key=lambda run: -len(run.chars))
    for run in longest:
        for char, (x0, x1) in zip(run.chars, run.spans, strict=True):
            if "\u3400" <= char <= "\u9fff" and x1 - x0 > 0.4 * run.em:
                return x1 - x0
    return longest[0].em


def around(boxes: Iterable[BBox]) -> BBox:
    """The box around some boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def cell(runs: Sequence[Run]) -> tuple[str, tuple[str, ...]]:
    """The text of one drawn cell, its lines parted by newlines, and its pieces.

    Pieces are given where a line of the cell shows a gap: then every piece of the cell, in
    the order of reading.
    """
    if not runs:
        return "", ()
    turned = sum(len(r.chars) for r in runs if not r.upright)
    if 2 * turned > sum(len(r.chars) for r in runs) or _is_columnar(runs):
        return _by_file_order(runs), ()
    spelt = [words(row) for row in rows(runs)]
    texts = [" ".join(w.text for w in line) for line in spelt]
    gaps = any(len(line) > 1 for line in spelt)
    return stacked(texts), tuple(w.text for line in spelt for w in line) if gaps else ()


def stacked(texts: list[str]) -> str:
    """The lines of a cell as one text; a label written downwards is one line."""
    return ("" if _is_stacked(texts) else "\n").join(texts)


def _is_stacked(texts: list[str]) -> bool:
    """A label written downwards, a character to a line. A number is never taken for one."""
    if len(texts) < 3 or not any(pdf_chars.is_wide(c) for t in texts for c in t):
        return False
    return max(map(len, texts)) <= 2 and 3 * sum(len(t) == 1 for t in texts) >= 2 * len(texts)


def _is_columnar(runs: Sequence[Run]) -> bool:
    """Written downwards in several columns: in the file's order each glyph stands below the
    last, one em on, as no lines of ordinary text do."""
    order = sorted(runs, key=lambda r: r.order)
    if len(order) < 4 or any(len(r.chars) > 1 for r in order):
        return False
    down = sum(
        abs(b.x0 - a.x0) < 0.3 * a.em and 0.7 * a.em < b.middle - a.middle < 1.2 * a.em
        for a, b in zip(order, order[1:], strict=False)
    )
    spread = max(r.x0 for r in order) - min(r.x0 for r in order)
    return 3 * down >= 2 * (len(order) - 1) and spread > 0.8 * order[0].em


def _by_file_order(runs: Sequence[Run]) -> str:
    """Turned or downward text: the file's own order, a new line where the column changes."""
    text = ""
    last: Run | None = None
    for run in sorted(runs, key=lambda r: r.order):
        across = abs((run.x0 + run.x1) - (last.x0 + last.x1)) / 2 if last else 0.0
        text += ("\n" if across > 0.7 * run.em else "") + run.text
        last = run
    return text
