"""表三、表四的统计: the identities hold whatever is counted; each case is where it should be."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.statute import forms, year_counts
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.grounds import Ground
from gongkai.statute.remedy_results import Column, Kind
from gongkai.statute.year_counts import Countable, table_three

DAYS = st.dates(date(2018, 6, 1), date(2026, 6, 1))
A = ApplicantKind.NATURAL_PERSON


@st.composite
def cases(draw: st.DrawFn) -> Countable:
    received = draw(DAYS)
    on, answers = received, []
    for _ in range(draw(st.integers(0, 3))):
        on += timedelta(days=draw(st.integers(0, 500)))
        answers.append((on, draw(st.sampled_from(Ground))))
    return Countable(received, draw(st.sampled_from(ApplicantKind)), tuple(answers))


@given(st.lists(cases(), max_size=30), st.integers(2019, 2025))
def test_one_and_two_are_three_and_four_in_every_column(lives: list[Countable], year: int) -> None:
    cells = table_three(lives, year)
    columns = {address.rpartition(".")[2] for address in cells}
    for column in columns:
        got = {row: cells[f"applications.{row}.{column}"] for row in ("received", "carried_in")}
        left = {row: cells[f"applications.{row}.{column}"] for row in ("concluded", "carried_out")}
        assert sum(got.values()) == sum(left.values())


@given(st.lists(cases(), max_size=30), st.integers(2020, 2025))
def test_what_is_carried_over_is_what_the_year_before_left_open(
    lives: list[Countable], year: int
) -> None:
    before, now = table_three(lives, year - 1), table_three(lives, year)
    for kind in ApplicantKind:
        left = before[f"applications.carried_out.{kind}"]
        assert now[f"applications.carried_in.{kind}"] == left


@given(st.lists(cases(), max_size=20))
def test_each_application_is_received_once_and_concluded_once(lives: list[Countable]) -> None:
    rows: Counter[str] = Counter()
    for year in range(2019, 2029):
        table = table_three(lives, year)
        for row in ("received", "concluded"):
            rows[row] += table[f"applications.{row}.total"]
    begun = [one for one in lives if one.received >= date(2019, 1, 1)]
    done = [one for one in lives if one.answers and one.answers[0][0] >= date(2019, 1, 1)]
    assert rows["received"] == len(begun)
    assert rows["concluded"] == len(done)


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2025])
def test_every_cell_of_the_form_is_there_and_no_other(year: int) -> None:
    specs = forms.form(forms.due(year).edition).specs
    wanted = {address for address in specs if address.startswith(("applications.", "remedies."))}
    assert set(table_three([], year)) | set(year_counts.filled_four({})) == wanted


def test_an_answer_given_anew_in_the_same_year_counts_by_the_latest() -> None:
    one = Countable(
        date(2025, 2, 3),
        A,
        ((date(2025, 3, 1), Ground.NOT_FOUND), (date(2025, 9, 1), Ground.DISCLOSED)),
    )
    spring = table_three([one], 2025, as_of=date(2025, 6, 30))
    assert spring["applications.unavailable_not_held.natural_person"] == 1
    whole = table_three([one], 2025)
    assert whole["applications.unavailable_not_held.natural_person"] == 0
    assert whole["applications.granted.natural_person"] == 1


def test_an_answer_given_anew_in_a_later_year_is_not_counted_again() -> None:
    one = Countable(
        date(2024, 2, 3),
        A,
        ((date(2024, 3, 1), Ground.NOT_FOUND), (date(2025, 9, 1), Ground.DISCLOSED)),
    )
    assert table_three([one], 2024)["applications.unavailable_not_held.total"] == 1
    assert not any(table_three([one], 2025).values())


def test_each_place_says_why() -> None:
    one = Countable(date(2024, 12, 20), A)
    here = year_counts.places(one, 2025)
    assert [place.row for place in here] == ["carried_in", "carried_out"]
    assert "2024-12-20" in here[0].why.zh
    assert "2025-12-31" in here[1].why.en


def test_a_row_the_form_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no cell"):
        year_counts.filled({("other_unpaid", "natural_person"): 1}, 2020)
    with pytest.raises(forms.NoForm):
        table_three([Countable(date(2008, 5, 1), A)], 2008)


def test_the_sums_of_table_four() -> None:
    cells = year_counts.filled_four(
        {(Kind.RECONSIDERATION, Column.UPHELD): 2, (Kind.RECONSIDERATION, Column.PENDING): 1}
    )
    assert cells["remedies.reconsideration.total"] == 3
    assert cells["remedies.direct_suit.total"] == 0
