"""PDF: a report set as an official document, archivable and accessible (PDF/A-2a, PDF/UA-1).

The page follows GB/T 9704-2012 (data/report.typ); the engine is typst, kept warm. Text goes to
it as data, never as source. Every PDF is read again before it is handed out (`pdf_proof`).
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gongkai.statute.findings import Finding
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Lang
from gongkai.statute.writers import Written, paper, pdf_fonts, pdf_press, unsaid
from gongkai.statute.writers.pdf_table import drawn

TEMPLATE = Path(__file__).parent.parent / "data" / "report.typ"


def write(
    report: AnnualReport,
    *,
    fonts: Sequence[str | Path] = (),
    created: datetime | date | None = None,
    lang: Lang = "zh",
    findings: Sequence[Finding] = (),
) -> Written:
    """写出 PDF: the report on A4 after GB/T 9704-2012, as PDF/A-2a and PDF/UA-1.

    ``fonts`` are folders to look for the official families in (仿宋_GB2312 …); without them the
    families shipped here are used. ``created`` is the file's date: where it is not given the
    date of signature, else 1970-01-01; equal arguments give equal bytes. ``findings`` and
    ``lang`` do not bear on a PDF. Notes: ``write.missing_glyph`` (a character no font has,
    printed as 〓), ``write.left_out`` (marks that print nothing), ``write.font_refused``.
    Raises CannotRead (``error.typeset``) where the engine fails or sets other words than these.
    """
    del lang, findings
    press = _press(tuple(str(folder) for folder in fonts))
    laid = paper.lay_out(report)
    sheet = _Sheet(press.fonts)
    content = {
        "name": sheet.plain(laid.name),
        "author": [sheet.plain(report.organ)] if report.organ else [],
        "made": pdf_press.moment(created or report.signed_on),
        "pieces": sheet.pieces(laid.pieces),
    }
    data = press.set(content, sheet)
    return Written(data, (*unsaid.of(report), *sheet.notes(), *pdf_press.refused(press.fonts)))


# -- what is set


class _Sheet(pdf_press.Sheet):
    """The pieces as the template takes them, and what was printed, for the proof."""

    def pieces(self, pieces: Sequence[paper.Piece]) -> list[dict[str, Any]]:
        """Every piece in the template's words."""
        found: list[dict[str, Any]] = []
        for signing, group in itertools.groupby(pieces, key=_signs):
            if signing:
                found.append(self._signed([p for p in group if isinstance(p, paper.Paragraph)]))
            else:
                found += [self._piece(piece) for piece in group]
        return found

    def _piece(self, piece: paper.Piece) -> dict[str, Any]:
        if isinstance(piece, paper.Title):
            lines = title_lines(piece.text)
            return {"kind": "title", "text": self.text("\n".join(lines), "title")}
        if isinstance(piece, paper.Heading):
            self.where = piece.text
            return {"kind": "heading", "level": 1, "text": self.text(piece.text, "sans")}
        if isinstance(piece, paper.Table):
            return self._table(piece)
        if piece.style is paper.Style.SUBHEADING:
            return {"kind": "heading", "level": 2, "text": self.text(piece.text, "kai")}
        lead, rest = piece.text[: piece.lead], piece.text[piece.lead :]
        return {"kind": "paragraph", "lead": self.text(lead, "kai"), "text": self.text(rest)}

    def _signed(self, lines: Sequence[paper.Paragraph]) -> dict[str, Any]:
        texts = {line.style: self.text(line.text) for line in lines}
        return {
            "kind": "signed",
            "organ": texts.get(paper.Style.SIGNATURE, ""),
            "day": texts.get(paper.Style.SIGNED_ON, ""),
        }

    def _table(self, table: paper.Table) -> dict[str, Any]:
        begun = len(self.printed)

        def text(square: paper.Square) -> str:
            return self.text(square.text, "sans" if square.role is paper.Role.HEADER else "body")

        found = {"kind": "table", **drawn(table, text)}
        heads = sum(square.row < table.header_rows for square in table.squares)
        self.repeated.append("".join(self.printed[begun : begun + heads]))
        return found


def _signs(piece: paper.Piece) -> bool:
    return isinstance(piece, paper.Paragraph) and piece.style in (
        paper.Style.SIGNATURE,
        paper.Style.SIGNED_ON,
    )


# -- the title


TITLE_WIDTH = 20  # characters of 22 pt in 156 mm
TITLE_LINES = 3  # a longer title is broken wherever a line is full


def title_lines(title: str) -> list[str]:
    """标题分行: one line where it fits, else lines of like length broken between words."""
    width = _width(title)
    if not TITLE_WIDTH < width <= TITLE_LINES * TITLE_WIDTH:
        return [title]
    wanted = -int(-width // TITLE_WIDTH)
    parts = paper.title_words(title)
    best: list[str] = []
    for cuts in itertools.combinations(range(1, len(parts)), min(wanted, len(parts)) - 1):
        edges = [0, *cuts, len(parts)]
        lines = ["".join(parts[a:b]) for a, b in itertools.pairwise(edges)]
        if _widest(lines) <= TITLE_WIDTH and (not best or _widest(lines) < _widest(best)):
            best = lines
    return best or [title]


def _widest(lines: Sequence[str]) -> float:
    return max(_width(line) for line in lines)


def _width(text: str) -> float:
    """In characters of full width."""
    return sum(0.6 if c.isascii() else 1.0 for c in text)


@functools.lru_cache(maxsize=8)
def _press(folders: tuple[str, ...]) -> pdf_press.Press:
    return pdf_press.Press(pdf_fonts.load(folders), TEMPLATE)
