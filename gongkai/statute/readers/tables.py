"""表格归属: which rows belong to which of the three tables, and what is label, what is figure.

A row belongs to a table by the words it holds; a row without words stays with the rows before
it, or with the table its section is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.statute.readers import figures, headings, labels
from gongkai.statute.readers.blocks import GridCell
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
    orphans: list[tuple[int, Line]] = []  # rows before it is known which table they are of
    for index, line in enumerate(lines):
        if head := by_heading.get(index):
            _take_ending(found.get(current or ""), waiting)
            current, waiting, orphans = SECTION_TABLE.get(head.no), [], []
            continue
        if line.is_row:
            told = table_of(line)
            if told is not None and told != current:
                waiting = [*orphans, *waiting] if current is None else []
                current, orphans = told, []
            if current is None:
                orphans.extend([*waiting, (index, line)] if line.grid != -1 else [])
                waiting = []
                continue
            segment = found.setdefault(current, Segment())
            for at, prose in waiting:
                _take(segment, at, prose)
            waiting = []
            _take(segment, index, line)
        elif line.picture:
            continue
        elif current is not None and figures.is_value(labels.squeeze(line.text)):
            segment = found.setdefault(current, Segment())
            for at, prose in waiting:
                _take(segment, at, prose)
            waiting = []
            _take(segment, index, line)
        elif _may_be_label(line.text) or _prose_table(line.text):
            told = _prose_table(line.text)
            if told is not None and told != current:
                waiting = waiting if current is None else []
                current = told
            waiting.append((index, line))
        else:
            waiting, orphans = [], []
    return {name: s for name, s in found.items() if any(_figures(ln) for ln in s.lines)}


def _take(segment: Segment, index: int, line: Line) -> None:
    segment.lines.append(line)
    segment.used.append(index)


def _take_ending(segment: Segment | None, waiting: Sequence[tuple[int, Line]]) -> None:
    """The end of the last row's label, where it stands alone below the table."""
    if segment is None or not waiting:
        return
    index, prose = waiting[0]
    named = [t for t in segment.lines[-1].tokens if t.filled and not t.value and not t.inherited]
    if named and labels.core(named[-1].cell.text + prose.text) in labels.row_words():
        _take(segment, index, prose)


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
    signs = labels.signs()
    pieces = (text, *text.split())
    return next((signs[c] for p in pieces if (c := labels.core(p)) in signs), None)


def _may_be_label(text: str) -> bool:
    plain = text.strip()
    if plain.endswith(("报告", "年报")):
        return False  # a title right above the table
    return len(plain) <= 45 and not any(ch in plain for ch in "。；：！")


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


@dataclass(frozen=True, slots=True)
class Words:
    """一张表的词: what its rows are parted by: cores of row labels, of headings that a row label
    follows, of column labels (to ids), and how many figures a full row has."""

    leaves: frozenset[str]
    headings: frozenset[str]
    columns: dict[str, str]
    width: int


def rows(lines: Sequence[Line], words: Words) -> list[Row]:
    """The lines as rows of labels and figures."""
    parted = [_part(piece, words) for line in lines for piece in _behind_header(line, words)]
    return [row for row in parted if row.labels or row.values]


def _behind_header(line: Line, words: Words) -> list[Line]:
    """A header and the first row behind it that came as one row: apart again."""
    named = [i for i, t in enumerate(line.tokens) if labels.core_of(t.squeezed) in words.columns]
    least = 1 if words.width == 1 else 3
    if line.drawn or len(named) < least or not any(t.value for t in line.tokens):
        return [line]
    cut = named[-1] + 1
    if any(t.value for t in line.tokens[:cut]):
        return [line]
    head = Line(tokens=line.tokens[:cut], place=line.place, grid=line.grid)
    rest = line.tokens[cut:]
    return [head, Line(tokens=rest, place=rest[0].cell.place, grid=line.grid)]


def _part(line: Line, words: Words) -> Row:
    if not line.is_row:
        token = _prose_token(line)
        return Row([], [token], line) if token.value else Row([token], [], line)
    own = [t for t in line.tokens if not t.inherited]
    if is_header(own, words):
        return Row(own, [], line, header=True)
    if all(t.blank for t in own):
        return Row([], own, line)
    if not any(t.value for t in own) and not any(_names_row(t, words) for t in own):
        return Row(own, [], line)
    at = _last_label(own, words)
    inherited = [t for t in line.tokens if t.inherited]
    return Row([*inherited, *own[:at]], own[at:], line)


def _names_row(token: Token, words: Words) -> bool:
    core = labels.core_of(token.squeezed)
    known = core in words.leaves or core in words.headings
    return known and (core not in words.columns or labels.mark(token.squeezed) is not None)


def _prose_token(line: Line) -> Token:
    return Token(GridCell(0, 0, line.text, place=line.place, confidence=line.confidence))


def is_header(tokens: Sequence[Token], words: Words) -> bool:
    """A row of column labels (at least two where the table has several columns), no figure."""
    named = [t for t in tokens if not t.blank and labels.core_of(t.squeezed) in words.columns]
    if len(named) < (1 if words.width == 1 else 2):
        return False
    return not any(t.value and t.squeezed not in figures.NOT_APPLICABLE for t in tokens)


def _last_label(tokens: Sequence[Token], words: Words) -> int:
    """Where the figures begin: behind the row's label, as far as it can be told."""
    leaf = heading = texts = 0
    strange: list[int] = []
    for position, token in enumerate(tokens):
        if token.blank or token.value:
            continue
        core = labels.core_of(token.squeezed)
        if core in words.leaves:
            leaf = position + 1
        elif core in words.headings:
            heading = position + 1
        strange.append(position)
        texts = position + 1
    width, size = words.width, len(tokens)
    if leaf and (width == 1 or size - leaf >= width):
        return leaf
    if not words.leaves and not heading and size >= width and len(strange) * 4 <= size:
        return texts if size - texts == width else 0  # 表四: its one row has no label
    if leaf and (texts <= leaf or size - leaf <= width or any(t.value for t in tokens[leaf:texts])):
        return leaf
    if heading and not any(t.value for t in tokens[heading:texts]):
        return texts
    if leaf or heading:
        return texts if size - texts >= width else max(leaf, heading)
    among = bool(strange) and any(t.value for t in tokens[: strange[0]])
    if among and size >= width > 1 and len(strange) * 4 <= size:
        return 0  # a row without a label; what is no figure stands among the figures
    if strange and size - texts < width <= size - strange[0] - 1:
        return max(1, size - width)
    return texts
