"""样本文本: the layouts in which reports reach us as plain text, CSV and Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from random import Random

from gongkai.statute.tests.specimens.draft import Image, Para, Piece
from gongkai.statute.tests.specimens.tables import Box, Drawn

Layout = Callable[[Sequence[Piece], Random], str]


def flat(text: str) -> str:
    """A cell's text on one line."""
    return text.replace("\n", "")


def word(pieces: Sequence[Piece], rng: Random) -> str:
    """A Word document dumped: a tab before each cell, a line for each, blank lines between rows.

    A cell that goes on from the row above is an empty cell; some cells begin with empty lines.
    """
    noise = rng.choice((0.0, 0.0, 0.06))
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, Para):
            out.append(piece.text)
            out += [""] * (rng.random() < 0.1)
        elif isinstance(piece, Drawn):
            for line in _word_rows(piece):
                for text in line:
                    lead = rng.randint(1, 9) if text and rng.random() < noise else 0
                    out += ("\t" + "\n" * lead + text).split("\n")
                out += [""] * (1 + (rng.random() < noise))
            out.append("")
    return "\n".join(out) + "\n"


def _word_rows(table: Drawn) -> list[list[str]]:
    rows = []
    for y, line in enumerate(table.spread()):
        row = []
        for x, (box, begins) in enumerate(line):
            if box and begins:
                row.append(box.text)
            elif box and box.column == x and box not in table.lines[y]:
                row.append("")
        rows.append(row)
    return rows


def tabs(pieces: Sequence[Piece], rng: Random) -> str:
    """Rows of cells parted by tabs, in columns that shift from row to row; paragraphs apart."""
    gap = rng.choice(("\n", "\n\n"))
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, Para):
            out.append(piece.text + gap)
        elif isinstance(piece, Drawn):
            rows = [_tab_row(line, rng) for line in _lines(piece)]
            out += [row + "\n" + "\n" * (rng.random() < 0.05) for row in rows]
            out.append("\n")
    return "".join(out)


def _lines(table: Drawn) -> list[list[Box | None]]:
    """Every line as the boxes that begin in it, and None for a label going on from above."""
    lines: list[list[Box | None]] = []
    for line in table.spread():
        row: list[Box | None] = []
        for x, (box, begins) in enumerate(line):
            if box and begins:
                row.append(box)
            elif box is None or box.column == x:
                row.append(None)
        lines.append(row)
    return lines


def _tab_row(line: Sequence[Box | None], rng: Random) -> str:
    first = next((i for i, b in enumerate(line) if b and b.kind == "figure"), None)
    if first is None:  # a header: spans leave empty cells behind, or do not
        spans = rng.random() < 0.7
        cells = [
            t
            for b in line
            for t in [flat(b.text) if b else "", *[""] * ((b.columns - 1) if b and spans else 0)]
        ]
        if not spans:
            cells = [c for c in cells if c or rng.random() < 0.6]
    else:
        labels = [flat(b.text) if b else "" for b in line[:first]]
        if rng.random() < 0.25 and any(labels):
            labels = labels[next(i for i, t in enumerate(labels) if t) :]
        cells = (
            labels + [""] * rng.randint(0, 1) + [flat(b.text) if b else "" for b in line[first:]]
        )
    return "\t".join(cells) + "\t" * rng.randint(0, 2)


def stream(pieces: Sequence[Piece], rng: Random) -> str:
    """One cell to a line, without tab or mark; empty cells leave no trace."""
    gap = rng.choice(("\n", "\n", "\n\n"))
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, Para):
            out.append(piece.text)
        elif isinstance(piece, Drawn):
            out += [b.text for line in piece.lines for b in line if b.text.strip()]
    return gap.join(out) + "\n"


