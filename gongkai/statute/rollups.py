"""汇总: the reports of many units as one, with the coverage of every figure and where it is from.

What a unit did not give is never 0: a total stays empty unless every unit expected gave a number,
or the caller asks for a part sum, which is then called one. A whole-region report already holds
its members and is never added to them. 全域汇总为各地通行做法，格式未规定 (facts: 条例第四十九条、
第五十条).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from gongkai.statute import counterparts, forms, notes, rollup_choice
from gongkai.statute.report import (
    ABSENT,
    AnnualReport,
    Cell,
    Doubt,
    Kind,
    Note,
    Passage,
    State,
    Value,
)
from gongkai.statute.rollup_choice import Aside, Refused
from gongkai.statute.texts import Text

__all__ = ["Aside", "Lack", "Refused", "RollUp", "Sum", "Unit", "rollup"]


class Lack(StrEnum):
    """缺数原因: why a unit gave no number for a cell."""

    BLANK = "blank"  # 空白
    DASH = "dash"  # 短横、斜杠
    NOT_APPLICABLE = "not_applicable"  # 无、不适用
    UNREADABLE = "unreadable"  # 无法识读
    ABSENT = "absent"  # 缺失
    MISSING_REPORT = "missing_report"  # 没有报告
    NOT_COMPARABLE = "not_comparable"  # 两版格式不可比


_LACKS: Mapping[State, Lack] = {
    state: Lack(state.value) for state in State if state is not State.NUMBER
}


@dataclass(frozen=True, slots=True)
class Sum:
    """一格的合计: the total of one cell and what it is made of.

    ``value`` is None unless all ``of`` units gave a number (or a part sum was asked for and one
    did); ``given`` are (unit, value), ``without`` (unit, why), ``doubtful`` the units whose figure
    the reader doubts.
    """

    value: Value | None
    of: int
    given: tuple[tuple[str, Value], ...]
    without: tuple[tuple[str, Lack], ...]
    doubtful: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every unit expected gave a number."""
        return self.of > 0 and not self.without

    @property
    def is_part(self) -> bool:
        """Whether it is the sum of some of the units only."""
        return self.value is not None and not self.is_complete


@dataclass(frozen=True, slots=True)
class Unit:
    """单位: one unit expected: its report, None where there is none, and what it leaves open.

    ``given`` of ``cells`` are numbers; ``lacks`` counts the others by reason.
    """

    name: str
    report: AnnualReport | None
    given: int
    cells: int
    lacks: Mapping[Lack, int]


@dataclass(frozen=True, slots=True)
class RollUp:
    """汇总结果: every address of ``edition`` as a `Sum`, and how complete it is.

    ``listed`` tells whether the units expected were named by the caller; otherwise they are those
    whose files were given, and nobody knows who is missing. ``unread`` are files that could not be
    read, ``aside`` reports that were not added, each with the reason, ``notes`` what was assumed.
    """

    organ: str
    year: int | None
    edition: str
    units: tuple[Unit, ...]
    sums: Mapping[str, Sum]
    listed: bool = False
    partial: bool = False
    aside: tuple[Aside, ...] = ()
    unread: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    not_comparable: Mapping[str, Text] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """The units expected that have no report here."""
        return tuple(unit.name for unit in self.units if unit.report is None)

    @property
    def is_complete(self) -> bool:
        """Whether every unit expected gave a number for every cell."""
        return all(one.is_complete for one in self.sums.values())

    def as_report(self) -> AnnualReport:
        """The totals as a whole-region report, its prose still to be written.

        An empty total is a blank cell; the sections have their official titles and no text. A
        part sum is doubtful, and the preamble says that there are some: in no carrier does it
        pass for a total.
        """
        form = forms.form(self.edition)
        periods = {u.report.period for u in self.units if u.report is not None}
        return AnnualReport(
            organ=self.organ,
            organ_names=(self.organ,),
            kind=Kind.REGION,
            year=self.year,
            edition=self.edition,
            edition_due=forms.due_edition(self.year),
            title=f"{self.organ}{self.year}年政府信息公开工作年度报告" if self.year else None,
            period=periods.pop() if len(periods) == 1 else None,
            preamble=self._part_sums(),
            sections={str(s.no): (Passage(s.title, ""),) for s in form.sections},
            cells={address: _cell(one) for address, one in self.sums.items()},
            notes=self.notes,
        )

    def _part_sums(self) -> str:
        """What the report says first where some of its figures are part sums."""
        count = sum(one.is_part for one in self.sums.values())
        if not count:
            return ""
        given = len(self.units) - len(self.missing)
        return (
            f"（本表含部分合计：{len(self.units)} 个单位中 {given} 个有报告；有 {count} 格只加了"
            "有数的单位，不是全部单位的合计。补齐后请重新汇总，并删去本段。）"
        )


