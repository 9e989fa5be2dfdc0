"""样本表格: the three tables of a report as models, and as drawn: boxes with their spans.

A model (`Proactive`, `Applications`, `Remedies`) is what changes act upon; `draw` turns it into
the grid a form prints, merged cells and all; carriers only see `Drawn`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from gongkai.statute.tests.specimens.figures import Specimen

Kind = Literal["head", "label", "figure", "extra"]
LabelStyle = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """数: a figure as printed and the address it is printed at (None: it belongs to none)."""

    text: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """行标签: one label in a row's path, and how many label columns it takes."""

    id: str
    text: str
    width: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """行: the labels from outermost to the row's own, and its figures."""

    id: str
    labels: tuple[Label, ...]
    figures: tuple[Figure, ...]

    def relabelled(self, text: str) -> Row:
        """This row with another own label."""
        return replace(self, labels=(*self.labels[:-1], replace(self.labels[-1], text=text)))


@dataclass(frozen=True, slots=True)
class Head:
    """列标签: the header of one column of figures, and the group label above it."""

    id: str
    text: str
    group: str | None = None


# --- as drawn -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """格: one drawn box, at a column of its line, with its spans."""

    text: str
    column: int
    columns: int = 1
    rows: int = 1
    kind: Kind = "figure"


@dataclass(frozen=True, slots=True)
class Drawn:
    """画出的表: the boxes by the line they begin in; ``keys`` name the lines (row ids)."""

    id: str
    width: int
    lines: tuple[tuple[Box, ...], ...]
    keys: tuple[str, ...]

    def spread(self) -> list[list[tuple[Box | None, bool]]]:
        """Every position as (box, whether the box begins here); None where nothing is drawn."""
        grid: list[list[tuple[Box | None, bool]]] = [
            [(None, False)] * self.width for _ in self.lines
        ]
        for y, line in enumerate(self.lines):
            for box in line:
                for dy in range(box.rows):
                    for dx in range(box.columns):
                        if y + dy < len(grid):
                            grid[y + dy][box.column + dx] = (box, dy == dx == 0)
        return grid

    def cut(self, at: int, *, header: int = 0, labels: bool = True) -> tuple[Drawn, Drawn]:
        """The table cut before line ``at``: spans end at the cut and begin anew behind it.

        ``header`` lines are repeated on the second part; ``labels`` repeats the merged labels
        that go on, otherwise their boxes stand empty.
        """
        first = self._part(0, at, labels=True)
        second = self._part(at, len(self.lines), labels=labels)
        if header:
            head = self._part(0, header, labels=True)
            second = replace(second, lines=head.lines + second.lines, keys=head.keys + second.keys)
        return first, second

    def _part(self, start: int, end: int, *, labels: bool) -> Drawn:
        lines: list[list[Box]] = [[] for _ in range(start, end)]
        for y, line in enumerate(self.lines):
            for box in line:
                top, bottom = max(y, start), min(y + box.rows, end)
                if top < bottom:
                    text = box.text if labels or y >= start else ""
                    lines[top - start].append(replace(box, rows=bottom - top, text=text))
        ordered = tuple(tuple(sorted(line, key=lambda b: b.column)) for line in lines)
        return replace(self, lines=ordered, keys=self.keys[start:end])


def stacked(tables: Sequence[Drawn]) -> Drawn:
    """Several tables as one, the widest giving the width; the last box of a line is stretched."""
    width = max(t.width for t in tables)
    lines: list[tuple[Box, ...]] = []
    for table in tables:
        for line in table.lines:
            last = line[-1] if line else None
            if last and last.column + last.columns == table.width < width:
                stretched = replace(last, columns=last.columns + width - table.width)
                line = (*line[:-1], stretched)
            lines.append(line)
    return Drawn("all", width, tuple(lines), tuple(k for t in tables for k in t.keys))


# --- 表二 主动公开 ---------------------------------------------------------------------------


@dataclass(slots=True)
class ProactiveBlock:
    """表二的一块: its heading, its column labels, its rows."""

    id: str
    heading: str
    label_column: str
    heads: tuple[Head, ...]
    rows: list[Row]


