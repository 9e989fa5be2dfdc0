"""列表的行: as HTML. Made here and not in the template: the engine takes ten times as long for the
350 cells of a page, more than everything else on it together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from gongkai.web.shell.lists import Cell, Shown


def html(rows: Sequence[Shown], headings: Sequence[str], *, ticked: bool) -> SafeString:
    """The ``<tr>`` of every row; ``ticked`` puts a check box before each. Every text is escaped."""
    labels = [escape(heading) for heading in headings]
    return mark_safe("\n".join(_row(row, labels, ticked) for row in rows))


def _row(row: Shown, labels: Sequence[str], ticked: bool) -> str:
    tick = ""
    if ticked:
        name = escape(row.cells[0].text)
        tick = (
            '<td class="tick"><input type="checkbox" name="key" '
            f'value="{escape(row.key)}" aria-label="{name}"></td>'
        )
    cells = "".join(
        _cell(cell, label, row.href if at == 0 else "")
        for at, (cell, label) in enumerate(zip(row.cells, labels, strict=True))
    )
    return f"<tr>{tick}{cells}</tr>"


def _cell(cell: Cell, label: str, href: str) -> str:
    look = f' class="{cell.look}"' if cell.look else ""
    title = f' title="{escape(cell.title)}"' if cell.title else ""
    said: str = escape(cell.text)
    if cell.badge:
        said = f'<span class="badge {escape(cell.badge)}">{said}</span>'
    elif cell.href or href:
        said = f'<a href="{escape(cell.href or href)}">{said}</a>'
    return f'<td data-label="{label}"{look}{title}>{said}</td>'
