"""上下级汇总: a region's report against those of its units (ids ``unit.*``); nothing without them.

A whole-region report adds up its departments and lower governments (facts.md 2.4: practice of
published reports). A report of the organ alone is not their sum and is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.statute import forms
from gongkai.statute.checks import showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import AnnualReport, Kind, Value
from gongkai.statute.texts import Text

_SOURCE = "《政府信息公开条例》第四十九条、第五十条；全域汇总为各地通行做法，格式未规定"

KIND = Rule(
    "unit.kind",
    Level.NOTE,
    Text(
        "与下级合计比较的是全域汇总的报告。",
        "Only a whole-region report is compared with the sum of its units.",
    ),
    _SOURCE,
    Text(
        "区政府办公室只报本机关的数，却拿来与各街道合计比较。",
        "An organ's own report is given with its units.",
    ),
)


def kind(case: Case) -> Iterator[Finding]:
    """本机关口径 is not the sum of the units."""
    if not case.children:
        return
    if _kind(case) is not Kind.ORGAN:
        yield KIND.holds()
        return
    yield KIND.cannot_tell(
        Text(
            "这份报告是本机关口径，不是下级的合计，没有与下级比较。",
            "This report holds the organ's own figures, not the sum of its units; it was not "
            "compared with them.",
        ),
        Text(
            "如果表格其实是全域汇总，请注明口径（--kind region）后再查。",
            "If the tables do add up the region, say so (--kind region) and check again.",
        ),
    )


ALIKE = Rule(
    "unit.alike",
    Level.WARNING,
    Text(
        "下级报告与本级是同一年度、同一版格式。",
        "The units' reports are of the same year and form.",
    ),
    _SOURCE,
    Text("汇总 2022 年度时混进一份 2021 年度的报告。", "A 2021 report among those of 2022."),
)


def alike(case: Case) -> Iterator[Finding]:
    """Those of another year or form are left out of the sums."""
    if not _comparable(case):
        return
    for child in case.children:
        if _alike(case.report, child):
            yield ALIKE.holds()
            continue
        name = child.organ or child.file or "?"
        yield ALIKE.cannot_tell(
            Text(
                f"“{name}”的报告是 {child.year or '?'} 年度、{child.edition or '?'} 年格式，"
                "没有计入合计。",
                f"The report of “{name}” is of {child.year or '?'} on the {child.edition or '?'} "
                "form and was left out of the sums.",
            ),
            Text("请换成同年度、同格式的报告。", "Give the report of the same year and form."),
        )


TWICE = Rule(
    "unit.twice",
    Level.WARNING,
    Text("同一单位的报告只汇总一次。", "A unit's report is added up once."),
    _SOURCE,
    Text("同一个街道的报告给了两份。", "One street office's report is given twice."),
)


def twice(case: Case) -> Iterator[Finding]:
    """By the organ's name, the region's own report included; only the first one is added up."""
    if not _comparable(case):
        return
    seen = {_name(case.report)}
    doubled: dict[str, None] = {}
    for child in case.children:
        name = _unit_name(case, child)
        if name and name in seen:
            doubled.setdefault(name)
        seen.add(name)
    if not doubled:
        yield TWICE.holds()
        return
    listed = showing.listing([f"“{n}”" for n in doubled])
    yield TWICE.broken(
        Text(
            f"{listed.zh}的报告重复，或者就是本级自己的报告，没有重复计入。",
            f"{listed.en}: given more than once, or the region's own report; it was added up once "
            "or not at all.",
        ),
        Text(
            "请确认哪一份是定稿，去掉多余的再汇总。",
            "Decide which one is final and leave the others out.",
        ),
        printed="、".join(doubled),
    )


EXCEEDS = Rule(
    "unit.exceeds",
    Level.ERROR,
    Text("下级的合计不超过本级的汇总数。", "The units together do not exceed the region's figure."),
    _SOURCE,
    Text(
        "三个街道共收到申请 12 件，区的汇总只有 10 件。",
        "Units received 12, the region reports 10.",
    ),
)
SUM = Rule(
    "unit.sum",
    Level.WARNING,
    Text("本级的汇总数等于下级的合计。", "The region's figure is the sum of its units."),
    _SOURCE,
    Text(
        "区汇总 15 件，给出的各单位合计 12 件。",
        "The region reports 15, the units given add up to 12.",
    ),
)


@dataclass(slots=True)
class _Sums:
    """How one table of the region stands to its units."""

    equal: int = 0
    over: list[tuple[str, Value, Value]] = field(default_factory=list)  # 下级合计大于本级
    under: list[tuple[str, Value, Value]] = field(default_factory=list)  # 不等的其余情形
    untold: list[tuple[str, int]] = field(default_factory=list)  # 单元格，有数的下级个数


def exceeds(case: Case) -> Iterator[Finding]:
    """Certain even where some units have no number, for counts are never negative."""
    units = _units(case)
    if not units:
        return
    for table, found in _sums(case.report, units).items():
        if not found.over:
            yield EXCEEDS.holds()
            continue
        yield _finding(
            EXCEEDS,
            case,
            table,
            found.over,
            Text(
                "下级已有的比汇总还多，汇总一定漏了单位或抄错了数。请逐个单位重新汇总。",
                "The units alone have more than the whole: a unit was left out or a figure "
                "miscopied. Add them up again, unit by unit.",
            ),
        )


def total(case: Case) -> Iterator[Finding]:
    """Table by table, with the coverage of each figure; said where no unit's report counts."""
    units = _units(case)
    if not units:
        if _comparable(case):
            yield SUM.cannot_tell(
                Text(
                    f"给出的 {len(case.children)} 份下级报告一份也没有计入，没有作任何汇总核对。",
                    f"Of the {showing.counted(len(case.children), 'unit report')} given none "
                    "counts; nothing was added up.",
                ),
                Text(
                    "请给出与本级同年度、同格式的下级报告（不是本级自己的报告）再查。",
                    "Give reports of the units, of the same year and form, not the region's own.",
                ),
            )
        return
    for table, found in _sums(case.report, units).items():
        if found.under:
            yield _finding(
                SUM,
                case,
                table,
                found.under,
                Text(
                    "差数应当来自没有给出的单位（如政府办公室本级）。请补齐所属单位的报告再查；"
                    "已经齐全的，逐个单位重新汇总。",
                    "The difference must come from units not given, as the government office "
                    "itself. Give all units; if they are complete, add them up again.",
                ),
            )
        elif not found.untold:
            yield SUM.holds()
        if found.untold:
            yield _untold(case, table, found, len(units))


