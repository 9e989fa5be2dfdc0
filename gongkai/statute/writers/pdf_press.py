"""印制: texts made ready for a typeset page, and the engine that sets it, kept warm.

What the PDF of a report and that of letters share: which characters can be printed, what could not
be, and the proof of what was set.
"""

from __future__ import annotations

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
from gongkai.statute.report import Note
from gongkai.statute.texts import same
from gongkai.statute.writers import pdf_fonts, pdf_proof

STANDARDS = ["a-2a", "ua-1"]
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # as in reproducible builds: nobody gave a time
BOX = "〓"  # what stands for a character no font has


@dataclass
class Sheet:
    """Texts as the template takes them, and what was printed, for the proof."""

    fonts: pdf_fonts.Fonts
    printed: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    where: str = ""

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


def _named(characters: Sequence[str] | dict[str, Any]) -> str:
    """Characters with their code points, for a reader who may not see them either."""
    shown = [f"{c} (U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}" for c in characters]
    return ", ".join([*shown[:20], *(["…"] if len(shown) > 20 else [])])


def moment(day: datetime | date | None) -> list[int]:
    """The file's date as the template takes it; 1970-01-01 where nobody gave one."""
    if day is None:
        day = UNDATED
    if isinstance(day, datetime):
        told = day.astimezone(UTC) if day.tzinfo else day.replace(tzinfo=UTC)
    else:
        told = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return list(told.timetuple()[:6])


def refused(fonts: pdf_fonts.Fonts) -> list[Note]:
    """Official families that were found and may not be embedded."""
    return [notes.note("write.font_refused", family=family) for family in fonts.refused]


@dataclass
class Press:
    """印制: a warm engine with its fonts. One document at a time."""

    fonts: pdf_fonts.Fonts
    template: Path
    restarts: bool = False  # whether page numbers start anew in the middle
    compiler: Any = None
    turn: threading.Lock = field(default_factory=threading.Lock)

    def set(self, content: dict[str, Any], sheet: Sheet) -> bytes:
        """The document, proof-read; on a fault once more by a fresh engine, then an error."""
        inputs = {
            "report": json.dumps(content, ensure_ascii=False),
            "families": json.dumps(self.fonts.families, ensure_ascii=False),
        }
        printed = "".join(sheet.printed)
        wrong = ""
        for _ in range(2):
            data = self._compiled(inputs)
            wrong = pdf_proof.amiss(
                data, printed, sheet.repeated, self.fonts.same, restarts=self.restarts
            )
            if not wrong:
                return data
            with self.turn:
                self.compiler = None
        raise notes.error("error.typeset", reason=wrong)

    def _compiled(self, inputs: dict[str, str]) -> bytes:
        with self.turn:
            if self.compiler is None:
                self.compiler = typst.Compiler(
                    input=str(self.template),
                    root=str(self.template.parent),
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