@dataclass(slots=True)
class Proactive:
    """表二: blocks stacked on four columns; ``pad`` leaves the free columns unmerged."""

    blocks: list[ProactiveBlock]
    pad: bool = False

    def draw(self) -> Drawn:
        """The table as boxes."""
        lines: list[tuple[Box, ...]] = []
        keys: list[str] = []
        for block in self.blocks:
            lines.append((Box(block.heading, 0, 4, kind="head"),))
            heads = [block.label_column, *(h.text for h in block.heads)]
            lines.append(self._line(heads, "head", "head"))
            keys += ["heading", "head"]
            for row in block.rows:
                texts = [row.labels[-1].text, *(f.text for f in row.figures)]
                lines.append(self._line(texts, "label", "figure"))
                keys.append(row.id)
        return Drawn("proactive", 4, tuple(lines), tuple(keys))

    def _line(self, texts: Sequence[str], first: Kind, rest: Kind) -> tuple[Box, ...]:
        boxes = [Box(t, i, kind=rest if i else first) for i, t in enumerate(texts)]
        missing = 4 - len(boxes)
        if missing and self.pad:
            boxes += [Box("", len(texts) + i, kind="extra") for i in range(missing)]
        elif missing > 0:
            boxes[-1] = replace(boxes[-1], columns=1 + missing)
        return tuple(boxes)

    def rows(self) -> Iterator[Row]:
        """All rows with figures."""
        for block in self.blocks:
            yield from block.rows


def proactive(specimen: Specimen, style: LabelStyle = str) -> Proactive:
    """表二 of a specimen."""
    blocks = []
    for block in specimen.form.tables["proactive"].blocks:
        rows = [
            Row(
                row.id,
                (Label(row.id, style(row.label)),),
                tuple(
                    _figure(specimen, f"proactive.{row.id}.{column.id}") for column in block.columns
                ),
            )
            for row in block.figure_rows
        ]
        heads = tuple(Head(c.id, style(c.label)) for c in block.columns)
        heading = style(block.heading or "")
        blocks.append(ProactiveBlock(block.id, heading, style("信息内容"), heads, rows))
    return Proactive(blocks)


# --- 表三 申请 -------------------------------------------------------------------------------

CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@dataclass(slots=True)
class Extra:
    """表外的列: a column the form does not have, before the labels or behind the figures."""

    head: str
    texts: dict[str, str]
    first: bool = False


@dataclass(slots=True)
class Applications:
    """表三: rows under a three-line header over three label columns.

    ``header`` official: as the form prints it; swapped: lines one and two exchanged; corner:
    the corner text only on the last line; flat: a single line; none: no header at all.
    ``broken`` maps a row to where its label breaks off, to go on alone in the next row.
    """

    heads: list[Head]
    rows: list[Row]
    corner: str = CORNER
    top: str = "申请人情况"
    header: Literal["official", "swapped", "corner", "flat", "none"] = "official"
    extra: Extra | None = None
    broken: dict[str, int] = field(default_factory=dict)

    LABELS = 3

    def draw(self) -> Drawn:
        """The table as boxes."""
        shift = 1 if self.extra and self.extra.first else 0
        width = shift + self.LABELS + len(self.heads) + (1 if self.extra and not shift else 0)
        head = [tuple(self._shifted(line, shift)) for line in self._header()]
        lines: list[list[Box]] = [list(line) for line in head]
        keys = ["head"] * len(lines)
        if self.extra and lines:
            place = 0 if shift else width - 1
            lines[0].append(Box(self.extra.head, place, rows=len(lines), kind="head"))
        body, names = self._body(shift)
        if self.extra:
            for line, name in zip(body, names, strict=True):
                text = self.extra.texts.get(name, "")
                line.append(Box(text, 0 if shift else width - 1, kind="extra"))
        ordered = [tuple(sorted(line, key=lambda b: b.column)) for line in lines + body]
        return Drawn("applications", width, tuple(ordered), tuple(keys + names))

    @staticmethod
    def _shifted(line: Sequence[Box], by: int) -> list[Box]:
        return [replace(box, column=box.column + by) for box in line]

    def _header(self) -> list[list[Box]]:
        if self.header == "none":
            return []
        first, n = self.LABELS, len(self.heads)
        if self.header == "flat":
            names = [Box(h.text, first + i, kind="head") for i, h in enumerate(self.heads)]
            return [[Box("", 0, first, kind="head"), *names]]
        top = [Box(self.top, first, n, kind="head")]
        groups = self._groups(first, 2 if self.header == "official" else 1)
        names = [Box(h.text, first + i, kind="head") for i, h in enumerate(self.heads) if h.group]
        if self.header == "official":
            return [[Box(self.corner, 0, first, 3, "head"), *top], groups, names]
        empty = [Box("", 0, first, kind="head")]
        corner = [Box(self.corner, 0, first, kind="head")]
        gaps = [Box("", first + i, kind="head") for i, h in enumerate(self.heads) if not h.group]
        last = sorted(names + gaps, key=lambda b: b.column)
        if self.header == "corner":
            return [empty + top, empty + groups, corner + last]
        return [corner + groups, empty + top, empty + last]

    def _groups(self, first: int, rows: int) -> list[Box]:
        """Line two: each group over its run of columns; the others ``rows`` high."""
        boxes: list[Box] = []
        for i, head in enumerate(self.heads):
            if head.group is None:
                boxes.append(Box(head.text, first + i, rows=rows, kind="head"))
            elif i and self.heads[i - 1].group == head.group:
                boxes[-1] = replace(boxes[-1], columns=boxes[-1].columns + 1)
            else:
                boxes.append(Box(head.group, first + i, kind="head"))
        return boxes

    def _body(self, shift: int) -> tuple[list[list[Box]], list[str]]:
        rows = self._with_broken()
        lines: list[list[Box]] = []
        for y, row in enumerate(rows):
            line, column = [], shift
            for depth, label in enumerate(row.labels):
                if depth == len(row.labels) - 1 or not self._same(rows, y - 1, row, depth):
                    run = 1
                    while depth < len(row.labels) - 1 and self._same(rows, y + run, row, depth):
                        run += 1
                    line.append(Box(label.text, column, label.width, run, "label"))
                column += label.width
            line += [Box(f.text, column + i) for i, f in enumerate(row.figures)]
            lines.append(line)
        return lines, [row.id for row in rows]

    @staticmethod
    def _same(rows: Sequence[Row], y: int, row: Row, depth: int) -> bool:
        """Whether row ``y`` stands under the same outer label as ``row`` at this depth."""
        if not 0 <= y < len(rows) or depth >= len(rows[y].labels) - 1:
            return False
        return rows[y].labels[depth].id == row.labels[depth].id

    def _with_broken(self) -> list[Row]:
        rows: list[Row] = []
        for row in self.rows:
            at = self.broken.get(row.id)
            if not at:
                rows.append(row)
                continue
            text = row.labels[-1].text
            rows.append(row.relabelled(text[:at]))
            rest = row.relabelled(text[at:])
            rows.append(replace(rest, id="", figures=tuple(Figure("") for _ in row.figures)))
        return rows


