"""PDF: a text PDF as blocks, by its glyphs and its ruling lines.

Glyphs fall into the cells that the ruling lines draw; what stands outside becomes
paragraphs, tables set by white space, or pictures. Scanned pages are named, not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.statute import notes
from gongkai.statute.pdfium import LOCK
from gongkai.statute.readers import (
    pdf_drawing,
    pdf_flow,
    pdf_glyphs,
    pdf_layout,
    pdf_table,
    pdf_text,
)
from gongkai.statute.readers.blocks import Block, Document, Grid, GridCell, Paragraph, Picture
from gongkai.statute.readers.pdf_layout import Item
from gongkai.statute.readers.pdf_page import Page, View
from gongkai.statute.report import BBox, Note, Place
from gongkai.statute.texts import Text, same

PAGES = 2_000
GLYPHS = 4_000_000  # in one file
PAGE_GLYPHS = 120_000  # on one page; a full page of small print has some 6,000
OCR_CONFIDENCE = 0.6  # of text a scanner's software laid over its picture


def blocks(data: bytes) -> Document:
    """A PDF as paragraphs, grids and pictures in the order of reading (``carrier="pdf"``).

    Raises CannotRead: ``error.encrypted``, ``error.damaged``, ``error.too_large``,
    ``error.empty``, ``error.scanned`` (no page has text), ``error.no_mapping`` (text, but
    none that can be told).
    """
    pages, said = pages_of(data)
    refuse(pages)
    return document(pages, said, "pdf")


def document(pages: Sequence[Page], said: Sequence[Note], carrier: str) -> Document:
    """The blocks of pages of glyphs and rules, wherever these come from: a PDF, a picture."""
    taken = [pdf_layout.taken(page) for page in pages]
    said = [*said, *(note for page in pages for note in _page_notes(page))]
    removed = pdf_flow.furniture([t.lines for t in taken], [page.height for page in pages])
    said += [notes.note("read.running_head", Place(page=p), text=t) for t, p in removed.told]
    items = [pdf_layout.laid_out(page, removed.lines) for page in taken]
    ocr = frozenset(page.number for page in pages if page.ocr)
    return Document(tuple(_Writer(ocr).write(_sewn(items))), carrier, tuple(said))


# -- the file -------------------------------------------------------------------------------


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The file in pdfium's hands. ``data`` must outlive the handle, hence the context."""
    handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        reason = pdfium.FPDF_GetLastError()
        if reason in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise notes.error("error.encrypted")
        raise notes.error("error.damaged", reason=Text("PDF 结构无法解析", "not a readable PDF"))
    try:
        yield handle
    finally:
        pdfium.FPDF_CloseDocument(handle)


def pages_of(data: bytes) -> tuple[list[Page], list[Note]]:
    """Every page of a PDF that can be loaded, and a note for each that cannot.

    Raises CannotRead: ``error.encrypted``, ``error.damaged``, ``error.too_large``.
    """
    pages: list[Page] = []
    said: list[Note] = []
    with LOCK, _opened(data) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count > PAGES:
            what = Text(f"{count} 页，上限 {PAGES} 页", f"{count} pages, the limit is {PAGES}")
            raise notes.error("error.too_large", what=what)
        glyphs = 0
        for index in range(count):
            page = _page(document, index)
            if page is None:
                said.append(notes.note("read.page_damaged", Place(page=index + 1), page=index + 1))
                continue
            glyphs += page.glyphs
            if glyphs > GLYPHS:
                raise _too_many(glyphs)
            pages.append(page)
    if not pages:
        raise notes.error("error.damaged", reason=Text("没有可读的页", "no page can be read"))
    return pages, said


def _page(document: Any, index: int) -> Page | None:
    handle = pdfium.FPDF_LoadPage(document, index)
    if not handle:
        return None
    try:
        if _has_fields(handle):
            # What was typed into form fields is drawn over the page: make it part of it.
            flat = pdfium.FPDFPage_Flatten(handle, pdfium.FLAT_NORMALDISPLAY)
            if flat == pdfium.FLATTEN_SUCCESS:
                pdfium.FPDF_ClosePage(handle)
                handle = pdfium.FPDF_LoadPage(document, index)
        return _read(handle, index + 1)
    finally:
        pdfium.FPDF_ClosePage(handle)


def _read(handle: Any, number: int) -> Page:
    text = pdfium.FPDFText_LoadPage(handle)
    try:
        count = max(0, pdfium.FPDFText_CountChars(text)) if text else 0
        if count > PAGE_GLYPHS:
            raise _too_many(count)
        view = View.of(handle, text, count)
        page = Page(number, view.width, view.height)
        grounds = pdf_drawing.take(handle, view, page)
        if count:
            pdf_glyphs.take(text, count, view, page, grounds)
        return page
    finally:
        if text:
            pdfium.FPDFText_ClosePage(text)


def _has_fields(handle: Any) -> bool:
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(handle), 2_000)):
        note = pdfium.FPDFPage_GetAnnot(handle, index)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        pdfium.FPDFPage_CloseAnnot(note)
        if kind in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT):
            return True
    return False


def _too_many(glyphs: int) -> Exception:
    what = Text(f"{glyphs} 个字符", f"{glyphs} characters")
    return notes.error("error.too_large", what=what)


