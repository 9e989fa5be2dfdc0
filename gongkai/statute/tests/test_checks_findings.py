"""发现的内容: what a finding says of the cell it names first, where it stands, what it cites."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from gongkai.statute import checks
from gongkai.statute.findings import Finding, Level, Outcome
from gongkai.statute.readers import read
from gongkai.statute.report import ABSENT, AnnualReport, Cell, Leftover, Passage, Place, State
from gongkai.statute.tests import consistent, samples
from gongkai.statute.tests.consistent import add, change

A = "applications."
OURS = consistent.report("2021", 7)
OLD = consistent.report("2019", 7)
LAST, NOW = consistent.pair("2021", 11)
REGION, UNITS = consistent.family("2021", 3)


def only(id: str, report: AnnualReport, **given: object) -> Finding:
    (found,) = [f for f in checks.check(report, **given).findings if f.id == id]  # type: ignore[arg-type]
    return found


def lines(made: AnnualReport, no: str, text: str, first: int) -> AnnualReport:
    """A section whose lines stand on consecutive lines of the file."""
    places = tuple(Place(line=first + i) for i in range(text.count("\n") + 1))
    old = made.sections[no][0]
    new = Passage(old.title, text, Place(line=first - 1), places)
    return replace(made, sections={**made.sections, no: (new,)})


# ---- printed and expected


@pytest.mark.parametrize(
    ("id", "changes", "cell", "off"),
    [
        # 总计多一件：错的是总计，不是等式一边的和
        ("t3.balance", {"concluded.business": 1, "concluded.total": 1}, "concluded.business", 1),
        ("t3.balance", {"received.business": 2, "received.total": 2}, "concluded.business", -2),
        ("t3.concluded", {"granted.business": 1, "granted.total": 1}, "concluded.business", -1),
        ("t3.row_total", {"refused_process.total": 3}, "refused_process.total", 3),
    ],
)
def test_printed_stands_in_the_first_cell(
    id: str, changes: dict[str, int], cell: str, off: int
) -> None:
    made = add(OURS, {A + a: by for a, by in changes.items()})
    found = [f for f in checks.check(made).findings if f.id == id]
    assert found
    for one in found:
        assert one.printed == made.cells[one.cells[0]].value
    (first,) = [f for f in found if f.cells[0] == A + cell]
    assert first.expected == made.cells[A + cell].value - off  # type: ignore[operator]


@pytest.mark.parametrize(
    "made",
    [
        add(OURS, {f"{A}concluded.business": 1}),
        add(OURS, {f"{A}carried_out.business": 400, f"{A}carried_out.total": 400}),
        add(OURS, {"remedies.reconsideration.total": 9, "remedies.direct_suit.upheld": 40}),
        change(OURS, {f"{A}carried_out.business": 999, f"{A}concluded.business": ABSENT}),
    ],
)
def test_what_is_expected_mends_the_sum(made: AnnualReport) -> None:
    """Written into the first cell, the expected figure makes that very finding go away."""
    found = [f for f in checks.check(made).findings if f.outcome is Outcome.BROKEN]
    assert found
    for one in found:
        assert one.printed == made.cells[one.cells[0]].value
        if one.expected is None:
            continue
        assert one.expected >= 0  # type: ignore[operator]
        mended = checks.check(change(made, {one.cells[0]: one.expected})).findings  # type: ignore[dict-item]
        assert (one.id, one.cells) not in {(f.id, f.cells) for f in mended}


def test_the_total_of_remedies() -> None:
    made = add(OURS, {"remedies.reconsideration.total": 2})
    found = only("t4.row_total", made)
    was = OURS.cells["remedies.reconsideration.total"].value
    assert (found.printed, found.expected) == (int(was or 0) + 2, was)


def test_last_years_figure_is_no_expectation() -> None:
    last = change(LAST, {"proactive.penalty.decisions": 90_000})
    found = only("year.jump", NOW, previous=last)
    assert (found.printed, found.expected) == (NOW.cells["proactive.penalty.decisions"].value, None)


def test_nothing_below_zero_is_expected() -> None:
    row = "proactive.normative_documents"
    now = change(NOW, {f"{row}.made": 0, f"{row}.repealed": 7, f"{row}.in_force": 3})
    found = only("year.in_force", now, previous=change(LAST, {f"{row}.in_force": 2}))
    assert (found.printed, found.expected) == (3, None)
    assert "互相不合" in found.message.zh and "do not fit each other" in found.message.en


def test_units_expect_their_sum_only_where_it_is_known() -> None:
    cell = "proactive.penalty.decisions"
    region = change(REGION, {cell: 1})
    assert only("unit.exceeds", region, children=UNITS).expected == REGION.cells[cell].value
    partly = (change(UNITS[0], {cell: Cell(State.DASH, raw="—")}), *UNITS[1:])
    assert only("unit.exceeds", region, children=partly).expected is None


def test_dates_expected_are_dates() -> None:
    early = replace(OURS, signed_on=date(2022, 12, 10))
    for report, published in (
        (early, None),
        (OURS, date(2022, 3, 1)),
        (OURS, date(2023, 2, 14)),
        (OURS, date(2023, 1, 1)),
    ):
        found = checks.check(report, published=published).findings
        assert found
        for one in found:
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(one.expected)), one.id


# ---- where it stands


def test_a_sentence_is_found_on_its_line() -> None:
    text = f"{OURS.sections['1'][0].text}\n[bookmark: _GoBack]好。"
    found = only("form.residue", lines(OURS, "1", text, 20))
    assert found.place == Place(line=20 + text.count("\n"))
    made = lines(OURS, "5", "前言。\n1、甲项。\n2、乙项。\n4、丁项。", 70)
    assert only("form.numbering", made).place == Place(line=73)
    made = lines(OURS, "5", "（一）甲项。\n（二）乙项。\n（3）丙项。", 70)
    assert only("form.numbering_style", made).place == Place(line=72)
    made = lines(OURS, "5", "还有差距。\n2022年，我局将继续改进。", 70)
    assert only("text.plan_year", made).place == Place(line=71)


def test_copied_text_is_found_on_its_line() -> None:
    text = NOW.sections["1"][0].text
    made = lines(NOW, "1", f"这一句去年没有写过，是今年新添的。\n{text}", 30)
    found = only("copy.previous", made, previous=replace(LAST, sections=NOW.sections))
    assert found.place.line is not None and found.place.line > 30


def test_a_place_not_known_is_the_headings() -> None:
    passage = Passage("五、存在的主要问题及改进情况", "1、甲项。\n3、丙项。", Place(line=9))
    made = replace(OURS, sections={**OURS.sections, "5": (passage,)})
    assert only("form.numbering", made).place == Place(line=9)


def test_items_without_a_number_before_the_first() -> None:
    found = only("form.numbering", lines(OURS, "5", "- 甲项。\n- 乙项。\n\n3. 丙项。", 70))
    assert "前两项没有序号" in found.message.zh
    assert "the 2 items before have no number" in found.message.en
    assert found.place == Place(line=73)


# ---- comparisons asked for but not possible


@pytest.mark.parametrize(
    ("wrong", "id"),
    [
        ({"year": 2019}, "year.order"),
        ({"organ": "云水市青石区样例局"}, "year.organ"),
        ({"organ": "云水市青石区样例局", "year": 2019}, "year.order"),
    ],
)
def test_a_wrong_previous_is_said_once(wrong: dict[str, object], id: str) -> None:
    other = replace(consistent.report("2021", 99, year=2021), **wrong)  # type: ignore[arg-type]
    (found,) = checks.check(NOW, previous=other).findings
    assert (found.id, found.outcome) == (id, Outcome.CANNOT_TELL)
    assert "没有与上年比较" in found.hint.zh


def test_units_that_do_not_count_are_said() -> None:
    others = tuple(replace(u, year=2019) for u in UNITS)
    assert [f.id for f in checks.check(REGION, children=others).findings] == [
        *["unit.alike"] * len(UNITS),
        "unit.sum",
    ]
    found = only("unit.sum", REGION, children=others)
    assert found.outcome is Outcome.CANNOT_TELL and "没有作任何汇总" in found.message.zh
    assert only("unit.sum", REGION, children=(REGION,)).outcome is Outcome.CANNOT_TELL


# ---- the notice in force


@pytest.mark.parametrize(("made", "ours", "other"), [(OLD, "60号", "30号"), (OURS, "30号", "60号")])
def test_the_notice_cited_is_the_one_in_force(made: AnnualReport, ours: str, other: str) -> None:
    made = replace(
        add(made, {f"{A}granted.total": 1, "remedies.direct_suit.total": 1}),
        organ_names=("示例局", "青石区样例中心"),
        leftovers=(Leftover("填表说明"),),
        title="云水市政务公开报告",
        sections={n: p for n, p in made.sections.items() if n != "6"},
    )
    made = consistent.write(made, 1, f"{made.sections['1'][0].text}（文字描述）")
    sources = {f.id: f.source for f in checks.check(made).findings}
    assert {"form.residue", "form.organ_names", "form.sections", "t3.row_total"} <= set(sources)
    assert not [id for id, source in sources.items() if other in source]
    assert ours in sources["t3.row_total"]
    assert all(sources.values())


# ---- an unfilled form


def test_a_cell_filled_in_is_no_unfilled_form() -> None:
    blank = {a: consistent.blank() for a in OURS.cells if a.startswith("remedies.")}
    assert only("t4.unfilled", change(OURS, blank)).level is Level.ERROR
    one = change(OURS, {**blank, "remedies.direct_suit.total": 0})
    ids = {f.id for f in checks.check(one).findings}
    assert "t4.unfilled" not in ids and "t4.blank" in ids
    absent = change(OURS, {**blank, "remedies.direct_suit.total": ABSENT})
    assert "t4.unfilled" not in {f.id for f in checks.check(absent).findings}


@samples.needed
def test_the_blank_form_is_unfilled() -> None:
    path = samples.path("blank_form")
    found = checks.check(read(path.read_bytes(), name=path.name)[0]).findings
    errors = {f.id for f in found if (f.level, f.outcome) == (Level.ERROR, Outcome.BROKEN)}
    assert {"t2.unfilled", "t3.unfilled", "t4.unfilled"} <= errors


@samples.needed
@pytest.mark.parametrize(
    ("start", "id", "line"),
    [
        ("001", "form.residue", 17),
        ("001", "form.numbering_style", 16),
        ("001", "text.plan_year", 447),
        ("003", "form.numbering", 150),
    ],
)
def test_lines_of_the_published_samples(start: str, id: str, line: int) -> None:
    path = samples.path(start)
    assert only(id, read(path.read_bytes(), name=path.name)[0]).place.line == line
