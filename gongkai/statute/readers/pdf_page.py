"""PDF 页面: what stands on one page of a PDF: runs of glyphs, ruling lines, filled areas, pictures.

All lengths are points; all positions are counted from the upper left corner of the page as a
reader holds it, that is, with the text upright, however the file turns it.
"""

from __future__ import annotations

import ctypes
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.statute.readers import pdf_glyphs
from gongkai.statute.report import BBox

OBJECTS = 60_000  # per page; a map or a plan has more, a report has some hundreds
GLYPHS = 120_000  # per page; a full page of small print has some 6,000
THIN = 3.2  # a filled strip or stroke up to this width is a rule
SCAN = 0.5  # a picture over this share of a page without text is a scan


@dataclass(slots=True)
class Run:
    """字串: glyphs that follow each other on one line without a visible gap.

    ``spans`` are the left and right edge of each character; ``base`` is the height of the base
    line, ``middle`` the height by which a run belongs to a line or a cell; ``em`` the size.
    ``spaced`` says that the file holds a space character before the run; ``upright`` is False
    for glyphs turned against the page; ``ghost`` is True for text that is not shown; ``whole``
    is True for a run over a ruling line that the file prints as one word, too wide for its cell.
    """

    chars: list[str]
    spans: list[tuple[float, float]]
    x0: float
    y0: float
    x1: float
    y1: float
    order: int
    base: float = 0.0
    middle: float = 0.0
    em: float = 10.0
    spaced: bool = False
    upright: bool = True
    ghost: bool = False
    whole: bool = False

    @property
    def text(self) -> str:
        """The characters of the run."""
        return "".join(self.chars)

    def cut(self, start: int, stop: int) -> Run:
        """The part of the run from one character to another."""
        spans = self.spans[start:stop]
        return Run(
            self.chars[start:stop],
            spans,
            spans[0][0],
            self.y0,
            spans[-1][1],
            self.y1,
            self.order + start,
            self.base,
            self.middle,
            self.em,
            self.spaced and not start,
            self.upright,
            self.ghost,
            self.whole,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """框线: a ruling line along one axis: at ``at``, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """一页: what one page holds. ``ocr`` says that its text is the layer laid over a scan."""

    number: int
    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    pictures: list[BBox] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    unmapped: int = 0
    glyphs: int = 0
    drawings: int = 0
    crowded: bool = False
    ocr: bool = False

    @property
    def scanned(self) -> bool:
        """No text to speak of, and a picture over most of the page."""
        covered = sum((b[2] - b[0]) * (b[3] - b[1]) for b in self.pictures)
        return self.glyphs < 12 and covered > SCAN * self.width * self.height

    @property
    def outlined(self) -> bool:
        """No text, but a great many drawn shapes: text turned into curves."""
        return not self.glyphs and not self.scanned and self.drawings > 300


def _again(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    """The same C function under a cheaper prototype: a third off for a call made per glyph."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


_INT, _PTR = ctypes.c_int, ctypes.c_void_p
_unicode = _again(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _PTR, _INT)
_loose = _again(pdfium.FPDFText_GetLooseCharBox, _INT, _PTR, _INT, _PTR)
_unsure = _again(pdfium.FPDFText_HasUnicodeMapError, _INT, _PTR, _INT)
_kind = _again(pdfium.FPDFPageObj_GetType, _INT, _PTR)
_object = _again(pdfium.FPDFPage_GetObject, _PTR, _PTR, _INT)
_inner = _again(pdfium.FPDFFormObj_GetObject, _PTR, _PTR, ctypes.c_ulong)


def read(handle: Any, number: int) -> Page:
    """One page, loaded by pdfium; ``number`` counts from 1.

    Raises OverflowError where the page holds more glyphs than any page of print.
    """
    text = pdfium.FPDFText_LoadPage(handle)
    try:
        count = max(0, pdfium.FPDFText_CountChars(text)) if text else 0
        if count > GLYPHS:
            raise OverflowError(count)
        view = _View.of(handle, text, count)
        page = Page(number, view.width, view.height)
        fills = _objects(handle, view, page)
        if count:
            _glyphs(text, count, view, page, fills)
    finally:
        if text:
            pdfium.FPDFText_ClosePage(text)
    return page


@dataclass(frozen=True, slots=True)
class _View:
    """How a page is held: its box in the file's own space, and quarter turns clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, handle: Any, text: Any, count: int) -> _View:
        """Turned so that most glyphs stand upright; a page without text as the file says."""
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(handle, box)
        turns = pdfium.FPDFPage_GetRotation(handle) % 4
        votes = [0, 0, 0, 0]
        for index in range(0, count, max(1, count // 40)):
            angle = pdfium.FPDFText_GetCharAngle(text, index)
            if angle >= 0 and not pdfium.FPDFText_IsGenerated(text, index):
                votes[round(-angle / (math.pi / 2)) % 4] += 1
        if sum(votes) >= 8:
            turns = votes.index(max(votes))
        return cls(box.left, box.bottom, box.right, box.top, turns)

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turns == 0:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, left: float, bottom: float, right: float, top: float) -> BBox:
        ax, ay = self.point(left, bottom)
        bx, by = self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


# -- glyphs ---------------------------------------------------------------------------------


def _glyphs(text: Any, count: int, view: _View, page: Page, fills: list[_Fill]) -> None:
    """Fill ``page.runs`` from the text layer, and count what has no mapping."""
    at = ctypes.cast(text, _PTR)
    codes = list(map(_unicode, repeat(at), range(count)))
    unsure = list(map(_unsure, repeat(at), range(count)))
    boxes = (pdfium.FS_RECTF * count)()
    base = ctypes.addressof(boxes)
    step = ctypes.sizeof(pdfium.FS_RECTF)
    list(map(_loose, repeat(at), range(count), range(base, base + step * count, step)))
    flat = memoryview(boxes).cast("B").cast("f").tolist()  # left, top, right, bottom of each
    spaces = [i for i in range(count) if codes[i] in pdf_glyphs.SPACES]
    real = {i for i in spaces if not pdfium.FPDFText_IsGenerated(text, i)}
    run: Run | None = None
    spaced = False
    runs: list[Run] = []
    places: list[list[int]] = []
    seen: set[tuple[int, int, int]] = set()
    for index in range(count):
        code = codes[index]
        if code in pdf_glyphs.SPACES and not (unsure[index] and code not in (9, 10, 13, 32)):
            spaced = spaced or index in real
            continue
        left, top, right, bottom = flat[4 * index : 4 * index + 4]
        if view.turns:
            x0, y0, x1, y1 = view.box(left, bottom, right, top)
        else:
            x0, y0, x1, y1 = left - view.left, view.top - top, right - view.left, view.top - bottom
        char = pdf_glyphs.char(code, bool(unsure[index]))
        if char is pdf_glyphs.UNKNOWN:
            page.unmapped += 1
        if run is not None and not spaced and abs(run.y0 - y0) < 0.6 and abs(run.y1 - y1) < 0.6:
            gap = x0 - run.x1
            if -0.3 * run.em < gap < pdf_glyphs.GAP * run.em:
                run.chars.append(char)
                run.spans.append((x0, x1))
                run.x1 = max(run.x1, x1)
                seen.add((code, int(x0), int(y0)))
                places[-1].append(index)
                continue
        if _is_twin(seen, code, int(x0), int(y0)):
            continue
        seen.add((code, int(x0), int(y0)))
        run = Run([char], [(x0, x1)], x0, y0, x1, y1, index, spaced=spaced)
        run.em = pdf_glyphs.em(char, x1 - x0, y1 - y0)
        runs.append(run)
        places.append([index])
        spaced = False
    for run in runs:
        _measure(text, run, view)
    ink = _Ink([f.box for f in fills if not f.white] + page.pictures)
    _show(text, _parted(text, runs, places, page, ink), ink, page)


def _parted(
    text: Any, runs: list[Run], places: list[list[int]], page: Page, ink: _Ink
) -> list[Run]:
    """Runs over an upright line parted where the file begins another word, and runs parted
    where white begins or ends.

    Two cells' figures may stand so near that they look like one run; and a figure may be too
    wide for its cell. The file's text objects tell which, unless each glyph is its own.
    """
    walls = sorted(page.upright, key=lambda r: r.at)
    ats = [r.at for r in walls]
    found: list[Run] = []
    for run, indexes in zip(runs, places, strict=True):
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


def _is_twin(seen: set[tuple[int, int, int]], code: int, x: int, y: int) -> bool:
    """Whether the glyph is printed a second time, a hair beside the first: a way to make bold."""
    return any((code, x + dx, y + dy) in seen for dx in (0, -1, 1) for dy in (0, -1, 1))


def _measure(text: Any, run: Run, view: _View) -> None:
    """The base line of a run, and whether it stands upright on the page."""
    angle = pdfium.FPDFText_GetCharAngle(text, run.order)
    run.upright = angle < 0 or round(-angle / (math.pi / 2)) % 4 == view.turns
    run.chars = pdf_glyphs.pairs(run)
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
        inside = -1 < run.middle < page.height + 1 and run.x1 > -1 and run.x0 < page.width + 1
        if not inside or (run.ghost and not page.ocr):
            page.hidden.append(run.text)
        else:
            page.runs.append(run)
            page.glyphs += len(run.chars)


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


# -- drawings -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fill:
    """A filled area, and whether it is white."""

    box: BBox
    white: bool


@dataclass(frozen=True, slots=True)
class _Matrix:
    """From the space of a form object to that of the page: x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    @classmethod
    def of(cls, handle: Any) -> _Matrix:
        m = pdfium.FS_MATRIX()
        if not pdfium.FPDFPageObj_GetMatrix(handle, m):
            return cls()
        return cls(m.a, m.b, m.c, m.d, m.e, m.f)

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, inner: _Matrix) -> _Matrix:
        """The matrix that first does ``inner``, then this one."""
        e, f = self.point(inner.e, inner.f)
        return _Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            e,
            f,
        )


