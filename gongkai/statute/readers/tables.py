"""表格归属: which rows belong to which of the three tables, and what is label, what is figure.

A row belongs to a table by the words it holds; a row without words stays with the rows before
it, or with the table its section is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.statute.readers import figures, headings, labels
from gongkai.statute.readers.lines import Line, Token
from gongkai.statute.report import Place

SECTION_TABLE = {2: "proactive", 3: "applications", 4: "remedies"}


@dataclass(slots=True)
class Segment:
    """表的各行: the lines of one table in order; ``used`` are their indexes among all lines."""

    lines: list[Line] = field(default_factory=list)
    used: list[int] = field(default_factory=list)


def split(lines: Sequence[Line], heads: Sequence[headings.Heading]) -> dict[str, Segment]:
    """The lines of each table. Prose between rows is taken only where rows go on after it."""
    by_heading = {h.index: h for h in heads}
    found: dict[str, Segment] = {}
    current: str | None = None
    waiting: list[tuple[int, Line]] = []  # short prose that may be a label broken off
    for index, line in enumerate(lines):
        if head := by_heading.get(index):
            current, waiting = SECTION_TABLE.get(head.no), []
            continue
        if line.is_row:
            told = table_of(line)
            if told is not None and told != current:
                current, waiting = told, []
            if current is None:
                continue
            segment = found.setdefault(current, Segment())
            for at, prose in waiting:
                _take(segment, at, prose)
            waiting = []
            _take(segment, index, line)
        elif line.picture:
            continue
        elif _may_be_label(line.text):
            told = _prose_table(line.text)
            if told is not None and told != current:
                current, waiting = told, []
            if current is not None:
                waiting.append((index, line))
        else:
            waiting = []
    return {name: s for name, s in found.items() if any(_figures(ln) for ln in s.lines)}


def _take(segment: Segment, index: int, line: Line) -> None:
    segment.lines.append(line)
    segment.used.append(index)


def _figures(line: Line) -> bool:
    return any(t.value or t.blank for t in line.tokens)


def table_of(line: Line) -> str | None:
    """The table a row's words point to; None where it has none or they disagree."""
    signs = labels.signs()
    told: set[str] = set()
    for token in line.tokens:
        if token.inherited or token.blank or len(token.squeezed) > 60:
            continue
        if table := signs.get(labels.core_of(token.squeezed)):
            told.add(table)
    return told.pop() if len(told) == 1 else None


def _prose_table(text: str) -> str | None:
    return labels.signs().get(labels.core(text))


def _may_be_label(text: str) -> bool:
    return len(text.strip()) <= 45 and not any(ch in text for ch in "。；：！")


@dataclass(slots=True)
class Row:
    """一行: a table row parted into label tokens and figure tokens."""

    labels: list[Token]
    values: list[Token]
    line: Line
    header: bool = False  # holds column labels and no figures

    @property
    def place(self) -> Place:
        """Where its label stands, or else its first figure."""
        for token in (*self.labels, *self.values):
            if not token.blank and not token.inherited:
                return token.cell.place
        return self.line.place

    @property
    def filled(self) -> list[Token]:
        """The figures that are not blank."""
        return [t for t in self.values if not t.blank]

    def raw(self) -> str:
        """The row as printed, its cells apart by tabs."""
        return self.line.plain() or "\t".join(t.cell.text for t in (*self.labels, *self.values))


def rows(
    lines: Sequence[Line], words: Sequence[str], width: int, columns: dict[str, str]
) -> list[Row]:
    """The lines as rows. ``words`` are the cores of row labels and headings, ``columns`` the
    cores of column labels to ids; ``width`` is how many figures a full row has."""
    known = frozenset(words)
    parted = [_part(line, known, width, columns) for line in lines]
    return [row for row in parted if row.labels or row.values]


def _part(line: Line, known: frozenset[str], width: int, columns: dict[str, str]) -> Row:
    if not line.is_row:
        return Row([_prose_token(line)], [], line)
    own = [t for t in line.tokens if not t.inherited]
    if is_header(own, columns, 1 if width == 1 else 2):
        return Row(own, [], line, header=True)
    if all(t.blank for t in own):
        return Row([], own, line)
    if not any(t.value for t in own) and not any(_names_row(t, known, columns) for t in own):
        return Row(own, [], line)
    at = _last_label(own, known, width)
    inherited = [t for t in line.tokens if t.inherited]
    return Row([*inherited, *own[:at]], own[at:], line)


def _names_row(token: Token, known: frozenset[str], columns: dict[str, str]) -> bool:
    core = labels.core_of(token.squeezed)
    return core in known and (core not in columns or labels.mark(token.squeezed) is not None)


def _prose_token(line: Line) -> Token:
    from gongkai.statute.readers.blocks import GridCell

    return Token(GridCell(0, 0, line.text, place=line.place), labels.squeeze(line.text))


def is_header(tokens: Sequence[Token], columns: dict[str, str], least: int) -> bool:
    """A row of column labels: at least so many of them and no figure."""
    named = [t for t in tokens if not t.blank and labels.core_of(t.squeezed) in columns]
    if len(named) < least:
        return False
    return not any(t.value and t.squeezed not in figures.NOT_APPLICABLE for t in tokens)


def _last_label(tokens: Sequence[Token], known: frozenset[str], width: int) -> int:
    """Where the figures begin: after the last word of the form, else after the last text."""
    exact = texts = 0
    for position, token in enumerate(tokens):
        if token.blank or token.value:
            continue
        if labels.core_of(token.squeezed) in known:
            exact = position + 1
        texts = position + 1
    if exact and (texts == exact or len(tokens) - texts < width <= len(tokens) - exact):
        return exact
    if not exact and texts and len(tokens) - texts < width:
        first = next((i for i, t in enumerate(tokens) if not t.blank and not t.value), 0)
        if len(tokens) - first - 1 >= width:
            return _label_run(tokens, width)
    return texts


def _label_run(tokens: Sequence[Token], width: int) -> int:
    """Where a text stands among the figures: the label is what leaves exactly ``width``."""
    return max(1, len(tokens) - width)
