"""样本 PDF: the same report set by typst: tables ruled, over several pages, or set by position."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import typst

from gongkai.statute.tests.specimens.draft import Image, Para, Piece
from gongkai.statute.tests.specimens.tables import Box, Drawn

Layout = Callable[[Sequence[Piece], Random], bytes]

FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "SimSun", "FandolSong")


PORTRAIT, LANDSCAPE, WIDE = (595, 842), (842, 595), (1600, 842)


@functools.cache
def family() -> str | None:
    """A family on this machine that holds the Chinese characters, or None."""
    known = set(typst.Fonts().families())
    return next((name for name in FAMILIES if name in known), None)


def ruled(pieces: Sequence[Piece], rng: Random) -> bytes:
    """Tables with ruling lines, breaking over pages wherever the page ends."""
    paper, size = rng.choice(((LANDSCAPE, 9), (LANDSCAPE, 10.5), (PORTRAIT, 6.5)))
    return compile(source(pieces, size=size, numbers=rng.random() < 0.6, paper=paper))


def spaced(pieces: Sequence[Piece], rng: Random) -> bytes:
    """Tables set by position only, no line drawn; wide enough that no label breaks."""
    del rng
    return compile(source(pieces, size=8, rules=False, paper=WIDE, align="center + top"))


def floating(pieces: Sequence[Piece], rng: Random) -> bytes:
    """The same, group labels standing at the middle of their rows, between two lines of figures."""
    del rng
    return compile(source(pieces, size=8, rules=False, paper=WIDE))


def narrow(pieces: Sequence[Piece], rng: Random) -> bytes:
    """Boxes so narrow that long figures go on in the next line; no box breaks over a page."""
    at = rng.choice((3, 4))
    narrowed = [_narrowed(p, at) if isinstance(p, Drawn) and p.width > 4 else p for p in pieces]
    return compile(source(narrowed, size=9, breakable=False))


def _narrowed(table: Drawn, at: int) -> Drawn:
    lines = tuple(
        tuple(replace(b, text=_folded(b.text, at)) if b.kind == "figure" else b for b in line)
        for line in table.lines
    )
    return replace(table, lines=lines)


def _folded(text: str, at: int) -> str:
    return "\n".join(text[i : i + at] for i in range(0, len(text), at))


def source(
    pieces: Sequence[Piece],
    *,
    size: float = 10.5,
    numbers: bool = True,
    rules: bool = True,
    paper: tuple[int, int] = PORTRAIT,
    align: str = "center + horizon",
    inset: float = 3,
    breakable: bool = True,
) -> str:
    """The report as typst source. ``breakable``: a page may end in the middle of a row."""
    numbering = '"- 1 -"' if numbers else "none"
    lines = [
        f"#set table.cell(breakable: {str(breakable).lower()})",
        f"#set page(width: {paper[0]}pt, height: {paper[1]}pt, margin: 60pt,"
        f" numbering: {numbering})",
        f'#set text(font: "{family()}", size: {size}pt, lang: "zh")',
        "#set par(justify: true, first-line-indent: 2em)",
    ]
    for piece in pieces:
        if isinstance(piece, Image):
            raise ValueError("a specimen PDF holds no pictures")
        if isinstance(piece, Drawn):
            lines.append(_table(piece, rules, inset, align))
        else:
            lines.append(_paragraph(piece, size))
    return "\n".join(lines)


def _paragraph(para: Para, size: float) -> str:
    if para.role == "title":
        return f"#align(center, text(size: {size + 6}pt)[{_text(para.text)}])\n"
    if para.role == "sign":
        return f"#align(right)[{_text(para.text)}]\n"
    return f"#par[{_text(para.text)}]\n"


def _table(table: Drawn, rules: bool, inset: float, align: str) -> str:
    shares = ", ".join(f"{share}fr" for share in _shares(table))
    stroke = "0.5pt" if rules else "none"
    cells = "\n".join(_cell(box) for line in table.lines for box in line)
    return (
        "#[#set par(first-line-indent: 0em, justify: false)\n"
        f"#table(columns: ({shares}), stroke: {stroke}, inset: {inset}pt,"
        f" align: {align},\n{cells}\n)]\n"
    )


def _shares(table: Drawn) -> list[float]:
    """The widths of the columns, as the form's own file divides a page."""
    if table.id == "applications" and table.width == 10:
        return [0.9, 1.1, 3.6, *[0.9] * 7]
    return [1.0] * table.width


def _cell(box: Box) -> str:
    return f"table.cell(rowspan: {box.rows}, colspan: {box.columns})[{_text(box.text)}],"


def _text(text: str) -> str:
    parts = []
    for line in text.split("\n"):
        quoted = line.replace("\\", "\\\\").replace('"', '\\"')
        parts.append(f'#"{quoted}"')
    return "#linebreak()".join(parts)


def compile(text: str) -> bytes:
    """The source as a PDF, by a compiler of its own: one that was used before has been seen to
    print another character than its source has (typst 0.15.0: 项 for 费)."""
    with tempfile.TemporaryDirectory(prefix="gongkai-specimens-") as folder:
        path = Path(folder) / "report.typ"
        path.write_text(text, encoding="utf-8")
        made = typst.Compiler(root=folder).compile(str(path), format="pdf")
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


LAYOUTS: Mapping[str, Layout] = {
    "pdf": ruled,
    "pdf_narrow": narrow,
    "pdf_spaced": spaced,
    "pdf_floating": floating,
}
