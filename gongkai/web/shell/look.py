"""页面零件: the values that the components print: acts, facts, events, sections of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

Words = str | Promise


def when(moment: datetime | None) -> str:
    """``2026-03-02 09:15`` of the place's own time; nothing for never."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


@dataclass(frozen=True, slots=True)
class Act:
    """操作: a link (``href``) or a form with one button (``post``).

    ``confirm`` asks before it is sent; ``why_not`` shows the act as not possible, and says why;
    ``more`` makes it a menu of links.
    """

    label: Words
    href: str = ""
    post: str = ""
    tone: str = ""  # primary, danger or nothing
    fields: Mapping[str, object] = field(default_factory=dict)
    confirm: Words = ""
    why_not: Words = ""
    more: Sequence[Act] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """一项信息: ``value`` is one value or several, one a line.

    ``badge`` is ok, warn, bad, quiet or nothing.
    """

    label: Words
    value: object = ""
    href: str = ""
    badge: str = ""
    note: Words = ""
    wide: bool = False

    @property
    def values(self) -> Sequence[object]:
        if isinstance(self.value, list | tuple):
            return self.value
        return () if self.value is None or self.value == "" else (self.value,)


@dataclass(frozen=True, slots=True)
class Entry:
    """一条经过: what happened when, by whom, and what changed: ``(label, old, new)``."""

    at: datetime
    text: Words
    who: Words = ""
    note: Words = ""
    tone: str = ""  # ok, warn, bad or nothing
    changes: Iterable[tuple[Words, object, object]] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """表单的一组: fields under a heading of their own."""

    legend: Words
    help: Words
    fields: Sequence[BoundField]


@dataclass(frozen=True, slots=True)
class Step:
    """步骤: one of a numbered way; ``state`` is done, now, todo or wrong."""

    label: Words
    state: str = "todo"
    href: str = ""
    note: Words = ""


@dataclass(frozen=True, slots=True)
class GridCell:
    """填报格: one input of a grid."""

    name: str
    value: object = ""
    label: Words = ""
    error: Words = ""
    readonly: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """填报行: a heading and its inputs."""

    label: Words
    cells: Sequence[GridCell]


@dataclass(frozen=True, slots=True)
class Grid:
    """填报表格: a table of inputs (components/grid.html)."""

    caption: Words
    columns: Sequence[Words]
    rows: Sequence[GridRow]
    corner: Words = ""


def undoable(request: HttpRequest, text: str, undo: str) -> None:
    """A toast for what was done, with a button that POSTs to ``undo``."""
    messages.success(request, text, extra_tags=f"undo:{undo}")
