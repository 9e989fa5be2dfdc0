"""读取随机报告: every layout gives back every figure, or says which it could not place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute import forms
from gongkai.statute.readers import read
from gongkai.statute.report import State
from gongkai.statute.tests.specimens import figures, layouts, pdf, tables, text
from gongkai.statute.tests.specimens.draft import Draft, draft
from gongkai.statute.tests.specimens.layouts import LAYOUTS, Layout, Rendering
from gongkai.statute.tests.specimens.verdict import faults

EDITIONS = forms.editions()
SEEDS = int(os.environ.get("GONGKAI_SEEDS", "0"))
"""How many reports to try in each layout and edition; 0: one report, the editions in turn, and
of the lesser PDF layouts, which take longest, every third."""


def _cases() -> Iterator[tuple[Layout, str, int]]:
    for layout in LAYOUTS:
        editions = ("2019",) if layout.change == "old_form" else EDITIONS
        if not SEEDS:
            lot = crc32(layout.name.encode())
            if layout.carrier in layouts.PDFS[1:] and lot % 3:
                continue
            editions = (editions[lot % len(editions)],)
        yield from ((layout, edition, s) for edition in editions for s in range(SEEDS or 1))


CASES = [pytest.param(*case, id=f"{case[0].name}-{case[1]}-{case[2]}") for case in _cases()]


def rendered(layout: Layout, edition: str, seed: int) -> Rendering:
    """The report, or a skip where no font on this machine holds Chinese."""
    if layout.carrier in layouts.PDFS and pdf.family() is None:
        pytest.skip("no Chinese font on this machine: apt-get install fonts-noto-cjk")
    return layouts.render(layout, edition=edition, seed=seed)


def told(rendering: Rendering) -> str:
    """What is wrong with the reading of one rendering, at most ten lines of it."""
    reports = read(rendering.data, name=rendering.name)
    if len(reports) != 1:
        return f"{len(reports)} reports in a file of one"
    wrong = faults(reports[0], rendering.expected)
    return "\n".join([*wrong[:10], f"... and {len(wrong) - 10} more"] if len(wrong) > 10 else wrong)


@pytest.mark.parametrize(("layout", "edition", "seed"), CASES)
def test_every_figure_is_placed_or_left_over(layout: Layout, edition: str, seed: int) -> None:
    assert told(rendered(layout, edition, seed)) == ""


TEXT_LAYOUTS = [layout for layout in LAYOUTS if layout.carrier in layouts.TEXTS]


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    layout=st.sampled_from(TEXT_LAYOUTS),
    edition=st.sampled_from(EDITIONS),
    seed=st.integers(min_value=1000, max_value=10**6),
)
def test_text_of_any_seed(layout: Layout, edition: str, seed: int) -> None:
    assert told(layouts.render(layout, edition=edition, seed=seed)) == ""


# --- the generator itself -------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_unique_figures_are_unique_and_never_zero(edition: str) -> None:
    cells = figures.make(Random(5), edition=edition).cells
    assert set(cells) == set(forms.form(edition).addresses)
    values = [abs(c.value) for c in cells.values() if c.value is not None]
    assert len(set(values)) == len(cells)
    assert 0 not in values


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("edition", EDITIONS)
def test_consistent_figures_balance(edition: str, seed: int) -> None:
    form = forms.form(edition)
    cells = figures.make(Random(seed), edition=edition, mode="consistent").cells

    def n(row: str, column: str, table: str = "applications") -> int:
        return int(cells[f"{table}.{row}.{column}"].value or 0)

    block = form.tables["applications"].blocks[0]
    people = [c.id for c in block.columns if not c.is_total]
    for column in [*people, "total"]:
        concluded = n("concluded", column)
        assert n("received", column) + n("carried_in", column) == concluded + n(
            "carried_out", column
        )
        assert concluded == sum(n(row, column) for row in form.concluded_parts)
    for row in block.figure_rows:
        assert n(row.id, "total") == sum(n(row.id, column) for column in people)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_word_layout_is_that_of_dumped_documents(edition: str) -> None:
    """Parsed back by the plainest means: blank lines part rows, tabs begin cells."""
    made = _draft(edition)
    dump = text.word(made.draw("applications"), Random(0))
    rows = [block.split("\n\t") for block in dump.strip("\n").lstrip("\t").split("\n\n\t")]
    printed = [row[-7:] for row in rows[3:]]
    expected = [[f.text for f in row.figures] for row in made.applications.rows]
    assert printed == expected


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_cut_table_holds_what_the_whole_one_held(edition: str) -> None:
    whole = _draft(edition).applications.draw()
    for at in range(1, len(whole.lines)):
        first, second = whole.cut(at)
        assert _figures(first) + _figures(second) == _figures(whole)
        for part in (first, second):
            assert all(box for line in part.spread() for box, _ in line)


@pytest.mark.parametrize("carrier", [c for c in layouts.ALL if c not in layouts.PDFS])
def test_a_rendering_is_its_seed(carrier: str) -> None:
    one, two = (layouts.render(Layout(carrier), edition="2021", seed=3) for _ in range(2))
    assert one.data == two.data
    assert one.expected == two.expected


def test_every_state_occurs_among_the_blanks() -> None:
    states = {
        cell.state
        for seed in range(10)
        for cell in figures.make(Random(seed), edition="2021", blanks="yes").cells.values()
    }
    assert states == set(State) - {State.ABSENT}


def _draft(edition: str) -> Draft:
    return draft(figures.make(Random(7), edition=edition), Random(7))


def _figures(table: tables.Drawn) -> list[str]:
    return [box.text for line in table.lines for box in line if box.kind == "figure"]
