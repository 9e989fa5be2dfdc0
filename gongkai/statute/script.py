"""繁简对应: traditional characters to their simplified forms, one to one.

Only for matching: the text of a report is never rewritten. One character stands for one, so
positions are kept. ``data/script.txt`` holds the pairs for the common characters.
"""

from __future__ import annotations

import functools
from importlib import resources

# Raised digits are footnote marks: carriers that know them keep them apart from figures.
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Characters that are traditional and nothing else, frequent in these reports.
_TELLING = frozenset("開總務員處關機數會議訴訟復維糾結審無經設請項條號強許費單萬額內對應報")


@functools.cache
def _table() -> dict[int, str]:
    path = resources.files("gongkai.statute") / "data" / "script.txt"
    pairs = path.read_text(encoding="utf-8").replace("\n", "")
    return {ord(t): s for t, s in zip(pairs[::2], pairs[1::2], strict=True)}


def simplified(text: str) -> str:
    """The text with traditional characters replaced one by one; same length."""
    return text.translate(_table())


def is_traditional(text: str) -> bool:
    """Whether a text is set in traditional script (several telling characters near its start)."""
    return sum(1 for ch in text[:4000] if ch in _TELLING) >= 5
