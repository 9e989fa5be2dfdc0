"""网页 (.html): one file, for screens, telephones and paper, and for those who listen to it.

No script, nothing fetched: the style is in the file and allowed by its hash, so that the page
also stands under a strict Content-Security-Policy. Every figure names its headers (``headers``),
as the merged labels of tables 3 and 4 are beyond what ``scope`` alone can say. On paper it follows
GB/T 9704: A4, the margins, 三号仿宋, page numbers at the outer edge.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources

from gongkai.statute.findings import Finding
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Lang
from gongkai.statute.writers import Written, paper, unsaid
from gongkai.statute.writers.paper import Role, Square, Style

CAPTIONS = {
    "proactive": "表二　主动公开政府信息情况",
    "applications": "表三　收到和处理政府信息公开申请情况",
    "remedies": "表四　政府信息公开行政复议、行政诉讼情况",
}
"""表的名称, read out by a screen reader and used to name the region that scrolls."""


def write(report: AnnualReport, *, lang: Lang = "zh", findings: Sequence[Finding] = ()) -> Written:
    """The report as one page; ``findings`` and ``lang`` have no room on it."""
    page = paper.lay_out(report)
    body = "".join(_pieces(report, page))
    text = f"{_head()}<title>{escape(page.name)}</title>\n</head>\n<body>\n<main>\n{body}</main>\n"
    return Written(f"{text}</body>\n</html>\n".encode(), unsaid.of(report))


@functools.cache
def _head() -> str:
    """What stands before the title: the same for every report."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        f"content=\"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="format-detection" content="telephone=no">\n'
        '<meta name="generator" content="gongkai">\n'
        f"<style>{style}</style>\n"
    )


@functools.cache
def _style() -> str:
    file = resources.files("gongkai.statute") / "data" / "report.css"
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")


def _pieces(report: AnnualReport, page: paper.Paper) -> Iterator[str]:
    for piece in page.pieces:
        match piece:
            case paper.Title(text):
                yield f"<h1>{'<wbr>'.join(map(_text, paper.title_words(text)))}</h1>\n"
            case paper.Heading(text):
                yield f"<h2>{_text(text)}</h2>\n"
            case paper.Paragraph():
                yield _paragraph(piece)
            case paper.Table():
                assert report.edition is not None
                yield _table(piece, report.edition)


def _paragraph(line: paper.Paragraph) -> str:
    if line.style is Style.SUBHEADING:
        return f"<h3>{_text(line.text)}</h3>\n"
    inside = _text(line.text)
    if line.lead:
        lead, rest = line.text[: line.lead], line.text[line.lead :]
        inside = f'<span class="lead">{_text(lead)}</span>{_text(rest)}'
    if "\t" in line.text:  # only a <pre> keeps tabs
        return f'<pre class="line">{inside}</pre>\n'
    return f"<p{_CLASSES.get(line.style, '')}>{inside}</p>\n"


_CLASSES = {
    Style.SIGNATURE: ' class="signature"',
    Style.SIGNED_ON: ' class="signature"',
}


def _text(text: str) -> str:
    """Text as markup; each further space of a run is kept as a no-break one."""
    shown = escape(text)
    return shown.replace("  ", " \xa0") if "  " in shown else shown


# -- tables


def _table(table: paper.Table, edition: str) -> str:
    """The frame of the table, the same for every report, with the figures put in."""
    first, *after = _frame(edition, table.id)
    figures = [_text(square.text) for square in table.squares if square.role is Role.FIGURE]
    filled = [part for pair in zip(figures, after, strict=True) for part in pair]
    return first + "".join(filled)


@functools.cache
def _frame(edition: str, id: str) -> tuple[str, ...]:
    """The markup of an empty table, cut where the figures go."""
    table = next(t for t in paper.empty_tables(edition) if t.id == id)
    marked = f"{_opening(table)}{_rows(table)}</table>\n</div>\n"
    return tuple(marked.split(_FIGURE))


_FIGURE = "\x00"  # where a figure goes; no text holds one


def _opening(table: paper.Table) -> str:
    columns = "".join(f'<col class="w{at}">' for at in range(len(table.widths)))
    return (
        f'<div class="wide" role="region" aria-labelledby="{table.id}" tabindex="0">\n'
        f'<table class="{table.id}">\n'
        f'<caption id="{table.id}">{escape(CAPTIONS[table.id])}</caption>\n'
        f"<colgroup>{columns}</colgroup>\n"
    )


def _rows(table: paper.Table) -> str:
    """The rows in their groups: the repeated header, then bodies, a new one for each block."""
    markup: list[str] = []
    group = ""
    for number, row in enumerate(table.by_row()):
        starts_block = not table.header_rows and row[0].columns == len(table.widths)
        wanted = "thead" if number < table.header_rows else "tbody"
        if wanted != group or starts_block:
            markup.append(f"</{group}>\n<{wanted}>\n" if group else f"<{wanted}>\n")
            group = wanted
        squares = "".join(_square(table, square, number) for square in row)
        markup.append(f"<tr>{squares}</tr>\n")
    return "".join(markup) + f"</{group}>\n"


def _square(table: paper.Table, square: Square, row: int) -> str:
    spans = f' rowspan="{square.rows}"' if square.rows > 1 else ""
    spans += f' colspan="{square.columns}"' if square.columns > 1 else ""
    if square.role is Role.FIGURE:
        return f'<td headers="{" ".join(_headers(table, square))}"{spans}>{_FIGURE}</td>'
    if square.role is Role.HEADER and row == 0 and square.column == 0 and square.rows > 2:
        return f'<td class="corner c0"{spans}>{escape(square.text)}</td>'  # heads nothing
    block = not table.header_rows and square.columns == len(table.widths)
    if square.role is Role.LABEL:
        scope = "rowgroup" if square.rows > 1 else "row"
    else:
        scope = "rowgroup" if block else "colgroup" if square.columns > 1 else "col"
    at = f' class="c{square.column}"' if square.role is Role.LABEL else ""
    return f'<th scope="{scope}" id="{_id(table, square)}"{at}{spans}>{escape(square.text)}</th>'


def _id(table: paper.Table, square: Square) -> str:
    return f"{table.id[0]}{square.row + 1}-{square.column + 1}"


def _headers(table: paper.Table, figure: Square) -> list[str]:
    """The headers of a figure: its block, the columns over it, the labels before it."""
    found: list[str] = []
    for other in table.squares:
        over = other.column <= figure.column < other.column + other.columns
        beside = other.row <= figure.row < other.row + other.rows
        if other.role is Role.LABEL and beside:
            found.append(_id(table, other))
        elif other.role is Role.HEADER and over and other.row < figure.row:
            if not table.header_rows and other.columns == len(table.widths):
                found = []  # another block begins: what stood above does not head this figure
            found.append(_id(table, other))
    return found