def _walk(handle: Any, page: Page) -> Iterator[tuple[Any, int, _Matrix | None]]:
    """All path and picture objects with the matrix of the forms they stand in."""
    todo: list[tuple[Any, int, _Matrix | None, int]] = [
        (handle, pdfium.FPDFPage_CountObjects(handle), None, 0)
    ]
    seen = 0
    while todo:
        parent, count, matrix, depth = todo.pop()
        get = _object if depth == 0 else _inner
        for index in range(count):
            seen += 1
            if seen > OBJECTS:
                page.crowded = True
                return
            item = get(parent, index)
            if not item:
                continue
            kind = _kind(item)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            item = ctypes.cast(item, pdfium.FPDF_PAGEOBJECT)
            if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 6:
                own = _Matrix.of(item)
                inside = pdfium.FPDFFormObj_CountObjects(item)
                todo.append((item, inside, matrix.after(own) if matrix else own, depth + 1))
            elif kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
                yield item, kind, matrix


def _objects(handle: Any, view: _View, page: Page) -> list[_Fill]:
    """Fill ``page.level``, ``page.upright`` and ``page.pictures``; give back the filled areas."""
    fills: list[_Fill] = []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    for item, kind, matrix in _walk(handle, page):
        if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            continue
        if matrix:
            ax, ay = matrix.point(left.value, bottom.value)
            bx, by = matrix.point(right.value, top.value)
            box = view.box(ax, ay, bx, by)
        else:
            box = view.box(left.value, bottom.value, right.value, top.value)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            if not _strip(box, page):
                page.pictures.append(_shown(item, box, matrix, view, page))
            continue
        page.drawings += 1
        pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
        if not (fill.value or stroke.value) or _strip(box, page):
            continue
        segments = pdfium.FPDFPath_CountSegments(item)
        if stroke.value:
            for part in _subpaths(item, segments, matrix, view):
                _sides(part, page)
        elif segments > 5:
            _filled([_bounds(p) for p in _subpaths(item, segments, matrix, view) if p], page)
        if fill.value:
            fills.append(_Fill(box, _is_white(item)))
    return fills


