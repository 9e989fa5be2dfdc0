"""PDF 字形: the glyphs of a page as runs: what is shown, and where it stands."""

from __future__ import annotations

import ctypes
import math
import struct
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Sequence
from itertools import pairwise, repeat
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.statute.readers import pdf_chars
from gongkai.statute.readers.pdf_page import FAR, SCAN, Page, Run, View, again
from gongkai.statute.report import BBox

TWIN = 1.5  # points between a glyph and its second printing
SLANT = 0.08  # of a quarter turn: text at a larger angle lies across the page

_INT, _PTR = ctypes.c_int, ctypes.c_void_p
_unicode = again(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _PTR, _INT)
_loose = again(pdfium.FPDFText_GetLooseCharBox, _INT, _PTR, _INT, _PTR)
_unsure = again(pdfium.FPDFText_HasUnicodeMapError, _INT, _PTR, _INT)


def take(text: Any, count: int, view: View, page: Page, grounds: list[BBox]) -> None:
    """Fill ``page.runs`` from the text layer, and count what has no mapping.

    ``grounds`` are the areas of colour on which white text can be read.
    """
    at = ctypes.cast(text, _PTR)
    codes = pdf_chars.paired(list(map(_unicode, repeat(at), range(count))))
    unsure = list(map(_unsure, repeat(at), range(count)))
    boxes = (pdfium.FS_RECTF * count)()
    base = ctypes.addressof(boxes)
    step = ctypes.sizeof(pdfium.FS_RECTF)
    deque(map(_loose, repeat(at), range(count), range(base, base + step * count, step)), 0)
    flat: tuple[float, ...] = struct.unpack(f"{4 * count}f", boxes)
    left, top, right, bottom = flat[0::4], flat[1::4], flat[2::4], flat[3::4]
    if view.turns:
        places = [view.box(*box) for box in zip(left, bottom, right, top, strict=True)]
    else:
        x, y = view.left, view.top
        places = [
            (x0 - x, y - y0, x1 - x, y - y1)
            for x0, y0, x1, y1 in zip(left, top, right, bottom, strict=True)
        ]
    found = _runs(text, codes, unsure, places, page)
    for run, _ in found:
        _measure(text, run, view)
    ink = _Ink(grounds)
    _show(text, _parted(text, found, page, ink), ink, page)


_Found = tuple[Run, list[int]]  # a run and the place of each glyph in the text layer


def _runs(
    text: Any, codes: list[int], unsure: list[int], boxes: list[BBox], page: Page
) -> list[_Found]:
    """Glyphs in the file's order taken together while they stand side by side."""
    run = Run([], [], 0, -1e9, 0, -1e9, 0)
    places: list[int] = []
    found: list[_Found] = []
    known: dict[int, str] = {}
    lines: dict[int, list[Run]] = defaultdict(list)
    y0 = y1 = edge = -1e9
    reach = back = 0.0
    spaced = False
    for index, (code, lost, box) in enumerate(zip(codes, unsure, boxes, strict=True)):
        if code < 0:
            continue
        if code in pdf_chars.SPACES and (not lost or code in pdf_chars.CONTROLS):
            spaced = spaced or not pdfium.FPDFText_IsGenerated(text, index)
            continue
        char = pdf_chars.UNKNOWN if lost else known.get(code)
        if char is None:
            char = known[code] = pdf_chars.char(code)
        left, top, right, bottom = box
        if (
            not spaced
            and back < left - edge < reach
            and -0.6 < top - y0 < 0.6
            and -0.6 < bottom - y1 < 0.6
        ):
            run.chars.append(char)
            run.spans.append((left, right))
            places.append(index)
            if edge < right < FAR:
                edge = run.x1 = right
            continue
        if not (-FAR < left < FAR and -FAR < top < FAR and right < FAR and bottom < FAR):
            page.hidden.append(char)
            continue
        if _is_twin(lines, char, left, top):
            continue
        y0, y1, edge, places = top, bottom, right, [index]
        run = Run([char], [(left, right)], left, top, right, bottom, index, spaced=spaced)
        run.em = pdf_chars.em(char, right - left, bottom - top)
        reach, back = pdf_chars.GAP * run.em, -0.3 * run.em
        lines[int(top)].append(run)
        found.append((run, places))
        spaced = False
    page.unmapped = sum(pdf_chars.is_lost(c) for run, _ in found for c in run.chars)
    return found


def _is_twin(lines: dict[int, list[Run]], char: str, x: float, y: float) -> bool:
    """Whether the glyph is printed a second time, a hair beside the first: a way to make bold."""
    return any(
        run.x0 - TWIN < x < run.x1
        and any(
            c == char and abs(s[0] - x) < TWIN for c, s in zip(run.chars, run.spans, strict=True)
        )
        for line in (int(y) - 1, int(y), int(y) + 1)
        if line in lines
        for run in lines[line]
    )


