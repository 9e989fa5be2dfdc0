"""随时间变化的规定: a value on its days, a refusal on all others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.statute import articles, dated
from gongkai.statute.dated import Dated, NotKnown, Span
from gongkai.statute.texts import Text

RULE = Dated(
    Text("例", "example rule"),
    (
        Span(15, date(2008, 5, 1), date(2019, 5, 14), "ogi.33"),
        Span(20, date(2019, 6, 1), None, "ogi.33"),
    ),
)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2008, 5, 1), 15),
        (date(2019, 5, 14), 15),
        (date(2019, 6, 1), 20),
        (date(2099, 1, 1), 20),
    ],
)
def test_the_value_on_its_days(day: date, value: int) -> None:
    assert RULE.on(day).value == value


@pytest.mark.parametrize("day", [date(2008, 4, 30), date(2019, 5, 15), date(2019, 5, 31)])
def test_outside_its_coverage_it_refuses_in_both_languages(day: date) -> None:
    with pytest.raises(NotKnown) as refused:
        RULE.on(day)
    assert day.isoformat() in refused.value.text.zh
    assert "example rule" in refused.value.text.en


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_a_day_has_one_value_or_none(day: date) -> None:
    covering = [span for span in RULE.spans if span.covers(day)]
    assert len(covering) <= 1
    if covering:
        assert RULE.on(day) is covering[0]
    else:
        with pytest.raises(NotKnown):
            RULE.on(day)


def test_overlaps_and_reversed_spans_are_mistakes() -> None:
    start = date(2020, 1, 1)
    with pytest.raises(ValueError, match="overlap"):
        Dated(Text("例", "rule"), (Span(1, start, None, "x"), Span(2, start, None, "x")))
    with pytest.raises(ValueError, match="before it starts"):
        Span(1, start, start - timedelta(days=1), "x")


def test_the_statutory_periods() -> None:
    day = date(2026, 3, 2)
    found = {id: one.on(day).value for id, one in dated.periods().items()}
    assert found == {
        "answer": 20,
        "extension": 20,
        "clarification_notice": 7,
        "third_party": 15,
        "joint_maker": 15,
        "payment": 20,
        "proactive": 20,
    }
    for one in dated.periods().values():
        for span in one.spans:
            source = articles.provision(span.source)
            assert source.start == span.start, "a period starts with the provision that sets it"


def test_the_periods_of_2007_are_not_ours() -> None:
    with pytest.raises(NotKnown):
        dated.period("answer").on(date(2019, 5, 14))
    assert dated.period("answer").on(date(2019, 5, 15)).value == 20
    with pytest.raises(NotKnown):
        dated.period("payment").on(date(2020, 12, 31))
