"""Corrected copies: what follows from the other figures is mended and told, nothing else."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.statute import check, checks, corrections, forms
from gongkai.statute.checks import Outcomes
from gongkai.statute.report import AnnualReport, Cell, State
from gongkai.statute.tests import consistent

TOTALS = {
    edition: [a for a, spec in forms.form(edition).specs.items() if spec.column.is_total]
    for edition in forms.editions()
}


@pytest.mark.parametrize("edition", forms.editions())
def test_a_report_without_a_fault_is_left_as_it_is(edition: str) -> None:
    for seed in range(5):
        made = consistent.report(edition, seed)
        assert corrections.correct(made).made == ()
        assert corrections.correct(made).report == made


@pytest.mark.parametrize("edition", forms.editions())
@pytest.mark.parametrize("seed", range(8))
def test_one_wrong_total_becomes_right_again_and_is_told(edition: str, seed: int) -> None:
    made = consistent.report(edition, seed)
    rng = random.Random(seed)
    # Totals of one row only: a wrong grand total may as well be a wrong part.
    address = rng.choice([a for a in TOTALS[edition] if a.startswith("remedies.")])
    right = made.cell(address).number
    assert isinstance(right, int)
    wrong = consistent.change(made, {address: right + 3})
    done = corrections.correct(wrong)
    assert [(c.what, c.printed, c.corrected) for c in done.made] == [
        (address, str(right + 3), str(right))
    ]
    assert done.report.cell(address).number == right
    assert [n.id for n in done.report.notes] == ["correct.changed"]
    assert str(right + 3) in done.report.notes[0].text.zh
    others = {a: c for a, c in wrong.cells.items() if a != address}
    assert {a: c for a, c in done.report.cells.items() if a != address} == others


@pytest.mark.parametrize("edition", forms.editions())
@pytest.mark.parametrize("seed", range(12))
def test_no_correction_ever_breaks_what_held(edition: str, seed: int) -> None:
    rng = random.Random(seed)
    made = consistent.report(edition, seed)
    for address in rng.sample(sorted(made.cells), 4):
        value = made.cell(address).number
        if isinstance(value, int):
            made = consistent.change(made, {address: value + rng.randint(1, 9)})
        elif isinstance(value, Decimal):
            made = consistent.change(made, {address: value * 10000})
    done = corrections.correct(made)
    assert broken(check(done.report)) <= broken(check(made))
    changed = {a for a in made.cells if made.cells[a] != done.report.cells[a]}
    assert changed == {c.what for c in done.made}


def broken(outcomes: Outcomes) -> set[tuple[str, tuple[str, ...]]]:
    return {
        (f.id, f.cells)
        for f in outcomes.findings
        if f.outcome.value == "broken" and f.level.value != "note"
    }


def test_what_is_missing_is_not_filled_in() -> None:
    made = consistent.report("2021", 4)
    for address in TOTALS["2021"][:3]:
        holed = replace(made, cells={**made.cells, address: Cell(State.BLANK)})
        part = address.rsplit(".", 1)[0] + ".natural_person"
        holed = replace(holed, cells={**holed.cells, part: Cell(State.BLANK)})
        assert corrections.correct(holed).report.cell(address).state is State.BLANK
        assert corrections.correct(holed).report.cell(part).state is State.BLANK


def test_title_and_section_titles_become_those_of_the_form() -> None:
    made = consistent.report("2021", 2)
    title = f"{consistent.ORGAN}{made.year}年度政府信息公开年报"
    wrong = consistent.write(
        replace(made, title=title), 5, made.sections["5"][0].text, "五、主要问题和改进"
    )
    done = corrections.correct(wrong)
    assert done.report.title == f"{consistent.ORGAN}{made.year}年政府信息公开工作年度报告"
    assert done.report.sections["5"][0].title == "五、存在的主要问题及改进情况"
    assert [c.what for c in done.made] == ["title", "sections.5"]
    assert "第五部分标题" in done.report.notes[-1].text.zh
    assert done.report.sections["5"][0].text == made.sections["5"][0].text


def test_a_title_without_its_year_is_not_completed_by_guessing() -> None:
    made = replace(consistent.report("2021", 2), title="示例局政务公开报告", year=None)
    assert corrections.correct(made).report.title == "示例局政务公开报告"


def test_what_it_is_checked_against_counts() -> None:
    last, this = consistent.pair("2021", 7)

    def against(report: AnnualReport) -> Outcomes:
        return checks.check(report, previous=last)

    address = "applications.carried_in.natural_person"
    value = this.cell(address).number
    assert isinstance(value, int)
    wrong = consistent.change(this, {address: value + 1})
    done = corrections.correct(wrong, check=against)
    assert broken(against(done.report)) <= broken(against(wrong))
    assert all(f.level.value != "note" for f in done.left)
