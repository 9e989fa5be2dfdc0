"""汇总表、对比表: files of our own writing that look like reports and are none, told by their mark.

The roll-up and the comparison hold the form's three tables with other things in their cells; read
as a report they would be a bad one.
"""

from __future__ import annotations

import re

from gongkai.statute import notes
from gongkai.statute.readers import archive

_ERRORS = {"rollup": "error.rollup_page", "compare": "error.comparison"}
_GENERATOR = re.compile(
    rb"<meta\s+name=[\"']?generator[\"']?\s+content=[\"']gongkai (rollup|compare)[\"']",
    re.IGNORECASE,
)
_IN_OLE = re.compile(rb"g\0?o\0?n\0?g\0?k\0?a\0?i\0?\.\0?(rollup|compare)/")
_HEAD = 8192  # bytes of a page in which its generator is named


def refuse(data: bytes, carrier: str) -> None:
    """Raises CannotRead for such a file (``error.rollup_page``, ``error.comparison``)."""
    if id := _ERRORS.get(_mark(data, carrier)):
        raise notes.error(id)


def _mark(data: bytes, carrier: str) -> str:
    if carrier == "html":
        found = _GENERATOR.search(data[:_HEAD])
    elif carrier in ("xlsx", "ods"):
        with archive.open_zip(data) as opened:
            return archive.mark_of(opened)
    elif carrier == "xls":
        found = _IN_OLE.search(data)
    else:
        return ""
    return found[1].decode() if found else ""
