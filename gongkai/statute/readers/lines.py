"""行: a document as one sequence of lines, each a piece of prose or a row of tokens.

Layout is undone here: prose kept in table cells becomes prose again, cells set one to a line
become rows, a label followed by its figures on one line becomes a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gongkai.statute.readers import figures, headings, labels
from gongkai.statute.readers.blocks import Document, Grid, GridCell, Paragraph, Picture
from gongkai.statute.report import Place

_SENTENCE = re.compile(r"[。；！？]")


class Token:
    """一格: a cell within a row, with what it looks like: ``blank``, or like a figure (``value``),
    or else a text. ``inherited``: the cell began in a row above and spans into this one."""

    __slots__ = ("blank", "cell", "filled", "inherited", "squeezed", "value")

    def __init__(self, cell: GridCell, inherited: bool = False) -> None:
        self.cell = cell
        self.inherited = inherited
        self.squeezed = labels.squeeze(cell.text)
        self.blank = not self.squeezed
        self.filled = not self.blank
        self.value = figures.is_value(self.squeezed)


@dataclass(slots=True)
class Line:
    """一行: prose (``text``) or a table row (``tokens``); ``grid`` numbers the grid it is in."""

    text: str = ""
    tokens: list[Token] = field(default_factory=list)
    place: Place = Place()
    grid: int | None = None
    drawn: bool = False
    picture: bool = False
    confidence: float = 1.0  # of the text; tokens have their own

    @property
    def is_row(self) -> bool:
        """A row of a table, not prose."""
        return bool(self.tokens)

    def plain(self) -> str:
        """The row as a line of text, for what turns out to be prose."""
        if not self.tokens:
            return self.text
        return "\t".join(t.cell.text for t in self.tokens if not t.inherited).strip("\t")


def of(document: Document) -> list[Line]:
    """All lines of a document, in reading order."""
    found: list[Line] = []
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            found.extend(_prose(block.text, block.place, block.confidence))
        elif isinstance(block, Picture):
            found.append(Line(block.alt, place=block.place, picture=True))
        elif block.stream or block.columns == 1 and not _is_report_table(block):
            for cell in block.cells:
                found.extend(_prose(cell.text, cell.place, cell.confidence))
        else:
            found.extend(_rows(block, number))
    return list(_streams(found))


def _prose(text: str, place: Place, confidence: float) -> Iterator[Line]:
    """Paragraph text line by line; a line that is a label with its figures becomes a row."""
    for offset, part in enumerate(text.split("\n")):
        if not part.strip() or labels.PAGE_NUMBER.match(part):
            continue
        at = place if offset == 0 or place.line is None else replace(place, line=place.line)
        row = _label_and_figures(part, at, confidence)
        yield row or Line(part, place=at, confidence=confidence)


def _label_and_figures(text: str, place: Place, confidence: float) -> Line | None:
    if len(text) > 160:
        return None
    pieces = text.split()
    if len(pieces) > 1 and sum(labels.core(p) in labels.header_words() for p in pieces) > 1:
        return _row_of(pieces, place, confidence)
    told = _after_label(pieces)
    if told == 0 and _SENTENCE.search(text):
        return None
    behind = _figures_behind(pieces)
    if told or behind >= 5 or behind == len(pieces) > 1:
        return _row_of(pieces, place, confidence)
    return None


def _after_label(pieces: Sequence[str]) -> int:
    """How many pieces at the start are a row's label, if figures follow it; else 0."""
    words = labels.row_words()
    for end in range(min(len(pieces) - 1, 4), 0, -1):
        if labels.core("".join(pieces[:end])) in words or labels.core(pieces[end - 1]) in words:
            rest = pieces[end:]
            good = sum(figures.is_value(labels.squeeze(p)) for p in rest)
            return end if good * 2 > len(rest) and all(len(p) <= 20 for p in rest) else 0
    return 0


def _figures_behind(pieces: Sequence[str]) -> int:
    """How many figures stand at the end of a line of words."""
    count = 0
    for piece in reversed(pieces):
        if not figures.is_value(labels.squeeze(piece)):
            break
        count += 1
    return count


def _row_of(texts: Sequence[str], place: Place, confidence: float) -> Line:
    cells = [
        GridCell(0, c, text, place=replace(place, column=c + 1), confidence=confidence)
        for c, text in enumerate(texts)
    ]
    return Line(tokens=[Token(c) for c in cells], place=place, grid=-1)


def _is_report_table(grid: Grid) -> bool:
    return any(labels.core(c.text) in labels.signs() for c in grid.cells if len(c.text) < 60)


