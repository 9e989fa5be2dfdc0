"""对应单元格: what answers in one report to a cell of another edition's form, or why nothing does.

Whether cells mean the same is read from the form data (`forms.compare_cell`); here it meets a
report: a row that was split up is added again, and only where each of its parts is a number.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.statute import forms
from gongkai.statute.report import ABSENT, AnnualReport, State, Value
from gongkai.statute.texts import Text


@dataclass(frozen=True, slots=True)
class Counterpart:
    """对应: the addresses (of the other edition) to be added; ``why`` where none can be."""

    addresses: tuple[str, ...]
    comparable: bool = True
    why: Text | None = None


@functools.cache
def find(address: str, edition: str, other: str) -> Counterpart:
    """What answers in edition ``other`` to an address of ``edition``."""
    if edition == other:
        return Counterpart((address,))
    found = forms.compare_cell(address, edition, other)
    if found.comparable:
        return Counterpart(found.addresses)
    return Counterpart((), False, _why(address, edition, other, found.addresses))


def _why(address: str, edition: str, other: str, whole: tuple[str, ...]) -> Text:
    if whole:
        label = forms.form(other).specs[whole[0]].row.label
        return Text(
            f"{other} 年版这里只有一行“{label}”，{edition} 年版分成几行，拆不开。",
            f"The {other} form has one row “{label}” here, the {edition} form several; it cannot "
            "be taken apart.",
        )
    if address not in forms.form(other).specs:
        return Text(f"{other} 年版格式没有这一格。", f"The {other} form has no such cell.")
    return Text(
        f"{edition} 年版与 {other} 年版的这一格统计的内容不同。",
        f"In the {edition} and the {other} form this cell counts different things.",
    )


def value(report: AnnualReport, addresses: Sequence[str]) -> tuple[Value | None, State]:
    """The sum of a report's cells, or None with the state of the first that is no number."""
    total: Value = 0
    for address in addresses:
        cell = report.cells.get(address, ABSENT)
        if cell.value is None:
            return None, cell.state
        total += cell.value
    return total, State.NUMBER


def is_doubtful(report: AnnualReport, addresses: Sequence[str]) -> bool:
    """Whether one of the cells is worth a second look."""
    return any(report.cells.get(a, ABSENT).doubt is not None for a in addresses)
