"""图像页: the picture of one page as glyph runs and ruling lines, for the grid code of the PDF
reader.

A drawn cell is cut out and read by itself, line by line, so that no text runs over a rule and a
lone figure is not overlooked; what stands outside tables is found and read as lines of text. A
cell with ink in it is never blank: where the ink gives no character, the run is ``UNKNOWN``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any

import cv2
import numpy as np

from gongkai.convert import ocr_rules
from gongkai.convert.ocr_engine import Engine, Reading
from gongkai.statute.readers import pdf_chars, pdf_grid
from gongkai.statute.readers.pdf_page import Page, Rule, Run
from gongkai.statute.report import BBox

Picture = Any  # a numpy array of bytes

_TYPE = 10.5  # points: the type of a table where nothing tells another
_SPECK = 2.0  # points: a spot smaller than this, standing alone, is dirt
_INK = 70  # of 255: how dark ink is at least against the paper about it
_GLANCE, _LOOK = 1_040, 1_400  # pixels: how large a page is looked at for its lines
_LONG = 2.0  # a page this many times longer than wide (a screen rolled down) is looked at in parts
_COARSE, _FINE = 2.0, 2.8  # pixels to the point, between which a page is brought first
_THIN = 100  # times longer than wide: a line, no page
_PIXELS = 60_000_000  # of a page brought to that
_UPRIGHT = 0.96  # on average: a page read less surely may be held the wrong way round
_TABLE = 4  # boxes: fewer are a frame, whose text is read as lines


# The recogniser takes full-width punctuation for half-width and back: beside Chinese it is full.
_PUNCTUATION = re.compile(r"(?<=[\u4e00-\u9fff])[(),:;?!]|[(),:;?!](?=[\u4e00-\u9fff])")
_FULL = str.maketrans("(),:;?!", "（），：；？！")


@dataclass(slots=True)
class _Strip:
    """A line of text cut out, before it is read: its ink in points and its white margin."""

    picture: Picture
    ink: BBox
    left: float  # points: where the strip begins
    width: float
    cell: bool


@dataclass(frozen=True, slots=True)
class Read:
    """一页的识别结果: the page, how sure its characters are on average (0-1; None: there are
    none), and how many drawn tables it has."""

    page: Page
    sure: float | None
    tables: int


def read(picture: Picture, number: int, unit: float, engine: Engine) -> Read:
    """A page of a picture (blue-green-red), ``unit`` pixels to the point.

    Places are those of the page turned upright and levelled.
    """
    height, width = picture.shape[:2]
    if max(height, width) > _THIN * min(height, width):
        return Read(Page(number, width / unit, height / unit), None, 0)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if not _COARSE <= unit <= _FINE:
        # A page as large as a wall is left coarser.
        scale = min(min(max(unit, _COARSE), _FINE) / unit, (_PIXELS / grey.size) ** 0.5)
        way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        grey, unit = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), unit * scale
    lit = ocr_rules.even(grey, unit)
    found = _as_held(lit, number, unit, engine)
    if found.sure is None or found.sure > _UPRIGHT:
        return found
    turned = _upright(lit, engine)
    if turned is lit:
        return found
    again = _as_held(turned, number, unit, engine)
    return again if (again.sure or 0.0) > found.sure else found


def _as_held(lit: Picture, number: int, unit: float, engine: Engine) -> Read:
    """The page as it is held, but for a slight slant."""
    lit = ocr_rules.level(lit, ocr_rules.slant(lit))
    ruled = ocr_rules.rules(lit, unit)
    height, width = lit.shape
    page = Page(number, width / unit, height / unit, level=ruled.level, upright=ruled.upright)
    sheet = _Sheet(lit, ruled.mask, unit)
    tables = [t for t in pdf_grid.lattices(page.level, page.upright)[0] if len(t.boxes) >= _TABLE]
    strips = sheet.cells(tables) + sheet.lines(engine, tables)
    readings = engine.read([s.picture for s in strips])
    for strip, reading in zip(strips, readings, strict=True):
        run = _run(strip, reading, len(page.runs))
        if run:
            page.runs.append(run)
    page.glyphs = sum(len(run.chars) for run in page.runs)
    _one_size(page.runs)
    sure = [s for reading in readings for s in reading.sure]
    return Read(page, mean(sure) if sure else None, len(tables))


def moved(part: Page, page: Page, left: float, top: float) -> None:
    """Put what was read from a part of a page into it, the part's corner at ``left``, ``top``."""
    page.level += [Rule(r.at + top, r.start + left, r.end + left) for r in part.level]
    page.upright += [Rule(r.at + left, r.start + top, r.end + top) for r in part.upright]
    for run in part.runs:
        run.spans = [(a + left, b + left) for a, b in run.spans]
        run.x0, run.x1 = run.x0 + left, run.x1 + left
        run.y0, run.y1 = run.y0 + top, run.y1 + top
        run.base, run.middle = run.base + top, run.middle + top
        run.order += page.glyphs
        page.runs.append(run)
    page.glyphs += part.glyphs


