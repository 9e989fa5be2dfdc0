"""终端版面: the sheet a page is printed on: width, colour, language; Chinese wrapped as Chinese.

Nothing is said by colour alone, and a page reads the same where there is none.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from rich.cells import cell_len, set_cell_size

from gongkai.statute.texts import Lang, Text

if TYPE_CHECKING:
    from gongkai.statute.report import Place

WIDEST = 110
"""Longer lines are hard to follow; a wider terminal stays empty on the right."""

_PIECES = re.compile(r"\n|\s+|[!-~–—…]+|.", re.DOTALL)
_CONTROLS = (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_STEERING = {code: "\ufffd" for code in _CONTROLS if chr(code) not in "\n\t"}
_NEVER_FIRST = "，。；：、？！）”’》〉】」』·,.;:?!)]}%…"
_NEVER_LAST = "（“‘《〈【「『([{"


@dataclass(frozen=True, slots=True)
class Paper:
    """纸面: the language, the width in columns, and whether colours are shown."""

    lang: Lang
    width: int
    color: bool


def paper(lang: Lang, stream: TextIO | None = None) -> Paper:
    """The paper for a stream (standard output unless told).

    Colours only on a terminal, and not where NO_COLOR is set or TERM is dumb.
    """
    stream = stream or sys.stdout
    columns = shutil.get_terminal_size((100, 24)).columns
    color = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Paper(lang, max(40, min(columns, WIDEST)), color)


def harmless(text: str) -> str:
    """The text with what would steer the terminal, or turn the direction of writing, as a sign:
    names of files and words in them come from anywhere."""
    return text if text.isprintable() else text.translate(_STEERING)


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` columns: Chinese breaks anywhere, words do not.

    No line begins with a closing mark or ends with an opening one (行首行尾禁则).
    """
    lines: list[str] = []
    line = ""
    for unit in _units(text):
        if unit == "\n":
            lines.append(line.rstrip())
            line = ""
        elif cell_len(line) + cell_len(unit.rstrip()) <= width:
            line += unit if line or unit.strip() else ""
        else:
            if line:
                lines.append(line.rstrip())
            line = unit.lstrip()
            while cell_len(line) > width:
                head = set_cell_size(line, width).rstrip()
                lines.append(head)
                line = line[len(head) :]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _units(text: str) -> Iterable[str]:
    """Pieces that stay together on a line."""
    unit = ""
    for piece in _PIECES.findall(text):
        glued = piece[0] in _NEVER_FIRST or (unit and unit[-1] in _NEVER_LAST)
        if piece == "\n" or not glued:
            if unit:
                yield unit
            unit = ""
        if piece == "\n":
            yield piece
        else:
            unit += piece
    if unit:
        yield unit


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text filled with spaces to ``width`` columns; a longer one stays as it is."""
    space = " " * max(0, width - cell_len(text))
    return space + text if right else text + space


def clip(text: str, width: int) -> str:
    """The text on one line of at most ``width`` columns, an ellipsis where something is cut."""
    text = " ".join(text.split())
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def clip_path(path: str, width: int) -> str:
    """A path in at most ``width`` columns: folders are cut from the left, the name's end stays."""
    if cell_len(path) <= width:
        return path
    *folders, name = path.replace("\\", "/").split("/")
    for at in range(1, len(folders) + 1):
        short = "/".join(["…", *folders[at:], name])
        if cell_len(short) <= width:
            return short
    tail = name
    half = (width - 1) // 2
    while cell_len(tail) > width - 1 - half:
        tail = tail[1:]
    return set_cell_size(name, half).rstrip() + "…" + tail


_WHERE = (
    ("page", Text("第 {n} 页", "page {n}")),
    ("table", Text("第 {n} 个表格", "table {n}")),
    ("row", Text("第 {n} 行", "row {n}")),
    ("column", Text("第 {n} 列", "column {n}")),
    ("line", Text("第 {n} 行", "line {n}")),
)


