"""校对: the text of a finished PDF held against what was to be printed.

The engine is trusted to set the page, not to have set the right words: a compiler whose source
file changes under it has been seen to print 费 where 项 was written (typst 0.15.0 keeps an old
character when the new one ends in the same UTF-8 byte). Ours never changes its source; the proof
is read all the same, of every PDF, by another program.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import pypdfium2.raw as pdfium

from gongkai.statute.pdfium import LOCK

_PAGE_NUMBER = re.compile(r"\A\s*—\s*\d+\s*—|—\s*\d+\s*—\s*\Z")
HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-"})  # how pdfium gives a hyphen at a line's end


def amiss(
    data: bytes,
    printed: str,
    repeated: Sequence[str],
    same: Mapping[int, str],
    *,
    restarts: bool = False,
) -> str:
    """What differs, in words; empty where the PDF holds exactly the characters of ``printed``.

    Order does not count, white space does not. Page numbers (— 1 —) are expected once a page;
    where they start anew in the middle (``restarts``), one at either end of a page is not text.
    Each of ``repeated`` (the header of a table) may stand there any number of times more.
    Characters that share a glyph (``same``) are not told apart.
    """
    pages = _pages(data)
    numbers = "".join(f"—{number}—" for number in range(1, len(pages) + 1))
    if restarts:
        pages, numbers = [_PAGE_NUMBER.sub("", page, count=1) for page in pages], ""
    wanted = _counted(printed + numbers, same)
    found = _counted("".join(pages).translate(HYPHENS), same)
    missing, surplus = wanted - found, found - wanted
    if not missing and _made_of(surplus, [_counted(text, same) for text in repeated]):
        return ""
    return f"missing {_listed(missing)}, surplus {_listed(surplus)}"


def _made_of(surplus: Counter[str], headers: Sequence[Counter[str]]) -> bool:
    """Whether the characters are some headers, each any number of times, and nothing else."""
    if not surplus or not headers:
        return not surplus
    once, *others = headers
    most = min((surplus[c] // n for c, n in once.items()), default=0)
    for times in range(most, -1, -1):
        rest = surplus.copy()
        rest.subtract({c: n * times for c, n in once.items()})
        if _made_of(+rest, others):
            return True
    return False


def _counted(text: str, same: Mapping[int, str]) -> Counter[str]:
    told = "".join(text.split()).translate(same)
    return Counter(unicodedata.normalize("NFKC", told))  # pdfium takes ligatures apart


def _listed(characters: Counter[str]) -> str:
    return " ".join(f"{c}×{n}" for c, n in sorted(characters.items()) if n) or "nothing"


def _pages(data: bytes) -> list[str]:
    """The text of every page, as pdfium gives it."""
    with LOCK:
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not document:
            return []
        try:
            return [_text(document, at) for at in range(pdfium.FPDF_GetPageCount(document))]
        finally:
            pdfium.FPDF_CloseDocument(document)


def _text(document: object, index: int) -> str:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        return ""
    text = pdfium.FPDFText_LoadPage(page)
    try:
        units = (pdfium.FPDFText_CountChars(text) + 1) * 2  # a character may take two units
        buffer = (pdfium.c_ushort * units)()
        written = pdfium.FPDFText_GetText(text, 0, units - 1, buffer)
        return bytes(buffer)[: max(0, 2 * (written - 1))].decode("utf-16-le", "replace")
    finally:
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
