"""信息处理费: the check values, every tier, and the refusal outside the law's time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.statute import articles, fees
from gongkai.statute.dated import NotKnown

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("items", "yuan"),
    [
        (0, 0),
        (1, 0),
        (10, 0),
        (11, 100),
        (30, 2000),
        (31, 2200),
        (40, 4000),
        (41, 4300),
        (50, 7000),
    ],
)
def test_by_item(items: int, yuan: int) -> None:
    charge = fees.by_items(items, DAY)
    assert charge.total == Decimal(yuan)
    assert charge.source == "fee.4"


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [(0, 0), (30, 0), (31, 10), (68, 380), (100, 700), (101, 720), (200, 2700), (201, 2740)],
)
def test_by_page(pages: int, yuan: int) -> None:
    charge = fees.by_pages(pages, DAY)
    assert charge.total == Decimal(yuan)
    assert charge.source == "fee.5"


def test_each_tier_is_explained() -> None:
    tiers = fees.by_items(41, DAY).tiers
    assert [(t.first, t.last, int(t.rate), int(t.amount)) for t in tiers] == [
        (1, 10, 0, 0),
        (11, 30, 100, 2000),
        (31, 40, 200, 2000),
        (41, 41, 300, 300),
    ]
    pages = fees.by_pages(201, DAY).tiers
    assert [(t.first, t.last, int(t.rate)) for t in pages] == [
        (1, 30, 0),
        (31, 100, 10),
        (101, 200, 20),
        (201, 201, 40),
    ]


@given(st.integers(0, 400))
def test_items_one_by_one(items: int) -> None:
    total = 0
    for n in range(1, items + 1):
        total += 0 if n <= 10 else 100 if n <= 30 else 200 + (n - 31) // 10 * 100
    charge = fees.by_items(items, DAY)
    assert charge.total == total
    assert sum(t.count for t in charge.tiers) == items


@given(st.integers(0, 2000))
def test_pages_one_by_one(pages: int) -> None:
    rates = [
        0 if n <= 30 else 10 if n <= 100 else 20 if n <= 200 else 40 for n in range(1, pages + 1)
    ]
    assert fees.by_pages(pages, DAY).total == sum(rates)


@given(st.integers(0, 120), st.integers(0, 120))
def test_a_month_in_two_parts_costs_the_same(first: int, then: int) -> None:
    together = fees.by_items(first + then, DAY)
    apart = fees.by_items(first, DAY).total + fees.by_items(then, DAY, before=first).total
    assert apart == together.total


def test_the_31st_item_alone() -> None:
    charge = fees.by_items(1, DAY, before=30)
    assert charge.total == 200
    assert [(t.first, t.last) for t in charge.tiers] == [(31, 31)]


def test_before_the_measures_it_refuses() -> None:
    assert fees.by_pages(31, date(2021, 1, 1)).total == 10
    for charge in (fees.by_pages, fees.by_items):
        with pytest.raises(NotKnown) as refused:
            charge(31, date(2020, 12, 31))
        assert "2021-01-01" in refused.value.text.zh


@pytest.mark.parametrize("number", [-1, fees.MOST + 1])
def test_numbers_that_cannot_be(number: int) -> None:
    with pytest.raises(fees.FeeError) as refused:
        fees.by_pages(number, DAY)
    assert str(number) in refused.value.text.zh
    with pytest.raises(fees.FeeError):
        fees.by_items(1, DAY, before=number)


def test_the_tariffs_name_their_source() -> None:
    for tariff in fees.tariffs().values():
        for span in tariff.spans:
            assert articles.provision(span.source).start == span.start