def pipes(pieces: Sequence[Piece], rng: Random) -> str:
    """Tables as bars, with or without the outer ones and the rule below the first line."""
    outer, rule = rng.random() < 0.8, rng.random() < 0.8
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, Para):
            mark = {"title": "# ", "heading": "## "}.get(piece.role, "") if rule else ""
            out += [mark + piece.text, ""]
        elif isinstance(piece, Drawn):
            rows = [" | ".join(cells) for cells in _spread_texts(piece)]
            if rule:
                rows.insert(1, " | ".join(["---"] * piece.width))
            out += [f"| {row} |" if outer else row for row in rows] + [""]
    return "\n".join(out) + "\n"


def _spread_texts(table: Drawn) -> list[list[str]]:
    return [
        [flat(box.text) if box and begins else "" for box, begins in line]
        for line in table.spread()
    ]


def spaces(pieces: Sequence[Piece], rng: Random) -> str:
    """Columns set apart by several spaces; empty cells leave no trace."""
    gap = rng.choice(("    ", "\u3000\u3000", "  "))
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, Para):
            out += [piece.text, ""]
        elif isinstance(piece, Drawn):
            for line in piece.lines:
                indent = "" if line and line[0].column == 0 else gap
                out.append(indent + gap.join(flat(b.text) for b in line if b.text.strip()))
            out.append("")
    return "\n".join(out) + "\n"


def wrapped(pieces: Sequence[Piece], rng: Random) -> str:
    """A page's text as set: columns by several spaces, long labels going on in the next line."""
    return _page(pieces, rng, "   ")


def copied(pieces: Sequence[Piece], rng: Random) -> str:
    """A page's text as copied out of a viewer: the same with single spaces."""
    return _page(pieces, rng, " ")


def _page(pieces: Sequence[Piece], rng: Random, gap: str) -> str:
    width, middle = rng.choice((10, 14, 18)), rng.random() < 0.5
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, Para):
            out.append(piece.text)
        elif isinstance(piece, Drawn):
            for line in piece.lines:
                out += _wrapped_line(line, width, middle, gap)
    return "\n".join(out) + "\n"


def _wrapped_line(line: Sequence[Box], width: int, middle: bool, gap: str) -> list[str]:
    texts = [flat(b.text) for b in line if b.text.strip()]
    labels = [flat(b.text) for b in line if b.kind == "label" and b.text.strip()]
    if not labels or len(labels[-1]) <= width or not any(b.kind == "figure" for b in line):
        return [gap.join(texts)]
    *outer, own = labels
    figures = [flat(b.text) for b in line if b.kind != "label" and b.text.strip()]
    first, *rest = [own[i : i + width] for i in range(0, len(own), width)]
    if middle:  # the figures stand beside the middle of the label
        return [gap.join([*outer, first]), gap.join(figures), *rest]
    return [gap.join([*outer, first, *figures]), *rest]


def comma(pieces: Sequence[Piece], rng: Random) -> str:
    """CSV: a row for each line of a table, a single cell for each paragraph."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=rng.choice(("\n", "\r\n")))
    for piece in pieces:
        if isinstance(piece, Para):
            writer.writerow([piece.text])
        elif isinstance(piece, Drawn):
            for line in piece.spread():
                writer.writerow([b.text if b and begins else "" for b, begins in line])
    return out.getvalue()


LAYOUTS: Mapping[str, tuple[Layout, str]] = {
    "word": (word, "txt"),
    "tabs": (tabs, "txt"),
    "stream": (stream, "txt"),
    "pipes": (pipes, "md"),
    "spaces": (spaces, "txt"),
    "wrapped": (wrapped, "txt"),
    "copied": (copied, "txt"),
    "csv": (comma, "csv"),
}


def encode(text: str, rng: Random, encoding: str | None = None) -> bytes:
    """The text as bytes, in the encoding named or one of those in use."""
    encoding = encoding or rng.choice(("utf-8", "utf-8", "utf-8-sig"))
    if rng.random() < 0.3:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return text.encode(encoding)


def without_pictures(pieces: Sequence[Piece]) -> list[Piece]:
    """Plain text cannot hold a picture."""
    return [p for p in pieces if not isinstance(p, Image)]
