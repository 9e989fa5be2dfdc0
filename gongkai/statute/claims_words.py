"""文字表述的词: a paragraph made plain, and cut into the words that matter for counting.

`flatten` keeps positions, so that every claim can quote the paragraph verbatim.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gongkai.statute import claims_heads, claims_numbers, claims_subjects, script

MASK = "※"
_WIDTH = {chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), 0xFF05, 0xFF0E)}
_WIDTH |= {chr(c): chr(c - 0xFEE0) for c in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDTH |= dict(zip(",;:?!()", "，；：？！（）", strict=True))
# Numbers in traditional script, also where the rest of a quotation does not tell its script.
_WIDTH |= dict(zip("萬億餘兩約條個", "万亿余两约条个", strict=True))
_OTHER_WIDTH = re.compile("[" + re.escape("".join(_WIDTH)) + "]")
_TRADITIONAL = re.compile("[請開復複議訴訟數務處會]")
_SPACE = re.compile(r"(?P<between>(?<=[0-9０-９])\s+(?=[0-9０-９]))|\s+")
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
    """通顺文本: ``text`` is ``paragraph`` without white space, in one width and script."""

    text: str
    paragraph: str

    def quote(self, start: int, end: int) -> str:
        """The paragraph's own words from ``start`` to ``end`` of the plain text."""
        if len(self.text) == len(self.paragraph):
            return self.paragraph[start:end]
        origin = _origin(self.paragraph)
        return self.paragraph[origin[start] : origin[end - 1] + 1]


def flatten(paragraph: str) -> Plain:
    """Half-width figures, full-width marks, simplified script, no white space, titles masked.

    A space between two figures stays: 3 119 is no certain number.
    """
    text = _OTHER_WIDTH.sub(lambda m: _WIDTH[m[0]], paragraph)
    if _TRADITIONAL.search(text):
        text = script.simplified(text)
    text = _SPACE.sub(_space, text)
    if "《" in text or "“" in text or "‘" in text or "「" in text:
        text = _QUOTED.sub(_mask, text)
    return Plain(text, paragraph)


def tokens(sentence: str, offset: int = 0) -> list[Token]:
    """The words of one sentence in order; what is no word is left out."""
    lexer = _lexer()
    pairs, tables = lexer.pairs, lexer.tables
    found: list[Token] = []
    at = 0
    for start, (first, second) in enumerate(zip(sentence, sentence[1:] + "\0", strict=True)):
        if start < at or first not in pairs:
            continue
        seconds = pairs[first]
        if seconds is not None and second not in seconds:
            continue
        pattern, kinds = tables[first]
        if (match := pattern.match(sentence, start)) is None or match.end() == start:
            continue
        at = match.end()
        kind, value = kinds[(match.lastindex or 1) - 1]
        found.append(Token(kind, value or match[0], start + offset, at + offset))
    return found


class _Lexer(NamedTuple):
    """``pairs``: by first character, the second ones a word may go on with (None: any);
    ``tables``: by first character, the words that may begin there."""

    pairs: Mapping[str, frozenset[str] | None]
    tables: Mapping[str, tuple[re.Pattern[str], Sequence[tuple[str, str]]]]


@functools.cache
def _lexer() -> _Lexer:
    rows = [
        (w["kind"], w["value"], p) for w in claims_subjects.data()["words"] for p in w["patterns"]
    ]
    rows[:0] = [("number", "", p) for p in claims_numbers.PATTERNS]
    rows += [(mark, mark, mark) for mark in "，、；：（）"]
    by_first: dict[str, list[tuple[str, str, str]]] = {}
    seconds: dict[str, set[str]] = {}
    for row in rows:
        starts = claims_heads.heads(row[2])
        for first in sorted({s[0] for s in starts}):
            by_first.setdefault(first, []).append(row)
        for start in starts:
            seconds.setdefault(start[0], set()).add(start[1:])
    tables = {
        first: (
            re.compile("|".join(f"({pattern})" for _, _, pattern in its), re.ASCII),
            [(kind, value) for kind, value, _ in its],
        )
        for first, its in by_first.items()
    }
    pairs = {f: None if claims_heads.ANY in its else frozenset(its) for f, its in seconds.items()}
    return _Lexer(pairs, tables)


def _space(match: re.Match[str]) -> str:
    return " " if match["between"] else ""


@functools.lru_cache(maxsize=2)  # every claim of a paragraph asks for it
def _origin(paragraph: str) -> list[int]:
    """For each character of the plain text, where it stands in the paragraph."""
    origin: list[int] = []
    at = 0
    for space in _SPACE.finditer(paragraph):
        origin.extend(range(at, space.start()))
        origin.extend([space.start()] if space["between"] else [])
        at = space.end()
    origin.extend(range(at, len(paragraph)))
    return origin


def _mask(match: re.Match[str]) -> str:
    text = match[0]
    if kept := _KEPT.search(text):
        return MASK * kept.start() + kept[0] if text[0] == "《" else text
    return MASK * len(text)
