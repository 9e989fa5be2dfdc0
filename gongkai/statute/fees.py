"""信息处理费: the processing fee by item and by page, tier by tier (超额累进), as of a date.

政府信息公开信息处理费管理办法（国办函〔2020〕109号）Art 3-5: for one application one of the two
tariffs, never both; each unit is charged at the rate of the tier it lies in. The tariffs are data
(``data/tariffs.json``); before 2021-01-01 there is none, and the module refuses rather than say 0.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib import resources
from typing import Any

from gongkai.statute import dated
from gongkai.statute.texts import Text

# Nobody asks for more in a month or a single application; beyond it, a slip of the keyboard.
MOST = 100_000


class Basis(StrEnum):
    """计收方式."""

    ITEMS = "items"  # 按件
    PAGES = "pages"  # 按量


UNITS = {Basis.ITEMS: Text("件", "items"), Basis.PAGES: Text("页", "pages")}
NAMES = {Basis.ITEMS: Text("按件计收", "by item"), Basis.PAGES: Text("按量计收", "by page")}


class FeeError(ValueError):
    """数量有误: a number that cannot be charged. ``text`` says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Band:
    """档: units ``first`` to ``last`` at ``rate`` yuan each; ``last`` None = without end.

    With ``step`` the rate rises by ``rise`` after every ``step`` units.
    """

    first: int
    last: int | None
    rate: Decimal
    step: int | None = None
    rise: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tier:
    """一档收费: ``count`` units, numbered ``first`` to ``last``, at ``rate`` yuan: ``amount``."""

    first: int
    last: int
    rate: Decimal

    @property
    def count(self) -> int:
        """How many units are charged in this tier."""
        return self.last - self.first + 1

    @property
    def amount(self) -> Decimal:
        """Yuan for this tier."""
        return self.rate * self.count


@dataclass(frozen=True, slots=True)
class Charge:
    """收费计算: the sum in yuan and every tier that makes it up.

    ``before``: units the same applicant already had in the month; they are not charged again but
    move the new ones into higher tiers. ``source``: provision id; ``since``: tariff in force from.
    """

    basis: Basis
    units: int
    before: int
    on: date
    tiers: tuple[Tier, ...]
    source: str
    since: date

    @property
    def total(self) -> Decimal:
        """The fee in yuan."""
        return sum((tier.amount for tier in self.tiers), Decimal(0))


def by_items(items: int, on: date, *, before: int = 0) -> Charge:
    """按件计收: ``items`` of one applicant in one calendar month, after ``before`` earlier ones.

    All kinds of decision count. Raises `FeeError` for numbers that cannot be, `dated.NotKnown`
    where no tariff is on record for the day ``on``.
    """
    return _charge(Basis.ITEMS, items, on, before)


def by_pages(pages: int, on: date) -> Charge:
    """按量计收: ``pages`` given in one application; nothing is added up across applications.

    Raises as `by_items`.
    """
    return _charge(Basis.PAGES, pages, on, 0)


def _charge(basis: Basis, units: int, on: date, before: int) -> Charge:
    for number in (units, before):
        if not 0 <= number <= MOST:
            raise FeeError(_bad_number(basis, number))
    span = tariffs()[basis].on(on)
    first, last = before + 1, before + units
    tiers = tuple(
        Tier(max(tier.first, first), min(tier.last, last), tier.rate)
        for tier in _tiers(span.value, last)
        if tier.last >= first
    )
    return Charge(basis, units, before, on, tiers, span.source, span.start)


def _tiers(bands: tuple[Band, ...], last: int) -> Iterator[Tier]:
    """The tiers from unit 1 to unit ``last``, stepped bands cut into their steps."""
    for band in bands:
        first, rate = band.first, band.rate
        while first <= last and (band.last is None or first <= band.last):
            end = last if band.step is None else first + band.step - 1
            end = min(end, last, band.last or last)
            yield Tier(first, end, rate)
            first, rate = end + 1, rate + band.rise


@functools.cache
def tariffs() -> Mapping[Basis, dated.Dated[tuple[Band, ...]]]:
    """Both tariffs over time, from the data."""
    text = resources.files("gongkai.statute").joinpath("data/tariffs.json").read_text("utf-8")
    return {
        Basis(one["id"]): dated.Dated(
            Text(one["zh"], one["en"]),
            tuple(dated.span_of(span, _bands(span["bands"])) for span in one["spans"]),
        )
        for one in json.loads(text)["tariffs"]
    }


def _bands(raw: list[dict[str, Any]]) -> tuple[Band, ...]:
    bands = tuple(
        Band(
            one["first"],
            one["last"],
            Decimal(one["rate"]),
            one.get("step"),
            Decimal(one.get("rise", "0")),
        )
        for one in raw
    )
    expected: int | None = 1
    for band in bands:
        if band.first != expected:
            raise ValueError(f"tariffs.json: a tier starts at {band.first}, not at {expected}")
        expected = None if band.last is None else band.last + 1
    if expected is not None:
        raise ValueError("tariffs.json: the last tier has an end")
    return bands


def _bad_number(basis: Basis, number: int) -> Text:
    return Text(
        "{unit}数应为0至{most}的整数，现为{number}。请核对。",
        "The number of {unit} must be a whole number from 0 to {most}, not {number}. Check it.",
    ).within(unit=UNITS[basis], number=number, most=MOST)