# -- how the page is held -------------------------------------------------------------------


def _upright(lit: Picture, engine: Engine) -> Picture:
    """The picture turned by quarters until its lines run level and read well."""
    boxes = engine.find(lit, _GLANCE)
    sizes = [_extent(box) for box in boxes]
    tall = sum(h for w, h in sizes if h > 1.5 * w)
    wide = sum(w for w, h in sizes if w > 1.5 * h)
    if tall > 2 * wide:
        lit = cv2.rotate(lit, cv2.ROTATE_90_CLOCKWISE)
        boxes = engine.find(lit, _GLANCE)
    boxes.sort(key=lambda b: -_extent(b)[0])
    strips = [_cut(lit, box) for box in boxes[:8]]
    if strips and _agreed(engine.read(strips)) < 0.8:
        turned = [cv2.rotate(s, cv2.ROTATE_180) for s in strips]
        if _agreed(engine.read(turned)) > _agreed(engine.read(strips)) + 0.1:
            lit = cv2.rotate(lit, cv2.ROTATE_180)
    return lit


def _agreed(readings: Sequence[Reading]) -> float:
    sure = [s for reading in readings for s in reading.sure]
    return mean(sure) if sure else 0.0


def _extent(box: Any) -> tuple[float, float]:
    return float(np.ptp(box[:, 0])), float(np.ptp(box[:, 1]))


def _cut(lit: Picture, box: Any) -> Picture:
    x0, y0 = (max(0, int(v)) for v in box.min(axis=0))
    x1, y1 = (int(v) + 1 for v in box.max(axis=0))
    return lit[y0 : max(y1, y0 + 4), x0 : max(x1, x0 + 4)]


