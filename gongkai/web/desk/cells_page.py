"""读数的页面: the figures of a report in the layout of the official form, as HTML.

Made here and not in a template: 200 cells, each with its state, what people made of it and the way
to its place in the original.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gongkai.statute.report import AnnualReport, Cell, State
from gongkai.statute.texts import Lang
from gongkai.statute.writers import paper
from gongkai.statute.writers.form_words import TABLES, cell_name
from gongkai.statute.writers.paper import Role, Square
from gongkai.web.desk import packing, values
from gongkai.web.desk.models import Mark
from gongkai.web.shell.languages import lang


@dataclass(frozen=True, slots=True)
class Show:
    """一份读数: what is shown, and how to get at a cell."""

    read: AnnualReport  # as the reader found it
    holds: AnnualReport  # with what people made of it
    marks: Mapping[str, Mark]
    anchors: Mapping[str, str]  # places in the original, by address
    errors: Collection[str]  # addresses that a broken rule names
    warnings: Collection[str]
    chosen: str = ""
    lit: Collection[str] = ()
    here: str = ""  # the page's address

    def link(self, address: str) -> str:
        """The page with a cell chosen: to its place in the original, else to its panel."""
        return f"{self.here}?cell={address}#{self.anchors.get(address, 'cell')}"

    def tone(self, address: str) -> str:
        """What is to be seen at once: fixed, sure, doubt, absent, or nothing."""
        mark = self.marks.get(address)
        if mark is not None:
            return "fixed" if mark.kind == Mark.Kind.CORRECTED else "sure"
        cell = self.read.cell(address)
        if packing.is_doubtful(cell):
            return "doubt"
        return "absent" if cell.state is State.ABSENT else ""

    def open(self) -> list[str]:
        """要看的: what nobody has looked at yet: doubtful cells, then absent ones, in order."""
        toned = [(self.tone(address), address) for address in self.read.cells]
        return [a for t, a in toned if t == "doubt"] + [a for t, a in toned if t == "absent"]


@functools.lru_cache(maxsize=2048)
def _name(address: str, lang: Lang) -> str:
    spec = values.spec_of(address)
    if lang == "zh" or spec is None:
        return values.label(address)
    return f"{TABLES[spec.table].en.partition('  ')[0]}: {cell_name(spec, lang)}"


def name(address: str) -> str:
    """What a cell is called, in the language of the request."""
    return _name(address, lang())


def unit(address: str, edition: str) -> str:
    """What a cell counts in; in English only money says it."""
    said = values.unit(address, edition)
    if lang() == "zh":
        return said
    return "CNY 10,000" if said == "万元" else ""


def tables(show: Show) -> list[tuple[str, str, SafeString]]:
    """The three tables: id, name, the table itself."""
    shown_in = lang()
    return [
        (
            table.id,
            TABLES[table.id].say(shown_in),
            drawn(table, lambda square, spans: _figure(square, spans, show)),
        )
        for table in paper.tables(show.holds)
    ]


def drawn(table: paper.Table, figure: Callable[[Square, str], str]) -> SafeString:
    """A table in the layout of the official form; ``figure`` gives the <td> of a square with an
    address, its spans as attributes."""
    rows = "".join(
        "<tr>" + "".join(_square(table, square, figure) for square in row) + "</tr>\n"
        for row in table.by_row()
    )
    name = escape(TABLES[table.id].say(lang()))
    return mark_safe(
        f'<div class="wide" role="region" tabindex="0" aria-label="{name}">'
        f'<table class="cells {table.id}" lang="zh-CN"><tbody>{rows}</tbody></table></div>'
    )


def _square(table: paper.Table, square: Square, figure: Callable[[Square, str], str]) -> str:
    spans = f' rowspan="{square.rows}"' if square.rows > 1 else ""
    spans += f' colspan="{square.columns}"' if square.columns > 1 else ""
    if square.role is Role.FIGURE and square.address:
        return figure(square, spans)
    text = escape(square.text.partition("（区分")[0])
    if square.role is Role.LABEL:
        scope = "rowgroup" if square.rows > 1 else "row"
        return f'<th scope="{scope}" class="c{square.column}"{spans}>{text}</th>'
    if square.rows > 2 and square.column == 0 and square.row == 0 and table.header_rows:
        return f'<td class="corner"{spans}>{text}</td>'
    return f'<th scope="col"{spans}>{text}</th>'


def _figure(square: Square, spans: str, show: Show) -> str:
    address, cell = square.address, square.cell
    assert address is not None and cell is not None, "a report's table holds its cells"
    tone = show.tone(address)
    looks = ["fig", tone]
    looks.append("broken" if address in show.errors else "")
    looks.append("odd" if address in show.warnings and address not in show.errors else "")
    looks.append("lit" if address in show.lit else "")
    looks.append("chosen" if address == show.chosen else "")
    anchor = show.anchors.get(address, "")
    at = f' data-at="{escape(anchor)}"' if anchor else ""
    said = _said(address, cell, tone, show)
    return (
        f'<td{spans} id="c-{address}" class="{" ".join(filter(None, looks))}" '
        f'data-cell="{address}"{at}><a href="{escape(show.link(address))}">{said}</a></td>'
    )


def _said(address: str, cell: Cell, tone: str, show: Show) -> str:
    text = escape(paper.printed(cell))
    if tone == "fixed":
        before = escape(values.shown(show.read.cell(address)))
        now = escape(values.shown(cell))
        return f"<del>{before}</del> <ins>{now}</ins>"
    if text:
        return text
    word = _("缺失") if cell.state is State.ABSENT else _("空白")
    return f"<i>{escape(word)}</i>"
