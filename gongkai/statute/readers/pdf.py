"""PDF: a text PDF as blocks, by its glyphs and its ruling lines.

Glyphs fall into the cells that the ruling lines draw; what stands outside becomes
paragraphs, tables set by white space, or pictures. Scanned pages are named, not read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.statute import notes
from gongkai.statute.readers import (
    pdf_columns,
    pdf_flow,
    pdf_grid,
    pdf_page,
    pdf_table,
    pdf_text,
)
from gongkai.statute.readers.blocks import Block, Document, Grid, GridCell, Paragraph, Picture
from gongkai.statute.readers.pdf_page import Page, Run
from gongkai.statute.report import BBox, Note, Place
from gongkai.statute.texts import Text, same

PAGES = 2_000
GLYPHS = 4_000_000  # in one file
OCR_CONFIDENCE = 0.6  # of text a scanner's software laid over its picture
TABLE_SIZE = (90.0, 36.0)  # points: a smaller picture is a seal, a logo or a code, not a table

_pdfium = threading.Lock()  # pdfium keeps global state and is not safe across threads

_Item = pdf_text.Line | pdf_table.Sheet | Picture


def blocks(data: bytes) -> Document:
    """A PDF as paragraphs, grids and pictures in the order of reading (``carrier="pdf"``).

    Raises CannotRead: ``error.encrypted``, ``error.damaged``, ``error.too_large``,
    ``error.empty``, ``error.scanned`` (no page has text), ``error.no_mapping`` (text, but
    none that can be told).
    """
    pages, said = _pages(data)
    _refuse(pages)
    laid = [_laid_out(page) for page in pages]
    said += [note for page in pages for note in _page_notes(page)]
    removed = pdf_flow.furniture(
        [[i for i in items if isinstance(i, pdf_text.Line)] for items in laid],
        [page.height for page in pages],
    )
    said += [notes.note("read.running_head", Place(page=p), text=t) for t, p in removed.told]
    items = [[i for i in items if id(i) not in removed.lines] for items in laid]
    ocr = frozenset(page.number for page in pages if page.ocr)
    return Document(tuple(_Writer(ocr).write(_sewn(items))), "pdf", tuple(said))


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


def _pages(data: bytes) -> tuple[list[Page], list[Note]]:
    """Every page that can be loaded, and a note for each that cannot."""
    pages: list[Page] = []
    said: list[Note] = []
    with _pdfium, _opened(data) as document:
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
        return pdf_page.read(handle, index + 1)
    except OverflowError as error:
        raise _too_many(error.args[0]) from None
    finally:
        pdfium.FPDF_ClosePage(handle)


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


def _refuse(pages: Sequence[Page]) -> None:
    """Raise where no page gives text."""
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
        yield notes.note("read.page_crowded", place, page=page.number, count=pdf_page.OBJECTS)
    if page.hidden:
        text = "".join(page.hidden)
        short = text if len(text) <= 60 else text[:60] + "…"
        yield notes.note("read.hidden_text", place, text=same(short))


# -- one page -------------------------------------------------------------------------------


def _laid_out(page: Page) -> list[_Item]:
    """What stands on a page, from top to bottom."""
    whole = Picture(Place(page=page.number, bbox=(0, 0, page.width, page.height)))
    if page.scanned or page.outlined:
        return [whole]
    lattices, free = pdf_grid.lattices(page.level, page.upright)
    rest, items = _sorted_in(page, lattices)
    lines = pdf_text.lines(rest, page.number)
    items += pdf_columns.tables(lines, free)
    if not page.ocr:
        items += _pictures(page)
    items.sort(key=_top)
    return _unframed(items)


def _top(item: _Item) -> float:
    if isinstance(item, Picture):
        return item.place.bbox[1] if item.place.bbox else 0.0
    return item.middle if isinstance(item, pdf_text.Line) else item.bbox[1]


def _sorted_in(page: Page, lattices: list[pdf_grid.Lattice]) -> tuple[list[Run], list[_Item]]:
    """Runs into the boxes they stand in, the smallest table first; the rest, and the tables."""
    rest = page.runs
    items: list[_Item] = []
    for lattice in lattices:
        left, top, right, bottom = lattice.bbox
        outside: list[Run] = []
        for run in rest:
            if top < run.middle < bottom and run.x0 < right and run.x1 > left:
                outside += _dropped(run, lattice)
            else:
                outside.append(run)
        rest = outside
        held = [run for box in lattice.boxes for run in box.runs]
        if not held:
            if len(lattice.boxes) > 5:
                items.append(Picture(Place(page=page.number, bbox=lattice.bbox)))
            continue
        if _is_frame(lattice, page, items):
            rest += held
            continue
        sheet = pdf_table.drawn(lattice, page.number)
        if sheet.single:
            sheet.lines = pdf_text.lines(held, page.number)
        items.append(sheet)
    return rest, items


def _is_frame(lattice: pdf_grid.Lattice, page: Page, inside: Sequence[_Item]) -> bool:
    """Whether boxes stand round text and tables to set the page, and hold no table themselves.

    A low box at the top or the foot of a page may be a table's row that a page break cut off.
    """
    left, top, right, bottom = lattice.bbox
    if len(lattice.boxes) == 1:
        edge = top < 0.2 * page.height or bottom > 0.8 * page.height
        return not (edge and bottom - top < 80)
    return len(lattice.xs) == 2 and any(
        isinstance(i, pdf_table.Sheet)
        and top < i.bbox[1]
        and i.bbox[3] < bottom
        and left < i.bbox[0]
        for i in inside
    )


def _dropped(run: Run, lattice: pdf_grid.Lattice) -> list[Run]:
    """Put a run into its box, glyph by glyph where it crosses a line; give back what is outside."""
    box = lattice.at((run.x0 + run.x1) / 2, run.middle)
    if box and (run.whole or (box.bbox[0] - 1 <= run.x0 and run.x1 <= box.bbox[2] + 1)):
        box.runs.append(run)
        return []
    outside: list[Run] = []
    start = 0
    owners = [lattice.at((x0 + x1) / 2, run.middle) for x0, x1 in run.spans]
    for stop in range(1, len(owners) + 1):
        if stop == len(owners) or owners[stop] is not owners[start]:
            part = run.cut(start, stop)
            target = owners[start]
            if target:
                target.runs.append(part)
            else:
                outside.append(part)
            start = stop
    return outside


def _unframed(items: list[_Item]) -> list[_Item]:
    """A lone box amid a page is a frame round text: its lines stand for themselves."""
    flat: list[_Item] = []
    for index, item in enumerate(items):
        inner = 0 < index < len(items) - 1
        if isinstance(item, pdf_table.Sheet) and item.single and inner:
            flat += item.lines
        else:
            flat.append(item)
    return flat


def _pictures(page: Page) -> list[_Item]:
    """Pictures large enough to hold a table and without text over them, strips put together."""
    whole: list[BBox] = []
    for box in sorted(page.pictures, key=lambda b: b[1]):
        last = whole[-1] if whole else None
        if (
            last
            and abs(last[0] - box[0]) < 3
            and abs(last[2] - box[2]) < 3
            and box[1] < last[3] + 3
        ):
            whole[-1] = (last[0], last[1], last[2], max(last[3], box[3]))
        else:
            whole.append(box)
    found: list[_Item] = []
    for box in whole:
        if box[2] - box[0] < TABLE_SIZE[0] or box[3] - box[1] < TABLE_SIZE[1]:
            continue
        over = sum(
            len(run.chars)
            for run in page.runs
            if box[1] < run.middle < box[3] and box[0] < (run.x0 + run.x1) / 2 < box[2]
        )
        if over < 20:
            found.append(Picture(Place(page=page.number, bbox=box)))
    return found


# -- the whole file -------------------------------------------------------------------------


def _sewn(pages: Sequence[Sequence[_Item]]) -> list[_Item]:
    """All items in order, tables cut by a page break joined; boxes that turned out to be no
    table given back as lines."""
    items: list[_Item] = []
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
    flat: list[_Item] = []
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

    def write(self, items: Sequence[_Item]) -> Iterator[Block]:
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
        place = Place(page=first.page, bbox=bbox, line=self.line + 1)
        self.line += len(self.open)
        text = pdf_flow.spelt(self.open)
        self.open = []
        return Paragraph(text, place)

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
                Place(c.page, c.bbox, self.table, c.row + 1, c.column + 1),
                c.pieces,
                confidence=OCR_CONFIDENCE if c.page in self.ocr else 1.0,
            )
            for c in cells
        )
        bbox = pdf_text.around(c.bbox for c in cells if c.page == cells[0].page)
        place = Place(cells[0].page, bbox, self.table)
        return Grid(made, rows, sheet.columns, sheet.drawn, place=place)
