"""PDF 版式: what stands on a page, in the order of reading: drawn tables, lines, pictures.

Two steps, because what is page furniture can be told only over all pages: `taken` sorts glyphs
into drawn tables and lines, `laid_out` makes tables of the lines that are none and orders all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.statute.readers import pdf_columns, pdf_flow, pdf_grid, pdf_table, pdf_text
from gongkai.statute.readers.blocks import Picture
from gongkai.statute.readers.pdf_page import Page, Rule, Run
from gongkai.statute.report import BBox, Place

TABLE_SIZE = (90.0, 36.0)  # points: a smaller picture is a seal, a logo or a code, not a table

Item = pdf_text.Line | pdf_table.Sheet | Picture


@dataclass(slots=True)
class Taken:
    """A page with its drawn tables, its other lines, and the level lines of no drawn table."""

    page: Page
    items: list[Item] = field(default_factory=list)
    lines: list[pdf_text.Line] = field(default_factory=list)
    free: list[Rule] = field(default_factory=list)


def taken(page: Page) -> Taken:
    """The drawn tables and the lines of a page; one without text is a picture as a whole."""
    if page.scanned or page.outlined:
        whole = Place(page=page.number, bbox=(0, 0, page.width, page.height))
        return Taken(page, [Picture(whole)])
    runs = pdf_flow.without_page_number(page.runs, page.height)
    lattices, free = pdf_grid.lattices(page.level, page.upright)
    page.crowded = page.crowded or bool(page.level and not lattices and not free)
    # A table that runs over the page's edge is still a table; other text there is not shown.
    rest, items = _sorted_in(page, [*runs, *page.beyond], lattices, free)
    if page.beyond:
        beyond = {id(run) for run in page.beyond}
        page.hidden += [run.text for run in rest if id(run) in beyond]
        rest = [run for run in rest if id(run) not in beyond]
    if not page.ocr:
        items += [Picture(Place(page=page.number, bbox=box)) for box in pictures(page)]
    return Taken(page, items, pdf_text.lines(rest, page.number), free)


def laid_out(page: Taken, furniture: frozenset[int]) -> list[Item]:
    """Everything on a page from top to bottom, without the lines that are furniture."""
    lines = [line for line in page.lines if id(line) not in furniture]
    items = page.items + pdf_columns.tables(lines, page.free)
    items.sort(key=_top)
    return _unframed(items)


def _top(item: Item) -> float:
    if isinstance(item, Picture):
        return item.place.bbox[1] if item.place.bbox else 0.0
    return item.middle if isinstance(item, pdf_text.Line) else item.bbox[1]


def _sorted_in(
    page: Page, rest: list[Run], lattices: list[pdf_grid.Lattice], free: list[Rule]
) -> tuple[list[Run], list[Item]]:
    """Runs into the boxes they stand in, the smallest table first; the rest, and the tables.

    A frame with level lines only is no table of one column: its lines are added to ``free``.
    """
    items: list[Item] = []
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
        if len(lattice.xs) == 2 and pdf_columns.has_columns(lattice, page.number):
            rest += held
            free += [r for r in pdf_grid.joined(page.level) if _within(r, lattice)]
            continue
        sheet = pdf_table.drawn(lattice, page.number)
        if sheet.single:
            sheet.lines = pdf_text.lines(held, page.number)
        items.append(sheet)
    return rest, items


def _is_frame(lattice: pdf_grid.Lattice, page: Page, inside: Sequence[Item]) -> bool:
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


def _within(rule: Rule, lattice: pdf_grid.Lattice) -> bool:
    left, top, right, bottom = lattice.bbox
    reach = pdf_grid.TOUCH
    return top - reach < rule.at < bottom + reach and left - reach < rule.start < right


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


def _unframed(items: list[Item]) -> list[Item]:
    """A lone box amid a page is a frame round text: its lines stand for themselves."""
    flat: list[Item] = []
    for index, item in enumerate(items):
        inner = 0 < index < len(items) - 1
        if isinstance(item, pdf_table.Sheet) and item.single and inner:
            flat += item.lines
        else:
            flat.append(item)
    return flat


def pictures(page: Page) -> list[BBox]:
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
    found: list[BBox] = []
    for box in whole:
        if box[2] - box[0] < TABLE_SIZE[0] or box[3] - box[1] < TABLE_SIZE[1]:
            continue
        over = sum(
            len(run.chars)
            for run in page.runs
            if box[1] < run.middle < box[3] and box[0] < (run.x0 + run.x1) / 2 < box[2]
        )
        if over < 20:
            found.append(box)
    return found
