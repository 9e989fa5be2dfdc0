"""文字表述的词: a paragraph made plain, and cut into the words that matter for counting.

`flatten` keeps positions, so that every claim can quote the paragraph verbatim.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gongkai.statute import claims_numbers, claims_subjects

MASK = "※"
_WIDTH = {chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), 0xFF05, 0xFF0E)}
_WIDTH |= {chr(c): chr(c - 0xFEE0) for c in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDTH |= dict(zip(",;:?!()", "，；：？！（）", strict=True))
_OTHER_WIDTH = re.compile("[" + re.escape("".join(_WIDTH)) + "]")
_TRADITIONAL = re.compile("[請開復複議訴訟條數務處會]")
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
        text = _simplified(text)
    text = _SPACE.sub(_space, text)
    if "《" in text or "“" in text or "‘" in text or "「" in text:
        text = _QUOTED.sub(_mask, text)
    return Plain(text, paragraph)


def tokens(sentence: str, offset: int = 0) -> list[Token]:
    """The words of one sentence in order; what is no word is left out."""
    lexer = _lexer()
    search, tables = lexer.first.search, lexer.tables
    found: list[Token] = []
    at = 0
    while begin := search(sentence, at):
        start = begin.start()
        pattern, kinds = tables[sentence[start]]
        match = pattern.match(sentence, start)
        if match is None or match.end() == start:
            at = start + 1
            continue
        at = match.end()
        kind, value = kinds[(match.lastindex or 1) - 1]
        found.append(Token(kind, value or match[0], start + offset, at + offset))
    return found


class _Lexer(NamedTuple):
    """``first`` finds where a word may begin, ``tables`` what it may be, by its first character."""

    first: re.Pattern[str]
    tables: Mapping[str, tuple[re.Pattern[str], Sequence[tuple[str, str]]]]


@functools.cache
def _lexer() -> _Lexer:
    rows = [
        (w["kind"], w["value"], p) for w in claims_subjects.data()["words"] for p in w["patterns"]
    ]
    rows[:0] = [("number", "", p) for p in claims_numbers.PATTERNS]
    rows += [(mark, mark, mark) for mark in "，、；：（）"]
    by_first: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        for first in sorted(firsts(row[2])):
            by_first.setdefault(first, []).append(row)
    tables = {
        first: (
            re.compile("|".join(f"({pattern})" for _, _, pattern in its)),
            [(kind, value) for kind, value, _ in its],
        )
        for first, its in by_first.items()
    }
    return _Lexer(re.compile("[" + re.escape("".join(by_first)) + "]"), tables)


_LEADING = re.compile(
    r"\(\?<?[=!][^()]*\)|(?P<group>\(\?:)|\[(?P<set>[^\]]+)\]|(?P<digit>\\d)|(?P<one>[^\\()\[\]|?*+{}.^$])"
)


def firsts(pattern: str) -> set[str]:
    """The characters a word of the pattern may begin with.

    For the plain patterns of the vocabulary: literals, classes, ``\\d``, groups, what is optional
    of these, and look-arounds without groups; raises ValueError for anything else.
    """
    found: set[str] = set()
    for branch in _branches(pattern):
        at = 0
        while True:
            lead = _LEADING.match(branch, at)
            if lead is None:
                raise ValueError(f"cannot tell how {pattern!r} begins")
            at = lead.end()
            if lead["group"]:
                at = _closing(branch, at)
                found |= firsts(branch[lead.end() : at])
                at += 1
            elif lead["set"]:
                found |= _members(lead["set"])
            elif lead["digit"]:
                found |= set("0123456789")
            elif lead["one"]:
                found.add(lead["one"])
            else:
                continue
            if branch[at : at + 1] not in ("?", "*") and branch[at : at + 3] != "{0,":
                break
            at = branch.index("}", at) + 1 if branch[at] == "{" else at + 1
    return found


def _branches(pattern: str) -> list[str]:
    """The alternatives of a pattern at its outermost level."""
    parts, depth, last = [], 0, 0
    inside = False
    for i, c in enumerate(pattern):
        if c == "[":
            inside = True
        elif c == "]":
            inside = False
        elif inside:
            continue
        elif c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
        elif c == "|" and not depth:
            parts.append(pattern[last:i])
            last = i + 1
    return [*parts, pattern[last:]]


def _closing(pattern: str, at: int) -> int:
    """Where the group that was opened before ``at`` is closed."""
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        at += 1
    return at - 1


def _members(members: str) -> set[str]:
    """The characters of a class: 一二三, \\d, 1-9."""
    found: set[str] = set()
    for span in re.findall(r"\\d|.-.|.", members):
        if span == "\\d":
            found |= set("0123456789")
        elif len(span) == 3:
            found |= {chr(code) for code in range(ord(span[0]), ord(span[2]) + 1)}
        else:
            found.add(span)
    return found


def _simplified(text: str) -> str:
    # Here, not above: the readers stand over the claims, and import them.
    from gongkai.statute.readers import script

    return script.simplified(text)


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
