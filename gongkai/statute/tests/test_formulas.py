"""公式: what a workbook says that holds formulas without their results, and whose a row is."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest

from gongkai.statute import forms, read
from gongkai.statute.report import AnnualReport, Cell, State
from gongkai.statute.tests import consistent
from gongkai.statute.writers import xlsx, xlsx_findings, xlsx_tables

_FORMULA = re.compile(r'(<c r="[A-Z]+\d+"[^>]*?)(?: t="str")?><f>([^<]*)</f><v>[^<]*</v>')


def rewritten(report: AnnualReport, *, ours: bool = True, results: bool = True) -> bytes:
    """The report's workbook as a script leaves it that does not compute, or as one of no mark."""
    out = io.BytesIO()
    data = xlsx.write(report).data
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if not results and name.startswith("xl/worksheets/sheet"):
                content = _FORMULA.sub(r"\1><f>\2</f><v></v>", content.decode()).encode()
            new.writestr(name, content if ours else content.replace(b"gongkai.workbook/1", b"-"))
    return out.getvalue()


def totals(edition: str) -> dict[str, str]:
    """The formula of every total, by its address."""
    return {a: s.formula for grid in xlsx_tables.grids(edition) for a, s in grid.sums.items()}


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("edition", forms.editions())
def test_formulas_without_results_are_unreadable_and_nothing_is_left_over(
    edition: str, ours: bool
) -> None:
    made = consistent.report(edition, 1)
    (back,) = read(rewritten(made, ours=ours, results=False), name="年报.xlsx")
    expected = totals(edition)
    held = {a: c for a, c in back.cells.items() if c.state is State.UNREADABLE}
    assert {address: cell.raw for address, cell in held.items()} == expected
    assert {cell.doubt.id for cell in held.values() if cell.doubt} == {"doubt.formula"}
    others = {a: c.value for a, c in back.cells.items() if a not in expected}
    assert others == {a: c.value for a, c in made.cells.items() if a not in expected}
    (said,) = [n for n in back.notes if n.id == "read.formula_without_value"]
    assert f"有 {len(expected)} 格" in said.text.zh
    assert [one.raw for one in back.leftovers if "勾稽" in one.raw or one.raw.startswith("=")] == []


@pytest.mark.parametrize("ours", [True, False])
def test_the_row_of_the_balance_is_never_left_over(ours: bool) -> None:
    (back,) = read(rewritten(consistent.report("2021", 1), ours=ours), name="年报.xlsx")
    assert [one.raw for one in back.leftovers if "勾稽" in one.raw or "相符" in one.raw] == []


def test_a_total_of_ours_that_shows_nothing_stays_blank() -> None:
    made = consistent.report("2021", 1)
    part, total = "applications.received.business", "applications.received.total"
    cells = {a: Cell(State.BLANK) if a in (part, total) else c for a, c in made.cells.items()}
    blank = replace(made, cells=cells)
    data = xlsx.write(blank).data
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        sheet = opened.read("xl/worksheets/sheet3.xml").decode()
    at = xlsx_findings.location("2021", total)[1]
    assert re.search(rf'<c r="{at}"[^>]*t="str"><f>[^<]*</f><v>\xa0</v>', sheet)
    (back,) = read(data, name="年报.xlsx")
    assert back.cell(total).state is State.BLANK
    assert [n.id for n in back.notes if n.id.startswith("read.formula")] == []


def test_a_zero_of_ours_is_a_zero_although_programs_compute_it_anew() -> None:
    made = consistent.report("2021", 1)
    cells = {
        a: replace(c, value=0, raw="0") if a.startswith("applications.") else c
        for a, c in made.cells.items()
    }
    (back,) = read(xlsx.write(replace(made, cells=cells)).data, name="年报.xlsx")
    zeros = [a for a in totals("2021") if a.startswith("applications.")]
    assert zeros
    assert {back.cell(a).value for a in zeros} == {0}