def rollup(
    reports: Iterable[AnnualReport],
    *,
    organ: str,
    units: Sequence[str] | None = None,
    year: int | None = None,
    edition: str | None = None,
    mixed: bool = False,
    partial: bool = False,
    kinds: Collection[Kind] = (),
    unread: Sequence[str] = (),
) -> RollUp:
    """把各单位的报告汇总为一份: add up the reports of units under the name of ``organ``.

    ``units`` names the units expected, in order; without it they are those of the reports given,
    and each file of ``unread`` (names of files that could not be read) counts as one more.
    ``year`` and ``kinds`` choose among the reports; ``edition`` is the form of the total and
    ``mixed`` allows reports of other editions, their cells added where the form data call them
    the same. ``partial`` gives the sum of what there is.

    Raises `Refused` where adding up would be wrong: several years, several editions, one unit
    twice with different figures, a region together with its members; forms.NoForm for an edition
    there is none of.
    """
    chosen = rollup_choice.choose(
        list(reports), organ=organ, units=units, year=year, kinds=kinds, unread=unread
    )
    used = [report for _, report in chosen.units if report is not None]
    target = rollup_choice.edition(used, chosen.year, edition, mixed)
    parts = [(name, report) for name, report in chosen.units]
    unlike = _unlike(used, target)
    sums = {address: _sum(address, target, parts, partial) for address in forms.form(target).specs}
    said = [*chosen.notes, *_said(used, target, sums, partial, len(chosen.units))]
    return RollUp(
        organ=organ,
        year=chosen.year,
        edition=target,
        units=_units(chosen.units, sums),
        sums=sums,
        listed=units is not None,
        partial=partial,
        aside=chosen.aside,
        unread=tuple(unread),
        notes=tuple(said),
        not_comparable=unlike,
    )


def _sum(
    address: str, edition: str, parts: Sequence[tuple[str, AnnualReport | None]], partial: bool
) -> Sum:
    given: list[tuple[str, Value]] = []
    without: list[tuple[str, Lack]] = []
    doubtful: list[str] = []
    for name, report in parts:
        if report is None:
            without.append((name, Lack.MISSING_REPORT))
        elif report.edition == edition:
            cell = report.cells.get(address, ABSENT)
            if cell.value is None:
                without.append((name, _LACKS[cell.state]))
            else:
                given.append((name, cell.value))
                if cell.doubt is not None:
                    doubtful.append(name)
        else:
            value, lack, is_doubtful = _translated(report, address, edition)
            if value is None:
                without.append((name, lack))
            else:
                given.append((name, value))
                if is_doubtful:
                    doubtful.append(name)
    value = _added(address, edition, given) if given and (partial or not without) else None
    return Sum(value, len(parts), tuple(given), tuple(without), tuple(doubtful))


def _translated(
    report: AnnualReport, address: str, edition: str
) -> tuple[Value | None, Lack, bool]:
    """What a report of another edition holds for an address of ``edition``."""
    if report.edition is None:
        return None, Lack.ABSENT, False
    found = counterparts.find(address, edition, report.edition)
    if not found.comparable:
        return None, Lack.NOT_COMPARABLE, False
    value, state = counterparts.value(report, found.addresses)
    lack = Lack.ABSENT if state is State.NUMBER else _LACKS[state]
    return value, lack, counterparts.is_doubtful(report, found.addresses)


def _added(address: str, edition: str, given: Sequence[tuple[str, Value]]) -> Value:
    is_money = forms.form(edition).specs[address].column.type == "decimal"
    start: Value = Decimal(0) if is_money else 0
    return sum((value for _, value in given), start)


def _unlike(used: Sequence[AnnualReport], target: str) -> dict[str, Text]:
    """Addresses of the target that reports of another edition cannot answer, with the reason."""
    others = sorted({r.edition for r in used if r.edition not in (None, target)} - {None}, key=str)
    return {
        address: found.why
        for other in others
        for address in forms.form(target).specs
        if (found := counterparts.find(address, target, str(other))).why is not None
    }


def _units(
    chosen: Sequence[tuple[str, AnnualReport | None]], sums: Mapping[str, Sum]
) -> tuple[Unit, ...]:
    lacks: dict[str, Counter[Lack]] = {name: Counter() for name, _ in chosen}
    for one in sums.values():
        for name, lack in one.without:
            lacks[name][lack] += 1
    return tuple(
        Unit(name, report, len(sums) - lacks[name].total(), len(sums), dict(lacks[name]))
        for name, report in chosen
    )


def _said(
    used: Sequence[AnnualReport],
    target: str,
    sums: Mapping[str, Sum],
    partial: bool,
    expected: int,
) -> Iterable[Note]:
    """What whoever uses the totals should know."""
    others = [r for r in used if r.edition not in (None, target)]
    if others:
        yield notes.note("rollup.mixed", count=len(others), edition=target)
    elsewhere = [r.organ or r.file for r in used if r.other_edition_cells]
    if elsewhere:
        yield notes.note("rollup.other_cells", units=rollup_choice.listed(elsewhere))
    part = sum(one.is_part for one in sums.values())
    if partial and part:
        yield notes.note("rollup.partial", cells=part, units=expected)
    empty = sum(one.value is None for one in sums.values())
    if empty:
        advice = "" if partial else _ADVICE
        yield notes.note("rollup.empty", cells=empty, units=expected, advice=advice)


_ADVICE = Text(
    "要只加有数的，请加 --partial，得出的数会注明是部分合计。",
    " To add what there is, say --partial; such sums are marked as part sums.",
)


def _cell(one: Sum) -> Cell:
    if one.value is None:
        return Cell(State.BLANK)
    raw = format(one.value, "f") if isinstance(one.value, Decimal) else str(one.value)
    doubts = []
    if one.is_part:
        doubts.append(notes.doubt("doubt.part_sum", given=len(one.given), of=one.of))
    if one.doubtful:
        doubts.append(notes.doubt("doubt.units", units=rollup_choice.listed(one.doubtful)))
    return Cell(State.NUMBER, one.value, raw, doubt=_together(doubts))


def _together(doubts: Sequence[Doubt]) -> Doubt | None:
    """Several doubts of one cell under the id of the first."""
    if not doubts:
        return None
    zh, en = "".join(d.text.zh for d in doubts), " ".join(d.text.en for d in doubts)
    return Doubt(doubts[0].id, Text(zh, en))