def _parted(text: Any, runs: list[_Found], page: Page, ink: _Ink) -> list[Run]:
    """Runs over an upright line parted where the file begins another word, and runs parted
    where white begins or ends.

    Two cells' figures may stand so near that they look like one run; and a figure may be too
    wide for its cell. The file's text objects tell which, unless each glyph is its own.
    """
    walls = sorted(page.upright, key=lambda r: r.at)
    ats = [r.at for r in walls]
    found: list[Run] = []
    for run, indexes in runs:
        over = [
            r.at
            for r in walls[bisect_right(ats, run.x0 + 1) : bisect_left(ats, run.x1 - 1)]
            if r.start <= run.middle <= r.end
        ]
        if len(indexes) != len(run.chars) or len(indexes) == 1:
            found.append(run)
            continue
        if ink.is_white(text, indexes[0]) != ink.is_white(text, indexes[-1]):
            found += _cut(run, indexes, [ink.is_white(text, k) for k in indexes])
            continue
        if not over:
            found.append(run)
            continue
        owners = [ctypes.cast(pdfium.FPDFText_GetTextObject(text, k), _PTR).value for k in indexes]
        cuts = [k for k in range(1, len(owners)) if owners[k] != owners[k - 1]]
        if len(cuts) == len(owners) - 1:
            # A line through the middle of a glyph parts no cells.
            run.whole = all(
                any(x0 + 0.2 * (x1 - x0) < at < x1 - 0.2 * (x1 - x0) for x0, x1 in run.spans)
                for at in over
            )
            found.append(run)
            continue
        parts = _cut(run, indexes, owners)
        for part in parts:
            part.whole = True
        found += parts
    return found


def _cut(run: Run, indexes: list[int], marks: Sequence[object]) -> list[Run]:
    """A run in parts, each of glyphs with the same mark."""
    cuts = [k for k in range(1, len(marks)) if marks[k] != marks[k - 1]]
    parts = []
    for start, stop in pairwise([0, *cuts, len(marks)]):
        part = run.cut(start, stop)
        part.order = indexes[start]
        parts.append(part)
    return parts


def _measure(text: Any, run: Run, view: View) -> None:
    """The base line of a run, and whether it stands upright on the page."""
    angle = pdfium.FPDFText_GetCharAngle(text, run.order)
    quarters = -angle / (math.pi / 2)
    run.upright = angle < 0 or round(quarters) % 4 == view.turns
    run.slanted = angle >= 0 and abs(quarters - round(quarters)) > SLANT
    run.middle = run.base = (run.y0 + run.y1) / 2
    x, y = ctypes.c_double(), ctypes.c_double()
    if run.upright and pdfium.FPDFText_GetCharOrigin(text, run.order, x, y):
        run.base = view.point(x.value, y.value)[1]
        # Loose boxes differ wildly between fonts; the base line does not.
        middle = run.base - 0.36 * run.em
        if run.y0 < middle < run.y1:
            run.middle = middle


def _show(text: Any, runs: list[Run], ink: _Ink, page: Page) -> None:
    """Keep the runs a reader sees; text that is not shown goes to ``page.hidden``.

    Text without colour over a scan is what a recogniser laid there: it is kept.
    """
    ghosts = sum(len(run.chars) for run in runs if ink.lacks(text, run))
    total = sum(len(run.chars) for run in runs)
    page.ocr = ghosts > 0.5 * total and any(
        (b[2] - b[0]) * (b[3] - b[1]) > SCAN * page.width * page.height for b in page.pictures
    )
    for run in runs:
        page.add(run)


class _Ink:
    """What colour a glyph has, and on what ground it stands."""

    def __init__(self, grounds: list[BBox]) -> None:
        self.grounds = grounds
        self.parts = [ctypes.c_uint() for _ in range(4)]

    def lacks(self, text: Any, run: Run) -> bool:
        """Whether a run is drawn without ink, or white on white; notes it in the run."""
        red, green, blue, alpha = self.parts
        item = pdfium.FPDFText_GetTextObject(text, run.order)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
        if mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            run.ghost = True
        elif mode == pdfium.FPDF_TEXTRENDERMODE_FILL and pdfium.FPDFText_GetFillColor(
            text, run.order, red, green, blue, alpha
        ):
            white = min(red.value, green.value, blue.value) >= 250
            run.ghost = alpha.value == 0 or (white and not self._on_ground(run))
        return run.ghost

    def is_white(self, text: Any, index: int) -> bool:
        """Whether a glyph is white or without colour, whatever it stands on."""
        red, green, blue, alpha = self.parts
        if not pdfium.FPDFText_GetFillColor(text, index, red, green, blue, alpha):
            return False
        return alpha.value == 0 or min(red.value, green.value, blue.value) >= 250

    def _on_ground(self, run: Run) -> bool:
        x, y = (run.x0 + run.x1) / 2, run.middle
        return any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in self.grounds)
