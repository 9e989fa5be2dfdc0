"""词头: how the words of a pattern may begin, so that the lexer tries it only where it may match.

For the plain regular expressions of the vocabulary: literals, classes, ``\\d``, groups, what is
optional or repeated of these, and look-arounds. Whatever else stands there may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

ANY = "*"
"""What ends a head where anything may follow."""

_ATOM = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<group>\(\?:)|\[(?P<set>[^\]]+)\]|(?P<digit>\\d)|(?P<end>\$)"
    r"|(?P<one>[^\\()\[\]|?*+{}.^$])|(?P<any>\.|\\.)"
)
_REPEAT = re.compile(r"[?*+]\??|\{(?P<least>\d+)(?:,\d*)?\}\??")
_DIGITS = frozenset("0123456789")


def heads(pattern: str) -> frozenset[str]:
    """The first two characters of every word of a pattern; one and `ANY` where the second is open.

    Raises ValueError where even the first character is.
    """
    found = _alternatives(pattern)
    if any(h in ("", ANY) for h in found):
        raise ValueError(f"cannot tell how {pattern!r} begins")
    return frozenset(h if len(h) == 2 else h + ANY for h in found)


def _alternatives(pattern: str) -> frozenset[str]:
    return frozenset(h for branch in _branches(pattern) for h in _run(branch))


def _run(branch: str) -> set[str]:
    """The heads of a run of atoms; shorter than two characters only where it ends there."""
    closed: set[str] = set()
    still = {""}
    for atom, optional, repeated in _atoms(branch):
        longer = {(h + a)[:2] for h in still for a in atom}
        closed |= {h for h in longer if len(h) == 2 or h == ANY}
        on = {h for h in longer if len(h) < 2 and h != ANY}
        if repeated:
            closed |= {h + ANY for h in on if h}
        still = on | (still if optional else set())
        if not still:
            break
    return closed | still


def _atoms(branch: str) -> Iterator[tuple[Iterable[str], bool, bool]]:
    """Each atom of a run: its heads, whether it may be left out, whether it may be repeated."""
    at = 0
    while at < len(branch):
        atom = _ATOM.match(branch, at)
        if atom is None:
            raise ValueError(f"cannot read {branch!r} from {at}")
        at = atom.end()
        if atom["look"]:
            at = _closing(branch, at) + 1
            continue
        if atom["end"]:
            continue
        found: Iterable[str] = (ANY,)
        if atom["group"]:
            close = _closing(branch, at)
            found = _alternatives(branch[at:close])
            at = close + 1
        elif atom["set"] and atom["set"][0] != "^":
            found = _members(atom["set"])
        elif atom["digit"]:
            found = _DIGITS
        elif atom["one"]:
            found = (atom["one"],)
        repeat = _REPEAT.match(branch, at)
        if repeat is None:
            yield found, False, False
            continue
        at = repeat.end()
        mark = repeat[0][0]
        yield found, mark in "?*" or repeat["least"] == "0", mark != "?"


def _branches(pattern: str) -> list[str]:
    """The alternatives of a pattern at its outermost level."""
    parts: list[str] = []
    depth = last = 0
    inside = False
    for i, c in enumerate(pattern):
        if c in "[]":
            inside = c == "["
        elif inside:
            continue
        elif c in "()":
            depth += 1 if c == "(" else -1
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


def _members(members: str) -> frozenset[str]:
    """The characters of a class: 一二三, ``\\d``, 1-9."""
    found: set[str] = set()
    for span in re.findall(r"\\d|.-.|.", members):
        if span == "\\d":
            found |= _DIGITS
        elif len(span) == 3:
            found |= {chr(code) for code in range(ord(span[0]), ord(span[2]) + 1)}
        else:
            found.add(span)
    return frozenset(found)
