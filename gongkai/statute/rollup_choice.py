"""汇总的取舍: which reports are added up, which are set aside, and when adding is refused.

Nothing is added silently and nothing left out silently: a report that does not count is named
with its reason, and what only the caller can decide is refused with all its causes at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from gongkai.statute import forms, notes, unit_names
from gongkai.statute.report import AnnualReport, Kind, Note
from gongkai.statute.texts import Text

_NAMED = 6


@dataclass(frozen=True, slots=True)
class Aside:
    """未计入: a report that was not added, and why (``rollup.*``)."""

    organ: str | None
    file: str
    why: Note


class Refused(Exception):
    """不能汇总: adding up would be wrong; ``notes`` (``rollup.*``) name every cause, ``aside`` the
    reports that had been left out before."""

    def __init__(self, causes: Sequence[Note], aside: Sequence[Aside] = ()) -> None:
        super().__init__(" ".join(cause.text.en for cause in causes))
        self.notes = tuple(causes)
        self.aside = tuple(aside)


@dataclass(frozen=True, slots=True)
class Chosen:
    """取舍结果: the units in order with their reports, and what was said on the way."""

    units: tuple[tuple[str, AnnualReport | None], ...]
    year: int | None
    aside: tuple[Aside, ...] = ()
    notes: tuple[Note, ...] = ()


def choose(
    reports: Sequence[AnnualReport],
    *,
    organ: str,
    units: Sequence[str] | None,
    year: int | None,
    kinds: Collection[Kind],
    unread: Sequence[str],
) -> Chosen:
    """The reports that are added up; raises Refused with everything that stands against it."""
    aside: list[Aside] = []
    said: list[Note] = []
    kept = [r for r in reports if _is_wanted(r, organ, year, kinds, aside)]
    if units is None:
        matched, expected = _by_name(kept)
        expected += [name for name in dict.fromkeys(unread) if name not in matched]
    else:
        expected = _distinct(units)
        matched, rest = unit_names.match(expected, kept)
        aside += [_aside(r, "rollup.unexpected") for r in rest]
        said += _perhaps([name for name in expected if not matched[name]], rest)
    matched = {name: _once(name, found, aside) for name, found in matched.items()}
    against = list(_twice(matched))
    used = {name: found[0] for name, found in matched.items() if found}
    if units is None:
        against += _alike(list(used))
    against += _years(matched, year)
    against += _kinds(used, kinds, said)
    if not used:
        against += _nothing(reports, year, has_list=bool(expected))
    if against:
        raise Refused(against, aside)
    if units is None:
        said.insert(0, notes.note("rollup.no_list"))
    years = {r.year for r in used.values()} - {None}
    settled = year if year is not None else years.pop() if years else None
    return Chosen(
        tuple((name, used.get(name)) for name in expected), settled, tuple(aside), tuple(said)
    )


def edition(used: Sequence[AnnualReport], year: int | None, asked: str | None, mixed: bool) -> str:
    """The form of the total; raises Refused where editions differ and mixing was not asked for."""
    found = sorted({r.edition for r in used if r.edition is not None})
    target = asked or (found[0] if len(found) == 1 else forms.due_edition(year))
    if target is None:
        target = found[-1] if found else forms.editions()[-1]
    others = [r for r in used if r.edition not in (None, target)]
    if others and not mixed:
        raise Refused(
            [
                notes.note(
                    "rollup.editions",
                    edition=target,
                    units=listed([f"{_name(r)}（{r.edition}）" for r in others]),
                )
            ]
        )
    return target


def listed(names: Iterable[str], *, most: int = _NAMED) -> Text:
    """Names one after the other; of many the first few and how many there are."""
    found = list(dict.fromkeys(names))
    shown = found[:most]
    if len(found) > most:
        return Text(
            f"{'、'.join(shown)}等 {len(found)} 个",
            f"{', '.join(shown)} and {len(found) - most} more",
        )
    return Text("、".join(shown), ", ".join(shown))


def _is_wanted(
    report: AnnualReport,
    organ: str,
    year: int | None,
    kinds: Collection[Kind],
    aside: list[Aside],
) -> bool:
    """Whether a report is of the year and scope asked for, and not the total itself."""
    why = None
    if year is not None and report.year != year:
        why = notes.note("rollup.other_year", year=report.year or "?", asked=year)
    elif kinds and report.kind is not Kind.UNKNOWN and report.kind not in kinds:
        why = notes.note("rollup.other_kind", kind=_KINDS[report.kind])
    elif unit_names.key(report.organ or "") == unit_names.key(organ) and not _is_own(report, kinds):
        why = notes.note("rollup.itself", organ=organ)
    if why is None:
        return True
    aside.append(Aside(report.organ, report.file, why))
    return False


def _is_own(report: AnnualReport, kinds: Collection[Kind]) -> bool:
    """Whether a report under the total's name certainly holds the organ's own figures only."""
    return report.kind is Kind.ORGAN or (report.kind is Kind.UNKNOWN and set(kinds) == {Kind.ORGAN})


def _by_name(
    reports: Sequence[AnnualReport],
) -> tuple[dict[str, list[AnnualReport]], list[str]]:
    """Without a list: one unit for every name, in the order of the reports."""
    named: dict[str, str] = {}
    found: dict[str, list[AnnualReport]] = {}
    for at, report in enumerate(reports, 1):
        name = report.organ or report.file or f"? {at}"
        key = unit_names.key(name)
        found.setdefault(named.setdefault(key, name), []).append(report)
    return found, list(found)


def _distinct(units: Sequence[str]) -> list[str]:
    """The units expected, each once, blank lines left out."""
    named: dict[str, str] = {}
    for unit in units:
        if key := unit_names.key(unit):
            named.setdefault(key, unit.strip())
    return list(named.values())


def _perhaps(missing: Sequence[str], rest: Sequence[AnnualReport]) -> list[Note]:
    """Questions: a unit without a report, a report of no unit, and names that are alike."""
    organs = list(dict.fromkeys(r.organ for r in rest if r.organ))
    found = unit_names.perhaps(missing, organs)
    return [notes.note("rollup.perhaps", unit=u, organ=o) for u, o in found[:_NAMED]]


def _once(name: str, found: list[AnnualReport], aside: list[Aside]) -> list[AnnualReport]:
    """The reports of one unit without those that only repeat the first one's figures."""
    kept: list[AnnualReport] = []
    for report in found:
        same = next((k for k in kept if _same_figures(k, report)), None)
        if same is None:
            kept.append(report)
        else:
            aside.append(_aside(report, "rollup.copy", file=same.file or name))
    return kept


