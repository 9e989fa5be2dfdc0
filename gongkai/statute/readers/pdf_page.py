"""PDF 页面: what one page holds: runs of glyphs, ruling lines, pictures; and how it is held.

All lengths are points; all positions are counted from the upper left corner of the page as a
reader holds it, that is, with the text upright, however the file turns it.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.statute.report import BBox

FAR = 1e5  # points: what a damaged file puts further out is nowhere
SCAN = 0.5  # a picture over this share of a page without text is a scan


@dataclass(slots=True)
class Run:
    """字串: glyphs that follow each other on one line without a visible gap.

    ``spans`` are the left and right edge of each character; ``base`` is the height of the base
    line, ``middle`` the height by which a run belongs to a line or a cell; ``em`` the size.
    ``spaced`` says that the file holds a space character before the run; ``upright`` is False
    for glyphs turned against the page; ``ghost`` is True for text that is not shown; ``whole``
    is True for a run over a ruling line that the file prints as one word, too wide for its cell;
    ``slanted`` for one that lies across the page. ``confidence`` is below 1 for text recognised
    in a picture.
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
    slanted: bool = False
    confidence: float = 1.0

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
            confidence=self.confidence,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """框线: a ruling line along one axis: at ``at``, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """一页: what one page holds.

    ``hidden`` is text without ink, ``beyond`` text outside the page's edges, ``slanted`` text
    across the page, as watermarks are; ``ocr`` says that
    the text is the layer laid over a scan.
    """

    number: int
    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    pictures: list[BBox] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    slanted: list[str] = field(default_factory=list)
    beyond: list[Run] = field(default_factory=list)
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

    def add(self, run: Run) -> None:
        """Keep a run among those a reader sees, or where it belongs that is not seen."""
        inside = -1 < run.middle < self.height + 1 and run.x1 > -1 and run.x0 < self.width + 1
        if run.slanted:
            self.slanted.append(run.text)
        elif run.ghost and not self.ocr:
            self.hidden.append(run.text)
        elif not inside:
            self.beyond.append(run)
        else:
            self.runs.append(run)
            self.glyphs += len(run.chars)


@dataclass(frozen=True, slots=True)
class Matrix:
    """变换: from one space of a page to another: x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the inner space in the outer one."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, inner: Matrix) -> Matrix:
        """The matrix that first does ``inner``, then this one."""
        e, f = self.point(inner.e, inner.f)
        return Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            e,
            f,
        )


@dataclass(frozen=True, slots=True)
class View:
    """How a page is held: its box in the file's own space, and quarter turns clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, handle: Any, text: Any, count: int) -> View:
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


def again(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    """The same C function under a cheaper prototype: a third off for a call made per glyph."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)
