"""输出编码: every sign can be written, whatever the encoding of the terminal (GBK, ASCII, UTF-8).

A sign the encoding cannot hold is written as another that means the same; anything else becomes
a question mark. Nothing is ever lost by an exception halfway down a page.
"""

from __future__ import annotations

import codecs
import io
import sys

INSTEAD = {
    "✗": "x",
    "×": "x",
    "·": "-",
    "█": "#",
    "░": ".",
    "─": "-",
    "–": "-",
    "—": "-",
    "…": "...",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "\N{NO-BREAK SPACE}": " ",
}
"""Sign -> what stands for it where the encoding does not hold it."""

_NAME = "gongkai.instead"


def prepare() -> None:
    """Makes standard output and standard error of this process take every text."""
    codecs.register_error(_NAME, _instead)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def as_utf8() -> None:
    """Standard output in UTF-8, in every locale: what JSON is written in."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")


def _instead(cause: UnicodeError) -> tuple[str, int]:
    if not isinstance(cause, UnicodeEncodeError):
        raise cause
    signs = cause.object[cause.start : cause.end]
    return "".join(INSTEAD.get(sign, "?") for sign in signs), cause.end
