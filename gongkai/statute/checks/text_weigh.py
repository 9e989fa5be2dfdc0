"""文字与表格的比对: one claim of the prose weighed against every reading of the cells.

A claim agrees when any reading agrees (26 收到 may include 1 上年结转). It contradicts only when
none can: a cell that is no number leaves its readings open, unless what is known already exceeds
the claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gongkai.statute import claims_numbers, claims_subjects, claims_words
from gongkai.statute.checks import showing
from gongkai.statute.findings import Case, Level
from gongkai.statute.report import AnnualReport, Cell, Claim, Kind, Value

_REGION = re.compile("全[省市县区镇乡州盟旗]|各级|各(?:部门|单位|镇|乡|街道|县|区)|全系统|辖区")
_OFFICE = re.compile(
    "本级|本机关|本单位|办公[室厅]|[省市县区州]政府(?!网|门户|信息|系统|规章|新闻)"
)
_NEW = re.compile("新收|本年收")


class Weight(StrEnum):
    """比对结论: what came of weighing a claim."""

    AGREES = "agrees"  # 一致
    CONTRADICTS = "contradicts"  # 不一致
    BEYOND = "beyond"  # 累计数大于本年数: possible, if the rest is of earlier years
    OPEN = "open"  # 无法比对: a cell is no number
    FREE = "free"  # 没有对应的单元格


@dataclass(frozen=True, slots=True)
class Weighed:
    """比对结果: the reading that was meant first, its total, and the cells without a number."""

    weight: Weight
    cells: tuple[str, ...] = ()
    total: Value | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sum:
    cells: tuple[str, ...]
    known: Decimal
    slack: Decimal  # half of the last decimal the cell prints
    missing: tuple[str, ...]


def weigh(report: AnnualReport, claim: Claim) -> Weighed:
    """Weigh one claim; a claim about one channel, or without cells, is free."""
    if claim.channel is not None:
        return Weighed(Weight.FREE)
    edition = showing.form_of(report).edition
    meant = [_sum(report, r) for r in claims_subjects.meant(claim.subject, edition)]
    accepted = [_sum(report, r) for r in claims_subjects.accepted(claim.subject, edition)]
    if claim.subject == "received" and _NEW.search(claim.raw):
        accepted = []
    if not meant and not accepted:
        return Weighed(Weight.FREE)
    low, high = bounds(claim)
    first = next((s for s in meant if not s.missing), (meant or accepted)[0])
    total = _plain(first.known) if not first.missing else None
    for s in (*meant, *accepted):
        if not s.missing and low - s.slack <= s.known <= high + s.slack:
            return Weighed(Weight.AGREES, s.cells, _plain(s.known))
    if not meant:  # the form has no cell for what is meant, only for what may be the same
        return Weighed(Weight.FREE)
    still = [s for s in (*meant, *accepted) if s.missing and (claim.cumulative or s.known <= high)]
    if still:
        return Weighed(Weight.OPEN, still[0].cells, None, still[0].missing)
    if claim.cumulative and all(high >= s.known for s in meant):
        return Weighed(Weight.BEYOND, first.cells, total)
    return Weighed(Weight.CONTRADICTS, first.cells, total)


def bounds(claim: Claim) -> tuple[Decimal, Decimal]:
    """The least and greatest total that agree with what a claim's words say."""
    number = claims_numbers.last(claims_words.flatten(claim.raw).text)
    if number is None or number.value != claim.value:
        return Decimal(claim.value), Decimal(claim.value)
    return claims_numbers.bounds(number)


def level(case: Case, claim: Claim, weight: str, *, elsewhere: bool, sure: bool = True) -> Level:
    """How much a contradiction weighs: less where the words leave room.

    ``weight`` is the subject's own; ``elsewhere`` whether another statement of the report agrees
    with the cells; ``sure`` whether the words say that they speak of 政府信息公开.
    """
    kind = case.report.kind if case.kind is Kind.UNKNOWN else case.kind
    region = bool(_REGION.search(claim.raw))
    office = bool(_OFFICE.search(claim.raw)) and not region
    if (region and kind is Kind.ORGAN) or (office and kind is Kind.REGION):
        return Level.NOTE  # text and table count different things
    room = (
        not claim.exact
        or claim.cumulative
        or elsewhere
        or not sure
        or (region and kind is Kind.UNKNOWN)
    )
    return Level.ERROR if weight == "error" and not room else Level.WARNING


def _sum(report: AnnualReport, reading: Sequence[str]) -> _Sum:
    known, slack = Decimal(0), Decimal(0)
    missing = []
    for address in reading:
        cell = report.cell(address)
        if cell.value is None:
            missing.append(address)
        else:
            known += cell.value
            slack += _slack(cell)
    return _Sum(tuple(reading), known, slack, tuple(missing))


def _slack(cell: Cell) -> Decimal:
    """A money cell of 0.39 may stand for 0.394: half of its last decimal."""
    if not isinstance(cell.value, Decimal):
        return Decimal(0)
    exponent = cell.value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= 0:
        return Decimal(0)
    return Decimal(1).scaleb(exponent) / 2


def _plain(total: Decimal) -> Value:
    return int(total) if total == total.to_integral_value() else total