def _shown(item: Any, box: BBox, matrix: _Matrix | None, view: _View, page: Page) -> BBox:
    """The part of a picture that its clip and the page leave to see."""
    boxes = [box, (0.0, 0.0, page.width, page.height)]
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip)) if clip else 0):
        points = []
        for index in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), 1_000)):
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, index)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            at = matrix.point(x.value, y.value) if matrix else (x.value, y.value)
            points.append(view.point(*at))
        if points:
            boxes.append(_bounds(points))
    left, top = max(b[0] for b in boxes), max(b[1] for b in boxes)
    return left, top, max(left, min(b[2] for b in boxes)), max(top, min(b[3] for b in boxes))


def _strip(box: BBox, page: Page) -> bool:
    """Take a thin shape as a rule. A dot is both: dotted borders are made of dots."""
    wide, high = box[2] - box[0], box[3] - box[1]
    if wide > THIN and high > THIN:
        return False
    if high <= THIN and (wide >= high or wide <= THIN):
        page.level.append(Rule((box[1] + box[3]) / 2, box[0], box[2]))
    if wide <= THIN and (high >= wide or high <= THIN):
        page.upright.append(Rule((box[0] + box[2]) / 2, box[1], box[3]))
    return True


_Points = list[tuple[float, float]]


def _subpaths(item: Any, count: int, matrix: _Matrix | None, view: _View) -> Iterator[_Points]:
    """The corner points of each part of a path; where it curves, the part is broken."""
    own = _Matrix.of(item)
    whole = matrix.after(own) if matrix else own
    x, y = ctypes.c_float(), ctypes.c_float()
    part: _Points = []
    for index in range(min(count, OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        point = view.point(*whole.point(x.value, y.value))
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            if part:
                yield part
            part = [point]
        else:
            part.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment) and part:
            part.append(part[0])
    if part:
        yield part


def _sides(part: _Points, page: Page) -> None:
    """Each side of a stroked outline that runs along an axis is a rule; slanted ones are not."""
    for (ax, ay), (bx, by) in pairwise(part):
        if abs(ay - by) < 0.8 and abs(ax - bx) > 1:
            page.level.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) < 0.8 and abs(ay - by) > 1:
            page.upright.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))


def _bounds(part: _Points) -> BBox:
    xs, ys = [p[0] for p in part], [p[1] for p in part]
    return min(xs), min(ys), max(xs), max(ys)


def _filled(parts: Sequence[BBox], page: Page) -> None:
    """Thin parts of a filled path are rules; two parts, one just inside the other, a frame."""
    large = [box for box in parts if not _strip(box, page)]
    for outer, inner in pairwise(large):
        gaps = [abs(a - b) for a, b in zip(outer, inner, strict=True)]
        if max(gaps) <= 2 * THIN and max(gaps) > 0:
            x0, y0, x1, y1 = ((a + b) / 2 for a, b in zip(outer, inner, strict=True))
            _sides([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], page)


def _is_white(item: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return True
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= 250