def where(place: Place, lang: Lang) -> str:
    """A place in words, empty where nothing is known; a line only where no table says more."""
    known = [
        text.within(n=number).say(lang)
        for key, text in _WHERE
        if (number := getattr(place, key)) is not None
        and not (key == "line" and place.table is not None)
    ]
    return ("，" if lang == "zh" else ", ").join(known)


class Page:
    """一页: lines with a style each, printed in one go. Styles: bold, dim, red, yellow, green."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.lang = paper.lang
        self.width = paper.width
        self._lines: list[tuple[tuple[str, str], ...]] = []

    def say(self, text: Text) -> str:
        """A sentence in the page's language."""
        return text.say(self.lang)

    def blank(self) -> None:
        """An empty line, never two in a row."""
        if self._lines and self._lines[-1]:
            self._lines.append(())

    def line(self, *spans: str | tuple[str, str]) -> None:
        """One line as it is: plain texts, or (text, style)."""
        pairs = [(s, "") if isinstance(s, str) else s for s in spans]
        self._lines.append(tuple((harmless(text), style) for text, style in pairs))

    def rule(self) -> None:
        """A thin line over the page."""
        self.line(("─" * self.width, "dim"))

    def prose(
        self,
        text: str,
        *,
        indent: int = 0,
        label: str = "",
        style: str = "",
        label_style: str = "dim",
    ) -> None:
        """Wrapped text; ``label`` stands in the indentation of its first line."""
        first, *rest = wrap(text, max(16, self.width - indent))
        self.line((pad(label, indent), label_style), (first, style))
        for more in rest:
            self.line(" " * indent, (more, style))

    def columns(
        self,
        rows: Sequence[Sequence[str]],
        *,
        header: Sequence[str] = (),
        indent: int = 2,
        styles: Sequence[str] = (),
    ) -> None:
        """A table: the first column is wrapped text, the others stand right-aligned.

        Header cells may hold line breaks; ``styles`` gives a style per row.
        """
        heads = [cell.split("\n") for cell in header]
        widths = [
            max(
                [cell_len(row[at]) for row in rows]
                + ([cell_len(part) for part in heads[at]] if heads else [])
            )
            for at in range(1, len(rows[0]))
        ]
        longest = max(cell_len(row[0]) for row in rows)
        room = self.width - indent - sum(widths)
        gap = 2 if longest + 2 * len(widths) <= room else 1
        first = max(12, min(room - gap * len(widths), longest))
        for level in range(max((len(head) for head in heads), default=0)):
            texts = [_from_bottom(head, level, heads) for head in heads]
            self._row(texts, first, widths, gap, indent, "dim")
        for number, row in enumerate(rows):
            self._row(row, first, widths, gap, indent, styles[number] if styles else "")

    def _row(
        self,
        row: Sequence[str],
        first: int,
        widths: Sequence[int],
        gap: int,
        indent: int,
        style: str,
    ) -> None:
        depth = len(row[0]) - len(row[0].lstrip())
        label, *more = wrap(row[0].lstrip(), first - depth)
        figures = "".join(
            " " * gap + pad(cell, width, right=True)
            for cell, width in zip(row[1:], widths, strict=True)
        )
        self.line((" " * (indent + depth) + pad(label, first - depth) + figures, style))
        for text in more:
            self.line((" " * (indent + depth) + text, style))

    def text(self) -> str:
        """The whole page, with escape codes where the paper shows colours."""
        if not self.paper.color:
            return "".join("".join(t for t, _ in line).rstrip() + "\n" for line in self._lines)
        return _styled(self._lines, self.width)


def _from_bottom(head: list[str], level: int, heads: list[list[str]]) -> str:
    at = level - (max(len(h) for h in heads) - len(head))
    return head[at] if at >= 0 else ""


def _styled(lines: Iterable[tuple[tuple[str, str], ...]], width: int) -> str:
    from rich.console import Console
    from rich.text import Text as Styled

    out = io.StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard", width=width, legacy_windows=False
    )
    for line in lines:
        console.print(Styled.assemble(*line), soft_wrap=True, highlight=False)
    return out.getvalue()
