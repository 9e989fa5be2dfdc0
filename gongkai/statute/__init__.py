"""条例: the law as a pure library. Bytes and dates come in, values go out.

``from gongkai.statute import read, check, write, rollup, compare``: imported when first used, so
that a program that only counts working days does not load the readers.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.statute.checks import check as check
    from gongkai.statute.comparisons import compare as compare
    from gongkai.statute.readers import read as read
    from gongkai.statute.rollups import rollup as rollup
    from gongkai.statute.writers import write as write

_PUBLIC = {
    "read": "gongkai.statute.readers",
    "check": "gongkai.statute.checks",
    "rollup": "gongkai.statute.rollups",
    "compare": "gongkai.statute.comparisons",
    "write": "gongkai.statute.writers",
}
__all__ = ["check", "compare", "read", "rollup", "write"]


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)
