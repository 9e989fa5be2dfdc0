"""案卷评查的页面内容: the score of a file in words, the means of units, the sheet to take along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import mean
from typing import Any

from django.utils.translation import gettext as _

from gongkai.statute.grounds import REASONS, Ground
from gongkai.web.applications import samples
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Checked
from gongkai.web.applications.samples import Score


@dataclass(frozen=True, slots=True)
class Line:
    """评查项目一行: what was given, in words; ``typed``: what was sent and not kept."""

    item: samples.Item
    given: str
    tone: str
    typed: str = ""


def score_of(file: Checked) -> Score | None:
    """合计; None while an item is left open."""
    return samples.score(file.points, file.not_applicable)


def looked_at(file: Checked) -> int:
    """How many items are settled: scored, or do not apply."""
    return len(file.points) + len(file.not_applicable)


def outcome(file: Checked) -> str:
    """How it had ended when it was drawn."""
    return str(said(REASONS[Ground(file.ground)].name)) if file.ground else ""


def lines(file: Checked, typed: Mapping[str, Any] | None = None) -> list[Line]:
    """Every item of the sheet."""
    return [
        Line(item, *_given(file, item.id), _typed(typed, item.id) if typed else "")
        for item in samples.ITEMS
    ]


def _given(file: Checked, id: str) -> tuple[str, str]:
    if id in file.not_applicable:
        return _("不适用"), "quiet"
    if id not in file.points:
        return _("没有评"), "warn"
    return str(file.points[id]), ""


def _typed(typed: Mapping[str, Any], id: str) -> str:
    value = str(typed.get(f"item_{id}", ""))
    return _("不适用") if value == "na" else value


@dataclass(frozen=True, slots=True)
class Unit:
    """一个机关: how many of its files are scored, and their mean rate in per cent."""

    name: str
    code: str
    drawn: int
    scored: int
    rate: str


def by_organ(files: Iterable[Checked]) -> list[Unit]:
    """Each organ that had files drawn; a mean only where one is scored."""
    held: dict[str, list[Checked]] = {}
    for file in files:
        held.setdefault(file.matter.organ.code, []).append(file)
    return sorted((_unit(code, own) for code, own in held.items()), key=lambda one: one.name)


def _unit(code: str, own: Sequence[Checked]) -> Unit:
    rates = [found.rate for file in own if (found := score_of(file)) is not None]
    rate = f"{_rounded(mean(rates))}%" if rates else ""
    return Unit(own[0].organ_name, code, len(own), len(rates), rate)


def _rounded(rate: Fraction) -> Decimal:
    """To one place, halves up, as people round."""
    exact = Decimal(rate.numerator) / Decimal(rate.denominator)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def sheet(files: Sequence[Checked]) -> tuple[list[str], Iterator[list[object]]]:
    """评分表: headings and rows; an item left open is empty, one that does not apply says so."""
    headings = [
        _("编号"), _("事由"), _("机关"), _("经办人"), _("办结日期"),
        *(f"{item.name}（{item.points}）" for item in samples.ITEMS),
        _("合计"), _("适用项目满分"), _("得分率（%）"), _("意见"), _("评查人"),
    ]  # fmt: skip
    return headings, (_row(file) for file in files)


def _row(file: Checked) -> list[object]:
    found = score_of(file)
    skipped = _("不适用")
    return [
        file.number,
        file.title,
        file.organ_name,
        file.handler_name,
        file.closed_on,
        *(
            skipped if item.id in file.not_applicable else file.points.get(item.id)
            for item in samples.ITEMS
        ),
        found.points if found else None,
        found.of if found else None,
        _rounded(found.rate) if found else None,
        file.words,
        file.by.name if file.by else "",
    ]