def applications(specimen: Specimen, style: LabelStyle = str) -> Applications:
    """表三 of a specimen."""
    block = specimen.form.tables["applications"].blocks[0]
    specs = {row.id: row for row in block.rows}
    rows = []
    for row in block.figure_rows:
        path = [row]
        while path[0].parent:
            path.insert(0, specs[path[0].parent])
        own = Applications.LABELS - len(path) + 1
        labels = tuple(Label(r.id, style(r.label), own if r is row else 1) for r in path)
        figures = tuple(
            _figure(specimen, f"applications.{row.id}.{column.id}") for column in block.columns
        )
        rows.append(Row(row.id, labels, figures))
    heads = [
        Head(c.id, style(c.label), style(c.group[-1]) if len(c.group) > 1 else None)
        for c in block.columns
    ]
    return Applications(heads, rows, style(CORNER), style("申请人情况"))


# --- 表四 复议、诉讼 --------------------------------------------------------------------------


@dataclass(slots=True)
class Remedies:
    """表四: one line of figures under a three-line header. ``extra`` figures stand behind them."""

    groups: list[tuple[str, list[Head]]]
    figures: list[Figure]
    reconsideration: str = "行政复议"
    litigation: str = "行政诉讼"
    extra: list[str] = field(default_factory=list)

    def draw(self) -> Drawn:
        """The table as boxes."""
        width = 15 + len(self.extra)
        top = (
            Box(self.reconsideration, 0, 5, kind="head"),
            Box(self.litigation, 5, 10, kind="head"),
        )
        (_, first), *suits = self.groups
        middle = [Box(h.text, i, rows=2, kind="head") for i, h in enumerate(first)]
        middle += [Box(t, 5 + 5 * i, 5, kind="head") for i, (t, _) in enumerate(suits)]
        names = [h for _, heads in suits for h in heads]
        bottom = tuple(Box(h.text, 5 + i, kind="head") for i, h in enumerate(names))
        texts = [f.text for f in self.figures] + self.extra
        data = tuple(Box(t, i) for i, t in enumerate(texts))
        lines = (top, tuple(middle), bottom, data)
        return Drawn("remedies", width, lines, ("head", "head", "head", "remedies"))


def remedies(specimen: Specimen, style: LabelStyle = str) -> Remedies:
    """表四 of a specimen."""
    groups, figures = [], []
    for block in specimen.form.tables["remedies"].blocks:
        column_group = block.columns[0].group[-1]
        groups.append((style(column_group), [Head(c.id, style(c.label)) for c in block.columns]))
        figures += [_figure(specimen, f"remedies.{block.id}.{c.id}") for c in block.columns]
    return Remedies(groups, figures, style("行政复议"), style("行政诉讼"))


def _figure(specimen: Specimen, address: str) -> Figure:
    return Figure(specimen.cells[address].text, address)
