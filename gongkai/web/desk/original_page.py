"""原件的页面: an original as HTML of our own, every cell that was read a place to go to.

Everything of the file is escaped. What lights up has an id (``o-…``); what leads to the figure read
there names it (``data-cell``). Boxes over a page are drawn, not styled: the pages allow no style of
their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.statute.report import Cell, Place
from gongkai.web.desk.original import Layout, Line, Sheet, Square, Table


@dataclass(frozen=True, slots=True)
class Spot:
    """一处: something that was read, and where: ``key`` is a cell's address or the name of what
    else has a place; ``tone`` is doubt or nothing."""

    key: str
    place: Place
    label: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """对上的原件: a layout with what was read on it; ``anchors`` are the ids to go to, by key."""

    layout: Layout
    spots: Sequence[Spot]
    anchors: Mapping[str, str]
    by_square: Mapping[tuple[int, int, int], Spot] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.layout.pages or self.layout.blocks)


def matched(layout: Layout, cells: Mapping[str, Cell], spots: Sequence[Spot]) -> Seen:
    """Where each spot stands in the layout; one without a place there has no anchor."""
    tables = _tables(layout, cells)
    anchors: dict[str, str] = {}
    squares: dict[tuple[int, int, int], Spot] = {}
    lines = {b.number for b in layout.blocks if isinstance(b, Line) and b.number}
    sheets = {page.number for page in layout.pages}
    for one in spots:
        place = one.place
        if layout.pages:
            if place.page in sheets:
                anchors[one.key] = f"o-{one.key}" if place.bbox else f"o-p{place.page}"
            continue
        at = _at(place, tables, one.key)
        if at is not None and at in layout.squares:
            squares[at] = one  # a cell before what else stands there
            anchors[one.key] = _square_id(at)
        elif place.line in lines:
            anchors[one.key] = f"o-l{place.line}"
    return Seen(layout, spots, anchors, squares)


def _at(
    place: Place, tables: Mapping[tuple[int, str], int], key: str
) -> tuple[int, int, int] | None:
    if place.table is None or place.row is None or place.column is None:
        return None
    own = (place.table, key.partition(".")[0])
    return tables.get(own, place.table), place.row, place.column


def _square_id(at: tuple[int, int, int]) -> str:
    return "o-t{}r{}c{}".format(*at)


def _tables(layout: Layout, cells: Mapping[str, Cell]) -> dict[tuple[int, str], int]:
    """How the layout numbers the report's tables, where it does so otherwise: a workbook of ours
    is read sheet by sheet. As most cells show their own text."""
    if not layout.squares:
        return {}
    told: dict[tuple[int, str], list[tuple[int, int, str]]] = {}
    for address, cell in cells.items():
        place, raw = cell.place, cell.raw.strip()
        if place.table and place.row and place.column and raw:
            told.setdefault((place.table, address.partition(".")[0]), []).append(
                (place.row, place.column, raw)
            )
    numbers = sorted({number for number, _row, _column in layout.squares})
    found = {}
    for own, given in told.items():

        def fits(at: int, given: list[tuple[int, int, str]] = given) -> int:
            squares = layout.squares
            return sum(
                (at, r, c) in squares and squares[at, r, c].text.strip() == raw
                for r, c, raw in given
            )

        if fits(own[0]) < len(given):
            found[own] = max([own[0], *numbers], key=fits)
    return found


# -- as HTML


def html(
    seen: Seen,
    *,
    link: Callable[[Spot], str],
    picture: Callable[[int], str],
    lit: Collection[str] = (),
) -> SafeString:
    """The whole original. ``link`` leads to what was read at a spot, ``picture`` to a page;
    ``lit`` are keys that light up."""
    if seen.layout.pages:
        return mark_safe("".join(_pages(seen, link, picture, lit)))
    ids = {seen.anchors[key] for key in lit if key in seen.anchors}
    return mark_safe("".join(_blocks(seen, link, ids)))


def _pages(
    seen: Seen, link: Callable[[Spot], str], picture: Callable[[int], str], lit: Collection[str]
) -> Iterator[str]:
    on_page: dict[int, list[Spot]] = {}
    for spot in seen.spots:
        if spot.place.page and spot.place.bbox:
            on_page.setdefault(spot.place.page, []).append(spot)
    for sheet in seen.layout.pages:
        said = escape(_("第 %(page)d 页") % {"page": sheet.number})
        boxes = "".join(
            _box(one, link(one), one.key in lit) for one in on_page.get(sheet.number, ())
        )
        size = f'width="{_n(sheet.width)}" height="{_n(sheet.height)}"'
        drawn = (
            f'<img src="{escape(picture(sheet.number))}" {size} alt="{said}" loading="lazy" '
            'decoding="async">'
            if sheet.is_picture
            else ""
        )
        look = "sheet" if sheet.is_picture else "sheet vector"
        yield (
            f'<figure class="{look}" id="o-p{sheet.number}">{drawn}'
            f'<svg viewBox="0 0 {_n(sheet.width)} {_n(sheet.height)}" {size} role="group" '
            f'aria-label="{said}" focusable="false">{_ink(sheet)}{boxes}</svg>'
            f"<figcaption>{said}</figcaption></figure>\n"
        )
    if seen.layout.more:
        more = ngettext(
            "另有 %(count)d 页没有显示，请下载原件查看。",
            "另有 %(count)d 页没有显示，请下载原件查看。",
            seen.layout.more,
        ) % {"count": seen.layout.more}
        yield f'<p class="more">{escape(more)}</p>'


def _box(spot: Spot, href: str, lit: bool) -> str:
    left, top, right, bottom = spot.place.bbox or (0, 0, 0, 0)
    look = " ".join(filter(None, ("spot", spot.tone, "lit" if lit else "")))
    return (
        f'<a href="{escape(href)}" tabindex="-1" data-cell="{escape(spot.key)}">'
        f'<rect id="o-{escape(spot.key)}" class="{look}" x="{_n(left)}" y="{_n(top)}" '
        f'width="{_n(max(right - left, 4))}" height="{_n(max(bottom - top, 4))}">'
        f"<title>{escape(spot.label)}</title></rect></a>"
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _ink(sheet: Sheet) -> str:
    """Glyphs and lines of a page that is drawn from these."""
    lines = "".join(
        f'<line x1="{_n(a)}" y1="{_n(b)}" x2="{_n(c)}" y2="{_n(d)}"/>' for a, b, c, d in sheet.rules
    )
    texts = "".join(
        f'<text x="{_n(left)}" y="{_n(base)}" font-size="{_n(size)}" textLength="{_n(width)}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
        for left, base, width, size, text in sheet.runs
    )
    return f'<g class="ink">{lines}{texts}</g>' if lines or texts else ""


def _blocks(seen: Seen, link: Callable[[Spot], str], lit: Collection[str]) -> Iterator[str]:
    for block in seen.layout.blocks:
        if isinstance(block, Table):
            yield _table(block, seen, link, lit)
            continue
        if not block.text.strip():
            continue
        at = f"o-l{block.number}"
        named = f' id="{at}"' if block.number else ""
        look = ' class="lit"' if at in lit else ""
        yield f"<p{named}{look}>{_text(block.text)}</p>\n"


def _table(table: Table, seen: Seen, link: Callable[[Spot], str], lit: Collection[str]) -> str:
    rows: dict[int, list[Square]] = {}
    for square in table.squares:
        rows.setdefault(square.row, []).append(square)
    drawn = "".join(
        "<tr>"
        + "".join(_square(table.number, one, seen, link, lit) for one in rows[row])
        + "</tr>\n"
        for row in sorted(rows)
    )
    said = escape(_("原件表格 %(number)d") % {"number": table.number})
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{said}">'
        f"<table><tbody>{drawn}</tbody></table></div>\n"
    )


def _square(
    table: int, one: Square, seen: Seen, link: Callable[[Spot], str], lit: Collection[str]
) -> str:
    at = (table, one.row, one.column)
    spans = f' rowspan="{one.down}"' if one.down > 1 else ""
    spans += f' colspan="{one.across}"' if one.across > 1 else ""
    spot = seen.by_square.get(at)
    if spot is None:
        return f"<td{spans}>{_text(one.text)}</td>"
    ident = _square_id(at)
    look = " ".join(filter(None, ("spot", spot.tone, "lit" if ident in lit else "")))
    inside = _text(one.text) or "&nbsp;"
    return (
        f'<td{spans} id="{ident}" class="{look}" data-cell="{escape(spot.key)}" '
        f'title="{escape(spot.label)}">'
        f'<a href="{escape(link(spot))}" tabindex="-1">{inside}</a></td>'
    )


def _text(text: str) -> str:
    return "<br>".join(escape(line) for line in text.strip().split("\n"))
