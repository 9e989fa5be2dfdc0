"""读数: what the reader found in a version; people's marks laid over it; cells as typed."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from gongkai.statute import forms
from gongkai.statute.readers import figures
from gongkai.statute.readers.blocks import GridCell
from gongkai.statute.report import AnnualReport, Cell, State
from gongkai.statute.writers import xlsx_findings
from gongkai.web.desk import packing
from gongkai.web.desk.models import Mark, Version
from gongkai.web.desk.packing import cell_json, cell_of, pack
from gongkai.web.shell.refusals import Refusal

__all__ = ["cell_json", "cell_of", "effective", "pack", "parse_cell", "reading"]

TYPED_MOST = 100  # characters of what is typed into a cell


class Uncertain(Refusal):
    """不是确定的数: what was typed is no number, dash, blank or 无 for certain."""


class NoCell(Refusal):
    """没有这一格: the form has no cell of this address."""

    def __init__(self) -> None:
        super().__init__(_("报告的格式里没有这一格，请刷新页面。"))


# -- what is there


def reading(version: Version) -> AnnualReport:
    """What the reader found, every place kept; people's marks are not in it."""
    return packing.unpacked(bytes(version.value))


def effective(version: Version, marks: Iterable[Mark]) -> AnnualReport:
    """What holds: what the reader found, with the cells people confirmed or corrected laid over.

    ``marks`` are those of the version that are not undone (`queries.marks_of`).
    """
    return laid_over(reading(version), marks)


def laid_over(report: AnnualReport, marks: Iterable[Mark]) -> AnnualReport:
    """The same on a reading that is at hand."""
    cells = dict(report.cells)
    for mark in marks:
        read = cells.get(mark.address)
        if mark.undone_at is not None or read is None:
            continue
        if mark.kind == Mark.Kind.CONFIRMED:
            cells[mark.address] = replace(read, doubt=None)
        else:
            given = cell_of(mark.given, mark.address)
            cells[mark.address] = replace(given, place=read.place, confidence=1.0, doubt=None)
    return replace(report, cells=cells)


# -- typed by a person


def parse_cell(address: str, typed: str, *, edition: str = "") -> Cell:
    """What a person types into a cell, by the rules of reading: a number in the cell's unit (also
    ``1,234`` or ``2.5亿元``), a dash, nothing for a blank, 无.

    Raises NoCell, and Uncertain where it is none of these for certain.
    """
    spec = spec_of(address, edition)
    if spec is None:
        raise NoCell
    if len(typed) > TYPED_MOST:
        raise Uncertain(_("填写的内容过长，请只填一个数。"), field="typed")
    told, _note = figures.read(GridCell(0, 0, typed), spec.column, drawn=False)
    if told.state is State.UNREADABLE:
        raise Uncertain(_refusal(spec.column, typed.strip()), field="typed")
    return told


def _refusal(column: forms.Column, typed: str) -> str:
    said = (
        _("“%(typed)s”不是确定的金额。请填数字（单位：万元）；没有内容留空，横线填 -，或者填“无”。")
        if column.type == "decimal"
        else _("“%(typed)s”不是确定的数量。请填整数；没有内容留空，横线填 -，或者填“无”。")
    )
    return said % {"typed": typed}


@functools.lru_cache(maxsize=2048)
def spec_of(address: str, edition: str = "") -> forms.Spec | None:
    """What an address means in a form, or else in the newest that has it."""
    for one in dict.fromkeys([edition, *reversed(forms.editions())]):
        if one and (spec := forms.form(one).specs.get(address)) is not None:
            return spec
    return None


def label(address: str) -> str:
    """What the form calls a cell: 表三：一、本年新收政府信息公开申请数量 / 自然人."""
    return xlsx_findings.label_of(address)


def unit(address: str, edition: str = "") -> str:
    """The unit the form gives the cell: 件, 万元."""
    spec = spec_of(address, edition)
    return spec.column.unit if spec else ""


def shown(cell: Cell | Mapping[str, Any]) -> str:
    """A cell in a few words, for sentences: its number, or its state in brackets."""
    if isinstance(cell, Cell):
        state, value, raw = cell.state.value, cell.value, cell.raw
    else:
        state, value, raw = str(cell["state"]), cell["value"], str(cell["raw"])
    if value is not None:
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if state == State.BLANK:
        return _("（空白）")
    if state == State.ABSENT:
        return _("（缺失）")
    return raw.strip()[:20]
