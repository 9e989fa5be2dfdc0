"""第三、四部分的等式: the identities over random reports, expectations derived independently."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gongkai.statute import checks, forms
from gongkai.statute.findings import Finding, Outcome
from gongkai.statute.report import AnnualReport, Cell, State
from gongkai.statute.tests import consistent

SEEDS = st.integers(0, 10**6)
EDITIONS = st.sampled_from(["2019", "2021"])
COLUMNS = (*consistent.KINDS, "total")
ENDS = {"received", "carried_in", "concluded", "carried_out"}


def found(report: AnnualReport) -> tuple[Finding, ...]:
    return checks.check(report).findings


def rows_of(edition: str) -> list[str]:
    return [a.split(".")[1] for a in forms.form(edition).addresses if a.endswith("natural_person")]


def expected(row: str) -> set[str]:
    """What one changed cell breaks: its row always, and the identities its row is part of."""
    broken = {"t3.row_total"}
    if row in ENDS:
        broken.add("t3.balance")
    if row not in ENDS or row == "concluded":
        broken.add("t3.concluded")
    return broken


@given(EDITIONS, SEEDS, st.data())
@settings(max_examples=150, deadline=None)
def test_consistent_reports_have_no_findings(edition: str, seed: int, data: st.DataObject) -> None:
    assert found(consistent.report(edition, seed)) == ()
    last, now = consistent.pair(edition, seed)
    assert checks.check(now, previous=last).findings == ()
    region, units = consistent.family(edition, seed, units=data.draw(st.integers(1, 4)))
    assert checks.check(region, children=units).findings == ()


@given(EDITIONS, SEEDS, st.integers(1, 50))
@settings(max_examples=40, deadline=None)
def test_figures_in_the_text(edition: str, seed: int, by: int) -> None:
    """Prose that states the table's figures is fine; the table changed below it is not."""
    report = consistent.spoken(consistent.report(edition, seed))
    assert len(report.claims) >= 6
    assert found(report) == ()
    ends = ("received", "carried_out")
    moved = {f"applications.{row}.{c}": by for row in ends for c in ("business", "total")}
    assert {f.id for f in found(consistent.add(report, moved))} == {"text.applications"}


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_the_year_the_form_changed(seed: int) -> None:
    """2020 on the 2019 form, 2021 on the new one: what both have still joins."""
    last = consistent.report("2019", seed, year=2020)
    now = consistent.report("2021", seed + 1, year=2021, previous=last)
    assert checks.check(now, previous=last).findings == ()


@given(EDITIONS, SEEDS, st.sampled_from(COLUMNS), st.integers(-20, 500).filter(bool), st.data())
@settings(max_examples=300, deadline=None)
def test_one_wrong_cell(edition: str, seed: int, column: str, by: int, data: st.DataObject) -> None:
    """Exactly its row and its column speak, and each names that cell first."""
    row = data.draw(st.sampled_from(rows_of(edition)))
    address = f"applications.{row}.{column}"
    report = consistent.report(edition, seed)
    was = int(report.cells[address].value or 0)
    assume(was + by >= 0)
    findings = found(consistent.add(report, {address: by}))
    assert {f.id for f in findings} == expected(row)
    assert len(findings) == len(expected(row))
    assert all(f.outcome is Outcome.BROKEN for f in findings)
    assert all(f.cells[0] == address for f in findings)
    assert all(str(was) in f.hint.zh for f in findings), "the fitting value is in the hint"


@given(EDITIONS, SEEDS, st.permutations(consistent.KINDS), st.integers(1, 20), st.data())
@settings(max_examples=100, deadline=None)
def test_faults_that_cancel_in_every_total(
    edition: str, seed: int, kinds: list[str], by: int, data: st.DataObject
) -> None:
    """Applications moved to another kind of applicant: rows and the total column still fit."""
    row = data.draw(st.sampled_from(rows_of(edition)))
    more, fewer = (f"applications.{row}.{kind}" for kind in kinds[:2])
    report = consistent.report(edition, seed)
    assume(int(report.cells[fewer].value or 0) >= by)
    findings = found(consistent.add(report, {more: by, fewer: -by}))
    assert {f.id for f in findings} == expected(row) - {"t3.row_total"}
    assert len(findings) == 2 * len(expected(row) - {"t3.row_total"})
    assert all("applications.concluded.total" not in f.cells for f in findings)