# -- the sheet ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sheet:
    """A levelled page: its picture with and without rules, and where it has ink."""

    lit: Picture
    mask: Picture
    unit: float
    plain: Picture = field(init=False)
    ink: Picture = field(init=False)
    faint: Picture = field(init=False)

    def __post_init__(self) -> None:
        wide = np.ones((3, 3), np.uint8)
        self.plain = self.lit.copy()
        self.plain[cv2.dilate(self.mask, wide) > 0] = 255
        soft = cv2.GaussianBlur(self.plain, (0, 0), 0.35 * self.unit)
        self.ink = (soft < 255 - _INK).astype(np.uint8)
        self.faint = (soft < 255 - _INK // 2).astype(np.uint8)

    # -- tables

    def cells(self, tables: Sequence[pdf_grid.Lattice]) -> list[_Strip]:
        """Every line of every cell of the tables."""
        found: list[_Strip] = []
        for table in tables:
            inside = [[self._spots(box.bbox)] for box in table.boxes]
            lines = [self._rows(spots[0], self._size(table)) for spots in inside]
            size = self._size(table, [line for ls in lines for line in ls])
            for box, spots in zip(table.boxes, inside, strict=True):
                for line in self._rows(spots[0], size):
                    found.append(self._strip(line, size, box.bbox))
        return found

    def _size(self, table: pdf_grid.Lattice, lines: Sequence[BBox] = ()) -> float:
        """The type of a table, in pixels: the height of its ordinary lines."""
        heights = [b[3] - b[1] for b in lines if b[3] - b[1] > 4 * self.unit]
        return float(median(heights)) * 1.15 if len(heights) > 3 else _TYPE * self.unit

    def _spots(self, bbox: BBox) -> list[BBox]:
        """The ink in a box, spot by spot, in pixels; dirt and what is left of rules apart."""
        u = self.unit
        x0, y0, x1, y1 = (round(v * u) for v in bbox)
        inset = max(1, round(0.6 * u))
        x0, y0, x1, y1 = x0 + inset, y0 + inset, x1 - inset, y1 - inset
        if x1 - x0 < 3 or y1 - y0 < 3:
            return []
        found = self._spots_in(self.ink, x0, y0, x1, y1)
        if not found:  # faint ink is ink: better a doubtful figure than a blank
            found = self._spots_in(self.faint, x0, y0, x1, y1)
            found = [s for s in found if s[3] - s[1] > 3 * u and s[2] - s[0] < 0.8 * (x1 - x0)]
        return found

    def _spots_in(self, ink: Picture, x0: int, y0: int, x1: int, y1: int) -> list[BBox]:
        u = self.unit
        part = ink[y0:y1, x0:x1]
        count, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
        found: list[BBox] = []
        for left, top, wide, high, _ in stats[1:count].tolist():
            edge = left <= 1 or top <= 1 or left + wide >= x1 - x0 - 1 or top + high >= y1 - y0 - 1
            if edge and min(wide, high) < 1.3 * u:
                continue
            found.append((x0 + left, y0 + top, x0 + left + wide, y0 + top + high))
        if all(max(b[2] - b[0], b[3] - b[1]) < _SPECK * u for b in found):
            return []
        return found

    def _rows(self, spots: Sequence[BBox], size: float) -> list[BBox]:
        """The lines that the spots of a cell make, from top to bottom."""
        large = [s for s in spots if max(s[2] - s[0], s[3] - s[1]) >= _SPECK * self.unit]
        rows: list[BBox] = []
        for spot in sorted(large, key=lambda s: s[1]):
            last = rows[-1] if rows else None
            if last and (
                spot[1] < last[3] - 0.15 * min(spot[3] - spot[1], last[3] - last[1])
                or spot[3] - last[1] < 1.05 * size
            ):
                rows[-1] = _both(last, spot)
            else:
                rows.append(spot)
        return [self._pointed(row, spots, size) for row in rows]

    def _pointed(self, row: BBox, spots: Sequence[BBox], size: float) -> BBox:
        """A line with the points and commas at its foot. In a short one, a figure, any other
        small spot is dirt and is wiped off, lest it be read as a point."""
        high = max(row[3] - row[1], 0.7 * size)
        whole = row
        for x0, y0, x1, y1 in spots:
            if max(x1 - x0, y1 - y0) >= _SPECK * self.unit:
                continue
            foot = row[3] - 0.35 * high < (y0 + y1) / 2 < row[3] + 0.25 * high
            if foot and row[0] - 0.3 * size < x0 and x1 < row[2] + 0.4 * size:
                whole = _both(whole, (x0, y0, x1, y1))
            elif row[2] - row[0] < 5 * size and row[1] - size < y0 and y1 < row[3] + size:
                self.plain[int(y0) - 2 : int(y1) + 2, int(x0) - 2 : int(x1) + 2] = 255
        return whole

    def _strip(self, ink: BBox, size: float, bbox: BBox) -> _Strip:
        """A line cut out with white about it: never lower than a line of this type is, so that
        a dash is not blown up to a bar."""
        x0, y0, x1, y1 = ink
        high = max(y1 - y0, 0.95 * size)
        if y1 - y0 > 0.6 * size:
            middle = (y0 + y1) / 2
        else:  # a dash, a point: keep its height within the line
            middle = (bbox[1] + bbox[3]) / 2 * self.unit
            middle = min(max(middle, y1 - high / 2), y0 + high / 2)
        pad = 0.22 * high
        top, bottom = middle - high / 2 - pad, middle + high / 2 + pad
        left, right = x0 - 1.5 * pad, x1 + 1.5 * pad
        cell = [v * self.unit for v in bbox]
        inner = (cell[0] + 1, cell[1] + 1, cell[2] - 1, cell[3] - 1)
        picture = self._window(self.plain, (left, top, right, bottom), inner)
        return _Strip(
            picture, _points(ink, self.unit), left / self.unit, picture.shape[1] / self.unit, True
        )

    def _window(self, source: Picture, box: BBox, inner: BBox) -> Picture:
        """A part of the picture, white where it lies outside ``inner``."""
        x0, y0, x1, y1 = (round(v) for v in box)
        made = np.full((max(8, y1 - y0), max(8, x1 - x0)), 255, np.uint8)
        height, width = source.shape
        a0, b0 = max(0, x0, round(inner[0])), max(0, y0, round(inner[1]))
        a1, b1 = min(width, x1, round(inner[2])), min(height, y1, round(inner[3]))
        if a1 > a0 and b1 > b0:
            made[b0 - y0 : b1 - y0, a0 - x0 : a1 - x0] = source[b0:b1, a0:a1]
        return made

    # -- running text

    def lines(self, engine: Engine, tables: Sequence[pdf_grid.Lattice]) -> list[_Strip]:
        """The lines of text outside the tables."""
        u = self.unit
        rest = self.lit.copy()
        for table in tables:
            x0, y0, x1, y1 = (round(v * u) for v in table.bbox)
            rest[max(0, y0 - round(u)) : y1 + round(u), max(0, x0 - round(u)) : x1 + round(u)] = 255
        if not (rest < 255 - _INK).any():
            return []
        found = []
        for top, bottom in _parts(rest):
            for box in engine.find(rest[top:bottom], _LOOK):
                strip = self._line(rest, box + (0, top))
                if strip:
                    found.append(strip)
        return found

    def _line(self, rest: Picture, box: Any) -> _Strip | None:
        u = self.unit
        x0, y0 = (max(0, int(v)) for v in box.min(axis=0))
        x1, y1 = (int(v) + 1 for v in box.max(axis=0))
        part = self.ink[y0:y1, x0:x1]
        if not part.any():
            return None
        columns, rows = np.nonzero(part.any(axis=0))[0], np.nonzero(part.any(axis=1))[0]
        ink = [x0 + columns[0], y0 + rows[0], x0 + columns[-1] + 1, y0 + rows[-1] + 1]
        return _Strip(rest[y0:y1, x0:x1], _points(ink, u), x0 / u, (x1 - x0) / u, False)


def _parts(picture: Picture) -> list[tuple[int, int]]:
    """A long page cut where it is whitest; any other whole."""
    height, width = picture.shape
    if height <= _LONG * width:
        return [(0, height)]
    step = round(1.4 * width)
    white = picture.mean(axis=1)
    cuts = [0]
    while height - cuts[-1] > 1.3 * step:
        begin = cuts[-1] + round(0.7 * step)
        cuts.append(begin + int(white[begin : cuts[-1] + step].argmax()))
    return list(zip(cuts, [*cuts[1:], height], strict=True))


def _both(a: BBox, b: BBox) -> BBox:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _points(box: Sequence[float], unit: float) -> BBox:
    x0, y0, x1, y1 = (float(v) / unit for v in box)
    return x0, y0, x1, y1


# -- runs -----------------------------------------------------------------------------------


def _run(strip: _Strip, reading: Reading, order: int) -> Run | None:
    """A strip and its reading as a run of glyphs; ink that says nothing as ``UNKNOWN``."""
    x0, y0, x1, y1 = strip.ink
    text = reading.text.strip()
    if not strip.cell:
        text = _PUNCTUATION.sub(lambda m: m[0].translate(_FULL), text)
    if not text and not strip.cell:
        return None
    middle = (y0 + y1) / 2
    if not text:
        unknown = Run([pdf_chars.UNKNOWN], [(x0, x1)], x0, y0, x1, y1, order, y1, middle)
        unknown.whole, unknown.confidence = True, 0.0
        return unknown
    skip = len(reading.text) - len(reading.text.lstrip())
    at = [strip.left + m * strip.width for m in reading.middles[skip : skip + len(text)]]
    sure = reading.sure[skip : skip + len(text)]
    if not strip.cell:  # prose may be judged by its figures only: they are what is taken from it
        sure = tuple(s for s, c in zip(sure, text, strict=True) if c.isdigit()) or sure
    wide = sum(1.0 if pdf_chars.is_wide(c) else 0.52 for c in text)
    em = max(4.0, min((x1 - x0) / wide, 1.6 * (y1 - y0) + 4))
    edges = [x0, *((a + b) / 2 for a, b in zip(at, at[1:], strict=False)), x1]
    spans = [(a, max(a, b)) for a, b in zip(edges, edges[1:], strict=False)]
    run = Run(list(text), spans, x0, y0, x1, y1, order, y1, middle, em)
    run.whole, run.confidence = True, min(sure)
    return run


def _one_size(runs: Sequence[Run]) -> None:
    """Sizes told from single lines vary by a tenth: those near the page's commonest are it."""
    long = [run.em for run in runs if len(run.chars) > 12]
    if not long:
        return
    usual = median(long)
    for run in runs:
        if 0.85 * usual < run.em < 1.2 * usual:
            run.em = usual
