"""PDF: a report set as an official document, archivable and accessible (PDF/A-2a, PDF/UA-1).

The page follows GB/T 9704-2012 (data/report.typ); the engine is typst, kept warm. Text goes to
it as data, never as source. Every PDF is read again before it is handed out (`pdf_proof`).
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from gongkai.statute import notes
from gongkai.statute.findings import Finding
from gongkai.statute.report import AnnualReport, Note
from gongkai.statute.texts import Lang, same
from gongkai.statute.writers import Written, paper, pdf_fonts, pdf_proof, unsaid
from gongkai.statute.writers.pdf_table import drawn

TEMPLATE = Path(__file__).parent.parent / "data" / "report.typ"
STANDARDS = ["a-2a", "ua-1"]
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # as in reproducible builds: nobody gave a time
BOX = "〓"  # what stands for a character no font has


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
        "made": list(_moment(created or report.signed_on).timetuple()[:6]),
        "pieces": sheet.pieces(laid.pieces),
    }
    data = press.set(content, sheet)
    return Written(data, (*unsaid.of(report), *sheet.notes(), *_refused(press.fonts)))


def _moment(day: datetime | date | None) -> datetime:
    if day is None:
        return UNDATED
    if isinstance(day, datetime):
        return day.astimezone(UTC) if day.tzinfo else day.replace(tzinfo=UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _refused(fonts: pdf_fonts.Fonts) -> list[Note]:
    return [notes.note("write.font_refused", family=family) for family in fonts.refused]


# -- what is set


@dataclass
class _Sheet:
    """The pieces as the template takes them, and what was printed, for the proof."""

    fonts: pdf_fonts.Fonts
    printed: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    where: str = ""

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

    def text(self, text: str, role: str = "body") -> str:
        """A text as it can be printed, with room to break where it has none; remembered."""
        put = self.plain(text, role)
        self.printed.append(put)
        return _UNBROKEN.sub(lambda run: "\u200b".join(_every(run[0], 12)), put)

    def plain(self, text: str, role: str = "body") -> str:
        """The text without what prints nothing, and with 〓 for what no font has."""
        known = self.fonts.characters[role]
        if known.issuperset(text):
            return text
        return "".join(self._character(c, known) for c in text)

    def _character(self, character: str, known: frozenset[str]) -> str:
        if character == "\n" or character in known:
            return character
        category = unicodedata.category(character)
        if category == "Zs" or character in "\t\x85\u2028\u2029":
            return " "
        if category in ("Cf", "Cc") or unicodedata.name(character, "").startswith("VARIATION"):
            self.left_out[character] = None
            return ""
        places = self.missing.setdefault(character, [])
        if self.where not in places:
            places.append(self.where)
        return BOX

    def notes(self) -> list[Note]:
        """What could not be printed."""
        said = []
        if self.missing:
            places = dict.fromkeys(p for ps in self.missing.values() for p in ps if p)
            said.append(
                notes.note(
                    "write.missing_glyph",
                    characters=_named(self.missing),
                    where=same("、".join(places) or "…"),
                )
            )
        if self.left_out:
            said.append(notes.note("write.left_out", characters=_named(self.left_out)))
        return said


_UNBROKEN = re.compile(r"[!-~]{25,}")  # a word this long may need to break anywhere


def _every(text: str, count: int) -> list[str]:
    return [text[at : at + count] for at in range(0, len(text), count)]


def _signs(piece: paper.Piece) -> bool:
    return isinstance(piece, paper.Paragraph) and piece.style in (
        paper.Style.SIGNATURE,
        paper.Style.SIGNED_ON,
    )


def _named(characters: Sequence[str] | dict[str, Any]) -> str:
    """Characters with their code points, for a reader who may not see them either."""
    shown = [f"{c} (U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}" for c in characters]
    return ", ".join([*shown[:20], *(["…"] if len(shown) > 20 else [])])


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


# -- the engine


@dataclass
class _Press:
    """印制: a warm engine with its fonts. One document at a time."""

    fonts: pdf_fonts.Fonts
    compiler: Any = None
    turn: threading.Lock = field(default_factory=threading.Lock)

    def set(self, content: dict[str, Any], sheet: _Sheet) -> bytes:
        """The document, proof-read; on a fault once more by a fresh engine, then an error."""
        inputs = {
            "report": json.dumps(content, ensure_ascii=False),
            "families": json.dumps(self.fonts.families, ensure_ascii=False),
        }
        printed = "".join(sheet.printed)
        wrong = ""
        for _ in range(2):
            data = self._compiled(inputs)
            wrong = pdf_proof.amiss(data, printed, sheet.repeated, self.fonts.same)
            if not wrong:
                return data
            with self.turn:
                self.compiler = None
        raise notes.error("error.typeset", reason=wrong)

    def _compiled(self, inputs: dict[str, str]) -> bytes:
        with self.turn:
            if self.compiler is None:
                self.compiler = typst.Compiler(
                    input=str(TEMPLATE),
                    root=str(TEMPLATE.parent),
                    font_paths=self.fonts.engine,
                    ignore_system_fonts=True,
                )
            try:
                data: bytes = self.compiler.compile(
                    format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS
                )
            except typst.TypstError as failed:
                self.compiler = None
                raise notes.error("error.typeset", reason=failed.message) from failed
            return data


@functools.lru_cache(maxsize=8)
def _press(folders: tuple[str, ...]) -> _Press:
    return _Press(pdf_fonts.load(folders))