def _twice(matched: dict[str, list[AnnualReport]]) -> Iterable[Note]:
    """Several reports of one unit and one year with different figures."""
    for name, found in matched.items():
        years = [r.year for r in found]
        doubled = [r.file or "?" for r in found if years.count(r.year) > 1]
        if doubled:
            yield notes.note("rollup.twice", unit=name, files=listed(doubled))


def _same_figures(one: AnnualReport, other: AnnualReport) -> bool:
    return (one.year, one.edition) == (other.year, other.edition) and all(
        (cell.state, cell.value) == (other.cell(address).state, other.cell(address).value)
        for address, cell in one.cells.items()
    )


def _alike(names: Sequence[str]) -> list[Note]:
    """Two names that may be one organ's: only a list of units can tell."""
    return [
        notes.note("rollup.alike", one=one, other=other) for one, other in unit_names.alike(names)
    ]


def _years(matched: dict[str, list[AnnualReport]], asked: int | None) -> Iterable[Note]:
    by_year: dict[str, list[str]] = {}
    for name, found in matched.items():
        for report in found:
            by_year.setdefault(str(report.year or "?"), []).append(name)
    if asked is not None or len(by_year) < 2:
        return
    said = [(year, listed(by_year[year])) for year in sorted(by_year)]
    each = Text(
        "；".join(f"{year} 年度：{names.zh}" for year, names in said),
        "; ".join(f"{year}: {names.en}" for year, names in said),
    )
    yield notes.note("rollup.years", units=each)


def _nothing(
    reports: Sequence[AnnualReport], asked: int | None, *, has_list: bool
) -> Iterable[Note]:
    """No report counts: what years there are, where it was the year that left them out."""
    years = Counter(report.year for report in reports)
    if asked is not None and years and asked not in years:
        found = sorted(years, key=lambda year: year or 0)
        present = Text(
            "、".join(f"{year or '?'} 年度 {years[year]} 份" for year in found),
            ", ".join(f"{year or '?'} ({years[year]})" for year in found),
        )
        yield notes.note("rollup.no_such_year", asked=asked, years=present)
    elif not has_list:
        yield notes.note("rollup.nothing")


_KINDS = {
    Kind.ORGAN: Text("本机关", "the organ's own figures"),
    Kind.REGION: Text("本地区汇总", "the whole region's figures"),
}


def _kinds(
    used: dict[str, AnnualReport], kinds: Collection[Kind], said: list[Note]
) -> Iterable[Note]:
    """A whole-region report beside reports that may be its members'."""
    regions = [name for name, r in used.items() if r.kind is Kind.REGION]
    unstated = [name for name, r in used.items() if r.kind is Kind.UNKNOWN]
    if regions and len(regions) < len(used) and not kinds:
        yield notes.note("rollup.kinds", regions=listed(regions))
        return
    if len(set(kinds)) != 1:
        # 没有写明口径的政府报告，其部门又在单位之中：可能已经含了部门的数
        yield from _members([*regions, *(n for n in unstated if unit_names.is_government(n))], used)
    if unstated and len(set(kinds)) < 2:
        kind = Kind.REGION if kinds and Kind.ORGAN not in kinds else Kind.ORGAN
        said.append(notes.note("rollup.kind_assumed", count=len(unstated), kind=_KINDS[kind]))


def _members(governments: Sequence[str], used: dict[str, AnnualReport]) -> Iterable[Note]:
    for one in governments:
        members = [name for name in used if unit_names.is_member(name, one)]
        if members:
            yield notes.note("rollup.members", region=one, units=listed(members))


def _aside(report: AnnualReport, id: str, *, file: str = "") -> Aside:
    return Aside(report.organ, report.file, notes.note(id, file=file))


def _name(report: AnnualReport) -> str:
    return report.organ or report.file or "?"
