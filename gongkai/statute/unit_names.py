"""单位名称的对应: which report is whose: a list of units against the names reports go by.

Names are compared without white space and differences of width or script, a town's and a
subdistrict's also without what their offices are called (竹篱街道, 竹篱街道办事处). A report's own
name counts first, then the short names its text uses, then a name that leaves out its beginning
(档案局 for 云水市青石区档案局) or has a remark in brackets (档案局（牵头）), and that only where it
fits one unit and no other. An abbreviation (文旅局) is asked about and never decided.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from gongkai.statute.report import AnnualReport
from gongkai.statute.script import simplified

_ASKED = 200  # so many names on either side are held against each other
_AREA = re.compile(r"(?<=[省市区县州盟旗乡镇])(?=.{2})")
_OFFICE = re.compile(r"(?<=街道)(?:办事处|办)$|(?<=[乡镇])(?:人民政府|政府)$")
_REMARK = re.compile(r"\([^()]*\)")  # plain() makes all brackets half width
_GOVERNMENT = re.compile(r"(?:人民政府|政府|行政公署|管理委员会|管委会)$")


@functools.lru_cache(maxsize=16384)
def plain(name: str) -> str:
    """A name as it is compared: no white space, half width, simplified script."""
    return simplified("".join(unicodedata.normalize("NFKC", name).split()))


@functools.lru_cache(maxsize=16384)
def key(name: str) -> str:
    """What the ways of writing one unit's name have in common: 竹篱街道 of 竹篱街道办事处."""
    return _OFFICE.sub("", plain(name))


@functools.lru_cache(maxsize=16384)
def shortened(name: str) -> tuple[str, ...]:
    """The names a name may go by without its beginning: 青石区档案局, 档案局."""
    whole = key(name)
    return tuple(whole[at.end() :] for at in _AREA.finditer(whole))


@functools.lru_cache(maxsize=4096)
def area(name: str) -> tuple[str, ...]:
    """What the names of a government's members begin with: 云水市青石区, 青石区."""
    whole = plain(name)
    stem = _GOVERNMENT.sub("", whole)
    return tuple(s for s in (stem, *(s for s in shortened(stem) if len(s) > 2)) if len(s) > 1)


def bare(name: str) -> str:
    """A name as it is compared, without remarks in brackets: 审计局 of 审计局（牵头）."""
    whole = plain(name)
    return key(_REMARK.sub("", whole) or whole)


def is_government(name: str) -> bool:
    """Whether the name is a government's, who may report for its whole area."""
    return bool(_GOVERNMENT.search(plain(name)))


def is_member(name: str, government: str) -> bool:
    """Whether a name shows that its organ belongs to a government's area."""
    whole = plain(name)
    return whole != plain(government) and whole.startswith(area(government))


def match(
    units: Sequence[str], reports: Sequence[AnnualReport]
) -> tuple[dict[str, list[AnnualReport]], list[AnnualReport]]:
    """The reports of each unit, in their order, and those of no unit on the list."""
    wanted = {key(unit): unit for unit in units}
    found: dict[str, list[AnnualReport]] = {unit: [] for unit in units}
    rest: list[AnnualReport] = []
    for report in reports:
        unit = wanted.get(key(report.organ or ""))
        if unit is None:
            rest.append(report)
        else:
            found[unit].append(report)
    for names in (_also_named, _short_of):
        open_units = [unit for unit in units if not found[unit]]
        rest = _by(names(open_units, rest), found, rest)
    return found, rest


def _by(
    owners: Mapping[int, str], found: dict[str, list[AnnualReport]], rest: list[AnnualReport]
) -> list[AnnualReport]:
    for at, unit in owners.items():
        found[unit].append(rest[at])
    return [report for at, report in enumerate(rest) if at not in owners]


def _also_named(units: Sequence[str], reports: Sequence[AnnualReport]) -> dict[int, str]:
    """By the short names in a report's text; a report that names two of the units is neither's."""
    wanted = {key(unit): unit for unit in units}
    owners: dict[int, str] = {}
    for at, report in enumerate(reports):
        named = {wanted[n] for n in map(key, report.organ_names) if n in wanted}
        if len(named) == 1:
            owners[at] = named.pop()
    return owners


def _short_of(units: Sequence[str], reports: Sequence[AnnualReport]) -> dict[int, str]:
    """By a name without its beginning or its remark, on either side; where two units fit,
    neither."""
    whole: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    for unit in units:
        whole.setdefault(bare(unit), set()).add(unit)
        for name in shortened(bare(unit)):
            short.setdefault(name, set()).add(unit)
    owners: dict[int, str] = {}
    for at, report in enumerate(reports):
        if not report.organ:
            continue
        name = bare(report.organ)
        fitting = set(short.get(name, ()))
        for one in (name, *shortened(name)):
            fitting |= whole.get(one, set())
        if len(fitting) == 1:
            owners[at] = fitting.pop()
    named: dict[str, set[str]] = {}
    for at, unit in owners.items():
        named.setdefault(unit, set()).add(bare(reports[at].organ or ""))
    return {at: unit for at, unit in owners.items() if len(named[unit]) == 1}


def _index(names: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in names:
        for short in shortened(name):
            found.setdefault(short, set()).add(name)
    return found


def alike(names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of names that may be one organ's: one is the other without its beginning."""
    short = _index(names)
    return [(name, longer) for name in names for longer in sorted(short.get(key(name), ()))]


def perhaps(units: Sequence[str], organs: Sequence[str]) -> list[tuple[str, str]]:
    """Units and organs of which one may be the other's abbreviation (文旅局, 文化和旅游局): a
    question for whoever keeps the list, never an answer."""
    return [
        (unit, organ)
        for unit in units[:_ASKED]
        for organ in organs[:_ASKED]
        if _abbreviates(bare(unit), bare(organ)) or _abbreviates(bare(organ), bare(unit))
    ]


def _abbreviates(short: str, long: str) -> bool:
    """Whether all characters of one name stand in the other in this order, from the first one
    behind its area on."""
    if len(short) >= len(long) or not _in_order(short, long):
        return False
    own = [name for name in (short, *shortened(short)) if len(name) > 2]
    if not own:
        return False
    local = own[-1]
    whole = (long, *shortened(long))
    return any(one[0] == local[0] and _in_order(local, one) for one in whole)


def _in_order(short: str, long: str) -> bool:
    rest = iter(long)
    return all(ch in rest for ch in short)