def _untold(case: Case, table: str, found: _Sums, of: int) -> Finding:
    form = showing.form_of(case.report)
    name = showing.TABLES[table]
    cells = [a for a, _ in found.untold]
    least = min(n for _, n in found.untold)
    listed = showing.cells(form, cells)
    return SUM.cannot_tell(
        Text(
            f"{name.zh}有 {len(cells)} 个单元格无法与下级核对（{of} 个单位中最少 {least} "
            f"个有数）：{listed.zh}。",
            f"{showing.counted(len(cells), 'cell')} of {name.en} that cannot be compared (as few "
            "as "
            f"{least} of {of} units have a number): {listed.en}.",
        ),
        Text(
            "缺的不按 0 计。请让这些单位补填，或补上本级的数。",
            "What is missing is not taken as 0. Ask the units to fill it in.",
        ),
        cells=tuple(cells),
        place=showing.place(case.report, cells[0]),
    )


def _finding(
    rule: Rule, case: Case, table: str, found: list[tuple[str, Value, Value]], hint: Text
) -> Finding:
    """One finding for a table; ``printed`` and ``expected`` are those of its first cell."""
    form = showing.form_of(case.report)
    name, of = showing.TABLES[table], len(_units(case))
    listed = showing.listing(
        [
            f"{showing.cell(form, a)}本级 {showing.figure(p)}、下级合计 {showing.figure(s)}"
            for a, p, s in found
        ]
    )
    listed_en = showing.listing(
        [
            f"{showing.cell(form, a)} region {showing.figure(p)}, units {showing.figure(s)}"
            for a, p, s in found
        ]
    )
    address, printed, together = found[0]
    complete = all(u.cell(address).value is not None for u in _units(case))
    return rule.broken(
        Text(
            f"{name.zh}有 {len(found)} 个单元格与 {of} 个下级单位的合计不符：{listed.zh}。",
            f"{showing.counted(len(found), 'cell')} of {name.en} unlike the sum of "
            f"{showing.counted(of, 'unit')}: {listed_en.en}.",
        ),
        hint,
        cells=tuple(a for a, _, _ in found),
        printed=printed,
        expected=together if complete else None,
        place=showing.place(case.report, address),
    )


def _sums(report: AnnualReport, units: tuple[AnnualReport, ...]) -> dict[str, _Sums]:
    form = showing.form_of(report)
    found = {table: _Sums() for table in showing.TABLES}
    for address, spec in form.specs.items():
        _add(found[spec.table], form, report, units, address)
    return found


def _add(
    found: _Sums,
    form: forms.Form,
    report: AnnualReport,
    units: tuple[AnnualReport, ...],
    address: str,
) -> None:
    printed = report.cell(address).value
    values = [v for u in units if (v := u.cell(address).value) is not None]
    together: Value = sum(values)
    signed = form.specs[address].column.type == "signed_integer"
    if printed is None:
        found.untold.append((address, len(values)))
    elif together > printed and not signed:
        found.over.append((address, printed, together))
    elif len(values) < len(units):
        found.untold.append((address, len(values)))
    elif together == printed:
        found.equal += 1
    else:
        found.under.append((address, printed, together))


def _kind(case: Case) -> Kind:
    return case.kind if case.kind is not Kind.UNKNOWN else case.report.kind


def _comparable(case: Case) -> bool:
    """Units were given and the report is not the organ's own."""
    return bool(case.children) and _kind(case) is not Kind.ORGAN


def _alike(report: AnnualReport, child: AnnualReport) -> bool:
    return child.year == report.year and child.edition == report.edition


def _name(report: AnnualReport) -> str:
    return "".join((report.organ or "").split())


def _unit_name(case: Case, child: AnnualReport) -> str:
    """The organ's own figures beside its region's are a unit like any other (本级)."""
    name = _name(child)
    is_own = child.kind is Kind.ORGAN and _kind(case) is Kind.REGION
    return f"{name}本级" if is_own and name == _name(case.report) else name


def _units(case: Case) -> tuple[AnnualReport, ...]:
    """The units whose figures count: same year and form, each once, not the region itself."""
    if not _comparable(case):
        return ()
    own = _name(case.report)
    found: dict[str, AnnualReport] = {}
    for index, child in enumerate(case.children):
        name = _unit_name(case, child) or f"?{index}"
        if _alike(case.report, child) and name != own:
            found.setdefault(name, child)
    return tuple(found.values())


CHECKS: tuple[tuple[Rule, Check], ...] = (
    (KIND, kind),
    (ALIKE, alike),
    (TWICE, twice),
    (EXCEEDS, exceeds),
    (SUM, total),
)
