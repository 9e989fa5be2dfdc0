"""PDF 图形: the drawn objects of a page: ruling lines, filled areas, pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.statute.readers.pdf_page import FAR, Matrix, Page, Rule, View, again
from gongkai.statute.report import BBox

OBJECTS = 60_000  # per page; a map or a plan has more, a report has some hundreds
CORNERS = 300_000  # of all paths of a page
THIN = 3.2  # a filled strip or stroke up to this width is a rule

_INT, _PTR = ctypes.c_int, ctypes.c_void_p
_kind = again(pdfium.FPDFPageObj_GetType, _INT, _PTR)
_object = again(pdfium.FPDFPage_GetObject, _PTR, _PTR, _INT)
_inner = again(pdfium.FPDFFormObj_GetObject, _PTR, _PTR, ctypes.c_ulong)


def _matrix(handle: Any) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, m):
        return Matrix()
    return Matrix(m.a, m.b, m.c, m.d, m.e, m.f)


def _walk(handle: Any, page: Page) -> Iterator[tuple[Any, int, Matrix | None]]:
    """All path and picture objects with the matrix of the forms they stand in."""
    todo: list[tuple[Any, int, Matrix | None, int]] = [
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
                own = _matrix(item)
                inside = pdfium.FPDFFormObj_CountObjects(item)
                todo.append((item, inside, matrix.after(own) if matrix else own, depth + 1))
            elif kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
                yield item, kind, matrix


def take(handle: Any, view: View, page: Page) -> list[BBox]:
    """Fill the rules and pictures of a page; give back its areas of colour."""
    grounds: list[BBox] = []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    corners = 0
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
            if not strip(box, page):
                page.pictures.append(_shown(item, box, matrix, view, page))
            continue
        page.drawings += 1
        pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
        if not (fill.value or stroke.value) or strip(box, page):
            continue
        segments = pdfium.FPDFPath_CountSegments(item)
        corners += segments
        if corners > CORNERS:
            page.crowded = True
            break
        if stroke.value:
            for part in _subpaths(item, segments, matrix, view):
                sides(part, page)
        elif segments > 5:
            filled([bounds(p) for p in _subpaths(item, segments, matrix, view) if p], page)
        if fill.value and not _is_white(item):
            grounds.append(box)
    page.level = [r for r in page.level if is_near(r)]
    page.upright = [r for r in page.upright if is_near(r)]
    return grounds + page.pictures


def is_near(rule: Rule) -> bool:
    """Whether a rule stands on a page anyone could hold."""
    return -FAR < rule.at < FAR and -FAR < rule.start <= rule.end < FAR


def _shown(item: Any, box: BBox, matrix: Matrix | None, view: View, page: Page) -> BBox:
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
            boxes.append(bounds(points))
    left, top = max(b[0] for b in boxes), max(b[1] for b in boxes)
    return left, top, max(left, min(b[2] for b in boxes)), max(top, min(b[3] for b in boxes))


def strip(box: BBox, page: Page) -> bool:
    """Take a thin shape as a rule. A dot is both: dotted borders are made of dots."""
    wide, high = box[2] - box[0], box[3] - box[1]
    if wide > THIN and high > THIN:
        return False
    if high <= THIN and (wide >= high or wide <= THIN):
        page.level.append(Rule((box[1] + box[3]) / 2, box[0], box[2]))
    if wide <= THIN and (high >= wide or high <= THIN):
        page.upright.append(Rule((box[0] + box[2]) / 2, box[1], box[3]))
    return True


Points = list[tuple[float, float]]


def _subpaths(item: Any, count: int, matrix: Matrix | None, view: View) -> Iterator[Points]:
    """The corner points of each part of a path; where it curves, the part is broken."""
    own = _matrix(item)
    whole = matrix.after(own) if matrix else own
    x, y = ctypes.c_float(), ctypes.c_float()
    part: Points = []
    for index in range(count):
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


def sides(part: Points, page: Page) -> None:
    """Each side of a stroked outline that runs along an axis is a rule; slanted ones are not."""
    for (ax, ay), (bx, by) in pairwise(part):
        if abs(ay - by) < 0.8 and abs(ax - bx) > 1:
            page.level.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) < 0.8 and abs(ay - by) > 1:
            page.upright.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))


def bounds(part: Points) -> BBox:
    """The box around some points."""
    xs, ys = [p[0] for p in part], [p[1] for p in part]
    return min(xs), min(ys), max(xs), max(ys)


def filled(parts: Sequence[BBox], page: Page) -> None:
    """Thin parts of a filled path are rules; two parts, one just inside the other, a frame."""
    large = [box for box in parts if not strip(box, page)]
    for outer, inner in pairwise(large):
        gaps = [abs(a - b) for a, b in zip(outer, inner, strict=True)]
        if max(gaps) <= 2 * THIN and max(gaps) > 0:
            x0, y0, x1, y1 = ((a + b) / 2 for a, b in zip(outer, inner, strict=True))
            sides([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], page)


def _is_white(item: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return True
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= 250
