"""文字表述的词: a paragraph made plain, and cut into the words that matter for counting.

`flatten` keeps positions, so that every claim can quote the paragraph verbatim.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from gongkai.statute import claims_numbers, claims_subjects

MASK = "※"
_WIDTH = {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), 0xFF05, 0xFF0E)}
_WIDTH |= {code: chr(code - 0xFEE0) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDTH |= {ord(a): b for a, b in zip(",;:?!()", "，；：？！（）", strict=True)}
_TRADITIONAL = re.compile("[請開復複議訴訟條數務處會]")
_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(r"《[^《》]*》|“[^“”]{5,}”|‘[^‘’]{5,}’|「[^「」]{5,}」")
_KEPT = re.compile("三安全|公报》$")


class Token(NamedTuple):
    """词: a word of the vocabulary, a number or a mark, at ``start`` to ``end`` of the plain text.

    ``kind`` is a kind of ``data/claims.json``, or "number", or the mark itself (，、；：（）).
    """

    kind: str
    value: str
    start: int
    end: int


class Plain(NamedTuple):
    """通顺文本: ``text`` without white space and in one width; ``origin`` maps its positions back.

    ``origin`` is None where nothing was taken out.
    """

    text: str
    origin: Sequence[int] | None

    def quote(self, paragraph: str, start: int, end: int) -> str:
        """The paragraph's own words from ``start`` to ``end`` of the plain text."""
        if self.origin is None:
            return paragraph[start:end]
        return paragraph[self.origin[start] : self.origin[end - 1] + 1]


def flatten(paragraph: str) -> Plain:
    """Half-width figures, full-width marks, simplified script, no white space, titles masked.

    A space between two figures stays: 3 119 is no certain number.
    """
    text = paragraph.translate(_WIDTH)
    if _TRADITIONAL.search(text):
        text = _simplified(text)
    origin = None
    if _SPACE.search(text):
        text, origin = _without_space(text)
    if "《" in text or "“" in text or "‘" in text or "「" in text:
        text = _QUOTED.sub(_mask, text)
    return Plain(text, origin)


def tokens(sentence: str, offset: int = 0) -> list[Token]:
    """The words of one sentence in order; what is no word is left out."""
    words, lexer = _lexer()
    found = []
    for match in lexer.finditer(sentence):
        index = match.lastindex
        if index is None:
            mark = match[0]
            found.append(Token(mark, mark, match.start() + offset, match.end() + offset))
        else:
            kind, value = words[index]
            found.append(
                Token(kind, value or match[0], match.start() + offset, match.end() + offset)
            )
    return found


@functools.cache
def _lexer() -> tuple[dict[int, tuple[str, str]], re.Pattern[str]]:
    rows = [
        (w["kind"], w["value"], "|".join(w["patterns"])) for w in claims_subjects.data()["words"]
    ]
    rows.insert(1, ("number", "", claims_numbers.PATTERN))
    words = {i: (kind, value) for i, (kind, value, _) in enumerate(rows, 1)}
    return words, re.compile("|".join(f"({pattern})" for _, _, pattern in rows) + "|[，、；：（）]")


def _simplified(text: str) -> str:
    # Here, not above: the readers stand over the claims, and import them.
    from gongkai.statute.readers import script

    return script.simplified(text)


def _without_space(text: str) -> tuple[str, list[int]]:
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for space in _SPACE.finditer(text):
        start, end = space.span()
        pieces.append(text[at:start])
        origin.extend(range(at, start))
        if text[start - 1 : start].isdigit() and text[end : end + 1].isdigit():
            pieces.append(" ")
            origin.append(start)
        at = end
    pieces.append(text[at:])
    origin.extend(range(at, len(text)))
    return "".join(pieces), origin


def _mask(match: re.Match[str]) -> str:
    text = match[0]
    if kept := _KEPT.search(text):
        return MASK * kept.start() + kept[0] if text[0] == "《" else text
    return MASK * len(text)