def refuse(pages: Sequence[Page]) -> None:
    """Raise CannotRead where no page gives text: ``error.no_mapping``, ``.scanned``, ``.empty``."""
    glyphs = sum(page.glyphs for page in pages)
    unmapped = sum(page.unmapped for page in pages)
    if unmapped > 0.9 * glyphs and unmapped:
        raise notes.error("error.no_mapping")
    if not any(page.glyphs and not page.scanned for page in pages):
        if any(page.scanned or page.outlined or page.pictures for page in pages):
            raise notes.error("error.scanned")
        raise notes.error("error.empty")


def _page_notes(page: Page) -> Iterator[Note]:
    place = Place(page=page.number)
    if page.scanned or page.outlined:
        yield notes.note("read.scanned_page", place, page=page.number)
    if page.ocr:
        yield notes.note("read.ocr_layer", place, page=page.number)
    if page.unmapped:
        yield notes.note("read.no_mapping", place, page=page.number)
    if page.crowded:
        yield notes.note("read.page_crowded", place, page=page.number)
    if page.hidden:
        yield notes.note("read.hidden_text", place, text=_short(page.hidden))
    if page.slanted:
        yield notes.note("read.watermark", place, page=page.number, text=_short(page.slanted))


def _short(parts: Sequence[str]) -> Text:
    text = "".join(parts)
    return same(text if len(text) <= 60 else text[:60] + "…")


# -- the whole file -------------------------------------------------------------------------


def _sewn(pages: Sequence[Sequence[Item]]) -> list[Item]:
    """All items in order, tables cut by a page break joined; boxes that turned out to be no
    table given back as lines."""
    items: list[Item] = []
    for page in pages:
        for index, item in enumerate(page):
            last = items[-1] if items else None
            if (
                index == 0
                and isinstance(item, pdf_table.Sheet)
                and isinstance(last, pdf_table.Sheet)
            ):
                whole = pdf_table.continued(last, item)
                if whole:
                    items[-1] = whole
                    continue
            items.append(item)
    flat: list[Item] = []
    for item in items:
        if isinstance(item, pdf_table.Sheet) and item.lines:
            flat += item.lines
        else:
            flat.append(item)
    return flat


@dataclass(slots=True)
class _Writer:
    """Items as blocks, with their places counted."""

    ocr: frozenset[int]
    line: int = 0
    table: int = 0
    open: list[pdf_text.Line] = field(default_factory=list)

    def write(self, items: Sequence[Item]) -> Iterator[Block]:
        """The blocks of all items in order."""
        pages: dict[int, list[pdf_text.Line]] = {}
        for item in items:
            if isinstance(item, pdf_text.Line):
                pages.setdefault(item.page, []).append(item)
        edges = pdf_flow.margins(list(pages.values()))
        for item in items:
            if isinstance(item, pdf_text.Line):
                yield from self._take(item, edges)
                continue
            yield from self._close()
            if isinstance(item, Picture):
                yield item
            else:
                yield from self._table(item)
        yield from self._close()

    def _take(self, line: pdf_text.Line, edges: dict[int, pdf_flow.Margins]) -> Iterator[Paragraph]:
        if self.open and not pdf_flow.goes_on(self.open, line, edges):
            yield from self._close()
        self.open.append(line)

    def _close(self) -> Iterator[Paragraph]:
        if self.open:
            yield self._paragraph()

    def _table(self, sheet: pdf_table.Sheet) -> Iterator[Block]:
        """A grid; where rows of prose stand in it, the grids between them and the prose."""
        self.table += 1
        rows: list[pdf_table.Cell] = []
        for cell in sorted(sheet.cells, key=lambda c: (c.row, c.column)):
            if not cell.lines:
                rows.append(cell)
                continue
            if rows:
                yield self._grid(sheet, rows)
            rows = []
            edges = pdf_flow.margins([cell.lines])
            for line in cell.lines:
                yield from self._take(line, edges)
            yield from self._close()
        if rows:
            yield self._grid(sheet, rows)

    def _paragraph(self) -> Paragraph:
        first = self.open[0]
        bbox = pdf_text.around(line.bbox for line in self.open if line.page == first.page)
        place = Place(first.page, _tidy(bbox), line=self.line + 1)
        self.line += len(self.open)
        text = pdf_flow.spelt(self.open)
        sure = min(word.confidence for line in self.open for word in line.words)
        if self.ocr:
            sure = min(sure, *(self._sure(line.page) for line in self.open))
        self.open = []
        return Paragraph(text, place, sure)

    def _sure(self, page: int) -> float:
        return OCR_CONFIDENCE if page in self.ocr else 1.0

    def _grid(self, sheet: pdf_table.Sheet, cells: Sequence[pdf_table.Cell]) -> Grid:
        first = cells[0].row
        rows = max(c.row + c.row_span for c in cells) - first
        made = tuple(
            GridCell(
                c.row - first,
                c.column,
                c.text,
                c.row_span,
                c.column_span,
                Place(c.page, _tidy(c.bbox), self.table, c.row + 1, c.column + 1),
                c.pieces,
                confidence=min(c.confidence, self._sure(c.page)),
            )
            for c in cells
        )
        bbox = pdf_text.around(c.bbox for c in cells if c.page == cells[0].page)
        place = Place(cells[0].page, _tidy(bbox), self.table)
        return Grid(made, rows, sheet.columns, sheet.drawn, place=place)


def _tidy(box: BBox) -> BBox:
    """A box to a hundredth of a point: the file holds no more."""
    left, top, right, bottom = box
    return round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)