def _rows(grid: Grid, number: int) -> Iterator[Line]:
    """The rows of a grid; a row that holds only prose comes out as prose."""
    by_row: dict[int, list[GridCell]] = {}
    spanning: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
        for r in range(cell.row + 1, min(cell.row + cell.row_span, grid.rows)):
            spanning.setdefault(r, []).append(cell)
    for r in range(grid.rows):
        own = by_row.get(r, [])
        if not own:
            continue
        filled = [c for c in own if c.text.strip()]
        if len(filled) == 1 and _reads_as_prose(filled[0].text):
            yield from _prose(filled[0].text, filled[0].place, filled[0].confidence)
            continue
        tokens = [Token(c) for c in own] + [
            Token(c, inherited=True) for c in spanning.get(r, ()) if c.text.strip()
        ]
        tokens.sort(key=lambda t: t.cell.column)
        yield Line(
            tokens=tokens,
            place=(filled or own)[0].place,
            grid=number,
            drawn=grid.drawn,
        )


def _reads_as_prose(text: str) -> bool:
    """A cell that alone fills its row and is no label: a sentence, or a section's heading."""
    squeezed = labels.squeeze(text)
    if labels.core_of(squeezed) in labels.signs():
        return False
    return (
        len(squeezed) > 45
        and bool(_SENTENCE.search(text))
        or "\n" in text.strip()
        and len(squeezed) > 120
    )


# 一格一行: a table whose cells stand one to a line, without any sign.
def _streams(lines: list[Line]) -> Iterator[Line]:
    i = 0
    while i < len(lines):
        end = _stream_end(lines, i)
        if end > i:
            yield from _stream_rows(lines[i:end])
            i = end
        else:
            yield lines[i]
            i += 1


def _stream_end(lines: list[Line], start: int) -> int:
    """Where a run of cells set one to a line ends; ``start`` itself where none begins here."""
    if not _starts_stream(lines, start):
        return start
    end, last, figure_count, quiet = start, start, 0, 0
    while end < len(lines) and not lines[end].is_row and not lines[end].picture:
        text = lines[end].text.strip()
        if len(text) > 60 or _SENTENCE.search(text) or quiet > 16:
            break
        if headings.section_of(text):
            break
        squeezed = labels.squeeze(text)
        if figures.is_value(squeezed):
            figure_count += 1
            last, quiet = end + 1, 0
        elif labels.core_of(squeezed) in labels.signs():
            quiet = 0
        else:
            quiet += 1
        end += 1
    lone = sum(1 for ln in lines[start:last] if figures.is_value(labels.squeeze(ln.text)))
    return last if figure_count >= 3 and lone * 4 >= last - start else start


def _starts_stream(lines: list[Line], start: int) -> bool:
    """A label of the form, whole or broken over a few lines."""
    first = lines[start]
    if first.is_row or len(first.text) > 45 or labels.core(first.text) not in labels.beginnings():
        return False
    texts = []
    for line in lines[start : start + 4]:
        if line.is_row or line.picture or len(line.text) > 45:
            break
        texts.append(line.text)
        if _is_word(texts) and labels.core("".join(texts)) in labels.signs():
            return True
    return False


def _stream_rows(run: list[Line]) -> Iterator[Line]:
    """Rows out of a run of cells: labels, then figures, until the next label."""
    tokens: list[GridCell] = []
    seen_figure = False

    def row() -> Line:
        return Line(tokens=[Token(c) for c in tokens], place=tokens[0].place, grid=-2)

    for text, place, confidence in _whole_labels(run):
        is_figure = figures.is_value(labels.squeeze(text))
        if tokens and seen_figure and not is_figure:
            yield row()
            tokens, seen_figure = [], False
        seen_figure = seen_figure or is_figure
        tokens.append(GridCell(0, len(tokens), text, place=place, confidence=confidence))
    if tokens:
        yield row()


def _whole_labels(run: list[Line]) -> Iterator[tuple[str, Place, float]]:
    """The cells of a stream, labels broken over lines put together again."""
    texts = [line.text for line in run]
    i = 0
    while i < len(run):
        end = max(
            (k for k in range(i + 2, min(i + 6, len(run)) + 1) if _is_word(texts[i:k])), default=i
        )
        if end > i:
            sure = min(line.confidence for line in run[i:end])
            yield "".join(texts[i:end]), run[i].place, sure
            i = end
        else:
            yield texts[i], run[i].place, run[i].confidence
            i += 1


def _is_word(pieces: Sequence[str]) -> bool:
    """Whether pieces together are a label of the form (a lone figure among them is its number)."""
    if any(figures.is_value(labels.squeeze(p)) for p in pieces[1:]):
        return False
    numbered = len(pieces) > 1 and pieces[1].lstrip()[:1] in tuple(".、．")
    if figures.is_value(labels.squeeze(pieces[0])) and not numbered:
        return False
    return labels.core("".join(pieces)) in labels.all_words()