@given(EDITIONS, SEEDS, st.data())
@settings(max_examples=150, deadline=None)
def test_missing_cells_are_never_zero(edition: str, seed: int, data: st.DataObject) -> None:
    """Cells taken out of a consistent report: nothing is called wrong but their absence."""
    report = consistent.report(edition, seed)
    tables = [a for a in report.cells if not a.startswith("proactive.")]
    gone = data.draw(st.lists(st.sampled_from(tables), min_size=1, max_size=30, unique=True))
    findings = found(consistent.change(report, dict.fromkeys(gone, consistent.blank())))
    sums = [f for f in findings if not f.id.endswith(".blank")]
    assert all(f.outcome is Outcome.CANNOT_TELL for f in sums)
    assert set(gone) <= {a for f in sums for a in f.cells}
    assert {a for f in findings if f.id.endswith(".blank") for a in f.cells} == set(gone)


@pytest.mark.parametrize("state", [State.BLANK, State.DASH, State.UNREADABLE, State.ABSENT])
def test_already_too_much(state: State) -> None:
    """A part is missing, but the others alone exceed the total: broken all the same."""
    report = consistent.report("2021", 4)
    missing = "applications.unprocessed_publication.natural_person"
    over = consistent.add(report, {"applications.granted.natural_person": 900})
    findings = found(consistent.change(over, {missing: Cell(state, raw="?")}))
    broken = {f.id for f in findings if f.outcome is Outcome.BROKEN}
    assert "t3.concluded" in broken
    assert any(
        f.id == "t3.concluded" and f.outcome is Outcome.BROKEN and f.printed is not None
        for f in findings
    )


def test_balance_decides_in_spite_of_a_gap() -> None:
    report = consistent.report("2021", 4)
    carried_out = "applications.carried_out.business"
    short = consistent.change(
        report, {"applications.received.business": 0, carried_out: consistent.blank()}
    )
    balance = [f for f in found(short) if f.id == "t3.balance"]
    assert [f.outcome for f in balance] == [Outcome.BROKEN]


def test_a_blank_cell_tells_what_its_neighbours_leave() -> None:
    report = consistent.report("2021", 4)
    address = "applications.granted.natural_person"
    was = report.cells[address].value
    findings = found(consistent.change(report, {address: consistent.blank()}))
    blank = next(f for f in findings if f.id == "t3.blank")
    assert str(was) in blank.hint.zh and str(was) in blank.hint.en
    assert blank.cells == (address,)


@given(EDITIONS, SEEDS, st.sampled_from(consistent.REMEDIES), st.integers(1, 99), st.data())
@settings(max_examples=80, deadline=None)
def test_remedies(edition: str, seed: int, row: str, by: int, data: st.DataObject) -> None:
    column = data.draw(st.sampled_from(["upheld", "corrected", "other", "pending", "total"]))
    address = f"remedies.{row}.{column}"
    findings = found(consistent.add(consistent.report(edition, seed), {address: by}))
    assert [f.id for f in findings] == ["t4.row_total"]
    difference = (findings[0].printed or 0) - (findings[0].expected or 0)  # type: ignore[operator]
    assert difference == (by if column == "total" else -by)


CELLS = st.one_of(
    st.builds(consistent.number, st.integers(-5, 10**9)),
    st.builds(consistent.number, st.decimals(-10, 10**6, places=5)),
    st.sampled_from([s for s in State if s is not State.NUMBER]).map(lambda s: Cell(s, raw="x")),
)


@given(EDITIONS, SEEDS, st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_in_a_cell_makes_a_check_fail(edition: str, seed: int, data: st.DataObject) -> None:
    """A check never raises, and says the same thing twice."""
    last, now = consistent.pair(edition, seed)
    addresses = data.draw(st.lists(st.sampled_from(list(now.cells)), max_size=40, unique=True))
    changed = {a: data.draw(CELLS) for a in addresses}
    report = consistent.change(now, changed)
    first = checks.check(report, previous=last, children=(now,), siblings=(last,))
    assert first == checks.check(report, previous=last, children=(now,), siblings=(last,))
    order = [rule.id for rule, _ in checks.CHECKS]
    places = [order.index(f.id) for f in first.findings]
    assert places == sorted(places)
